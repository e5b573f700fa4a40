"""The axes of curves by time: ticks in years, months or days, and how far up the probability goes. Pure; knows no drawing."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal, TypeVar

from studygen.displays.figures.scale import Span, linear_scale
from studygen.results.findings import Curve

DAYS: Final = {"years": 365.25, "months": 30.4375, "days": 1.0}
"""Days in a unit of the axis."""
MOST_TICKS: Final = 9
STEPS: Final = (1, 2, 3, 6, 12, 5, 10, 15, 30, 60, 90)
NEAR: Final = 4.0
"""A day of a curve stands for a tick when it lies within so many days of it."""

T = TypeVar("T", float, "float | None")


@dataclass(frozen=True, slots=True)
class Clock:
    """The axis of time: its unit, ticks in that unit from zero on, and its end in days."""

    unit: Literal["years", "months", "days"]
    ticks: tuple[float, ...]
    end: float

    def day(self, tick: float) -> float:
        return tick * DAYS[self.unit]

    def at_tick(self, days: Sequence[float], column: Sequence[float | None], tick: float) -> float | None:
        """A curve's entry at a tick; None where no day of it stands for the tick."""
        near = [(abs(day - self.day(tick)), number) for number, day in enumerate(days) if abs(day - self.day(tick)) <= NEAR]
        return column[min(near)[1]] if near else None


def clock_of(last: float, days: Sequence[float]) -> Clock:
    """The axis for follow-up of `last` days: years when it is longer than two, months from two months on, else days. Ticks are
    set where the curves have days, if that is possible."""
    unit: Literal["years", "months", "days"] = "years" if last > 731 + NEAR else "months" if last >= 60 else "days"
    length = (last + NEAR) / DAYS[unit]
    fitting = []
    for step in sorted(STEPS):
        ticks = tuple(float(step * number) for number in range(math.floor(length / step) + 1))
        if 1 < len(ticks) <= MOST_TICKS:
            clock = Clock(unit, ticks, max(last, ticks[-1] * DAYS[unit]))
            met = sum(clock.at_tick(days, days, tick) is not None for tick in ticks) if days else len(ticks)
            fitting.append((met / len(ticks), len(ticks), clock))
    if not fitting:
        return Clock(unit, (0.0, length), last)
    return max(fitting, key=lambda each: each[:2])[2]


@dataclass(frozen=True, slots=True)
class Heights:
    """The axis of probability, as fractions."""

    low: float
    high: float
    ticks: tuple[float, ...]


def heights_of(curves: Sequence[Curve], turned: bool) -> Heights:
    """From 0 to 1 for curves that fall; for rising ones up to the highest limit, `turned` where survival is drawn as its
    complement."""
    if not turned and all(curve.kind == "survival" for curve in curves):
        return Heights(0.0, 1.0, (0.0, 0.25, 0.5, 0.75, 1.0))
    reached = []
    for curve in curves:
        if turned:
            reached += [1 - x for x in (*curve.probability, *curve.lower) if x is not None]
        else:
            reached += [x for x in (*curve.probability, *curve.upper) if x is not None]
    most = min(1.0, max([*reached, 0.001]))
    scale = linear_scale([Span(most, 0.0, most)], (), None)
    return Heights(0.0, min(1.0, scale.high), tuple(tick for tick in scale.ticks if tick <= 1.0))
