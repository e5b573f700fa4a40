"""The rules of the check that the dossier leaves aside, with their reasons."""

from __future__ import annotations

from studygen.displays.cells import row, table
from studygen.displays.dossier.frame import DossierFrame
from studygen.document.nodes import Slot, Table


def waivers(frame: DossierFrame, slot: Slot) -> Table:
    """Each rule that is left aside, what it asks, and why it is not followed."""
    wording = frame.texts.of("dossier-waivers")
    body = [row(frame, each.rule, frame.left_out.get(each.rule) or None, each.reason) for each in frame.definition.waivers]
    return table(frame, slot, wording.caption(), wording.columns("rule", "requirement", "reason"), body, (0.5, 2.4, 2.6))
