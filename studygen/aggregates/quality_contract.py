"""The form of a delivery of quality figures: the files and columns of `contract`, filled about indicators in place of analyses.
Whether the figures make sense is judged by `quality_rules`.

A registry delivers into `deliveries/<registry>/` of the dossier's folder. The manifest names the dossier as `study`, and the
version of the core data model as `definition_version`; `definition_hash` is that of the indicators as the registry had them. The
columns:

    analysis   `quality`
    group      `all`
    variable   id of an indicator of the dossier
    level      empty for the indicator as a whole, or one of its core variables (`visit.edss`)
    stratum    `year=2024`, a calendar year that has begun before the data cut; or `overall` for all years together
    time       empty
    statistic  a word of `QUALITY_STATISTICS`
    value      a number, empty unless the state is `reported`
    state      `reported`, `suppressed`, `not_collected`, `not_applicable`, `not_estimable`

Which statistics an indicator needs, by its unit (`NEEDED`):

    percent    `numerator`, `denominator`; optional `percent`, which must be what they give
    per_year   `numerator`, `person_years`; optional `per_person_year`
    days       `median`, `denominator` (the number that it is the median of)
    count      `numerator`

A numerator, and what a denominator has beyond it, falls under the small-cell rule like any other count. Where the numerator is
suppressed, so is what would give it away: the percentage, the sum over the years when one year alone is suppressed, and the
numerator of a second core variable when those of the indicator and its other core variables leave one value.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from studygen.aggregates.contract import Row, Statistic
from studygen.qualification.indicators import Unit

QUALITY: Final = "quality"
"""The word of the column `analysis`."""
ALL: Final = "all"
OVERALL: Final = "overall"
YEAR: Final = "year="

QUALITY_STATISTICS: Final[Mapping[str, Statistic]] = {
    "numerator": Statistic("events", counts=True),
    "denominator": Statistic("events", counts=True),
    "person_years": Statistic("person_years"),
    "percent": Statistic("natural"),
    "per_person_year": Statistic("natural"),
    "median": Statistic("variable"),
}

INSTEAD: Final[Mapping[str, str]] = {
    "n": "Send denominator: all that the share is taken of.",
    "events": "Send numerator: those of the denominator that count.",
    "missing": "Send numerator and denominator; what is missing is their difference.",
    "proportion": "Send numerator and denominator; a share may be sent beside them as percent.",
    "rate": "Send numerator and person_years; a rate may be sent beside them as per_person_year.",
    "mean": "Send median.",
}
"""Words that registries are likely to send, with what to send instead."""

NEEDED: Final[Mapping[Unit, tuple[str, ...]]] = {
    "percent": ("numerator", "denominator"),
    "per_year": ("numerator", "person_years"),
    "days": ("median", "denominator"),
    "count": ("numerator",),
}
"""The statistics without which there is no figure; the first says why there is none."""

BY_ITEM: Final = ("completeness", "treatment_dates")
"""Dimensions of indicators that count what has every core variable, and that are sent by core variable as well."""

BESIDE: Final[Mapping[Unit, str]] = {"percent": "percent", "per_year": "per_person_year"}
"""The ratio that may be sent beside its parts."""


def year_of(row: Row) -> int | None:
    """The calendar year of a row; None for all years together, or where the stratum is not a year."""
    year = row.key.stratum.removeprefix(YEAR)
    return int(year) if row.key.stratum.startswith(YEAR) and len(year) == 4 and year.isascii() and year.isdigit() else None
