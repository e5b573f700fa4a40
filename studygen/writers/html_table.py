"""The grid of a table as HTML: columns, header rows, groups of rows, scopes of header cells.
Knows nothing about captions; cell contents are written by the caller."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from html import escape

from studygen.document.nodes import Block, Cell, Row, Table
from studygen.writers.table_breaks import Breaks

WriteCell = Callable[[tuple[Block, ...]], str]


def table_grid(node: Table, shares: tuple[float, ...], breaks: Breaks, write: WriteCell) -> str:
    """Columns (`shares` of the width), head and bodies. A group row and the rows below it form a body of their own, up to the
    next group or total, so that the group row heads them and no others."""
    head = "".join(row(line, "col", write) for line in node.header)
    parts = [columns(shares), f"<thead>{head}</thead>" if head else ""]
    for body in _bodies(node.body):
        rows = (row(line, "row", write, place in breaks.kept, place in breaks.tall) for place, line in body)
        parts.append(f"<tbody>{''.join(rows)}</tbody>")
    return "\n".join(part for part in parts if part)


def columns(shares: tuple[float, ...]) -> str:
    """Column widths as percentages of the whole."""
    if not shares:
        return ""
    return "<colgroup>" + "".join(f'<col style="width: {100 * share:.2f}%">' for share in shares) + "</colgroup>"


def row(node: Row, axis: str, write: WriteCell, kept: bool = False, tall: bool = False) -> str:
    """One row; `axis` says whether its header cells head columns ("col") or this row ("row"). A kept row stays with the next one,
    a tall row may break."""
    names = ([] if node.kind == "body" else [node.kind]) + (["kept"] if kept else []) + (["tall"] if tall else [])
    attribute = f' class="{" ".join(names)}"' if names else ""
    attribute += f' id="{escape(node.id)}"' if node.id else ""
    scope = "rowgroup" if node.kind == "group" else axis
    return f"<tr{attribute}>" + "".join(cell(item, scope, write) for item in node.cells) + "</tr>"


def cell(node: Cell, scope: str, write: WriteCell) -> str:
    """One cell; a header cell states what it heads. A centred column header over several columns is a spanner."""
    tag = "th" if node.header else "td"
    content = write(node.blocks)
    name: str = "" if node.align == "left" else node.align
    attributes = f' id="{escape(node.id)}"' if node.id else ""
    if node.header:
        if scope == "col" and node.colspan > 1:
            scope = "colgroup"
            if node.align == "center":
                name, content = "spanner", f"<span>{content}</span>"
        attributes += f' scope="{scope}"'
    if name:
        attributes += f' class="{name}"'
    if node.colspan > 1:
        attributes += f' colspan="{node.colspan}"'
    if node.rowspan > 1:
        attributes += f' rowspan="{node.rowspan}"'
    return f"<{tag}{attributes}>{content}</{tag}>"


def _bodies(rows: tuple[Row, ...]) -> Iterator[list[tuple[int, Row]]]:
    body: list[tuple[int, Row]] = []
    for place, line in enumerate(rows):
        if line.kind != "body" and body:
            yield body
            body = []
        body.append((place, line))
    if body:
        yield body
