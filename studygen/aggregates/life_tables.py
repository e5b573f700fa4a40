"""Rows by time, put together to life tables, and whether each table adds up: intervals complete, nobody entering, everybody who
leaves accounted for. Judges; changes nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final

from studygen.aggregates.contract import Row, RowKey

EXITS: Final = ("events", "competing", "censored")
"""How a person leaves the persons at risk."""
NEEDED: Final = ("at_risk", "events", "censored")

RowFault = tuple[Row, str, str]
"""The row, what is wrong, the remedy."""

_MEND: Final = "Mend it with the registry."


@dataclass(frozen=True, slots=True)
class Interval:
    """What was sent of one interval of follow-up: its last day, and statistic → row."""

    day: float
    rows: Mapping[str, Row]

    def number(self, statistic: str) -> float | None:
        """The reported number; None when there is none. Competing events that were not sent are none."""
        row = self.rows.get(statistic)
        return (0.0 if statistic == "competing" else None) if row is None else row.value

    @property
    def first(self) -> Row:
        """A row to name in a fault: that of the persons at risk if there is one."""
        return self.rows.get("at_risk") or next(iter(self.rows.values()))

    @property
    def left(self) -> float | None:
        """The persons at risk after the interval; None when a number of it is not reported."""
        numbers = [self.number(statistic) for statistic in ("at_risk", *EXITS)]
        known = [number for number in numbers if number is not None]
        return known[0] - sum(known[1:]) if len(known) == len(numbers) else None


LifeTable = tuple[Interval, ...]
"""The intervals of one group, in the order of their days."""


def life_tables(by_key: Mapping[RowKey, Mapping[str, Row]]) -> Mapping[RowKey, LifeTable]:
    """The tables in rows that belong together, by their key without time."""
    found: dict[RowKey, list[Interval]] = {}
    for key, rows in by_key.items():
        if key.time is not None:
            found.setdefault(replace(key, time=None), []).append(Interval(key.time, rows))
    return {key: tuple(sorted(intervals, key=lambda each: each.day)) for key, intervals in found.items()}


def table_faults(by_key: Mapping[RowKey, Mapping[str, Row]]) -> Iterator[RowFault]:
    """Everything in the tables that does not add up, in itself and with the counts of the whole follow-up."""
    for key, table in life_tables(by_key).items():
        yield from _incomplete(table)
        yield from _not_in_balance(table)
        yield from _against_the_whole(table, by_key.get(key, {}))


def _incomplete(table: LifeTable) -> Iterator[RowFault]:
    competing = any("competing" in interval.rows for interval in table)
    for interval in table:
        if interval.day <= 0:
            what = f"an interval of follow-up ends on day {interval.day:g}"
            yield interval.first, what, "Give the last day of the interval, counted from the start of follow-up."
        needed = (*NEEDED, "competing") if competing else NEEDED
        if lacking := ", ".join(statistic for statistic in needed if statistic not in interval.rows):
            remedy = "Send all of them for each interval; where the registry cannot give a number, the state says why."
            yield interval.first, f"the interval to day {interval.day:g} lacks {lacking}", remedy


def _not_in_balance(table: LifeTable) -> Iterator[RowFault]:
    for interval in table:
        if interval.left is not None and interval.left < 0:
            what = f"more persons leave in the interval to day {interval.day:g} than are at risk ({interval.number('at_risk'):g})"
            yield interval.first, what, _MEND
    for before, after in pairwise(table):
        start, earlier = after.number("at_risk"), before.number("at_risk")
        if start is None:
            continue
        if before.left is not None and before.left >= 0 and start != before.left:
            what = (
                f"{start:g} are at risk after day {before.day:g}, but the interval before leaves {before.left:g} "
                f"(line {before.first.line})"
            )
            yield after.first, what, "at_risk is that of the interval before, less its events, competing events and censored."
        elif before.left is None and earlier is not None and start > earlier:
            what = f"more persons are at risk ({start:g}) than in the interval before ({earlier:g}, line {before.first.line})"
            yield after.first, what, "Nobody enters once follow-up has started."


def _against_the_whole(table: LifeTable, whole: Mapping[str, Row]) -> Iterator[RowFault]:
    """The analysis' own counts of the group, where they were sent beside the table."""
    persons, events = whole.get("n"), whole.get("events")
    start = table[0].number("at_risk")
    if persons is not None and persons.value is not None and start is not None and start > persons.value:
        what = f"{start:g} are at risk at the start, but the group has {persons.value:g} persons (line {persons.line})"
        yield table[0].first, what, _MEND
    counted = [interval.number("events") for interval in table]
    known = sum(number for number in counted if number is not None)
    if events is not None and events.value is not None and known > events.value:
        what = f"the intervals hold {known:g} events, the group {events.value:g} (line {events.line})"
        yield table[-1].first, what, _MEND


def table_disclosures(by_key: Mapping[RowKey, Mapping[str, Row]], threshold: int) -> Iterator[RowFault]:
    """Suppressed numbers of a table that follow from the others, and few persons left after its last day."""
    for table in life_tables(by_key).values():
        for interval, following in zip(table, (*table[1:], None), strict=True):
            yield from _given_away(interval, following)
        left = table[-1].left
        if left is not None and 0 < left < threshold:
            what = (
                f"{left:g} persons are left after day {table[-1].day:g}, below the small-cell threshold of {threshold} in force"
            )
            yield (
                table[-1].first,
                what,
                "Leave the interval out, so that the table ends with more persons, or make the last one wider.",
            )


def _given_away(interval: Interval, following: Interval | None) -> Iterator[RowFault]:
    """The one suppressed number among those of an interval and the persons at risk after it."""
    if following is None or "at_risk" not in following.rows:
        return
    rows = [*interval.rows.values(), following.rows["at_risk"]]
    hidden = [row for row in rows if row.state != "reported"]
    if len(hidden) == 1 and hidden[0].state == "suppressed":
        what = f"the other numbers of the interval to day {interval.day:g} give away the {hidden[0].statistic} suppressed here"
        yield hidden[0], what, "Make the interval wider, or suppress a second number of it."
