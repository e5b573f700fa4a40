"""What HARPER asks of everything that is measured, the same in Tables 3 to 9: care setting, code type, diagnosis position,
validation, source of the algorithm; and windows in cells."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import get_args

from studygen.displays.cells import Content, head, marks_missing, row, spread, table
from studygen.displays.formats import days_text, listing
from studygen.displays.frame import Frame
from studygen.document.nodes import Inline, Row, Slot, Table, Text, walk
from studygen.study.population import CareSetting, Measured


def care_setting(frame: Frame, measured: Measured) -> str:
    """The care settings by HARPER's key: "IP, OP"."""
    return frame.texts.say("patterns.listing_comma").join(measured.care_setting)


def code_type(frame: Frame, measured: Measured) -> Content:
    """The vocabularies of the code lists; the lists are named among the details."""
    lists = [frame.study.code_list(id) for id in measured.code_lists]
    return list(dict.fromkeys(each.vocabulary for each in lists)) or frame.texts.word("cell", "not_applicable")


def code_lists(frame: Frame, measured: Measured) -> str:
    """A sentence that names the code lists; empty when there are none."""
    titles = [frame.study.code_list(id).title for id in measured.code_lists]
    return frame.texts.say("shared.code_lists", titles=listing(titles, frame.texts)) if titles else ""


def particulars(frame: Frame, sentences: Sequence[str]) -> str:
    """Short sentences about one thing as one paragraph, so that rows stay low."""
    return frame.texts.say("patterns.between_sentences").join(each for each in sentences if each)


def position(measured: Measured) -> str:
    return measured.diagnosis_position


def window(frame: Frame, id: str | None) -> Content:
    """A window's interval with its label; "n/a" when there is none."""
    if id is None:
        return frame.texts.word("cell", "not_applicable")
    found = frame.study.window(id)
    return [days_text(found, frame.texts), found.label]


def everybody(frame: Frame, outcomes: Sequence[str] = ()) -> str:
    """What stands in the column of study populations: a study has one, and the notes name it; for some `outcomes` it is narrowed
    to an analysis set."""
    if outcomes:
        return frame.texts.say("shared.analysis_set", outcomes=outcome_names(frame, outcomes))
    return frame.texts.say("shared.all_populations")


def population_note(frame: Frame) -> tuple[Inline, ...]:
    """The name of the one study population, once under the table instead of in every row."""
    return frame.texts.inline("shared.population_key", population=frame.study.population.time_zero.population)


def key_notes(frame: Frame, measured: Sequence[Measured]) -> tuple[tuple[Inline, ...], ...]:
    """The keys to what HARPER's tables of measured things abbreviate: the care settings that occur, code types, windows."""
    texts, used = frame.texts, {setting for each in measured for setting in each.care_setting} - {"n/a"}
    settings = [texts.say(f"shared.care_settings.{setting}") for setting in get_args(CareSetting) if setting in used]
    notes = []
    if settings:
        notes.append(texts.inline("shared.care_setting_key", settings=texts.say("patterns.listing_comma").join(settings)))
    if any(each.code_lists for each in measured):
        notes.append(texts.inline("shared.code_type_key"))
    return (*notes, texts.inline("shared.window_key"))


UPRIGHT = 2
"""So many definitions have a column of their own; more have a row."""

NARROW = 6
"""So many columns fit an upright page; more need a turned one."""


def definitions(
    frame: Frame,
    slot: Slot,
    labels: Sequence[str],
    found: Sequence[Sequence[Content]],
    widths: Sequence[float],
    notes: Sequence[tuple[Inline, ...]],
) -> Table:
    """A HARPER table of definitions: `labels` are its columns, each of `found` the contents of one definition, its name first."""
    caption = frame.texts.of(slot.display).caption()
    if not found:
        return table(frame, slot, caption, labels[:2], [], widths[:2])
    same = _same_in_all(found) if len(found) > UPRIGHT else {}
    if len(found) > UPRIGHT:
        kept = [number for number in range(len(labels)) if number not in same]
        body = [row(frame, *(contents[number] for number in kept)) for contents in found]
        heads, shares = [labels[number] for number in kept], [widths[number] for number in kept]
        said = (*_said_of_all(frame, labels, same), *notes)
        made = table(frame, slot, caption, heads, body, shares, notes=said, landscape=len(kept) > NARROW, missing="")
    else:
        header = Row((head(frame, labels[0]), *(head(frame, contents[0]) for contents in found)))
        body = [
            Row((head(frame, label), *spread(frame, [contents[number] for contents in found])))
            for number, label in enumerate(labels)
            if number
        ]
        made = Table(slot.id, caption, (header,), tuple(body), (1.0, *(UPRIGHT_WIDTH / len(found) for _ in found)), tuple(notes))
    keys = [frame.texts.inline("shared.missing_key")] if marks_missing(frame, made.body) else []
    mark = frame.texts.word("cell", "not_applicable")
    if mark in same.values() or any(isinstance(node, Text) and node.text == mark for node in walk(made.body)):
        keys.insert(0, frame.texts.inline("shared.not_applicable_key"))
    return replace(made, notes=(*made.notes, *keys))


def _same_in_all(found: Sequence[Sequence[Content]]) -> dict[int, str]:
    """The columns, by number, in which every definition says the same word."""
    same = {}
    for number, content in enumerate(found[0]):
        if number and isinstance(content, str) and all(each[number] == content for each in found) and len(content) <= WORD:
            same[number] = content
    return same


WORD = 20
"""Characters up to which a text is a word that can be said of several columns at once."""


def _said_of_all(frame: Frame, labels: Sequence[str], same: Mapping[int, str]) -> Iterator[tuple[Inline, ...]]:
    """What those columns say, once below the table; those that say the same together."""
    for text in dict.fromkeys(same.values()):
        named = [labels[number] for number, each in same.items() if each == text]
        yield frame.texts.inline("shared.same_in_all", columns=frame.texts.say("patterns.labels").join(named), text=text)


UPRIGHT_WIDTH = 3.4
"""The width of all definitions of an upright table together, in that of its labels."""


def outcome_names(frame: Frame, ids: Sequence[str]) -> str:
    """Outcomes as a sentence lists them."""
    return listing([frame.study.outcome(id).label for id in ids], frame.texts)
