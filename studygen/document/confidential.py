"""The template tag `{% confidential "reason" %} … {% endconfidential %}` around a passage that a public version leaves out, and
what becomes of the passage. Knows nothing about which document is public."""

from __future__ import annotations

import re
from collections.abc import Callable

from jinja2 import nodes
from jinja2.ext import Extension
from jinja2.parser import Parser
from markupsafe import Markup

from studygen.document.markup import escape_markdown

Passage = Callable[[], str]
"""Renders what stands between the two tags."""

TAG, END = "confidential", "endconfidential"

_TAGS = re.compile(rf"\{{%[-+]?\s*(?:{TAG}\b(?:[^%\"']|\"[^\"]*\"|'[^']*')*|{END}\s*)%\}}")

_OPENING = re.compile(rf"\{{%[-+]?\s*{TAG}\b[^%]*%\}}")
_STRAIGHT = str.maketrans("“”„‟«»", '""""""')
"""Word sets curly quotation marks."""


class ConfidentialTag(Extension):
    """Hands the reason and the passage to the function `confidential` of the environment."""

    tags = {TAG}  # noqa: RUF012 - Jinja's name and kind

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:  # noqa: ARG002
        """A line that ends in a block tag loses its line break, which is right for a tag on a line of its own; beside text the
        break belongs to the text, and Jinja's `+%}` keeps it."""
        if TAG not in source:
            return source
        source = _OPENING.sub(lambda tag: tag[0].translate(_STRAIGHT), source)
        return "\n".join(_breaking(line) for line in source.split("\n"))

    def parse(self, parser: Parser) -> nodes.Node:
        line = next(parser.stream).lineno
        if parser.stream.current.type == "block_end":
            parser.fail(f'"{TAG}" needs the reason in quotes: {{% {TAG} "commercially confidential" %}}', line)
        reason = parser.parse_expression()
        passage = parser.parse_statements((f"name:{END}",), drop_needle=True)
        call = nodes.Call(nodes.Name(TAG, "load"), [reason], [], None, None)
        return nodes.CallBlock(call, [], [], passage).set_lineno(line)


def _breaking(line: str) -> str:
    """The line with tags that keep its line break, unless one tag is all of it."""
    if _TAGS.fullmatch(line.strip()):
        return line
    return _TAGS.sub(lambda tag: tag[0] if tag[0][-3] in "+-" else f"{tag[0][:-2]}+%}}", line)


def shown(reason: str, caller: Passage) -> str:  # noqa: ARG001 - the other treatment needs the reason
    """The passage as it stands: what every version but the public one prints."""
    return caller()


def replaced_by(mark: Callable[[str], str]) -> Callable[[str, Passage], str]:
    """A treatment that prints, in place of each passage, what `mark` makes of its reason. Line breaks around the passage stay, so
    that a paragraph remains one."""

    def replaced(reason: str, caller: Passage) -> str:
        passage = caller()
        before = passage[: len(passage) - len(passage.lstrip())]
        after = passage[len(passage.rstrip()) :] if passage.strip() else ""
        return Markup(before + escape_markdown(mark(reason)) + after)

    return replaced
