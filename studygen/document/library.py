"""The works a document may cite: a file in CSL-JSON or BibTeX, checked when read, and their entries as the citation style prints
them. The only module that knows citeproc."""

from __future__ import annotations

import json
import re
import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from studygen.document.nodes import Emphasis, Inline, Link, Script, Strong, Text
from studygen.errors import DefinitionError, Fault, Place, did_you_mean
from studygen.yamlfile import shown

STYLE = Path(__file__).with_name("vancouver-brackets.csl")
LOCALE = "en-GB"
JSON_FILE, BIBTEX_FILE = "references.json", "references.bib"

# fmt: off
TYPES = frozenset((
    "article", "article-journal", "article-magazine", "article-newspaper", "bill", "book", "broadcast", "chapter", "classic",
    "collection", "dataset", "document", "entry", "entry-dictionary", "entry-encyclopedia", "event", "figure", "graphic",
    "hearing", "interview", "legal_case", "legislation", "manuscript", "map", "motion_picture", "musical_score", "pamphlet",
    "paper-conference", "patent", "performance", "periodical", "personal_communication", "post", "post-weblog", "regulation",
    "report", "review", "review-book", "software", "song", "speech", "standard", "thesis", "treaty", "webpage",
))
# fmt: on
"""Item types of CSL 1.0.2 (CSL schema, csl-data.json)."""

Item = dict[str, Any]
"""One work in CSL-JSON."""


@dataclass(frozen=True)
class Library:
    """Works by citation key, and the file they were read from."""

    works: Mapping[str, Item] = field(default_factory=dict)
    file: str = JSON_FILE

    @classmethod
    def from_file(cls, path: Path) -> Library:
        """Reads a CSL-JSON file, or a BibTeX file when the name ends in ".bib". Raises DefinitionError with every malformed
        work."""
        file = shown(path)
        try:
            text = path.read_text(encoding="utf-8")
        except FileNotFoundError:
            raise DefinitionError(
                Fault(
                    Place(file), "this file does not exist", "Write it: a list of works in CSL-JSON, or references.bib in BibTeX."
                )
            ) from None
        except UnicodeDecodeError:
            raise DefinitionError(Fault(Place(file), "this file is not UTF-8", "Save it with the encoding UTF-8.")) from None
        items, faults = (_from_bibtex if path.suffix == ".bib" else _from_json)(text, file)
        if faults:
            raise DefinitionError(faults)
        return cls({str(item["id"]): item for item in items}, file)

    @classmethod
    def from_folder(cls, folder: Path) -> Library:
        """Reads a study's references: references.json, references.bib, or both. Raises DefinitionError with every malformed work,
        and with every key that both files use."""
        json_file, bibtex_file = folder / JSON_FILE, folder / BIBTEX_FILE
        if not bibtex_file.is_file():
            return cls.from_file(json_file)
        bibtex = cls.from_file(bibtex_file)
        if not json_file.is_file():
            return bibtex
        csl = cls.from_file(json_file)
        twice = sorted({key.lower() for key in csl.works} & {key.lower() for key in bibtex.works})
        if twice:
            text = bibtex_file.read_text(encoding="utf-8")
            raise DefinitionError(
                [
                    Fault(
                        Place(bibtex.file, _line_in_bibtex(key, text)),
                        f'the citation key "{key}" is used in {JSON_FILE} too',
                        "Keep the work in one of the two files.",
                    )
                    for key in twice
                ]
            )
        return cls({**csl.works, **bibtex.works}, f"{csl.file} and {BIBTEX_FILE}")

    def entries(self, keys: Sequence[str]) -> list[tuple[Inline, ...]]:
        """The works with these keys, in this order, as the style prints them without their numbers."""
        if not keys:
            return []
        from citeproc import Citation, CitationItem, CitationStylesBibliography
        from citeproc.source.json import CiteProcJSON

        with warnings.catch_warnings():
            # citeproc warns of every variable it does not know; reference managers export dozens of them.
            warnings.simplefilter("ignore")
            source = CiteProcJSON([_plain(self.works[key]) for key in keys])
            bibliography = CitationStylesBibliography(_style(), source, _marks())
            for key in keys:
                bibliography.register(Citation([CitationItem(key)]))
            return [_inlines(str(entry)) for entry in bibliography.bibliography()]


