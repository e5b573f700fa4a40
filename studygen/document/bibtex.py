"""BibTeX and BibLaTeX as CSL-JSON: types, fields, names, dates, and LaTeX's spelling of letters. Knows what BibTeX's entries are
called in CSL; whether a work is complete is the library's affair. The only module that knows bibtexparser."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, partial
from typing import TYPE_CHECKING, Any, Final

from studygen.errors import Fault, Place

if TYPE_CHECKING:
    from bibtexparser.model import Block, Entry

TYPES: Final[Mapping[str, str]] = {
    "article": "article-journal",
    "book": "book",
    "mvbook": "book",
    "collection": "book",
    "proceedings": "book",
    "booklet": "pamphlet",
    "inbook": "chapter",
    "incollection": "chapter",
    "conference": "paper-conference",
    "inproceedings": "paper-conference",
    "manual": "report",
    "report": "report",
    "techreport": "report",
    "phdthesis": "thesis",
    "mastersthesis": "thesis",
    "thesis": "thesis",
    "online": "webpage",
    "electronic": "webpage",
    "www": "webpage",
    "dataset": "dataset",
    "software": "software",
    "legislation": "legislation",
    "standard": "standard",
    "patent": "patent",
    "unpublished": "manuscript",
    "misc": "document",
}
"""CSL's type for each type of entry (BibLaTeX manual 2.1; CSL 1.0.2)."""

FIELDS: Final[Mapping[str, str]] = {
    "title": "title",
    "journal": "container-title",
    "journaltitle": "container-title",
    "booktitle": "container-title",
    "shortjournal": "container-title-short",
    "series": "collection-title",
    "volume": "volume",
    "edition": "edition",
    "publisher": "publisher",
    "institution": "publisher",
    "school": "publisher",
    "organization": "publisher",
    "address": "publisher-place",
    "location": "publisher-place",
    "chapter": "chapter-number",
    "version": "version",
    "note": "note",
    "language": "language",
    "langid": "language",
}
"""CSL's name of each field whose value is a text; number, pages, names, dates and identifiers are treated one by one."""

_IDENTIFIERS: Final[Mapping[str, str]] = {
    "doi": "DOI",
    "url": "URL",
    "isbn": "ISBN",
    "issn": "ISSN",
    "pmid": "PMID",
    "pmcid": "PMCID",
}
_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_NUMBERED: Final = frozenset({"report", "legislation", "standard", "patent"})
"""Types whose number is their own; that of a journal article is the issue's."""


@dataclass(frozen=True, slots=True)
class Bibliography:
    """The works of a BibTeX file as CSL-JSON in the file's order, the line of each by its position, and what cannot be read."""

    works: tuple[dict[str, Any], ...]
    lines: tuple[int, ...]
    faults: tuple[Fault, ...]


def read_bibtex(text: str, file: str) -> Bibliography:
    """Every entry of a BibTeX file. Entries that are broken or doubled, and names that are no names, become faults with lines."""
    from bibtexparser.entrypoint import parse_string

    # What the parser logs about broken entries is told as faults.
    logging.getLogger("bibtexparser").addHandler(logging.NullHandler())
    library = parse_string(text)
    faults = [_broken(block, file) for block in library.failed_blocks]
    works, lines = [], []
    for entry in library.entries:
        line = (entry.start_line or 0) + 1
        works.append(dict(_work(entry, partial(_noted, faults, Place(file, line)))))
        lines.append(line)
    return Bibliography(tuple(works), tuple(lines), tuple(sorted(faults, key=lambda fault: fault.place.line or 0)))


def _noted(faults: list[Fault], place: Place, what: str, remedy: str) -> None:
    faults.append(Fault(place, what, remedy))


def _broken(block: Block, file: str) -> Fault:
    from bibtexparser.model import DuplicateBlockKeyBlock, DuplicateFieldKeyBlock

    place = Place(file, (block.start_line or 0) + 1)
    match block:
        case DuplicateBlockKeyBlock():
            return Fault(place, f'the citation key "{block.key}" is used twice', "Give each work a key of its own.")
        case DuplicateFieldKeyBlock():
            doubled = ", ".join(sorted(block.duplicate_keys))
            return Fault(place, f"a field stands twice in this entry: {doubled}", "Keep one of the two.")
    return Fault(place, "this entry cannot be read", "Look at the braces, quotation marks and commas from this line on.")


