"""Who the study is: identity, regulatory purpose, products, holder, parties, document versions, amendments, milestones."""

from __future__ import annotations

import datetime
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from studygen.definition import Applicable, Declared, Id, Prose

CountryCode = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]
"""ISO 3166-1 alpha-2."""

AtcCode = Annotated[str, StringConstraints(pattern=r"^[A-Z]\d{2}([A-Z]([A-Z](\d{2})?)?)?$")]
"""A WHO ATC code of any level, e.g. L04AA40."""


class Regulatory(Declared):
    """Why a regulator will read this study."""

    purpose: Literal[
        "imposed_category_1",
        "imposed_category_2",
        "required_category_3",
        "paes_imposed",
        "voluntary",
    ]
    """The study's standing: imposed as a condition of the marketing authorisation (category 1), a specific obligation
    (category 2), required in the risk management plan (category 3), an imposed PAES, or voluntary."""
    concern: Prose
    """The safety concern, or for a PAES the efficacy uncertainty, that the study addresses."""
    decision: Prose
    """The regulatory decision that the results will inform."""
    efficacy_situation: Literal["a", "b", "c", "d", "e", "f", "g"] | None = None
    """PAES only: the limb of Article 1(2) of Delegated Regulation (EU) No 357/2014."""
    procedure_number: Applicable[str]
    joint: bool = False
    """Whether several marketing authorisation holders carry the study together (Joint PASS)."""


class Register(Declared):
    """The study's entry in the HMA-EMA Catalogue of real-world data studies."""

    number: Annotated[str, StringConstraints(pattern=r"^EUPAS(\d{4,6}|\d{10})$")] | None = None
    """The EU PAS number; leave it out while the study is not registered."""
    registered_on: datetime.date | None = None
    note: Prose | None = None


class Substance(Declared):
    """An active substance with its present and earlier ATC codes; registries hold both."""

    id: Id
    name: str
    group: str
    """Pharmacotherapeutic group."""
    atc: AtcCode
    atc_earlier: tuple[AtcCode, ...] = ()
    role: Literal["studied", "comparator"] = "studied"


class MedicinalProduct(Declared):
    name: str
    reference: str
    """EU/… number of the product."""


class Products(Declared):
    substances: Annotated[tuple[Substance, ...], Field(min_length=1)]
    medicinal_products: Applicable[tuple[MedicinalProduct, ...]]


class Holder(Declared):
    """A marketing authorisation holder that initiates, manages or finances the study."""

    name: str
    address: str
    contact: str


class Party(Declared):
    """A person or body responsible for a part of the study. Example studies name roles, not persons."""

    id: Id
    kind: Literal["investigator", "other"]
    """`investigator`: main, co-ordinating or principal investigator; `other`: everybody else."""
    role: str
    name: str
    qualification: str = ""
    affiliation: str
    contact: str = ""
    responsibilities: str
    registry: Id | None = None


class DocumentVersion(Declared):
    """Version of one document made from this definition."""

    reference: Annotated[str, StringConstraints(pattern=r"^[A-Z0-9][A-Z0-9-]*$")]
    """Document id shown on every page, e.g. BMSD-PASS-EX1-PRO."""
    version: Annotated[str, StringConstraints(pattern=r"^\d+\.\d+$")]
    date: datetime.date
    status: Literal["draft", "final"] = "draft"
    author: Id
    """Id of the responsible party who is the document's main author."""


class ProtocolVersion(DocumentVersion):
    """Version of the protocol."""

    checklist_signed: datetime.date | None = None
    """When the main author signed the ENCePP checklist for this version; leave it out until then."""


class Interim(Declared):
    """What makes a report an interim report: it shows the data up to a day, and the study goes on."""

    cut_off: datetime.date
    """Last day of the data shown; no delivery may have a later data cut."""
    label: str = ""
    """Which one, where there are several ("Interim report 1")."""


class ReportVersion(DocumentVersion):
    """Version of the report."""

    interim: Interim | None = None
    """Only while the report is an interim report: title and every page say so. Leave it out for the final report."""


class DocumentVersions(Declared):
    protocol: ProtocolVersion
    sap: DocumentVersion
    report: ReportVersion | None = None


class StandAloneDocument(Declared):
    """A document that is listed in Annex 1 instead of being part of the protocol or report."""

    reference: str
    date: datetime.date
    title: str


class Amendment(Declared):
    """A change of the protocol after its first final version."""

    number: int
    date: datetime.date
    section: str
    change: Prose
    reason: Prose
    substantial: bool
    impact: Prose | None = None


class PlanAmendment(Declared):
    """A new version of the statistical analysis plan after its first final one."""

    version: Annotated[str, StringConstraints(pattern=r"^\d+\.\d+$")]
    date: datetime.date
    change: Prose
    reason: Prose
    data_seen: bool
    """Whether comparative results were known when the plan was changed."""
    analyses: tuple[Id, ...] = ()
    """Ids of the analyses that it concerns, or of other parts of the plan."""


class Milestone(Declared):
    """A planned and, once reached, an actual date."""

    kind: Literal[
        "registration",
        "start_of_data_collection",
        "end_of_data_collection",
        "progress_report",
        "interim_report",
        "final_report",
        "ethics_approval",
        "database_lock",
        "other",
    ]
    label: str | None = None
    """Needed for `other`, and to tell several of one kind apart ("Interim report 1")."""
    planned: datetime.date | None = None
    actual: datetime.date | None = None
    comment: str = ""
