"""The small-cell rule: which counts a registry may show, and which others must go with a suppressed one.

A count from 1 to one less than the threshold is suppressed; zero is shown. Published aggregates are exempt: what is in print
cannot be withheld, and results say so. Knows nothing about tables or formats."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise, product

from studygen.aggregates.contract import STATISTICS, Delivery, Manifest, Row, RowKey
from studygen.network.network import Network
from studygen.study.governance import Participation
from studygen.study.study import Study

RowFault = tuple[Row, str, str]
"""The row, what is wrong, the remedy."""


def threshold_in_force(study: Study, network: Network, participation: Participation, manifest: Manifest | None = None) -> int:
    """The smallest count that may be shown: the largest of the network's, the registry's, the study's, the participation's and
    that of the delivery itself."""
    return max(
        network.profile.small_cell_threshold,
        network.registry(participation.registry).small_cell_threshold,
        study.disclosure.threshold,
        participation.small_cell_threshold or 1,
        1 if manifest is None else manifest.small_cell_threshold,
    )


def is_small(row: Row, threshold: int) -> bool:
    """Whether a reported count falls under the rule."""
    return STATISTICS[row.statistic].counts and row.value is not None and 0 < row.value < threshold


def too_small(delivery: Delivery, threshold: int) -> Iterator[RowFault]:
    """Reported counts below the threshold, except in published aggregates."""
    if delivery.manifest.nature == "published":
        return
    for row in delivery.rows:
        if is_small(row, threshold):
            what = f"{row.statistic} is {row.value:g}, below the small-cell threshold of {threshold} in force"
            yield row, what, "Leave the value empty and give the state suppressed."


def small_differences(delivery: Delivery, threshold: int, chains: Sequence[Sequence[str]]) -> Iterator[RowFault]:
    """Steps of the selection that give away how few persons one of them excluded: reported numbers that follow each other in one
    of the `chains` of steps and differ by a small count."""
    if delivery.manifest.nature == "published":
        return
    rows = {(row.key.group, row.key.variable): row for row in delivery.rows_of("attrition") if row.value is not None}
    for group, order in product(dict.fromkeys(group for group, _ in rows), chains):
        steps = [rows[group, variable] for variable in order if (group, variable) in rows]
        for before, after in pairwise(steps):
            excluded = (before.value or 0) - (after.value or 0)
            if 0 < excluded < threshold:
                what = (
                    f"{excluded:g} persons are excluded between {before.key.variable} (line {before.line}) and "
                    f"{after.key.variable}, below the small-cell threshold of {threshold} in force"
                )
                yield after, what, "Suppress a number between, so that the exclusions of several steps are counted together."


def given_away(by_key: Mapping[RowKey, Mapping[str, Row]]) -> Iterator[RowFault]:
    """Numbers from which a suppressed count follows: the rate, proportion or standard error of the same group; the total when
    one level alone is suppressed; the whole cohort when one group alone is."""
    for key, rows in by_key.items():
        for row in rows.values():
            if row.state == "suppressed" and STATISTICS[row.statistic].counts:
                yield from _by_its_estimate(row, rows)
                yield from _by_a_total(row, key, by_key)


def _by_its_estimate(suppressed: Row, rows: Mapping[str, Row]) -> Iterator[RowFault]:
    if ":" in suppressed.key.group or suppressed.statistic != "events":
        return
    for statistic in ("estimate", "ci_lower", "ci_upper", "log_estimate", "se"):
        row = rows.get(statistic)
        if row is not None and row.state == "reported":
            what = f"{statistic} gives away the events suppressed in line {suppressed.line}"
            yield row, what, "Suppress it as well: a rate with its interval or person-years gives its count away."


def _by_a_total(suppressed: Row, key: RowKey, by_key: Mapping[RowKey, Mapping[str, Row]]) -> Iterator[RowFault]:
    def of(other: RowKey) -> Row | None:
        return by_key.get(other, {}).get(suppressed.statistic)

    remedy = "Suppress a second one, or the total."
    if key.level:
        siblings = [of(x) for x in by_key if replace(x, level="") == replace(key, level="") and x.level not in ("", key.level)]
        # Those missing are one more part of the whole; where they are withheld too, nothing follows.
        siblings.append(by_key.get(replace(key, level=""), {}).get("missing"))
        total = of(replace(key, level="")) or by_key.get(RowKey(key.analysis, key.group, "persons"), {}).get("n")
        if total and total.state == "reported" and _all_reported(siblings):
            what = f'the total and the other levels give away the level "{key.level}" suppressed in line {suppressed.line}'
            yield total, what, remedy
    if suppressed.statistic == "missing" and key.analysis == "baseline":
        levels = [rows.get("n") for x, rows in by_key.items() if x.level and replace(x, level="") == key]
        total = by_key.get(RowKey(key.analysis, key.group, "persons"), {}).get("n")
        if total and total.state == "reported" and _all_reported(levels):
            yield suppressed, "the persons and the levels give away how many are missing", "Suppress a level as well."
    if key.group != "all" and ":" not in key.group:
        whole = of(replace(key, group="all"))
        siblings = [of(x) for x in by_key if replace(x, group="") == replace(key, group="") and x.group not in ("all", key.group)]
        if whole and whole.state == "reported" and _all_reported(siblings):
            what = f'the whole and the other groups give away "{key.group}" suppressed in line {suppressed.line}'
            yield whole, what, remedy


def _all_reported(rows: list[Row | None]) -> bool:
    found = [row for row in rows if row is not None]
    return bool(found) and all(row.state == "reported" for row in found)
