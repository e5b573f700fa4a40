"""Inline Markdown to nodes: emphasis, links, code, line breaks and the roles. Collects what it must refuse, and where references
and citations stand. Knows no blocks."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Literal

from markdown_it.token import Token

from studygen.document.dialect import markdown_reader
from studygen.document.markup import unescape_markdown
from studygen.document.nodes import (
    Break,
    Citation,
    Code,
    Emphasis,
    Footnote,
    Inline,
    Link,
    Ref,
    Script,
    Strong,
    Text,
    Value,
)
from studygen.errors import Fault, Place, TemplateError, did_you_mean

_MARKED = re.compile(r"[\\`*_\[\]<>&!{}\n]")
"""Without one of these a text is plain."""

MentionKind = Literal["id", "ref", "cite", "short"]
Mentions = dict[tuple[MentionKind, str], list[Place]]
"""Where an id is given, referred to, a work cited, or what looks like an abbreviation stands: nodes carry no places, but faults
found later need them."""

SHORT_FORM = re.compile(r"(?<![\w/.–-])(?P<short>[A-Z]{2,6}(?:-?\d{1,3})?)s?(?![\w/–-])")
"""What looks like an abbreviation: two to six capitals, perhaps with a number ("ICD-10")."""


@dataclass(slots=True)
class Notes:
    """What is noted down while a text is read."""

    faults: list[Fault] = field(default_factory=list)
    mentions: Mentions = field(default_factory=dict)

    def fault(self, place: Place, what: str, remedy: str) -> None:
        self.faults.append(Fault(place, what, remedy))

    def mention(self, kind: MentionKind, name: str, place: Place) -> None:
        self.mentions.setdefault((kind, name), []).append(place)


def parse_inline(markdown: str, file: str = "") -> tuple[Inline, ...]:
    """Inline Markdown as nodes; line breaks in the text become spaces. Raises TemplateError with every fault."""
    return _parsed(markdown, file)


@lru_cache(maxsize=8192)
def _parsed(markdown: str, file: str) -> tuple[Inline, ...]:
    # Tables print the same few words over and over; nodes are frozen and may be shared.
    if not _MARKED.search(markdown):
        return (Text(markdown),) if markdown else ()
    notes = Notes()
    nodes = read_inline(markdown, lambda line: Place(file, line), 1, notes)
    if notes.faults:
        raise TemplateError(notes.faults)
    return nodes


def read_inline(markdown: str, place: Callable[[int], Place], line: int, notes: Notes) -> tuple[Inline, ...]:
    """Like `parse_inline`, noting faults instead of raising; the text begins in `line`."""
    (token,) = markdown_reader().parseInline(markdown)
    return read_tokens(token.children or [], place, line, notes)


def read_tokens(tokens: Sequence[Token], place: Callable[[int], Place], line: int, notes: Notes) -> tuple[Inline, ...]:
    """markdown-it's inline tokens, which begin in `line`, as nodes."""
    reader = _InlineReader(place, line, notes)
    for token in tokens:
        reader.take(token)
    return reader.finished()


class _InlineReader:
    """Nests the flat token list; `line` follows the line breaks so that every fault has its own line."""

    def __init__(self, place: Callable[[int], Place], line: int, notes: Notes) -> None:
        self.place = place
        self.line = line
        self.notes = notes
        self.open: list[tuple[Token | None, list[Inline]]] = [(None, [])]

    def finished(self) -> tuple[Inline, ...]:
        return tuple(self.open[0][1])

    def take(self, token: Token) -> None:
        match token.type:
            case "text" | "text_special":
                for match in SHORT_FORM.finditer(token.content):
                    self.notes.mention("short", match["short"], self.place(self.line))
                self.text(token.content)
            case "softbreak":
                self.line += 1
                self.text(" ")
            case "hardbreak":
                self.line += 1
                self.add(Break())
            case "code_inline":
                self.add(Code(unescape_markdown(token.content)))
            case "role":
                self.role(token.info, token.content)
            case "em_open" | "strong_open" | "link_open":
                self.open.append((token, []))
            case "em_close":
                self.add(Emphasis(self.closed()[1]))
            case "strong_close":
                self.add(Strong(self.closed()[1]))
            case "link_close":
                self.link()
            case "html_inline" if token.content.startswith("</"):
                pass  # its opening tag is the fault
            case "html_inline":
                self.fault(f'"{token.content}" is HTML, which is not printed', _HTML_REMEDY)
            case "image":
                self.fault("an image cannot stand in a text", "Draw it with a figure display: ```{figure} fig-….")
            case _:
                self.fault(f'"{token.content}" is not understood here', "Write it in plain words.")

    def text(self, text: str) -> None:
        children = self.open[-1][1]
        if children and isinstance(children[-1], Text):
            children[-1] = Text(children[-1].text + text)
        elif text:
            children.append(Text(text))

    def add(self, node: Inline) -> None:
        self.open[-1][1].append(node)

    def closed(self) -> tuple[Token | None, tuple[Inline, ...]]:
        opening, children = self.open.pop()
        return opening, tuple(children)

    def fault(self, what: str, remedy: str) -> None:
        self.notes.fault(self.place(self.line), what, remedy)

    def link(self) -> None:
        opening, children = self.closed()
        href = str(opening.attrGet("href") or "") if opening else ""
        if href.startswith(("https://", "http://", "mailto:")):
            self.add(Link(children, href))
        else:
            self.fault(
                f'the link to "{href}" leads nowhere outside',
                "Link to a full address (https://…); to a section, table or figure with {{ ref(…) }}.",
            )

    def nested(self, markdown: str) -> tuple[Inline, ...]:
        return read_inline(markdown, self.place, self.line, self.notes)

    def role(self, name: str, content: str) -> None:
        if name not in ROLES:
            self.fault(f'"{{{name}}}" is not a known role', did_you_mean(name, ROLES))
        elif not content:
            self.fault(f"the role {{{name}}} is empty", f"Write its content between the backticks: {{{name}}}`…`.")
        else:
            ROLES[name](self, content)

    def value(self, content: str) -> None:
        id, bar, text = content.partition("|")
        if bar and id and text:
            self.add(Value(unescape_markdown(id), unescape_markdown(text)))
        else:
            self.fault(f'"{content}" does not say which result is shown how', "Print numbers with {{ value(…) }}.")

    def ref(self, content: str) -> None:
        target = unescape_markdown(content)
        self.notes.mention("ref", target, self.place(self.line))
        self.add(Ref(target))

    def cite(self, content: str) -> None:
        keys = tuple(key.strip() for key in unescape_markdown(content).split(",") if key.strip())
        for key in keys:
            self.notes.mention("cite", key, self.place(self.line))
        self.add(Citation(keys))

    def superscript(self, content: str) -> None:
        self.add(Script(self.nested(content), "super"))

    def subscript(self, content: str) -> None:
        self.add(Script(self.nested(content), "sub"))

    def footnote(self, content: str) -> None:
        self.add(Footnote(self.nested(content)))


_HTML_REMEDY = (
    "Use Markdown: *italic*, **bold**, {sup}`2`, {sub}`2`; a backslash at the end of a line breaks it. "
    "A comment is {# … #}; write \\< for the sign itself."
)

ROLES: dict[str, Callable[[_InlineReader, str], None]] = {
    "value": _InlineReader.value,
    "ref": _InlineReader.ref,
    "cite": _InlineReader.cite,
    "sup": _InlineReader.superscript,
    "sub": _InlineReader.subscript,
    "footnote": _InlineReader.footnote,
}
"""Every role there is."""
