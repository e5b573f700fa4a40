"""Pooling whole likelihoods instead of estimates: each source sends its log-likelihood over a grid of log ratios, the sum is
the pool's. Right where a source has few events or none, and its likelihood is not a parabola. Common effect; `bayesian`
lets effects differ.

Source: Schuemie, Chen, Madigan, Suchard 2022."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from studygen.stats.distributions import FloatArray, chi_squared_tail
from studygen.stats.effects import Effect
from studygen.stats.exact_conditional import ConditionalSource
from studygen.stats.pool_fit import NoteCode, PoolFit, not_estimable


@dataclass(frozen=True, slots=True)
class LikelihoodProfile:
    """One source's log-likelihood (up to a constant) at increasing values of the effect, on the scale of the analysis. Made by
    `profile`."""

    effect: FloatArray
    log_likelihood: FloatArray

    def at(self, effect: FloatArray) -> FloatArray:
        """The log-likelihood by cubic interpolation, exact for a parabola; within the grid."""
        from scipy.interpolate import CubicSpline

        return np.asarray(CubicSpline(self.effect, self.log_likelihood)(effect), dtype=np.float64)


def profile(effect: npt.ArrayLike, log_likelihood: npt.ArrayLike) -> LikelihoodProfile:
    """A checked profile, its largest value set to zero. ValueError for fewer than four points, effects that do not increase, or
    numbers that are not finite."""
    x, y = np.asarray(effect, dtype=np.float64), np.asarray(log_likelihood, dtype=np.float64)
    if x.shape != y.shape or x.ndim != 1 or x.size < 4:
        raise ValueError("a profile needs at least four effects, each with a log-likelihood")
    if not (np.isfinite(x).all() and np.isfinite(y).all()) or (np.diff(x) <= 0).any():
        raise ValueError("a profile needs finite numbers, and effects that increase")
    return LikelihoodProfile(x, y - y.max())


def profile_of_effect(effect: Effect, grid: npt.ArrayLike) -> LikelihoodProfile:
    """The parabola that a normal approximation stands for."""
    x = np.asarray(grid, dtype=np.float64)
    return profile(x, -0.5 * (x - effect.value) ** 2 / effect.variance)


def profile_of_source(source: ConditionalSource, grid: npt.ArrayLike) -> LikelihoodProfile:
    """The exact conditional log-likelihood of a log rate or odds ratio (`exact_conditional.rate_sources`, `odds_sources`)."""
    x = np.asarray(grid, dtype=np.float64)
    return profile(x, source.log_likelihood(x))


def common_range(profiles: Sequence[LikelihoodProfile]) -> tuple[float, float]:
    """The effects that all profiles cover. ValueError when there are none, or no profiles."""
    if not profiles:
        raise ValueError("there is no profile")
    low, high = max(float(p.effect[0]) for p in profiles), min(float(p.effect[-1]) for p in profiles)
    if low >= high:
        raise ValueError("the profiles have no effects in common")
    return low, high


def pool_profiles(profiles: Sequence[LikelihoodProfile], level: float = 0.95) -> PoolFit:
    """Sum of the log-likelihoods: its maximum, the likelihood-based interval (a drop of half a chi-squared quantile), the
    standard error from the curvature at the maximum, and the likelihood ratio test of no effect.

    Nothing is extrapolated: when the largest value lies at the end of the common range the estimate is infinite, and a limit
    beyond the range is infinite; notes say so. The p value is NaN when no effect (zero) lies outside the range. Flat profiles (no
    information) count as sources without events."""
    from scipy.optimize import minimize_scalar
    from scipy.special import chdtri

    low, high = common_range(profiles)
    useful = [p for p in profiles if p.log_likelihood.min() < -1e-9]
    notes: tuple[NoteCode, ...] = ("sources_without_events",) if len(useful) < len(profiles) else ()
    if not useful:
        return not_estimable(0, level, "no_events")
    if len(useful) == 1:
        notes = (*notes, "one_source")
    splines = [p.at for p in useful]

    def total(x: float) -> float:
        return sum(float(at(np.asarray(x))) for at in splines)

    points = np.unique(np.concatenate([p.effect for p in useful]))
    points = points[(points >= low) & (points <= high)]
    values = np.sum([at(points) for at in splines], axis=0)
    best = int(values.argmax())
    before, after = float(points[max(best - 1, 0)]), float(points[min(best + 1, points.size - 1)])
    found = minimize_scalar(lambda x: -total(x), bounds=(before, after), method="bounded", options={"xatol": 1e-12})
    estimate, top = (
        (float(found.x), -float(found.fun)) if -found.fun > values[best] else (float(points[best]), float(values[best]))
    )
    drop = float(chdtri(1, 1.0 - level)) / 2

    def fallen(x: float) -> float:
        return top - drop - total(x)

    lower = _crossing(fallen, low, estimate) if fallen(low) > 0 else -math.inf
    upper = _crossing(fallen, estimate, high) if fallen(high) > 0 else math.inf
    p = float(chi_squared_tail(np.asarray(2 * max(0.0, top - total(0.0))), 1)) if low <= 0 <= high else math.nan
    if math.isinf(lower) or math.isinf(upper) or math.isnan(p):
        notes = (*notes, "limit_outside_grid")
    if best in (0, points.size - 1) and abs(estimate - points[best]) < 1e-6:
        return PoolFit(
            len(useful), math.copysign(math.inf, best - 0.5), math.inf, lower, upper, p, level, (*notes, "at_boundary")
        )
    h = 1e-3 * (after - before)
    curvature = (total(estimate + h) - 2 * top + total(estimate - h)) / h**2
    return PoolFit(len(useful), estimate, 1.0 / math.sqrt(-curvature), lower, upper, p, level, notes)


def _crossing(f: Callable[[float], float], low: float, high: float) -> float:
    from scipy.optimize import brentq

    return float(brentq(f, low, high, xtol=1e-12))
