"""Draws curves by time with their bands, a legend, and the persons at risk below. Knows no study."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from studygen.displays.figures.curve_axis import Clock, Heights
from studygen.displays.figures.drawing import Canvas, text_width, wrapped
from studygen.displays.look import Look

if TYPE_CHECKING:
    from matplotlib.axes import Axes

PAD = 0.2
LINE = 0.42
PLOT = 7.2
"""Height of the plot, centimetres."""
LABEL = 3.6
"""Greatest width of the groups' names beside the persons at risk."""
ROW = 0.5
BEYOND = 0.025
"""How far, as a share of it, curves are drawn on behind the last day."""
DASHES: Final[Sequence[Any]] = ("solid", (0, (5, 2)), (0, (1.2, 1.4)), (0, (6, 2, 1.2, 2)), (0, (9, 3)), (0, (3, 1.5)))
"""Line styles of the groups; each differs from the others in grey."""


@dataclass(frozen=True, slots=True)
class Group:
    """A group's name, its steps (days, value and limits, empty without a curve), and the persons at risk at the ticks."""

    label: str
    days: tuple[float, ...]
    value: tuple[float, ...]
    lower: tuple[float | None, ...]
    upper: tuple[float | None, ...]
    at_risk: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CurveSheet:
    """What is drawn. `tick` writes a probability; a `shell` has outlined curves, which rise, and no numbers on the
    probability."""

    groups: Sequence[Group]
    clock: Clock
    heights: Heights
    y_label: str
    x_label: str
    at_risk: str
    tick: Callable[[float], str]
    shell: bool


def draw_curves(look: Look, sheet: CurveSheet) -> Canvas:
    """The drawing, as wide as the text of a page; inside `drawing.drawing(look)`."""
    names = [wrapped(look, group.label, LABEL, most=2) for group in sheet.groups]
    column = max(text_width(look, line) for lines in names for line in lines)
    column = max(column, text_width(look, sheet.at_risk, bold=True) - 1.0)
    widest = max(text_width(look, sheet.tick(tick)) for tick in sheet.heights.ticks)
    left = PAD + max(column + 0.75, widest + 1.35)
    right = look.text_width_cm - 0.6
    top, legend = PAD + 0.1, _legend_rows(look, sheet, right - left)
    plot_top = top + len(legend) * ROW + 0.1
    bottom = plot_top + PLOT
    table = bottom + 1.75
    rows = [max(ROW, len(lines) * LINE + 0.08) for lines in names]
    canvas = Canvas(look, look.text_width_cm, table + 0.35 + sum(rows) + 0.05)
    axes = canvas.axes(left, plot_top, right - left, PLOT)
    _axes(axes, sheet)
    for number, group in enumerate(sheet.groups):
        _curve(axes, look, sheet, number, group)
    _draw_legend(canvas, sheet, legend, left, top)
    title = wrapped(look, sheet.y_label, PLOT, most=2)
    for number, line in enumerate(reversed(title)):
        canvas.text(left - widest - 0.55 - number * LINE, plot_top + PLOT / 2, line, ha="center", va="center", rotation=90)
    canvas.text((left + right) / 2, bottom + 0.95, sheet.x_label, ha="center")
    _at_risk(canvas, sheet, names, rows, left, right, table)
    return canvas


def _axes(axes: Axes, sheet: CurveSheet) -> None:
    look_at = sheet.heights
    axes.set_xlim(0, _edge(sheet))
    axes.set_ylim(look_at.low, look_at.high)
    for side in ("right", "top"):
        axes.spines[side].set_visible(False)
    ticks = [sheet.clock.day(tick) for tick in sheet.clock.ticks]
    # A shell knows only where follow-up begins.
    axes.set_xticks(ticks, [f"{tick:g}" if not sheet.shell or tick == 0 else "" for tick in sheet.clock.ticks], parse_math=False)
    shown = list(look_at.ticks)
    axes.set_yticks(shown, ["" if sheet.shell else sheet.tick(tick) for tick in shown], parse_math=False)
    axes.tick_params(length=3, pad=2)


