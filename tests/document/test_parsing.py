"""The dialect: what each piece becomes, and what a writer is told about everything else. The cases are fixtures/dialect.txt and
fixtures/faults.txt; a new case needs no Python."""

from __future__ import annotations

import re
from pathlib import Path
from types import SimpleNamespace

import pytest

from studygen.document.nodes import Citation, Text
from studygen.document.parsing import parse_blocks, parse_inline, read_blocks
from studygen.errors import Place, TemplateError

FIXTURES = Path(__file__).parent / "fixtures"


def cases(name: str) -> list[object]:
    """The cases of a fixture file: (title, Markdown, expected)."""
    text = (FIXTURES / name).read_text(encoding="utf-8")
    found = re.findall(r"\n\n([^\n]+)\n\.\n(.*?)\n\.\n(.*?)\n\.(?=\n|$)", text, re.DOTALL)
    assert text.count("\n.\n") + text.endswith("\n.") == 3 * len(found), f"{name} has a case that cannot be read"
    return [pytest.param(markdown, expected, id=title) for title, markdown, expected in found]


@pytest.mark.parametrize(("markdown", "expected"), cases("dialect.txt"))
def test_the_dialect(markdown: str, expected: str, small: SimpleNamespace) -> None:
    assert small.outline(parse_blocks(markdown, "case.md", base_level=2)) == expected


@pytest.mark.parametrize(("markdown", "expected"), cases("faults.txt"))
def test_what_is_outside_the_dialect(markdown: str, expected: str) -> None:
    with pytest.raises(TemplateError) as raised:
        parse_blocks(markdown, "case.md", base_level=2)
    assert {fault.place.file for fault in raised.value.faults} == {"case.md"}
    assert [f"{fault.place.line}: {fault.what}\n   {fault.remedy}" for fault in raised.value.faults] == re.split(
        r"\n(?=\d+: )", expected
    )


def test_places_of_references_and_citations_are_noted_line_by_line() -> None:
    reading = read_blocks("One {ref}`tbl-a`.\nTwo {cite}`k1,k2`.\n\n- Three {ref}`tbl-a`{footnote}``{cite}`k3` ``.", "f.md")
    assert reading.mentions == {
        ("ref", "tbl-a"): [Place("f.md", 1), Place("f.md", 4)],
        ("cite", "k1"): [Place("f.md", 2)],
        ("cite", "k2"): [Place("f.md", 2)],
        ("cite", "k3"): [Place("f.md", 4)],
    }


def test_a_table_cell_is_read_as_inline_markdown() -> None:
    assert parse_inline("Rebif {cite}`key`") == (Text("Rebif "), Citation(("key",)))
    assert parse_inline("") == ()
    assert parse_inline("# 1. not a list\nnor a heading") == (Text("# 1. not a list nor a heading"),)


def test_a_fault_in_a_cell_names_the_file_it_is_given() -> None:
    with pytest.raises(TemplateError, match=r"displays\.yaml:1"):
        parse_inline("<b>", "displays.yaml")


def test_headings_deeper_than_five_levels_are_refused() -> None:
    with pytest.raises(TemplateError, match="too deep"):
        parse_blocks("## Four\n\n### Five\n\n#### Six", "f.md", base_level=3)
