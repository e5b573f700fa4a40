"""PDF and DOCX of every example say the same in the same order: both files are read back and compared, character by character."""

from __future__ import annotations

import re
import subprocess
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from lxml import etree

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
DOCUMENTS = [
    ("cladribine-s1p-pass", "protocol"),
    ("cladribine-s1p-pass", "sap"),
    ("covid19-mortality-ms", "protocol"),
    ("covid19-mortality-ms", "sap"),
    ("covid19-mortality-ms", "report"),
    ("natalizumab-fingolimod-paes", "protocol"),
    ("natalizumab-fingolimod-paes", "sap"),
    ("natalizumab-fingolimod-paes", "report"),
]
AUTOMATIC = re.compile(r"^(Annex)?[\d.]*[•◦▪–]?$")
"""What Word sets by itself and therefore does not hold as text: the numbers of headings and the marks of lists."""


def text_of_pdf(path: Path) -> str:
    """The text of a tagged PDF in the order of its structure tree, without white space and dot leaders. Running headers and
    footers are artefacts of the page and not part of it."""
    shown = subprocess.run(["pdfinfo", "-struct-text", str(path)], capture_output=True, text=True, check=True).stdout
    pieces = [match[1] for match in re.finditer(r'^\s*"(.*)"$', shown, re.MULTILINE)]
    return _squeezed("".join(piece for piece in pieces if not re.fullmatch(r"(?: \.)+ ?", piece)))


def paragraphs_of_docx(path: Path) -> Iterator[tuple[str, str]]:
    """The text of every paragraph of a DOCX in document order, cells included, without white space: what fields show, not their
    instructions; and with it the header rows of the table it stands in, which a page break repeats in the PDF."""
    with zipfile.ZipFile(path) as package:
        body = etree.fromstring(package.read("word/document.xml"))
    for paragraph in body.iter(f"{W}p"):
        if text := _text(paragraph):
            table = next(paragraph.iterancestors(f"{W}tbl"), None)
            yield text, "" if table is None else _repeated(table)


def _repeated(table: etree._Element) -> str:
    return "".join(_text(row) for row in table.iter(f"{W}tr") if row.find(f"{W}trPr/{W}tblHeader") is not None)


def _text(part: etree._Element) -> str:
    return _squeezed("".join(each.text or "" for each in part.iter(f"{W}t")))


def _squeezed(text: str) -> str:
    return re.sub(r"[\s\u00a0\u202f\u2009\u00ad\u200b]+", "", text)


@pytest.mark.slow
@pytest.mark.parametrize(("study", "document"), DOCUMENTS)
def test_pdf_and_docx_say_the_same_in_the_same_order(built_examples: Path, study: str, document: str) -> None:
    pdf = text_of_pdf(built_examples / study / f"{document}.pdf")
    cursor = 0
    for paragraph, header in paragraphs_of_docx(built_examples / study / f"{document}.docx"):
        found = pdf.find(paragraph, cursor)
        assert found >= 0, (
            f"in the DOCX but not next in the PDF: {paragraph[:200]!r}; the PDF goes on {pdf[cursor : cursor + 200]!r}"
        )
        skipped = pdf[cursor:found]
        assert AUTOMATIC.match(skipped) or skipped == header, (
            f"in the PDF but not in the DOCX: {skipped[:300]!r}, before {paragraph[:100]!r}"
        )
        cursor = found + len(paragraph)
    assert pdf[cursor:] == ""
