"""Simulated quality figures for a dossier whose registries have not delivered: every row that an indicator needs, by the delivery
contract, small counts withheld. Deterministic: the same dossier gives the same bytes. Knows no real number of any registry.

    write_dummy_quality(dossier, "dk_dmsr", folder / "deliveries" / "dk_dmsr")
"""

from __future__ import annotations

import datetime
import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from studygen.aggregates.contract import Manifest, Row, RowKey, State
from studygen.aggregates.quality_contract import ALL, BY_ITEM, QUALITY, YEAR
from studygen.aggregates.quality_disclosure import Family, recomputed
from studygen.aggregates.quality_subject import threshold_of
from studygen.aggregates.sending import write_delivery
from studygen.qualification.dossier import Dossier
from studygen.qualification.indicators import Indicator

YEARS: Final = (2021, 2022, 2023, 2024, 2025)
DATA_CUT: Final = datetime.date(2026, 6, 30)
EXTRACTION: Final = datetime.date(2026, 9, 1)
SOFTWARE: Final = "generator of simulated quality figures, version 2"
LEVELS: Final = (-0.25, 1.15)
"""Where a registry's first figure lies, between the minimum (0) and the target (1)."""
YEARLY: Final = 0.07
"""Mean yearly step towards the target and beyond."""
NOT_COLLECTED: Final = 0.3
"""Share of registries that do not verify source data; every other indicator is given."""
OF_SOME: Final = ("death.",)
"""Core variables that most people cannot have; how complete they are is not a share of all."""


Made = tuple[RowKey, str, float | None, State]


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
    makers = [_Maker(registry, indicator, threshold) for indicator in dossier.definition.indicators]
    rows: list[Made] = []
    sizes = {year: _sizes(registry, makers, year) for year in years}
    for maker in makers:
        rows.extend(maker.rows(sizes))
    write_delivery(folder, manifest, tuple(Row(line, *each) for line, each in enumerate(rows, start=2)))


