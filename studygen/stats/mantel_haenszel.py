"""Mantel-Haenszel pooling of two groups: risk ratio, odds ratio, risk difference, rate ratio, rate difference; the test of
association and the tests whether odds ratios are equal. The method of choice for few events: nothing is added to a zero.

Conventions follow metafor's rma.mh with its defaults: 1/2 is added only to sources with a zero and only where each source needs
an estimate of its own (Q); sources without events (or with nothing but events) are left out of Q but stay in the pool, where
they weigh nothing in a ratio and pull a difference towards zero."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np

from studygen.stats.distributions import BoolArray, FloatArray
from studygen.stats.effects import (
    CONTINUITY,
    Effect,
    log_odds_ratio,
    log_rate_ratio,
    log_risk_ratio,
    rate_difference,
    risk_difference,
)
from studygen.stats.pool_fit import DOMINANT, ChiSquared, NoteCode, PoolFit, chi_squared, not_estimable, wald_fit
from studygen.stats.two_arms import TwoArms, informative

Measure = Literal["RR", "OR", "RD", "IRR", "IRD"]

RATIOS = ("RR", "OR", "IRR")
PERSON_TIME = ("IRR", "IRD")


@dataclass(frozen=True, slots=True)
class MantelHaenszel:
    """The pooled effect (log scale for ratios), Q of the sources' own effects around it, I² (percent) and H² from Q, and
    weights in percent in the order of the sources that have both groups."""

    fit: PoolFit
    q: ChiSquared
    i_squared: float
    h_squared: float
    weights: FloatArray


@dataclass(frozen=True, slots=True)
class _Sums:
    """Estimate, standard error and weights; the standard error is NaN where the estimate does not exist."""

    estimate: float
    se: float
    weights: FloatArray


def mantel_haenszel(measure: Measure, arms: TwoArms, level: float = 0.95) -> MantelHaenszel:
    """Pool by Mantel-Haenszel. Sizes are persons for RR, OR and RD, person-years for IRR and IRD (a difference is then per
    person-year). Sources: Greenland, Robins 1985 (RR, RD, rates); Robins, Breslow, Greenland 1986 (OR).

    Without any event, or with none in one group, a ratio is not estimable and a note says so; a difference without any event is
    zero without a standard error."""
    used, notes = informative(arms)
    if used.k == 0:
        return _without_numbers(not_estimable(0, level, "sources_without_size"), used)
    if measure in RATIOS:
        problem = _ratio_problem(measure, used)
        if problem:
            return _without_numbers(not_estimable(used.k, level, *notes, problem), used)
        if (~_has_information(measure, used)).any():
            notes = (*notes, "sources_without_events")
    sums = _SUMS[measure](used)
    if used.k == 1:
        notes = (*notes, "one_source")
    if not sums.se > 0:
        fit = PoolFit(used.k, sums.estimate, math.nan, math.nan, math.nan, math.nan, level, (*notes, "no_variation"))
        return _without_numbers(fit, used)
    weights = 100.0 * sums.weights / sums.weights.sum()
    if used.k > 1 and weights.max() >= DOMINANT:
        notes = (*notes, "one_dominant_source")
    q = _q(measure, used, sums.estimate)
    i2 = max(0.0, 100.0 * (q.statistic - q.df) / q.statistic) if q.statistic > 0 else (0.0 if q.df else math.nan)
    return MantelHaenszel(
        fit=wald_fit(used.k, sums.estimate, sums.se, level, notes),
        q=q,
        i_squared=i2,
        h_squared=q.statistic / q.df if q.df else math.nan,
        weights=np.asarray(weights),
    )


def association_test(arms: TwoArms, *, correct: bool = True, cochran: bool = False) -> ChiSquared:
    """The Cochran-Mantel-Haenszel test of no association in persons, with Yates' correction unless refused. `cochran` takes
    Cochran's variance (N³ instead of N²(N - 1)). Sources: Mantel, Haenszel 1959; Cochran 1954."""
    used, notes = informative(arms)
    total, events = used.total, used.events
    variance = used.size1 * used.size2 * events * (total - events) / (total**2 * (total if cochran else np.maximum(total - 1, 1)))
    return _one_df(used.events1 - used.size1 * events / total, variance, correct, notes)


