"""What a document says, passage by passage in reading order: the measure that every written file is held against.
Knows no output format; a file read back gives passages of the same kinds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Literal, assert_never

from studygen.document.nodes import (
    Bibliography,
    Block,
    Break,
    Callout,
    Citation,
    Code,
    Contents,
    ContentsEntry,
    Document,
    Emphasis,
    Figure,
    Footnote,
    Heading,
    Inline,
    Link,
    ListBlock,
    Meta,
    PageBreak,
    Paragraph,
    Ref,
    Row,
    Script,
    Slot,
    Strong,
    Table,
    Text,
    Value,
    walk,
)

Kind = Literal["heading", "text", "caption", "columns", "row", "figure", "footnote"]


@dataclass(frozen=True, slots=True)
class Passage:
    """A part of a document with its words. `columns` and `row` are rows of a table's head and body with a text for each of their
    own cells, all others have one text: a heading with its number, a caption with its label, a figure's text alternative.
    `level` is a heading's level."""

    kind: Kind
    texts: tuple[str, ...]
    level: int = 0


def passages(document: Document) -> tuple[Passage, ...]:
    """All passages of a finished document in reading order, then its footnotes."""
    whole = (document.front, document.body)
    notes = [node for node in walk(whole) if isinstance(node, Footnote)]
    return joined(
        (
            *_of_blocks(document.front, document.meta),
            *_of_blocks(document.body, document.meta),
            *(Passage("footnote", (f"{note.number} {_words(note.children)}",)) for note in notes),
        )
    )


def joined(pieces: Iterable[Passage]) -> tuple[Passage, ...]:
    """Pieces without the empty ones, and neighbouring pieces of plain text as one: where a paragraph ends is a matter of form."""
    spoken = (piece for piece in pieces if any(text.strip() for text in piece.texts))
    whole: list[Passage] = []
    for kind, group in groupby(spoken, key=lambda piece: piece.kind):
        neighbours = list(group)
        if kind == "text":
            neighbours = [Passage("text", ("\n".join(piece.texts[0] for piece in neighbours),))]
        whole += neighbours
    return tuple(whole)


def _of_blocks(blocks: tuple[Block, ...], meta: Meta) -> Iterator[Passage]:
    for block in blocks:
        match block:
            case Heading():
                yield Passage("heading", (f"{block.number} {_words(block.children)}",), block.level)
            case Paragraph():
                yield Passage("text", (_words(block.children),))
            case ListBlock():
                for item in block.items:
                    yield from _of_blocks(item, meta)
            case Table():
                yield Passage("caption", (_caption(block, meta),))
                yield from (Passage("columns", _cells(row, meta)) for row in block.header)
                yield from (Passage("row", _cells(row, meta)) for row in block.body)
                yield from (Passage("text", (_words(note),)) for note in block.notes)
            case Figure():
                yield Passage("figure", (block.alt,))
                yield Passage("caption", (_caption(block, meta),))
                yield from (Passage("text", (_words(note),)) for note in block.notes)
            case Contents():
                yield from (Passage("text", (_line(entry, block.kind),)) for entry in block.entries)
            case Bibliography():
                yield from (Passage("text", (f"{entry.label} {_words(entry.children)}",)) for entry in block.entries)
            case Callout():
                yield from _of_blocks(block.blocks, meta)
            case PageBreak() | Slot():
                pass
            case _:
                assert_never(block)


def _caption(node: Table | Figure, meta: Meta) -> str:
    label = meta.label("table" if isinstance(node, Table) else "figure")
    return f"{label} {node.number}. {_words(node.caption)}" if node.number else _words(node.caption)


def _line(entry: ContentsEntry, kind: str) -> str:
    """A line of a generated list without its page; the label of a table or figure ends with a stop, as in the caption."""
    return f"{entry.label}{'' if kind == 'sections' else '.'} {entry.title}"


def _cells(row: Row, meta: Meta) -> tuple[str, ...]:
    return tuple("\n".join(text for piece in _of_blocks(cell.blocks, meta) for text in piece.texts) for cell in row.cells)


def _words(inlines: tuple[Inline, ...]) -> str:
    """The characters a reader sees, a footnote's number included."""
    parts: list[str] = []
    for node in inlines:
        match node:
            case Text(text) | Code(text) | Value(_, text) | Ref(_, text) | Citation(_, text):
                parts.append(text)
            case Emphasis(children) | Strong(children) | Script(children) | Link(children):
                parts.append(_words(children))
            case Footnote():
                parts.append(str(node.number))
            case Break():
                parts.append("\n")
            case _:
                assert_never(node)
    return "".join(parts)
