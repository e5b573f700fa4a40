"""Whether a delivery of quality figures fits the dossier and itself: one function per rule, every fault with its line. Catalogues
at the end. Values are judged here, never changed."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from studygen.aggregates.contract import Delivery, Manifest, Row, RowKey
from studygen.aggregates.manifest import (
    Sent,
    it_is_this_registrys,
    it_says_when_and_by_what,
    its_files_are_unchanged,
    manifest_fault,
)
from studygen.aggregates.quality_contract import (
    ALL,
    BESIDE,
    NEEDED,
    OVERALL,
    QUALITY,
    QUALITY_STATISTICS,
    YEAR,
    year_of,
)
from studygen.errors import Fault, Place, did_you_mean
from studygen.qualification.dossier import Dossier
from studygen.qualification.indicators import Indicator

LOOSE = 0.55
"""How far, in units of its last decimal, a delivered ratio may lie from what its parts give: half a unit, and a little for
rounding twice."""


@dataclass(frozen=True, slots=True)
class QualityCovering:
    """What a rule on the manifest of a delivery of quality figures is given."""

    dossier: Dossier
    sent: Sent
    manifest: Manifest

    def fault(self, key: str, what: str, remedy: str) -> Fault:
        return manifest_fault(self.sent, key, what, remedy)


@dataclass(frozen=True)
class QualityDelivered:
    """What a rule on the rows is given. `file` is the path to name in faults."""

    dossier: Dossier
    delivery: Delivery
    file: str

    @cached_property
    def indicators(self) -> Mapping[str, Indicator]:
        return {each.id: each for each in self.dossier.definition.indicators}

    @cached_property
    def by_key(self) -> Mapping[RowKey, Mapping[str, Row]]:
        """The rows that belong together: key → statistic → row (the first of duplicates), for indicators that are known."""
        found: dict[RowKey, dict[str, Row]] = {}
        for row in self.delivery.rows:
            if row.key.variable in self.indicators:
                found.setdefault(row.key, {}).setdefault(row.statistic, row)
        return found

    @property
    def threshold(self) -> int:
        return threshold_of(self.dossier, self.delivery.registry, self.delivery.manifest)

    def indicator(self, row: Row) -> Indicator | None:
        return self.indicators.get(row.key.variable)

    def fault(self, row: Row, what: str, remedy: str) -> Fault:
        return Fault(Place(self.file, row.line), what, remedy)


def threshold_of(dossier: Dossier, registry: str, manifest: Manifest | None = None) -> int:
    """The smallest count that may be shown: the largest of the network's, the registry's and the delivery's own."""
    network = dossier.network
    stated = 1 if manifest is None else manifest.small_cell_threshold
    return max(network.profile.small_cell_threshold, network.registry(registry).small_cell_threshold, stated)


# ---------------------------------------------------------------- the manifest


def it_is_for_this_dossier(c: QualityCovering) -> Iterator[Fault]:
    """The manifest names this dossier and the version of the core data model by which the registry counted."""
    definition, version = c.dossier.definition, c.dossier.data_model.core.version
    if c.manifest.study != definition.id:
        yield c.fault("study", f'the delivery is for "{c.manifest.study}"', f'This dossier is "{definition.id}".')
    elif c.manifest.definition_version != version:
        yield c.fault(
            "definition_version",
            f"the figures were counted by version {c.manifest.definition_version} of the core data model",
            f"The core data model is now version {version}: ask the registry for figures that follow it.",
        )


def its_nature_agrees_with_the_dossier(c: QualityCovering) -> Iterator[Fault]:
    """Live and simulated figures are never mixed up, and published ones are evidence of another kind."""
    nature, evidence = c.manifest.nature, c.dossier.definition.quality_evidence
    if nature == "published":
        remedy = "Cite the publication as evidence; quality figures are delivered."
        yield c.fault("nature", "quality figures are live or simulated, not published", remedy)
    elif nature != evidence:
        said = "there are none yet" if evidence == "none_yet" else f"quality figures are {evidence}"
        what = f"the delivery is {nature}, but the dossier says that {said}"
        yield c.fault("nature", what, "Correct quality_evidence in qualification.yaml, or take the delivery out.")


# ---------------------------------------------------------------- what the rows are about


def rows_are_about_indicators(d: QualityDelivered) -> Iterator[Fault]:
    """Every row is of the analysis `quality`, of the group `all`, and about an indicator of the dossier."""
    for row in d.delivery.rows:
        key = row.key
        if key.analysis != QUALITY:
            yield d.fault(row, f'"{key.analysis}" is not an analysis of quality figures', f'The analysis is "{QUALITY}".')
        elif key.variable not in d.indicators:
            yield d.fault(row, f'"{key.variable}" is not an indicator of the dossier', did_you_mean(key.variable, d.indicators))
        elif key.group != ALL:
            yield d.fault(row, f'"{key.group}" is not a group of quality figures', f'The group is "{ALL}".')
        elif key.time is not None:
            yield d.fault(row, "quality figures have no rows by time", "Leave the time empty, and give the year as the stratum.")


