"""Tables of checklists: the ENCePP form with its boxes, the checklists that say where each item stands. A place is a reference in
the document that the checklist is about, and its name in a document of its own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from studygen.displays.cells import Align, Content, cell, group, head, header_row, row, table, word
from studygen.displays.formats import day_text, sentence_case
from studygen.displays.frame import Frame
from studygen.displays.texts import Wording, joined
from studygen.document.nodes import Inline, Paragraph, Ref, Row, Script, Slot, Strong, Table, Text
from studygen.guidance.answering import Answered, answers, holds
from studygen.guidance.checklist import Checklist, Item
from studygen.guidance.shelf import Checklists

FORM = "encepp"
BOXES = ("yes", "no", "not_applicable")
NOTE_SIGNS = "abcdefgh"
SHORTEST_RUN = 3


def _checklists(frame: Frame) -> Checklists:
    assert frame.checklists is not None, "documents with checklists are made with them"
    return frame.checklists


# ---------------------------------------------------------------- the ENCePP form


def encepp_front(frame: Frame, slot: Slot) -> Table:
    """The study that the form is for: its title, register number and reference number."""
    wording = frame.texts.of("encepp-front")
    number = frame.study.registration.number or wording.say("words.unregistered")
    return _labelled(
        frame,
        slot,
        wording,
        (("title", frame.study.title), ("register_number", number), ("reference", frame.study.documents.protocol.reference)),
    )


def encepp_closing(frame: Frame, slot: Slot) -> Table:
    """Who answers for the form: name of the main author, date, signature."""
    wording, protocol = frame.texts.of("encepp-closing"), frame.study.documents.protocol
    signed = protocol.checklist_signed
    author = frame.study.party(protocol.author)
    return _labelled(
        frame,
        slot,
        wording,
        (
            ("author", author.name),
            ("date", day_text(signed, frame.texts) if signed else wording.say("words.date")),
            ("signature", wording.say("words.signed" if signed else "words.signature")),
        ),
    )


def _labelled(frame: Frame, slot: Slot, wording: Wording, rows: Sequence[tuple[str, str]]) -> Table:
    body = tuple(row(frame, wording.row(key), content) for key, content in rows)
    return Table(slot.id, (), (header_row(frame, wording.columns("field", "content")),), body, (1.0, 2.2))


def encepp_section(frame: Frame, slot: Slot) -> Table:
    """One section of the form: a box for each answer, the sections that answer, a row of comments, and its footnotes below."""
    wording, checklist = frame.texts.of("encepp-section"), _checklists(frame)[FORM]
    part = next(each for each in checklist.parts if each.number == frame.option(slot, "section"))
    given = {each.item.id: each for each in answers(frame.study, part.items, frame.about)}
    title = wording.say("words.section", number=part.number, title=part.title)
    columns = [title, *wording.columns(*BOXES, "section")]
    header = Row((head(frame, columns[0]), *(head(frame, each, align="center") for each in columns[1:])))
    footnotes = [item for item in part.items if item.footnote]
    body = [_boxes(frame, wording, item, given.get(item.id), footnotes) for item in part.items]
    comments = [wording.say("words.comment", item=each.item.id, text=each.comment) for each in given.values() if each.comment]
    body.append(_comments(frame, wording, comments))
    notes = [(Script((Text(sign),)), Text(f" {item.footnote}")) for sign, item in zip(NOTE_SIGNS, footnotes, strict=False)]
    return Table(slot.id, (), (header,), tuple(body), (5.2, 0.6, 0.6, 0.6, 2.0), tuple(notes))


def _boxes(frame: Frame, wording: Wording, item: Item, given: Answered | None, footnotes: Sequence[Item]) -> Row:
    label: tuple[Inline, ...] = (Text(wording.say("words.line", item=item.id, label=item.label)),)
    if item in footnotes:
        label = (*label, Script((Text(NOTE_SIGNS[footnotes.index(item)]),)))
    named = head(frame, Paragraph(label), colspan=1 if given else 5)
    if given is None:
        return Row((named,))
    marks = [wording.say("words.ticked" if given.answer == box else "words.unticked") for box in BOXES]
    where = [Paragraph(_places(frame, [each])) for each in given.sections]
    return Row((named, *(cell(frame, mark, align="center") for mark in marks), cell(frame, where, align="center")))


def _comments(frame: Frame, wording: Wording, comments: Sequence[str]) -> Row:
    lead = Strong((Text(wording.say("words.comments")),))
    lines = [Paragraph((Text(each),)) for each in comments] or [Paragraph((Text(wording.say("words.no_comments")),))]
    return Row((head(frame, [lead, *lines], colspan=5),))


# ---------------------------------------------------------------- where each item stands


def checklist(frame: Frame, slot: Slot) -> Table:
    """Every item of a checklist: whether it is answered, and where, or why not."""
    wording, name = frame.texts.of("checklist"), frame.option(slot, "checklist")
    asked = _checklists(frame)[name]
    body: list[Row] = []
    for part in asked.parts:
        body.append(group(frame, part.title, 4))
        body += [_item(frame, each) for each in answers(frame.study, part.items, frame.about)]
    columns = wording.columns("item", "label", "answer", "where")
    caption = wording.caption(title=asked.title)
    return table(frame, slot, caption, columns, body, (0.8, 3.2, 0.9, 3.2))


def _item(frame: Frame, given: Answered) -> Row:
    places = _places(frame, (*given.sections, *given.displays))
    content: Content = [Paragraph(places) if places else None, given.comment]
    return row(frame, given.item.id, given.item.label, word(frame, "checklist_answer", given.answer), content)


def checklist_summary(frame: Frame, slot: Slot) -> Table:
    """How many items of each checklist about a document are answered, not answered and not applicable."""
    wording = frame.texts.of("checklist-summary")
    body = []
    for asked in _checklists(frame).values():
        if asked.about != frame.option(slot, "document") or (asked.applies and not holds(frame.study, asked.applies)):
            continue
        given: list[str] = [each.answer for each in answers(frame.study, asked.items, frame.about)]
        counts = [str(len(given)), *(str(given.count(answer)) for answer in BOXES)]
        numbers = [cell(frame, each, align="right") for each in counts]
        named = head(frame, [asked.title, asked.reference])
        body.append(Row((named, *numbers, cell(frame, _standing(wording, asked)))))
    columns = wording.columns("checklist", "items", *BOXES, "standing")
    aligns: tuple[Align, ...] = ("left", "right", "right", "right", "right", "left")
    return table(frame, slot, wording.caption(), columns, body, (2.6, 0.7, 0.7, 0.7, 0.9, 2.2), aligns=aligns)


def _standing(wording: Wording, asked: Checklist) -> str:
    key = "confirmed" if asked.confirmed else "unconfirmed"
    return wording.say(f"words.{key}", source=asked.source)


def _places(frame: Frame, ids: Sequence[str]) -> tuple[Inline, ...]:
    """The names of places, separated by commas: references, or the other document's own words for them."""
    comma = frame.texts.say("patterns.listing_comma")
    if frame.about is not None:
        named = [frame.about[id] for id in ids if frame.about.get(id)]
        return (Text(comma.join(_runs(frame, named))),) if named else ()
    nodes = [node for id in ids for node in (Text(comma), Ref(id))]
    return joined(nodes[1:])


def _runs(frame: Frame, named: Sequence[str]) -> Iterator[str]:
    """The names, three or more that follow one another in number put together: "Table 40 to Table 51"."""
    run: list[str] = []
    for name in (*named, ""):
        if run and _next(run[-1]) != name:
            first, last = sentence_case(run[0]), sentence_case(run[-1])
            short = [frame.texts.of("checklist").say("words.run", first=first, last=last)]
            yield from short if len(run) >= SHORTEST_RUN else map(sentence_case, run)
            run = []
        run.append(name)


def _next(name: str) -> str | None:
    word, _, number = name.rpartition(" ")
    return f"{word} {int(number) + 1}" if number.isdigit() else None
