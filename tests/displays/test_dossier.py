"""The tables of a dossier: every fact has a place and a name, every shortcoming a sentence, every piece of the context of use its
row."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from studygen.displays.dossier.catalogue import DISPLAYS, fill
from studygen.displays.dossier.citing import cites_work, sourced
from studygen.displays.dossier.context import ELEMENTS
from studygen.displays.dossier.facts import NETWORK_GROUPS
from studygen.displays.dossier.frame import DossierFrame
from studygen.displays.dossier.readiness import COUNTED
from studygen.displays.dossier.shortcomings import shortcomings
from studygen.displays.fact_dates import day_of
from studygen.displays.formats import inside
from studygen.displays.texts import DisplayTexts
from studygen.document.nodes import Citation, Paragraph, Row, Slot, Table, Text, walk
from studygen.errors import TemplateError
from studygen.network.network import SUITABILITY, Fact, NetworkProfile, RegistryProfile, fact_fields
from studygen.pipeline.qualifying import load_dossier
from studygen.qualification.context import ContextOfUse, Minimum
from studygen.qualification.dossier import Dossier
from studygen.qualification.indicators import QualityFigure
from studygen.qualification.qualification import Qualification

ROOT = Path(__file__).resolve().parents[2]


@cache
def frame() -> DossierFrame:
    loaded = load_dossier(ROOT / "protocols" / "bmsd-qualification")
    texts = DisplayTexts.load((ROOT / "templates",))
    return DossierFrame(loaded.dossier, loaded.studies, texts, lambda text: (Paragraph((Text(str(text)),)),))


def changed(**parts: object) -> DossierFrame:
    """The frame of a dossier whose definition has other parts."""
    definition = frame().definition.model_copy(update=parts)
    return replace(frame(), dossier=replace(frame().dossier, definition=definition))


def filled(display: str, world: DossierFrame | None = None, **options: str) -> Table:
    made = fill(world or frame(), Slot("table", f"tbl-{display}", display, tuple(options.items())))
    assert isinstance(made, Table)
    return made


def said(node: object) -> str:
    return " ".join(each.text for each in walk(node) if isinstance(each, Text))


def row_of(table: Table, label: str) -> Row:
    return next(row for row in table.body if said(row.cells[0]) == label)


def test_every_fact_stands_in_one_group_and_has_a_name() -> None:
    texts = frame().texts
    grouped = [field for fields in NETWORK_GROUPS.values() for field in fields]
    assert sorted(grouped) == sorted(fact_fields(NetworkProfile))
    in_checklist = [field for fields in SUITABILITY.values() for field in fields]
    assert sorted(in_checklist) == sorted(fact_fields(RegistryProfile))
    assert all(texts.word("network_fact", field) for field in grouped)
    assert all(texts.word("registry_fact", field) for field in in_checklist)


def test_every_document_of_the_dossier_has_a_name() -> None:
    assert all(frame().texts.word("dossier_document", name) for name in type(frame().definition.documents).model_fields)


def test_the_context_of_use_is_a_row_for_each_element_in_the_order_of_the_guidance() -> None:
    assert set(ELEMENTS) == set(ContextOfUse.model_fields) - {"statement"}
    table = filled("context-of-use")
    wording = frame().texts.of("context-of-use")
    assert [said(row.cells[0]) for row in table.body] == [wording.row(name) for name in ELEMENTS]


def test_an_element_of_the_context_that_is_missing_says_so() -> None:
    use = frame().definition.context_of_use.model_copy(update={"setting": None})
    assert said(row_of(filled("context-of-use", changed(context_of_use=use)), "Setting").cells[1]) == "Not stated yet."


def test_a_registry_binds_to_the_minimum_of_its_own_condition() -> None:
    """The least is that of the condition where it has its own, and that of the indicator elsewhere."""
    use = frame().definition.context_of_use
    condition = next(each for each in use.conditions if each.id == "treatment_dates")
    stricter = condition.model_copy(update={"minimum": (Minimum(indicator="dmt_start", value=97.5),)})
    world = changed(context_of_use=use.model_copy(update={"conditions": (stricter,)}))
    least = said(filled("conditions", world).body[0].cells[2])
    assert "Treatments with a date of start: at least 97.5%" in least
    assert "Ended treatments with date and reason: at least 75%" in least


@pytest.mark.parametrize(("partial", "printed"), [("2017", "2017"), ("2024-01", "January 2024"), ("2017-07-07", "7 July 2017")])
def test_partial_dates_read_as_far_as_they_are_known(partial: str, printed: str) -> None:
    assert day_of(frame(), partial) == printed


# ---------------------------------------------------------------- facts


def with_fact(field: str, fact: Fact) -> DossierFrame:
    """The frame with another fact about the Danish registry."""
    network = frame().dossier.network
    registries = tuple(each.model_copy(update={field: fact}) if each.id == "dk_dmsr" else each for each in network.registries)
    read = replace(frame().dossier.read_network, network=network.model_copy(update={"registries": registries}))
    return replace(frame(), dossier=replace(frame().dossier, read_network=read))


@pytest.mark.parametrize(
    ("fact", "expected"),
    [
        (
            Fact(value="Yes", source="A letter", as_of="2026-03", status="confirmed"),
            ["Yes", "A letter; March 2026; confirmed by the data source"],
        ),
        (
            Fact(value="Yes", source="A paper", as_of="2026-03", status="unconfirmed"),
            ["Yes (unconfirmed)", "A paper; March 2026"],
        ),
        (Fact(value="Yes", source="A page", looked_up="2026-03-01", status="published"), ["Yes", "A page; read on 1 March 2026"]),
        (
            Fact(value="Yes", source="A page", looked_up="2024", status="published"),
            ["Yes (older than 12 months)", "read in 2024"],
        ),
        (Fact(source="Asked", looked_up="2026-03", status="unknown"), ["Not yet known.", "Asked; looked for in March 2026"]),
        (
            Fact(value="Yes", source="A paper", as_of="2025-11-23", status="published"),
            ["Yes (older than 12 months)", "23 November 2025"],
        ),
        (Fact(value="Yes", source="A paper", as_of="2020", status="unconfirmed"), ["Yes (unconfirmed and older than 12 months)"]),
        (Fact(status="unknown"), ["Not yet known.", "No source; not known to the coordination centre"]),
    ],
)
def test_a_fact_is_printed_with_its_mark_source_and_date(fact: Fact, expected: list[str]) -> None:
    table = filled("registry-facts", with_fact("vital_status", fact), registry="dk_dmsr", group="data_elements")
    row = next(each for each in table.body if "Vital status" in said(each.cells[0]))
    printed = " ".join(said(row).split())
    assert all(part in printed for part in expected)


def test_a_fact_of_exactly_twelve_months_is_not_stale() -> None:
    fact = Fact(value="Yes", source="A paper", as_of="2025-11-24", status="published")
    table = filled("registry-facts", with_fact("vital_status", fact), registry="dk_dmsr", group="data_elements")
    assert "older" not in said(next(each for each in table.body if "Vital status" in said(each.cells[0])))


def test_a_start_does_not_grow_old() -> None:
    fact = Fact(value="1956", source="A paper", as_of="2021", status="published")
    table = filled("registry-facts", with_fact("start", fact), registry="dk_dmsr", group="administrative")
    assert "older" not in said(row_of(table, "Start"))


def test_the_checklist_answers_every_item_and_leads_to_its_section() -> None:
    table = filled("suitability", registry="it_rism")
    items = [row for row in table.body if row.kind == "body"]
    assert len(items) == sum(len(fields) for fields in SUITABILITY.values())
    facts = [frame().dossier.fact("it_rism", field) for fields in SUITABILITY.values() for field in fields]
    expected = {"published": "yes", "unconfirmed": "not confirmed", "unknown": "not yet known"}
    assert [said(row.cells[1]) for row in items] == [expected[fact.status] for fact in facts]


def test_the_counts_of_the_checklist_keep_known_unconfirmed_and_unknown_apart() -> None:
    """ReMuS: of nine items on governance, consent and legal basis are believed, the small-cell rule is proposed."""
    assert said(row_of(filled("suitability-counts"), "Governance and legal basis").cells[1]) == "0 · 3 · 6"


def test_a_source_in_the_list_of_references_is_cited_by_its_doi() -> None:
    world = replace(frame(), works={"10.1002/brb3.1921": "magyari-2021"})
    parts = sourced(world, "Magyari 2021, doi:10.1002/brb3.1921; dmsr.dk; Spelman 2021, doi:10.1001/jamaneurol.2021.2738")
    assert parts == (
        Text("Magyari 2021 "),
        Citation(("magyari-2021",)),
        Text("; dmsr.dk; Spelman 2021, doi:10.1001/jamaneurol.2021.2738"),
    )
    assert cites_work(world, "x, doi:10.1002/BRB3.1921 (abstract)")
    assert not cites_work(frame(), "x, doi:10.1002/brb3.1921")


@pytest.mark.parametrize(
    ("label", "printed"), [("Date of onset", "date of onset"), ("MedDRA version", "MedDRA version"), ("EDSS", "EDSS")]
)
def test_a_label_inside_a_sentence_keeps_the_capital_of_a_name(label: str, printed: str) -> None:
    assert inside(label) == printed


def test_registries_of_which_nothing_is_known_share_a_row_on_adverse_events() -> None:
    rows = [said(row.cells[0]) for row in filled("adverse-events").body]
    assert rows == ["ReMuS, DMSR, OFSEP, SMSreg and MSBase", "RISM"]


# ---------------------------------------------------------------- what is missing


def without_position(definition: Qualification) -> dict[str, object]:
    first, *rest = definition.questions
    return {"questions": (first.model_copy(update={"position": None}), *rest)}


def without_evidence(definition: Qualification) -> dict[str, object]:
    first, *rest = definition.claims
    return {"claims": (first.model_copy(update={"evidence": ()}), *rest)}


def without_date(definition: Qualification) -> dict[str, object]:
    first, *rest = definition.gaps
    return {"gaps": (first.model_copy(update={"due": None}), *rest)}


def without_report(definition: Qualification) -> dict[str, object]:
    return {"documents": definition.documents.model_copy(update={"quality_report": None})}


@pytest.mark.parametrize(
    ("change", "document", "sentence"),
    [
        (without_position, "Briefing document", "Questions without the applicant’s position: Q1."),
        (without_evidence, "Briefing document", "Claims without evidence: C1."),
        (without_date, "Gap and improvement table", "Gaps without a date: mappings."),
        (without_report, "Quality report", "The document is not made yet."),
    ],
)
def test_the_readiness_page_says_what_an_assessor_would_miss(
    change: Callable[[Qualification], dict[str, object]], document: str, sentence: str
) -> None:
    assert sentence not in said(row_of(filled("readiness-documents"), document))
    spoilt = changed(**change(frame().definition))
    assert sentence in said(row_of(filled("readiness-documents", spoilt), document))


def test_an_indicator_below_its_minimum_without_an_action_is_missed() -> None:
    bad = QualityFigure("it_rism", "edss_recorded", 2025, 40.0, "reported", frame().dossier.positions.place(), 40, 100)
    world = replace(frame(), dossier=replace(frame().dossier, figures=(bad,)))
    row = said(row_of(filled("readiness-documents", world), "Quality report"))
    assert "RISM. Indicators that do not meet the minimum, without action, owner and date: disability at visits." in row


def test_the_registries_are_counted_by_the_number_of_their_items() -> None:
    dossier: Dossier = frame().dossier
    unknown = sum(fact.status == "unknown" for fact in dossier.network.registry("fr_ofsep").every_fact.values())
    row = row_of(filled("readiness-registries"), "OFSEP")
    assert said(row.cells[1 + COUNTED.index("fact_unknown")]) == str(unknown)


def test_every_shortcoming_that_is_found_has_its_words() -> None:
    texts = frame().texts.of("readiness")
    for each in shortcomings(frame().dossier):
        assert texts.say(f"kinds.{each.kind}", names="x", count="1")
        if each.registry:
            assert texts.say(f"labels.{each.kind}")


# ---------------------------------------------------------------- projects and the data model


def test_a_project_shows_every_registry_with_its_decision_signature_and_reason() -> None:
    table = filled("decisions", project="pregnancy-exposure-cohort")
    assert len(table.body) == len(frame().definition.registries)
    withdrew = said(row_of(table, "ReMuS"))
    assert "Withdrew" in withdrew
    assert "2 November 2026" in withdrew
    limited = said(row_of(table, "RISM"))
    assert "Takes part with limits" in limited
    assert "No comparison of anomalies" in limited
    assert "anomalies are not coded by EUROCAT in all centres" in limited


def test_an_objective_names_the_registries_that_accepted_it() -> None:
    objectives = filled("project-objectives", project="pregnancy-exposure-cohort")
    project = next(each for each in frame().dossier.projects if each.id == "pregnancy-exposure-cohort")
    for number, objective in enumerate(project.proposal.objectives):
        takers = {
            frame().short_name(each.registry)
            for each in project.decisions
            if each.decision in ("accepted", "accepted_with_limits") and (not each.objectives or objective.id in each.objectives)
        }
        cell = said(objectives.body[number].cells[2])
        assert {name for name in takers if name in cell} == takers
        assert "ReMuS" not in cell  # it withdrew


def test_the_matrix_names_each_variable_whose_fidelity_is_known_and_counts_the_others() -> None:
    table = filled("mapping-matrix")
    model = frame().dossier.data_model
    rated = {each.variable for mapping in model.mappings for each in mapping.variables if each.fidelity != "unconfirmed"}
    *named, rest = [row for row in table.body if row.kind == "body"]
    assert len(named) == len(rated)
    assert said(rest.cells[0]) == f"The other {len(list(model.core.variables())) - len(rated)} variables"
    assert {len(row.cells) for row in table.body if row.kind == "body"} == {1 + len(frame().definition.registries)}


def test_a_mapping_names_every_core_variable() -> None:
    text = said(filled("mapping", registry="cz_remus"))
    for each in frame().dossier.data_model.core.tables:
        labels = [variable.label for variable in each.variables]
        assert f"{each.label}: all variables" in text or [x for x in labels if x not in text and inside(x) not in text] == []


def test_a_difference_that_concerns_every_registry_is_said_once() -> None:
    common = frame().dossier.data_model.core.common
    assert [said(row.cells[0]) for row in filled("common-deviations").body][1:2] == ["EDSS (visit)"]
    mappings = " ".join(said(filled("mapping", registry=id)) for id in frame().definition.registries)
    assert [each.deviation for each in common if each.deviation in mappings] == []


def test_the_log_says_of_every_registry_what_it_adopted() -> None:
    table = filled("adoption")
    assert [said(row.cells[0]) for row in table.body] == [frame().short_name(id) for id in frame().definition.registries]
    assert "No date of adoption is known." in " ".join(
        text.text for note in table.notes for text in note if isinstance(text, Text)
    )


def test_a_slot_with_a_wrong_option_is_told_what_is_known() -> None:
    with pytest.raises(TemplateError, match="dk_dmsr"):
        filled("mapping", registry="dk_dms")


def test_every_display_has_a_caption_or_is_a_plain_table() -> None:
    plain = {"applicant", "procedure", "project-proposal", "screening", "decision-form"}
    first = {
        "registry": "dk_dmsr",
        "project": "cladribine-s1p-safety",
        "owner": "network",
        "question": "context_of_use",
        "exemplar": "relapse_rate",
        "table": "visit",
        "indicator": "dmt_stop",
    }
    for name, display in DISPLAYS.items():
        options = {option: first.get(option, "") for option in display.options}
        if "group" in options:
            options["group"] = "safety"
        if name in ("quality-heat-map", "item-heat-map", "quality-trend"):
            continue  # figures: tests/displays/test_heat_map.py
        table = filled(name, **options)
        assert bool(table.caption) != (name in plain), name
        assert all(row.cells[0].header for row in table.body), name


# ---------------------------------------------------------------- what an assessor must not misread


def test_an_outcome_of_a_later_request_stands_apart_in_the_context_of_use() -> None:
    row = said(row_of(filled("context-of-use"), "Outcomes"))
    now, _, later = row.partition("For a later request:")
    assert "malignancy" in now
    assert "relapses" not in now
    assert "relapses and confirmed disability worsening." in later


def test_a_median_has_neither_numerator_nor_denominator() -> None:
    row = next(row for row in filled("indicators").body if "Days from visit to entry" in said(row))
    assert "Median of the days over all visits of the year" in said(row)
    assert " / " not in said(row)


def test_the_evidence_of_a_claim_stands_in_the_order_of_its_numbers() -> None:
    for row in filled("claims").body:
        numbers = [int(found) for found in re.findall(r"\bE(\d+)\b", said(row.cells[2]))]
        assert numbers == sorted(numbers)


def test_simulated_figures_are_called_so_once_and_before_the_first_of_them() -> None:
    row = next(row for row in filled("evidence").body if "Share of persons recorded twice." in said(row))
    assert said(row.cells[2]).lower().count("simulated") == 1
    assert said(row.cells[2]).index("Simulated figures of 2025:") < said(row.cells[2]).index("ReMuS")


def test_invented_projects_are_marked_and_no_registry_owes_a_decision_on_them() -> None:
    register = filled("project-register")
    assert [said(row.cells[0]).split(" ", 1) for row in register.body] == [
        [f"BMSD-PRJ-0{number}", "Invented example"] for number in (1, 2, 3)
    ]
    assert not [each for each in shortcomings(frame().dossier) if each.kind == "decision_pending"]
    read = frame().dossier.read_projects
    real = tuple(replace(each, project=each.project.model_copy(update={"illustrative": None})) for each in read)
    pending = [each for each in shortcomings(replace(frame().dossier, read_projects=real)) if each.kind == "decision_pending"]
    assert "BMSD-PRJ-01" in {id for each in pending for id in each.ids}


def test_that_all_documents_are_drafts_is_said_once() -> None:
    table = filled("readiness-documents")
    assert said(table.notes[0]) == "All documents are drafts."
    assert not [row for row in table.body if "draft" in said(row)]


def test_the_last_row_of_the_registries_counts_all_of_them() -> None:
    *registries, total = filled("readiness-registries").body
    for column in range(1, 1 + len(COUNTED)):
        assert int(said(total.cells[column])) == sum(int(said(row.cells[column])) for row in registries)


def test_a_gap_that_is_accepted_has_no_date_to_be_missed() -> None:
    row = next(row for row in filled("gaps", owner="msbase").body if "no central linkage" in said(row))
    assert "no date yet" not in said(row)


def test_missing_variables_stand_under_their_table() -> None:
    """The first two required variables of the core data model are sex and date of birth of the patient."""
    row = next(row for row in filled("readiness-of", owner="cz_remus").body if "Required variables" in said(row.cells[0]))
    assert said(row.cells[1]).startswith("Patient: sex, date of birth, ")
    assert said(row.cells[1]).lower().count("patient: ") == 1
