"""The weighted sums under every pool: weighted mean, Cochran's Q and its generalised form with its root in tau², typical
variance. For many sets of sources in one call: estimates `y` and variances `v` have shape (sets, k)."""

from __future__ import annotations

import numpy as np

from studygen.stats.distributions import BoolArray, FloatArray

ROOT_STEPS = 200
ROOT_TOLERANCE = 1e-10
"""Relative to the typical within-source variance plus tau²."""


def weighted_mean(y: FloatArray, w: FloatArray) -> FloatArray:
    """The weighted mean of each set, shape (sets, 1)."""
    return np.asarray((w * y).sum(axis=-1, keepdims=True) / w.sum(axis=-1, keepdims=True))


def cochran_q(y: FloatArray, v: FloatArray, tau_squared: FloatArray | float = 0.0) -> FloatArray:
    """Cochran's Q of each set; with `tau_squared` (shape (sets,)) the generalised Q."""
    w = 1.0 / (v + np.expand_dims(np.asarray(tau_squared, dtype=np.float64), -1))
    return np.asarray((w * (y - weighted_mean(y, w)) ** 2).sum(axis=-1))


def typical_variance(v: FloatArray) -> FloatArray:
    """The "typical" within-source variance of each set. Source: Higgins, Thompson 2002, equation 9."""
    # Relative weights first: squares of 1/v alone would leave the range of a float for extreme variances.
    smallest = v.min(axis=-1, keepdims=True)
    w = smallest / v
    total = w.sum(axis=-1)
    return np.asarray((v.shape[-1] - 1) * smallest[..., 0] * total / (total**2 - (w**2).sum(axis=-1)))


def generalised_q_root(y: FloatArray, v: FloatArray, target: float) -> tuple[FloatArray, BoolArray]:
    """The tau² of each set for which the generalised Q equals `target`, zero where Q is already below, and whether it was
    found.

    The generalised Q is convex and decreasing in tau², so Newton steps from zero rise to the root and cannot pass it."""
    tau2 = np.zeros(y.shape[0])
    scale = typical_variance(v)
    active = cochran_q(y, v) > target
    for _ in range(ROOT_STEPS):
        if not active.any():
            break
        w = 1.0 / (v[active] + tau2[active, None])
        residual2 = (y[active] - weighted_mean(y[active], w)) ** 2
        step = ((w * residual2).sum(axis=-1) - target) / (w**2 * residual2).sum(axis=-1)
        tau2[active] += step
        active[active] = np.abs(step) > ROOT_TOLERANCE * (scale[active] + tau2[active])
    return tau2, ~active
