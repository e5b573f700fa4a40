"""Tables of delivered quality: the network at a glance, the indicators of one registry with what is done about them, one
indicator by year, and the deliveries that the figures come from."""

from __future__ import annotations

from collections.abc import Sequence

from studygen.displays.cells import Content, row, table
from studygen.displays.dossier.context import limit
from studygen.displays.dossier.frame import DossierFrame, figure_address
from studygen.displays.dossier.improvement import gap_anchor
from studygen.displays.dossier.quality import VERDICTS, figure_text, figure_value, verdict
from studygen.displays.formats import day_text, sentence_case
from studygen.document.nodes import Code, Row, Slot, Table, Text, Value
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
        when = day_text(cut, frame.texts) if cut else wording.say("words.not_delivered")
        body.append(row(frame, frame.short_name(registry), *(str(found.count(each)) for each in VERDICTS), when))
    columns = [
        wording.say("columns.registry"),
        *(sentence_case(frame.texts.word("quality_verdict", each)) for each in VERDICTS),
        wording.say("columns.data_cut"),
    ]
    return table(frame, slot, wording.caption(), columns, body, (1.0, 1.0, 1.2, 1.0, 0.9, 1.1))


def network(frame: DossierFrame, slot: Slot) -> Table:
    """For each indicator the lowest and highest latest figure, and how many registries reach target and minimum."""
    wording = frame.texts.of("quality-network")
    body = []
    for each in frame.definition.indicators:
        latest = [frame.dossier.latest(registry, each.id) for registry in frame.definition.registries]
        known = sorted((x for x in latest if x is not None and x.value is not None), key=lambda x: x.value or 0)
        verdicts = [verdict(frame, figure) for figure in known]
        count = wording.say("words.of", count=str(verdicts.count("target")), all=str(len(known)))
        kept = wording.say("words.of", count=str(len(known) - verdicts.count("failing")), all=str(len(known)))
        body.append(
            row(
                frame,
                each.label,
                sentence_case(limit(frame, each, each.target)),
                _owned(frame, known[:1]),
                _owned(frame, known[-1:]),
                count,
                kept,
            )
        )
    columns = wording.columns("indicator", "target", "lowest", "highest", "reaching", "meeting")
    return table(frame, slot, wording.caption(), columns, body, (1.8, 1.1, 1.1, 1.1, 0.8, 0.9), notes=[wording.note("own")])


def _owned(frame: DossierFrame, figures: Sequence[QualityFigure]) -> Content:
    return [[figure_value(frame, figure), frame.short_name(figure.registry)] for figure in figures]


def of_registry(frame: DossierFrame, slot: Slot) -> Table:
    """The indicators of one registry: definition, parts, latest value with its year, target, minimum, verdict, action."""
    wording, registry = frame.texts.of("quality-of-registry"), frame.option(slot, "registry")
    body = []
    for each in frame.definition.indicators:
        figure = frame.dossier.latest(registry, each.id)
        minimum = frame.definition.minimum(each.id, registry)
        limits = [
            wording.say("words.target", limit=limit(frame, each, each.target)),
            wording.say("words.minimum", limit=limit(frame, each, minimum)),
        ]
        told = sentence_case(frame.texts.word("quality_verdict", verdict(frame, figure)))
        label = [each.label, each.definition]
        body.append(row(frame, label, _value(frame, figure), limits, told, _action(frame, registry, each, figure)))
    columns = wording.columns("indicator", "value", "limits", "verdict", "action")
    caption = wording.caption(registry=frame.short_name(registry))
    return table(frame, slot, caption, columns, body, (2.6, 1.5, 1.3, 1.2, 2.6), landscape=True)


def _value(frame: DossierFrame, figure: QualityFigure | None) -> Content:
    wording = frame.texts.of("quality-of-registry")
    if figure is None:
        return wording.say("words.not_delivered")
    shown: list[Content] = [figure_value(frame, figure)]
    if figure.value is None:
        shown = [Value(figure_address(figure), sentence_case(frame.texts.word("quality_state", figure.state)))]
    elif figure.numerator is not None and figure.denominator is not None:
        address = figure_address(figure)
        said = wording.say("words.parts", numerator=f"{figure.numerator:g}", denominator=f"{figure.denominator:g}")
        shown.append(Value(address, said))
    if figure.year is not None:
        shown.append(str(figure.year))
    return shown


