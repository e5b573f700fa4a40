"""Bayesian random effects for whole likelihood profiles: each source's effect is N(mean, tau²), its likelihood the profile, so
that a source without events in one group contributes what it knows and no more. By numerical integration.

Source: Schuemie, Chen, Madigan, Suchard 2022."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from studygen.stats.bayesian import (
    MEAN_SD,
    NEGLIGIBLE,
    TAU_SCALE,
    BayesianPool,
    TauPanels,
    check_priors,
    few_sources,
    tau_panels,
    tau_quantile,
)
from studygen.stats.distributions import FloatArray
from studygen.stats.likelihood_profiles import LikelihoodProfile
from studygen.stats.pool_fit import NoteCode

POINTS = 301
COARSE_POINTS = 101
STEPS_PER_SD = 7.5
"""A source's grid has about 15 steps per standard deviation; the mean's is stretched around half of one."""
PANELS = 14
NARROW = 2.5
"""A normal distribution narrower than so many steps of a source's grid is integrated by Hermite nodes instead."""
HERMITE_POINTS = 15
OPEN_END = -4.0
"""A profile whose log-likelihood has not fallen so far (from its largest) at an end of its grid is open there."""


@dataclass(frozen=True, slots=True)
class _Source:
    """A profile where it is not negligible: likelihoods relative to the largest, at equal steps."""

    profile: LikelihoodProfile
    peak: float
    x: FloatArray
    likelihood: FloatArray
    step: float


def bayesian_profiles(
    profiles: Sequence[LikelihoodProfile], level: float = 0.95, *, tau_scale: float = TAU_SCALE, mean_sd: float = MEAN_SD
) -> BayesianPool:
    """Pool likelihood profiles with a half-normal prior of tau and a normal prior of the mean (its standard deviation must be
    finite here). Likelihoods count as zero outside their grids: the note `limit_outside_grid` says when one had not fallen by 4
    at an end. ValueError without profiles or for priors that are none."""
    check_priors(tau_scale, mean_sd)
    if not profiles or math.isinf(mean_sd):
        raise ValueError("pooling profiles needs profiles and a normal prior of the mean")
    sources = [_source(p) for p in profiles]
    low, high = min(float(s.x[0]) for s in sources), max(float(s.x[-1]) for s in sources)
    low, high = max(low - 8 * tau_scale, -8 * mean_sd), min(high + 8 * tau_scale, 8 * mean_sd)
    panels = tau_panels(1e-3 * tau_scale, 8 * tau_scale, PANELS)
    coarse = np.linspace(low, high, COARSE_POINTS)
    marginal = _joint(sources, coarse, panels, tau_scale, mean_sd).sum(axis=0)
    x, width = _stretched(low, high, float(coarse[marginal.argmax()]), min(s.step for s in sources) * STEPS_PER_SD)
    joint = _joint(sources, x, panels, tau_scale, mean_sd)
    joint = joint * width
    joint, density_of_tau = joint / joint.sum(), joint.sum(axis=1) / panels.weight
    of_mean, of_tau = joint.sum(axis=0), joint.sum(axis=1)
    mean = float((of_mean * x).sum())
    tails = (0.5 - level / 2, 0.5 + level / 2)
    lower, median, upper, zero = _quantiles(x, of_mean / width, (tails[0], 0.5, tails[1]))
    prediction = [_prediction_quantile(x, width, panels, joint, p) for p in tails]
    open_end = any(max(float(p.log_likelihood[0]), float(p.log_likelihood[-1])) > OPEN_END for p in profiles)
    notes: tuple[NoteCode, ...] = ("limit_outside_grid",) if open_end else ()
    return BayesianPool(
        k=len(profiles),
        mean=mean,
        median=median,
        sd=math.sqrt(float((of_mean * (x - mean) ** 2).sum())),
        lower=lower,
        upper=upper,
        probability_below_zero=zero,
        tau_mean=float((of_tau * panels.tau).sum()),
        tau_median=tau_quantile(panels, density_of_tau, 0.5),
        tau_lower=tau_quantile(panels, density_of_tau, tails[0]),
        tau_upper=tau_quantile(panels, density_of_tau, tails[1]),
        prediction_lower=prediction[0],
        prediction_upper=prediction[1],
        level=level,
        tau_scale=tau_scale,
        mean_sd=mean_sd,
        notes=(*few_sources(len(profiles)), *notes),
    )


