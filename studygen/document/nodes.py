"""The document tree: a closed set of frozen node types that every writer can write.
Knows no medicine, no study and no output format; text in it is final, numbers in it are already words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, fields, is_dataclass
from typing import Literal

# ---------------------------------------------------------------- inline


@dataclass(frozen=True, slots=True)
class Text:
    """Plain characters."""

    text: str


@dataclass(frozen=True, slots=True)
class Emphasis:
    """Italic."""

    children: tuple[Inline, ...]


@dataclass(frozen=True, slots=True)
class Strong:
    """Bold."""

    children: tuple[Inline, ...]


@dataclass(frozen=True, slots=True)
class Code:
    """A code, an id or a file name in a fixed-width face."""

    text: str


@dataclass(frozen=True, slots=True)
class Script:
    """Superscript or subscript."""

    children: tuple[Inline, ...]
    position: Literal["super", "sub"] = "super"


@dataclass(frozen=True, slots=True)
class Link:
    """A link to an outside address."""

    children: tuple[Inline, ...]
    href: str


@dataclass(frozen=True, slots=True)
class Ref:
    """A cross-reference to a heading, table or figure of this document; `text` is filled when resolved ("Table 3"). The first of
    a range ("Tables 3 to 7") holds in `between` the targets that the range passes over."""

    target: str
    text: str = ""
    between: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Citation:
    """A citation of one or more works; `text` is filled when resolved ("[3,4]", the brackets included)."""

    keys: tuple[str, ...]
    text: str = ""


@dataclass(frozen=True, slots=True)
class Value:
    """A number that came from a result: the id it is traced by, and the text shown."""

    id: str
    text: str


@dataclass(frozen=True, slots=True)
class Footnote:
    """A footnote at this place; `number` is filled by numbering, running through the document."""

    children: tuple[Inline, ...]
    number: int = 0


@dataclass(frozen=True, slots=True)
class Break:
    """A line break inside a paragraph."""


Inline = Text | Emphasis | Strong | Code | Script | Link | Ref | Citation | Value | Footnote | Break

# ---------------------------------------------------------------- block


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading. `level` 1-5. `number` is "9.1" or "Annex 2" once numbered, "" for an unnumbered one. `kind` chooses the
    numbering series: sections, annexes, or none (title page, headings that carry no number)."""

    id: str
    level: int
    children: tuple[Inline, ...]
    number: str = ""
    kind: Literal["section", "annex", "unnumbered"] = "section"