def indicators_hash(indicators: Sequence[Indicator]) -> str:
    """SHA-256 of what a registry must know to count: definition, parts and unit of every indicator, not its target."""
    what = {"id", "definition", "core_items", "unit", "numerator", "denominator"}
    asked = [each.model_dump(mode="json", include=what) for each in indicators]
    return hashlib.sha256(json.dumps(asked, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def _draw(*name: object) -> float:
    """One number from 0 up to 1."""
    seed = "/".join(str(part) for part in name)
    return int.from_bytes(hashlib.sha256(seed.encode()).digest()[:7], "big") / 256**7


@dataclass(frozen=True)
class _Maker:
    """The rows of one indicator of one registry."""

    registry: str
    indicator: Indicator
    threshold: int

    def draw(self, *name: object) -> float:
        return _draw(self.registry, self.indicator.id, *name)

    def rows(self, sizes: Mapping[int, Sizes]) -> Iterator[Made]:
        verified = self.indicator.dimension == "source_data_verification"
        collected = not verified or self.draw("collected") >= NOT_COLLECTED
        for year, size in sizes.items():
            if not collected:
                yield self._row(year, "", self._first, None, "not_collected")
            elif self.indicator.unit == "percent":
                yield from self._shares(year, size[counted(self.indicator.denominator)])
            else:
                yield from self._figure(year, size)

    @property
    def _first(self) -> str:
        return "median" if self.indicator.unit == "days" else "numerator"

    def value(self, year: int) -> float:
        """The figure of a year: a level of the registry that moves towards the target, with some scatter."""
        low, high = LEVELS
        level = low + (high - low) * self.draw("level") + YEARLY * (year - YEARS[0]) * 2 * self.draw("step")
        level += 0.12 * (self.draw("scatter", year) - 0.5)
        least, target = self.indicator.minimum, self.indicator.target
        value = max(least + level * (target - least), 0.2 * min(least, target))
        return min(value, 99.8) if self.indicator.unit == "percent" else value

    def _items(self, year: int) -> dict[str, float]:
        """Each core variable is at least as complete as all together, and what is missing of all is missing of one of them."""
        items = [each for each in self.indicator.core_items if not each.startswith(OF_SOME)]
        if self.indicator.dimension not in BY_ITEM or len(items) < 2:
            return {}
        missing = 100 - self.value(year)
        parts = {item: 0.3 + self.draw("item", item) for item in items}
        once = sum(parts.values()) / (1.05 + 0.3 * self.draw("overlap"))
        return {item: 100 - missing * min(part / once, 1.0) for item, part in parts.items()}

    def _shares(self, year: int, whole: int) -> Iterator[Made]:
        """The share of the indicator and of its core variables; small counts, and what would give one away, are suppressed."""
        shares = {"": self.value(year), **self._items(year)}
        parts = {item: round(value * whole / 100) for item, value in shares.items()}
        small = {item for item, part in parts.items() if 0 < part < self.threshold or 0 < whole - part < self.threshold}
        shown = {item: None if item in small else part for item, part in parts.items()}
        everything, items = shown[""], {item: part for item, part in shown.items() if item}
        family = Family(whole, everything, items, set(items) == set(self.indicator.core_items))
        if items and recomputed(family, self.threshold) is not None:
            shown[min((item for item, part in items.items() if part is not None), key=lambda item: whole - parts[item])] = None
        for item, part in shown.items():
            yield self._row(year, item, "numerator", part, "suppressed" if part is None else "reported")
            yield self._row(year, item, "denominator", whole)

    def _figure(self, year: int, size: Sizes) -> Iterator[Made]:
        value, whole = self.value(year), size[counted(self.indicator.denominator)]
        match self.indicator.unit:
            case "days":
                yield self._row(year, "", "median", round(value))
                yield self._row(year, "", "denominator", whole)
            case "per_year":
                events = counted(self.indicator.numerator)
                yield self._row(year, "", "numerator", size[events] if events in size else round(value * whole))
                yield self._row(year, "", "person_years", whole)
            case "count":
                part = round(value)
                small = 0 < part < self.threshold
                yield self._row(year, "", "numerator", None if small else part, "suppressed" if small else "reported")

    def _row(self, year: int, item: str, statistic: str, value: float | None, state: State = "reported") -> Made:
        return RowKey(QUALITY, ALL, self.indicator.id, item, f"{YEAR}{year}"), statistic, value, state


# ---------------------------------------------------------------- how large a registry is

Sizes = Mapping[str, int]
"""What there is of each thing that is counted, in one year of one registry."""

PERSONS: Final = (6000, 24000)
"""Range of the persons of a registry in the first year."""
OBSERVED: Final = (0.6, 0.8)
"""Range of the share of them that is under observation at the end of a year."""
PER_YEAR: Final[Mapping[str, float]] = {
    "visits": 1.3,
    "relapses": 0.2,
    "events": 0.06,
    "begun": 0.15,
    "ended": 0.12,
    "records": 2.0,
}
"""What happens in a person-year, unless an indicator says it."""
SAMPLE: Final = (400, 800)
"""Range of the values that are verified in a year."""

COUNTED: Final = (
    ("person-year", "person_years"),
    ("verified", "sample"),
    ("records", "records"),
    ("visit", "visits"),
    ("relapse", "relapses"),
    ("adverse event", "events"),
    ("ended", "ended"),
    ("episode", "begun"),
    ("at any time", "ever"),
    ("ever under", "ever"),
    ("observation at the end", "at_end"),
    ("under observation", "in_year"),
)
"""Words of a denominator, and what it counts; persons where none of them is found."""


def counted(words: str) -> str:
    """What a numerator or denominator counts: equal words have equal numbers, whichever indicator they stand in."""
    return next((kind for word, kind in COUNTED if word in words.lower()), "persons")


def _sizes(registry: str, makers: Sequence[_Maker], year: int) -> Sizes:
    """The sizes of a registry in a year: drawn once, and derived from each other. Persons under observation are part of all,
    person-years follow from them, and events from person-years."""

    def between(limits: tuple[float, float], share: float) -> float:
        return limits[0] + (limits[1] - limits[0]) * share

    persons = between(PERSONS, _draw(registry, "persons") ** 2) * (1 + 0.04 * (year - YEARS[0]))
    at_end = persons * between(OBSERVED, _draw(registry, "observed"))
    person_years = round(0.99 * at_end)
    rates = {counted(each.indicator.numerator): each.value(year) for each in makers if each.indicator.unit == "per_year"}
    events = {kind: round(rate * person_years) for kind, rate in {**PER_YEAR, **rates}.items()}
    return {
        "persons": round(persons),
        "ever": round(0.98 * persons),
        "in_year": round(1.04 * at_end),
        "at_end": round(at_end),
        "person_years": person_years,
        "sample": round(between(SAMPLE, _draw(registry, "sample"))),
        **events,
    }
