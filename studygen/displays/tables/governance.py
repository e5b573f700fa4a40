"""Tables of rules and conduct: people's protection per registry, limitations, attrition."""

from __future__ import annotations

from studygen.displays.cells import Content, cell, head, marks_missing, row, table, word
from studygen.displays.evidence import shown
from studygen.displays.formats import day_text, listing
from studygen.displays.frame import Frame
from studygen.displays.tables.sources import invited, short_name
from studygen.document.nodes import Row, Slot, Table
from studygen.study.governance import Approval


def human_subjects(frame: Frame, slot: Slot) -> Table:
    """Ethics, data protection and the recording of adverse events at each registry; registries of the same standing together."""
    wording = frame.texts.of("human-subjects")
    together: dict[tuple[Approval, Approval, str], list[str]] = {}
    for each in invited(frame):
        together.setdefault((each.ethics, each.data_protection, each.adverse_events), []).append(short_name(frame, each))
    body = [
        row(frame, listing(names, frame.texts), _approval(frame, ethics), _approval(frame, protection), recording)
        for (ethics, protection, recording), names in together.items()
    ]
    columns = wording.columns("registry", "ethics", "data_protection", "adverse_events")
    return table(frame, slot, wording.caption(), columns, body, (1.2, 1.6, 1.6, 1.8))


def _approval(frame: Frame, approval: Approval) -> Content:
    wording = frame.texts.of("human-subjects")
    details = [approval.body, approval.reference, day_text(approval.date, frame.texts) if approval.date else ""]
    stated = frame.texts.say("patterns.listing_comma").join(each for each in details if each)
    status = word(frame, "approval", approval.status)
    return [wording.say("words.approval", status=status, details=stated) if stated else status, approval.note]


def limitations(frame: Frame, slot: Slot) -> Table:
    """What limits the study's conclusions and what is done about it."""
    wording = frame.texts.of("limitations")
    body = [row(frame, word(frame, "limitation_kind", each.kind), each.text, each.mitigation) for each in frame.study.limitations]
    return table(frame, slot, wording.caption(), wording.columns("kind", "limitation", "mitigation"), body, (1.1, 2.2, 2.2))


def attrition(frame: Frame, slot: Slot) -> Table:
    """Persons left after each criterion, in the order of application, per registry."""
    wording, population = frame.texts.of("attrition"), frame.study.population
    sources = invited(frame)
    steps = [("source_population", wording.row("source_population"))]
    criteria = [*population.inclusion, *population.exclusion]
    excluded = {each.id for each in population.exclusion}
    for each in sorted(criteria, key=lambda each: each.order):
        kind = "excluded" if each.id in excluded else "included"
        steps.append((each.id, wording.say(f"words.{kind}", criterion=each.criterion)))
    steps.append(("study_population", wording.row("study_population")))
    owners = [each.registry for each in sources]
    columns = [wording.say("columns.step"), *(short_name(frame, each) for each in sources)]
    if len(sources) > 1:
        owners.append("total")
        columns.append(frame.texts.say("rows.total"))
    body = [_attrition_row(frame, id, label, owners) for id, label in steps]
    widths = (2.4, *(1.0 for _ in owners))
    header = Row(tuple(head(frame, text, align="right" if number else "left") for number, text in enumerate(columns)))
    notes = [wording.note("left"), *([wording.note("total")] if len(sources) > 1 else [])]
    if marks_missing(frame, body):
        notes.append(frame.texts.inline("shared.missing_key"))
    return Table(slot.id, wording.caption(), (header,), tuple(body), widths, tuple(notes), landscape=len(sources) > 6)


def _attrition_row(frame: Frame, step: str, label: str, owners: list[str]) -> Row:
    ids = [f"attrition.{owner}.{step}.n" for owner in owners]
    cells = [cell(frame, shown(frame, id, "count"), align="right") for id in ids]
    return Row((head(frame, label), *cells), kind="total" if step == "study_population" else "body")
