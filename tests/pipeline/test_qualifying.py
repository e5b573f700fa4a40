"""A dossier becomes its documents: one for each registry and project, numbers from the studies' own results, marks on every page
that needs them."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from studygen.document.nodes import Document, Link, Row, Table, Value, walk
from studygen.document.traces import row_anchors, value_anchor
from studygen.errors import DefinitionError, Place
from studygen.pipeline.building import build
from studygen.pipeline.checking import check
from studygen.pipeline.composing import compose
from studygen.pipeline.explaining import explain
from studygen.pipeline.loading import load
from studygen.pipeline.qualifying import LoadedDossier, compose_dossier, load_dossier, wanted_documents
from studygen.qualification.indicators import QualityFigure

PROTOCOLS = Path(__file__).resolve().parents[2] / "protocols"
EXAMPLE = PROTOCOLS / "bmsd-qualification"
PAES = "natalizumab-fingolimod-paes"


@cache
def loaded() -> LoadedDossier:
    return load_dossier(EXAMPLE)


@cache
def composed(name: str) -> Document:
    return compose_dossier(loaded(), wanted_documents(loaded(), [name]).values())[name]


def said(node: object) -> str:
    """Everything a reader sees below a node, but for the figures."""
    texts = [getattr(each, "text", "") for each in walk(node) if not isinstance(each, Table)]
    return " ".join(text for text in texts if isinstance(text, str))


def rows(document: Document, prefix: str) -> dict[str, Row]:
    found = (node for node in walk(document.body) if isinstance(node, Row) and node.id.startswith(prefix))
    return {node.id: node for node in found}


def targets(node: object) -> Iterator[str]:
    return (each.href[1:] for each in walk(node) if isinstance(each, Link) and each.href.startswith("#"))


# ---------------------------------------------------------------- which documents


def test_there_is_one_profile_for_each_registry_and_three_documents_for_each_project() -> None:
    names = list(wanted_documents(loaded()))
    dossier = loaded().dossier
    profiles = [f"registry-profile-{id.replace('_', '-')}" for id in dossier.definition.registries]
    papers = [f"project-{each.id}-{kind}" for each in dossier.projects for kind in ("proposal", "feasibility", "decisions")]
    assert [name for name in names if name.startswith("registry-profile")] == profiles
    assert sorted(name for name in names if name.startswith("project-") and name != "project-register") == sorted(papers)
    assert {"letter-of-intent", "briefing-document", "data-dictionary", "governance-annex", "gap-table"} <= set(names)


def test_a_type_stands_for_all_its_documents_and_a_wrong_name_is_told_the_nearest() -> None:
    assert len(wanted_documents(loaded(), ["registry-profile"])) == len(loaded().dossier.definition.registries)
    with pytest.raises(DefinitionError) as caught:
        wanted_documents(loaded(), ["registry-profile-dk"])
    assert "registry-profile-dk-dmsr" in caught.value.faults[0].remedy


def test_every_document_carries_the_version_that_the_definition_states() -> None:
    versions = loaded().dossier.definition.documents
    profile = wanted_documents(loaded())["registry-profile-se-smsreg"]
    assert profile.version.reference == f"{versions.registry_profiles.reference}-SE-SMSREG"  # type: ignore[union-attr]
    decisions = wanted_documents(loaded())["project-cladribine-s1p-safety-decisions"]
    assert decisions.version.reference == "BMSD-PRJ-01-DECISIONS"


# ---------------------------------------------------------------- numbers


def test_a_number_of_an_exemplar_study_is_the_one_in_its_own_report() -> None:
    study = load(PROTOCOLS / PAES)
    report = compose(study, ["report"], drawings=False)["report"]
    own = {node.text for node in walk(report.body) if isinstance(node, Value) and node.id == "arr_ratio.pooled"}
    shown = {
        node.text
        for node in walk(composed("briefing-document").body)
        if isinstance(node, Value) and node.id == f"{PAES}:arr_ratio.pooled"
    }
    assert shown
    assert shown <= own


def test_the_annex_traces_every_number_to_study_method_file_and_fingerprint() -> None:
    document = composed("briefing-document")
    numbers = {node.id for node in walk(document.body) if isinstance(node, Value)}
    explained = rows(document, "value-")
    assert {value_anchor(id) for id in numbers} <= row_anchors(document.body)
    row = explained[value_anchor(f"{PAES}:arr_ratio.dk_dmsr.estimate")]
    assert "0.93 (0.74–1.17)" in said(row)
    (file,) = [node.href.removeprefix("#") for node in walk(row) if isinstance(node, Link)]
    assert "deliveries/dk_dmsr/aggregates.csv" in said(rows(document, file)[file])
    delivered = PROTOCOLS / PAES / "deliveries/dk_dmsr/aggregates.csv"
    assert hashlib.sha256(delivered.read_bytes()).hexdigest() in said(document.body)


def test_explain_leads_from_an_address_to_the_delivered_lines() -> None:
    facts = explain(EXAMPLE, f"{PAES}:arr_ratio.dk_dmsr.estimate")
    assert facts["id"] == f"{PAES}:arr_ratio.dk_dmsr.estimate"
    (source,) = facts["sources"]  # type: ignore[misc]
    lines = (PROTOCOLS / PAES / source["file"]).read_text(encoding="utf-8").splitlines()
    assert all(lines[each["line"] - 1] == each["text"] for each in source["lines"])


def figure(registry: str, indicator: str, *, simulated: bool) -> QualityFigure:
    place = Place("deliveries/indicators.csv", 7)
    return QualityFigure(registry, indicator, 2025, 93.4, "reported", place, 934, 1000, simulated)


@pytest.mark.parametrize("simulated", [True, False])
def test_a_simulated_figure_marks_every_page_of_the_documents_that_show_it_and_no_other(simulated: bool) -> None:
    with_figure = replace(
        loaded(), dossier=replace(loaded().dossier, figures=(figure("dk_dmsr", "dmt_start", simulated=simulated),))
    )
    wanted = wanted_documents(with_figure, ["briefing-document", "letter-of-intent"])
    documents = compose_dossier(with_figure, wanted.values())
    shown = [
        node for node in walk(documents["briefing-document"].body) if isinstance(node, Value) and node.id.startswith("quality:")
    ]
    assert {node.id: node.text for node in shown} == {"quality:dk_dmsr.dmt_start.2025": "93.4%"}
    marked = {name: any("simulated" in mark for mark in document.meta.marks) for name, document in documents.items()}
    assert marked == {"briefing-document": simulated, "letter-of-intent": False}
    assert value_anchor("quality:dk_dmsr.dmt_start.2025") in row_anchors(documents["briefing-document"].body)


# ---------------------------------------------------------------- claims and evidence


def test_every_claim_leads_to_its_evidence_and_every_piece_of_evidence_back() -> None:
    definition, document = loaded().dossier.definition, composed("briefing-document")
    claims, evidence = rows(document, "claim-"), rows(document, "evidence-")
    assert len(claims) == len(definition.claims)
    assert len(evidence) == len(definition.evidence)
    for claim in definition.claims:
        anchor = f"claim-{claim.id.replace('_', '-')}"
        wanted = {f"evidence-{id.replace('_', '-')}" for id in claim.evidence}
        assert set(targets(claims[anchor])) == wanted
        assert all(anchor in set(targets(evidence[each])) for each in wanted)


def test_no_link_inside_a_document_leads_nowhere() -> None:
    for name in ("briefing-document", "gap-table", "exemplar-studies"):
        document = composed(name)
        known = {getattr(node, "id", "") for node in walk(document.body)}
        assert set(targets(document.body)) <= known


# ---------------------------------------------------------------- facts


def test_facts_that_cannot_be_relied_on_are_marked_where_they_are_printed() -> None:
    document = composed("registry-profile-dk-dmsr")
    facts = loaded().dossier.network.registry("dk_dmsr").every_fact
    text = said(document.body)
    unconfirmed = [fact for fact in facts.values() if fact.status == "unconfirmed"]
    assert unconfirmed
    assert text.count("(unconfirmed)") >= len(unconfirmed)
    assert "(older than 12 months)" in text  # the size is that of January 2024
    assert "Not yet known." in text
    assert all(fact.value in text for fact in facts.values() if fact.value)


def test_a_seventh_registry_is_a_profile_a_mapping_and_a_line(tmp_path: Path) -> None:
    shutil.copytree(PROTOCOLS, tmp_path / "protocols")
    network = tmp_path / "protocols" / "network"
    profile = (network / "registries/dk_dmsr.yaml").read_text(encoding="utf-8")
    for old, new in (
        ("id: dk_dmsr", "id: no_test"),
        ("name: Danish Multiple Sclerosis Registry", "name: Norwegian test registry"),
        ("short_name: DMSR", "short_name: NORTEST"),
        ("countries: [DK]", "countries: [NO]"),
    ):
        assert old in profile
        profile = profile.replace(old, new)
    (network / "registries/no_test.yaml").write_text(profile, encoding="utf-8")
    mapping = (network / "data-model/mappings/dk_dmsr.yaml").read_text(encoding="utf-8")
    (network / "data-model/mappings/no_test.yaml").write_text(
        mapping.replace("registry: dk_dmsr", "registry: no_test"), encoding="utf-8"
    )
    definition = tmp_path / "protocols/bmsd-qualification/qualification.yaml"
    text = definition.read_text(encoding="utf-8")
    assert "se_smsreg, msbase]" in text
    definition.write_text(text.replace("se_smsreg, msbase]", "se_smsreg, msbase, no_test]", 1), encoding="utf-8")

    seven = load_dossier(definition.parent)
    wanted = wanted_documents(seven)
    assert "registry-profile-no-test" in wanted
    listing = ["briefing-document", "data-dictionary", "governance-annex", "registry-profile-no-test", "project-register"]
    documents = compose_dossier(seven, [wanted[name] for name in listing])
    assert [name for name, document in documents.items() if "NORTEST" not in said(document.body)] == []
    assert "Norway" in said(documents["briefing-document"].body)
    assert not check(definition.parent, ["Q"]).errors


# ---------------------------------------------------------------- building


def test_a_second_build_of_a_dossier_writes_nothing_and_a_changed_fact_only_what_shows_it(tmp_path: Path) -> None:
    shutil.copytree(PROTOCOLS, tmp_path / "protocols")
    dossier, output = tmp_path / "protocols" / "bmsd-qualification", tmp_path / "output"
    asked = ["letter-of-intent", "list-of-issues-answers", "registry-profile-dk-dmsr"]

    def written() -> list[str]:
        return sorted(each.document for each in build(dossier, output, asked, ["html"], workers=1).files if each.written)

    assert written() == sorted(asked)
    assert written() == []
    profile = tmp_path / "protocols/network/registries/dk_dmsr.yaml"
    text = profile.read_text(encoding="utf-8")
    assert "COMPOS, online at the visit" in text
    profile.write_text(text.replace("COMPOS, online at the visit", "COMPOS, at the visit"), encoding="utf-8")
    assert written() == ["registry-profile-dk-dmsr"]


def test_a_dossier_has_no_dry_run(tmp_path: Path) -> None:
    with pytest.raises(DefinitionError, match="no edition"):
        build(EXAMPLE, tmp_path, edition="dry_run")


def test_the_example_dossier_has_no_errors() -> None:
    report = check(EXAMPLE)
    assert report.errors == ()
    assert {"Q10", "Q11"} <= {each.rule for each in report.findings}


# ---------------------------------------------------------------- any dossier


def test_another_dossier_gives_every_document_and_answers_what_was_asked(tmp_path: Path) -> None:
    """The small dossier of the bad definitions: other registries, another study, one question received."""
    tests = Path(__file__).resolve().parents[1]
    shutil.copytree(tests / "bad_deliveries" / "_given", tmp_path / "given")
    shutil.copytree(tests / "bad_qualifications" / "_given", tmp_path / "given", dirs_exist_ok=True)
    definition = tmp_path / "given/small-dossier/qualification.yaml"
    names = ("letter_of_intent", "registry_profiles", "data_dictionary", "governance_annex", "exemplar_studies", "gap_table")
    versions = [
        f'  {name}: {{reference: TEST-DOC-{n:02d}, version: "1.0", date: 2025-06-30, status: final, author: coordinator}}\n'
        for n, name in enumerate((*names, "list_of_issues_answers", "project_register"))
    ]
    text = definition.read_text(encoding="utf-8")
    assert "\nregistries: [dk_dmsr, it_rism]" in text
    definition.write_text(text.replace("\nregistries: [", f"\n{''.join(versions)}registries: [", 1), encoding="utf-8")

    small = load_dossier(definition.parent)
    documents = compose_dossier(small, wanted_documents(small).values())
    assert "project-small-project-decisions" in documents
    answers = said(documents["list-of-issues-answers"].body)
    assert all(part in answers for part in ("Why?", "Because.", "15 June 2025", "E3", "[1]"))
    assert documents["letter-of-intent"].meta.marks == ()
    assert "Multiple Sclerosis Data" not in said(documents["governance-annex"].body)
