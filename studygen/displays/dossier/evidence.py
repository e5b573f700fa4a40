"""Tables that lead from claims and questions to their evidence and back: every piece of evidence is a row that can be led to,
with its target, source, date and standing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from studygen.displays.cells import Content, blocks, row, table
from studygen.displays.dossier.facts import fact_label, marked, origin
from studygen.displays.dossier.frame import DossierFrame, address, found
from studygen.displays.dossier.quality import figure_value
from studygen.displays.formats import day_text, listing, result_text, sentence_case
from studygen.displays.texts import joined
from studygen.document.nodes import Citation, Code, Inline, Link, Paragraph, Row, Slot, Table, Text, Value
from studygen.qualification.dossier import NETWORK
from studygen.qualification.evidence import Claim, Evidence, Question


def evidence_anchor(id: str) -> str:
    """The id of the row of a piece of evidence."""
    return f"evidence-{id.replace('_', '-')}"


def claim_anchor(id: str) -> str:
    """The id of the row of a claim."""
    return f"claim-{id.replace('_', '-')}"


def question_section(id: str) -> str:
    """The id of the section of a question."""
    return f"sec-question-{id.replace('_', '-')}"


def number(frame: DossierFrame, kind: str, id: str) -> str:
    """The short name of a claim, a piece of evidence or a question: "C1", "E4", "Q2"."""
    parts: Mapping[str, tuple[Claim | Evidence | Question, ...]] = {
        "claim": frame.definition.claims,
        "evidence": frame.definition.evidence,
        "question": frame.definition.questions,
    }
    position = [each.id for each in parts[kind]].index(id) + 1
    return frame.texts.word("part_number", kind).format(number=position)


def led_to(frame: DossierFrame, kind: str, id: str) -> Link:
    """A short name that leads to its row or section."""
    anchors = {"claim": claim_anchor, "evidence": evidence_anchor, "question": question_section}
    return Link((Text(number(frame, kind, id)),), f"#{anchors[kind](id)}")


def links(frame: DossierFrame, kind: str, ids: Iterable[str]) -> Paragraph | None:
    """Short names that lead to their rows, side by side; None when there are none."""
    found: list[Inline] = []
    for id in ids:
        found += [Text(frame.texts.say("patterns.listing_comma"))] if found else []
        found.append(led_to(frame, kind, id))
    return Paragraph(tuple(found)) if found else None


def claims(frame: DossierFrame, slot: Slot) -> Table:
    """Every claim with the evidence that it rests on, and how far this does not go."""
    wording = frame.texts.of("claims")
    types = {each.id: frame.texts.word("study_type", each.kind) for each in frame.definition.context_of_use.study_types}
    body = []
    for each in frame.definition.claims:
        rests: Content = [led_evidence(frame, id) for id in each.evidence] or wording.say("words.none")
        kinds = sentence_case(listing(list(dict.fromkeys(types[id] for id in each.study_types)), frame.texts))
        made = row(frame, number(frame, "claim", each.id), [each.text, kinds], rests, each.limits)
        body.append(Row(made.cells, made.kind, claim_anchor(each.id)))
    columns = wording.columns("number", "claim", "evidence", "limits")
    return table(frame, slot, wording.caption(), columns, body, (0.4, 2.0, 2.6, 1.8), missing="none_key")


def led_evidence(frame: DossierFrame, id: str) -> Paragraph:
    """A piece of evidence as a claim names it: its number, which leads to its row, its kind and target, and its standing unless
    it is established."""
    piece = frame.definition.piece(id)
    kind = sentence_case(frame.texts.word("evidence_kind", piece.kind))
    standing = frame.texts.word("evidence_standing", piece.standing)
    mark = "" if piece.standing == "established" else f" {frame.texts.say('patterns.in_brackets', text=standing)}"
    wording, lead = frame.texts.of("claims"), led_to(frame, "evidence", id)
    return Paragraph(wording.inline("words.led", number=lead, kind=kind, target=target(frame, piece), mark=mark))


def evidence(frame: DossierFrame, slot: Slot) -> Table:
    """Every piece of evidence with what it shows, where it lies, its date and standing, and what rests on it."""
    wording = frame.texts.of("evidence")
    body = []
    for each in frame.definition.evidence:
        label = [number(frame, "evidence", each.id), frame.texts.word("evidence_kind", each.kind)]
        used: list[Content] = [
            links(frame, "claim", [claim.id for claim in frame.definition.claims_on(each.id)]),
            links(frame, "question", [question.id for question in frame.definition.questions_on(each.id)]),
        ]
        standing = sentence_case(frame.texts.word("evidence_standing", each.standing))
        made = row(frame, label, each.shows, _in_one(frame, Paragraph(target(frame, each)), *source(frame, each), standing), used)
        body.append(Row(made.cells, made.kind, evidence_anchor(each.id)))
    columns = wording.columns("number", "shows", "target", "used")
    notes = [wording.note("used")]
    return table(frame, slot, wording.caption(), columns, body, (1.0, 2.0, 3.0, 0.7), notes=notes, missing="none_key")


def question_evidence(frame: DossierFrame, slot: Slot) -> Table:
    """The evidence under the position on one question."""
    wording = frame.texts.of("question-evidence")
    question = next(each for each in frame.definition.questions if each.id == frame.option(slot, "question"))
    body = []
    for id in question.evidence:
        piece = frame.definition.piece(id)
        where = _in_one(frame, Paragraph(target(frame, piece)), *source(frame, piece), *_firmness(frame, piece))
        body.append(row(frame, led_to(frame, "evidence", id), piece.shows, where))
    columns = wording.columns("number", "shows", "target")
    caption = wording.caption(number=str(question.number))
    return table(frame, slot, caption, columns, body, (0.4, 2.0, 3.8))


def _firmness(frame: DossierFrame, piece: Evidence) -> tuple[str, ...]:
    """How firm a piece is, unless it is established."""
    if piece.standing == "established":
        return ()
    return (sentence_case(frame.texts.word("evidence_standing", piece.standing)),)


def _in_one(frame: DossierFrame, *parts: Content) -> Paragraph:
    """Parts as one paragraph, set apart by semicolons."""
    found: list[Inline] = []
    for block in (block for part in parts for block in blocks(frame, part)):
        if isinstance(block, Paragraph):
            found += [Text(frame.texts.say("patterns.labels"))] if found else []
            found += block.children
    return Paragraph(joined(found))


def questions(frame: DossierFrame, slot: Slot) -> Table:
    """The questions, each with the evidence under the applicant's position."""
    wording = frame.texts.of("questions")
    body = [
        row(frame, led_to(frame, "question", each.id), each.topic, each.question, links(frame, "evidence", each.evidence))
        for each in frame.definition.questions
    ]
    columns = wording.columns("number", "topic", "question", "evidence")
    return table(frame, slot, wording.caption(), columns, body, (0.4, 1.2, 3.4, 1.0))


