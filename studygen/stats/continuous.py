"""Effects from means: standardised difference and ratio of means; and means with standard deviations behind medians, quartiles
and ranges. The plain difference of means stands in `effects`."""

from __future__ import annotations

import math
from dataclasses import dataclass

from studygen.stats.distributions import normal_quantile
from studygen.stats.effects import LogEffect, PlainEffect


def standardised_mean_difference(mean1: float, sd1: float, n1: float, mean2: float, sd2: float, n2: float) -> PlainEffect:
    """Hedges' g with the exact correction for small samples: variance 1/n1 + 1/n2 + g²/(2(n1 + n2)) (metafor's SMD, vtype
    "LS"). Source: Hedges 1981, doi 10.3102/10769986006002107. ValueError when both groups have no spread or there are fewer
    than four persons."""
    df = n1 + n2 - 2.0
    if df <= 1:
        raise ValueError("a standardised mean difference needs at least four persons")
    pooled_sd = math.sqrt(((n1 - 1.0) * sd1**2 + (n2 - 1.0) * sd2**2) / df)
    if pooled_sd == 0:
        raise ValueError("a standardised mean difference needs a standard deviation above zero")
    correction = math.exp(math.lgamma(df / 2.0) - 0.5 * math.log(df / 2.0) - math.lgamma((df - 1.0) / 2.0))
    g = correction * (mean1 - mean2) / pooled_sd
    return PlainEffect(g, 1.0 / n1 + 1.0 / n2 + g * g / (2.0 * (n1 + n2)))


def log_ratio_of_means(mean1: float, sd1: float, n1: float, mean2: float, sd2: float, n2: float) -> LogEffect:
    """Log ratio of two means: variance sd1²/(n1 mean1²) + sd2²/(n2 mean2²). ValueError unless both means have the same sign and
    none is zero. Source: Hedges, Gurevitch, Curtis 1999, doi 10.1890/0012-9658(1999)080[1150:TMAORR]2.0.CO;2."""
    if mean1 * mean2 <= 0:
        raise ValueError("a ratio of means needs two means of the same sign, neither zero")
    return LogEffect(math.log(mean1 / mean2), sd1**2 / (n1 * mean1**2) + sd2**2 / (n2 * mean2**2))


@dataclass(frozen=True, slots=True)
class MeanSd:
    """A mean with its standard deviation."""

    mean: float
    sd: float


def mean_sd_from_quartiles(q1: float, median: float, q3: float, n: float) -> MeanSd:
    """Mean and standard deviation behind median and quartiles of `n` persons, if the distribution is about normal. Sources:
    Luo, Wan, Liu, Tong 2018, doi 10.1177/0962280216669183 (mean); Wan 2014, doi 10.1186/1471-2288-14-135 (standard
    deviation)."""
    weight = 0.7 + 0.39 / n
    return MeanSd(weight * (q1 + q3) / 2.0 + (1.0 - weight) * median, _sd_from_quartiles(q1, q3, n))


def mean_sd_from_range(minimum: float, median: float, maximum: float, n: float) -> MeanSd:
    """The same behind median and range; the range says little when `n` is large."""
    weight = 4.0 / (4.0 + n**0.75)
    return MeanSd(weight * (minimum + maximum) / 2.0 + (1.0 - weight) * median, _sd_from_range(minimum, maximum, n))


def mean_sd_from_five_numbers(minimum: float, q1: float, median: float, q3: float, maximum: float, n: float) -> MeanSd:
    """The same behind minimum, quartiles, median and maximum. The standard deviation is Wan's, the mean of the two from range
    and quartiles; metafor's conv.fivenum weights them after Shi 2020."""
    outer, inner = 2.2 / (2.2 + n**0.75), 0.7 - 0.72 / n**0.55
    mean = outer * (minimum + maximum) / 2.0 + inner * (q1 + q3) / 2.0 + (1.0 - outer - inner) * median
    return MeanSd(mean, 0.5 * (_sd_from_range(minimum, maximum, n) + _sd_from_quartiles(q1, q3, n)))


def _sd_from_range(minimum: float, maximum: float, n: float) -> float:
    return (maximum - minimum) / (2.0 * normal_quantile((n - 0.375) / (n + 0.25)))


def _sd_from_quartiles(q1: float, q3: float, n: float) -> float:
    return (q3 - q1) / (2.0 * normal_quantile((0.75 * n - 0.125) / (n + 0.25)))
