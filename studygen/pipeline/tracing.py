"""The trace of a document's numbers as plain data: what is shown where, what it is exactly, and what it was made of. The trace
file, the pop-ups of the reading version and `studygen explain` take their facts from here."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from studygen.displays.texts import DisplayTexts
    from studygen.document.nodes import Document
    from studygen.network.network import Network
    from studygen.pipeline.loading import Loaded
    from studygen.results.findings import Result, ResultSet

FORMAT = 1
"""The version of the trace's form, for those who read it by machine."""

SIGNIFICANT = 15
"""Digits of a number in a trace: all that every float holds, and the same on every machine."""


def trace(document: Document, loaded: Loaded, texts: DisplayTexts) -> Mapping[str, object]:
    """Every result that the document shows, in reading order, with its uses; after them the results that these were computed
    from and that it does not show. `format`, `document`, `version`, `results` (see `facts`; beside them `texts`, all texts shown,
    and `used`: `section`, `display`, `target` of each place)."""
    from studygen.document.traces import uses

    results = all_results(loaded)
    found = uses(document)
    entries = []
    for id in results.with_inputs(use.id for use in found):
        here = [use for use in found if use.id == id]
        places = {(use.section, use.display, use.target): None for use in here}
        entries.append(
            {
                **facts(results[id], results, loaded.network, texts),
                "texts": list(dict.fromkeys(use.shown for use in here)),
                "used": [{"section": section, "display": display, "target": target} for section, display, target in places],
            }
        )
    meta = document.meta
    return {"format": FORMAT, "document": meta.reference, "version": meta.version, "date": meta.date, "results": entries}


def all_results(loaded: Loaded) -> ResultSet:
    """The results there are, planned precision after them."""
    return loaded.planned if loaded.results is None else loaded.results.with_more(tuple(loaded.planned.values()))


def facts(result: Result, results: ResultSet, network: Network, texts: DisplayTexts) -> dict[str, object]:
    """Everything known about one result: `id`, `shown`, `exact` (value, limits, unit …), `unit` and `interval` in words, `state`
    and `state_text` (empty when reported), `method`, `formula`, `citation`, `doi`, `inputs` (id, shown), `sources` (registry,
    name, file, sha256, rows), `notes`."""
    from studygen.displays.formats import result_text
    from studygen.displays.tables.trace import unit_text
    from studygen.results.findings import Estimate
    from studygen.stats.methods import METHODS

    method = METHODS[result.origin.method]
    return {
        "id": result.id,
        "shown": result_text(result, "full", texts),
        "exact": exact(result),
        "unit": unit_text(result, texts),
        "interval": texts.word("interval", result.interval) if isinstance(result, Estimate) else "",
        "state": result.state,
        "state_text": "" if result.state == "reported" else texts.word("cell", result.state),
        "method": result.origin.method,
        "formula": method.formula,
        "citation": method.citation,
        "doi": method.doi,
        "inputs": [{"id": each, "shown": result_text(results[each], "full", texts)} for each in result.origin.inputs],
        "sources": [
            {
                "registry": source.registry,
                "name": network.registry(source.registry).name,
                "file": source.file,
                "sha256": source.sha256,
                "rows": list(source.rows),
            }
            for source in result.origin.sources
        ],
        "notes": [texts.note(note) for note in result.origin.notes],
    }


def exact(result: Result) -> dict[str, object]:
    """The unrounded numbers of a result, and what they are numbers of; of a curve one number for each of its days."""
    fields = (
        *("value", "lower", "upper", "level", "unit", "measure", "per", "interval", "threshold", "of"),
        *("kind", "days", "probability", "at_risk", "events"),
    )
    found = {name: getattr(result, name) for name in fields if getattr(result, name, None) is not None}
    return {name: _written(each) for name, each in found.items()}


def _written(field: object) -> object:
    """A number as JSON can hold it: a limit that is not bounded is the word "infinity"; several as a list."""
    if isinstance(field, tuple):
        return [_written(each) for each in field]
    if not isinstance(field, float):
        return field
    if math.isinf(field):
        return "infinity" if field > 0 else "-infinity"
    return float(f"{field:.{SIGNIFICANT}g}")
