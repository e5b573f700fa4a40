"""The whole plan of a study, as one frozen value, and look-ups in it by id."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from studygen.definition import Abbreviation, Applicable, Declared, NotApplicable, Prose, Slug
from studygen.study import governance as g
from studygen.study import identity as i
from studygen.study import objectives as o
from studygen.study import population as p
from studygen.study import variables as v


class Rationale(Declared):
    """HARPER section 5: four prompts."""

    condition: Prose
    """What is known about the condition."""
    exposure: Prose
    """What is known about the exposure of interest."""
    gap: Prose
    """Gaps in knowledge."""
    contribution: Prose
    """What this study is expected to contribute."""


class DataPlan(Declared):
    """Data management and quality."""

    management: Prose
    quality_control: Prose
    storage: Prose
    feasibility: Prose
    bias: Prose
    """Efforts to address bias, for the report's section 9.6."""
    transformation: Prose


class Study(Declared):
    """One study definition, format 1."""

    format: Literal[1]
    """Version of the definition format."""
    id: Slug
    kind: Literal["PASS", "PAES"]
    title: str
    """Informative; names a design term and the substance, product or class."""
    short_title: str
    """For page headers; at most 60 characters."""
    status: Literal["planned", "ongoing", "finalised", "discontinued", "cancelled"]
    evidence: Literal["none_yet", "live", "published", "simulated"]
    """What the results rest on: none yet, live deliveries, published aggregates, or simulated data. Printed on every page
    unless live."""
    illustrative: Prose | None = None
    """For an example study: what is illustrative about it. Printed on the title page; every page is marked."""
    regulatory: i.Regulatory
    registration: i.Register
    countries: Annotated[tuple[i.CountryCode, ...], Field(min_length=1)]
    countries_note: str = ""
    """Needed when the list is not yet complete."""
    products: i.Products
    holder: Applicable[Annotated[tuple[i.Holder, ...], Field(min_length=1)]]
    responsible_parties: Annotated[tuple[i.Party, ...], Field(min_length=1)]
    documents: i.DocumentVersions
    stand_alone_documents: tuple[i.StandAloneDocument, ...] = ()
    amendments: tuple[i.Amendment, ...] = ()
    plan_amendments: tuple[i.PlanAmendment, ...] = ()
    """The versions of the statistical analysis plan after its first final one, the oldest first."""
    milestones: Annotated[tuple[i.Milestone, ...], Field(min_length=1)]
    rationale: Rationale
    research_question: Prose
    objectives: Annotated[tuple[o.Objective, ...], Field(min_length=1)]
    design: o.Design
    population: p.Population
    windows: Annotated[tuple[p.Window, ...], Field(min_length=1)]
    exposures: Annotated[tuple[v.Exposure, ...], Field(min_length=1)]
    outcomes: Annotated[tuple[v.Outcome, ...], Field(min_length=1)]
    covariates: tuple[v.Covariate, ...] = ()
    follow_up: p.FollowUp
    code_lists: tuple[p.CodeList, ...] = ()
    participation: Annotated[tuple[g.Participation, ...], Field(min_length=1)]
    overlap: g.Overlap
    disclosure: g.Disclosure
    study_size: o.StudySize
    data: DataPlan
    analyses: Annotated[tuple[o.Analysis, ...], Field(min_length=1)]
    plan: o.AnalysisPlan
    limitations: Annotated[tuple[g.Limitation, ...], Field(min_length=1)]
    other_aspects: Applicable[Prose]
    human_subjects: g.HumanSubjects
    adverse_events: g.AdverseEvents
    dissemination: g.Dissemination
    deviations: tuple[g.Deviation, ...] = ()
    report: g.ReportNarrative | None = None
    waivers: tuple[g.Waiver, ...] = ()
    """Rules of `studygen check` that this study leaves aside. Those of an official source are printed with their reasons; those
    of our own are told by the check."""
    abbreviations: dict[str, Abbreviation] = Field(default_factory=dict)
    """Abbreviations of this study beyond the shared ones: short form to long form, or to `{long: …, expand: false}` when it is
    not to be written out at its first use."""

    # ------------------------------------------------ look-ups; loading has proved that every id used exists

    def window(self, id: str) -> p.Window:
        return next(x for x in self.windows if x.id == id)

    def exposure(self, id: str) -> v.Exposure:
        return next(x for x in self.exposures if x.id == id)

    def outcome(self, id: str) -> v.Outcome:
        return next(x for x in self.outcomes if x.id == id)

    def covariate(self, id: str) -> v.Covariate:
        return next(x for x in self.covariates if x.id == id)

    def objective(self, id: str) -> o.Objective:
        return next(x for x in self.objectives if x.id == id)

    def analysis(self, id: str) -> o.Analysis:
        return next(x for x in self.analyses if x.id == id)

    def substance(self, id: str) -> i.Substance:
        return next(x for x in self.products.substances if x.id == id)

    def party(self, id: str) -> i.Party:
        return next(x for x in self.responsible_parties if x.id == id)

    def code_list(self, id: str) -> p.CodeList:
        return next(x for x in self.code_lists if x.id == id)

    def analyses_of(self, objective: str) -> tuple[o.Analysis, ...]:
        """The analyses that answer an objective, in the plan's order."""
        return tuple(x for x in self.analyses if objective in x.objectives)

    @property
    def contributors(self) -> tuple[g.Participation, ...]:
        """The registries from which aggregates are expected, in the definition's order."""
        return tuple(x for x in self.participation if x.delivers)

    def comparator_of(self, objective: o.Objective) -> v.Exposure | None:
        """The comparator of an objective, None when it has none."""
        return None if isinstance(objective.comparator, NotApplicable) else self.exposure(objective.comparator)
