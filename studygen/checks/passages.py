"""Where the words of a document were written by hand: every line of every narrative text of a definition, and the line that a
sentence of a document came from. Judges nothing."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel

from studygen.checks.subject import Subject
from studygen.definition import Prose
from studygen.document.sourcemap import place_of
from studygen.errors import Place
from studygen.misfits import DataPath
from studygen.yamlfile import shown

_CALL = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}")
_WORD = re.compile(r"[^\W\d_]+")
_LIKE = 0.6
"""Least share of words that a printed sentence and a written line must have in common to be the same: abbreviations are written
out, and results and citations filled in, between them."""
_ENOUGH = 5
"""So many words are enough to tell a line by its likeness."""


@dataclass(frozen=True, slots=True)
class Passage:
    """One line of a narrative text as it was written: its Markdown source, its place, the path of the text it belongs to, and
    the paragraph that it stands in."""

    source: str
    place: Place
    path: DataPath
    paragraph: str

    @property
    def words(self) -> Counter[str]:
        return _words(_CALL.sub(" ", self.source))


def passages(subject: Subject) -> tuple[Passage, ...]:
    """Every line of every narrative text of the study, in the order of the definition."""
    return tuple(_passages(subject))


def _passages(subject: Subject) -> Iterator[Passage]:
    for path, prose in _texts(subject.study, ()):
        file = shown(Path(prose.origin)) if prose.origin else ""
        lines = prose.splitlines()
        for number, line in enumerate(lines, start=1):
            if line.strip():
                place = place_of(file, number) if file else subject.written.positions.place(path)
                yield Passage(line, place, path, _paragraph(lines, number - 1))


def _paragraph(lines: list[str], position: int) -> str:
    first = next((n + 1 for n in range(position, -1, -1) if not lines[n].strip()), 0)
    last = next((n for n in range(position, len(lines)) if not lines[n].strip()), len(lines))
    return "\n".join(lines[first:last])


def _texts(value: object, path: DataPath) -> Iterator[tuple[DataPath, Prose]]:
    if isinstance(value, Prose):
        yield path, value
    elif isinstance(value, BaseModel):
        for name in type(value).model_fields:
            yield from _texts(getattr(value, name), (*path, name))
    elif isinstance(value, tuple):
        for position, item in enumerate(value):
            yield from _texts(item, (*path, position))
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield from _texts(item, (*path, key))


def written_at(sentence: str, among: tuple[Passage, ...], otherwise: Place) -> Place:
    """The place of the line that a printed sentence was made from; `otherwise` when no line of the definition is like it."""
    words = _words(sentence)
    best, likeness = otherwise, 0.0
    for passage in among:
        share = _common(words, passage.words)
        if share > likeness:
            best, likeness = passage.place, share
    # Of a few words, all must be the same: "Not applicable." is like many lines.
    return best if likeness >= (_LIKE if words.total() >= _ENOUGH else 1.0) else otherwise


def _words(text: str) -> Counter[str]:
    return Counter(word.lower() for word in _WORD.findall(text))


def _common(printed: Counter[str], written: Counter[str]) -> float:
    """The share of common words, of the longer text."""
    together = (printed & written).total()
    return together / max(printed.total(), written.total(), 1)
