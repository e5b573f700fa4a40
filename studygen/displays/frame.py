"""What every display is given: the plan, the network, planned precision, the results once there are any, and the words.
A display is a function `(frame, slot) -> Table | Figure`; without results it prints its shell."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

from studygen.definition import Prose
from studygen.displays.figures.drawing import Canvas, Drawn, drawn
from studygen.displays.look import Look
from studygen.displays.texts import DisplayTexts
from studygen.document.nodes import Block, Slot
from studygen.document.redacting import Redaction
from studygen.guidance.shelf import Checklists
from studygen.network.network import Network
from studygen.results.findings import ResultSet
from studygen.study.frozen import FrozenPlan
from studygen.study.study import Study


class Speaks(Protocol):
    """What cells need of a display's world, whatever it is about."""

    @property
    def texts(self) -> DisplayTexts: ...

    @property
    def prose(self) -> Callable[[Prose], tuple[Block, ...]]: ...


@dataclass(frozen=True, slots=True)
class WaivedRule:
    """A requirement that the study does not follow: its rule, what it asks in a few words, and where it comes from."""

    rule: str
    title: str
    source: str


@dataclass(frozen=True, slots=True)
class Frame:
    """The world of a display. `results` is None in a shell (protocol, analysis plan, a report before data)."""

    study: Study
    network: Network
    planned: ResultSet
    """Planned precision (`size.…`), computed from the study-size section's inputs; there even without results."""
    results: ResultSet | None
    texts: DisplayTexts
    """Captions, headers, notes and words from templates/displays.yaml and templates/shared/words.yaml."""
    prose: Callable[[Prose], tuple[Block, ...]]
    """Renders narrative text of the definition (Markdown with template functions) to blocks."""
    redactions: tuple[Redaction, ...] = ()
    """What a public version leaves out, for its list of redactions."""
    shown: tuple[str, ...] | None = None
    """The ids of the numbers that the document shows, for displays that explain them (None: all that there are)."""
    drawn: Callable[[Look, Callable[[], Canvas]], Drawn] = drawn
    """Draws a figure, or leaves it undrawn where a document is read but not written."""

    checklists: Checklists | None = None
    """The checklists that documents print; None where no document is made."""
    about: Mapping[str, str] | None = None
    """For a document about another one: how each section, table and figure of that one is called ("section 9.1"), by id."""
    frozen: tuple[FrozenPlan, ...] = ()
    """The frozen plans, the oldest version first."""
    waived: tuple[WaivedRule, ...] = ()
    """What the requirements say that the study leaves aside."""

    def option(self, slot: Slot, name: str) -> str:
        """An option of the slot; KeyError when missing."""
        return dict(slot.options)[name]
