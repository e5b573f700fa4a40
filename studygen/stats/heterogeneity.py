"""How much sources differ: Q with its test, I² and H².

Two definitions of I² and H² are in use and agree only for DerSimonian-Laird. As in metafor, they follow the model here: a
common-effect model takes them from Q; a random-effects model from its tau² and the typical variance, so that I² and tau² of
one model tell the same story."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from studygen.stats.distributions import FloatArray, chi_squared_tail
from studygen.stats.weighted_sums import cochran_q, typical_variance


@dataclass(frozen=True, slots=True)
class Heterogeneity:
    """Per set: Cochran's Q, its degrees of freedom and p value; I² in percent; H². NaN where k = 1."""

    q: FloatArray
    df: int
    p: FloatArray
    i_squared: FloatArray
    h_squared: FloatArray


def heterogeneity(y: FloatArray, v: FloatArray, tau_squared: FloatArray | None = None) -> Heterogeneity:
    """Heterogeneity of each set (shape (sets, k)); with `tau_squared` of a random-effects model I² and H² are taken from it.
    Source: Higgins, Thompson 2002."""
    df = y.shape[-1] - 1
    q = cochran_q(y, v)
    if df == 0:
        unknown = np.full(q.shape, np.nan)
        return Heterogeneity(q, df, unknown, unknown, unknown)
    p = chi_squared_tail(q, df)
    if tau_squared is None:
        with np.errstate(divide="ignore", invalid="ignore"):
            i2 = np.where(q > 0, np.maximum(0.0, 100.0 * (q - df) / q), 0.0)
        return Heterogeneity(q, df, p, np.asarray(i2), np.asarray(q / df))
    typical = typical_variance(v)
    return Heterogeneity(q, df, p, 100.0 * tau_squared / (tau_squared + typical), tau_squared / typical + 1.0)
