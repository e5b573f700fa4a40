"""Standardised rates and ratios from strata: direct standardisation to a standard population with gamma or Dobson's intervals,
and indirect standardisation (SMR) with exact or Byar's. Strata of several sources are added up before."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from studygen.stats.distributions import FloatArray, two_sided_z
from studygen.stats.occurrence import exact_poisson
from studygen.stats.pool_fit import NoteCode


@dataclass(frozen=True, slots=True)
class Standardised:
    """A standardised rate (per person-year) or ratio with its interval. NaN limits have a note."""

    estimate: float
    lower: float
    upper: float
    notes: tuple[NoteCode, ...] = ()


def direct_rate(
    events: npt.ArrayLike,
    person_years: npt.ArrayLike,
    standard: npt.ArrayLike,
    level: float = 0.95,
    interval: Literal["gamma", "dobson"] = "gamma",
) -> Standardised:
    """The rate that the standard population (any positive weights, brought to a sum of one) would have. Gamma intervals are those
    of Fay, Feuer 1997 (never too narrow; R's epitools ageadjust.direct), Dobson's those of Dobson, Kuulasmaa, Eberle, Scherer
    1991. Without events Dobson's upper limit does not exist; the gamma interval's does. ValueError for strata without
    person-years but with weight: their rate is unknown."""
    d, t, w = _strata(events, person_years, standard)
    if ((t == 0) & (w > 0)).any():
        raise ValueError("a stratum of the standard population has no person-years")
    kept = w > 0
    d, t, w = d[kept], t[kept], w[kept] / w.sum()
    share = w / t
    rate, variance = float((share * d).sum()), float((share**2 * d).sum())
    if interval == "gamma":
        return Standardised(rate, *_gamma_limits(rate, variance, float(share.max()), level))
    total = float(d.sum())
    if total == 0:
        return Standardised(0.0, 0.0, math.nan, ("no_events",))
    _, low, high = _exact(total, 1.0, level)
    scale = math.sqrt(variance / total)
    return Standardised(rate, rate + scale * (low - total), rate + scale * (high - total))


def indirect_ratio(
    events: npt.ArrayLike,
    person_years: npt.ArrayLike,
    standard_rates: npt.ArrayLike,
    level: float = 0.95,
    interval: Literal["exact", "byar"] = "exact",
) -> Standardised:
    """The standardised morbidity or mortality ratio: events over those expected at the standard rates (per person-year)."""
    d, t, r = _strata(events, person_years, standard_rates)
    return observed_over_expected(int(d.sum()), float((t * r).sum()), level, interval)


def observed_over_expected(
    observed: int, expected: float, level: float = 0.95, interval: Literal["exact", "byar"] = "exact"
) -> Standardised:
    """Observed over expected events with exact Poisson limits, or Byar's approximation to them (its
    lower limit from the count, its upper from the count and one; epitools' pois.byar takes the count and a half for both).
    Sources: Garwood 1936; Breslow, Day 1987. Without expected events the ratio does not exist."""
    if expected <= 0:
        return Standardised(math.nan, math.nan, math.nan, ("sources_without_size",))
    if interval == "exact":
        return Standardised(*exact_poisson(observed, expected, level))
    z = two_sided_z(level)
    more = observed + 1
    lower = observed * (1 - 1 / (9 * observed) - z / (3 * math.sqrt(observed))) ** 3 if observed else 0.0
    upper = more * (1 - 1 / (9 * more) + z / (3 * math.sqrt(more))) ** 3
    return Standardised(observed / expected, lower / expected, upper / expected)


def _gamma_limits(rate: float, variance: float, largest: float, level: float) -> tuple[float, float]:
    from scipy.special import gammaincinv

    tail = (1 - level) / 2
    lower = float(gammaincinv(rate**2 / variance, tail)) * variance / rate if rate > 0 else 0.0
    mean, spread = rate + largest, variance + largest**2
    return lower, float(gammaincinv(mean**2 / spread, 1 - tail)) * spread / mean


def _exact(events: float, person_years: float, level: float) -> tuple[float, float, float]:
    return exact_poisson(round(events), person_years, level)


def _strata(*columns: npt.ArrayLike) -> tuple[FloatArray, FloatArray, FloatArray]:
    arrays = [np.atleast_1d(np.asarray(column, dtype=np.float64)) for column in columns]
    if len({a.shape for a in arrays}) > 1 or arrays[0].ndim != 1:
        raise ValueError("events, person-years and the standard must be lists of the same length, one entry per stratum")
    if not all(np.isfinite(a).all() and (a >= 0).all() for a in arrays):
        raise ValueError("events, person-years and the standard must be finite and not negative")
    if arrays[2].sum() == 0:
        raise ValueError("the standard has no weight")
    if ((arrays[1] == 0) & (arrays[0] > 0)).any():
        raise ValueError("there are events without person-time")
    return arrays[0], arrays[1], arrays[2]
