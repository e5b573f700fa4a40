"""Tables of delivered quality: the network at a glance, the indicators of one registry with what is done about them, one
indicator by year, and the deliveries that the figures come from."""

from __future__ import annotations

from collections.abc import Iterable

from studygen.displays import numbers
from studygen.displays.cells import Content, row, table, unbroken
from studygen.displays.dossier.context import limit
from studygen.displays.dossier.frame import DossierFrame, figure_address
from studygen.displays.dossier.improvement import gap_anchor
from studygen.displays.dossier.quality import (
    VERDICTS,
    digits,
    figure_value,
    interval,
    number_text,
    standing,
    unsettled,
    verdict,
)
from studygen.displays.formats import day_text, sentence_case
from studygen.document.nodes import Code, Inline, Link, Paragraph, Row, Slot, Table, Text, Value
from studygen.qualification.improvement import Gap
from studygen.qualification.indicators import Indicator, QualityFigure


def summary(frame: DossierFrame, slot: Slot) -> Table:
    """For each registry how many indicators reach the target, lie between target and minimum, are worse, have no figure."""
    wording = frame.texts.of("quality-summary")
    body = []
    for registry in frame.definition.registries:
        found = [verdict(frame, frame.dossier.latest(registry, each.id)) for each in frame.definition.indicators]
        delivery = frame.deliveries.get(registry)
        cut = delivery.manifest.data_cut if delivery else None
        when = unbroken(day_text(cut, frame.texts)) if cut else wording.say("words.not_delivered")
        body.append(row(frame, frame.short_name(registry), *(str(found.count(each)) for each in VERDICTS), when))
    columns = wording.columns("registry", *VERDICTS, "data_cut")
    return table(frame, slot, wording.caption(), columns, body, (1.0, 1.0, 1.2, 1.0, 0.9, 1.1))


def network(frame: DossierFrame, slot: Slot) -> Table:
    """For each indicator the lowest and highest latest figure, and how many registries reach target and minimum."""
    wording = frame.texts.of("quality-network")
    body = []
    for each in frame.definition.indicators:
        found = standing(frame, each.id)
        counts = [wording.say("words.of", count=str(n), all=str(found.known)) for n in (found.reaching, found.meeting)]
        ends = [_owned(frame, registry, each) for registry in (found.lowest, found.highest)]
        body.append(row(frame, each.label, sentence_case(limit(frame, each, each.target)), *ends, *counts))
    columns = wording.columns("indicator", "target", "lowest", "highest", "reaching", "meeting")
    return table(frame, slot, wording.caption(), columns, body, (2.2, 1.3, 1.5, 1.5, 0.8, 0.8), notes=[wording.note("own")])


def _owned(frame: DossierFrame, registry: str, indicator: Indicator) -> Content:
    """The latest figure of a registry with its name."""
    if not registry:
        return None
    value = figure_value(frame, frame.dossier.latest(registry, indicator.id))
    own = frame.texts.of("quality-network").inline("words.own", value=value, registry=frame.short_name(registry))
    return Paragraph(own)


def of_registry(frame: DossierFrame, slot: Slot) -> Table:
    """The indicators of one registry: latest value with its parts, target, minimum, verdict. What is done where a minimum is not
    met stands in the table of these."""
    wording, registry = frame.texts.of("quality-of-registry"), frame.option(slot, "registry")
    latest = {each.id: frame.dossier.latest(registry, each.id) for each in frame.definition.indicators}
    years = [figure.year for figure in latest.values() if figure is not None and figure.year is not None]
    year = max(years, default=None)
    body = []
    for each in frame.definition.indicators:
        figure = latest[each.id]
        limits = (each.target, frame.definition.minimum(each.id, registry))
        shown = [sentence_case(limit(frame, each, value)) for value in limits]
        body.append(row(frame, each.label, _value(frame, figure, year), _parts(frame, figure), *shown, _told(frame, figure)))
    columns = wording.columns("indicator", "value", "parts", "target", "minimum", "verdict")
    named = frame.short_name(registry)
    caption = wording.caption(registry=named, year=wording.say("words.year", year=str(year)) if year else "")
    notes = _notes(frame, latest.values())
    return table(frame, slot, caption, columns, body, (2.2, 1.15, 1.45, 1.25, 1.25, 1.5), notes=notes)


