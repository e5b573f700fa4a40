"""Numbers of headings, tables, figures and footnotes, in order of appearance, and the ids of headings that were given none.
Knows nothing about what the numbers are called."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace

from studygen.document.inlines import MentionKind
from studygen.document.nodes import Block, Callout, Document, Figure, Footnote, Heading, ListBlock, Table
from studygen.document.rewriting import Rewrites, transform
from studygen.errors import Fault, Place, TemplateError

Locate = Callable[[MentionKind, str], list[Place]]
"""Where an id, reference or citation was written; at least one place."""


def number_document(document: Document) -> Document:
    """The document with every number in place. Section headings come with the numbers that document.yaml declares; headings
    below them are counted. A table or figure without a caption has no number."""
    counts: Counter[type] = Counter()

    def counted(node: Footnote) -> Footnote:
        counts[Footnote] += 1
        return replace(node, number=counts[Footnote])

    def captioned(node: Table | Figure) -> Table | Figure:
        if not node.caption:
            return node
        counts[type(node)] += 1
        return replace(node, number=counts[type(node)])

    rewrites: Rewrites = {Footnote: counted, Table: captioned, Figure: captioned}
    front, body = transform((document.front, document.body), rewrites)
    return replace(document, front=_numbered_headings(front), body=_numbered_headings(body))


def _numbered_headings(blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    """Headings stand only at the top of the tree, never inside lists or callouts."""
    section = Heading("", 0, (), kind="unnumbered")
    below: list[int] = []
    unnumbered = 0
    numbered: list[Block] = []
    for block in blocks:
        if isinstance(block, Heading):
            if block.number or (block.kind == "unnumbered" and block.id):
                section, below = block, []
            elif section.number:
                depth = block.level - section.level
                below = below[:depth] + [0] * (depth - len(below))
                below[-1] += 1
                number = ".".join([section.number, *map(str, below)])
                block = replace(block, number=number, kind=section.kind, id=block.id or f"sec-{_slug(number)}")
            else:
                unnumbered += 1
                block = replace(block, kind="unnumbered", id=block.id or f"sec-{_slug(section.id)}-u{unnumbered}")
        numbered.append(block)
    return tuple(numbered)


def _slug(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-") or "front"


def anchored(blocks: tuple[Block, ...]) -> Iterator[Heading | Table | Figure]:
    """Everything that a reference can lead to, in order; tables and figures may stand in lists and callouts."""
    for block in blocks:
        match block:
            case Heading() | Table() | Figure():
                yield block
            case Callout(inner):
                yield from anchored(inner)
            case ListBlock(items):
                for item in items:
                    yield from anchored(item)


def check_ids(document: Document, locate: Locate) -> Document:
    """The document unchanged. Raises TemplateError with every id that names two things."""
    counts = Counter(block.id for block in anchored((*document.front, *document.body)))
    faults = []
    for id, count in counts.items():
        if count > 1:
            *others, last = locate("id", id)
            also = f"It also stands at {', '.join(map(str, others))}. " if others else ""
            faults.append(Fault(last, f'the id "{id}" names {count} things', f"{also}Give each its own id."))
    if faults:
        raise TemplateError(faults)
    return document
