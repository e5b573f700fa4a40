"""What a study of a given size can show: expected events, expected intervals, power, events needed, the smallest ratio that can
be detected, and the upper limit when no event is seen. Two-sided throughout."""

from __future__ import annotations

import math
from collections.abc import Sequence

from studygen.stats.distributions import normal_probability, normal_quantile


def expected_events(person_years: float, rate: float) -> float:
    """Events expected at `rate` per person-year."""
    return person_years * rate


def interval_factor(events1: float, events2: float, alpha: float = 0.05) -> float:
    """The factor by which the limits of a rate or hazard ratio lie above and below it: exp(z sqrt(1/d1 + 1/d2))."""
    return math.exp(normal_quantile(1 - alpha / 2) * math.sqrt(1 / events1 + 1 / events2))


def power_of_log_ratio(ratio: float, events1: float, events2: float, alpha: float = 0.05) -> float:
    """Power of the Wald test of a log rate or hazard ratio with these expected events under the alternative:
    Phi(|ln ratio| / sqrt(1/d1 + 1/d2) - z)."""
    return normal_probability(abs(math.log(ratio)) / math.sqrt(1 / events1 + 1 / events2) - normal_quantile(1 - alpha / 2))


def schoenfeld_power(ratio: float, events: float, share_exposed: float = 0.5, alpha: float = 0.05) -> float:
    """Power of the log-rank test with `events` in total. Source: Schoenfeld 1983. Its null variance makes it a little larger
    than `power_of_log_ratio`."""
    information = events * share_exposed * (1 - share_exposed)
    return normal_probability(abs(math.log(ratio)) * math.sqrt(information) - normal_quantile(1 - alpha / 2))


def events_needed(ratio: float, power: float = 0.8, share_exposed: float = 0.5, alpha: float = 0.05) -> float:
    """Total events needed to show `ratio` (not 1). Source: Schoenfeld 1983. Not rounded."""
    z = normal_quantile(1 - alpha / 2) + normal_quantile(power)
    return z**2 / (share_exposed * (1 - share_exposed) * math.log(ratio) ** 2)


def zero_event_upper(person_years: float, alpha: float = 0.05) -> float:
    """Upper limit of the two-sided exact interval of a rate (per person-year) when no event is seen: -ln(alpha/2) over
    person-years (3.689 at 95%)."""
    return -math.log(alpha / 2) / person_years


def minimum_detectable_ratio(se: float, power: float = 0.8, alpha: float = 0.05) -> float:
    """The smallest ratio above one that a Wald test with standard error `se` of the log ratio shows with this power:
    exp((z(1 - alpha/2) + z(power)) se). Its reciprocal is the largest below one. Source: Armstrong 1987; the study diagnostics
    of OHDSI ask for less than 10."""
    return math.exp((normal_quantile(1 - alpha / 2) + normal_quantile(power)) * se)


def minimum_detectable_ratio_of_events(
    events: float, share_exposed: float = 0.5, power: float = 0.8, alpha: float = 0.05
) -> float:
    """The same from the total of events, with Schoenfeld's null variance 1/(d p (1 - p)): the inverse of `events_needed`.
    Infinite without events."""
    if events == 0:
        return math.inf
    return minimum_detectable_ratio(1 / math.sqrt(events * share_exposed * (1 - share_exposed)), power, alpha)


def expected_pooled_se(standard_errors: Sequence[float], tau_squared: float = 0.0) -> float:
    """The standard error of the pool that sources with these standard errors would give: 1/sqrt(sum 1/(se² + tau²))."""
    return 1 / math.sqrt(sum(1 / (se**2 + tau_squared) for se in standard_errors))


def expected_rate_interval(person_years: float, rate: float, level: float = 0.95) -> tuple[float, float]:
    """The limits of the exact Poisson interval that can be expected when the rate (per person-year) is true: each limit's mean
    over the Poisson distribution of the count. Counts less likely than 1e-12 are left out."""
    import numpy as np
    from scipy.special import gammaincinv, gammaln, pdtrik

    mean = person_years * rate
    if mean == 0:
        return 0.0, zero_event_upper(person_years, 1 - level)
    first, last = (
        math.floor(float(pdtrik(1e-12, mean))) if math.exp(-mean) < 1e-12 else 0,
        math.ceil(float(pdtrik(1 - 1e-12, mean))),
    )
    x = np.arange(max(first, 0), last + 1)
    weight = np.exp(x * math.log(mean) - mean - gammaln(x + 1))
    weight = weight / weight.sum()
    tail = (1 - level) / 2
    lower = np.where(x > 0, gammaincinv(np.maximum(x, 1), tail), 0.0)
    upper = gammaincinv(x + 1, 1 - tail)
    return float((weight * lower).sum()) / person_years, float((weight * upper).sum()) / person_years
