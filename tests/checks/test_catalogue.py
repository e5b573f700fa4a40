"""The catalogue of rules is whole: every rule has a requirement, every requirement a source, every rule an example."""

from __future__ import annotations

from pathlib import Path

import pytest

from studygen.aggregates.manifest import MANIFEST_RULES
from studygen.aggregates.quality_rules import QUALITY_MANIFEST_RULES, QUALITY_ROW_RULES
from studygen.aggregates.reconciliation import ROW_RULES
from studygen.checks import qualification_rules
from studygen.checks.catalogue import RULES
from studygen.checks.finding import UNRULED
from studygen.checks.guidance import Guidance, load_guidance
from studygen.checks.waivers import WAIVER_RULES
from studygen.qualification import link_rules
from studygen.study import links

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = (ROOT / "tests" / "checks" / "examples", ROOT / "tests" / "bad_qualifications", ROOT / "tests" / "bad_quality")
EXAMPLES = {file.stem.split("-")[0] for folder in FOLDERS for file in folder.glob("*.yaml")}
BY_FORM = {"A12", "A26", "A27", "D07", "D09", *UNRULED.values()}
"""Rules that are given where a file is read or a document composed."""


@pytest.fixture(scope="module")
def guidance() -> Guidance:
    return load_guidance([ROOT / "templates" / "guidance"])


def test_every_rule_that_is_checked_has_a_requirement(guidance: Guidance) -> None:
    dossiers = {*qualification_rules.RULES, *link_rules.LINK_RULES}
    quality = {*QUALITY_MANIFEST_RULES, *QUALITY_ROW_RULES}
    checked = {*RULES, *links.RULES, *ROW_RULES, *MANIFEST_RULES, *BY_FORM, *WAIVER_RULES, *dossiers, *quality}
    assert sorted(checked - set(guidance)) == []
    assert sorted(set(guidance) - checked) == []


def test_every_rule_has_an_example(guidance: Guidance) -> None:
    assert sorted(set(guidance) - EXAMPLES) == []


def test_a_requirement_that_was_not_confirmed_never_fails_a_build(guidance: Guidance) -> None:
    assert all(each.effect != "error" for each in guidance.values() if not each.confirmed)
    assert any(not each.confirmed for each in guidance.values())
