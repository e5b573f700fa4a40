"""The protocol has the headings of the EMA format, every section says something, and its sentences follow the definition."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from studygen.definition import NotApplicable, Prose
from studygen.document.manifest import load_manifest
from studygen.document.nodes import Document, Figure, Heading, Paragraph, Ref, Table, plain_text, walk
from studygen.network.network import Network
from studygen.study.study import Study

ROOT = Path(__file__).resolve().parents[2]

OFFICIAL_HEADINGS = [
    ("1", "Table of contents"),
    ("2", "List of abbreviations"),
    ("3", "Responsible parties"),
    ("4", "Abstract"),
    ("5", "Amendments and updates"),
    ("6", "Milestones"),
    ("7", "Rationale and background"),
    ("8", "Research question and objectives"),
    ("9", "Research methods"),
    ("9.1", "Study design"),
    ("9.2", "Setting"),
    ("9.3", "Variables"),
    ("9.4", "Data sources"),
    ("9.5", "Study size"),
    ("9.6", "Data management"),
    ("9.7", "Data analysis"),
    ("9.8", "Quality control"),
    ("9.9", "Limitations of the research methods"),
    ("9.10", "Other aspects"),
    ("10", "Protection of human subjects"),
    ("11", "Management and reporting of adverse events/adverse reactions"),
    ("12", "Plans for disseminating and communicating study results"),
    ("13", "References"),
    ("Annex 1", "List of stand-alone documents"),
    ("Annex 2", "ENCePP checklist for study protocols"),
    ("Annex 3", "Additional information"),
]
"""EMA/623947/2012, as in ../shared/regulatory.md 1.2 and checked in ../shared/regulatory-checked.md topic 4."""

ABSTRACT_ELEMENTS = [
    "Title",
    "Rationale and background",
    "Research question and objectives",
    "Study design",
    "Population",
    "Variables",
    "Data sources",
    "Study size",
    "Data analysis",
    "Milestones",
]
"""Implementing Regulation (EU) No 520/2012, Annex III(1), item 3."""

Composed = Callable[[str, str], Document]


def section_blocks(document: Document, number: str) -> list[Any]:
    """The blocks between a section's heading and the next heading of the same or a higher level."""
    blocks = list(document.body)
    start = next(at for at, block in enumerate(blocks) if isinstance(block, Heading) and block.number == number)
    level = blocks[start].level  # type: ignore[union-attr]
    inside = []
    for block in blocks[start + 1 :]:
        if isinstance(block, Heading) and block.level <= level:
            break
        inside.append(block)
    return inside


def test_the_manifest_lists_the_official_headings_in_order() -> None:
    manifest = load_manifest(ROOT / "templates" / "protocol" / "document.yaml")
    assert [(section.number, section.heading) for section in manifest.sections] == OFFICIAL_HEADINGS


def test_the_composed_protocol_keeps_the_official_headings_and_numbers(composed: Composed, study_name: str) -> None:
    document = composed(study_name, "protocol")
    official = dict(OFFICIAL_HEADINGS)
    found = [
        (block.number, plain_text(block.children))
        for block in document.body
        if isinstance(block, Heading) and block.number in official
    ]
    assert found == OFFICIAL_HEADINGS


def test_no_section_is_empty(composed: Composed, study_name: str) -> None:
    document = composed(study_name, "protocol")
    empty = [number for number, _ in OFFICIAL_HEADINGS if not section_blocks(document, number)]
    assert empty == []


def test_extra_headings_stand_only_below_the_official_ones(composed: Composed, study_name: str) -> None:
    document = composed(study_name, "protocol")
    official = [number for number, _ in OFFICIAL_HEADINGS]
    extra = [block.number for block in document.body if isinstance(block, Heading) and block.number not in official]
    assert all(any(number.startswith(f"{parent}.") for parent in official) for number in extra if number)


def test_the_abstract_has_its_ten_elements_and_stands_alone(composed: Composed, study_name: str) -> None:
    blocks = section_blocks(composed(study_name, "protocol"), "4")
    paragraphs = [plain_text(block.children) for block in blocks if isinstance(block, Paragraph)]
    assert [text for text in paragraphs if text in ABSTRACT_ELEMENTS] == ABSTRACT_ELEMENTS
    assert not [node for block in blocks for node in walk(block) if isinstance(node, Ref)]


@pytest.mark.parametrize("document_name", ["protocol", "sap"])
def test_every_numbered_table_and_figure_is_mentioned_before_it_appears(
    composed: Composed, study_name: str, document_name: str
) -> None:
    mentioned: set[str] = set()
    late = []
    for block in composed(study_name, document_name).body:
        if isinstance(block, (Table, Figure)) and block.number and block.id not in mentioned:
            late.append(block.id)
        mentioned |= {target for node in walk(block) if isinstance(node, Ref) for target in (node.target, *node.between)}
    assert late == []


