"""Measures a PDF: plain facts about the file that rules for submissions ask for. Knows no rule and passes no judgement; a list of
things that should not be there names them by page or title."""

from __future__ import annotations

import io
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from studygen.document.nodes import Contents, Document, walk
from studygen.writers.html import OUTLINE_DEPTH
from studygen.writers.pdf_print_area import PrintArea, print_areas

A4 = (595.28, 841.89)
"""Points."""

CENTIMETRE = 72 / 2.54
MEGABYTE = 1_000_000

RARE = 0.001
"""Type sizes of a smaller share of the characters do not count as a size of the text (superscripts)."""

MULTIMEDIA = {"/Screen", "/Movie", "/Sound", "/RichMedia", "/3D"}


def facts_of_pdf(content: bytes, document: Document) -> dict[str, object]:
    """Facts by name, as plain data: numbers, texts, and lists of what was found. `document` says which lines the contents have
    and what every page must show."""
    import pikepdf

    with pikepdf.open(io.BytesIO(content)) as pdf:
        areas = print_areas(pdf, pikepdf)
        return {
            **_of_file(pdf, pikepdf, content),
            **_of_opening(pdf, pikepdf),
            **_of_fonts(pdf),
            **_of_pages(pdf, areas),
            **_of_running_lines(pdf, areas, document),
            **_of_bookmarks(pdf, pikepdf, document),
            **_of_links(pdf, pikepdf),
            **_of_accessibility(pdf),
        }


# ---------------------------------------------------------------- the file


def _of_file(pdf: Any, pikepdf: Any, content: bytes) -> dict[str, object]:
    names = pdf.Root.get("/Names", {})
    actions = [*_actions(pdf, pikepdf)]
    annotations = [(number, str(each.get("/Subtype", ""))) for number, each in _annotations(pdf)]
    attached = [*names.get("/EmbeddedFiles", {}).get("/Names", ())[::2], *pdf.Root.get("/AF", ())]
    return {
        "pdf_version": pdf.pdf_version,
        "encrypted": pdf.is_encrypted,
        "size_mb": round(len(content) / MEGABYTE, 2),
        "fast_web_view": pdf.is_linearized,
        "scripts": [place for place, kind in actions if kind == "/JavaScript"] + ["document"] * ("/JavaScript" in names),
        "attachments": [f"attachment {number}" for number, _ in enumerate(attached, start=1)]
        + [f"page {number}" for number, kind in annotations if kind == "/FileAttachment"],
        "multimedia": [f"page {number}" for number, kind in annotations if kind in MULTIMEDIA],
        "annotations_other_than_links": [f"page {number}: {kind[1:]}" for number, kind in annotations if kind != "/Link"],
        "forms": ["document"] if len(pdf.Root.get("/AcroForm", {}).get("/Fields", ())) else [],
    }


def _actions(pdf: Any, pikepdf: Any) -> Iterator[tuple[str, str]]:
    """Where the file starts something, and what kind of thing."""
    holders = [("document", pdf.Root), *((f"page {number}", page.obj) for number, page in enumerate(pdf.pages, start=1))]
    holders += [(f"page {number}", annotation) for number, annotation in _annotations(pdf)]
    for place, holder in holders:
        found = [holder.get("/A"), holder.get("/OpenAction"), *dict(holder.get("/AA", {})).values()]
        yield from ((place, str(each.get("/S", ""))) for each in found if isinstance(each, pikepdf.Dictionary))


def _annotations(pdf: Any) -> Iterator[tuple[int, Any]]:
    for number, page in enumerate(pdf.pages, start=1):
        yield from ((number, annotation) for annotation in page.obj.get("/Annots", ()))


def _of_opening(pdf: Any, pikepdf: Any) -> dict[str, object]:
    """With what the file opens. Without an action of its own it opens at page 1 in the reader's usual magnification."""
    first, action = pdf.pages[0].obj.objgen, pdf.Root.get("/OpenAction")
    target = action.get("/D") if isinstance(action, pikepdf.Dictionary) else action
    at_first = target is None or (isinstance(target, pikepdf.Array) and target[0].objgen == first)
    return {
        "page_mode": str(pdf.Root.get("/PageMode", "/UseNone"))[1:],
        "opens_at_page_1": at_first,
        "opening_magnification": "default" if target is None or not _sets_zoom(target, pikepdf) else "set",
    }


