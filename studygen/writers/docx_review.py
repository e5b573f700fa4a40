"""Reads what a reviewer left in a Word file: comments with their replies, and tracked changes, each with its place. Knows
WordprocessingML, and nothing of how the file was made but its bookmarks and the tags of its numbers."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import dataclass, field, replace
from typing import Literal

from lxml import etree

from studygen.writers.docx_comments import (
    Change,
    Comment,
    Reply,
    change_at,
    change_of,
    comments_of,
    shown_in,
    tags_of,
    words,
)
from studygen.writers.docx_passages import HEADING, Headings
from studygen.writers.docx_xml import q

DISPLAY = re.compile(r"(?:tbl|fig)_\w+")
"""Bookmarks of tables and figures."""

FORMATTING = (
    "w:rPrChange",
    "w:pPrChange",
    "w:sectPrChange",
    "w:tblPrChange",
    "w:trPrChange",
    "w:tcPrChange",
    "w:numberingChange",
)


Kind = Literal["comment", "insertion", "deletion"]


@dataclass(frozen=True, slots=True)
class Remark:
    """A comment, or a run of words that was put in or taken out. `text` are its words, `on` the words that a comment is about and
    `paragraph` all words around it as they were before changes; `heading` is the heading above with the number that Word shows.
    `bookmarks` are those of the heading and, inside a table or figure, of that; `results` the tags of the numbers concerned."""

    kind: Kind
    author: str
    date: str
    text: str
    on: str
    paragraph: str
    heading: str
    bookmarks: tuple[str, ...]
    results: tuple[str, ...] = ()
    replies: tuple[Reply, ...] = ()
    resolved: bool = False


@dataclass(frozen=True, slots=True)
class Review:
    """What a reviewer left: the document by its `reference` and `version` ("" where the file no longer says them), remarks in
    reading order, and how many changes there are to the look alone."""

    reference: str
    version: str
    remarks: tuple[Remark, ...]
    formatting: int


def review_of_docx(content: bytes) -> Review:
    """The remarks in a Word file. ValueError when it is none."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            parts = {name: etree.fromstring(package.read(name)) for name in package.namelist() if name.endswith(".xml")}
    except (zipfile.BadZipFile, etree.XMLSyntaxError) as error:
        raise ValueError("it is not a Word file (.docx)") from error
    if "word/document.xml" not in parts:
        raise ValueError("it is not a Word file (.docx): it has no word/document.xml")
    comments = comments_of(parts)
    body = _Walk(comments, Headings(parts.get("word/styles.xml"), parts.get("word/numbering.xml")))
    body.through(parts["word/document.xml"])
    for name in sorted(name for name in parts if re.fullmatch(r"word/(?:footnotes|endnotes|header\d*|footer\d*)\.xml", name)):
        body.through(parts[name])
    found = sorted(body.found, key=lambda each: each[0])
    lost = [comment for id, comment in comments.items() if id not in body.placed and not comment.answers]
    remarks = [remark for _, remark in found] + [_remark(each, "", "", "", (), ()) for each in lost]
    formatting = sum(1 for part in parts.values() for _ in part.iter(*(q(name) for name in FORMATTING)))
    return Review(*_identity(parts), tuple(remarks), formatting)


# ---------------------------------------------------------------- the file's own names


def _identity(parts: dict[str, etree._Element]) -> tuple[str, str]:
    core = parts.get("docProps/core.xml")
    found = {etree.QName(each).localname: (each.text or "").strip() for each in (() if core is None else core)}
    reference, version = found.get("identifier", ""), found.get("version", "")
    if subject := re.match(r"([A-Z0-9-]+), \w+ (\d+\.\d+)", found.get("subject", "")):
        reference, version = reference or subject[1], version or subject[2]
    return reference, version


def _remark(
    comment: Comment, on: str, paragraph: str, heading: str, bookmarks: tuple[str, ...], results: tuple[str, ...]
) -> Remark:
    replies, resolved = tuple(comment.replies), comment.resolved
    return Remark(
        "comment", comment.author, comment.date, comment.text, on, paragraph, heading, bookmarks, results, replies, resolved
    )


# ---------------------------------------------------------------- the way through a part


@dataclass(slots=True)
class _Open:
    """A comment whose end has not come yet."""

    order: int
    here: _Here
    on: list[str] = field(default_factory=list)
    results: dict[str, None] = field(default_factory=dict)


