"""Tables on the suitability of registries: what is known of each and how far it can be relied on, and which registries can serve
which objective."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import get_args

from studygen.displays.cells import Content, cell, group, head, row, spanning, table, word
from studygen.displays.fact_dates import dated
from studygen.displays.formats import inside, listing, sentence_case
from studygen.displays.frame import Frame
from studygen.displays.tables.objectives import objective_name
from studygen.displays.tables.sources import invited, short_name
from studygen.displays.texts import Wording
from studygen.document.nodes import Emphasis, Paragraph, Row, Slot, Table, Text
from studygen.guidance.serving import Serving, judged
from studygen.guidance.suitability import Content as Known
from studygen.guidance.suitability import Found, Group, Standing, found
from studygen.network.network import Fact
from studygen.study.governance import Approval, Availability, Participation
from studygen.study.objectives import Objective


def registry_suitability(frame: Frame, slot: Slot) -> Table:
    """What is known of one registry for each item, with its origin; what is not known is named as to be asked."""
    wording = frame.texts.of("registry-suitability")
    taking = next(each for each in frame.study.participation if each.registry == frame.option(slot, "registry"))
    main = _main_source(frame, taking)
    body: list[Row] = [spanning(frame, wording.row("main_source"), main, 3)] if main else []
    for part in _groups(frame):
        items = found(frame.study, frame.network, taking, part)
        body.append(group(frame, part.title, 3))
        body += [_known(frame, wording, each, main) for each in items if each.content is not None]
        asked = [each.item.label for each in items if each.content is None]
        if asked:
            labels = frame.texts.say("patterns.labels").join(asked)
            body.append(spanning(frame, wording.row("asked"), Paragraph((Emphasis((Text(labels),)),)), 3))
    name = short_name(frame, taking)
    columns = wording.columns("item", "known", "origin")
    return table(frame, slot, wording.caption(registry=name), columns, body, (1.3, 3.0, 1.5))


def _groups(frame: Frame) -> Sequence[Group]:
    assert frame.checklists is not None, "documents with checklists are made with them"
    return frame.checklists.registries.groups


def _main_source(frame: Frame, taking: Participation) -> str:
    """The source that most facts on a registry share, so that they need not repeat it; empty when none is shared."""
    known = [each.content for part in _groups(frame) for each in found(frame.study, frame.network, taking, part)]
    counts = Counter(each.source for each in known if isinstance(each, Fact))
    return next((source for source, uses in counts.most_common(1) if uses > 1), "")


def _known(frame: Frame, wording: Wording, each: Found, main: str) -> Row:
    return row(frame, each.item.label, _content(frame, wording, each.content), _origin(frame, wording, each, main))


def _content(frame: Frame, wording: Wording, known: Known | None) -> Content:
    match known:
        case Fact():
            return known.value
        case Approval():
            return [word(frame, "approval", known.status), known.note]
        case tuple():
            return list(_available(frame, wording, known))
        case _:
            return known


def _available(frame: Frame, wording: Wording, known: Sequence[Availability]) -> Iterator[str]:
    """A line for each state of availability, with the variables that are in it."""
    study = frame.study
    labels = {each.id: inside(each.label) for each in study.outcomes} | {each.id: inside(each.label) for each in study.covariates}
    states: dict[str, list[str]] = {}
    for each in known:
        states.setdefault(each.state, []).append(labels[each.variable])
    for state, names in states.items():
        said = sentence_case(frame.texts.word("availability", state))
        yield wording.say("words.available", state=said, names=listing(names, frame.texts))


def _origin(frame: Frame, wording: Wording, each: Found, main: str) -> str:
    known = each.content
    if not isinstance(known, Fact):
        return wording.say("words.profile" if each.item.profile else "words.study")
    standing = frame.texts.word("fact_status", known.status)
    source = wording.row("main_source") if known.source == main else known.source
    return wording.say("words.fact", source=source, standing=standing, date=dated(frame, known) or "")


# ---------------------------------------------------------------- all registries beside one another


def suitability_overview(frame: Frame, slot: Slot) -> Table:
    """For each registry and group of items, how many are known, how many are not confirmed, and how many are to be asked."""
    wording, sources = frame.texts.of("suitability-overview"), invited(frame)
    columns = [wording.say("columns.group"), *(short_name(frame, each) for each in sources)]
    sums: dict[str, Counter[Standing]] = {each.registry: Counter() for each in sources}
    body = []
    for part in _groups(frame):
        counts = {}
        for each in sources:
            counts[each.registry] = Counter(one.standing for one in found(frame.study, frame.network, each, part))
            sums[each.registry] += counts[each.registry]
        body.append(_counted(frame, wording, part.title, list(counts.values()), "body"))
    body.append(_counted(frame, wording, wording.row("all"), list(sums.values()), "total"))
    header = Row(tuple(head(frame, text, align="center" if number else "left") for number, text in enumerate(columns)))
    widths = (1.6, *(1.0 for _ in sources))
    notes = (wording.note("counts"),)
    return Table(slot.id, wording.caption(), (header,), tuple(body), widths, notes, landscape=len(sources) > 8)


def _counted(frame: Frame, wording: Wording, label: str, counts: Sequence[Counter[Standing]], kind: str) -> Row:
    texts = [wording.say("words.count", **{key: str(each[key]) for key in get_args(Standing)}) for each in counts]
    cells = (head(frame, label), *(cell(frame, text, align="center") for text in texts))
    return Row(cells, kind="total") if kind == "total" else Row(cells)


def suitability_judgement(frame: Frame, slot: Slot) -> Table:
    """For each objective, which registries can serve it, and which cannot or not yet be judged."""
    wording, study = frame.texts.of("suitability-judgement"), frame.study
    given = {objective.id: _judged(frame, objective) for objective in study.objectives}
    kinds = [kind for kind in get_args(Serving) if any(kind in each for each in given.values())]
    body = []
    for objective in study.objectives:
        outcomes = [study.outcome(each).label for each in objective.outcomes]
        name = sentence_case(objective_name(frame, objective))
        label = frame.texts.say("patterns.labelled_note", labels=name, note=listing(outcomes, frame.texts))
        names = [listing(given[objective.id].get(kind, []), frame.texts) for kind in kinds]
        body.append(row(frame, label, *names))
    columns = [wording.say("columns.objective"), *(wording.say(f"columns.{kind}") for kind in kinds)]
    notes = [wording.note("basis"), *([] if "can" in kinds else [wording.note("none_can")])]
    return table(frame, slot, wording.caption(), columns, body, (1.8, *(1.3 for _ in kinds)), notes=notes, missing="none_key")


def _judged(frame: Frame, objective: Objective) -> dict[Serving, list[str]]:
    """The registries by what they can do for an objective; one that was not asked for it is left out."""
    found: dict[Serving, list[str]] = {}
    for each in invited(frame):
        serving = judged(frame.study, each, objective)
        if serving is not None:
            found.setdefault(serving, []).append(short_name(frame, each))
    return found
