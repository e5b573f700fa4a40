"""Dummy people for a rehearsal: how many of each group a registry would hold, and how long each is followed until what happens,
drawn from the assumptions of the study-size section. Deterministic: the same seed draws the same people. Knows no rows."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from studygen.study.objectives import SizeScenario
from studygen.study.study import Study

Numbers = np.ndarray[Any, np.dtype[np.float64]]
Chosen = np.ndarray[Any, np.dtype[np.bool_]]

PERSONS: Final = 1500
"""Persons of a group for which the plan assumes no number."""
FOLLOW_UP_YEARS: Final = 4.0
RATES: Final[Mapping[str, tuple[float, float]]] = {
    "time_to_event": (0.0004, 0.006),
    "binary": (0.02, 0.10),
    "count": (0.10, 0.40),
    "continuous": (1.0, 10.0),
}
"""Range of the rate per person-year (risk for `binary`, mean for `continuous`) of an outcome without an assumed rate."""
RATIO_SPREAD: Final = 0.25
"""Standard deviation of the logarithm of the ratio of exposure and comparator, around 1: a dummy may show any direction."""
BETWEEN_REGISTRIES: Final = 0.20
"""Standard deviation between registries of the logarithm of rates and of ratios."""
SHARES: Final = 0.8
"""Standard deviation of the logarithm of the registries' sizes."""
UNEVEN: Final = 0.25
"""Standard deviation of the logarithm of a group's share within a registry."""


@dataclass(frozen=True, slots=True)
class Followed:
    """The people of one group in one registry: years to the end of follow-up, whether it ended with the outcome, and the number
    of outcomes (which for repeated outcomes may be more than one)."""

    years: Numbers
    ended: Chosen
    events: int

    @property
    def persons(self) -> int:
        return len(self.years)

    @property
    def person_years(self) -> float:
        return float(self.years.sum())

    def part(self, of: Chosen) -> Followed:
        """Those of the people for whom `of` is true."""
        whole = max(len(self.years), 1)
        repeated = round(self.events * float(of.sum()) / whole)
        ended = self.ended[of]
        single = self.events == int(self.ended.sum())
        return Followed(self.years[of], ended, int(ended.sum()) if single else repeated)


@dataclass(frozen=True)
class Draws:
    """Random numbers by name: each name has a stream of its own, so that one more analysis leaves the others as they are."""

    seed: str

    def uniform(self, count: int, *name: str) -> Numbers:
        """`count` numbers from 0 up to 1."""
        digest = hashlib.sha256("\0".join((self.seed, *name)).encode()).digest()
        return np.random.Generator(np.random.PCG64(int.from_bytes(digest[:16], "big"))).random(count)

    def normal(self, *name: str) -> float:
        """One number from the standard normal distribution (Box and Muller)."""
        first, second = (float(x) for x in self.uniform(2, *name))
        return math.sqrt(-2 * math.log(1 - first)) * math.cos(2 * math.pi * second)

    def between(self, lower: float, upper: float, *name: str) -> float:
        """One number between two positive limits, evenly on the logarithmic scale."""
        share = float(self.uniform(1, *name)[0])
        return math.exp((1 - share) * math.log(lower) + share * math.log(upper))


@dataclass(frozen=True)
class Population:
    """The dummy people of a study. `registries` are those that take part."""

    study: Study
    registries: tuple[str, ...]
    draws: Draws

    def persons(self, registry: str, group: str) -> int:
        """How many persons of a group a registry holds."""
        weights = {each: math.exp(SHARES * self.draws.normal("share", each)) for each in self.registries}
        uneven = math.exp(UNEVEN * self.draws.normal("uneven", registry, group))
        return max(1, round(uneven * self._planned(group) * weights[registry] / sum(weights.values())))

    def _planned(self, group: str) -> int:
        scenarios = self.study.study_size.scenarios
        if not isinstance(scenarios, tuple) or not scenarios:
            return PERSONS
        compared = self.study.exposure(group).role == "comparator"
        return max(each.persons_comparator if compared else each.persons_exposed for each in scenarios)

    def followed(self, registry: str, group: str, outcome: str) -> Followed:
        """The people of a group (`all`: of every group) and what happened to them."""
        if group == "all":
            parts = [self.followed(registry, each.id, outcome) for each in self.study.exposures]
            years = np.concatenate([part.years for part in parts])
            ended = np.concatenate([part.ended for part in parts])
            return Followed(years, ended, sum(part.events for part in parts))
        count, name = self.persons(registry, group), (registry, group, outcome)
        kind = self.study.outcome(outcome).type
        rate = self.rate(registry, group, outcome)
        limit = self._follow_up(outcome) * (0.3 + 1.4 * self.draws.uniform(count, "end", *name))
        if kind == "binary":
            ended = self.draws.uniform(count, "event", *name) < min(rate, 0.9)
            return Followed(limit, ended, int(ended.sum()))
        if kind == "time_to_event":
            time = -np.log1p(-self.draws.uniform(count, "event", *name)) / rate
            ended = time <= limit
            return Followed(np.minimum(time, limit), ended, int(ended.sum()))
        mean = rate * float(limit.sum())
        events = max(0, round(mean + math.sqrt(mean) * self.draws.normal("event", *name))) if kind == "count" else 0
        return Followed(limit, np.zeros(count, dtype=bool), events)

    def rate(self, registry: str, group: str, outcome: str) -> float:
        """The rate of an outcome per person-year (risk, mean) in a group of a registry."""
        planned = self._scenario(outcome)
        kind = self.study.outcome(outcome).type
        assumed = planned.rate_comparator_per_1000 / 1000 if planned else 0.0
        rate = assumed or self.draws.between(*RATES[kind], "rate", outcome)
        logarithm = BETWEEN_REGISTRIES * self.draws.normal("level", registry, outcome)
        if self.study.exposure(group).role == "exposure":
            logarithm += RATIO_SPREAD * self.draws.normal("ratio", group, outcome)
            logarithm += BETWEEN_REGISTRIES * self.draws.normal("ratio", registry, group, outcome)
        return rate * math.exp(logarithm)

    def _follow_up(self, outcome: str) -> float:
        scenario = self._scenario(outcome)
        return scenario.mean_follow_up_years if scenario else FOLLOW_UP_YEARS

    def _scenario(self, outcome: str) -> SizeScenario | None:
        scenarios = self.study.study_size.scenarios
        if not isinstance(scenarios, tuple):
            return None
        return next((each for each in scenarios if each.outcome == outcome), None)
