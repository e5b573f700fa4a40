"""Looks for the words by which a thing is usually named in the prose of a definition."""

from __future__ import annotations

import re

SAYS_NOTHING = re.compile(
    r"\s*($|n/a\b|unknown\b|not (yet )?(stated|known|given|reported|found)\b|as in the (source|published|cited)\b)", re.IGNORECASE
)
"""How a statement begins that states nothing, or leaves the thing to a publication."""


def in_words(pattern: str, *texts: str) -> bool:
    """Whether one of the texts holds the pattern, capitals or not."""
    return any(re.search(pattern, text, re.IGNORECASE) for text in texts)


def states_something(text: str) -> bool:
    """Whether a statement is one: not empty, and not a phrase that says only that nothing is stated."""
    return not SAYS_NOTHING.match(text)
