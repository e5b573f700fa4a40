"""Whether small sources report larger effects: Egger's regression and Begg's rank correlation. Refused below ten sources, where
the tests cannot tell bias from chance (Sterne 2011, doi 10.1136/bmj.d4002)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from studygen.stats.moderators import fit_moderators

FEWEST = 10
"""Sources below which no small-study test is done."""


@dataclass(frozen=True, slots=True)
class NotDone:
    """A test that was not done, and why: a code whose sentence stands in the templates, with the number of sources and the
    number needed."""

    code: Literal["fewer_than_ten_sources", "equal_precision"]
    k: int
    needed: int = FEWEST


@dataclass(frozen=True, slots=True)
class Egger:
    """The regression of effects on their standard errors: `statistic` of the slope with `df` degrees of freedom (None: normal),
    and the effect extrapolated to a standard error of 0 with its interval."""

    k: int
    statistic: float
    df: int | None
    p: float
    limit: float
    lower: float
    upper: float


@dataclass(frozen=True, slots=True)
class Begg:
    """Kendall's rank correlation of standardised effects and variances; `exact` when its p value is."""

    k: int
    tau: float
    p: float
    exact: bool


def egger(y: npt.ArrayLike, v: npt.ArrayLike, level: float = 0.95) -> Egger | NotDone:
    """The classical test: least squares weighted by 1/v with a multiplicative dispersion (metafor's regtest with `model="lm"`).
    Source: Egger 1997, doi 10.1136/bmj.315.7109.629."""
    # A common-effect meta-regression with the Hartung-Knapp factor is weighted least squares.
    return egger_mixed(y, v, estimator="none", interval="hartung_knapp", level=level)


def egger_mixed(
    y: npt.ArrayLike, v: npt.ArrayLike, *, estimator: str, interval: str = "wald", level: float = 0.95
) -> Egger | NotDone:
    """The meta-regression on standard errors (metafor's regtest with `model="rma"`, its default)."""
    estimates, variances = np.asarray(y, dtype=np.float64), np.asarray(v, dtype=np.float64)
    refused = _refused(variances)
    if refused is not None:
        return refused
    fit = fit_moderators(estimates, variances, np.sqrt(variances), estimator=estimator, interval=interval, level=level)
    limits = (float(fit.coefficients[0]), float(fit.lower[0]), float(fit.upper[0]))
    return Egger(fit.k, float(fit.coefficients[1] / fit.se[1]), fit.qm_df[1], float(fit.p_values[1]), *limits)


def begg(y: npt.ArrayLike, v: npt.ArrayLike) -> Begg | NotDone:
    """Rank correlation of effects, standardised about the common effect, with their variances; p exact below fifty sources
    without ties, as R's cor.test. Source: Begg, Mazumdar 1994, doi 10.2307/2533446."""
    from scipy.stats import kendalltau

    estimates, variances = np.asarray(y, dtype=np.float64), np.asarray(v, dtype=np.float64)
    refused = _refused(variances)
    if refused is not None:
        return refused
    w = 1.0 / variances
    standardised = (estimates - (w * estimates).sum() / w.sum()) / np.sqrt(variances - 1.0 / w.sum())
    untied = all(np.unique(x).size == x.size for x in (standardised, variances))
    exact = untied and estimates.size < 50
    found = kendalltau(standardised, variances, method="exact" if exact else "asymptotic")
    return Begg(estimates.size, float(found.statistic), float(found.pvalue), exact)


def _refused(variances: npt.NDArray[np.float64]) -> NotDone | None:
    if variances.size < FEWEST:
        return NotDone("fewer_than_ten_sources", variances.size)
    if np.ptp(variances) == 0:
        return NotDone("equal_precision", variances.size)
    return None
