"""The list of abbreviations: those of the known ones that a document really uses. Knows which text a reader sees."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from studygen.document.fences import ABBREVIATIONS
from studygen.document.nodes import (
    Bibliography,
    Cell,
    Contents,
    Figure,
    Footnote,
    Meta,
    Paragraph,
    Row,
    Table,
    Text,
    plain_text,
)
from studygen.document.rewriting import INLINE, INNER
from studygen.errors import DefinitionError, Fault
from studygen.yamlfile import read_yaml

LABELS = ("abbreviation", "meaning")
"""Keys of Meta.labels for the list's column headers."""

_WIDTHS = (1.0, 4.0)


def load_abbreviations(path: Path) -> dict[str, str]:
    """A YAML file of short forms with their long forms. Raises DefinitionError with the line of each that is not two texts."""
    source = read_yaml(path)
    entries = source.data if isinstance(source.data, dict) else {}
    faults = [
        Fault(source.positions.place((short,)), f'"{short}" has no long form', f"Write it on the same line: {short}: ….")
        for short, long in entries.items()
        if not isinstance(long, str) or not long.strip()
    ]
    if not entries:
        faults.append(Fault(source.positions.place(), "the file holds no abbreviations", "Write them as SHORT: long form."))
    if faults:
        raise DefinitionError(faults)
    return {short: long.strip() for short, long in entries.items()}


def visible_texts(part: object) -> Iterator[str]:
    """The texts that a reader sees in a part of the tree, one per paragraph, heading, caption, footnote and text alternative.
    Generated lists and the reference list, which repeat or quote, are left out."""
    if type(part) is tuple:
        if part and isinstance(part[0], INLINE):
            yield plain_text(part)
            for node in part:
                yield from _footnotes(node)
        else:
            for item in part:
                yield from visible_texts(item)
    elif not isinstance(part, (Bibliography, Contents)):
        if isinstance(part, Figure):
            yield part.alt
        for name in INNER[type(part)]:
            yield from visible_texts(getattr(part, name))


def _footnotes(node: object) -> Iterator[str]:
    if isinstance(node, Footnote):
        yield plain_text(node.children)
    for name in INNER[type(node)]:
        for child in getattr(node, name):
            yield from _footnotes(child)


def used_abbreviations(text: str, abbreviations: Mapping[str, str]) -> dict[str, str]:
    """The abbreviations that stand in the text as whole words, in alphabetical order; upper and lower case differ, a plural "s"
    is allowed. A long form that uses another abbreviation makes that one used too, because the list prints it."""
    used: dict[str, str] = {}
    fresh = text
    while fresh:
        found = {short: long for short, long in abbreviations.items() if short not in used and _occurs(short, fresh)}
        used.update(found)
        fresh = "\n".join(found.values())
    return dict(sorted(used.items(), key=lambda pair: (pair[0].casefold(), pair[0])))


def _occurs(short: str, text: str) -> bool:
    return short in text and re.search(rf"(?<!\w){re.escape(short)}s?(?!\w)", text) is not None


def abbreviation_table(used: Mapping[str, str], meta: Meta) -> Table:
    """The list as a table without caption and number."""
    columns = tuple(_cell(meta.label(label), header=True) for label in LABELS)
    rows = tuple(Row((_cell(short, header=True), _cell(long))) for short, long in used.items())
    return Table(ABBREVIATIONS.id, (), (Row(columns),), rows, _WIDTHS)


def _cell(text: str, header: bool = False) -> Cell:
    return Cell((Paragraph((Text(text),)),), header=header)
