"""Delivered rows as results: looks up the rows of one registry and turns each into a count or a quantity with its source.
Knows nothing about effects or pooling."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from studygen.aggregates.contract import STATISTICS, Delivery, Row, RowKey
from studygen.aggregates.small_cells import is_small
from studygen.results.addresses import joined
from studygen.results.findings import Count, Note, Origin, Quantity, QuantityUnit, Result, Source, State

_UNITS: dict[str, QuantityUnit] = {
    "person_years": "person_years",
    "smd": "standard_deviations",
    "smd_weighted": "standard_deviations",
}


@dataclass(frozen=True)
class Delivered:
    """One registry's delivery as results see it. `name` is the registry's short name for notes, `threshold` the smallest count
    that may be shown."""

    delivery: Delivery
    name: str
    threshold: int

    @property
    def registry(self) -> str:
        return self.delivery.registry

    @cached_property
    def _by_key(self) -> Mapping[RowKey, Mapping[str, Row]]:
        found: dict[RowKey, dict[str, Row]] = {}
        for row in self.delivery.rows:
            found.setdefault(row.key, {})[row.statistic] = row
        return found

    @property
    def by_key(self) -> Mapping[RowKey, Mapping[str, Row]]:
        """All rows that belong together: key → statistic → row."""
        return self._by_key

    def rows(self, key: RowKey) -> Mapping[str, Row]:
        """The rows about one thing: statistic → row; empty when nothing was sent."""
        return self._by_key.get(key, {})

    def source(self, rows: Iterable[Row]) -> Source:
        lines = tuple(sorted(row.line for row in rows))
        return Source(self.registry, self.delivery.file, self.delivery.sha256, lines)

    def as_result(self, row: Row, stem: str) -> Result:
        """The row as a count or quantity with the id `<stem>.<statistic>`."""
        id = joined(stem, row.statistic)
        origin = Origin("as_delivered", sources=(self.source([row]),), notes=self._notes(row))
        unit = STATISTICS[row.statistic].unit
        if unit in ("persons", "events"):
            value = None if row.value is None else int(row.value)
            hidden = self.threshold if row.state == "suppressed" else None
            return Count(id, value, "events" if unit == "events" else "persons", row.state, origin, hidden)
        return Quantity(id, row.value, _UNITS.get(row.statistic, "number"), row.state, origin)

    def _notes(self, row: Row) -> tuple[Note, ...]:
        if self.delivery.manifest.nature == "published" and is_small(row, self.threshold):
            return (Note("small_counts_published", (("threshold", str(self.threshold)),)),)
        return ()


def state_of(rows: Iterable[Row | None]) -> State:
    """The state of what is computed from rows: reported only if all are; suppressed wins over the other reasons; a row that
    was not sent was not collected."""
    states: list[State] = ["not_collected" if row is None else row.state for row in rows]
    for state in ("suppressed", "not_collected", "not_applicable", "not_estimable"):
        if state in states:
            return next(known for known in states if known == state)
    return "reported"
