"""The final study report has the headings of the EMA format, its abstract stands alone, and its numbers come from the results."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from studygen.document.manifest import load_manifest
from studygen.document.nodes import (
    Citation,
    Contents,
    Document,
    Figure,
    Heading,
    ListBlock,
    Paragraph,
    Ref,
    Table,
    Value,
    plain_text,
    walk,
)
from studygen.network.network import Network
from studygen.results.findings import Count, Estimate, Note, Origin, Quantity, ResultSet
from studygen.study.study import Study

ROOT = Path(__file__).resolve().parents[2]
REPORTED = ["covid19-mortality-ms", "natalizumab-fingolimod-paes"]

OFFICIAL_HEADINGS = [
    ("1", "Abstract"),
    ("2", "List of abbreviations"),
    ("3", "Investigators"),
    ("4", "Other responsible parties"),
    ("5", "Milestones"),
    ("6", "Rationale and background"),
    ("7", "Research question and objectives"),
    ("8", "Amendments and updates"),
    ("9", "Research methods"),
    ("9.1", "Study design"),
    ("9.2", "Setting"),
    ("9.3", "Subjects"),
    ("9.4", "Variables"),
    ("9.5", "Data sources and measurement"),
    ("9.6", "Bias"),
    ("9.7", "Study size"),
    ("9.8", "Data transformation"),
    ("9.9", "Statistical methods"),
    ("9.9.1", "Main summary measures"),
    ("9.9.2", "Main statistical methods"),
    ("9.9.3", "Missing values"),
    ("9.9.4", "Sensitivity analyses"),
    ("9.9.5", "Amendments to the statistical analysis plan"),
    ("9.10", "Quality control"),
    ("10", "Results"),
    ("10.1", "Participants"),
    ("10.2", "Descriptive data"),
    ("10.3", "Outcome data"),
    ("10.4", "Main results"),
    ("10.5", "Other analyses"),
    ("10.6", "Adverse events/adverse reactions"),
    ("11", "Discussion"),
    ("11.1", "Key results"),
    ("11.2", "Limitations"),
    ("11.3", "Interpretation"),
    ("11.4", "Generalisability"),
    ("12", "Other information"),
    ("13", "Conclusion"),
    ("14", "References"),
    ("Annex 1", "List of stand-alone documents"),
    ("Annex 2", "Additional information"),
]
"""EMA/48663/2013, as in ../shared/regulatory.md 2.2 and checked in ../shared/regulatory-checked.md topic 1."""

ABSTRACT_ELEMENTS = [
    "Title",
    "Keywords",
    "Rationale and background",
    "Research question and objectives",
    "Study design",
    "Setting",
    "Subjects and study size, including dropouts",
    "Variables and data sources",
    "Results",
    "Discussion",
    "Marketing authorisation holder(s)",
    "Names and affiliations of principal investigators",
]
"""Implementing Regulation (EU) No 520/2012, Annex III(2)."""

Composed = Callable[[str, str], Document]


@pytest.fixture(params=REPORTED)
def report(request: pytest.FixtureRequest, composed: Composed) -> Document:
    """The report of each example study that has results."""
    return composed(str(request.param), "report")


def section_blocks(document: Document, number: str) -> list[Any]:
    """The blocks between a section's heading and the next heading of the same or a higher level."""
    blocks: list[Any] = list(document.body)
    start = next(at for at, block in enumerate(blocks) if isinstance(block, Heading) and block.number == number)
    inside = []
    for block in blocks[start + 1 :]:
        if isinstance(block, Heading) and block.level <= blocks[start].level:
            break
        inside.append(block)
    return inside


def section_text(document: Document, number: str) -> str:
    blocks = section_blocks(document, number)
    return " ".join(plain_text(block.children) for block in blocks if isinstance(block, (Paragraph, Heading)))


# ------------------------------------------------------------------ the official format


FURTHER_ANNEXES = [("Annex 3", "Traceability of results")]
"""What stands after the official format's own annexes."""


def test_the_manifest_lists_the_official_headings_in_order() -> None:
    manifest = load_manifest(ROOT / "templates" / "report" / "document.yaml")
    assert [(section.number, section.heading) for section in manifest.sections] == [*OFFICIAL_HEADINGS, *FURTHER_ANNEXES]
    assert manifest.needs == "results"


