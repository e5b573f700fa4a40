"""Results that compare two groups, and which group a sentence speaks of: "higher with B than with A" is said of B. Knows words
that lead to a group, and no claim."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

from studygen.checks.claims import ClaimWords, phrase
from studygen.results.findings import Estimate, ResultSet
from studygen.study.objectives import OCCURRENCE_MEASURES
from studygen.study.study import Study
from studygen.study.variables import Exposure

Side = Literal[-1, 0, 1]
"""1: a sentence speaks of the group that the result names first; -1: of the other; 0: it cannot be told."""

_FILLER = r"\s+(?:[\w-]+\s+){0,4}?"
"""Up to four words between "with" and the group: "with the starters of"."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """A comparison with its interval. `exposure` and `comparator` are the names of the groups; a ratio above 1, or a difference
    above 0, means more events in `exposure`."""

    id: str
    value: float
    lower: float
    upper: float
    ratio: bool
    exposure: tuple[str, ...] = ()
    comparator: tuple[str, ...] = ()

    @property
    def null(self) -> float:
        return 1.0 if self.ratio else 0.0

    @property
    def open(self) -> bool:
        """Whether the interval includes no difference."""
        return self.lower <= self.null <= self.upper

    def seen_from(self, side: Side) -> Comparison:
        """The same from the other group's side."""
        if side >= 0:
            return self
        value, lower, upper = (
            (1 / self.value, 1 / self.upper, 1 / self.lower) if self.ratio else (-self.value, -self.upper, -self.lower)
        )
        return replace(self, value=value, lower=lower, upper=upper, exposure=self.comparator, comparator=self.exposure)

    def __str__(self) -> str:
        return f"{self.value:.2f} ({self.lower:.2f} to {self.upper:.2f})"


def comparisons(study: Study, results: ResultSet) -> Mapping[str, Comparison]:
    """The results that compare two groups and have an interval, by id. A prediction interval is none of them: it is not about
    the mean."""
    found = {}
    analyses = {each.id: each for each in study.analyses if each.contrast}
    for id, result in results.items():
        analysis = analyses.get(id.split(".")[0])
        if analysis is None or not isinstance(result, Estimate) or result.measure in OCCURRENCE_MEASURES:
            continue
        value, lower, upper = result.value, result.lower, result.upper
        ratio = not result.measure.endswith("_difference")
        if value is None or lower is None or upper is None or result.interval == "prediction":
            continue
        if ratio and lower <= 0:
            continue
        assert analysis.contrast is not None
        exposure, comparator = study.exposure(analysis.contrast.exposure), study.exposure(analysis.contrast.comparator)
        names = group_names(study, exposure), group_names(study, comparator)
        found[id] = Comparison(id, value, lower, upper, ratio, *names)
    return found


def group_names(study: Study, group: Exposure) -> tuple[str, ...]:
    """What a text may call a group: its label, and its substance when it has only one."""
    substances = [study.substance(id).name for id in group.substances]
    return tuple(dict.fromkeys([group.label, *(substances if len(substances) == 1 else [])]))


def side(text: str, start: int, end: int, comparison: Comparison, words: ClaimWords) -> Side:
    """Which of the two groups the claim between `start` and `end` is said of."""
    if not comparison.exposure or not comparison.comparator:
        return 1
    groups: dict[Side, str] = {1: phrase(comparison.exposure), -1: phrase(comparison.comparator)}
    leads = phrase(words.reference)
    before, after = text[:start], text[end:]
    stop = re.search(leads + r"|[;.](?:\s|$)|\b(?:but|whereas|while)\b", after, re.IGNORECASE)
    said_after = after[: stop.start()] if stop else after
    for each, label in groups.items():
        if re.search(phrase(words.subject) + _FILLER + label, said_after, re.IGNORECASE):
            return each
    for part in (after, before):
        for each, label in groups.items():
            if re.search(leads + _FILLER + label, part, re.IGNORECASE):
                return 1 if each == -1 else -1
    return _nearest_before(before, groups, after)


def _nearest_before(before: str, groups: Mapping[Side, str], after: str) -> Side:
    """The group named last before the claim ("Fingolimod reduced …"); the one first named by the result when none is named."""
    last: dict[Side, int] = {}
    for each, label in groups.items():
        for match in re.finditer(label, before, re.IGNORECASE):
            last[each] = match.start()
    if not last:
        named = [each for each, label in groups.items() if re.search(label, after, re.IGNORECASE)]
        return 1 if not named or named == [1] else 0
    if len(last) == 2:
        first, second = sorted(last.values())
        between = before[first:second]
        # "natalizumab and fingolimod": both are spoken of.
        return 0 if re.search(r"\b(?:and|or)\b[^,;.]*$", between) else max(last, key=lambda each: last[each])
    return next(iter(last))
