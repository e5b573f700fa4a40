"""Combining sources by inverse variance: common effect and random effects, with Wald, Student, Hartung-Knapp and truncated
Hartung-Knapp intervals; for one set of sources or many in one call.

Works on the scale of the effects (log, logit, plain) and does not know which it is. Conventions follow R's metafor:
`hartung_knapp` is not truncated (`test="knha"`) and can be narrower than a Wald interval; `hartung_knapp_truncated` is its
`test="adhoc"`; and the prediction interval in a `Pooled` follows the model's test (`prediction.py` has the other variants)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields, replace

import numpy as np
import numpy.typing as npt

from studygen.stats.between_variance import ESTIMATORS
from studygen.stats.distributions import BoolArray, FloatArray, normal_two_sided_p, student_two_sided_p, two_sided_t, two_sided_z
from studygen.stats.effects import Effect
from studygen.stats.heterogeneity import heterogeneity
from studygen.stats.weighted_sums import weighted_mean


@dataclass(frozen=True, slots=True)
class Pooled:
    """Pooled results on the effects' scale. Every array has the input's leading shape (`()` for one set), `weights` (percent,
    summing to 100) also the sources' axis. `p_value` tests a pooled effect of 0. `tau_squared` is 0 and the prediction interval
    NaN for a common effect, which has none. `scale` is the factor q on the variance of the pooled effect, 1 but for
    Hartung-Knapp. `searched` tells where a likelihood needed a bounded search (see `BetweenVariance`)."""

    k: int
    estimate: FloatArray
    se: FloatArray
    lower: FloatArray
    upper: FloatArray
    tau_squared: FloatArray
    converged: BoolArray
    q: FloatArray
    q_df: int
    q_p: FloatArray
    i_squared: FloatArray
    h_squared: FloatArray
    prediction_lower: FloatArray
    prediction_upper: FloatArray
    weights: FloatArray
    p_value: FloatArray
    scale: FloatArray
    searched: BoolArray


def pool(y: npt.ArrayLike, v: npt.ArrayLike, *, estimator: str, interval: str = "wald", level: float = 0.95) -> Pooled:
    """Pool the sources along the last axis of `y` (estimates) and `v` (variances, all positive and finite).

    `estimator` is a key of `ESTIMATORS` (`none` for a common effect), `interval` one of `INTERVALS`. At least two sources.
    ValueError for other input."""
    estimates, variances = np.asarray(y, dtype=np.float64), np.asarray(v, dtype=np.float64)
    if estimates.shape != variances.shape or estimates.ndim == 0:
        raise ValueError(f"estimates {estimates.shape} and variances {variances.shape} must have the same shape, sources last")
    k = estimates.shape[-1]
    if k < 2:
        raise ValueError(f"pooling needs at least two sources, not {k}")
    if not (np.isfinite(estimates).all() and np.isfinite(variances).all() and (variances > 0).all()):
        raise ValueError("estimates must be finite and variances finite and positive")
    shape = estimates.shape[:-1]
    return _shaped(_pool_sets(estimates.reshape(-1, k), variances.reshape(-1, k), estimator, interval, level), shape)


def pool_effects(effects: Sequence[Effect], *, estimator: str, interval: str = "wald", level: float = 0.95) -> Pooled:
    """Pool one set of effects; ValueError when they are not all on one scale."""
    if len({type(effect) for effect in effects}) > 1:
        raise ValueError("effects on different scales cannot be pooled")
    return pool(
        [effect.value for effect in effects],
        [effect.variance for effect in effects],
        estimator=estimator,
        interval=interval,
        level=level,
    )


def pool_without_each(
    y: npt.ArrayLike, v: npt.ArrayLike, *, estimator: str, interval: str = "wald", level: float = 0.95
) -> Pooled:
    """The pool of one set of sources without each of them in turn, in their order; at least three sources."""
    estimates, variances = np.asarray(y, dtype=np.float64), np.asarray(v, dtype=np.float64)
    others = np.array([np.flatnonzero(row) for row in ~np.eye(estimates.size, dtype=np.bool_)])
    return pool(estimates[others], variances[others], estimator=estimator, interval=interval, level=level)


def leave_one_out(effects: Sequence[Effect], *, estimator: str, interval: str = "wald", level: float = 0.95) -> Pooled:
    """The pool without each effect in turn, in the order of `effects`; at least three."""
    y, v = [effect.value for effect in effects], [effect.variance for effect in effects]
    return pool_without_each(y, v, estimator=estimator, interval=interval, level=level)


def _unscaled(y: FloatArray, w: FloatArray, mu: FloatArray) -> FloatArray:
    del w, mu
    return np.ones(y.shape[0])


def _hartung_knapp(y: FloatArray, w: FloatArray, mu: FloatArray) -> FloatArray:
    # Hartung, Knapp 2001; Sidik, Jonkman 2002. A sum that is rounding only counts as zero, as in metafor: equal estimates.
    squares = (w * (y - mu[:, None]) ** 2).sum(axis=-1)
    return np.asarray(np.where(squares <= np.finfo(np.float64).eps, 0.0, squares / (y.shape[-1] - 1)))


def _hartung_knapp_truncated(y: FloatArray, w: FloatArray, mu: FloatArray) -> FloatArray:
    # Knapp, Hartung 2003; Röver, Knapp, Friede 2015
    return np.maximum(_hartung_knapp(y, w, mu), 1.0)


@dataclass(frozen=True, slots=True)
class IntervalKind:
    """The factor on the variance of the pooled effect, from estimates, weights and pooled effect; and whether quantiles are
    those of Student's t with k - 1 degrees of freedom instead of the normal."""

    scale: Callable[[FloatArray, FloatArray, FloatArray], FloatArray]
    student: bool


