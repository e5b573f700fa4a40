"""A table of sources for `studygen pool`: a CSV file with one row per source, read into numbers for one effect measure. Judges
form and sense of every cell, names all faults at once with their lines, repairs nothing. Knows no arithmetic of effects."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from studygen.errors import DeliveryError, Fault, Place, nearest
from studygen.stats.measures import ANALYSED, MEASURES, PRINTED, Columns, column_sets

if TYPE_CHECKING:
    from pandas import DataFrame

SOURCE: Final = "source"
EVENTS: Final = ("events1", "events2", "events")
PERSONS: Final = ("n1", "n2", "n")
KNOWN: Final = frozenset({SOURCE, *(name for measure in MEASURES for columns in column_sets(measure) for name in columns)})
"""Every column that some measure is made from."""
SIZES: Final = (*PERSONS, "person_years1", "person_years2", "person_years", "expected")
NOT_NEGATIVE: Final = (*EVENTS, "sd1", "sd2", "sd")
POSITIVE: Final = (*SIZES, "vi")

_NUMBER: Final = re.compile(r"[+-]?(?:\d+(?:\.(\d*))?|\.(\d+))(?:[eE][+-]?\d+)?")
_DECIMAL_COMMA: Final = re.compile(r"[+-]?\d+,\d+")
_MASKED: Final = re.compile(r"[<≤]\s*=?\s*\d+")
_SAVE_AS: Final = 'Save it as "CSV UTF-8 (comma delimited)" with a decimal point.'
_OTHER_NAMES: Final[Mapping[str, str]] = {
    "se": "vi is the square of the standard error.",
    "sei": "vi is the square of the standard error.",
    "study": f'Rename it to "{SOURCE}".',
    "trial": f'Rename it to "{SOURCE}".',
    "registry": f'Rename it to "{SOURCE}".',
    "py1": 'Rename it to "person_years1".',
    "py2": 'Rename it to "person_years2".',
}
"""Headers that an analyst may have instead, with what to do."""


class TableError(DeliveryError):
    """A file for `studygen pool` is malformed or its numbers make no sense."""

    heading = "The file has faults"


@dataclass(frozen=True, slots=True)
class SourceRow:
    """One source: the line of the file (1-based), its name, its numbers by column, and the decimals that were written."""

    line: int
    source: str
    numbers: Mapping[str, float]
    decimals: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class EffectTable:
    """The sources in the file's order, the columns that were used, and those that were not."""

    columns: Columns
    rows: tuple[SourceRow, ...]
    unused: tuple[str, ...]


def read_effect_table(content: bytes, file: str, measure: str) -> EffectTable:
    """The table behind the bytes of a CSV file, for a measure of `MEASURES`; `file` is the name to use in faults. TableError with
    all faults. A byte-order mark, which spreadsheets write before UTF-8, is no fault; blank lines are passed over."""
    text = _text(content, file)
    cells, lines = _cells(text)
    header = [str(name).strip() for name in cells.iloc[0]]
    while header and not header[-1]:
        header.pop()
    columns, faults = _columns(header, measure, file)
    if faults:
        raise TableError(faults)
    rows: list[SourceRow] = []
    named: dict[str, int] = {}
    for line, record in zip(lines[1:], cells.iloc[1:].itertuples(index=False, name=None), strict=True):
        written = [str(cell).strip() for cell in record]
        if not any(written):
            continue
        if any(written[len(header) :]):
            what = f"the line has {max(n for n, cell in enumerate(written, 1) if cell)} cells, the header {len(header)}"
            faults.append(Fault(Place(file, line), what, "Give every column one cell; put a text with a comma in quotes."))
            continue
        row, found = _row(line, dict(zip(header, written, strict=False)), columns, measure, file)
        faults += [*_name_faults(row.source, line, named, file), *found]
        rows.append(row)
    if not rows and not faults:
        faults.append(Fault(Place(file, 1), "there is a header but no source", "Give each source a line."))
    if faults:
        raise TableError(faults)
    return EffectTable(columns, tuple(rows), tuple(name for name in header if name and name not in (SOURCE, *columns)))


