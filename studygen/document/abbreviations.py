"""The list of abbreviations: those of the known ones that a document really uses, and what looks like one and is not known.
Knows which text a reader sees."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from studygen.definition import Abbreviation, LongForm
from studygen.document.fences import ABBREVIATIONS
from studygen.document.inlines import SHORT_FORM
from studygen.document.nodes import (
    Bibliography,
    Block,
    Callout,
    Cell,
    Code,
    Contents,
    Document,
    Emphasis,
    Figure,
    Footnote,
    Inline,
    ListBlock,
    Meta,
    Paragraph,
    Row,
    Script,
    Strong,
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


_ROMAN = re.compile(r"[IVX]+")
_FORM = TypeAdapter[LongForm](Abbreviation)


def load_abbreviations(path: Path) -> dict[str, LongForm]:
    """A YAML file of short forms with their long forms. Raises DefinitionError with the line of each that has none."""
    source = read_yaml(path)
    entries = source.data if isinstance(source.data, dict) else {}
    found: dict[str, LongForm] = {}
    faults: list[Fault] = []
    for short, stated in entries.items():
        try:
            found[short] = _FORM.validate_python(stated)
            complete = bool(found[short].long) or not found[short].expand
        except ValidationError:
            complete = False
        if not complete:
            remedy = f"Write it on the same line: {short}: …, or {{expand: false}} when it is a name."
            faults.append(Fault(source.positions.place((short,)), f'"{short}" has no long form', remedy))
    if not entries:
        faults.append(Fault(source.positions.place(), "the file holds no abbreviations", "Write them as SHORT: long form."))
    if faults:
        raise DefinitionError(faults)
    return found


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


def prose_texts(blocks: tuple[Block, ...]) -> Iterator[str]:
    """The running prose of blocks, one paragraph each: what is not a heading, caption, table, code, link, value or citation."""
    for block in blocks:
        match block:
            case Paragraph(children):
                yield "".join(_words(children))
                for node in children:
                    yield from _footnotes(node)
            case ListBlock(items):
                for item in items:
                    yield from prose_texts(item)
            case Callout(inner):
                yield from prose_texts(inner)


def _words(children: tuple[Inline, ...]) -> Iterator[str]:
    """The plain words of inline nodes; what stands between them keeps them apart, or together when it belongs to a word."""
    for node in children:
        match node:
            case Text(text):
                yield text
            case Emphasis(inner) | Strong(inner):
                yield from _words(inner)
            case Script() | Code():
                yield "_"
            case _:
                yield " "


def unknown_abbreviations(document: Document, known: Collection[str]) -> tuple[str, ...]:
    """What looks like an abbreviation in a document's prose and is not known, each once, in reading order. Roman numerals are
    not abbreviations."""
    compounds = [short for short in known if not SHORT_FORM.fullmatch(short)]  # "95% CI", and names of several words
    found: dict[str, None] = {}
    for text in prose_texts((*document.front, *document.body)):
        for compound in compounds:
            text = text.replace(compound, "_")
        found |= {
            match["short"]: None
            for match in SHORT_FORM.finditer(text)
            if match["short"] not in known and match[0] not in known and not _ROMAN.fullmatch(match["short"])
        }
    return tuple(found)


def used_abbreviations(text: str, abbreviations: Mapping[str, LongForm]) -> dict[str, str]:
    """The abbreviations that stand in the text as whole words, in alphabetical order; upper and lower case differ, a plural "s"
    is allowed, and one that is joined to a longer one by a hyphen does not count there. A long form that uses another
    abbreviation makes that one used too, because the list prints it."""
    used: dict[str, str] = {}
    longer = {short: [each for each in abbreviations if f"{short}-" in each or f"-{short}" in each] for short in abbreviations}
    fresh = text
    while fresh:
        found = {
            short: entry.long
            for short, entry in abbreviations.items()
            if entry.long and short not in used and _occurs(short, fresh, longer[short])
        }
        used.update(found)
        fresh = "\n".join(found.values())
    return dict(sorted(used.items(), key=lambda pair: (pair[0].casefold(), pair[0])))


def _occurs(short: str, text: str, longer: Iterable[str]) -> bool:
    """Whether an abbreviation stands in a text, other than within a `longer` one (ICD-9 in ICD-9-CM)."""
    if short not in text:
        return False
    for other in longer:
        text = _word(other).sub("_", text)
    return _word(short).search(text) is not None


def _word(short: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){re.escape(short)}s?(?!\w)")


def abbreviation_table(used: Mapping[str, str], meta: Meta) -> Table:
    """The list as a table without caption and number."""
    columns = tuple(_cell(meta.label(label), header=True) for label in LABELS)
    rows = tuple(Row((_cell(short, header=True), _cell(long))) for short, long in used.items())
    return Table(ABBREVIATIONS.id, (), (Row(columns),), rows, _WIDTHS)


def _cell(text: str, header: bool = False) -> Cell:
    return Cell((Paragraph((Text(text),)),), header=header)
