"""Sheets: which blocks share a page orientation. Every paged writer follows the same rule, so that PDF and Word turn the page
at the same places. Knows nothing about how blocks are written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from studygen.document.nodes import (
    Block,
    Callout,
    Figure,
    Heading,
    ListBlock,
    Paragraph,
    Ref,
    Strong,
    Table,
    Text,
    Value,
    plain_text,
    walk,
)

LEAD_IN = 360
"""Characters of a paragraph that stays with the table or figure below it; about four lines."""
SHORT_PASSAGE = 900
"""Characters of a passage, those of its tables included, that does not get a portrait page of its own between two landscape
displays."""
SMALL_TABLE = 8
"""Rows of a table that such a passage may hold."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """Blocks that share a page orientation."""

    blocks: tuple[Block, ...]
    landscape: bool = False


def sheets(blocks: Sequence[Block]) -> tuple[Sheet, ...]:
    """Blocks divided where the orientation changes. A landscape table or figure takes along what introduces it, so that no
    heading stays behind alone, and a short passage between two of them stays on their pages. Always at least one section."""
    turned = [isinstance(block, Table | Figure) and block.landscape for block in blocks]
    for position, landscape in enumerate(list(turned)):
        if landscape:
            start = position - _introduction(blocks[:position])
            turned[start:position] = [True] * (position - start)
    turned = _without_short_returns(blocks, turned)
    found = [
        Sheet(tuple(block for block, _ in group), landscape)
        for landscape, group in groupby(zip(blocks, turned, strict=True), key=lambda pair: pair[1])
    ]
    return tuple(found) or (Sheet(()),)


def leads_in(blocks: Sequence[Block], position: int) -> bool:
    """Whether a block is the short paragraph right above a table or figure: it stays with that, so that neither it nor its
    heading stands at the foot of a page alone."""
    node, following = blocks[position], blocks[position + 1] if position + 1 < len(blocks) else None
    if not isinstance(node, Paragraph) or node.style != "body" or not isinstance(following, Table | Figure):
        return False
    return len(plain_text(node.children)) <= LEAD_IN


def runs_in(node: Paragraph) -> bool:
    """Whether a paragraph is bold words alone: they head what follows and stay with it."""
    return node.style == "body" and len(node.children) == 1 and isinstance(node.children[0], Strong)


def _introduction(blocks: Sequence[Block]) -> int:
    """How many blocks at the end introduce what follows: at most two paragraphs and the headings right above them; without such a
    heading, none."""
    start = len(blocks)
    while start and len(blocks) - start < 2 and isinstance(blocks[start - 1], Paragraph):
        start -= 1
    heading = start
    while heading and isinstance(blocks[heading - 1], Heading):
        heading -= 1
    return len(blocks) - heading if heading < start else 0


def _without_short_returns(blocks: Sequence[Block], turned: Sequence[bool]) -> list[bool]:
    """The orientations, without a return to portrait for a few lines between two landscape displays: they would stand on a
    page alone."""
    kept: list[bool] = []
    for landscape, group in groupby(enumerate(turned), key=lambda pair: pair[1]):
        places = [position for position, _ in group]
        between = not landscape and places[0] > 0 and places[-1] < len(blocks) - 1
        kept += [landscape or (between and _is_short([blocks[position] for position in places]))] * len(places)
    return kept


def _is_short(passage: Sequence[Block]) -> bool:
    if not all(isinstance(block, Heading | Paragraph | Callout | ListBlock) or _is_small_table(block) for block in passage):
        return False
    return sum(len(node.text) for node in walk(tuple(passage)) if isinstance(node, Text | Value | Ref)) <= SHORT_PASSAGE


def _is_small_table(block: Block) -> bool:
    return isinstance(block, Table) and len(block.body) <= SMALL_TABLE
