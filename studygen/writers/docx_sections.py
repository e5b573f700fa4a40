"""Word's sections: page size and margins of portrait and landscape sheets, and the header and footer of each."""

from __future__ import annotations

from studygen.document.nodes import Meta
from studygen.writers.docx_fields import page_numbers
from studygen.writers.docx_xml import DECLARED, TAB, paragraph, run, twips
from studygen.writers.style import Style


def text_width(style: Style, landscape: bool) -> int:
    """The width between the margins, in twips."""
    page = style.page
    return twips((page.height if landscape else page.width) - page.margin_left - page.margin_right)


def text_height(style: Style, landscape: bool) -> int:
    """The height between the margins, in twips."""
    page = style.page
    return twips((page.width if landscape else page.height) - page.margin_top - page.margin_bottom)


def section_properties(style: Style, landscape: bool) -> str:
    """The end of a section. Landscape has a header and footer of its own, since the right-hand words stand further out;
    their words are the same.

    <w:sectPr><w:headerReference w:type="default" r:id="rId3"/><w:footerReference w:type="default" r:id="rId4"/>
      <w:type w:val="nextPage"/><w:pgSz w:w="16838" w:h="11906" w:orient="landscape"/><w:pgMar …/></w:sectPr>
    """
    page = style.page
    width, height = twips(page.width), twips(page.height)
    size = f'w:w="{height}" w:h="{width}" w:orient="landscape"' if landscape else f'w:w="{width}" w:h="{height}"'
    orientation = "landscape" if landscape else "portrait"
    margins = " ".join(
        f'w:{side}="{twips(value)}"'
        for side, value in (
            ("top", page.margin_top),
            ("right", page.margin_right),
            ("bottom", page.margin_bottom),
            ("left", page.margin_left),
            ("header", page.header),
            ("footer", page.footer),
        )
    )
    return (
        f'<w:sectPr><w:headerReference w:type="default" r:id="part:header-{orientation}"/>'
        f'<w:footerReference w:type="default" r:id="part:footer-{orientation}"/>'
        f'<w:type w:val="nextPage"/><w:pgSz {size}/><w:pgMar {margins} w:gutter="0"/></w:sectPr>'
    )


def header_xml(meta: Meta, landscape: bool) -> str:
    """The header: short title and document reference, and below them the states a reader must see."""
    line = paragraph(_running("Header", landscape), run(meta.short_title) + TAB + run(meta.reference))
    marks = paragraph("HeaderMark", run(SEPARATOR.join(meta.marks)))
    return f"<w:hdr {DECLARED}>{line}{marks}</w:hdr>"


def footer_xml(meta: Meta, landscape: bool) -> str:
    """The footer: kind of document, version and date, and the page with the number of pages."""
    facts = SEPARATOR.join((meta.kind, f"{meta.label('version')} {meta.version}", meta.date_text))
    line = paragraph(_running("Footer", landscape), run(facts) + TAB + page_numbers(meta.label("page")))
    return f"<w:ftr {DECLARED}>{line}</w:ftr>"


SEPARATOR = " · "


def _running(style: str, landscape: bool) -> str:
    return f"{style}Landscape" if landscape else style
