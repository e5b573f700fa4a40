"""Traced numbers in a document: where each stands, and the row that explains it. Knows ids, and nothing of the results behind
them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from studygen.document.nodes import Block, Cell, Document, Figure, Heading, Row, Table, Value, plain_text, walk

VALUE = "value-"
"""What the ids of the rows and cells begin with that explain numbers."""


def value_anchor(id: str) -> str:
    """The id of the table row or cell that explains a result: "value-arr_ratio-pooled" for `arr_ratio.pooled`. Made
    of letters, digits, hyphens and underscores, so that it can stand in an address; different for different results."""
    return VALUE + re.sub(r"[^A-Za-z0-9_]", lambda found: "-" if found[0] == "." else f"-{ord(found[0]):x}-", id)


def row_anchors(nodes: object) -> frozenset[str]:
    """The ids of all rows and cells below `nodes` that can be led to."""
    return frozenset(node.id for node in walk(nodes) if isinstance(node, Row | Cell) and node.id)


@dataclass(frozen=True, slots=True)
class Use:
    """One place where a result is shown: its id, the text shown, and the nearest heading, table or figure. `section` is the
    heading's number (its words when it has none, empty on the title page), `display` the label of the table or figure ("Table 3")
    or empty, `target` the id that leads there."""

    id: str
    shown: str
    section: str = ""
    display: str = ""
    target: str = ""


def uses(document: Document) -> tuple[Use, ...]:
    """Every traced number of a document in reading order."""
    return (*_uses(document.front, document), *_uses(document.body, document))


def _uses(blocks: tuple[Block, ...], document: Document) -> Iterator[Use]:
    section, target = "", ""
    for block in blocks:
        if isinstance(block, Heading):
            section, target = block.number or plain_text(block.children), block.id
        display, place = _display(block, document), getattr(block, "id", "") or target
        for node in walk(block):
            if isinstance(node, Value):
                yield Use(node.id, node.text, section, display, place)


def _display(block: Block, document: Document) -> str:
    if not isinstance(block, Table | Figure) or not block.number:
        return ""
    return f"{document.meta.label('table' if isinstance(block, Table) else 'figure')} {block.number}"
