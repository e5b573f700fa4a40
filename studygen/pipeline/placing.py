"""Gives every finding a file and a line that an editor can open, also where a rule could only name a document, a template below
the template folders, or a key of a file. Knows no rule."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from studygen.errors import Place
from studygen.study.loading import STUDY_FILE
from studygen.yamlfile import shown

if TYPE_CHECKING:
    from studygen.checks.finding import Finding
    from studygen.misfits import DataPath
    from studygen.pipeline.places import Places
    from studygen.study.written import Written

DELIVERIES = "deliveries"


def placed(finding: Finding, written: Written | None, places: Places) -> Finding:
    """The finding with a line where its place names a key but no line, with the whole path of a template, and with `at` where its
    place is no file. `written` is None while the definition could not be read."""
    definition = places.study / STUDY_FILE
    place = _with_line(_whole(finding.place, places), definition, written)
    at = _at(place, definition, written)
    return replace(finding, place=place, at=None if at == place else at)


def _with_line(place: Place, definition: Path, written: Written | None) -> Place:
    if place.line is not None:
        return _inside(place)
    if not place.path:
        return place
    if written is not None and place.file == shown(definition):
        return replace(place, line=written.positions.line(data_path(place.path)))
    if place.file.endswith(".json") and Path(place.file).is_file():
        return replace(place, line=_line_of_key(Path(place.file), place.path))
    return place


def _whole(place: Place, places: Places) -> Place:
    template = next((folder / place.file for folder in places.templates if (folder / place.file).is_file()), None)
    return place if template is None else replace(place, file=shown(template))


def _inside(place: Place) -> Place:
    """What is said of the end of a file stands on its last line."""
    file = Path(place.file)
    if not file.is_file():
        return place
    last = max(len(file.read_bytes().splitlines()), 1)
    return replace(place, line=min(place.line or 1, last))


def _at(place: Place, definition: Path, written: Written | None) -> Place:
    if Path(place.file).is_file():
        return place
    return Place(shown(definition), written.positions.line(_part(place, written)) if written else None)


def _part(place: Place, written: Written) -> DataPath:
    """The part of the definition that promises what is wrong: the version of a document, the analysis of a result, the
    participation of a registry."""
    study = written.study
    analyses, registries = [each.id for each in study.analyses], [each.registry for each in study.participation]
    named = place.path.split(".")[0]
    if place.file == "results" and named in analyses:
        return ("analyses", analyses.index(named))
    registry = next((each for each in registries if f"{DELIVERIES}/{each}" in place.file), None)
    if registry is not None:
        return ("participation", registries.index(registry))
    return ("documents", place.file)


def data_path(text: str) -> DataPath:
    """`objectives[1].measure` as keys and positions."""
    return tuple(int(index) if index else key for key, index in re.findall(r"([^.\[\]]+)|\[(\d+)\]", text) if key or index)


def _line_of_key(file: Path, path: str) -> int | None:
    """The line of the last key of a path in a JSON file that is written one key a line."""
    key = next((step for step in reversed(data_path(path)) if isinstance(step, str)), "")
    lines = file.read_text(encoding="utf-8", errors="replace").splitlines()
    return next((number for number, line in enumerate(lines, 1) if line.lstrip().startswith(f'"{key}"')), None)
