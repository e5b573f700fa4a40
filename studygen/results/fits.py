"""Each way of combining that a plan may name, brought to one form: inverse variance, Bayesian, Mantel-Haenszel, exact
conditional. A new one is a function and a line in `FITS`."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from studygen.aggregates.expected import RATE_MEASURES
from studygen.results.contribution import Contribution
from studygen.results.findings import Note
from studygen.results.pool import Limits, effects_of
from studygen.stats.bayesian import bayesian_random_effects
from studygen.stats.distributions import two_sided_z
from studygen.stats.exact_conditional import exact_odds_ratio, exact_rate_ratio
from studygen.stats.mantel_haenszel import Measure, mantel_haenszel
from studygen.stats.pool_fit import PoolFit
from studygen.stats.pooling import Pooled, pool_effects
from studygen.stats.prediction import shown_prediction
from studygen.stats.two_arms import TwoArms, two_arms
from studygen.study.objectives import PoolingModel

FEW = 5
"""Up to so many sources the variance between them is hardly known, and results say so."""


@dataclass(frozen=True, slots=True)
class Fit:
    """A pool of `k` registries on the scale of analysis, by `method` (a key of METHODS). None is what the model does not have;
    `q` is Cochran's Q with its p value, `tau_squared_method` and `spread_method` say how tau², and I² and H² were found. Limits
    are NaN when nothing can be given; then notes say why."""

    k: int
    limits: Limits
    method: str
    notes: tuple[Note, ...] = ()
    tau_squared: float | None = None
    tau_squared_method: str = ""
    i_squared: float | None = None
    h_squared: float | None = None
    spread_method: str = ""
    q: tuple[float, float] | None = None
    prediction: tuple[float, float] | None = None
    prediction_method: str = ""
    weights: tuple[float, ...] | None = None


def fit(model: PoolingModel, measure: str, members: Sequence[Contribution], level: float) -> Fit:
    """Combine at least two contributions that the model takes."""
    return FITS[model.model](model, measure, members, level)


def method_of(model: PoolingModel, measure: str) -> str:
    """The key of a model in the catalogue of methods."""
    match model.model:
        case "bayesian":
            return "bayesian_flat_half_normal"
        case "mantel_haenszel":
            return f"mantel_haenszel_{MANTEL_HAENSZEL[measure][1]}"
        case "exact_conditional":
            return f"exact_conditional_{'rate' if measure in RATE_MEASURES else 'odds'}_ratio"
        case _:
            return model.id


def few_notes(k: int) -> Iterator[Note]:
    """What few sources mean for a random-effects model."""
    if k <= FEW:
        yield Note("few_sources", (("k", str(k)),))


def _inverse_variance(model: PoolingModel, measure: str, members: Sequence[Contribution], level: float) -> Fit:
    del measure
    pooled = pool_effects(effects_of(members), estimator=model.estimator, interval=model.interval, level=level)
    common = model.model == "common_effect"
    way = "from_q" if common else "from_tau"
    return Fit(
        k=pooled.k,
        limits=(float(pooled.estimate), float(pooled.lower), float(pooled.upper)),
        method=model.id,
        notes=() if common else tuple(_random_notes(model, pooled, level)),
        tau_squared=None if common else float(pooled.tau_squared),
        tau_squared_method=model.id if common else f"tau_squared_{model.estimator}",
        i_squared=float(pooled.i_squared),
        h_squared=float(pooled.h_squared),
        spread_method=way,
        q=(float(pooled.q), float(pooled.q_p)),
        prediction=None if common else shown_prediction(pooled, model.interval, level),
        prediction_method=model.id if common else PREDICTED[model.interval],
        weights=tuple(float(x) for x in pooled.weights),
    )


PREDICTED: Final = {
    "wald": "prediction_riley",
    "t": "prediction_t",
    "hartung_knapp": "prediction_hartung_knapp",
    "hartung_knapp_truncated": "prediction_hartung_knapp_truncated",
}
"""The method of the prediction interval beside each kind of interval."""


def _random_notes(model: PoolingModel, pooled: Pooled, level: float) -> Iterator[Note]:
    if model.interval.startswith("hartung_knapp") and pooled.k == 2:
        yield Note("two_sources_hartung_knapp", (("k", str(pooled.k)),))
    if model.interval == "hartung_knapp":
        if float(pooled.se) == 0:
            yield Note("equal_estimates")
        elif float(pooled.upper - pooled.estimate) < two_sided_z(level) * float(pooled.se / np.sqrt(pooled.scale)):
            yield Note("hartung_knapp_narrower")
    yield from few_notes(pooled.k)
    if not bool(pooled.converged):
        yield Note("not_converged")


def _bayesian(model: PoolingModel, measure: str, members: Sequence[Contribution], level: float) -> Fit:
    # A flat prior of the mean: what differs from the other ways is then the variance between registries alone.
    scale = model.prior_scale or math.nan
    posterior = bayesian_random_effects(effects_of(members), level, tau_scale=scale, mean_sd=math.inf)
    notes = [Note(code) for code in posterior.notes if code != "one_source"]
    method = method_of(model, measure)
    return Fit(
        k=posterior.k,
        limits=(posterior.median, posterior.lower, posterior.upper),
        method=method,
        notes=(*few_notes(posterior.k), *notes),
        tau_squared=posterior.tau_median**2,
        tau_squared_method=method,
        prediction=(posterior.prediction_lower, posterior.prediction_upper),
        prediction_method=method,
    )


MANTEL_HAENSZEL: Final[Mapping[str, tuple[Measure, str]]] = {
    "incidence_rate_ratio": ("IRR", "rate_ratio"),
    "relapse_rate_ratio": ("IRR", "rate_ratio"),
    "incidence_rate_difference": ("IRD", "rate_difference"),
    "risk_ratio": ("RR", "risk_ratio"),
    "odds_ratio": ("OR", "odds_ratio"),
    "risk_difference": ("RD", "risk_difference"),
}
"""Measures of the plan by the name that `stats` knows, and as part of a method's key."""


