"""The grid of a table as HTML: columns, header rows, groups of rows, scopes of header cells.
Knows nothing about captions; cell contents are written by the caller."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from html import escape

from studygen.document.nodes import Block, Cell, Row, Table

WriteCell = Callable[[tuple[Block, ...]], str]

TALL = 16
"""Rows of more lines than this may break over pages: kept whole, they would leave half a page empty."""

SHORT = 14
"""Tables of no more lines than this stay on one page."""


def table_grid(node: Table, shares: tuple[float, ...], lines: tuple[float, ...], write: WriteCell) -> str:
    """Columns (`shares` of the width), head and bodies; `lines` says roughly how tall each row is, header rows first. A group
    row and the rows below it form a body of their own, up to the next group or total, so that the group row heads them and
    no others."""
    head = "".join(row(line, "col", write) for line in node.header)
    tall = {id(line) for line, height in zip(node.body, lines[len(node.header) :], strict=False) if height > TALL}
    parts = [columns(shares), f"<thead>{head}</thead>" if head else ""]
    parts += [
        "<tbody>" + "".join(row(line, "row", write, id(line) in tall) for line in body) + "</tbody>"
        for body in _bodies(node.body)
    ]
    return "\n".join(part for part in parts if part)


def is_short(lines: tuple[float, ...]) -> bool:
    """Whether a table of rows that tall stays on one page."""
    return sum(lines) <= SHORT


def columns(shares: tuple[float, ...]) -> str:
    """Column widths as percentages of the whole."""
    if not shares:
        return ""
    return "<colgroup>" + "".join(f'<col style="width: {100 * share:.2f}%">' for share in shares) + "</colgroup>"


def row(node: Row, axis: str, write: WriteCell, tall: bool = False) -> str:
    """One row; `axis` says whether its header cells head columns ("col") or this row ("row"). A tall row may break."""
    names = ([] if node.kind == "body" else [node.kind]) + (["tall"] if tall else [])
    attribute = f' class="{" ".join(names)}"' if names else ""
    attribute += f' id="{escape(node.id)}"' if node.id else ""
    scope = "rowgroup" if node.kind == "group" else axis
    return f"<tr{attribute}>" + "".join(cell(item, scope, write) for item in node.cells) + "</tr>"


def cell(node: Cell, scope: str, write: WriteCell) -> str:
    """One cell; a header cell states what it heads. A column header over several columns is a spanner."""
    tag = "th" if node.header else "td"
    content = write(node.blocks)
    name: str = "" if node.align == "left" else node.align
    attributes = ""
    if node.header:
        if scope == "col" and node.colspan > 1:
            scope, name, content = "colgroup", "spanner", f"<span>{content}</span>"
        attributes += f' scope="{scope}"'
    if name:
        attributes += f' class="{name}"'
    if node.colspan > 1:
        attributes += f' colspan="{node.colspan}"'
    if node.rowspan > 1:
        attributes += f' rowspan="{node.rowspan}"'
    return f"<{tag}{attributes}>{content}</{tag}>"


def _bodies(rows: tuple[Row, ...]) -> Iterator[list[Row]]:
    body: list[Row] = []
    for line in rows:
        if line.kind != "body" and body:
            yield body
            body = []
        body.append(line)
    if body:
        yield body
