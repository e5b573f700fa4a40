"""The sentences of a composed document, each with the results shown in it and the section it stands in. Judges nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from studygen.document.nodes import (
    Block,
    Document,
    Emphasis,
    Figure,
    Heading,
    Inline,
    Link,
    Paragraph,
    Script,
    Strong,
    Table,
    Value,
    plain_text,
    walk,
)
from studygen.errors import Place

_END = re.compile(r"(?<=[.!?])(?<!\be\.g\.)(?<!\bi\.e\.)(?<!\bvs\.)(?<!\bNo\.)\s+(?=[A-Z“\"(\[‘])")


@dataclass(frozen=True, slots=True)
class Shown:
    """A result in a sentence: its id, and the characters where it is shown."""

    id: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence as a reader sees it. `section` is the number and the words of the heading above it."""

    text: str
    values: tuple[Shown, ...] = ()
    document: str = ""
    section: str = ""

    @property
    def place(self) -> Place:
        return Place(self.document, path=self.section)


def sentences(name: str, tree: Document) -> Iterator[Sentence]:
    """The sentences of a document in reading order, those of its tables and notes among them."""
    for blocks in (tree.front, tree.body):
        heading = ""
        for block in blocks:
            if isinstance(block, Heading):
                heading = f"{block.number} {plain_text(block.children)}".strip()
            for inlines in _texts(block):
                yield from _sentences(inlines, name, heading)


def _texts(block: Block) -> Iterator[tuple[Inline, ...]]:
    for node in walk(block):
        match node:
            case Paragraph(children):
                yield children
            case Table(caption=caption, notes=notes) | Figure(caption=caption, notes=notes):
                yield caption
                yield from notes


def _sentences(inlines: tuple[Inline, ...], name: str, heading: str) -> Iterator[Sentence]:
    text, values = "", []
    for node in _flat(inlines):
        start = len(text)
        text += plain_text((node,))
        if isinstance(node, Value):
            values.append(Shown(node.id, start, len(text)))
    start = 0
    for end, following in [*((found.start(), found.end()) for found in _END.finditer(text)), (len(text), len(text))]:
        inside = tuple(Shown(each.id, each.start - start, each.end - start) for each in values if start <= each.start < end)
        if text[start:end].strip():
            yield Sentence(text[start:end], inside, name, heading)
        start = following


def _flat(inlines: tuple[Inline, ...]) -> Iterator[Inline]:
    for node in inlines:
        match node:
            case Emphasis(children) | Strong(children) | Script(children) | Link(children):
                yield from _flat(children)
            case _:
                yield node
