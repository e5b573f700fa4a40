"""The axis of a forest plot: its range, its ticks, and where an interval must be cut. Pure; knows no drawing."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from studygen.displays import numbers

LOG_STEPS = (
    (1.0, 1.25, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0),
    (1.0, 1.5, 2.0, 3.0, 5.0, 7.0),
    (1.0, 2.0, 5.0),
    (1.0, 3.0),
    (1.0,),
)
"""Ticks within a decade, from dense to sparse."""
MOST_TICKS = 7
STRETCH = 0.75
"""How far, as a share of the range of the registries' intervals, intervals of pooled estimates may widen the axis."""
SIDE = 0.3
"""Room beyond the line of no effect, as a share of that range."""
FARTHEST = 30.0
"""A ratio's axis never reaches beyond the outermost estimates by more than this factor."""


@dataclass(frozen=True, slots=True)
class Scale:
    """An axis from `low` to `high` with ticks; `log` when distances are ratios; `null` is where there is no effect."""

    low: float
    high: float
    ticks: tuple[float, ...]
    log: bool
    null: float | None

    def at(self, value: float) -> float:
        """Position of a value between 0 (left end) and 1 (right end); outside when it is off the axis."""
        if self.log:
            if value <= 0:
                return -math.inf
            return (math.log(value) - math.log(self.low)) / (math.log(self.high) - math.log(self.low))
        return (value - self.low) / (self.high - self.low)


@dataclass(frozen=True, slots=True)
class Span:
    """An estimate and its limits on the printed scale."""

    value: float
    lower: float
    upper: float


def log_scale(core: Sequence[Span], beside: Sequence[Span], null: float = 1.0) -> Scale:
    """The axis of a ratio: all of the registries' intervals within reason, the null value, and some room for wider ones."""
    spans = [span for span in core if span.value > 0] or [Span(null, null / 2, null * 2)]
    values = [math.log(span.value) for span in spans]
    reach = math.log(FARTHEST)
    lows = [math.log(span.lower) for span in spans if span.lower > 0]
    highs = [math.log(span.upper) for span in spans if 0 < span.upper < math.inf]
    low = max(min([*lows, *values]), min(values) - reach)
    high = min(max([*highs, *values]), max(values) + reach)
    low, high = min(low, math.log(null)), max(high, math.log(null))
    width = max(high - low, math.log(1.5))
    low, high = _around(math.log(null), low, high, width)
    low, high = _stretched(
        low,
        high,
        width,
        [math.log(span.lower) if span.lower > 0 else -math.inf for span in beside],
        [math.log(span.upper) if span.upper > 0 else math.inf for span in beside],
    )
    ends = math.exp(low - 0.06 * width), math.exp(high + 0.06 * width)
    return Scale(*ends, _log_ticks(*ends), True, null)


def linear_scale(core: Sequence[Span], beside: Sequence[Span], null: float | None) -> Scale:
    """The axis of a proportion, a rate or a difference; one that cannot be negative starts at zero."""
    spans = list(core) or [Span(0.5, 0.0, 1.0)]
    limits = [limit for span in spans for limit in (span.lower, span.value, span.upper) if math.isfinite(limit)]
    low, high = min(limits), max(limits)
    if null is not None:
        low, high = min(low, null), max(high, null)
        low, high = _around(null, low, high, high - low)
    elif low >= 0:
        low = 0.0
    width = (high - low) or abs(high) or 1.0
    lower, upper = _stretched(low, high, width, [span.lower for span in beside], [span.upper for span in beside])
    floor = null is None and low == 0
    ends = (0.0 if floor else lower - 0.06 * width), upper + 0.06 * width
    return Scale(*ends, _linear_ticks(*ends), False, null)


def _around(null: float, low: float, high: float, width: float) -> tuple[float, float]:
    """Room on both sides of the line of no effect."""
    return min(low, null - SIDE * width), max(high, null + SIDE * width)


def _stretched(low: float, high: float, width: float, lows: Sequence[float], highs: Sequence[float]) -> tuple[float, float]:
    room = STRETCH * width
    return max(min([low, *lows]), low - room), min(max([high, *highs]), high + room)


def _log_ticks(low: float, high: float) -> tuple[float, ...]:
    decades = range(math.floor(math.log10(low)) - 1, math.ceil(math.log10(high)) + 1)
    for steps in LOG_STEPS:
        ticks = [float(f"{step * 10.0**decade:.6g}") for decade in decades for step in steps]
        inside = tuple(tick for tick in ticks if low <= tick <= high)
        if len(inside) <= MOST_TICKS:
            return inside or (float(f"{math.sqrt(low * high):.2g}"),)
    every = math.ceil(len(inside) / MOST_TICKS)
    return tuple(tick for tick in inside if round(math.log10(tick)) % every == 0)


def _linear_ticks(low: float, high: float) -> tuple[float, ...]:
    magnitude = 10.0 ** math.floor(math.log10((high - low) / MOST_TICKS))
    step = next(
        step * magnitude for step in (1.0, 2.0, 2.5, 5.0, 10.0, 20.0) if (high - low) / (step * magnitude) < MOST_TICKS - 1
    )
    first = math.ceil(low / step - 1e-9)
    last = math.floor(high / step + 1e-9)
    return tuple(float(f"{number * step:.10g}") for number in range(first, last + 1))


def tick_text(value: float) -> str:
    """A tick's label: as many decimals as the value needs, grouped thousands, a real minus."""
    if value != 0 and not 1e-4 <= abs(value) < 1e7:
        return numbers.power_of_ten(value)
    written = f"{value:.6f}".rstrip("0")
    return numbers.fixed(value, len(written.split(".")[1]))