@cache
def _style() -> Any:
    from citeproc import CitationStylesStyle

    return CitationStylesStyle(str(STYLE), locale=LOCALE, validate=False)


@cache
def _marks() -> Any:
    """citeproc's HTML formatter without its escaping: tags are read back by `_inlines`, everything else is text."""
    from types import SimpleNamespace

    from citeproc.formatter import html

    return SimpleNamespace(**{**vars(html), "preformat": str})


def _plain(item: Item) -> Item:
    """A work with what citeproc-py can take: names without unknown parts."""
    parts = {"family", "given", "dropping-particle", "non-dropping-particle", "suffix", "literal"}
    plain = dict(item)
    for name, value in item.items():
        if isinstance(value, list) and all(isinstance(part, dict) for part in value):
            plain[name] = [{"literal": n["literal"]} if "literal" in n else {k: n[k] for k in n if k in parts} for n in value]
    return plain


# ------------------------------------------------------------------------------------------ what the style printed, as nodes

_TAG = re.compile(r"<(/?)(i|b|sup|sub|sc|span)(?: [^>]*)?>")
_ADDRESS = re.compile(r"https?://[^\s<>]*[^\s<>.,;:]")


def _inlines(entry: str) -> tuple[Inline, ...]:
    """An entry with italic, bold, raised and lowered parts as nodes, and its address as a link."""
    text = re.sub(r"([.?!])\.(?=\s|<|$)", r"\1", entry.strip())  # a title that ends in a mark takes no full stop
    open_parts: list[tuple[str, list[Inline]]] = [("", [])]
    position = 0
    for tag in _TAG.finditer(text):
        open_parts[-1][1].extend(_linked(text[position : tag.start()]))
        position = tag.end()
        if not tag[1]:
            open_parts.append((tag[2], []))
        elif len(open_parts) > 1:
            name, children = open_parts.pop()
            open_parts[-1][1].extend(_formatted(name, tuple(children)))
    open_parts[-1][1].extend(_linked(text[position:]))
    while len(open_parts) > 1:
        name, children = open_parts.pop()
        open_parts[-1][1].extend(children)
    return tuple(open_parts[0][1])


def _formatted(name: str, children: tuple[Inline, ...]) -> tuple[Inline, ...]:
    match name:
        case "i":
            return (Emphasis(children),)
        case "b":
            return (Strong(children),)
        case "sup":
            return (Script(children, "super"),)
        case "sub":
            return (Script(children, "sub"),)
    return children


def _linked(text: str) -> Iterator[Inline]:
    position = 0
    for address in _ADDRESS.finditer(text):
        if address.start() > position:
            yield Text(text[position : address.start()])
        yield Link((Text(address[0]),), address[0])
        position = address.end()
    if position < len(text):
        yield Text(text[position:])


# --------------------------------------------------------------------------------------------------------- is it a work


def _from_json(text: str, file: str) -> tuple[list[Item], list[Fault]]:
    try:
        items = json.loads(text)
    except json.JSONDecodeError as error:
        remedy = "Look at the commas, brackets and quotation marks around this line."
        return [], [Fault(Place(file, error.lineno), f"this is not JSON: {error.msg}", remedy)]
    if not isinstance(items, list):
        return [], [Fault(Place(file, 1), "the file is not a list of works", "Export it as CSL-JSON: [ {…}, {…} ].")]
    return items, list(_faults(items, text, file))


