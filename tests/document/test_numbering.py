"""Numbers of headings, tables, figures and footnotes, in order of appearance."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest

from studygen.document.nodes import Callout, Document, Figure, Footnote, Heading, ListBlock, Paragraph, Table, Text, walk
from studygen.document.numbering import check_ids, number_document
from studygen.errors import Place, TemplateError


def heading(level: int, number: str = "", id: str = "", kind: str = "section") -> Heading:
    return Heading(id, level, (Text("x"),), number, kind)  # type: ignore[arg-type]


def numbered(small: SimpleNamespace, *body: object, front: tuple[object, ...] = ()) -> Document:
    return number_document(Document(small.meta, front, body))  # type: ignore[arg-type]


def test_headings_below_a_section_continue_its_number(small: SimpleNamespace) -> None:
    body = (
        heading(2, "9.3", "sec-variables"),
        *(heading(3), heading(4), heading(4), heading(3), heading(4, id="sec-own")),
        heading(2, "9.4", "sec-sources"),
        heading(3),
        heading(1, "Annex 3", "annex-3", "annex"),
        *(heading(2), heading(2), heading(3)),
    )
    found = [(block.number, block.id, block.kind) for block in numbered(small, *body).body if isinstance(block, Heading)]
    assert found == [
        ("9.3", "sec-variables", "section"),
        ("9.3.1", "sec-9-3-1", "section"),
        ("9.3.1.1", "sec-9-3-1-1", "section"),
        ("9.3.1.2", "sec-9-3-1-2", "section"),
        ("9.3.2", "sec-9-3-2", "section"),
        ("9.3.2.1", "sec-own", "section"),
        ("9.4", "sec-sources", "section"),
        ("9.4.1", "sec-9-4-1", "section"),
        ("Annex 3", "annex-3", "annex"),
        ("Annex 3.1", "sec-annex-3-1", "annex"),
        ("Annex 3.2", "sec-annex-3-2", "annex"),
        ("Annex 3.2.1", "sec-annex-3-2-1", "annex"),
    ]


def test_headings_of_the_title_page_and_below_unnumbered_sections_have_no_number(small: SimpleNamespace) -> None:
    document = numbered(
        small, heading(1, "", "sec-signatures", "unnumbered"), heading(2), heading(2), front=(heading(1), heading(1))
    )
    found = [(block.number, block.kind, block.id) for block in (*document.front, *document.body) if isinstance(block, Heading)]
    assert found == [
        ("", "unnumbered", "sec-front-u1"),
        ("", "unnumbered", "sec-front-u2"),
        ("", "unnumbered", "sec-signatures"),
        ("", "unnumbered", "sec-sec-signatures-u1"),
        ("", "unnumbered", "sec-sec-signatures-u2"),
    ]


def test_tables_and_figures_are_counted_apart_and_wherever_they_stand(small: SimpleNamespace) -> None:
    table, figure = small.table, small.figure
    document = numbered(
        small,
        heading(1, "1", "sec-a"),
        table("tbl-a", "A"),
        Callout((figure("fig-a", "A", "alt"), table("tbl-b", "B"))),
        ListBlock(((table("tbl-c", "C"),),)),
        figure("fig-b", "B", "alt"),
        front=(table("tbl-information", ""),),
    )
    found = [(node.id, node.number) for node in walk(document) if isinstance(node, Table | Figure)]
    assert found == [("tbl-information", 0), ("tbl-a", 1), ("fig-a", 1), ("tbl-b", 2), ("tbl-c", 3), ("fig-b", 2)]


def test_footnotes_run_through_the_document(small: SimpleNamespace) -> None:
    note = Footnote((Text("n"),))
    table = small.table("tbl-a", "A {footnote}`in a caption`", "cell {footnote}`in a cell`", notes=("note {footnote}`below`",))
    document = numbered(
        small, heading(1, "1", "sec-a"), Paragraph((note,)), table, Paragraph((Text("x"), note)), front=(Paragraph((note,)),)
    )
    assert [node.number for node in walk(document) if isinstance(node, Footnote)] == [1, 2, 3, 4, 5, 6]


def test_an_id_used_twice_is_told_with_both_places(small: SimpleNamespace) -> None:
    table = small.table("tbl-a", "A")
    document = numbered(small, heading(1, "1", "sec-a"), table, table, heading(1, "2", "sec-a"))
    with pytest.raises(TemplateError) as raised:
        check_ids(document, lambda _, name: [Place("f.md", 1, name), Place("f.md", 9, name)])
    assert [(str(fault.place), fault.what, fault.remedy) for fault in raised.value.faults] == [
        ("f.md:9  sec-a", 'the id "sec-a" names 2 things', "It also stands at f.md:1  sec-a. Give each its own id."),
        ("f.md:9  tbl-a", 'the id "tbl-a" names 2 things', "It also stands at f.md:1  tbl-a. Give each its own id."),
    ]


def test_an_id_given_in_two_sections_is_told_at_the_second(templates: Path, small: SimpleNamespace) -> None:
    file = templates / "protocol" / "annex-1.md.j2"
    file.write_text(file.read_text(encoding="utf-8") + "\n(sec-windows)=\n## Again\n", encoding="utf-8")
    with pytest.raises(TemplateError) as raised:
        small.compose(templates)
    (fault,) = raised.value.faults
    assert str(fault.place) == "protocol/annex-1.md.j2:11"
    assert "protocol/design.md.j2:10" in fault.remedy
