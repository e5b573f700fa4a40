"""Tables of who asks whom: the applicant, the procedure, contacts, what happened before, the documents of the dossier."""

from __future__ import annotations

from studygen.definition import is_applicable
from studygen.displays.cells import Content, row, table
from studygen.displays.dossier.frame import DossierFrame
from studygen.displays.fact_dates import day_of
from studygen.displays.formats import day_text, sentence_case
from studygen.document.nodes import Slot, Table


def applicant(frame: DossierFrame, slot: Slot) -> Table:
    """Who applies; not numbered, not listed."""
    wording, applicant = frame.texts.of("applicant"), frame.definition.applicant
    contents: dict[str, Content] = {
        "name": applicant.name,
        "body": applicant.body,
        "address": applicant.address,
        "represents": applicant.represents,
    }
    rows = tuple(row(frame, wording.row(key), content) for key, content in contents.items())
    return Table(slot.id, (), (), rows, (1.0, 2.6))


def procedure(frame: DossierFrame, slot: Slot) -> Table:
    """What is asked for, and where it stands; not numbered, not listed."""
    wording, asked, texts = frame.texts.of("procedure"), frame.definition.procedure, frame.texts
    start = asked.proposed_start
    contents: dict[str, Content] = {
        "outcome": sentence_case(texts.word("procedure_outcome", asked.outcome)),
        "scope": sentence_case(texts.word("kind_many", asked.scope)),
        "later": sentence_case(texts.word("kind_many", asked.later_scope)) if asked.later_scope else texts.say("patterns.none"),
        "basis": asked.legal_basis,
        "state": sentence_case(texts.word("procedure_state", asked.state)),
        "number": asked.number,
        "identifier": asked.research_product_identifier,
        "start": day_text(start, texts) if is_applicable(start) else start,  # type: ignore[arg-type, dict-item]
    }
    rows = tuple(row(frame, wording.row(key), content) for key, content in contents.items())
    return Table(slot.id, (), (), rows, (1.0, 2.6))


def contacts(frame: DossierFrame, slot: Slot) -> Table:
    """The roles that answer for the dossier and its parts."""
    wording = frame.texts.of("contacts")
    body = [
        row(
            frame,
            sentence_case(each.role),
            each.affiliation,
            each.responsibilities,
            each.contact or wording.say("words.open"),
        )
        for each in frame.definition.contacts
    ]
    columns = wording.columns("role", "affiliation", "responsibilities", "contact")
    return table(frame, slot, wording.caption(), columns, body, (1.3, 1.5, 2.2, 1.3))


def interactions(frame: DossierFrame, slot: Slot) -> Table:
    """What happened between network and authorities before the application."""
    wording = frame.texts.of("interactions")
    body = []
    for each in frame.definition.interactions:
        kind = sentence_case(frame.texts.word("interaction_kind", each.kind))
        body.append(row(frame, day_of(frame, each.date), [each.body, kind], each.what, each.reference or None))
    columns = wording.columns("date", "body", "what", "reference")
    return table(frame, slot, wording.caption(), columns, body, (0.9, 1.4, 2.8, 1.4))


def documents(frame: DossierFrame, slot: Slot) -> Table:
    """The documents of the dossier with reference, version, date and state; those that are not made say so."""
    wording, made = frame.texts.of("dossier-documents"), frame.definition.documents
    body = []
    for name in type(made).model_fields:
        version = getattr(made, name)
        label = sentence_case(frame.texts.word("dossier_document", name))
        if version is None:
            body.append(row(frame, label, wording.say("words.missing"), None, None))
            continue
        state = sentence_case(frame.texts.word("document_status", version.status))
        dated = wording.say("words.version", version=version.version, date=day_text(version.date, frame.texts))
        body.append(row(frame, label, version.reference, dated, state))
    columns = wording.columns("document", "reference", "version", "state")
    return table(frame, slot, wording.caption(), columns, body, (2.2, 1.6, 1.7, 0.9))