def items_belong_to_the_indicator(d: QualityDelivered) -> Iterator[Fault]:
    """A level is one of the core variables that the indicator is about."""
    for row in d.delivery.rows:
        indicator = d.indicator(row)
        if indicator and row.key.level and row.key.level not in indicator.core_items:
            what = f'"{row.key.level}" is not a core variable of the indicator {indicator.id}'
            yield d.fault(row, what, did_you_mean(row.key.level, indicator.core_items))


def years_have_been(d: QualityDelivered) -> Iterator[Fault]:
    """A stratum is `overall` or a calendar year that had begun at the data cut."""
    manifest, as_of = d.delivery.manifest, d.dossier.as_of
    last, end = (manifest.data_cut, "data cut") if manifest.data_cut else (as_of, "date of the dossier")
    for row in d.delivery.rows:
        year = year_of(row)
        if year is None and row.key.stratum != OVERALL:
            yield d.fault(row, f'"{row.key.stratum}" is not a calendar year', f'Write "{YEAR}2024", or "{OVERALL}".')
        elif year is not None and year > last.year:
            what = f"the year {year} is in the future: the {end} is {last}"
            yield d.fault(row, what, "Take the year out, or have the registry correct it or the data cut.")
        elif year is not None and year < 1900:
            yield d.fault(row, f"the year {year} cannot be", "Have the registry correct the year.")


def statistics_fit_the_unit(d: QualityDelivered) -> Iterator[Fault]:
    """An indicator is sent the statistics of its unit."""
    for row in d.delivery.rows:
        indicator = d.indicator(row)
        if indicator is None:
            continue
        takes = (*NEEDED[indicator.unit], *((BESIDE[indicator.unit],) if indicator.unit in BESIDE else ()))
        if row.statistic not in takes:
            what = f'"{indicator.id}" is in {indicator.unit.replace("_", " ")} and takes no {row.statistic}'
            yield d.fault(row, what, "Send " + ", ".join(takes) + ".")


def nothing_is_sent_twice(d: QualityDelivered) -> Iterator[Fault]:
    first: dict[tuple[RowKey, str], Row] = {}
    for row in d.delivery.rows:
        before = first.setdefault((row.key, row.statistic), row)
        if before is not row:
            yield d.fault(row, f"the row says again what line {before.line} says", "Keep the right one.")


def figures_are_whole(d: QualityDelivered) -> Iterator[Fault]:
    """Whatever is sent of an indicator, in a year, has all statistics that it needs."""
    for key, rows in d.by_key.items():
        row = next(iter(rows.values()))
        indicator = d.indicators[key.variable]
        needed = NEEDED[indicator.unit]
        missing = [statistic for statistic in needed if statistic not in rows]
        # One row that says why there is no figure says enough.
        told = any(rows[each].state not in ("reported", "suppressed") for each in needed if each in rows)
        if missing and not told:
            what = f'"{_named(key)}" has no {" and no ".join(missing)}'
            yield d.fault(row, what, "Add the row; where there is no number, the state says why.")


# ---------------------------------------------------------------- what the numbers say


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
        part, whole = _number(rows, "numerator"), _number(rows, "denominator")
        if d.indicators[key.variable].unit == "percent" and part is not None and whole is not None and part > whole:
            line = rows["denominator"].line
            what = f'the numerator of "{_named(key)}" ({part:g}) is above its denominator ({whole:g}, line {line})'
            yield d.fault(rows["numerator"], what, "Have the registry correct it: the numerator is part of the denominator.")


def figures_can_occur(d: QualityDelivered) -> Iterator[Fault]:
    """A percentage lies between 0 and 100; days and rates are not negative."""
    for key, rows in d.by_key.items():
        indicator = d.indicators[key.variable]
        for statistic in ("percent", "median", "per_person_year"):
            value = _number(rows, statistic)
            if value is None or indicator.is_possible(value):
                continue
            limits = "between 0 and 100" if indicator.unit == "percent" else "0 or more"
            what = f'"{_named(key)}" is {value:g}; in {indicator.unit.replace("_", " ")} it must be {limits}'
            yield d.fault(rows[statistic], what, "Ask the registry for the right number: a share is sent in percent.")