ParagraphStyle = Literal["body", "title", "subtitle", "lead", "note", "caption", "list-entry", "small"]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph; `style` is one of a closed set that every writer maps to a style of its own."""

    children: tuple[Inline, ...]
    style: ParagraphStyle = "body"


@dataclass(frozen=True, slots=True)
class ListBlock:
    """A bulleted or numbered list; every item is a tuple of blocks."""

    items: tuple[tuple[Block, ...], ...]
    ordered: bool = False


@dataclass(frozen=True, slots=True)
class Cell:
    """A table cell. `blocks` are paragraphs and lists. `header` marks a header cell (column header in the table's header rows,
    row header in body rows). A cell with an `id` can be led to, like a row."""

    blocks: tuple[Block, ...]
    colspan: int = 1
    rowspan: int = 1
    header: bool = False
    align: Literal["left", "center", "right"] = "left"
    id: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """A table row; a `group` row spans the table and heads the rows below it, a `total` row is set off. A row with an `id` can
    be led to: in the annex of results it is the anchor of the number it explains."""

    cells: tuple[Cell, ...]
    kind: Literal["body", "group", "total"] = "body"
    id: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A table. Every body row starts with a header cell (rule of accessible tables). `widths` are relative column widths.
    `caption` is without its "Table n" label, which `number` gives; `number` 0 with an empty caption is a layout-free
    table that is not listed (PASS information). `notes` stand under the table."""

    id: str
    caption: tuple[Inline, ...]
    header: tuple[Row, ...]
    body: tuple[Row, ...]
    widths: tuple[float, ...]
    notes: tuple[tuple[Inline, ...], ...] = ()
    landscape: bool = False
    number: int = 0


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure: one drawing as SVG (for PDF and HTML) and as PNG at print resolution (for Word). `alt` is its text
    alternative, `width_cm` its printed width."""

    id: str
    caption: tuple[Inline, ...]
    alt: str
    svg: bytes = field(repr=False)
    png: bytes = field(repr=False)
    width_cm: float
    notes: tuple[tuple[Inline, ...], ...] = ()
    landscape: bool = False
    number: int = 0
    values: tuple[Value, ...] = ()
    """The traced numbers that are drawn. A reader of text finds them in `alt`; no writer writes them again."""


@dataclass(frozen=True, slots=True)
class Slot:
    """The place of a table or figure that a display will fill: `display` names the display, `options` its arguments.
    No slot is left in a finished document."""

    kind: Literal["table", "figure"]
    id: str
    display: str
    options: tuple[tuple[str, str], ...] = ()
    line: int = 0


@dataclass(frozen=True, slots=True)
class Contents:
    """The place of a generated list: contents, list of tables or list of figures. `entries` is filled when resolved:
    (level, number, title text, target id)."""

    kind: Literal["sections", "tables", "figures"]
    entries: tuple[ContentsEntry, ...] = ()


@dataclass(frozen=True, slots=True)
class ContentsEntry:
    """One line of a generated list: its level (1-based), label ("9.1", "Table 3"), title and the id it leads to."""

    level: int
    label: str
    title: str
    target: str


@dataclass(frozen=True, slots=True)
class Bibliography:
    """The reference list; filled when resolved: (citation key, label as printed, formatted entry)."""

    entries: tuple[BibliographyEntry, ...] = ()


@dataclass(frozen=True, slots=True)
class BibliographyEntry:
    """One reference as printed. Its anchor is `ref-<key>`."""

    key: str
    label: str
    children: tuple[Inline, ...]


@dataclass(frozen=True, slots=True)
class Callout:
    """A boxed remark that a reader must not miss (data status, unconfirmed facts)."""

    blocks: tuple[Block, ...]
    kind: Literal["note", "warning"] = "note"


@dataclass(frozen=True, slots=True)
class PageBreak:
    """What follows starts on a new page."""


Block = Heading | Paragraph | ListBlock | Table | Figure | Slot | Contents | Bibliography | Callout | PageBreak

Node = Inline | Block | Row | Cell | ContentsEntry | BibliographyEntry

# ---------------------------------------------------------------- document


@dataclass(frozen=True, slots=True)
class Meta:
    """What every page and the file's properties say. `date` is ISO. `marks` are the states a reader must see on every page
    (draft, published aggregates, illustrative)."""

    reference: str
    """Document id shown in header and footer, e.g. `BMSD-PASS-EX1-PRO`."""
    title: str
    """The study's title."""
    kind: str
    """The document type's title, e.g. "Study protocol"."""
    version: str
    date: str
    date_text: str
    short_title: str
    author: str
    labels: tuple[tuple[str, str], ...]
    """Visible words a writer needs ("Version", "Page {page} of {pages}", "Table", …), by key: `writer` in
    templates/shared/words.yaml."""
    marks: tuple[str, ...] = ()
    language: str = "en-GB"
    keywords: tuple[str, ...] = ()

    def label(self, key: str) -> str:
        """The visible word for `key`; KeyError when the words file lacks it."""
        return dict(self.labels)[key]


@dataclass(frozen=True, slots=True)
class Document:
    """A whole document: its meta data, the title page, and the numbered body."""

    meta: Meta
    front: tuple[Block, ...]
    """Blocks of the title page; the body starts on a new page."""
    body: tuple[Block, ...]


def plain_text(inlines: tuple[Inline, ...]) -> str:
    """The characters of inline nodes as a reader sees them; a break is a space, footnotes are left out."""
    parts: list[str] = []
    for node in inlines:
        match node:
            case Text(text) | Code(text):
                parts.append(text)
            case Value(_, text) | Ref(_, text) | Citation(_, text):
                parts.append(text)
            case Emphasis(children) | Strong(children) | Script(children) | Link(children):
                parts.append(plain_text(children))
            case Break():
                parts.append(" ")
            case Footnote():
                pass
    return "".join(parts)


def walk(node: object) -> Iterator[object]:
    """Every node below and including `node`, in reading order (a document's front, then its body)."""
    ahead = [node]
    while ahead:
        here = ahead.pop()
        if isinstance(here, tuple):
            ahead.extend(reversed(here))
        elif (parts := _parts(type(here))) is not None:
            yield here
            ahead.extend([getattr(here, part) for part in parts])


_PARTS: dict[type, tuple[str, ...] | None] = {}
"""What was asked before: documents are walked often and have many leaves."""


def _parts(kind: type) -> tuple[str, ...] | None:
    """The names of a node's parts, the last first; None for what is no node."""
    if kind not in _PARTS:
        _PARTS[kind] = tuple(part.name for part in reversed(fields(kind))) if is_dataclass(kind) else None
    return _PARTS[kind]
