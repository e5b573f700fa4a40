"""Markdown in studygen's dialect to blocks of the document tree. Everything outside the dialect is a fault with its line, and all
faults of a text are told at once. Knows no templates; numbers, references and slots are filled by later steps."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from markdown_it.token import Token

from studygen.document import fences
from studygen.document.dialect import markdown_reader
from studygen.document.inlines import Mentions, Notes, parse_inline, read_tokens
from studygen.document.nodes import Block, Callout, Heading, Inline, ListBlock, Paragraph, Slot, plain_text
from studygen.document.sourcemap import Rendered
from studygen.errors import Fault, Place, TemplateError

__all__ = ["Reading", "parse_blocks", "parse_inline", "read_blocks"]

ID = re.compile(r"[A-Za-z][A-Za-z0-9_.-]*")
DEEPEST_LEVEL = 5


@dataclass(frozen=True, slots=True)
class Reading:
    """A text as read: its blocks, its faults, and where its ids, references, citations and headings stand."""

    blocks: tuple[Block, ...]
    faults: tuple[Fault, ...]
    mentions: Mentions
    headings: tuple[Place, ...]


def parse_blocks(markdown: str, file: str, base_level: int = 1) -> tuple[Block, ...]:
    """The blocks of a section's text. `base_level` is the level of the section's own heading, so that `##` is one below it.
    Raises TemplateError with every fault."""
    reading = read_blocks(markdown, file, base_level)
    if reading.faults:
        raise TemplateError(reading.faults)
    return reading.blocks


def read_blocks(markdown: str, file: str, base_level: int = 1) -> Reading:
    """Like `parse_blocks`, with the faults beside the blocks. Places are those of the templates when `markdown` is Rendered."""
    if isinstance(markdown, Rendered):
        places: Sequence[Place] = markdown.places
    else:
        places = [Place(file, line) for line in range(1, markdown.count("\n") + 2)]
    reader = _BlockReader(places, base_level)
    blocks = reader.text(markdown, first_line=0)
    return Reading(blocks, tuple(dict.fromkeys(reader.notes.faults)), reader.notes.mentions, tuple(reader.headings))


class _BlockReader:
    """Walks markdown-it's flat tokens. Lines are counted from 0 in the whole text, also inside fences."""

    def __init__(self, places: Sequence[Place], base_level: int) -> None:
        self.places = places
        self.base_level = base_level
        self.notes = Notes()
        self.headings: list[Place] = []
        self.last_level = 1

    def place(self, line: int) -> Place:
        return self.places[min(line, len(self.places) - 1)]

    def fault(self, line: int, what: str, remedy: str) -> None:
        self.notes.fault(self.place(line), what, remedy)

    def text(self, markdown: str, first_line: int, inside: str = "") -> tuple[Block, ...]:
        """The blocks of a text that begins in `first_line`; `inside` names the block around it."""
        return self.blocks(markdown_reader().parse(markdown), first_line, inside)

    def blocks(self, tokens: Sequence[Token], first_line: int, inside: str) -> tuple[Block, ...]:
        found: list[Block] = []
        target: tuple[str, int] | None = None
        position = 0
        while position < len(tokens):
            token = tokens[position]
            end = _end(tokens, position)
            content = tokens[position + 1 : end]
            line = first_line + (token.map[0] if token.map else 0)
            if target is not None and token.type != "heading_open":
                self.fault(
                    target[1], f"({target[0]})= stands before no heading", "Put it on the line before the heading it names."
                )
                target = None
            match token.type:
                case "paragraph_open":
                    children = self.inlines(content, line)
                    if children:
                        found.append(Paragraph(children))
                case "heading_open":
                    found.extend(self.heading(token, content, line, target[0] if target else "", inside))
                    target = None
                case "bullet_list_open" | "ordered_list_open":
                    found.append(self.list_block(token, content, line, first_line))
                case "target":
                    target = (self.checked_id(token.content, line), line)
                case "fence" if token.info.startswith("{"):
                    found.extend(self.fence(token, line))
                case kind:
                    self.refuse(kind, line)
            position = end + 1
        if target is not None:
            self.fault(target[1], f"({target[0]})= stands before no heading", "Put it on the line before the heading it names.")
        return tuple(found)

    def inlines(self, tokens: Sequence[Token], line: int) -> tuple[Inline, ...]:
        return tuple(node for token in tokens for node in read_tokens(token.children or [], self.place, line, self.notes))

    def checked_id(self, id: str, line: int) -> str:
        if not ID.fullmatch(id):
            self.fault(line, f'"{id}" is not an id', "An id begins with a letter and has letters, digits, hyphens, underscores.")
        return id

    def heading(self, token: Token, content: Sequence[Token], line: int, id: str, inside: str) -> list[Block]:
        children = self.inlines(content, line)
        depth = int(token.tag[1:])
        level = self.base_level + depth - 1
        shown = plain_text(children)
        if token.markup in ("=", "-"):
            self.fault(line, f'"{shown}" is underlined', "Begin headings with ## ; leave an empty line before a list or rule.")
        elif inside:
            self.fault(line, f'the heading "{shown}" stands inside a {inside}', "Move it out, or make it a bold sentence.")
        elif depth == 1:
            self.fault(
                line,
                f'"# {shown}" has the level of the section itself',
                "Begin with ## ; document.yaml gives the section's heading.",
            )
        elif depth > self.last_level + 1:
            self.fault(line, f'the heading "{shown}" skips a level', f"Use {'#' * (self.last_level + 1)} here.")
        elif level > DEEPEST_LEVEL:
            self.fault(
                line, f'the heading "{shown}" is too deep', f"Documents have {DEEPEST_LEVEL} levels; this would be level {level}."
            )
        elif not shown.strip():
            self.fault(line, "a heading is empty", "Write its words after the ## signs.")
        else:
            self.last_level = depth
            self.headings.append(self.place(line))
            if id:
                self.notes.mention("id", id, self.place(line))
            return [Heading(id, level, children)]
        self.last_level = max(2, min(depth, DEEPEST_LEVEL))
        return []

    def list_block(self, token: Token, content: Sequence[Token], line: int, first_line: int) -> ListBlock:
        start = token.attrGet("start")
        if start not in (None, 1):
            remedy = f"Begin a list with 1. ; a sentence that begins with a number needs a backslash: {start}\\."
            self.fault(line, f"a numbered list begins with {start}", remedy)
        items: list[tuple[Block, ...]] = []
        position = 0
        while position < len(content):
            end = _end(content, position)
            items.append(self.blocks(content[position + 1 : end], first_line, "list"))
            position = end + 1
        return ListBlock(tuple(items), ordered=token.type == "ordered_list_open")

    def fence(self, token: Token, line: int) -> tuple[Block, ...]:
        read = fences.read_fence(token.info, token.content, lambda n: self.place(line + n), self.notes)
        match read:
            case fences.Boxed(kind):
                known = len(self.notes.faults)
                blocks = self.text(token.content, line + 1, "callout")
                if not blocks and len(self.notes.faults) == known:
                    self.fault(line, "the callout is empty", "Write what the reader must not miss, or take it out.")
                return (Callout(blocks, kind),)
            case fences.Styled(style):
                blocks = self.text(token.content, line + 1, "style")
                for block in blocks:
                    if not isinstance(block, Paragraph):
                        self.fault(line, f"only paragraphs can have the style {style}", "Move the rest out of the fence.")
                return tuple(Paragraph(block.children, style) for block in blocks if isinstance(block, Paragraph))
            case Slot(id=id):
                self.notes.mention("id", self.checked_id(id, line), self.place(line))
                return (read,)
            case None:
                return ()
            case block:
                return (block,)

    def refuse(self, kind: str, line: int) -> None:
        what, remedy = _REFUSED.get(kind, (f"{kind.replace('_', ' ')} is not part of the dialect", "Write it in plain words."))
        self.fault(line, what, remedy)


def _end(tokens: Sequence[Token], start: int) -> int:
    """The position of the token that closes the one at `start`; `start` itself when it stands alone."""
    if tokens[start].nesting != 1:
        return start
    depth = 0
    for position in range(start, len(tokens)):
        depth += tokens[position].nesting
        if depth == 0:
            return position
    return len(tokens) - 1


_REFUSED = {
    "html_block": ("HTML is not printed", "Use Markdown; a comment is {# … #}."),
    "code_block": (
        "a line is indented by four or more spaces",
        "Begin paragraphs in the first column; indent list text by two or three.",
    ),
    "fence": (
        "a fence has no name in braces",
        "Begin it with ```{table}, ```{callout} or another name; mark code in a line with `…`.",
    ),
    "table_open": ("a table is drawn by hand", "Tables come from displays: ```{table} tbl-…."),
    "hr": ("a rule across the page", "Use a heading, or ```{pagebreak}."),
    "blockquote_open": ("a block quotation", "Use ```{callout} note for a remark, or quotation marks in a sentence."),
}
"""Blocks outside the dialect: what they are, and what to write instead."""
