"""The sources of one file pooled, for `studygen pool`: each source's own estimate, the pool that was asked for, up to five
sources also the pools to hold beside it, and notes on what a reader must know. Knows neither files nor formats."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from studygen.aggregates.effect_table import EVENTS, EffectTable, SourceRow
from studygen.results.findings import Note
from studygen.stats.bayesian import TAU_SCALE, bayesian_random_effects
from studygen.stats.consistency import interval_symmetry
from studygen.stats.count_pooling import METHODS_FROM_COUNTS, pool_counts, without_numbers
from studygen.stats.distributions import two_sided_z
from studygen.stats.effects import LogEffect, LogitEffect, PlainEffect, Scale
from studygen.stats.measures import MEASURES, PRINTED, ScaledEffect, effect_of
from studygen.stats.meta_analysis import FEW, MetaAnalysis, meta_analysis
from studygen.stats.variance_stabilised import harmonic_mean

DEFAULT_METHOD: Final = "REML"
DEFAULT_TEST: Final = "z"

LOG: Final = frozenset({"RR", "OR", "IRR", "HR", "SMR", "ROM", "PLN", "IRLN"})
LOGIT: Final = frozenset({"PLO"})
HALF_ADDED: Final = frozenset({"RR", "OR", "IRR", "SMR", "PLO", "PLN", "IRLN", "PR"})
"""Measures that get 1/2 where a count is zero, in value and variance."""
HALF_IN_VARIANCE: Final = frozenset({"RD", "IRD"})
"""Measures that get it in the variance alone."""

Beside = Literal["common_effect", "hartung_knapp", "hartung_knapp_truncated", "bayesian"]


@dataclass(frozen=True, slots=True)
class Asked:
    """What to do with a table. None leaves method and test to the defaults, and the scale of the half-normal prior too (0.5 where
    the scale of analysis has no unit). `file_level` is the level of intervals printed in the file."""

    measure: str
    method: str | None = None
    test: str | None = None
    level: float = 0.95
    prediction: bool = False
    file_level: float = 0.95
    prior_scale: float | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One estimate with its limits on the natural scale; NaN what cannot be given."""

    name: str
    estimate: float
    lower: float
    upper: float


@dataclass(frozen=True, slots=True)
class SourcePool:
    """The pool with the sources' own estimates (Wald limits at the pool's level), and other ways of pooling beside it, by kind;
    empty where they were not asked for. `prior_scale` is that of the Bayesian one."""

    asked: Asked
    sources: tuple[Line, ...]
    pooled: MetaAnalysis
    beside: tuple[tuple[Beside, Line], ...]
    prior_scale: float | None
    notes: tuple[Note, ...]


def pool_sources(table: EffectTable, asked: Asked) -> SourcePool:
    """Pool the sources of a table. The combination of measure, method and test exists. ValueError naming the source when a number
    has no image on the scale of analysis."""
    measure, method = asked.measure, asked.method or DEFAULT_METHOD
    effects = [_effect(row, asked) for row in table.rows]
    sizes = [row.numbers["n"] for row in table.rows] if MEASURES[measure].needs_size and "n" in table.columns else None
    own = tuple(
        _line(row.source, effect, asked, row.numbers.get("n", math.nan)) for row, effect in zip(table.rows, effects, strict=True)
    )
    if method in METHODS_FROM_COUNTS:
        numbers = [[row.numbers[name] for name in table.columns] for row in table.rows]
        pooled = pool_counts(numbers, measure=measure, method=method, level=asked.level, prediction=asked.prediction)
    elif measure in LOG | LOGIT and _without_events(table):
        pooled = without_numbers(len(own), measure, method, asked.test or DEFAULT_TEST, asked.level, "no_events")
    else:
        pooled = meta_analysis(
            [effect.value for effect in effects],
            [effect.variance for effect in effects],
            measure=measure,
            method=method,
            test=asked.test or DEFAULT_TEST,
            level=asked.level,
            prediction="model" if asked.prediction else None,
            sizes=sizes,
        )
    beside: tuple[tuple[Beside, Line], ...] = ()
    scale = asked.prior_scale or (TAU_SCALE if measure in LOG | LOGIT | {"SMD"} else None)
    if asked.method is None and 2 <= pooled.k <= FEW and math.isfinite(pooled.estimate):
        beside = tuple(_beside(effects, asked, sizes, scale))
    notes = (*_pool_notes(pooled, asked), *_table_notes(table, asked, method), *_beside_notes(beside, pooled.k, scale))
    return SourcePool(asked, own, pooled, beside, scale if beside else None, notes)


def _effect(row: SourceRow, asked: Asked) -> ScaledEffect:
    try:
        effect = effect_of(asked.measure, row.numbers, asked.file_level)
    except (ValueError, ZeroDivisionError):
        raise ValueError(row.source) from None
    if not (math.isfinite(effect.value) and math.isfinite(effect.variance) and effect.variance > 0):
        raise ValueError(row.source)
    return effect


def _line(name: str, effect: ScaledEffect, asked: Asked, size: float) -> Line:
    kind, reach = MEASURES[asked.measure], two_sided_z(asked.level) * math.sqrt(effect.variance)
    if kind.needs_size and math.isnan(size):
        return Line(name, math.nan, math.nan, math.nan)
    return Line(name, *(kind.natural(x, size) for x in (effect.value, effect.value - reach, effect.value + reach)))


