"""What a registry would estimate from its dummy people: an effect or an occurrence with its interval, by the usual large-sample
formulas. Good enough for a rehearsal, and used for nothing else."""

from __future__ import annotations

import math
from dataclasses import dataclass

from studygen.aggregates.dummy_people import Followed
from studygen.aggregates.expected import RATE_MEASURES, RATIO_MEASURES
from studygen.study.objectives import Measure

Z = 1.959964
"""Of a 95% interval."""
ADJUSTMENT = 1.08
"""A standard error after adjustment, as a multiple of the crude one."""


@dataclass(frozen=True, slots=True)
class Group:
    """The numbers of one group; `mean` and `sd` are of a continuous outcome."""

    people: Followed
    mean: float
    sd: float


def effect(measure: Measure, exposed: Group, compared: Group) -> tuple[float, float, float] | None:
    """Estimate and limits on the natural scale; None when a group has no event and the measure needs one."""
    if measure == "mean_difference":
        spread = sum(each.sd**2 / max(each.people.persons, 1) for each in (exposed, compared))
        return _around(exposed.mean - compared.mean, math.sqrt(spread))
    rates = measure in RATE_MEASURES or measure == "hazard_ratio"
    parts = [(each.people.events, each.people.person_years if rates else each.people.persons) for each in (exposed, compared)]
    if any(below <= 0 for _, below in parts):
        return None
    first, second = (events / below for events, below in parts)
    if measure in RATIO_MEASURES:
        if any(events == 0 for events, _ in parts) or (not rates and any(events >= below for events, below in parts)):
            return None
        if measure == "odds_ratio":
            first, second = first / (1 - first), second / (1 - second)
            variance = sum(1 / events + 1 / (below - events) for events, below in parts)
        else:
            variance = sum(1 / events - (0 if rates else 1 / below) for events, below in parts)
        return _exponential(math.log(first / second), ADJUSTMENT * math.sqrt(variance))
    variance = sum(events / below**2 * (1 if rates else 1 - events / below) for events, below in parts)
    return _around(first - second, math.sqrt(variance))


def occurrence(measure: Measure, group: Group) -> tuple[float, float, float] | None:
    """Estimate and limits of one group, a rate per person-year or a proportion between 0 and 1; None without an event."""
    people = group.people
    if measure == "mean":
        return _around(group.mean, group.sd / math.sqrt(max(people.persons, 1)))
    if not people.events:
        return None
    if measure == "incidence_rate":
        return _exponential(math.log(people.events / people.person_years), 1 / math.sqrt(people.events))
    if measure == "count":
        return _exponential(math.log(people.events), 1 / math.sqrt(people.events))
    if people.events >= people.persons:
        return None
    share = people.events / people.persons
    logit, error = math.log(share / (1 - share)), math.sqrt(1 / people.events + 1 / (people.persons - people.events))
    estimate, lower, upper = (1 / (1 + math.exp(-x)) for x in (logit, logit - Z * error, logit + Z * error))
    return estimate, lower, upper


def _around(value: float, error: float) -> tuple[float, float, float]:
    return value, value - Z * error, value + Z * error


def _exponential(logarithm: float, error: float) -> tuple[float, float, float]:
    estimate, lower, upper = (math.exp(x) for x in _around(logarithm, error))
    return estimate, lower, upper
