"""Tables in Word: the grid is whole, headers repeat, rows hold together, merged cells are Word's own."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest
from docx_samples import W, merged_table, paragraphs, sample, shown, written
from lxml import etree
from samples import information_table, long_table, para, row, spanner_table, td, text, th, wide_table

from studygen.document.nodes import Cell, ListBlock, Paragraph, Row, Table, Text
from studygen.errors import WriterError
from studygen.writers.docx_tables import shared_out


def table_of(*blocks: object) -> etree._Element:
    return next(written(*blocks).iter(f"{W}tbl"))  # type: ignore[arg-type]


def grid(table: etree._Element) -> list[int]:
    return [int(column.get(f"{W}w")) for column in table.find(f"{W}tblGrid")]


def numbered(table: Table, number: int = 1) -> Table:
    return replace(table, number=number, notes=())


def small(*rows: Row, header: tuple[Row, ...] = (), widths: tuple[float, ...] = (1, 1, 1)) -> Table:
    return Table("tbl-small", text("Small"), header, rows, widths, number=1)


def plain_footnotes_off(table: Table) -> Table:
    """The table without its second body row, which holds a footnote numbered for the whole sample."""
    return replace(table, body=(*table.body[:2], *table.body[3:]), notes=(), number=1)


@pytest.mark.parametrize("make", [information_table, long_table, merged_table, wide_table])
def test_every_row_fills_the_grid_exactly(make: object) -> None:
    table = table_of(numbered(make()) if make is not information_table else make())  # type: ignore[operator]
    columns = grid(table)
    for line in table.findall(f"{W}tr"):
        spans, widths = 0, 0
        for cell in line.findall(f"{W}tc"):
            span = cell.find(f"{W}tcPr/{W}gridSpan")
            spans += 1 if span is None else int(span.get(f"{W}val"))
            widths += int(cell.find(f"{W}tcPr/{W}tcW").get(f"{W}w"))
            assert cell[-1].tag == f"{W}p"
        assert spans == len(columns)
        assert widths == sum(columns)


def test_the_table_is_as_wide_as_the_text_and_its_layout_is_fixed() -> None:
    portrait = table_of(numbered(long_table()))
    assert sum(grid(portrait)) == 9071  # 16 cm
    assert portrait.find(f"{W}tblPr/{W}tblLayout").get(f"{W}type") == "fixed"
    assert sum(grid(table_of(numbered(wide_table())))) == 14003  # 24.7 cm


def test_shares_become_whole_twips_that_add_up() -> None:
    assert shared_out((1, 1, 1), 100) == [33, 34, 33]
    assert sum(shared_out((2.2, 1.3, 1.6, 1.3, 1.6, 2.4), 9071)) == 9071


def test_all_header_rows_repeat_and_no_row_is_split() -> None:
    lines = table_of(plain_footnotes_off(spanner_table())).findall(f"{W}tr")
    repeated = [line.find(f"{W}trPr/{W}tblHeader") is not None for line in lines]
    assert repeated == [True, True, *[False] * (len(lines) - 2)]
    assert all(line.find(f"{W}trPr/{W}cantSplit") is not None for line in lines)


def test_a_cell_over_two_rows_is_repeated_empty_below() -> None:
    first, second = table_of(plain_footnotes_off(spanner_table())).findall(f"{W}tr")[:2]
    merges = [[cell.find(f"{W}tcPr/{W}vMerge") for cell in line.findall(f"{W}tc")] for line in (first, second)]
    assert [None if merge is None else merge.get(f"{W}val") for merge in merges[0]] == ["restart", None, None, "restart"]
    assert [merge is not None for merge in merges[1]] == [True, False, False, False, False, True]
    assert shown(second.findall(f"{W}tc")[0]) == ""


def test_header_group_and_total_rows_have_styles_of_their_own() -> None:
    table = table_of(plain_footnotes_off(spanner_table()))
    assert [shown(p) for p in paragraphs(table, "TableGroup")] == ["Northern registries", "Southern registries"]
    assert shown(paragraphs(table, "TableTotal")[0]) == "Pooled"
    assert [shown(p) for p in paragraphs(table, "TableHeaderCentred")] == ["Exposed", "Comparator"]
    assert "5 210" in [shown(p) for p in paragraphs(table, "TableTextRight")]


def test_alignment_is_a_style_and_not_direct_formatting() -> None:
    assert not list(table_of(plain_footnotes_off(spanner_table())).iter(f"{W}jc"))


def test_the_caption_stays_with_its_table_and_notes_follow_it() -> None:
    table = Table("tbl-a", text("Words"), (), (row("a", "b"),), (1, 1), notes=(text("First."), text("Second.")), number=1)
    root = written(table, para("after"))
    body = root.find(f"{W}body")
    kinds = [
        node.find(f"{W}pPr/{W}pStyle").get(f"{W}val") if node.tag == f"{W}p" else "tbl"
        for node in body
        if node.tag != f"{W}sectPr"
    ]
    assert kinds == ["Caption", "tbl", "TableNote", "TableNote", "BodyText"]
    assert paragraphs(root, "Caption")[0].find(f"{W}pPr/{W}keepNext") is not None


def test_neighbouring_tables_do_not_grow_together() -> None:
    body = written(small(row("a", "b", "c")), information_table()).find(f"{W}body")
    tags = [node.tag for node in body]
    assert all(not (one == two == f"{W}tbl") for one, two in pairwise(tags))


def test_a_table_tells_its_caption_and_columns_to_screen_readers() -> None:
    properties = table_of(numbered(long_table())).find(f"{W}tblPr")
    assert properties.find(f"{W}tblCaption").get(f"{W}val") == "Table 1. Codes that define a serious infection"
    assert properties.find(f"{W}tblDescription").get(f"{W}val") == "Code; Vocabulary; Term; Persons"
    look = properties.find(f"{W}tblLook")
    assert (look.get(f"{W}firstRow"), look.get(f"{W}firstColumn")) == ("1", "1")


def test_lists_in_cells_have_table_styles() -> None:
    table = table_of(numbered(merged_table()))
    assert [shown(p) for p in paragraphs(table, "TableBullet")] == ["a point in a cell", "another point"]
    assert [shown(p) for p in paragraphs(table, "TableBullet2")] == ["and one below it"]
    assert [shown(p) for p in paragraphs(table, "TableNumber")] == ["one", "two"]


def test_a_row_that_does_not_fill_the_grid_is_refused_with_its_place() -> None:
    with pytest.raises(WriterError) as caught:
        written(small(row("a", "b", "c"), row("a", "b"), Row((th("a"), td("b", colspan=3)))))
    told = str(caught.value)
    assert "tbl-small" in told
    assert "row 2 fills 2 of 3 columns" in told
    assert "row 3 fills 4 of 3 columns" in told


def test_a_cell_that_reaches_below_the_last_row_is_refused() -> None:
    with pytest.raises(WriterError, match="more rows than there are"):
        written(small(Row((th("a", rowspan=2), td("b"), td("c")))))


def test_an_empty_cell_is_a_paragraph_without_words() -> None:
    table = table_of(small(Row((th("a"), Cell(()), Cell((Paragraph((Text(""),)),))))))
    assert [shown(cell) for cell in table.iter(f"{W}tc")] == ["a", "", ""]


def test_a_cell_that_ends_with_a_list_still_ends_with_a_paragraph() -> None:
    table = table_of(small(Row((th("a"), td("b"), Cell((ListBlock(((para("x"),),), ordered=True),))))))
    assert all(cell[-1].tag == f"{W}p" for cell in table.iter(f"{W}tc"))


def test_the_sample_has_tables_of_every_kind() -> None:
    assert sum(isinstance(block, Table) for block in (*sample().front, *sample().body)) == 5


def kept(table: etree._Element) -> list[bool]:
    """For each row, whether it stays with the next one."""
    return [line.find(f".//{W}pPr/{W}keepNext") is not None for line in table.findall(f"{W}tr")]


def test_a_long_table_leaves_no_single_row_alone_and_a_short_one_is_kept_whole() -> None:
    # Header rows are kept by their style; of 120 rows the first and the last but one stay with their neighbours.
    assert [position for position, stays in enumerate(kept(table_of(numbered(long_table())))) if stays] == [1, 119]
    short = small(row("a", "b", "c"), row("d", "e", "f"), row("g", "h", "i"))
    assert kept(table_of(short)) == [True, True, False]


def test_notes_stay_with_the_last_row_and_with_each_other() -> None:
    root = written(replace(small(row("a", "b", "c")), notes=(text("First."), text("Second."))))
    assert kept(next(root.iter(f"{W}tbl"))) == [True]
    assert [note.find(f"{W}pPr/{W}keepNext") is not None for note in paragraphs(root, "TableNote")] == [True, False]
