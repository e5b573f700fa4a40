"""Block nodes as paragraphs and tables: one function per node type, and the catalogue of them at the end.
Sections, headers and the package are not its business."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from studygen.document.nodes import (
    Bibliography,
    Block,
    Callout,
    Contents,
    Figure,
    Heading,
    ListBlock,
    PageBreak,
    Paragraph,
    Slot,
    Table,
)
from studygen.errors import Fault, Place, WriterError
from studygen.writers.docx_fields import bookmark, contents
from studygen.writers.docx_figures import figure_xml
from studygen.writers.docx_inline import inline_xml
from studygen.writers.docx_numbering import LIST_INDENT, LIST_LEVELS, Family, heading_style, list_style
from studygen.writers.docx_place import At
from studygen.writers.docx_styles import PARAGRAPH_STYLES
from studygen.writers.docx_tables import table_xml
from studygen.writers.docx_xml import TAB, paragraph, run
from studygen.writers.sheets import leads_in, runs_in

BODY, LEAD_IN = "BodyText", "LeadIn"
"""The styles of a plain paragraph, and of one that stays with the table or figure below it."""
UNSETTLED = "0"
"""The numbering id of an ordered list until the whole part is there."""


def blocks_xml(blocks: tuple[Block, ...], at: At) -> str:
    """Blocks one after another."""
    places = [replace(at, body=LEAD_IN) if at.body == BODY and leads_in(blocks, n) else at for n in range(len(blocks))]
    return "".join(BLOCKS[type(block)](block, place) for block, place in zip(blocks, places, strict=True))


def _heading(node: Heading, at: At) -> str:
    return paragraph(heading_style(node), bookmark(node.id, inline_xml(node.children, at.anchors)))


def _paragraph(node: Paragraph, at: At) -> str:
    return paragraph(_paragraph_style(node, at), inline_xml(node.children, at.anchors), _kept(at))


def _kept(at: At) -> str:
    return "<w:keepNext/>" if at.keep else ""


def _paragraph_style(node: Paragraph, at: At) -> str:
    if at.body in (BODY, LEAD_IN) and runs_in(node):
        return "RunIn"
    if node.style == "body" or at.family.startswith("Callout"):
        return at.body
    if at.family == "Table" and node.style in ("note", "small"):
        return "TableNote"
    return PARAGRAPH_STYLES[node.style]


def _list(node: ListBlock, at: At) -> str:
    """Every item's first paragraph carries the number or bullet, what follows in it continues below. A bullet comes with the
    style; an ordered list needs an instance of its own to begin at 1, which is settled when the part is complete.

    <w:p><w:pPr><w:pStyle w:val="ListNumber"/><w:numPr><w:ilvl w:val="0"/><w:numId w:val="12"/></w:numPr></w:pPr>…</w:p>
    """
    depth = at.depth + 1
    level = min(depth, LIST_LEVELS[at.family])
    numbering = f'<w:numPr><w:ilvl w:val="{level - 1}"/><w:numId w:val="{UNSETTLED}"/></w:numPr>' if node.ordered else ""
    following = f"{at.family}Continue{level if level > 1 else ''}" if LIST_INDENT[at.family] else at.body
    inside = replace(at, depth=depth, body=following)
    items = []
    for item in node.items:
        match item:
            case (Paragraph(children, _), *rest):
                style = list_style(at.family, node.ordered, depth)
                items.append(
                    paragraph(style, inline_xml(children, at.anchors), _kept(at) + numbering) + blocks_xml(tuple(rest), inside)
                )
            case _:
                items.append(blocks_xml(item, inside))
    content = "".join(items)
    return f'<draft:list family="{at.family}">{content}</draft:list>' if node.ordered else content


def _table(node: Table, at: At) -> str:
    return table_xml(node, at, blocks_xml)


def _figure(node: Figure, at: At) -> str:
    return figure_xml(node, at)


def _slot(node: Slot, _at: At) -> str:
    raise WriterError(Fault(Place(node.id, node.line), "this slot was not filled", "Compose the document before it is written."))


def _contents(node: Contents, at: At) -> str:
    return contents(node, at.words, at.pages)


def _bibliography(node: Bibliography, at: At) -> str:
    return "".join(
        paragraph("Bibliography", bookmark(f"ref-{entry.key}", run(entry.label)) + TAB + inline_xml(entry.children, at.anchors))
        for entry in node.entries
    )


def _callout(node: Callout, at: At) -> str:
    """Paragraphs of a bordered style: Word joins neighbours into one box, and a screen reader reads plain text. What is not a
    paragraph or list interrupts the box."""
    style: Family = "CalloutNote" if node.kind == "note" else "CalloutWarning"
    return blocks_xml(node.blocks, replace(at, body=style, family=style, depth=0))


def _page_break(_node: PageBreak, _at: At) -> str:
    return "<draft:page-break/>"


BLOCKS: dict[type, Callable[[Any, At], str]] = {
    Heading: _heading,
    Paragraph: _paragraph,
    ListBlock: _list,
    Table: _table,
    Figure: _figure,
    Slot: _slot,
    Contents: _contents,
    Bibliography: _bibliography,
    Callout: _callout,
    PageBreak: _page_break,
}
"""Every block node type and how it is written."""
