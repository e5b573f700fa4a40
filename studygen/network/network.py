"""The network and its registries: facts with source, date and standing. Knows nothing about any one study."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Annotated, Literal, get_args

from pydantic import Field, StringConstraints

from studygen.definition import Declared, Id

PartialDate = Annotated[str, StringConstraints(pattern=r"^\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?$")]
"""A year, a month or a day."""


class Fact(Declared):
    """One fact about the network or a registry. A fact that is not confirmed carries its mark into print."""

    value: str = ""
    """The fact itself; left out only for a fact that is unknown."""
    source: str = ""
    """Where it was read: a citation or address a reader can follow. For an unknown fact: where it was looked for."""
    as_of: PartialDate | None = None
    """When it was true: year, month or day. Left out where the source gives no date."""
    looked_up: PartialDate | None = None
    """When it was last read in a source that gives no date. For an unknown fact: when it was last looked for."""
    status: Literal["confirmed", "published", "unconfirmed", "unknown"]
    """Confirmed by the registry, read in a public source, professional knowledge without confirmation, or not known to the
    coordination centre."""

    @property
    def date(self) -> str | None:
        """When it was true or, where that is not said, when it was last looked up."""
        return self.as_of or self.looked_up

    @property
    def lacking(self) -> tuple[str, ...]:
        """The keys that a fact of this status needs and does not have; loading refuses such a fact."""
        if self.status == "unknown":
            return ()
        missing = [key for key in ("value", "source") if not getattr(self, key)]
        return tuple(missing if self.date else [*missing, "as_of"])


UNKNOWN = Fact(status="unknown")
"""A fact that a profile does not hold: nobody has looked for it yet."""


class RegistryProfile(Declared):
    """What is known of one registry."""

    format: Literal[1]
    id: Id
    name: str
    short_name: str
    """As printed in tables: "DMSR", "MSBase"."""
    scope: Literal["national", "international"]
    countries: tuple[str, ...]
    """ISO 3166-1 alpha-2; empty for an international registry."""
    start: Fact
    size: Fact
    coverage: Fact
    platform: Fact
    legal_basis: Fact
    linkage: Fact
    update_cycle: Fact
    quality_control: Fact
    adverse_events: Fact
    overlap: Fact | None = None
    small_cell_threshold: Annotated[int, Field(ge=1)]
    small_cell_source: Fact
    reference: str
    """The registry's founding or describing publication."""

    # What a qualification dossier says beyond a study's documents; a fact that is left out is unknown.
    holder: Fact | None = None
    """The body that holds and answers for the data."""
    contact: Fact | None = None
    """How the registry is reached: an office or role, never a person."""
    purpose: Fact | None = None
    governance: Fact | None = None
    """Steering body and who decides on what."""
    transparency: Fact | None = None
    """What the registry makes public about its projects and rules."""
    funding: Fact | None = None
    publications: Fact | None = None
    regulatory_use: Fact | None = None
    """Earlier use of the data for regulators."""
    disease_definition: Fact | None = None
    """Who is included: diagnosis, criteria, course."""
    enrolment: Fact | None = None
    follow_up: Fact | None = None
    """Length and frequency of follow-up."""
    loss_to_follow_up: Fact | None = None
    representativeness: Fact | None = None
    data_dictionary: Fact | None = None
    terminologies: Fact | None = None
    """Coding in use: MedDRA, ATC, ICD."""
    disease_severity: Fact | None = None
    """Measures of disability, relapses and MRI."""
    treatment_records: Fact | None = None
    """Start, stop, dose and reason for stopping of treatments."""
    comorbidities: Fact | None = None
    pregnancy: Fact | None = None
    patient_reported: Fact | None = None
    vital_status: Fact | None = None
    extension: Fact | None = None
    """Whether and how variables can be added."""
    adverse_event_assessment: Fact | None = None
    """Seriousness, causality and adjudication."""
    reporting_lines: Fact | None = None
    """Reporting of adverse events to authorities and holders."""
    training: Fact | None = None
    completeness_targets: Fact | None = None
    source_data_verification: Fact | None = None
    audit: Fact | None = None
    missing_data: Fact | None = None
    duplicates: Fact | None = None
    timeliness: Fact | None = None
    """Time from an event to its entry."""
    quality_reports: Fact | None = None
    consent: Fact | None = None
    consent_scope: Fact | None = None
    """What the consent or the law allows: research, industry, regulators, linkage."""
    ethics: Fact | None = None
    controller: Fact | None = None
    """Who is controller and processor of the data."""
    access: Fact | None = None
    """Rules on access and sharing."""
    conflict_policy: Fact | None = None
    publication_policy: Fact | None = None
    security: Fact | None = None
    audit_trail: Fact | None = None
    backup: Fact | None = None
    interoperability: Fact | None = None
    """Common data models that the registry's data have been put into."""
    annual_report: Fact | None = None
    aggregate_timelines: Fact | None = None
    """How soon aggregates can be sent after a request."""
    patient_level_access: Fact | None = None
    """Whether and how an authority can see records of single persons."""

    @property
    def facts(self) -> dict[str, Fact]:
        """The facts that a study's documents show, by field name, in the order of definition."""
        return {name: fact for name in STUDY_FACTS if (fact := getattr(self, name)) is not None}

    @property
    def every_fact(self) -> dict[str, Fact]:
        """All facts by field name, in the order of definition; those that are not given are unknown."""
        return {name: getattr(self, name) or UNKNOWN for name in fact_fields(type(self))}