def with_decisions(study: Study, *decisions: str) -> Study:
    """The study with its first registries, each with the decision given."""
    participation = tuple(
        each.model_copy(update={"decision": decision}) for each, decision in zip(study.participation, decisions, strict=False)
    )
    return study.model_copy(update={"participation": participation})


def test_nobody_has_decided_yet(said: Any, safety_study: tuple[Study, Network]) -> None:
    text = said("shared/participation.md.j2", *safety_study)
    assert "Six registries have been invited to take part:" in text
    assert "None has decided yet." in text


def test_a_single_invited_registry_is_one(said: Any, safety_study: tuple[Study, Network]) -> None:
    study, network = safety_study
    text = said("shared/participation.md.j2", with_decisions(study, "pending"), network)
    assert "One registry has been invited to take part:" in text
    assert "It has not decided yet." in text


def test_each_decision_has_its_sentence(said: Any, safety_study: tuple[Study, Network]) -> None:
    study, network = safety_study
    decisions = ("accepted", "accepted_with_limits", "declined", "pending", "withdrawn", "published_results")
    names = [network.registry(each.registry).short_name for each in study.participation]
    text = said("shared/participation.md.j2", with_decisions(study, *decisions), network)
    assert "Six registries were considered for this study:" in text
    assert f"{names[0]} takes part." in text
    assert f"{names[1]} takes part with limits." in text
    assert f"{names[2]} declined to take part." in text
    assert f"The decision of {names[3]} is pending." in text
    assert f"{names[4]} withdrew." in text
    assert f"For {names[5]}, published results are used." in text


def test_registries_that_take_part_agree_with_their_verb(said: Any, safety_study: tuple[Study, Network]) -> None:
    study, network = safety_study
    names = [network.registry(each.registry).short_name for each in study.participation]
    text = said("shared/participation.md.j2", with_decisions(study, "accepted", "accepted", "accepted"), network)
    assert f"{names[0]}, {names[1]} and {names[2]} take part." in text
    report = said("shared/participation.md.j2", with_decisions(study, "accepted", "accepted"), network, reporting=True)
    assert f"{names[0]} and {names[1]} took part." in report


def test_published_results_are_said_to_be_published(said: Any, safety_study: tuple[Study, Network]) -> None:
    study, network = safety_study
    text = said("shared/participation.md.j2", with_decisions(study, "published_results", "published_results"), network)
    assert "The study uses the published results of two registries:" in text
    assert "invited" not in text


def test_a_limited_contribution_is_said_to_be_one(said: Any, safety_study: tuple[Study, Network]) -> None:
    study, network = safety_study
    first = study.participation[0].model_copy(
        update={"decision": "accepted_with_limits", "objectives": (study.objectives[0].id,)}
    )
    limited = study.model_copy(update={"participation": (first, *study.participation[1:])})
    name = network.registry(first.registry).short_name
    text = said("shared/participation.md.j2", limited, network)
    assert f"{name} contributes to one of the five objectives." in text


def test_an_efficacy_study_says_which_format_it_follows_and_which_situation_it_is(
    said: Any, safety_study: tuple[Study, Network]
) -> None:
    study, network = safety_study
    regulatory = study.regulatory.model_copy(update={"purpose": "paes_imposed", "efficacy_situation": "d"})
    efficacy = study.model_copy(update={"kind": "PAES", "regulatory": regulatory})
    assert "follows, by analogy, the format" in said("shared/format-by-analogy.md.j2", efficacy, network)
    text = said("shared/rationale.md.j2", efficacy, network)
    assert "## Uncertainty about efficacy" in text
    assert "Article 1(2), point (d)" in text
    safety = said("shared/rationale.md.j2", study, network)
    assert "## Safety concern" in safety
    assert "357/2014" not in safety


def test_a_study_without_comparator_compares_nothing(said: Any, safety_study: tuple[Study, Network]) -> None:
    study, network = safety_study
    cohort = study.exposures[0].model_copy(update={"role": "cohort", "label": "people with multiple sclerosis"})
    described = study.model_copy(update={"exposures": (cohort,)})
    text = said("shared/study-design.md.j2", described, network)
    assert "The study has no comparison group; it describes people with multiple sclerosis." in text
    assert "The study compares" not in text


def test_a_part_that_does_not_apply_says_so_with_its_reason(said: Any, safety_study: tuple[Study, Network]) -> None:
    study, network = safety_study
    reason = NotApplicable(not_applicable=Prose("No board governs this study."))
    text = said("protocol/other-aspects.md.j2", study.model_copy(update={"other_aspects": reason}), network)
    assert text.text == "Not applicable. No board governs this study."


def test_a_federated_study_says_when_its_data_collection_starts_and_ends(said: Any, safety_study: tuple[Study, Network]) -> None:
    text = said("shared/data-collection-dates.md.j2", *safety_study)
    assert "Data collection therefore starts with the first registry’s extraction" in text
