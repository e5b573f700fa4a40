"""Whether the times of the design are possible: day 0, windows, look-back, lag, calendar dates (P16, M02, M03, M06-M09, M24,
M25)."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator, Mapping

from studygen.checks.identity_rules import milestone
from studygen.checks.subject import Rule, Subject
from studygen.errors import Fault
from studygen.study.population import WindowEdge

MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
BEGINS_WITH_DATE = re.compile(r"(?:from )?(?:(\d{4})-(\d\d)-(\d\d)|(?:(\d{1,2}) )?([A-Za-z]+) (\d{4}))\b", re.IGNORECASE)


def day_0_fits_the_design(subject: Subject) -> Iterator[Fault]:
    """The washout of day 0 ends before it, and a new-user design enters at first use."""
    study, zero = subject.study, subject.study.population.time_zero
    place = ("population", "time_zero")
    if zero.washout and not _ends_before(study.window(zero.washout).end_day, 0):
        what = (
            f'the washout "{zero.washout}" does not end before day 0, so that the start on day 0 itself would exclude everybody'
        )
        yield subject.fault((*place, "washout"), what, "Use a window that ends on day -1 or before.")
    if study.design.kind == "new_user_active_comparator" and zero.type_of_entry == "prevalent":
        what = "the design is one of new users, but entry is prevalent"
        yield subject.fault((*place, "type_of_entry"), what, "Write type_of_entry: incident, or another kind of design.")
    if study.design.kind == "new_user_active_comparator" and zero.entries == "multiple":
        what = "the design is one of new users, but a person may enter several times"
        yield subject.fault((*place, "entries"), what, "Write entries: single, or another kind of design.")


def nobody_is_chosen_by_the_future(subject: Subject) -> Iterator[Fault]:
    for path, criterion in subject.written.criteria():
        window = subject.study.window(criterion.window)
        if not _ends_before(window.end_day, 1):
            what = f'the criterion "{criterion.id}" looks at days up to {window.end_day} after day 0 (window "{window.id}")'
            remedy = "Use what is known on day 0; where a source chose so, name the bias and its direction as a limitation."
            yield subject.fault((*path, "window"), what, remedy)


def incident_use_has_a_washout(subject: Subject) -> Iterator[Fault]:
    study, zero = subject.study, subject.study.population.time_zero
    medicines = any(exposure.rule != "not_drug" for exposure in study.exposures)
    if medicines and zero.type_of_entry == "incident" and zero.washout is None:
        what = "entry is incident, but no washout window says how long before day 0 there must be no use"
        yield subject.fault(("population", "time_zero"), what, 'Add "washout:" with a window that ends before day 0.')


def no_time_is_immortal(subject: Subject) -> Iterator[Fault]:
    """Nobody is followed in a group before the exposure that defines the group can have begun."""
    study = subject.study
    for n, exposure in enumerate(study.exposures):
        begins = study.window(exposure.window).start_day
        asked = [each for each in study.objectives if exposure.id in (each.exposure, each.comparator)]
        outcomes = {id: study.window(study.outcome(id).window) for each in asked for id in each.outcomes}
        for id, window in outcomes.items():
            if isinstance(begins, int) and isinstance(window.start_day, int) and window.start_day < begins:
                what = (
                    f'"{exposure.id}" begins on day {begins}, but "{id}" counts from day {window.start_day}: '
                    "who is in the group cannot have the outcome in between"
                )
                remedy = "Let the exposure begin on day 0, or let follow-up begin with it (a landmark)."
                yield subject.fault(("exposures", n, "window"), what, remedy)


def the_look_back_is_in_the_data(subject: Subject) -> Iterator[Fault]:
    """The study period of each registry reaches as far before the first entry as the windows look back."""
    study = subject.study
    used = {study.population.time_zero.washout, *(each.window for _, each in subject.written.criteria())}
    used |= {exposure.washout for exposure in study.exposures} | {outcome.washout for outcome in study.outcomes}
    used |= {covariate.window for covariate in study.covariates}
    starts = [(-each.start_day, each.id) for each in study.windows if each.id in used and isinstance(each.start_day, int)]
    longest, window = max(starts, default=(0, ""))
    for n, participation in enumerate(study.participation):
        if participation.decision not in ("accepted", "accepted_with_limits", "pending"):
            continue
        begins = first_date(participation.study_period)
        entry = first_date(participation.entry_period) or study.population.enrolment_start
        if begins and (entry - begins).days < longest:
            what = (
                f"the study period begins on {begins} and entry on {entry}: "
                f'{(entry - begins).days} days of look-back, of which "{window}" needs {longest}'
            )
            remedy = f"Let the study period begin by {entry - datetime.timedelta(days=longest)}, or entry later."
            yield subject.fault(("participation", n, "study_period"), what, remedy)


def first_date(text: str) -> datetime.date | None:
    """The date with which a text begins: 2018-01-01, 1 January 2018 or July 2011 (its first day)."""
    found = BEGINS_WITH_DATE.match(text.strip())
    if found is None:
        return None
    year, month, day, written_day, name, written_year = found.groups()
    if name and name.lower() not in MONTHS:
        return None
    try:
        if year:
            return datetime.date(int(year), int(month), int(day))
        return datetime.date(int(written_year), MONTHS.index(name.lower()) + 1, int(written_day or 1))
    except ValueError:
        return None


def lags_fit(subject: Subject) -> Iterator[Fault]:
    """A lag is in its outcome's window, and follow-up is longer than it."""
    study = subject.study
    longest = (study.population.follow_up_end - study.population.enrolment_start).days
    for n, outcome in enumerate(study.outcomes):
        starts = study.window(outcome.window).start_day
        if isinstance(starts, int) and outcome.lag_days and not outcome.lag_days <= starts <= outcome.lag_days + 1:
            what = f'the lag is {outcome.lag_days} days, but "{outcome.window}" begins on day {starts}'
            yield subject.fault(
                ("outcomes", n, "lag_days"), what, f"Use a window from day {outcome.lag_days + 1}, or correct the lag."
            )
        if max(outcome.lag_days, starts if isinstance(starts, int) else 0) >= longest:
            what = f"nobody can be followed longer than {longest} days, so that nobody is at risk after the lag"
            yield subject.fault(("outcomes", n), what, "Shorten the lag, or follow longer.")