class NetworkProfile(Declared):
    """The network itself (`network.yaml`)."""

    format: Literal[1]
    name: str
    short_name: str
    coordination: Fact
    start: Fact
    members: Fact
    size: Fact
    independence: Fact
    project_workflow: Fact
    data_model: Fact
    adverse_event_agreement: Fact
    qualification: Fact
    small_cell_threshold: Annotated[int, Field(ge=1)]
    as_of: datetime.date

    # What a qualification dossier says beyond a study's documents; a fact that is left out is unknown.
    charter: Fact | None = None
    """The document that binds the members."""
    steering: Fact | None = None
    """Composition and voting of the steering body."""
    scientific_board: Fact | None = None
    conflict_policy: Fact | None = None
    publication_policy: Fact | None = None
    funding: Fact | None = None
    fees: Fact | None = None
    """What a sponsor pays for a project."""
    entry_and_exit: Fact | None = None
    """How registries join and leave."""
    version_control: Fact | None = None
    """How versions of data model, programs and documents are kept."""
    project_publications: Fact | None = None
    """Studies already made by the network."""
    safety_reporting: Fact | None = None
    """Who reports what to whom when a study finds an adverse reaction."""
    safety_protocol: Fact | None = None
    """The protocol for safety studies agreed between registries and companies."""
    regulator_access: Fact | None = None
    """How an authority can look into data that stay in the registries."""
    audit_readiness: Fact | None = None
    website: Fact | None = None

    @property
    def every_fact(self) -> dict[str, Fact]:
        """All facts by field name, in the order of definition; those that are not given are unknown."""
        return {name: getattr(self, name) or UNKNOWN for name in fact_fields(type(self))}


class Network(Declared):
    """The network with its registries, by id."""

    profile: NetworkProfile
    registries: tuple[RegistryProfile, ...]

    def registry(self, id: str) -> RegistryProfile:
        """The profile of a registry; loading has proved that every id a study uses exists."""
        return next(x for x in self.registries if x.id == id)


def fact_fields(profile: type[RegistryProfile] | type[NetworkProfile]) -> tuple[str, ...]:
    """The names of a profile's fields that hold facts."""
    return tuple(name for name, field in profile.model_fields.items() if Fact in (field.annotation, *get_args(field.annotation)))


STUDY_FACTS: tuple[str, ...] = (
    "start",
    "size",
    "coverage",
    "platform",
    "legal_basis",
    "linkage",
    "update_cycle",
    "quality_control",
    "adverse_events",
    "overlap",
    "small_cell_source",
)
"""The facts about a registry that every study's documents show."""

SUITABILITY: Mapping[str, tuple[str, ...]] = {
    "administrative": (
        "holder",
        "contact",
        "start",
        "purpose",
        "governance",
        "transparency",
        "funding",
        "publications",
        "regulatory_use",
    ),
    "population": (
        "disease_definition",
        "size",
        "coverage",
        "enrolment",
        "follow_up",
        "loss_to_follow_up",
        "representativeness",
        "overlap",
    ),
    "data_elements": (
        "data_dictionary",
        "terminologies",
        "disease_severity",
        "treatment_records",
        "comorbidities",
        "pregnancy",
        "patient_reported",
        "vital_status",
        "extension",
    ),
    "data_quality": (
        "quality_control",
        "training",
        "completeness_targets",
        "source_data_verification",
        "audit",
        "missing_data",
        "duplicates",
        "timeliness",
        "quality_reports",
    ),
    "governance_and_legal": (
        "legal_basis",
        "consent",
        "consent_scope",
        "ethics",
        "controller",
        "access",
        "conflict_policy",
        "publication_policy",
        "small_cell_source",
    ),
    "safety": ("adverse_events", "adverse_event_assessment", "reporting_lines"),
    "it_and_linkage": ("platform", "security", "audit_trail", "backup", "interoperability", "linkage"),
    "output": ("update_cycle", "annual_report", "aggregate_timelines", "patient_level_access"),
}
"""The groups of the checklist on the suitability of registries, with the facts that fill each: our own list after Appendix 1 of
EMA/426390/2021, whose lines were not seen."""
