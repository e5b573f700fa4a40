"""The forest plot of a file's sources, for `studygen pool --plot`: the same drawing as a study's, as SVG, PNG or PDF."""

from __future__ import annotations

import math
from collections.abc import Iterator

from studygen.displays.figures.drawing import PlotFormat, drawing, saved
from studygen.displays.figures.forest_drawing import Forest, draw_forest
from studygen.displays.figures.forest_layout import Headings
from studygen.displays.figures.forest_rows import ForestRow
from studygen.displays.figures.scale import Scale, Span, linear_scale, log_scale
from studygen.displays.formats import level_text
from studygen.displays.pooled_sources import (
    beside_name,
    decimals_of,
    estimate_text,
    pool_name,
    pooled_line,
    prediction_name,
)
from studygen.displays.texts import DisplayTexts, Wording
from studygen.results.source_pooling import LOG, Line, SourcePool
from studygen.stats.measures import MEASURES


def source_forest(found: SourcePool, texts: DisplayTexts, format: PlotFormat) -> bytes:
    """The file's bytes: equal pools, equal bytes."""
    wording, rows = texts.part("pool-file"), tuple(_rows(found, texts.part("pool-file")))
    measure = wording.say(f"measures.{found.pooled.measure}")
    headings = Headings(
        wording.say("columns.source"),
        (),
        texts.say("patterns.heading", measure=measure, level=level_text(found.pooled.level)),
        wording.say("columns.weight") if found.pooled.weights is not None else "",
    )
    with drawing(texts.look):
        return saved(draw_forest(texts.look, Forest(rows, _scale(found, rows), headings)), format)


def _rows(found: SourcePool, wording: Wording) -> Iterator[ForestRow]:
    digits, weights = decimals_of(found), found.pooled.weights
    for n, line in enumerate(found.sources):
        weight = None if weights is None else weights[n]
        text = "" if weight is None else f"{weight:.1f}%"
        yield ForestRow("registry", line.name, (), _span(line), estimate_text(line, digits, wording), weight, text)
    pooled = pooled_line(found)
    yield ForestRow("main", pool_name(found, wording), (), _span(pooled), estimate_text(pooled, digits, wording))
    for way, line in found.beside:
        yield ForestRow("beside", beside_name(found, way, wording), (), _span(line), estimate_text(line, digits, wording))
    if found.pooled.prediction is not None:
        ahead = Line("", found.pooled.estimate, *found.pooled.prediction)
        limits = estimate_text(ahead, digits, wording).partition(" ")[2].strip("()")
        yield ForestRow("prediction", prediction_name(found, wording), (), _span(ahead), limits)


def _span(line: Line) -> Span | None:
    if not math.isfinite(line.estimate) or math.isnan(line.lower) or math.isnan(line.upper):
        return None
    return Span(line.estimate, line.lower, line.upper)


def _scale(found: SourcePool, rows: tuple[ForestRow, ...]) -> Scale:
    core = [row.span for row in rows if row.span is not None and row.kind in ("registry", "main")]
    beside = [row.span for row in rows if row.span is not None and row.kind in ("beside", "prediction")]
    null = MEASURES[found.pooled.measure].null
    if found.pooled.measure in LOG and null is not None:
        return log_scale(core, beside)
    return linear_scale(core, beside, null)
