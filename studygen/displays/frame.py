"""What every display is given: the plan, the network, planned precision, the results once there are any, and the words.
A display is a function `(frame, slot) -> Table | Figure`; without results it prints its shell."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from studygen.definition import Prose
from studygen.displays.texts import DisplayTexts
from studygen.document.nodes import Block, Slot
from studygen.document.redacting import Redaction
from studygen.network.network import Network
from studygen.results.findings import ResultSet
from studygen.study.study import Study


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

    def option(self, slot: Slot, name: str) -> str:
        """An option of the slot; KeyError when missing."""
        return dict(slot.options)[name]