def _source(p: LikelihoodProfile) -> _Source:
    fine = np.linspace(float(p.effect[0]), float(p.effect[-1]), 4001)
    values = p.at(fine)
    alive = np.flatnonzero(values > values.max() - NEGLIGIBLE)
    x = np.linspace(fine[max(alive[0] - 1, 0)], fine[min(alive[-1] + 1, fine.size - 1)], POINTS)
    return _Source(p, float(values.max()), x, np.exp(p.at(x) - values.max()), float(x[1] - x[0]))


def _joint(sources: list[_Source], mean: FloatArray, panels: TauPanels, tau_scale: float, mean_sd: float) -> FloatArray:
    """The posterior of (tau, mean) up to a factor, with the quadrature's weights of tau; shape (taus, means)."""
    log_density = np.array([sum(_log_marginal(s, mean, float(t)) for s in sources) for t in panels.tau])
    log_density += -0.5 * (mean / mean_sd) ** 2 - 0.5 * (panels.tau[:, None] / tau_scale) ** 2
    return np.asarray(np.exp(log_density - log_density.max()) * panels.weight[:, None])


def _stretched(low: float, high: float, centre: float, scale: float) -> tuple[FloatArray, FloatArray]:
    """A grid that is fine around `centre` and coarse far away, and each point's width: equal steps of asinh."""
    ends = np.arcsinh((np.array([low, high]) - centre) / scale)
    u = np.linspace(ends[0], ends[1], POINTS)
    return np.asarray(centre + scale * np.sinh(u)), np.asarray(scale * np.cosh(u) * (u[1] - u[0]))


def _log_marginal(s: _Source, mean: FloatArray, tau: float) -> FloatArray:
    """The log of the source's likelihood at each mean, its effect integrated over."""
    if tau >= NARROW * s.step:
        kernel = np.exp(-0.5 * ((mean[:, None] - s.x) / tau) ** 2)
        value = kernel @ _trapezoid(s.likelihood) * (s.step / (tau * math.sqrt(2 * math.pi)))
    else:
        z, w = np.polynomial.hermite.hermgauss(HERMITE_POINTS)
        at = mean[:, None] + math.sqrt(2) * tau * z
        inside = (at >= s.x[0]) & (at <= s.x[-1])
        own = np.where(inside, np.exp(s.profile.at(np.clip(at, s.x[0], s.x[-1])) - s.peak), 0.0)
        value = own @ w / math.sqrt(math.pi)
    return np.asarray(np.log(np.maximum(value, 1e-300)))


def _trapezoid(values: FloatArray) -> FloatArray:
    ends = values.copy()
    ends[[0, -1]] /= 2
    return ends


def _quantiles(x: FloatArray, density: FloatArray, levels: tuple[float, float, float]) -> tuple[float, float, float, float]:
    """Three quantiles of a density on a grid, and the probability below zero; the density between the points by a spline."""
    from scipy.interpolate import CubicSpline
    from scipy.optimize import brentq

    integral = CubicSpline(x, density).antiderivative()
    total = float(integral(x[-1]))
    low, middle, high = (float(brentq(lambda t, p=p: float(integral(t)) - p * total, x[0], x[-1], xtol=1e-12)) for p in levels)
    return low, middle, high, float(integral(np.clip(0.0, x[0], x[-1]))) / total


def _prediction_quantile(x: FloatArray, width: FloatArray, panels: TauPanels, joint: FloatArray, p: float) -> float:
    """The quantile of the mixture over (mean, tau) of N(mean, tau²); the grid's steps are added to tau, so that small ones do
    not make it jump."""
    from scipy.optimize import brentq
    from scipy.special import ndtr

    sd = np.sqrt(panels.tau[:, None] ** 2 + width**2 / 12)
    reach = 9 * float(panels.edges[-1])
    return float(brentq(lambda t: float((joint * ndtr((t - x) / sd)).sum()) - p, x[0] - reach, x[-1] + reach, xtol=1e-10))
