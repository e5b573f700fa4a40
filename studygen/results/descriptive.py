"""Attrition, baseline and feasibility as results: what registries sent, addressed by id. Computes nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from studygen.aggregates.contract import DESCRIPTIVE
from studygen.aggregates.expected import descriptive_variables
from studygen.results.addresses import joined, level_part
from studygen.results.delivered import Delivered
from studygen.results.findings import Result
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
                group = "" if key.group == "all" else key.group
                level = level_part(key.level, levels.get(key.variable, ())) if key.level else ""
                yield delivered.as_result(row, joined(part, group, delivered.registry, key.variable, level))