INTERVALS: dict[str, IntervalKind] = {
    "wald": IntervalKind(_unscaled, student=False),
    "t": IntervalKind(_unscaled, student=True),
    "hartung_knapp": IntervalKind(_hartung_knapp, student=True),
    "hartung_knapp_truncated": IntervalKind(_hartung_knapp_truncated, student=True),
}
"""Every kind of interval a plan may name."""


def _pool_sets(y: FloatArray, v: FloatArray, estimator: str, interval: str, level: float) -> Pooled:
    kind, df = INTERVALS[interval], y.shape[-1] - 1
    between = ESTIMATORS[estimator](y, v)
    tau2 = between.tau_squared
    w = 1.0 / (v + tau2[:, None])
    mu = weighted_mean(y, w)[:, 0]
    scale = kind.scale(y, w, mu)
    se = np.sqrt(scale / w.sum(axis=-1))
    quantile = two_sided_t(level, df) if kind.student else two_sided_z(level)
    with np.errstate(divide="ignore", invalid="ignore"):
        # Equal estimates have a Hartung-Knapp standard error of 0; the test then rejects any other value.
        statistic = np.where(mu == 0, 0.0, mu / se)
    common = estimator == "none"
    spread = heterogeneity(y, v, None if common else tau2)
    reach = np.full(mu.shape, np.nan) if common else quantile * np.sqrt(tau2 + se**2)
    return Pooled(
        k=y.shape[-1],
        estimate=mu,
        se=se,
        lower=mu - quantile * se,
        upper=mu + quantile * se,
        tau_squared=tau2,
        converged=between.converged,
        q=spread.q,
        q_df=spread.df,
        q_p=spread.p,
        i_squared=spread.i_squared,
        h_squared=spread.h_squared,
        prediction_lower=mu - reach,
        prediction_upper=mu + reach,
        weights=100.0 * w / w.sum(axis=-1, keepdims=True),
        p_value=student_two_sided_p(statistic, df) if kind.student else normal_two_sided_p(statistic),
        scale=scale,
        searched=between.searched,
    )


def _shaped(pooled: Pooled, shape: tuple[int, ...]) -> Pooled:
    """The same with the leading shape of the input; only `weights` has the sources' axis."""
    arrays = {field.name: getattr(pooled, field.name) for field in fields(pooled) if field.name not in ("k", "q_df", "weights")}
    reshaped = {name: array.reshape(shape) for name, array in arrays.items()}
    return replace(pooled, weights=pooled.weights.reshape((*shape, pooled.k)), **reshaped)
