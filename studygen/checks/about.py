"""Whether a claim is about the compared groups at all: "a similar estimate", "higher than in the trial" and "no evidence of
interaction" are about something else. When in doubt it is not."""

from __future__ import annotations

import re

from studygen.checks.claims import Claim, ClaimWords, clause, has, phrase
from studygen.checks.comparisons import Comparison

_NOUNS = ("increase", "decrease", "reduction")
_NEAR = 4
"""So many words beside a claim belong to it."""


def about_groups(text: str, claim: Claim, comparison: Comparison, words: ClaimWords) -> bool:
    """Whether the claim says something of how the two groups compare."""
    first, last = clause(text, claim.start, claim.end, words)
    before, after = text[first : claim.start], text[claim.end : last]
    groups = (*comparison.exposure, *comparison.comparator)
    match claim.kind:
        case "higher" | "lower":
            if _set_against_something_else(after, groups, words):
                return False
            if has(after, groups) or has(text[: claim.start], groups):
                return True
            near = f"{_last(before)} | {_first(after)}"
            noun = claim.words.lower() in _NOUNS and re.search(r"\b(?:no|an?|any)\s*$", before, re.IGNORECASE)
            return not has(near, words.results) and bool(noun or has(near, words.quantities))
        case "similar":
            if has(f"{before} {after}", words.other_questions):
                return False
            if re.match(r"\W*(?:to|with|as|from)\b", after) and not has(_first(after, 6), groups):
                return False
            named = re.search(
                r"\b(?:between|in|with|under|for|among|of)\s+(?:[\w-]+\s+){0,4}?" + phrase(groups), after, re.IGNORECASE
            )
            if named or has(f"{_last(before)} | {_first(after)}", words.quantities):
                return True
            return " " in claim.words and not has(f"{before} | {after}", words.results)
        case "not_shown":
            if has(f"{before} {after}", words.other_questions):
                return False
            generic = re.match(r"no\s+(?:\w+\s+)?(?:evidence|indication|sign|signal)\b", claim.words, re.IGNORECASE)
            return not generic or has(f"{claim.words} {_first(after, 6)}", words.differences)
        case _:
            return not has(f"{before} {after}", words.other_questions)


def _set_against_something_else(after: str, groups: tuple[str, ...], words: ClaimWords) -> bool:
    """Whether what follows "than" is no group."""
    found = re.search(phrase(words.reference), after, re.IGNORECASE)
    return found is not None and not has(_first(after[found.end() :], 6), groups)


def _last(text: str) -> str:
    return " ".join(text.split()[-_NEAR:])


def _first(text: str, count: int = _NEAR) -> str:
    return " ".join(text.split()[:count])
