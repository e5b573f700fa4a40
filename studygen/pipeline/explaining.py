"""Says where one number comes from, down to the delivered lines. What `studygen explain` prints."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from studygen.errors import Fault, Place, ResultError, did_you_mean
from studygen.pipeline.qualifying import LoadedDossier, load_dossier
from studygen.qualification.place import is_dossier


def explain(folder: Path, id: str) -> Mapping[str, object]:
    """Everything known about one result, as plain data: what `tracing.facts` gives, and each source with its `lines` (number and
    text) in place of `rows`. ResultError when there is no such id."""
    from studygen.displays.texts import DisplayTexts
    from studygen.pipeline.loading import load
    from studygen.pipeline.tracing import all_results, facts

    if is_dossier(folder):
        return _explained_in_dossier(folder, id)
    loaded = load(folder)
    results = all_results(loaded)
    if id not in results:
        known = did_you_mean(id, results) if results else "The study has no results yet: no registry has delivered."
        raise ResultError(Fault(Place(str(folder), path=id), f'there is no result "{id}"', known))
    result = results[id]
    found = facts(result, results, loaded.network, DisplayTexts.load(loaded.places.templates))
    found["sources"] = [
        {
            "registry": loaded.network.registry(source.registry).name,
            "file": source.file,
            "sha256": source.sha256,
            "lines": _lines(folder / source.file, source.rows),
        }
        for source in result.origin.sources
    ]
    return found


def _explained_in_dossier(folder: Path, where: str) -> Mapping[str, object]:
    """What is known of a number of a dossier: a result of a study beside it, or a quality figure."""
    from studygen.displays.texts import DisplayTexts
    from studygen.pipeline.dossier_tracing import figure_at, figure_facts

    loaded = load_dossier(folder)
    known = _addresses(loaded)
    if where not in known:
        raise ResultError(Fault(Place(str(folder), path=where), f'there is no result "{where}"', did_you_mean(where, known)))
    study, _, id = where.partition(":")
    if study in loaded.studies:
        return {**explain(folder.parent / study, id), "id": where}
    known_of_it = figure_facts(loaded, where, DisplayTexts.load(loaded.places.templates))
    figure = figure_at(loaded, where)
    source = {
        "registry": loaded.dossier.network.registry(figure.registry).name,
        "file": figure.file,
        "sha256": figure.sha256,
        "lines": _lines(folder / figure.file, figure.lines),
    }
    return {**known_of_it, "sources": [source]}


def _addresses(loaded: LoadedDossier) -> tuple[str, ...]:
    """Every number that a dossier may show: results of its studies, and quality figures."""
    from studygen.displays.dossier.frame import address, figure_address

    results = [address(study, id) for study, each in loaded.studies.items() for id in each.all]
    return (*results, *(figure_address(figure) for figure in loaded.dossier.figures))


def _lines(file: Path, rows: tuple[int, ...]) -> list[dict[str, object]]:
    """The delivered lines as they stand in the file; empty for a file inside an archive."""
    if not file.is_file():
        return [{"line": row, "text": ""} for row in rows]
    text = file.read_text(encoding="utf-8").splitlines()
    return [{"line": row, "text": text[row - 1] if row <= len(text) else ""} for row in rows]


def result_ids(folder: Path) -> tuple[str, ...]:
    """All result ids of a study, in order; empty before any delivery."""
    from studygen.pipeline.loading import load

    if is_dossier(folder):
        return _addresses(load_dossier(folder))
    loaded = load(folder)
    return (*(loaded.results or ()), *loaded.planned)
