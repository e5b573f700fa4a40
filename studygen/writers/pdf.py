"""Lays a document out as tagged PDF/UA-1 and says on which page each heading, table and figure stands.
The only room with WeasyPrint; what a document looks like is HTML's and the style's business."""

from __future__ import annotations

import io
import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any

from studygen.document.nodes import Cell, Document, Figure, Heading, Paragraph, Row, Table, plain_text, walk
from studygen.errors import Fault, Place, WriterError
from studygen.writers.html import image_source, outline_label, to_html
from studygen.writers.pdf_tags import mend_tags
from studygen.writers.style import Style

INSTALL_LIBRARIES = (
    "apt-get install -y --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-liberation2"
)
INSTALL_FONTS = "apt-get install -y --no-install-recommends fonts-liberation2"

EDGE = 2.0
"""How far, in CSS pixels, text may reach over the type area before it counts as overflow."""


@dataclass(frozen=True, slots=True)
class PdfResult:
    """The PDF file, the page (1-based) of every heading, table and figure by id, and what the layout had to remark."""

    content: bytes
    pages: dict[str, int]
    messages: tuple[str, ...] = ()


def render_pdf(document: Document, style: Style) -> PdfResult:
    """The document as PDF/UA-1 (PDF 1.7, tagged, linked, bookmarked, fonts embedded). The same document gives the same bytes.

    WriterError when a library or a font of the brand is missing, and when the layout loses something: an image that cannot be
    drawn, a link without target, a character no font has, text beyond the edge of the sheet. Lesser remarks are `messages`."""
    weasyprint = _weasyprint()
    _require_fonts(tuple(dict.fromkeys(face.pdf for face in (style.fonts.body, style.fonts.heading, style.fonts.mono))))
    html = to_html(document, style)
    targets = {node.id: node for node in walk((document.front, document.body)) if isinstance(node, (Heading, Table, Figure))}
    words = {target: label for target, node in targets.items() if (label := outline_label(node, document.meta))}
    rows = [row for row in walk(document.body) if isinstance(row, Row)]
    words |= {row.id: _said(row.cells[0]) for row in rows if row.id}
    words |= {cell.id: f"{_said(row.cells[0])} {_said(cell)}" for row in rows for cell in row.cells if cell.id}
    with _dated(document.meta.date), _log() as records:
        # Documents carry everything with them; no address is ever fetched.
        inside = weasyprint.urls.URLFetcher(allowed_protocols=["data"])
        layout = weasyprint.HTML(string=html, url_fetcher=inside).render(pdf_variant="pdf/ua-1")

        def finish(_: Any, pdf: Any) -> None:
            mend_tags(pdf, words)
            _set_initial_view(pdf)

        content = layout.write_pdf(finisher=finish, pdf_variant="pdf/ua-1")
    lost = [record.getMessage() for record in records if _loses_content(record)]
    lost += _overflow(layout)
    if lost:
        raise WriterError([_fault(remark, document) for remark in dict.fromkeys(lost)])
    pages: dict[str, int] = {}
    for number, page in enumerate(layout.pages, start=1):
        for anchor in page.anchors:
            if anchor in targets:
                pages.setdefault(anchor, number)
    remarks = [record.getMessage() for record in records] + _strange_fonts(layout, style)
    return PdfResult(_compact(content), pages, tuple(dict.fromkeys(remarks)))


def _said(cell: Cell) -> str:
    """The words of a cell: what a link to it, or to its row, is called."""
    return " ".join(plain_text(node.children) for node in walk(cell) if isinstance(node, Paragraph))


# ---------------------------------------------------------------- what must be there


def _weasyprint() -> Any:
    try:
        import weasyprint
    except OSError as error:
        fault = Fault(Place("WeasyPrint"), f"a system library is missing: {error}", INSTALL_LIBRARIES)
        raise WriterError(fault) from error
    return weasyprint


@cache
def _require_fonts(families: tuple[str, ...]) -> None:
    """Sets one word per family and looks which fonts were taken: a missing font would silently change every page break."""
    weasyprint = _weasyprint()
    words = "".join(f"<p style='font-family: \"{family}\"'>x</p>" for family in families)
    with _log():
        layout = weasyprint.HTML(string=words).render()
        layout.write_pdf()
    missing = set(families) - _families(layout)
    if missing:
        raise WriterError(
            [Fault(Place("fonts"), f'the font "{name}" is not installed', INSTALL_FONTS) for name in sorted(missing)]
        )


