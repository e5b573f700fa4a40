"""The love plot: for each covariate the absolute standardised difference of two groups before weighting and after it, with the
line beyond which it counts as an imbalance. Told apart by form, so that it reads in grey."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from studygen.aggregates.expected import contrasts
from studygen.displays import numbers
from studygen.displays.evidence import drawn_values, find, notes_of
from studygen.displays.figures.drawing import Canvas, text_width, wrapped
from studygen.displays.figures.scale import Scale, linear_scale, tick_text
from studygen.displays.figures.scale import Span as Reach
from studygen.displays.formats import result_text, sentence_case
from studygen.displays.frame import Frame
from studygen.document.nodes import Figure, Inline, Slot
from studygen.results.addresses import group_part, joined
from studygen.study.objectives import Contrast

if TYPE_CHECKING:
    from matplotlib.axes import Axes

PAD = 0.2
LINE = 0.42
LABEL = 5.4
"""Greatest width of the column of labels, centimetres."""
ROW = 0.24
"""Added to the lines of a row."""
COLUMN = 1.7
"""Width of a column of numbers."""
MARK = 0.1
"""Half the size of a mark."""
APART = 0.11
"""How far the marks of one row stand above and below its middle."""
SHELL: Final = {"smd": 1.8, "smd_weighted": 0.5}
"""Where a shell's marks stand, in multiples of the threshold."""
TIMES: Final = ("smd", "smd_weighted")


@dataclass(frozen=True, slots=True)
class BalanceRow:
    """A covariate: its label, the texts of its differences, and per time the average and the largest, where there are any."""

    label: str
    texts: dict[str, str]
    values: dict[str, tuple[float, float]]


def love_plot(frame: Frame, slot: Slot) -> Figure:
    """The balance of all covariates between the groups of a contrast."""
    asked, wording = frame.option(slot, "contrast"), frame.texts.of("love-plot")
    contrast = next(each for each in contrasts(frame.study) if group_part(each.group) == asked)
    rows = _rows(frame, contrast)
    threshold = frame.study.plan.balance_threshold
    svg, png, width = frame.drawn(frame.texts.look, lambda: _draw(frame, rows, threshold))
    names = {
        "exposure": frame.study.exposure(contrast.exposure).label,
        "comparator": frame.study.exposure(contrast.comparator).label,
    }
    limit = numbers.significant(threshold)
    notes = [wording.note("shell" if frame.results is None else "marks"), wording.note("threshold", threshold=limit)]
    if frame.results is not None and any(len(row.values) < len(TIMES) for row in rows):
        notes.append(wording.note("none"))
    stem = joined("baseline", group_part(contrast.group), "total")
    noted = [
        (row.label, joined(stem, each.id, time)) for each, row in zip(frame.study.covariates, rows, strict=True) for time in TIMES
    ]
    told: tuple[tuple[Inline, ...], ...] = notes_of(frame, noted)
    ids = [id for _, id in noted] + [f"{id}_largest" for _, id in noted]
    alt, values = _alt(frame, rows, names, limit), drawn_values(frame, ids)
    return Figure(slot.id, wording.caption(**names), alt, svg, png, width, (*notes, *told), values=values)


def _rows(frame: Frame, contrast: Contrast) -> list[BalanceRow]:
    stem, found = joined("baseline", group_part(contrast.group), "total"), []
    for covariate in frame.study.covariates:
        texts: dict[str, str] = {}
        values: dict[str, tuple[float, float]] = {}
        for time in TIMES:
            result = find(frame, joined(stem, covariate.id, time))
            largest = find(frame, joined(stem, covariate.id, f"{time}_largest"))
            if frame.results is None:
                texts[time] = frame.texts.say("shells.smd")
            elif result is None or result.value is None:
                texts[time] = frame.texts.word("cell", "missing")
            else:
                texts[time] = result_text(result, "full", frame.texts)
                reach = largest.value if largest is not None and largest.value is not None else result.value
                values[time] = float(result.value), float(reach)
        found.append(BalanceRow(sentence_case(covariate.label), texts, values))
    return found


def _alt(frame: Frame, rows: Sequence[BalanceRow], names: dict[str, str], threshold: str) -> str:
    wording = frame.texts.of("love-plot")
    if frame.results is None:
        return wording.say("alt.shell", **names, threshold=threshold)
    parts = [wording.say("alt.opening", **names, threshold=threshold)]
    return " ".join([*parts, *(wording.say("alt.row", label=row.label, **row.texts) for row in rows)])


# ---------------------------------------------------------------- drawing


