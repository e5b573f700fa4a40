"""Tells every narrative text that is written in the definition itself at which line it begins, as texts in files of their own
know their file; so that what is wrong in one can be shown where it was written. Judges nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from pydantic import BaseModel

from studygen.definition import Prose
from studygen.misfits import DataPath
from studygen.study.study import Study
from studygen.yamlfile import Positions

BLOCK = ("|", ">")
"""What follows a key whose text begins in the next line."""


def tell_origins(study: Study, positions: Positions, file: Path) -> None:
    """Sets `origin` of every narrative text that has none: `study.yaml:123`."""
    lines = file.read_text(encoding="utf-8-sig").splitlines()
    for path, text in narrative(study, ()):
        if not text.origin and (line := positions.line(path)):
            text.origin = f"{positions.file}:{line + _begins_below(lines, line)}"


def narrative(part: object, path: DataPath) -> Iterator[tuple[DataPath, Prose]]:
    """Every narrative text with its path."""
    if isinstance(part, Prose):
        yield path, part
    elif isinstance(part, BaseModel):
        for name in type(part).model_fields:
            yield from narrative(getattr(part, name), (*path, name))
    elif isinstance(part, Mapping):
        for key, item in part.items():
            yield from narrative(item, (*path, str(key)))
    elif isinstance(part, tuple):
        for position, item in enumerate(part):
            yield from narrative(item, (*path, position))


def _begins_below(lines: Sequence[str], line: int) -> int:
    """1 when the text of the key in this line begins in the next one."""
    text = lines[line - 1].split(" #")[0].rstrip().rstrip("+-") if line <= len(lines) else ""
    return 1 if text.endswith(BLOCK) else 0