def header_of(content: bytes, file: str) -> tuple[str, ...]:
    """The names of a file's columns; TableError when there are none."""
    return tuple(str(name).strip() for name in _cells(_text(content, file))[0].iloc[0] if str(name).strip())


def sets_of(measure: str) -> tuple[Columns, ...]:
    """The sets of columns a measure can be made from. One that needs sample sizes for its way back takes counts only."""
    return tuple(x for x in column_sets(measure) if not (MEASURES[measure].needs_size and x == ANALYSED))


def fitting_measures(header: Sequence[str], measures: Sequence[str]) -> tuple[str, ...]:
    """The measures that can be made from these columns."""
    return tuple(name for name in measures if any(set(columns) <= set(header) for columns in sets_of(name)))


# ---------------------------------------------------------------- the file


def _text(content: bytes, file: str) -> str:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise TableError(Fault(Place(file, line), "the file is not UTF-8 text", _SAVE_AS)) from None
    if "\0" in text:
        raise TableError(Fault(Place(file, 1), "the file is not UTF-8 text", _SAVE_AS))
    if not text.strip():
        raise TableError(
            Fault(Place(file, 1), "the file is empty", "The first line names the columns, each other line is a source.")
        )
    header = text.lstrip().split("\n", 1)[0]
    for separator, name in ((";", "semicolons"), ("\t", "tabs")):
        if separator in header and "," not in header:
            raise TableError(Fault(Place(file, 1), f"the columns are separated by {name}", _SAVE_AS))
    return text


def _cells(text: str) -> tuple[DataFrame, list[int]]:
    """All cells as text, from the header on, and each row's true line: blank lines count, and so do line breaks inside quotes."""
    import pandas as pd

    blank = len(text) - len(text.lstrip("\r\n"))
    widest = max(line.count(",") for line in text.splitlines()) + 1
    cells = pd.read_csv(
        io.StringIO(text[blank:]),
        header=None,
        names=list(range(widest)),
        dtype=str,
        keep_default_na=False,
        na_filter=False,
        skip_blank_lines=False,
        index_col=False,
    )
    breaks = cells.map(lambda cell: str(cell).count("\n")).sum(axis=1)
    before = text[:blank].count("\n") + breaks.cumsum() - breaks
    return cells, [int(line) for line in 1 + cells.index + before]


# ---------------------------------------------------------------- columns


def _columns(header: list[str], measure: str, file: str) -> tuple[Columns, list[Fault]]:
    """The first complete set of columns, or the faults that leave none."""
    place, faults = Place(file, 1), []
    for name in dict.fromkeys(header):
        if name and header.count(name) > 1:
            faults.append(Fault(place, f'the column "{name}" stands there twice', "Keep one of them."))
    sets = sets_of(measure)
    complete = next((columns for columns in sets if set(columns) <= set(header)), None)
    needed = (SOURCE, *(complete or max(sets, key=lambda columns: _likeness(columns, header))))
    strangers = [name for name in header if name and name not in KNOWN]
    said = f"{measure} is made from {' or '.join(', '.join(columns) for columns in sets)}."
    if complete is None:
        fitting = fitting_measures(header, list(MEASURES))
        said += f" These columns fit {', '.join(fitting)}." if fitting else ""
    if complete is None and _likeness(needed[1:], header) == 0:
        faults.append(Fault(place, f"the columns do not fit {measure}: {', '.join(filter(None, header))}", said))
        needed = (SOURCE,)
    for name in needed:
        if name in header:
            continue
        meant = nearest(name, strangers, 1)
        known = next((remedy for stranger, remedy in _OTHER_NAMES.items() if stranger in strangers and f'"{name}"' in remedy), "")
        remedy = f'Rename "{meant[0]}" to "{name}".' if meant else known or (said if name != SOURCE else "It names each source.")
        faults.append(Fault(place, f'the column "{name}" is missing', remedy))
    if complete is None:
        faults += [
            Fault(place, f'"{name}" is not a column of {measure}', _OTHER_NAMES[name])
            for name in ("se", "sei")
            if name in strangers
        ]
    return complete or (), faults


