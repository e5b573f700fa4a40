"""Bayesian random effects with a half-normal prior on tau and a normal or flat prior on the mean, by numerical integration: no
sampler, so the same input gives the same digits. For normal effects; `bayesian_profiles` takes whole likelihoods.

To be shown beside other methods when few sources contribute: then the prior of tau matters, and its scale belongs in the text.
Source: Röver 2020; the default priors for log ratios are those of Schuemie, Chen, Madigan, Suchard 2022."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from studygen.stats.distributions import FloatArray
from studygen.stats.effects import Effect
from studygen.stats.pool_fit import NoteCode

TAU_SCALE = 0.5
"""Scale of the half-normal prior: effects of sources differ by a factor of up to about 2 (95% of the prior below 0.98)."""
MEAN_SD = 2.0
PANELS = 60
POINTS_PER_PANEL = 8
NEGLIGIBLE = 45.0
"""Log density below the largest one from which on nothing counts (1e-20)."""


@dataclass(frozen=True, slots=True)
class BayesianPool:
    """Posterior of the mean effect: mean, median, standard deviation, equal-tailed credible interval at `level`, probability that
    it lies below zero; of tau: mean, median and interval; and the prediction interval for the effect in a new source. Effects on
    the scale of the analysis. `mean_sd` is infinite for a flat prior."""

    k: int
    mean: float
    median: float
    sd: float
    lower: float
    upper: float
    probability_below_zero: float
    tau_mean: float
    tau_median: float
    tau_lower: float
    tau_upper: float
    prediction_lower: float
    prediction_upper: float
    level: float
    tau_scale: float
    mean_sd: float
    notes: tuple[NoteCode, ...] = ()


@dataclass(frozen=True, slots=True)
class _Mixture:
    """The posterior as a mixture over tau: weights of the nodes, and at each the conditional mean and standard deviation of the
    mean effect."""

    tau: FloatArray
    weight: FloatArray
    mean: FloatArray
    sd: FloatArray


def bayesian_random_effects(
    effects: Sequence[Effect], level: float = 0.95, *, tau_scale: float = TAU_SCALE, mean_sd: float = MEAN_SD
) -> BayesianPool:
    """Pool normal effects of one scale; `mean_sd=math.inf` for a flat prior of the mean. Given tau everything is normal; tau is
    integrated over by Gauss-Legendre panels that grow from zero. ValueError without effects, for effects on different scales,
    variances that are not positive, or priors that are not."""
    check_priors(tau_scale, mean_sd)
    if not effects or len({type(effect) for effect in effects}) > 1:
        raise ValueError("pooling needs effects, all on one scale")
    y, v = np.array([e.value for e in effects]), np.array([e.variance for e in effects])
    if not (np.isfinite(y).all() and np.isfinite(v).all() and (v > 0).all()):
        raise ValueError("effects must be finite and variances finite and positive")

    def given(tau: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
        w = 1.0 / (v + tau[:, None] ** 2)
        precision = w.sum(axis=1) + 1.0 / mean_sd**2
        mean = (w * y).sum(axis=1) / precision
        fit = (w * (y - mean[:, None]) ** 2).sum(axis=1) + (mean / mean_sd) ** 2
        log_density = 0.5 * (np.log(w).sum(axis=1) - fit - np.log(precision)) - 0.5 * (tau / tau_scale) ** 2
        return log_density, mean, 1.0 / np.sqrt(precision)

    smallest = 1e-3 * min(tau_scale, float(np.sqrt(v.min())))
    reach = _reach(lambda tau: given(tau)[0], smallest, tau_scale + float(np.ptp(y)))
    panels = tau_panels(smallest, reach)
    log_density, mean, sd = given(panels.tau)
    density = np.exp(log_density - log_density.max())
    weight = density * panels.weight
    posterior = _Mixture(panels.tau, weight / weight.sum(), mean, sd)
    return _summary(posterior, panels, density, len(effects), level, tau_scale, mean_sd)


def _summary(
    m: _Mixture, panels: TauPanels, density: FloatArray, k: int, level: float, tau_scale: float, mean_sd: float
) -> BayesianPool:
    mean = float((m.weight * m.mean).sum())
    variance = float((m.weight * (m.sd**2 + (m.mean - mean) ** 2)).sum())
    low, high = 0.5 - level / 2, 0.5 + level / 2
    return BayesianPool(
        k=k,
        mean=mean,
        median=_quantile(m, 0.5),
        sd=math.sqrt(variance),
        lower=_quantile(m, low),
        upper=_quantile(m, high),
        probability_below_zero=_below(m, 0.0),
        tau_mean=float((m.weight * m.tau).sum()),
        tau_median=tau_quantile(panels, density, 0.5),
        tau_lower=tau_quantile(panels, density, low),
        tau_upper=tau_quantile(panels, density, high),
        prediction_lower=_quantile(m, low, predict=True),
        prediction_upper=_quantile(m, high, predict=True),
        level=level,
        tau_scale=tau_scale,
        mean_sd=mean_sd,
        notes=few_sources(k),
    )


def few_sources(k: int) -> tuple[NoteCode, ...]:
    """The notes that one or two sources call for."""
    return ("one_source", "prior_dominates") if k == 1 else ("prior_dominates",) if k == 2 else ()


def check_priors(tau_scale: float, mean_sd: float) -> None:
    """ValueError for priors that are none."""
    if not (math.isfinite(tau_scale) and tau_scale > 0 and mean_sd > 0):
        raise ValueError("the scale of tau must be finite and positive, the standard deviation of the mean positive")


def _reach(log_density: Callable[[FloatArray], FloatArray], smallest: float, start: float) -> float:
    """The value of tau beyond which its posterior is negligible."""
    reach = start
    while True:
        grid = np.geomspace(smallest, reach, 200)
        values = log_density(grid)
        if values[-1] < values.max() - NEGLIGIBLE:
            return float(grid[np.flatnonzero(values > values.max() - NEGLIGIBLE)[-1] + 1])
        reach *= 2


@dataclass(frozen=True, slots=True)
class TauPanels:
    """Gauss-Legendre nodes of tau with their weights, panel by panel; `edges` are the panels' ends."""

    edges: FloatArray
    tau: FloatArray
    weight: FloatArray


