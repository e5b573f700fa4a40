"""Tables of prose made shorter: width moves from columns with room to those that make rows tall.
Knows nothing about words or output formats."""

from __future__ import annotations

from collections.abc import Iterator

from studygen.document.nodes import Cell, Citation, Code, Paragraph, Ref, Table, Text, Value, walk
from studygen.writers.style import Style

TALL_ROW = 7
"""Lines. Tables without a row taller than this keep the widths they have."""

STEP = 0.01
"""The share of the text width that moves at a time."""

GAIN = 0.004
"""A move must shorten the table by this share of its height, so that asked-for widths are left only for something."""

ROWS = 40
"""At most so many rows are looked at, evenly spread."""

Rows = list[dict[int, list[int]]]
"""The lengths in characters of the paragraphs of each row's cells, by column."""

LETTER = 0.55
"""The width of an average letter, blanks at line ends included, as a share of the type size."""


def evened(table: Table, shares: list[float], needs: list[float], width: float, style: Style) -> tuple[float, ...]:
    """The shares after moving width, a step at a time, to the column that makes rows tall from the column that misses it least.
    No column falls below its need. `width` is the table's width in centimetres."""
    found = _prose(table)
    rows = found[:: max(1, -(-len(found) // ROWS))]
    shares = list(shares)
    heights = [_lines(rows, column, share, width, style) for column, share in enumerate(shares)]
    total = _total(heights)
    if max((max(column) for column in heights if column), default=0) <= TALL_ROW:
        return tuple(shares)
    for _ in range(round(1 / STEP)):
        receiver = _tallest(heights)
        wider = _lines(rows, receiver, shares[receiver] + STEP, width, style)
        best, best_total = -1, total * (1 - GAIN)
        for donor in range(len(shares)):
            if donor == receiver or shares[donor] - STEP < needs[donor]:
                continue
            trial = list(heights)
            trial[receiver], trial[donor] = wider, _lines(rows, donor, shares[donor] - STEP, width, style)
            if (height := _total(trial)) < best_total:
                best, best_total = donor, height
        if best < 0:
            break
        shares[receiver] += STEP
        shares[best] -= STEP
        heights[receiver], heights[best] = wider, _lines(rows, best, shares[best], width, style)
        total = best_total
    return tuple(shares)


def row_lines(table: Table, shares: tuple[float, ...], width: float, style: Style) -> tuple[float, ...]:
    """Roughly how many lines each row takes, header rows first. `width` is the table's width in centimetres."""
    rows = _prose(table)
    heights = [_lines(rows, column, share, width, style) for column, share in enumerate(shares)]
    return tuple(max(1.0, *row) for row in zip(*heights, strict=True))


def _lines(rows: Rows, column: int, share: float, width: float, style: Style) -> list[float]:
    """The lines that a column's cells take, row by row, when it has this share of the width."""
    letter = LETTER * style.sizes.table * 2.54 / 72
    room = max(share * width - 2 * style.table.cell_padding_horizontal, letter)
    return [sum(max(1.0, length * letter / room) for length in row.get(column, ())) for row in rows]


def _total(heights: list[list[float]]) -> float:
    """The table's height in lines: each row is as tall as its tallest cell."""
    return float(sum(max(row) for row in zip(*heights, strict=True)))


def _tallest(heights: list[list[float]]) -> int:
    """The column that makes the most lines of the table."""
    made = [0.0] * len(heights)
    for row in zip(*heights, strict=True):
        tallest = max(row)
        made[row.index(tallest)] += tallest
    return made.index(max(made))


def _prose(table: Table) -> Rows:
    """The lengths of the paragraphs of each row's cells, header rows first. Cells over several columns are left out."""
    rows: list[dict[int, list[int]]] = [{} for _ in (*table.header, *table.body)]
    for (part, number), column, cell in placed_cells(table):
        if cell.colspan == 1 and column < len(table.widths):
            rows[number + part * len(table.header)][column] = [
                sum(len(part.text) for part in walk(node) if isinstance(part, (Text, Value, Code, Ref, Citation)))
                for node in walk(cell.blocks)
                if isinstance(node, Paragraph)
            ]
    return rows


def placed_cells(table: Table) -> Iterator[tuple[tuple[int, int], int, Cell]]:
    """Every cell with its row (0 and its number in the head, 1 and its number in the body) and the column it begins in: cells
    that reach down from rows above push later cells to the right."""
    for part, rows in enumerate((table.header, table.body)):
        taken: set[tuple[int, int]] = set()
        for number, row in enumerate(rows):
            column = 0
            for cell in row.cells:
                while (number, column) in taken:
                    column += 1
                yield (part, number), column, cell
                taken.update((number + down, column + right) for down in range(cell.rowspan) for right in range(cell.colspan))
                column += cell.colspan
