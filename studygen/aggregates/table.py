"""From the bytes of aggregates.csv to typed rows. Judges the form of each cell, never its sense; repairs nothing. A byte-order
mark, which spreadsheets write before UTF-8, is no fault.

Read with the csv module rather than pandas: each row keeps its true line, ragged rows are seen, and each number's written
decimals are known."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping
from typing import Final

from studygen.aggregates.contract import COLUMNS, STATES, STATISTICS, Row, RowKey, State, Statistic
from studygen.errors import Fault, Place, did_you_mean

_NUMBER: Final = re.compile(r"[+-]?\d+(?:\.(\d+))?(?:[eE][+-]?\d+)?")
_DECIMAL_COMMA: Final = re.compile(r"[+-]?\d+,\d+")
_MASKED: Final = re.compile(r"[<≤]\s*=?\s*\d+")

_SAVE_AS: Final = 'Save it as "CSV UTF-8 (comma delimited)" with a decimal point.'

_OTHER_UNITS: Final[Mapping[str, str]] = {
    "person_days": "Send person_years: person-days divided by 365.25.",
    "person_months": "Send person_years: person-months divided by 12.",
    "person_time": "Send person_years.",
    "percent": "Send events and n, or a proportion between 0 and 1 as estimate.",
    "percentage": "Send events and n, or a proportion between 0 and 1 as estimate.",
    "proportion": "Send events and n, or a proportion between 0 and 1 as estimate.",
    "rate": "Send events and person_years, or a rate per one person-year as estimate.",
    "rate_per_1000": "Send events and person_years, or a rate per one person-year as estimate.",
    "count": "Send n (persons) or events (events).",
    "cases": "Send events.",
    "deaths": "Send events.",
    "hr": "Send estimate; the analysis knows its measure.",
    "log_se": "Send se: it is on the scale of log_estimate.",
    "std_error": "Send se.",
    "p_value": "Send estimate with ci_lower and ci_upper, or log_estimate with se.",
}
"""Statistics that registries are likely to send in another unit or under another name, with what to send instead."""


def read_rows(
    content: bytes,
    file: str,
    statistics: Mapping[str, Statistic] = STATISTICS,
    instead: Mapping[str, str] = _OTHER_UNITS,
) -> tuple[tuple[Row, ...], tuple[Fault, ...]]:
    """The well-formed rows and every fault of form. `file` is the path to name in faults, `statistics` are the words of that
    column, `instead` says what to send in place of words that are none of them. Blank lines are passed over."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        return (), (Fault(Place(file, line), "the file is not UTF-8 text", _SAVE_AS),)
    if "\0" in text:
        return (), (Fault(Place(file, 1), "the file is not UTF-8 text", _SAVE_AS),)
    header = text.split("\n", 1)[0]
    for separator, name in ((";", "semicolons"), ("\t", "tabs")):
        if separator in header and "," not in header:
            return (), (Fault(Place(file, 1), f"the columns are separated by {name}", _SAVE_AS),)

    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    rows: list[Row] = []
    faults: list[Fault] = []
    try:
        columns = next(reader, [])
        faults.extend(_header_faults(columns, file))
        if faults:
            return (), tuple(faults)
        for cells in reader:
            if not any(cell.strip() for cell in cells):
                continue
            here = Place(file, reader.line_num)
            row, found = _row(dict(zip(columns, cells, strict=False)), len(cells), here, statistics, instead)
            faults.extend(found)
            if row is not None:
                rows.append(row)
    except csv.Error as error:
        faults.append(Fault(Place(file, reader.line_num), f"the line cannot be read as CSV ({error})", _SAVE_AS))
    return tuple(rows), tuple(faults)


def _header_faults(columns: list[str], file: str) -> Iterator[Fault]:
    place = Place(file, 1)
    if not columns:
        yield Fault(place, "the file is empty", "The first line names the columns: " + ",".join(COLUMNS))
        return
    missing = [column for column in COLUMNS if column not in columns]
    for column in columns:
        if column not in COLUMNS:
            yield Fault(place, f'"{column}" is not a column of the delivery', did_you_mean(column, missing or COLUMNS))
        elif columns.count(column) > 1:
            yield Fault(place, f'the column "{column}" stands there twice', "Keep one of them.")
    for column in missing:
        yield Fault(place, f'the column "{column}" is missing', "The columns are: " + ",".join(COLUMNS))


def _row(
    cells: Mapping[str, str], width: int, place: Place, statistics: Mapping[str, Statistic], instead: Mapping[str, str]
) -> tuple[Row | None, list[Fault]]:
    if width != len(COLUMNS):
        return None, [Fault(place, f"the line has {width} cells, not {len(COLUMNS)}", "Give every column a cell, empty or not.")]
    faults: list[Fault] = []
    for column, cell in cells.items():
        if cell != cell.strip():
            faults.append(Fault(place, f'"{cell}" in the column {column} begins or ends with a space', "Remove the space."))
    statistic = cells["statistic"]
    if statistic not in statistics:
        remedy = instead.get(statistic.lower()) or did_you_mean(statistic, statistics)
        faults.append(Fault(place, f'"{statistic}" is not a statistic of the delivery', remedy))
    state = next((known for known in STATES if known == cells["state"]), None)
    if state is None:
        faults.append(Fault(place, f'"{cells["state"]}" is not a state', did_you_mean(cells["state"], STATES)))
    time, time_faults = _time(cells["time"], place)
    value, decimals, value_faults = _value(cells["value"], state, place)
    faults.extend((*time_faults, *value_faults))
    if faults or state is None:
        return None, faults
    key = RowKey(cells["analysis"], cells["group"], cells["variable"], cells["level"], cells["stratum"], time)
    return Row(place.line or 0, key, statistic, value, state, decimals), []


def _time(text: str, place: Place) -> tuple[float | None, list[Fault]]:
    if not text:
        return None, []
    if not _NUMBER.fullmatch(text):
        return None, [Fault(place, f'the time "{text}" is not a number', "Give days after the index date.")]
    return float(text), []


def _value(text: str, state: State | None, place: Place) -> tuple[float | None, int, list[Fault]]:
    if not text:
        remedy = "Give the number, or the state that says why there is none: " + ", ".join(STATES[1:]) + "."
        return None, 0, [Fault(place, "the state is reported, but there is no value", remedy)] if state == "reported" else []
    if _MASKED.fullmatch(text):
        return None, 0, [Fault(place, f'"{text}" is a masked count', "Leave the value empty and give the state suppressed.")]
    if _DECIMAL_COMMA.fullmatch(text):
        return None, 0, [Fault(place, f'"{text}" has a comma', "Write a decimal point, and no separator of thousands.")]
    number = _NUMBER.fullmatch(text)
    if number is None:
        remedy = "Give a number, or leave the value empty and give the state that says why there is none."
        return None, 0, [Fault(place, f'the value "{text}" is not a number', remedy)]
    if state is not None and state != "reported":
        return None, 0, [Fault(place, f"the state is {state}, but there is a value", "Remove the value, or say reported.")]
    return float(text), len(number.group(1) or ""), []
