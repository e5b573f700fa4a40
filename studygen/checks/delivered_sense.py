"""Whether what a registry sent makes sense beside the rest of it, beside the plan and beside the other registries: rates, groups,
widths of intervals, the threshold applied (E41 to E45, E47, E48). Points out; who is right, the registry must say."""

from __future__ import annotations

import math
import statistics
from collections.abc import Iterator, Mapping
from typing import Final

from studygen.aggregates.contract import Row, RowKey
from studygen.aggregates.expected import (
    PERSONS,
    RATIO_MEASURES,
    STUDY_POPULATION,
    attrition_order,
    contrasts,
    count_groups,
    is_occurrence,
)
from studygen.checks.between import FAR
from studygen.checks.delivered import Sent, deliveries_of, name_of
from studygen.checks.subject import Rule, Subject
from studygen.definition import NotApplicable
from studygen.errors import Fault
from studygen.stats.distributions import two_sided_z
from studygen.study.objectives import Analysis

UNLIKE: Final = 10.0
"""Rates or shares of two registries, or of a registry and the plan, that differ by this factor are pointed out."""
UNADJUSTED: Final = 4.0
"""An adjusted ratio and the ratio of the counts that differ by this factor: confounding is hardly ever so strong."""
FEWEST: Final = 5
"""Events from which on a rate can be told to be unlike another."""
EVENTS_TIMES: Final = 3.0
"""An interval may need so many times the events that were sent, for models that gain precision, before it is pointed out."""
A_YEAR: Final = 5.0
"""More events per person and year than any outcome of chronic disease has on average."""
ASK: Final = "Ask the registry which number is right."


def no_time_no_rate(subject: Subject) -> Iterator[Fault]:
    """Person-years of zero go with no persons and no events, and are then not applicable."""
    for sent in deliveries_of(subject):
        for key, rows in sent.by_key.items():
            years = rows.get("person_years")
            if years is None or years.value != 0:
                continue
            beside = [
                f"{row.value:g} {row.statistic}" for row in (rows.get("n"), rows.get("events")) if row and row.value is not None
            ]
            if beside:
                what = f"{' and '.join(beside)} are sent with 0 person-years ({name_of(key)}), so that there is no rate"
                yield sent.fault(
                    years, what, "Ask for the person-years; where nobody is in the group, the state is not_applicable."
                )


def groups_fit_the_selection(subject: Subject) -> Iterator[Fault]:
    """Compared groups have no more persons together than were selected, as many at baseline where there are no other groups, and
    no group has more than the selection left of it."""
    zero = subject.study.population.time_zero
    once = zero.entries == "single" and zero.type_of_entry == "incident"
    exposures = [each.id for each in subject.study.exposures]
    for sent in deliveries_of(subject):
        if sent.delivery.manifest.perturbed:
            continue
        selected = sent.rows(RowKey("attrition", "all", STUDY_POPULATION)).get("n")
        persons = None if selected is None else selected.value
        for name, rows in _compared_groups(sent) if once else ():
            together = sum(row.value or 0 for row in rows)
            if selected is None or persons is None:
                continue
            if together > persons or (name == "baseline" and len(exposures) == 2 and together < persons):
                what = f"the groups of {name} have {together:g} persons, but {persons:g} are studied (line {selected.line})"
                yield sent.fault(max(rows, key=lambda row: row.value or 0), what, ASK)
        yield from _left_of_group(sent, exposures)


def _compared_groups(sent: Sent) -> Iterator[tuple[str, tuple[Row, Row]]]:
    """The numbers of persons of two groups that are compared, by where they stand."""
    places = {("baseline", PERSONS, each) for each in contrasts(sent.subject.study)}
    for analysis in sent.subject.study.analyses:
        if analysis.contrast is not None and not analysis.subgroup:
            places.add((analysis.id, analysis.outcome, analysis.contrast))
    for name, variable, contrast in sorted(places, key=lambda each: each[:2]):
        one, other = (sent.rows(RowKey(name, id, variable)).get("n") for id in (contrast.exposure, contrast.comparator))
        if one is not None and other is not None and one.value is not None and other.value is not None:
            yield name, (one, other)


def _left_of_group(sent: Sent, exposures: list[str]) -> Iterator[Fault]:
    """No analysis has more persons of a group than a step of its selection left."""
    steps = (*attrition_order(sent.subject.study), STUDY_POPULATION)
    for group in exposures:
        left = [row for step in steps if (row := sent.rows(RowKey("attrition", group, step)).get("n")) and row.value is not None]
        least = min(left, key=lambda row: row.value or 0, default=None)
        sizes = [
            rows["n"] for key, rows in sent.by_key.items() if key.group == group and key.analysis != "attrition" and "n" in rows
        ]
        size = max(sizes, key=lambda row: row.value or 0, default=None)
        if least is not None and size is not None and (size.value or 0) > (least.value or 0):
            what = (
                f"{least.value:g} persons of {group} are left after {least.key.variable}, but {size.value:g} are counted "
                f"({name_of(size.key)}, line {size.line})"
            )
            yield sent.fault(least, what, ASK)


