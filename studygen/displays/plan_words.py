"""A change of the plan in words: which field, what it was, what it is now. Knows nothing about tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from studygen.definition import Declared, NotApplicable, Prose
from studygen.displays.evidence import model_name
from studygen.displays.formats import listing, sentence_case
from studygen.displays.frame import Frame
from studygen.study.objectives import PoolingModel
from studygen.study.plan_changes import Change

LISTS: Mapping[str, str] = {
    "rank": "rank",
    "role": "analysis_role",
    "measure": "measure",
    "input": "plan_input",
    "interval": "interval",
    "transform": "transform",
    "strategy": "strategy",
    "rule": "exposure_rule",
    "applied": "applied",
    "entries": "entries",
    "type_of_entry": "type_of_entry",
    "start_day": "window_edge",
    "end_day": "window_edge",
}
"""Fields that hold words of closed lists, with their list in words.yaml."""

REFERENCES: Mapping[str, str] = {
    "outcome": "outcomes",
    "outcomes": "outcomes",
    "exposure": "exposures",
    "comparator": "exposures",
    "groups": "exposures",
    "variable": "covariates",
    "window": "windows",
    "washout": "windows",
    "of": "analyses",
}
"""Fields that hold ids, with the part of the study that has their labels."""

LONG = 160
"""Characters beyond which a text is said to be reworded instead of being printed twice."""


def changes_told(frame: Frame, changes: Sequence[Change]) -> list[str]:
    """The changes of one part in words, several that came into (or went from) one field together."""
    texts: dict[tuple[object, ...], list[Change]] = {}
    for number, each in enumerate(changes):
        listed = each.kind in ("added", "removed") and _shown(frame, each) is not None
        texts.setdefault((each.kind, each.field) if listed else (number,), []).append(each)
    return [_told_together(frame, each) if len(each) > 1 else change_text(frame, each[0]) for each in texts.values()]


def _told_together(frame: Frame, changes: Sequence[Change]) -> str:
    wording, first = frame.texts.of("planned-done"), changes[0]
    shown = listing([each for each in (_shown(frame, change) for change in changes) if each is not None], frame.texts)
    key, name = ("changed_added", "after") if first.kind == "added" else ("changed_removed", "before")
    return wording.say(f"words.{key}", field=field_name(frame, first.field), **{name: shown})


def _shown(frame: Frame, change: Change) -> str | None:
    """What came or went, where it is a short text."""
    return _value(frame, change.field[-1], change.after if change.kind == "added" else change.before)


def change_text(frame: Frame, change: Change) -> str:
    """One change: "Interval: Wald interval → Hartung–Knapp interval", "Rule: reworded"."""
    wording = frame.texts.of("planned-done")
    field = field_name(frame, change.field)
    if change.kind == "below":
        return wording.say("words.changed_below", field=field)
    before, after = (_value(frame, change.field[-1], each) for each in (change.before, change.after))
    shows = [each for each in (before, after) if each is not None]
    if change.kind == "added" and after is not None:
        return wording.say("words.changed_added", field=field, after=after)
    if change.kind == "removed" and before is not None:
        return wording.say("words.changed_removed", field=field, before=before)
    if change.kind == "text" or len(shows) < 2 or max(map(len, shows)) > LONG:
        return wording.say("words.changed_text", field=field)
    return wording.say("words.changed_value", field=field, before=shows[0], after=shows[1])


def field_name(frame: Frame, path: tuple[str, ...]) -> str:
    """What a field of the plan is called: its own name, or that of its place (`pooling.main`)."""
    words = frame.texts.words["plan_field"]
    placed = "_".join(path[-2:])
    return sentence_case(words[placed] if placed in words else frame.texts.word("plan_field", path[-1]))


def _value(frame: Frame, field: str, value: Any) -> str | None:
    """A value as it is printed; None when it is no short text."""
    match value:
        case None | "" | ():
            return frame.texts.say("patterns.none").lower()
        case NotApplicable():
            return frame.texts.word("cell", "not_applicable")
        case bool():
            return frame.texts.word("yes_no", "yes" if value else "no")
        case PoolingModel():
            return model_name(frame, value)
        case Prose():
            return None
        case int() | float():
            return f"{value:g}".replace("-", "\N{MINUS SIGN}")
        case str():
            return _text(frame, field, value)
        case tuple() if all(isinstance(each, str) for each in value):
            return listing([_text(frame, field, each) for each in value], frame.texts)
        case Declared():
            # A part of a list is told by its name.
            name = next((getattr(value, key) for key in ("label", "criterion", "event") if hasattr(value, key)), None)
            return str(name) if name else None
        case _:
            return None


def _text(frame: Frame, field: str, value: str) -> str:
    if field in LISTS and value in frame.texts.words[LISTS[field]]:
        return frame.texts.word(LISTS[field], value)
    for each in getattr(frame.study, REFERENCES[field]) if field in REFERENCES else ():
        if each.id == value:
            return str(each.label)
    return value
