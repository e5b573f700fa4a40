"""Whether a delivery holds what the plan asks of the registry: every analysis, group and stratum, in whatever state."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from studygen.aggregates import expected
from studygen.aggregates.contract import Row, RowKey
from studygen.study.governance import Participation
from studygen.study.objectives import Analysis
from studygen.study.study import Study


def lacking_rows(
    study: Study, participation: Participation, by_key: Mapping[RowKey, Mapping[str, Row]]
) -> Iterator[tuple[str, str, str]]:
    """For each group of an analysis whose rows are not there: the analysis' id, what is lacking, the remedy. An outcome that the
    registry does not collect needs no rows."""
    absent = {x.variable for x in participation.variables if x.state == "not_collected"}
    for analysis in study.analyses:
        if not expected.contributes(participation, analysis) or analysis.outcome in absent:
            continue
        for stratum in expected.strata(analysis):
            for group, statistics in _needed(analysis):
                rows = by_key.get(RowKey(analysis.id, group, analysis.outcome, "", stratum), {})
                if lacking := _lacking(statistics, rows):
                    what = f"the analysis {analysis.id} needs {lacking} of the group {group}"
                    what += "" if stratum == "overall" else f" in the stratum {stratum}"
                    yield analysis.id, what, "Add the rows; where the registry cannot give a number, the state says why."


def _needed(analysis: Analysis) -> Iterator[tuple[str, tuple[tuple[str, ...], ...]]]:
    """Group → alternatives, each a set of statistics that suffices."""
    if analysis.input == "counts":
        for group in expected.count_groups(analysis):
            yield group, (expected.needed_counts(analysis),)
    else:
        for group in expected.estimate_groups(analysis):
            yield group, (("estimate", "ci_lower", "ci_upper"), ("log_estimate", "se"))


def _lacking(alternatives: tuple[tuple[str, ...], ...], rows: Mapping[str, Row]) -> str:
    """What is lacking, in words; empty when one alternative is complete. A row `estimate` that is not reported says all."""
    if any(all(statistic in rows for statistic in needed) for needed in alternatives):
        return ""
    if any((needed[0] in rows and rows[needed[0]].state != "reported") for needed in alternatives if len(alternatives) > 1):
        return ""
    if len(alternatives) == 1:
        return ", ".join(statistic for statistic in alternatives[0] if statistic not in rows)
    return " or ".join(" with ".join(needed) for needed in alternatives)
