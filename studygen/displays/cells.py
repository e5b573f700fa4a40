"""Cells and rows of tables: what the definition says becomes blocks, what is missing gets its mark, every body row starts with a
header cell. Knows nothing about any one table."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Literal, TypeAlias

from studygen.definition import NotApplicable, Prose
from studygen.displays.formats import sentence_case
from studygen.displays.frame import Speaks
from studygen.document.nodes import (
    Block,
    Break,
    Cell,
    Citation,
    Code,
    Emphasis,
    Footnote,
    Inline,
    Link,
    ListBlock,
    Paragraph,
    Ref,
    Row,
    Script,
    Slot,
    Strong,
    Table,
    Text,
    Value,
)

Align = Literal["left", "center", "right"]

Content: TypeAlias = "str | Inline | Paragraph | ListBlock | NotApplicable | Sequence[Content] | None"
"""What may be put into a cell: a text as it is, narrative text, a node, a part that does not apply, or several of these, each
a paragraph of its own."""

NO_BREAK = "\N{NO-BREAK SPACE}"

INLINE = (Text, Emphasis, Strong, Code, Script, Link, Ref, Citation, Value, Footnote, Break)


def blocks(frame: Speaks, content: Content) -> tuple[Block, ...]:
    """The blocks of a content. An empty text, None and an empty list become the mark of something missing."""
    found = tuple(_blocks(frame, content))
    return found or (Paragraph((Text(frame.texts.word("cell", "missing")),)),)


def _blocks(frame: Speaks, content: Content) -> Iterable[Block]:
    if isinstance(content, Prose):
        yield from frame.prose(content)
    elif isinstance(content, str):
        if content.strip():
            yield Paragraph((Text(content),))
    elif isinstance(content, NotApplicable):
        yield from not_applicable(frame, content)
    elif isinstance(content, INLINE):
        yield Paragraph((content,))
    elif isinstance(content, Paragraph | ListBlock):
        yield content
    elif content is not None:
        for part in content:
            yield from _blocks(frame, part)


def not_applicable(frame: Speaks, part: NotApplicable) -> tuple[Block, ...]:
    """The words that a part does not apply, and the reason."""
    lead, *rest = frame.prose(part.not_applicable) or (Paragraph(()),)
    words = Text(frame.texts.say("patterns.not_applicable") + " ")
    if isinstance(lead, Paragraph):
        return (Paragraph((words, *lead.children), lead.style), *rest)
    return (Paragraph((words,)), lead, *rest)


def cell(frame: Speaks, content: Content, *, align: Align = "left", colspan: int = 1) -> Cell:
    """A body cell."""
    return Cell(blocks(frame, content), colspan=colspan, align=align)


def blank() -> Cell:
    """A body cell that can hold no value, because what its row tells has none in this column."""
    return Cell((Paragraph(()),))


def unbroken(text: str) -> str:
    """A text that stays on one line, such as a date in a narrow column."""
    return text.replace(" ", NO_BREAK)


def head(frame: Speaks, content: Content, *, colspan: int = 1, rowspan: int = 1, align: Align = "left") -> Cell:
    """A header cell, of the table's head or of a row."""
    return Cell(blocks(frame, content), colspan=colspan, rowspan=rowspan, header=True, align=align)


def row(frame: Speaks, label: Content, *contents: Content) -> Row:
    """A body row: its label as a header cell, and a cell for each content."""
    return Row((head(frame, label), *(cell(frame, content) for content in contents)))


def group(frame: Speaks, label: Content, columns: int) -> Row:
    """A row that heads the rows below it."""
    return Row((head(frame, label, colspan=columns),), kind="group")


def subheader(frame: Speaks, labels: Sequence[str]) -> Row:
    """A row inside the body that heads the columns of the rows below it."""
    return Row(tuple(head(frame, Strong((Text(label),))) for label in labels))


def spanning(frame: Speaks, label: Content, content: Content, columns: int) -> Row:
    """A body row whose one content spans all columns after the label."""
    return Row((head(frame, label), cell(frame, content, colspan=columns - 1)))


def none_row(frame: Speaks, columns: int) -> Row:
    """The one row of a table that has nothing to list."""
    return Row((head(frame, frame.texts.say("patterns.none"), colspan=columns),))


def header_row(frame: Speaks, labels: Sequence[str], aligns: Sequence[Align] = ()) -> Row:
    """A row of column headers."""
    sides: Sequence[Align] = aligns or ["left"] * len(labels)
    return Row(tuple(head(frame, label, align=side) for label, side in zip(labels, sides, strict=True)))


def table(
    frame: Speaks,
    slot: Slot,
    caption: tuple[Inline, ...],
    columns: Sequence[str],
    body: Sequence[Row],
    widths: Sequence[float],
    *,
    notes: Sequence[tuple[Inline, ...]] = (),
    landscape: bool = False,
    missing: str = "missing_key",
    aligns: Sequence[Align] = (),
) -> Table:
    """A table with one row of column headers; when there is nothing to list its one row says "None". Where a cell holds only the
    mark of something missing, the shared note `missing` explains it; "" where the notes do. `aligns` are of the headers."""
    rows = tuple(body) or (none_row(frame, len(columns)),)
    keys = [frame.texts.inline(f"shared.{missing}")] if missing and marks_missing(frame, rows) else []
    return Table(slot.id, caption, (header_row(frame, columns, aligns),), rows, tuple(widths), (*notes, *keys), landscape)


def marks_missing(frame: Speaks, rows: Sequence[Row]) -> bool:
    """Whether a cell holds nothing but the mark of something missing."""
    mark = (Paragraph((Text(frame.texts.word("cell", "missing")),)),)
    return any(each.blocks == mark for row in rows for each in row.cells)


def spread(frame: Speaks, contents: Sequence[Content]) -> tuple[Cell, ...]:
    """Body cells; one cell over all columns where they all say the same."""
    cells = tuple(cell(frame, content) for content in contents)
    if len(cells) > 1 and all(each == cells[0] for each in cells):
        return (replace(cells[0], colspan=len(cells)),)
    return cells


def word(frame: Speaks, list: str, key: str) -> str:
    """A word of a closed list as a cell begins with it."""
    return sentence_case(frame.texts.word(list, key))


def yes_no(frame: Speaks, answer: bool) -> str:
    return frame.texts.word("yes_no", "yes" if answer else "no")


def bullets(frame: Speaks, items: Sequence[Content]) -> Content:
    """A bulleted list; nothing when there are no items."""
    return ListBlock(tuple(blocks(frame, item) for item in items)) if items else None
