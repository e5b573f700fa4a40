"""What a template can do wrong, in words that say what to do instead, and the template line where it happened.
Knows Jinja's frames and exceptions; knows nothing about output."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from types import FrameType, TracebackType

from jinja2 import StrictUndefined, TemplateSyntaxError
from jinja2.utils import missing

from studygen.definition import Declared
from studygen.document.sourcemap import place_of
from studygen.errors import Fault, Place, did_you_mean


class Unknown(StrictUndefined):
    """A name or attribute that does not exist. Its message is what is wrong, a line break, and the names that do exist."""

    __slots__ = ()

    @property
    def _undefined_message(self) -> str:
        name, holder = self._undefined_name, self._undefined_obj
        if self._undefined_hint:
            return self._undefined_hint
        if holder is missing:
            return f'"{name}" is not known in this template\n{NAME_OF_CONTEXT}{name}'
        if holder is None:
            remedy = "Test first whether the part before it is there: {% if … is applicable %}."
            return f'there is nothing to read "{name}" from\n{remedy}'
        if isinstance(holder, str):
            return f'a text has no "{name}"\nPrint the text as it is.'
        return f'{type(holder).__name__} has no "{name}"\n{did_you_mean(str(name), names_in(holder))}'


NAME_OF_CONTEXT = "\x00"
"""Stands for "compare with the names of the context", which an undefined value does not see."""


def names_in(holder: object) -> list[str]:
    """What a template may ask of a value."""
    if isinstance(holder, Mapping):
        return [str(key) for key in holder]
    hidden = set(dir(Declared)) if isinstance(holder, Declared) else set()
    return [name for name in dir(holder) if not name.startswith("_") and name not in hidden]


MISUSE = (TypeError, ValueError, LookupError, AttributeError, ArithmeticError, RecursionError)
MISUSE_REMEDY = "Compare the names and the number of arguments with other templates."

REFUSED: list[tuple[type | tuple[type, ...], str, str]] = [
    (
        type(None),
        "there is nothing to print here (None)",
        "Test it first: {% if … is applicable %}, or state it in the definition.",
    ),
    (bool, "true or false cannot be printed", 'Write both sentences: {{ "…" if … else "…" }}.'),
    (float, "a number must be printed with value()", 'Name its result: {{ value("<result id>") }}; a template does not format.'),
    ((list, tuple, set, frozenset), "a list cannot be printed whole", "Loop over it, or use listing(…)."),
    (dict, "a group of keys cannot be printed whole", "Print one of its values."),
]
"""Values that have no text of their own: what to say, and what to do instead."""


def spelling_fault(error: TemplateSyntaxError, place: Place, filters: Collection[str]) -> Fault:
    """Why a template cannot be read."""
    message = str(error.message)
    unknown = re.fullmatch(r"No filter named '(.*)'\.", message)
    if unknown:
        remedy = f"{did_you_mean(unknown[1], filters)} Templates do not compute or format; numbers come from value()."
        return Fault(place, f'"{unknown[1]}" is not a known filter', remedy)
    remedy = "Look at the braces, quotation marks and end tags around this line."
    return Fault(place, f"this template cannot be read: {first_lower(message)}", remedy)


def first_lower(text: str) -> str:
    return text[:1].lower() + text[1:]


# ------------------------------------------------------------------------------------------------ where in a template


def _place_in(frame: FrameType, line: int) -> Place | None:
    template = frame.f_globals.get("__jinja_template__")
    if template is None:
        return None
    return place_of(template.name or template.filename or "", template.get_corresponding_lineno(line))


def rendering_place(frame: FrameType | None) -> Place:
    """The line that is being rendered, from inside a call."""
    while frame is not None:
        place = _place_in(frame, frame.f_lineno)
        if place is not None:
            return place
        frame = frame.f_back
    return Place("template")


def _frames(error: BaseException) -> list[TracebackType]:
    found: list[TracebackType] = []
    step = error.__traceback__
    while step is not None:
        found.append(step)
        step = step.tb_next
    return found


def raised_at(error: BaseException) -> Place | None:
    """The innermost template line that an error came through."""
    for step in reversed(_frames(error)):
        place = _place_in(step.tb_frame, step.tb_lineno)
        if place is not None:
            return place
    return None


def is_ours(error: BaseException) -> bool:
    """Whether the error was raised inside a function of this package rather than by the template's use of one."""
    name = str(_frames(error)[-1].tb_frame.f_globals.get("__name__", ""))
    return name.startswith("studygen.") and name != "studygen.document.templating"
