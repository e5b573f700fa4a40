"""Reads a Word file back: what it says, in document order, with the numbers that Word gives its headings. Knows WordprocessingML
and the kinds of passages, and nothing of how the file was made."""

from __future__ import annotations

import io
import re
import zipfile
from collections import Counter
from collections.abc import Iterator

from lxml import etree

from studygen.document.passages import Passage, joined
from studygen.writers.docx_xml import q

HEADING = re.compile(r"(?:Heading|AnnexHeading|HeadingUnnumbered)(\d)?")
"""Styles of headings; without a digit of level 1."""

LISTED = re.compile(r"TOC\d|TableofFigures")
"""Styles of the lines of generated lists; what follows the last tab is the page."""


def passages_of_docx(content: bytes) -> tuple[Passage, ...]:
    """The passages of the body, then the footnotes. What fields show counts, not their instructions."""
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        document, styles, numbering, footnotes = (
            etree.fromstring(package.read(f"word/{part}.xml")) if f"word/{part}.xml" in package.namelist() else None
            for part in ("document", "styles", "numbering", "footnotes")
        )
    assert document is not None
    counting = Headings(styles, numbering)
    notes = () if footnotes is None else footnotes.iter(q("w:footnote"))
    numbered = (Passage("footnote", (f"{note.get(q('w:id'))} {_text(note)}",)) for note in notes if not note.get(q("w:type")))
    return joined((*_passages(document[0], counting), *numbered))


def _passages(body: etree._Element, headings: Headings) -> Iterator[Passage]:
    for block in body:
        if block.tag == q("w:tbl"):
            yield from map(_row, block.iter(q("w:tr")))
        elif block.tag == q("w:p"):
            yield from ((Passage("figure", (picture.get("descr", ""),))) for picture in block.iter(q("wp:docPr")))
            style = _style(block)
            if level := headings.level(style):
                yield Passage("heading", (f"{headings.number(style)} {_text(block)}",), level)
            elif LISTED.fullmatch(style):
                yield Passage("text", (_text(block).rpartition("\t")[0],))
            else:
                yield Passage("caption" if style in ("Caption", "FigureCaption") else "text", (_text(block),))


def _row(row: etree._Element) -> Passage:
    """A row's own cells, without those that continue a cell of the row above (`<w:vMerge/>`)."""
    head = row.find(f"{q('w:trPr')}/{q('w:tblHeader')}") is not None
    merges = ((cell, cell.find(f"{q('w:tcPr')}/{q('w:vMerge')}")) for cell in row.iter(q("w:tc")))
    own = [cell for cell, merge in merges if merge is None or merge.get(q("w:val")) == "restart"]
    return Passage("columns" if head else "row", tuple(_text(cell) for cell in own))


def _style(paragraph: etree._Element) -> str:
    style = paragraph.find(f"{q('w:pPr')}/{q('w:pStyle')}")
    return "" if style is None else str(style.get(q("w:val")))


def _text(part: etree._Element) -> str:
    """The characters that Word shows: text, tabs, the numbers of footnotes."""
    parts: list[str] = []
    for element in part.iter(q("w:t"), q("w:tab"), q("w:br"), q("w:footnoteReference")):
        if element.tag == q("w:t"):
            parts.append(element.text or "")
        elif element.tag == q("w:footnoteReference"):
            parts.append(str(element.get(q("w:id"))))
        elif element.getparent() is not None and element.getparent().tag == q("w:r"):  # type: ignore[union-attr]
            parts.append("\t" if element.tag == q("w:tab") else "\n")
    return "".join(parts)


class Headings:
    """Counts headings as Word does: a heading raises its own level's number in its list and resets the deeper ones."""

    def __init__(self, styles: etree._Element | None, numbering: etree._Element | None) -> None:
        self.levels: dict[str, int] = {}
        self.lists: dict[str, tuple[str, int]] = {}
        self.patterns: dict[tuple[str, int], str] = {}
        self.counts: dict[str, Counter[int]] = {}
        for style in () if styles is None else styles.iter(q("w:style")):
            id = str(style.get(q("w:styleId")))
            if heading := HEADING.fullmatch(id):
                self.levels[id] = int(heading[1] or 1)
                list_id = _value(style, "w:pPr", "w:numPr", "w:numId") or "0"
                self.lists[id] = list_id, int(_value(style, "w:pPr", "w:numPr", "w:ilvl") or 0)
        for number in () if numbering is None else numbering.iter(q("w:num")):
            assert numbering is not None
            abstract = numbering.find(f"{q('w:abstractNum')}[@{q('w:abstractNumId')}='{_value(number, 'w:abstractNumId')}']")
            for level in () if abstract is None else abstract.iter(q("w:lvl")):
                key = str(number.get(q("w:numId"))), int(level.get(q("w:ilvl"), "0"))
                self.patterns[key] = _value(level, "w:lvlText") or ""

    def level(self, style: str) -> int:
        """The level (1-based) of a heading's style; 0 for other styles."""
        return self.levels.get(style, 0)

    def number(self, style: str) -> str:
        """The number that the next heading of a style shows."""
        list_id, level = self.lists[style]
        counts = self.counts.setdefault(list_id, Counter())
        counts[level] += 1
        for deeper in [each for each in counts if each > level]:
            del counts[deeper]
        return re.sub(r"%(\d)", lambda place: str(counts[int(place[1]) - 1]), self.patterns.get((list_id, level), ""))


def _value(element: etree._Element, *path: str) -> str | None:
    found = element.find("/".join(q(name) for name in path))
    return None if found is None else str(found.get(q("w:val")))
