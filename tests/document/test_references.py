"""Cross-references and generated lists."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest

from studygen.document.nodes import Contents, Ref, walk
from studygen.errors import TemplateError


def added(templates: Path, text: str, file: str = "annex-1.md.j2") -> Path:
    """The templates with a text at the end of a section."""
    path = templates / "protocol" / file
    path.write_text(path.read_text(encoding="utf-8") + text, encoding="utf-8")
    return templates


def test_references_are_named_by_what_they_lead_to(small: SimpleNamespace) -> None:
    found = [(node.target, node.text) for node in walk(small.compose()) if isinstance(node, Ref)]
    assert found == [
        ("sec-windows", "section 2.1.2"),
        ("tbl-exposures", "Table 1"),
        ("fig-design-diagram", "Figure 1"),
        ("annex-1", "Annex 1"),
        ("annex-1", "Annex 1"),
        ("sec-design", "section 2.1"),
    ]


def test_all_dangling_references_are_told_with_their_lines_and_the_nearest_ids(templates: Path, small: SimpleNamespace) -> None:
    added(templates, "\nSee {{ ref('tbl-exposure') }}.\nSee {{ ref('sec-desing') }}.\n")
    added(templates, "\nAnd {{ ref('tbl-exposure') }}.\n", "design.md.j2")
    with pytest.raises(TemplateError) as raised:
        small.compose(templates)
    told = [(str(fault.place), fault.what) for fault in raised.value.faults]
    assert told == [
        ("protocol/design.md.j2:36", 'nothing in this document has the id "tbl-exposure"'),
        ("protocol/annex-1.md.j2:10", 'nothing in this document has the id "tbl-exposure"'),
        ("protocol/annex-1.md.j2:11", 'nothing in this document has the id "sec-desing"'),
    ]
    assert 'Did you mean "tbl-exposures"' in raised.value.faults[0].remedy
    assert 'Did you mean "sec-design"' in raised.value.faults[2].remedy


def test_a_dangling_reference_of_a_display_is_told_in_its_section(small: SimpleNamespace) -> None:
    def fill(slot: object) -> object:
        filled = small.fill(slot)
        return small.table(filled.id, "Caption", "see {ref}`tbl-none`") if filled.id == "tbl-exposures" else filled

    with pytest.raises(TemplateError) as raised:
        small.compose(fill=fill)
    assert [(str(fault.place), fault.what) for fault in raised.value.faults] == [
        ("protocol/design.md.j2", 'nothing in this document has the id "tbl-none"')
    ]


def test_a_table_without_caption_cannot_be_referred_to(templates: Path, small: SimpleNamespace) -> None:
    added(templates, "\nSee {{ ref('tbl-pass-information') }}.\n")
    with pytest.raises(TemplateError, match="has no caption"):
        small.compose(templates)


def test_the_contents_list_sections_to_the_fourth_level_and_every_captioned_display(small: SimpleNamespace) -> None:
    document = small.compose()
    lists = {
        node.kind: [(e.level, e.label, e.title, e.target) for e in node.entries]
        for node in walk(document)
        if isinstance(node, Contents)
    }
    assert lists["sections"] == [
        (1, "1", "Table of contents", "sec-contents"),
        (1, "2", "Research methods", "sec-methods"),
        (2, "2.1", "Study design", "sec-design"),
        (3, "2.1.1", "Rationale", "sec-2-1-1"),
        (3, "2.1.2", "Windows", "sec-windows"),
        (4, "2.1.2.1", "Diagram", "sec-2-1-2-1"),
        (3, "2.1.3", "Hypothesis", "sec-2-1-3"),
        (1, "3", "References", "sec-references"),
        (1, "Annex 1", "List of stand-alone documents", "annex-1"),
        (2, "Annex 1.1", "Documents", "sec-annex-1-1"),
        (2, "Annex 1.2", "Kept apart", "sec-annex-1-2"),
    ]
    assert lists["tables"] == [(1, "Table 1", "Exposures [2]", "tbl-exposures")]
    assert lists["figures"] == [(1, "Figure 1", "Design of the study", "fig-design-diagram")]
