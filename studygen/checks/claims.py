"""What the words of a sentence claim of a result: the direction of a difference, alikeness, significance. The words are data
(`templates/guidance/claims.yaml`); whether a claim holds is judged in `wording`."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from studygen.definition import Declared
from studygen.yamlfile import load_with_positions

Kind = Literal["higher", "lower", "similar", "not_shown", "significant", "non_inferior", "homogeneous"]
Hedge = Literal["", "possible", "estimate"]

Phrases = Annotated[tuple[str, ...], Field(min_length=1)]
Range = tuple[float, float]


class _Words(Declared):
    words: Phrases


class _Negations(Declared):
    words: Phrases
    reach: Annotated[int, Field(ge=1, le=10)]


class _Hedges(Declared):
    possible: Phrases
    estimate: Phrases


class ClaimWords(Declared):
    """`claims.yaml`: the words, and what limits a number must keep for some of them."""

    claims: dict[Kind, _Words]
    negations: _Negations
    hedges: _Hedges
    not_before: Phrases
    """Words of direction that stand before one of these speak of something else ("lower limit")."""
    not_after: Phrases
    quantities: Phrases
    """What is compared between groups: rates, risks, events."""
    differences: Phrases
    results: Phrases
    """Words for results: what is said of them is no claim about groups."""
    other_questions: Phrases
    denied_after: Phrases
    subject: Phrases
    """What introduces the group that is spoken of ("lower with …")."""
    reference: Phrases
    """What introduces the group that it is set against ("than …")."""
    clause_ends: tuple[str, ...]
    factors: dict[str, Range]
    fractions: dict[str, float]
    fraction_tolerance: float
    heterogeneity: dict[str, Range]
    shares: dict[str, Range]


@dataclass(frozen=True, slots=True)
class Claim:
    """One claim in a sentence: the words, where they stand, whether they are turned round, and what takes them back."""

    kind: Kind
    words: str
    start: int
    end: int
    negated: bool = False
    hedge: Hedge = ""
    direction: Literal[-1, 0, 1] = 0
    """1 for higher, -1 for lower; for evidence that is missing, of what: 0 for a difference of either direction."""


@functools.cache
def load_claim_words(file: Path) -> ClaimWords:
    """The word lists; DefinitionError with all faults."""
    return load_with_positions(file, ClaimWords)[0]


def phrase(words: Iterable[str]) -> str:
    """A pattern for any of the phrases, the longest first, whole words only, with any white space between words."""
    return _phrase(tuple(words))


@functools.cache
def _phrase(words: tuple[str, ...]) -> str:
    ordered = sorted(words, key=len, reverse=True)
    return r"(?<![\w-])(?:" + "|".join(r"\s+".join(map(re.escape, each.split())) for each in ordered) + r")(?![\w-])"


def found(text: str, words: Iterable[str]) -> Iterator[re.Match[str]]:
    return re.finditer(phrase(words), text, re.IGNORECASE)


def has(text: str, words: Iterable[str]) -> bool:
    return next(found(text, words), None) is not None


def claims_in(text: str, words: ClaimWords) -> tuple[Claim, ...]:
    """The claims of a sentence in reading order; where phrases overlap, the longest counts."""
    spans: list[tuple[int, int, Kind]] = []
    for kind, listed in words.claims.items():
        for match in found(text, listed.words):
            if kind not in ("higher", "lower", "significant") or not _of_something_else(text, match, words):
                spans.append((match.start(), match.end(), kind))
    kept: list[tuple[int, int, Kind]] = []
    for start, end, kind in sorted(spans, key=lambda each: each[0] - each[1]):
        if all(end <= other[0] or start >= other[1] for other in kept):
            kept.append((start, end, kind))
    return tuple(_merged(text, sorted(kept), words))


def _merged(text: str, spans: list[tuple[int, int, Kind]], words: ClaimWords) -> Iterator[Claim]:
    """Claims of what was not shown take in the word of direction that follows: "no evidence of a higher risk". A significance
    takes in its direction, too: "significantly lower" is one claim of a direction."""
    skip = -1
    for position, (start, end, kind) in enumerate(spans):
        if position == skip:
            continue
        following = spans[position + 1] if position + 1 < len(spans) else None
        between = text[end : following[0]] if following else ""
        near = following and len(between.split()) <= 4 and not any(mark in between.lower() for mark in words.clause_ends)
        direction: Literal[-1, 0, 1] = _DIRECTION.get(kind, 0)
        stop = end
        if kind == "not_shown" and near and following and following[2] in ("higher", "lower", "similar"):
            direction, stop, skip = _DIRECTION.get(following[2], 0), following[1], position + 1
        elif kind == "not_shown" and re.search(r"increase", text[start:end], re.IGNORECASE):
            direction = 1
        elif kind == "not_shown" and re.search(r"reduction", text[start:end], re.IGNORECASE):
            direction = -1
        elif kind == "significant" and following and following[2] in ("higher", "lower") and not text[end : following[0]].strip():
            kind, direction, stop, skip = following[2], _DIRECTION[following[2]], following[1], position + 1
        yield Claim(
            kind, text[start:stop], start, stop, _negated(text, start, stop, words), _hedge(text, start, end, words), direction
        )


_DIRECTION: Mapping[str, Literal[-1, 0, 1]] = {"higher": 1, "lower": -1}


def _of_something_else(text: str, match: re.Match[str], words: ClaimWords) -> bool:
    after = re.match(r"\W{0,2}" + phrase(words.not_before), text[match.end() :], re.IGNORECASE)
    before = re.search(phrase(words.not_after) + r"\W{0,2}$", text[: match.start()], re.IGNORECASE)
    return bool(after or before)


def clause(text: str, start: int, end: int, words: ClaimWords) -> tuple[int, int]:
    """Where the clause around some characters begins and ends."""
    ends = [found for mark in words.clause_ends for found in re.finditer(re.escape(mark), text, re.IGNORECASE)]
    first = max((each.end() for each in ends if each.end() <= start + 1), default=0)
    last = min((each.start() for each in ends if each.start() >= end), default=len(text))
    return first, last


def _negated(text: str, start: int, end: int, words: ClaimWords) -> bool:
    first, _ = clause(text, start, start, words)
    before = re.sub(r"\bnot only\b|\bno longer\b", "", text[first:start], flags=re.IGNORECASE)
    # A comma ends what a negation reaches.
    reached = " ".join(re.split(r"[,:(]", before)[-1].split()[-words.negations.reach :])
    _, last = clause(text, start, end, words)
    denied = has(text[end:last], words.denied_after)
    return denied or has(reached, words.negations.words) or "n’t" in reached or "n't" in reached


def _hedge(text: str, start: int, end: int, words: ClaimWords) -> Hedge:
    """A possibility counts in its clause, what is said of the interval in the whole sentence."""
    first, last = clause(text, start, end, words)
    around = text[first:start] + " | " + text[end:last]
    if has(around, words.hedges.possible):
        return "possible"
    return "estimate" if has(text[:start] + " | " + text[end:], words.hedges.estimate) else ""
