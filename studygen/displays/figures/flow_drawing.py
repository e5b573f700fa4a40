"""Draws a flow of persons: boxes from top to bottom, beside each arrow the box of those excluded, at the bottom the groups side
by side. Knows no study."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from studygen.displays.figures.drawing import Canvas, wrapped
from studygen.displays.look import Look

PAD = 0.15
LINE = 0.42
INSET = 0.2
"""Between a box's edge and its text."""
MAIN = 5.2
"""Width of the boxes of the flow, centimetres."""
GAP = 0.55
"""Least length of an arrow from box to box."""
BETWEEN = 0.2
"""Between the boxes of those excluded."""
BRANCH = 0.6
"""Between the flow and the boxes beside it."""
HEAD = 0.11
"""Half the width of an arrow head."""
GROUP = 7.6
"""Greatest width of a group's box."""


@dataclass(frozen=True, slots=True)
class Box:
    """A box of the flow: what it is (may be empty), and how many persons."""

    label: str
    number: str
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """One step down: how many were excluded and why, and the box of those left."""

    excluded: str
    reasons: tuple[str, ...]
    left: Box


@dataclass(frozen=True, slots=True)
class Flow:
    start: Box
    steps: tuple[Step, ...]
    groups: tuple[Box, ...]
    """The groups into which the last box divides; none, or at least two."""


@dataclass(frozen=True, slots=True)
class _Lines:
    """A box's text in lines, the first `bold` of them bold."""

    lines: tuple[str, ...]
    bold: int

    @property
    def height(self) -> float:
        return len(self.lines) * LINE + 2 * INSET - 0.1


def draw_flow(look: Look, flow: Flow) -> Canvas:
    """The drawing, as wide as the text of a page; inside `drawing.drawing(look)`."""
    width = look.text_width_cm
    side_left = PAD + MAIN + BRANCH
    side = width - PAD - side_left
    mains = [_main(look, box, MAIN) for box in (flow.start, *(step.left for step in flow.steps))]
    sides = [_side(look, step, side) for step in flow.steps]
    groups, group_width = _group_lines(look, flow.groups)
    tops, middles = _heights(mains, sides)
    bottom = tops[-1] + mains[-1].height
    beside = max((middle + lines.height / 2 for middle, lines in zip(middles, sides, strict=True)), default=0.0)
    if groups:
        # The line to the groups runs below the last box of those excluded.
        bottom = max(bottom, beside - GAP / 2)
    height = max(bottom + (2 * GAP + max(each.height for each in groups) if groups else 0.0), beside) + PAD
    canvas = Canvas(look, width, height)
    axis = PAD + MAIN / 2
    for number, (box, lines) in enumerate(zip((flow.start, *(step.left for step in flow.steps)), mains, strict=True)):
        _draw_box(canvas, PAD, tops[number], MAIN, lines, centred=True, shaded=box.strong)
        if number + 1 < len(mains):
            _down(canvas, axis, tops[number] + lines.height, tops[number + 1])
    for middle, lines in zip(middles, sides, strict=True):
        _across(canvas, axis, side_left, middle)
        _draw_box(canvas, side_left, middle - lines.height / 2, side, lines, edge=look.muted)
    if groups:
        _draw_groups(canvas, groups, group_width, tops[-1] + mains[-1].height, bottom)
    return canvas


def _main(look: Look, box: Box, width: float) -> _Lines:
    label = wrapped(look, box.label, width - 2 * INSET, most=3, bold=True) if box.label else []
    return _Lines((*label, box.number), len(label))


def _side(look: Look, step: Step, width: float) -> _Lines:
    room = width - 2 * INSET
    reasons = [line for reason in step.reasons for line in wrapped(look, reason, room, most=3)]
    return _Lines((*wrapped(look, step.excluded, room, most=2, bold=True), *reasons), 1)


def _group_lines(look: Look, groups: Sequence[Box]) -> tuple[list[_Lines], float]:
    if not groups:
        return [], 0.0
    width = min(GROUP, (look.text_width_cm - 2 * PAD - 0.4 * (len(groups) - 1)) / len(groups))
    return [_main(look, each, width) for each in groups], width


def _heights(mains: Sequence[_Lines], sides: Sequence[_Lines]) -> tuple[list[float], list[float]]:
    """Upper edges of the flow's boxes, and the height of each arrow to the side. Boxes stand as close as the ones beside them
    let them."""
    tops, middles = [PAD], []
    free = 0.0  # below the box of those excluded before
    for number, side in enumerate(sides):
        end = tops[number] + mains[number].height
        middle = max(end + GAP / 2, free + BETWEEN + side.height / 2)
        middles.append(middle)
        free = middle + side.height / 2
        tops.append(middle + GAP / 2)
    return tops, middles


def _draw_box(
    canvas: Canvas,
    left: float,
    top: float,
    width: float,
    text: _Lines,
    *,
    centred: bool = False,
    shaded: bool = False,
    edge: str = "",
) -> None:
    from matplotlib.patches import Rectangle

    look = canvas.look
    face, colour = look.shade if shaded else "white", edge or look.ink
    canvas.page.add_patch(
        Rectangle((left, top), width, text.height, facecolor=face, edgecolor=colour, linewidth=1.4 if shaded else 0.8, zorder=2)
    )
    first = top + INSET + LINE / 2 - 0.05
    for number, line in enumerate(text.lines):
        x, align = (left + width / 2, "center") if centred else (left + INSET, "left")
        canvas.text(x, first + number * LINE, line, ha=align, fontweight="bold" if number < text.bold else "normal", zorder=3)


def _down(canvas: Canvas, x: float, top: float, bottom: float) -> None:
    canvas.line([x, x], [top, bottom - HEAD], linewidth=0.9, zorder=1)
    _head(canvas, [(x, bottom), (x - HEAD, bottom - 2 * HEAD), (x + HEAD, bottom - 2 * HEAD)])


def _across(canvas: Canvas, left: float, right: float, y: float) -> None:
    canvas.line([left, right - HEAD], [y, y], linewidth=0.9, zorder=1)
    _head(canvas, [(right, y), (right - 2 * HEAD, y - HEAD), (right - 2 * HEAD, y + HEAD)])


def _head(canvas: Canvas, corners: Sequence[tuple[float, float]]) -> None:
    from matplotlib.patches import Polygon

    canvas.page.add_patch(Polygon(corners, closed=True, facecolor=canvas.look.ink, edgecolor="none", zorder=2))


def _draw_groups(canvas: Canvas, groups: Sequence[_Lines], width: float, end: float, bottom: float) -> None:
    """The groups below the last box, which ends at `end`, the first under it; everything above them ends at `bottom`."""
    step = width + 0.4
    centres = [PAD + width / 2 + number * step for number in range(len(groups))]
    stem, bar, top = PAD + MAIN / 2, bottom + GAP, bottom + 2 * GAP
    canvas.line([stem, stem], [end, bar], linewidth=0.9, zorder=1)
    canvas.line([min(stem, centres[0]), centres[-1]], [bar, bar], linewidth=0.9, zorder=1)
    for centre, lines in zip(centres, groups, strict=True):
        _down(canvas, centre, bar, top)
        _draw_box(canvas, centre - width / 2, top, width, lines, centred=True)
