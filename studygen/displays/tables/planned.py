"""Tables of what was planned and what was done: objectives and analyses, the versions of the plan, deviations, and requirements
that the study does not follow."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from studygen.definition import Prose
from studygen.displays.cells import Content, bullets, group, row, table, unbroken, word
from studygen.displays.formats import day_text, listing, sentence_case
from studygen.displays.frame import Frame
from studygen.displays.plan_words import changes_told
from studygen.document.nodes import Row, Slot, Table
from studygen.results.done import Done, Missing, parts_changed, plan_part, planned_and_done, reasons_for
from studygen.study.frozen import FrozenPlan, PlanHistory, ordered
from studygen.study.objectives import Objective
from studygen.study.plan_changes import PartChange


def planned_done(frame: Frame, slot: Slot) -> Table:
    """Every objective and analysis of the plan: where it was planned, what became of it, why; then other parts of the plan that
    were changed."""
    wording, history = frame.texts.of("planned-done"), _history(frame)
    columns = wording.columns("part", "planned", "status", "reason")
    body: list[Row] = []
    headed: list[str] = []
    for each in planned_and_done(history, frame.results):
        if isinstance(each.plan, Objective):
            body.append(group(frame, _objective(frame, each.plan), len(columns)))
            if each.status in ("as_planned", "to_do"):
                continue
        elif (heading := _heading(each)) and heading not in headed:
            headed.append(heading)
            body.append(group(frame, wording.row(heading), len(columns)))
        body.append(_done_row(frame, each))
    if changed := parts_changed(history):
        body.append(group(frame, wording.row("other"), len(columns)))
        body += [_part_row(frame, history, each) for each in changed]
    notes = [wording.note("frozen" if history.frozen else "not_frozen", **_versions(frame, history))]
    return table(frame, slot, wording.caption(), columns, body, (1.7, 1.2, 2.0, 2.3), notes=notes, missing="none_key")


def _heading(done: Done) -> str:
    """The heading of analyses that stand below no objective: the plan does not hold them, or no longer."""
    return "withdrawn" if done.status == "withdrawn" else "added" if not done.planned_in else ""


def _history(frame: Frame) -> PlanHistory:
    return PlanHistory(frame.study, frame.frozen)


def _versions(frame: Frame, history: PlanHistory) -> dict[str, str]:
    latest = history.latest
    if latest is None:
        return {}
    return {"version": latest.version, "date": day_text(latest.date, frame.texts)}


def _objective(frame: Frame, objective: Objective) -> str:
    rank = frame.texts.word("rank", objective.rank)
    return frame.texts.of("planned-done").say("words.objective", rank=sentence_case(rank), objective=objective.text.rstrip("."))


def _done_row(frame: Frame, done: Done) -> Row:
    wording = frame.texts.of("planned-done")
    if isinstance(done.plan, Objective):
        label: Content = wording.row("objective")
    else:
        label = [
            sentence_case(done.plan.label),
            wording.say("words.role", role=frame.texts.word("analysis_role", done.plan.role)),
        ]
    return row(frame, label, _planned(frame, done), _status(frame, done), list(_reasons(frame, done)))


def _planned(frame: Frame, done: Done) -> Content:
    wording = frame.texts.of("planned-done")
    if not done.planned_in:
        return wording.say("words.not_planned")
    amended = listing(list(done.amended_in), frame.texts)
    lines = [wording.say("words.planned_in", version=done.planned_in)]
    if done.status == "withdrawn":
        lines.append(wording.say("words.withdrawn_in", version=amended))
    elif amended:
        lines.append(wording.say("words.amended_in", version=amended))
    return lines


def _status(frame: Frame, done: Done) -> Content:
    wording = frame.texts.of("planned-done")
    lines: list[Content] = [wording.say(f"words.{done.status}")]
    lines += changes_told(frame, done.changes)
    if done.missing and done.contributed:
        number, of = len(done.contributed), len(done.contributed) + len(done.missing)
        lines.append(wording.say("words.sources", number=str(number), of=str(of)))
    return lines


def _reasons(frame: Frame, done: Done) -> Iterator[Content]:
    """Why it was changed or left out. Registries that did not contribute are told where some did, or where nothing else is."""
    yield from done.reasons
    if done.status in ("withdrawn", "lapsed") or (done.reasons and not done.contributed):
        return
    yield from _missing(frame, [each for each in done.missing if each.reason or not done.reasons])


def _missing(frame: Frame, missing: Sequence[Missing]) -> Iterator[Content]:
    """Why registries did not contribute, those with the same reason together."""
    wording = frame.texts.of("planned-done")
    together: dict[tuple[str, str], list[str]] = {}
    for each in missing:
        together.setdefault((each.cause, each.reason), []).append(frame.network.registry(each.registry).short_name)
    for (cause, reason), names in together.items():
        key = f"words.missing_{cause}" if reason or cause == "unknown" else "words.missing_unknown"
        yield wording.say(key, sources=listing(names, frame.texts), reason=reason.rstrip("."))


def _part_row(frame: Frame, history: PlanHistory, change: PartChange) -> Row:
    """A part of the plan that is no objective and no analysis, and was changed."""
    wording, latest = frame.texts.of("planned-done"), history.latest
    first = None if change.part == change.id else history.first_planned(change.part, change.id)
    version = first or latest
    planned = wording.say("words.planned_in", version=version.version) if version and change.kind != "added" else None
    status = [wording.say(f"words.part_{change.kind}"), *changes_told(frame, change.changes)]
    reasons = reasons_for(history, change.id) or _protocol_reasons(history)
    return row(frame, _part(frame, history, change), planned or wording.say("words.not_planned"), status, list(reasons))


def _protocol_reasons(history: PlanHistory) -> tuple[Prose, ...]:
    """The reasons of the protocol's amendments since the plan was frozen."""
    latest = history.latest
    return tuple(
        each.reason for each in history.study.amendments if latest is not None and each.date > latest.record.protocol.date
    )


