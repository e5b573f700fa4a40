"""The flow diagram of the selection: from the source population down to the study population and the groups compared, with those
excluded at each step and why. Steps without a number of their own share a box with the next that has one; steps that do not
apply to the registry are left out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from studygen.aggregates.expected import SOURCE_POPULATION, STUDY_POPULATION, outcome_criteria, selection_order
from studygen.displays.evidence import drawn_values, find, notes_of
from studygen.displays.figures.flow_drawing import Box, Flow, Step, draw_flow
from studygen.displays.formats import listing, result_text, sentence_case
from studygen.displays.frame import Frame
from studygen.document.nodes import Figure, Inline, Slot
from studygen.results.addresses import joined
from studygen.results.findings import Count
from studygen.study.variables import Exposure

TOTAL = "total"
"""The option's word for all registries together."""


@dataclass(frozen=True, slots=True)
class Known:
    """The steps that have a number, in order; those before the first of them."""

    steps: tuple[str, ...]
    before: tuple[str, ...]


def attrition_flow(frame: Frame, slot: Slot) -> Figure:
    """The selection in one registry, or in all that describe theirs together."""
    wording, owner = frame.texts.of("attrition-flow"), frame.option(slot, "registry")
    known, flow = _known(frame, owner), _flow(frame, owner)
    svg, png, width = frame.drawn(frame.texts.look, lambda: draw_flow(frame.texts.look, flow))
    source = frame.texts.say("rows.all_registries") if owner == TOTAL else frame.network.registry(owner).name
    within = source[:1].lower() + source[1:] if owner == TOTAL else source
    notes: list[tuple[Inline, ...]] = [wording.note("shell")] if frame.results is None else []
    notes += [wording.note("joined")] if any(len(step.reasons) > 1 for step in flow.steps) else []
    if known.before and known.steps:
        notes.append(wording.note("incomplete", steps=listing([_step_name(frame, step) for step in known.before], frame.texts)))
    notes += [wording.note("groups")] if flow.groups else []
    single = [_inside(_reason(frame, step)) for step in outcome_criteria(frame.study)]
    notes += [wording.note("sets", criteria=frame.texts.say("patterns.labels").join(single))] if single else []
    notes += notes_of(frame, [("", _id(owner, step, "n")) for step in known.steps])
    values = drawn_values(frame, _drawn_ids(frame, owner))
    return Figure(
        slot.id, wording.caption(source=within), _alt(frame, flow, within), svg, png, width, tuple(notes), values=values
    )


def _drawn_ids(frame: Frame, owner: str) -> Iterator[str]:
    """The results in the boxes, from top to bottom."""
    for position, step in enumerate(_known(frame, owner).steps):
        if position:
            yield _excluded_id(frame, owner, step)
        yield _id(owner, step, "n")
    yield from (_group_id(frame, owner, each) or "" for each in frame.study.exposures if len(frame.study.exposures) > 1)


def _id(owner: str, step: str, statistic: str, group: str = "") -> str:
    return joined("attrition", group, owner, step, statistic)


def _known(frame: Frame, owner: str) -> Known:
    order = selection_order(frame.study)
    if frame.results is None:
        return Known(order, ())
    steps = []
    for step in order:
        found = find(frame, _id(owner, step, "n"))
        if found is not None and found.value is not None:
            steps.append(step)
    before = order[: order.index(steps[0])] if steps else ()
    return Known(tuple(steps), tuple(step for step in before if _sent_by_somebody(frame, step)))


def _sent_by_somebody(frame: Frame, step: str) -> bool:
    return any(find(frame, _id(each.registry, step, "n")) is not None for each in frame.study.contributors)


def _step_name(frame: Frame, step: str) -> str:
    """A step as a list names it."""
    if step in (SOURCE_POPULATION, STUDY_POPULATION):
        name = frame.texts.of("attrition-flow").say(f"words.{step}")
        return name[:1].lower() + name[1:]
    return _reason(frame, step)


def _reason(frame: Frame, step: str) -> str:
    """Why a criterion excludes."""
    population = frame.study.population
    criterion = next(each for each in (*population.inclusion, *population.exclusion) if each.id == step)
    text = criterion.criterion.rstrip(".")
    if criterion in population.inclusion:
        return frame.texts.of("attrition-flow").say("words.unmet", criterion=_inside(text))
    return text


def _inside(text: str) -> str:
    """A criterion inside a sentence; "EDSS" keeps its capitals."""
    return text[:1].lower() + text[1:] if text[1:2].islower() else text


# ---------------------------------------------------------------- the flow


