"""How alike the compared groups are at baseline: each registry's standardised differences, as sent or from what it sent, and over
all registries the average of their absolute values and the largest."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from studygen.aggregates.contract import Row, RowKey
from studygen.aggregates.expected import PERSONS, contrasts
from studygen.results.addresses import group_part, joined
from studygen.results.baseline import count_of, persons_with_value
from studygen.results.delivered import Delivered
from studygen.results.findings import Note, Origin, Quantity, Result
from studygen.stats.balance import (
    Difference,
    Moments,
    standardised_category_difference,
    standardised_difference,
    standardised_share_difference,
)
from studygen.study.objectives import Contrast
from studygen.study.study import Study
from studygen.study.variables import Covariate

TIMES: Final = ("smd", "smd_weighted")
"""Before and after weighting or matching."""


def balance_results(study: Study, deliveries: Sequence[Delivered], sent: Mapping[str, Result]) -> Iterator[Quantity]:
    """For every contrast of the plan and covariate `baseline.<exposure>_vs_<comparator>.<registry>.<covariate>.smd` where it was
    not sent but follows from what was; and with `total` in place of the registry `smd`, `smd_weighted`, their averages over
    registries without sign, and `smd_largest`, `smd_weighted_largest`. `sent` holds what was sent, by id."""
    described = [x for x in deliveries if x.delivery.rows_of("baseline")]
    for contrast in contrasts(study):
        stem = joined("baseline", group_part(contrast.group))
        for covariate in study.covariates:
            before: dict[str, Result] = {}
            after: dict[str, Result] = {}
            for delivered in described:
                own = joined(stem, delivered.registry, covariate.id)
                computed = None if joined(own, "smd") in sent else _computed(joined(own, "smd"), delivered, contrast, covariate)
                if computed is not None:
                    yield computed
                for found, result in (
                    (before, computed or sent.get(joined(own, "smd"))),
                    (after, sent.get(joined(own, "smd_weighted"))),
                ):
                    if result is not None:
                        found[delivered.registry] = result
            for time, results in zip(TIMES, (before, after), strict=True):
                yield from _averages(joined(stem, "total", covariate.id, time), contrast, described, results)


def _averages(id: str, contrast: Contrast, described: Sequence[Delivered], results: Mapping[str, Result]) -> Iterator[Quantity]:
    """The mean of the registries' absolute differences, weighted by their persons, and the largest."""
    weighed: list[tuple[float, Result]] = []
    for delivered in described:
        result = results.get(delivered.registry)
        persons = sum(count_of(delivered, group, PERSONS) for group in (contrast.exposure, contrast.comparator))
        if result is not None and result.value is not None and persons > 0:
            weighed.append((persons, result))
    if not weighed:
        return
    taken = {result.id for _, result in weighed}
    left_out = [x.name for x in described if x.registry not in results or results[x.registry].id not in taken]
    notes = (Note("not_in_average", (("registries", ", ".join(left_out)),)),) if left_out else ()
    inputs = tuple(result.id for _, result in weighed)
    sources = tuple(source for _, result in weighed for source in result.origin.sources)
    absolute = [(persons, abs(result.value or 0.0)) for persons, result in weighed]
    mean = sum(persons * value for persons, value in absolute) / sum(persons for persons, _ in absolute)
    largest = max(value for _, value in absolute)
    for name, value, method in (
        (id, mean, "average_absolute_difference"),
        (f"{id}_largest", largest, "largest_absolute_difference"),
    ):
        yield Quantity(name, value, "standard_deviations", "reported", Origin(method, inputs, sources, notes))


def _computed(id: str, delivered: Delivered, contrast: Contrast, covariate: Covariate) -> Quantity | None:
    """The difference before weighting from means or shares; None when they were not sent."""
    groups = (contrast.exposure, contrast.comparator)
    rows = [row for group in groups for row in _rows(delivered, group, covariate)]
    sizes = [persons_with_value(delivered, group, covariate.id) for group in groups]
    method = "standardised_difference"
    if covariate.levels:
        counts = [[count_of(delivered, group, covariate.id, level) for level in covariate.levels] for group in groups]
        totals = [sum(each) for each in counts]
        if any(math.isnan(total) or total <= 0 for total in totals):
            return None
        shares = [[n / total for n in each] for each, total in zip(counts, totals, strict=True)]
        if len(covariate.levels) == 2:
            found = standardised_share_difference(shares[0][0], shares[1][0])
        else:
            found, method = standardised_category_difference(*shares), "standardised_category_difference"
    elif covariate.type == "binary":
        found = _share_difference(delivered, groups, covariate)
    else:
        found = _mean_difference(delivered, groups, covariate, sizes)
    if math.isnan(found.value):
        return None
    origin = Origin(method, sources=(delivered.source(rows),) if rows else ())
    return Quantity(id, found.value, "standard_deviations", "reported", origin)


_NOTHING: Final = Difference(math.nan)


def _share_difference(delivered: Delivered, groups: Sequence[str], covariate: Covariate) -> Difference:
    """Of a yes-no covariate: persons who have it, among those of whom it is known."""
    shares = []
    for group in groups:
        missing = delivered.rows(RowKey("baseline", group, covariate.id)).get("missing")
        known = count_of(delivered, group, PERSONS) - (0.0 if missing is None else _or_nan(missing))
        shares.append(count_of(delivered, group, covariate.id) / known if known > 0 else math.nan)
    return _NOTHING if any(math.isnan(share) for share in shares) else standardised_share_difference(*shares)


def _mean_difference(delivered: Delivered, groups: Sequence[str], covariate: Covariate, sizes: Sequence[float]) -> Difference:
    moments = [
        Moments(size, *(count_of(delivered, group, covariate.id, statistic=each) for each in ("mean", "sd")))
        for group, size in zip(groups, sizes, strict=True)
    ]
    if any(math.isnan(each.mean) or math.isnan(each.sd) for each in moments):
        return _NOTHING
    return standardised_difference(*moments)


def _rows(delivered: Delivered, group: str, covariate: Covariate) -> Iterator[Row]:
    for level in ("", *covariate.levels):
        for row in delivered.rows(RowKey("baseline", group, covariate.id, level)).values():
            if row.statistic in ("n", "missing", "mean", "sd"):
                yield row


def _or_nan(row: Row) -> float:
    return math.nan if row.value is None else row.value
