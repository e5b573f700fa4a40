"""Holds what a written file says against what its document says: the same headings, texts, captions, rows and figures in the same
order. Knows passages only, no format; white space, and what a page break repeats or divides, do not count."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from studygen.document.passages import Passage
from studygen.errors import Fault, Place

AROUND = 60
"""How many characters a fault quotes before and after the place of difference."""

REMEDY = "The file was not kept. This is a fault of the writer: report it with the study's definition."

KINDS = {
    "heading": "the heading",
    "text": "the text",
    "caption": "the caption",
    "columns": "the table's column headers",
    "row": "the table row",
    "figure": "the figure's text alternative",
    "footnote": "the footnote",
}
"""How a fault calls the kinds of passages."""

SOFT_HYPHEN = "\u00ad"
"""Invisible, but a hyphen at the end of a line that is divided there."""

HYPHENS = dict.fromkeys(map(ord, "\u2010\u2011\u2043"), "-")
"""Characters for which a font may have one drawing."""


def disagreement(expected: Sequence[Passage], found: Sequence[Passage], file: str) -> Fault | None:
    """The first passage in which a file (`found`) differs from its document (`expected`), or None when the two agree.

    A passage may be divided over several found ones of its kind (a paragraph or a tall row over pages), and the header rows of
    the present table may come again."""
    remaining = list(found)[::-1]
    header: list[tuple[str, ...]] = []
    before: Passage | None = None
    for passage in expected:
        if passage.kind == "columns" and (before is None or before.kind != "columns"):
            header = []
        rest = tuple(map(folded, passage.texts))
        if passage.kind == "columns":
            header.append(rest)
        while any(text.strip(SOFT_HYPHEN) for text in rest):
            if not remaining:
                return _fault(file, f"the file ends before {_quoted(passage, rest)}")
            piece = remaining.pop()
            texts = tuple(map(folded, piece.texts))
            if left := _left(passage, rest, piece, texts):
                rest = left
            elif piece.kind != "columns" or texts not in header:
                return _fault(file, _difference(passage, rest, piece, texts))
        before = passage
    for piece in reversed(remaining):
        texts = tuple(map(folded, piece.texts))
        if piece.kind != "columns" or texts not in header:
            return _fault(file, f"the file says more than the document: {_quoted(piece, texts)}")
    return None


def folded(text: str) -> str:
    """The characters that count: compatibility forms and hyphens as one, without white space and invisible characters."""
    plain = unicodedata.normalize("NFKC", text).translate(HYPHENS)
    return "".join(each for each in plain if not each.isspace() and _counts(each))


def _counts(character: str) -> bool:
    """Not control and format characters, and not letters written from right to left: their order on paper is another."""
    if character == SOFT_HYPHEN:
        return True
    return unicodedata.category(character) not in ("Cf", "Cc") and unicodedata.bidirectional(character) not in ("R", "AL")


def _left(passage: Passage, rest: tuple[str, ...], piece: Passage, texts: tuple[str, ...]) -> tuple[str, ...] | None:
    """What is left of a passage after a piece of it; None when the piece does not belong to it."""
    if (piece.kind, piece.level, len(texts)) != (passage.kind, passage.level, len(rest)):
        return None
    left = [_after(whole, part) for whole, part in zip(rest, texts, strict=True)]
    return None if None in left else tuple(each or "" for each in left)


def _after(whole: str, part: str) -> str | None:
    """The rest of a text that begins with `part`; None when it does not. A soft hyphen is there or not."""
    if whole.startswith(part):
        return whole[len(part) :]
    at = 0
    for character in part:
        while whole[at : at + 1] == SOFT_HYPHEN != character:
            at += 1
            if character == "-":
                break
        else:
            if whole[at : at + 1] != character:
                return None
            at += 1
    return whole[at:]


def _difference(passage: Passage, rest: tuple[str, ...], piece: Passage, texts: tuple[str, ...]) -> str:
    """Two passages of one form side by side from where they part; else both as they are."""
    if piece.kind == passage.kind and piece.level == passage.level and len(texts) == len(rest):
        at = next(place for place, (whole, part) in enumerate(zip(rest, texts, strict=True)) if _after(whole, part) is None)
        whole, part = rest[at], texts[at]
        same = next((n for n, (one, other) in enumerate(zip(whole, part, strict=False)) if one != other), len(whole))
        start = max(0, same - AROUND)
        where = f"{KINDS[passage.kind]}{f', cell {at + 1},' if len(rest) > 1 else ''}"
        return f"{where} reads “{part[start : same + AROUND]}” in the file and “{whole[start : same + AROUND]}” in the document"
    return f"the file has {_quoted(piece, texts)} where the document has {_quoted(passage, rest)}"


def _quoted(passage: Passage, texts: tuple[str, ...]) -> str:
    level = f" of level {passage.level}" if passage.level else ""
    return f"{KINDS[passage.kind]}{level} “{' | '.join(text[: 2 * AROUND] for text in texts)}”"


def _fault(file: str, what: str) -> Fault:
    return Fault(Place(file), what, REMEDY)
