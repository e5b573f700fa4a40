"""The parts of a composed document: its sections with what stands in each, and how much that is. Judges nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from studygen.checks.subject import Checked
from studygen.document.manifest import Section
from studygen.document.nodes import (
    Bibliography,
    Block,
    Callout,
    Contents,
    Figure,
    Heading,
    ListBlock,
    Paragraph,
    Ref,
    Strong,
    Table,
    plain_text,
    walk,
)
from studygen.errors import Place

_WORD = re.compile(r"[^\W_]+(?:[-’'.][^\W_]+)*")


@dataclass(frozen=True, slots=True)
class Part:
    """A heading with the blocks below it, up to the next heading of any level."""

    heading: Heading
    blocks: tuple[Block, ...]

    @property
    def title(self) -> str:
        return f"{self.heading.number} {plain_text(self.heading.children)}".strip()

    @property
    def text(self) -> str:
        """The words of its paragraphs and lists, without cross-references."""
        return " ".join(_own_text(self.blocks)).strip()

    @property
    def words(self) -> int:
        return len(_WORD.findall(self.text))

    @property
    def displays(self) -> bool:
        """Whether something other than words stands there: a table with rows, a figure, a list that is made."""
        return any(
            isinstance(node, Figure | Contents | Bibliography) or (isinstance(node, Table) and bool(node.body))
            for node in walk(self.blocks)
        )

    def place(self, document: str) -> Place:
        return Place(document, path=self.title)


@dataclass(frozen=True, slots=True)
class SectionParts:
    """A section of the document type, with the part of its own heading and those of the headings below it."""

    section: Section
    parts: tuple[Part, ...]

    @property
    def blocks(self) -> tuple[Block, ...]:
        """Everything in it, headings included."""
        return tuple(block for part in self.parts for block in (part.heading, *part.blocks))[1:]


def sections_of(checked: Checked) -> tuple[SectionParts, ...]:
    """The sections of a document in order, each with its parts; a section that is not in the document is left out."""
    declared = {section.id: section for section in checked.manifest.sections}
    found: list[tuple[Section, list[Part]]] = []
    for part in parts_of(checked.tree.body):
        if part.heading.id in declared:
            found.append((declared[part.heading.id], [part]))
        elif found:
            found[-1][1].append(part)
    return tuple(SectionParts(section, tuple(parts)) for section, parts in found)


def parts_of(blocks: tuple[Block, ...]) -> Iterator[Part]:
    heading: Heading | None = None
    below: list[Block] = []
    for block in blocks:
        if isinstance(block, Heading):
            if heading is not None:
                yield Part(heading, tuple(below))
            heading, below = block, []
        else:
            below.append(block)
    if heading is not None:
        yield Part(heading, tuple(below))


def _own_text(blocks: tuple[Block, ...]) -> Iterator[str]:
    for block in blocks:
        match block:
            case Paragraph(children):
                yield plain_text(tuple(child for child in children if not isinstance(child, Ref)))
            case ListBlock(items):
                yield from (text for item in items for text in _own_text(item))
            case Callout(inner):
                yield from _own_text(inner)


def elements_of(part: Part) -> tuple[tuple[str, tuple[Block, ...]], ...]:
    """The labelled elements of an abstract: a paragraph all in bold, and what follows it."""
    found: list[tuple[str, list[Block]]] = []
    for block in part.blocks:
        if isinstance(block, Paragraph) and len(block.children) == 1 and isinstance(block.children[0], Strong):
            found.append((plain_text(block.children), []))
        elif found:
            found[-1][1].append(block)
    return tuple((label, tuple(below)) for label, below in found)


def table_in(nodes: object, id: str) -> Table | None:
    return next((node for node in walk(nodes) if isinstance(node, Table) and node.id == id), None)


def cells(table: Table) -> tuple[tuple[str, ...], ...]:
    """The texts of a table's body, row by row."""
    return tuple(tuple(" ".join(_own_text(cell.blocks)) for cell in row.cells) for row in table.body)


def columns(table: Table) -> tuple[str, ...]:
    """The texts of its last header row."""
    return tuple(" ".join(_own_text(cell.blocks)) for cell in table.header[-1].cells) if table.header else ()
