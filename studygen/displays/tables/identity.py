"""Tables of the title page and of the study's life: PASS information, holders, responsible parties, amendments, milestones,
stand-alone documents. Labels are those of the official formats."""

from __future__ import annotations

import datetime

from studygen.definition import NotApplicable
from studygen.displays.cells import Content, bullets, row, table, unbroken, yes_no
from studygen.displays.formats import day_text, listing, sentence_case
from studygen.displays.frame import Frame
from studygen.displays.tables.lists import Column, list_table
from studygen.document.nodes import Slot, Table
from studygen.study.identity import DocumentVersion, Milestone, Substance


def pass_information(frame: Frame, slot: Slot) -> Table:
    """The thirteen rows of the PASS information table; not numbered, not listed."""
    study, texts = frame.study, frame.texts
    wording = texts.of("pass-information")
    document = frame.option(slot, "document")
    version = study.documents.protocol if document == "protocol" else study.documents.report
    contents: dict[str, Content] = {
        "title": study.title,
        f"version_{document}": _version(frame, version),
        f"date_{document}": day_text(version.date, texts) if version else None,
        "register": [study.registration.number or wording.say("words.not_registered"), study.registration.note],
        "substance": [_substance(frame, each) for each in _studied(frame)],
        "product": _products(frame, "name"),
        "product_reference": _products(frame, "reference"),
        "procedure": study.regulatory.procedure_number,
        "holder": study.holder if isinstance(study.holder, NotApplicable) else [each.name for each in study.holder],
        "joint": yes_no(frame, study.regulatory.joint),
        "question": [study.research_question, bullets(frame, [each.text for each in study.objectives])],
        "countries": [listing([texts.country(code) for code in study.countries], texts), study.countries_note],
        "author": _author(frame, version),
    }
    rows = [row(frame, wording.row(key), content) for key, content in contents.items()]
    return Table(slot.id, (), (), tuple(rows), (1.0, 2.2))


def _version(frame: Frame, version: DocumentVersion | None) -> str | None:
    if version is None or version.status == "final":
        return version.version if version else None
    status = frame.texts.word("document_status", version.status)
    return frame.texts.of("pass-information").say("words.version_status", version=version.version, status=status)


def _studied(frame: Frame) -> list[Substance]:
    """The substances under study; comparators only when nothing else is named."""
    substances = frame.study.products.substances
    return [each for each in substances if each.role == "studied"] or list(substances)


def _substance(frame: Frame, substance: Substance) -> str:
    wording = frame.texts.of("pass-information")
    code = "substance_earlier" if substance.atc_earlier else "substance"
    earlier = listing(substance.atc_earlier, frame.texts)
    group = sentence_case(substance.group)
    return wording.say(f"words.{code}", group=group, name=substance.name, atc=substance.atc, earlier=earlier)


def _products(frame: Frame, part: str) -> Content:
    products = frame.study.products.medicinal_products
    return products if isinstance(products, NotApplicable) else [str(getattr(each, part)) for each in products]


def _author(frame: Frame, version: DocumentVersion | None) -> Content:
    if version is None:
        return None
    party = frame.study.party(version.author)
    return [party.name, party.affiliation, party.contact]


def holder(frame: Frame, slot: Slot) -> Table:
    """The second block of the title page: each holder's name and address, and its contact person; not numbered."""
    wording, holders = frame.texts.of("holder"), frame.study.holder
    if isinstance(holders, NotApplicable):
        rows = [row(frame, wording.row("name"), holders), row(frame, wording.row("contact"), holders)]
    else:
        rows = []
        for each in holders:
            rows.append(row(frame, wording.row("name"), [each.name, each.address]))
            rows.append(row(frame, wording.row("contact"), each.contact))
    return Table(slot.id, (), (), tuple(rows), (1.0, 2.2))


def responsible_parties(frame: Frame, slot: Slot) -> Table:
    """Who is responsible for what: investigators, other parties, or all."""
    wording, kind = frame.texts.of("responsible-parties"), frame.option(slot, "kind")
    parties = [each for each in frame.study.responsible_parties if kind in (each.kind, "all")]
    body = [
        row(
            frame,
            sentence_case(each.role),
            [each.name, each.qualification],
            [each.affiliation, each.contact],
            each.responsibilities,
        )
        for each in parties
    ]
    columns = wording.columns("role", "name", "affiliation", "responsibilities")
    return table(frame, slot, wording.inline(f"captions.{kind}"), columns, body, (1.2, 1.3, 1.6, 1.8))


def milestones(frame: Frame, slot: Slot) -> Table:
    """Planned dates with comments, where there are some; for the report also actual dates."""
    wording, asked, actual = frame.texts.of("milestones"), frame.study.milestones, frame.option(slot, "columns") == "actual"
    columns = [
        Column(wording.say("columns.milestone"), [milestone_label(frame, each) for each in asked], 2.0),
        Column(wording.say("columns.planned"), [_date(frame, each.planned) for each in asked], 1.2),
        *([Column(wording.say("columns.actual"), [_date(frame, each.actual) for each in asked], 1.2)] if actual else []),
        Column(wording.say("columns.comments"), [each.comment for each in asked], 1.8, optional=not actual),
    ]
    caption = wording.inline("captions.actual" if actual else "captions.planned")
    return list_table(frame, slot, caption, columns, missing="none_key")


def _date(frame: Frame, date: datetime.date | None) -> str | None:
    """A date on one line."""
    return unbroken(day_text(date, frame.texts)) if date else None


def milestone_label(frame: Frame, milestone: Milestone) -> str:
    """A milestone's official name, with its own label where several are of one kind."""
    name = frame.texts.word("milestone", milestone.kind)
    if milestone.label is None:
        return name
    if milestone.kind == "other":
        return milestone.label
    return frame.texts.of("milestones").say("words.labelled", milestone=name, label=milestone.label)


def amendments(frame: Frame, slot: Slot) -> Table:
    """Changes of the protocol after its first final version; "None" when there are none."""
    wording = frame.texts.of("amendments")
    body = []
    for each in frame.study.amendments:
        standing = wording.say("words.substantial" if each.substantial else "words.not_substantial")
        impact = [wording.say("words.impact"), each.impact] if each.impact else None
        body.append(
            row(
                frame,
                str(each.number),
                _date(frame, each.date),
                each.section,
                [each.change, standing],
                [each.reason, impact],
            )
        )
    columns = wording.columns("number", "date", "section", "change", "reason")
    return table(frame, slot, wording.caption(), columns, body, (0.7, 1.1, 1.2, 2.4, 2.4))


def stand_alone_documents(frame: Frame, slot: Slot) -> Table:
    """The documents that belong to the study and stand alone."""
    wording = frame.texts.of("stand-alone-documents")
    body = [
        row(frame, str(number), each.reference, _date(frame, each.date), each.title)
        for number, each in enumerate(frame.study.stand_alone_documents, start=1)
    ]
    columns = wording.columns("number", "reference", "date", "title")
    return table(frame, slot, wording.caption(), columns, body, (0.7, 1.6, 1.1, 2.6))
