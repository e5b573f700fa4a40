"""The timeline of the study: one row for each milestone, planned dates hollow, actual dates filled, on an axis of months or
years. A plan shows the planned dates alone."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from studygen.displays.figures.drawing import Canvas, text_width, wrapped
from studygen.displays.formats import day_text
from studygen.displays.frame import Frame
from studygen.displays.tables.identity import milestone_label
from studygen.document.nodes import Figure, Slot
from studygen.study.identity import Milestone

PAD = 0.2
LINE = 0.42
LABEL = 5.0
MARK = 0.13
"""Radius of a mark, centimetres."""
FEW_MONTHS = 18
"""Up to so many months the axis has a line for each month, beyond it for each year."""


def timeline(frame: Frame, slot: Slot) -> Figure:
    """The study's milestones on an axis of dates."""
    wording, milestones = frame.texts.of("timeline"), frame.study.milestones
    if frame.option(slot, "columns") == "planned":
        milestones = tuple(each.model_copy(update={"actual": None}) for each in milestones)
    svg, png, width = frame.drawn(frame.texts.look, lambda: _draw(frame, milestones))
    parts = [wording.say("alt.opening")]
    parts += [
        wording.say("alt.milestone", milestone=milestone_label(frame, each), dates=_dates(frame, each)) for each in milestones
    ]
    there = [kind for kind in ("planned", "actual") if any(getattr(each, kind) for each in milestones)]
    notes = (wording.note("_and_".join(there)),) if there else ()
    return Figure(slot.id, wording.caption(), " ".join(parts), svg, png, width, notes)


def _dates(frame: Frame, milestone: Milestone) -> str:
    """A milestone's dates in one line of prose."""
    if milestone.planned and milestone.actual:
        planned, actual = day_text(milestone.planned, frame.texts), day_text(milestone.actual, frame.texts)
        return frame.texts.of("timeline").say("words.dates", planned=planned, actual=actual)
    return _date_lines(frame, milestone)[0]


def _date_lines(frame: Frame, milestone: Milestone) -> list[str]:
    """A milestone's dates, planned and actual on lines of their own."""
    wording = frame.texts.of("timeline")
    lines = [day_text(milestone.planned, frame.texts)] if milestone.planned else []
    lines += [wording.say("words.actual", date=day_text(milestone.actual, frame.texts))] if milestone.actual else []
    return lines or [wording.say("words.undated")]


@dataclass(frozen=True, slots=True)
class Dates:
    """An axis of dates between two positions (centimetres), with a line at each of `ticks`."""

    ticks: tuple[datetime.date, ...]
    monthly: bool
    left: float
    right: float

    @staticmethod
    def of(dates: Sequence[datetime.date], left: float, right: float) -> Dates:
        """Whole months around the dates when they lie close together, whole years otherwise."""
        first, last = min(dates), max(dates)
        months = (last.year - first.year) * 12 + last.month - first.month + 1
        if months <= FEW_MONTHS:
            start = first.year * 12 + first.month - 1
            ticks = tuple(datetime.date(month // 12, month % 12 + 1, 1) for month in range(start, start + months + 1))
            return Dates(ticks, True, left, right)
        return Dates(tuple(datetime.date(year, 1, 1) for year in range(first.year, last.year + 2)), False, left, right)

    def at(self, date: datetime.date) -> float:
        start, end = self.ticks[0].toordinal(), self.ticks[-1].toordinal()
        return self.left + (date.toordinal() - start) / (end - start) * (self.right - self.left)


def _draw(frame: Frame, milestones: Sequence[Milestone]) -> Canvas:
    look = frame.texts.look
    labels = [wrapped(look, milestone_label(frame, each), LABEL, most=3) for each in milestones]
    shown = [_date_lines(frame, each) for each in milestones]
    heights = [max(len(lines), len(right)) * LINE + 0.25 for lines, right in zip(labels, shown, strict=True)]
    left = PAD + LABEL + 0.4
    right = look.text_width_cm - PAD - max(text_width(look, line) for lines in shown for line in lines) - 0.4
    bottom = PAD + sum(heights) + 0.05
    canvas = Canvas(look, look.text_width_cm, bottom + 0.75)
    dates = [date for each in milestones for date in (each.planned, each.actual) if date is not None]
    axis = Dates.of(dates, left, right) if dates else None
    canvas.line([left, right], [bottom, bottom], linewidth=0.8)
    if axis is not None:
        _axis(frame, canvas, axis, bottom)
    y = PAD
    for each, lines, texts, height in zip(milestones, labels, shown, heights, strict=True):
        middle = y + height / 2
        _stacked(canvas, PAD, middle, lines)
        _stacked(canvas, right + 0.4, middle, texts)
        canvas.line([left, right], [middle, middle], color=look.rule, linewidth=0.6, linestyle=(0, (1, 3)), zorder=0)
        if axis is not None:
            _marks(canvas, axis, each, middle)
        y += height
    return canvas


def _axis(frame: Frame, canvas: Canvas, axis: Dates, bottom: float) -> None:
    """A line at each tick; a label wherever it does not touch the one before."""
    taken = 0.0
    for tick in axis.ticks:
        x = axis.at(tick)
        canvas.line([x, x], [PAD, bottom], color=canvas.look.rule, linewidth=0.6, zorder=0)
        text = str(tick.year)
        if axis.monthly:
            month = frame.texts.say(f"months.{tick.month:02d}")
            text = frame.texts.say("patterns.month", month=month, year=text)
        half = canvas.measure(text) / 2
        if x - half > taken:
            canvas.line([x, x], [bottom, bottom + 0.1], linewidth=0.8)
            canvas.text(x, bottom + 0.38, text, ha="center")
            taken = x + half + 0.15


def _marks(canvas: Canvas, axis: Dates, milestone: Milestone, y: float) -> None:
    from matplotlib.patches import Circle

    colour = canvas.look.series[0]
    if milestone.planned and milestone.actual:
        canvas.line([axis.at(milestone.planned), axis.at(milestone.actual)], [y, y], color=colour, linewidth=1.0, zorder=1)
    if milestone.planned:
        planned = Circle((axis.at(milestone.planned), y), MARK, facecolor="white", edgecolor=colour, linewidth=1.1, zorder=2)
        canvas.page.add_patch(planned)
    if milestone.actual:
        # Smaller, so that a planned date of the same day stays visible around it.
        actual = Circle((axis.at(milestone.actual), y), MARK * 0.62, facecolor=colour, edgecolor=colour, zorder=3)
        canvas.page.add_patch(actual)


def _stacked(canvas: Canvas, x: float, middle: float, lines: Sequence[str]) -> None:
    for index, line in enumerate(lines):
        canvas.text(x, middle + (index - (len(lines) - 1) / 2) * LINE, line)
