"""How alike two groups are before an analysis: standardised mean differences per source and over all sources. A difference above
0.1 is commonly called an imbalance; the plan says what is done then."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from studygen.stats.distributions import FloatArray
from studygen.stats.pool_fit import NoteCode


@dataclass(frozen=True, slots=True)
class Moments:
    """Persons (or their weights' sum), mean and standard deviation of a covariate in one group of one source."""

    n: float
    mean: float
    sd: float


@dataclass(frozen=True, slots=True)
class Difference:
    """A standardised difference; NaN has a note."""

    value: float
    notes: tuple[NoteCode, ...] = ()


@dataclass(frozen=True, slots=True)
class CovariateBalance:
    """Per source, over all sources, and the largest in absolute value among the sources (NaN when none is known)."""

    by_source: tuple[Difference, ...]
    pooled: Difference
    largest: float


def standardised_difference(group1: Moments, group2: Moments) -> Difference:
    """(mean1 - mean2) / sqrt((sd1² + sd2²)/2). Source: Austin 2009. Equal means without any spread are a difference of zero;
    unequal ones have none, and a note."""
    return _standardised(group1.mean - group2.mean, (group1.sd**2 + group2.sd**2) / 2)


def standardised_share_difference(share1: float, share2: float) -> Difference:
    """The same for a yes-no covariate: (p1 - p2) / sqrt((p1(1 - p1) + p2(1 - p2))/2). Source: Austin 2009."""
    return _standardised(share1 - share2, (share1 * (1 - share1) + share2 * (1 - share2)) / 2)


def standardised_category_difference(shares1: npt.ArrayLike, shares2: npt.ArrayLike) -> Difference:
    """The distance of two distributions over the same categories (shares that sum to one), without sign: Mahalanobis distance
    with the mean of both multinomial covariances. Categories that both groups lack are left out. Source: Yang, Dalton 2012."""
    p, q = (np.asarray(x, dtype=np.float64) for x in (shares1, shares2))
    if (
        p.shape != q.shape
        or p.ndim != 1
        or not (math.isclose(p.sum(), 1, abs_tol=1e-6) and math.isclose(q.sum(), 1, abs_tol=1e-6))
    ):
        raise ValueError("shares of both groups must be lists of the same length that sum to one")
    used = np.flatnonzero(p + q > 0)
    if used.size == 1:
        return Difference(0.0)
    p, q = p[used[1:]], q[used[1:]]
    covariance = (_multinomial(p) + _multinomial(q)) / 2
    if np.linalg.matrix_rank(covariance) < p.size:
        return Difference(0.0) if np.allclose(p, q) else Difference(math.nan, ("zero_variance",))
    gap = p - q
    return Difference(math.sqrt(float(gap @ np.linalg.solve(covariance, gap))))


def combined(groups: Sequence[Moments]) -> Moments:
    """Mean and standard deviation of all sources' persons together, from each source's own (variances with n - 1). ValueError
    without persons."""
    n = sum(g.n for g in groups)
    if n <= 0:
        raise ValueError("there are no persons")
    mean = sum(g.n * g.mean for g in groups) / n
    within = sum((g.n - 1) * g.sd**2 for g in groups if g.n > 1)
    between = sum(g.n * (g.mean - mean) ** 2 for g in groups)
    return Moments(n, mean, math.sqrt((within + between) / (n - 1)) if n > 1 else 0.0)


def balance_of_means(group1: Sequence[Moments], group2: Sequence[Moments]) -> CovariateBalance:
    """Balance of a measured covariate; one entry per source in both lists."""
    own = tuple(standardised_difference(a, b) for a, b in zip(group1, group2, strict=True))
    return CovariateBalance(own, standardised_difference(combined(group1), combined(group2)), _largest(own))


def balance_of_shares(
    with1: Sequence[float], n1: Sequence[float], with2: Sequence[float], n2: Sequence[float]
) -> CovariateBalance:
    """Balance of a yes-no covariate from persons with it and all persons; one entry per source. ValueError for a source without
    persons in a group."""
    if min((*n1, *n2)) <= 0:
        raise ValueError("there are no persons")
    rows = zip(with1, n1, with2, n2, strict=True)
    own = tuple(standardised_share_difference(a / m, b / n) for a, m, b, n in rows)
    return CovariateBalance(own, standardised_share_difference(sum(with1) / sum(n1), sum(with2) / sum(n2)), _largest(own))


def _standardised(gap: float, variance: float) -> Difference:
    if variance > 0:
        return Difference(gap / math.sqrt(variance))
    return Difference(0.0) if gap == 0 else Difference(math.nan, ("zero_variance",))


def _multinomial(p: FloatArray) -> FloatArray:
    return np.asarray(np.diag(p) - np.outer(p, p))


def _largest(differences: Sequence[Difference]) -> float:
    known = [abs(d.value) for d in differences if not math.isnan(d.value)]
    return max(known, default=math.nan)
