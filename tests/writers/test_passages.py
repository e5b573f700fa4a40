"""A written file can be read back: PDF, Word and HTML give the passages of the document they were made from."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from docx_samples import png
from samples import document, heading, para, rich, row, text, th

from studygen.checks.agreement import disagreement, folded
from studygen.document.nodes import Document, Figure, Footnote, ListBlock, Paragraph, Table, Text
from studygen.document.passages import Passage, passages
from studygen.errors import WriterError
from studygen.pipeline.proving import prove
from studygen.writers.docx import render_docx
from studygen.writers.docx_passages import passages_of_docx
from studygen.writers.html_passages import passages_of_html
from studygen.writers.pdf import render_pdf
from studygen.writers.pdf_passages import passages_of_pdf
from studygen.writers.reading import load_reading_look, render_reading
from studygen.writers.style import load_style
from studygen.yamlfile import read_yaml

TEMPLATES = Path(__file__).parents[2] / "templates"
AWKWARD = "*_|<&>\"' {{ x }} ≥ τ² \u202ftight\u00a0space – non\u2011breaking soft\u00adhyphen ﬁne e\u0301 ]]> Ω µg"


@dataclass(frozen=True)
class Written:
    document: Document
    pdf: bytes
    docx: bytes
    html: bytes


@pytest.fixture(scope="module")
def written() -> Written:
    """The rich sample with what page breaks do to a document: a row taller than a page, long paragraphs, a divided footnote."""
    tall = Table(
        "tbl-tall",
        text("A table with a row that is taller than a page"),
        (replace(row("Step", "What", "Why"), cells=(th("Step"), th("What"), th("Why"))),),
        tuple(row(f"Step {n}", "Long words fill the cell. " * (350 if n == 3 else 1), AWKWARD) for n in range(9)),
        (1, 3, 2),
        number=90,
    )
    note = Footnote(text("A footnote that goes on over the page. " * 90), number=3)
    longer = (
        heading("sec-more", 1, "5", "What page breaks do"),
        para("Words that go on and on. " * 500),
        tall,
        ListBlock(((para("one"), ListBlock(((para("within"),),)), para("one goes on")), (para("two"),)), ordered=True),
        Paragraph((Text("A word"), note, Text(f" before the end. {AWKWARD}"))),
    )
    sample = rich()
    labels = tuple(read_yaml(TEMPLATES / "shared" / "words.yaml").data["writer"].items())
    whole = replace(sample, meta=replace(sample.meta, labels=labels), body=tuple(_fit(b) for b in (*sample.body, *longer)))
    style = load_style(TEMPLATES / "style" / "brand.yaml")
    look = load_reading_look(TEMPLATES / "style" / "reading.css", TEMPLATES / "style" / "reading.js")
    pdf = render_pdf(whole, style)
    return Written(whole, pdf.content, render_docx(whole, style, pdf.pages), render_reading(whole, style, look, {"results": {}}))


def _fit(block: object) -> object:
    """Figures with a real picture; a paragraph that only looks like a caption is none."""
    if isinstance(block, Figure):
        return replace(block, png=png())
    if isinstance(block, Paragraph) and block.style == "caption":
        return replace(block, style="small")
    return block


def test_a_pdf_says_what_its_document_says(written: Written) -> None:
    assert disagreement(passages(written.document), passages_of_pdf(written.pdf), "sample.pdf") is None


def test_a_word_file_says_what_its_document_says(written: Written) -> None:
    assert disagreement(passages(written.document), passages_of_docx(written.docx), "sample.docx") is None


def test_a_word_file_gives_headings_the_numbers_that_word_shows(written: Written) -> None:
    numbered = [piece.texts[0].split()[0] for piece in passages_of_docx(written.docx) if piece.kind == "heading"]
    assert numbered[:2] != numbered[2:4]
    assert [each for each in numbered if each[0].isdigit()][-1] == "5"


def test_a_reading_version_says_what_its_document_says(written: Written) -> None:
    assert disagreement(passages(written.document), passages_of_html(written.html), "sample.html") is None


def test_a_row_that_is_taller_than_a_page_is_read_in_pieces_with_its_headers_again(written: Written) -> None:
    rows = [piece for piece in passages_of_pdf(written.pdf) if piece.kind == "row" and folded(piece.texts[0]) == "Step3"]
    whole = next(piece for piece in passages(written.document) if piece.texts[0] == "Step 3")
    assert len(rows[0].texts[1]) < len(whole.texts[1])


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        (b"A second point:", b"A second paint:", "paint"),
        (b">First step.<", b"><", "Firststep."),
        (b"w:tblHeader", b"w:hidden", "the table's column headers"),
    ],
)
def test_a_word_file_that_says_something_else_is_not_kept(written: Written, before: bytes, after: bytes, said: str) -> None:
    with pytest.raises(WriterError, match=r"sample\.docx") as error:
        prove(written.document, "docx", changed(written.docx, "word/document.xml", before, after), "sample.docx")
    assert said in str(error.value)


def test_a_reading_version_that_says_something_else_is_not_kept(written: Written) -> None:
    with pytest.raises(WriterError, match=r"sample\.html"):
        prove(written.document, "html", written.html.replace(b"A second point:", b"Two points:"), "sample.html")


def test_a_pdf_of_another_document_is_not_kept(written: Written) -> None:
    other = replace(written.document, body=(*written.document.body, para("One sentence more.")))
    with pytest.raises(WriterError, match="where the document has the text “Onesentencemore"):
        prove(other, "pdf", written.pdf, "sample.pdf")


def test_a_pdf_without_tags_cannot_be_read_back() -> None:
    import pikepdf

    blank = io.BytesIO()
    pdf = pikepdf.new()
    pdf.add_blank_page()
    pdf.save(blank)
    with pytest.raises(WriterError, match="not tagged"):
        prove(document(para("x")), "pdf", blank.getvalue(), "blank.pdf")


def test_the_trace_holds_no_text_of_its_own(written: Written) -> None:
    prove(written.document, "trace.json", b"{}", "sample.trace.json")


def test_neighbouring_paragraphs_are_one_text_and_footnotes_come_last() -> None:
    tree = document(para("One."), Paragraph((Text("Two"), Footnote(text("three"), number=1))), heading("sec-a", 1, "1", "Four"))
    assert passages(tree) == (
        Passage("text", ("One.\nTwo1",)),
        Passage("heading", ("1 Four",), 1),
        Passage("footnote", ("1 three",)),
    )


def changed(file: bytes, part: str, before: bytes, after: bytes) -> bytes:
    """A Word file with the first occurrence of some bytes in a part replaced."""
    new = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(file)) as old, zipfile.ZipFile(new, "w") as package:
        for name in old.namelist():
            content = old.read(name)
            if name == part:
                assert before in content
                content = content.replace(before, after, 1)
            package.writestr(name, content)
    return new.getvalue()
