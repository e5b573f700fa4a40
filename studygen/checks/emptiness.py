"""Whether a written text says something: empty words, placeholders, example texts of the scaffold. Knows no rule."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pydantic import BaseModel

from studygen.misfits import DataPath

EMPTY_WORDS = frozenset(
    {
        *("", "n/a", "na", "n.a", "none", "nil", "nothing", "not applicable", "not relevant", "not available", "unknown"),
        *("see protocol", "see the protocol", "see sap", "see the sap", "see above", "see below", "as above", "ditto", "idem"),
        *("as appropriate", "as needed", "as usual", "standard", "standard methods", "text", "xxx", "x", "yes", "no", "ok"),
    }
)
"""What is written where nothing is said, in lower case and without the full stop."""

PLACEHOLDER = re.compile(
    r"\b(?:TBD|TBC|TBA|TODO|FIXME|XX+)\b"
    r"|\blorem ipsum\b"
    r"|\?\?\?"
    r"|<(?:insert|enter|add|describe|name|date|number|text)[^<>\n]*>"
    r"|\[(?:insert|enter|add|describe)[^\[\]\n]*\]"
    r"|^to be (?:stated|fixed|defined|determined|decided|added|completed|confirmed|specified|provided|described)\b",
    re.IGNORECASE | re.MULTILINE,
)
"""Marks of a text that somebody still has to write. "To be …" counts only where a text or line begins with it."""

EXAMPLE = re.compile(r"^replace\b(?: by\b|:)|\(replace\b[^()]*\)", re.IGNORECASE)
"""How `studygen new` marks its example texts."""


def says_nothing(text: str) -> bool:
    """Whether a text has no content: empty, only signs, or one of the usual words for nothing."""
    plain = " ".join(text.lower().split()).rstrip(".;:!")
    return plain in EMPTY_WORDS or not any(character.isalnum() for character in plain)


def is_example(text: str) -> bool:
    """Whether a text is still the scaffold's."""
    return EXAMPLE.search(text) is not None


def placeholder_in(text: str) -> str | None:
    """The placeholder that stands in a text, as it is written there."""
    found = PLACEHOLDER.search(text)
    return found.group(0) if found else None


def word_count(text: str) -> int:
    """How many words with a letter or digit a text has."""
    return sum(any(character.isalnum() for character in word) for word in text.split())


def same_words(one: str, other: str) -> bool:
    """Whether two texts say the same in the same words, whatever their capitals, spaces and full stops."""
    return " ".join(one.lower().split()).rstrip(".") == " ".join(other.lower().split()).rstrip(".")


def texts_of(model: BaseModel, path: DataPath = ()) -> Iterator[tuple[DataPath, BaseModel, str]]:
    """Every text in a model with its path and the part that holds it, in the model's order."""
    for name in type(model).model_fields:
        value = getattr(model, name)
        for position, each in enumerate(value) if isinstance(value, tuple) else ((None, value),):
            place: DataPath = (*path, name) if position is None else (*path, name, position)
            if isinstance(each, str):
                yield place, model, each
            elif isinstance(each, BaseModel):
                yield from texts_of(each, place)
