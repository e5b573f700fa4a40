"""Whether the numbers of a delivery fit each other and the plan (R08, E03 to E06, E09 to E12), and the catalogue of all rules on
evidence. The rules on single rows are those of the intake; here are tables, groups and analyses held against each other."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Final

from studygen.aggregates.contract import Row, RowKey
from studygen.aggregates.expected import PERSONS, RATIO_MEASURES, STUDY_POPULATION, attrition_order, count_groups, is_occurrence
from studygen.checks.between import (
    persons_are_counted_once,
    registries_are_alike,
    totals_are_sums,
    units_agree_between_registries,
)
from studygen.checks.delivered import Sent, deliveries_of, name_of
from studygen.checks.printed import (
    numbers_equal_their_results,
    typed_heterogeneity_is_consistent,
    typed_p_values_fit_their_intervals,
)
from studygen.checks.subject import Rule, Subject
from studygen.errors import Fault
from studygen.stats.back_calculation import PrintedRate, RateInterval, counts_behind, events_agree
from studygen.stats.consistency import interval_symmetry
from studygen.stats.effects import LogEffect
from studygen.study.objectives import Analysis

DAYS_PER_YEAR: Final = 365.25
OLDEST_MONTHS: Final = 24
SKEWED: Final = 0.2
"""How far from the middle of its interval an estimate may lie, in half widths, before it is pointed out: likelihood and bootstrap
intervals of plausible size stay below."""
EXACT: Final = re.compile(r"\b(exact|garwood|clopper)", re.IGNORECASE)
WALD: Final = re.compile(r"\b(wald|normal approximation)", re.IGNORECASE)
MEND: Final = "Ask the registry which number is right."


def selection_leads_to_the_analysed(subject: Subject) -> Iterator[Fault]:
    """The persons left after the last criterion are the study population, and no more are described or analysed."""
    last = attrition_order(subject.study)[-1:]
    for sent in deliveries_of(subject):
        selected = sent.rows(RowKey("attrition", "all", STUDY_POPULATION)).get("n")
        if selected is None or selected.value is None or sent.delivery.manifest.perturbed:
            continue
        before = sent.rows(RowKey("attrition", "all", last[0])).get("n") if last else None
        if before is not None and before.value is not None and before.value != selected.value:
            what = f"{before.value:g} persons are left after {last[0]} (line {before.line}), but {selected.value:g} are studied"
            yield sent.fault(selected, what, "Name the criterion that excluded the difference, or mend the number.")
        for key, rows in sent.by_key.items():
            n = rows.get("n")
            described = key.analysis not in ("attrition", "feasibility") and key.stratum == "overall" and key.time is None
            if described and n is not None and n.value is not None and n.value > selected.value:
                what = f"{n.value:g} persons ({name_of(key)}) are more than the {selected.value:g} studied (line {selected.line})"
                yield sent.fault(n, what, MEND)


def intervals_are_what_they_are_called(subject: Subject) -> Iterator[Fault]:
    """A rate whose interval is called exact has an exact interval, and one called Wald a Wald interval."""
    for sent, analysis, key, rows in _estimates(subject):
        called = _called(analysis, sent)
        if analysis.measure != "incidence_rate" or called is None:
            continue
        other: RateInterval = "wald_log" if called == "exact_poisson" else "exact_poisson"
        if _is(rows, other, sent) and not _is(rows, called, sent):
            words = {"exact_poisson": "exact", "wald_log": "Wald (on the log scale)"}
            shown = f"{rows['ci_lower'].value:g} to {rows['ci_upper'].value:g}"
            what = f"the interval {shown} ({name_of(key)}) is called {words[called]}, but it is {words[other]}"
            yield sent.fault(rows["ci_lower"], what, "Mend the model's description, or ask for the interval that was planned.")


def _called(analysis: Analysis, sent: Sent) -> RateInterval | None:
    """What the plan or the source says the interval is."""
    source = sent.delivery.manifest.source
    words = f"{analysis.model} {source.note if source else ''}"
    if EXACT.search(words):
        return "exact_poisson"
    return "wald_log" if analysis.interval == "wald" or WALD.search(words) else None


def _is(rows: Mapping[str, Row], kind: RateInterval, sent: Sent) -> bool:
    printed, level = _printed(rows), sent.delivery.manifest.interval_level
    events, years = rows.get("events"), rows.get("person_years")
    if events is not None and years is not None and events.value is not None and years.value:
        return events_agree(printed, int(events.value), years.value, kind, 1.0, level)
    return bool(printed.rate and printed.lower and counts_behind(printed, kind, level))


def ratios_lie_in_the_middle_of_their_intervals(subject: Subject) -> Iterator[Fault]:
    """The estimate of a ratio lies in the middle of its interval on the log scale."""
    for sent, analysis, key, rows in _estimates(subject):
        if analysis.measure not in RATIO_MEASURES:
            continue
        estimate, lower, upper = (rows[name].value or 0.0 for name in ("estimate", "ci_lower", "ci_upper"))
        if not 0 < lower <= estimate <= upper:
            continue
        half = max(_half(rows[name]) for name in ("estimate", "ci_lower", "ci_upper"))
        found = interval_symmetry(LogEffect, estimate, lower, upper, half)
        if found.agreement == "disagrees" and abs(found.position) > SKEWED:
            what = (
                f"the estimate {estimate:g} does not lie in the middle of {lower:g} to {upper:g} on the log scale, which is "
                f"{math.sqrt(lower * upper):.3g} ({name_of(key)})"
            )
            yield sent.fault(rows["estimate"], what, "Ask the registry for the three numbers; one may be misprinted.")


def parts_add_up_to_the_whole(subject: Subject) -> Iterator[Fault]:
    """Events and person-years of groups or strata add up to those of all of them."""
    for sent in deliveries_of(subject):
        if sent.delivery.manifest.perturbed:
            continue
        for whole, parts, why, partly in _divisions(sent):
            if any(part.value is None for part in parts) or whole.value is None:
                continue
            total = sum(part.value or 0.0 for part in parts)
            slack = sum(_half(part) for part in (whole, *parts)) if whole.statistic == "person_years" else 0.0
            if total - whole.value > slack * 1.001 or (not partly and whole.value - total > slack * 1.001):
                lines = ", ".join(str(part.line) for part in parts)
                word = whole.statistic.replace("_", "-")
                what = f"the {word} of {why} are {total:.10g} (lines {lines}), but the whole has {whole.value:.10g}"
                yield sent.fault(
                    whole, what, f"{abs(whole.value - total):.6g} are in the one and not in the other: {MEND.lower()}"
                )


def _divisions(sent: Sent) -> Iterator[tuple[Row, list[Row], str, bool]]:
    """A whole, its parts, what they are, and whether a part may be lacking. Numbers of persons are left out where a person may be
    in several groups one after the other."""
    study = sent.subject.study
    for analysis in study.analyses:
        groups = [group for group in count_groups(analysis) if group != "all"]
        if is_occurrence(analysis) and len(groups) > 1 and "all" in count_groups(analysis):
            for statistic in ("events", "person_years"):
                rows = [sent.rows(RowKey(analysis.id, group, analysis.outcome)).get(statistic) for group in ("all", *groups)]
                yield from _division(rows, "the groups", partly=False)
        if analysis.subgroup is None:
            continue
        of, variable = analysis.subgroup.of, analysis.subgroup.variable
        for group in count_groups(analysis):
            missing = sent.rows(RowKey("baseline", group, variable)).get("missing")
            keys = [RowKey(analysis.id, group, analysis.outcome, "", f"{variable}={level}") for level in analysis.subgroup.levels]
            for statistic in ("n", "events", "person_years"):
                rows = [sent.rows(key).get(statistic) for key in (RowKey(of, group, analysis.outcome), *keys)]
                partly = missing is not None and missing.value != 0
                yield from _division(rows, f"the strata of {variable} in {group}", partly=partly)


def _division(rows: list[Row | None], why: str, *, partly: bool) -> Iterator[tuple[Row, list[Row], str, bool]]:
    there = [row for row in rows if row is not None]
    if len(there) == len(rows):
        yield there[0], there[1:], why, partly


def follow_up_is_possible(subject: Subject) -> Iterator[Fault]:
    """Nobody is followed for longer on average than the study, or the data, last."""
    population = subject.study.population
    for sent in deliveries_of(subject):
        cut = sent.delivery.manifest.data_cut
        end = min(population.follow_up_end, cut) if cut else population.follow_up_end
        longest = (end - population.enrolment_start).days / DAYS_PER_YEAR
        for key, rows in sent.by_key.items():
            n, years = rows.get("n"), rows.get("person_years")
            if n is None or years is None or not n.value or not years.value:
                continue
            mean = years.value / n.value
            if mean > longest * 1.01:
                unit = " It looks like person-days." if mean / DAYS_PER_YEAR <= longest else ""
                what = (
                    f"{n.value:g} persons have {years.value:g} person-years ({name_of(key)}), {mean:.1f} years each, but from "
                    f"{population.enrolment_start} to {end} are {longest:.1f} years"
                )
                yield sent.fault(years, what, f"Mend the person-years with the registry.{unit}")


def denominators_agree(subject: Subject) -> Iterator[Fault]:
    """No analysis has more persons in a group than the group has."""
    for sent in deliveries_of(subject):
        for analysis in subject.study.analyses:
            for group in count_groups(analysis):
                persons = sent.rows(RowKey("baseline", group, PERSONS)).get("n")
                n = sent.rows(RowKey(analysis.id, group, analysis.outcome)).get("n")
                if persons is not None and n is not None and persons.value is not None and (n.value or 0) > persons.value:
                    what = f"{n.value:g} persons ({name_of(n.key)}), but the group has {persons.value:g} (line {persons.line})"
                    yield sent.fault(n, what, MEND)


def analyses_count_the_same(subject: Subject) -> Iterator[Fault]:
    """Analyses of one outcome and group that differ in method only have the same persons, events and person-years."""
    plain = [each for each in subject.study.analyses if each.role in ("main", "descriptive") and not each.post_hoc]
    for sent in deliveries_of(subject):
        for outcome in subject.study.outcomes:
            of_it = [analysis for analysis in plain if analysis.outcome == outcome.id]
            for group in dict.fromkeys(group for analysis in of_it for group in count_groups(analysis)):
                for statistic in ("n", "events", "person_years"):
                    rows = [sent.rows(RowKey(analysis.id, group, outcome.id)).get(statistic) for analysis in of_it]
                    there = [row for row in rows if row is not None and row.value is not None]
                    for one, other in pairwise(there):
                        slack = _half(one) + _half(other) if statistic == "person_years" else 0.0
                        if abs((one.value or 0) - (other.value or 0)) > 1.001 * slack:
                            what = (
                                f"the {statistic} of {outcome.id} in {group} are {other.value:g} in {other.key.analysis}, but "
                                f"{one.value:g} in {one.key.analysis} (line {one.line})"
                            )
                            yield sent.fault(other, what, "Say in the plan how the analyses differ, or mend the number.")


def groups_are_balanced(subject: Subject) -> Iterator[Fault]:
    """After weighting or matching no covariate differs by more than the plan allows."""
    threshold = subject.study.plan.balance_threshold
    for sent in deliveries_of(subject):
        for row in sent.delivery.rows:
            if row.statistic == "smd_weighted" and row.value is not None and abs(row.value) > threshold + 1e-9:
                groups = row.key.group.replace(":", " and ")
                what = (
                    f"{row.key.variable} differs by {row.value:g} standard deviations between {groups} after weighting; "
                    f"the plan allows {threshold:g}"
                )
                yield sent.fault(row, what, "Ask for a model that also balances it, or discuss what it means for the results.")


def data_are_recent(subject: Subject) -> Iterator[Fault]:
    """Data are not much older than the report on them."""
    report = subject.study.documents.report
    for sent in deliveries_of(subject):
        cut = sent.delivery.manifest.data_cut
        if report is None or cut is None:
            continue
        months = (report.date.year - cut.year) * 12 + report.date.month - cut.month
        if months > OLDEST_MONTHS:
            what = f"the data cut ({cut}) is {months} months before the date of the report ({report.date})"
            yield sent.manifest_fault("data_cut", what, "Ask for a newer delivery, or say in the limitations why there is none.")


def _estimates(subject: Subject) -> Iterator[tuple[Sent, Analysis, RowKey, Mapping[str, Row]]]:
    """Delivered estimates with both limits."""
    analyses = {analysis.id: analysis for analysis in subject.study.analyses}
    for sent in deliveries_of(subject):
        for key, rows in sent.by_key.items():
            analysis = analyses.get(key.analysis)
            if analysis is not None and all(
                name in rows and rows[name].value is not None for name in ("estimate", "ci_lower", "ci_upper")
            ):
                yield sent, analysis, key, rows


def _printed(rows: Mapping[str, Row]) -> PrintedRate:
    shown = [rows[name] for name in ("estimate", "ci_lower", "ci_upper")]
    estimate, lower, upper = (row.value or 0.0 for row in shown)
    return PrintedRate(estimate, lower, upper, *(_half(row) for row in shown))


def _half(row: Row) -> float:
    """Half a unit of the last digit that was written."""
    return float(0.5 * 10.0**-row.decimals)


RULES: Mapping[str, Rule] = {
    "R07": numbers_equal_their_results,
    "R08": selection_leads_to_the_analysed,
    "R09": totals_are_sums,
    "E03": intervals_are_what_they_are_called,
    "E04": ratios_lie_in_the_middle_of_their_intervals,
    "E05": parts_add_up_to_the_whole,
    "E06": follow_up_is_possible,
    "E07": units_agree_between_registries,
    "E08": registries_are_alike,
    "E09": denominators_agree,
    "E10": analyses_count_the_same,
    "E11": groups_are_balanced,
    "E12": data_are_recent,
    "E13": typed_p_values_fit_their_intervals,
    "E14": typed_heterogeneity_is_consistent,
    "E15": persons_are_counted_once,
}
"""By the rule's id in `templates/guidance/rules/`."""
