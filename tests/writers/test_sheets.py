"""Where the page is turned: a landscape display takes along what introduces it, and a short passage between two of them stays."""

from __future__ import annotations

from dataclasses import replace

from samples import heading, para, row, text

from studygen.document.nodes import Block, Table
from studygen.writers.sheets import sheets


def table(id: str, rows: int = 2, *, landscape: bool = False) -> Table:
    return Table(id, text("T"), (), tuple(row("a") for _ in range(rows)), (1,), landscape=landscape)


WIDE = table("tbl-wide", landscape=True)


def turned(*blocks: Block) -> list[tuple[bool, int]]:
    return [(sheet.landscape, len(sheet.blocks)) for sheet in sheets(blocks)]


def test_a_heading_and_its_sentence_go_with_the_landscape_table_below() -> None:
    assert turned(para("before"), heading("a", 2, "1.1", "A"), para("gives"), WIDE) == [(False, 1), (True, 3)]


def test_a_few_lines_and_a_small_table_between_two_landscape_tables_stay_on_their_pages() -> None:
    between = (heading("b", 2, "1.2", "B"), para("Words."), table("tbl-small"), para("More."))
    assert turned(WIDE, *between, replace(WIDE, id="tbl-wide-2")) == [(True, 6)]


def test_a_longer_passage_or_table_between_them_gets_upright_pages() -> None:
    second = replace(WIDE, id="tbl-wide-2")
    assert turned(WIDE, para("word " * 200), second) == [(True, 1), (False, 1), (True, 1)]
    assert turned(WIDE, table("tbl-long", rows=9), second) == [(True, 1), (False, 1), (True, 1)]


def test_what_follows_the_last_landscape_table_is_upright() -> None:
    assert turned(WIDE, para("after")) == [(True, 1), (False, 1)]
