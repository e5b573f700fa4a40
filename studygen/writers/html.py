"""A document tree as one page of semantic, accessible HTML for paged layout, one function per node type.
Knows nothing about PDF and nothing about studies; every visible word comes from the tree or its meta data."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from dataclasses import dataclass, replace
from html import escape
from typing import assert_never

from studygen.document.nodes import (
    Bibliography,
    Block,
    Callout,
    Contents,
    ContentsEntry,
    Document,
    Figure,
    Heading,
    Inline,
    ListBlock,
    Meta,
    PageBreak,
    Paragraph,
    Slot,
    Table,
    plain_text,
    walk,
)
from studygen.document.traces import row_anchors
from studygen.errors import Fault, Place, WriterError
from studygen.writers.columns import column_shares, text_width
from studygen.writers.columns_evened import row_lines
from studygen.writers.html_frame import head, running_footer, running_header
from studygen.writers.html_inline import Links, inlines
from studygen.writers.html_table import table_grid
from studygen.writers.sheets import leads_in, runs_in, sheets
from studygen.writers.style import Style
from studygen.writers.table_breaks import breaks_of

OUTLINE_DEPTH = 4
"""Bookmarks go down to this level (eCTD)."""


@dataclass(frozen=True, slots=True)
class Here:
    """What a block needs to know of its surroundings: the document's words, the look, where its parts lead, the heading it stands
    under."""

    meta: Meta
    style: Style
    links: Links
    level: int = 0
    leads_in: bool = False
    """Whether a paragraph here stays with the table or figure below it."""


def to_html(document: Document, style: Style) -> str:
    """The whole document as HTML with its style sheet inside and nothing fetched from outside.
    WriterError when a slot was left unfilled."""
    meta = document.meta
    here = Here(meta, style, links_of(document))
    return "\n".join(
        (
            "<!DOCTYPE html>",
            f'<html lang="{escape(meta.language)}">',
            head(meta, style),
            "<body>",
            running_header(meta),
            running_footer(meta),
            f'<section class="front">\n{flow(document.front, here)}\n</section>' if document.front else "",
            f"<main>\n{flow(document.body, here)}\n</main>",
            "</body>",
            "</html>",
            "",
        )
    )


def outline_label(node: Heading | Table | Figure, meta: Meta) -> str:
    """A heading's, table's or figure's line in the bookmarks: "9.1 Study design", "Table 3. Milestones"; "" for a table or
    figure that is not listed."""
    match node:
        case Heading():
            return f"{node.number} {plain_text(node.children)}".strip()
        case Table() | Figure():
            label = f"{display_label(node, meta)} " if node.number else ""
            return f"{label}{plain_text(node.caption)}".strip()


def display_label(node: Table | Figure, meta: Meta) -> str:
    """The label before a caption: "Table 3."."""
    return f"{meta.label('table' if isinstance(node, Table) else 'figure')} {node.number}."


def flow(nodes: tuple[Block, ...], here: Here) -> str:
    """A sequence of blocks on portrait and landscape pages. Page breaks that would leave an empty page are left out."""
    parts: list[str] = []
    fresh = True
    for sheet in sheets(nodes):
        inner: list[str] = []
        for position, node in enumerate(sheet.blocks):
            if isinstance(node, PageBreak) and fresh:
                continue
            if isinstance(node, Heading):
                here = replace(here, level=node.level)
            inner.append(block(node, replace(here, leads_in=leads_in(sheet.blocks, position))))
            fresh = isinstance(node, PageBreak)
        if sheet.landscape:
            parts.append('<div class="landscape">\n' + "\n".join(inner) + "\n</div>")
        else:
            parts += inner
        fresh = fresh or sheet.landscape
    return "\n".join(parts)


def block(node: Block, here: Here) -> str:
    """One block as HTML."""
    match node:
        case Heading():
            return heading(node, here)
        case Paragraph():
            return paragraph(node, here)
        case ListBlock():
            return list_block(node, here)
        case Table():
            return table(node, here)
        case Figure():
            return figure(node, here)
        case Contents():
            return contents(node)
        case Bibliography():
            return bibliography(node, here)
        case Callout():
            return callout(node, here)
        case PageBreak():
            return '<div class="page-break"></div>'
        case Slot():
            what = f"the {node.kind} {node.id} (display {node.display}) was not filled before writing"
            raise WriterError(Fault(Place(here.meta.reference, node.line or None), what))
        case _:
            assert_never(node)


def heading(node: Heading, here: Here) -> str:
    """A heading with its number; its bookmark reads number and text."""
    number = f'<span class="number">{escape(node.number, quote=False)}</span>' if node.number else ""
    outline = f" outline-{node.level}" if node.level <= OUTLINE_DEPTH else ""
    bookmark = escape(outline_label(node, here.meta))
    return (
        f'<h{node.level} id="{escape(node.id)}" class="{node.kind}{outline}" data-bookmark="{bookmark}">'
        f"{number}{inlines(node.children, here.links)}</h{node.level}>"
    )


def paragraph(node: Paragraph, here: Here) -> str:
    """A paragraph; its style is its class. Bold words alone head what follows and stay with it."""
    name: str = "" if node.style == "body" else node.style
    if runs_in(node):
        name = "run-in"
    elif here.leads_in:
        name = "lead-in"
    style = f' class="{name}"' if name else ""
    return f"<p{style}>{inlines(node.children, here.links)}</p>"


def list_block(node: ListBlock, here: Here) -> str:
    """A list; an item of one plain paragraph needs no paragraph of its own. What follows a list within an item stands in an item
    without a mark: the tags of a PDF would else put it before that list."""
    tag = "ol" if node.ordered else "ul"
    items = "".join(
        f'<li class="continued">{contained(part, here)}</li>' if number else f"<li>{contained(part, here)}</li>"
        for item in node.items
        for number, part in enumerate(_divided(item))
    )
    return f"<{tag}>{items}</{tag}>"


def _divided(item: tuple[Block, ...]) -> Iterator[tuple[Block, ...]]:
    """An item's blocks up to and with each list in it, and what follows."""
    start = 0
    for place, inner in enumerate(item[:-1], start=1):
        if isinstance(inner, ListBlock):
            yield item[start:place]
            start = place
    yield item[start:]


