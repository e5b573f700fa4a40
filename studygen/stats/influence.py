"""What single sources do to a pool: the pool as sources are added one by one, and deletion diagnostics as metafor's
influence(). Definitions of the diagnostics follow Viechtbauer, Cheung 2010, doi 10.1002/jrsm.11."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from studygen.stats.distributions import BoolArray, FloatArray, chi_squared_tail, two_sided_z
from studygen.stats.pooling import pool, pool_without_each


@dataclass(frozen=True, slots=True)
class Cumulated:
    """The pool of the first `k` sources. Of one source its own estimate with a Wald interval, `tau_squared` 0."""

    k: int
    estimate: float
    se: float
    lower: float
    upper: float
    tau_squared: float
    converged: bool


def cumulative(
    y: npt.ArrayLike, v: npt.ArrayLike, *, estimator: str, interval: str = "wald", level: float = 0.95
) -> tuple[Cumulated, ...]:
    """The pool of the first source, the first two, …, all, in the order given."""
    estimates, variances = np.asarray(y, dtype=np.float64), np.asarray(v, dtype=np.float64)
    first, se = float(estimates[0]), math.sqrt(float(variances[0]))
    reach = two_sided_z(level) * se
    steps = [Cumulated(1, first, se, first - reach, first + reach, 0.0, True)]
    for k in range(2, estimates.size + 1):
        pooled = pool(estimates[:k], variances[:k], estimator=estimator, interval=interval, level=level)
        estimate, se, lower, upper, tau2 = (
            float(x) for x in (pooled.estimate, pooled.se, pooled.lower, pooled.upper, pooled.tau_squared)
        )
        steps.append(Cumulated(k, estimate, se, lower, upper, tau2, bool(pooled.converged)))
    return tuple(steps)


@dataclass(frozen=True, slots=True)
class Influence:
    """Diagnostics of each source, shapes (k,): its externally standardised residual, DFFITS, Cook's distance, covariance ratio,
    tau² and Q without it, hat value, weight in percent, DFBETAS; and `influential` where metafor marks a source (|DFFITS| > 3
    sqrt(1/(k-1)), Cook's distance beyond the median of chi²(1), hat > 3/k, or |DFBETAS| > 1)."""

    rstudent: FloatArray
    dffits: FloatArray
    cook_distance: FloatArray
    covariance_ratio: FloatArray
    tau_squared_without: FloatArray
    q_without: FloatArray
    hat: FloatArray
    weight: FloatArray
    dfbetas: FloatArray
    influential: BoolArray


def influence(y: npt.ArrayLike, v: npt.ArrayLike, *, estimator: str, interval: str = "wald") -> Influence:
    """Deletion diagnostics of one set of at least three sources, ValueError for fewer. With a Hartung-Knapp interval the
    standard errors carry its factor. Where that factor is 0 (without a source the others are equal) a ratio by it is infinite,
    or 0 when nothing changes."""
    estimates, variances = np.asarray(y, dtype=np.float64), np.asarray(v, dtype=np.float64)
    k = estimates.size
    if k < 3:
        raise ValueError(f"deletion diagnostics need at least three sources, not {k}")
    whole = pool(estimates, variances, estimator=estimator, interval=interval)
    without = pool_without_each(estimates, variances, estimator=estimator, interval=interval)
    marginal = variances + without.tau_squared
    hat = whole.weights / 100.0
    change = whole.estimate - without.estimate
    dffits = _ratio(change, np.sqrt(without.scale * hat * marginal))
    # Variance of the pool of all sources, had tau² been that of the others.
    full_variance = 1.0 / (1.0 / (variances[None, :] + without.tau_squared[:, None])).sum(axis=-1)
    dfbetas = _ratio(change, np.sqrt(without.scale * full_variance))
    cook = _ratio(change**2, np.full(k, whole.se**2))
    influential = (
        (np.abs(dffits) > 3.0 * math.sqrt(1.0 / (k - 1)))
        | (chi_squared_tail(cook, 1) < 0.5)
        | (hat > 3.0 / k)
        | (np.abs(dfbetas) > 1.0)
    )
    return Influence(
        rstudent=_ratio(estimates - without.estimate, np.sqrt(marginal * without.scale + without.se**2)),
        dffits=dffits,
        cook_distance=cook,
        covariance_ratio=_ratio(without.se**2, np.full(k, whole.se**2)),
        tau_squared_without=without.tau_squared,
        q_without=without.q,
        hat=hat,
        weight=whole.weights,
        dfbetas=dfbetas,
        influential=influential,
    )


def _ratio(numerator: FloatArray, denominator: FloatArray) -> FloatArray:
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(np.where(numerator == 0, 0.0, numerator / denominator))
