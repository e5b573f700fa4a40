"""Inline nodes as HTML, one function per node type; knows nothing about blocks, pages or styles."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from html import escape
from typing import assert_never

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
    plain_text,
)
from studygen.document.traces import value_anchor

CODE_BREAK = re.compile(r"(?<=[./_])(?=\w)")
"""Where a line may break within a code (an id, a path) before it breaks anywhere."""

WHOLE_ADDRESS = 60
"""Characters of an address in print that is not broken where it fits a line."""


@dataclass(frozen=True, slots=True)
class Links:
    """What inline nodes may lead to, and how a footnote is written, which paged and scrolled documents do differently."""

    works: Mapping[str, str] = field(default_factory=dict)
    """Reference labels as printed in citations ("3") → citation keys, so that each number of "[3,4]" can lead to its work."""
    rows: Collection[str] = frozenset()
    """The anchors of table rows: a number whose row is among them leads to it."""
    code_break: str = "<wbr>"
    """What lets a line break within a code. On paper it is a character, since the layout engine passes over the element."""
    footnote: Callable[[Footnote, Links], str] = lambda node, links: page_footnote(node, links)


def inlines(nodes: tuple[Inline, ...], links: Links) -> str:
    """A run of inline nodes as HTML."""
    return "".join(inline(node, links) for node in nodes)


def inline(node: Inline, links: Links) -> str:
    """One inline node as HTML."""
    match node:
        case Text():
            return escape(node.text, quote=False)
        case Emphasis():
            return f"<em>{inlines(node.children, links)}</em>"
        case Strong():
            return f"<strong>{inlines(node.children, links)}</strong>"
        case Code():
            return f"<code>{CODE_BREAK.sub(links.code_break, escape(node.text, quote=False))}</code>"
        case Script():
            tag = "sup" if node.position == "super" else "sub"
            return f"<{tag}>{inlines(node.children, links)}</{tag}>"
        case Link():
            name = ' class="address"' if len(node.href) <= WHOLE_ADDRESS and plain_text(node.children) == node.href else ""
            return f'<a{name} href="{escape(node.href)}">{inlines(node.children, links)}</a>'
        case Ref():
            return f'<a class="ref" href="#{escape(node.target)}">{escape(node.text, quote=False)}</a>'
        case Citation():
            return citation(node, links)
        case Value():
            return value(node, links)
        case Footnote():
            return links.footnote(node, links)
        case Break():
            return "<br>"
        case _:
            assert_never(node)


def value(node: Value, links: Links) -> str:
    """A traced number; it leads to the row that explains it where the document has one."""
    row = value_anchor(node.id)
    tag, lead = ("a", f' href="#{row}"') if row in links.rows else ("span", "")
    return f'<{tag} class="value"{lead} data-result="{escape(node.id)}">{escape(node.text, quote=False)}</{tag}>'


def page_footnote(node: Footnote, links: Links) -> str:
    """A footnote at its place; the layout carries it to the foot of the page."""
    return f'<span class="footnote" data-number="{node.number}">{inlines(node.children, links)}</span>'


def citation(node: Citation, links: Links) -> str:
    """Each work's label in the citation leads to its entry; a label that stands for several ("[3–5]") leads at both ends.
    A citation whose labels cannot be told apart leads to its first work."""
    parts: list[str] = []
    linked = False
    for part in re.split(r"(\w+)", node.text):
        key = links.works.get(part)
        if key in node.keys:
            parts.append(f'<a class="citation" href="#ref-{escape(key)}">{part}</a>')
            linked = True
        else:
            parts.append(escape(part, quote=False))
    if linked or not node.keys:
        return "".join(parts)
    return f'<a class="citation" href="#ref-{escape(node.keys[0])}">{escape(node.text, quote=False)}</a>'
