"""Deliveries in memory, row by row, for tests of what is described: no file, no manifest beyond what results read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from studygen.aggregates.contract import Delivery, Manifest, Row, RowKey, State
from studygen.results.delivered import Delivered

Number = float | str
"""A number, or the state that says why there is none."""


class Rows:
    """Collects rows with their lines, the first in line 2."""

    def __init__(self) -> None:
        self.rows: list[Row] = []

    def add(
        self, analysis: str, group: str, variable: str, numbers: Mapping[str, Number], level: str = "", time: float | None = None
    ) -> Rows:
        """Rows of one key: statistic → number or state."""
        for statistic, number in numbers.items():
            state: State = "reported" if not isinstance(number, str) else number  # type: ignore[assignment]
            value = None if isinstance(number, str) else float(number)
            key = RowKey(analysis, group, variable, level, "overall", time)
            self.rows.append(Row(len(self.rows) + 2, key, statistic, value, state))
        return self

    def table(self, analysis: str, group: str, variable: str, intervals: Sequence[Mapping[str, Number]]) -> Rows:
        """A life table: one mapping per interval, with its last day under `day`."""
        for interval in intervals:
            numbers = {name: number for name, number in interval.items() if name != "day"}
            self.add(analysis, group, variable, numbers, time=float(interval["day"]))
        return self

    def from_registry(self, registry: str, nature: str = "live", threshold: int = 5) -> Delivered:
        manifest = Manifest.model_construct(registry=registry, nature=nature, small_cell_threshold=1)
        delivery = Delivery(
            registry, manifest, f"deliveries/{registry}/aggregates.csv", "manifest.json", "ab" * 32, tuple(self.rows)
        )
        return Delivered(delivery, registry.upper(), threshold)
