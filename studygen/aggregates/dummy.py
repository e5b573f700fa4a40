"""Dummy deliveries for a rehearsal before any result exists: every row that the plan asks of a registry, by the delivery
contract, made from dummy people and suppressed as the registry would. Knows no real number of any registry."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from studygen.aggregates import expected
from studygen.aggregates.contract import Row, RowKey, State
from studygen.aggregates.dummy_effects import Group, effect, occurrence
from studygen.aggregates.dummy_people import Chosen, Draws, Followed, Population
from studygen.aggregates.withholding import as_sent
from studygen.study.governance import Participation
from studygen.study.objectives import Analysis
from studygen.study.study import Study
from studygen.study.variables import Covariate

YEAR: Final = 365
KEPT_IN_SENSITIVITY: Final = 0.85
"""Share of the people whom a sensitivity analysis keeps: its dummy differs from that of the analysis it varies."""
AGE: Final = (39.0, 10.0)
MEASURED_IN: Final = {"years": (8.0, 5.5), "points": (2.6, 1.4)}
"""Mean and standard deviation of a continuous covariate, by unit; age has its own."""
ANY_MEASURE: Final = (10.0, 3.0)
COUNTED: Final = (1.3, 1.1)
"""Mean and standard deviation of a covariate that counts something."""


def dummy_rows(study: Study, participation: Participation, seed: str, threshold: int) -> tuple[Row, ...]:
    """The rows of one registry's dummy delivery. `study` is the study of the rehearsal, in which it takes part; `threshold` the
    smallest count that it may show. The same arguments give the same rows."""
    registries = tuple(each.registry for each in study.contributors)
    maker = _Maker(study, participation, Population(study, registries, Draws(seed)), threshold)
    found = [*maker.attrition(), *maker.baseline()]
    for analysis in study.analyses:
        if expected.contributes(participation, analysis):
            found.extend(maker.analysis(analysis))
    order = expected.selection_chains(study)
    numbered = [Row(line, *each) for line, each in enumerate(found, start=2)]
    return as_sent(participation.registry, tuple(numbered), threshold, order)


Made = tuple[RowKey, str, float | None, State]


@dataclass(frozen=True)
class _Maker:
    """One registry's rows before suppression."""

    study: Study
    participation: Participation
    population: Population
    threshold: int

    @property
    def registry(self) -> str:
        return self.participation.registry

    @property
    def groups(self) -> tuple[str, ...]:
        return tuple(each.id for each in self.study.exposures)

    def draw(self, *name: str) -> float:
        """One number from 0 up to 1."""
        return float(self.population.draws.uniform(1, self.registry, *name)[0])

    def collects(self, variable: str) -> bool:
        states = {each.variable: each.state for each in self.participation.variables}
        return states.get(variable) != "not_collected"

    # ------------------------------------------------------------------------------------------- who is in the study

    def attrition(self) -> Iterator[Made]:
        """From the study population back to the source population: each criterion excluded a share of those before it."""
        left = sum(self.population.persons(self.registry, group) for group in self.groups)
        steps = [(expected.STUDY_POPULATION, left)]
        criteria = expected.attrition_order(self.study)
        for position, criterion in enumerate(reversed(criteria)):
            steps.append((criterion, left))
            excluded = round(left * 0.25 * self.draw("excluded", criterion) ** 3)
            # The last step is not small, because then the study population itself would have to be suppressed.
            left += 0 if position == 0 and excluded < self.threshold else excluded
        steps.append((expected.SOURCE_POPULATION, left))
        for variable, persons in reversed(steps):
            yield _row(RowKey("attrition", "all", variable), "n", persons)
        for criterion in expected.outcome_criteria(self.study):
            excluded = round(steps[0][1] * 0.25 * self.draw("excluded", criterion) ** 3)
            yield _row(RowKey("attrition", "all", criterion), "n", steps[0][1] - excluded)

    def baseline(self) -> Iterator[Made]:
        described = {group: {each.id: self._described(group, each) for each in self.study.covariates} for group in self.groups}
        for group in self.groups:
            yield _row(RowKey("baseline", group, expected.PERSONS), "n", self.population.persons(self.registry, group))
            for rows in described[group].values():
                yield from rows.made
        for contrast in expected.contrasts(self.study):
            for covariate in self.study.covariates:
                sides = [described[side][covariate.id] for side in (contrast.exposure, contrast.comparator)]
                if self.collects(covariate.id):
                    difference = _standardised(*sides)
                    key = RowKey("baseline", contrast.group, covariate.id)
                    yield _row(key, "smd", _rounded(difference))
                    yield _row(key, "smd_weighted", _rounded(0.2 * difference))

    def _described(self, group: str, covariate: Covariate) -> _Described:
        key, persons = RowKey("baseline", group, covariate.id), self.population.persons(self.registry, group)
        if not self.collects(covariate.id):
            names = ("n", "missing") if covariate.levels or covariate.type == "binary" else ("n", "missing", "mean", "sd")
            keys = [RowKey("baseline", group, covariate.id, level) for level in covariate.levels] or [key]
            absent = [(each, "n", None, _NOT_COLLECTED) for each in keys]
            absent += [(key, name, None, _NOT_COLLECTED) for name in names if name != "n" or not covariate.levels]
            return _Described(tuple(dict.fromkeys(absent)), (), 0.0, 1.0)
        missing = round(persons * 0.12 * self.draw("missing", covariate.id))
        missing = missing if missing >= self.threshold else 0
        known = persons - missing
        shift = 0.35 * self.population.draws.normal("shift", self.registry, group, covariate.id)
        if covariate.levels or covariate.type in ("binary", "categorical"):
            levels = covariate.levels or ("", " ")  # those who have it, and those who have not
            counts = self._divided(known, group, covariate.id, levels)
            shares = tuple(count / max(known, 1) for count in counts)
            cells = [
                (RowKey("baseline", group, covariate.id, level.strip()), count)
                for level, count in zip(levels, counts, strict=True)
            ]
            made = [_row(each, "n", count) for each, count in (cells if covariate.levels else cells[:1])]
            return _Described((*made, _row(key, "missing", missing)), shares, 0.0, 1.0)
        mean, sd = COUNTED if covariate.type == "count" else MEASURED_IN.get(covariate.unit, ANY_MEASURE)
        mean, sd = AGE if covariate.id == "age" else (mean, sd)
        mean = max(0.1, mean + shift * sd * 0.5)
        quartiles = {"q1": mean - 0.67 * sd, "median": mean - 0.05 * sd, "q3": mean + 0.67 * sd}
        numbers = {"mean": mean, "sd": sd, **{name: max(0.0, value) for name, value in quartiles.items()}}
        whole = covariate.type == "count"
        made = [_row(key, "n", known), _row(key, "missing", missing)]
        made += [
            _row(key, name, float(round(value)) if whole and name not in ("mean", "sd") else round(value, 1))
            for name, value in numbers.items()
        ]
        return _Described(tuple(made), (), mean, sd)

    def _divided(self, persons: int, group: str, variable: str, levels: Sequence[str]) -> list[int]:
        """Persons on levels: shares that registries and groups have much in common."""
        normal = self.population.draws.normal
        logs = [
            normal("level", variable, level) + 0.25 * normal("level", self.registry, group, variable, level) for level in levels
        ]
        # Without levels the first part are those who have something, who are the fewer.
        logs[0] -= 0.0 if levels[0] else 2.0
        weights = [math.exp(each) for each in logs]
        counts = [math.floor(persons * weight / sum(weights)) for weight in weights]
        counts[-1] += persons - sum(counts)
        return counts

    # ----------------------------------------------------------------------------------------------- what happened

    def analysis(self, analysis: Analysis) -> Iterator[Made]:
        if not self.collects(analysis.outcome):
            yield from self._absent(analysis)
            return
        for stratum in expected.strata(analysis):
            groups = {group: self._group(analysis, group, stratum) for group in expected.count_groups(analysis)}
            for group, numbers in groups.items():
                yield from self._counts(analysis, RowKey(analysis.id, group, analysis.outcome, "", stratum), numbers)
            if analysis.input == "estimates":
                yield from self._estimates(analysis, stratum, groups)
        if analysis.role == "main" and expected.takes_curves(self.study, analysis):
            for group in expected.count_groups(analysis):
                yield from self._curve(
                    RowKey(analysis.id, group, analysis.outcome), self._group(analysis, group, "overall").people
                )

    def _absent(self, analysis: Analysis) -> Iterator[Made]:
        if analysis.input == "counts":
            cells = [(group, name) for group in expected.count_groups(analysis) for name in expected.needed_counts(analysis)]
        else:
            cells = [(group, "estimate") for group in expected.estimate_groups(analysis)]
        for stratum in expected.strata(analysis):
            for group, statistic in cells:
                yield RowKey(analysis.id, group, analysis.outcome, "", stratum), statistic, None, _NOT_COLLECTED

    def _group(self, analysis: Analysis, group: str, stratum: str) -> Group:
        people = self.population.followed(self.registry, group, analysis.outcome)
        if stratum != "overall":
            people = people.part(self._in_stratum(people, analysis, group, stratum))
        elif analysis.sensitivity is not None:
            chance = self.population.draws.uniform(people.persons, self.registry, group, analysis.id)
            people = people.part(chance < KEPT_IN_SENSITIVITY)
        if self.study.outcome(analysis.outcome).type != "continuous" or group == "all":
            return Group(people, 0.0, 1.0)
        mean = self.population.rate(self.registry, group, analysis.outcome)
        return Group(people, mean, 0.8 * mean)

    def _in_stratum(self, people: Followed, analysis: Analysis, group: str, stratum: str) -> Chosen:
        variable, _, level = stratum.partition("=")
        levels = analysis.subgroup.levels if analysis.subgroup else ()
        counts = self._divided(people.persons, group, variable, levels)
        start = sum(counts[: levels.index(level)])
        inside = self.population.draws.uniform(people.persons, "order", self.registry, group, variable)
        ranks = inside.argsort().argsort()
        within: Chosen = (ranks >= start) & (ranks < start + counts[levels.index(level)])
        return within

    def _counts(self, analysis: Analysis, key: RowKey, group: Group) -> Iterator[Made]:
        continuous = analysis.measure in expected.MEAN_MEASURES
        numbers = {
            "n": group.people.persons,
            "events": group.people.events,
            "person_years": round(group.people.person_years, 1),
            "mean": _rounded(group.mean),
            "sd": _rounded(group.sd),
        }
        for statistic in ("n", "mean", "sd") if continuous else ("n", "events", "person_years"):
            if statistic in expected.allowed_statistics(analysis, key.group):
                yield _row(key, statistic, numbers[statistic])

    def _estimates(self, analysis: Analysis, stratum: str, groups: dict[str, Group]) -> Iterator[Made]:
        for group in expected.estimate_groups(analysis):
            key = RowKey(analysis.id, group, analysis.outcome, "", stratum)
            if expected.is_occurrence(analysis):
                found = occurrence(analysis.measure, groups[group])
            else:
                found = effect(analysis.measure, *(groups[side] for side in group.split(":")))
            for statistic, value in zip(("estimate", "ci_lower", "ci_upper"), found or (None, None, None), strict=True):
                yield _row(key, statistic, None if value is None else _rounded(value))

    def _curve(self, key: RowKey, people: Followed) -> Iterator[Made]:
        """A life table by years, without competing events. It ends before a count would be small; a table that would end within
        half of the follow-up is not sent."""
        days = people.years * 365.25
        last = math.floor(float(days.max()) / YEAR) * YEAR if people.persons else 0
        table, start, sent = [], people.persons, 0
        for day in range(YEAR, last + 1, YEAR):
            inside = (days > day - YEAR) & (days <= day)
            events = int((inside & people.ended).sum())
            censored = int(inside.sum()) - events
            left = start - events - censored
            if any(0 < number < self.threshold for number in (events, censored, left)):
                break
            sent = day
            table.append((day, {"at_risk": start, "events": events, "censored": censored}))
            start = left
        if 2 * sent < last:
            return
        for day, numbers in table:
            for statistic, value in numbers.items():
                yield _row(RowKey(key.analysis, key.group, key.variable, time=float(day)), statistic, value)


@dataclass(frozen=True, slots=True)
class _Described:
    """A covariate in one group: its rows, and what differences are computed from."""

    made: tuple[Made, ...]
    shares: tuple[float, ...]
    mean: float
    sd: float


_NOT_COLLECTED: Final[State] = "not_collected"


def _standardised(exposed: _Described, compared: _Described) -> float:
    """The standardised difference; over more than two levels the root of the sum over levels, which has no sign."""
    if not exposed.shares:
        return (exposed.mean - compared.mean) / math.sqrt((exposed.sd**2 + compared.sd**2) / 2)
    parts = [
        (first - second) / math.sqrt(max((first * (1 - first) + second * (1 - second)) / 2, 1e-9))
        for first, second in zip(exposed.shares, compared.shares, strict=True)
    ]
    return parts[0] if len(parts) == 2 else math.sqrt(sum(part**2 for part in parts) / 2)


def _row(key: RowKey, statistic: str, value: float | None) -> Made:
    return key, statistic, value, "reported" if value is not None else "not_estimable"


def _rounded(value: float) -> float:
    """Six significant digits."""
    return float(f"{value:.6g}")
