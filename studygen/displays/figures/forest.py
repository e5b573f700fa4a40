"""The forest plot: registries as squares sized by weight, pooled estimates as diamonds, the prediction interval as a bar, with
the numbers beside them. Told apart by form, so that it reads in grey; in a shell it shows the same frame without values."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from studygen.aggregates.expected import RATIO_MEASURES, is_occurrence
from studygen.displays.evidence import addresses, level_of, pooling_of, sides
from studygen.displays.figures.drawing import Canvas, drawing, finished, wrapped
from studygen.displays.figures.forest_layout import GAP, LINE, PAD, Headings, Layout, layout_of
from studygen.displays.figures.forest_marks import Marks, is_cut
from studygen.displays.figures.forest_rows import ForestRow, count_headings, forest_rows
from studygen.displays.figures.scale import Scale, linear_scale, log_scale, tick_text
from studygen.displays.formats import measure_heading, scale_of, sentence_case
from studygen.displays.frame import Frame
from studygen.displays.tables.effects import heterogeneity_notes, unpooled_note
from studygen.document.nodes import Figure, Inline, Slot
from studygen.study.objectives import Analysis

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def forest(frame: Frame, slot: Slot) -> Figure:
    """The forest plot of an analysis."""
    plan = frame.study.analysis(frame.option(slot, "analysis"))
    rows, look = forest_rows(frame, plan), frame.texts.look
    scale = _scale(plan, rows)
    with drawing(look):
        svg, png, width = finished(_draw(frame, plan, rows, scale))
    caption = frame.texts.of("forest").caption(label=sentence_case(plan.label))
    notes = [*_marks_notes(frame, plan, rows, scale), *_result_notes(frame, plan)]
    return Figure(slot.id, caption, alt_text(frame, plan, rows), svg, png, width, tuple(notes))


def _scale(plan: Analysis, rows: Sequence[ForestRow]) -> Scale:
    core = [row.span for row in rows if row.span is not None and row.kind in ("registry", "main")]
    beside = [row.span for row in rows if row.span is not None and row.kind in ("beside", "prediction")]
    if plan.measure in RATIO_MEASURES:
        return log_scale(core, beside)
    return linear_scale(core, beside, None if is_occurrence(plan) else 0.0)


# ---------------------------------------------------------------- words around the plot


def alt_text(frame: Frame, plan: Analysis, rows: Sequence[ForestRow]) -> str:
    """The plot in sentences, with the same numbers."""
    wording = frame.texts.of("forest")
    measure = measure_heading(plan.measure, plan.per, level_of(plan), frame.texts)
    parts = [
        wording.say("alt.shell" if frame.results is None else "alt.opening", label=sentence_case(plan.label), measure=measure)
    ]
    for row in rows:
        key = row.kind if row.kind in ("heading", "remark") else "weighted" if row.weight is not None else "row"
        parts.append(wording.say(f"alt.{key}", label=row.label, text=row.text.rstrip("."), weight=row.weight_text))
    return " ".join(parts)


def _marks_notes(frame: Frame, plan: Analysis, rows: Sequence[ForestRow], scale: Scale) -> list[tuple[Inline, ...]]:
    """What the marks mean, for those that there are, and the short names of models."""
    wording, pooling = frame.texts.of("forest"), pooling_of(plan)
    if frame.results is None:
        keys = ["shell"]
        keys += ["invited"] if any(each.decision == "pending" for each in frame.study.participation) else []
    else:
        keys = ["registries" if pooling is None else "weighted_registries"]
        keys += ["pooled"] if pooling else []
        keys += ["prediction"] if any(row.kind == "prediction" for row in rows) else []
        keys += ["cut"] if is_cut(scale, rows) else []
    notes = [wording.note(key) for key in keys]
    if pooling is not None:
        estimators = [model.estimator for model in (pooling.main, *pooling.beside) if model.estimator != "none"]
        for name in dict.fromkeys(estimators):
            notes.append(
                wording.note("estimator", short=wording.say(f"estimators.{name}"), name=frame.texts.word("estimator", name))
            )
    joined: list[Inline] = []
    for note in notes:
        joined += [*frame.texts.inline("patterns.between_sentences"), *note] if joined else [*note]
    return [tuple(joined)]


def _result_notes(frame: Frame, plan: Analysis) -> list[tuple[Inline, ...]]:
    """Heterogeneity, or that nothing is combined. The notes of single results stand under the table of the analysis."""
    notes = [note for address in addresses(frame, plan) for note in heterogeneity_notes(frame, plan, address)]
    return [*notes, *unpooled_note(frame, plan)]


# ---------------------------------------------------------------- drawing


def _draw(frame: Frame, plan: Analysis, rows: Sequence[ForestRow], scale: Scale) -> Canvas:
    look, wording = frame.texts.look, frame.texts.of("forest")
    headings = Headings(
        wording.say("columns.registry"),
        count_headings(frame, plan),
        measure_heading(plan.measure, plan.per, level_of(plan), frame.texts),
        wording.say("columns.weight") if pooling_of(plan) else "",
    )
    layout = layout_of(look, rows, headings)
    bottom = layout.top + sum(layout.heights) + 0.15
    directed = bool(sides(plan))
    canvas = Canvas(look, look.text_width_cm, bottom + (1.25 if directed else 0.75))
    _header(canvas, layout)
    axes = canvas.axes(layout.plot_left, layout.top, layout.plot_width, bottom - layout.top)
    _axis(frame, plan, axes, scale)
    if scale.null is not None:
        null = layout.plot_left + scale.at(scale.null) * layout.plot_width
        canvas.line([null, null], [layout.top, bottom], linewidth=0.8, zorder=0)
        if directed:
            _directions(frame, plan, canvas, null, bottom + 0.92)
    weights = [row.weight for row in layout.rows if row.weight is not None]
    marks = Marks(canvas, scale, layout.plot_left, layout.plot_width, max(weights, default=None))
    y = layout.top
    for row, lines, height in zip(layout.rows, layout.labels, layout.heights, strict=True):
        if row.kind == "main" or (row.kind == "heading" and y > layout.top):
            canvas.line([PAD, canvas.width - PAD], [y, y], color=look.rule, linewidth=0.6)
        _texts(canvas, layout, row, lines, y + height / 2)
        draw = marks.outline if frame.results is None else marks.draw
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


def _axis(frame: Frame, plan: Analysis, axes: Axes, scale: Scale) -> None:
    axes.set_xlim(0, 1)
    axes.set_ylim(0, 1)
    axes.patch.set_alpha(0)
    axes.yaxis.set_visible(False)
    for side in ("left", "right", "top"):
        axes.spines[side].set_visible(False)
    # A shell knows only where there is no effect.
    ticks = [tick for tick in scale.ticks if frame.results is not None or tick == scale.null]
    percent = scale_of(plan.measure) == "percent"
    texts = [frame.texts.say("patterns.percent", number=tick_text(tick)) if percent else tick_text(tick) for tick in ticks]
    axes.set_xticks([scale.at(tick) for tick in ticks], texts, parse_math=False)
    axes.tick_params(length=3, pad=2)


def _directions(frame: Frame, plan: Analysis, canvas: Canvas, null: float, y: float) -> None:
    """What lies to the left and to the right of the null line."""
    wording, exposure = frame.texts.of("forest"), frame.study.exposure(sides(plan)[0]).label
    for key, align, x, room in (
        ("lower", "right", null - 0.12, null - 0.12 - PAD),
        ("higher", "left", null + 0.12, canvas.width - null - 0.12 - PAD),
    ):
        line = wrapped(canvas.look, wording.say(f"words.{key}", exposure=exposure), room, most=1)[0]
        canvas.text(x, y, line, ha=align, color=canvas.look.muted)
