"""Quality indicators: their definitions with target and minimum, and the figures that registries deliver for them. Knows no
delivery format; what arrives is handed over as `QualityFigure`."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from studygen.definition import Declared, Id, Prose
from studygen.errors import Place
from studygen.network.data_model import VariableName

Unit = Literal["percent", "days", "per_year", "count"]


class Indicator(Declared):
    """One measure of data quality that every registry reports by calendar year."""

    id: Id
    label: str
    dimension: Literal[
        "completeness",
        "timeliness",
        "visit_density",
        "treatment_dates",
        "source_data_verification",
        "duplicates",
        "plausibility",
    ]
    definition: Prose
    core_items: tuple[VariableName, ...] = ()
    """The core variables it is about."""
    unit: Unit
    numerator: str
    denominator: str
    direction: Literal["at_least", "at_most"]
    """Whether more or less is better."""
    target: float
    """What the network aims at."""
    minimum: float
    """The worst value with which a registry still meets the conditions of the context of use."""
    source: str
    """Where target and minimum come from."""
    status: Literal["agreed", "proposed"]
    """Agreed by the members, or proposed by the coordination centre."""

    def fails(self, value: float, minimum: float | None = None) -> bool:
        """Whether a value is worse than the minimum (the indicator's own unless another is given)."""
        limit = self.minimum if minimum is None else minimum
        return value < limit if self.direction == "at_least" else value > limit

    def reaches_target(self, value: float) -> bool:
        return value >= self.target if self.direction == "at_least" else value <= self.target

    def is_possible(self, value: float) -> bool:
        """Whether a value can occur: a percentage lies between 0 and 100, nothing is below 0."""
        return math.isfinite(value) and 0 <= value <= (100 if self.unit == "percent" else math.inf)


@dataclass(frozen=True, slots=True)
class QualityFigure:
    """One delivered value of one indicator: of a registry, in a calendar year, or over all years (`year` is None); of the
    indicator as a whole, or of one core variable that it is about (`item`)."""

    registry: str
    indicator: str
    year: int | None
    value: float | None
    """In the indicator's unit; None unless reported."""
    state: Literal["reported", "suppressed", "not_collected", "not_applicable", "not_estimable"]
    place: Place
    """The row of the delivery, as errors name it."""
    numerator: float | None = None
    denominator: float | None = None
    simulated: bool = False
    item: str = ""
    """A core variable; empty for the indicator as a whole."""
    lines: tuple[int, ...] = ()
    """The rows of the delivery that it was taken from."""
    file: str = ""
    """The delivered file, as seen from the dossier's folder."""
    sha256: str = ""
    """Of the delivered file."""