def rates_are_alike(subject: Subject) -> Iterator[Fault]:
    """No registry's rate or proportion is ten times that of another or of the plan, and no group's thirty times the other's."""
    found: dict[RowKey, list[tuple[Sent, Mapping[str, Row], float]]] = {}
    for sent in deliveries_of(subject):
        for key, rows in sent.by_key.items():
            if key.time is None and (share := _occurrence(sent, key, rows)) is not None:
                found.setdefault(key, []).append((sent, rows, share))
    for key, there in found.items():
        for position, (sent, rows, share) in enumerate(there):
            others = [other for place, (_, _, other) in enumerate(there) if place != position]
            if others and not (len(there) == 2 and position == 0):
                factor = share / statistics.median(others)
                rate = "person_years" in rows
                if _far(factor, UNLIKE) and not (rate and _far(factor, FAR)):  # farther apart it is the unit (E10)
                    word = "rate" if rate else "proportion"
                    what = f"the {word} ({name_of(key)}) is {share:.3g}, {factor:.3g} times that of the other registries"
                    yield sent.fault(_suspect(rows, factor), what, "Ask how events and persons are counted there; discuss it.")
    yield from _beside_the_plan(subject, found)
    yield from _beside_the_other_group(subject, found)


Found = Mapping[RowKey, list[tuple[Sent, Mapping[str, Row], float]]]


def _occurrence(sent: Sent, key: RowKey, rows: Mapping[str, Row]) -> float | None:
    """Events per person-year, or per person of a proportion; None without enough events."""
    analysis = _analysis(sent.subject, key)
    events, years, n = rows.get("events"), rows.get("person_years"), rows.get("n")
    if analysis is None or events is None or (events.value or 0) < FEWEST:
        return None
    whole = years if years is not None else n if analysis.measure == "proportion" else None
    return (events.value or 0) / whole.value if whole is not None and whole.value else None


def _beside_the_plan(subject: Subject, found: Found) -> Iterator[Fault]:
    """Rates of the comparator beside the one that the study size assumed."""
    scenarios = subject.study.study_size.scenarios
    comparators = {exposure.id for exposure in subject.study.exposures if exposure.role == "comparator"}
    planned = {} if isinstance(scenarios, NotApplicable) else {each.outcome: each.rate_comparator_per_1000 for each in scenarios}
    for key, there in found.items():
        expected = planned.get(key.variable, 0.0)
        for sent, rows, rate in there if key.group in comparators and key.stratum == "overall" and expected else ():
            factor = 1000 * rate / expected
            if "person_years" in rows and _far(factor, UNLIKE):
                what = (
                    f"the rate ({name_of(key)}) is {1000 * rate:.3g} per 1000 person-years; the study size assumed {expected:g}"
                )
                yield sent.fault(_suspect(rows, factor), what, "Ask the registry for its unit; person-days look like this.")


def _beside_the_other_group(subject: Subject, found: Found) -> Iterator[Fault]:
    for key, there in found.items():
        analysis = _analysis(subject, key)
        groups = [group for group in count_groups(analysis) if group != key.group] if analysis else []
        for sent, rows, rate in there if key.stratum == "overall" else ():
            for group in groups:
                other = next((each for each in found.get(RowKey(key.analysis, group, key.variable), ()) if each[0] is sent), None)
                if other and rate / other[2] >= FAR and "person_years" in rows:
                    what = f"the rate ({name_of(key)}) is {rate / other[2]:.3g} times that of {group} in the same registry"
                    yield sent.fault(other[1]["person_years"], what, "Ask the registry for the unit of both.")


def _far(factor: float, limit: float) -> bool:
    return max(factor, 1 / factor) >= limit


def _suspect(rows: Mapping[str, Row], factor: float) -> Row:
    """The events of a rate that is high, the denominator of one that is low."""
    return rows["events"] if factor > 1 else rows.get("person_years", rows.get("n", rows["events"]))


def ratios_fit_their_counts(subject: Subject) -> Iterator[Fault]:
    """An adjusted ratio and the ratio of the counts that were sent with it do not lie far apart."""
    rated = [each for each in subject.study.analyses if is_occurrence(each) and not each.subgroup]
    for sent in deliveries_of(subject):
        for analysis in subject.study.analyses:
            if analysis.measure not in RATIO_MEASURES or analysis.contrast is None or analysis.subgroup:
                continue
            ratio = _ratio(sent.rows(RowKey(analysis.id, analysis.contrast.group, analysis.outcome)))
            for counted in (analysis, *(each for each in rated if each.outcome == analysis.outcome)):
                groups = (analysis.contrast.exposure, analysis.contrast.comparator)
                one, other = (sent.rows(RowKey(counted.id, group, analysis.outcome)) for group in groups)
                crude = _crude(one, other)
                if ratio and crude and _far(crude / ratio, UNADJUSTED):
                    high = one if crude > ratio else other
                    what = f"the counts give a ratio of {crude:.3g} ({counted.id}), but {ratio:.3g} is sent as {analysis.id}"
                    yield sent.fault(high["events"], what, "Ask for both; adjustment hardly ever changes a ratio so much.")
                    break


