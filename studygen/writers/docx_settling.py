"""Ties the open ends of a draft part once all of it is there: lists, bookmarks, drawings, page breaks, section ends.
Knows XML only, no nodes."""

from __future__ import annotations

from typing import cast

from lxml import etree

from studygen.writers.docx_numbering import Family, first_ordered_list
from studygen.writers.docx_xml import DECLARED, DRAFT, q


def draft_root(name: str, content: str) -> str:
    """A draft part: its root element around `content`, with everything declared that a draft may use."""
    return f'<{name} {DECLARED} {DRAFT} mc:Ignorable="w15">{content}</{name}>'


def settled(draft: str) -> tuple[etree._Element, list[Family]]:
    """A draft part with its open ends tied: ordered lists have instances, bookmarks and drawings have numbers, page breaks and
    section ends stand in the paragraphs they belong to. Also the families of its ordered lists, in order."""
    root = etree.fromstring(draft)
    lists = _number_lists(root)
    _number_bookmarks_and_drawings(root)
    _place_page_breaks(root)
    _place_section_ends(root)
    etree.cleanup_namespaces(root, keep_ns_prefixes=["w", "r", "mc", "w15"])
    return root, lists


def _number_lists(root: etree._Element) -> list[Family]:
    families: list[Family] = []
    numbers: dict[etree._Element, int] = {}
    for group in list(root.iter(q("draft:list"))):
        numbers[group] = first_ordered_list() + len(families)
        families.append(cast("Family", group.get("family")))
    for group in numbers:
        for number in group.iter(q("w:numId")):
            nearest = next(ancestor for ancestor in number.iterancestors(q("draft:list")))
            number.set(q("w:val"), str(numbers[nearest]))
    for group in numbers:
        for child in list(group):
            group.addprevious(child)
        parent = group.getparent()
        if parent is not None:
            parent.remove(group)
    return families


def _number_bookmarks_and_drawings(root: etree._Element) -> None:
    numbers: dict[str, str] = {}
    for element in root.iter(q("w:bookmarkStart"), q("w:bookmarkEnd")):
        name = element.get(q("w:id"), "")
        element.set(q("w:id"), numbers.setdefault(name, str(len(numbers) + 1)))
    for number, element in enumerate(root.iter(q("wp:docPr")), start=1):
        element.set("id", str(number))


def _place_page_breaks(root: etree._Element) -> None:
    """`w:pageBreakBefore` on the paragraph that follows; at the start or end of a section there is a new page anyway."""
    for mark in list(root.iter(q("draft:page-break"))):
        following = mark.getnext()
        while following is not None and following.tag in (q("w:bookmarkStart"), q("w:bookmarkEnd")):
            following = following.getnext()
        before = mark.getprevious()
        parent = mark.getparent()
        assert parent is not None
        parent.remove(mark)
        if (
            following is None
            or following.tag in (q("w:sectPr"), q("draft:page-break"))
            or before is None
            or before.tag == q("w:sectPr")
        ):
            continue
        target = following if following.tag == q("w:p") else following.find(f".//{q('w:p')}")
        if target is not None:
            _insert(target, etree.Element(q("w:pageBreakBefore")), after=("w:pStyle", "w:keepNext", "w:keepLines"))
            _begin_at_the_top(target)


def _place_section_ends(root: etree._Element) -> None:
    """A section that is not the last one ends in the properties of its last paragraph."""
    for end in list(root.iter(q("w:sectPr"))):
        following = end.getnext()
        if following is None:
            continue
        if following.tag == q("w:p"):
            _begin_at_the_top(following)
        last = end.getprevious()
        if last is None or not _can_end_section(last):
            last = etree.fromstring(f'<w:p {DECLARED}><w:pPr><w:pStyle w:val="TableEnd"/></w:pPr></w:p>')
            end.addprevious(last)
        properties = last.find(q("w:pPr"))
        assert properties is not None
        properties.append(end)


def _begin_at_the_top(first: etree._Element) -> None:
    """Word leaves out the space above a paragraph where a page turns by itself, but not after a break: said here, since it
    depends on the place and no style knows it."""
    order = ("w:pStyle", "w:keepNext", "w:keepLines", "w:pageBreakBefore", "w:numPr")
    _insert(first, etree.Element(q("w:spacing"), {q("w:before"): "0"}), after=order)


def _can_end_section(element: etree._Element) -> bool:
    """Whether an element is a paragraph that can carry a section's end: not one that ends a section already, and not a line of
    generated contents (LibreOffice loses the page numbers of a section that ends inside them)."""
    style = element.find(f"{q('w:pPr')}/{q('w:pStyle')}")
    return (
        style is not None
        and not str(style.get(q("w:val"))).startswith(("TOC", "TableofFigures"))
        and element.find(f"{q('w:pPr')}/{q('w:sectPr')}") is None
    )


def _insert(target: etree._Element, child: etree._Element, after: tuple[str, ...]) -> None:
    properties = target.find(q("w:pPr"))
    assert properties is not None
    names = {q(name) for name in after}
    position = sum(1 for existing in properties if existing.tag in names)
    properties.insert(position, child)
