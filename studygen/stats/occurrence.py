"""Intervals of a single group's rate or proportion: exact Poisson, Wald on the log scale, Clopper-Pearson, Wilson, mid-p.
Each returns (estimate, lower, upper), rates per one person-year, proportions as fractions."""

from __future__ import annotations

import math

from studygen.stats.distributions import two_sided_z
from studygen.stats.effects import interval_of, log_rate, logit_proportion

Interval = tuple[float, float, float]
"""Estimate, lower and upper limit."""


def exact_poisson(events: int, person_years: float, level: float = 0.95) -> Interval:
    """Rate with the exact Poisson interval: chi-squared quantiles; the lower limit of no event is 0. Source: Garwood 1936."""
    from scipy.special import gammaincinv

    tail = (1.0 - level) / 2.0
    lower = float(gammaincinv(events, tail)) if events > 0 else 0.0
    upper = float(gammaincinv(events + 1, 1.0 - tail))
    return events / person_years, lower / person_years, upper / person_years


def wald_log_rate(events: int, person_years: float, level: float = 0.95) -> Interval:
    """Rate with a Wald interval on the log scale; ValueError without events, where it does not exist."""
    if events == 0:
        raise ValueError("a Wald interval on the log scale needs at least one event")
    lower, upper = interval_of(log_rate(events, person_years), level)
    return events / person_years, lower, upper


def clopper_pearson(events: int, n: int, level: float = 0.95) -> Interval:
    """Proportion with the exact binomial interval: beta quantiles. Source: Clopper, Pearson 1934."""
    from scipy.special import betaincinv

    tail = (1.0 - level) / 2.0
    lower = float(betaincinv(events, n - events + 1, tail)) if events > 0 else 0.0
    upper = float(betaincinv(events + 1, n - events, 1.0 - tail)) if events < n else 1.0
    return events / n, lower, upper


def mid_p_poisson(events: int, person_years: float, level: float = 0.95) -> Interval:
    """Rate with the mid-p interval: half the probability of the observed count belongs to each tail. Narrower than the exact
    interval and close to its level on average; the lower limit of no event is 0. Source: Lancaster 1961; Cohen, Yang 1994."""
    from scipy.optimize import brentq
    from scipy.special import gammainc, gammaln

    tail = (1.0 - level) / 2.0
    widest = exact_poisson(events, 1.0, level)

    def point(mean: float) -> float:
        return math.exp(events * math.log(mean) - mean - float(gammaln(events + 1)))

    def at_least(mean: float) -> float:
        # P(X > events) + P(X = events)/2
        return float(gammainc(events + 1, mean)) + point(mean) / 2

    upper = float(brentq(lambda mean: 1.0 - at_least(mean) - tail, max(events, 1e-9), widest[2] + 1e-9, xtol=1e-13))
    if events == 0:
        return 0.0, 0.0, upper / person_years
    lower = float(brentq(lambda mean: at_least(mean) - tail, widest[1] * (1 - 1e-9), events, xtol=1e-13))
    return events / person_years, lower / person_years, upper / person_years


def mid_p_binomial(events: int, n: int, level: float = 0.95) -> Interval:
    """Proportion with the mid-p interval; limits are 0 for no event and 1 for n events. Source: Lancaster 1961; Agresti, Gottard
    2005."""
    from scipy.optimize import brentq
    from scipy.special import betainc, gammaln

    tail = (1.0 - level) / 2.0
    choose = float(gammaln(n + 1) - gammaln(events + 1) - gammaln(n - events + 1))

    def at_least(p: float) -> float:
        # P(X > events) + P(X = events)/2
        point = math.exp(choose + events * math.log(p) + (n - events) * math.log1p(-p))
        return (float(betainc(events + 1, n - events, p)) if events < n else 0.0) + point / 2

    edge = 1e-15
    lower = 0.0 if events == 0 else float(brentq(lambda p: at_least(p) - tail, edge, 1 - edge, xtol=1e-14))
    upper = 1.0 if events == n else float(brentq(lambda p: 1.0 - at_least(p) - tail, edge, 1 - edge, xtol=1e-14))
    return events / n, lower, upper


def wilson(events: int, n: int, level: float = 0.95) -> Interval:
    """Proportion with the score interval without continuity correction. Source: Wilson 1927."""
    z2 = two_sided_z(level) ** 2
    p = events / n
    centre = (p + z2 / (2 * n)) / (1 + z2 / n)
    half = math.sqrt(z2 * (p * (1 - p) / n + z2 / (4 * n * n))) / (1 + z2 / n)
    lower = 0.0 if events == 0 else centre - half
    upper = 1.0 if events == n else centre + half
    return p, lower, upper


def wald_logit_proportion(events: int, n: int, level: float = 0.95) -> Interval:
    """Proportion with a Wald interval on the logit scale; ValueError for 0 or n events, where it does not exist."""
    if events in (0, n):
        raise ValueError("a Wald interval on the logit scale needs both events and persons without event")
    lower, upper = interval_of(logit_proportion(events, n), level)
    return events / n, lower, upper