def arms_of(measure: str, members: Sequence[Contribution]) -> TwoArms:
    """The counts of both groups of contributions that have them."""
    rows = [x.counts.numbers for x in members if x.counts is not None]
    return two_arms(*np.array(rows, dtype=np.float64).T, persons=measure not in RATE_MEASURES)


def _mantel_haenszel(model: PoolingModel, measure: str, members: Sequence[Contribution], level: float) -> Fit:
    pooled = mantel_haenszel(MANTEL_HAENSZEL[measure][0], arms_of(measure, members), level)
    alone = math.isnan(pooled.q.statistic)
    return Fit(
        k=len(members),
        limits=_limits(pooled.fit),
        method=method_of(model, measure),
        notes=_notes(pooled.fit),
        i_squared=None if alone else pooled.i_squared,
        h_squared=None if alone else pooled.h_squared,
        spread_method="from_q",
        q=None if alone else (pooled.q.statistic, pooled.q.p),
        weights=None if np.isnan(pooled.weights).any() else tuple(float(x) for x in pooled.weights),
    )


def _exact_conditional(model: PoolingModel, measure: str, members: Sequence[Contribution], level: float) -> Fit:
    pooled = (exact_rate_ratio if measure in RATE_MEASURES else exact_odds_ratio)(arms_of(measure, members), level)
    return Fit(len(members), _limits(pooled), method_of(model, measure), _notes(pooled))


def _limits(pooled: PoolFit) -> Limits:
    return pooled.estimate, pooled.lower, pooled.upper


def _notes(pooled: PoolFit) -> tuple[Note, ...]:
    return tuple(Note(code) for code in pooled.notes)


FITS: Final[Mapping[str, Callable[[PoolingModel, str, Sequence[Contribution], float], Fit]]] = {
    "common_effect": _inverse_variance,
    "random_effects": _inverse_variance,
    "bayesian": _bayesian,
    "mantel_haenszel": _mantel_haenszel,
    "exact_conditional": _exact_conditional,
}
"""Every model that a plan may name."""
