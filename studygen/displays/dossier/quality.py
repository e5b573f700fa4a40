"""How one quality figure reads: its number in words, traced by its address, or why there is none; and how it compares with target
and minimum. Tables and figures of many are elsewhere."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from studygen.displays import numbers
from studygen.displays.dossier.frame import DossierFrame, figure_address
from studygen.displays.texts import DisplayTexts
from studygen.document.nodes import Inline, Text, Value
from studygen.qualification.indicators import QualityFigure, Unit
from studygen.qualification.qualification import Qualification
from studygen.stats.occurrence import clopper_pearson

Verdict = Literal["target", "between", "failing", "none"]
"""Target reached, below the target but not the minimum, worse than the minimum, no figure."""
VERDICTS: tuple[Verdict, ...] = ("target", "between", "failing", "none")

SAMPLED = "source_data_verification"
"""The dimension whose figures are those of a sample."""
MOST_DECIMALS = 4


def figure_text(frame: DossierFrame, figure: QualityFigure) -> str:
    """A figure as printed: "93.4%", "12 days", or why there is none."""
    return shown_text(frame.definition, figure, frame.texts)


def shown_text(definition: Qualification, figure: QualityFigure, texts: DisplayTexts) -> str:
    """The same for readers that have no frame."""
    if figure.state != "reported" or figure.value is None:
        return texts.word("quality_cell", figure.state)
    unit = definition.indicator(figure.indicator).unit
    return texts.word("indicator_amount", unit).format(number=digits(definition, figure))


def digits(definition: Qualification, figure: QualityFigure) -> str:
    """The digits of a figure that has a value; "" where it has none."""
    indicator = definition.indicator(figure.indicator)
    limits = (indicator.target, definition.minimum(indicator.id, figure.registry))
    return "" if figure.value is None else number_text(figure.value, indicator.unit, limits)


def number_text(value: float, unit: Unit, limits: Sequence[float] = ()) -> str:
    """The digits of a delivered value: percentages with one decimal, rates with two, and with more where rounding would carry it
    to a limit that it misses: 94.95 beside a limit of 95."""
    decimals = {"percent": 1, "per_year": 2}.get(unit, 0)
    while decimals < MOST_DECIMALS and any(_crosses(value, decimals, limit) for limit in limits):
        decimals += 1
    return numbers.fitted(value, decimals)


def _crosses(value: float, decimals: int, limit: float) -> bool:
    """Whether the rounded value lies on the other side of the limit than the value, or upon it."""
    rounded = float(numbers.rounded(value, decimals))
    return value != limit and (rounded - limit) * (value - limit) <= 0


def verdict(frame: DossierFrame, figure: QualityFigure | None) -> Verdict:
    """How a figure compares with the target and with the minimum that binds its registry."""
    if figure is None or figure.value is None:
        return "none"
    indicator = frame.definition.indicator(figure.indicator)
    if indicator.fails(figure.value, frame.definition.minimum(indicator.id, figure.registry)):
        return "failing"
    return "target" if indicator.reaches_target(figure.value) else "between"


def figure_value(frame: DossierFrame, figure: QualityFigure | None) -> Inline:
    """A figure as a traced number; the mark of something missing where the registry delivered none."""
    if figure is None:
        return Text(frame.texts.word("cell", "missing"))
    return Value(figure_address(figure), figure_text(frame, figure))


# ---------------------------------------------------------------- figures of a sample


def interval(frame: DossierFrame, figure: QualityFigure | None) -> tuple[float, float] | None:
    """The limits of the 95% interval (Clopper, Pearson) of a share of a sample, in percent; None where all were counted."""
    if figure is None or figure.value is None or figure.numerator is None or not figure.denominator:
        return None
    indicator = frame.definition.indicator(figure.indicator)
    if indicator.dimension != SAMPLED or indicator.unit != "percent":
        return None
    _, lower, upper = clopper_pearson(int(figure.numerator), int(figure.denominator))
    return 100 * lower, 100 * upper


def unsettled(frame: DossierFrame, figure: QualityFigure | None) -> Iterator[Literal["target", "minimum"]]:
    """The limits that lie inside the interval of a share of a sample, so that the sample does not settle the verdict."""
    limits = interval(frame, figure)
    if figure is None or limits is None:
        return
    indicator = frame.definition.indicator(figure.indicator)
    if limits[0] < indicator.target < limits[1]:
        yield "target"
    if limits[0] < frame.definition.minimum(indicator.id, figure.registry) < limits[1]:
        yield "minimum"


# ---------------------------------------------------------------- one indicator over the registries


@dataclass(frozen=True, slots=True)
class Standing:
    """How the latest figures of one indicator compare, over the registries that have a value."""

    known: int
    """Registries with a value."""
    reaching: int
    """Those that reach the target."""
    meeting: int
    """Those that meet their minimum."""
    lowest: str
    """The registry with the lowest value; empty where there is none."""
    highest: str
    years: tuple[int, ...]
    """The years of the values, the first first."""


def standing(frame: DossierFrame, indicator: str) -> Standing:
    """The standing of an indicator."""
    latest = [frame.dossier.latest(registry, indicator) for registry in frame.definition.registries]
    known = sorted((each for each in latest if each is not None and each.value is not None), key=lambda each: each.value or 0)
    verdicts = [verdict(frame, each) for each in known]
    return Standing(
        len(known),
        verdicts.count("target"),
        len(known) - verdicts.count("failing"),
        known[0].registry if known else "",
        known[-1].registry if known else "",
        tuple(sorted({each.year for each in known if each.year is not None})),
    )
