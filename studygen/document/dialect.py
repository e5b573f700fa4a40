"""The Markdown of studygen's texts as markdown-it reads it: CommonMark, roles, targets; and what is read only in order to be
refused. Knows nothing about the document tree."""

from __future__ import annotations

import re
from functools import cache

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_inline import StateInline

_ROLE = re.compile(r"\{([A-Za-z][\w-]*)\}(`+)")
_TICKS = re.compile("`+")
_TARGET = re.compile(r"\(([^()]*)\)=")


@cache
def markdown_reader() -> MarkdownIt:
    """The reader; it holds no state between texts."""
    # HTML and tables are switched on so that they are recognised and refused instead of being printed as they stand.
    reader = MarkdownIt("commonmark", {"html": True, "typographer": False})
    reader.enable("table")
    reader.inline.ruler.before("backticks", "role", _role)
    reader.block.ruler.before("hr", "target", _target, {"alt": ["paragraph", "reference", "blockquote", "list"]})
    return reader


def _role(state: StateInline, silent: bool) -> bool:
    """``{name}`content` ``: closed by as many backticks as opened it, as in a code span, so that content may hold roles."""
    opening = _ROLE.match(state.src, state.pos, state.posMax)
    if opening is None:
        return False
    for ticks in _TICKS.finditer(state.src, opening.end(), state.posMax):
        if len(ticks[0]) == len(opening[2]):
            break
    else:
        return False
    if not silent:
        token = state.push("role", "", 0)
        token.info = opening[1]
        token.content = state.src[opening.end() : ticks.start()].replace("\n", " ").strip()
    state.pos = ticks.end()
    return True


def _target(state: StateBlock, start_line: int, _end_line: int, silent: bool) -> bool:
    """`(id)=` on a line of its own."""
    if state.is_code_block(start_line):
        return False
    line = state.src[state.bMarks[start_line] + state.tShift[start_line] : state.eMarks[start_line]]
    match = _TARGET.fullmatch(line.strip())
    if match is None:
        return False
    if not silent:
        state.line = start_line + 1
        token = state.push("target", "", 0)
        token.content = match[1]
        token.map = [start_line, state.line]
    return True
