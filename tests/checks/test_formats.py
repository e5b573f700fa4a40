"""The formats are those of the official templates, and the documents that we ship have them."""

from __future__ import annotations

from pathlib import Path

import pytest

from studygen.checks.format import FORMATS, load_formats
from studygen.document.manifest import load_manifest

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = ROOT / "templates"


@pytest.mark.parametrize(
    ("name", "sections", "elements", "rows"),
    [("pass-protocol", 26, 10, 13), ("pass-report", 41, 12, 13), ("sap", 25, 0, 0)],
)
def test_a_format_has_as_many_parts_as_its_source(name: str, sections: int, elements: int, rows: int) -> None:
    form = load_formats(TEMPLATES / "guidance")[name]
    assert len(form.sections) == sections
    assert len(form.abstract.elements if form.abstract else ()) == elements
    assert len(form.title_table.rows if form.title_table else ()) == rows


def test_labels_that_were_not_seen_are_marked() -> None:
    report = load_formats(TEMPLATES / "guidance")["pass-report"]
    unseen = [section.number for section in report.sections if not section.confirmed]
    assert unseen == ["4", "9.3", "9.5", "9.6", "9.9.5", "10.6", "Annex 1", "Annex 2"]


@pytest.mark.parametrize("name", FORMATS)
def test_every_requirement_is_met_by_a_section_of_ours(name: str) -> None:
    form = load_formats(TEMPLATES / "guidance")[name]
    manifest = load_manifest(TEMPLATES / form.document / "document.yaml", (TEMPLATES,))
    met = {satisfied: section for section in manifest.sections for satisfied in section.satisfies}
    for wanted in form.sections:
        section = met[f"{name}.{wanted.id}"]
        assert (section.number, section.heading) == (wanted.number, wanted.heading)
