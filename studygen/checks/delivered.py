"""Deliveries as rules look at them: their rows by what they are about, where a row stands, and to which deliveries the small-cell
rule applies. Knows no rule."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from studygen.aggregates.contract import Delivery, Row, RowKey
from studygen.aggregates.small_cells import threshold_in_force
from studygen.checks.subject import Subject
from studygen.errors import Fault, Place


@dataclass(frozen=True)
class Sent:
    """One registry's delivery in its study. `threshold` is the smallest count that it may show; 1 for published aggregates, which
    cannot be withheld any more."""

    subject: Subject
    delivery: Delivery
    threshold: int

    @cached_property
    def by_key(self) -> Mapping[RowKey, Mapping[str, Row]]:
        """The rows that belong together: key → statistic → row."""
        found: dict[RowKey, dict[str, Row]] = {}
        for row in self.delivery.rows:
            found.setdefault(row.key, {}).setdefault(row.statistic, row)
        return found

    @property
    def withholds(self) -> bool:
        """Whether the small-cell rule applies."""
        return self.delivery.manifest.nature != "published"

    def rows(self, key: RowKey) -> Mapping[str, Row]:
        return self.by_key.get(key, {})

    def value(self, key: RowKey, statistic: str) -> float | None:
        """The reported number; None when there is none."""
        row = self.rows(key).get(statistic)
        return None if row is None else row.value

    def fault(self, row: Row, what: str, remedy: str) -> Fault:
        return Fault(Place((self.subject.folder / self.delivery.file).as_posix(), row.line), what, remedy)

    def manifest_fault(self, key: str, what: str, remedy: str) -> Fault:
        """A fault of the covering note, at the line of its key."""
        path = self.subject.folder / self.delivery.manifest_file
        text = path.read_text(encoding="utf-8") if path.is_file() else ""
        at = text.find(f'"{key}"')
        return Fault(Place(path.as_posix(), text.count("\n", 0, at) + 1 if at >= 0 else None, key), what, remedy)


def deliveries_of(subject: Subject) -> Iterator[Sent]:
    """All deliveries in the plan's order."""
    for participation in subject.study.participation:
        if participation.registry in subject.deliveries:
            delivery = subject.deliveries[participation.registry]
            threshold = threshold_in_force(subject.study, subject.network, participation, delivery.manifest)
            yield Sent(subject, delivery, threshold if delivery.manifest.nature != "published" else 1)


def name_of(key: RowKey) -> str:
    """A row's subject in few words: "infection_rate, a, sex=female"."""
    parts = (key.analysis, key.group, key.variable if key.analysis in ("attrition", "baseline", "feasibility") else "", key.level)
    stratum = "" if key.stratum == "overall" else key.stratum
    return ", ".join(part for part in (*parts, stratum, "" if key.time is None else f"day {key.time:g}") if part)