def _flow(frame: Frame, owner: str) -> Flow:
    steps = list(_known(frame, owner).steps)
    if not steps:
        return Flow(Box(_words(frame, "study_population"), _persons(frame, "")), (), ())
    order = selection_order(frame.study)
    if len(steps) > 1 and steps[-1] == STUDY_POPULATION and _same(frame, owner, steps[-2]):
        del steps[-2]
    made = []
    for before, after in pairwise(steps):
        between = order[order.index(before) + 1 : order.index(after) + 1]
        criteria = [step for step in between if step not in (SOURCE_POPULATION, STUDY_POPULATION)]
        reasons = [_reason(frame, step) for step in criteria if _applies(frame, owner, step)]
        made.append(Step(_excluded(frame, owner, after, len(reasons)), tuple(reasons), _box(frame, owner, after)))
    return Flow(_box(frame, owner, steps[0]), tuple(made), tuple(_groups(frame, owner)))


def _applies(frame: Frame, owner: str, step: str) -> bool:
    """Whether a criterion was applied there: not one of which the registry says that it does not apply to it."""
    found = find(frame, _id(owner, step, "n"))
    return not (isinstance(found, Count) and found.state == "not_applicable")


def _same(frame: Frame, owner: str, step: str) -> bool:
    """Whether the study population are those left after the last criterion, so that one box tells both."""
    if step == SOURCE_POPULATION:
        return False
    last, population = find(frame, _id(owner, step, "n")), find(frame, _id(owner, STUDY_POPULATION, "n"))
    return frame.results is None or (last is not None and population is not None and last.value == population.value)


def _box(frame: Frame, owner: str, step: str) -> Box:
    label = _words(frame, step) if step in (SOURCE_POPULATION, STUDY_POPULATION) else ""
    return Box(label, _persons(frame, _id(owner, step, "n")), strong=step == STUDY_POPULATION)


def _excluded(frame: Frame, owner: str, step: str, reasons: int) -> str:
    key = "joined" if reasons > 1 else "excluded"
    fields = {"n": _number(frame, _excluded_id(frame, owner, step))}
    if reasons > 1:
        fields["steps"] = str(reasons)
    return frame.texts.of("attrition-flow").say(f"words.{key}", **fields)


def _excluded_id(frame: Frame, owner: str, step: str) -> str:
    """Id of those excluded before `step`. Where the last criterion's box was left out, its exclusions are the study
    population's."""
    if step != STUDY_POPULATION or frame.results is None:
        return _id(owner, step, "excluded")
    steps = _known(frame, owner).steps
    own = steps[-2] if len(steps) > 1 and _same(frame, owner, steps[-2]) else step
    return _id(owner, own, "excluded")


def _groups(frame: Frame, owner: str) -> list[Box]:
    """The exposure groups in the study population, from the selection or the baseline table; none unless all have a number."""
    exposures = frame.study.exposures
    if len(exposures) < 2:
        return []
    boxes = []
    for exposure in exposures:
        id = _group_id(frame, owner, exposure)
        if id is None and frame.results is not None:
            return []
        boxes.append(Box(sentence_case(exposure.label), _persons(frame, id or "")))
    return boxes


def _group_id(frame: Frame, owner: str, exposure: Exposure) -> str | None:
    ids = (_id(owner, STUDY_POPULATION, "n", exposure.id), joined("baseline", exposure.id, owner, "persons", "n"))
    return next((id for id in ids if (found := find(frame, id)) is not None and found.value is not None), None)


def _words(frame: Frame, key: str) -> str:
    return frame.texts.of("attrition-flow").say(f"words.{key}")


def _persons(frame: Frame, id: str) -> str:
    return frame.texts.of("attrition-flow").say("words.persons", n=_number(frame, id))


def _number(frame: Frame, id: str) -> str:
    if frame.results is None:
        return frame.texts.say("shells.count")
    found = find(frame, id)
    return frame.texts.word("cell", "missing") if found is None else result_text(found, "full", frame.texts)


def _alt(frame: Frame, flow: Flow, source: str) -> str:
    """The flow in sentences, with the same numbers."""
    wording = frame.texts.of("attrition-flow")
    parts = [wording.say("alt.shell" if frame.results is None else "alt.opening", source=source)]

    def box(each: Box) -> str:
        return wording.say("alt.box", label=each.label or wording.say("words.left"), n=each.number)

    parts.append(box(flow.start))
    for step in flow.steps:
        reasons = frame.texts.say("patterns.labels").join(step.reasons) or wording.say("words.no_reason")
        parts += [wording.say("alt.excluded", label=step.excluded, reasons=reasons), box(step.left)]
    return " ".join([*parts, *(box(each) for each in flow.groups)])