def ratios_agree_with_their_parts(d: QualityDelivered) -> Iterator[Fault]:
    """A delivered percentage or rate is what its numerator and denominator give, to its own decimals."""
    for key, rows in d.by_key.items():
        indicator = d.indicators[key.variable]
        below = "person_years" if indicator.unit == "per_year" else "denominator"
        sent = rows.get(BESIDE.get(indicator.unit, ""))
        part, whole = _number(rows, "numerator"), _number(rows, below)
        if sent is None or sent.value is None or part is None or not whole:
            continue
        given = part / whole * (100 if indicator.unit == "percent" else 1)
        if not indicator.is_possible(sent.value) or (part > whole and indicator.unit == "percent"):
            continue
        if abs(sent.value - given) > LOOSE * math.pow(10, -sent.decimals):
            right = f"{given:.{max(sent.decimals, 1)}f}"
            what = f'{sent.statistic} of "{_named(key)}" is {sent.value:g}, but {part:g} of {whole:g} give {right}'
            if math.isclose(sent.value * 100, given, rel_tol=0.02):
                yield d.fault(sent, what, "Send it in percent, not as a proportion.")
            else:
                yield d.fault(sent, what, "Ask the registry which of the three numbers is wrong, or leave the ratio out.")


def no_small_count_is_shown(d: QualityDelivered) -> Iterator[Fault]:
    """No numerator, denominator or difference of the two below the threshold, and nothing that gives a suppressed one away."""
    threshold = d.threshold
    remedy = "Leave the value empty and give the state suppressed, for the ratio as well."
    for key, rows in d.by_key.items():
        part, whole = _number(rows, "numerator"), _number(rows, "denominator")
        for statistic in ("numerator", "denominator"):
            value = _number(rows, statistic)
            if value is not None and 0 < value < threshold:
                what = f'{statistic} of "{_named(key)}" is {value:g}, below the small-cell threshold of {threshold} in force'
                yield d.fault(rows[statistic], what, remedy)
        percent = d.indicators[key.variable].unit == "percent"
        if percent and part is not None and whole is not None and 0 < whole - part < threshold:
            what = f'"{_named(key)}": {whole - part:g} are not in the numerator, below the threshold of {threshold} in force'
            yield d.fault(rows["numerator"], what, remedy)
        yield from _given_away(d, key, rows)


def _given_away(d: QualityDelivered, key: RowKey, rows: Mapping[str, Row]) -> Iterator[Fault]:
    hidden = rows.get("numerator")
    if hidden is None or hidden.state != "suppressed":
        return
    for statistic in ("percent", "per_person_year"):
        if _number(rows, statistic) is not None:
            what = f"{statistic} gives away the numerator suppressed in line {hidden.line}"
            yield d.fault(rows[statistic], what, "Suppress it as well.")
    if year_of(hidden) is None:
        return
    total = d.by_key.get(replace(key, stratum=OVERALL), {})
    years = [found for other, found in d.by_key.items() if other != key and replace(other, stratum=key.stratum) == key]
    years = [found for found in years if found is not total]
    of_years = [_number(found, "denominator") for found in (*years, rows)]
    whole = _number(total, "denominator")
    # Only counts that add up over the years give one year away: those of persons who are there every year do not.
    if whole is None or any(each is None for each in of_years) or sum(each or 0 for each in of_years) != whole:
        return
    if _number(total, "numerator") is not None and all(_number(found, "numerator") is not None for found in years):
        what = f"the sum and the other years give away the numerator suppressed in line {hidden.line}"
        yield d.fault(total["numerator"], what, "Suppress a second year, or the sum.")


def _number(rows: Mapping[str, Row], statistic: str) -> float | None:
    row = rows.get(statistic)
    return row.value if row is not None else None


def _named(key: RowKey) -> str:
    """An indicator, with the core variable and the year."""
    parts = [key.variable, key.level, key.stratum.removeprefix(YEAR) if key.stratum != OVERALL else ""]
    return " ".join(part for part in parts if part)


QUALITY_MANIFEST_RULES: Mapping[str, Callable[[QualityCovering], Iterator[Fault]]] = {
    "A20": it_is_this_registrys,
    "A40": it_is_for_this_dossier,
    "A41": its_nature_agrees_with_the_dossier,
    "A23": it_says_when_and_by_what,
    "A25": its_files_are_unchanged,
}
QUALITY_ROW_RULES: Mapping[str, Callable[[QualityDelivered], Iterator[Fault]]] = {
    "A42": rows_are_about_indicators,
    "A43": items_belong_to_the_indicator,
    "A44": years_have_been,
    "A45": statistics_fit_the_unit,
    "A07": nothing_is_sent_twice,
    "A08": counts_are_whole,
    "A12": figures_are_whole,
    "A46": no_part_exceeds_its_whole,
    "A47": figures_can_occur,
    "A48": ratios_agree_with_their_parts,
    "R11": no_small_count_is_shown,
}
"""By the rule's id in `templates/guidance/rules/deliveries.yaml`."""
