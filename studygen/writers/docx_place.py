"""The place a block is written at: what surrounds it decides its paragraph style, width and list level.
Knows nothing about XML."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from studygen.writers.docx_anchors import Anchors
from studygen.writers.docx_numbering import Family
from studygen.writers.style import Style


@dataclass(frozen=True, slots=True)
class At:
    """A place in the document. It does not change; a block that holds others hands them a place of their own."""

    style: Style
    anchors: Anchors
    words: Mapping[str, str]
    """Labels of captions by kind: `table`, `figure`, and by kind of list: `tables`, `figures`."""
    pages: Mapping[str, int] | None
    """Page numbers by target id, for the contents."""
    width: int
    """Room for tables and figures, in twips."""
    height: int
    """Height of the page's text, in twips."""
    body: str = "BodyText"
    """The style of a plain paragraph here."""
    family: Family = "List"
    """The styles of lists here."""
    keep: bool = False
    """Whether paragraphs here stay on one page with what follows."""
    depth: int = 0
    """How many lists this place is in."""
