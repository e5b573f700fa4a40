"""Peto's one-step odds ratio for rare events: observed less expected over the hypergeometric variance. Conventions of metafor's
rma.peto. Biased when groups are of very different size or the effect is large; plans should name it beside another method."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from studygen.stats.distributions import FloatArray
from studygen.stats.pool_fit import DOMINANT, ChiSquared, NoteCode, PoolFit, chi_squared, not_estimable, wald_fit
from studygen.stats.two_arms import TwoArms, informative


@dataclass(frozen=True, slots=True)
class Peto:
    """The pooled log odds ratio, Q among the sources with information, I² (percent) and H² from Q, weights in percent in the
    order of the sources that have both groups (0 for a source without information)."""

    fit: PoolFit
    q: ChiSquared
    i_squared: float
    h_squared: float
    weights: FloatArray


def peto(arms: TwoArms, level: float = 0.95) -> Peto:
    """Pool by Peto's method; sizes are persons. Source: Yusuf, Peto, Lewis, Collins, Sleight 1985. Sources without events, or
    with nothing but events, carry no information; when all do so, nothing is estimable and a note says so."""
    t, notes = informative(arms)
    n, events = t.total, t.events
    expected = events * t.size1 / n
    variance = events * (n - events) * (t.size1 / n) * (t.size2 / n) / np.maximum(n - 1, 1)
    total = float(variance.sum())
    if total == 0:
        reason: NoteCode = "sources_without_size" if t.k == 0 else "no_events" if events.sum() == 0 else "no_variation"
        fit = not_estimable(t.k, level, reason)
        return Peto(fit, ChiSquared(math.nan, 0, math.nan, fit.notes), math.nan, math.nan, np.full(t.k, np.nan))
    kept = variance > 0
    residual = t.events1 - expected
    q = max(0.0, float((residual[kept] ** 2 / variance[kept]).sum()) - float(residual[kept].sum()) ** 2 / total)
    df = int(kept.sum()) - 1
    weights = 100.0 * variance / total
    if not kept.all():
        notes = (*notes, "sources_without_events")
    if df == 0:
        notes = (*notes, "one_source")
    elif weights.max() >= DOMINANT:
        notes = (*notes, "one_dominant_source")
    i2 = (max(0.0, 100.0 * (q - df) / q) if q > 0 else 0.0) if df else math.nan
    fit = wald_fit(t.k, float(residual.sum()) / total, 1.0 / math.sqrt(total), level, notes)
    return Peto(fit, chi_squared(q, df), i2, q / df if df else math.nan, np.asarray(weights))
