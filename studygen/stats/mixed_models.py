"""Generalised linear mixed models for rare events, by maximum likelihood: the counts' own distribution within sources and a
normal distribution of the effect between them, instead of a normal approximation on both levels. Counts may be masked.

Models as in metafor's rma.glmm (its names in brackets): single rates and proportions (IRLN, PLO); two groups with a baseline of
their own in each source (UM.FS), with normally distributed baselines (UM.RS), or conditional on the margins (CM.EL), which needs
no baseline. Standard errors come from the full information matrix, the variance between sources included, as in lme4; where
tau² is estimated as zero, from the common-effect model. Intervals are Wald intervals, as metafor's.

Divergences: 41 quadrature points (rma.glmm: 7; UM.RS: 5 x 5 against Laplace's single point); metafor's CM.EL for odds ratios
takes the information in log(tau²), we in tau, which differs when tau² is near zero."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from studygen.stats.distributions import FloatArray, two_sided_t
from studygen.stats.exact_conditional import ConditionalSource
from studygen.stats.partial_counts import PartialCounts
from studygen.stats.pool_fit import NoteCode, PoolFit, not_estimable, wald_fit
from studygen.stats.quadrature import POINTS, integrate
from studygen.stats.source_likelihoods import ConditionalLikelihood, SourceLikelihood, TwoGroupLikelihood

Baseline = Literal["fixed", "random"]

STARTS = (0.1, 0.5, 1.5)
"""Values of tau from which the search starts; a likelihood in tau may have two peaks."""
FLATTER_THAN = 1e-8
"""A random-effects log-likelihood that exceeds the common-effect one by less counts as tau² = 0."""
GRADIENT_TOLERANCE = 1e-4


@dataclass(frozen=True, slots=True)
class MixedFit:
    """The pooled effect, tau² between sources (of the effect), `sigma_squared` between baselines (random baselines only, else
    NaN), the maximised log-likelihood, the prediction interval mu ± t(k - 2) sqrt(tau² + se²) (NaN below three sources), and
    whether the search converged."""

    fit: PoolFit
    tau_squared: float
    sigma_squared: float
    log_likelihood: float
    prediction_lower: float
    prediction_upper: float
    converged: bool


def mixed_single_group(counts: PartialCounts, level: float = 0.95, *, random: bool = True, points: int = POINTS) -> MixedFit:
    """Pool rates (Poisson, log rate per person-year) or proportions (binomial, logit) of single groups. `random=False` gives the
    common-effect model. Source: Stijnen, Hamza, Özdemir 2010."""
    if not counts.high.any():
        return _without_numbers(not_estimable(counts.k, level, "no_events"))
    if counts.family == "binomial" and (counts.low >= counts.size).all():
        return _without_numbers(not_estimable(counts.k, level, "no_variation"))
    notes: tuple[NoteCode, ...] = ("counts_masked",) if counts.any_masked else ()
    middle = (counts.low + counts.high) / 2
    share = (middle.sum() + 0.5) / (counts.size.sum() + 1.0)
    start = math.log(share) if counts.family == "poisson" else math.log(share / (1.0 - share))
    fitted = _fit_separate(counts.log_likelihood, counts.k, start, level, random, points, notes)
    return replace(fitted, fit=replace(fitted.fit, p=math.nan))


def mixed_conditional(
    sources: tuple[ConditionalSource, ...], level: float = 0.95, *, random: bool = True, points: int = POINTS
) -> MixedFit:
    """Pool log rate ratios or log odds ratios conditional on the margins (`exact_conditional.rate_sources`, `odds_sources`).
    Source: Stijnen, Hamza, Özdemir 2010; van Houwelingen, Zwinderman, Stijnen 1993."""
    used = tuple(s for s in sources if s.log_weight.size > 1)
    notes: tuple[NoteCode, ...] = ("sources_without_events",) if len(used) < len(sources) else ()
    if not used:
        no_events = all(s.observed == 0 for s in sources)
        return _without_numbers(not_estimable(0, level, "no_events" if no_events else "no_variation"))
    lowest, highest = all(s.observed == s.first for s in used), all(s.observed == s.first + s.log_weight.size - 1 for s in used)
    if lowest or highest:
        return _infinite(len(used), -1 if lowest else 1, level, notes)
    likelihood = ConditionalLikelihood.of(used)
    return _fit_separate(likelihood.log_likelihood, len(used), 0.0, level, random, points, notes)


def mixed_two_groups(
    group1: PartialCounts,
    group2: PartialCounts,
    level: float = 0.95,
    *,
    baseline: Baseline = "fixed",
    random: bool = True,
    points: int | None = None,
) -> MixedFit:
    """Pool log rate ratios (Poisson) or log odds ratios (binomial) of two groups. The effect is split evenly between the groups
    (+1/2, -1/2), metafor's coding = 1/2. `baseline="fixed"` gives each source its own baseline (many parameters: not for many
    small sources); `"random"` draws them from a normal distribution independent of the effect's. Source: Jackson, Law, Stijnen,
    Viechtbauer, White 2018, models 4 and 5. ValueError for groups of different families or lengths."""
    if group1.family != group2.family or group1.k != group2.k:
        raise ValueError("both groups must have the same sources and the same distribution")
    both = TwoGroupLikelihood(group1, group2)
    notes: tuple[NoteCode, ...] = ("counts_masked",) if group1.any_masked or group2.any_masked else ()
    kept = both.informative
    if not kept.any():
        return _without_numbers(not_estimable(0, level, "no_events" if not both.any_event else "no_variation"))
    if baseline == "fixed":
        if not kept.all():
            notes = (*notes, "sources_without_events")
        both = both.only(kept)
    direction = both.direction
    if direction:
        return _infinite(both.k, direction, level, notes)
    if baseline == "fixed":
        return _fit_fixed_baselines(both, level, random, points or POINTS, notes)
    return _fit_random_baselines(both, level, points or 5, notes)


def _fit_separate(
    log_likelihood: SourceLikelihood, k: int, start: float, level: float, random: bool, points: int, notes: tuple[NoteCode, ...]
) -> MixedFit:
    def value_and_gradient(parameters: FloatArray) -> tuple[float, FloatArray]:
        mu, tau = float(parameters[0]), float(parameters[1])
        marginal = integrate(lambda u: log_likelihood(mu + u), k, tau, points)
        slope = log_likelihood(mu + tau * marginal.nodes).slope
        weighted = marginal.share * slope
        return float(marginal.log_likelihood.sum()), np.array([weighted.sum(), (weighted * marginal.nodes).sum()])

    return _maximise(value_and_gradient, np.array([start]), k, level, random, notes)


def _fit_fixed_baselines(
    both: TwoGroupLikelihood, level: float, random: bool, points: int, notes: tuple[NoteCode, ...]
) -> MixedFit:
    def value_and_gradient(parameters: FloatArray) -> tuple[float, FloatArray]:
        mu, alpha, tau = float(parameters[0]), parameters[1:-1], float(parameters[-1])
        marginal = integrate(lambda u: both.along_effect(alpha, mu + u), both.k, tau, points)
        surface = both.surface(alpha[:, None], mu + tau * marginal.nodes)
        effect, own = marginal.share * surface.d2, marginal.share * surface.d1
        gradient = np.concatenate([[effect.sum()], own.sum(axis=1), [(effect * marginal.nodes).sum()]])
        return float(marginal.log_likelihood.sum()), gradient

    return _maximise(value_and_gradient, np.concatenate([[0.0], both.baselines]), both.k, level, random, notes)


def _fit_random_baselines(both: TwoGroupLikelihood, level: float, points: int, notes: tuple[NoteCode, ...]) -> MixedFit:
    def log_likelihood(p: FloatArray) -> float:
        return both.with_random_baselines(p[0], p[1], abs(p[2]), abs(p[3]), points)

    def value_and_gradient(parameters: FloatArray) -> tuple[float, FloatArray]:
        return log_likelihood(parameters), _central_differences(log_likelihood, parameters)

    alpha = both.baselines
    start = np.array([0.0, float(alpha.mean()), max(float(alpha.std()), 0.1)])
    return _maximise(value_and_gradient, start, both.k, level, True, notes, spread_parameters=1)


Objective = Callable[[FloatArray], tuple[float, FloatArray]]


def _maximise(
    objective: Objective,
    start: FloatArray,
    k: int,
    level: float,
    random: bool,
    notes: tuple[NoteCode, ...],
    spread_parameters: int = 0,
) -> MixedFit:
    """Search over (mu, …, tau), the effect first and tau last; the `spread_parameters` before tau are standard deviations too."""
    common = _search(objective, np.append(start, 0.0), spread_parameters, free_tau=False)
    best = common
    if random and k > 1:
        for tau in STARTS:
            found = _search(objective, np.append(common.at[:-1], tau), spread_parameters, free_tau=True)
            if found.value > best.value + FLATTER_THAN:
                best = found
    if k == 1:
        notes = (*notes, "one_source", *(("tau_squared_not_estimable",) if random else ()))
    elif random and best is common:
        notes = (*notes, "tau_squared_zero")
    if not best.converged:
        notes = (*notes, "not_converged")
    variance = _variance_of_first(objective, best.at, with_tau=best is not common)
    mu, tau2 = float(best.at[0]), float(best.at[-1]) ** 2
    sigma2 = float(best.at[-2]) ** 2 if spread_parameters else math.nan
    if variance is None:
        fit = PoolFit(k, mu, math.nan, math.nan, math.nan, math.nan, level, (*notes, "se_not_available"))
        return MixedFit(fit, tau2, sigma2, best.value, math.nan, math.nan, best.converged)
    reach = two_sided_t(level, k - 2) * math.sqrt(tau2 + variance) if k > 2 else math.nan
    fit = wald_fit(k, mu, math.sqrt(variance), level, notes)
    return MixedFit(fit, tau2, sigma2, best.value, mu - reach, mu + reach, best.converged)


@dataclass(frozen=True, slots=True)
class _Found:
    at: FloatArray
    value: float
    converged: bool


def _search(objective: Objective, start: FloatArray, spread_parameters: int, free_tau: bool) -> _Found:
    from scipy.optimize import minimize

    size = start.size if free_tau else start.size - 1
    fixed = start[size:]

    def loss(p: FloatArray) -> tuple[float, FloatArray]:
        value, gradient = objective(np.concatenate([p, fixed]))
        return -value, -gradient[:size]

    spreads = set(range(start.size - 1 - spread_parameters, start.size))
    bounds = [(0.0, 50.0) if i in spreads else (-60.0, 60.0) for i in range(size)]
    found = minimize(
        loss, start[:size], jac=True, method="L-BFGS-B", bounds=bounds, options={"maxiter": 500, "ftol": 1e-15, "gtol": 1e-9}
    )
    at = np.concatenate([found.x, fixed])
    value, gradient = objective(at)
    on_bound = np.array([i in spreads and at[i] < 1e-8 for i in range(size)])
    flat = np.abs(np.where(on_bound, 0.0, gradient[:size])).max() < GRADIENT_TOLERANCE * max(1.0, abs(value))
    inside = all(low < x < high for i, (x, (low, high)) in enumerate(zip(found.x, bounds, strict=True)) if i not in spreads)
    return _Found(at, value, bool(np.isfinite(value)) and bool(flat) and inside)


def _variance_of_first(objective: Objective, at: FloatArray, with_tau: bool) -> float | None:
    """The variance of the first parameter: from the inverse of the observed information, by differences of the gradient.
    Standard deviations at zero are left out."""
    free = [i for i in range(at.size) if i < at.size - 1 or with_tau]
    information = np.empty((len(free), len(free)))
    for row, i in enumerate(free):
        step = 1e-4 * max(abs(at[i]), 0.1)
        up, down = at.copy(), at.copy()
        up[i] += step
        down[i] -= step
        information[row] = -((objective(up)[1] - objective(down)[1]) / (2 * step))[free]
    information = (information + information.T) / 2
    if not np.isfinite(information).all() or np.linalg.eigvalsh(information)[0] <= 0:
        return None
    return float(np.linalg.inv(information)[0, 0])


def _central_differences(f: Callable[[FloatArray], float], at: FloatArray) -> FloatArray:
    gradient = np.empty(at.size)
    for i in range(at.size):
        step = 1e-5 * max(abs(at[i]), 1.0)
        up, down = at.copy(), at.copy()
        up[i] += step
        down[i] -= step
        gradient[i] = (f(up) - f(down)) / (2 * step)
    return gradient


def _infinite(k: int, direction: int, level: float, notes: tuple[NoteCode, ...]) -> MixedFit:
    fit = PoolFit(
        k, direction * math.inf, math.inf, -math.inf, math.inf, math.nan, level, (*notes, "no_events_in_one_group", "at_boundary")
    )
    return MixedFit(fit, math.nan, math.nan, math.nan, math.nan, math.nan, False)


def _without_numbers(fit: PoolFit) -> MixedFit:
    nan = math.nan
    return MixedFit(fit, nan, nan, nan, nan, nan, False)