def _likeness(columns: Columns, header: Sequence[str]) -> float:
    """How many of the columns are there, misspelt ones at half."""
    there = sum(name in header for name in columns)
    strangers = [name for name in header if name not in KNOWN]
    return (there + 0.5 * sum(bool(nearest(name, strangers, 1)) for name in columns if name not in header)) / len(columns)


# ---------------------------------------------------------------- rows


def _name_faults(source: str, line: int, named: dict[str, int], file: str) -> Iterator[Fault]:
    if not source:
        yield Fault(Place(file, line, SOURCE), "the source has no name", "Name it; the name stands in the table and the plot.")
    elif source in named:
        what = f'"{source}" already stands in line {named[source]}'
        yield Fault(Place(file, line, SOURCE), what, "Give each source one line and a name of its own.")
    named.setdefault(source, line)


def _row(line: int, cells: Mapping[str, str], columns: Columns, measure: str, file: str) -> tuple[SourceRow, list[Fault]]:
    numbers: dict[str, float] = {}
    decimals: dict[str, int] = {}
    faults: list[Fault] = []
    for name in columns:
        text, place = cells.get(name, ""), Place(file, line, name)
        fault = _text_fault(text, place) or _value_fault(float(text), name, place)
        if fault is not None:
            faults.append(fault)
            continue
        numbers[name] = float(text)
        written = _NUMBER.fullmatch(text)
        decimals[name] = len((written.group(1) or written.group(2) or "") if written else "")
    faults += _pair_faults(numbers, Place(file, line))
    if columns == PRINTED and not faults:
        faults += _interval_faults(numbers, measure, Place(file, line))
    return SourceRow(line, cells.get(SOURCE, ""), numbers, decimals), faults


def _text_fault(text: str, place: Place) -> Fault | None:
    if not text:
        return Fault(place, "there is no number", "Give the number, or leave the source out of the file.")
    if _MASKED.fullmatch(text):
        return Fault(
            place, f'"{text}" is a masked count', "Give the number; masked counts are pooled in a study's deliveries only."
        )
    if _DECIMAL_COMMA.fullmatch(text):
        return Fault(place, f'"{text}" has a comma', "Write a decimal point, and no separator of thousands.")
    if not _NUMBER.fullmatch(text):
        return Fault(place, f'"{text}" is not a number', "Give the number, or leave the source out of the file.")
    return None


def _value_fault(value: float, name: str, place: Place) -> Fault | None:
    if abs(value) == float("inf"):
        return Fault(place, "the number is too large", "Check the exponent.")
    if (name in NOT_NEGATIVE or name in POSITIVE) and value < 0:
        return Fault(place, f"{name} is negative ({value:g})", "Check the sign.")
    if name in (*EVENTS, *PERSONS) and value != int(value):
        return Fault(place, f"{name} is not a whole number ({value:g})", "Counts are whole; give estimates as estimate or yi.")
    if name in POSITIVE and value == 0:
        remedy = "A standard error cannot be zero." if name == "vi" else "Nobody was at risk: leave the source out of the file."
        return Fault(place, f"{name} is zero", remedy)
    return None


def _pair_faults(numbers: Mapping[str, float], place: Place) -> Iterator[Fault]:
    for events, persons in zip(EVENTS, PERSONS, strict=True):
        if events in numbers and persons in numbers and numbers[events] > numbers[persons]:
            what = f"{events} ({numbers[events]:g}) is more than {persons} ({numbers[persons]:g})"
            yield Fault(place, what, "n counts all persons of the group, those with the event among them.")


def _interval_faults(numbers: Mapping[str, float], measure: str, place: Place) -> Iterator[Fault]:
    estimate, lower, upper = (numbers[name] for name in PRINTED)
    low, high = MEASURES[measure].within
    if not lower <= estimate <= upper:
        yield Fault(place, f"the estimate ({estimate:g}) lies outside its interval ({lower:g} to {upper:g})", "Check the three.")
    elif lower == upper:
        yield Fault(place, "the interval has no width", "Give more decimals.")
    elif not (low < lower or low == float("-inf")) or not upper < high:
        what = f"a limit of {measure} lies at or beyond the end of its range ({lower:g} to {upper:g})"
        yield Fault(place, what, "Estimates are on the natural scale: a ratio above 0, a proportion between 0 and 1.")