def _value(frame: DossierFrame, figure: QualityFigure | None, year: int | None) -> Content:
    """A figure, and its year where this is not the year of the table."""
    if figure is None:
        return frame.texts.of("quality-of-registry").say("words.not_delivered")
    return [*_shown(frame, figure), None if figure.year in (None, year) else str(figure.year)]


def _shown(frame: DossierFrame, figure: QualityFigure) -> list[Content]:
    """A figure and, of a sample, its interval below it."""
    limits = interval(frame, figure)
    if limits is None:
        return [figure_value(frame, figure)]
    lower, upper = (number_text(each, "percent") for each in limits)
    below = frame.texts.say("patterns.in_brackets", text=frame.texts.say("patterns.interval", lower=lower, upper=upper))
    return [figure_value(frame, figure), Value(figure_address(figure), below)]


def _parts(frame: DossierFrame, figure: QualityFigure | None) -> Content:
    """The counts that a figure was computed from."""
    if figure is None or figure.value is None or figure.numerator is None or figure.denominator is None:
        return Paragraph(())
    return Value(figure_address(figure), parts_text(frame, figure.numerator, figure.denominator))


def parts_text(frame: DossierFrame, numerator: float, denominator: float, *, apart: bool = False) -> str:
    """Numerator and denominator as printed: "7281/8104", or "7281 / 8104" where a narrow column may part them."""
    above, below = (numbers.fixed(each, 0 if each == int(each) else 1) for each in (numerator, denominator))
    wording = frame.texts.of("quality-of-registry")
    return wording.say("words.parts_apart" if apart else "words.parts", numerator=above, denominator=below)


def _told(frame: DossierFrame, figure: QualityFigure | None) -> Content:
    """The verdict on a figure, with the way to what is done where a minimum is not met; a remark where a sample is unsettled."""
    wording, told = frame.texts.of("quality-of-registry"), verdict(frame, figure)
    parts: list[Content] = [sentence_case(frame.texts.word("quality_verdict", told))]
    if figure is not None and told == "failing":
        found = gaps_for(frame, figure.registry, frame.definition.indicator(figure.indicator))
        parts += [Link((Text(wording.say("words.action")),), f"#{gap_anchor(gap.id)}") for gap in found[:1]]
    return [*parts, *(wording.say(f"words.unsettled_{which}") for which in unsettled(frame, figure))]


def _notes(frame: DossierFrame, figures: Iterable[QualityFigure | None]) -> list[tuple[Inline, ...]]:
    """What must be said of the figures of a table: of a sample, and why some have no value."""
    wording, found = frame.texts.of("quality-by-year"), [each for each in figures if each is not None]
    notes = [wording.note("sample")] if any(interval(frame, each) for each in found) else []
    states = {each.state for each in found if each.value is None}
    return [*notes, *(wording.note(state) for state in ("suppressed", "not_collected") if state in states)]


def gaps_for(frame: DossierFrame, registry: str, indicator: Indicator) -> tuple[Gap, ...]:
    """The gaps that answer for an indicator of a registry, of the network's only where the registry has none."""
    live = [each for each in frame.definition.gaps if each.indicator == indicator.id and each.status != "done"]
    return tuple([each for each in live if each.registry == registry] or [each for each in live if each.registry is None])


def _owner(frame: DossierFrame, gap: Gap) -> str:
    wording = frame.texts.of("gaps")
    return sentence_case(frame.definition.contact(gap.owner).role) if gap.owner else wording.say("words.no_owner")


def _due(frame: DossierFrame, gap: Gap) -> str:
    return unbroken(day_text(gap.due, frame.texts)) if gap.due else frame.texts.of("gaps").say("words.no_date")


