"""Attrition, baseline and feasibility as results: what registries sent, addressed by id. Computes nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from studygen.aggregates.contract import DESCRIPTIVE, RowKey
from studygen.aggregates.expected import PERSONS, descriptive_variables
from studygen.results.addresses import group_part, joined, level_part
from studygen.results.delivered import Delivered
from studygen.results.findings import Count, Result
from studygen.study.study import Study


def descriptive_results(study: Study, deliveries: Sequence[Delivered]) -> Iterator[Result]:
    """`attrition[.<group>].<registry>.<variable>.n` and, for baseline and feasibility,
    `<part>[.<group>].<registry>.<variable>[.<level>].<statistic>`; registries in the plan's order, then variables in the
    plan's order, then as sent."""
    levels = {covariate.id: covariate.levels for covariate in study.covariates}
    for part in DESCRIPTIVE:
        order = {variable: index for index, variable in enumerate(descriptive_variables(study, part))}
        for delivered in deliveries:
            rows = delivered.delivery.rows_of(part)
            for row in sorted(rows, key=lambda row: (order[row.key.variable], row.line)):
                key = row.key
                group = group_part(key.group)
                level = level_part(key.level, levels.get(key.variable, ())) if key.level else ""
                result = delivered.as_result(row, joined(part, group, delivered.registry, key.variable, level))
                yield _in_context(result, delivered, part, key)


def _in_context(result: Result, delivered: Delivered, part: str, key: RowKey) -> Result:
    """A count with what it is a part of: at baseline the persons of its group. A suppressed count of these tables need not be
    small itself, so that it has no threshold: of a step of selection the number excluded is small, not the number left; a level
    may be suppressed to protect another."""
    if not isinstance(result, Count):
        return result
    if part == "attrition":
        return replace(result, threshold=None)
    if part == "baseline" and key.variable != PERSONS:
        whole = delivered.rows(RowKey(part, key.group, PERSONS)).get("n")
        return replace(result, of=int(whole.value) if whole is not None and whole.value else None, threshold=None)
    return result
