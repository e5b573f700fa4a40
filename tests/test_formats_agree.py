"""PDF, DOCX and HTML of every example say the same in the same order: the files are read back and compared, character by
character."""

from __future__ import annotations

import re
import subprocess
import zipfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

import pytest
from lxml import etree, html

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
DOCUMENTS = [
    ("cladribine-s1p-pass", "protocol"),
    ("cladribine-s1p-pass", "sap"),
    ("cladribine-s1p-pass", "encepp-checklist"),
    ("cladribine-s1p-pass", "harper-coverage"),
    ("cladribine-s1p-pass", "registry-suitability"),
    ("covid19-mortality-ms", "protocol"),
    ("covid19-mortality-ms", "sap"),
    ("covid19-mortality-ms", "report"),
    ("natalizumab-fingolimod-paes", "protocol"),
    ("natalizumab-fingolimod-paes", "sap"),
    ("natalizumab-fingolimod-paes", "report"),
    ("natalizumab-fingolimod-paes", "reporting-checklists"),
]
WITNESSED = [("covid19-mortality-ms", "report"), ("natalizumab-fingolimod-paes", "report")]
"""Documents whose PDF an independent reader (poppler) reads back here; it takes a minute each. Every build compares all of
them with studygen's own reader (`checks/agreement.py`)."""
AUTOMATIC = re.compile(r"^(Annex)?[\d.]*[•◦▪–]?$")
"""What Word sets by itself and therefore does not hold as text: the numbers of headings and the marks of lists."""


def text_of_pdf(path: Path) -> str:
    """The text of a tagged PDF in the order of its structure tree, without white space and dot leaders. Running headers and
    footers are artefacts of the page and not part of it."""
    shown = subprocess.run(["pdfinfo", "-struct-text", str(path)], capture_output=True, text=True, check=True).stdout
    pieces = [match[1] for match in re.finditer(r'^\s*"(.*)"$', shown, re.MULTILINE)]
    return _squeezed("".join(piece for piece in pieces if not re.fullmatch(r"(?: \.)+ ?", piece)))


@dataclass(frozen=True)
class Piece:
    """A paragraph or a table row of a DOCX without white space: what fields show, not their instructions."""

    text: str
    kind: Literal["paragraph", "entry", "header", "row"]
    """An entry is a line of the contents, which ends with a page number; a header row heads its table's columns."""
    heading: str = ""
    """The header rows above a row: a page break repeats them in the PDF."""


def pieces_of_docx(path: Path) -> Iterator[Piece]:
    """The pieces of a DOCX in document order."""
    with zipfile.ZipFile(path) as package:
        body = etree.fromstring(package.read("word/document.xml"))[0]
    for block in body:
        if block.tag == f"{W}tbl":
            heading = "".join(_text(row) for row in block.iter(f"{W}tr") if _is_header(row))
            for row in block.iter(f"{W}tr"):
                yield Piece(_text(row), "header") if _is_header(row) else Piece(_text(row), "row", heading)
        else:
            style = block.find(f"{W}pPr/{W}pStyle")
            name = "" if style is None else style.get(f"{W}val", "")
            yield Piece(_text(block), "entry" if name.startswith(("TOC", "TableofFigures")) else "paragraph")


def _is_header(row: etree._Element) -> bool:
    return row.find(f"{W}trPr/{W}tblHeader") is not None


def _text(part: etree._Element) -> str:
    return _squeezed("".join(each.text or "" for each in part.iter(f"{W}t")))


def text_of_html(path: Path) -> str:
    """The text of the reading version in document order, without white space; what surrounds it (bar, contents at the side,
    pop-ups, data) is navigation and not part of it."""
    (main,) = html.document_fromstring(path.read_bytes()).xpath("//main")
    return _squeezed("".join(main.itertext()))


def _squeezed(text: str) -> str:
    return re.sub(r"[\s\u00a0\u202f\u2009\u00ad\u200b]+", "", text)


@pytest.mark.slow
@pytest.mark.parametrize(("study", "document"), WITNESSED)
def test_pdf_and_docx_say_the_same_in_the_same_order(built_examples: Path, study: str, document: str) -> None:
    file = built_examples / study / document
    assert_same(pieces_of_docx(file.with_suffix(".docx")), text_of_pdf(file.with_suffix(".pdf")))


@pytest.mark.slow
@pytest.mark.parametrize(("study", "document"), DOCUMENTS)
def test_html_and_docx_say_the_same_in_the_same_order(built_examples: Path, study: str, document: str) -> None:
    file = built_examples / study / document
    pieces = pieces_of_docx(file.with_suffix(".docx"))
    # A page that scrolls has no page numbers.
    paged = (replace(each, text=re.sub(r"\d+$", "", each.text)) if each.kind == "entry" else each for each in pieces)
    assert_same(paged, text_of_html(file.with_suffix(".html")))


def assert_same(pieces: Iterator[Piece], text: str) -> None:
    """The pieces follow one another in the text, with nothing between them but what Word sets by itself."""
    cursor = 0
    for piece in pieces:
        if not piece.text:
            continue
        if piece.kind == "row" and (length := _broken_row(text, cursor, piece)):
            cursor += length
            continue
        found = text.find(piece.text, cursor)
        assert found >= 0, f"in the DOCX but not next: {piece.text[:200]!r}; the other goes on {text[cursor : cursor + 200]!r}"
        skipped = text[cursor:found]
        assert AUTOMATIC.match(skipped), f"not in the DOCX: {skipped[:300]!r}, before {piece.text[:100]!r}"
        cursor = found + len(piece.text)
    assert text[cursor:] == ""


def _broken_row(text: str, cursor: int, row: Piece) -> int:
    """How much of the text is a row with list marks, or a row that a page break divides: the upper parts of its cells, the header
    rows again, the lower parts. It has the characters of the row, of the header rows, and no others but list marks. 0 when the
    row does not stand there so."""
    for repeats in range(4 if row.heading else 1):
        length = len(row.text) + repeats * len(row.heading)
        wanted = Counter(row.text) + Counter(row.heading * repeats)
        for marks in range(60):
            more = Counter(text[cursor : cursor + length + marks])
            more.subtract(wanted)
            if min(more.values()) >= 0 and set(+more) <= set("•◦▪–"):
                return length + marks
    return 0
