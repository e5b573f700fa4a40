"""A heat map: rows by columns, in each cell the value as text, a mark and a ground that tell the verdict. Told apart by form and
by lightness, so that it reads in grey. Knows nothing of what is measured."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from studygen.displays.figures.drawing import Canvas, text_width, wrapped
from studygen.displays.look import Look

Kind = Literal["target", "between", "failing", "none"]

PAD = 0.15
LINE = 0.40
LABEL = 5.0
"""Widest label of a row, centimetres."""
CELL = 0.72
"""Height of a cell."""
MARK = 0.11
EDGE = 0.2
"""Least room between a cell's text and the cell's edge."""


@dataclass(frozen=True, slots=True)
class HeatCell:
    """One cell: what stands in it, and the verdict."""

    text: str
    kind: Kind


@dataclass(frozen=True, slots=True)
class HeatRow:
    """One row: its label, what stands under it in small, and its cells; a row without cells heads those below."""

    label: str
    below: str = ""
    cells: tuple[HeatCell, ...] = ()


@dataclass(frozen=True, slots=True)
class HeatMap:
    """What is drawn: the columns' labels, the rows, and what the marks mean (kind and words)."""

    columns: Sequence[str]
    rows: Sequence[HeatRow]
    legend: Sequence[tuple[Kind, str]]


def draw_heat_map(look: Look, shown: HeatMap) -> Canvas:
    """The map as wide as the text, each row as high as its label."""
    labels = [wrapped(look, row.label, LABEL, most=2, bold=not row.cells) for row in shown.rows]
    left = PAD + LABEL + 0.25
    wide = (look.text_width_cm - PAD - left) / max(len(shown.columns), 1)
    heights = [_height(look, row, lines, wide) for row, lines in zip(shown.rows, labels, strict=True)]
    heads = [wrapped(look, column, wide - 0.1, most=2, bold=True) for column in shown.columns]
    top = PAD + LINE * max(len(lines) for lines in heads) + 0.15
    legend = 0.35 + LINE * len(_legend_lines(look, shown.legend))
    canvas = Canvas(look, look.text_width_cm, top + sum(heights) + legend + PAD)
    for column, lines in enumerate(heads):
        _stack(canvas, left + (column + 0.5) * wide, (PAD + top - 0.15) / 2, lines, ha="center", fontweight="bold")
    y = top
    for row, lines, height in zip(shown.rows, labels, heights, strict=True):
        _row(canvas, row, lines, y, height, left, wide)
        y += height
    canvas.line([PAD, canvas.width - PAD], [top, top], linewidth=1.0)
    canvas.line([PAD, canvas.width - PAD], [y, y], linewidth=1.0)
    _legend(canvas, shown.legend, y + 0.38)
    return canvas


def _height(look: Look, row: HeatRow, lines: Sequence[str], wide: float) -> float:
    if not row.cells:
        return LINE + 0.22
    most = max(len(_lines(look, cell, wide)) for cell in row.cells)
    return max(CELL, LINE * max(len(lines) + bool(row.below), most) + 0.14)


def _lines(look: Look, cell: HeatCell, wide: float) -> list[str]:
    """A cell's text in lines that keep away from its edges."""
    return wrapped(look, cell.text, wide - 2 * EDGE, most=2, bold=cell.kind == "failing")


def _row(canvas: Canvas, row: HeatRow, lines: Sequence[str], y: float, height: float, left: float, wide: float) -> None:
    look, middle = canvas.look, y + height / 2
    if not row.cells:
        canvas.text(PAD, middle, row.label, fontweight="bold")
        return
    said = [*lines, *([row.below] if row.below else [])]
    for index, line in enumerate(said):
        colour = look.muted if row.below and index == len(said) - 1 else look.ink
        canvas.text(PAD, middle + (index - (len(said) - 1) / 2) * LINE, line, color=colour)
    for column, cell in enumerate(row.cells):
        _cell(canvas, cell, left + column * wide, y, wide, height)


