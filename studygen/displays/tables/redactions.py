"""The list of redactions of a public version: where something was left out, what kind of thing, and why; never what it said."""

from __future__ import annotations

from studygen.displays.cells import row, table
from studygen.displays.formats import sentence_case
from studygen.displays.frame import Frame
from studygen.document.nodes import Slot, Table

KINDS = ("name", "contact", "email", "telephone")
"""What is redacted with a reason of its own, by the keys of the lists `redaction` and `redaction_kind`."""


def redactions(frame: Frame, slot: Slot) -> Table:
    """One row for each place and reason; "None" when nothing was left out."""
    wording, texts = frame.texts.of("redactions"), frame.texts
    kinds = {texts.word("redaction", kind): texts.word("redaction_kind", kind) for kind in KINDS}
    body = []
    for number, each in enumerate(frame.redactions, start=1):
        place = wording.say("words.properties") if each.in_properties else each.section or wording.say("words.front")
        kind = kinds.get(each.reason) or texts.word("redaction_kind", "passage")
        body.append(
            row(frame, str(number), [place, each.display], sentence_case(kind), sentence_case(each.reason), str(each.times))
        )
    columns = wording.columns("number", "place", "kind", "reason", "times")
    return table(frame, slot, wording.caption(), columns, body, (0.5, 2.6, 1.5, 1.9, 0.8))
