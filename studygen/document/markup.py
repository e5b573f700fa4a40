"""Plain text as Markdown that reads the same, and the roles that carry numbers, references and citations through Markdown.
Knows neither templates nor the document tree."""

from __future__ import annotations

import re
from typing import TypeVar

from markdown_it.common.utils import unescapeAll
from markupsafe import Markup

SEPARATORS = re.compile("[ \t\n\r\f\v\x1c-\x1f\x85\u2028\u2029]+")
"""White space that stands for a word space. No-break and thin spaces are typography and stay."""

_CONTROLS = re.compile("[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\ufffe\uffff]")
"""Characters that neither XML nor a reader can take."""

_SPECIAL = re.compile(r"[\\*_\[\]<>&$#|~{}!]")
_OPENING = re.compile(r"^( ?)(?:([-+=(:.)])|(\d{1,9})([.)]))")
"""What would begin a list, an underline, a target, or the end of an enumerator if the text came first in its line."""


def escape_markdown(text: str) -> str:
    """One line of Markdown that shows exactly `text`. Line breaks become spaces; a character that no output format can hold
    becomes the replacement character."""
    flat = _CONTROLS.sub("\ufffd", SEPARATORS.sub(" ", text))
    escaped = _SPECIAL.sub(r"\\\g<0>", flat)
    # An entity, not a backslash: inside a code span or a role a backslash would not keep a backtick from closing it.
    escaped = escaped.replace("`", "&#96;")
    return _OPENING.sub(lambda m: f"{m[1]}\\{m[2]}" if m[2] else f"{m[1]}{m[3]}\\{m[4]}", escaped)


def unescape_markdown(text: str) -> str:
    """The text that `escape_markdown` wrote, as read from where Markdown itself does not unescape (code, roles, options)."""
    return unescapeAll(text) if "\\" in text or "&" in text else text


class Narrative(str):
    """A part of a narrative text (`Prose`) that a template cut or changed; like the whole it is Markdown, not plain text."""

    origin: str = ""

    def __markdown__(self) -> str:
        return str(self)


AnyValue = TypeVar("AnyValue")


def kept_narrative(source: object, result: AnyValue) -> AnyValue | Narrative:
    """`result` as narrative where a plain text was made from the narrative `source`; any other result unchanged."""
    if type(result) is str and hasattr(source, "__markdown__"):
        part = Narrative(result)
        part.origin = str(getattr(source, "origin", ""))
        return part
    return result


def value_role(id: str, text: str) -> Markup:
    """A number that came from the result `id`, shown as `text`."""
    return _role("value", f"{escape_markdown(id)}|{escape_markdown(text)}")


def ref_role(id: str) -> Markup:
    """A cross-reference to the heading, table or figure `id`."""
    return _role("ref", escape_markdown(id))


def cite_role(*keys: str) -> Markup:
    """A citation of the works with these keys."""
    return _role("cite", ",".join(escape_markdown(key) for key in keys))


def _role(name: str, content: str) -> Markup:
    return Markup(f"{{{name}}}`{content}`")
