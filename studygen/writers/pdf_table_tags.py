"""The header cells of a tagged table: their scope, and which of them head each data cell.
Works on structure elements (`S` the tag, `K` the children, `A` the attributes) before the PDF is written."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

Element = dict[str, Any]
Objects = Mapping[bytes, Element]


@dataclass(frozen=True, slots=True)
class PlacedCell:
    """A table cell with the first row and column it covers and how many of each."""

    element: Element
    row: int
    column: int
    rows: int
    columns: int

    @property
    def covered_columns(self) -> range:
        return range(self.column, self.column + self.columns)


def mend_table(table: Element, objects: Objects, array: Callable[[list[Any]], Any]) -> None:
    """Gives header cells a scope (`/Column` in the table's head, `/Row` below it) and data cells the ids of their headers: the
    group row that opens their body, the row's header, the columns' headers from top to bottom. The engine leaves out scopes
    and misplaces the columns of a second header row below a cell that spans both."""
    rows = list(_rows(table, objects, table))
    cells = _placed([row for row, _ in rows], objects)
    width = max((cell.column + cell.columns for cell in cells), default=0)
    by_column: dict[int, list[Any]] = defaultdict(list)
    by_row: dict[int, list[Any]] = defaultdict(list)
    by_body: dict[int, list[Any]] = defaultdict(list)
    for cell in cells:
        if cell.element["S"] != "/TH":
            continue
        body = rows[cell.row][1]
        in_head = body["S"] == "/THead"
        cell.element["A"]["Scope"] = "/Column" if in_head else "/Row"
        if in_head:
            for column in cell.covered_columns:
                by_column[column].append(cell.element["ID"])
        elif cell.columns == width > 1:
            by_body[id(body)].append(cell.element["ID"])
        else:
            for row in range(cell.row, cell.row + cell.rows):
                by_row[row].append(cell.element["ID"])
    for cell in cells:
        if cell.element["S"] == "/TD":
            over = [header for column in cell.covered_columns for header in by_column[column]]
            headers = [*by_body[id(rows[cell.row][1])], *by_row[cell.row], *over]
            cell.element["A"]["Headers"] = array(list(dict.fromkeys(headers)))


def _rows(element: Element, objects: Objects, body: Element) -> Iterator[tuple[Element, Element]]:
    """The rows below an element in reading order, each with the head or body it stands in."""
    for child in (objects[kid] for kid in element["K"] if kid in objects):
        if child.get("S") == "/TR":
            yield child, body
        elif child.get("S") in ("/THead", "/TBody", "/TFoot"):
            yield from _rows(child, objects, child)


def _placed(rows: list[Element], objects: Objects) -> list[PlacedCell]:
    """Every cell at its place in the grid: cells that reach down from rows above push later cells to the right."""
    taken: set[tuple[int, int]] = set()
    placed = []
    for row, element in enumerate(rows):
        column = 0
        for cell in (objects[kid] for kid in element["K"] if kid in objects):
            if cell.get("S") not in ("/TH", "/TD"):
                continue
            while (row, column) in taken:
                column += 1
            columns, height = int(cell["A"].get("ColSpan", 1)), int(cell["A"].get("RowSpan", 1))
            placed.append(PlacedCell(cell, row, column, height, columns))
            taken.update((row + down, column + right) for down in range(height) for right in range(columns))
            column += columns
    return placed
