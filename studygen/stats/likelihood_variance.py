"""The variance between sources (tau²) by maximum likelihood, plain and restricted, for many sets of sources in one call. Fisher
scoring with secant steps for all sets at once; the few that do not settle are searched between bounds, all at once too."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from studygen.stats.distributions import BoolArray, FloatArray
from studygen.stats.weighted_sums import cochran_q, typical_variance

SCORING_STEPS = 30
TOLERANCE = 1e-10
"""Relative to the typical within-source variance; metafor's default is an absolute 1e-5."""
GRID_POINTS = 61
BISECTIONS = 60


@dataclass(frozen=True, slots=True)
class Maximum:
    """tau² of each set, whether it was found, and whether the bounded search was needed; shapes (sets,)."""

    tau_squared: FloatArray
    converged: BoolArray
    searched: BoolArray


def log_likelihood(y: FloatArray, v: FloatArray, tau_squared: FloatArray) -> FloatArray:
    """The log-likelihood of each set at `tau_squared` (shape (sets,)) and the mean that goes with it, up to a constant."""
    marginal = v + tau_squared[..., None]
    return np.asarray(-0.5 * (np.log(marginal).sum(axis=-1) + cochran_q(y, v, tau_squared)))


def restricted_log_likelihood(y: FloatArray, v: FloatArray, tau_squared: FloatArray) -> FloatArray:
    """The restricted log-likelihood of each set at `tau_squared` (shape (sets,)), up to a constant."""
    total = (1.0 / (v + tau_squared[..., None])).sum(axis=-1)
    return np.asarray(log_likelihood(y, v, tau_squared) - 0.5 * np.log(total))


def maximise_likelihood(y: FloatArray, v: FloatArray, start: FloatArray) -> Maximum:
    """Maximum likelihood from `start`, not below zero. Source: Viechtbauer 2005."""
    return _maximise(y, v, start, _ml_score, log_likelihood)


def maximise_restricted_likelihood(y: FloatArray, v: FloatArray, start: FloatArray) -> Maximum:
    """Restricted maximum likelihood from `start`, not below zero. Source: Viechtbauer 2005."""
    return _maximise(y, v, start, _reml_score, restricted_log_likelihood)


_Score: TypeAlias = Callable[[FloatArray, FloatArray, FloatArray], tuple[FloatArray, FloatArray]]
_LogLikelihood: TypeAlias = Callable[[FloatArray, FloatArray, FloatArray], FloatArray]


# Scores take sources first, shape (k, sets): sums along a short last axis are several times slower in numpy.


def _ml_score(y: FloatArray, v: FloatArray, tau2: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Twice the derivative of the log-likelihood in tau², and twice its expected information."""
    w = 1.0 / (v + tau2)
    total = w.sum(axis=0)
    weighted_residual = w * (y - (w * y).sum(axis=0) / total)
    return np.asarray((weighted_residual**2).sum(axis=0) - total), np.asarray((w * w).sum(axis=0))


def _reml_score(y: FloatArray, v: FloatArray, tau2: FloatArray) -> tuple[FloatArray, FloatArray]:
    w = 1.0 / (v + tau2)
    w2 = w * w
    total, total2, total3 = w.sum(axis=0), w2.sum(axis=0), (w2 * w).sum(axis=0)
    weighted_residual = w * (y - (w * y).sum(axis=0) / total)
    # P = W - W11'W/1'W1: y'PPy, tr(P) and tr(PP) written out without the matrices.
    share = total2 / total
    score = (weighted_residual**2).sum(axis=0) - (total - share)
    return np.asarray(score), np.asarray(total2 - 2.0 * total3 / total + share**2)


def _maximise(y: FloatArray, v: FloatArray, start: FloatArray, score: _Score, likelihood: _LogLikelihood) -> Maximum:
    tau2, scale = start.copy(), typical_variance(v)
    moving = np.arange(tau2.size)
    moving_y, moving_v, now = np.ascontiguousarray(y.T), np.ascontiguousarray(v.T), start
    last, last_slope = np.full(tau2.size, np.nan), np.full(tau2.size, np.nan)
    for _ in range(SCORING_STEPS):
        slope, information = score(moving_y, moving_v, now)
        with np.errstate(divide="ignore", invalid="ignore"):
            proposed = np.maximum(now + slope / information, 0.0)
            secant = now - slope * (now - last) / (slope - last_slope)
        # Near a maximum a secant step replaces many scoring steps. It is taken where the score falls and it does not leap towards
        # zero, where another maximum may lie.
        falling = (slope - last_slope) * (now - last) < 0
        proposed = np.where(falling & (secant > 0.5 * now), secant, proposed)
        # Weights some 10^12 apart leave nothing of the information but rounding; such sets go to the search.
        lost = ~((information > 0) & np.isfinite(proposed))
        proposed = np.where(lost, now, proposed)
        tau2[moving] = proposed
        unsettled = lost | (np.abs(proposed - now) > TOLERANCE * (scale[moving] + proposed))
        moving, last, last_slope, now = moving[unsettled], now[unsettled], slope[unsettled], proposed[unsettled]
        if moving.size == 0:
            break
        moving_y, moving_v = moving_y[:, unsettled], moving_v[:, unsettled]
    searched = np.zeros(tau2.size, dtype=np.bool_)
    if moving.size:
        searched[moving] = True
        tau2[moving] = _search(y[moving], v[moving], scale[moving], score, likelihood)
    best = likelihood(y, v, tau2)
    # A maximum at a positive tau² may be a local one beside a higher boundary; metafor returns to zero then, too.
    boundary = likelihood(y, v, np.zeros(tau2.size))
    tau2 = np.where(boundary > best + 1e-10, 0.0, tau2)
    return Maximum(tau2, np.isfinite(best), searched)


def _search(y: FloatArray, v: FloatArray, scale: FloatArray, score: _Score, likelihood: _LogLikelihood) -> FloatArray:
    """The highest point of a grid from zero to beyond where a maximum can lie, and the root of the score between the points
    beside it."""
    top = y.shape[-1] * y.var(axis=-1, ddof=1) + scale
    steps = np.concatenate([[0.0], np.geomspace(1e-9, 1.0, GRID_POINTS - 1)])
    heights = np.stack([likelihood(y, v, top * step) for step in steps])
    at = heights.argmax(axis=0)
    low = top * steps[np.maximum(at - 1, 0)]
    high = top * steps[np.minimum(at + 1, GRID_POINTS - 1)]
    falling_from_zero = (at == 0) & (score(y.T, v.T, np.zeros(top.size))[0] <= 0)
    for _ in range(BISECTIONS):
        middle = 0.5 * (low + high)
        rising = score(y.T, v.T, middle)[0] > 0
        low, high = np.where(rising, middle, low), np.where(rising, high, middle)
    return np.where(falling_from_zero, 0.0, 0.5 * (low + high))
