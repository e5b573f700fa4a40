"""Tables of rules and conduct: people's protection per registry, limitations, attrition."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from studygen.aggregates.expected import PERSONS, SOURCE_POPULATION, STUDY_POPULATION
from studygen.displays.cells import Content, cell, head, marks_missing, row, table, word
from studygen.displays.evidence import find, shown
from studygen.displays.formats import day_text, listing, sentence_case
from studygen.displays.frame import Frame
from studygen.displays.tables.measured import outcome_names
from studygen.displays.tables.sources import invited, short_name
from studygen.document.nodes import Inline, Row, Slot, Table, Text
from studygen.results.addresses import joined
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
    """Persons left after each criterion, in the order of application, per registry; below the study population its groups, and
    the analysis sets that criteria of some outcomes only make of it."""
    wording, population = frame.texts.of("attrition"), frame.study.population
    sources = invited(frame)
    owners = [each.registry for each in sources]
    columns = [wording.say("columns.step"), *(short_name(frame, each) for each in sources)]
    if len(sources) > 1:
        owners.append(TOTAL)
        columns.append(frame.texts.say("rows.total"))
    excluded = {each.id for each in population.exclusion}
    criteria = sorted((*population.inclusion, *population.exclusion), key=lambda each: each.order)
    body = [_attrition_row(frame, wording.row(SOURCE_POPULATION), [_step(owner, SOURCE_POPULATION) for owner in owners])]
    for each in criteria:
        if not each.outcomes:
            label = wording.say("words.excluded" if each.id in excluded else "words.included", criterion=each.criterion)
            body.append(_attrition_row(frame, label, [_step(owner, each.id) for owner in owners]))
    persons = [_step(owner, STUDY_POPULATION) for owner in owners]
    body.append(_attrition_row(frame, wording.row(STUDY_POPULATION), persons, "total"))
    for exposure in frame.study.exposures if len(frame.study.exposures) > 1 else ():
        ids = [joined("baseline", exposure.id, owner, PERSONS, "n") for owner in owners]
        if frame.results is None or any(find(frame, id) is not None for id in ids):
            body.append(_attrition_row(frame, INDENT + sentence_case(exposure.label), ids))
    for each in criteria:
        if each.outcomes:
            key = "words.set_excluded" if each.id in excluded else "words.set_included"
            label = wording.say(key, outcomes=outcome_names(frame, each.outcomes), criterion=each.criterion)
            body.append(_attrition_row(frame, label, [_step(owner, each.id) for owner in owners], "total"))
    notes = [wording.note("left"), *([wording.note("total")] if len(sources) > 1 else [])]
    if any(each.outcomes for each in criteria):
        notes.append(wording.note("sets"))
    if marks_missing(frame, body):
        notes.append(frame.texts.inline("shared.missing_key"))
    header = Row(tuple(head(frame, text, align="right" if number else "left") for number, text in enumerate(columns)))
    widths = (4.0, *(0.9 for _ in owners))
    return Table(
        slot.id,
        wording.caption(),
        (header,),
        tuple(body),
        widths,
        tuple(notes),
        landscape=len(sources) > 5 and frame.results is not None,
    )


TOTAL = "total"
"""In ids: all registries together."""

INDENT = "\u2003"
"""Before the label of a group of the study population."""


def _step(owner: str, step: str) -> str:
    return joined("attrition", owner, step, "n")


def _attrition_row(frame: Frame, label: str, ids: Sequence[str], kind: Literal["body", "total"] = "body") -> Row:
    return Row((head(frame, label), *(cell(frame, _left(frame, id), align="right") for id in ids)), kind=kind)


def _left(frame: Frame, id: str) -> Inline:
    """The persons left; a sum that lacks a part has no number, whatever the reason of each part."""
    result = find(frame, id)
    if result is not None and result.value is None and TOTAL in id.split("."):
        return Text(frame.texts.word("cell", "missing"))
    return shown(frame, id, "count")
