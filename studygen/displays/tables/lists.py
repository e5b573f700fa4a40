"""Tables that list things, a row each, without what says nothing: a column in which no row says anything is left out, and one in
which every row says the same is said once below the table."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from studygen.definition import Prose
from studygen.displays.cells import Content, blocks, row, table
from studygen.displays.frame import Frame
from studygen.document.nodes import Inline, Paragraph, Slot, Table, Text


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its header, what its rows say, and its relative width."""

    header: str
    contents: Sequence[Content]
    width: float
    optional: bool = False
    """Left out where no row says anything."""
    shared: bool = False
    """Said once below the table where more than one row says the same short text."""


def list_table(
    frame: Frame,
    slot: Slot,
    caption: tuple[Inline, ...],
    columns: Sequence[Column],
    *,
    notes: Sequence[tuple[Inline, ...]] = (),
    missing: str = "missing_key",
) -> Table:
    """The table; the first column holds the headers of the rows and is always there."""
    first, *others = columns
    said = [_said_once(each) for each in others]
    told = [each for each, once in zip(others, said, strict=True) if not once]
    kept = [each for each in told if not (each.optional and _says_nothing(frame, each))]
    body = [row(frame, label, *(each.contents[number] for each in kept)) for number, label in enumerate(first.contents)]
    once = [
        frame.texts.inline("shared.said_once", column=each.header, text=text)
        for each, text in zip(others, said, strict=True)
        if text
    ]
    headers, widths = [each.header for each in (first, *kept)], [each.width for each in (first, *kept)]
    return table(frame, slot, caption, headers, body, widths, notes=(*once, *notes), missing=missing)


def _said_once(column: Column) -> str:
    """The text that every row of a column says; empty where they differ, or where it is no short text."""
    if not column.shared or len(column.contents) < 2:
        return ""
    texts = {text for content in column.contents for text in (tuple(_short_text(content)) or (None,))}
    (text, *more) = texts
    return "" if more or text is None else text.rstrip(".")


def _short_text(content: Content) -> Iterator[str]:
    if isinstance(content, str) and not isinstance(content, Prose) and content.strip():
        yield content


def _says_nothing(frame: Frame, column: Column) -> bool:
    mark = (Paragraph((Text(frame.texts.word("cell", "missing")),)),)
    return all(blocks(frame, content) == mark for content in column.contents)
