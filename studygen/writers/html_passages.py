"""Reads the reading version back: what its main part says, in document order. What surrounds the text (bar, contents at the side,
pop-ups, data) is navigation and not part of it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import html
from lxml.html import HtmlElement

from studygen.document.passages import Passage, joined

HEADING = re.compile(r"h([1-6])")


def passages_of_html(content: bytes) -> tuple[Passage, ...]:
    """The passages of the file's `<main>`, footnotes last. ValueError when it has none."""
    page = html.document_fromstring(content, parser=html.HTMLParser(encoding="utf-8"))
    main = next((part for part in page.iter("main") if isinstance(part, HtmlElement)), None)
    if main is None:
        raise ValueError("the HTML has no main part")
    notes = list(main.find_class("footnote"))
    numbered = [Passage("footnote", (f"{note.get('id', '').rpartition('-')[2]} {note.text_content()}",)) for note in notes]
    for note in notes:
        note.drop_tree()
    return joined((*_passages(main), *numbered))


def _passages(element: HtmlElement) -> Iterator[Passage]:
    if element.text:
        yield Passage("text", (element.text,))
    for child in element:
        yield from _of_child(child)
        if child.tail:
            yield Passage("text", (child.tail,))


def _of_child(child: HtmlElement) -> Iterator[Passage]:
    tag = str(child.tag)
    if heading := HEADING.fullmatch(tag):
        yield Passage("heading", (child.text_content(),), int(heading[1]))
    elif tag in ("caption", "figcaption"):
        yield Passage("caption", (child.text_content(),))
    elif tag == "img":
        yield Passage("figure", (child.get("alt", ""),))
    elif tag == "tr":
        parent = child.getparent()
        head = parent is not None and parent.tag == "thead"
        yield Passage("columns" if head else "row", tuple(cell.text_content() for cell in child))
    else:
        yield from _passages(child)
