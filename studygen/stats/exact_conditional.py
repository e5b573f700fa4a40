"""Exact pooling for few events: given each source's margins, the events of group 1 follow a distribution of one parameter, the
common log rate ratio (binomial) or log odds ratio (noncentral hypergeometric). No normal approximation, nothing added to zeros,
no weight for sources without events. For a common effect only; `mixed_models` lets effects differ.

Both conditional distributions are of the form P(x) proportional to weight(x) exp(x theta), and so is their sum over sources;
the pool's distribution is the convolution of the sources'."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np

from studygen.stats.distributions import FloatArray, chi_squared_tail
from studygen.stats.pool_fit import NoteCode, PoolFit, not_estimable
from studygen.stats.two_arms import TwoArms, informative

ExactInterval = Literal["exact", "mid_p", "profile"]

STEEPEST = 60.0
"""Log ratios are sought between minus and plus this."""


@dataclass(frozen=True, slots=True)
class ConditionalSource:
    """One source's conditional distribution: events of group 1 may be `first`, `first` + 1, …; `log_weight` for each (at a log
    ratio of zero, up to a constant); `observed` events."""

    first: int
    log_weight: FloatArray
    observed: int

    def log_likelihood(self, theta: FloatArray) -> FloatArray:
        """The conditional log-likelihood at each log ratio."""
        from scipy.special import logsumexp

        x = self.first + np.arange(self.log_weight.size)
        norm = logsumexp(self.log_weight + theta[..., None] * x, axis=-1)
        return np.asarray(self.log_weight[self.observed - self.first] + theta * self.observed - norm)


def rate_sources(arms: TwoArms) -> tuple[ConditionalSource, ...]:
    """Events of group 1 given the events of both, person-years as sizes: binomial. Counts must be whole."""
    return tuple(
        ConditionalSource(0, _log_choose(x1 + x2, np.arange(x1 + x2 + 1)) + np.arange(x1 + x2 + 1) * math.log(t1 / t2), x1)
        for x1, t1, x2, t2 in _whole(arms)
    )


def odds_sources(arms: TwoArms) -> tuple[ConditionalSource, ...]:
    """Events of group 1 given all margins of the 2x2 table, persons as sizes: noncentral hypergeometric."""
    sources = []
    for x1, n1, x2, n2 in _whole(arms):
        first, last = max(0, x1 + x2 - int(n2)), min(int(n1), x1 + x2)
        x = np.arange(first, last + 1)
        sources.append(ConditionalSource(first, _log_choose(n1, x) + _log_choose(n2, x1 + x2 - x), x1))
    return tuple(sources)


def exact_rate_ratio(arms: TwoArms, level: float = 0.95, interval: ExactInterval = "exact") -> PoolFit:
    """The common log rate ratio by the exact conditional Poisson likelihood; sizes are person-years. See `exact_pool`.
    Source: Breslow, Day 1987; one source gives R's poisson.test for two groups."""
    used, notes = informative(arms)
    return exact_pool(rate_sources(used), level, interval, notes)


def exact_odds_ratio(arms: TwoArms, level: float = 0.95, interval: ExactInterval = "exact") -> PoolFit:
    """The common log odds ratio by the exact conditional likelihood (Fisher); sizes are persons. See `exact_pool`. Source:
    Gart 1970; Mehta, Patel, Gray 1985; R's mantelhaen.test(exact = TRUE)."""
    used, notes = informative(arms)
    return exact_pool(odds_sources(used), level, interval, notes)


def exact_pool(
    sources: tuple[ConditionalSource, ...],
    level: float = 0.95,
    interval: ExactInterval = "exact",
    notes: tuple[NoteCode, ...] = (),
) -> PoolFit:
    """Conditional maximum likelihood with the standard error from the information, and an interval: `exact` (both tails at most
    (1 - level)/2, like Clopper and Pearson), `mid_p` (half of the observed point's probability), or `profile` (likelihood
    ratio). The p value belongs to the interval: twice the smaller tail, or the likelihood ratio test.

    When no source lets the events fall on both groups, nothing is estimable. When all events fall on one group the estimate is
    infinite, its standard error too, one limit finite, and a note says so."""
    informative_sources = [s for s in sources if s.log_weight.size > 1]
    k = len(informative_sources)
    if k == 0:
        no_events = all(s.observed == 0 for s in sources)
        reason: NoteCode = "no_events" if no_events else "no_variation"
        return not_estimable(0, level, *notes, reason if sources else "sources_without_size")
    if k < len(sources):
        notes = (*notes, "sources_without_events")
    if k == 1:
        notes = (*notes, "one_source")
    pooled = _convolved(informative_sources)
    at_low, at_high = pooled.observed == pooled.first, pooled.observed == pooled.first + pooled.log_weight.size - 1
    if at_low or at_high:
        estimate, se = (-math.inf if at_low else math.inf), math.inf
        notes = (*notes, "no_events_in_one_group", "at_boundary")
    else:
        estimate = _root(lambda theta: _moments(pooled, theta)[0] - pooled.observed)
        se = 1.0 / math.sqrt(_moments(pooled, estimate)[1])
    alpha = 1.0 - level
    if interval == "profile":
        lower, upper, p = _profile_limits(pooled, estimate, alpha)
    else:
        part = 0.5 if interval == "mid_p" else 1.0
        lower = -math.inf if at_low else _root(lambda theta: _tails(pooled, theta, part)[1] - alpha / 2)
        upper = math.inf if at_high else _root(lambda theta: alpha / 2 - _tails(pooled, theta, part)[0])
        p = min(1.0, 2.0 * min(_tails(pooled, 0.0, part)))
    return PoolFit(k, estimate, se, lower, upper, p, level, notes)


