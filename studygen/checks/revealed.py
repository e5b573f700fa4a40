"""Counts that other numbers of the same delivery give away although they are not shown: by a rate with its interval, by a
proportion and its denominator, by the standard error of a ratio, by a standardised difference. Yields the row that tells, and
the counts that fit it; says nothing about what is then to be done."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Final

from studygen.aggregates.contract import Row, RowKey
from studygen.aggregates.expected import PERSONS, RATE_MEASURES, contrasts, is_occurrence
from studygen.checks.delivered import Sent
from studygen.stats.back_calculation import PrintedRate, counts_behind
from studygen.stats.balance import standardised_share_difference
from studygen.stats.distributions import two_sided_z
from studygen.study.objectives import Analysis

Revealed = tuple[Row, str, tuple[int, ...]]
"""The row that tells, whose count it tells in words, and the counts that fit."""

SLACK: Final = 1 + 1e-9


def counts_revealed(sent: Sent) -> Iterator[Revealed]:
    """Every count that is not reported and of which all that fit are below the threshold."""
    analyses = {analysis.id: analysis for analysis in sent.subject.study.analyses}
    for key, rows in sent.by_key.items():
        analysis = analyses.get(key.analysis)
        if analysis is None or key.time is not None:
            continue
        if is_occurrence(analysis) and not _reported(rows, "events"):
            yield from _below(sent, _by_one_group(sent, analysis, key, rows))
        elif ":" in key.group and analysis.measure in RATE_MEASURES:
            yield from _below(sent, _by_ratio(sent, key, rows))
    yield from _below(sent, _by_difference(sent))


def _below(sent: Sent, found: Iterator[Revealed]) -> Iterator[Revealed]:
    for row, what, counts in found:
        if counts and all(0 < count < sent.threshold for count in counts):
            yield row, what, counts


def _by_one_group(sent: Sent, analysis: Analysis, key: RowKey, rows: Mapping[str, Row]) -> Iterator[Revealed]:
    whose = f"the events of {key.group}"
    level = sent.delivery.manifest.interval_level
    if analysis.measure == "incidence_rate" and all(_reported(rows, name) for name in ("estimate", "ci_lower", "ci_upper")):
        rate = _printed(rows)
        fitting = {*counts_behind(rate, "wald_log", level), *counts_behind(rate, "exact_poisson", level)} if rate.upper else set()
        yield rows["estimate"], whose, tuple(sorted(fitting))
    elif analysis.measure == "incidence_rate" and _reported(rows, "se"):
        se, half = rows["se"].value or 0.0, _half(rows["se"])
        if se > half:
            yield rows["se"], whose, _whole(1 / (se + half) ** 2, 1 / (se - half) ** 2)
    elif analysis.measure == "proportion" and _reported(rows, "estimate") and _reported(rows, "n"):
        share, half, n = rows["estimate"].value or 0.0, _half(rows["estimate"]), rows["n"].value or 0.0
        yield rows["estimate"], whose, _whole(max(0.0, share - half) * n, (share + half) * n)


def _by_ratio(sent: Sent, key: RowKey, rows: Mapping[str, Row]) -> Iterator[Revealed]:
    """The variance of an unadjusted log rate ratio is the sum of the reciprocals of both counts, and the ratio itself follows
    from them and the person-years. Pairs that fit neither are an adjusted estimate's, which tells nothing certain."""
    sides = [replace(key, group=group) for group in key.group.split(":")]
    events = [sent.rows(side).get("events") for side in sides]
    years = [sent.value(side, "person_years") for side in sides]
    if not all(_reported(rows, name) for name in ("estimate", "ci_lower", "ci_upper")) or not all(years):
        return
    ranges = []
    for row in events:
        if row is None or row.state not in ("reported", "suppressed"):
            return
        ranges.append(range(1, sent.threshold) if row.value is None else range(int(row.value), int(row.value) + 1))
    shown = _printed(rows)
    fits = [
        (a, b)
        for a in ranges[0]
        for b in ranges[1]
        if a and b and _fits(a / b * (years[1] or 1.0) / (years[0] or 1.0), 1 / a + 1 / b, shown, sent)
    ]
    for row, group, counts in zip(events, key.group.split(":"), zip(*fits, strict=True), strict=False):
        if row is not None and row.state == "suppressed" and len(set(counts)) == 1:
            yield rows["estimate"], f"the events of {group} suppressed in line {row.line}", (counts[0],)


def _fits(ratio: float, variance: float, shown: PrintedRate, sent: Sent) -> bool:
    reach = math.exp(two_sided_z(sent.delivery.manifest.interval_level) * math.sqrt(variance))
    return (
        abs(ratio - shown.rate) <= shown.rate_half_unit * SLACK
        and abs(ratio / reach - shown.lower) <= shown.lower_half_unit * SLACK
        and abs(ratio * reach - shown.upper) <= shown.upper_half_unit * SLACK
    )


def _by_difference(sent: Sent) -> Iterator[Revealed]:
    """The standardised difference of a yes-no covariate, with one group's share, gives the other's."""
    for contrast in contrasts(sent.subject.study):
        for covariate in sent.subject.study.covariates:
            row = sent.rows(RowKey("baseline", contrast.group, covariate.id)).get("smd")
            if row is None or row.value is None or (covariate.type != "binary" and len(covariate.levels) != 2):
                continue
            level = covariate.levels[0] if covariate.levels else ""
            counts = [_counts(sent, group, covariate.id, level) for group in (contrast.exposure, contrast.comparator)]
            for hidden, group in enumerate((contrast.exposure, contrast.comparator)):
                cell, known = counts[hidden]
                other, others_known = counts[1 - hidden]
                if cell is None or cell.state != "suppressed" or not known or not others_known:
                    continue
                if other is None or other.value is None:
                    continue
                share, size = other.value / others_known, int(known)
                fitting = tuple(
                    count
                    for count in range(1, size)
                    if abs(_difference(count / known, share, hidden) - row.value) <= _half(row) * SLACK
                )
                yield row, f"{covariate.id} of {group} suppressed in line {cell.line}", fitting


def _difference(share: float, other: float, hidden: int) -> float:
    shares = (share, other) if hidden == 0 else (other, share)
    return standardised_share_difference(*shares).value


def _counts(sent: Sent, group: str, covariate: str, level: str) -> tuple[Row | None, float]:
    """The row of a share's numerator, and its denominator: those of whom the covariate is known; 0 when that is not shown."""
    persons = sent.value(RowKey("baseline", group, PERSONS), "n")
    missing = sent.rows(RowKey("baseline", group, covariate)).get("missing")
    lacking = 0.0 if missing is None else missing.value
    row = sent.rows(RowKey("baseline", group, covariate, level)).get("n")
    return row, persons - lacking if persons is not None and lacking is not None else 0.0


def _printed(rows: Mapping[str, Row]) -> PrintedRate:
    estimate, lower, upper = (rows[name] for name in ("estimate", "ci_lower", "ci_upper"))
    return PrintedRate(estimate.value or 0.0, lower.value or 0.0, upper.value or 0.0, _half(estimate), _half(lower), _half(upper))


def _reported(rows: Mapping[str, Row], statistic: str) -> bool:
    return statistic in rows and rows[statistic].value is not None


def _half(row: Row) -> float:
    """Half a unit of the last digit that was written."""
    return 0.5 * 10.0**-row.decimals


def _whole(low: float, high: float) -> tuple[int, ...]:
    return tuple(range(math.ceil(low - 1e-9), min(math.floor(high + 1e-9), math.ceil(low) + 1000) + 1))
