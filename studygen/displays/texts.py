"""Every visible word of a display: captions, headers, notes, patterns, the words of closed lists and the sentences of results'
notes, read from the template folders. Strict: a missing key is an error that names file and key. Knows no study."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from string import Formatter
from typing import Any

from studygen.displays.look import Look
from studygen.document.nodes import Inline, Text
from studygen.errors import DefinitionError, Fault, Place, did_you_mean
from studygen.results.findings import Note
from studygen.yamlfile import Positions, laid_over, read_yaml

FILES: Mapping[str, str] = {
    "displays": "displays.yaml",
    "words": "shared/words.yaml",
    "notes": "shared/notes.yaml",
    "countries": "shared/countries.yaml",
    "brand": "style/brand.yaml",
}
"""What is read, by a short name, below each template folder."""

CLOSED = ("displays", "notes")
"""What only displays read, so that a key of an overriding file which is not in the file below has no effect: a mistake."""

OFFICIAL = ("data-sources",)
"""Displays whose captions and labels are those of an official table, HARPER Table 12."""

Filling = str | Inline | tuple[Inline, ...]
"""What may stand in a text's placeholder: characters, or nodes that keep what they are (a traced number)."""


@dataclass(frozen=True, slots=True)
class DisplayTexts:
    """All texts. Displays use `of` for their own wording, `word` for closed lists, `say` for patterns."""

    displays: Mapping[str, Any]
    words: Mapping[str, Mapping[str, str]]
    notes: Mapping[str, str]
    countries: Mapping[str, str]
    """Country names by ISO 3166-1 alpha-2 code."""
    look: Look
    """Typeface and colours of figures."""

    @staticmethod
    def load(folders: Sequence[Path]) -> DisplayTexts:
        """The texts of the template folders; a folder's key wins over the same key in those after it. DefinitionError when a
        file is nowhere, or is not YAML."""
        found: dict[str, Any] = {}
        faults: list[Fault] = []
        for name, path in FILES.items():
            files = [folder / path for folder in folders if (folder / path).is_file()]
            if not files:
                searched = ", ".join(str(folder) for folder in folders)
                faults.append(Fault(Place(path), f"there is no {path} (searched: {searched})"))
            merged: Mapping[str, Any] = {}
            for file in reversed(files):
                try:
                    read = read_yaml(file)
                except DefinitionError as error:
                    faults.extend(error.faults)
                    continue
                if merged and name in CLOSED:
                    faults.extend(_unknown(merged, read.data, read.positions))
                merged = laid_over(merged, read.data or {})
            found[name] = merged
        if faults:
            raise DefinitionError(faults)
        return DisplayTexts(
            found["displays"], found["words"], found["notes"], found["countries"], Look.from_brand(found["brand"])
        )

    def say(self, key: str, **fields: str) -> str:
        """The text at a dotted key of displays.yaml, its placeholders filled."""
        return _filled(_at(self.displays, key, FILES["displays"]), key, FILES["displays"], fields)

    def inline(self, key: str, **fields: Filling) -> tuple[Inline, ...]:
        """Like `say`, as nodes; a placeholder may be filled with nodes."""
        return _filled_inline(_at(self.displays, key, FILES["displays"]), key, fields)

    def word(self, list: str, key: str) -> str:
        """A word of a closed list, as it stands inside a sentence."""
        return _at(self.words, f"{list}.{key}", FILES["words"], allow_empty=True)

    def note(self, note: Note) -> str:
        """The sentence of a result's note."""
        template = _at(self.notes, note.code, FILES["notes"])
        return _filled(template, note.code, FILES["notes"], dict(note.values))

    def country(self, code: str) -> str:
        """A country's English short name."""
        return _at(self.countries, code, FILES["countries"])

    def of_registries(self) -> DisplayTexts:
        """The texts for a study whose data sources are registries, which its documents call so; official wording stays."""
        words = self.words["registry_words"]
        official = {name: self.displays["displays"][name] for name in OFFICIAL}
        displays = _said_so(self.displays, words)
        displays = {**displays, "displays": {**displays["displays"], **official}}
        return replace(self, displays=displays, notes=_said_so(self.notes, words))

    def of(self, display: str) -> Wording:
        """The wording of one display."""
        return Wording(self, f"displays.{display}")

    def part(self, name: str) -> Wording:
        """The wording of something that is no display of a document, at the top of displays.yaml."""
        return Wording(self, name)


