"""The whole qualification dossier, as one frozen value, and look-ups in it by id."""

from __future__ import annotations

import datetime
from typing import Annotated, Literal

from pydantic import Field

from studygen.definition import Abbreviation, Applicable, Declared, Id, Prose, Slug
from studygen.qualification import evidence as e
from studygen.qualification import improvement as i
from studygen.qualification import procedure as p
from studygen.qualification.context import ContextOfUse
from studygen.qualification.indicators import Indicator
from studygen.study.governance import Waiver


class Fitness(Declared):
    """How fit for purpose the network is: narrative parts of the briefing document."""

    harmonisation: Prose
    """How the same definitions are applied in each registry."""
    validation: Prose
    """What was done to validate outcomes, and what was not."""
    statistics: Prose
    """Performance of pooling, heterogeneity, small samples, disclosure control."""
    benchmarking: Prose
    """Negative controls and comparison with trials."""


class Governance(Declared):
    """Narrative parts of the governance annex, beyond the network's facts."""

    overview: Prose
    project_process: Prose
    data_protection: Prose
    safety_reporting: Prose
    regulator_access: Prose
    """How an authority can look into data that stay in the registries: audit and inspection."""
    sustainability: Prose
    change_control: Prose


class Qualification(Declared):
    """One qualification dossier, format 1."""

    format: Literal[1]
    """Version of the definition format."""
    id: Slug
    kind: Literal["qualification"]
    title: str
    short_title: Annotated[str, Field(max_length=60)]
    """For page headers; at most 60 characters."""
    as_of: datetime.date
    """The day the dossier speaks of; a fact more than 12 months older is stale."""
    illustrative: Prose | None = None
    """What is illustrative about it, printed on the title pages; every page is marked."""
    quality_evidence: Literal["none_yet", "simulated", "live"]
    """What the quality figures rest on; simulated ones are marked on every page where they appear."""
    procedure: p.Procedure
    applicant: p.Applicant
    contacts: Annotated[tuple[p.Contact, ...], Field(min_length=1)]
    interactions: tuple[p.Interaction, ...] = ()
    documents: p.DossierDocuments
    registries: Annotated[tuple[Id, ...], Field(min_length=1)]
    """The registries that the dossier is about, in the order of its tables."""
    summary: Prose
    """The executive summary, before the parts made from the rest."""
    context_of_use: ContextOfUse
    methodology: Prose
    """Description of the network and its methods."""
    fitness: Fitness
    governance: Governance
    claims: tuple[e.Claim, ...] = ()
    evidence: tuple[e.Evidence, ...] = ()
    questions: tuple[e.Question, ...] = ()
    exemplars: tuple[e.Exemplar, ...] = ()
    indicators: tuple[Indicator, ...] = ()
    gaps: tuple[i.Gap, ...] = ()
    risks: tuple[i.Risk, ...] = ()
    alternatives: tuple[i.Alternative, ...] = ()
    issues: Applicable[tuple[e.Issue, ...]]
    """Questions received on the dossier, or why there are none yet."""
    waivers: tuple[Waiver, ...] = ()
    """Rules of `studygen check` that this dossier leaves aside; printed with their reasons."""
    abbreviations: dict[str, Abbreviation] = Field(default_factory=dict)
    """Abbreviations beyond the shared ones."""

    # ------------------------------------------------ look-ups; loading has proved that every id used exists

    def contact(self, id: str) -> p.Contact:
        return next(x for x in self.contacts if x.id == id)

    def claim(self, id: str) -> e.Claim:
        return next(x for x in self.claims if x.id == id)

    def piece(self, id: str) -> e.Evidence:
        """A piece of evidence by id."""
        return next(x for x in self.evidence if x.id == id)

    def indicator(self, id: str) -> Indicator:
        return next(x for x in self.indicators if x.id == id)

    def gap(self, id: str) -> i.Gap:
        return next(x for x in self.gaps if x.id == id)

    def gaps_of(self, registry: str | None) -> tuple[i.Gap, ...]:
        """The gaps of a registry, or (None) those of the network as a whole."""
        return tuple(x for x in self.gaps if x.registry == registry)

    def claims_on(self, evidence: str) -> tuple[e.Claim, ...]:
        """The claims that rest on a piece of evidence."""
        return tuple(x for x in self.claims if evidence in x.evidence)

    def questions_on(self, evidence: str) -> tuple[e.Question, ...]:
        """The questions whose position rests on a piece of evidence."""
        return tuple(x for x in self.questions if evidence in x.evidence)

    def minimum(self, indicator: str, registry: str) -> float:
        """The minimum of an indicator for a registry: the strictest of the conditions that bind it, else the indicator's own."""
        found = self.indicator(indicator)
        own = [
            least.value
            for condition in self.context_of_use.conditions
            if not condition.registries or registry in condition.registries
            for least in condition.minimum
            if least.indicator == indicator
        ]
        return (max if found.direction == "at_least" else min)(own, default=found.minimum)

    @property
    def exemplar_results(self) -> dict[str, tuple[str, ...]]:
        """The result ids that the dossier refers to, by study: those shown of exemplars and those used as evidence."""
        used: dict[str, dict[str, None]] = {}
        for exemplar in self.exemplars:
            used.setdefault(exemplar.study, {}).update(dict.fromkeys(result.id for result in exemplar.results))
        for piece in self.evidence:
            if piece.scheme == "study":
                study, result = piece.address
                used.setdefault(study, {})[result] = None
        return {study: tuple(results) for study, results in used.items()}
