"""Figures of delivered quality: heat maps of registries by indicators and by core variables, and the trend of each indicator by
year. Every number drawn is traced, and read out in the text alternative."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from studygen.aggregates.quality_contract import BY_ITEM
from studygen.displays.dossier.context import limit
from studygen.displays.dossier.data_model import variable_label
from studygen.displays.dossier.frame import DossierFrame, figure_address
from studygen.displays.dossier.quality import VERDICTS, digits, figure_text, verdict
from studygen.displays.figures.heat_map import HeatCell, HeatMap, HeatRow, draw_heat_map
from studygen.displays.figures.trend import Trend, TrendPanel, draw_trend
from studygen.displays.formats import sentence_case
from studygen.document.nodes import Figure, Inline, Slot, Value
from studygen.qualification.indicators import Indicator, QualityFigure

Line = tuple[Indicator, str, str, tuple[QualityFigure | None, ...]]
"""A row of a heat map: the indicator, its label, what stands under it, the figure of each registry."""


def registries_by_indicators(frame: DossierFrame, slot: Slot) -> Figure:
    """The latest figure of every registry and indicator."""
    lines = []
    for indicator in frame.definition.indicators:
        latest = tuple(frame.dossier.latest(registry, indicator.id) for registry in frame.definition.registries)
        wording = frame.texts.of("quality-heat-map")
        target = wording.say("words.target", limit=limit(frame, indicator, indicator.target))
        lines.append((indicator, indicator.label, target, latest))
    return _heat_map(frame, slot, "quality-heat-map", lines, grouped=False)


def items_by_registries(frame: DossierFrame, slot: Slot) -> Figure:
    """How complete each core variable is in each registry, in the latest year; an indicator of one variable stands for it."""
    return _heat_map(frame, slot, "item-heat-map", list(item_lines(frame)), grouped=True)


def item_lines(frame: DossierFrame) -> Iterator[Line]:
    """The core variables of which a registry has delivered how complete they are."""
    for indicator in frame.definition.indicators:
        if indicator.dimension not in BY_ITEM:
            continue
        for item in indicator.core_items:
            of = "" if len(indicator.core_items) == 1 else item
            found = (frame.dossier.figures_of_item(registry, indicator.id, of) for registry in frame.definition.registries)
            latest = tuple(_last(figures) for figures in found)
            if any(latest):
                yield indicator, sentence_case(variable_label(frame, item)), "", latest


def _last(figures: Sequence[QualityFigure]) -> QualityFigure | None:
    by_year = [figure for figure in figures if figure.year is not None]
    return by_year[-1] if by_year else figures[-1] if figures else None


def _heat_map(frame: DossierFrame, slot: Slot, name: str, lines: Sequence[Line], *, grouped: bool) -> Figure:
    wording, look = frame.texts.of(name), frame.texts.look
    registries = [frame.short_name(id) for id in frame.definition.registries]
    rows: list[HeatRow] = []
    heading = ""
    for indicator, label, below, figures in lines:
        group = frame.texts.word("indicator_dimension", indicator.dimension)
        if grouped and group != heading:
            heading = group
            rows.append(HeatRow(sentence_case(group)))
        rows.append(HeatRow(label, below, tuple(_cell(frame, figure) for figure in figures)))
    legend = [(each, frame.texts.word("quality_verdict", each)) for each in VERDICTS]
    svg, png, width = frame.drawn(look, lambda: draw_heat_map(look, HeatMap(registries, rows, legend)))
    shown = [figure for _, _, _, figures in lines for figure in figures if figure is not None]
    alt = [wording.say("alt.opening")]
    for _, label, _, figures in lines:
        said = [
            wording.say("alt.cell", registry=registry, value=_shown(frame, figure), verdict=_told(frame, figure))
            for registry, figure in zip(registries, figures, strict=True)
        ]
        alt.append(wording.say("alt.row", label=label, cells=wording.say("alt.between").join(said)))
    notes = [wording.note("reading", year=_years(frame, shown))]
    if any(figure.state == "suppressed" for figure in shown):
        notes.append(frame.texts.of("quality-by-year").note("suppressed"))
    if any(figure is None for _, _, _, figures in lines for figure in figures):
        notes.append(wording.note("missing"))
    caption = _said(frame, wording.caption(), shown)
    return Figure(slot.id, caption, " ".join(alt), svg, png, width, tuple(notes), values=_values(frame, shown))


def _said(frame: DossierFrame, caption: tuple[Inline, ...], figures: Sequence[QualityFigure]) -> tuple[Inline, ...]:
    """A caption that says itself where its numbers are simulated: a figure may be taken out of its document."""
    simulated = any(figure.simulated for figure in figures)
    return frame.texts.inline("patterns.simulated", caption=caption) if simulated else caption


def _cell(frame: DossierFrame, figure: QualityFigure | None) -> HeatCell:
    """The bare number, so that it fits; the unit stands with the target."""
    kind = verdict(frame, figure)
    if figure is None:
        return HeatCell(frame.texts.word("cell", "missing"), kind)
    if figure.value is None:
        return HeatCell(frame.texts.word("quality_cell", figure.state), kind)
    unit = frame.definition.indicator(figure.indicator).unit
    return HeatCell(figure_text(frame, figure) if unit == "percent" else digits(frame.definition, figure), kind)


def _shown(frame: DossierFrame, figure: QualityFigure | None) -> str:
    return frame.texts.word("cell", "missing") if figure is None else figure_text(frame, figure)


def _told(frame: DossierFrame, figure: QualityFigure | None) -> str:
    return frame.texts.word("quality_verdict", verdict(frame, figure))


def _years(frame: DossierFrame, figures: Sequence[QualityFigure]) -> str:
    """The year of the figures, or the first and last of them."""
    years = sorted({figure.year for figure in figures if figure.year is not None})
    if not years:
        return frame.texts.of("evidence").say("words.all_years")
    if years[0] == years[-1]:
        return str(years[0])
    return frame.texts.say("patterns.interval", lower=str(years[0]), upper=str(years[-1]))


def _values(frame: DossierFrame, figures: Sequence[QualityFigure]) -> tuple[Value, ...]:
    return tuple(Value(figure_address(figure), figure_text(frame, figure)) for figure in figures)


def trend(frame: DossierFrame, slot: Slot) -> Figure:
    """An indicator by registry and year, with target and minimum."""
    wording, look = frame.texts.of("quality-trend"), frame.texts.look
    indicator = frame.definition.indicator(frame.option(slot, "indicator"))
    by_registry = {
        registry: [x for x in frame.dossier.figures_of(registry, indicator.id) if x.year is not None]
        for registry in frame.definition.registries
    }
    panels = [_panel(frame, registry, figures) for registry, figures in by_registry.items() if figures]
    words = (
        wording.say("words.target", limit=limit(frame, indicator, indicator.target)),
        wording.say("words.minimum", limit=limit(frame, indicator, indicator.minimum)),
    )
    shown = Trend(panels, indicator.target, indicator.minimum, words, 100.0 if indicator.unit == "percent" else None)
    svg, png, width = frame.drawn(look, lambda: draw_trend(look, shown))
    alt = [wording.say("alt.opening", label=indicator.label, limits=f"{words[0]}, {words[1]}")]
    for registry, figures in by_registry.items():
        if figures:
            said = [wording.say("alt.year", year=str(each.year), value=figure_text(frame, each)) for each in figures]
            alt.append(wording.say("alt.row", registry=frame.short_name(registry), values=wording.say("alt.between").join(said)))
    unit = sentence_case(frame.texts.word("indicator_unit", indicator.unit))
    flat = [figure for figures in by_registry.values() for figure in figures]
    notes = [wording.note("reading", unit=unit)]
    if any(figure.value is None for figure in flat):
        notes.append(wording.note("gaps"))
    caption = _said(frame, wording.caption(label=indicator.label), flat)
    return Figure(slot.id, caption, " ".join(alt), svg, png, width, tuple(notes), values=_values(frame, flat))


def _panel(frame: DossierFrame, registry: str, figures: Sequence[QualityFigure]) -> TrendPanel:
    values = [(figure.year or 0, figure.value) for figure in figures]
    failing = verdict(frame, figures[-1]) == "failing"
    return TrendPanel(frame.short_name(registry), values, _cell(frame, figures[-1]).text, failing)
