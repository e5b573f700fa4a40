"""Numbers that were typed into the report's texts instead of being asked for with `value()`. Knows which numbers are no
results."""

from __future__ import annotations

import re
from collections.abc import Iterator

from studygen.checks.passages import Passage
from studygen.results.findings import Count, Estimate, Quantity, Result, ResultSet

FIELDS = frozenset(
    {
        "abstract_results",
        "abstract_discussion",
        "participants",
        "descriptive",
        "outcome_data",
        "main_results",
        "other_analyses",
        "key_results",
        "interpretation",
        "conclusion",
        "size_achieved",
    }
)
"""The texts of the report that speak of results."""

_CITED = re.compile(r"\{\{\s*cite\(")
_CALL = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|`[^`]*`")
_MONTH = "January|February|March|April|May|June|July|August|September|October|November|December"
_NO_RESULT = re.compile(
    rf"(?<![\d.])\d{{1,2}}\s+(?:{_MONTH})\b|\b(?:{_MONTH})\s+\d{{4}}\b"  # dates
    r"|\b(?:19|20)\d\d\b(?!\s?%)"  # years
    r"|\b\d{1,2}(?:\.\d)?\s?%\s+(?:confidence|credible|prediction|CI\b|interval)"  # levels
    r"|\b(?:[Ss]ections?|[Tt]ables?|[Ff]igures?|Annex|[Vv]ersion|[Pp]hase|[Dd]ays?|[Aa]rticle|[Ii]tems?|[Ss]teps?)\s+\d[\d.]*"
    r"|\bday\s+\d+|(?<![\d.])\b\d+\s+(?:days?|weeks?|months?|years?)\b"  # spans of time
)
_NUMBER = re.compile(r"(?<![\w.–-])\d+(?:[ \u202f\u00a0]\d{3})*(?:\.\d+)?(?![\w-])(?:\s?%)?")
_RATES = ("incidence_rate", "incidence_rate_difference")
_SMALL = 10
"""Whole numbers up to here count things in a sentence ("in 6 cohorts"), or stand for no difference."""


def typed_numbers(passage: Passage) -> Iterator[str]:
    """The numbers of one written line that could be results. A paragraph that cites a work gives the numbers of
    that work."""
    if _CITED.search(passage.paragraph):
        return
    text = _NO_RESULT.sub(" ", _CALL.sub(" ", passage.source))
    for match in _NUMBER.finditer(text):
        number = match[0].strip()
        if not number.isdigit() or int(number) > _SMALL:
            yield number


def shown_by(number: str, results: ResultSet) -> str:
    """The id of the first result that is shown so, with the part that shows it; empty when none is."""
    digits = re.sub(r"[ \u202f\u00a0%]", "", number)
    value, places, percent = float(digits), len(digits.partition(".")[2]), number.endswith("%")
    for id, result in results.items():
        for part, exact in _parts(result, percent=percent):
            if exact is not None and round(exact, places) == value:
                return f'value("{id}"{part})'
    return ""


def _parts(result: Result, *, percent: bool) -> Iterator[tuple[str, float | None]]:
    match result:
        case Estimate():
            factor = 100 if result.measure == "proportion" and percent else result.per if result.measure in _RATES else 1
            for part, exact in (("estimate", result.value), ("lower", result.lower), ("upper", result.upper)):
                yield f', show="{part}"', None if exact is None else exact * factor
        case Count():
            yield "", None if result.value is None else float(result.value)
        case Quantity():
            yield "", result.value
