"""Meta-regression: how effects change with properties of the sources (mixed-effects model, Berkey 1995), with the test of
moderators and the share of variance between sources that they explain. Conventions follow metafor's rma(mods = …)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from studygen.stats.between_variance import ESTIMATORS
from studygen.stats.distributions import (
    FloatArray,
    chi_squared_tail,
    f_tail,
    normal_two_sided_p,
    student_two_sided_p,
    two_sided_t,
    two_sided_z,
)
from studygen.stats.moderator_variance import RESIDUAL_ESTIMATORS, residual_q, typical_variance
from studygen.stats.pooling import INTERVALS


@dataclass(frozen=True, slots=True)
class ModeratorFit:
    """A fitted meta-regression. Arrays have one entry per coefficient, the intercept first. `qe` tests what heterogeneity is
    left, `qm` all moderators together: chi-squared with `qm_df[0]`, or F with both `qm_df` when the interval is Student's.
    `r_squared` in percent is None for a common effect, which has no variance to explain."""

    k: int
    coefficients: FloatArray
    covariance: FloatArray
    se: FloatArray
    lower: FloatArray
    upper: FloatArray
    p_values: FloatArray
    tau_squared: float
    converged: bool
    qe: float
    qe_df: int
    qe_p: float
    qm: float
    qm_df: tuple[int, int | None]
    qm_p: float
    i_squared: float
    h_squared: float
    r_squared: float | None


def fit_moderators(
    y: npt.ArrayLike,
    v: npt.ArrayLike,
    moderators: npt.ArrayLike,
    *,
    estimator: str,
    interval: str = "wald",
    level: float = 0.95,
) -> ModeratorFit:
    """Regress `y` (k,) on `moderators` (k,) or (k, m) and an intercept, weighted by 1/(v + tau²).

    ValueError unless there are more sources than coefficients and no moderator is constant or a combination of others."""
    estimates, variances = np.asarray(y, dtype=np.float64), np.asarray(v, dtype=np.float64)
    columns = np.asarray(moderators, dtype=np.float64).reshape(estimates.size, -1)
    x = np.column_stack([np.ones(estimates.size), columns])
    k, p = x.shape
    if k <= p:
        raise ValueError(f"{p} coefficients need at least {p + 1} sources, not {k}")
    if not np.isfinite(x).all() or np.linalg.matrix_rank(x - x.mean(axis=0) * (np.arange(p) > 0)) < p:
        raise ValueError("moderators must be finite, not constant and not combinations of each other")
    kind, df = INTERVALS[interval], k - p
    tau2, converged = RESIDUAL_ESTIMATORS[estimator](estimates, variances, x)
    w = 1.0 / (variances + tau2)
    inverse = np.linalg.inv(x.T @ (w[:, None] * x))
    beta = inverse @ (x.T @ (w * estimates))
    covariance = np.asarray(inverse * _scale(interval, residual_q(estimates, variances, x, tau2) / df), dtype=np.float64)
    se = np.sqrt(np.diag(covariance))
    statistic = beta / se
    quantile = two_sided_t(level, df) if kind.student else two_sided_z(level)
    m, qe = p - 1, residual_q(estimates, variances, x)
    wald = float(beta[1:] @ np.linalg.solve(covariance[1:, 1:], beta[1:]))
    typical = typical_variance(variances, x)
    common = estimator == "none"
    return ModeratorFit(
        k=k,
        coefficients=beta,
        covariance=covariance,
        se=se,
        lower=beta - quantile * se,
        upper=beta + quantile * se,
        p_values=student_two_sided_p(statistic, df) if kind.student else normal_two_sided_p(statistic),
        tau_squared=tau2,
        converged=converged,
        qe=qe,
        qe_df=df,
        qe_p=float(chi_squared_tail(np.asarray(qe), df)),
        qm=wald / m if kind.student else wald,
        qm_df=(m, df if kind.student else None),
        qm_p=f_tail(wald / m, m, df) if kind.student else float(chi_squared_tail(np.asarray(wald), m)),
        i_squared=(100.0 * max(0.0, (qe - df) / qe) if qe > 0 else 0.0) if common else 100.0 * tau2 / (tau2 + typical),
        h_squared=qe / df if common else tau2 / typical + 1.0,
        r_squared=None if common else _explained(estimates, variances, estimator, tau2),
    )


def _scale(interval: str, q: float) -> float:
    if interval == "hartung_knapp":
        return q
    return max(1.0, q) if interval == "hartung_knapp_truncated" else 1.0


def _explained(y: FloatArray, v: FloatArray, estimator: str, tau2: float) -> float:
    """R²: by how many percent tau² is smaller than without moderators, not below 0. Source: Raudenbush 2009; imprecise when
    there are few sources."""
    without = float(ESTIMATORS[estimator](y[None, :], v[None, :]).tau_squared[0])
    return 0.0 if without == 0 else max(0.0, 100.0 * (without - tau2) / without)
