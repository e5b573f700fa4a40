"""Tables of what is not good enough yet: gaps with action, owner and date, risks, alternatives, questions received."""

from __future__ import annotations

from studygen.definition import NotApplicable
from studygen.displays.cells import Content, group, row, table, word
from studygen.displays.dossier.data_model import variable_label
from studygen.displays.dossier.evidence import links
from studygen.displays.dossier.frame import DossierFrame
from studygen.displays.formats import day_text, listing, sentence_case
from studygen.document.nodes import Row, Slot, Table
from studygen.qualification.dossier import NETWORK
from studygen.qualification.improvement import Gap

ALL = "all"
"""In place of a registry: the network and all its registries."""


def gap_anchor(id: str) -> str:
    """The id of the row of a gap."""
    return f"gap-{id.replace('_', '-')}"


def gaps(frame: DossierFrame, slot: Slot) -> Table:
    """The gaps of the network, of one registry, or of all, each with what follows from it and what is done by whom until when."""
    wording, owner = frame.texts.of("gaps"), frame.option(slot, "owner")
    columns = wording.columns("gap", "consequence", "action", "owner", "state")
    owners: list[str | None] = [None, *frame.definition.registries] if owner == ALL else [None if owner == NETWORK else owner]
    body: list[Row] = []
    for each in owners:
        found = frame.definition.gaps_of(each)
        if owner == ALL and found:
            body.append(group(frame, _owner(frame, each), len(columns)))
        body += [_gap(frame, gap) for gap in found]
    caption = wording.inline("captions.all") if owner == ALL else wording.inline("captions.one", owner=_owner(frame, owners[0]))
    return table(frame, slot, caption, columns, body, (2.3, 1.9, 2.2, 1.5, 1.1))


def _owner(frame: DossierFrame, registry: str | None) -> str:
    return frame.short_name(registry) if registry else frame.texts.of("gaps").say("words.network")


def _gap(frame: DossierFrame, gap: Gap) -> Row:
    wording = frame.texts.of("gaps")
    shown: list[Content] = [gap.gap]
    if gap.indicator:
        shown.append(wording.say("words.indicator", label=frame.definition.indicator(gap.indicator).label))
    if gap.variables:
        labels = [variable_label(frame, name) for name in gap.variables]
        shown.append(wording.say("words.variables", variables=listing(labels, frame.texts)))
    who = sentence_case(frame.definition.contact(gap.owner).role) if gap.owner else wording.say("words.no_owner")
    # A date stays on one line of its narrow column; of a gap that is accepted nothing is due.
    none = None if gap.status == "accepted" else wording.say("words.no_date")
    due = day_text(gap.due, frame.texts).replace(" ", "\u00a0") if gap.due else none
    state = [word(frame, "gap_status", gap.status), wording.say("words.priority", level=frame.texts.word("level", gap.priority))]
    made = row(frame, shown, gap.consequence, gap.action or wording.say("words.no_action"), [who, due], state)
    return Row(made.cells, made.kind, gap_anchor(gap.id))


def risks(frame: DossierFrame, slot: Slot) -> Table:
    """The risks with likelihood, impact, mitigation and owner."""
    wording = frame.texts.of("risks")
    body = [
        row(
            frame,
            each.risk,
            [word(frame, "level", each.likelihood)],
            [word(frame, "level", each.impact)],
            each.mitigation,
            sentence_case(frame.definition.contact(each.owner).role),
        )
        for each in frame.definition.risks
    ]
    columns = wording.columns("risk", "likelihood", "impact", "mitigation", "owner")
    return table(frame, slot, wording.caption(), columns, body, (2.3, 1.0, 0.9, 2.5, 1.2))


def alternatives(frame: DossierFrame, slot: Slot) -> Table:
    """Other sources for the same questions, and when they are the better ones."""
    wording = frame.texts.of("alternatives")
    body = [row(frame, each.name, each.strengths, each.weaknesses, each.when_better) for each in frame.definition.alternatives]
    columns = wording.columns("name", "strengths", "weaknesses", "when_better")
    return table(frame, slot, wording.caption(), columns, body, (1.1, 2.0, 2.0, 2.0))


def issues(frame: DossierFrame, slot: Slot) -> Table:
    """The questions received, with the day of the answer and the evidence it names."""
    wording, received = frame.texts.of("issues"), frame.definition.issues
    body = [
        row(
            frame,
            each.number,
            [each.body, day_text(each.received, frame.texts)],
            each.question,
            day_text(each.answered, frame.texts) if each.answered else wording.say("words.open"),
            links(frame, "evidence", each.evidence),
        )
        for each in (() if isinstance(received, NotApplicable) else received)
    ]
    columns = wording.columns("number", "received", "question", "answered", "evidence")
    return table(frame, slot, wording.caption(), columns, body, (0.6, 1.3, 3.0, 1.1, 0.9))
