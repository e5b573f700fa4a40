"""Where a table may break over pages. Every paged writer follows the same rule, so that PDF and Word break at the same rows.
Knows nothing about how rows are written."""

from __future__ import annotations

from dataclasses import dataclass

from studygen.document.nodes import Table

SHORT = 11
"""Tables of no more lines than this, header included, stay on one page."""

TALL = 28
"""Rows of more lines than this may break: kept whole, they would leave half a page empty."""

PAIR = 14
"""Two rows of no more lines than this together stay together at the ends of a table."""


@dataclass(frozen=True, slots=True)
class Breaks:
    """Body rows by their place: `kept` ones stay on the page of the row below them (the last one with the table's notes), `tall`
    ones may themselves break. `whole` says that the table stays on one page."""

    whole: bool
    kept: frozenset[int]
    tall: frozenset[int]


def breaks_of(table: Table, lines: tuple[float, ...]) -> Breaks:
    """The breaks of a table whose rows take so many `lines`, header rows first. No small row stands alone: the first stays with
    the second, the last with the one before it, a group row with the first of its rows."""
    body = lines[len(table.header) :]
    last = len(body) - 1
    whole = sum(lines) <= SHORT
    if whole:
        kept = set(range(last))
    else:
        kept = {place for place in (0, last - 1) if 0 <= place < last and body[place] + body[place + 1] <= PAIR}
        kept |= {place for place, row in enumerate(table.body) if row.kind == "group" and place < last}
    if table.notes and last >= 0:
        kept.add(last)
    return Breaks(whole, frozenset(kept), frozenset(place for place, height in enumerate(body) if height > TALL))