def failing(frame: DossierFrame, slot: Slot) -> Table:
    """Everything that is worse than its minimum: registry, indicator, figure, and what is done by whom until when."""
    wording = frame.texts.of("quality-failing")
    body: list[Row] = []
    for registry in frame.definition.registries:
        for indicator in frame.definition.indicators:
            figure = frame.dossier.latest(registry, indicator.id)
            if figure is None or verdict(frame, figure) != "failing":
                continue
            for gap in gaps_for(frame, registry, indicator) or (None,):
                least = limit(frame, indicator, frame.definition.minimum(indicator.id, registry))
                made = row(
                    frame,
                    [frame.short_name(registry), indicator.label],
                    [
                        figure_value(frame, figure),
                        str(figure.year) if figure.year else None,
                        wording.say("words.minimum", limit=least),
                    ],
                    gap.consequence if gap else None,
                    (gap.action if gap else None) or wording.say("words.no_action"),
                    [_owner(frame, gap), _due(frame, gap)] if gap else None,
                )
                body.append(Row(made.cells, made.kind, gap_anchor(gap.id) if gap else ""))
    columns = wording.columns("indicator", "figure", "consequence", "action", "owner")
    return table(frame, slot, wording.caption(), columns, body, (1.3, 1.1, 2.0, 2.1, 1.5))


def by_year(frame: DossierFrame, slot: Slot) -> Table:
    """One indicator by registry and year, every number traced. What stands with no percent sign has its unit in the caption."""
    wording = frame.texts.of("quality-by-year")
    indicator = frame.definition.indicator(frame.option(slot, "indicator"))
    figures = {id: frame.dossier.figures_of(id, indicator.id) for id in frame.definition.registries}
    years = sorted({figure.year for found in figures.values() for figure in found if figure.year is not None})
    body = []
    for registry, found in figures.items():
        by = {figure.year: figure for figure in found}
        told = _told(frame, frame.dossier.latest(registry, indicator.id))
        body.append(row(frame, frame.short_name(registry), *(_short(frame, by.get(year)) for year in years), told))
    columns = [wording.say("columns.registry"), *(str(year) for year in years), wording.say("columns.verdict")]
    widths = (1.1, *(1.0 for _ in years), 2.6)
    unit = ""
    if indicator.unit not in ("percent", "count"):
        unit = wording.say("words.unit", unit=frame.texts.word("indicator_unit", indicator.unit))
    notes = _notes(frame, [figure for found in figures.values() for figure in found])
    return table(frame, slot, wording.caption(label=indicator.label, unit=unit), columns, body, widths, notes=notes)


def _short(frame: DossierFrame, figure: QualityFigure | None) -> Content:
    """A figure without its unit, unless this is percent."""
    if figure is None:
        return Text(frame.texts.word("cell", "missing"))
    if figure.value is None or frame.definition.indicator(figure.indicator).unit == "percent":
        return _shown(frame, figure)
    return Value(figure_address(figure), digits(frame.definition, figure))


def deliveries(frame: DossierFrame, slot: Slot) -> Table:
    """Where the figures come from: nature, dates, software, smallest count shown, file and fingerprint of each delivery."""
    wording = frame.texts.of("quality-deliveries")
    body = []
    for registry in frame.definition.registries:
        delivery = frame.deliveries.get(registry)
        if delivery is None:
            nothing = frame.texts.word("cell", "missing")
            body.append(row(frame, frame.short_name(registry), wording.say("words.not_delivered"), nothing, nothing, nothing))
            continue
        manifest = delivery.manifest
        dates = [
            wording.say("words.data_cut", date=unbroken(day_text(manifest.data_cut, frame.texts))) if manifest.data_cut else None,
            wording.say("words.extraction", date=unbroken(day_text(manifest.extraction, frame.texts)))
            if manifest.extraction
            else None,
        ]
        nature = [
            wording.say("words.simulated")
            if manifest.nature == "simulated"
            else sentence_case(frame.texts.word("delivery_nature", manifest.nature)),
            wording.say("words.model", version=manifest.definition_version),
        ]
        software = sentence_case(manifest.software) if manifest.nature == "simulated" else manifest.software
        counted = [software, wording.say("words.threshold", count=str(manifest.small_cell_threshold))]
        body.append(row(frame, frame.short_name(registry), nature, dates, counted, [Code(delivery.file), Code(delivery.sha256)]))
    columns = wording.columns("registry", "nature", "dates", "software", "file")
    return table(frame, slot, wording.caption(), columns, body, (0.9, 1.5, 1.6, 1.7, 3.2))