def _without_events(table: EffectTable) -> bool:
    counted = [name for name in table.columns if name in EVENTS]
    return bool(counted) and all(row.numbers[name] == 0 for row in table.rows for name in counted)


# ---------------------------------------------------------------- few sources


def _beside(
    effects: Sequence[ScaledEffect], asked: Asked, sizes: Sequence[float] | None, scale: float | None
) -> Iterator[tuple[Beside, Line]]:
    y, v = [effect.value for effect in effects], [effect.variance for effect in effects]
    ways: tuple[tuple[Beside, str, str], ...] = (
        ("common_effect", "EE", "z"),
        ("hartung_knapp", DEFAULT_METHOD, "hksj"),
        ("hartung_knapp_truncated", DEFAULT_METHOD, "hksj-truncated"),
    )
    for way, method, test in ways:
        found = meta_analysis(
            y, v, measure=asked.measure, method=method, test=test, level=asked.level, prediction=None, sizes=sizes
        )
        yield way, Line(way, found.estimate, found.ci_lower, found.ci_upper)
    if scale is not None:
        plain = [PlainEffect(a, b) for a, b in zip(y, v, strict=True)]
        posterior = bayesian_random_effects(plain, asked.level, tau_scale=scale, mean_sd=math.inf)
        kind, size = MEASURES[asked.measure], harmonic_mean(sizes) if sizes else math.nan
        limits = (kind.natural(x, size) for x in (posterior.median, posterior.lower, posterior.upper))
        yield "bayesian", Line("bayesian", *limits)


def _beside_notes(beside: Sequence[tuple[Beside, Line]], k: int, scale: float | None) -> Iterator[Note]:
    if not beside:
        return
    yield from reasons([way for way, _ in beside], k, scale)
    if any(way == "hartung_knapp" and line.lower == line.upper for way, line in beside):
        yield Note("equal_estimates")
    if scale is None:
        yield Note("bayesian_without_scale")


def reasons(ways: Sequence[str], k: int, scale: float | None = None) -> Iterator[Note]:
    """Why these ways of pooling differ: a note for each that has one in templates/shared/notes.yaml."""
    yield Note("compare_few_sources", (("k", str(k)),))
    for way in dict.fromkeys(ways):
        if way in COMPARED:
            yield Note(f"compare_{way}", (("k", str(k)), ("scale", "" if scale is None else f"{scale:g}")))


COMPARED: Final = ("common_effect", "hartung_knapp", "hartung_knapp_truncated", "bayesian")
"""Ways of pooling that have a sentence on why they differ from the others, in the order of the sentences."""

# ---------------------------------------------------------------- notes


def _pool_notes(pooled: MetaAnalysis, asked: Asked) -> Iterator[Note]:
    for code in pooled.notes:
        yield Note(code, (("k", str(pooled.k)),))
    if asked.prediction and pooled.method == "EE":
        yield Note("prediction_of_common_effect")


def _table_notes(table: EffectTable, asked: Asked, method: str) -> Iterator[Note]:
    if MEASURES[asked.measure].columns == table.columns:
        yield from _zero_notes(table, asked.measure, combined=method not in METHODS_FROM_COUNTS and not _without_events(table))
    if table.columns == PRINTED:
        yield Note("interval_level_taken", (("level", f"{100 * asked.file_level:g}"),))
        scale: Scale = LogEffect if asked.measure in LOG else LogitEffect if asked.measure in LOGIT else PlainEffect
        lopsided = [row.source for row in table.rows if _lopsided(row, scale)]
        if lopsided:
            yield Note("intervals_asymmetric", (("sources", ", ".join(lopsided)),))
    if table.unused:
        yield Note("columns_unused", (("columns", ", ".join(table.unused)),))


def _lopsided(row: SourceRow, scale: Scale) -> bool:
    half_unit = 0.5 * 10.0 ** -min(row.decimals.values())
    estimate, lower, upper = (row.numbers[name] for name in PRINTED)
    return interval_symmetry(scale, estimate, lower, upper, half_unit).agreement == "disagrees"


def _zero_notes(table: EffectTable, measure: str, *, combined: bool) -> Iterator[Note]:
    with_zero = [row.source for row in table.rows if _has_zero(row)]
    if with_zero and measure in HALF_ADDED | HALF_IN_VARIANCE:
        code = "zero_events_pooled" if measure in HALF_ADDED else "zero_events_in_variance"
        if not combined and measure in HALF_ADDED:
            code = "zero_events_shown"
        yield Note(code, (("registries", ", ".join(with_zero)),))
    both = [row.source for row in table.rows if row.numbers.get("events1") == 0 and row.numbers.get("events2") == 0]
    if both and measure in HALF_ADDED and combined:
        yield Note("double_zero_pooled", (("registries", ", ".join(both)),))


def _has_zero(row: SourceRow) -> bool:
    pairs = (("events1", "n1"), ("events2", "n2"), ("events", "n"))
    return any(
        row.numbers.get(events) == 0 or (events in row.numbers and row.numbers[events] == row.numbers.get(persons))
        for events, persons in pairs
    )
