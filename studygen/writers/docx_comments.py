"""The comments of a Word file, with their replies, and the words of its runs and paragraphs before and after tracked changes.
Knows nothing of where comments stand."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from lxml import etree

from studygen.writers.docx_xml import q

W14 = "{http://schemas.microsoft.com/office/word/2010/wordml}"
W15 = "{http://schemas.microsoft.com/office/word/2012/wordml}"

ChangeKind = Literal["insertion", "deletion"]

CHANGES: dict[str, ChangeKind] = {
    q("w:ins"): "insertion",
    q("w:moveTo"): "insertion",
    q("w:del"): "deletion",
    q("w:moveFrom"): "deletion",
}


@dataclass(frozen=True, slots=True)
class Change:
    """That words were put in or taken out, by whom and when."""

    kind: ChangeKind
    author: str
    date: str


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer to a comment. `date` is as the file has it (ISO 8601), "" for none."""

    author: str
    date: str
    text: str


@dataclass(slots=True)
class Comment:
    """A comment as the file has it."""

    author: str
    date: str
    text: str
    paragraph_id: str
    answers: str = ""
    """The paragraph id of the comment that this one answers."""
    resolved: bool = False
    replies: list[Reply] = field(default_factory=list)


def comments_of(parts: dict[str, etree._Element]) -> dict[str, Comment]:
    """The comments by id, replies put to those that they answer."""
    found: dict[str, Comment] = {}
    part = parts.get("word/comments.xml")
    for each in () if part is None else part.iter(q("w:comment")):
        paragraphs = list(each.iter(q("w:p")))
        text = "\n".join(words(paragraph) for paragraph in paragraphs).strip()
        last = str(paragraphs[-1].get(f"{W14}paraId", "")) if paragraphs else ""
        found[str(each.get(q("w:id")))] = Comment(str(each.get(q("w:author"), "")), str(each.get(q("w:date"), "")), text, last)
    extended = parts.get("word/commentsExtended.xml")
    by_paragraph = {each.paragraph_id: each for each in found.values() if each.paragraph_id}
    for each in () if extended is None else extended.iter(f"{W15}commentEx"):
        comment = by_paragraph.get(str(each.get(f"{W15}paraId")))
        if comment is None:
            continue
        comment.resolved = each.get(f"{W15}done") in ("1", "true")
        first = by_paragraph.get(str(each.get(f"{W15}paraIdParent", "")))
        if first is not None:
            comment.answers = first.paragraph_id
            first.replies.append(Reply(comment.author, comment.date, comment.text))
    return found


# ---------------------------------------------------------------- words


def change_of(element: etree._Element) -> Change | None:
    """The change that a run or another part of a paragraph belongs to."""
    for ancestor in element.iterancestors():
        if ancestor.tag in CHANGES:
            return change_at(ancestor)
        if ancestor.tag == q("w:p"):
            return None
    return None


def change_at(element: etree._Element) -> Change:
    """The change that an element of tracked changes says."""
    return Change(CHANGES[str(element.tag)], str(element.get(q("w:author"), "")), str(element.get(q("w:date"), "")))


def tags_of(run: etree._Element) -> Iterator[str]:
    """The tags of the content controls around a run."""
    for ancestor in run.iterancestors(q("w:sdt")):
        tag = ancestor.find(f"{q('w:sdtPr')}/{q('w:tag')}")
        if tag is not None:
            yield str(tag.get(q("w:val")))


def shown_in(run: etree._Element) -> str:
    """The characters of a run, also those that were taken out."""
    parts = []
    for each in run:
        if each.tag in (q("w:t"), q("w:delText")):
            parts.append(each.text or "")
        elif each.tag in (q("w:tab"), q("w:br")):
            parts.append(" ")
    return "".join(parts)


def words(paragraph: etree._Element, *, before: bool = False) -> str:
    """The words of a paragraph as they stand, or as they were `before` changes: without what was put in, with what was taken
    out."""
    parts = []
    for run in paragraph.iter(q("w:r")):
        change = change_of(run)
        if change is None or change.kind == ("deletion" if before else "insertion"):
            parts.append(shown_in(run))
    return " ".join("".join(parts).split())