def _from_bibtex(text: str, file: str) -> tuple[list[Item], list[Fault]]:
    from studygen.document.bibtex import TYPES as ENTRY_TYPES
    from studygen.document.bibtex import read_bibtex

    read = read_bibtex(text, file)
    faults = list(read.faults)
    for item, line in zip(read.works, read.lines, strict=True):
        place = Place(file, line)
        if item["type"] not in TYPES:
            what = f'"{item["id"]}": @{item["type"]} is not a type of work'
            faults.append(Fault(place, what, did_you_mean(item["type"], ENTRY_TYPES)))
        elif not item.get("title"):
            faults.append(Fault(place, f'"{item["id"]}": the title is missing', "Add title = {…}."))
        elif re.search(r"[\s,`|]", item["id"]):
            faults.append(
                Fault(place, f'"{item["id"]}" cannot be a citation key', "Use letters, digits, hyphens and full stops.")
            )
    return list(read.works), sorted(faults, key=lambda fault: fault.place.line or 0)


def _line_in_bibtex(key: str, text: str) -> int | None:
    found = re.search(rf"@\w+\s*[{{(]\s*{re.escape(key)}\s*,", text, re.IGNORECASE)
    return text.count("\n", 0, found.start()) + 1 if found else None


def _faults(items: list[Any], text: str, file: str) -> Iterator[Fault]:
    seen: dict[str, int] = {}
    for position, item in enumerate(items):
        path = f"[{position}]"
        if not isinstance(item, dict):
            yield Fault(Place(file, None, path), "this is not a work", 'A work is {"id": …, "type": …, "title": …}.')
            continue
        key = str(item.get("id", "")).strip()
        # Keys are compared without case, as citation processors do.
        seen[key.lower()] = seen.get(key.lower(), 0) + 1
        place = Place(file, _line_of(key, seen[key.lower()], text), path)
        if not key:
            yield Fault(
                place, f"the work {item.get('title', '')!r} has no id", 'Add the key it is cited by: "id": "author-2020".'
            )
        elif re.search(r"[\s,`|]", key):
            yield Fault(place, f'"{key}" cannot be a citation key', "Use letters, digits, hyphens and full stops.")
        elif seen[key.lower()] > 1:
            yield Fault(place, f'the citation key "{key}" is used twice', "Give each work a key of its own.")
        yield from (Fault(place, f'"{key}": {what}', remedy) for what, remedy in _misfits(item))


def _line_of(key: str, occurrence: int, text: str) -> int | None:
    found = list(re.finditer(rf'"id"\s*:\s*"?{re.escape(key)}\b', text, re.IGNORECASE))
    return text.count("\n", 0, found[occurrence - 1].start()) + 1 if key and len(found) >= occurrence else None


def _misfits(item: Item) -> Iterator[tuple[str, str]]:
    kind = item.get("type")
    if kind not in TYPES:
        yield f'"{kind}" is not a type of work', did_you_mean(str(kind), TYPES)
    title = item.get("title")
    if not isinstance(title, str) or not title.strip():
        yield "the title is missing", 'Add "title": "…".'
    for role in ("author", "editor"):
        names = item.get(role, [])
        if not isinstance(names, list) or not all(isinstance(n, dict) and (n.get("family") or n.get("literal")) for n in names):
            yield (
                f"{role} is not a list of names",
                f'Write "{role}": [{{"family": "…", "given": "…"}}, {{"literal": "an organisation"}}].',
            )
    for date in ("issued", "accessed"):
        if date in item and not _is_date(item[date]):
            yield (
                f'the date "{date}" cannot be read',
                f'Write "{date}": {{"date-parts": [[2024, 5, 31]]}}; month and day may be left out.',
            )


def _is_date(value: Any) -> bool:
    if not isinstance(value, dict):
        return False
    parts = value.get("date-parts")
    if parts is None:
        return bool(value.get("literal"))
    return (
        isinstance(parts, list)
        and 1 <= len(parts) <= 2
        and all(isinstance(p, list) and 1 <= len(p) <= 3 and all(re.fullmatch(r"\d{1,4}", str(x)) for x in p) for p in parts)
    )
