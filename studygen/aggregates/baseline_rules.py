"""Whether the rows of the baseline table fit together: nobody more often in it than the group has persons, levels and missing
values all of them, a mean with its spread. Judges; changes nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from studygen.aggregates.contract import Row, RowKey
from studygen.aggregates.expected import PERSONS
from studygen.study.study import Study
from studygen.study.variables import Covariate

RowFault = tuple[Row, str, str]
"""The row, what is wrong, the remedy."""

_MEND: Final = "Mend it with the registry."


def baseline_faults(study: Study, by_key: Mapping[RowKey, Mapping[str, Row]]) -> Iterator[RowFault]:
    """Everything in the rows of the analysis `baseline` that does not add up, group by group."""
    groups = dict.fromkeys(key.group for key in by_key if key.analysis == "baseline" and ":" not in key.group)
    for group in groups:
        persons = _value(by_key.get(RowKey("baseline", group, PERSONS), {}).get("n"))
        for covariate in study.covariates:
            yield from _covariate_faults(covariate, group, persons, by_key)
    for key, rows in by_key.items():
        if key.analysis == "baseline" and ("mean" in rows) != ("sd" in rows):
            row = rows.get("mean") or rows["sd"]
            other = "sd" if "mean" in rows else "mean"
            yield row, f"the {row.statistic} of {key.variable} stands without the {other}", "Send both."
        if key.analysis == "baseline" and key.level:
            for row in rows.values():
                if row.statistic != "n":
                    yield row, f"{row.statistic} is not taken of a level", "Of a level only n is taken; leave the level empty."


def _covariate_faults(
    covariate: Covariate, group: str, persons: float | None, by_key: Mapping[RowKey, Mapping[str, Row]]
) -> Iterator[RowFault]:
    rows = by_key.get(RowKey("baseline", group, covariate.id), {})
    levels = [by_key[key]["n"] for level in covariate.levels if "n" in by_key.get(key := _level(group, covariate.id, level), {})]
    counted = [*levels, *(rows[name] for name in ("n", "missing") if name in rows and not (name == "n" and levels))]
    if persons is None or not counted:
        return
    total = sum(row.value for row in counted if row.value is not None)
    listed = len(levels) == len(covariate.levels) > 0 or covariate.type in ("continuous", "count")
    complete = listed and "missing" in rows and all(row.value is not None for row in counted)
    if total > persons:
        yield counted[-1], f"the rows of {covariate.id} count {total:g} persons of {persons:g} in the group {group}", _MEND
    elif complete and total != persons and (levels or "n" in rows):
        what = f"the rows of {covariate.id} and those missing are {total:g} persons, the group {group} has {persons:g}"
        yield counted[-1], what, "Those without a value are missing."


def _level(group: str, variable: str, level: str) -> RowKey:
    return RowKey("baseline", group, variable, level)


def _value(row: Row | None) -> float | None:
    return None if row is None else row.value
