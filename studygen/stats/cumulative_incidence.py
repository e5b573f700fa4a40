"""Cumulative incidence with competing events from risk tables of one or several registries (Aalen-Johansen). One minus
Kaplan-Meier would overstate it: persons who died of something else would be treated as if they could still have the event."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from studygen.stats.distributions import FloatArray, two_sided_z
from studygen.stats.risk_tables import RiskTable, add_up


@dataclass(frozen=True, slots=True)
class CumulativeIncidence:
    """Per time: the probability to have had the event of interest, its standard error and limits on the complementary log-log
    scale. Limits are NaN while no event has happened."""

    time: FloatArray
    estimate: FloatArray
    se: FloatArray
    lower: FloatArray
    upper: FloatArray
    level: float


def cumulative_incidence(tables: Sequence[RiskTable], level: float = 0.95) -> CumulativeIncidence:
    """Aalen-Johansen estimate from the registries' summed tables. The variance is the multinomial (Greenwood-type) one of the
    delta method, which without competing events is Greenwood's. Sources: Aalen, Johansen 1978; Marubini, Valsecchi 1995."""
    table = add_up(tables)
    n, d, other = table.at_risk, table.events, table.competing
    total = d + other
    with np.errstate(divide="ignore", invalid="ignore"):
        hazard = np.where(total > 0, total / n, 0.0)
        own = np.where(d > 0, d / n, 0.0)
    before = np.concatenate([[1.0], np.cumprod(1 - hazard)[:-1]])
    estimate = np.cumsum(before * own)
    variance = np.array([_variance(i, estimate, before, n, d, total) for i in range(n.size)])
    se = np.sqrt(np.maximum(variance, 0.0))
    with np.errstate(divide="ignore", invalid="ignore"):
        spread = two_sided_z(level) * se / ((1 - estimate) * np.abs(np.log1p(-estimate)))
        known = (estimate > 0) & (estimate < 1)
        lower = np.where(known, 1 - (1 - estimate) ** np.exp(-spread), np.nan)
        upper = np.where(known, 1 - (1 - estimate) ** np.exp(spread), np.nan)
    return CumulativeIncidence(table.time, np.asarray(estimate), np.asarray(se), lower, upper, level)


def _variance(i: int, estimate: FloatArray, before: FloatArray, n: FloatArray, d: FloatArray, total: FloatArray) -> float:
    """Marubini, Valsecchi 1995, equation 10.12: what is still to come at each earlier time, what came then, and both together."""
    past = slice(0, i + 1)
    gap = estimate[i] - estimate[past]
    n, d, total, before = n[past], d[past], total[past], before[past]
    with np.errstate(divide="ignore", invalid="ignore"):
        # With nobody left after a time nothing is to come: 0/0 counts as nothing.
        later = np.where((total > 0) & (n > total), gap**2 * total / (n * (n - total)), 0.0)
        then = np.where(d > 0, before**2 * (n - d) * d / n**3, 0.0)
        both = np.where(d > 0, gap * before * d / n**2, 0.0)
    return float(later.sum() + then.sum() - 2 * both.sum())