@dataclass(frozen=True, slots=True)
class Wording:
    """One display's part of displays.yaml: `displays.<name>` with `caption`, `columns`, `rows`, `notes`, `words`, `alt`."""

    texts: DisplayTexts
    path: str

    def say(self, key: str, **fields: str) -> str:
        """A text of this display as characters."""
        return self.texts.say(f"{self.path}.{key}", **fields)

    def inline(self, key: str, **fields: Filling) -> tuple[Inline, ...]:
        """A text of this display as nodes."""
        return self.texts.inline(f"{self.path}.{key}", **fields)

    def caption(self, **fields: Filling) -> tuple[Inline, ...]:
        return self.inline("caption", **fields)

    def columns(self, *keys: str) -> tuple[str, ...]:
        """Column headers in the order asked for."""
        return tuple(self.say(f"columns.{key}") for key in keys)

    def row(self, key: str) -> str:
        """The label of a row."""
        return self.say(f"rows.{key}")

    def note(self, key: str, **fields: Filling) -> tuple[Inline, ...]:
        """A note that stands under the table or figure."""
        return self.inline(f"notes.{key}", **fields)


def _said_so(tree: Any, words: Mapping[str, str]) -> Any:
    """Texts with some words in place of others, whole words only, the longest first."""
    if isinstance(tree, Mapping):
        return {key: _said_so(each, words) for key, each in tree.items()}
    if not isinstance(tree, str):
        return tree
    pattern = "|".join(sorted(map(re.escape, words), key=len, reverse=True))
    return re.sub(rf"\b({pattern})\b", lambda found: words[found[0]], tree)


def _unknown(below: Mapping[str, Any], above: Any, positions: Positions, path: tuple[str, ...] = ()) -> Iterator[Fault]:
    """Keys of an overriding file that the file below does not have."""
    for key, value in above.items() if isinstance(above, Mapping) else ():
        if key not in below:
            yield Fault(positions.place((*path, key)), f'no text has the key "{key}"', did_you_mean(key, below))
        elif isinstance(below[key], Mapping) and isinstance(value, Mapping):
            yield from _unknown(below[key], value, positions, (*path, key))


def _at(tree: Mapping[str, Any], key: str, file: str, *, allow_empty: bool = False) -> str:
    here: Any = tree
    path = key.split(".")
    for depth, part in enumerate(path):
        if not isinstance(here, Mapping) or part not in here:
            known = here if isinstance(here, Mapping) else ()
            written = ".".join(path[:depth]) or "the top of the file"
            raise DefinitionError(
                Fault(Place(file, path=key), f'the text "{key}" is missing below {written}', did_you_mean(part, known))
            )
        here = here[part]
    if not isinstance(here, str) or not (here or allow_empty):
        raise DefinitionError(Fault(Place(file, path=key), f'"{key}" must be a text that is not empty'))
    return here


def _filled(template: str, key: str, file: str, fields: Mapping[str, str]) -> str:
    try:
        return template.format(**fields)
    except (KeyError, IndexError, ValueError) as error:
        raise _placeholder_fault(key, file, error, fields) from None


def _filled_inline(template: str, key: str, fields: Mapping[str, Filling]) -> tuple[Inline, ...]:
    nodes: list[Inline] = []
    try:
        for literal, name, _, _ in Formatter().parse(template):
            if literal:
                nodes.append(Text(literal))
            if name is not None:
                filling = fields[name]
                match filling:
                    case str():
                        nodes.append(Text(filling))
                    case tuple():
                        nodes.extend(filling)
                    case _:
                        nodes.append(filling)
    except (KeyError, ValueError) as error:
        raise _placeholder_fault(key, FILES["displays"], error, fields) from None
    return joined(nodes)


def joined(nodes: Sequence[Inline]) -> tuple[Inline, ...]:
    """The nodes with neighbouring plain characters made one, empty ones left out."""
    merged: list[Inline] = []
    for node in nodes:
        last = merged[-1] if merged else None
        if isinstance(node, Text) and isinstance(last, Text):
            merged[-1] = Text(last.text + node.text)
        elif node != Text(""):
            merged.append(node)
    return tuple(merged)


def _placeholder_fault(key: str, file: str, error: Exception, fields: Mapping[str, object]) -> DefinitionError:
    known = ", ".join(f"{{{name}}}" for name in fields) or "none"
    return DefinitionError(
        Fault(Place(file, path=key), f"a placeholder of this text cannot be filled ({error})", f"Placeholders there are: {known}")
    )
