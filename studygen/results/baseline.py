"""Baseline characteristics of all registries together: sums of counts, mean and standard deviation. They describe the persons of
all registries as one group; medians have no sum."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from studygen.aggregates.contract import RowKey
from studygen.aggregates.expected import PERSONS
from studygen.results.addresses import group_part, joined, level_part
from studygen.results.delivered import Delivered
from studygen.results.findings import Count, Note, Origin, Quantity, Result
from studygen.results.groups import total_of
from studygen.stats.balance import Moments, combined
from studygen.study.study import Study
from studygen.study.variables import Covariate


def baseline_results(study: Study, deliveries: Sequence[Delivered], sent: Mapping[str, Result]) -> Iterator[Result]:
    """For every group `baseline[.<group>].total.<variable>[.<level>].<statistic>`: sums of counts, each a part of the group's
    persons, and mean and standard deviation. `sent` holds what was sent, by id."""
    described = [x for x in deliveries if x.delivery.rows_of("baseline")]
    groups = dict.fromkeys(row.key.group for x in described for row in x.delivery.rows_of("baseline") if ":" not in row.key.group)
    places = [exposure.id for exposure in study.exposures]
    for group in sorted(groups, key=lambda group: places.index(group) if group in places else -1):
        stem = joined("baseline", group_part(group))
        summed: dict[str, Result] = {}
        for part, statistic in _counted(study):
            parts = {x.name: sent.get(joined(stem, x.registry, part, statistic)) for x in described}
            if any(each is not None for each in parts.values()):
                total = total_of(joined(stem, "total", part, statistic), statistic, parts)
                summed[total.id] = _part_of(summed.get(joined(stem, "total", PERSONS, "n")), total)
        for covariate in study.covariates:
            for result in _moments(stem, group, covariate, described, sent):
                summed[result.id] = result
        yield from summed.values()


def _counted(study: Study) -> Iterator[tuple[str, str]]:
    """Everything of which there may be a count: (part of its id, statistic)."""
    yield PERSONS, "n"
    for covariate in study.covariates:
        for level in covariate.levels:
            yield joined(covariate.id, level_part(level, covariate.levels)), "n"
        yield covariate.id, "n"
        yield covariate.id, "missing"


def _part_of(whole: Result | None, count: Result) -> Result:
    """The count as a part of the persons, where both have a number."""
    if not isinstance(count, Count) or not isinstance(whole, Count) or not whole.value:
        return count
    return replace(count, of=whole.value)


def _moments(
    stem: str, group: str, covariate: Covariate, described: Sequence[Delivered], sent: Mapping[str, Result]
) -> Iterator[Quantity]:
    """Mean and standard deviation of all registries' persons together."""
    known: dict[str, tuple[Moments, tuple[Result, ...]]] = {}
    hidden, lacking = [], []
    for delivered in described:
        own = joined(stem, delivered.registry, covariate.id)
        mean, sd = sent.get(joined(own, "mean")), sent.get(joined(own, "sd"))
        weight = persons_with_value(delivered, group, covariate.id)
        if mean is not None and sd is not None and mean.value is not None and sd.value is not None and weight:
            known[delivered.name] = Moments(weight, mean.value, sd.value), (mean, sd)
        elif any(each is not None and each.state == "suppressed" for each in (mean, sd)):
            hidden.append(delivered.name)
        elif mean is not None or sd is not None or delivered.rows(RowKey("baseline", group, PERSONS)):
            lacking.append(delivered.name)
    if not known and not hidden:
        return
    inputs = [each for _, results in known.values() for each in results]
    sources = tuple(source for each in inputs for source in each.origin.sources)
    together = combined([moments for moments, _ in known.values()]) if known and not hidden else None
    for statistic in ("mean", "sd"):
        id, ids = joined(stem, "total", covariate.id, statistic), tuple(each.id for each in inputs)
        if together is None:
            note = Note("suppressed_input", (("registries", ", ".join(hidden)),))
            yield Quantity(id, None, "number", "suppressed", Origin(f"combined_{statistic}", ids, sources, (note,)))
        else:
            notes = (Note("not_in_sum", (("registries", ", ".join(lacking)),)),) if lacking else ()
            value = together.mean if statistic == "mean" else together.sd
            yield Quantity(id, value, "number", "reported", Origin(f"combined_{statistic}", ids, sources, notes))


def persons_with_value(delivered: Delivered, group: str, variable: str) -> float:
    """The persons of a group of whom a covariate is known: as sent, or those of the group less those missing; 0 when that is not
    known."""
    rows = delivered.rows(RowKey("baseline", group, variable))
    if "n" in rows:
        return rows["n"].value or 0.0
    whole = delivered.rows(RowKey("baseline", group, PERSONS)).get("n")
    missing = rows.get("missing")
    if whole is None or whole.value is None or (missing is not None and missing.value is None):
        return 0.0
    return max(0.0, whole.value - (0.0 if missing is None else missing.value or 0.0))


def count_of(delivered: Delivered, group: str, variable: str, level: str = "", statistic: str = "n") -> float:
    """A count as sent; NaN when there is none."""
    row = delivered.rows(RowKey("baseline", group, variable, level)).get(statistic)
    return math.nan if row is None or row.value is None else row.value
