"""Life tables as curves: of each registry, and of all registries together from their summed tables. With competing events the
cumulative incidence, without them the probability of being free of the event. Half of those censored in an interval count as at
risk in it (actuarial estimate)."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from studygen.aggregates.contract import RowKey
from studygen.aggregates.expected import count_groups
from studygen.aggregates.life_tables import LifeTable, life_tables
from studygen.results.addresses import joined, stem
from studygen.results.contribution import level_of
from studygen.results.delivered import Delivered, state_of
from studygen.results.findings import Curve, CurveKind, Estimate, Note, Origin, Result, Source
from studygen.study.objectives import Analysis

if TYPE_CHECKING:
    from studygen.stats.risk_tables import RiskTable

DAYS_PER_YEAR: Final = 365.25
WHOLE_YEAR: Final = 3.0
"""A day within so many days of a whole number of years stands for it."""


@dataclass(frozen=True, slots=True)
class Followed:
    """One registry's complete table of a group: per interval its last day and the numbers of it."""

    delivered: Delivered
    days: tuple[float, ...]
    at_risk: tuple[float, ...]
    events: tuple[float, ...]
    censored: tuple[float, ...]
    competing: tuple[float, ...]
    tells_competing: bool
    source: Source

    @property
    def left(self) -> float:
        """Persons still followed after the last day."""
        return self.at_risk[-1] - self.events[-1] - self.censored[-1] - self.competing[-1]


def curve_results(analysis: Analysis, deliveries: Sequence[Delivered]) -> Iterator[Result]:
    """For each group of an analysis `<analysis>[.<group>].<registry>.survival` of each registry that sent a table, and of all of
    them `….survival` with `….survival_<day>` at the ends of years and on the last day; `cumulative_incidence` in place of
    `survival` where every registry tells competing events."""
    groups = count_groups(analysis)
    drawn = [group for group in groups if any(_has_numbers(each, analysis, group) for each in deliveries)]
    for group in groups:
        address, key = stem(analysis.id, group), RowKey(analysis.id, group, analysis.outcome)
        followed: list[Followed] = []
        left_out: list[str] = []
        for delivered in deliveries:
            table = life_tables(delivered.by_key).get(key)
            own = None if table is None else _followed(delivered, table)
            if table is None:
                left_out.append(delivered.name)
            elif own is None:
                left_out.append(delivered.name)
                yield _without_numbers(joined(address, delivered.registry), delivered, table, level_of(analysis))
            else:
                followed.append(own)
                yield _curve(joined(address, delivered.registry), [own], level_of(analysis), ())
        # Curves of two groups are set side by side, so they are sums over the same registries.
        of_all = [x for x in followed if all(_has_numbers(x.delivered, analysis, each) for each in drawn)]
        left_out += [x.delivered.name for x in followed if x not in of_all]
        if of_all:
            yield from _together(address, analysis, of_all, left_out)


def _has_numbers(delivered: Delivered, analysis: Analysis, group: str) -> bool:
    table = life_tables(delivered.by_key).get(RowKey(analysis.id, group, analysis.outcome))
    return table is not None and _followed(delivered, table) is not None


def _together(address: str, analysis: Analysis, followed: Sequence[Followed], left_out: Sequence[str]) -> Iterator[Result]:
    telling = [x for x in followed if x.tells_competing]
    notes = [Note("not_in_sum", (("registries", ", ".join(left_out)),))] if left_out else []
    if telling and len(telling) < len(followed):
        silent = ", ".join(x.delivered.name for x in followed if not x.tells_competing)
        notes.append(Note("competing_as_censored", (("registries", silent),)))
    if not common_days(followed):
        return
    pooled = _curve(address, followed, level_of(analysis), tuple(notes))
    yield pooled
    for index in stated(pooled.days):
        day, lower, upper = pooled.days[index], pooled.lower[index], pooled.upper[index]
        origin = Origin(pooled.origin.method, (pooled.id,), pooled.origin.sources, pooled.origin.notes)
        id, value = f"{pooled.id}_{day:g}", pooled.probability[index]
        yield Estimate(id, pooled.kind, value, lower, upper, pooled.level, "log_log", "reported", origin)


def stated(days: Sequence[float]) -> list[int]:
    """Which days of a curve are told in numbers: those that end a year, and the last."""
    found = [
        index
        for index, day in enumerate(days)
        if day > WHOLE_YEAR and abs(day - round(day / DAYS_PER_YEAR) * DAYS_PER_YEAR) <= WHOLE_YEAR
    ]
    last = len(days) - 1
    return found if last in found or last <= 0 else [*found, last]


