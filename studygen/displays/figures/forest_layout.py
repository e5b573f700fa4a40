"""Where the columns of a forest plot stand: registries, counts, the plot, estimates, weights. Measures texts; draws nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from studygen.displays.figures.drawing import text_width, wrapped
from studygen.displays.figures.forest_rows import ForestRow
from studygen.displays.look import Look

LINE = 0.42
"""Height of one line of text, centimetres."""
PAD = 0.2
GAP = 0.3
"""Between columns."""
LABEL_WIDTHS = (4.6, 3.2, 2.4)
"""Widths of the column of registries that are tried, until the plot has room."""
COUNT_WIDTH = 2.6
ESTIMATE_WIDTH = 3.6
"""Headers wider than these are broken into lines."""
MANY_LINES = 28
LEAST_PLOT, ROOMY_PLOT = 4.6, 5.6


@dataclass(frozen=True, slots=True)
class Headings:
    """The texts above the columns, before they are broken into lines."""

    registry: str
    counts: tuple[str, ...]
    """Each with its parts (whose, what) on lines of their own."""
    estimate: str
    weight: str
    """Empty when nothing is weighted."""


@dataclass(frozen=True, slots=True)
class Layout:
    """Columns (centimetres from the left), headers and labels in lines, and the rows as they are shown."""

    rows: tuple[ForestRow, ...]
    labels: tuple[tuple[str, ...], ...]
    """Each row's label in lines."""
    registry: str
    count_heads: tuple[tuple[str, ...], ...]
    estimate_head: tuple[str, ...]
    weight_head: str
    label_width: float
    counts: tuple[float, ...]
    """Right edges of the columns of counts."""
    plot_left: float
    plot_width: float
    estimate: float
    """Centre of the column of estimates."""
    weight: float
    """Right edge of the column of weights."""

    @property
    def top(self) -> float:
        """Where the first row begins."""
        lines = max(len(self.estimate_head), 1, *(len(each) for each in self.count_heads), 1)
        return PAD + lines * LINE + 0.25

    @property
    def heights(self) -> tuple[float, ...]:
        """Heights of the rows; many rows stand closer together."""
        gap = 0.2 if sum(len(lines) for lines in self.labels) <= MANY_LINES else 0.05
        return tuple(len(lines) * LINE + gap for lines in self.labels)


def layout_of(look: Look, rows: Sequence[ForestRow], headings: Headings) -> Layout:
    """The widest columns that leave the plot room; without counts when even narrow ones do not (the table beside the plot has
    them)."""
    for width in LABEL_WIDTHS:
        layout = _layout(look, rows, headings, width)
        if layout.plot_width >= LEAST_PLOT:
            return layout
    bare = [replace(row, counts=()) for row in rows]
    return _layout(look, bare, replace(headings, counts=()), LABEL_WIDTHS[0])


def _layout(look: Look, rows: Sequence[ForestRow], headings: Headings, most_label: float) -> Layout:
    count_heads = tuple(_lines(look, heading, COUNT_WIDTH) for heading in headings.counts)
    estimate_head = _lines(look, headings.estimate, ESTIMATE_WIDTH)
    labels = [row.label for row in rows if row.kind in ("registry", "remark")]
    label_width = min(_widest(look, labels, (headings.registry,)), most_label)
    counts, right = [], PAD + label_width
    for index, lines in enumerate(count_heads):
        right += GAP + _widest(look, [row.counts[index] for row in rows if row.counts], lines)
        counts.append(right)
    weights = [row.weight_text for row in rows if row.weight_text]
    weight_width = _widest(look, weights, (headings.weight,)) + GAP if weights else 0.0
    estimate_width = _widest(look, [row.text for row in rows if row.kind != "remark"], estimate_head)
    end = look.text_width_cm - PAD - weight_width - estimate_width - GAP
    # The labels of pooled estimates stand over the empty columns of counts, and may push the plot as long as it has room.
    pooled = _widest(look, (), [row.label for row in rows if row.kind in ("main", "beside", "prediction")])
    plot_left = max(right + GAP, min(PAD + pooled + GAP, end - ROOMY_PLOT))
    return Layout(
        rows=tuple(rows),
        labels=tuple(_label(look, row, label_width, plot_left - GAP - PAD) for row in rows),
        registry=headings.registry,
        count_heads=count_heads,
        estimate_head=estimate_head,
        weight_head=headings.weight if weights else "",
        label_width=label_width,
        counts=tuple(counts),
        plot_left=plot_left,
        plot_width=end - plot_left,
        estimate=end + GAP + estimate_width / 2,
        weight=look.text_width_cm - PAD,
    )


def _lines(look: Look, heading: str, width: float) -> tuple[str, ...]:
    return tuple(line for part in heading.split("\n") for line in wrapped(look, part, width, most=4, bold=True))


def _label(look: Look, row: ForestRow, own: float, wide: float) -> tuple[str, ...]:
    """A registry's label keeps to its column; a pooled estimate's may use the columns of counts, which it leaves empty."""
    if row.kind in ("registry", "remark"):
        return tuple(wrapped(look, row.label, own, most=3))
    return tuple(wrapped(look, row.label, wide, most=4, bold=row.kind in ("main", "heading")))


def _widest(look: Look, texts: Sequence[str], bold: Sequence[str]) -> float:
    return max([text_width(look, each) for each in texts] + [text_width(look, each, bold=True) for each in bold], default=0.0)
