"""The registries' estimates combined: the plan's main pooling and those beside it, heterogeneity, weights, prediction, and the
pool without each registry. What cannot be combined is said in notes, never passed over."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from studygen.results.addresses import joined
from studygen.results.contribution import Contribution, multiplier
from studygen.results.findings import Count, Estimate, Note, Origin, Quantity, QuantityUnit, Result, Source, State
from studygen.stats.effects import Effect
from studygen.stats.pooling import Pooled, leave_one_out, pool_effects
from studygen.study.objectives import Analysis, Pooling, PoolingModel

FEW = 5
"""Up to so many sources the variance between them is hardly known, and results say so."""

_HETEROGENEITY: Mapping[str, QuantityUnit] = {"tau_squared": "variance", "i_squared": "percent", "h_squared": "ratio"}


@dataclass(frozen=True, slots=True)
class Pool:
    """What is combined in one analysis, group and stratum. `expected` names registries that have not delivered yet."""

    analysis: Analysis
    pooling: Pooling
    stem: str
    contributions: tuple[Contribution, ...]
    expected: tuple[str, ...] = ()

    @property
    def combined(self) -> tuple[Contribution, ...]:
        """The contributions with an effect."""
        return tuple(x for x in self.contributions if x.effect is not None)

    @property
    def effects(self) -> tuple[Effect, ...]:
        return tuple(x.effect for x in self.contributions if x.effect is not None)

    @property
    def suppressed(self) -> tuple[str, ...]:
        """Registries whose estimate is suppressed; while there are any, nothing is combined."""
        return tuple(x.delivered.name for x in self.contributions if x.estimate.state == "suppressed")

    def origin(self, method: str, *notes: Note, of: Sequence[Contribution] | None = None) -> Origin:
        used = self.combined if of is None else of
        return Origin(method, tuple(x.estimate.id for x in used), sources(used), notes)

    def common_notes(self) -> tuple[Note, ...]:
        """What a reader of any pooled number must know about who is in it."""
        left_out = [x.delivered.name for x in self.contributions if x.effect is None]
        corrected = [x.delivered.name for x in self.combined if x.corrected]
        named = (("not_delivered", self.expected), ("left_out", left_out), ("zero_events_pooled", corrected))
        return tuple(Note(code, (("registries", ", ".join(names)),)) for code, names in named if names)


def pooled_results(pool: Pool) -> Iterator[Result]:
    """All pooled results of one analysis, group and stratum."""
    k = len(pool.combined)
    yield Count(joined(pool.stem, "k"), k, "registries", "reported", pool.origin("number_of_sources", *pool.common_notes()))
    reason = _why_not(pool, k)
    if reason is not None:
        yield from _not_combined(pool, reason)
        return
    main = _pool(pool, pool.pooling.main)
    yield _estimate(pool, pool.pooling.main, main, "pooled")
    yield from _heterogeneity(pool, pool.pooling.main, main, "")
    yield from _weights(pool, main)
    for model in pool.pooling.beside:
        beside = _pool(pool, model)
        yield _estimate(pool, model, beside, f"pooled_{model.id}")
        yield from _heterogeneity(pool, model, beside, f"_{model.id}")
    if pool.pooling.leave_one_out:
        yield from _without_each(pool)


def _why_not(pool: Pool, k: int) -> Note | None:
    if pool.suppressed:
        return Note("suppressed_input", (("registries", ", ".join(pool.suppressed)),))
    if k == 0:
        return Note("no_source")
    if k == 1:
        return Note("single_source", (("registry", pool.combined[0].delivered.name),))
    return None


def _not_combined(pool: Pool, reason: Note) -> Iterator[Result]:
    notes = (*pool.common_notes(), reason)
    models = (("", pool.pooling.main), *((f"_{model.id}", model) for model in pool.pooling.beside))
    for suffix, model in models:
        origin = pool.origin(model.id, *notes)
        yield _bare_estimate(pool, joined(pool.stem, f"pooled{suffix}"), model.interval, origin)
        for name, unit in _HETEROGENEITY.items():
            yield Quantity(joined(pool.stem, name + suffix), None, unit, "not_estimable", origin)
        if pool.pooling.prediction:
            yield _bare_estimate(pool, joined(pool.stem, f"prediction{suffix}"), "prediction", origin)
    for name, unit in _TEST.items():
        yield Quantity(joined(pool.stem, name), None, unit, "not_estimable", pool.origin("cochran_q", *notes))


_TEST: Mapping[str, QuantityUnit] = {"q": "chi_squared", "q_p": "p_value"}


def _pool(pool: Pool, model: PoolingModel) -> Pooled:
    return pool_effects(pool.effects, estimator=model.estimator, interval=model.interval, level=pool.pooling.level)


def _estimate(pool: Pool, model: PoolingModel, pooled: Pooled, name: str) -> Estimate:
    notes = (*pool.common_notes(), *_model_notes(model, pooled.k, bool(pooled.converged)))
    limits = (float(pooled.estimate), float(pooled.lower), float(pooled.upper))
    return _natural(pool, joined(pool.stem, name), limits, model.interval, pool.origin(model.id, *notes))


def _model_notes(model: PoolingModel, k: int, converged: bool) -> Iterator[Note]:
    if model.model == "common_effect":
        return
    if model.interval == "hartung_knapp" and k == 2:
        yield Note("two_sources_hartung_knapp", (("k", str(k)),))
    yield from _spread_notes(k, converged)


def _spread_notes(k: int, converged: bool) -> Iterator[Note]:
    if k <= FEW:
        yield Note("few_sources", (("k", str(k)),))
    if not converged:
        yield Note("not_converged")


def _heterogeneity(pool: Pool, model: PoolingModel, pooled: Pooled, suffix: str) -> Iterator[Result]:
    """tau², I², H² and the prediction interval of one model; for the main one also Q and its test, which belong to all."""
    common = model.model == "common_effect"
    notes = () if common else tuple(_spread_notes(pooled.k, bool(pooled.converged)))
    if not suffix:
        yield Quantity(joined(pool.stem, "q"), float(pooled.q), "chi_squared", "reported", pool.origin("cochran_q"))
        yield Quantity(joined(pool.stem, "q_p"), float(pooled.q_p), "p_value", "reported", pool.origin("cochran_q_p"))
    way = "from_q" if common else "from_tau"
    methods = {
        "tau_squared": model.id if common else f"tau_squared_{model.estimator}",
        "i_squared": f"i_squared_{way}",
        "h_squared": f"h_squared_{way}",
    }
    for name, unit in _HETEROGENEITY.items():
        absent = common and name == "tau_squared"
        value = None if absent else float(getattr(pooled, name))
        state: State = "not_applicable" if absent else "reported"
        yield Quantity(joined(pool.stem, name + suffix), value, unit, state, pool.origin(methods[name], *notes))
    if pool.pooling.prediction:
        id = joined(pool.stem, f"prediction{suffix}")
        if common:
            yield replace(_bare_estimate(pool, id, "prediction", pool.origin(model.id)), state="not_applicable")
        else:
            limits = (float(pooled.estimate), float(pooled.prediction_lower), float(pooled.prediction_upper))
            reach = tuple(_model_notes(model, pooled.k, bool(pooled.converged)))
            yield _natural(pool, id, limits, "prediction", pool.origin(f"prediction_{model.interval}", *reach))


def _weights(pool: Pool, pooled: Pooled) -> Iterator[Result]:
    for contribution, weight in zip(pool.combined, pooled.weights, strict=True):
        id = joined(pool.stem, contribution.delivered.registry, "weight")
        yield Quantity(id, float(weight), "percent", "reported", pool.origin("weight"))


def _without_each(pool: Pool) -> Iterator[Result]:
    """The main pool without each registry in turn. Of two registries the other's own estimate is left, and the note says so."""
    model, combined = pool.pooling.main, pool.combined
    if len(combined) == 2:
        for out, left in (combined, combined[::-1]):
            note = Note("single_source_left", (("registry", left.delivered.name),))
            origin = pool.origin("leave_one_out", note, of=(left,))
            yield replace(left.estimate, id=joined(pool.stem, f"without_{out.delivered.registry}"), origin=origin)
        return
    others = leave_one_out(pool.effects, estimator=model.estimator, interval=model.interval, level=pool.pooling.level)
    for index, out in enumerate(combined):
        used = tuple(x for x in combined if x is not out)
        notes = tuple(_model_notes(model, others.k, bool(others.converged[index])))
        origin = pool.origin("leave_one_out", *notes, of=used)
        registry = out.delivered.registry
        limits = (float(others.estimate[index]), float(others.lower[index]), float(others.upper[index]))
        yield _natural(pool, joined(pool.stem, f"without_{registry}"), limits, model.interval, origin)
        i_squared = float(others.i_squared[index])
        yield Quantity(joined(pool.stem, f"i_squared_without_{registry}"), i_squared, "percent", "reported", origin)


def _natural(pool: Pool, id: str, limits: tuple[float, float, float], interval: str, origin: Origin) -> Estimate:
    """An estimate on the natural scale from numbers on the effects' scale. A limit beyond what a number can hold (an unhelpful
    interval from two sources) is shown as infinite."""
    value, lower, upper = (_back(pool.effects[0], x) for x in limits)
    level, per = pool.pooling.level, multiplier(pool.analysis)
    return Estimate(id, pool.analysis.measure, value, lower, upper, level, interval, "reported", origin, per)


def _back(effect: Effect, x: float) -> float:
    try:
        return effect.natural(x)
    except OverflowError:
        return math.inf


def _bare_estimate(pool: Pool, id: str, interval: str, origin: Origin) -> Estimate:
    level, per = pool.pooling.level, multiplier(pool.analysis)
    return Estimate(id, pool.analysis.measure, None, None, None, level, interval, "not_estimable", origin, per)


def sources(contributions: Sequence[Contribution]) -> tuple[Source, ...]:
    """The delivered rows under contributions, one source per registry."""
    return tuple(source for x in contributions for source in x.estimate.origin.sources)
