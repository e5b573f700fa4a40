"""Tables that lead from claims and questions to their evidence and back: every piece of evidence is a row that can be led to,
with its target, source, date and standing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from studygen.displays.cells import Content, blocks, row, table
from studygen.displays.dossier.facts import fact_label, marked, origin
from studygen.displays.dossier.frame import DossierFrame, address, found
from studygen.displays.dossier.quality import figure_value
from studygen.displays.formats import day_text, inside, listing, result_text, sentence_case
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


def in_order(frame: DossierFrame, ids: Iterable[str]) -> list[str]:
    """Ids of evidence in the order of their numbers."""
    wanted = set(ids)
    return [each.id for each in frame.definition.evidence if each.id in wanted]


def claims(frame: DossierFrame, slot: Slot) -> Table:
    """Every claim with the evidence that it rests on, and how far this does not go."""
    wording = frame.texts.of("claims")
    types = {each.id: frame.texts.word("study_type", each.kind) for each in frame.definition.context_of_use.study_types}
    body = []
    for each in frame.definition.claims:
        rests: Content = [led_evidence(frame, id) for id in in_order(frame, each.evidence)] or wording.say("words.none")
        kinds = sentence_case(listing(list(dict.fromkeys(types[id] for id in each.study_types)), frame.texts))
        made = row(frame, number(frame, "claim", each.id), [each.text, kinds], rests, each.limits)
        body.append(Row(made.cells, made.kind, claim_anchor(each.id)))
    columns = wording.columns("number", "claim", "evidence", "limits")
    return table(frame, slot, wording.caption(), columns, body, (0.4, 2.0, 2.6, 1.8), missing="none_key")


def led_evidence(frame: DossierFrame, id: str) -> Paragraph:
    """A piece of evidence as a claim names it: its number, which leads to its row, and what it is."""
    wording, lead = frame.texts.of("claims"), led_to(frame, "evidence", id)
    return Paragraph(wording.inline("words.led", number=lead, evidence=described(frame, frame.definition.piece(id))))


def described(frame: DossierFrame, piece: Evidence) -> tuple[Inline, ...]:
    """Kind and target of a piece of evidence, and its standing unless it is established."""
    kind = sentence_case(frame.texts.word("evidence_kind", piece.kind))
    standing = frame.texts.word("evidence_standing", piece.standing)
    mark = "" if piece.standing == "established" else f" {frame.texts.say('patterns.in_brackets', text=standing)}"
    return frame.texts.of("claims").inline("words.described", kind=kind, target=target(frame, piece), mark=mark)


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
        origins = list(source(frame, each))
        where: Content = [_said(frame, each), _in_one(frame, *origins)] if origins else _said(frame, each)
        made = row(frame, label, each.shows, where, used)
        body.append(Row(made.cells, made.kind, evidence_anchor(each.id)))
    columns = wording.columns("number", "shows", "target", "used")
    notes = [wording.note("standing"), wording.note("used")]
    return table(frame, slot, wording.caption(), columns, body, (0.9, 1.7, 3.7, 0.7), notes=notes, missing="none_key")


def question_evidence(frame: DossierFrame, slot: Slot) -> Table:
    """The evidence under the position on one question: what each piece shows and what it is; the table of all evidence has its
    source."""
    wording = frame.texts.of("question-evidence")
    question = next(each for each in frame.definition.questions if each.id == frame.option(slot, "question"))
    pieces = [frame.definition.piece(id) for id in in_order(frame, question.evidence)]
    body = [row(frame, led_to(frame, "evidence", each.id), each.shows, Paragraph(described(frame, each))) for each in pieces]
    columns = wording.columns("number", "shows", "target")
    caption = wording.caption(number=str(question.number))
    return table(frame, slot, caption, columns, body, (0.5, 2.8, 2.9))


def _said(frame: DossierFrame, piece: Evidence) -> Paragraph:
    """What a piece points at; of a fact, what it says."""
    named = target(frame, piece)
    if piece.scheme != "fact":
        return Paragraph(named)
    fact = _in_one(frame, marked(frame, frame.dossier.fact(*piece.address)))
    return Paragraph(frame.texts.inline("patterns.labelled_note", labels=named, note=fact.children))


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
        row(
            frame,
            led_to(frame, "question", each.id),
            each.topic,
            each.question,
            links(frame, "evidence", in_order(frame, each.evidence)),
        )
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
            return wording.inline("words.study", study=study.study.short_title, value=value)
        case "cite":
            return (Citation((left,)),)
        case "indicator":
            return wording.inline("words.indicator", label=frame.definition.indicator(left).label)
        case _:
            owner = frame.dossier.network.profile.short_name if left == NETWORK else frame.short_name(left)
            return wording.inline("words.fact", owner=owner, label=inside(fact_label(frame, left, right)))


def source(frame: DossierFrame, piece: Evidence) -> Iterator[Content]:
    """Where it comes from, when, and how firm it is: result and document of the study, the registries' figures, source and date
    of a fact. A publication has both in the reference list."""
    wording, (left, right) = frame.texts.of("evidence"), piece.address
    match piece.scheme:
        case "study":
            study = frame.studies[left].study
            version = study.documents.report or study.documents.protocol
            yield Paragraph(wording.inline("words.result", id=Code(right)))
            yield wording.say(
                "words.document", reference=version.reference, version=version.version, date=day_text(version.date, frame.texts)
            )
        case "indicator":
            yield _figures(frame, left)
        case "fact":
            fact = frame.dossier.fact(left, right)
            yield origin(frame, fact)
    # Figures say themselves that they are simulated.
    if piece.standing not in ("established", "simulated"):
        yield frame.texts.word("evidence_standing", piece.standing)


def _figures(frame: DossierFrame, indicator: str) -> Content:
    """The latest figure of each registry that has one, those of a year and kind together: "Simulated figures of 2025: …"."""
    wording, together = frame.texts.of("evidence"), dict[tuple[bool, str], list[Inline]]()
    for registry in frame.definition.registries:
        figure = frame.dossier.latest(registry, indicator)
        if figure is None:
            continue
        year = str(figure.year) if figure.year is not None else wording.say("words.all_years")
        listed = together.setdefault((figure.simulated, year), [])
        listed += [Text(frame.texts.say("patterns.listing_comma"))] if listed else []
        listed += wording.inline("words.figure", registry=frame.short_name(registry), value=figure_value(frame, figure))
    if not together:
        return wording.say("words.no_figures")
    return [
        Paragraph(wording.inline("words.simulated" if simulated else "words.delivered", year=year, figures=tuple(figures)))
        for (simulated, year), figures in together.items()
    ]