def _ratio(rows: Mapping[str, Row]) -> float | None:
    estimate, log = rows.get("estimate"), rows.get("log_estimate")
    if estimate is not None and estimate.value is not None:
        return estimate.value if estimate.value > 0 else None
    return math.exp(log.value) if log is not None and log.value is not None else None


def _crude(one: Mapping[str, Row], other: Mapping[str, Row]) -> float | None:
    """The ratio of the rates, or of the risks where there are no person-years; None with few events."""
    rates = []
    for rows in (one, other):
        whole = rows.get("person_years", rows.get("n"))
        events = rows.get("events")
        if events is None or (events.value or 0) < FEWEST or whole is None or not whole.value:
            return None
        rates.append((events.value or 0) / whole.value)
    return rates[0] / rates[1]


def the_threshold_in_force_was_applied(subject: Subject) -> Iterator[Fault]:
    """The threshold that a registry applied is not below the one in force."""
    for sent in deliveries_of(subject):
        applied = sent.delivery.manifest.small_cell_threshold
        if sent.withholds and applied < sent.threshold:
            what = f"{sent.delivery.registry} applied the threshold {applied}, but {sent.threshold} is in force"
            remedy = (
                "Ask whether the counts were suppressed by the threshold in force; correct the covering note or the delivery."
            )
            yield sent.manifest_fault("small_cell_threshold", what, remedy)


def intervals_need_their_events(subject: Subject) -> Iterator[Fault]:
    """No interval of a ratio is narrower than the events, or the persons, can make it: the variance of a log ratio is at least
    1/a + 1/b, and so at least 4/(a + b), for a and b events."""
    longest = max(subject.study.population.follow_up_end.year - subject.study.population.enrolment_start.year, 1)
    for sent in deliveries_of(subject):
        for analysis in subject.study.analyses:
            if analysis.measure not in RATIO_MEASURES or analysis.contrast is None or analysis.subgroup:
                continue
            rows = sent.rows(RowKey(analysis.id, analysis.contrast.group, analysis.outcome))
            se, row = _standard_error(rows, sent.delivery.manifest.interval_level)
            groups = (analysis.contrast.exposure, analysis.contrast.comparator)
            sizes = [sent.value(RowKey(analysis.id, group, analysis.outcome), "n") for group in groups]
            events = [sent.value(RowKey(analysis.id, group, analysis.outcome), "events") for group in groups]
            if not se or row is None:
                continue
            needed = 4 / se**2
            several = subject.study.outcome(analysis.outcome).type == "count"
            persons = sum(each or 0 for each in sizes)
            most = persons * (longest * A_YEAR if several else 1)
            sent_events = sum(each or 0 for each in events)
            if None not in sizes and needed > most:
                what = f"so narrow an interval ({analysis.id}) needs {needed:.0f} events or more, in {persons:g} persons"
            elif None not in events and sent_events and needed > EVENTS_TIMES * sent_events:
                what = f"so narrow an interval ({analysis.id}) needs {needed:.0f} events or more, but {sent_events:g} were sent"
            else:
                continue
            yield sent.fault(row, what, "Ask for the interval; it may have another level, or be a standard error.")


def _standard_error(rows: Mapping[str, Row], level: float) -> tuple[float | None, Row | None]:
    lower, upper, se = rows.get("ci_lower"), rows.get("ci_upper"), rows.get("se")
    if se is not None and se.value:
        return se.value, se
    if lower is not None and upper is not None and (lower.value or 0) > 0 and (upper.value or 0) > (lower.value or 0):
        return math.log((upper.value or 1) / (lower.value or 1)) / (2 * two_sided_z(level)), lower
    return None, None


def both_groups_are_counted(subject: Subject) -> Iterator[Fault]:
    """What is counted in one group of a comparison is counted in the other as well."""
    for sent in deliveries_of(subject):
        for analysis in subject.study.analyses:
            if analysis.contrast is None or analysis.subgroup:
                continue
            groups = (analysis.contrast.exposure, analysis.contrast.comparator)
            for statistic in ("n", "events", "person_years"):
                rows = [sent.rows(RowKey(analysis.id, group, analysis.outcome)).get(statistic) for group in groups]
                there = next((row for row in rows if row is not None), None)
                if there is not None and None in rows:
                    other = groups[rows.index(None)]
                    what = f"{statistic} of {there.key.group} is sent for {analysis.id}, but not that of {other}"
                    yield sent.fault(there, what, "Ask for it, or for a row that says why it is lacking.")


def _analysis(subject: Subject, key: RowKey) -> Analysis | None:
    return next((each for each in subject.study.analyses if each.id == key.analysis), None)


RULES: Mapping[str, Rule] = {
    "E41": no_time_no_rate,
    "E42": groups_fit_the_selection,
    "E43": rates_are_alike,
    "E44": ratios_fit_their_counts,
    "E45": the_threshold_in_force_was_applied,
    "E47": intervals_need_their_events,
    "E48": both_groups_are_counted,
}
"""By the rule's id in `templates/guidance/rules/`."""
