"""The projects that outside sponsors bring to the network, from proposal to archive: screening, feasibility, the registries'
decisions, states. Knows no study's plan; whether plan and decisions agree is asked in the room `qualification`."""

from __future__ import annotations

import datetime
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from studygen.definition import Declared, Id, Prose, Slug
from studygen.network.data_model import VariableName

State = Literal[
    "proposed",
    "screening",
    "returned",
    "declined",
    "feasibility",
    "decisions",
    "data_model",
    "data_sets",
    "local_quality",
    "local_analysis",
    "release",
    "central_validation",
    "pooling",
    "reporting",
    "archived",
    "stopped",
]
"""Where a project stands: each step has an owner and a date."""

Decision = Literal["accepted", "accepted_with_limits", "declined", "pending", "withdrawn", "published_results"]
"""The same words as a study's participation. `published_results`: nothing was asked, published figures are used."""


class Sponsor(Declared):
    """Who asks. Example projects name kinds and roles, not companies or persons."""

    kind: Literal["marketing_authorisation_holder", "authority", "academic", "network", "other"]
    name: str
    contact: str
    """A role that can be written to."""
    funding: str
    """Who pays for what."""


class ProjectObjective(Declared):
    id: Id
    text: str


class Proposal(Declared):
    """What the sponsor asks for."""

    received: datetime.date
    regulatory_context: Prose
    question: Prose
    objectives: Annotated[tuple[ProjectObjective, ...], Field(min_length=1)]
    variables: Annotated[tuple[VariableName, ...], Field(min_length=1)]
    """Core variables asked for; ask only for what an objective uses."""
    further_variables: tuple[str, ...] = ()
    """What is asked beyond the core data model."""
    desired_start: datetime.date
    desired_report: datetime.date
    data_needed: Literal["aggregates", "aggregates_and_profiles", "patient_level"]
    """What is to leave a registry."""


class Screening(Declared):
    """The coordination centre's answer to a proposal."""

    outcome: Literal["accepted", "accepted_with_changes", "returned", "declined", "pending"]
    date: datetime.date | None = None
    by: str
    """The role that signs."""
    points: Annotated[tuple[str, ...], Field(min_length=1)]
    """What was looked at, and what was found."""
    reason: str = ""


class Feasibility(Declared):
    """One count that one registry was asked for."""

    id: Id
    label: str
    value: Annotated[int, Field(ge=0)] | None = None
    state: Literal["reported", "suppressed", "not_collected", "awaited"]


class FeasibilityRequest(Declared):
    """What one registry was asked before it decides."""

    registry: Id
    sent: datetime.date
    answered: datetime.date | None = None
    counts: tuple[Feasibility, ...] = ()
    note: str = ""


class RegistryDecision(Declared):
    """One registry's answer to a project."""

    registry: Id
    decision: Decision
    date: datetime.date | None = None
    signed_by: str = ""
    """The role that signed."""
    reason: str = ""
    """Why; for a pending decision, what it waits for."""
    objectives: tuple[Id, ...] = ()
    """The project's objectives that the registry contributes to; empty means all, for a registry that takes part."""
    limits: str = ""
    """What the registry does not allow, for a decision with limits."""

    @property
    def taken(self) -> bool:
        """Whether the registry has decided something that needs a date and a signature."""
        return self.decision not in ("pending", "published_results")


class ProjectStep(Declared):
    """One entry of a project's history."""

    state: State
    date: datetime.date
    by: str
    """The role that answers for the step."""
    note: str = ""


class Project(Declared):
    """One project (`projects/<id>.yaml`)."""

    format: Literal[1]
    id: Slug
    reference: Annotated[str, StringConstraints(pattern=r"^[A-Z0-9][A-Z0-9-]*$")]
    """Document id of the project's papers."""
    version: Annotated[str, StringConstraints(pattern=r"^\d+\.\d+$")]
    date: datetime.date
    title: str
    short_title: Annotated[str, StringConstraints(max_length=60)]
    kind: Literal["PASS", "PAES", "other"]
    study: Slug | None = None
    """The study made from it, once there is one."""
    illustrative: Prose | None = None
    """For an example project: what is illustrative about it."""
    sponsor: Sponsor
    proposal: Proposal
    screening: Screening
    feasibility: tuple[FeasibilityRequest, ...] = ()
    decisions: tuple[RegistryDecision, ...] = ()
    history: Annotated[tuple[ProjectStep, ...], Field(min_length=1)]

    @property
    def state(self) -> State:
        """Where the project stands: its last step."""
        return self.history[-1].state

    @property
    def since(self) -> datetime.date:
        """The day of its last step."""
        return self.history[-1].date

    def decision_of(self, registry: str) -> RegistryDecision | None:
        """A registry's decision, None when it was not asked."""
        return next((x for x in self.decisions if x.registry == registry), None)
