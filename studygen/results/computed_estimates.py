"""A registry's estimate where the registry sent counts: computed here with the interval that the plan names. A zero gets 1/2 for
pooling and for a ratio's display, which the result says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from studygen.aggregates.contract import Row, RowKey
from studygen.aggregates.expected import count_groups, is_occurrence, needed_counts
from studygen.results.addresses import joined, stem
from studygen.results.contribution import Contribution, Counts, level_of, with_value, without_interval, without_value
from studygen.results.delivered import Delivered, state_of
from studygen.results.findings import Note, Origin, Source, State
from studygen.results.from_counts import COMPARISONS, OCCURRENCE_INTERVALS, OCCURRENCES, SCALES
from studygen.stats.effects import Effect, interval_of
from studygen.stats.occurrence import Interval, exact_poisson
from studygen.stats.partial_counts import CountRange, PartialCount
from studygen.study.objectives import Analysis


@dataclass(frozen=True, slots=True)
class _Ground:
    """What every estimate of one registry, analysis and group shares: its id and what it rests on."""

    delivered: Delivered
    analysis: Analysis
    id: str
    inputs: tuple[str, ...]
    sources: tuple[Source, ...]
    counts: Counts | None

    def origin(self, method: str, *notes: Note) -> Origin:
        return Origin(method, self.inputs, self.sources, notes)

    def without(self, state: State, method: str, *notes: Note) -> Contribution:
        bare = without_value(self.id, self.analysis, state, self.origin(method, *notes))
        return Contribution(self.delivered, bare, None, counts=self.counts)

    def estimated(
        self, limits: Interval, interval: str, method: str, *notes: Note, effect: Effect | None = None, corrected: bool = False
    ) -> Contribution:
        origin = self.origin(method, *notes)
        estimate = with_value(self.id, self.analysis, limits, level_of(self.analysis), interval, origin)
        return Contribution(self.delivered, estimate, effect, corrected, self.counts)


def computed_estimate(delivered: Delivered, analysis: Analysis, group: str, stratum: str) -> Contribution:
    """The estimate from the registry's counts; without a value when one of them is not reported or nobody was at risk."""
    groups = (group,) if is_occurrence(analysis) else count_groups(analysis)
    needed = needed_counts(analysis)
    keys = [RowKey(analysis.id, each, analysis.outcome, "", stratum) for each in groups]
    rows = [delivered.rows(key).get(name) for key in keys for name in needed]
    present = [row for row in rows if row is not None]
    inputs = tuple(joined(stem(analysis.id, each, stratum), delivered.registry, name) for each in groups for name in needed)
    id = joined(stem(analysis.id, group, stratum), delivered.registry, "estimate")
    counts = _counts(delivered, rows) if needed[0] == "events" and len(needed) == 2 else None
    ground = _Ground(delivered, analysis, id, inputs, (delivered.source(present),) if present else (), counts)

    numbers = [row.value for row in present if row.value is not None]
    if len(numbers) < len(rows):
        return ground.without(state_of(rows), "as_delivered")
    if analysis.measure != "count" and any(below <= 0 for below in numbers[len(needed) - 1 :: len(needed)]):
        return ground.without("not_estimable", "as_delivered", Note("nobody_at_risk"))
    match analysis.measure:
        case "count":
            limits = exact_poisson(int(numbers[0]), 1.0, level_of(analysis))
            return ground.estimated(limits, "exact_poisson", "rate_exact_poisson")
        case "mean":
            return _from_effect(ground, OCCURRENCES["mean"](*numbers), "mean_wald")
        case "incidence_rate" | "proportion":
            return _occurrence(ground, int(numbers[0]), numbers[1])
        case _:
            return _comparison(ground, numbers)


def _counts(delivered: Delivered, rows: Sequence[Row | None]) -> Counts | None:
    """Events and sizes, a suppressed count of events as a range; None when something else is missing or nobody was at risk."""
    events: list[PartialCount] = []
    sizes: list[float] = []
    for counted, below in zip(rows[::2], rows[1::2], strict=True):
        if counted is None or below is None or below.value is None or below.value <= 0:
            return None
        if counted.value is not None:
            events.append(int(counted.value))
        elif counted.state == "suppressed" and delivered.threshold >= 2:
            # What a registry suppresses lies between 1 and the threshold less one: zero is shown.
            highest = delivered.threshold - 1
            persons = below.statistic == "n"
            events.append(CountRange(1, max(1, min(highest, int(below.value))) if persons else highest))
        else:
            return None
        sizes.append(below.value)
    return Counts(tuple(events), tuple(sizes))


def _occurrence(ground: _Ground, events: int, below: float) -> Contribution:
    analysis = ground.analysis
    effect = OCCURRENCES[analysis.measure](events, below)
    method, interval = OCCURRENCE_INTERVALS[analysis.measure, analysis.interval]
    everybody = analysis.measure == "proportion" and events == below
    notes = (Note("zero_events"),) if events == 0 else ()
    if analysis.interval == "wald" and (events == 0 or everybody):
        origin = ground.origin(method, *notes, Note("no_wald_interval"))
        bare = without_interval(ground.id, analysis, events / below, origin)
        return Contribution(ground.delivered, bare, effect, corrected=True, counts=ground.counts)
    denominator = int(below) if analysis.measure == "proportion" else below
    limits = interval(events, denominator, level_of(analysis))
    corrected = events == 0 or everybody
    return ground.estimated(limits, analysis.interval, method, *notes, effect=effect, corrected=corrected)


def _comparison(ground: _Ground, numbers: Sequence[float]) -> Contribution:
    """Two groups' numbers, those of the exposed first. Without any event a ratio says nothing and is not combined (metafor
    would add 1/2 to both)."""
    comparison = COMPARISONS[ground.analysis.measure]
    needed = needed_counts(ground.analysis)
    if needed[0] != "events":
        return _from_effect(ground, comparison.effect(*numbers), comparison.method)
    events1, below1, events2, below2 = numbers
    if ground.analysis.measure in SCALES and events1 == 0 and events2 == 0:
        return ground.without("not_estimable", comparison.method, Note("double_zero"))
    everybody = needed[1] == "n" and (events1 == below1 or events2 == below2)
    if events1 == 0 or events2 == 0 or everybody:
        return _from_effect(ground, comparison.effect(*numbers), comparison.method, Note("zero_events_corrected"))
    return _from_effect(ground, comparison.effect(*numbers), comparison.method)


def _from_effect(ground: _Ground, effect: Effect, method: str, *notes: Note) -> Contribution:
    limits = (effect.natural(effect.value), *interval_of(effect, level_of(ground.analysis)))
    poolable = effect if effect.variance > 0 else None
    return ground.estimated(limits, "wald", method, *notes, effect=poolable, corrected=bool(notes))
