"""What a rule on a delivery of quality figures is given: the delivery, and the dossier that it is judged by. Holds no rule."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from studygen.aggregates.contract import Delivery, Manifest, Row, RowKey
from studygen.aggregates.manifest import Sent, manifest_fault
from studygen.aggregates.quality_contract import OVERALL, YEAR
from studygen.errors import Fault, Place
from studygen.qualification.dossier import Dossier
from studygen.qualification.indicators import Indicator


@dataclass(frozen=True, slots=True)
class QualityCovering:
    """What a rule on the manifest of a delivery of quality figures is given."""

    dossier: Dossier
    sent: Sent
    manifest: Manifest

    def fault(self, key: str, what: str, remedy: str) -> Fault:
        return manifest_fault(self.sent, key, what, remedy)


@dataclass(frozen=True)
class QualityDelivered:
    """What a rule on the rows is given. `file` is the path to name in faults."""

    dossier: Dossier
    delivery: Delivery
    file: str

    @cached_property
    def indicators(self) -> Mapping[str, Indicator]:
        return {each.id: each for each in self.dossier.definition.indicators}

    @cached_property
    def by_key(self) -> Mapping[RowKey, Mapping[str, Row]]:
        """The rows that belong together: key → statistic → row (the first of duplicates), for indicators that are known."""
        found: dict[RowKey, dict[str, Row]] = {}
        for row in self.delivery.rows:
            if row.key.variable in self.indicators:
                found.setdefault(row.key, {}).setdefault(row.statistic, row)
        return found

    @property
    def threshold(self) -> int:
        return threshold_of(self.dossier, self.delivery.registry, self.delivery.manifest)

    def indicator(self, row: Row) -> Indicator | None:
        return self.indicators.get(row.key.variable)

    def fault(self, row: Row, what: str, remedy: str) -> Fault:
        return Fault(Place(self.file, row.line), what, remedy)


def threshold_of(dossier: Dossier, registry: str, manifest: Manifest | None = None) -> int:
    """The smallest count that may be shown: the largest of the network's, the registry's and the delivery's own."""
    network = dossier.network
    stated = 1 if manifest is None else manifest.small_cell_threshold
    return max(network.profile.small_cell_threshold, network.registry(registry).small_cell_threshold, stated)


def number_of(rows: Mapping[str, Row], statistic: str) -> float | None:
    """The value of a statistic among rows that belong together; None where there is none."""
    row = rows.get(statistic)
    return row.value if row is not None else None


def named(key: RowKey) -> str:
    """An indicator, with the core variable and the year."""
    parts = [key.variable, key.level, key.stratum.removeprefix(YEAR) if key.stratum != OVERALL else ""]
    return " ".join(part for part in parts if part)
