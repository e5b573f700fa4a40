"""Whether a delivery of quality figures has the form that the dossier asks for: its manifest, and what its rows are about. One
function per rule, every fault with its place; what the numbers say is judged in `quality_numbers` and `quality_disclosure`."""

from __future__ import annotations

from collections.abc import Iterator

from studygen.aggregates.contract import Row, RowKey
from studygen.aggregates.quality_contract import ALL, BESIDE, NEEDED, OVERALL, QUALITY, YEAR, year_of
from studygen.aggregates.quality_subject import QualityCovering, QualityDelivered, named
from studygen.errors import Fault, did_you_mean

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
            what = f'"{named(key)}" has no {" and no ".join(missing)}'
            yield d.fault(row, what, "Add the row; where there is no number, the state says why.")
