"""What can go wrong, said so that a study lead can mend it: place, what, remedy; and the exit code of each kind.
Knows nothing about studies, documents or formats."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where a fault lies: a file, a line in it (1-based, None when unknown), and a path inside (`objectives[1].measure`)."""

    file: str
    line: int | None = None
    path: str = ""

    def __str__(self) -> str:
        where = self.file if self.line is None else f"{self.file}:{self.line}"
        return f"{where}  {self.path}" if self.path else where


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong: where, what, and how to mend it."""

    place: Place
    what: str
    remedy: str = ""
    rule: str = ""
    """The rule of `templates/guidance/rules/` that is broken, where there is one."""

    def __str__(self) -> str:
        lines = [str(self.place), f"    {self.what}"]
        if self.remedy:
            lines.append(f"    {self.remedy}")
        return "\n".join(lines)


class StudygenError(Exception):
    """The family: every error a user can cause carries all its faults at once and an exit code for its kind."""

    exit_code = 1
    heading = "studygen could not go on"

    def __init__(self, faults: Fault | Sequence[Fault]) -> None:
        self.faults: tuple[Fault, ...] = (faults,) if isinstance(faults, Fault) else tuple(faults)
        super().__init__("\n".join(str(fault) for fault in self.faults))


class DefinitionError(StudygenError):
    """A study, network or document definition is malformed or does not hold together."""

    exit_code = 3
    heading = "The definition has faults"


class DeliveryError(StudygenError):
    """What a registry sent does not fit the study."""

    exit_code = 4
    heading = "A delivery has faults"


class TemplateError(StudygenError):
    """A template, a narrative text or a reference in one does not resolve."""

    exit_code = 5
    heading = "A document could not be composed"


class ResultError(StudygenError):
    """A result was asked for that does not exist."""

    exit_code = 6
    heading = "A result could not be found"


class WriterError(StudygenError):
    """An output file could not be made."""

    exit_code = 7
    heading = "A document could not be written"


class ReviewError(StudygenError):
    """A reviewed file cannot be read, or belongs to another study."""

    exit_code = 2
    heading = "The reviewed file cannot be used"


def nearest(name: str, known: Iterable[str], count: int = 3) -> tuple[str, ...]:
    """The known names most like `name`, best first; empty when none is near."""
    candidates = sorted(set(known))
    lowered = {candidate.lower(): candidate for candidate in candidates}
    found = difflib.get_close_matches(name.lower(), list(lowered), n=count, cutoff=0.6)
    return tuple(lowered[match] for match in found)


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """A remedy sentence that names the nearest known names, or lists a few of them when none is near."""
    names = sorted(set(known))
    close = nearest(name, names)
    if close:
        return "Did you mean " + " or ".join(f'"{match}"' for match in close) + "?"
    if not names:
        return "Nothing of this kind is defined yet."
    listed = ", ".join(names[:8])
    return f"Known: {listed}" + (", …" if len(names) > 8 else ".")
