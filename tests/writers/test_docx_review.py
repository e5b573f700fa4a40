"""Comments and tracked changes are read from a Word file with their places. Comments are made with python-docx, replies and
changes in the form of the Office Open XML standard (ISO/IEC 29500-1, 17.13) and of [MS-DOCX] 2.5.1 (commentsExtended)."""

from __future__ import annotations

import io
import zipfile

import docx
import pytest
from docx.document import Document as WordDocument
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx_samples import sample, style
from lxml import etree

from studygen.writers.docx import render_docx
from studygen.writers.docx_review import Remark, Review, review_of_docx

MADE = 'w:id="{id}" w:author="Assessor" w:date="2026-11-24T10:00:00Z"'
EXTENDED = "http://schemas.microsoft.com/office/word/2012/wordml"
PARAGRAPH_IDS = "http://schemas.microsoft.com/office/word/2010/wordml"


@pytest.fixture(scope="module")
def file() -> bytes:
    return render_docx(sample(), style(), None)


def opened(file: bytes) -> WordDocument:
    return docx.Document(io.BytesIO(file))


def saved(document: WordDocument) -> bytes:
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def read(document: WordDocument) -> Review:
    return review_of_docx(saved(document))


def long_paragraph(document: WordDocument):  # type: ignore[no-untyped-def]
    """A paragraph of running words without numbers of results, whose text python-docx leaves out."""
    found = (each for each in document.paragraphs if each.style.style_id == "BodyText" and len(each.text) > 60)
    return next(each for each in found if not each._p.xpath(".//w:sdt | .//w:hyperlink | .//w:fldChar"))


def test_a_file_without_remarks_has_none_and_still_says_what_it_is(file: bytes) -> None:
    review = review_of_docx(file)
    assert review == Review("SAMPLE-PASS-01-PRO", "1.0", (), 0)


def test_a_comment_is_told_with_its_words_and_the_heading_above(file: bytes) -> None:
    document = opened(file)
    paragraph = long_paragraph(document)
    document.add_comment(paragraph.runs[0], text="Which interval?\nSay so.", author="Assessor", initials="A")
    (remark,) = read(document).remarks
    assert (remark.kind, remark.author, remark.text) == ("comment", "Assessor", "Which interval?\nSay so.")
    assert remark.on == " ".join(paragraph.runs[0].text.split())
    assert remark.paragraph == " ".join(paragraph.text.split())
    heading = next(
        each.text
        for each in reversed(document.paragraphs[: [p._p for p in document.paragraphs].index(paragraph._p)])
        if each.style.style_id.startswith("Heading")
    )
    assert remark.heading.endswith(heading)
    assert remark.bookmarks


def test_a_comment_in_a_table_knows_the_table(file: bytes) -> None:
    document = opened(file)
    captions = [each for each in document.paragraphs if each.style.style_id == "Caption"]
    table = next(table for table in document.tables if table._tbl.getprevious() is captions[0]._p)
    cell = table.rows[-1].cells[0]
    document.add_comment(cell.paragraphs[0].runs[0], text="Here.", author="Assessor")
    (remark,) = read(document).remarks
    name = captions[0]._p.xpath(".//w:bookmarkStart")[0].get(f"{{{nsdecls('w').split(chr(34))[1]}}}name")
    assert remark.bookmarks[0] == name


def test_what_was_put_in_and_taken_out_is_told_and_the_paragraph_is_as_it_was(file: bytes) -> None:
    document = opened(file)
    paragraph = long_paragraph(document)
    before, first = " ".join(paragraph.text.split()), paragraph.runs[0]
    made = MADE.format(id=901)
    first._r.addprevious(parse_xml(f"<w:ins {nsdecls('w')} {made}><w:r><w:t>brand </w:t></w:r><w:r><w:t>new</w:t></w:r></w:ins>"))
    gone = parse_xml(f"<w:del {nsdecls('w')} {MADE.format(id=902)}><w:r><w:delText/></w:r></w:del>")
    gone[0][0].text = first.text
    first._r.addprevious(gone)
    text = first.text
    paragraph._p.remove(first._r)
    inserted, deleted = read(document).remarks
    assert (inserted.kind, inserted.text, inserted.author, inserted.date[:10]) == (
        "insertion",
        "brand new",
        "Assessor",
        "2026-11-24",
    )
    assert (deleted.kind, deleted.text) == ("deletion", text)
    assert inserted.paragraph == deleted.paragraph == before


def test_changes_of_the_look_are_counted(file: bytes) -> None:
    document = opened(file)
    properties = long_paragraph(document).runs[0]._r.get_or_add_rPr()
    properties.append(parse_xml(f"<w:rPrChange {nsdecls('w')} {MADE.format(id=903)}><w:rPr/></w:rPrChange>"))
    review = read(document)
    assert (review.remarks, review.formatting) == ((), 1)


def test_replies_stand_with_their_comment_and_resolved_ones_say_so(file: bytes) -> None:
    document = opened(file)
    run = long_paragraph(document).runs[0]
    for words, author in (("Why two?", "Assessor"), ("Only two delivered.", "Author")):
        document.add_comment(run, text=words, author=author)
    parts = {}
    with zipfile.ZipFile(io.BytesIO(saved(document))) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    comments = parse_xml(parts["word/comments.xml"])
    for number, comment in enumerate(comments, start=1):
        comment[-1].set(f"{{{PARAGRAPH_IDS}}}paraId", f"0000000{number}")
    parts["word/comments.xml"] = etree.tostring(comments)
    parts["word/commentsExtended.xml"] = (
        f'<w15:commentsEx xmlns:w15="{EXTENDED}"><w15:commentEx w15:paraId="00000001" w15:done="1"/>'
        '<w15:commentEx w15:paraId="00000002" w15:paraIdParent="00000001" w15:done="1"/></w15:commentsEx>'
    ).encode()
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        for name, content in parts.items():
            package.writestr(name, content)
    (remark,) = review_of_docx(out.getvalue()).remarks
    assert (remark.text, remark.resolved) == ("Why two?", True)
    assert [(reply.author, reply.text) for reply in remark.replies] == [("Author", "Only two delivered.")]


def test_a_comment_on_a_number_keeps_the_tag_of_its_result(file: bytes) -> None:
    document = opened(file)
    control = next(iter(document.element.body.iter("{*}sdt")))
    tag = control.find(".//{*}tag").get(f"{{{nsdecls('w').split(chr(34))[1]}}}val")
    run = docx.text.run.Run(next(iter(control.iter("{*}r"))), None)  # type: ignore[arg-type]
    comment = document.add_comment(long_paragraph(document).runs[0], text="This number?", author="Assessor")
    body = document.element.body
    for name in ("commentRangeStart", "commentRangeEnd"):
        for each in list(body.iter(f"{{*}}{name}")):
            each.getparent().remove(each)
    start = parse_xml(f'<w:commentRangeStart {nsdecls("w")} w:id="{comment.comment_id}"/>')
    end = parse_xml(f'<w:commentRangeEnd {nsdecls("w")} w:id="{comment.comment_id}"/>')
    run._r.addprevious(start)
    run._r.addnext(end)
    remarks: tuple[Remark, ...] = read(document).remarks
    assert [remark.results for remark in remarks] == [(tag,)]


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7", b"PK\x03\x04broken"])
def test_what_is_no_word_file_is_refused(content: bytes) -> None:
    with pytest.raises(ValueError, match="not a Word file"):
        review_of_docx(content)
