"""What a check finds: a fault of a rule, how grave it is, and which documents it concerns. Knows no rule."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from studygen.errors import DefinitionError, DeliveryError, Fault, Place, ResultError, StudygenError, TemplateError

Severity = Literal["error", "warning", "info"]
"""`error`: documents are not built (unless as a draft); `warning`: an assessor will ask; `info`: worth knowing."""

GRAVITY: dict[Severity, int] = {"error": 0, "warning": 1, "info": 2}

UNRULED: dict[type[StudygenError], str] = {DefinitionError: "F01", DeliveryError: "A00", TemplateError: "T01", ResultError: "T02"}
"""The rule of a fault that stopped reading and names none of its own: the file as such is not as it must be."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing found: the rule, its gravity in this study, where, what, how to mend it, and the documents it concerns (none: the
    whole study). A `waiver` is the reason for which the study leaves the rule aside here."""

    rule: str
    severity: Severity
    place: Place
    what: str
    remedy: str
    documents: tuple[str, ...] = ()
    waiver: str = ""
    at: Place | None = None
    """The file and line that an editor opens, where `place` names a document or a part of one instead of a file."""

    @property
    def spot(self) -> Place:
        """Where an editor or a pull request shows it."""
        return self.at or self.place

    @property
    def message(self) -> str:
        """What and remedy as running text."""
        what = self.what if self.what.endswith((".", "?", "!")) else f"{self.what}."
        return f"{what[:1].upper()}{what[1:]} {self.remedy}".strip()

    @property
    def order(self) -> tuple[int, str, int, str, str]:
        """The gravest first, then by place."""
        return (GRAVITY[self.severity], self.place.file, self.place.line or 0, self.rule, self.what)


def faults_of(error: StudygenError) -> tuple[Fault, ...]:
    """The faults of an error, each with a rule."""
    unruled = next((rule for kind, rule in UNRULED.items() if isinstance(error, kind)), "T01")
    return tuple(fault if fault.rule else Fault(fault.place, fault.what, fault.remedy, unruled) for fault in error.faults)
