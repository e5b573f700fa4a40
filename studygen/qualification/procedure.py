"""Who asks whom for what: procedure, applicant, contacts, the product identifier, what happened before, document versions.
Knows no content of the dossier."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Literal

from studygen.definition import Applicable, Declared, Id, Prose
from studygen.network.network import PartialDate
from studygen.study.identity import DocumentVersion


class Procedure(Declared):
    """Which procedure is asked for."""

    outcome: Literal["opinion", "advice"]
    """`opinion`: acceptability of a specific use on submitted data, always published after consultation; `advice`: on methods
    still in development, confidential."""
    scope: Literal["PASS", "PAES"]
    """The kind of studies that this dossier is about."""
    later_scope: Literal["PASS", "PAES"] | None = None
    """The kind of studies that a later dossier will be about."""
    state: Literal["in_preparation", "submitted", "validated", "under_evaluation", "draft_opinion", "adopted", "withdrawn"]
    legal_basis: str
    number: Applicable[str]
    """The procedure number, once there is one."""
    research_product_identifier: Applicable[str]
    """RPI of the submission portal, once there is one."""
    proposed_start: Applicable[datetime.date]
    other_bodies: Prose
    """Other agencies and bodies that are or should be involved."""
    methodology: Prose
    """The methodology on one page, for the letter of intent."""
    need: Prose
    """Statement of the need and the regulatory impact."""


class Applicant(Declared):
    """Who applies: the network and the body that signs for it. Roles, not persons."""

    name: str
    body: str
    """The legal person that signs."""
    address: str
    represents: Prose
    """For whom the applicant speaks, and on which authority."""


class Contact(Declared):
    """A role that answers for a part of the dossier."""

    id: Id
    role: str
    affiliation: str
    responsibilities: str
    contact: str = ""
    registry: Id | None = None
    """The registry it stands for; left out for the coordination centre."""


class Interaction(Declared):
    """One contact with a regulator or another body before the application."""

    id: Id
    date: PartialDate
    """Year, month or day."""
    body: str
    kind: Literal["workshop", "meeting", "letter", "advice", "consultation", "publication", "other"]
    what: Prose
    reference: str = ""
    """Document or procedure number, or an address a reader can follow."""
    evidence: tuple[Id, ...] = ()


class DossierDocuments(Declared):
    """Versions of the documents made from this definition; one that is left out is not made. A key with hyphens instead of
    underscores is the name of its folder in `templates/`."""

    letter_of_intent: DocumentVersion | None = None
    briefing_document: DocumentVersion | None = None
    registry_profiles: DocumentVersion | None = None
    """One document per registry; the registry's id is added to the reference."""
    data_dictionary: DocumentVersion | None = None
    governance_annex: DocumentVersion | None = None
    quality_report: DocumentVersion | None = None
    exemplar_studies: DocumentVersion | None = None
    gap_table: DocumentVersion | None = None
    list_of_issues_answers: DocumentVersion | None = None
    project_register: DocumentVersion | None = None

    def by_name(self) -> Mapping[str, DocumentVersion]:
        """The documents that are made, by folder name (`letter-of-intent`), in the order of the fields."""
        found = {name.replace("_", "-"): getattr(self, name) for name in type(self).model_fields}
        return {name: version for name, version in found.items() if version is not None}
