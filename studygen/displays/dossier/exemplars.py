"""Tables of the exemplar studies: what each demonstrates, and its key results, which are those of the studies' own result sets.
Also names the works that these rest on."""

from __future__ import annotations

from collections.abc import Iterator

from studygen.displays.cells import row, table
from studygen.displays.dossier.frame import DossierFrame, StudyResults, address, found
from studygen.displays.formats import listing, result_text, sentence_case
from studygen.document.nodes import Slot, Table, Value
from studygen.results.findings import Estimate, Result, Source


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
    return table(frame, slot, wording.caption(), columns, body, (1.5, 1.2, 2.2, 2.1))


def exemplar_results(frame: DossierFrame, slot: Slot) -> Table:
    """The key results of one exemplar study; the note says which data sources they rest on."""
    wording = frame.texts.of("exemplar-results")
    exemplar = next(each for each in frame.definition.exemplars if each.id == frame.option(slot, "exemplar"))
    study = frame.studies[exemplar.study]
    body = []
    names: dict[str, None] = {}
    for shown in exemplar.results:
        where = address(exemplar.study, shown.id)
        result = found(frame.studies, where)
        names.update((study.network.registry(source.registry).short_name, None) for source in _underneath(study, result.id))
        body.append(row(frame, shown.label, Value(where, result_text(result, "full", frame.texts))))
    notes = [wording.note("origin", sources=listing(list(names), frame.texts)) if names else wording.note("planned")]
    if any(combined(found(frame.studies, address(exemplar.study, shown.id))) for shown in exemplar.results):
        notes.append(wording.note("combined"))
    columns = wording.columns("result", "value")
    return table(frame, slot, wording.caption(study=study.study.short_title), columns, body, (3.2, 1.5), notes=notes)


def combined(result: Result) -> bool:
    """Whether a result is an estimate over several data sources."""
    return isinstance(result, Estimate) and len({source.registry for source in result.origin.sources}) > 1


def works_of_study(frame: DossierFrame, study: str) -> tuple[tuple[str, str], ...]:
    """The works that the published aggregates of a study were read from: the data sources taken from each, and its citation key.
    Empty where registries have delivered themselves, or nothing was delivered."""
    each = frame.studies[study]
    found: dict[str, list[str]] = {}
    for delivery in each.deliveries.values():
        source = delivery.manifest.source
        if source is not None and source.citation_key in frame.works.values():
            found.setdefault(source.citation_key, []).append(each.network.registry(delivery.registry).short_name)
    return tuple((listing(names, frame.texts), key) for key, names in found.items())


def _underneath(study: StudyResults, id: str) -> Iterator[Source]:
    results = study.all
    for each in results.with_inputs([id]):
        yield from results[each].origin.sources