def _cell(canvas: Canvas, cell: HeatCell, x: float, y: float, wide: float, height: float) -> None:
    from matplotlib.patches import Rectangle

    ground, ink = _ground(canvas.look, cell.kind)
    canvas.page.add_patch(Rectangle((x, y), wide, height, facecolor=ground, edgecolor="white", linewidth=1.2, zorder=1))
    middle, shift = y + height / 2, (2 * MARK + 0.08) / 2 if cell.kind != "none" else 0.0
    lines = _lines(canvas.look, cell, wide)
    half = max(text_width(canvas.look, line, bold=cell.kind == "failing") for line in lines) / 2
    _mark(canvas, cell.kind, x + wide / 2 - half - MARK - 0.04 + shift / 2, middle)
    weight = "bold" if cell.kind == "failing" else "normal"
    for index, line in enumerate(lines):
        y_of = middle + (index - (len(lines) - 1) / 2) * LINE
        canvas.text(x + wide / 2 + shift, y_of, line, ha="center", color=ink, fontweight=weight, zorder=3)


def _ground(look: Look, kind: Kind) -> tuple[str, str]:
    """The colour under a cell, and that of its text."""
    if kind == "target":
        return _mixed(look.series[2], 0.14), look.ink
    if kind == "between":
        return _mixed(look.series[4], 0.42), look.ink
    if kind == "failing":
        return _mixed(look.series[1], 1.0, dark=0.72), "#ffffff"
    return look.shade, look.muted


def _mixed(colour: str, share: float, *, dark: float = 1.0) -> str:
    """A colour with white, made darker."""
    parts = [int(colour[at : at + 2], 16) for at in (1, 3, 5)]
    return "#" + "".join(f"{round((part * share + 255 * (1 - share)) * dark):02x}" for part in parts)


def _mark(canvas: Canvas, kind: Kind, x: float, y: float) -> None:
    """A full circle: target reached; an open one: between; a triangle that points down: failing."""
    from matplotlib.patches import Circle, Polygon

    look = canvas.look
    match kind:
        case "target":
            canvas.page.add_patch(Circle((x, y), MARK, facecolor=look.series[2], edgecolor=look.series[2], zorder=3))
        case "between":
            canvas.page.add_patch(Circle((x, y), MARK, facecolor="white", edgecolor=look.ink, linewidth=1.0, zorder=3))
        case "failing":
            corners = [(x - MARK, y - MARK), (x + MARK, y - MARK), (x, y + MARK)]
            canvas.page.add_patch(Polygon(corners, closed=True, facecolor="white", edgecolor="white", zorder=3))
        case "none":
            pass


def _legend_lines(look: Look, legend: Sequence[tuple[Kind, str]]) -> list[list[tuple[Kind, str]]]:
    """The legend in lines that fit."""
    lines: list[list[tuple[Kind, str]]] = [[]]
    used = 0.0
    for kind, text in legend:
        width = 0.75 + text_width(look, text) + 0.3
        if used + width > look.text_width_cm and lines[-1]:
            lines.append([])
            used = 0.0
        lines[-1].append((kind, text))
        used += width
    return lines


def _legend(canvas: Canvas, legend: Sequence[tuple[Kind, str]], y: float) -> None:
    from matplotlib.patches import Rectangle

    for line in _legend_lines(canvas.look, legend):
        x = PAD
        for kind, text in line:
            ground, _ = _ground(canvas.look, kind)
            canvas.page.add_patch(Rectangle((x, y - 0.15), 0.6, 0.3, facecolor=ground, edgecolor=canvas.look.rule, linewidth=0.5))
            _mark(canvas, kind, x + 0.3, y)
            canvas.text(x + 0.75, y, text)
            x += 0.75 + canvas.measure(text) + 0.3
        y += LINE


def _stack(canvas: Canvas, x: float, middle: float, lines: Sequence[str], ha: str, fontweight: str) -> None:
    for index, line in enumerate(lines):
        canvas.text(x, middle + (index - (len(lines) - 1) / 2) * LINE, line, ha=ha, fontweight=fontweight)
