"""What is measured: exposures, outcomes, covariates."""

from __future__ import annotations

from typing import Literal

from studygen.definition import Id, Prose
from studygen.study.population import Measured


class Exposure(Measured):
    """An exposure group (HARPER Table 6)."""

    id: Id
    label: str
    """As printed inside a sentence: "cladribine tablets"."""
    role: Literal["exposure", "comparator", "cohort"]
    """`cohort`: the one group of a study without comparison."""
    details: str
    substances: tuple[Id, ...] = ()
    rule: Literal["ever_exposed", "time_on_drug", "time_on_drug_plus_effect", "intention_to_treat", "not_drug"]
    duration: Prose
    """Algorithm to define the duration of the exposure effect."""
    grace_days: int | None = None
    effect_days: int | None = None
    effect_outcomes: tuple[Id, ...] = ()
    """The outcomes for which a person counts as exposed to the end of the effect window, whatever `rule` says for the others."""
    washout: Id | None = None
    window: Id
    incident_with_respect_to: str
    justification: Prose
    """For a comparator: why it is the right one. For an exposure: why it is studied as defined."""


class Outcome(Measured):
    """An outcome (HARPER Table 7)."""

    id: Id
    label: str
    """As printed inside a sentence: "first primary invasive malignancy"."""
    rank: Literal["primary", "secondary"]
    type: Literal["time_to_event", "binary", "count", "continuous"]
    details: str
    """Operational definition."""
    washout: Id | None = None
    window: Id
    """Window in which the outcome counts."""
    lag_days: int = 0
    ascertainment: str
    """Where the outcome is found (registry report, cancer linkage, …)."""


class Covariate(Measured):
    """A covariate (HARPER Table 9)."""

    id: Id
    label: str
    details: str
    type: Literal["binary", "categorical", "continuous", "count", "date"]
    levels: tuple[str, ...] = ()
    unit: str = ""
    window: Id
    role: Literal["confounder", "effect_modifier", "confounder_and_modifier", "descriptive"] = "confounder"