def _edge(sheet: CurveSheet) -> float:
    """The right end of the axis in days: a little beyond the last day, so that what happens on it can be seen."""
    return sheet.clock.end * (1 + BEYOND)


def _curve(axes: Axes, look: Look, sheet: CurveSheet, number: int, group: Group) -> None:
    colour, dashes = look.series[number % len(look.series)], DASHES[number % len(DASHES)]
    if sheet.shell:
        days = [_edge(sheet) * step / 8 for step in range(9)]
        value = [step * (0.05 + 0.025 * number) for step in range(9)]
        axes.step(days, value, where="post", color=look.muted, linewidth=1.2, linestyle=dashes, clip_on=False)
        return
    if not group.days:
        return
    limits = zip(group.days, group.lower, group.upper, strict=True)
    known = [(day, low, high) for day, low, high in limits if low is not None and high is not None]
    if known:
        days, low, high = ([float(each[column]) for each in (*known, known[-1])] for column in range(3))
        days[-1] = _held(sheet, group)
        axes.fill_between(days, low, high, step="post", color=colour, alpha=0.16, linewidth=0, zorder=1)
        for edge in (low, high):
            axes.step(days, edge, where="post", color=colour, linewidth=0.5, alpha=0.7, linestyle=dashes, zorder=2)
    days, value = [*group.days, _held(sheet, group)], [*group.value, group.value[-1]]
    axes.step(days, value, where="post", color=colour, linewidth=1.6, linestyle=dashes, zorder=3, clip_on=False)


def _held(sheet: CurveSheet, group: Group) -> float:
    """Until when a group's last value is drawn."""
    return group.days[-1] + sheet.clock.end * BEYOND


def _legend_rows(look: Look, sheet: CurveSheet, width: float) -> list[list[tuple[int, float]]]:
    """Groups with their place in the legend, broken into rows that fit."""
    rows: list[list[tuple[int, float]]] = [[]]
    x = 0.0
    for number, group in enumerate(sheet.groups):
        needed = 1.35 + text_width(look, group.label) + 0.6
        if rows[-1] and x + needed > width:
            rows.append([])
            x = 0.0
        rows[-1].append((number, x))
        x += needed
    return rows


def _draw_legend(canvas: Canvas, sheet: CurveSheet, rows: Sequence[Sequence[tuple[int, float]]], left: float, top: float) -> None:
    look = canvas.look
    for row, places in enumerate(rows):
        y = top + row * ROW + ROW / 2
        for number, x in places:
            _sample(canvas, sheet, number, left + x + 0.2, y, 0.95)
            room = look.text_width_cm - left - x - 1.35
            canvas.text(left + x + 1.3, y, wrapped(look, sheet.groups[number].label, room, most=1)[0])


def _sample(canvas: Canvas, sheet: CurveSheet, number: int, x: float, y: float, length: float) -> None:
    colour = canvas.look.muted if sheet.shell else canvas.look.series[number % len(canvas.look.series)]
    canvas.line([x, x + length], [y, y], color=colour, linewidth=1.6, linestyle=DASHES[number % len(DASHES)])


def _at_risk(
    canvas: Canvas,
    sheet: CurveSheet,
    names: Sequence[Sequence[str]],
    rows: Sequence[float],
    left: float,
    right: float,
    top: float,
) -> None:
    """The table of persons at risk: a row for each group, its numbers below the ticks."""
    canvas.text(PAD, top, sheet.at_risk, fontweight="bold")
    y = top + 0.35
    for group, lines, height in zip(sheet.groups, names, rows, strict=True):
        middle = y + height / 2
        for index, line in enumerate(lines):
            canvas.text(PAD, middle + (index - (len(lines) - 1) / 2) * LINE, line)
        for tick, n in zip(sheet.clock.ticks, group.at_risk, strict=True):
            x = left + sheet.clock.day(tick) / _edge(sheet) * (right - left)
            canvas.text(x, middle, n, ha="center")
        y += height
