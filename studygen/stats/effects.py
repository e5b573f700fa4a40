"""Effects on the scale on which they are combined: a value with its variance on the log, the logit or the plain scale, from
counts, from a printed estimate with interval, or from an estimate with standard error.

Three types instead of one, so that scales cannot be mixed up. Each knows the way to its natural scale and nothing else."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TypeAlias

from studygen.stats.distributions import two_sided_z


@dataclass(frozen=True, slots=True)
class LogEffect:
    """The logarithm of a ratio or of a rate, with its variance."""

    value: float
    variance: float

    @staticmethod
    def natural(x: float) -> float:
        return math.exp(x)

    @staticmethod
    def transformed(x: float) -> float:
        return math.log(x)


@dataclass(frozen=True, slots=True)
class LogitEffect:
    """The logit of a proportion, with its variance."""

    value: float
    variance: float

    @staticmethod
    def natural(x: float) -> float:
        return 1.0 / (1.0 + math.exp(-x)) if x >= 0 else math.exp(x) / (1.0 + math.exp(x))

    @staticmethod
    def transformed(x: float) -> float:
        return math.log(x / (1.0 - x))


@dataclass(frozen=True, slots=True)
class PlainEffect:
    """A difference, a mean or an untransformed proportion or rate, with its variance."""

    value: float
    variance: float

    @staticmethod
    def natural(x: float) -> float:
        return x

    @staticmethod
    def transformed(x: float) -> float:
        return x


Effect: TypeAlias = LogEffect | LogitEffect | PlainEffect
Scale: TypeAlias = type[LogEffect] | type[LogitEffect] | type[PlainEffect]

SCALES: dict[str, Scale] = {"log": LogEffect, "logit": LogitEffect, "identity": PlainEffect}
"""The words of a plan for the scale on which estimates are combined."""

CONTINUITY = 0.5
"""Added to every cell of a table that has a zero (metafor: add=1/2, to="only0"); callers say so in a note. A table without an
event in either group, or without a person free of it, is corrected like any other (metafor's default drop00=FALSE): its ratio
is near 1 with a large variance. `is_double_zero` lets a caller leave it out (drop00=TRUE)."""


def effect_from_interval(scale: Scale, lower: float, upper: float, estimate: float, level: float = 0.95) -> Effect:
    """The effect behind a printed estimate with a Wald interval on `scale`: the value is the printed estimate, the standard
    error the interval's width on that scale over twice the normal quantile. ValueError when a bound has no image there.
    Source: Parmar, Torri, Stewart 1998."""
    se = (scale.transformed(upper) - scale.transformed(lower)) / (2.0 * two_sided_z(level))
    return scale(scale.transformed(estimate), se * se)


def effect_from_se(scale: Scale, value: float, se: float) -> Effect:
    """The effect from an estimate and its standard error that are already on `scale`."""
    return scale(value, se * se)


def interval_of(effect: Effect, level: float = 0.95) -> tuple[float, float]:
    """The Wald interval of an effect on its natural scale."""
    half = two_sided_z(level) * math.sqrt(effect.variance)
    return effect.natural(effect.value - half), effect.natural(effect.value + half)


def is_double_zero(events1: float, n1: float, events2: float, n2: float) -> bool:
    """Whether no person of either group has the event, or every person of both: a ratio cannot be estimated."""
    return (events1 == 0 and events2 == 0) or (events1 == n1 and events2 == n2)


def log_risk_ratio(events1: float, n1: float, events2: float, n2: float) -> LogEffect:
    """Log risk ratio, delta method (Katz): variance 1/a - 1/n1 + 1/c - 1/n2. 1/2 is added to each cell if one is zero."""
    a, b, c, d = _corrected(events1, n1 - events1, events2, n2 - events2)
    n1, n2 = a + b, c + d
    return LogEffect(math.log(a / n1) - math.log(c / n2), 1 / a - 1 / n1 + 1 / c - 1 / n2)


def log_odds_ratio(events1: float, n1: float, events2: float, n2: float) -> LogEffect:
    """Log odds ratio (Woolf): variance 1/a + 1/b + 1/c + 1/d. 1/2 is added to each cell if one is zero."""
    a, b, c, d = _corrected(events1, n1 - events1, events2, n2 - events2)
    return LogEffect(math.log(a * d / (b * c)), 1 / a + 1 / b + 1 / c + 1 / d)


def risk_difference(events1: float, n1: float, events2: float, n2: float) -> PlainEffect:
    """Risk difference with its binomial variance, 1/2 added to each cell for the variance alone if one is zero (metafor's
    addyi=FALSE)."""
    value = events1 / n1 - events2 / n2
    a, b, c, d = _corrected(events1, n1 - events1, events2, n2 - events2)
    return PlainEffect(value, a * b / (a + b) ** 3 + c * d / (c + d) ** 3)


def log_rate_ratio(events1: float, person_years1: float, events2: float, person_years2: float) -> LogEffect:
    """Log incidence rate ratio: variance 1/a + 1/c (Rothman, Greenland). 1/2 is added to both counts if one is zero."""
    a, c = _corrected(events1, events2)
    return LogEffect(math.log(a / person_years1) - math.log(c / person_years2), 1 / a + 1 / c)


def rate_difference(events1: float, person_years1: float, events2: float, person_years2: float) -> PlainEffect:
    """Incidence rate difference per person-year: variance a/t1² + c/t2², 1/2 added to both counts for the variance alone if
    one is zero."""
    a, c = _corrected(events1, events2)
    value = events1 / person_years1 - events2 / person_years2
    return PlainEffect(value, a / person_years1**2 + c / person_years2**2)


def log_rate(events: float, person_years: float) -> LogEffect:
    """Log incidence rate per person-year: variance 1/events; 1/2 is added to zero events."""
    (x,) = _corrected(events)
    return LogEffect(math.log(x / person_years), 1 / x)


def log_standardised_ratio(observed: float, expected: float) -> LogEffect:
    """Log standardised mortality (or incidence) ratio, observed over expected: variance 1/observed, the expected number taken
    as known; 1/2 is added to zero observed. metafor: escalc(measure="IRLN", xi=observed, ti=expected)."""
    return log_rate(observed, expected)


def plain_rate(events: float, person_years: float) -> PlainEffect:
    """Incidence rate per person-year: variance events/person-years²; 1/2 is added to zero events."""
    (x,) = _corrected(events)
    return PlainEffect(x / person_years, x / person_years**2)


def logit_proportion(events: float, n: float) -> LogitEffect:
    """Logit of a proportion: variance 1/x + 1/(n - x); 1/2 is added to both when one is zero."""
    x, y = _corrected(events, n - events)
    return LogitEffect(math.log(x / y), 1 / x + 1 / y)


def log_proportion(events: float, n: float) -> LogEffect:
    """Log of a proportion: variance 1/x - 1/n. 1/2 is added to x and n - x when one is zero."""
    x, y = _corrected(events, n - events)
    return LogEffect(math.log(x / (x + y)), 1 / x - 1 / (x + y))


def plain_proportion(events: float, n: float) -> PlainEffect:
    """Untransformed proportion: variance p(1 - p)/n; 1/2 is added to x and n - x when one is zero. Inverse-variance pooling
    on this scale favours small proportions; plans should prefer the logit."""
    x, y = _corrected(events, n - events)
    p = x / (x + y)
    return PlainEffect(p, p * (1 - p) / (x + y))


def mean_effect(mean: float, sd: float, n: float) -> PlainEffect:
    """A mean with variance sd²/n."""
    return PlainEffect(mean, sd * sd / n)


def mean_difference(mean1: float, sd1: float, n1: float, mean2: float, sd2: float, n2: float) -> PlainEffect:
    """Difference of two means with variance sd1²/n1 + sd2²/n2."""
    return PlainEffect(mean1 - mean2, sd1 * sd1 / n1 + sd2 * sd2 / n2)


def _corrected(*cells: float) -> tuple[float, ...]:
    return tuple(cell + CONTINUITY for cell in cells) if any(cell == 0 for cell in cells) else cells
