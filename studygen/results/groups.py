"""What registries sent of each group of an analysis, and plain sums of it over registries. The sums describe; nothing is
pooled by adding."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from studygen.aggregates.contract import STATISTICS, RowKey
from studygen.aggregates.expected import COUNT_STATISTICS, count_groups, needed_counts
from studygen.results.addresses import joined, stem
from studygen.results.delivered import Delivered
from studygen.results.findings import Count, Note, Origin, Quantity, Result, State
from studygen.study.objectives import Analysis

SUMMED = ("n", "events", "person_years", "missing")
"""The statistics of which a sum over registries means something."""


def sent_counts(delivered: Delivered, analysis: Analysis, stratum: str) -> Iterator[Result]:
    """What one registry sent of each group, in the plan's order of groups. A statistic that the analysis needs and the registry
    does not hold comes back as not collected."""
    needed = needed_counts(analysis) if analysis.input == "counts" else ()
    for group in count_groups(analysis):
        rows = delivered.rows(RowKey(analysis.id, group, analysis.outcome, "", stratum))
        address = joined(stem(analysis.id, group, stratum), delivered.registry)
        for statistic in COUNT_STATISTICS:
            if statistic in rows:
                yield delivered.as_result(rows[statistic], address)
            elif statistic in needed:
                yield _without_number(joined(address, statistic), statistic, "not_collected", Origin("as_delivered"))


def totals(deliveries: Sequence[Delivered], results: Sequence[Result], analysis: Analysis, stratum: str) -> Iterator[Result]:
    """Sums over the registries, `<analysis>[.<group>].total.<statistic>`, of what `results` hold. A suppressed count suppresses
    the sum, from which it would follow; registries without the number are named in a note."""
    by_id = {result.id: result for result in results}
    for group in count_groups(analysis):
        address = stem(analysis.id, group, stratum)
        for statistic in SUMMED:
            parts = {x.name: by_id.get(joined(address, x.registry, statistic)) for x in deliveries}
            if any(part is not None for part in parts.values()):
                yield total_of(joined(address, "total", statistic), statistic, parts)


def total_of(id: str, statistic: str, parts: Mapping[str, Result | None]) -> Result:
    """The sum of what registries sent, given by their names; see `totals`."""
    there = {name: part for name, part in parts.items() if part is not None}
    inputs = tuple(part.id for part in there.values())
    sources = tuple(source for part in there.values() for source in part.origin.sources)
    if hidden := [name for name, part in there.items() if part.state == "suppressed"]:
        note = Note("suppressed_input", (("registries", ", ".join(hidden)),))
        return _without_number(id, statistic, "suppressed", Origin("sum", inputs, sources, (note,)))
    numbers = {name: part.value for name, part in there.items() if part.value is not None}
    if not numbers:
        return _without_number(id, statistic, next(iter(there.values())).state, Origin("sum", inputs, sources))
    left_out = [name for name in parts if name not in numbers]
    notes = (Note("not_in_sum", (("registries", ", ".join(left_out)),)),) if left_out else ()
    origin = Origin("sum", inputs, sources, notes)
    if STATISTICS[statistic].counts:
        return Count(id, int(sum(numbers.values())), "events" if statistic == "events" else "persons", "reported", origin)
    return Quantity(id, sum(numbers.values()), "person_years", "reported", origin)


def _without_number(id: str, statistic: str, state: State, origin: Origin) -> Result:
    if STATISTICS[statistic].counts:
        return Count(id, None, "events" if statistic == "events" else "persons", state, origin)
    return Quantity(id, None, "person_years" if statistic == "person_years" else "number", state, origin)
