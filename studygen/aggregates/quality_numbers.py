"""Whether the numbers of a delivery of quality figures can be and agree with each other. One function per rule, every fault with
its line; values are judged here, never changed."""

from __future__ import annotations

import math
from collections.abc import Iterator

from studygen.aggregates.quality_contract import BESIDE, QUALITY_STATISTICS
from studygen.aggregates.quality_subject import QualityDelivered, named, number_of
from studygen.errors import Fault

LOOSE = 0.55
"""How far, in units of its last decimal, a delivered ratio may lie from what its parts give: half a unit, and a little for
rounding twice."""


def counts_are_whole(d: QualityDelivered) -> Iterator[Fault]:
    for row in d.delivery.rows:
        if row.value is None:
            continue
        counts = QUALITY_STATISTICS[row.statistic].counts
        if row.value < 0 and row.statistic in ("numerator", "denominator", "person_years"):
            yield d.fault(row, f"{row.statistic} is {row.value:g}, less than none", "Have the registry correct the number.")
        elif counts and row.value != int(row.value):
            yield d.fault(row, f"{row.statistic} is {row.value:g}, not a whole number", "Send the count itself.")


def no_part_exceeds_its_whole(d: QualityDelivered) -> Iterator[Fault]:
    """The numerator of a percentage is part of its denominator."""
    for key, rows in d.by_key.items():
        part, whole = number_of(rows, "numerator"), number_of(rows, "denominator")
        if d.indicators[key.variable].unit == "percent" and part is not None and whole is not None and part > whole:
            line = rows["denominator"].line
            what = f'the numerator of "{named(key)}" ({part:g}) is above its denominator ({whole:g}, line {line})'
            yield d.fault(rows["numerator"], what, "Have the registry correct it: the numerator is part of the denominator.")


def figures_can_occur(d: QualityDelivered) -> Iterator[Fault]:
    """A percentage lies between 0 and 100; days and rates are not negative."""
    for key, rows in d.by_key.items():
        indicator = d.indicators[key.variable]
        for statistic in ("percent", "median", "per_person_year"):
            value = number_of(rows, statistic)
            if value is None or indicator.is_possible(value):
                continue
            limits = "between 0 and 100" if indicator.unit == "percent" else "0 or more"
            what = f'"{named(key)}" is {value:g}; in {indicator.unit.replace("_", " ")} it must be {limits}'
            yield d.fault(rows[statistic], what, "Ask the registry for the right number: a share is sent in percent.")


def ratios_agree_with_their_parts(d: QualityDelivered) -> Iterator[Fault]:
    """A delivered percentage or rate is what its numerator and denominator give, to its own decimals."""
    for key, rows in d.by_key.items():
        indicator = d.indicators[key.variable]
        below = "person_years" if indicator.unit == "per_year" else "denominator"
        sent = rows.get(BESIDE.get(indicator.unit, ""))
        part, whole = number_of(rows, "numerator"), number_of(rows, below)
        if sent is None or sent.value is None or part is None or not whole:
            continue
        given = part / whole * (100 if indicator.unit == "percent" else 1)
        if not indicator.is_possible(sent.value) or (part > whole and indicator.unit == "percent"):
            continue
        if abs(sent.value - given) > LOOSE * math.pow(10, -sent.decimals):
            right = f"{given:.{max(sent.decimals, 1)}f}"
            what = f'{sent.statistic} of "{named(key)}" is {sent.value:g}, but {part:g} of {whole:g} give {right}'
            if math.isclose(sent.value * 100, given, rel_tol=0.02):
                yield d.fault(sent, what, "Send it in percent, not as a proportion.")
            else:
                yield d.fault(sent, what, "Ask the registry which of the three numbers is wrong, or leave the ratio out.")