def _sets_zoom(target: Any, pikepdf: Any) -> bool:
    """Whether a destination changes the magnification; `[page /XYZ left top 0]` and null keep it."""
    if not isinstance(target, pikepdf.Array):
        return False
    return str(target[1]) != "/XYZ" or (len(target) > 4 and target[4] not in (None, 0))


# ---------------------------------------------------------------- fonts and pages


def _of_fonts(pdf: Any) -> dict[str, object]:
    fonts: dict[str, Any] = {}
    for page in pdf.pages:
        fonts |= {str(font.BaseFont)[1:]: font for _, font in page.obj.get("/Resources", {}).get("/Font", {}).items()}
    described = {name: font.get("/DescendantFonts", [font])[0].get("/FontDescriptor", {}) for name, font in fonts.items()}
    embedded = {
        name for name, descriptor in described.items() if {"/FontFile", "/FontFile2", "/FontFile3"} & set(descriptor.keys())
    }
    return {
        "fonts": sorted(fonts),
        "fonts_not_embedded": sorted(set(fonts) - embedded),
        "fonts_without_characters": sorted(name for name, font in fonts.items() if "/ToUnicode" not in font),
    }


def _of_pages(pdf: Any, areas: Sequence[PrintArea]) -> dict[str, object]:
    sizes = Counter[float]()
    for area in areas:
        sizes.update(area.characters)
    enough = RARE * sizes.total()
    common = [size for size, count in sizes.items() if count >= enough]
    sheets = [(number, sorted(float(edge) for edge in page.mediabox[2:])) for number, page in enumerate(pdf.pages, start=1)]
    body = [area.body for area in areas if area.body]
    running = [area.running for area in areas if area.running]
    return {
        "pages": len(areas),
        "pages_not_a4": [f"page {n}" for n, edges in sheets if any(abs(a - b) > 1 for a, b in zip(edges, A4, strict=True))],
        "pages_turned": [f"page {n}" for n, page in enumerate(pdf.pages, start=1) if int(page.obj.get("/Rotate", 0)) % 360],
        "pages_without_text": [f"page {n}" for n, area in enumerate(areas, start=1) if not area.body],
        "least_margin_cm": _centimetres(min((min(edges) for edges in body), default=0)),
        "least_margin_of_running_lines_cm": _centimetres(min((min(edges) for edges in running), default=0)),
        "main_text_size_pt": max(sizes, key=lambda size: sizes[size], default=0),
        "least_text_size_pt": min(common, default=0),
    }


def _centimetres(points: float) -> float:
    return round(points / CENTIMETRE, 2)


def _of_running_lines(pdf: Any, areas: Sequence[PrintArea], document: Document) -> dict[str, object]:
    """What headers and footers show: the document's identity, its states, and the page's number, which is also its label."""
    meta = document.meta
    identity = (meta.reference, f"{meta.label('version')} {meta.version}")
    printed = [meta.label("page").format(page=label, pages=len(areas)) for label in _labels(pdf)]
    squeezed = [_squeezed(area.running_text) for area in areas]
    return {
        "pages_without_identity": _pages_lacking(squeezed, [identity] * len(areas)),
        "pages_without_state": _pages_lacking(squeezed, [meta.marks] * len(areas)),
        "page_labels_that_differ": _pages_lacking(squeezed, [(line,) for line in printed]),
    }


def _pages_lacking(texts: Sequence[str], wanted: Sequence[Sequence[str]]) -> list[str]:
    pairs = enumerate(zip(texts, wanted, strict=True), start=1)
    return [f"page {n}" for n, (text, words) in pairs if any(_squeezed(word) not in text for word in words)]


def _squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)


def _labels(pdf: Any) -> list[str]:
    """The page labels that a reader shows; without any, the pages are counted from 1."""
    return [str(page.label) for page in pdf.pages]


# ---------------------------------------------------------------- finding one's way