@dataclass(slots=True)
class _Written:
    """Words of one change that follow each other."""

    change: Change
    texts: list[str] = field(default_factory=list)
    results: dict[str, None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Here:
    heading: str = ""
    section: str = ""
    display: str = ""
    paragraph: str = ""

    @property
    def bookmarks(self) -> tuple[str, ...]:
        return tuple(each for each in (self.display, self.section) if each)


class _Walk:
    """Goes through a part in reading order and notes remarks with their places."""

    def __init__(self, comments: dict[str, Comment], headings: Headings) -> None:
        self.comments = comments
        self.headings = headings
        self.found: list[tuple[int, Remark]] = []
        self.placed: set[str] = set()
        self.ranged: set[str] = set()
        self.open: dict[str, _Open] = {}
        self.here = _Here()
        self.order = 0

    def through(self, part: etree._Element) -> None:
        self.here = replace(self.here, display="", paragraph="")
        self.ranged = {str(each.get(q("w:id"))) for each in part.iter(q("w:commentRangeStart"))}
        for element in part.iter(q("w:p"), q("w:commentRangeEnd")):
            if element.tag == q("w:p"):
                self._paragraph(element)
            elif element.getparent() is not None and element.getparent().tag != q("w:p"):  # type: ignore[union-attr]
                self._close(str(element.get(q("w:id"))))  # between paragraphs

    def _paragraph(self, paragraph: etree._Element) -> None:
        style = paragraph.find(f"{q('w:pPr')}/{q('w:pStyle')}")
        name = "" if style is None else str(style.get(q("w:val")))
        marks = [str(each.get(q("w:name"))) for each in paragraph.iter(q("w:bookmarkStart"))]
        display = next((mark for mark in marks if DISPLAY.fullmatch(mark)), "")
        text = words(paragraph, before=True)
        if self.headings.level(name):
            section = marks[0] if marks and HEADING.fullmatch(name) else ""
            self.here = _Here(f"{self.headings.number(name)} {text}".strip(), section, "", text)
        elif display:
            self.here = replace(self.here, display=display, paragraph=text)
        elif name == "TableNote" or any(True for _ in paragraph.iterancestors(q("w:tbl"))):
            self.here = replace(self.here, paragraph=text)
        else:
            self.here = replace(self.here, display="", paragraph=text)
        self._runs(paragraph)

    def _runs(self, paragraph: etree._Element) -> None:
        written: _Written | None = None
        wanted = (q("w:r"), q("w:commentRangeStart"), q("w:commentRangeEnd"), q("w:commentReference"))
        for element in paragraph.iter(*wanted):
            id = str(element.get(q("w:id")))
            if element.tag == q("w:commentRangeStart"):
                self._open(id)
            elif element.tag == q("w:commentRangeEnd"):
                self._close(id)
            elif element.tag == q("w:commentReference"):
                if id not in self.ranged:  # on a place, not on words
                    self._open(id)
                    self._close(id)
            else:
                text, tags = shown_in(element), dict.fromkeys(tags_of(element))
                for each in self.open.values():
                    each.on.append(text)
                    each.results.update(tags)
                change = change_of(element)
                if written is not None and written.change != change:
                    self._changed(written)
                    written = None
                if change is not None and text:
                    written = written or _Written(change)
                    written.texts.append(text)
                    written.results.update(tags)
        if written is not None:
            self._changed(written)
        mark = paragraph.find(f"{q('w:pPr')}/{q('w:rPr')}")
        for part in () if mark is None else mark:
            if part.tag in (q("w:ins"), q("w:del")):
                self._changed(_Written(change_at(part), ["¶"]))

    def _changed(self, written: _Written) -> None:
        self.order += 1
        here, change = self.here, written.change
        self.found.append(
            (
                self.order,
                Remark(
                    change.kind,
                    change.author,
                    change.date,
                    "".join(written.texts),
                    "",
                    here.paragraph,
                    here.heading,
                    here.bookmarks,
                    tuple(written.results),
                ),
            )
        )

    def _open(self, id: str) -> None:
        self.order += 1
        self.open[id] = _Open(self.order, self.here)

    def _close(self, id: str) -> None:
        opened, comment = self.open.pop(id, None), self.comments.get(id)
        if opened is None or comment is None:
            return
        self.placed.add(id)
        if not comment.answers:
            here = opened.here
            on = " ".join("".join(opened.on).split())
            remark = _remark(comment, on, here.paragraph, here.heading, here.bookmarks, tuple(opened.results))
            self.found.append((opened.order, remark))
