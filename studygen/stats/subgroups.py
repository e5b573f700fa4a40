"""Whether groups of sources differ: the pool of each group and the test between them, with one variance between sources for all
groups or one for each. The two answers differ; a plan must say which it takes."""

from __future__ import annotations

import math
from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from studygen.stats.distributions import FloatArray, chi_squared_tail, two_sided_t, two_sided_z
from studygen.stats.moderators import ModeratorFit, fit_moderators
from studygen.stats.pooling import INTERVALS, pool


@dataclass(frozen=True, slots=True)
class Subgroup:
    """One group's pool. With a single source and a variance of its own, tau² is 0 and the interval Wald's, for lack of others
    (`tau_squared_known` is False then)."""

    group: Hashable
    k: int
    estimate: float
    se: float
    lower: float
    upper: float
    tau_squared: float
    tau_squared_known: bool


@dataclass(frozen=True, slots=True)
class SubgroupTest:
    """The groups in order of first appearance, and the test between them: chi-squared with `df[0]` degrees of freedom, or F
    with both (common variance and a Student interval)."""

    groups: tuple[Subgroup, ...]
    statistic: float
    df: tuple[int, int | None]
    p: float
    common_tau_squared: bool
    converged: bool


def subgroup_test(
    y: npt.ArrayLike,
    v: npt.ArrayLike,
    groups: Sequence[Hashable],
    *,
    estimator: str,
    interval: str = "wald",
    level: float = 0.95,
    common_tau_squared: bool = True,
) -> SubgroupTest:
    """Pool the sources of each group and test whether the groups' effects are equal.

    With `common_tau_squared` this is the meta-regression on group membership (needs more sources than groups); else each group
    is pooled with its own tau² and the groups' estimates are compared by Q (Borenstein 2009, chapter 19). ValueError for fewer
    than two groups."""
    estimates, variances = np.asarray(y, dtype=np.float64), np.asarray(v, dtype=np.float64)
    names = list(dict.fromkeys(groups))
    if len(names) < 2 or len(groups) != estimates.size:
        raise ValueError("a subgroup test needs the group of every source, and at least two groups")
    members = np.array([[group == name for group in groups] for name in names])
    if common_tau_squared:
        fit = fit_moderators(
            estimates, variances, members[1:].T.astype(np.float64), estimator=estimator, interval=interval, level=level
        )
        return SubgroupTest(_from_fit(names, members, fit, interval, level), fit.qm, fit.qm_df, fit.qm_p, True, fit.converged)
    found = [
        _one_group(name, estimates[chosen], variances[chosen], estimator, interval, level)
        for name, chosen in zip(names, members, strict=True)
    ]
    parts = tuple(group for group, _ in found)
    w = np.array([1.0 / part.se**2 for part in parts])
    mu = np.array([part.estimate for part in parts])
    q = float((w * (mu - (w * mu).sum() / w.sum()) ** 2).sum())
    df = len(names) - 1
    return SubgroupTest(parts, q, (df, None), float(chi_squared_tail(np.asarray(q), df)), False, all(ok for _, ok in found))


def _from_fit(
    names: Sequence[Hashable], members: npt.NDArray[np.bool_], fit: ModeratorFit, interval: str, level: float
) -> tuple[Subgroup, ...]:
    quantile = two_sided_t(level, fit.qe_df) if INTERVALS[interval].student else two_sided_z(level)
    parts = []
    for index, (name, chosen) in enumerate(zip(names, members, strict=True)):
        row = np.zeros(len(names))
        row[0] = row[index] = 1.0
        estimate, se = float(row @ fit.coefficients), math.sqrt(float(row @ fit.covariance @ row))
        reach = quantile * se
        parts.append(Subgroup(name, int(chosen.sum()), estimate, se, estimate - reach, estimate + reach, fit.tau_squared, True))
    return tuple(parts)


def _one_group(
    name: Hashable, y: FloatArray, v: FloatArray, estimator: str, interval: str, level: float
) -> tuple[Subgroup, bool]:
    if y.size == 1:
        value, se = float(y[0]), math.sqrt(float(v[0]))
        reach = two_sided_z(level) * se
        return Subgroup(name, 1, value, se, value - reach, value + reach, 0.0, tau_squared_known=estimator == "none"), True
    pooled = pool(y, v, estimator=estimator, interval=interval, level=level)
    estimate, se, lower, upper, tau2 = (
        float(x) for x in (pooled.estimate, pooled.se, pooled.lower, pooled.upper, pooled.tau_squared)
    )
    return Subgroup(name, y.size, estimate, se, lower, upper, tau2, tau_squared_known=True), bool(pooled.converged)
