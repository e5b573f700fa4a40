"""Whether the questions are asked in full and answered: comparator, estimand, size, main analysis, ranks, limitations (P23, P24,
S02, M19, M22, M23)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from studygen.checks.emptiness import same_words, says_nothing, word_count
from studygen.checks.subject import Rule, Subject
from studygen.definition import NotApplicable
from studygen.errors import Fault
from studygen.misfits import DataPath
from studygen.study.objectives import Estimand

FEWEST_WORDS = 4
"""An argument for or against a comparator of fewer words is none."""

BIASES = ("confounding", "selection_bias", "information_bias")
"""Kinds of limitations that every comparison has."""


def comparators_are_justified(subject: Subject) -> Iterator[Fault]:
    study = subject.study
    for n, objective in enumerate(study.objectives):
        if isinstance(objective.comparator, NotApplicable):
            reason = objective.comparator.not_applicable
            if says_nothing(reason) or word_count(reason) < FEWEST_WORDS:
                what = f'the objective "{objective.id}" has no comparator, and "{reason}" does not say why'
                yield subject.fault(
                    ("objectives", n, "comparator"), what, "Name a comparator, or say why none fits the question."
                )
    for n, exposure in enumerate(study.exposures):
        text = exposure.justification
        if exposure.role == "comparator" and (says_nothing(text) or word_count(text) < FEWEST_WORDS):
            what = f'why "{exposure.id}" is the right comparator is not said ("{text}")'
            remedy = "Say for which persons both treatments are a choice, and what speaks against other comparators."
            yield subject.fault(("exposures", n, "justification"), what, remedy)
    if study.design.kind == "new_user_active_comparator" and all(
        isinstance(each.comparator, NotApplicable) for each in study.objectives
    ):
        what = "the design has an active comparator, but no objective names one"
        yield subject.fault(("design", "kind"), what, "Name a comparator in an objective, or write single_arm_cohort or cohort.")


def primary_outcomes_have_a_size(subject: Subject) -> Iterator[Fault]:
    """Where precision is computed, it is for every outcome of every primary comparison."""
    study, scenarios = subject.study, subject.study.study_size.scenarios
    if isinstance(scenarios, NotApplicable):
        return
    sized = {each.outcome for each in scenarios}
    asked = (each for each in study.objectives if each.rank == "primary" and isinstance(each.comparator, str))
    for outcome in dict.fromkeys(outcome for each in asked for outcome in each.outcomes):
        if outcome not in sized and study.outcome(outcome).type in ("time_to_event", "binary", "count"):
            what = f'no scenario says what precision or power to expect for the primary outcome "{outcome}"'
            yield subject.fault(
                ("study_size", "scenarios"), what, "Add a scenario with its inputs, or scenarios: {not_applicable: reason}."
            )


def estimands_are_stated(subject: Subject) -> Iterator[Fault]:
    """Primary comparisons have an estimand; its attributes and strategies say something; no event has two strategies."""
    study = subject.study
    for n, objective in enumerate(study.objectives):
        place: DataPath = ("objectives", n, "estimand")
        if isinstance(objective.estimand, NotApplicable):
            if objective.rank == "primary" and isinstance(objective.comparator, str):
                what = f'the primary objective "{objective.id}" compares groups, but has no estimand'
                yield subject.fault(place, what, "State treatment, population, variable, summary and intercurrent events.")
            continue
        yield from _estimand(subject, objective.id, objective.estimand, place)
    if isinstance(study.plan.intercurrent_events, NotApplicable) and any(
        isinstance(x.estimand, Estimand) for x in study.objectives
    ):
        what = "estimands name intercurrent events, but the analysis plan says that there are none to handle"
        yield subject.fault(
            ("plan", "intercurrent_events"), what, "Say how the analyses carry out the strategies of the estimands."
        )


def _estimand(subject: Subject, objective: str, estimand: Estimand, place: DataPath) -> Iterator[Fault]:
    for name in ("treatment", "population", "variable", "summary"):
        text = getattr(estimand, name)
        if says_nothing(text):
            what = f'the estimand of "{objective}" says nothing of its {name} ("{text}")'
            yield subject.fault((*place, name), what, f"State the {name} as precisely as the protocol's tables do.")
    for m, event in enumerate(estimand.intercurrent_events):
        for name in ("event", "rationale"):
            if says_nothing(getattr(event, name)):
                what = f'an intercurrent event of "{objective}" has no {name} ("{getattr(event, name)}")'
                yield subject.fault(
                    (*place, "intercurrent_events", m, name), what, "Say which event it is and why this strategy fits."
                )
        if any(same_words(event.event, before.event) for before in estimand.intercurrent_events[:m]):
            what = f'"{event.event}" stands twice among the intercurrent events of "{objective}"'
            yield subject.fault(
                (*place, "intercurrent_events", m, "event"), what, "Give each event one strategy, or tell the two apart."
            )


def limitations_cover_the_biases(subject: Subject) -> Iterator[Fault]:
    """A comparison names what selection, information and confounding may do to it."""
    study = subject.study
    named = {each.kind for each in study.limitations}
    missing = [kind.replace("_", " ") for kind in BIASES if kind not in named]
    if missing and any(isinstance(each.comparator, str) for each in study.objectives):
        what = f"the study compares groups, but its limitations do not name {', '.join(missing)}"
        yield subject.fault(
            ("limitations",), what, "Add a limitation of each kind, with the likely direction and what is done about it."
        )


def ranks_agree(subject: Subject) -> Iterator[Fault]:
    """Primary outcomes belong to primary objectives, and the other way round."""
    study = subject.study
    primary = {id for each in study.objectives if each.rank == "primary" for id in each.outcomes}
    for n, outcome in enumerate(study.outcomes):
        if outcome.rank == "primary" and outcome.id not in primary:
            what = f'the outcome "{outcome.id}" is primary, but no primary objective asks about it'
            yield subject.fault(("outcomes", n, "rank"), what, "Make the outcome secondary, or an objective primary.")
        if outcome.rank == "secondary" and outcome.id in primary:
            what = f'a primary objective asks about "{outcome.id}", but the outcome is secondary'
            yield subject.fault(("outcomes", n, "rank"), what, "Make the outcome primary, or move it to a secondary objective.")


def every_question_is_answered_in_full(subject: Subject) -> Iterator[Fault]:
    """Each outcome of each objective has an analysis; a primary objective has a main one."""
    study = subject.study
    for n, objective in enumerate(study.objectives):
        analyses = study.analyses_of(objective.id)
        for m, outcome in enumerate(objective.outcomes):
            if analyses and outcome not in {each.outcome for each in analyses}:
                what = f'no analysis of the objective "{objective.id}" looks at its outcome "{outcome}"'
                yield subject.fault(("objectives", n, "outcomes", m), what, "Add an analysis of it, or delete it here.")
        if objective.rank == "primary" and analyses and not any(each.role == "main" for each in analyses):
            what = f'the primary objective "{objective.id}" has no main analysis'
            yield subject.fault(("objectives", n), what, "Give the analysis that answers it the role main.")


RULES: Mapping[str, Rule] = {
    "P23": comparators_are_justified,
    "P24": primary_outcomes_have_a_size,
    "S02": estimands_are_stated,
    "M19": limitations_cover_the_biases,
    "M22": ranks_agree,
    "M23": every_question_is_answered_in_full,
}
"""By the rule's id in `templates/guidance/rules/`."""
