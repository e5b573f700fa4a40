"""Whether the numbers of a baseline table make sense beside each other: mean, median and spread, levels and group, standardised
difference and what it is computed from (E46, E49, E50)."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Final

from studygen.aggregates.contract import Row, RowKey
from studygen.aggregates.expected import PERSONS, contrasts
from studygen.checks.delivered import Sent, deliveries_of
from studygen.checks.subject import Rule, Subject
from studygen.errors import Fault
from studygen.study.variables import Covariate

SMD_SLACK: Final = 0.02
"""What rounding and the choice of the variance's divisor may change in a standardised difference."""


def mean_and_median_agree(subject: Subject) -> Iterator[Fault]:
    """The mean lies within one standard deviation of the median, as it does in any distribution."""
    for sent in deliveries_of(subject):
        for key, rows in sent.by_key.items():
            mean, median, sd = (_number(rows, name) for name in ("mean", "median", "sd"))
            if key.analysis != "baseline" or mean is None or median is None or sd is None:
                continue
            rounding = sum(0.5 * 10.0 ** -rows[name].decimals for name in ("mean", "median", "sd"))
            if abs(mean - median) > sd + rounding:
                what = f"mean {mean:g} and median {median:g} of {key.variable} ({key.group}) are farther apart than sd {sd:g}"
                yield sent.fault(rows["mean"], what, "No distribution has that: ask the registry for the three numbers.")


def levels_are_complete(subject: Subject) -> Iterator[Fault]:
    """Levels of a covariate and persons of whom it is missing are all persons of the group."""
    for sent in deliveries_of(subject):
        if sent.delivery.manifest.perturbed:
            continue
        for covariate in subject.study.covariates:
            for exposure in subject.study.exposures if covariate.levels else ():
                key = RowKey("baseline", exposure.id, covariate.id)
                rows = [sent.rows(RowKey("baseline", exposure.id, covariate.id, level)).get("n") for level in covariate.levels]
                persons = sent.value(RowKey("baseline", exposure.id, PERSONS), "n")
                there = [row for row in rows if row is not None and row.value is not None]
                if persons is None or len(there) < len(rows) or "missing" in sent.rows(key):
                    continue
                lacking = persons - sum(row.value or 0 for row in there)
                if lacking > 0:
                    what = f"{lacking:g} of {persons:g} persons of {exposure.id} have no level of {covariate.id}, and no row why"
                    yield sent.fault(there[-1], what, "Ask for the row missing, or for the level that is too small.")


def differences_are_those_of_the_table(subject: Subject) -> Iterator[Fault]:
    """A standardised difference before weighting is that of the numbers in the same table: exposure less comparator over the root
    of the mean of both variances. Several levels are left to the registry."""
    for sent in deliveries_of(subject):
        for contrast in contrasts(subject.study):
            for covariate in subject.study.covariates:
                smd = sent.rows(RowKey("baseline", contrast.group, covariate.id)).get("smd")
                one, other = (_moments(sent, group, covariate) for group in (contrast.exposure, contrast.comparator))
                if smd is None or smd.value is None or one is None or other is None or one[1] + other[1] <= 0:
                    continue
                expected = (one[0] - other[0]) / math.sqrt((one[1] + other[1]) / 2)
                if abs(expected - smd.value) > SMD_SLACK + 0.5 * 10.0**-smd.decimals + 0.02 * abs(expected):
                    what = f"the standardised difference of {covariate.id} is {smd.value:g}, that of the table is {expected:.3f}"
                    yield sent.fault(smd, what, "Ask whether it is weighted, or of imputed values; then say so or correct it.")


def _moments(sent: Sent, group: str, covariate: Covariate) -> tuple[float, float] | None:
    """Mean and variance in a group, of a share where the covariate is one."""
    rows = sent.rows(RowKey("baseline", group, covariate.id))
    if covariate.type in ("continuous", "count"):
        mean, sd = _number(rows, "mean"), _number(rows, "sd")
        return None if mean is None or sd is None else (mean, sd**2)
    if covariate.type != "binary" or covariate.levels:
        return None
    n, missing, persons = _number(rows, "n"), _number(rows, "missing"), sent.value(RowKey("baseline", group, PERSONS), "n")
    if n is None or persons is None or missing is None or persons <= missing:
        return None
    share = n / (persons - missing)
    return share, share * (1 - share)


def _number(rows: Mapping[str, Row], statistic: str) -> float | None:
    row = rows.get(statistic)
    return None if row is None else row.value


RULES: Mapping[str, Rule] = {
    "E46": mean_and_median_agree,
    "E49": levels_are_complete,
    "E50": differences_are_those_of_the_table,
}
"""By the rule's id in `templates/guidance/rules/`."""
