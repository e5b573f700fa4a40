"""Who takes part and under which rules: participation, overlap, disclosure, quality, people's protection, dissemination,
and the report's own narrative."""

from __future__ import annotations

import datetime
from typing import Annotated, Literal

from pydantic import Field

from studygen.definition import Applicable, Declared, Id, Prose
from studygen.study.identity import CountryCode


class Approval(Declared):
    """Ethics approval or data-protection basis at one registry."""

    status: Literal["approved", "submitted", "pending", "not_required", "in_source_publication"]
    body: str = ""
    reference: str = ""
    date: datetime.date | None = None
    note: str = ""


class Availability(Declared):
    """Whether a registry holds what an outcome or covariate needs."""

    variable: Id
    state: Literal["available", "partial", "not_collected", "unconfirmed"]
    note: str = ""


class Participation(Declared):
    """One registry's decision and its data for this study (HARPER Table 12)."""

    registry: Id
    decision: Literal["accepted", "accepted_with_limits", "declined", "pending", "withdrawn", "published_results"]
    decided_on: datetime.date | None = None
    reason: str
    """Why; for a pending decision, what it waits for."""
    objectives: tuple[Id, ...] = ()
    """The objectives that the registry contributes to; empty means all (of a registry that takes part)."""
    study_period: str = ""
    entry_period: str = ""
    data_version: str = ""
    extraction: str = ""
    """Sampling or extraction criteria."""
    data_types: str = ""
    linkage: str = ""
    cdm: str = ""
    software: str = ""
    reason_for_selection: str = ""
    strengths: str = ""
    limitations: str = ""
    ethics: Approval
    data_protection: Approval
    adverse_events: str
    """How the registry records adverse events."""
    variables: tuple[Availability, ...] = ()
    small_cell_threshold: Annotated[int, Field(ge=1)] | None = None

    @property
    def delivers(self) -> bool:
        """Whether aggregates are expected from this registry."""
        return self.decision in ("accepted", "accepted_with_limits", "published_results")


class OverlapExclusion(Declared):
    registry: Id
    exclude_countries: tuple[CountryCode, ...] = ()
    because_of: tuple[Id, ...] = ()
    """Registries that already hold these people."""


class Overlap(Declared):
    """How nobody is counted twice."""

    rule: Prose
    exclusions: tuple[OverlapExclusion, ...] = ()


class Disclosure(Declared):
    """The study's small-cell rule; the threshold in force is the largest of network, study and registry."""

    threshold: Annotated[int, Field(ge=1)]
    statement: Prose


class Limitation(Declared):
    id: Id
    kind: Literal[
        "selection_bias", "information_bias", "confounding", "missing_data", "generalisability", "random_error", "other"
    ]
    text: Prose
    mitigation: Prose


class HumanSubjects(Declared):
    ethics: Prose
    consent: Prose
    data_protection: Prose


class AdverseEvents(Declared):
    data: Literal["primary", "secondary", "combined"]
    statement: Prose
    analysed: bool
    meddra_level: str = ""


class Dissemination(Declared):
    registration: Prose
    reports: Prose
    publication: Prose


class Deviation(Declared):
    """Something done otherwise than the plan says."""

    id: Id
    date: datetime.date
    concerns: str
    analyses: tuple[Id, ...] = ()
    """Ids of the analyses that it concerns, or of other parts of the plan (objective, outcome, exposure, window, criterion,
    `follow_up`, `time_zero`, `methods`): it is the reason that is printed where they were not done as planned."""
    planned: Prose
    done: Prose
    reason: Prose
    impact: Prose


class Waiver(Declared):
    """A rule of `studygen check` that the study does not follow, with the reason that is printed."""

    rule: Annotated[str, Field(pattern=r"^[A-Z]\d\d$")]
    """The rule's id, for example P23; `studygen check --explain P23` says what it asks."""
    reason: Prose


class ReportNarrative(Declared):
    """What only the report says. Numbers in it are written with `{{ value("result-id") }}`."""

    keywords: Annotated[tuple[str, ...], Field(min_length=1, max_length=5)]
    abstract_results: Prose
    abstract_discussion: Prose
    participants: Prose
    descriptive: Prose
    outcome_data: Prose
    main_results: Prose
    other_analyses: Prose
    adverse_events: Prose
    key_results: Prose
    limitations: Prose
    interpretation: Prose
    generalisability: Prose
    other_information: Prose
    conclusion: Prose
    amendments_to_plan: Applicable[Prose]
    size_achieved: Prose
    quality_control: Prose | None = None
    """What the quality control found; what it consists of is said in `data.quality_control`."""
