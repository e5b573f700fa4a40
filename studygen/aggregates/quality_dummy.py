"""Simulated quality figures for a dossier whose registries have not delivered: every row that an indicator needs, by the delivery
contract, small counts withheld. Deterministic: the same dossier gives the same bytes. Knows no real number of any registry.

    write_dummy_quality(dossier, "dk_dmsr", folder / "deliveries" / "dk_dmsr")
"""

from __future__ import annotations

import datetime
import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from studygen.aggregates.contract import Manifest, Row, RowKey, State
from studygen.aggregates.quality_contract import ALL, QUALITY, YEAR
from studygen.aggregates.quality_rules import threshold_of
from studygen.aggregates.sending import write_delivery
from studygen.qualification.dossier import Dossier
from studygen.qualification.indicators import Indicator

YEARS: Final = (2021, 2022, 2023, 2024, 2025)
DATA_CUT: Final = datetime.date(2026, 6, 30)
EXTRACTION: Final = datetime.date(2026, 9, 1)
SOFTWARE: Final = "studygen, simulated quality figures, generator 1"
SIZES: Final = (2400, 12000)
"""Range of the denominators; that of verified values is a tenth of it."""
LEVELS: Final = (-0.25, 1.15)
"""Where a registry's first figure lies, between the minimum (0) and the target (1)."""
YEARLY: Final = 0.07
"""Mean yearly step towards the target and beyond."""
NOT_COLLECTED: Final = 0.3
"""Share of registries that do not verify source data; every other indicator is given."""
ITEMS: Final = ("completeness", "treatment_dates")
"""Dimensions whose indicators are sent by core variable as well."""
OF_SOME: Final = ("death.",)
"""Core variables that most people cannot have; how complete they are is not a share of all."""


def write_dummy_quality(dossier: Dossier, registry: str, folder: Path, years: Sequence[int] = YEARS) -> None:
    """Writes the simulated delivery of one registry into `folder`, which is made."""
    threshold = threshold_of(dossier, registry)
    manifest = Manifest(
        format=1,
        study=dossier.definition.id,
        definition_version=dossier.data_model.core.version,
        definition_hash=indicators_hash(dossier.definition.indicators),
        registry=registry,
        nature="simulated",
        data_cut=DATA_CUT,
        extraction=EXTRACTION,
        software=SOFTWARE,
        small_cell_threshold=threshold,
        files={},
    )
    rows = [row for indicator in dossier.definition.indicators for row in _Maker(registry, indicator, threshold).rows(years)]
    write_delivery(folder, manifest, tuple(Row(line, *each) for line, each in enumerate(rows, start=2)))


def indicators_hash(indicators: Sequence[Indicator]) -> str:
    """SHA-256 of what a registry must know to count: definition, parts and unit of every indicator, not its target."""
    what = {"id", "definition", "core_items", "unit", "numerator", "denominator"}
    asked = [each.model_dump(mode="json", include=what) for each in indicators]
    return hashlib.sha256(json.dumps(asked, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


Made = tuple[RowKey, str, float | None, State]


@dataclass(frozen=True)
class _Maker:
    """The rows of one indicator of one registry."""

    registry: str
    indicator: Indicator
    threshold: int

    def draw(self, *name: object) -> float:
        """One number from 0 up to 1."""
        seed = "/".join(str(part) for part in (self.registry, self.indicator.id, *name))
        return int.from_bytes(hashlib.sha256(seed.encode()).digest()[:7], "big") / 256**7

    def rows(self, years: Sequence[int]) -> Iterator[Made]:
        verified = self.indicator.dimension == "source_data_verification"
        collected = not verified or self.draw("collected") >= NOT_COLLECTED
        for year in years:
            if not collected:
                yield self._row(year, "", self._first, None, "not_collected")
                continue
            yield from self._figure(year, "", self._value(year))
            for item, value in self._items(year).items():
                yield from self._figure(year, item, value)

    def _items(self, year: int) -> dict[str, float]:
        """Each core variable is at least as complete as all together, and what is missing of all is missing of one of them."""
        items = [each for each in self.indicator.core_items if not each.startswith(OF_SOME)]
        if self.indicator.dimension not in ITEMS or len(items) < 2:
            return {}
        missing = 100 - self._value(year)
        parts = {item: 0.3 + self.draw("item", item) for item in items}
        once = sum(parts.values()) / (1.05 + 0.3 * self.draw("overlap"))
        return {item: 100 - missing * min(part / once, 1.0) for item, part in parts.items()}

    @property
    def _first(self) -> str:
        return "median" if self.indicator.unit == "days" else "numerator"

    def _value(self, year: int) -> float:
        """The figure of a year: a level of the registry that moves towards the target, with some scatter."""
        low, high = LEVELS
        level = low + (high - low) * self.draw("level") + YEARLY * (year - YEARS[0]) * 2 * self.draw("step")
        level += 0.12 * (self.draw("scatter", year) - 0.5)
        least, target = self.indicator.minimum, self.indicator.target
        value = max(least + level * (target - least), 0.2 * min(least, target))
        return min(value, 99.8) if self.indicator.unit == "percent" else value

    def _size(self, year: int) -> int:
        low, high = SIZES
        growth = 1 + 0.04 * (year - YEARS[0])
        size = (low + (high - low) * self.draw("size") ** 2) * growth
        return round(size / 10 if self.indicator.dimension == "source_data_verification" else size)

    def _figure(self, year: int, item: str, value: float) -> Iterator[Made]:
        whole = self._size(year)
        match self.indicator.unit:
            case "percent":
                part = round(value * whole / 100)
                small = 0 < part < self.threshold or 0 < whole - part < self.threshold
                state: State = "suppressed" if small else "reported"
                yield self._row(year, item, "numerator", None if small else part, state)
                yield self._row(year, item, "denominator", whole)
            case "days":
                yield self._row(year, item, "median", round(value))
                yield self._row(year, item, "denominator", whole)
            case "per_year":
                yield self._row(year, item, "numerator", round(value * whole))
                yield self._row(year, item, "person_years", whole)
            case "count":
                part = round(value)
                small = 0 < part < self.threshold
                yield self._row(year, item, "numerator", None if small else part, "suppressed" if small else "reported")

    def _row(self, year: int, item: str, statistic: str, value: float | None, state: State = "reported") -> Made:
        return RowKey(QUALITY, ALL, self.indicator.id, item, f"{YEAR}{year}"), statistic, value, state
