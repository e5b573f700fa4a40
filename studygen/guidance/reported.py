"""The conditions of checklists about what a report can tell: numbers, follow-up, characteristics, funding. A study whose
registries deliver can tell what they send; one on published results only what the publications hold."""

from __future__ import annotations

from studygen.definition import is_applicable
from studygen.guidance.prose import in_words
from studygen.study.study import Study

OVER_TIME = frozenset(
    {"incidence_rate", "incidence_rate_ratio", "relapse_rate_ratio", "hazard_ratio", "incidence_rate_difference"}
)
"""Measures that divide events by time or compare times."""


def registry_data(study: Study) -> bool:
    """The study uses data of registries themselves, not published results."""
    return not published_aggregates(study)


def published_aggregates(study: Study) -> bool:
    """The study rests on published results; no registry delivers."""
    return study.design.analysis == "published_aggregates"


def published_estimates(study: Study) -> bool:
    """The study rests on published results, and at least one analysis takes the estimates themselves from them."""
    return published_aggregates(study) and any(each.input == "estimates" for each in study.analyses)


def published_counts(study: Study) -> bool:
    """The study rests on published results, and all its estimates are computed from published counts."""
    return published_aggregates(study) and all(each.input == "counts" for each in study.analyses)


def events_counted(study: Study) -> bool:
    """Registries deliver, or at least one analysis starts from numbers of events."""
    return registry_data(study) or any(each.input == "counts" for each in study.analyses)


def follow_up_time_told(study: Study) -> bool:
    """Registries deliver, an analysis counts person-time, or the report gives a length of follow-up."""
    timed = any(each.input == "counts" and each.measure in OVER_TIME for each in study.analyses)
    return registry_data(study) or timed or in_words(r"\b(mean|median) follow-up\b|\bperson-years\b", *_told(study))


def loss_to_follow_up_handled(study: Study) -> bool:
    """Follow-up ends at loss to follow-up, or the plan or the report says how it is handled."""
    ends = any(each.kind == "end_of_observation" for each in study.follow_up.ends)
    plan = study.plan
    texts = (plan.general, plan.main, plan.missing_data, plan.analysis_sets, *_told(study))
    return (ends and registry_data(study)) or in_words(r"\bloss to follow-up\b|\blost to follow-up\b|\bcensor", *texts)


def characteristics_told(study: Study) -> bool:
    """The report's text describes the people by age, sex or course of the disease."""
    return in_words(r"\bage\b.*\d|\bsex\b.*\d|\bwom[ae]n\b.*\d|\bcourse\b.*\d", *(_told(study)[:1]))


def assumptions_in_abstract(study: Study) -> bool:
    """The report's abstract names an assumption, or the confounding that it leaves open."""
    report = study.report
    texts = (str(report.abstract_results), str(report.abstract_discussion)) if report else ()
    return in_words(r"\bassum(e|es|ed|ing|ption|ptions)\b|\bconfound|\bunmeasured\b", *texts)


def interests_stated(study: Study) -> bool:
    """A text says something on interests of those responsible."""
    return in_words(
        r"(conflicts?|declarations?) of interest|competing interest|interests? to (declare|be declared)", *_other(study)
    )


def funding_stated(study: Study) -> bool:
    """A text says who pays for the study."""
    return in_words(r"\bfund(ed|ing|s)?\b|\bfinanc", *_other(study))


def _told(study: Study) -> tuple[str, ...]:
    report = study.report
    return (str(report.descriptive), str(report.participants), str(report.outcome_data)) if report else ()


def _other(study: Study) -> tuple[str, ...]:
    texts = [str(study.other_aspects)] if is_applicable(study.other_aspects) else []
    return (*texts, *([str(study.report.other_information)] if study.report else []))


CONDITIONS = (
    registry_data,
    published_estimates,
    published_counts,
    events_counted,
    follow_up_time_told,
    loss_to_follow_up_handled,
    characteristics_told,
    assumptions_in_abstract,
    interests_stated,
    funding_stated,
)
