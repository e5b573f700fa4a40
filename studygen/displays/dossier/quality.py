"""How one quality figure reads: its number in words, traced by its address, or why there is none; and how it compares with target
and minimum. Tables and figures of many are elsewhere."""

from __future__ import annotations

from typing import Literal

from studygen.displays import numbers
from studygen.displays.dossier.frame import DossierFrame, figure_address
from studygen.displays.texts import DisplayTexts
from studygen.document.nodes import Inline, Text, Value
from studygen.qualification.indicators import QualityFigure, Unit

Verdict = Literal["target", "between", "failing", "none"]
"""Target reached, below the target but not the minimum, worse than the minimum, no figure."""
VERDICTS: tuple[Verdict, ...] = ("target", "between", "failing", "none")


def figure_text(frame: DossierFrame, figure: QualityFigure) -> str:
    """A figure as printed: "93.4%", "12 days", or the mark of its state."""
    if figure.state != "reported" or figure.value is None:
        return frame.texts.word("cell", "missing" if figure.state == "reported" else figure.state)
    return amount_text(figure.value, frame.definition.indicator(figure.indicator).unit, frame.texts)


def amount_text(value: float, unit: Unit, texts: DisplayTexts) -> str:
    """A delivered value as printed: "84.1%", "12 days", "1.43 per person-year"."""
    return texts.word("indicator_amount", unit).format(number=number_text(value, unit))


def number_text(value: float, unit: Unit) -> str:
    """The digits of a delivered value: percentages with one decimal, rates with two."""
    return numbers.fitted(value, {"percent": 1, "per_year": 2}.get(unit, 0))


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
