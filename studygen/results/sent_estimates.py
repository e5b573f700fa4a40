"""A registry's estimate where the registry itself estimated: as it was sent, and the effect behind it."""

from __future__ import annotations

from collections.abc import Mapping

from studygen.aggregates.contract import Row, RowKey
from studygen.results.addresses import joined, stem
from studygen.results.contribution import Contribution, level_of, with_value, without_value
from studygen.results.delivered import Delivered, state_of
from studygen.results.findings import Note, Origin
from studygen.results.from_counts import SCALES
from studygen.stats.effects import Effect, PlainEffect, Scale, effect_from_interval, effect_from_se, interval_of
from studygen.study.objectives import Analysis


def sent_estimate(delivered: Delivered, analysis: Analysis, group: str, stratum: str) -> Contribution:
    """The delivered estimate. Where both an interval and a standard error were sent, the interval is shown and the standard
    error, which is exact, is pooled."""
    rows = delivered.rows(RowKey(analysis.id, group, analysis.outcome, "", stratum))
    scale = SCALES.get(analysis.measure, PlainEffect)
    id = joined(stem(analysis.id, group, stratum), delivered.registry, "estimate")
    sent = {name: row.value for name, row in rows.items() if row.value is not None}
    used = [rows[name] for name in ("estimate", "ci_lower", "ci_upper", "log_estimate", "se") if name in sent]
    source = (delivered.source(used),)
    exact = effect_from_se(scale, sent["log_estimate"], sent["se"]) if {"log_estimate", "se"} <= sent.keys() else None

    if {"estimate", "ci_lower", "ci_upper"} <= sent.keys():
        level = delivered.delivery.manifest.interval_level
        limits = (sent["estimate"], sent["ci_lower"], sent["ci_upper"])
        effect = exact or _behind_interval(scale, *limits, level)
        origin = Origin("as_delivered", sources=source, notes=_interval_notes(scale, rows, effect, exact))
        return Contribution(delivered, with_value(id, analysis, limits, level, "as_delivered", origin), effect)
    if exact is not None:
        level = level_of(analysis)
        limits = (scale.natural(exact.value), *interval_of(exact, level))
        origin = Origin("wald_from_se", sources=source)
        return Contribution(delivered, with_value(id, analysis, limits, level, "wald", origin), exact)
    said = [rows[name] for name in ("estimate", "log_estimate") if name in rows]
    origin = Origin("as_delivered", sources=(delivered.source(said),) if said else ())
    return Contribution(delivered, without_value(id, analysis, state_of(said or [None]), origin), None)


def _behind_interval(scale: Scale, estimate: float, lower: float, upper: float, level: float) -> Effect | None:
    """None when a limit has no image on the scale (a rate's lower limit of 0) or the interval has no width."""
    try:
        effect = effect_from_interval(scale, lower, upper, estimate, level)
    except (ValueError, ZeroDivisionError):
        return None
    return effect if effect.variance > 0 else None


def _interval_notes(scale: Scale, rows: Mapping[str, Row], effect: Effect | None, exact: Effect | None) -> tuple[Note, ...]:
    if effect is None:
        return (Note("not_on_scale"),)
    if exact is None and not _symmetric(scale, rows["estimate"], rows["ci_lower"], rows["ci_upper"]):
        return (Note("interval_asymmetric"),)
    return ()


def _symmetric(scale: Scale, estimate: Row, lower: Row, upper: Row) -> bool:
    """Whether some numbers that round to the printed ones lie symmetrically on the scale."""

    def reach(row: Row) -> tuple[float, float]:
        half_unit = 0.5000001 * 10.0**-row.decimals
        value = row.value or 0.0
        return value - half_unit, value + half_unit

    def middle(low: float, high: float) -> float:
        return scale.natural((scale.transformed(low) + scale.transformed(high)) / 2)

    try:
        least, most = middle(reach(lower)[0], reach(upper)[0]), middle(reach(lower)[1], reach(upper)[1])
    except (ValueError, ZeroDivisionError):
        return True  # a limit that rounds to the edge of the scale says nothing about symmetry
    low, high = reach(estimate)
    return least <= high and low <= most
