"""Whether a registry can serve an objective, judged by what it has said of the variables: the outcomes of the objective and,
where groups are compared, the covariates by which they are made comparable. Counts no persons."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from studygen.definition import NotApplicable
from studygen.study.governance import Participation
from studygen.study.objectives import Objective
from studygen.study.study import Study

Serving = Literal["can", "covariates_open", "in_part", "cannot", "open"]
"""Holds everything; holds the outcomes, but has not confirmed all covariates; holds the outcomes or covariates in part; lacks the
outcomes; has not confirmed the outcomes."""


def judged(study: Study, taking: Participation, objective: Objective) -> Serving | None:
    """How a registry can serve an objective; None when it was not asked for it."""
    if taking.objectives and objective.id not in taking.objectives:
        return None
    states = {each.variable: each.state for each in taking.variables}
    outcomes = [states.get(each, "unconfirmed") for each in objective.outcomes]
    if all(each == "unconfirmed" for each in outcomes):
        return "open"
    if all(each == "not_collected" for each in outcomes):
        return "cannot"
    if any(each != "available" for each in outcomes):
        return "in_part"
    covariates = [states.get(each, "unconfirmed") for each in _needed(study, objective)]
    if "unconfirmed" in covariates:
        return "covariates_open"
    return "in_part" if "not_collected" in covariates else "can"


def _needed(study: Study, objective: Objective) -> Sequence[str]:
    """The covariates without which the groups of an objective cannot be compared."""
    if isinstance(objective.comparator, NotApplicable):
        return ()
    return [each.id for each in study.covariates if each.role in ("confounder", "confounder_and_modifier")]
