"""Who is studied and when: setting, windows, time zero, criteria, follow-up, code lists."""

from __future__ import annotations

import datetime
from typing import Annotated, Literal

from pydantic import Field

from studygen.definition import Applicable, Declared, Id, Prose

CareSetting = Literal["IP", "OP", "ED", "OT", "n/a"]
"""HARPER key: inpatient, outpatient, emergency department, other, not applicable."""

WindowEdge = int | Literal["all_available_data", "end_of_follow_up"]
"""A day relative to day 0 (the index date), or an open end."""


class Measured(Declared):
    """What HARPER asks of everything that is measured: where, with which codes, how valid, whose algorithm."""

    care_setting: tuple[CareSetting, ...] = ("n/a",)
    code_lists: tuple[Id, ...] = ()
    diagnosis_position: Literal["primary", "secondary", "any", "n/a"] = "n/a"
    validation: str = "n/a"
    """Measurement characteristics or validation."""
    algorithm_source: str = "n/a"


class Window(Declared):
    """A span of days relative to day 0, both ends included. Written once here; tables, diagram and prose use it by id."""

    id: Id
    label: str
    kind: Literal["washout", "exclusion", "eligibility", "covariate", "outcome_washout", "exposure", "follow_up"]
    start_day: WindowEdge
    end_day: WindowEdge
    rationale: str


class TimeZero(Measured):
    """The anchor of patient time (HARPER Table 3)."""

    population: str
    """Name of the study population that this entry defines."""
    anchor: str
    """What happens on day 0."""
    entries: Literal["single", "multiple"]
    type_of_entry: Literal["incident", "prevalent"]
    washout: Id | None = None
    """Window that must be free of the anchoring exposure."""
    incident_with_respect_to: str
    rationale: Prose


class Criterion(Measured):
    """An inclusion or exclusion criterion (HARPER Tables 4 and 5)."""

    id: Id
    criterion: str
    details: str
    reason: str
    """Why the criterion is needed; for an exclusion also what it is expected to cost."""
    order: int
    """Position in the sequence of application; the attrition table follows it."""
    applied: Literal["before", "after"]
    """HARPER "Order of application": before or after selection of the study entry date."""
    window: Id
    outcomes: tuple[Id, ...] = ()
    """The outcomes in whose analyses alone it applies: it leaves the study population as it is and makes an analysis set of it.
    Empty: it applies to everybody."""


class Population(Declared):
    source_population: Prose
    study_population: Prose
    sampling: Prose
    """How the study population is drawn from the source population."""
    representativeness: Prose
    enrolment_start: datetime.date
    enrolment_end: datetime.date
    follow_up_end: datetime.date
    setting: Prose
    """Care setting and visits: where and how often data arise."""
    time_zero: TimeZero
    inclusion: Annotated[tuple[Criterion, ...], Field(min_length=1)]
    exclusion: tuple[Criterion, ...] = ()


FollowUpEndKind = Literal[
    "outcome",
    "death",
    "end_of_observation",
    "day_after_index",
    "end_of_study_period",
    "end_of_exposure",
    "add_or_switch",
    "other",
]


class FollowUpEnd(Declared):
    kind: FollowUpEndKind
    details: str
    outcomes: tuple[Id, ...] = ()
    """The outcomes whose follow-up alone it ends; empty: that of all."""


class FollowUp(Declared):
    """When a person is at risk (HARPER Table 8); follow-up ends at the first of `ends`."""

    start: str
    window: Id
    ends: Annotated[tuple[FollowUpEnd, ...], Field(min_length=1)]
    rationale: Prose


class ListedCode(Declared):
    code: str
    term: str
    earlier: tuple[str, ...] = ()
    """Earlier codes of the same concept, accepted as well."""
    note: str = ""


class CodeList(Declared):
    """The codes behind a criterion, exposure, outcome or covariate."""

    id: Id
    title: str
    vocabulary: str
    version: str
    codes: Applicable[tuple[ListedCode, ...]]
    """The codes, or why they are not printed (a licensed vocabulary that registries hold themselves)."""
    source: str
