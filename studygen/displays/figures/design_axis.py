"""The axis of the study design diagram: where days stand on the sheet. Pure; knows no drawing."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from studygen.study.population import Window

CLOSEST, FARTHEST = 1.0, 3.2
"""Least and greatest distance of neighbouring days, in units that are then fitted to the width."""
WIDEST_UNIT = 1.3
"""The most that a unit is printed, centimetres: few days do not stretch over the whole sheet."""
REACH = 0.42
"""How far a bar reaches beyond the middle of its first and last day, in units."""


@dataclass(frozen=True, slots=True)
class Axis:
    """Days on the sheet (centimetres) between `left` and `right`. Order is kept; distances grow with the logarithm, so that a day
    and ten years fit."""

    days: tuple[int, ...]
    positions: tuple[float, ...]
    left: float
    right: float
    reach: float

    @staticmethod
    def of(windows: Sequence[Window], width: Callable[[Window], float], left: float, right: float) -> Axis:
        """The axis for these windows. `width` is the printed width of a window's interval: where a window is open and begins (or
        ends) at the outermost day, there is room for it beyond that day."""
        days = {0}
        for window in windows:
            days |= {edge for edge in (window.start_day, window.end_day) if isinstance(edge, int)}
        ordered = tuple(sorted(days))
        steps = [0.0]
        for before, after in pairwise(ordered):
            distance = abs(_stretched(after) - _stretched(before))
            steps.append(steps[-1] + min(max(distance, CLOSEST), FARTHEST))
        first, last = ordered[0], ordered[-1]
        before_first = [width(each) for each in windows if not isinstance(each.start_day, int) and each.end_day == first]
        after_last = [width(each) for each in windows if not isinstance(each.end_day, int) and each.start_day == last]
        needed = max(before_first, default=0.0), max(after_last, default=0.0)
        unit = (right - left) / (steps[-1] + 2)
        fixed = [room for room in needed if room > unit]
        unit = min((right - left - sum(fixed)) / (steps[-1] + 2 - len(fixed)), WIDEST_UNIT)
        rooms = [max(room, unit) for room in needed]
        spare = right - left - sum(rooms) - steps[-1] * unit
        start = left + rooms[0] + spare / 2
        return Axis(ordered, tuple(start + step * unit for step in steps), left, right, REACH * unit)

    def at(self, day: int) -> float:
        """Where a day stands."""
        return self.positions[self.days.index(day)]

    def bar(self, window: Window) -> tuple[float, float]:
        """Left and right end of a window's bar: its first and last day included, an open end at the end of the axis."""
        start = self.at(window.start_day) - self.reach if isinstance(window.start_day, int) else self.left
        end = self.at(window.end_day) + self.reach if isinstance(window.end_day, int) else self.right
        return start, end


def _stretched(day: int) -> float:
    return math.copysign(math.log2(1 + abs(day) / 15), day)
