"""Tables of what is asked: objectives (HARPER Table 2), estimands with their intercurrent events, the target trial and its
emulation."""

from __future__ import annotations

from collections.abc import Sequence

from studygen.definition import NotApplicable
from studygen.displays.cells import Content, bullets, cell, group, head, row, spanning, subheader, table, word
from studygen.displays.formats import days_text, listing, sentence_case
from studygen.displays.frame import Frame
from studygen.document.nodes import Row, Slot, Table
from studygen.study.objectives import Objective


def objective_name(frame: Frame, objective: Objective) -> str:
    """An objective by its rank, numbered where several have the same: "secondary objective 2"."""
    rank = frame.texts.word("rank", objective.rank)
    same = [each.id for each in frame.study.objectives if each.rank == objective.rank]
    if len(same) == 1:
        return frame.texts.say("patterns.objective", rank=rank)
    return frame.texts.say("patterns.objective_number", rank=rank, number=str(same.index(objective.id) + 1))


def objective(frame: Frame, slot: Slot) -> Table:
    """One objective in the nine rows of HARPER Table 2. What an earlier objective says alike, of the population, the time and the
    setting, is not said again: the row refers to it."""
    study, texts = frame.study, frame.texts
    wording = texts.of("objective")
    asked = study.objective(frame.option(slot, "objective"))
    exposure, comparator = study.exposure(asked.exposure), study.comparator_of(asked)
    measures = [texts.word("measure", each.measure) for each in study.analyses_of(asked.id) if each.role != "sensitivity"]
    contents: dict[str, Content] = {
        "objective": asked.text,
        "hypothesis": asked.hypothesis,
        "population": None,
        "exposure": sentence_case(exposure.label),
        "comparator": asked.comparator
        if isinstance(asked.comparator, NotApplicable)
        else sentence_case(comparator.label if comparator else ""),
        "outcome": [sentence_case(study.outcome(id).label) for id in asked.outcomes],
        "time": None,
        "setting": None,
        "measure": sentence_case(listing(list(dict.fromkeys(measures)), texts)),
    }
    own = _of_the_study(frame, asked)
    for key, content in own.items():
        before = study.objectives[: study.objectives.index(asked)]
        same = next((each for each in before if _of_the_study(frame, each)[key] == content), None)
        contents[key] = wording.say("words.as_first", objective=objective_name(frame, same)) if same else content
    body = [row(frame, wording.row(key), content) for key, content in contents.items()]
    caption = wording.caption(objective=_told_apart(frame, asked))
    return table(frame, slot, caption, wording.columns("element", "content"), body, (1.0, 2.6))


def _of_the_study(frame: Frame, asked: Objective) -> dict[str, Content]:
    """The rows that objectives mostly share: criteria and ends of follow-up for all outcomes, and for those of the objective."""
    study, wording = frame.study, frame.texts.of("objective")
    criteria = [
        wording.say(f"words.{kind}", criterion=each.criterion)
        for kind, listed in (("included", study.population.inclusion), ("excluded", study.population.exclusion))
        for each in listed
        if _concerns(asked, each.outcomes)
    ]
    ends = [_end(frame, each.kind, each.details) for each in study.follow_up.ends if _concerns(asked, each.outcomes)]
    return {
        "population": [study.population.study_population, bullets(frame, criteria)],
        "time": [*_begins(frame, asked), wording.say("words.ends"), bullets(frame, ends)],
        "setting": study.population.setting,
    }


def _concerns(asked: Objective, outcomes: Sequence[str]) -> bool:
    return not outcomes or bool(set(outcomes) & set(asked.outcomes))


def _begins(frame: Frame, asked: Objective) -> list[Content]:
    """When follow-up begins: as the study says, or in the window of an outcome that counts elsewhere."""
    study, wording = frame.study, frame.texts.of("objective")
    known = {id: study.window(study.outcome(id).window) for id in asked.outcomes}
    own = {id: each for id, each in known.items() if each.kind == "follow_up" and each.id != study.follow_up.window}
    lines: list[Content] = [wording.say("words.begins", start=study.follow_up.start)] if len(own) < len(known) else []
    for window in dict.fromkeys(own.values()):
        names = listing([study.outcome(id).label for id, each in own.items() if each == window], frame.texts)
        start = sentence_case(window.label)
        key = "begins_for" if lines or len(set(own.values())) > 1 else "begins"
        interval = wording.say("words.window", label=start, interval=days_text(window, frame.texts))
        lines.append(wording.say(f"words.{key}", start=interval, outcomes=names))
    return lines


def _told_apart(frame: Frame, objective: Objective) -> str:
    """An objective's name, where the study has several with what it is about: "Primary objective 1: severe infection"."""
    name = sentence_case(objective_name(frame, objective))
    if len(frame.study.objectives) == 1 or len(objective.outcomes) > NAMED:
        return name
    outcomes = listing([frame.study.outcome(id).label for id in objective.outcomes], frame.texts)
    return frame.texts.of("objective").say("words.about", objective=name, outcomes=outcomes)


NAMED = 2
"""Outcomes that a caption names; more would make it a paragraph."""


def _end(frame: Frame, kind: str, details: str) -> str:
    return frame.texts.of("objective").say("words.end", reason=frame.texts.word("follow_up_end", kind), details=details)


def estimand(frame: Frame, slot: Slot) -> Table:
    """The attributes of an objective's estimand; each intercurrent event with its strategy and why."""
    wording = frame.texts.of("estimand")
    asked = frame.study.objective(frame.option(slot, "objective"))
    stated = asked.estimand
    told = _told_apart(frame, asked)
    caption = wording.caption(objective=told[:1].lower() + told[1:])
    header = (Row((head(frame, wording.say("columns.attribute")), head(frame, wording.say("columns.description"), colspan=2))),)
    if isinstance(stated, NotApplicable):
        body = [spanning(frame, wording.row("all"), stated, 3)]
        return Table(slot.id, caption, header, tuple(body), (1.3, 1.0, 2.4))
    attributes = {
        "treatment": stated.treatment,
        "population": stated.population,
        "variable": stated.variable,
        "summary": stated.summary,
    }
    body = [spanning(frame, wording.row(key), text, 3) for key, text in attributes.items()]
    body.append(group(frame, wording.row("intercurrent_events"), 3))
    body.append(subheader(frame, [wording.say(f"columns.{key}") for key in ("event", "strategy", "rationale")]))
    body += [
        row(frame, sentence_case(each.event), word(frame, "strategy", each.strategy), each.rationale)
        for each in stated.intercurrent_events
    ]
    return Table(slot.id, caption, header, tuple(body), (1.3, 1.0, 2.4))


def target_trial(frame: Frame, slot: Slot) -> Table:
    """The eight components of the target trial, each beside its emulation."""
    wording, components = frame.texts.of("target-trial"), frame.study.design.target_trial
    columns = wording.columns("component", "target", "emulation")
    if isinstance(components, NotApplicable):
        body = [Row((head(frame, wording.say("words.all")), cell(frame, components, colspan=2)))]
    else:
        body = [row(frame, word(frame, "trial_component", each.id), each.target, each.emulation) for each in components]
    return table(frame, slot, wording.caption(), columns, body, (1.1, 2.0, 2.0))
