"""Prediction intervals: where the true effect of a new source would lie. Variants in use differ in their quantile alone, so a
document must name the one it shows."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from studygen.stats.distributions import FloatArray, two_sided_t, two_sided_z
from studygen.stats.pooling import INTERVALS, Pooled


def _normal(k: int, level: float) -> float:
    del k
    return two_sided_z(level)


def _student(k: int, level: float) -> float:
    return two_sided_t(level, k - 1)


def _riley(k: int, level: float) -> float:
    if k < 3:
        raise ValueError("a prediction interval with k - 2 degrees of freedom needs at least three sources")
    return two_sided_t(level, k - 2)


PREDICTIONS: dict[str, Callable[[int, float], float]] = {
    "z": _normal,
    "t": _student,
    "riley": _riley,
}
"""The quantile of each variant, from the number of sources and the level: `z` normal (metafor with `test="z"`); `t` Student
with k - 1 degrees of freedom (metafor with t or Hartung-Knapp; meta's "V"); `riley` with k - 2 (Higgins 2009, Riley 2011;
metafor's `predtype="riley"`, meta's "HTS"). metafor takes 1 degree of freedom for `riley` with two sources; here that is
refused."""


def variant_of(interval: str) -> str:
    """The variant that is shown beside a model's kind of interval: `t` beside one with Student's quantile; `riley` beside Wald,
    where metafor's `z` would take the variance between few sources as known."""
    return "t" if INTERVALS[interval].student else "riley"


def shown_prediction(pooled: Pooled, interval: str, level: float = 0.95) -> tuple[float, float] | None:
    """The prediction interval of the variant that is shown; None with fewer than three sources, which say nothing of a further
    one."""
    if pooled.k < 3:
        return None
    lower, upper = prediction_interval(pooled, variant_of(interval), level)
    return float(lower), float(upper)


def prediction_interval(pooled: Pooled, variant: str, level: float = 0.95) -> tuple[FloatArray, FloatArray]:
    """mu ± c sqrt(tau² + se²) with the standard error of the pool's own interval. ValueError for `riley` with fewer than three
    sources. A common effect has tau² = 0 and no sensible prediction interval; do not ask for one."""
    reach = PREDICTIONS[variant](pooled.k, level) * np.sqrt(pooled.tau_squared + pooled.se**2)
    return np.asarray(pooled.estimate - reach), np.asarray(pooled.estimate + reach)
