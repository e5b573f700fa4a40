"""Edges of the rules on planned and done that an edited example cannot show: drafts, later versions, reasons that do hold."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from studygen.checks.finding import Finding
from studygen.pipeline.checking import check
from studygen.pipeline.freezing import freeze

ROOT = Path(__file__).resolve().parents[2]
NAME = "covid19-mortality-ms"
RULES = ("E80", "E81", "E82", "E83", "E84", "E86", "E87")
MAIN = "main: {model: random_effects, estimator: reml, interval: wald}"
OTHER = "main: {model: random_effects, estimator: pm, interval: wald}"
SAP = 'sap: {reference: BMSD-COV-EX3-SAP, version: "1.1", date: 2026-11-23, status: final'
DEVIATION = """
deviations:
  - id: model
    date: 2026-11-20
    concerns: Model
    analyses: [deaths]
    planned: Restricted maximum likelihood.
    done: The estimator of Paule and Mandel.
    reason: The likelihood had no maximum.
    impact: None.

report:
"""


@pytest.fixture
def study(tmp_path: Path) -> Path:
    shutil.copytree(ROOT / "protocols" / "network", tmp_path / "network")
    shutil.copytree(ROOT / "protocols" / NAME, tmp_path / NAME)
    return tmp_path / NAME


def edit(study: Path, *edits: tuple[str, str]) -> None:
    definition = study / "study.yaml"
    text = definition.read_text(encoding="utf-8")
    for old, new in edits:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    definition.write_text(text, encoding="utf-8")


def found(study: Path) -> dict[str, Finding]:
    return {each.rule: each for each in check(study, select=RULES).findings}


def test_a_change_with_a_deviation_that_names_it_is_in_order(study: Path) -> None:
    edit(study, (MAIN, OTHER), ("\nreport:\n", DEVIATION))
    assert found(study) == {}


def test_a_deviation_that_names_another_part_explains_nothing(study: Path) -> None:
    edit(study, (MAIN, OTHER), ("\nreport:\n", DEVIATION.replace("[deaths]", "[methods]")))
    assert set(found(study)) == {"E82"}


def test_a_draft_of_the_next_version_may_differ(study: Path) -> None:
    edit(study, (MAIN, OTHER), (SAP, SAP.replace('"1.1"', '"1.2"').replace("final", "draft")))
    assert set(found(study)) == {"E80", "E87"}


def test_a_new_version_that_is_frozen_and_says_what_it_changed_is_in_order(study: Path) -> None:
    entry = '  - {version: "1.2", date: 2026-11-24, change: Another estimator., reason: No maximum., data_seen: true,\n'
    entry += "     analyses: [deaths]}\n"
    edit(study, (MAIN, OTHER), (SAP, SAP.replace('"1.1"', '"1.2"')), ("\nmilestones:\n", f"{entry}\nmilestones:\n"))
    freeze(study)
    assert found(study) == {}


def test_an_analysis_that_came_with_a_version_after_the_results_is_post_hoc_all_the_same(study: Path) -> None:
    definition = study / "study.yaml"
    whole = definition.read_text(encoding="utf-8")
    shutil.rmtree(study / "frozen")
    edit(study, ("    label: Proportion of deaths\n", "    label: Proportion of deaths\n    post_hoc: true\n"))
    edit(study, (SAP, SAP.replace('"1.1"', '"1.0"')))
    freeze(study)
    definition.write_text(whole, encoding="utf-8")
    freeze(study)
    assert found(study)["E84"].what == 'the analysis "deaths" came into the plan with version 1.1, when results were known'


def test_without_any_frozen_plan_a_report_is_warned(study: Path) -> None:
    shutil.rmtree(study / "frozen")
    finding = found(study)["E80"]
    assert (finding.severity, "no plan was frozen" in finding.what) == ("warning", True)
