"""Pooling when some counts are masked: a suppressed count is one of the whole numbers from 1 to the threshold less one, and its
likelihood is the sum of their probabilities. Never a plug-in, never a source left out. For a common effect; the mixed models
take masked counts too, and `completions` gives the range of any other statistic.

Intervals are likelihood-based (a drop of half a chi-squared quantile), because with masked or few counts the likelihood is not a
parabola. With two groups the effect's likelihood is maximised over each source's own baseline; where all counts are known that
equals the exact conditional likelihood for rates, and the ordinary profile likelihood for risks and odds."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Literal

import numpy as np
import numpy.typing as npt

from studygen.stats.distributions import FloatArray, chi_squared_tail
from studygen.stats.partial_counts import CountRange, Family, PartialCount, PartialCounts, partial_counts
from studygen.stats.pool_fit import NoteCode, PoolFit, not_estimable
from studygen.stats.source_likelihoods import TwoGroupLikelihood

RatioMeasure = Literal["IRR", "RR", "OR"]
FAR = 40.0
"""Log rates, logits and log ratios are sought between minus and plus this."""
GOLDEN = (math.sqrt(5.0) - 1.0) / 2.0
GOLDEN_STEPS = 45
NEWTON_STEPS = 200
LONGEST_STEP = 4.0


def pool_masked_group(counts: Sequence[PartialCount], size: npt.ArrayLike, family: Family, level: float = 0.95) -> PoolFit:
    """A common rate (Poisson, log per person-year) or proportion (binomial, logit) from counts of which some are masked. Sources
    without size are left out with a note. When no source had an event, the estimate is minus infinity and the upper limit
    finite (likelihood-based, so lower than the exact one)."""
    kept, sizes, notes = _with_size([counts], [size])
    if not kept[0]:
        return not_estimable(0, level, *notes)
    data = partial_counts(kept[0], sizes[0], family)
    if data.any_masked:
        notes = (*notes, "counts_masked")
    if data.k == 1:
        notes = (*notes, "one_source")

    def log_likelihood(eta: float) -> float:
        return float(data.log_likelihood(np.full(data.k, eta)).value.sum())

    at_low = not data.high.any()
    at_high = family == "binomial" and bool((data.low >= data.size).all())
    return _likelihood_fit(log_likelihood, data.k, level, notes, _end(at_low, at_high), test_zero=False)


def pool_masked_ratio(
    measure: RatioMeasure,
    counts1: Sequence[PartialCount],
    size1: npt.ArrayLike,
    counts2: Sequence[PartialCount],
    size2: npt.ArrayLike,
    level: float = 0.95,
) -> PoolFit:
    """A common log rate ratio (sizes are person-years), log risk ratio or log odds ratio (persons) from two groups of which some
    counts are masked. A masked count is not zero: it carries information on the ratio, even where the other group has no event.

    Sources in which a group has no size, or neither group an event, carry none and are left out with a note. When all events lie
    in one group the estimate is infinite and one limit finite."""
    kept, sizes, notes = _with_size([counts1, counts2], [size1, size2])
    if not kept[0]:
        return not_estimable(0, level, *notes)
    family: Family = "poisson" if measure == "IRR" else "binomial"
    one, two = (partial_counts(c, s, family) for c, s in zip(kept, sizes, strict=True))
    useful = (one.high > 0) | (two.high > 0)
    if measure == "OR":
        useful &= (one.low < one.size) | (two.low < two.size)
    if not useful.any():
        nothing = not (one.high.any() or two.high.any())
        return not_estimable(0, level, *notes, "no_events" if nothing else "no_variation")
    if not useful.all():
        notes = (*notes, "sources_without_events")
    one, two = one.only(useful), two.only(useful)
    if one.any_masked or two.any_masked:
        notes = (*notes, "counts_masked")
    if one.k == 1:
        notes = (*notes, "one_source")
    full1, full2 = (measure == "OR" and bool((g.low >= g.size).all()) for g in (one, two))
    end = _end(at_low=not one.high.any() or full2, at_high=not two.high.any() or full1)
    profile = _risk_profile(one, two) if measure == "RR" else _linked_profile(one, two)
    return _likelihood_fit(profile, one.k, level, notes, end, test_zero=True)


def _linked_profile(one: PartialCounts, two: PartialCounts) -> Callable[[float], float]:
    """Rates or odds: linear predictors are baseline ± theta/2, concave in the baseline, which Newton steps find."""
    both = TwoGroupLikelihood(one, two)
    rough = both.baselines

    def profile(theta: float) -> float:
        baseline, effect = rough, np.full(both.k, theta)
        for _ in range(NEWTON_STEPS):
            at = both.surface(baseline, effect)
            step = np.clip(at.d1 / np.maximum(-at.d11, 1e-12), -LONGEST_STEP, LONGEST_STEP)
            baseline = np.clip(baseline + step, -FAR, FAR)
            if np.abs(step).max() < 1e-9:
                break
        return float(both.surface(baseline, effect).value.sum())

    return profile


def _risk_profile(one: PartialCounts, two: PartialCounts) -> Callable[[float], float]:
    """Risks: the larger of both is sought on the logit scale, the smaller follows from the ratio and stays below one."""

    def profile(theta: float) -> float:
        def at(larger: FloatArray) -> FloatArray:
            smaller = _scaled_logit(larger, -abs(theta))
            first, second = (larger, smaller) if theta >= 0 else (smaller, larger)
            return one.log_likelihood(first).value + two.log_likelihood(second).value

        return float(_largest(at, np.full(one.k, -FAR), np.full(one.k, FAR)).sum())

    return profile


def _scaled_logit(logit: FloatArray, log_factor: float) -> FloatArray:
    """The logit of a risk times a factor of at most one."""
    log_p = -np.logaddexp(0.0, -logit) + log_factor
    return np.asarray(log_p - np.log1p(-np.exp(np.minimum(log_p, -1e-16))))


def _largest(f: Callable[[FloatArray], FloatArray], low: FloatArray, high: FloatArray) -> FloatArray:
    """The largest value of each source's own one-peaked function between bounds: golden section, all sources at once."""
    a, b = low, high
    left, right = b - GOLDEN * (b - a), a + GOLDEN * (b - a)
    f_left, f_right = f(left), f(right)
    for _ in range(GOLDEN_STEPS):
        up = f_left < f_right
        a, b = np.where(up, left, a), np.where(up, b, right)
        left_new, right_new = b - GOLDEN * (b - a), a + GOLDEN * (b - a)
        probe = f(np.where(up, right_new, left_new))
        f_left, f_right = np.where(up, f_right, probe), np.where(up, probe, f_left)
        left, right = left_new, right_new
    return np.asarray(np.maximum(f_left, f_right))


