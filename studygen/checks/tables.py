"""The sums that hold between the counts of one delivery, and between registries and their totals: over levels, groups, strata,
analyses of the same persons and intervals of follow-up. Knows the plan's tables; what follows from the sums is found in
`recovery`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Final

from studygen.aggregates.contract import STATISTICS, RowKey
from studygen.aggregates.expected import PERSONS, STUDY_POPULATION, count_groups
from studygen.aggregates.life_tables import EXITS, life_tables
from studygen.checks.delivered import Sent
from studygen.checks.recovery import Sum
from studygen.results.findings import Count, ResultSet
from studygen.study.objectives import Analysis

Cell = tuple[RowKey, str]
"""A count of a delivery: what it is about, and the statistic."""

SAME: Final = ("n", "events")
"""What is the same in two analyses of the same persons."""


def sums_within(sent: Sent) -> tuple[Sum, ...]:
    """The sums between a delivery's counts that its reported numbers do not contradict."""
    found = (*_levels(sent), *_groups(sent), *_strata(sent), *_analyses(sent), *_intervals(sent))
    return tuple(each for each in found if _holds(sent, each))


def sums_over_registries(results: ResultSet) -> tuple[Sum, ...]:
    """Totals of counts and what they are the sum of, by result id."""
    return tuple(
        Sum(count.id, count.origin.inputs, "the registries and their total")
        for count in results.values()
        if isinstance(count, Count) and count.origin.method == "sum"
    )


def _levels(sent: Sent) -> Iterator[Sum]:
    groups = dict.fromkeys(key.group for key in sent.by_key if key.analysis == "baseline" and ":" not in key.group)
    for group in groups:
        whole = (RowKey("baseline", group, PERSONS), "n")
        for covariate in sent.subject.study.covariates:
            key = RowKey("baseline", group, covariate.id)
            missing = [(key, "missing")] if "missing" in sent.rows(key) else []
            levels = [(replace(key, level=level), "n") for level in covariate.levels]
            if levels and all(statistic in sent.rows(level) for level, statistic in levels):
                yield Sum(whole, (*levels, *missing), f"the levels of {covariate.id} in {group}")
            elif covariate.type in ("continuous", "count") and "n" in sent.rows(key) and missing:
                yield Sum(whole, ((key, "n"), *missing), f"persons with and without a value of {covariate.id} in {group}")


def _groups(sent: Sent) -> Iterator[Sum]:
    exposures = [exposure.id for exposure in sent.subject.study.exposures]
    for key, rows in sent.by_key.items():
        if key.group != "all":
            continue
        for statistic in rows:
            parts = [(replace(key, group=group), statistic) for group in exposures]
            if STATISTICS[statistic].counts and len(parts) > 1 and all(name in sent.rows(part) for part, name in parts):
                yield Sum((key, statistic), tuple(parts), "the groups and the whole")
    persons = [(RowKey("baseline", group, PERSONS), "n") for group in exposures]
    selected = RowKey("attrition", "all", STUDY_POPULATION)
    if "n" in sent.rows(selected) and all("n" in sent.rows(key) for key, _ in persons):
        yield Sum((selected, "n"), tuple(persons), "the study population and its groups")


def _strata(sent: Sent) -> Iterator[Sum]:
    """A subgroup analysis divides the analysis it belongs to; those without the variable are a part that nobody may see."""
    study = sent.subject.study
    for analysis in study.analyses:
        if analysis.subgroup is None:
            continue
        whole_of = next((each for each in study.analyses if each.id == analysis.subgroup.of), None)
        for group in count_groups(analysis):
            missing = sent.rows(RowKey("baseline", group, analysis.subgroup.variable)).get("missing")
            for statistic in SAME:
                strata = [f"{analysis.subgroup.variable}={level}" for level in analysis.subgroup.levels]
                parts = [(RowKey(analysis.id, group, analysis.outcome, "", stratum), statistic) for stratum in strata]
                whole = (RowKey(whole_of.id, group, analysis.outcome), statistic) if whole_of else None
                if whole and statistic in sent.rows(whole[0]) and all(name in sent.rows(key) for key, name in parts):
                    why = f"the strata of {analysis.subgroup.variable} in {group}"
                    yield Sum(whole, tuple(parts), why, open=missing is not None and missing.value != 0)


def _analyses(sent: Sent) -> Iterator[Sum]:
    """Analyses of one outcome that differ in method only have the same counts."""
    plain = [each for each in sent.subject.study.analyses if each.role not in ("sensitivity", "subgroup")]
    for position, one in enumerate(plain):
        for other in plain[position + 1 :]:
            for group in count_groups(one):
                if one.outcome == other.outcome and group in count_groups(other) and alike(sent, one, other, group):
                    for statistic in SAME:
                        first, second = (RowKey(each.id, group, each.outcome) for each in (one, other))
                        if statistic in sent.rows(first) and statistic in sent.rows(second):
                            why = f"the analyses {one.id} and {other.id} of {group}"
                            yield Sum((first, statistic), ((second, statistic),), why)


def alike(sent: Sent, one: Analysis, other: Analysis, group: str) -> bool:
    """Whether two analyses can be of the same persons: nothing that both report of a group differs."""
    first, second = (sent.rows(RowKey(each.id, group, each.outcome)) for each in (one, other))
    shared = [name for name in ("n", "events", "person_years") if name in first and name in second]
    pairs = [(first[name].value, second[name].value) for name in shared]
    return all(a == b for a, b in pairs if a is not None and b is not None)


def _intervals(sent: Sent) -> Iterator[Sum]:
    for key, table in life_tables(sent.by_key).items():

        def cell(day: float, statistic: str, key: RowKey = key) -> Cell:
            return replace(key, time=day), statistic

        for interval, after in pairwise(table):
            leaving = [cell(interval.day, statistic) for statistic in EXITS if statistic in interval.rows]
            if "at_risk" in interval.rows and "at_risk" in after.rows:
                parts = (*leaving, cell(after.day, "at_risk"))
                yield Sum(cell(interval.day, "at_risk"), parts, f"the interval to day {interval.day:g} and what follows it")
        events = tuple(cell(interval.day, "events") for interval in table if "events" in interval.rows)
        if "events" in sent.rows(key) and events:
            yield Sum((key, "events"), events, "the intervals of follow-up and the whole", open=True)


def _holds(sent: Sent, given: Sum) -> bool:
    """Whether the reported numbers agree with the sum. One that they contradict is of other persons, and tells nothing."""
    whole, *parts = (sent.value(*cell) for cell in _cells(given))
    if whole is None or any(part is None for part in parts):
        return True
    total = sum(part for part in parts if part is not None)
    return total <= whole if given.open else total == whole


def _cells(given: Sum) -> Sequence[Cell]:
    return [cell for cell in given.cells if isinstance(cell, tuple)]
