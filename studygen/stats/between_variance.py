"""The variance between sources (tau²) by several estimators, for many sets of sources in one call.

Every estimator takes estimates `y` and variances `v` of shape (sets, k) and returns `BetweenVariance` of shape (sets,). To add
one: a function and a line in `ESTIMATORS`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from studygen.stats.distributions import BoolArray, FloatArray
from studygen.stats.likelihood_variance import Maximum, maximise_likelihood, maximise_restricted_likelihood
from studygen.stats.weighted_sums import cochran_q, generalised_q_root


@dataclass(frozen=True, slots=True)
class BetweenVariance:
    """tau² of each set; whether it was found (closed forms always are); and whether a likelihood needed a bounded search after
    its scoring steps did not settle."""

    tau_squared: FloatArray
    converged: BoolArray
    searched: BoolArray


def none(y: FloatArray, v: FloatArray) -> BetweenVariance:
    """No variance between sources: the common-effect model."""
    del v
    return _closed(np.zeros(y.shape[0]))


def dersimonian_laird(y: FloatArray, v: FloatArray) -> BetweenVariance:
    """The moment estimator of DerSimonian, Laird 1986, not below zero."""
    w = 1.0 / v
    total = w.sum(axis=-1)
    c = total - (w**2).sum(axis=-1) / total
    return _closed((cochran_q(y, v) - (y.shape[-1] - 1)) / c)


def hedges(y: FloatArray, v: FloatArray) -> BetweenVariance:
    """The unweighted moment estimator of Hedges 1983, not below zero; likelihoods start from it."""
    return _closed(y.var(axis=-1, ddof=1) - v.mean(axis=-1))


def hunter_schmidt(y: FloatArray, v: FloatArray) -> BetweenVariance:
    """(Q - k) over the sum of weights, not below zero. Source: Schmidt, Hunter 2004; Viechtbauer 2005. Biased downwards when
    there are few sources; metafor's "HS", without its small-sample correction."""
    return _closed((cochran_q(y, v) - y.shape[-1]) / (1.0 / v).sum(axis=-1))


def sidik_jonkman(y: FloatArray, v: FloatArray) -> BetweenVariance:
    """The model error variance estimator of Sidik, Jonkman 2005, from the variance of `y` with divisor k. Above zero whenever
    two estimates differ."""
    first = y.var(axis=-1)
    return _closed(first * cochran_q(y, v, first) / (y.shape[-1] - 1))


def paule_mandel(y: FloatArray, v: FloatArray) -> BetweenVariance:
    """tau² for which the generalised Q equals k - 1; zero when Q is already below. Source: Paule, Mandel 1982. The empirical
    Bayes estimator of Morris 1983 solves the same equation."""
    tau2, found = generalised_q_root(y, v, y.shape[-1] - 1)
    return BetweenVariance(tau2, found, np.zeros(tau2.shape, dtype=np.bool_))


def maximum_likelihood(y: FloatArray, v: FloatArray) -> BetweenVariance:
    """Maximum likelihood, not below zero. Source: Viechtbauer 2005. Biased downwards when there are few sources."""
    return _maximum(maximise_likelihood(y, v, hedges(y, v).tau_squared))


def restricted_maximum_likelihood(y: FloatArray, v: FloatArray) -> BetweenVariance:
    """Restricted maximum likelihood, not below zero. Source: Viechtbauer 2005."""
    return _maximum(maximise_restricted_likelihood(y, v, hedges(y, v).tau_squared))


def _closed(tau2: FloatArray) -> BetweenVariance:
    """Clipped at zero, with nothing that could fail to converge."""
    return BetweenVariance(np.maximum(tau2, 0.0), np.ones(tau2.shape, dtype=np.bool_), np.zeros(tau2.shape, dtype=np.bool_))


def _maximum(found: Maximum) -> BetweenVariance:
    return BetweenVariance(found.tau_squared, found.converged, found.searched)


ESTIMATORS: dict[str, Callable[[FloatArray, FloatArray], BetweenVariance]] = {
    "none": none,
    "dl": dersimonian_laird,
    "pm": paule_mandel,
    "reml": restricted_maximum_likelihood,
    "ml": maximum_likelihood,
    "eb": paule_mandel,
    "sj": sidik_jonkman,
    "he": hedges,
    "hs": hunter_schmidt,
}
"""Every estimator a plan may name."""