def _work(entry: Entry, fault: Callable[[str, str], None]) -> Iterator[tuple[str, Any]]:
    """The parts of one work in CSL-JSON. A type that CSL does not have is passed on, so that it is refused as such."""
    raw = {field.key.lower(): str(field.value).strip() for field in entry.fields}
    kind = TYPES.get(entry.entry_type.lower(), entry.entry_type)
    yield "id", entry.key
    yield "type", "webpage" if kind == "document" and "url" in raw else kind
    for name, csl in FIELDS.items():
        if raw.get(name):
            yield csl, plain(raw[name])
    for name, csl in _IDENTIFIERS.items():
        if raw.get(name):
            yield csl, re.sub(r"\\([_%&#$~])", r"\1", raw[name]).strip("{}")
    if link := re.search(r"\\url\{([^}]*)\}", raw.get("howpublished", "")):
        yield "URL", link[1]
    if number := raw.get("issue") or raw.get("number"):
        yield ("number" if kind in _NUMBERED else "issue"), plain(number)
    if pages := raw.get("pages") or raw.get("eid"):
        yield "page", re.sub(r"\s*[-–—]+\s*", "-", plain(pages))
    for role in ("author", "editor"):
        if raw.get(role):
            yield role, list(_names(raw[role], role, fault))
    if issued := _date(raw.get("date") or raw.get("year", ""), raw.get("month", "")):
        yield "issued", issued
    if accessed := _date(raw.get("urldate", ""), ""):
        yield "accessed", accessed


def _names(text: str, role: str, fault: Callable[[str, str], None]) -> Iterator[dict[str, str]]:
    from bibtexparser.middlewares.names import (
        InvalidNameError,
        parse_single_name_into_parts,
        split_multiple_persons_names,
    )

    for name in split_multiple_persons_names(text):
        if name.casefold() == "others":
            yield {"literal": "et al."}
        elif name.startswith("{") and name.endswith("}"):  # braces make an organisation's name one word
            yield {"literal": plain(name)}
        else:
            try:
                parts = parse_single_name_into_parts(name)
            except InvalidNameError:
                fault(f'"{name}" in the field {role} is not a name', 'Write "Family, Given", and "and" between names.')
                continue
            known = {
                "family": parts.last,
                "given": parts.first,
                "non-dropping-particle": parts.von,
                "suffix": parts.jr,
            }
            yield {key: plain(" ".join(words)) for key, words in known.items() if words}


def _date(text: str, month: str) -> dict[str, Any] | None:
    """A date as CSL writes it; one that is no date ("in press") in its own words; of a range the beginning."""
    text = plain(text)
    if not text:
        return None
    found = re.match(r"(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?(?:/.*)?$", text)
    if found is None:
        return {"literal": text}
    parts = [int(part) for part in found.groups() if part]
    named = month.strip("{} .").lower()
    if len(parts) == 1 and named[:3] in _MONTHS:
        parts.append(_MONTHS.index(named[:3]) + 1)
    elif len(parts) == 1 and named.isdigit():
        parts.append(int(named))
    return {"date-parts": [parts]}


_SET: Final[tuple[tuple[str, str], ...]] = (
    (r"\\textsuperscript\{([^{}]*)\}", "sup"),
    (r"\$\^\{?([^{}$]*)\}?\$", "sup"),
    (r"\\textsubscript\{([^{}]*)\}", "sub"),
    (r"\$_\{?([^{}$]*)\}?\$", "sub"),
    (r"\\(?:emph|textit)\{([^{}]*)\}", "i"),
    (r"\\textbf\{([^{}]*)\}", "b"),
)
"""LaTeX for raised, lowered, italic and bold, and the tags that CSL-JSON knows for them."""


def plain(latex: str) -> str:
    """A field's LaTeX as characters: accents, dashes, Greek letters, escaped signs; braces that only protect are dropped."""
    for pattern, tag in _SET:
        latex = re.sub(pattern, rf"<{tag}>\1</{tag}>", latex)
    latex = re.sub(r"(?<!\\)([&%#])", r"\\\1", latex)  # as most exports leave them
    # No-break spaces stay.
    return re.sub(r"[ \t\r\n]+", " ", _decoder().latex_to_text(latex)).strip()


@cache
def _decoder() -> Any:
    from pylatexenc.latex2text import LatexNodes2Text

    return LatexNodes2Text(math_mode="text")
