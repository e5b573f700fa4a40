"""The trace of the numbers in a dossier's documents as plain data: results of studies under the address that names the study, and
quality figures. Beside `tracing`, which knows one study."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from studygen.pipeline.qualifying import LoadedDossier
from studygen.pipeline.tracing import FORMAT, facts

if TYPE_CHECKING:
    from studygen.displays.texts import DisplayTexts
    from studygen.document.nodes import Document
    from studygen.document.traces import Use
    from studygen.qualification.indicators import QualityFigure


def trace(document: Document, loaded: LoadedDossier, texts: DisplayTexts) -> Mapping[str, object]:
    """Every number that a document shows, in reading order of their studies, with its uses, and those that these were computed
    from; the form is that of `tracing.trace`, ids are addresses (`natalizumab-fingolimod-paes:arr_ratio.pooled`)."""
    from studygen.displays.dossier.frame import QUALITY, with_inputs
    from studygen.document.traces import uses

    found = uses(document)
    shown = tuple(dict.fromkeys(use.id for use in found))
    entries = [{**addressed(loaded, where, texts), **_used(where, found)} for where, _, _ in with_inputs(loaded.studies, shown)]
    quality = [where for where in shown if where.startswith(f"{QUALITY}:")]
    entries += [{**figure_facts(loaded, where, texts), **_used(where, found)} for where in quality]
    meta = document.meta
    return {"format": FORMAT, "document": meta.reference, "version": meta.version, "date": meta.date, "results": entries}


def addressed(loaded: LoadedDossier, where: str, texts: DisplayTexts) -> dict[str, object]:
    """Everything known of the result at an address, as `tracing.facts` says it; ids of inputs are addresses, files lie in the
    study's folder, which is named before them."""
    study, _, id = where.partition(":")
    each = loaded.studies[study]
    known = facts(each.all[id], each.all, each.network, texts)
    inputs = [{**entry, "id": f"{study}:{entry['id']}"} for entry in _entries(known["inputs"])]
    sources = [{**entry, "file": f"{study}/{entry['file']}"} for entry in _entries(known["sources"])]
    return {**known, "id": where, "inputs": inputs, "sources": sources}


def _entries(value: object) -> Sequence[dict[str, object]]:
    assert isinstance(value, list)
    return value


def figure_facts(loaded: LoadedDossier, where: str, texts: DisplayTexts) -> dict[str, object]:
    """Everything known of the quality figure at an address, in the same form as of a result."""
    from studygen.displays.dossier.quality import shown_text

    figure = figure_at(loaded, where)
    indicator, registry = loaded.dossier.definition.indicator(figure.indicator), loaded.dossier.network.registry(figure.registry)
    wording = texts.of("dossier-trace")
    exact = {name: getattr(figure, name) for name in ("value", "numerator", "denominator") if getattr(figure, name) is not None}
    place = {"registry": figure.registry, "name": registry.name, "file": figure.file, "rows": list(figure.lines)}
    divided = figure.denominator is not None and figure.numerator is not None
    return {
        "id": where,
        "shown": shown_text(loaded.dossier.definition, figure, texts),
        "exact": exact,
        "unit": texts.word("indicator_unit", indicator.unit),
        "interval": "",
        "state": figure.state,
        "state_text": texts.word("evidence_standing", "simulated") if figure.simulated else "",
        "method": wording.say("words.divided" if divided else "words.delivered"),
        "formula": wording.say("words.formula", numerator=indicator.numerator, denominator=indicator.denominator),
        "citation": "",
        "doi": "",
        "inputs": [],
        "sources": [{**place, "sha256": figure.sha256}],
        "notes": [],
    }


def figure_at(loaded: LoadedDossier, where: str) -> QualityFigure:
    """The quality figure at an address."""
    from studygen.displays.dossier.frame import figure_address

    return next(figure for figure in loaded.dossier.figures if figure_address(figure) == where)


def _used(where: str, found: Sequence[Use]) -> dict[str, object]:
    here = [use for use in found if use.id == where]
    places = {(use.section, use.display, use.target): None for use in here}
    return {
        "texts": list(dict.fromkeys(use.shown for use in here)),
        "used": [{"section": section, "display": display, "target": target} for section, display, target in places],
    }
