"""The trend of one measure: a small panel for each source side by side, all on one scale, its values by year, with lines for
target and minimum. Told apart by form. Knows nothing of what is measured."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from studygen.displays.figures.drawing import Canvas, text_width
from studygen.displays.look import Look

if TYPE_CHECKING:
    from matplotlib.axes import Axes

PAD = 0.15
LINE = 0.40
PANEL = 2.5
"""Height of a panel, centimetres."""
LEAST_WIDE = 2.2
"""Least width of a panel; more panels than fit go to a second row."""
GAP = 0.25


@dataclass(frozen=True, slots=True)
class TrendPanel:
    """One source: its name, its values by year (None: no number), and how its last value is printed."""

    label: str
    values: Sequence[tuple[int, float | None]]
    last: str
    failing: bool


@dataclass(frozen=True, slots=True)
class Trend:
    """What is drawn: the panels, the two limits with their words, the top of the scale where there is one (100 percent)."""

    panels: Sequence[TrendPanel]
    target: float
    minimum: float
    words: tuple[str, str]
    most: float | None


def draw_trend(look: Look, shown: Trend) -> Canvas:
    """The panels in rows, the name above each and its last value beside the name."""
    lower, upper = scale_of(shown)
    ticks = _ticks(lower, upper)
    left = PAD + max(text_width(look, text) for text in ticks.values()) + 0.2
    room = look.text_width_cm - left - PAD
    per_row = min(len(shown.panels), max(1, int((room + GAP) / (LEAST_WIDE + GAP))))
    wide = (room + GAP) / per_row - GAP
    rows = -(-len(shown.panels) // per_row)
    height = 2 * LINE + 0.1 + PANEL + LINE + 0.3
    canvas = Canvas(look, look.text_width_cm, PAD + rows * height + LINE + 0.25)
    years = sorted({year for panel in shown.panels for year, _ in panel.values})
    for number, panel in enumerate(shown.panels):
        x, y = left + (number % per_row) * (wide + GAP), PAD + (number // per_row) * height
        canvas.text(x + wide / 2, y + LINE / 2, panel.label, ha="center", fontweight="bold")
        canvas.text(x + wide / 2, y + 1.5 * LINE, panel.last, ha="center", fontweight="bold" if panel.failing else "normal")
        axes = canvas.axes(x, y + 2 * LINE + 0.1, wide, PANEL)
        _panel(axes, look, panel, shown, years, (lower, upper))
        if number % per_row == 0:
            axes.set_yticks(list(ticks), list(ticks.values()), parse_math=False)
        else:
            axes.set_yticks(list(ticks), [""] * len(ticks))
    _legend(canvas, shown.words, canvas.height - LINE / 2 - 0.1)
    return canvas


def scale_of(shown: Trend) -> tuple[float, float]:
    """From below the lowest value or limit to above the highest."""
    values = [value for panel in shown.panels for _, value in panel.values if value is not None]
    least, most = min([*values, shown.target, shown.minimum]), max([*values, shown.target, shown.minimum])
    room = 0.08 * (most - least)
    upper = most + room if shown.most is None else min(most + room, shown.most + 0.4)
    return max(least - room, 0.0 if shown.most is None or least > 0 else -0.2), upper


def _ticks(lower: float, upper: float) -> dict[float, str]:
    from matplotlib.ticker import MaxNLocator

    found = [float(f"{tick:.6g}") for tick in MaxNLocator(4).tick_values(lower, upper) if lower <= tick <= upper]
    return {tick: f"{tick:g}" for tick in found}


def _panel(axes: Axes, look: Look, panel: TrendPanel, shown: Trend, years: Sequence[int], scale: tuple[float, float]) -> None:
    axes.set_ylim(*scale)
    axes.set_xlim(years[0] - 0.5, years[-1] + 0.5)
    for side in ("right", "top"):
        axes.spines[side].set_visible(False)
    axes.axhline(shown.target, color=look.series[2], linewidth=1.1, zorder=1)
    axes.axhline(shown.minimum, color=look.series[1], linewidth=1.1, linestyle=(0, (4, 2)), zorder=1)
    ends = {years[0]: f"’{years[0] % 100:02d}", years[-1]: f"’{years[-1] % 100:02d}"}
    axes.set_xticks(list(years), [ends.get(year, "") for year in years], parse_math=False)
    axes.tick_params(length=2.5, pad=2)
    known = [(year, value) for year, value in panel.values if value is not None]
    # A line joins neighbouring years only: a year without a number is a gap.
    for (year, value), (after, next_value) in pairwise(known):
        if after == year + 1:
            axes.plot([year, after], [value, next_value], color=look.series[0], linewidth=1.1, zorder=2)
    axes.plot([x for x, _ in known], [y for _, y in known], "o", color=look.series[0], markersize=3, zorder=3)


def _legend(canvas: Canvas, words: tuple[str, str], y: float) -> None:
    x = PAD
    for number, text in enumerate(words):
        colour = canvas.look.series[2 - number]
        canvas.line([x, x + 0.7], [y, y], color=colour, linewidth=1.1, linestyle="-" if number == 0 else (0, (4, 2)))
        canvas.text(x + 0.85, y, text)
        x += 0.85 + canvas.measure(text) + 0.7
