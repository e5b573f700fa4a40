"""Tables of what is asked: objectives (HARPER Table 2), estimands with their intercurrent events, the target trial and its
emulation."""

from __future__ import annotations

from studygen.definition import NotApplicable
from studygen.displays.cells import Content, bullets, cell, group, head, row, spanning, subheader, table, word
from studygen.displays.formats import listing, sentence_case
from studygen.displays.frame import Frame
from studygen.document.nodes import Row, Slot, Table
from studygen.study.objectives import Objective

OF_THE_STUDY = ("population", "time", "setting")
"""The rows of HARPER Table 2 that are the same for every objective of a study."""


def objective_name(frame: Frame, objective: Objective) -> str:
    """An objective by its rank, numbered where several have the same: "secondary objective 2"."""
    rank = frame.texts.word("rank", objective.rank)
    same = [each.id for each in frame.study.objectives if each.rank == objective.rank]
    if len(same) == 1:
        return frame.texts.say("patterns.objective", rank=rank)
    return frame.texts.say("patterns.objective_number", rank=rank, number=str(same.index(objective.id) + 1))


def objective(frame: Frame, slot: Slot) -> Table:
    """One objective in the nine rows of HARPER Table 2. What holds for the whole study is spelled out for the first objective;
    the others refer to it."""
    study, texts = frame.study, frame.texts
    wording = texts.of("objective")
    asked = study.objective(frame.option(slot, "objective"))
    exposure, comparator = study.exposure(asked.exposure), study.comparator_of(asked)
    criteria = [wording.say("words.included", criterion=each.criterion) for each in study.population.inclusion]
    criteria += [wording.say("words.excluded", criterion=each.criterion) for each in study.population.exclusion]
    measures = [texts.word("measure", each.measure) for each in study.analyses_of(asked.id) if each.role != "sensitivity"]
    contents: dict[str, Content] = {
        "objective": asked.text,
        "hypothesis": asked.hypothesis,
        "population": [study.population.study_population, bullets(frame, criteria)],
        "exposure": sentence_case(exposure.label),
        "comparator": asked.comparator
        if isinstance(asked.comparator, NotApplicable)
        else sentence_case(comparator.label if comparator else ""),
        "outcome": [sentence_case(study.outcome(id).label) for id in asked.outcomes],
        "time": [
            wording.say("words.begins", start=study.follow_up.start),
            wording.say("words.ends"),
            bullets(frame, [_end(frame, each.kind, each.details) for each in study.follow_up.ends]),
        ],
        "setting": study.population.setting,
        "measure": sentence_case(listing(list(dict.fromkeys(measures)), texts)),
    }
    if asked != study.objectives[0]:
        as_first = wording.say("words.as_first", objective=objective_name(frame, study.objectives[0]))
        contents |= dict.fromkeys(OF_THE_STUDY, as_first)
    body = [row(frame, wording.row(key), content) for key, content in contents.items()]
    caption = wording.caption(objective=sentence_case(objective_name(frame, asked)))
    return table(frame, slot, caption, wording.columns("element", "content"), body, (1.0, 2.6))


def _end(frame: Frame, kind: str, details: str) -> str:
    return frame.texts.of("objective").say("words.end", reason=frame.texts.word("follow_up_end", kind), details=details)


def estimand(frame: Frame, slot: Slot) -> Table:
    """The attributes of an objective's estimand; each intercurrent event with its strategy and why."""
    wording = frame.texts.of("estimand")
    asked = frame.study.objective(frame.option(slot, "objective"))
    stated = asked.estimand
    caption = wording.caption(objective=objective_name(frame, asked))
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
