"""Redaction of a finished document: names, addresses and numbers replaced wherever they stand, and a list of the marks a reader
sees in their place. Knows patterns and the tree, and nothing of whose names they are."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from studygen.document.nodes import (
    Block,
    Code,
    ContentsEntry,
    Document,
    Figure,
    Heading,
    Link,
    Meta,
    Table,
    Text,
    plain_text,
    walk,
)
from studygen.document.rewriting import transform

EMAIL: Final = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")

TELEPHONE: Final = re.compile(
    r"(?<![\w.])\+\d{1,3}[ .\-\u00a0/()]{0,2}(?:\d[ .\-\u00a0/()]{0,2}){6,12}\d"
    r"|(?i:\b(?:tel|telephone|phone|mobile|fax)\b)[.:]*\s*\(?\+?\d(?:[ .\-\u00a0/()]{0,2}\d){5,13}"
)
"""A number that begins with a country code, or that a word calls a telephone number. Other numbers of a study are not."""


@dataclass(frozen=True, slots=True)
class Replaced:
    """What is replaced, and by what."""

    pattern: re.Pattern[str]
    mark: str


def exactly(text: str) -> re.Pattern[str]:
    """A pattern for a text, however its words are spaced, that does not begin or end inside a word."""
    words = r"\s+".join(re.escape(word) for word in text.split())
    return re.compile(rf"(?<!\w){words}(?!\w)")


def redact(document: Document, rules: Sequence[Replaced]) -> Document:
    """The document with every match in its texts, alternative texts and properties replaced. A link to an address that matches
    becomes its mark."""

    def clean(text: str) -> str:
        for rule in rules:
            text = rule.pattern.sub(rule.mark, text)
        return text

    def link(node: Link) -> Link | Text:
        mark = next((rule.mark for rule in rules if rule.pattern.search(node.href)), None)
        return node if mark is None else Text(mark)

    def text(node: Any) -> Any:
        new = clean(node.text)
        return node if new == node.text else replace(node, text=new)

    rewrites = {
        Text: text,
        Code: text,
        Link: link,
        Figure: lambda node: replace(node, alt=clean(node.alt)),
        ContentsEntry: lambda node: replace(node, title=clean(node.title)),
    }
    front, body = transform((document.front, document.body), rewrites)
    meta = document.meta
    title, short_title, author = clean(meta.title), clean(meta.short_title), clean(meta.author)
    properties = replace(
        meta, title=title, short_title=short_title, author=author, keywords=tuple(clean(word) for word in meta.keywords)
    )
    return Document(properties, front, body)


def leaks(document: Document, rules: Sequence[Replaced]) -> tuple[tuple[str, str], ...]:
    """Matches that are still there because formatting or a figure's drawing divides them: section and matched text."""
    found = []
    for section, text in _texts(document):
        for rule in rules:
            found += [(section, match[0]) for match in rule.pattern.finditer(text)]
    return tuple(found)


def _texts(document: Document) -> Iterator[tuple[str, str]]:
    """Every run of text as a reader sees it, whatever its formatting, and what a figure draws as text; with its section."""
    section = ""
    for block in (*document.front, *document.body):
        if isinstance(block, Heading):
            section = block.number or plain_text(block.children)
        for node in walk(block):
            if isinstance(node, Figure):
                yield section, node.svg.decode("utf-8", errors="replace")
            for name in ("children", "caption"):
                if hasattr(node, name):
                    yield section, plain_text(getattr(node, name))
            for line in getattr(node, "notes", ()):
                yield section, plain_text(line)


@dataclass(frozen=True, slots=True)
class Redaction:
    """Marks of one reason in one place: the section's number and words (empty on the title page), the table's or figure's label
    ("Table 3", or empty), how often the mark stands there, and whether the place is the properties of the file."""

    section: str
    display: str
    reason: str
    times: int
    in_properties: bool = False


def redactions(document: Document, marks: re.Pattern[str]) -> tuple[Redaction, ...]:
    """The marks in a document in reading order; `marks` matches one, with the reason as its group."""
    found: Counter[tuple[str, str, str]] = Counter()
    section = ""
    for block in (*document.front, *document.body):
        if isinstance(block, Heading):
            section = f"{block.number} {plain_text(block.children)}".strip()
        for text in _own_texts(block):
            found.update((section, _display(block, document.meta), match[1]) for match in marks.finditer(text))
    return tuple(Redaction(*place, times) for place, times in found.items())


def _own_texts(block: Block) -> Iterator[str]:
    """The characters of a block, each once."""
    for node in walk(block):
        if isinstance(node, Text | Code):
            yield node.text
        elif isinstance(node, Figure):
            yield node.alt


def _display(block: Block, meta: Meta) -> str:
    if not isinstance(block, Table | Figure) or not block.number:
        return ""
    return f"{meta.label('table' if isinstance(block, Table) else 'figure')} {block.number}"