def rate_association_test(arms: TwoArms, *, correct: bool = True) -> ChiSquared:
    """The Mantel-Haenszel test of equal rates in person-time. Source: Rothman, Greenland, Lash 2008, chapter 15."""
    used, notes = informative(arms)
    share = used.size1 / used.total
    return _one_df(used.events1 - used.events * share, used.events * share * (1 - share), correct, notes)


def breslow_day(arms: TwoArms, *, tarone: bool = True, odds_ratio: float | None = None) -> ChiSquared:
    """The test that all sources have one odds ratio: Breslow and Day's statistic around the Mantel-Haenszel odds ratio (or the
    one given), with Tarone's correction unless refused. Degrees of freedom: sources with information, less one. Sources:
    Breslow, Day 1980; Tarone 1985."""
    used, notes = informative(arms)
    psi = odds_ratio
    if psi is None:
        if used.k == 0 or _ratio_problem("OR", used):
            return ChiSquared(math.nan, 0, math.nan, (*notes, "no_events_in_one_group"))
        psi = math.exp(_odds_ratio(used).estimate)
    kept = (used.events > 0) & (used.events < used.total)
    t = used.only(kept)
    fitted = _fitted_events(psi, t)
    variance = 1.0 / (1 / fitted + 1 / (t.size1 - fitted) + 1 / (t.events - fitted) + 1 / (t.size2 - t.events + fitted))
    residual = t.events1 - fitted
    statistic = float((residual**2 / variance).sum())
    if tarone:
        statistic = max(0.0, statistic - float(residual.sum()) ** 2 / float(variance.sum()))
    return chi_squared(statistic, t.k - 1, *notes)


def _fitted_events(psi: float, t: TwoArms) -> FloatArray:
    """Events of group 1 expected under the odds ratio given the margins: the root of a quadratic equation."""
    if abs(psi - 1.0) < 1e-12:
        return np.asarray(t.size1 * t.events / t.total)
    a = psi * (t.size1 + t.events) + (t.size2 - t.events)
    root = np.sqrt(a**2 - 4 * t.size1 * t.events * psi * (psi - 1))
    return np.asarray((a - root) / (2 * (psi - 1)))


def _one_df(residual: FloatArray, variance: FloatArray, correct: bool, notes: tuple[NoteCode, ...]) -> ChiSquared:
    total = float(variance.sum())
    if total == 0:
        return ChiSquared(math.nan, 1, math.nan, (*notes, "no_variation"))
    # Unlike metafor, the correction never carries the difference past zero (which would make perfect balance look uneven).
    distance = max(0.0, abs(float(residual.sum())) - (0.5 if correct else 0.0))
    return chi_squared(distance**2 / total, 1, *notes)


def _has_information(measure: Measure, t: TwoArms) -> BoolArray:
    some = t.events > 0
    return np.asarray(some if measure in PERSON_TIME else some & (t.events < t.total))


def _ratio_problem(measure: Measure, t: TwoArms) -> NoteCode | None:
    if t.events.sum() == 0:
        return "no_events"
    if measure == "OR":
        one = float((t.events1 * (t.size2 - t.events2) / t.total).sum())
        two = float((t.events2 * (t.size1 - t.events1) / t.total).sum())
        if one == 0 and two == 0:
            return "no_variation"
        return "no_events_in_one_group" if one == 0 or two == 0 else None
    return "no_events_in_one_group" if t.events1.sum() == 0 or t.events2.sum() == 0 else None


def _risk_ratio(t: TwoArms) -> _Sums:
    a, n1, c, n2, n = t.events1, t.size1, t.events2, t.size2, t.total
    r, s = float((a * n2 / n).sum()), float((c * n1 / n).sum())
    variance = float((n1 * n2 * (a + c) / n**2 - a * c / n).sum()) / (r * s)
    return _Sums(math.log(r / s), _root(variance), c * n1 / n)