def common_days(followed: Sequence[Followed]) -> tuple[float, ...]:
    """The days that every registry has whose table reaches them."""
    every = sorted({day for each in followed for day in each.days})
    return tuple(day for day in every if all(day in each.days or each.days[-1] < day for each in followed))


# ---------------------------------------------------------------- tables


def _followed(delivered: Delivered, table: LifeTable) -> Followed | None:
    """The table as numbers; None when one of them is not reported."""
    rows = [row for interval in table for row in interval.rows.values()]
    columns: dict[str, tuple[float, ...]] = {}
    for statistic in ("at_risk", "events", "censored", "competing"):
        numbers = [interval.number(statistic) for interval in table]
        known = tuple(number for number in numbers if number is not None)
        if len(known) < len(table):
            return None
        columns[statistic] = known
    days, competing = tuple(interval.day for interval in table), any("competing" in interval.rows for interval in table)
    return Followed(delivered, days, **columns, tells_competing=competing, source=delivered.source(rows))


def summed(followed: Sequence[Followed], days: Sequence[float]) -> Mapping[str, list[float]]:
    """The tables added up over the intervals that end on `days`: persons at risk when each begins, and who leaves in it. Whoever
    is left when a registry's table ends between two days is censored in the interval that holds its end."""
    sums = {name: [0.0] * len(days) for name in ("at_risk", "events", "censored", "competing")}
    for each in followed:
        reached = -1
        for number, day in enumerate(each.days):
            index = next((at for at, end in enumerate(days) if end >= day), None)
            if index is None:
                break
            if index != reached:
                sums["at_risk"][index] += each.at_risk[number]
                reached = index
            for name in ("events", "censored", "competing"):
                sums[name][index] += getattr(each, name)[number]
        if each.days[-1] not in days and each.days[-1] < days[-1]:
            sums["censored"][reached] += each.left
    return sums


def _risk_table(sums: Mapping[str, list[float]], days: Sequence[float], kind: CurveKind) -> RiskTable:
    """With half of those censored taken out of the persons at risk; without a cumulative incidence competing events are
    censored."""
    from studygen.stats.risk_tables import risk_table

    rows = zip(*(sums[name] for name in ("at_risk", "events", "censored", "competing")), strict=True)
    at_risk, events, competing = [], [], []
    for n, d, c, other in rows:
        censored = c if kind == "cumulative_incidence" else c + other
        at_risk.append(n - censored / 2)
        events.append(d)
        competing.append(other if kind == "cumulative_incidence" else 0.0)
    return risk_table(list(days), at_risk, events, competing)


# ---------------------------------------------------------------- curves


def _curve(address: str, followed: Sequence[Followed], level: float, notes: tuple[Note, ...]) -> Curve:
    from studygen.stats.cumulative_incidence import cumulative_incidence
    from studygen.stats.survival import kaplan_meier

    kind: CurveKind = "cumulative_incidence" if all(x.tells_competing for x in followed) else "survival"
    days = common_days(followed)
    sums = summed(followed, days)
    table = _risk_table(sums, days, kind)
    if kind == "survival":
        method, start = "life_table", 1.0
        survival = kaplan_meier([table], level)
        columns = (survival.survival, survival.lower, survival.upper)
    else:
        method, start = "life_table_competing", 0.0
        incidence = cumulative_incidence([table], level)
        columns = (incidence.estimate, incidence.lower, incidence.upper)
    probability, lower, upper = ([float(x) for x in column] for column in columns)
    last = len(days) - 1
    after = [*sums["at_risk"][1:], sums["at_risk"][last] - sum(sums[name][last] for name in ("events", "censored", "competing"))]
    return Curve(
        id=joined(address, kind),
        kind=kind,
        days=(0.0, *days),
        probability=(start, *probability),
        lower=(None, *map(_limit, lower)),
        upper=(None, *map(_limit, upper)),
        at_risk=(sums["at_risk"][0], *after),
        events=(0.0, *sums["events"]),
        level=level,
        state="reported",
        origin=Origin(method, sources=tuple(x.source for x in followed), notes=notes),
    )


def _limit(number: float) -> float | None:
    return None if math.isnan(number) else number


def _without_numbers(address: str, delivered: Delivered, table: LifeTable, level: float) -> Curve:
    """A registry's curve that there is not, with the reason as its state."""
    rows = [row for interval in table for row in interval.rows.values()]
    kind: CurveKind = "cumulative_incidence" if any("competing" in interval.rows for interval in table) else "survival"
    origin = Origin("as_delivered", sources=(delivered.source(rows),))
    return Curve(joined(address, kind), kind, (), (), (), (), (), (), level, state_of(rows), origin)