def _part(frame: Frame, history: PlanHistory, change: PartChange) -> str:
    name = word(frame, "plan_part", change.part)
    if change.part == change.id:
        return name
    plans = [getattr(history.study, change.part, None), history.latest and getattr(history.latest.plan, change.part)]
    found = next((each for known in plans for each in known or () if each.id == change.id), None)
    label = next((str(getattr(found, key)) for key in ("label", "criterion", "title") if hasattr(found, key)), change.id)
    return frame.texts.of("planned-done").say("words.part", part=name, label=label)


# ---------------------------------------------------------------- versions of the plan


def plan_versions(frame: Frame, slot: Slot) -> Table:
    """The versions of the analysis plan: what each changed, why, and whether results were known then."""
    wording, history = frame.texts.of("plan-versions"), _history(frame)
    frozen = {each.version: each for each in history.frozen}
    amendments = {each.version: each for each in frame.study.plan_amendments}
    steps = {each.later.version: each.changes for each in history.steps}
    columns = wording.columns("version", "date", "change", "data_seen")
    body = []
    for version in sorted({*frozen, *amendments, frame.study.documents.sap.version}, key=ordered):
        amendment = amendments.get(version)
        change: list[Content] = [amendment.change] if amendment else []
        change.append(bullets(frame, list(_step_texts(frame, frozen.get(version), steps.get(version, ())))))
        if version == min({*frozen, *amendments, frame.study.documents.sap.version}, key=ordered) and not amendment:
            change = [wording.say("words.first")]
        if amendment:
            change.append(wording.say("words.reason"))
            change.append(amendment.reason)
        seen = frame.texts.word("yes_no", "yes" if amendment.data_seen else "no") if amendment else None
        body.append(row(frame, version, _date(frame, version, frozen), change, seen))
    return table(frame, slot, wording.caption(), columns, body, (0.6, 1.1, 4.4, 0.7), missing="first_version_key")


def _date(frame: Frame, version: str, frozen: dict[str, FrozenPlan]) -> str:
    sap = frame.study.documents.sap
    dates = {each.version: each.date for each in frame.study.plan_amendments} | {sap.version: sap.date}
    return unbroken(day_text(frozen[version].date if version in frozen else dates[version], frame.texts))


def _step_texts(frame: Frame, plan: FrozenPlan | None, changes: Iterable[PartChange]) -> Iterator[str]:
    """What differs between a version and the one before it, part by part."""
    wording, history = frame.texts.of("plan-versions"), _history(frame)
    for each in changes:
        label = _part_of_step(frame, history, plan, each)
        if each.kind != "changed":
            yield wording.say(f"words.{each.kind}", part=label)
        else:
            what = frame.texts.say("patterns.labels").join(_inside(text) for text in changes_told(frame, each.changes))
            yield wording.say("words.changed", part=label, changes=what)


def _inside(text: str) -> str:
    return text[:1].lower() + text[1:]


def _part_of_step(frame: Frame, history: PlanHistory, plan: FrozenPlan | None, change: PartChange) -> str:
    if change.part == "analyses":
        known = [each for each in (plan_part(x.plan, "analyses", change.id) for x in history.frozen[::-1]) if each is not None]
        return sentence_case(str(getattr(known[0], "label", change.id))) if known else change.id
    if change.part == "objectives" and plan is not None:
        found = plan_part(plan.plan, "objectives", change.id)
        return _objective(frame, found) if isinstance(found, Objective) else change.id
    return _part(frame, history, change)


# ---------------------------------------------------------------- otherwise than planned


def deviations(frame: Frame, slot: Slot) -> Table:
    """What was done otherwise than planned, with the analyses that it concerns; "None" when nothing was."""
    wording = frame.texts.of("deviations")
    study = frame.study
    labels = {each.id: sentence_case(each.label) for each in study.analyses}
    labels |= {each.id: sentence_case(each.label) for each in study.outcomes}
    labels |= {each.id: sentence_case(each.label) for each in study.exposures}
    body = [
        row(
            frame,
            unbroken(day_text(each.date, frame.texts)),
            [each.concerns, frame.texts.say("patterns.labels").join(labels[id] for id in each.analyses if id in labels)],
            each.planned,
            each.done,
            each.reason,
            each.impact,
        )
        for each in study.deviations
    ]
    columns = wording.columns("date", "concerns", "planned", "done", "reason", "impact")
    return table(frame, slot, wording.caption(), columns, body, (0.9, 1.0, 1.5, 1.5, 1.5, 1.5), landscape=True)


def waivers(frame: Frame, slot: Slot) -> Table:
    """The requirements that the study leaves aside: the rule, what it asks, where that comes from, and why it is not followed."""
    wording = frame.texts.of("waivers")
    reasons = {each.rule: each.reason for each in frame.study.waivers}
    body = [row(frame, each.rule, each.title, each.source, reasons[each.rule]) for each in frame.waived if each.rule in reasons]
    columns = wording.columns("rule", "requirement", "source", "reason")
    return table(frame, slot, wording.caption(), columns, body, (0.6, 1.8, 1.8, 2.6))