def test_the_composed_report_keeps_the_official_headings_and_numbers(report: Document) -> None:
    official = dict(OFFICIAL_HEADINGS)
    headings = [block for block in report.body if isinstance(block, Heading)]
    assert [(x.number, plain_text(x.children)) for x in headings if x.number in official] == OFFICIAL_HEADINGS


def test_extra_headings_stand_only_below_the_official_ones(report: Document) -> None:
    official = [number for number, _ in [*OFFICIAL_HEADINGS, *FURTHER_ANNEXES]]
    extra = [block.number for block in report.body if isinstance(block, Heading) and block.number not in official]
    assert all(any(number.startswith(f"{parent}.") for parent in official) for number in extra if number)


def test_no_section_is_empty(report: Document) -> None:
    assert [number for number, _ in OFFICIAL_HEADINGS if not section_blocks(report, number)] == []


def test_the_contents_stand_unnumbered_after_the_title_page(report: Document) -> None:
    assert [block.kind for block in report.front if isinstance(block, Contents)] == ["sections", "tables", "figures"]
    assert not [block for block in report.body if isinstance(block, Contents)]


def test_the_abstract_has_its_twelve_elements_and_stands_alone(report: Document) -> None:
    blocks = section_blocks(report, "1")
    paragraphs = [plain_text(block.children) for block in blocks if isinstance(block, Paragraph)]
    assert [text for text in paragraphs if text in ABSTRACT_ELEMENTS] == ABSTRACT_ELEMENTS
    assert not [node for block in blocks for node in walk(block) if isinstance(node, (Ref, Citation))]


def test_the_abstract_names_the_principal_investigators(report: Document) -> None:
    assert [block for block in section_blocks(report, "1") if isinstance(block, ListBlock)]


def test_milestones_show_planned_and_actual_dates_with_comments(report: Document) -> None:
    (table,) = [block for block in section_blocks(report, "5") if isinstance(block, Table)]
    columns = [
        " ".join(plain_text(node.children) for node in walk(cell) if isinstance(node, Paragraph))
        for cell in table.header[0].cells
    ]
    assert columns == ["Milestone", "Planned date", "Actual date", "Comments"]


def test_every_numbered_table_and_figure_is_mentioned_before_it_appears(report: Document) -> None:
    mentioned: set[str] = set()
    late = []
    for block in report.body:
        if isinstance(block, (Table, Figure)) and block.number and block.id not in mentioned:
            late.append(block.id)
        mentioned |= {node.target for node in walk(block) if isinstance(node, Ref)}
    assert late == []


# ------------------------------------------------------------------ the numbers


def test_the_efficacy_report_prints_the_expected_numbers(composed: Composed) -> None:
    text = section_text(composed("natalizumab-fingolimod-paes", "report"), "10")
    # ../shared/cases c05
    for number in [
        "0.93 (95% confidence interval 0.74–1.17)",
        "0.66 (0.59–0.74)",
        "0.77 (0.55–1.08)",
        "0.71 (0.64–0.78)",
        "0.09–6.76",
        "86%",
    ]:
        assert number in text


def test_the_efficacy_report_says_that_two_registries_are_too_few(composed: Composed) -> None:
    text = section_text(composed("natalizumab-fingolimod-paes", "report"), "10.4")
    assert "With k = 2 data sources" in text


def test_the_mortality_report_prints_the_expected_number(composed: Composed) -> None:
    text = section_text(composed("covid19-mortality-ms", "report"), "10.4")
    assert "3.04% (1.64–5.56)" in text  # ../shared/cases c04, REML on the logit scale


def test_the_key_results_hold_no_number_that_is_not_traced(report: Document) -> None:
    for number in ("1", "10.4", "11.1", "13"):
        for block in section_blocks(report, number):
            if isinstance(block, Paragraph):
                traced = [node.text for node in walk(block) if isinstance(node, Value)]
                text = plain_text(block.children)
                for shown in traced:
                    text = text.replace(shown, "", 1)
                assert not re.search(r"\d+\.\d+(%| \()", text), text


