"""Whether a delivery of quality figures shows, or gives away, a count that is too small to be shown (rule R11)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from studygen.aggregates.contract import Row, RowKey
from studygen.aggregates.quality_contract import BY_ITEM, OVERALL, year_of
from studygen.aggregates.quality_subject import QualityDelivered, named, number_of
from studygen.errors import Fault


def no_small_count_is_shown(d: QualityDelivered) -> Iterator[Fault]:
    """No numerator, denominator or difference of the two below the threshold, and nothing that gives a suppressed one away."""
    threshold = d.threshold
    remedy = "Leave the value empty and give the state suppressed, for the ratio as well."
    for key, rows in d.by_key.items():
        part, whole = number_of(rows, "numerator"), number_of(rows, "denominator")
        for statistic in ("numerator", "denominator"):
            value = number_of(rows, statistic)
            if value is not None and 0 < value < threshold:
                what = f'{statistic} of "{named(key)}" is {value:g}, below the small-cell threshold of {threshold} in force'
                yield d.fault(rows[statistic], what, remedy)
        percent = d.indicators[key.variable].unit == "percent"
        if percent and part is not None and whole is not None and 0 < whole - part < threshold:
            what = f'"{named(key)}": {whole - part:g} are not in the numerator, below the threshold of {threshold} in force'
            yield d.fault(rows["numerator"], what, remedy)
        yield from _given_away(d, key, rows)
        yield from _given_away_by_items(d, key, rows)


def _given_away(d: QualityDelivered, key: RowKey, rows: Mapping[str, Row]) -> Iterator[Fault]:
    hidden = rows.get("numerator")
    if hidden is None or hidden.state != "suppressed":
        return
    for statistic in ("percent", "per_person_year"):
        if number_of(rows, statistic) is not None:
            what = f"{statistic} gives away the numerator suppressed in line {hidden.line}"
            yield d.fault(rows[statistic], what, "Suppress it as well.")
    if year_of(hidden) is None:
        return
    total = d.by_key.get(replace(key, stratum=OVERALL), {})
    years = [found for other, found in d.by_key.items() if other != key and replace(other, stratum=key.stratum) == key]
    years = [found for found in years if found is not total]
    of_years = [number_of(found, "denominator") for found in (*years, rows)]
    whole = number_of(total, "denominator")
    # Only counts that add up over the years give one year away: those of persons who are there every year do not.
    if whole is None or any(each is None for each in of_years) or sum(each or 0 for each in of_years) != whole:
        return
    if number_of(total, "numerator") is not None and all(number_of(found, "numerator") is not None for found in years):
        what = f"the sum and the other years give away the numerator suppressed in line {hidden.line}"
        yield d.fault(total["numerator"], what, "Suppress a second year, or the sum.")


# ---------------------------------------------------------------- an indicator and its core variables


@dataclass(frozen=True, slots=True)
class Family:
    """The numerators of an indicator whose numerator counts what has every core variable, and of these variables, all of the same
    `whole`. A numerator is None where it is suppressed."""

    whole: int
    everything: int | None
    """Those that have all core variables."""
    items: Mapping[str, int | None]
    complete: bool
    """Whether every core variable of the indicator is among `items`."""


def recomputed(family: Family, threshold: int) -> int | None:
    """The one suppressed numerator of a family where the others leave it a single value; else None.

    What lacks a core variable is not complete, and what is not complete lacks a core variable. A reader also knows that what is
    suppressed, or its rest, is a count below the threshold, unless a second one is suppressed to protect it."""
    hidden = [name for name, part in family.items.items() if part is None]
    if len(hidden) + (family.everything is None) != 1:
        return None
    lacking = [family.whole - part for part in family.items.values() if part is not None]
    small = {*range(1, threshold), *(family.whole - part for part in range(1, threshold))}
    if hidden:
        assert family.everything is not None
        most = family.whole - family.everything
        least = most - sum(lacking) if family.complete else 0
    else:
        most = sum(lacking) if family.complete else family.whole
        least = max(lacking, default=0)
    left = [missing for missing in small if max(least, 1) <= missing <= most]
    return family.whole - left[0] if len(left) == 1 else None


def _given_away_by_items(d: QualityDelivered, key: RowKey, rows: Mapping[str, Row]) -> Iterator[Fault]:
    """Judged once for a family, at the row of the indicator as a whole."""
    indicator, whole = d.indicators[key.variable], number_of(rows, "denominator")
    if key.level or indicator.unit != "percent" or indicator.dimension not in BY_ITEM or whole is None:
        return
    sent = {item: d.by_key.get(replace(key, level=item), {}) for item in indicator.core_items}
    sent = {item: found for item, found in sent.items() if _of(found, whole)}
    if not _of(rows, whole) or not sent:
        return
    complete = set(sent) == set(indicator.core_items)
    family = Family(int(whole), _part(rows), {item: _part(found) for item, found in sent.items()}, complete)
    if recomputed(family, d.threshold) is None:
        return
    hidden = next(each["numerator"] for each in (rows, *sent.values()) if _part(each) is None)
    what = f'the numerators of "{named(key)}" and of its core variables give away the one suppressed in line {hidden.line}'
    yield d.fault(hidden, what, "Suppress the numerator of a second core variable.")


def _of(rows: Mapping[str, Row], whole: float) -> bool:
    """Whether the rows hold a numerator, shown or suppressed, of this denominator."""
    return (
        "numerator" in rows and rows["numerator"].state in ("reported", "suppressed") and number_of(rows, "denominator") == whole
    )


def _part(rows: Mapping[str, Row]) -> int | None:
    part = number_of(rows, "numerator")
    return None if part is None else int(part)