def _of_bookmarks(pdf: Any, pikepdf: Any, document: Document) -> dict[str, object]:
    marks = list(_bookmarks(pdf.Root.get("/Outlines", {}), 1))
    titles = Counter(_squeezed(str(mark.Title)) for mark, _ in marks)
    lists = [node for node in walk((document.front, document.body)) if isinstance(node, Contents)]
    lines = [
        f"{entry.label}{'' if each.kind == 'sections' else '.'} {entry.title}".strip()
        for each in lists
        for entry in each.entries
        if entry.level <= OUTLINE_DEPTH
    ]
    targets = [(str(mark.Title), _target(mark, pdf, pikepdf)) for mark, _ in marks]
    return {
        "bookmark_levels": max((level for _, level in marks), default=0),
        "contents_without_bookmark": [line for line in lines if not titles[_squeezed(line)]],
        "bookmarks_closed": [str(mark.Title) for mark, _ in marks if int(mark.get("/Count", 0)) < 0],
        "bookmarks_without_target": [title for title, target in targets if target is None],
        "bookmarks_that_set_zoom": [title for title, target in targets if target is not None and _sets_zoom(target, pikepdf)],
    }


def _bookmarks(parent: Any, level: int) -> Iterator[tuple[Any, int]]:
    mark = parent.get("/First")
    while mark is not None:
        yield mark, level
        yield from _bookmarks(mark, level + 1)
        mark = mark.get("/Next")


def _target(holder: Any, pdf: Any, pikepdf: Any) -> Any:
    """Where a bookmark or an inner link leads: its destination when that is a page of the file, else None."""
    target = holder.get("/Dest", holder.get("/A", {}).get("/D"))
    if isinstance(target, pikepdf.String):
        named = pdf.Root.get("/Names", {}).get("/Dests")
        target = None if named is None else pikepdf.NameTree(named).get(str(target))
    if not isinstance(target, pikepdf.Array) or target[0].objgen not in {page.obj.objgen for page in pdf.pages}:
        return None
    return target


def _of_links(pdf: Any, pikepdf: Any) -> dict[str, object]:
    links = [(f"page {number}", each) for number, each in _annotations(pdf) if str(each.get("/Subtype")) == "/Link"]
    kinds = [(place, str(each.get("/A", {}).get("/S", ""))) for place, each in links]
    inner = [
        (place, _target(each, pdf, pikepdf)) for place, each in links if str(each.get("/A", {}).get("/S", "")) in ("", "/GoTo")
    ]
    return {
        "links": len(links),
        "links_without_target": [place for place, target in inner if target is None],
        "links_that_set_zoom": [place for place, target in inner if target is not None and _sets_zoom(target, pikepdf)],
        "links_to_files": [place for place, kind in kinds if kind in ("/GoToR", "/Launch")],
    }


def _of_accessibility(pdf: Any) -> dict[str, object]:
    tagged = bool(pdf.Root.get("/MarkInfo", {}).get("/Marked", False)) and "/StructTreeRoot" in pdf.Root
    properties = pdf.Root.Metadata.read_bytes().decode("utf-8", "replace") if "/Metadata" in pdf.Root else ""
    return {
        "tagged": tagged,
        "language": str(pdf.Root.get("/Lang", "")),
        "title": str(pdf.docinfo.get("/Title", "")),
        "title_shown": bool(pdf.Root.get("/ViewerPreferences", {}).get("/DisplayDocTitle", False)),
        "figures_without_alternative": _unsaid(pdf),
        "claims": _claims(properties),
    }


def _unsaid(pdf: Any) -> list[str]:
    """Figures of the structure tree that have no text alternative."""
    figures = (each for each in pdf.objects if hasattr(each, "keys") and str(each.get("/S", "")) == "/Figure")
    return [f"figure {number}" for number, each in enumerate(figures, start=1) if not str(each.get("/Alt", "")).strip()]


def _claims(properties: str) -> list[str]:
    """The standards that the file says it follows."""
    patterns: Mapping[str, str] = {"PDF/UA": r'pdfuaid:part(?:="|>)(\d)', "PDF/A": r'pdfaid:part(?:="|>)(\d)'}
    found = {name: match[1] for name, pattern in patterns.items() if (match := re.search(pattern, properties))}
    level = re.search(r'pdfaid:conformance(?:="|>)(\w)', properties)
    return [f"{name}-{part}{level[1].lower() if level and name == 'PDF/A' else ''}" for name, part in found.items()]
