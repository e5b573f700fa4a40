"""Proportions and rates on scales whose variance hardly depends on the value: arcsine, Freeman-Tukey double arcsine, square
root, and the ways back. Zero events need no correction here.

The Freeman-Tukey scale has a trap: its way back needs a sample size, and no one size is right for a pool. With the harmonic
mean (Miller 1978) a pooled proportion can lie outside the range of the single ones (Schwarzer 2019, doi 10.1002/jrsm.1348).
Prefer the logit, or a binomial likelihood."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ArcsineEffect:
    """The arcsine of a square root of a proportion, in radians, with its variance."""

    value: float
    variance: float

    @staticmethod
    def natural(x: float) -> float:
        return math.sin(min(max(x, 0.0), math.pi / 2.0)) ** 2


@dataclass(frozen=True, slots=True)
class FreemanTukeyEffect:
    """A proportion on the double arcsine scale (metafor's, half of that of Miller 1978), with its variance. Its way back is
    `miller_inverse`, which needs a sample size."""

    value: float
    variance: float


@dataclass(frozen=True, slots=True)
class SquareRootEffect:
    """The square root of a rate per person-year, with its variance."""

    value: float
    variance: float

    @staticmethod
    def natural(x: float) -> float:
        return max(x, 0.0) ** 2


def arcsine_proportion(events: float, n: float) -> ArcsineEffect:
    """arcsin sqrt(x/n): variance 1/(4n)."""
    return ArcsineEffect(math.asin(math.sqrt(events / n)), 1.0 / (4.0 * n))


def freeman_tukey_proportion(events: float, n: float) -> FreemanTukeyEffect:
    """Half the sum of arcsin sqrt(x/(n+1)) and arcsin sqrt((x+1)/(n+1)): variance 1/(4n + 2). Source: Freeman, Tukey 1950, doi
    10.1214/aoms/1177729756."""
    return FreemanTukeyEffect(_double_arcsine(events, n), 1.0 / (4.0 * n + 2.0))


def square_root_rate(events: float, person_years: float) -> SquareRootEffect:
    """sqrt(x/t): variance 1/(4t)."""
    return SquareRootEffect(math.sqrt(events / person_years), 1.0 / (4.0 * person_years))


def harmonic_mean(sizes: Sequence[float]) -> float:
    """The harmonic mean of sample sizes, for `miller_inverse` of a pool."""
    return len(sizes) / sum(1.0 / size for size in sizes)


def miller_inverse(x: float, n: float) -> float:
    """The proportion behind a value on the double arcsine scale for a sample of `n`; 0 or 1 beyond what `n` persons can show.
    Source: Miller 1978, doi 10.1080/00031305.1978.10479283."""
    if x <= _double_arcsine(0.0, n):
        return 0.0
    if x >= _double_arcsine(n, n):
        return 1.0
    sine = math.sin(2.0 * x)
    root = math.sqrt(max(0.0, 1.0 - (sine + (sine - 1.0 / sine) / n) ** 2))
    return 0.5 * (1.0 - math.copysign(root, math.cos(2.0 * x)))


def _double_arcsine(events: float, n: float) -> float:
    return 0.5 * (math.asin(math.sqrt(events / (n + 1.0))) + math.asin(math.sqrt((events + 1.0) / (n + 1.0))))
