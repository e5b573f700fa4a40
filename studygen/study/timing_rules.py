"""Rules on time: windows relative to day 0, calendar dates of the study, milestones, the order of criteria."""

from __future__ import annotations

import calendar
import datetime
import itertools
from collections.abc import Iterator

from studygen.errors import Fault
from studygen.misfits import DataPath
from studygen.study.identity import Milestone
from studygen.study.population import Window, WindowEdge
from studygen.study.written import Written

NEEDED_MILESTONES = ("start_of_data_collection", "end_of_data_collection", "final_report")
"""In this order. Their planned dates are part of every protocol: Implementing Regulation (EU) No 520/2012, Annex III."""

IMPOSED = frozenset({"imposed_category_1", "imposed_category_2", "paes_imposed"})

MONTHS_TO_FINAL_REPORT = 12
"""From the end of data collection, for imposed studies: GVP Module VIII, B.4.3.2."""


def windows_run_forward(written: Written) -> Iterator[Fault]:
    for n, window in enumerate(written.study.windows):
        if window.start_day == "end_of_follow_up":
            yield written.fault(("windows", n, "start_day"), "a window cannot start at the end of follow-up", _EDGES)
        if window.end_day == "all_available_data":
            yield written.fault(("windows", n, "end_day"), "a window cannot end with all available data", _EDGES)
        if isinstance(window.start_day, int) and isinstance(window.end_day, int) and window.start_day > window.end_day:
            what = f"the window ends (day {window.end_day}) before it starts (day {window.start_day})"
            yield written.fault(
                ("windows", n, "end_day"), what, "Swap the two days, or correct a sign: days before day 0 are negative."
            )


_EDGES = 'Give a day; "all_available_data" is an open start and "end_of_follow_up" an open end.'


def covariates_end_by_day_0(written: Written) -> Iterator[Fault]:
    """A covariate measured after time zero could be a consequence of the exposure."""
    for n, window in enumerate(written.study.windows):
        if window.kind == "covariate" and _ends_after_day_0(window.end_day):
            what = f'the covariate window "{window.id}" ends after day 0'
            yield written.fault(
                ("windows", n, "end_day"), what, "Let it end at day 0 or before, or give the window another kind."
            )
    windows = _windows(written)
    for n, covariate in enumerate(written.study.covariates):
        window_used = windows.get(covariate.window)
        if window_used and window_used.kind != "covariate" and _ends_after_day_0(window_used.end_day):
            what = f'the covariate is measured in the window "{covariate.window}", which ends after day 0'
            yield written.fault(("covariates", n, "window"), what, "Use a window that ends at day 0 or before.")


def follow_up_starts_at_or_after_day_0(written: Written) -> Iterator[Fault]:
    study = written.study
    for n, window in enumerate(study.windows):
        if window.kind == "follow_up" and not (isinstance(window.start_day, int) and window.start_day >= 0):
            what = f'the follow-up window "{window.id}" starts before day 0'
            yield written.fault(("windows", n, "start_day"), what, "Let it start at day 0 or later; time before is immortal.")
    used = _windows(written).get(study.follow_up.window)
    if used and used.kind != "follow_up":
        what = f'"{used.id}" is a window of the kind "{used.kind}"'
        remedy = 'Name a window of the kind "follow_up".'
        yield written.fault(("follow_up", "window"), what, remedy)


def _windows(written: Written) -> dict[str, Window]:
    return {window.id: window for window in written.study.windows}


def _ends_after_day_0(edge: WindowEdge) -> bool:
    return edge == "end_of_follow_up" or (isinstance(edge, int) and edge > 0)


def study_period_is_in_order(written: Written) -> Iterator[Fault]:
    population = written.study.population
    if population.enrolment_start >= population.enrolment_end:
        what = f"enrolment ends ({population.enrolment_end}) before it starts ({population.enrolment_start})"
        yield written.fault(("population", "enrolment_end"), what, "Swap or correct the two dates.")
    if population.enrolment_end > population.follow_up_end:
        what = f"follow-up ends ({population.follow_up_end}) before enrolment does ({population.enrolment_end})"
        yield written.fault(("population", "follow_up_end"), what, "Follow-up ends on the last day of enrolment or later.")


