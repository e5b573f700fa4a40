"""Tables of the exemplar studies: what each demonstrates, its key results by id, and the trace of every number shown. The numbers
are those of the studies' own result sets."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from studygen.displays.cells import Content, group, row, table
from studygen.displays.dossier.frame import DossierFrame, StudyResults, address, figure_address, found, with_inputs
from studygen.displays.dossier.quality import figure_text
from studygen.displays.formats import listing, result_text, sentence_case
from studygen.displays.tables.trace import doi_content, exact_content, lines_of, lines_text, unit_text
from studygen.document.nodes import Code, Paragraph, Row, Slot, Table, Text, Value
from studygen.document.traces import value_anchor
from studygen.results.findings import Result, Source
from studygen.stats.methods import METHODS


def exemplars(frame: DossierFrame, slot: Slot) -> Table:
    """The exemplar studies: kind, standing, study types, what each demonstrates and what not."""
    wording = frame.texts.of("exemplars")
    types = {each.id: frame.texts.word("study_type", each.kind) for each in frame.definition.context_of_use.study_types}
    body = []
    for each in frame.definition.exemplars:
        study = frame.studies[each.study].study
        protocol = study.documents.protocol
        kinds = listing(list(dict.fromkeys(types[id] for id in each.study_types)), frame.texts)
        named = [
            study.short_title,
            wording.say("words.document", reference=protocol.reference, version=protocol.version),
        ]
        standing = sentence_case(frame.texts.word("exemplar_standing", each.standing))
        body.append(row(frame, named, [standing, sentence_case(kinds)], each.demonstrates, each.does_not))
    columns = wording.columns("study", "standing", "demonstrates", "does_not")
    return table(frame, slot, wording.caption(), columns, body, (1.3, 1.2, 2.3, 2.2))


def exemplar_results(frame: DossierFrame, slot: Slot) -> Table:
    """The key results of one exemplar study, by their ids."""
    wording = frame.texts.of("exemplar-results")
    exemplar = next(each for each in frame.definition.exemplars if each.id == frame.option(slot, "exemplar"))
    study = frame.studies[exemplar.study]
    body = []
    for shown in exemplar.results:
        where = address(exemplar.study, shown.id)
        result = found(frame.studies, where)
        value = Value(where, result_text(result, "full", frame.texts))
        names = dict.fromkeys(study.network.registry(source.registry).short_name for source in _underneath(study, result.id))
        origin = listing(list(names), frame.texts) if names else wording.say("words.planned")
        body.append(row(frame, shown.label, value, origin, Code(shown.id)))
    columns = wording.columns("result", "value", "origin", "id")
    return table(frame, slot, wording.caption(study=study.study.short_title), columns, body, (1.8, 1.2, 1.4, 2.2))


def _underneath(study: StudyResults, id: str) -> Iterator[Source]:
    results = study.all
    for each in results.with_inputs([id]):
        yield from results[each].origin.sources


def trace(frame: DossierFrame, slot: Slot) -> Table:
    """Every number that the document shows and those underneath, by study; each row is the anchor of its number. Quality figures
    stand last, with the line of the delivery."""
    wording = frame.texts.of("dossier-trace")
    columns = wording.columns("result", "shown", "exact", "unit", "method", "sources")
    body: list[Row] = []
    for study, results in groupby(with_inputs(frame.studies, frame.shown), key=lambda each: each[1].study):
        heading = wording.say("words.study", id=study.id, title=study.short_title)
        body.append(group(frame, heading, len(columns)))
        body += [_row(frame, where, each, result) for where, each, result in results]
    figures = list(_figures(frame))
    if figures:
        body += [group(frame, wording.say("words.quality"), len(columns)), *figures]
    notes = [wording.note("exact"), wording.note("files")]
    return table(frame, slot, wording.caption(), columns, body, (2.6, 1.4, 2.2, 1.3, 1.7, 3.4), notes=notes, landscape=True)


def _row(frame: DossierFrame, where: str, study: StudyResults, result: Result) -> Row:
    made = row(
        frame,
        Code(result.id),
        result_text(result, "full", frame.texts),
        exact_content(frame, result),
        unit_text(result, frame.texts),
        Code(result.origin.method),
        list(_sources(frame, study, result)) or frame.texts.of("dossier-trace").say("words.definition"),
    )
    return Row(made.cells, made.kind, value_anchor(where))


def _sources(frame: DossierFrame, study: StudyResults, result: Result) -> Iterator[Content]:
    wording = frame.texts.of("dossier-trace")
    for source in result.origin.sources:
        registry, lines = study.network.registry(source.registry).short_name, Text(lines_text(frame, source))
        yield Paragraph(wording.inline("words.source", registry=registry, file=Code(source.file), lines=lines))


def _figures(frame: DossierFrame) -> Iterator[Row]:
    wording = frame.texts.of("dossier-trace")
    for figure in frame.dossier.figures:
        where = figure_address(figure)
        if frame.shown is not None and where not in frame.shown:
            continue
        exact = None if figure.value is None else f"{figure.value:.15g}"
        parts = (
            wording.say("words.share", numerator=f"{figure.numerator:.15g}", denominator=f"{figure.denominator:.15g}")
            if figure.numerator is not None and figure.denominator is not None
            else None
        )
        lines = Text(lines_of(frame, figure.lines))
        name = frame.short_name(figure.registry)
        origin = Paragraph(wording.inline("words.source", registry=name, file=Code(figure.file), lines=lines))
        made = row(
            frame,
            Code(where.partition(":")[2]),
            figure_text(frame, figure),
            [exact, parts],
            sentence_case(frame.texts.word("indicator_unit", frame.definition.indicator(figure.indicator).unit)),
            wording.say("words.divided" if parts else "words.delivered"),
            origin,
        )
        yield Row(made.cells, made.kind, value_anchor(where))


def methods(frame: DossierFrame, slot: Slot) -> Table:
    """The methods of the results that are explained, with formula and source."""
    wording = frame.texts.of("methods-used")
    used = sorted({result.origin.method for _, _, result in with_inputs(frame.studies, frame.shown)})
    body = [
        row(frame, Code(key), METHODS[key].formula, [METHODS[key].citation, doi_content(frame, METHODS[key].doi)]) for key in used
    ]
    columns = wording.columns("method", "formula", "source")
    return table(frame, slot, wording.caption(), columns, body, (1.6, 3.4, 2.4), notes=[wording.note("symbols")])


def files(frame: DossierFrame, slot: Slot) -> Table:
    """Every delivered file under the numbers shown, with its SHA-256 fingerprint."""
    wording = frame.texts.of("dossier-files")
    seen: dict[tuple[str, str, str], str] = {}
    for _, study, result in with_inputs(frame.studies, frame.shown):
        for source in result.origin.sources:
            name = study.network.registry(source.registry).short_name
            seen.setdefault((study.study.id, name, source.file), source.sha256)
    for figure in frame.dossier.figures:
        if frame.shown is None or figure_address(figure) in frame.shown:
            seen.setdefault((frame.definition.id, frame.short_name(figure.registry), figure.file), figure.sha256)
    body = [row(frame, Code(study), registry, [Code(file), Code(sha)]) for (study, registry, file), sha in seen.items()]
    columns = wording.columns("study", "registry", "file")
    return table(frame, slot, wording.caption(), columns, body, (1.6, 0.9, 4.2))
