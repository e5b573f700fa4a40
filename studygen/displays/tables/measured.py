"""What HARPER asks of everything that is measured, the same in Tables 3 to 9: care setting, code type, diagnosis position,
validation, source of the algorithm; and windows in cells."""

from __future__ import annotations

from collections.abc import Sequence

from studygen.displays.cells import Content
from studygen.displays.formats import days_text, listing
from studygen.displays.frame import Frame
from studygen.document.nodes import Inline
from studygen.study.population import Measured


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


def everybody(frame: Frame) -> str:
    """What stands in the column of study populations: a study has one, and the notes name it."""
    return frame.texts.say("shared.all_populations")


def population_note(frame: Frame) -> tuple[Inline, ...]:
    """The name of the one study population, once under the table instead of in every row."""
    return frame.texts.inline("shared.population_key", population=frame.study.population.time_zero.population)


def key_notes(frame: Frame) -> tuple[tuple[Inline, ...], ...]:
    """The keys that every HARPER table of measured things carries: care settings, code types, windows."""
    return tuple(frame.texts.inline(f"shared.{key}") for key in ("care_setting_key", "code_type_key", "window_key"))
