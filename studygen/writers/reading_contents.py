"""The contents beside the text: the headings as nested lists, the tables and the figures. Knows nothing about the text itself."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from studygen.document.nodes import Document, Figure, Heading, Table, plain_text, walk
from studygen.writers.html import display_label

DEEPEST = 4
"""Headings below this level are left to the text."""


def side_contents(document: Document) -> str:
    """Contents as navigation. On a narrow screen it is a sheet that a button opens; that, too, needs no script."""
    meta = document.meta
    headings = [node for node in document.body if isinstance(node, Heading) and node.level <= DEEPEST]
    found = [node for node in walk(document.body) if isinstance(node, Table | Figure) and node.number]
    lists = [("tables", Table), ("figures", Figure)]
    folded = "".join(
        f"<details><summary>{escape(meta.label(word))} <span>{len(of_kind)}</span></summary><ul>"
        + "".join(_entry(node.id, display_label(node, meta), plain_text(node.caption)) for node in of_kind)
        + "</ul></details>"
        for word, kind in lists
        if (of_kind := [node for node in found if isinstance(node, kind)])
    )
    title = escape(meta.label("contents"), quote=False)
    return (
        f'<nav id="contents" popover aria-label="{escape(meta.label("contents"))}" data-fold="{escape(meta.label("fold"))}">\n'
        f'<p class="contents-title">{title}</p>\n<div class="sections">{nested(headings)}</div>\n{folded}\n'
        f'<p class="hint" hidden>{escape(meta.label("hint"), quote=False)}</p>\n</nav>'
    )


def nested(headings: Sequence[Heading]) -> str:
    """Headings as lists in lists; a level that was skipped makes no list of its own."""
    parts: list[str] = []
    open_levels: list[int] = []
    for heading in headings:
        while open_levels and open_levels[-1] > heading.level:
            open_levels.pop()
            parts.append("</li></ul>")
        if open_levels and open_levels[-1] == heading.level:
            parts.append("</li>")
        else:
            open_levels.append(heading.level)
            parts.append("<ul>")
        parts.append(_entry(heading.id, heading.number, plain_text(heading.children)).removesuffix("</li>"))
    return "".join(parts) + "</li></ul>" * len(open_levels)


def _entry(target: str, label: str, words: str) -> str:
    number = f'<span class="label">{escape(label, quote=False)}</span> ' if label else ""
    return f'<li><a href="#{escape(target)}">{number}{escape(words, quote=False)}</a></li>'
