"""Whether what was done is what was planned, or says why not: the frozen plan against definition and results (E80-E87)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from studygen.checks.post_hoc_marks import post_hoc_results_are_called_so
from studygen.checks.subject import Rule, Subject
from studygen.errors import Fault, Place, did_you_mean
from studygen.misfits import DataPath
from studygen.results.done import Done, parts_changed, planned_and_done, reasons_for
from studygen.study.frozen import FOLDER, PlanHistory, ordered
from studygen.study.objectives import Analysis
from studygen.study.plan_changes import PARTS, PartChange
from studygen.study.planned import Plan, path_of, plan_of


def report_has_a_frozen_plan(subject: Subject) -> Iterator[Fault]:
    """A report is compared with a plan that was frozen under the version that the analysis plan names."""
    history, version = _history(subject), subject.study.documents.sap.version
    if subject.study.documents.report is None or not history.unfrozen:
        return
    latest = history.latest
    what = "the report is compared with the definition itself: no plan was frozen"
    if latest:
        what = f"version {version} of the analysis plan was not frozen; the latest frozen one is {latest.version}"
    command = f"studygen freeze {subject.folder.as_posix()}"
    yield subject.fault(("documents", "sap"), what, f"Freeze the plan when it becomes final, before results are seen: {command}.")


def frozen_plans_are_intact(subject: Subject) -> Iterator[Fault]:
    """A frozen plan is the one that was frozen, of this study."""
    for each in subject.frozen:
        place = Place(each.file)
        if each.record.study != subject.study.id:
            yield Fault(place, f'this is the plan of another study, "{each.record.study}"', "Move the file to its study.")
        elif not each.intact:
            remedy = "Restore the file from version control; a change of the plan is frozen under a new version."
            yield Fault(place, "this plan was edited after it was frozen: its SHA-256 is another", remedy)


def main_analyses_are_done_as_planned(subject: Subject) -> Iterator[Fault]:
    """A main analysis that was changed or left out says why."""
    return _without_reason(subject, main=True)


def others_are_done_as_planned(subject: Subject) -> Iterator[Fault]:
    """Any other analysis, objective or part of the plan that was changed or left out says why."""
    yield from _without_reason(subject, main=False)
    history = _history(subject)
    for each in planned_and_done(history, subject.results):
        if each.status in ("post_hoc", "lapsed") and not each.explained:
            path = path_of(subject.study, each.kind, each.id)
            remedy = f"Say in deviations, with analyses: [{each.id}], what gave rise to it."
            yield subject.fault(path, f"{_name(each)} was added post hoc, and no reason is given", remedy)
    if not _binding(history):
        return
    for change in parts_changed(history):
        if not reasons_for(history, change.id) and not _amended_since(subject, history):
            yield subject.fault(path_of(subject.study, change.part, change.id), _changed(change, history), _deviate(change.id))


def _without_reason(subject: Subject, *, main: bool) -> Iterator[Fault]:
    history = _history(subject)
    for each in planned_and_done(history, subject.results):
        is_main = isinstance(each.plan, Analysis) and each.plan.role == "main"
        if is_main is not main or each.explained:
            continue
        path = path_of(subject.study, each.kind, each.id)
        if each.changes and _binding(history):
            yield subject.fault(
                path, _changed(PartChange(each.kind, each.id, "changed", each.changes), history), _deviate(each.id)
            )
        elif each.status == "not_done" and (each.kind == "analyses" or not _asked(subject, each)) and not _all_say_why(each):
            yield subject.fault(path, f"{_name(each)} is planned and was not done", _deviate(each.id))


def _binding(history: PlanHistory) -> bool:
    """Whether the definition still is the version that was frozen: while a later one is a draft, it may differ."""
    return not history.unfrozen


def _asked(subject: Subject, done: Done) -> bool:
    """Whether an objective has analyses, whose omission is told one by one."""
    return any(each.objectives[0] == done.id for each in subject.study.analyses)


def _all_say_why(done: Done) -> bool:
    """Whether every registry that did not contribute has a reason of its own."""
    return bool(done.missing) and all(each.reason for each in done.missing)


def analyses_are_planned_or_post_hoc(subject: Subject) -> Iterator[Fault]:
    """An analysis stands in the frozen plan, or is called post hoc; not both."""
    history = _history(subject)
    latest, sap = history.latest, subject.study.documents.sap
    if latest is None or (history.unfrozen and sap.status == "draft"):
        return
    planned = {each.id for each in latest.plan.analyses}
    for position, each in enumerate(subject.study.analyses):
        path: DataPath = ("analyses", position)
        if each.id not in planned and not each.post_hoc:
            what = f'the analysis "{each.id}" is not in the frozen plan (version {latest.version}) and is not called post hoc'
            remedy = f"Write post_hoc: true, and why in deviations with analyses: [{each.id}]."
            if history.unfrozen:
                remedy = f"Freeze version {sap.version} if it was final before results were seen; else write post_hoc: true."
            yield subject.fault(path, what, remedy)
        elif each.id in planned and each.post_hoc:
            what = f'the analysis "{each.id}" is called post hoc, and stands in the frozen plan (version {latest.version})'
            yield subject.fault((*path, "post_hoc"), what, "Take post_hoc out.")
    for amendment in subject.study.plan_amendments if subject.results is not None else ():
        if amendment.data_seen:
            yield from _added_late(subject, history, amendment.version)


def _added_late(subject: Subject, history: PlanHistory, version: str) -> Iterator[Fault]:
    """An analysis that a version of the plan added when results were known is post hoc all the same."""
    positions = {each.id: n for n, each in enumerate(subject.study.analyses)}
    for step in history.steps:
        for change in step.changes:
            if step.later.version == version and (change.part, change.kind) == ("analyses", "added") and change.id in positions:
                what = f'the analysis "{change.id}" came into the plan with version {version}, when results were known'
                remedy = "Call it post_hoc: true, and freeze the plan without it under a further version."
                yield subject.fault(("analyses", positions[change.id]), what, remedy)


def registries_that_did_not_contribute_say_why(subject: Subject) -> Iterator[Fault]:
    """A registry that the plan counted on for an analysis contributed to it, or there is a reason."""
    if subject.results is None:
        return
    unexplained: dict[str, list[str]] = {}
    for each in planned_and_done(_history(subject), subject.results):
        for missing in each.missing if each.contributed else ():
            if not missing.reason and not each.explained:
                unexplained.setdefault(missing.registry, []).append(each.id)
    positions = {each.registry: n for n, each in enumerate(subject.study.participation)}
    for registry, analyses in unexplained.items():
        name = subject.network.registry(registry).short_name
        what = f"{name} was counted on and has no result for {_listed(analyses)}"
        remedy = (
            "Ask for it; or say in the registry's variables that the outcome is not_collected, with a note, or in deviations why."
        )
        yield subject.fault(("participation", positions[registry]), what, remedy)


def versions_of_the_plan_state_their_changes(subject: Subject) -> Iterator[Fault]:
    """Every version of the analysis plan after its first has an entry, and entries and deviations name what exists."""
    study, history = subject.study, _history(subject)
    stated = {each.version: n for n, each in enumerate(study.plan_amendments)}
    current, frozen = study.documents.sap.version, [each.version for each in history.frozen]
    for version in dict.fromkeys([*frozen[1:], *([current] if frozen and history.unfrozen else [])]):
        if version not in stated:
            what = f"version {version} of the analysis plan does not say what it changed"
            remedy = f'Add to plan_amendments: {{version: "{version}", date, change, reason, data_seen}}.'
            yield subject.fault(("plan_amendments",) if stated else ("documents", "sap"), what, remedy)
    for version, position in stated.items():
        if ordered(version) > ordered(current):
            what = f"version {version} is an amendment of a plan whose version is {current}"
            yield subject.fault(("plan_amendments", position), what, "Raise documents.sap.version, or take the entry out.")
    known = {id for each in history.frozen for id in _ids(each.plan)} | set(_ids(plan_of(study)))
    known |= {each.id for each in study.analyses}
    named = [("deviations", n, each.analyses) for n, each in enumerate(study.deviations)]
    named += [("plan_amendments", n, each.analyses) for n, each in enumerate(study.plan_amendments)]
    for part, position, ids in named:
        for number, id in enumerate(ids):
            if id not in known:
                what = f'"{id}" is neither in the definition nor in a frozen plan'
                yield subject.fault((part, position, "analyses", number), what, did_you_mean(id, known))


def _ids(plan: Plan) -> Iterator[str]:
    for part in PARTS:
        parts = getattr(plan, part)
        yield from (each.id for each in parts) if isinstance(parts, tuple) else (part,)


# ---------------------------------------------------------------- words


def _history(subject: Subject) -> PlanHistory:
    return PlanHistory(subject.study, subject.frozen)


def _amended_since(subject: Subject, history: PlanHistory) -> bool:
    """Whether the protocol was amended since the plan was frozen."""
    latest = history.latest
    return latest is not None and any(each.date > latest.record.protocol.date for each in subject.study.amendments)


def _name(done: Done) -> str:
    return f'the {"analysis" if done.kind == "analyses" else "objective"} "{done.id}"'


def _changed(change: PartChange, history: PlanHistory) -> str:
    fields = _listed([".".join(each.field) for each in change.changes]) or change.kind
    frozen = history.latest.file if history.latest else FOLDER
    name = change.part if change.part == change.id else f'{change.part} "{change.id}"'
    return f"{name} is not what was frozen in {frozen}: {fields}"


def _deviate(id: str) -> str:
    return f"Say why in deviations with analyses: [{id}]; or make it a new version of the analysis plan and freeze that."


def _listed(names: Sequence[str]) -> str:
    unique = list(dict.fromkeys(names))
    return ", ".join(unique[:6]) + (", …" if len(unique) > 6 else "")


RULES: Mapping[str, Rule] = {
    "E80": report_has_a_frozen_plan,
    "E81": frozen_plans_are_intact,
    "E82": main_analyses_are_done_as_planned,
    "E83": others_are_done_as_planned,
    "E84": analyses_are_planned_or_post_hoc,
    "E85": post_hoc_results_are_called_so,
    "E86": registries_that_did_not_contribute_say_why,
    "E87": versions_of_the_plan_state_their_changes,
}
"""By the rule's id in `templates/guidance/rules/`."""
