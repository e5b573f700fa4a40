"""The marks of a forest plot: squares with whiskers, diamonds, the prediction bar, arrow heads where an interval leaves the
axis, and their outlines in a shell."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from studygen.displays.figures.drawing import Canvas
from studygen.displays.figures.forest_rows import ForestRow
from studygen.displays.figures.scale import Scale, Span

LARGEST, SMALLEST = 0.14, 0.045
"""Half the side of a registry's square, centimetres, for the heaviest registry and at the least."""
DASHES = (0, (2, 2))

Corners = Sequence[tuple[float, float]]


@dataclass(frozen=True, slots=True)
class Marks:
    """Draws rows into the plot that begins at `left` and is `width` wide (centimetres)."""

    canvas: Canvas
    scale: Scale
    left: float
    width: float
    heaviest: float | None
    """The largest weight of a registry; None when there are none."""

    def draw(self, row: ForestRow, y: float) -> None:
        """A row's estimate at height `y`; nothing when it has none."""
        if row.span is None:
            return
        if row.kind == "registry":
            self._square(row.span, y, self._half_side(row.weight))
        elif row.kind == "prediction":
            self._bar(row.span, y)
        else:
            self._diamond(row.span, y, filled=row.kind == "main")

    def outline(self, row: ForestRow, y: float) -> None:
        """The form of a row's mark without a value, at the null value or in the middle."""
        if row.kind in ("heading", "remark"):
            return
        look = self.canvas.look
        middle = self.left + self.width * (0.5 if self.scale.null is None else self.scale.at(self.scale.null))
        reach = 0.22 * self.width
        style = {"facecolor": "white", "edgecolor": look.muted, "linestyle": DASHES}
        if row.kind == "registry":
            self.canvas.line([middle - reach, middle + reach], [y, y], color=look.muted, linewidth=0.8, linestyle=DASHES)
            self._polygon(_box(middle - 0.11, middle + 0.11, y, 0.11), **style)
        elif row.kind == "prediction":
            self._polygon(_box(middle - 1.4 * reach, middle + 1.4 * reach, y, 0.07), **style)
        else:
            self._polygon(_rhombus(middle - reach / 2, middle, middle + reach / 2, y, 0.15), **style)

    def _x(self, value: float) -> float:
        """Position on the sheet, held inside the plot."""
        return self.left + min(max(self.scale.at(value), 0.0), 1.0) * self.width

    def _half_side(self, weight: float | None) -> float:
        """Half the side of a registry's square: areas are as the weights."""
        if weight is None or not self.heaviest:
            return (SMALLEST + LARGEST) / 2
        return max(LARGEST * math.sqrt(weight / self.heaviest), SMALLEST)

    def _square(self, span: Span, y: float, half: float) -> None:
        colour = self.canvas.look.series[0]
        self.canvas.line([self._x(span.lower), self._x(span.upper)], [y, y], color=colour, linewidth=1.1, zorder=2)
        self._arrows(span, y, colour)
        if 0 <= self.scale.at(span.value) <= 1:
            x = self._x(span.value)
            self._polygon(_box(x - half, x + half, y, half), facecolor=colour, edgecolor=colour)

    def _diamond(self, span: Span, y: float, *, filled: bool) -> None:
        look = self.canvas.look
        corners = _rhombus(self._x(span.lower), self._x(span.value), self._x(span.upper), y, 0.17 if filled else 0.12)
        self._polygon(corners, facecolor=look.accent if filled else "white", edgecolor=look.series[0])
        self._arrows(span, y, look.series[0])

    def _bar(self, span: Span, y: float) -> None:
        look = self.canvas.look
        corners = _box(self._x(span.lower), self._x(span.upper), y, 0.07)
        self._polygon(corners, facecolor=look.rule, edgecolor=look.muted)
        self._arrows(span, y, look.muted)

    def _arrows(self, span: Span, y: float, colour: str) -> None:
        """Arrow heads where an interval leaves the axis."""
        height, length = 0.1, 0.19
        ends = (
            (self.scale.at(span.lower) < 0, self.left, length),
            (self.scale.at(span.upper) > 1, self.left + self.width, -length),
        )
        for leaves, x, inwards in ends:
            if leaves:
                corners = [(x, y), (x + inwards, y - height), (x + inwards, y + height)]
                self._polygon(corners, facecolor=colour, edgecolor=colour)

    def _polygon(self, corners: Corners, **options: object) -> None:
        from matplotlib.patches import Polygon

        options.setdefault("linewidth", 0.8)
        self.canvas.page.add_patch(Polygon(corners, closed=True, zorder=3, **options))


def is_cut(scale: Scale, rows: Sequence[ForestRow]) -> bool:
    """Whether some interval leaves the axis."""
    return any(row.span and (scale.at(row.span.lower) < 0 or scale.at(row.span.upper) > 1) for row in rows)


def _box(left: float, right: float, y: float, half: float) -> Corners:
    return [(left, y - half), (right, y - half), (right, y + half), (left, y + half)]


def _rhombus(left: float, middle: float, right: float, y: float, half: float) -> Corners:
    return [(left, y), (middle, y - half), (right, y), (middle, y + half)]
