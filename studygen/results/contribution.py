"""One registry's part in an analysis: its estimate and, where it can be combined, the effect or the counts that pooling takes
up."""

from __future__ import annotations

import math
from dataclasses import dataclass

from studygen.definition import NotApplicable
from studygen.results.delivered import Delivered
from studygen.results.findings import Estimate, Origin, State
from studygen.stats.effects import Effect
from studygen.stats.occurrence import Interval
from studygen.stats.partial_counts import CountRange, PartialCount
from studygen.study.objectives import Analysis

PER_PERSON_TIME = ("incidence_rate", "incidence_rate_difference")
"""Measures that are printed per a number of person-years."""


@dataclass(frozen=True, slots=True)
class Counts:
    """Events with persons or person-years of one group, or of the two compared, that of the exposed first. A suppressed count is
    a range."""

    events: tuple[PartialCount, ...]
    sizes: tuple[float, ...]

    @property
    def masked(self) -> bool:
        return any(isinstance(each, CountRange) for each in self.events)

    @property
    def numbers(self) -> tuple[float, ...]:
        """Events and size of the first group, then of the second. ValueError when a count is masked."""
        found: list[float] = []
        for events, size in zip(self.events, self.sizes, strict=True):
            if isinstance(events, CountRange):
                raise ValueError("a masked count is no number")
            found += [events, size]
        return tuple(found)


@dataclass(frozen=True, slots=True)
class Contribution:
    """A registry's estimate and, when it can be combined, its effect; where counts of events were sent, also these. `corrected`
    says that 1/2 was added to a zero."""

    delivered: Delivered
    estimate: Estimate
    effect: Effect | None
    corrected: bool = False
    counts: Counts | None = None


def level_of(analysis: Analysis) -> float:
    """The confidence level of an analysis' intervals: the pooling's, 0.95 without one."""
    return 0.95 if isinstance(analysis.pooling, NotApplicable) else analysis.pooling.level


def multiplier(analysis: Analysis) -> int:
    """The number of person-years per which an analysis' estimates are printed; 1 for other measures."""
    return analysis.per if analysis.measure in PER_PERSON_TIME else 1


def with_value(id: str, analysis: Analysis, limits: Interval, level: float, interval: str, origin: Origin) -> Estimate:
    """A reported estimate; not estimable when a number overflows."""
    if not all(math.isfinite(x) for x in limits):
        return without_value(id, analysis, "not_estimable", origin)
    value, lower, upper = limits
    return Estimate(id, analysis.measure, value, lower, upper, level, interval, "reported", origin, multiplier(analysis))


def without_interval(id: str, analysis: Analysis, value: float, origin: Origin) -> Estimate:
    """A reported estimate whose planned interval does not exist."""
    level, per = level_of(analysis), multiplier(analysis)
    return Estimate(id, analysis.measure, value, None, None, level, analysis.interval, "reported", origin, per)


def without_value(id: str, analysis: Analysis, state: State, origin: Origin) -> Estimate:
    """An estimate that there is not, with the reason as its state."""
    level, per = level_of(analysis), multiplier(analysis)
    return Estimate(id, analysis.measure, None, None, None, level, analysis.interval, state, origin, per)