def contained(blocks: tuple[Block, ...], here: Here) -> str:
    """The contents of a list item or a table cell."""
    if len(blocks) == 1 and isinstance(blocks[0], Paragraph) and blocks[0].style == "body":
        return inlines(blocks[0].children, here.links)
    return "".join(block(node, here) for node in blocks)


def table(node: Table, here: Here) -> str:
    """A table with its caption above and its notes below. The caption carries the anchor, because a long table's frame
    may begin a page earlier than its first row."""
    anchor = f' id="{escape(node.id)}"{_bookmark(node, here)}'
    caption = f"<caption{anchor}>{_caption(node, here)}</caption>" if node.caption else ""
    shares = column_shares(node, here.style)
    breaks = breaks_of(node, row_lines(node, shares, text_width(here.style, node.landscape), here.style))
    grid = table_grid(node, shares, breaks, lambda blocks: contained(blocks, here))
    headless = "" if node.header else ' class="headless"'
    name = "display short" if breaks.whole else "display"
    return (
        f'<div class="{name}">\n<table{headless}{"" if caption else anchor}>{caption}{grid}</table>'
        f"{notes(node.notes, here)}\n</div>"
    )


def figure(node: Figure, here: Here) -> str:
    """A drawing with its text alternative, its caption and notes below."""
    caption = f"<figcaption>{_caption(node, here)}</figcaption>" if node.caption else ""
    return (
        f'<figure id="{escape(node.id)}"{_bookmark(node, here)}>'
        f'<img src="{image_source(node)}" alt="{escape(node.alt)}" style="width: {node.width_cm}cm">'
        f"{caption}{notes(node.notes, here)}</figure>"
    )


def image_source(node: Figure) -> str:
    """The drawing as an address that carries it."""
    return "data:image/svg+xml;base64," + base64.b64encode(node.svg).decode("ascii")


def notes(lines: tuple[tuple[Inline, ...], ...], here: Here) -> str:
    """The notes under a table or figure, one paragraph each."""
    if not lines:
        return ""
    return '<div class="display-notes">' + "".join(f"<p>{inlines(line, here.links)}</p>" for line in lines) + "</div>"


def contents(node: Contents) -> str:
    """A generated list whose lines lead to their targets; the layout adds leaders and page numbers."""
    if not node.entries:
        return ""
    displays = "" if node.kind == "sections" else " displays"
    stop = "." if displays else ""
    entries = "".join(contents_entry(entry, stop) for entry in node.entries)
    return f'<ol class="contents{displays}">{entries}</ol>'


def contents_entry(entry: ContentsEntry, stop: str) -> str:
    """One line of a generated list; a table's or figure's label ends with a stop, as in its caption. A label in words ("Annex 2")
    needs more width than a number."""
    wide = " wide" if entry.label[:1].isalpha() else ""
    label = f'<span class="label">{escape(entry.label, quote=False)}{stop}</span> ' if entry.label else ""
    line = f'<a href="#{escape(entry.target)}">{label}{escape(entry.title, quote=False)}</a>'
    return f'<li class="level-{entry.level}{wide}">{line}</li>'


def bibliography(node: Bibliography, here: Here) -> str:
    """The reference list, each entry with the anchor that citations lead to."""
    if not node.entries:
        return ""
    items = "".join(
        f'<li id="ref-{escape(entry.key)}"><span class="label">{escape(entry.label, quote=False)}</span> '
        f"{inlines(entry.children, here.links)}</li>"
        for entry in node.entries
    )
    return f'<ol class="references">{items}</ol>'


def callout(node: Callout, here: Here) -> str:
    """A boxed remark."""
    return f'<div class="callout {node.kind}">' + "".join(block(inner, here) for inner in node.blocks) + "</div>"


def _caption(node: Table | Figure, here: Here) -> str:
    label = f'<span class="label">{display_label(node, here.meta)}</span> ' if node.number else ""
    return label + inlines(node.caption, here.links)


def _bookmark(node: Table | Figure, here: Here) -> str:
    """A listed table or figure stands in the bookmarks one level below its heading, at most at the last level."""
    label = outline_label(node, here.meta)
    if not label:
        return ""
    return f' class="outline-{min(here.level + 1, OUTLINE_DEPTH)}" data-bookmark="{escape(label)}"'


def links_of(document: Document) -> Links:
    """What the inline nodes of a document may lead to."""
    lists = [node for node in walk(document.body) if isinstance(node, Bibliography)]
    works = {entry.label.strip("[](). "): entry.key for node in lists for entry in node.entries}
    return Links(works, row_anchors(document.body), code_break="\u200b")
