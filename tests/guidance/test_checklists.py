"""The checklists have the items that their publishers number, every answer but Yes is explained, and answers follow the plan."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from studygen.errors import DefinitionError
from studygen.guidance.answering import Answered, answered, answers
from studygen.guidance.checklist import Item, load_checklist
from studygen.guidance.predicates import PREDICATES
from studygen.guidance.serving import judged
from studygen.guidance.shelf import CHECKLISTS, Checklists
from studygen.guidance.suitability import Asked, Found, found, load_suitability
from studygen.network.loading import load_network
from studygen.network.network import Fact
from studygen.study.governance import Approval, Availability
from studygen.study.loading import load_study
from studygen.study.study import Study

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "templates" / "guidance" / "checklists"
STUDIES = ("cladribine-s1p-pass", "natalizumab-fingolimod-paes", "covid19-mortality-ms")

# fmt: off
ENCEPP = [
    "1.1.1", "1.1.2", "1.1.3", "1.1.4", "1.1.5", "1.1.6", "2.1.1", "2.1.2", "2.1.3", "2.1.4", "2.1.5", "3.1", "3.2", "3.3", "3.4",
    "3.5", "4.1", "4.2.1", "4.2.2", "4.2.3", "4.2.4", "4.2.5", "4.3", "5.1", "5.2", "5.3", "5.4", "5.5", "5.6", "6.1", "6.2",
    "6.3", "6.4", "7.1", "7.2", "7.3", "8.1", "9.1.1", "9.1.2", "9.1.3", "9.2.1", "9.2.2", "9.2.3", "9.3.1", "9.3.2", "9.3.3",
    "9.4", "10.1", "10.2", "10.3", "10.4", "10.5", "10.6", "10.7", "10.8", "11.1", "11.2", "11.3", "12.1.1", "12.1.2", "12.1.3",
    "12.2", "13.1", "13.2", "13.3", "14.1", "15.1", "15.2",
]
"""The lines of the form that have boxes, in its order."""
ENCEPP_TITLES = [
    "Milestones", "Research question", "Study design", "Source and study populations", "Exposure definition and measurement",
    "Outcome definition and measurement", "Bias", "Effect measure modification", "Data sources", "Analysis plan",
    "Data management and quality control", "Limitations", "Ethical/data protection issues", "Amendments and deviations",
    "Plans for communication of study results",
]
STROBE = [
    "1a", "1b", "2", "3", "4", "5", "6a", "6b", "7", "8", "9", "10", "11", "12a", "12b", "12c", "12d", "12e", "13a", "13b", "13c",
    "14a", "14b", "14c", "15", "16a", "16b", "16c", "17", "18", "19", "20", "21", "22",
]
RECORD = ["1.1", "1.2", "1.3", "6.1", "6.2", "6.3", "7.1", "12.1", "12.2", "12.3", "13.1", "19.1", "22.1"]
RECORD_PE = [
    "4.a", "4.b", "6.1.a", "7.1.a", "7.1.b", "7.1.c", "7.1.d", "7.1.e", "7.1.f", "7.1.g", "8.a", "12.1.a", "12.1.b", "19.1.a",
    "20.a",
]
TARGET = [
    "1a", "1b", "1c", "2", "3", "4", "5", "6a", "6b", "6c", "6d", "6e", "6f", "6g", "6h", "7a", "7b", "7c", "7d", "7e", "7f",
    "7g(i)", "7g(ii)", "7h(i)", "7h(ii)", "8", "9", "10", "11", "12", "13", "14", "15", "16", "17", "18", "19", "20", "21",
]
HARPER = [
    "1", "2", "3", "4", "5", "6", "7.1", "7.2", "7.3.1", "7.3.2", "7.3.3", "7.4.1", "7.4.2", "7.4.3", "7.4.4", "7.5.1 (T10)",
    "7.5.1 (T11)", "7.6.1", "7.7", "7.8", "7.9", "8", "9", "10", "11", "12",
]
# fmt: on


@pytest.fixture(scope="module")
def studies() -> dict[str, Study]:
    registries = load_network(ROOT / "protocols" / "network").registries
    named: dict[str, Study] = {}
    for name in STUDIES:
        folder = ROOT / "protocols" / name
        known = load_network(ROOT / "protocols" / "network", folder / "sources").registries
        international = [each.id for each in known if each.scope == "international"]
        named[name] = load_study(folder, [each.id for each in known], international)
    assert registries
    return named


@pytest.fixture(scope="module")
def checklists() -> Checklists:
    return Checklists(lambda name: FOLDER / f"{name}.yaml")


@pytest.mark.parametrize(
    ("name", "numbers"),
    [
        ("encepp", ENCEPP),
        ("strobe", STROBE),
        ("record", RECORD),
        ("record-pe", RECORD_PE),
        ("target", TARGET),
        ("harper", HARPER),
    ],
)
def test_a_checklist_has_the_items_of_its_publishers_in_their_order(
    name: str, numbers: list[str], checklists: Checklists
) -> None:
    assert [each.id for each in checklists[name].items] == numbers


def test_the_numbers_of_lines_are_those_counted_in_the_sources(checklists: Checklists) -> None:
    counts = {name: len(checklists[name].items) for name in CHECKLISTS}
    assert counts == {"encepp": 68, "harper": 26, "strobe": 34, "record": 13, "record-pe": 15, "target": 39}
    whole = {each.id.rstrip("abcdefgh") for each in checklists["strobe"].items}
    assert len(whole) == 22


def test_the_encepp_form_has_its_fifteen_sections_and_the_lines_without_a_box(checklists: Checklists) -> None:
    form = checklists["encepp"]
    assert [part.title for part in form.parts] == ENCEPP_TITLES
    assert [len([each for each in part.items if each.asks]) for part in form.parts] == [
        6,
        5,
        5,
        7,
        6,
        4,
        3,
        1,
        10,
        8,
        3,
        4,
        3,
        1,
        2,
    ]
    silent = [each.id for part in form.parts for each in part.items if not each.asks]
    assert silent == ["1.1", "2.1", "4.2", "9.1", "9.2", "9.3", "12.1"]
    assert [each.id for each in form.items if each.footnote] == ["1.1.1", "1.1.2"]


def test_every_condition_says_what_it_looks_at() -> None:
    assert [name for name, each in PREDICATES.items() if not (each.__doc__ or "").strip().endswith(".")] == []


def test_every_condition_is_asked_by_a_checklist_or_a_document(checklists: Checklists) -> None:
    named = {
        condition.removeprefix("not ") for each in checklists.values() for item in each.items for _, condition in item.conditions
    }
    named |= {each.applies for each in checklists.values() if each.applies}
    files = (ROOT / "templates").glob("*/document.yaml")
    named |= {line.split()[-1] for path in files for line in path.read_text("utf-8").splitlines() if line.startswith("when:")}
    assert sorted(set(PREDICATES) - named) == []


@pytest.mark.parametrize("study", STUDIES)
def test_a_yes_has_its_places_and_everything_else_its_reason(
    study: str, studies: dict[str, Study], checklists: Checklists
) -> None:
    for checklist in checklists.values():
        for each in answered(studies[study], checklist):
            if each.answer == "yes":
                assert each.sections or each.displays, each.item.id
            else:
                assert not each.sections
                assert each.comment.endswith("."), each.item.id


EXPECTED = {
    "cladribine-s1p-pass": {
        "1.1.3": "not_applicable",  # no progress report among the milestones
        "1.1.4": "yes",  # two interim reports
        "1.1.5": "yes",  # registration is a milestone
        "2.1.4": "yes",
        "3.3": "yes",
        "3.4": "yes",
        "5.3": "yes",  # effect windows of 730 and 60 days
        "5.6": "yes",
        "9.4": "yes",  # national registers
        "10.4": "yes",  # rates by sex and age
        "10.5": "yes",
        "10.8": "yes",
        "13.2": "no",  # every approval is pending
    },
    "natalizumab-fingolimod-paes": {
        "1.1.4": "not_applicable",
        "1.1.5": "no",  # not registered, and no milestone for it
        "3.3": "not_applicable",  # ratios only
        "4.2.2": "yes",  # adults
        "5.2": "no",  # as in the source publications
        "6.3": "no",  # not stated in the abstracts
        "8.1": "no",
        "9.3.1": "yes",  # ATC
        "9.3.2": "no",  # relapses have no code
        "9.4": "not_applicable",  # nothing is linked
        "10.4": "no",
        "10.8": "yes",  # other ways of combining
        "11.3": "yes",
        "13.2": "not_applicable",  # review of the source publications
    },
    "covid19-mortality-ms": {
        "2.1.4": "not_applicable",  # descriptive
        "2.1.5": "yes",
        "3.3": "yes",
        "3.4": "not_applicable",
        "5.4": "not_applicable",  # the group is defined by two diseases
        "5.6": "not_applicable",  # one group
        "10.5": "not_applicable",
        "10.8": "yes",  # other ways of combining and each source left out
        "11.3": "yes",  # pooling is repeated independently
    },
}
"""Read from the definitions by hand."""


@pytest.mark.parametrize("study", STUDIES)
def test_the_form_says_of_the_examples_what_a_reader_finds_in_them(
    study: str, studies: dict[str, Study], checklists: Checklists
) -> None:
    given = {each.item.id: each.answer for each in answered(studies[study], checklists["encepp"])}
    assert {item: given[item] for item in EXPECTED[study]} == EXPECTED[study]


REPORTED = {
    ("natalizumab-fingolimod-paes", "strobe"): {"12d": "no", "12e": "yes", "14c": "yes", "15": "no"},
    ("natalizumab-fingolimod-paes", "record"): {"6.2": "no", "7.1": "no"},
    ("natalizumab-fingolimod-paes", "target"): {"7h(ii)": "yes", "12": "no"},
    ("covid19-mortality-ms", "strobe"): {"12d": "no", "12e": "yes", "14c": "no", "15": "yes"},
    ("covid19-mortality-ms", "record"): {"6.2": "no", "7.1": "no"},
    ("covid19-mortality-ms", "record-pe"): {"12.1.b": "yes"},
}
"""Read from the published sources: the abstracts on natalizumab give no numbers of events, the table on COVID-19 no follow-up."""


@pytest.mark.parametrize(("study", "name"), REPORTED)
def test_a_report_on_published_results_answers_for_what_they_hold(
    study: str, name: str, studies: dict[str, Study], checklists: Checklists
) -> None:
    given = {each.item.id: each.answer for each in answered(studies[study], checklists[name])}
    expected = REPORTED[study, name]
    assert {item: given[item] for item in expected} == expected


def test_characteristics_are_told_by_their_table_or_by_the_text(studies: dict[str, Study], checklists: Checklists) -> None:
    item = next(each for each in checklists["strobe"].items if each.id == "14a")
    told, untold = studies["covid19-mortality-ms"], studies["natalizumab-fingolimod-paes"]
    assert [each.answer for each in answers(told, [item], [])] == ["yes"]
    assert [each.answer for each in answers(untold, [item], [])] == ["no"]
    assert answers(untold, [item], ["tbl-baseline"])[0].displays == ("tbl-baseline",)


def test_an_item_that_only_displays_answer_is_no_while_the_document_has_none(studies: dict[str, Study]) -> None:
    item = Item(id="13c", label="Flow diagram", displays=("fig-flow-*",), no="There is none.")
    study = studies["covid19-mortality-ms"]
    assert answers(study, [item], ["fig-flow-a", "fig-forest"]) == (Answered(item, "yes", (), ("fig-flow-a",)),)
    assert answers(study, [item], ["fig-forest"]) == (Answered(item, "no", comment="There is none."),)


@pytest.mark.parametrize(
    ("item", "said"),
    [
        (
            "{id: '1', label: A, sections: [sec-a], holds: comparativ, no: Not.}",
            ['"comparativ" is not a condition', '"comparative"'],
        ),
        ("{id: '1', label: A, sections: [sec-a], holds: comparative}", ["can be No without a comment"]),
        ("{id: '1', label: A, sections: [sec-a], no: Not.}", ["is never No"]),
        ("{id: '1', label: A, sections: [sec-a], applies: comparative}", ["applies and not_applicable belong together"]),
        ("{id: '1', label: A}", ["is answered by no section"]),
        ("{id: '1', label: A, asks: false, sections: [sec-a]}", ["asks nothing"]),
    ],
)
def test_a_faulty_item_is_refused_with_its_line(item: str, said: list[str], tmp_path: Path) -> None:
    head = "title: T\nreference: R\nsource: S\nconfirmed: true\nwording: own\nabout: protocol\nparts:\n  - title: P\n    items:\n"
    (tmp_path / "list.yaml").write_text(f"{head}      - {item}\n", encoding="utf-8")
    with pytest.raises(DefinitionError) as caught:
        load_checklist(tmp_path / "list.yaml")
    message = str(caught.value)
    assert all(part in message for part in said), message
    assert caught.value.faults[0].place.line == 10


def test_what_a_registry_does_not_say_is_asked_and_not_made_up(studies: dict[str, Study]) -> None:
    study, network = studies["cladribine-s1p-pass"], load_network(ROOT / "protocols" / "network")
    checklist = load_suitability(FOLDER / "registries.yaml")
    denmark = next(each for each in study.participation if each.registry == "dk_dmsr")
    known = {each.item.label: each.content for part in checklist.groups for each in found(study, network, denmark, part)}
    assert len(known) == sum(len(part.items) for part in checklist.groups)
    assert "98.1%" in known["Coverage"].value  # type: ignore[union-attr]
    assert known["Decision on this study"] == denmark.reason
    profile = network.registry("dk_dmsr")
    for label, field in (("Training", "training"), ("Audits", "audit")):
        fact = getattr(profile, field)
        assert (known[label] is None) == (fact is None or not fact.value)


def test_what_is_stated_and_not_confirmed_is_not_counted_as_known() -> None:
    item = Asked(label="Recording of adverse events")

    def fact(status: str) -> Fact:
        return Fact(value="By the centre", source="A publication", as_of="2024", status=status)  # type: ignore[arg-type]

    held = Availability(variable="death", state="available")
    open_one = Availability(variable="pml", state="unconfirmed")
    standings: dict[str, list[Any]] = {
        "known": [fact("published"), fact("confirmed"), "A text of the protocol", Approval(status="approved"), (held,)],
        "unconfirmed": [fact("unconfirmed"), Approval(status="pending"), (held, open_one)],
        "asked": [None],
    }
    for standing, contents in standings.items():
        assert [Found(item, content).standing for content in contents] == [standing] * len(contents)


def test_a_registry_serves_an_objective_as_far_as_it_holds_its_variables(studies: dict[str, Study]) -> None:
    study = studies["cladribine-s1p-pass"]
    objective = study.objectives[0]
    taking = study.participation[0]

    def given(outcome: str, covariates: str) -> str | None:
        states = {**dict.fromkeys(objective.outcomes, outcome), **{each.id: covariates for each in study.covariates}}
        variables = tuple(Availability(variable=id, state=state) for id, state in states.items())  # type: ignore[arg-type]
        return judged(study, taking.model_copy(update={"variables": variables}), objective)

    assert given("available", "available") == "can"
    assert given("available", "partial") == "can"
    assert given("available", "unconfirmed") == "covariates_open"
    assert given("available", "not_collected") == "in_part"
    assert given("partial", "available") == "in_part"
    assert given("not_collected", "available") == "cannot"
    assert given("unconfirmed", "available") == "open"
    other = taking.model_copy(update={"objectives": (study.objectives[1].id,)})
    assert judged(study, other, objective) is None
