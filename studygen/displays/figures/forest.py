"""The forest plot: registries as squares sized by weight, pooled estimates as diamonds, the prediction interval as a bar, with
the numbers beside them. Told apart by form, so that it reads in grey; in a shell it shows the same frame without values."""

from __future__ import annotations

from collections.abc import Sequence

from studygen.aggregates.expected import RATIO_MEASURES, is_occurrence
from studygen.displays.evidence import addresses, drawn_values, level_of, pooling_of, sides
from studygen.displays.figures.forest_drawing import Forest, draw_forest
from studygen.displays.figures.forest_layout import Headings
from studygen.displays.figures.forest_marks import is_cut
from studygen.displays.figures.forest_rows import ForestRow, count_headings, forest_rows
from studygen.displays.figures.scale import Scale, linear_scale, log_scale, tick_text
from studygen.displays.formats import level_text, measure_heading, scale_of, sentence_case
from studygen.displays.frame import Frame
from studygen.displays.tables.effects import heterogeneity_notes, unpooled_note
from studygen.document.nodes import Figure, Inline, Slot
from studygen.study.objectives import Analysis


def forest(frame: Frame, slot: Slot) -> Figure:
    """The forest plot of an analysis."""
    plan = frame.study.analysis(frame.option(slot, "analysis"))
    rows, look = forest_rows(frame, plan), frame.texts.look
    scale = _scale(plan, rows)
    svg, png, width = frame.drawn(look, lambda: draw_forest(look, _forest(frame, plan, rows, scale)))
    caption = frame.texts.of("forest").caption(label=sentence_case(plan.label))
    notes = [*_marks_notes(frame, plan, rows, scale), *_result_notes(frame, plan)]
    values = drawn_values(frame, (id for row in rows for id in row.ids))
    return Figure(slot.id, caption, alt_text(frame, plan, rows), svg, png, width, tuple(notes), values=values)


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
        keys += ["prediction"] if any(row.kind == "prediction" and row.span for row in rows) else []
        keys += ["cut"] if is_cut(scale, rows) else []
    notes = [wording.note(key) for key in keys]
    if pooling is not None and frame.results is not None:
        notes.append(wording.note("weight"))
    if plan.input == "counts":
        notes.append(wording.note("intervals", interval=frame.texts.word("interval", plan.interval)))
    if pooling is not None:
        if any(model.model == "bayesian" for model in (pooling.main, *pooling.beside)):
            notes.append(wording.note("bayesian", level=level_text(pooling.level)))
        estimators = [model.estimator for model in (pooling.main, *pooling.beside) if model.estimator != "none"]
        for name in dict.fromkeys(estimators):
            notes.append(
                wording.note("estimator", short=wording.say(f"estimators.{name}"), name=frame.texts.word("estimator", name))
            )
        if any(model.prior_scale is not None for model in (pooling.main, *pooling.beside)):
            notes.append(wording.note("prior"))
    joined: list[Inline] = []
    for note in notes:
        joined += [*frame.texts.inline("patterns.between_sentences"), *note] if joined else [*note]
    return [tuple(joined)]


def _result_notes(frame: Frame, plan: Analysis) -> list[tuple[Inline, ...]]:
    """Heterogeneity, or that nothing is combined. The notes of single results stand under the table of the analysis."""
    notes = [note for address in addresses(frame, plan) for note in heterogeneity_notes(frame, plan, address)]
    return [*notes, *unpooled_note(frame, plan)]


# ---------------------------------------------------------------- drawing


def _forest(frame: Frame, plan: Analysis, rows: Sequence[ForestRow], scale: Scale) -> Forest:
    wording, compared = frame.texts.of("forest"), sides(plan)
    headings = Headings(
        wording.say("columns.registry"),
        count_headings(frame, plan),
        measure_heading(plan.measure, plan.per, level_of(plan), frame.texts),
        wording.say("columns.weight") if pooling_of(plan) else "",
    )
    directions = None
    if compared:
        exposure = frame.study.exposure(compared[0]).label
        directions = wording.say("words.lower", exposure=exposure), wording.say("words.higher", exposure=exposure)

    def percent(tick: float) -> str:
        return frame.texts.say("patterns.percent", number=tick_text(tick))

    tick = percent if scale_of(plan.measure) == "percent" else tick_text
    return Forest(rows, scale, headings, directions, tick, shell=frame.results is None)