def _action(frame: DossierFrame, registry: str, indicator: Indicator, figure: QualityFigure | None) -> Content:
    """What is done where the figure is worse than the minimum: action, owner and date of the gaps."""
    wording = frame.texts.of("quality-of-registry")
    told = verdict(frame, figure)
    if told != "failing":
        return wording.say("words.not_judged" if told == "none" else "words.none_needed")
    found = gaps_for(frame, registry, indicator)
    return [part for gap in found for part in _gap(frame, gap)] or wording.say("words.no_action")


def gaps_for(frame: DossierFrame, registry: str, indicator: Indicator) -> tuple[Gap, ...]:
    """The gaps that answer for an indicator of a registry, of the network's only where the registry has none."""
    live = [each for each in frame.definition.gaps if each.indicator == indicator.id and each.status != "done"]
    return tuple([each for each in live if each.registry == registry] or [each for each in live if each.registry is None])


def _gap(frame: DossierFrame, gap: Gap) -> tuple[Content, ...]:
    return gap.action, frame.texts.of("quality-of-registry").say("words.by", owner=_owner(frame, gap), due=_due(frame, gap))


def _owner(frame: DossierFrame, gap: Gap) -> str:
    wording = frame.texts.of("gaps")
    return sentence_case(frame.definition.contact(gap.owner).role) if gap.owner else wording.say("words.no_owner")


def _due(frame: DossierFrame, gap: Gap) -> str:
    return day_text(gap.due, frame.texts) if gap.due else frame.texts.of("gaps").say("words.no_date")


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
    return table(frame, slot, wording.caption(), columns, body, (1.4, 1.2, 2.0, 2.2, 1.2))


def by_year(frame: DossierFrame, slot: Slot) -> Table:
    """One indicator by registry and year, every number traced."""
    wording = frame.texts.of("quality-by-year")
    indicator = frame.definition.indicator(frame.option(slot, "indicator"))
    figures = {id: frame.dossier.figures_of(id, indicator.id) for id in frame.definition.registries}
    years = sorted({figure.year for found in figures.values() for figure in found if figure.year is not None})
    body = []
    for registry, found in figures.items():
        by = {figure.year: figure for figure in found}
        told = sentence_case(frame.texts.word("quality_verdict", verdict(frame, frame.dossier.latest(registry, indicator.id))))
        body.append(row(frame, frame.short_name(registry), *(_short(frame, by.get(year)) for year in years), told))
    columns = [wording.say("columns.registry"), *(str(year) for year in years), wording.say("columns.verdict")]
    widths = (1.0, *(1.0 for _ in years), 1.5)
    return table(frame, slot, wording.caption(label=indicator.label), columns, body, widths, notes=[wording.note("states")])


def _short(frame: DossierFrame, figure: QualityFigure | None) -> Content:
    return (
        Text(frame.texts.word("cell", "missing")) if figure is None else Value(figure_address(figure), figure_text(frame, figure))
    )


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
            wording.say("words.data_cut", date=day_text(manifest.data_cut, frame.texts)) if manifest.data_cut else None,
            wording.say("words.extraction", date=day_text(manifest.extraction, frame.texts)) if manifest.extraction else None,
        ]
        nature = [
            sentence_case(frame.texts.word("delivery_nature", manifest.nature)),
            wording.say("words.model", version=manifest.definition_version),
        ]
        counted = [manifest.software, wording.say("words.threshold", count=str(manifest.small_cell_threshold))]
        body.append(row(frame, frame.short_name(registry), nature, dates, counted, [Code(delivery.file), Code(delivery.sha256)]))
    columns = wording.columns("registry", "nature", "dates", "software", "file")
    return table(frame, slot, wording.caption(), columns, body, (0.8, 1.2, 1.6, 1.8, 3.2))