def _whole(arms: TwoArms) -> list[tuple[int, float, int, float]]:
    if not (np.equal(np.mod(arms.events1, 1), 0).all() and np.equal(np.mod(arms.events2, 1), 0).all()):
        raise ValueError("exact methods need whole numbers of events")
    return [
        (int(a), float(s1), int(c), float(s2))
        for a, s1, c, s2 in zip(arms.events1, arms.size1, arms.events2, arms.size2, strict=True)
    ]


def _log_choose(n: float, x: FloatArray | np.ndarray[tuple[int], np.dtype[np.int64]]) -> FloatArray:
    from scipy.special import gammaln

    return np.asarray(gammaln(n + 1) - gammaln(x + 1) - gammaln(n - x + 1))


def _convolved(sources: list[ConditionalSource]) -> ConditionalSource:
    """The distribution of the sum. It is convolved near its own maximum, so that no weight that matters is lost to underflow,
    and brought back to a log ratio of zero."""
    first, observed = sum(s.first for s in sources), sum(s.observed for s in sources)
    last = first + sum(s.log_weight.size - 1 for s in sources)
    # Aim at the observed sum, half an event inside where it is at the limit of its range.
    aim = min(max(float(observed), first + 0.5), last - 0.5)
    tilt = _root(lambda theta: sum(_moments(s, theta)[0] for s in sources) - aim)
    density = np.array([1.0])
    for s in sources:
        density = np.convolve(density, np.exp(_log_density(s, tilt)))
    x = first + np.arange(density.size)
    with np.errstate(divide="ignore"):
        return ConditionalSource(first, np.asarray(np.log(density) - tilt * x), observed)


def _log_density(s: ConditionalSource, theta: float) -> FloatArray:
    from scipy.special import logsumexp

    terms = s.log_weight + theta * (s.first + np.arange(s.log_weight.size))
    return np.asarray(terms - logsumexp(terms))


def _moments(s: ConditionalSource, theta: float) -> tuple[float, float]:
    density = np.exp(_log_density(s, theta))
    x = s.first + np.arange(density.size)
    mean = float((density * x).sum())
    return mean, float((density * (x - mean) ** 2).sum())


def _tails(s: ConditionalSource, theta: float, part: float) -> tuple[float, float]:
    """P(X <= observed) and P(X >= observed), counting `part` of the probability of the observed point."""
    density = np.exp(_log_density(s, theta))
    here = s.observed - s.first
    return float(density[:here].sum() + part * density[here]), float(density[here + 1 :].sum() + part * density[here])


def _profile_limits(s: ConditionalSource, estimate: float, alpha: float) -> tuple[float, float, float]:
    from scipy.special import chdtri

    drop = float(chdtri(1, alpha)) / 2
    here = s.observed - s.first

    def log_likelihood(theta: float) -> float:
        return float(_log_density(s, theta)[here])

    # At an infinite estimate the likelihood rises to one.
    top = log_likelihood(estimate) if math.isfinite(estimate) else 0.0
    middle = min(max(estimate, -STEEPEST), STEEPEST)

    def below_top(theta: float) -> float:
        return top - log_likelihood(theta) - drop

    lower = -math.inf if estimate == -math.inf else _root(below_top, -STEEPEST, middle)
    upper = math.inf if estimate == math.inf else _root(below_top, middle, STEEPEST)
    p = float(chi_squared_tail(np.asarray(2 * max(0.0, top - log_likelihood(0.0))), 1))
    return lower, upper, p


def _root(f: Callable[[float], float], low: float = -STEEPEST, high: float = STEEPEST) -> float:
    from scipy.optimize import brentq

    return float(brentq(f, low, high, xtol=1e-13, rtol=8.9e-16, maxiter=500))