def _families(layout: Any) -> set[str]:
    return {font.family for font in layout.fonts.values()}


def _strange_fonts(layout: Any, style: Style) -> list[str]:
    """Fonts that stepped in for characters the brand's fonts lack: such a page may break elsewhere on another machine."""
    known = {style.fonts.body.pdf, style.fonts.heading.pdf, style.fonts.mono.pdf}
    return [
        f"some characters are set in {family}, which is not a font of the brand" for family in sorted(_families(layout) - known)
    ]


# ---------------------------------------------------------------- surroundings of a layout


@contextmanager
def _dated(date: str) -> Iterator[None]:
    """Lets the libraries take the document's date for the time of day, and leaves the environment as it was."""
    before = os.environ.get("SOURCE_DATE_EPOCH")
    os.environ["SOURCE_DATE_EPOCH"] = str(int(datetime.fromisoformat(date).replace(tzinfo=UTC).timestamp()))
    try:
        yield
    finally:
        if before is None:
            del os.environ["SOURCE_DATE_EPOCH"]
        else:
            os.environ["SOURCE_DATE_EPOCH"] = before


class _Collector(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.records: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.records.append(record)


@contextmanager
def _log() -> Iterator[list[logging.LogRecord]]:
    """Collects what WeasyPrint and the font tools log instead of letting it reach the terminal."""
    collector = _Collector()
    loggers = [logging.getLogger(name) for name in ("weasyprint", "fontTools")]
    before = [logger.propagate for logger in loggers]
    for logger in loggers:
        logger.addHandler(collector)
        logger.propagate = False
    try:
        yield collector.records
    finally:
        for logger, propagate in zip(loggers, before, strict=True):
            logger.removeHandler(collector)
            logger.propagate = propagate


def _loses_content(record: logging.LogRecord) -> bool:
    """WeasyPrint logs what it could not use at all as an error, and a character without a glyph as a warning."""
    return record.levelno >= logging.ERROR or ".notdef glyph" in str(record.msg)


def _fault(remark: str, document: Document) -> Fault:
    """A remark of the layout in words of the document: figures by their id instead of their whole drawing."""
    for figure in (node for node in walk((document.front, document.body)) if isinstance(node, Figure)):
        if image_source(figure) in remark:
            place = Place(document.meta.reference, path=figure.id)
            return Fault(place, "the drawing of this figure is not readable SVG")
    return Fault(Place(document.meta.reference), remark)


def _overflow(layout: Any) -> list[str]:
    """Text that reaches over the type area: it would be cut, or printed over the margin."""
    from weasyprint.formatting_structure.boxes import MarginBox, TextBox

    found = []
    for number, page in enumerate(layout.pages, start=1):
        sheet = page._page_box
        right = sheet.content_box_x() + sheet.width + EDGE
        bottom = sheet.content_box_y() + sheet.height + EDGE
        stack = [child for child in sheet.children if not isinstance(child, MarginBox)]
        while stack:
            box = stack.pop()
            if isinstance(box, TextBox):
                # A run of spaces may hang over the edge; it is invisible.
                if (box.position_x + box.width > right and box.text.strip()) or box.position_y > bottom:
                    found.append(f'page {number}: the text "{box.text.strip()[:60]}" reaches over the edge')
            else:
                stack.extend(box.all_children())
    return found


# ---------------------------------------------------------------- finishing the file


def _set_initial_view(pdf: Any) -> None:
    """Opens with the bookmarks beside the page; page labels are the printed page numbers."""
    import pydyf  # type: ignore[import-untyped]

    pdf.catalog["PageMode"] = "/UseOutlines"
    pdf.catalog["PageLabels"] = pydyf.Dictionary({"Nums": pydyf.Array([0, pydyf.Dictionary({"S": "/D"})])})


def _compact(content: bytes) -> bytes:
    """The file with its objects in compressed streams, which halves a tagged PDF. Not linearized: qpdf's own check finds the
    hint tables wanting that it writes for tagged files."""
    import pikepdf

    written = io.BytesIO()
    with pikepdf.open(io.BytesIO(content)) as pdf:
        pdf.save(written, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return written.getvalue()