def test_what_is_published_is_said_to_be_published(report: Document) -> None:
    assert "in the form of published aggregates" in section_text(report, "1")
    assert "the data sources themselves delivered nothing" in section_text(report, "9.5")


def test_a_plan_that_was_amended_with_results_known_is_told_from_the_one_before(report: Document) -> None:
    deviations = section_text(report, "8.2")
    assert "Version 1.1 was written when results were known." in deviations
    assert "The last plan that was frozen before is version 1.0 (5 October 2026)" in deviations
    done = section_text(report, "9.9.5")
    assert "done as version 1.1 of the plan states" in done
    assert "was changed when results were known" in done


def test_the_abstract_says_how_the_results_were_combined(report: Document) -> None:
    abstract = section_text(report, "1")
    assert "data sources were combined by a random-effects model" in abstract
    assert "95% confidence interval" in abstract


def test_the_report_says_what_the_quality_control_found(report: Document) -> None:
    assert "agreed to four decimals" in section_text(report, "9.10")


# ------------------------------------------------------------------ sentences follow the results


def pooled_by(*registries: str) -> ResultSet:
    """Results of an analysis `malignancy_hr` with an estimate of each registry; pooled when there are several."""
    origin = Origin("as_delivered")
    found: list[Count | Quantity | Estimate] = [
        Estimate(f"malignancy_hr.{x}.estimate", "hazard_ratio", 1.2, 0.8, 1.8, 0.95, "as_delivered", "reported", origin)
        for x in registries
    ]
    if len(registries) > 1:
        noted = Origin("pooled", notes=(Note("few_sources", (("k", str(len(registries))),)),))
        found += [
            Estimate("malignancy_hr.pooled", "hazard_ratio", 1.2, 0.9, 1.6, 0.95, "wald", "reported", noted),
            Quantity("malignancy_hr.i_squared", 12.0, "percent", "reported", origin),
            Quantity("malignancy_hr.tau_squared", 0.01, "variance", "reported", origin),
        ]
    return ResultSet(tuple(found))


@pytest.fixture
def finding(safety_study: tuple[Study, Network], said_with: Any) -> Callable[[ResultSet], str]:
    """`finding(results)`: the sentences on the hazard ratio of malignancy."""
    study, network = safety_study

    def sentences(results: ResultSet) -> str:
        variables = {"finding": study.analysis("malignancy_hr"), "stem": "malignancy_hr", "among": ""}
        return str(said_with("report/finding.md.j2", study, network, results, **variables))

    return sentences


@pytest.fixture
def said_with() -> Callable[..., str]:
    """`said_with(template, study, network, results, **variables)`: what a template says when there are results."""
    from studygen.definition import is_applicable
    from studygen.displays.phrases import phrases
    from studygen.displays.texts import DisplayTexts
    from studygen.document.templating import make_environment, render

    texts = DisplayTexts.load([ROOT / "templates"])

    def one(template: str, study: Study, network: Network, results: ResultSet, **variables: Any) -> str:
        functions = phrases(study, texts, ResultSet(()), results)
        environment = make_environment([ROOT / "templates"], functions, {"applicable": is_applicable})
        contributors = [(each, network.registry(each.registry)) for each in study.participation]
        context = {"study": study, "network": network, "results": results, "contributors": contributors}
        return " ".join(render(environment, template, {**context, **variables}).split())

    return one


def test_a_combined_result_is_given_with_its_notes(finding: Callable[[ResultSet], str]) -> None:
    text = finding(pooled_by("dk_dmsr", "se_smsreg", "it_rism"))
    assert "Combined over three registries, the hazard ratio" in text
    assert "With k = 3 data sources the variance between data sources" in text


def test_a_single_source_is_not_combined(finding: Callable[[ResultSet], str]) -> None:
    text = finding(pooled_by("dk_dmsr"))
    assert text.startswith("DMSR alone contributed;")
    assert "Nothing was combined." in text


def test_an_analysis_without_any_result_says_so(finding: Callable[[ResultSet], str]) -> None:
    assert finding(pooled_by()) == "No registry delivered a result for this analysis."