def _draw(frame: Frame, rows: Sequence[BalanceRow], threshold: float) -> Canvas:
    look, wording = frame.texts.look, frame.texts.of("love-plot")
    labels = [wrapped(look, row.label, LABEL, most=3) for row in rows]
    heights = [len(lines) * LINE + ROW for lines in labels]
    left = PAD + max([text_width(look, line) for lines in labels for line in lines], default=1.0) + 0.4
    right = look.text_width_cm - PAD - 2 * COLUMN - 0.2
    top = PAD + LINE + 0.25
    bottom = top + sum(heights) + 0.1
    canvas = Canvas(look, look.text_width_cm, bottom + 1.85)
    scale = _scale(rows, threshold)

    def at(value: float) -> float:
        return left + scale.at(value) * (right - left)

    canvas.text(PAD, top - 0.32, wording.say("columns.covariate"), fontweight="bold")
    for number, time in enumerate(TIMES):
        x = look.text_width_cm - PAD - (1 - number) * COLUMN
        canvas.text(x, top - 0.32, wording.say(f"columns.{time}"), ha="right", fontweight="bold")
    canvas.line([PAD, canvas.width - PAD], [top - 0.06, top - 0.06], linewidth=1.0)
    canvas.line([at(threshold), at(threshold)], [top, bottom], linewidth=0.9, linestyle=(0, (4, 3)), zorder=1)
    _axis(canvas.axes(left, top, right - left, bottom - top), scale, threshold, shell=frame.results is None)
    canvas.text((left + right) / 2, bottom + 0.86, wording.say("columns.axis"), ha="center")
    y = top
    for row, lines, height in zip(rows, labels, heights, strict=True):
        middle = y + height / 2
        for index, line in enumerate(lines):
            canvas.text(PAD, middle + (index - (len(lines) - 1) / 2) * LINE, line)
        canvas.line([left, right], [middle, middle], color=look.rule, linewidth=0.5, linestyle=(0, (1, 3)), zorder=0)
        for number, time in enumerate(TIMES):
            canvas.text(look.text_width_cm - PAD - (1 - number) * COLUMN, middle, row.texts[time], ha="right")
            height_of = middle + (-APART if number == 0 else APART)
            if frame.results is None:
                _mark(canvas, time, at(SHELL[time] * threshold), height_of, outlined=True)
            elif time in row.values:
                average, largest = row.values[time]
                canvas.line(
                    [at(average), at(largest)], [height_of, height_of], color=_colour(canvas, time), linewidth=1.0, zorder=2
                )
                _mark(canvas, time, at(average), height_of)
        y += height
    _legend(canvas, [wording.say(f"words.{time}") for time in TIMES], left, bottom + 1.5, outlined=frame.results is None)
    return canvas


def _scale(rows: Sequence[BalanceRow], threshold: float) -> Scale:
    """From zero to beyond the largest difference, and well beyond the threshold."""
    reached = [largest for row in rows for _, largest in row.values.values()]
    most = max([*reached, 2 * threshold])
    return linear_scale([Reach(most, 0.0, most)], (), None)


def _axis(axes: Axes, scale: Scale, threshold: float, *, shell: bool) -> None:
    axes.set_xlim(0, 1)
    axes.set_ylim(0, 1)
    axes.patch.set_alpha(0)
    axes.yaxis.set_visible(False)
    for side in ("left", "right", "top"):
        axes.spines[side].set_visible(False)
    ticks = [0.0, threshold] if shell else list(scale.ticks)
    axes.set_xticks([scale.at(tick) for tick in ticks], [tick_text(tick) for tick in ticks], parse_math=False)
    axes.tick_params(length=3, pad=2)


def _colour(canvas: Canvas, time: str) -> str:
    return canvas.look.series[1] if time == "smd" else canvas.look.series[0]


def _mark(canvas: Canvas, time: str, x: float, y: float, *, outlined: bool = False) -> None:
    from matplotlib.patches import Circle, Rectangle

    colour = canvas.look.muted if outlined else _colour(canvas, time)
    side = 1.7 * MARK
    patch: Circle | Rectangle
    if time == "smd":
        patch = Circle((x, y), MARK, facecolor="white")
    else:
        patch = Rectangle((x - side / 2, y - side / 2), side, side, facecolor="white" if outlined else colour)
    patch.set(edgecolor=colour, linewidth=0.9 if outlined else 1.2, zorder=3)
    canvas.page.add_patch(patch)


def _legend(canvas: Canvas, words: Sequence[str], left: float, y: float, *, outlined: bool) -> None:
    x = left + MARK
    for time, text in zip(TIMES, words, strict=True):
        _mark(canvas, time, x, y, outlined=outlined)
        canvas.text(x + 0.25, y, text)
        x += 0.25 + canvas.measure(text) + 0.7