def needed_milestones_are_given(written: Written) -> Iterator[Fault]:
    given = {milestone.kind for milestone in written.study.milestones}
    for kind in NEEDED_MILESTONES:
        if kind not in given:
            what = f'the milestone "{kind}" is missing'
            yield written.fault(("milestones",), what, f'Add "- {{kind: {kind}, planned: YYYY-MM-DD}}".')


def milestones_have_dates_and_names(written: Written) -> Iterator[Fault]:
    """Each has a date; each of kind `other`, and each that shares its kind with another, has a label of its own."""
    names: set[tuple[str, str | None]] = set()
    for n, milestone in enumerate(written.study.milestones):
        if milestone.planned is None and milestone.actual is None:
            what = "the milestone has no date"
            yield written.fault(("milestones", n), what, 'Add "planned: YYYY-MM-DD", or "actual:" once it is reached.')
        if milestone.kind == "other" and not milestone.label:
            yield written.fault(("milestones", n), 'a milestone of the kind "other" needs a label', 'Add "label:".')
        elif (milestone.kind, milestone.label) in names:
            what = f'the milestone "{milestone.label or milestone.kind}" is given twice'
            yield written.fault(("milestones", n, "kind"), what, 'Tell the two apart with "label:", or delete one.')
        names.add((milestone.kind, milestone.label))


def milestones_are_in_order(written: Written) -> Iterator[Fault]:
    """Start of data collection, end of data collection, final report; planned dates among themselves, actual ones too."""
    found = _first_milestones(written)
    for which in ("planned", "actual"):
        dated = [(kind, found[kind][0], date) for kind in NEEDED_MILESTONES if (date := _date(found.get(kind), which))]
        for (earlier, _, before), (later, n, after) in itertools.pairwise(dated):
            if after < before:
                what = f'the {which} date of "{later}" ({after}) is before that of "{earlier}" ({before})'
                yield written.fault(("milestones", n, which), what, "Correct one of the two dates.")


def imposed_studies_report_in_time(written: Written) -> Iterator[Fault]:
    """An imposed study submits its final report within 12 months of the end of data collection."""
    if written.study.regulatory.purpose not in IMPOSED:
        return
    found = _first_milestones(written)
    end, final = _date(found.get("end_of_data_collection"), "planned"), _date(found.get("final_report"), "planned")
    latest = _months_later(end, MONTHS_TO_FINAL_REPORT) if end else None
    if final and latest and final > latest:
        what = f"an imposed study reports within {MONTHS_TO_FINAL_REPORT} months of the end of data collection ({end})"
        yield written.fault(("milestones", found["final_report"][0], "planned"), what, f"Plan it for {latest} or earlier.")


def _date(milestone: tuple[int, Milestone] | None, which: str) -> datetime.date | None:
    return None if milestone is None else milestone[1].planned if which == "planned" else milestone[1].actual


def _first_milestones(written: Written) -> dict[str, tuple[int, Milestone]]:
    found: dict[str, tuple[int, Milestone]] = {}
    for n, milestone in enumerate(written.study.milestones):
        found.setdefault(milestone.kind, (n, milestone))
    return found


def _months_later(day: datetime.date, months: int) -> datetime.date:
    """The same day of the month, or the last one when that month is shorter."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    return datetime.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def criteria_have_one_order(written: Written) -> Iterator[Fault]:
    """Inclusion and exclusion share one sequence of application: the attrition table follows it."""
    first: dict[int, tuple[DataPath, str]] = {}
    for path, criterion in written.criteria():
        if criterion.order in first:
            line = written.positions.line((*first[criterion.order][0], "order"))
            what = f'"{criterion.id}" has the order {criterion.order}, as "{first[criterion.order][1]}" has in line {line}'
            yield written.fault((*path, "order"), what, "Number inclusion and exclusion criteria together, each number once.")
        first.setdefault(criterion.order, (path, criterion.id))


def amendments_are_in_order(written: Written) -> Iterator[Fault]:
    amendments = written.study.amendments
    for n, amendment in enumerate(amendments):
        if amendment.number != n + 1:
            what = f"amendment {amendment.number} stands where amendment {n + 1} belongs"
            yield written.fault(("amendments", n, "number"), what, "Number amendments 1, 2, 3 … in the order of their dates.")
        if n and amendment.date < amendments[n - 1].date:
            what = f"amendment {amendment.number} is dated before the one above it"
            yield written.fault(("amendments", n, "date"), what, "Put amendments in the order of their dates.")
