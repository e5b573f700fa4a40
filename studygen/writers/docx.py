"""A document as a Word file: native headings, fields, captions, footnotes and styles from the same tree as the PDF.
Knows no study and computes no text: what it writes stands in the tree, the meta data and the style."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from studygen.document.nodes import Document, Figure, Footnote, Heading, walk
from studygen.writers.docx_anchors import anchors_of
from studygen.writers.docx_blocks import blocks_xml
from studygen.writers.docx_figures import image_names
from studygen.writers.docx_inline import inline_xml
from studygen.writers.docx_numbering import numbering_xml
from studygen.writers.docx_package import Parts, packed
from studygen.writers.docx_place import At
from studygen.writers.docx_sections import footer_xml, header_xml, section_properties, text_height, text_width
from studygen.writers.docx_settling import draft_root
from studygen.writers.docx_styles import styles_xml
from studygen.writers.docx_theme import fonts_xml, theme_xml
from studygen.writers.docx_xml import character_style, paragraph, run
from studygen.writers.sheets import Sheet, sheets
from studygen.writers.style import Style


def render_docx(document: Document, style: Style, pages: Mapping[str, int] | None) -> bytes:
    """The document as DOCX. `pages` (target id → page) are the page numbers its contents show until Word counts its own;
    without them they are left to Word. The same tree, style and pages give the same bytes.
    WriterError with every fault when the tree is not finished or Word would number it differently."""
    nodes = list(walk((document.front, document.body)))
    at = At(
        style=style,
        anchors=anchors_of(document, nodes),
        words=_words(document),
        pages=pages,
        width=text_width(style, landscape=False),
        height=text_height(style, landscape=False),
    )
    headings = [node for node in nodes if isinstance(node, Heading)]
    parts = Parts(
        document=_document_xml(document, at),
        footnotes=_footnotes_xml([node for node in nodes if isinstance(node, Footnote)], at),
        constant={
            "styles": styles_xml(style, document.meta.language, at.width),
            "theme": theme_xml(style),
            "fontTable": fonts_xml(style),
        },
        running=_running(document),
        images=_images([node for node in nodes if isinstance(node, Figure)]),
    )
    return packed(parts, lambda lists: numbering_xml(headings, lists), document.meta)


def _words(document: Document) -> dict[str, str]:
    table, figure = document.meta.label("table"), document.meta.label("figure")
    return {"table": table, "figure": figure, "tables": table, "figures": figure}


def _document_xml(document: Document, at: At) -> str:
    """The title page in a section of its own, then the body's sections; each ends with its properties, the last one at the
    end of the body."""
    front = (Sheet(document.front),) if document.front else ()
    content = (_sheet_xml(sheet, at) for sheet in (*front, *sheets(document.body)))
    return draft_root("w:document", f"<w:body>{''.join(content)}</w:body>")


def _sheet_xml(sheet: Sheet, at: At) -> str:
    turned = sheet.landscape
    here = replace(at, width=text_width(at.style, turned), height=text_height(at.style, turned))
    return blocks_xml(sheet.blocks, here) + section_properties(at.style, turned)


def _footnotes_xml(footnotes: list[Footnote], at: At) -> str:
    """<w:footnote w:id="1"><w:p><w:pPr><w:pStyle w:val="FootnoteText"/></w:pPr>
      <w:r><w:rPr><w:rStyle w:val="FootnoteReference"/></w:rPr><w:footnoteRef/></w:r>
      <w:r><w:t xml:space="preserve"> Words.</w:t></w:r></w:p></w:footnote>
    Word also wants the rule above the notes, and its longer form on a page where a note goes on, as notes -1 and 0."""
    rules = "".join(
        f'<w:footnote w:type="{kind}" w:id="{id}">{paragraph("FootnoteText", f"<w:r><w:{mark}/></w:r>")}</w:footnote>'
        for kind, id, mark in (("separator", -1, "separator"), ("continuationSeparator", 0, "continuationSeparator"))
    )
    sign = f"<w:r><w:rPr>{character_style('FootnoteReference')}</w:rPr><w:footnoteRef/></w:r>"
    notes = "".join(
        f'<w:footnote w:id="{note.number}">'
        f"{paragraph('FootnoteText', sign + run(' ') + inline_xml(note.children, at.anchors))}</w:footnote>"
        for note in footnotes
    )
    return draft_root("w:footnotes", rules + notes)


def _running(document: Document) -> dict[str, str]:
    """Headers and footers by name; both orientations are always there, so that a table can be turned in Word."""
    return {
        f"{kind}-{orientation}": write(document.meta, orientation == "landscape")
        for kind, write in (("header", header_xml), ("footer", footer_xml))
        for orientation in ("portrait", "landscape")
    }


def _images(figures: list[Figure]) -> dict[str, bytes]:
    images = {}
    for figure in figures:
        png, svg = image_names(figure)
        images[png] = figure.png
        if figure.svg:
            images[svg] = figure.svg
    return images