def tau_panels(smallest: float, reach: float, panels: int = PANELS) -> TauPanels:
    """Panels from zero to `reach` that grow geometrically from `smallest`."""
    x, w = np.polynomial.legendre.leggauss(POINTS_PER_PANEL)
    edges = np.concatenate([[0.0], np.geomspace(smallest, reach, panels)])
    half = np.diff(edges)[:, None] / 2
    nodes = edges[:-1, None] + half * (1 + x)
    return TauPanels(np.asarray(edges), np.asarray(nodes.ravel()), np.asarray((half * w).ravel()))


def _below(m: _Mixture, x: float, predict: bool = False) -> float:
    from scipy.special import ndtr

    sd = np.sqrt(m.sd**2 + m.tau**2) if predict else m.sd
    return float((m.weight * ndtr((x - m.mean) / sd)).sum())


def _quantile(m: _Mixture, p: float, predict: bool = False) -> float:
    from scipy.optimize import brentq

    sd = np.sqrt(m.sd**2 + m.tau**2) if predict else m.sd
    low, high = float((m.mean - 9 * sd).min()), float((m.mean + 9 * sd).max())
    return float(brentq(lambda x: _below(m, x, predict) - p, low, high, xtol=1e-12))


def tau_quantile(panels: TauPanels, density: FloatArray, p: float) -> float:
    """The quantile of tau from its density at the panels' nodes (any constant factor): whole panels by quadrature, the last one
    by the polynomial through its nodes."""
    from numpy.polynomial import legendre
    from scipy.optimize import brentq

    by_panel = density.reshape(-1, POINTS_PER_PANEL)
    x, w = legendre.leggauss(POINTS_PER_PANEL)
    half = np.diff(panels.edges) / 2
    mass = half * (by_panel * w).sum(axis=1)
    cumulated = np.concatenate([[0.0], np.cumsum(mass)])
    target = p * cumulated[-1]
    last = min(int(np.searchsorted(cumulated, target, side="right")) - 1, mass.size - 1)
    integral = legendre.legint(np.linalg.solve(legendre.legvander(x, POINTS_PER_PANEL - 1), by_panel[last]), lbnd=-1)
    wanted = (target - cumulated[last]) / half[last]
    inside = float(brentq(lambda t: float(legendre.legval(t, integral)) - wanted, -1.0, 1.0 + 1e-9, xtol=1e-13))
    return float(panels.edges[last] + half[last] * (1 + inside))
