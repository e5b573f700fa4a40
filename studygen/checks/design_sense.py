"""Whether parts of a definition that are each possible make sense together: the role of a substance and of its group, exposure
and day 0, dates of report, amendments and printed facts, names of milestones (M43, M44, M45, M47-M50)."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterator, Mapping

from studygen.checks.subject import Rule, Subject
from studygen.errors import Fault

LOOKS_BACK = ("case_control", "cross_sectional")
"""Designs whose exposure comes before day 0."""


def substances_have_the_role_of_their_group(subject: Subject) -> Iterator[Fault]:
    """A substance that is studied defines an exposure group, and a comparator the comparator group."""
    study = subject.study
    for n, substance in enumerate(study.products.substances):
        roles = {exposure.role for exposure in study.exposures if substance.id in exposure.substances}
        meant = "comparator" if roles == {"comparator"} else "studied" if roles and "comparator" not in roles else substance.role
        if substance.role != meant:
            groups = ", ".join(each.label for each in study.exposures if substance.id in each.substances)
            what = f"{substance.name} is called {substance.role}, but defines the group {groups}, whose role is {min(roles)}"
            yield subject.fault(("products", "substances", n, "role"), what, f"Write role: {meant}, or correct the group's role.")


def exposure_begins_on_day_0(subject: Subject) -> Iterator[Fault]:
    """Where people enter at their first use, nobody is exposed before day 0."""
    study = subject.study
    if study.population.time_zero.type_of_entry != "incident" or study.design.kind in LOOKS_BACK:
        return
    at = {window.id: n for n, window in enumerate(study.windows)}
    for id in dict.fromkeys(exposure.window for exposure in study.exposures):
        window = study.window(id)
        if window.start_day == "all_available_data" or (isinstance(window.start_day, int) and window.start_day < 0):
            what = f'entry is at first use, but the exposure window "{id}" begins on day {window.start_day}'
            yield subject.fault(
                ("windows", at[id], "start_day"), what, "Let exposure begin on day 0, or write entry as prevalent."
            )


def milestones_are_told_apart(subject: Subject) -> Iterator[Fault]:
    """Of several milestones of one kind each has a name."""
    milestones = subject.study.milestones
    kinds = Counter(each.kind for each in milestones)
    for n, each in enumerate(milestones):
        if kinds[each.kind] > 1 and not each.label:
            kind = each.kind.replace("_", " ")
            what = (
                f"{kinds[each.kind]} milestones are of the kind {kind}, and this one ({each.planned or each.actual}) has no name"
            )
            yield subject.fault(("milestones", n), what, f'Add "label: {kind.capitalize()} 1", or the like.')


def report_follows_its_data(subject: Subject) -> Iterator[Fault]:
    """A final report is not older than the data it shows."""
    report = subject.study.documents.report
    if report is None or report.interim:  # the cut-off of an interim report is a link (L)
        return
    for each in subject.study.milestones:
        if each.kind == "end_of_data_collection" and each.actual is not None and report.date < each.actual:
            what = f"the report has the date {report.date}, but data collection ended on {each.actual}"
            yield subject.fault(("documents", "report", "date"), what, "Correct one of the two dates.")


def amendments_follow_the_first_version(subject: Subject) -> Iterator[Fault]:
    """An amendment changes a version that existed: it is not older than the first final protocol, and amendments follow each
    other."""
    first = _first_version(subject)
    before: datetime.date | None = None
    for n, amendment in enumerate(subject.study.amendments):
        if first and amendment.date < first:
            what = f"amendment {amendment.number} ({amendment.date}) is older than the first version of the protocol ({first})"
            yield subject.fault(("amendments", n, "date"), what, "Correct one of the two dates.")
        elif before and amendment.date < before:
            what = f"amendment {amendment.number} ({amendment.date}) is older than the one before it ({before})"
            yield subject.fault(("amendments", n, "date"), what, "Correct the date, or the order of the amendments.")
        before = amendment.date


def facts_are_not_younger_than_the_document(subject: Subject) -> Iterator[Fault]:
    """Protocol and report print facts on the registries with their dates: a document cannot hold what was read after it."""
    versions = subject.study.documents
    dates = {"protocol": versions.protocol.date}
    if subject.results is not None and versions.report is not None:
        dates["report"] = versions.report.date
    printed = [
        (registry.short_name, name.replace("_", " "), fact.date)
        for registry in (subject.network.registry(each.registry) for each in subject.study.participation)
        for name, fact in registry.facts.items()
        if fact.date is not None
    ]
    for document, date in dates.items():
        younger = [(whose, name, when) for whose, name, when in printed if _earliest(when) > date]
        if younger:
            whose, name, when = younger[0]
            count = "a fact" if len(younger) == 1 else f"{len(younger)} facts"
            what = f"the {document} of {date} prints {count} on registries with a later date, first: {whose}, {name} ({when})"
            remedy = "Date the document after the facts that it prints, or give the facts the date for which they hold."
            yield subject.fault(("documents", document, "date"), what, remedy)


def protocol_knows_the_amended_plan(subject: Subject) -> Iterator[Fault]:
    """The protocol prints the analyses as they now are: it is not older than an amendment of the plan that changed them."""
    protocol = subject.study.documents.protocol
    for n, amendment in enumerate(subject.study.plan_amendments):
        if amendment.analyses and amendment.date > protocol.date:
            what = (
                f"version {amendment.version} of the analysis plan changed analyses on {amendment.date}, "
                f"and the protocol, which prints them, is version {protocol.version} of {protocol.date}"
            )
            remedy = "Give the protocol a new version with an entry under amendments, which says whether results were known."
            yield subject.fault(("plan_amendments", n, "date"), what, remedy)


def _earliest(partial: str) -> datetime.date:
    """The first day of a year or month, or the day itself."""
    year, month, day = (*(int(part) for part in partial.split("-")), 1, 1)[:3]
    return datetime.date(year, month, day)


def _first_version(subject: Subject) -> datetime.date | None:
    """The date of protocol version 1.0: of the present one, or of the oldest frozen plan."""
    protocol = subject.study.documents.protocol
    if protocol.version == "1.0":
        return protocol.date
    frozen = [each.record.protocol for each in subject.frozen if each.record.protocol.version == "1.0"]
    return frozen[0].date if frozen else None


RULES: Mapping[str, Rule] = {
    "M43": substances_have_the_role_of_their_group,
    "M44": exposure_begins_on_day_0,
    "M45": milestones_are_told_apart,
    "M47": report_follows_its_data,
    "M48": amendments_follow_the_first_version,
    "M49": facts_are_not_younger_than_the_document,
    "M50": protocol_knows_the_amended_plan,
}
"""By the rule's id in `templates/guidance/rules/`."""
