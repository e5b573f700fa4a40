"""The registries' results combined: the plan's main way and those beside it, heterogeneity, weights, prediction, the result
without each registry, and E-values. What cannot be combined is said in notes, never passed over."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np

from studygen.results.addresses import joined
from studygen.results.contribution import Contribution
from studygen.results.credibility import e_values
from studygen.results.findings import Count, Estimate, Note, Quantity, QuantityUnit, Result, State
from studygen.results.fits import PREDICTED, Fit, fit, method_of
from studygen.results.masked import can_be_masked, masked_results
from studygen.results.pool import Pool, effects_of
from studygen.stats.tau_squared_intervals import q_profile
from studygen.study.objectives import PoolingModel

_HETEROGENEITY: Mapping[str, QuantityUnit] = {"tau_squared": "variance", "i_squared": "percent", "h_squared": "ratio"}
_TEST: Mapping[str, QuantityUnit] = {"q": "chi_squared", "q_p": "p_value"}
_TEST_METHODS = {"q": "cochran_q", "q_p": "cochran_q_p"}
_TAU_LIMITS = ("tau_squared_lower", "tau_squared_upper")


def pooled_results(pool: Pool) -> Iterator[Result]:
    """All pooled results of one analysis, group and stratum."""
    main, k = pool.pooling.main, len(pool.combined)
    notes = pool.common_notes(main)
    yield Count(joined(pool.stem, "k"), k, "registries", "reported", pool.origin("number_of_sources", *notes))
    reason = _why_not(pool, pool.combined)
    if reason is not None:
        yield from _not_combined(pool, reason)
        return
    if pool.masked:
        yield from masked_results(pool)
        return
    combined = fit(main, pool.analysis.measure, pool.combined, pool.pooling.level)
    estimate = _estimate(pool, main, combined, "pooled")
    yield estimate
    yield from _test(pool, combined)
    yield from _heterogeneity(pool, main, combined, "")
    yield from _tau_squared_interval(pool)
    yield from _weights(pool, combined)
    yield from e_values(pool, estimate)
    for model in pool.pooling.beside:
        yield from _beside(pool, model)
    if pool.pooling.leave_one_out:
        yield from _without_each(pool)


def _why_not(pool: Pool, members: Sequence[Contribution]) -> Note | None:
    hidden = pool.suppressed if can_be_masked(pool.analysis.measure) else (*pool.suppressed, *pool.masked)
    if hidden:
        return Note("suppressed_input", (("registries", ", ".join(hidden)),))
    if not members:
        return Note("no_source")
    if len(members) == 1:
        return Note("single_source", (("registry", members[0].delivered.name),))
    return None


# ---------------------------------------------------------------- nothing is combined


def _not_combined(pool: Pool, reason: Note) -> Iterator[Result]:
    for suffix, model in (("", pool.pooling.main), *((f"_{model.id}", model) for model in pool.pooling.beside)):
        yield from _model_without(pool, model, suffix, reason)
    notes = (*pool.common_notes(pool.pooling.main), reason)
    for name, unit in _TEST.items():
        yield Quantity(joined(pool.stem, name), None, unit, "not_estimable", pool.origin(_TEST_METHODS[name], *notes))
    for name in _TAU_LIMITS:
        origin = pool.origin("tau_squared_q_profile", *notes)
        yield Quantity(joined(pool.stem, name), None, "variance", "not_estimable", origin)


def _model_without(pool: Pool, model: PoolingModel, suffix: str, reason: Note) -> Iterator[Result]:
    notes = (*pool.common_notes(model), reason)
    origin = pool.origin(method_of(model, pool.analysis.measure), *notes, of=pool.members(model))
    yield pool.bare(joined(pool.stem, f"pooled{suffix}"), model.interval_kind, origin)
    for name, unit in _HETEROGENEITY.items():
        yield Quantity(joined(pool.stem, name + suffix), None, unit, "not_estimable", origin)
    if pool.pooling.prediction:
        yield pool.bare(joined(pool.stem, f"prediction{suffix}"), "prediction", origin)


# ---------------------------------------------------------------- one model


def _beside(pool: Pool, model: PoolingModel) -> Iterator[Result]:
    members, suffix = pool.members(model), f"_{model.id}"
    reason = _why_not(pool, members)
    if reason is not None:
        yield from _model_without(pool, model, suffix, reason)
        return
    found = fit(model, pool.analysis.measure, members, pool.pooling.level)
    yield _estimate(pool, model, found, f"pooled{suffix}")
    yield from _heterogeneity(pool, model, found, suffix)


def _estimate(pool: Pool, model: PoolingModel, found: Fit, name: str) -> Estimate:
    origin = pool.origin(found.method, *pool.common_notes(model), *found.notes, of=pool.members(model))
    return pool.natural(joined(pool.stem, name), found.limits, model.interval_kind, origin)


def _test(pool: Pool, found: Fit) -> Iterator[Result]:
    """Q and its test, which belong to all models."""
    numbers: tuple[float | None, ...] = (None, None) if found.q is None else found.q
    for (name, unit), value in zip(_TEST.items(), numbers, strict=True):
        state: State = "not_applicable" if value is None else "reported"
        yield Quantity(joined(pool.stem, name), value, unit, state, pool.origin(_TEST_METHODS[name]))


def _heterogeneity(pool: Pool, model: PoolingModel, found: Fit, suffix: str) -> Iterator[Result]:
    """tau², I², H² and the prediction interval of one model."""
    members = pool.members(model)
    methods = {
        "tau_squared": found.tau_squared_method or found.method,
        "i_squared": f"i_squared_{found.spread_method}" if found.spread_method else found.method,
        "h_squared": f"h_squared_{found.spread_method}" if found.spread_method else found.method,
    }
    spread = tuple(note for note in found.notes if note.code in ("few_sources", "not_converged"))
    for name, unit in _HETEROGENEITY.items():
        value: float | None = getattr(found, name)
        state: State = "not_applicable" if value is None else "reported"
        yield Quantity(joined(pool.stem, name + suffix), value, unit, state, pool.origin(methods[name], *spread, of=members))
    if not pool.pooling.prediction:
        return
    id = joined(pool.stem, f"prediction{suffix}")
    method = found.prediction_method or found.method
    origin = pool.origin(method, *(found.notes if found.prediction else ()), of=members)
    if found.prediction is None and method in PREDICTED.values():
        yield pool.bare(id, "prediction", pool.origin(method, Note("prediction_needs_three_sources"), of=members))
    elif found.prediction is None:
        yield pool.bare(id, "prediction", origin, "not_applicable")
    else:
        yield pool.natural(id, (found.limits[0], *found.prediction), "prediction", origin)


def _tau_squared_interval(pool: Pool) -> Iterator[Result]:
    """The Q-profile interval of tau², for a main model with random effects."""
    effects = effects_of(pool.combined)
    if pool.pooling.main.model != "random_effects":
        for name in _TAU_LIMITS:
            origin = pool.origin("tau_squared_q_profile")
            yield Quantity(joined(pool.stem, name), None, "variance", "not_applicable", origin)
        return
    y, v = np.array([[x.value for x in effects]]), np.array([[x.variance for x in effects]])
    interval = q_profile(y, v, pool.pooling.level)
    found = bool(interval.converged[0])
    notes = [] if found else [Note("tau_squared_interval_not_found")]
    notes += [Note("tau_squared_interval_empty")] if bool(interval.empty[0]) else []
    for name, limit in zip(_TAU_LIMITS, (interval.lower[0], interval.upper[0]), strict=True):
        state: State = "reported" if found else "not_estimable"
        origin = pool.origin("tau_squared_q_profile", *notes)
        yield Quantity(joined(pool.stem, name), float(limit) if found else None, "variance", state, origin)


def _weights(pool: Pool, found: Fit) -> Iterator[Result]:
    weights: Sequence[float | None] = found.weights or [None] * len(pool.combined)
    for contribution, weight in zip(pool.combined, weights, strict=True):
        id = joined(pool.stem, contribution.delivered.registry, "weight")
        yield Quantity(id, weight, "percent", "not_applicable" if weight is None else "reported", pool.origin("weight"))


def _without_each(pool: Pool) -> Iterator[Result]:
    """The main pool without each registry in turn. Of two registries the other's own estimate is left, and the note says so."""
    model, combined = pool.pooling.main, pool.combined
    if len(combined) == 2:
        for out, left in (combined, combined[::-1]):
            note = Note("single_source_left", (("registry", left.delivered.name),))
            origin = pool.origin("leave_one_out", note, of=(left,))
            yield replace(left.estimate, id=joined(pool.stem, f"without_{out.delivered.registry}"), origin=origin)
        return
    for out in combined:
        used = tuple(x for x in combined if x is not out)
        found = fit(model, pool.analysis.measure, used, pool.pooling.level)
        origin = pool.origin("leave_one_out", *found.notes, of=used)
        registry = out.delivered.registry
        yield pool.natural(joined(pool.stem, f"without_{registry}"), found.limits, model.interval_kind, origin)
        if found.i_squared is not None:
            id = joined(pool.stem, f"i_squared_without_{registry}")
            yield Quantity(id, found.i_squared, "percent", "reported", origin)