def calendar_dates_are_possible(subject: Subject) -> Iterator[Fault]:
    """Enrolment and follow-up end before the data are complete; a final report rests on data up to the end of follow-up."""
    population = subject.study.population
    end = milestone(subject, "end_of_data_collection")
    for name in ("enrolment_end", "follow_up_end"):
        date: datetime.date = getattr(population, name)
        if end and date > end[1]:
            what = f"{name.replace('_', ' ')} is {date}, after the end of data collection ({end[1]})"
            yield subject.fault(
                ("population", name), what, "Correct one of the two dates; data cannot come after they are complete."
            )
    report = subject.study.documents.report
    for registry, delivery in subject.deliveries.items():
        cut = delivery.manifest.data_cut
        if report and not report.interim and cut and cut < population.follow_up_end and delivery.manifest.nature == "live":
            what = f"the report is final, but the data of {registry} end on {cut}, follow-up on {population.follow_up_end}"
            yield subject.fault(
                ("population", "follow_up_end"), what, "Ask for a later data cut, or make the report an interim one."
            )


def compared_groups_are_defined_alike(subject: Subject) -> Iterator[Fault]:
    study = subject.study
    at = {exposure.id: n for n, exposure in enumerate(study.exposures)}
    pairs = {(each.exposure, each.comparator) for each in study.objectives if isinstance(each.comparator, str)}
    for one, other in sorted(pairs):
        first, second = study.exposure(one), study.exposure(other)
        for name in ("washout", "window"):
            if getattr(first, name) != getattr(second, name):
                mine, theirs = getattr(second, name), getattr(first, name)
                what = f'"{other}" has the {name} {mine}, "{one}", with which it is compared, has {theirs}'
                remedy = "Define both groups by the same window; where they cannot be, name the bias as a limitation."
                yield subject.fault(("exposures", at[other], name), what, remedy)


def follow_up_ends_are_complete(subject: Subject) -> Iterator[Fault]:
    study = subject.study
    ends = {each.kind for each in study.follow_up.ends}
    if any(each.type == "time_to_event" for each in study.outcomes):
        if "outcome" not in ends:
            what = "an outcome is a time to an event, but follow-up does not end with the outcome"
            yield subject.fault(("follow_up", "ends"), what, "Add the end of kind outcome.")
        if not ends & {"end_of_observation", "end_of_study_period"}:
            what = "nothing ends the follow-up of a person who is no longer observed"
            yield subject.fault(("follow_up", "ends"), what, "Add end_of_observation or end_of_study_period.")
    for n, exposure in enumerate(study.exposures):
        if exposure.rule.startswith("time_on_drug") and "end_of_exposure" not in ends:
            what = f'"{exposure.id}" is followed while exposed ({exposure.rule}), but follow-up does not end with exposure'
            yield subject.fault(("exposures", n, "rule"), what, "Add the end of kind end_of_exposure, or change the rule.")


def _ends_before(edge: WindowEdge, day: int) -> bool:
    return isinstance(edge, int) and edge < day


RULES: Mapping[str, Rule] = {
    "P16": day_0_fits_the_design,
    "M02": nobody_is_chosen_by_the_future,
    "M03": incident_use_has_a_washout,
    "M06": no_time_is_immortal,
    "M07": the_look_back_is_in_the_data,
    "M08": lags_fit,
    "M09": calendar_dates_are_possible,
    "M24": compared_groups_are_defined_alike,
    "M25": follow_up_ends_are_complete,
}
"""By the rule's id in `templates/guidance/rules/`."""
