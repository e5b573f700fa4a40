"""Intervals for the variance between sources: Q-profile (many sets in one call) and profile likelihood; and the intervals of I²
and H² that follow from them. Limits are searched as far as they lie; the search has no upper bound, unlike metafor's 100."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np

from studygen.stats.between_variance import ESTIMATORS
from studygen.stats.distributions import BoolArray, FloatArray, chi_squared_quantile
from studygen.stats.likelihood_variance import log_likelihood, restricted_log_likelihood
from studygen.stats.weighted_sums import cochran_q, generalised_q_root, typical_variance

DOUBLINGS = 200
"""Steps of the search for a point beyond the upper limit of a profile likelihood; 2^200 typical variances are not reached."""


@dataclass(frozen=True, slots=True)
class TauSquaredInterval:
    """Limits of tau² of each set, shapes (sets,). `empty` where even tau² = 0 is rejected from below: the estimates agree
    better than their variances allow, and both limits are 0, as in metafor. `converged` is False where a limit was not
    found."""

    lower: FloatArray
    upper: FloatArray
    empty: BoolArray
    converged: BoolArray


def q_profile(y: FloatArray, v: FloatArray, level: float = 0.95) -> TauSquaredInterval:
    """All tau² at which the generalised Q lies between its chi-squared quantiles; at least two sources. Exact when the
    variances are known, whatever estimator tau² has. Source: Viechtbauer 2007, doi 10.1002/sim.2514."""
    tail, df = (1.0 - level) / 2.0, y.shape[-1] - 1
    lower, lower_found = generalised_q_root(y, v, chi_squared_quantile(1.0 - tail, df))
    upper, upper_found = generalised_q_root(y, v, chi_squared_quantile(tail, df))
    return TauSquaredInterval(lower, upper, cochran_q(y, v) < chi_squared_quantile(tail, df), lower_found & upper_found)


def profile_likelihood(y: FloatArray, v: FloatArray, estimator: Literal["ml", "reml"], level: float = 0.95) -> TauSquaredInterval:
    """All tau² whose (restricted) log-likelihood is less than half a chi-squared quantile below its maximum. Sets are
    searched one after another. Source: Hardy, Thompson 1996, doi
    10.1002/(SICI)1097-0258(19960330)15:6<619::AID-SIM188>3.0.CO;2-A."""
    likelihood = log_likelihood if estimator == "ml" else restricted_log_likelihood
    drop = 0.5 * chi_squared_quantile(level, 1)
    best = ESTIMATORS[estimator](y, v)
    peaks = best.tau_squared
    scales = typical_variance(v)
    limits = np.empty((2, peaks.size))
    found = best.converged.copy()
    for index, peak in enumerate(peaks):
        one_y, one_v = y[index : index + 1], v[index : index + 1]
        height = float(likelihood(one_y, one_v, peaks[index : index + 1])[0])

        def above(tau2: float, y: FloatArray = one_y, v: FloatArray = one_v, height: float = height) -> float:
            return float(likelihood(y, v, np.array([tau2]))[0]) - height + drop

        limits[0, index] = 0.0 if above(0.0) >= 0 else _root(above, 0.0, float(peak))
        beyond = 2.0 * float(peak) + float(scales[index])
        for _ in range(DOUBLINGS):
            if above(beyond) < 0:
                limits[1, index] = _root(above, float(peak), beyond)
                break
            beyond *= 2.0
        else:
            limits[1, index], found[index] = np.inf, False
    return TauSquaredInterval(limits[0], limits[1], np.zeros(peaks.size, dtype=np.bool_), found)


def i_squared_limits(interval: TauSquaredInterval, v: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Limits of I² in percent that go with limits of tau²."""
    typical = typical_variance(v)
    with np.errstate(invalid="ignore"):
        upper = np.where(np.isinf(interval.upper), 100.0, 100.0 * interval.upper / (interval.upper + typical))
    return 100.0 * interval.lower / (interval.lower + typical), np.asarray(upper)


def h_squared_limits(interval: TauSquaredInterval, v: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Limits of H² that go with limits of tau²."""
    typical = typical_variance(v)
    return interval.lower / typical + 1.0, interval.upper / typical + 1.0


def _root(function: Callable[[float], float], low: float, high: float) -> float:
    from scipy.optimize import brentq

    return float(brentq(function, low, high, xtol=1e-14 * max(high, 1e-300), rtol=1e-14, maxiter=500))
