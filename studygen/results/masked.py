"""Combining when some counts of events are suppressed: each is a whole number from 1 to the threshold less one, and enters the
likelihood as that range. No registry is left out and no number put in. Beside the estimate stand the plan's own model at the
counts, among all that are possible, that make its estimate smallest and largest."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

import numpy as np

from studygen.aggregates.expected import RATE_MEASURES
from studygen.results.addresses import joined
from studygen.results.contribution import Contribution, Counts
from studygen.results.findings import Note, Quantity, QuantityUnit, Result, State
from studygen.results.fits import few_notes, fit, method_of
from studygen.results.from_counts import COMPARISONS, OCCURRENCES
from studygen.results.pool import Limits, Pool, is_masked, takes
from studygen.stats.censored_counts import RatioMeasure, pool_masked_group, pool_masked_ratio
from studygen.stats.completions import completions_of
from studygen.stats.distributions import FloatArray
from studygen.stats.effects import Effect
from studygen.stats.mixed_models import MixedFit, mixed_single_group, mixed_two_groups
from studygen.stats.partial_counts import CountRange, Family, IntArray, PartialCount, partial_counts
from studygen.stats.pool_fit import PoolFit
from studygen.stats.pooling import pool as pool_sets
from studygen.study.objectives import PoolingModel

RATIOS: Final[Mapping[str, RatioMeasure]] = {
    "incidence_rate_ratio": "IRR",
    "relapse_rate_ratio": "IRR",
    "risk_ratio": "RR",
    "odds_ratio": "OR",
}
ONE_GROUP: Final = ("incidence_rate", "proportion")

MOST_FITS: Final = 3_000
"""Sets of possible counts that are gone through one by one where a model cannot take all at once; beyond, and beyond 50,000 where
it can, each suppressed count is taken at its smallest and largest only."""

_OF_EACH_MODEL: Mapping[str, QuantityUnit] = {"tau_squared": "variance", "i_squared": "percent", "h_squared": "ratio"}
_EMPTY: Mapping[str, QuantityUnit] = {"i_squared": "percent", "h_squared": "ratio", "q": "chi_squared", "q_p": "p_value"}


def can_be_masked(measure: str) -> bool:
    """Whether suppressed counts can enter the combination of a measure as ranges; those of differences and means cannot."""
    return measure in RATIOS or measure in ONE_GROUP


def masked_results(pool: Pool) -> Iterator[Result]:
    """All pooled results when some counts are ranges. The registries' weights, Q, I² and the other ways of combining are not
    estimable and say so."""
    main = pool.pooling.main
    found = _likelihood(pool)
    why = Note("suppressed_input", (("registries", ", ".join(pool.masked)),))
    notes = (*pool.common_notes(main), *_range_notes(pool), *found.notes)
    yield pool.natural(joined(pool.stem, "pooled"), found.limits, found.interval, pool.origin(found.method, *notes))
    yield from _extremes(pool)
    for name, unit in _EMPTY.items():
        yield Quantity(joined(pool.stem, name), None, unit, "not_estimable", pool.origin(found.method, why))
    state: State = "not_applicable" if found.tau_squared is None else "reported"
    yield Quantity(
        joined(pool.stem, "tau_squared"), found.tau_squared, "variance", state, pool.origin(found.method, *found.notes)
    )
    for name in ("tau_squared_lower", "tau_squared_upper"):
        yield Quantity(joined(pool.stem, name), None, "variance", "not_estimable", pool.origin("tau_squared_q_profile", why))
    if pool.pooling.prediction:
        id, origin = joined(pool.stem, "prediction"), pool.origin("prediction_riley", *notes)
        if found.prediction is None:
            yield pool.bare(id, "prediction", origin, "not_applicable")
        else:
            yield pool.natural(id, (found.limits[0], *found.prediction), "prediction", origin)
    for contribution in pool.combined:
        id = joined(pool.stem, contribution.delivered.registry, "weight")
        yield Quantity(id, None, "percent", "not_estimable", pool.origin("weight", why))
    yield from _not_estimable(pool, why)


def _not_estimable(pool: Pool, why: Note) -> Iterator[Result]:
    for model in pool.pooling.beside:
        origin = pool.origin(method_of(model, pool.analysis.measure), why)
        yield pool.bare(joined(pool.stem, f"pooled_{model.id}"), model.interval_kind, origin)
        for name, unit in _OF_EACH_MODEL.items():
            yield Quantity(joined(pool.stem, f"{name}_{model.id}"), None, unit, "not_estimable", origin)
        if pool.pooling.prediction:
            yield pool.bare(joined(pool.stem, f"prediction_{model.id}"), "prediction", origin)
    if pool.pooling.leave_one_out:
        for contribution in pool.combined:
            id = joined(pool.stem, f"without_{contribution.delivered.registry}")
            yield pool.bare(id, pool.pooling.main.interval_kind, pool.origin("leave_one_out", why))


def _range_notes(pool: Pool) -> Iterator[Note]:
    ranges = [x for each in pool.combined if each.counts is not None for x in each.counts.events if isinstance(x, CountRange)]
    highest = " or ".join(str(x) for x in sorted({x.highest for x in ranges}))
    yield Note("masked_pooled", (("registries", ", ".join(pool.masked)), ("highest", highest)))


# ---------------------------------------------------------------- likelihood


@dataclass(frozen=True, slots=True)
class _Likelihood:
    limits: Limits
    method: str
    interval: Literal["wald", "likelihood"]
    notes: tuple[Note, ...]
    tau_squared: float | None = None
    prediction: tuple[float, float] | None = None


def _likelihood(pool: Pool) -> _Likelihood:
    """By a mixed model where the plan's main way has random effects and the measure allows it; else, and where that fails, by the
    common-effect likelihood."""
    random = pool.pooling.main.model in ("random_effects", "bayesian")
    if not random:
        return _common(pool)
    if pool.analysis.measure == "risk_ratio":
        return _common(pool, Note("masked_common_effect"))
    mixed = _mixed(pool)
    if not mixed.converged or np.isnan(mixed.fit.lower):
        return _common(pool, Note("masked_fell_back"))
    method = "glmm_single_group" if pool.analysis.measure in ONE_GROUP else "glmm_two_groups"
    notes = (*few_notes(mixed.fit.k), *_of_fit(mixed.fit))
    limits = (mixed.fit.estimate, mixed.fit.lower, mixed.fit.upper)
    ahead = (mixed.prediction_lower, mixed.prediction_upper) if mixed.fit.k > 2 else None
    return _Likelihood(limits, method, "wald", notes, mixed.tau_squared, ahead)


def _mixed(pool: Pool) -> MixedFit:
    level, family = pool.pooling.level, _family(pool)
    groups = [partial_counts(events, sizes, family) for events, sizes in _groups(pool)]
    return mixed_single_group(groups[0], level) if len(groups) == 1 else mixed_two_groups(groups[0], groups[1], level)


def _common(pool: Pool, *notes: Note) -> _Likelihood:
    groups, level = _groups(pool), pool.pooling.level
    if len(groups) == 1:
        fitted = pool_masked_group(*groups[0], _family(pool), level)
    else:
        fitted = pool_masked_ratio(RATIOS[pool.analysis.measure], *groups[0], *groups[1], level)
    limits = (fitted.estimate, fitted.lower, fitted.upper)
    return _Likelihood(limits, "masked_counts_likelihood", "likelihood", (*notes, *_of_fit(fitted)))


def _of_fit(fitted: PoolFit) -> tuple[Note, ...]:
    return tuple(Note(code) for code in fitted.notes if code != "counts_masked")


def _family(pool: Pool) -> Family:
    return "poisson" if pool.analysis.measure in RATE_MEASURES else "binomial"


def _counted(pool: Pool) -> tuple[Counts, ...]:
    return tuple(x.counts for x in pool.contributions if x.counts is not None)


def _groups(pool: Pool) -> list[tuple[list[PartialCount], list[float]]]:
    """Events and sizes of each group over the registries; those without events are in, too."""
    counted = _counted(pool)
    return [([x.events[g] for x in counted], [x.sizes[g] for x in counted]) for g in range(len(counted[0].sizes))]


# ---------------------------------------------------------------- what the counts leave open


def _extremes(pool: Pool) -> Iterator[Result]:
    """`<stem>.lowest` and `<stem>.highest`: the plan's main model at the possible counts with the smallest and the largest
    estimate."""
    model, members = pool.pooling.main, pool.combined
    masked = [x for each in members if each.counts is not None for x in each.counts.events if isinstance(x, CountRange)]
    ids = joined(pool.stem, "lowest"), joined(pool.stem, "highest")
    at_once = model.model in ("common_effect", "random_effects")
    try:
        rows, number, complete = completions_of(masked) if at_once else completions_of(masked, MOST_FITS)
    except ValueError:
        for id in ids:
            yield pool.bare(id, model.interval_kind, pool.origin("masked_counts_bounds", Note("too_many_masked")))
        return
    limits = _at_once(pool, model, members, rows) if at_once else _one_by_one(pool, model, members, rows)
    notes = [Note("masked_bounds", (("number", str(number)),))]
    notes += [] if complete else [Note("masked_bounds_at_corners")]
    origin = pool.origin("masked_counts_bounds", *notes)
    known = limits[~np.isnan(limits[:, 0])]
    for id, pick in zip(ids, (np.argmin, np.argmax), strict=True):
        if not len(known):
            yield pool.bare(id, model.interval_kind, origin)
            continue
        value, lower, upper = (float(x) for x in known[pick(known[:, 0])])
        yield pool.natural(id, (value, lower, upper), model.interval_kind, origin)


def _at_once(pool: Pool, model: PoolingModel, members: Sequence[Contribution], rows: IntArray) -> FloatArray:
    """Estimate and limits at each set of possible counts; all sets in one call."""
    values, variances = np.empty((len(rows), len(members))), np.empty((len(rows), len(members)))
    first = 0
    for column, member in enumerate(members):
        cells = _cells(member)
        own, where = np.unique(rows[:, first : first + cells], axis=0, return_inverse=True)
        effects = [_effect(pool.analysis.measure, _revealed(member, each)) for each in own]
        values[:, column] = np.array([x.value for x in effects])[where.ravel()]
        variances[:, column] = np.array([x.variance for x in effects])[where.ravel()]
        first += cells
    found = pool_sets(values, variances, estimator=model.estimator, interval=model.interval, level=pool.pooling.level)
    return np.column_stack([found.estimate, found.lower, found.upper])


def _one_by_one(pool: Pool, model: PoolingModel, members: Sequence[Contribution], rows: IntArray) -> FloatArray:
    limits = []
    for row in rows:
        counts = iter(row)
        revealed = []
        for member in members:
            revealed.append(_revealed(member, [next(counts) for _ in range(_cells(member))]))
        shown = [replace(x, effect=_effect(pool.analysis.measure, x)) if x.effect is None else x for x in revealed]
        usable = [x for x in shown if takes(model, x)]
        limits.append(fit(model, pool.analysis.measure, usable, pool.pooling.level).limits)
    return np.array(limits)


def _cells(member: Contribution) -> int:
    """How many of a contribution's counts are suppressed."""
    return 0 if member.counts is None else sum(isinstance(x, CountRange) for x in member.counts.events)


def _revealed(member: Contribution, counts: Iterable[int]) -> Contribution:
    """The contribution as it would be with these counts in place of the suppressed ones."""
    if member.counts is None or not is_masked(member):
        return member
    left = iter(counts)
    events = tuple(int(next(left)) if isinstance(x, CountRange) else x for x in member.counts.events)
    return replace(member, counts=Counts(events, member.counts.sizes))


def _effect(measure: str, member: Contribution) -> Effect:
    if member.effect is not None:
        return member.effect
    made = OCCURRENCES[measure] if measure in ONE_GROUP else COMPARISONS[measure].effect
    return made(*(member.counts.numbers if member.counts else ()))
