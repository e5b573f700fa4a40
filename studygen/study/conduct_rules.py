"""Rules on conduct: regulatory kind, registries' decisions, exposure rules, documents and what is printed on every page."""

from __future__ import annotations

from collections.abc import Iterator

from studygen.errors import Fault
from studygen.study.written import Written

SHORT_TITLE_LENGTH = 60


def regulatory_kind_fits(written: Written) -> Iterator[Fault]:
    """Only a PAES has a situation of Article 1(2) of Delegated Regulation (EU) No 357/2014."""
    study = written.study
    if study.kind == "PAES" and study.regulatory.efficacy_situation is None:
        what = "a PAES names the situation of Article 1(2) of Delegated Regulation (EU) No 357/2014"
        yield written.fault(("regulatory", "efficacy_situation"), what, 'Add "efficacy_situation:" with a letter from a to g.')
    if study.kind == "PASS" and study.regulatory.efficacy_situation is not None:
        what = "only a PAES has an efficacy situation"
        yield written.fault(("regulatory", "efficacy_situation"), what, 'Delete the key, or write "kind: PAES".')
    if study.kind == "PASS" and study.regulatory.purpose == "paes_imposed":
        what = 'the purpose "paes_imposed" does not fit a PASS'
        yield written.fault(("regulatory", "purpose"), what, 'Write another purpose, or "kind: PAES".')


def decisions_are_complete(written: Written) -> Iterator[Fault]:
    """A registry that does not (yet) take part says why; one that has decided says when; limits are spelled out."""
    for n, participation in enumerate(written.study.participation):
        decision = participation.decision
        if decision in ("declined", "pending", "withdrawn") and not participation.reason:
            what = f'the decision is "{decision}", but no reason is given'
            yield written.fault(("participation", n, "reason"), what, 'Say in "reason" why, or what the decision waits for.')
        if decision not in ("pending", "published_results") and participation.decided_on is None:
            what = f'the decision is "{decision}", but not when it was taken'
            yield written.fault(("participation", n, "decided_on"), what, 'Add "decided_on: YYYY-MM-DD".')
        if decision == "pending" and participation.decided_on is not None:
            what = "a pending decision has no date yet"
            yield written.fault(("participation", n, "decided_on"), what, 'Delete "decided_on", or state the decision.')
        if decision == "accepted_with_limits" and not (participation.objectives or participation.reason):
            what = "the registry takes part with limits, but these are not stated"
            yield written.fault(("participation", n), what, 'Name the "objectives" it contributes to, or the limits in "reason".')


def effect_windows_have_a_length(written: Written) -> Iterator[Fault]:
    for n, exposure in enumerate(written.study.exposures):
        if exposure.rule == "time_on_drug_plus_effect" and exposure.effect_days is None:
            what = 'the rule "time_on_drug_plus_effect" needs the length of the effect'
            yield written.fault(("exposures", n, "effect_days"), what, 'Add "effect_days:" with a number of days.')
        if exposure.effect_outcomes and exposure.effect_days is None:
            what = "outcomes are named for which the effect ends, but not after how many days"
            yield written.fault(("exposures", n, "effect_outcomes"), what, 'Add "effect_days:" with a number of days.')


def report_has_its_narrative(written: Written) -> Iterator[Fault]:
    study = written.study
    if study.documents.report and not study.report:
        what = "documents names a report, but the report's own texts are missing"
        yield written.fault(("documents", "report"), what, 'Add the part "report:", or delete this entry until results exist.')
    if study.report and not study.documents.report:
        what = "the report's texts are here, but the report has no reference, version and date"
        yield written.fault(("report",), what, 'Add "report:" under "documents:".')


def interim_report_follows_its_cut_off(written: Written) -> Iterator[Fault]:
    report = written.study.documents.report
    if report and report.interim and report.interim.cut_off > report.date:
        what = f"the data cut-off ({report.interim.cut_off}) is after the date of the interim report ({report.date})"
        yield written.fault(("documents", "report", "interim", "cut_off"), what, "Correct one of the two dates.")


def short_title_fits_the_header(written: Written) -> Iterator[Fault]:
    length = len(written.study.short_title)
    if length > SHORT_TITLE_LENGTH:
        what = f"the short title has {length} characters"
        yield written.fault(("short_title",), what, f"Shorten it to {SHORT_TITLE_LENGTH}; it stands in every page header.")


def countries_are_stated(written: Written) -> Iterator[Fault]:
    """With an international registry the list of countries is open, which the note must say."""
    study = written.study
    open_ended = [x.registry for x in study.participation if x.registry in written.international]
    if open_ended and not study.countries_note:
        what = f'"{open_ended[0]}" is an international registry, so the list of countries is not complete'
        yield written.fault(("countries",), what, 'Say in "countries_note" which countries it adds, or that they are still open.')