def _odds_ratio(t: TwoArms) -> _Sums:
    a, b, c, d, n = t.events1, t.size1 - t.events1, t.events2, t.size2 - t.events2, t.total
    p, q, r, s = (a + d) / n, (b + c) / n, a * d / n, b * c / n
    big_r, big_s = float(r.sum()), float(s.sum())
    variance = 0.5 * (
        float((p * r).sum()) / big_r**2 + float((p * s + q * r).sum()) / (big_r * big_s) + float((q * s).sum()) / big_s**2
    )
    return _Sums(math.log(big_r / big_s), _root(variance), s)


def _risk_difference(t: TwoArms) -> _Sums:
    a, n1, c, n2, n = t.events1, t.size1, t.events2, t.size2, t.total
    w = n1 * n2 / n
    value = float((a * n2 / n - c * n1 / n).sum() / w.sum())
    # Sato, Greenland, Robins 1989: valid for few large and many small sources alike
    p = float((c * (n1 / n) ** 2 - a * (n2 / n) ** 2 + n1 * n2 * (n2 - n1) / (2 * n**2)).sum())
    q = float((a * (n2 - c) / n + c * (n1 - a) / n).sum()) / 2
    return _Sums(value, _root((value * p + q) / float(w.sum()) ** 2), w)


def _rate_ratio(t: TwoArms) -> _Sums:
    a, t1, c, t2, total = t.events1, t.size1, t.events2, t.size2, t.total
    r, s = float((a * t2 / total).sum()), float((c * t1 / total).sum())
    variance = float((t1 * t2 * (a + c) / total**2).sum()) / (r * s)
    return _Sums(math.log(r / s), _root(variance), c * t1 / total)


def _rate_difference(t: TwoArms) -> _Sums:
    a, t1, c, t2 = t.events1, t.size1, t.events2, t.size2
    w = t1 * t2 / t.total
    value = float(((a * t2 - c * t1) / t.total).sum() / w.sum())
    variance = float((w**2 * (a / t1**2 + c / t2**2)).sum()) / float(w.sum()) ** 2
    return _Sums(value, _root(variance), w)


def _root(variance: float) -> float:
    return math.sqrt(variance) if variance > 0 else math.nan


_SUMS: dict[Measure, Callable[[TwoArms], _Sums]] = {
    "RR": _risk_ratio,
    "OR": _odds_ratio,
    "RD": _risk_difference,
    "IRR": _rate_ratio,
    "IRD": _rate_difference,
}


def _q(measure: Measure, t: TwoArms, centre: float) -> ChiSquared:
    kept = _has_information(measure, t)
    own = [_own_effect(measure, *row) for row in zip(t.events1, t.size1, t.events2, t.size2, strict=True)]
    usable = [effect for effect, use in zip(own, kept, strict=True) if use]
    statistic = sum((effect.value - centre) ** 2 / effect.variance for effect in usable)
    return chi_squared(float(statistic), len(usable) - 1)


def _own_effect(measure: Measure, a: float, size1: float, c: float, size2: float) -> Effect:
    if measure == "RR":
        return log_risk_ratio(a, size1, c, size2)
    if measure == "OR":
        return log_odds_ratio(a, size1, c, size2)
    if measure == "IRR":
        return log_rate_ratio(a, size1, c, size2)
    # For differences rma.mh adds 1/2 to the estimate as well, not only to the variance.
    h = CONTINUITY
    if measure == "RD":
        zero = 0 in (a, size1 - a, c, size2 - c)
        return risk_difference(a + h, size1 + 2 * h, c + h, size2 + 2 * h) if zero else risk_difference(a, size1, c, size2)
    return rate_difference(a + h, size1, c + h, size2) if 0 in (a, c) else rate_difference(a, size1, c, size2)


def _without_numbers(fit: PoolFit, t: TwoArms) -> MantelHaenszel:
    nothing = ChiSquared(math.nan, 0, math.nan, fit.notes)
    return MantelHaenszel(fit, nothing, math.nan, math.nan, np.full(t.k, np.nan))
