"""Draws a forest plot from rows, an axis and words. Knows no study: displays of an analysis and `studygen pool` both use it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from studygen.displays.figures.drawing import Canvas, wrapped
from studygen.displays.figures.forest_layout import GAP, LINE, PAD, Headings, Layout, layout_of
from studygen.displays.figures.forest_marks import Marks
from studygen.displays.figures.forest_rows import ForestRow
from studygen.displays.figures.scale import Scale, tick_text
from studygen.displays.look import Look

if TYPE_CHECKING:
    from matplotlib.axes import Axes


@dataclass(frozen=True, slots=True)
class Forest:
    """What is drawn. `directions` say what lies below and above the line of no effect; None leaves them out. `tick` writes a
    tick's label. A `shell` has the marks' outlines and no numbers."""

    rows: Sequence[ForestRow]
    scale: Scale
    headings: Headings
    directions: tuple[str, str] | None = None
    tick: Callable[[float], str] = tick_text
    shell: bool = False


def draw_forest(look: Look, forest: Forest) -> Canvas:
    """The drawing, as wide as the text of a page; inside `drawing.drawing(look)`."""
    layout, scale = layout_of(look, forest.rows, forest.headings), forest.scale
    bottom = layout.top + sum(layout.heights) + 0.15
    canvas = Canvas(look, look.text_width_cm, bottom + (1.25 if forest.directions else 0.75))
    _header(canvas, layout)
    _axis(canvas.axes(layout.plot_left, layout.top, layout.plot_width, bottom - layout.top), forest)
    if scale.null is not None:
        null = layout.plot_left + scale.at(scale.null) * layout.plot_width
        canvas.line([null, null], [layout.top, bottom], linewidth=0.8, zorder=0)
        if forest.directions:
            _directions(canvas, forest.directions, null, bottom + 0.92)
    weights = [row.weight for row in layout.rows if row.weight is not None]
    marks = Marks(canvas, scale, layout.plot_left, layout.plot_width, max(weights, default=None))
    y = layout.top
    for row, lines, height in zip(layout.rows, layout.labels, layout.heights, strict=True):
        if row.kind == "main" or (row.kind == "heading" and y > layout.top):
            canvas.line([PAD, canvas.width - PAD], [y, y], color=look.rule, linewidth=0.6)
        _texts(canvas, layout, row, lines, y + height / 2)
        draw = marks.outline if forest.shell else marks.draw
        draw(row, y + height / 2)
        y += height
    return canvas


def _header(canvas: Canvas, layout: Layout) -> None:
    base = layout.top - 0.32

    def stacked(lines: Sequence[str], x: float, align: str) -> None:
        for number, line in enumerate(reversed(lines)):
            canvas.text(x, base - number * LINE, line, ha=align, fontweight="bold")

    stacked([layout.registry], PAD, "left")
    for right, lines in zip(layout.counts, layout.count_heads, strict=True):
        stacked(lines, right, "right")
    stacked(layout.estimate_head, layout.estimate, "center")
    if layout.weight_head:
        stacked([layout.weight_head], layout.weight, "right")
    canvas.line([PAD, canvas.width - PAD], [layout.top - 0.06, layout.top - 0.06], linewidth=1.0)


def _texts(canvas: Canvas, layout: Layout, row: ForestRow, lines: Sequence[str], middle: float) -> None:
    weight = "bold" if row.kind in ("main", "heading") else "normal"
    for number, line in enumerate(lines):
        canvas.text(PAD, middle + (number - (len(lines) - 1) / 2) * LINE, line, fontweight=weight)
    if row.kind == "remark":
        left = PAD + layout.label_width + GAP
        text = wrapped(canvas.look, row.text, canvas.width - left - PAD, most=1)[0]
        white = {"facecolor": "white", "edgecolor": "none", "pad": 1.0}
        canvas.text(left, middle, text, color=canvas.look.muted, fontstyle="italic", bbox=white)
        return
    for right, text in zip(layout.counts, row.counts, strict=False):
        canvas.text(right, middle, text, ha="right")
    canvas.text(layout.estimate, middle, row.text, ha="center", fontweight=weight)
    canvas.text(layout.weight, middle, row.weight_text, ha="right")


def _axis(axes: Axes, forest: Forest) -> None:
    axes.set_xlim(0, 1)
    axes.set_ylim(0, 1)
    axes.patch.set_alpha(0)
    axes.yaxis.set_visible(False)
    for side in ("left", "right", "top"):
        axes.spines[side].set_visible(False)
    # A shell knows only where there is no effect.
    ticks = [tick for tick in forest.scale.ticks if not forest.shell or tick == forest.scale.null]
    axes.set_xticks([forest.scale.at(tick) for tick in ticks], [forest.tick(tick) for tick in ticks], parse_math=False)
    axes.tick_params(length=3, pad=2)


def _directions(canvas: Canvas, directions: tuple[str, str], null: float, y: float) -> None:
    """What lies to the left and to the right of the null line."""
    lower, higher = directions
    for said, align, x, room in (
        (lower, "right", null - 0.12, null - 0.12 - PAD),
        (higher, "left", null + 0.12, canvas.width - null - 0.12 - PAD),
    ):
        line = wrapped(canvas.look, said, room, most=1)[0]
        canvas.text(x, y, line, ha=align, color=canvas.look.muted)
