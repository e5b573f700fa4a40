"""Suppression as a registry applies it before it sends: small counts, and whatever would give a suppressed one away. The rules
themselves are those of `small_cells`, by which the intake judges."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from studygen.aggregates.contract import Delivery, Manifest, Row, RowKey
from studygen.aggregates.small_cells import given_away, is_small, small_differences


def as_sent(registry: str, rows: tuple[Row, ...], threshold: int, selection: Sequence[Sequence[str]]) -> tuple[Row, ...]:
    """The rows with everything suppressed that must be; `selection` are the chains of steps of the attrition. Lines tell the
    rows apart."""
    rows = tuple(_hidden(row) if is_small(row, threshold) else row for row in rows)
    rows = _levels_protected(rows)
    while lines := _giving_away(registry, rows, threshold, selection):
        rows = tuple(_hidden(row) if row.line in lines else row for row in rows)
    return rows


def _hidden(row: Row) -> Row:
    return replace(row, value=None, state="suppressed")


def _giving_away(registry: str, rows: tuple[Row, ...], threshold: int, selection: Sequence[Sequence[str]]) -> frozenset[int]:
    by_key = _by_key(rows)
    found = [row for row, _, _ in (*small_differences(_delivery(registry, rows), threshold, selection), *given_away(by_key))]
    return frozenset(row.line for row in found if row.state == "reported")


def _levels_protected(rows: tuple[Row, ...]) -> tuple[Row, ...]:
    """Where one level (or the missing) of a covariate is suppressed alone, the smallest other part that is not zero goes with it,
    so that the size of the group can stay."""
    parts: dict[RowKey, list[Row]] = {}
    for row in rows:
        if (row.key.level and row.statistic == "n") or row.statistic == "missing":
            parts.setdefault(replace(row.key, level=""), []).append(row)
    lines = set()
    for together in parts.values():
        others = [row for row in together if row.state == "reported" and row.value]
        if [row.state for row in together].count("suppressed") == 1 and others:
            lines.add(min(others, key=lambda row: row.value or 0).line)
    return tuple(_hidden(row) if row.line in lines else row for row in rows)


def _by_key(rows: tuple[Row, ...]) -> Mapping[RowKey, Mapping[str, Row]]:
    found: dict[RowKey, dict[str, Row]] = {}
    for row in rows:
        found.setdefault(row.key, {})[row.statistic] = row
    return found


def _delivery(registry: str, rows: tuple[Row, ...]) -> Delivery:
    manifest = Manifest.model_construct(nature="simulated", registry=registry)
    return Delivery(registry, manifest, "", "", "", rows)