def target(frame: DossierFrame, piece: Evidence) -> tuple[Inline, ...]:
    """What a piece of evidence points at: a number of a study, a publication, quality figures, a fact."""
    wording, (left, right) = frame.texts.of("evidence"), piece.address
    match piece.scheme:
        case "study":
            study = frame.studies[left]
            where = address(left, right)
            value = Value(where, result_text(found(frame.studies, where), "full", frame.texts))
            return wording.inline("words.study", study=study.study.short_title, value=value, id=Code(right))
        case "cite":
            return (Citation((left,)),)
        case "indicator":
            return wording.inline("words.indicator", label=frame.definition.indicator(left).label)
        case _:
            owner = frame.dossier.network.profile.short_name if left == NETWORK else frame.short_name(left)
            return wording.inline("words.fact", owner=owner, label=fact_label(frame, left, right))


def source(frame: DossierFrame, piece: Evidence) -> Iterator[Content]:
    """Where it comes from and when: the document of the study, the registries' figures, source and date of a fact. A publication
    has both in the reference list."""
    wording, (left, right) = frame.texts.of("evidence"), piece.address
    match piece.scheme:
        case "study":
            study = frame.studies[left].study
            version = study.documents.report or study.documents.protocol
            yield wording.say(
                "words.document", reference=version.reference, version=version.version, date=day_text(version.date, frame.texts)
            )
        case "indicator":
            shown: list[Content] = list(_figures(frame, left))
            yield from shown or [wording.say("words.no_figures")]
        case "fact":
            fact = frame.dossier.fact(left, right)
            yield marked(frame, fact)
            yield origin(frame, fact)


def _figures(frame: DossierFrame, indicator: str) -> Iterator[Paragraph]:
    """The latest figure of each registry that has one, with its year."""
    wording = frame.texts.of("evidence")
    for registry in frame.definition.registries:
        figure = frame.dossier.latest(registry, indicator)
        if figure is None:
            continue
        year = str(figure.year) if figure.year is not None else wording.say("words.all_years")
        simulated = frame.texts.say("patterns.in_brackets", text=frame.texts.word("evidence_standing", "simulated"))
        yield Paragraph(
            wording.inline(
                "words.figure",
                registry=frame.short_name(registry),
                year=year,
                value=figure_value(frame, figure),
                mark=f" {simulated}" if figure.simulated else "",
            )
        )
