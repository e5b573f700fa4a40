"""The conditions of checklists about the analyses: strata, modifiers, what is varied, how results are combined, who repeats
them."""

from __future__ import annotations

from studygen.definition import is_applicable
from studygen.guidance.prose import in_words
from studygen.study.objectives import Pooling
from studygen.study.study import Study

OUTCOME_FOUND = (
    r"misclassif|ascertain|definition of the outcome|outcome definition|adjudicat|confirmed|\bare found\b|rely on reports"
)
"""Words by which an analysis says that it varies how the outcome is found or defined."""


def effect_modifiers_named(study: Study) -> bool:
    """A covariate is a possible effect modifier, or an analysis is one of subgroups."""
    return stratified(study) or any("modifier" in each.role for each in study.covariates)


def stratified(study: Study) -> bool:
    """At least one analysis is one of subgroups."""
    return any(each.role == "subgroup" for each in study.analyses)


def described_by_strata(study: Study) -> bool:
    """An analysis is one of subgroups, or the description is to be given by age, sex or other strata."""
    return stratified(study) or in_words(r"\bby (age|sex)\b|\bstratif", str(study.plan.descriptive))


def varied(study: Study) -> bool:
    """At least one planned analysis varies another."""
    return any(each.sensitivity and not each.post_hoc for each in study.analyses)


def sensitivity_planned(study: Study) -> bool:
    """At least one planned analysis varies another, or combines results in more than one way or without each source in turn."""
    return varied(study) or any(each.beside or each.leave_one_out for each in _combined(study))


def ways_alone(study: Study) -> bool:
    """No analysis varies another; results are combined in more than one way, and never without a source."""
    ways = _combined(study)
    return not varied(study) and any(each.beside for each in ways) and not any(each.leave_one_out for each in ways)


def left_out_in_turn(study: Study) -> bool:
    """No analysis varies another; results are also combined without each source in turn."""
    return not varied(study) and any(each.leave_one_out for each in _combined(study))


def _combined(study: Study) -> tuple[Pooling, ...]:
    return tuple(each.pooling for each in study.analyses if isinstance(each.pooling, Pooling) and not each.post_hoc)


def outcome_misclassification_analysed(study: Study) -> bool:
    """A sensitivity analysis varies how the outcome is found or defined."""
    texts = [f"{each.label} {each.sensitivity.varied} {each.sensitivity.why}" for each in study.analyses if each.sensitivity]
    return in_words(OUTCOME_FOUND, *texts)


def independent_review_stated(study: Study) -> bool:
    """Quality control, the responsibilities or other aspects name an independent repetition or review, or a board that gives
    one."""
    texts = [str(study.data.quality_control), *(each.responsibilities for each in study.responsible_parties)]
    texts += [str(study.other_aspects)] if is_applicable(study.other_aspects) else []
    return in_words(r"\bindependent(ly)?\b|\bsteering\b|\badvisory\b|\bsecond reading\b", *texts)


CONDITIONS = (
    effect_modifiers_named,
    stratified,
    described_by_strata,
    sensitivity_planned,
    ways_alone,
    left_out_in_turn,
    outcome_misclassification_analysed,
    independent_review_stated,
)
