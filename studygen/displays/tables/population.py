"""Tables of who is studied and when: time zero (HARPER Table 3), inclusion and exclusion (4, 5), windows, follow-up (8)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import get_args

from studygen.displays.cells import Content, head, row, spanning, subheader, table, word, yes_no
from studygen.displays.formats import days_text, sentence_case
from studygen.displays.frame import Frame
from studygen.displays.tables.measured import (
    care_setting,
    code_lists,
    code_type,
    definitions,
    everybody,
    key_notes,
    outcome_names,
    particulars,
    population_note,
    position,
    window,
)
from studygen.document.nodes import Row, Slot, Table
from studygen.study.population import Criterion, FollowUpEnd, FollowUpEndKind


def time_zero(frame: Frame, slot: Slot) -> Table:
    """The anchor of patient time in the eleven columns of HARPER Table 3."""
    wording, zero = frame.texts.of("time-zero"), frame.study.population.time_zero
    columns = wording.columns(
        "population",
        "anchor",
        "entries",
        "type_of_entry",
        "washout",
        "care_setting",
        "code_type",
        "position",
        "incident",
        "validation",
        "algorithm",
    )
    contents: list[Content] = [
        zero.population,
        [zero.anchor, code_lists(frame, zero)],
        word(frame, "entries", zero.entries),
        word(frame, "type_of_entry", zero.type_of_entry),
        window(frame, zero.washout),
        care_setting(frame, zero),
        code_type(frame, zero),
        position(zero),
        zero.incident_with_respect_to,
        zero.validation,
        zero.algorithm_source,
    ]
    widths = (1.2, 1.8, 0.9, 0.9, 1.2, 0.8, 1.1, 1.0, 1.2, 1.4, 1.1)
    return definitions(frame, slot, columns, [contents], widths, key_notes(frame, [zero]))


def inclusion(frame: Frame, slot: Slot) -> Table:
    """Inclusion criteria in the order in which they are applied (HARPER Table 4)."""
    return _criteria(frame, slot, frame.study.population.inclusion)


def exclusion(frame: Frame, slot: Slot) -> Table:
    """Exclusion criteria in the order in which they are applied (HARPER Table 5)."""
    return _criteria(frame, slot, frame.study.population.exclusion)


def _criteria(frame: Frame, slot: Slot, criteria: Sequence[Criterion]) -> Table:
    columns = frame.texts.of("inclusion").columns(
        "criterion",
        "details",
        "order",
        "window",
        "care_setting",
        "code_type",
        "position",
        "population",
        "validation",
        "algorithm",
    )
    found: list[list[Content]] = [
        [
            each.criterion,
            [each.details, particulars(frame, [code_lists(frame, each), frame.texts.say("shared.reason", reason=each.reason)])],
            word(frame, "applied", each.applied),
            window(frame, each.window),
            care_setting(frame, each),
            code_type(frame, each),
            position(each),
            everybody(frame, each.outcomes),
            each.validation,
            each.algorithm_source,
        ]
        for each in sorted(criteria, key=lambda each: each.order)
    ]
    notes = (population_note(frame), frame.texts.inline("shared.order_key"), *key_notes(frame, criteria))
    return definitions(frame, slot, columns, found, (1.9, 3.4, 1.0, 1.4, 0.7, 1.1, 0.9, 0.95, 1.3, 0.9), notes)


def windows(frame: Frame, slot: Slot) -> Table:
    """All windows of the study with their purpose and reason."""
    wording = frame.texts.of("windows")
    body = [
        row(frame, each.label, word(frame, "window_kind", each.kind), days_text(each, frame.texts), each.rationale)
        for each in frame.study.windows
    ]
    columns = wording.columns("window", "kind", "interval", "rationale")
    notes = [frame.texts.inline("shared.window_key")]
    return table(frame, slot, wording.caption(), columns, body, (1.5, 1.1, 1.3, 2.2), notes=notes)


def follow_up(frame: Frame, slot: Slot) -> Table:
    """When follow-up starts, with the windows of outcomes that count elsewhere, and for each of HARPER's eight reasons whether it
    ends follow-up (HARPER Table 8)."""
    wording, plan = frame.texts.of("follow-up"), frame.study.follow_up
    counted: list[Content] = [days_text(frame.study.window(plan.window), frame.texts)]
    counted += [_window_of(frame, id, outcomes) for id, outcomes in _other_windows(frame).items()]
    body = [spanning(frame, wording.row("start"), [sentence_case(plan.start), *counted], 3)]
    body.append(subheader(frame, [wording.row("end"), *(wording.say(f"columns.{key}") for key in ("applies", "specify"))]))
    for kind in get_args(FollowUpEndKind):
        details = [_end(frame, each) for each in plan.ends if each.kind == kind]
        specified: Content = details or frame.texts.word("cell", "not_applicable")
        body.append(row(frame, frame.texts.word("follow_up_end", kind), yes_no(frame, bool(details)), specified))
    header = Row((head(frame, wording.say("columns.item")), head(frame, wording.say("columns.definition"), colspan=2)))
    notes = (wording.note("first"), frame.texts.inline("shared.window_key"))
    return Table(slot.id, wording.caption(), (header,), tuple(body), (1.6, 0.9, 2.4), notes)


def _other_windows(frame: Frame) -> dict[str, list[str]]:
    """The windows of follow-up in which some outcomes count instead of the study's own, with these outcomes."""
    found: dict[str, list[str]] = {}
    for each in frame.study.outcomes:
        if each.window != frame.study.follow_up.window and frame.study.window(each.window).kind == "follow_up":
            found.setdefault(each.window, []).append(each.id)
    return found


def _window_of(frame: Frame, id: str, outcomes: Sequence[str]) -> str:
    found = frame.study.window(id)
    fields = {"outcomes": sentence_case(outcome_names(frame, outcomes)), "interval": days_text(found, frame.texts)}
    return frame.texts.of("follow-up").say("words.window", **fields)


def _end(frame: Frame, end: FollowUpEnd) -> Content:
    if not end.outcomes:
        return end.details
    return [end.details, frame.texts.of("follow-up").say("words.only", outcomes=outcome_names(frame, end.outcomes))]