def _end(at_low: bool, at_high: bool) -> int:
    return -1 if at_low else 1 if at_high else 0


def _likelihood_fit(
    log_likelihood: Callable[[float], float], k: int, level: float, notes: tuple[NoteCode, ...], end: int, test_zero: bool
) -> PoolFit:
    """Maximum, curvature and likelihood-based limits of a one-peaked function; `end` is -1 or 1 when it rises that way."""
    from scipy.optimize import brentq, minimize_scalar
    from scipy.special import chdtri

    drop = float(chdtri(1, 1.0 - level)) / 2
    if end:
        estimate, se = end * FAR, math.inf
        top = log_likelihood(estimate)
        notes = (*notes, "no_events_in_one_group" if test_zero else "no_events" if end < 0 else "no_variation", "at_boundary")
    else:
        grid = np.linspace(-FAR, FAR, 161)
        best = int(np.argmax([log_likelihood(float(x)) for x in grid]))
        bounds = (float(grid[max(best - 1, 0)]), float(grid[min(best + 1, grid.size - 1)]))
        found = minimize_scalar(lambda x: -log_likelihood(x), bounds=bounds, method="bounded", options={"xatol": 1e-11})
        estimate, top = float(found.x), -float(found.fun)
        h = 2e-3
        curvature = (log_likelihood(estimate + h) - 2 * top + log_likelihood(estimate - h)) / h**2
        se = 1.0 / math.sqrt(-curvature) if curvature < 0 else math.nan
        if not curvature < 0:
            notes = (*notes, "se_not_available")

    def fallen(x: float) -> float:
        return top - drop - log_likelihood(x)

    lower = float(brentq(fallen, -FAR, estimate, xtol=1e-10)) if fallen(-FAR) > 0 else -math.inf
    upper = float(brentq(fallen, estimate, FAR, xtol=1e-10)) if fallen(FAR) > 0 else math.inf
    p = float(chi_squared_tail(np.asarray(2 * max(0.0, top - log_likelihood(0.0))), 1)) if test_zero else math.nan
    return PoolFit(k, end * math.inf if end else estimate, se, lower, upper, p, level, notes)


def _with_size(
    counts: list[Sequence[PartialCount]], sizes: list[npt.ArrayLike]
) -> tuple[list[list[PartialCount]], list[FloatArray], tuple[NoteCode, ...]]:
    arrays = [np.atleast_1d(np.asarray(size, dtype=np.float64)) for size in sizes]
    if len({len(c) for c in counts} | {a.size for a in arrays}) > 1:
        raise ValueError("counts and sizes must be lists of the same length, one entry per source")
    kept = np.logical_and.reduce([a > 0 for a in arrays])
    for group, array in zip(counts, arrays, strict=True):
        if any(size == 0 and _lowest(count) > 0 for count, size in zip(group, array, strict=True)):
            raise ValueError("there are events without persons or person-time")
    rows = [[count for count, use in zip(group, kept, strict=True) if use] for group in counts]
    return rows, [a[kept] for a in arrays], () if kept.all() else ("sources_without_size",)


def _lowest(count: PartialCount) -> int:
    return count.lowest if isinstance(count, CountRange) else count
