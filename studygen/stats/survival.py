"""Kaplan-Meier curves from risk tables of one or several registries: Greenwood's variance, log-log limits, median, restricted
mean, and the estimate at one time as an effect that can be pooled with random effects.

Adding up risk tables gives the curve that the persons' own data would give; it is a description of all registries together, in
which large ones count more. Where registries differ, pool log(-log S) at planned times instead (Combescure, Foucher, Jackson
2014)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from studygen.stats.distributions import FloatArray, two_sided_z
from studygen.stats.effects import PlainEffect
from studygen.stats.pool_fit import NoteCode
from studygen.stats.risk_tables import RiskTable, add_up


@dataclass(frozen=True, slots=True)
class SurvivalCurve:
    """Per time: persons at risk, events (of any kind), the probability to be free of event after it, its standard error and
    log-log limits. Limits are NaN while no event has happened and once nobody is left."""

    time: FloatArray
    at_risk: FloatArray
    events: FloatArray
    survival: FloatArray
    se: FloatArray
    lower: FloatArray
    upper: FloatArray
    level: float


@dataclass(frozen=True, slots=True)
class SurvivalTime:
    """A time with its interval: a median or a restricted mean, in the unit of the table. NaN has a note, `not_reached` limits are
    NaN too."""

    estimate: float
    se: float
    lower: float
    upper: float
    notes: tuple[NoteCode, ...] = ()


def kaplan_meier(tables: Sequence[RiskTable], level: float = 0.95, *, grouped: bool = False) -> SurvivalCurve:
    """The product-limit estimate from the registries' summed tables; events of interest and competing ones both end the time
    free of event. `grouped` takes rows as intervals of a life table and half of those censored in one out of its risk set
    (actuarial estimate). Sources: Kaplan, Meier 1958; Greenwood 1926; Kalbfleisch, Prentice 2002 (log-log limits)."""
    table = add_up(tables)
    events = table.events + table.competing
    at_risk: FloatArray = table.at_risk - table.censored / 2 if grouped else table.at_risk
    with np.errstate(divide="ignore", invalid="ignore"):
        kept = np.where(events > 0, 1 - events / at_risk, 1.0)
        hazard_variance = np.cumsum(np.where(events > 0, events / (at_risk * (at_risk - events)), 0.0))
        survival: FloatArray = np.cumprod(kept, dtype=np.float64)
        se = np.where(survival > 0, survival * np.sqrt(hazard_variance), np.nan)
        log_log_se = np.sqrt(hazard_variance) / np.abs(np.log(survival))
        factor = np.exp(two_sided_z(level) * log_log_se)
        limits = np.where((survival > 0) & (survival < 1), survival ** np.array([factor, 1 / factor]), np.nan)
    return SurvivalCurve(table.time, at_risk, events, survival, np.asarray(se), limits[0], limits[1], level)


def median_time(curve: SurvivalCurve) -> SurvivalTime:
    """The first time at which half have had the event; the middle of a step that lies at one half. Its limits are the times at
    which the curve's limits cross one half. Source: Brookmeyer, Crowley 1982; as R's survfit."""
    estimate = _crossing(curve.time, curve.survival)
    # A limit is not known before the first event; there the curve is one.
    lower = _crossing(curve.time, np.where(np.isnan(curve.lower), curve.survival, curve.lower))
    upper = _crossing(curve.time, np.where(np.isnan(curve.upper), np.where(curve.survival > 0, 1.0, np.nan), curve.upper))
    notes: tuple[NoteCode, ...] = ("not_reached",) if any(math.isnan(x) for x in (estimate, lower, upper)) else ()
    return SurvivalTime(estimate, math.nan, lower, upper, notes)


def restricted_mean(curve: SurvivalCurve, horizon: float) -> SurvivalTime:
    """The mean time free of event up to `horizon`: the area under the curve, with its standard error and Wald limits. Beyond the
    last time at risk it does not exist, unless nobody is left free of event. Source: Royston, Parmar 2013; Klein, Moeschberger
    2003. ValueError for a horizon that is not positive."""
    if horizon <= 0:
        raise ValueError("the horizon must be positive")
    if horizon > curve.time[-1] and curve.survival[-1] > 0:
        nan = math.nan
        return SurvivalTime(nan, nan, nan, nan, ("beyond_follow_up",))
    inside = curve.time < horizon
    edges = np.concatenate([[0.0], curve.time[inside], [horizon]])
    height = np.concatenate([[1.0], curve.survival[inside]])
    areas = height * np.diff(edges)
    estimate = float(areas.sum())
    # The area to the right of each event time, weighted with Greenwood's terms.
    right = (np.cumsum(areas[::-1])[::-1])[1:]
    n, d = curve.at_risk[inside], curve.events[inside]
    with np.errstate(divide="ignore", invalid="ignore"):
        terms = np.where((d > 0) & (n > d), right**2 * d / (n * (n - d)), 0.0)
    se = math.sqrt(float(terms.sum()))
    half = two_sided_z(curve.level) * se
    return SurvivalTime(estimate, se, estimate - half, estimate + half)


@dataclass(frozen=True, slots=True)
class LogLogSurvival:
    """log(-log S) at a time with its variance as an effect for `pooling`, or None with the reason."""

    effect: PlainEffect | None
    notes: tuple[NoteCode, ...] = ()


def log_log_survival(curve: SurvivalCurve, time: float) -> LogLogSurvival:
    """The effect of one registry's curve at `time`. There is none beyond the last time, before the first event, and when nobody
    is left free of event."""
    if time > curve.time[-1]:
        return LogLogSurvival(None, ("beyond_follow_up",))
    row = int(np.searchsorted(curve.time, time, side="right")) - 1
    s = float(curve.survival[row]) if row >= 0 else 1.0
    if s == 1.0:
        return LogLogSurvival(None, ("no_events",))
    if s == 0.0:
        return LogLogSurvival(None, ("nobody_at_risk",))
    relative = float(curve.se[row]) / s
    return LogLogSurvival(PlainEffect(math.log(-math.log(s)), (relative / math.log(s)) ** 2))


def survival_of_log_log(value: float) -> float:
    """The way back: exp(-exp(value))."""
    return math.exp(-math.exp(value))


def _crossing(time: FloatArray, survival: FloatArray) -> float:
    reached = np.flatnonzero(survival <= 0.5 + 1e-9)
    if reached.size == 0:
        return math.nan
    first = int(reached[0])
    if abs(float(survival[first]) - 0.5) < 1e-9:
        later = np.flatnonzero(survival < 0.5 - 1e-9)
        if later.size:
            return float(time[first] + time[int(later[0])]) / 2
    return float(time[first])
