"""Quantiles and tail probabilities of the distributions that the other modules need. SciPy is imported when first used."""

from __future__ import annotations

import math
from statistics import NormalDist
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

FloatArray: TypeAlias = npt.NDArray[np.float64]
BoolArray: TypeAlias = npt.NDArray[np.bool_]

_NORMAL = NormalDist()


def normal_quantile(p: float) -> float:
    """The standard normal quantile of `p`."""
    if not 0.0 < p < 1.0:
        return math.nan if not 0.0 <= p <= 1.0 else math.copysign(math.inf, p - 0.5)
    return _NORMAL.inv_cdf(p)


def normal_probability(x: float) -> float:
    """The standard normal distribution function at `x`."""
    return 0.5 * math.erfc(-x / math.sqrt(2.0))


def two_sided_z(level: float) -> float:
    """The normal quantile of a two-sided interval: 1.96 for level 0.95."""
    return normal_quantile(0.5 + level / 2.0)


def two_sided_t(level: float, df: int) -> float:
    """The Student quantile of a two-sided interval with `df` degrees of freedom."""
    from scipy.special import stdtrit

    return float(stdtrit(df, 0.5 + level / 2.0))


def chi_squared_tail(x: FloatArray, df: int) -> FloatArray:
    """The upper tail probability of a chi-squared statistic, elementwise."""
    from scipy.special import chdtrc

    return np.asarray(chdtrc(df, x), dtype=np.float64)


def normal_two_sided_p(statistic: FloatArray) -> FloatArray:
    """The two-sided p value of a standard normal statistic, elementwise."""
    from scipy.special import ndtr

    return np.asarray(2.0 * ndtr(-np.abs(statistic)), dtype=np.float64)


def student_two_sided_p(statistic: FloatArray, df: int) -> FloatArray:
    """The two-sided p value of a Student statistic with `df` degrees of freedom, elementwise."""
    from scipy.special import stdtr

    return np.asarray(2.0 * stdtr(df, -np.abs(statistic)), dtype=np.float64)


def f_tail(x: float, df1: int, df2: int) -> float:
    """The upper tail probability of an F statistic."""
    from scipy.special import fdtrc

    return float(fdtrc(df1, df2, x))


def chi_squared_quantile(p: float, df: int) -> float:
    """The chi-squared quantile of `p` (lower tail)."""
    from scipy.special import chdtri

    return float(chdtri(df, 1.0 - p))
