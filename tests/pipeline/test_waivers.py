"""A requirement that a study leaves aside is printed with its reason where readers of protocol, plan and report look for it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from studygen.document.nodes import Document, Heading, Paragraph, Table, plain_text, walk
from studygen.pipeline.checking import check
from studygen.pipeline.composing import compose
from studygen.pipeline.loading import load

ROOT = Path(__file__).resolve().parents[2]
NAME = "natalizumab-fingolimod-paes"
WAIVER = "\nwaivers:\n  - {rule: P26, reason: The ways of combining take the place of sensitivity analyses.}\n\nreport:\n"


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The natalizumab example, whose main analysis has no sensitivity analysis (P26), with a waiver of that rule."""
    folder = tmp_path_factory.mktemp("waivers")
    shutil.copytree(ROOT / "protocols" / "network", folder / "network")
    shutil.copytree(ROOT / "protocols" / NAME, folder / NAME)
    definition = folder / NAME / "study.yaml"
    text = definition.read_text(encoding="utf-8")
    assert text.count("\nreport:\n") == 1
    definition.write_text(text.replace("\nreport:\n", WAIVER), encoding="utf-8")
    return folder / NAME


def rows(document: Document) -> list[list[str]]:
    """The rows of the table of waived requirements."""
    return [
        [" ".join(plain_text(node.children) for node in walk(cell) if isinstance(node, Paragraph)) for cell in row.cells]
        for table in walk(document.body)
        if isinstance(table, Table) and table.id == "tbl-waivers"
        for row in table.body
    ]


def headings(document: Document) -> list[str]:
    return [plain_text(node.children) for node in walk(document.body) if isinstance(node, Heading)]


@pytest.mark.parametrize("name", ["protocol", "sap", "report"])
def test_a_waiver_is_printed_below_quality_control(name: str, study: Path) -> None:
    document = compose(load(study), [name], drawings=False)[name]
    found = headings(document)
    assert found[found.index("Requirements not followed") - 1] == "Quality control"
    ((rule, title, source, reason),) = rows(document)
    assert (rule, title) == ("P26", "Every main analysis has a sensitivity analysis")
    assert source.startswith("HARPER")
    assert reason == "The ways of combining take the place of sensitivity analyses."


def test_without_waivers_nothing_is_said_of_them() -> None:
    document = compose(load(ROOT / "protocols" / NAME), ["protocol"], drawings=False)["protocol"]
    assert "Requirements not followed" not in headings(document)
    assert rows(document) == []


def test_a_waived_rule_of_our_own_is_no_requirement_and_not_printed(study: Path) -> None:
    definition = study / "study.yaml"
    text = definition.read_text(encoding="utf-8")
    own = WAIVER.replace("P26", "M05")
    definition.write_text(text.replace(WAIVER, own), encoding="utf-8")
    try:
        document = compose(load(study), ["protocol"], drawings=False)["protocol"]
    finally:
        definition.write_text(text, encoding="utf-8")
    assert "Requirements not followed" not in headings(document)
    assert rows(document) == []


def test_a_waived_finding_is_set_apart_with_its_reason(study: Path) -> None:
    report = check(study, select=["P26", "E89"])
    assert report.findings == ()
    assert [(each.rule, each.waiver) for each in report.waived] == [
        ("P26", "The ways of combining take the place of sensitivity analyses.")
    ]
