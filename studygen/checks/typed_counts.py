"""Counts that were typed into the definition of a study on published results: those of its population and size, and those beside
the citation of a source (E40). The numbers of the report that cite nothing are the business of W07."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Final

from studygen.aggregates.contract import STATISTICS
from studygen.checks.delivered import deliveries_of
from studygen.checks.passages import Passage, passages
from studygen.checks.subject import Rule, Subject
from studygen.checks.texts_against_keys import in_text, where
from studygen.checks.typed_numbers import typed_numbers
from studygen.errors import Fault
from studygen.results.findings import Count

OWN: Final = (("population", "study_population"), ("study_size", "statement"))
"""Texts whose counts are those of the sources."""
COUNTED: Final = re.compile(
    r"\b(?:persons?|people|patients?|cases?|deaths?|events?|participants?|starters?|users?)\b", re.IGNORECASE
)
_CITE: Final = re.compile(r"\{\{\s*cite\(([^)]*)\)\s*\}\}")
_KEY: Final = re.compile(r"[\"']([^\"']+)[\"']")


def typed_counts_are_delivered(subject: Subject) -> Iterator[Fault]:
    """Counts in the words of a study on published results are those that were delivered."""
    if subject.results is None or subject.study.evidence != "published":
        return
    counts = _counts(subject)
    keys = {each.delivery.manifest.source.citation_key for each in deliveries_of(subject) if each.delivery.manifest.source}
    for passage in passages(subject):
        own = passage.path in OWN
        for number in _typed(passage, keys, own=own):
            nearest = next((each for each in sorted(counts) if _misprint(number, each)), None)
            if int(number) not in counts and (own or nearest is not None):
                yield Fault(in_text(subject, passage, number), _what(number, nearest), REMEDY)
    for n, each in enumerate(subject.study.study_size.inputs):
        for number in (
            re.findall(r"(?<![\d.])\d+(?![\d.%])", each.value.replace(" 000", "000")) if COUNTED.search(each.label) else ()
        ):
            if int(number) not in counts and not COUNTED_PER.search(each.value):
                nearest = next((count for count in sorted(counts) if _misprint(number, count)), None)
                place = where(subject, ("study_size", "inputs", n, "value"), number)
                yield Fault(place, _what(number, nearest), REMEDY)


COUNTED_PER: Final = re.compile(r"\bper\b|%")
REMEDY: Final = "Correct the text or the delivery; both are read from the same source."


def _what(number: str, nearest: int | None) -> str:
    return f"{number} is none of the counts that were delivered" + (f"; {nearest} is" if nearest is not None else "")


def _typed(passage: Passage, keys: set[str], *, own: bool) -> Iterator[str]:
    """The whole numbers of a line that speaks of the sources, without those that name a span of time, a level or a section."""
    cited = {key for found in _CITE.finditer(passage.source) for key in _KEY.findall(found[1])}
    if not (cited & keys or (own and not cited)):
        return
    plain = _CITE.sub(" ", passage.source)
    for number in dict.fromkeys(typed_numbers(replace(passage, source=plain, paragraph=plain))):
        digits = re.sub(r"[ \u202f\u00a0]", "", number)
        if digits.isdigit():
            yield digits


def _counts(subject: Subject) -> set[int]:
    """Every count that was delivered, and what they add up to."""
    found = {int(each.value) for each in (subject.results or {}).values() if isinstance(each, Count) and each.value is not None}
    for sent in deliveries_of(subject):
        sums: dict[tuple[str, str, str], float] = {}
        for row in sent.delivery.rows:
            if row.value is not None and STATISTICS[row.statistic].counts:
                found.add(int(row.value))
                if row.key.stratum == "overall" and not row.key.level:
                    key = row.key.analysis, row.key.variable, row.statistic
                    sums[key] = sums.get(key, 0) + row.value
        found |= {int(each) for each in sums.values()}
    return found


def _misprint(number: str, count: int) -> bool:
    """Whether one digit, or the order of two neighbours, makes the difference."""
    other = str(count)
    if len(number) != len(other) or len(number) < 2:
        return False
    unlike = [n for n, pair in enumerate(zip(number, other, strict=True)) if pair[0] != pair[1]]
    swapped = len(unlike) == 2 and unlike[1] == unlike[0] + 1 and sorted(number) == sorted(other)
    return len(unlike) == 1 or swapped


RULES: Mapping[str, Rule] = {"E40": typed_counts_are_delivered}
"""By the rule's id in `templates/guidance/rules/`."""
