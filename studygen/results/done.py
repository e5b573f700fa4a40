"""What was done of what was planned: every objective and analysis of the plan beside the results that there are, with what was
changed, what is missing, who did not contribute, and the reasons that the definition gives. Knows no words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, TypeVar

from studygen.aggregates.expected import asks, contributes
from studygen.definition import Prose
from studygen.results.findings import ResultSet
from studygen.study.frozen import PlanHistory, ordered
from studygen.study.governance import Participation
from studygen.study.objectives import Analysis, Objective
from studygen.study.plan_changes import Change, PartChange
from studygen.study.planned import Plan, PlannedSource

Status = Literal["to_do", "as_planned", "partly", "changed", "not_done", "withdrawn", "post_hoc", "unplanned", "lapsed"]
"""`partly`: done as planned, but without results of a registry that the plan counted on. `withdrawn`: taken out of the plan by a
later version of it. `post_hoc`: added after the plan and called so; `unplanned`: added and not called so; `lapsed`: to be
added, and then not done."""

P = TypeVar("P", Objective, Analysis)

Cause = Literal["declined", "withdrew", "pending", "other_objectives", "not_collected", "unknown"]

COUNTED_ON = ("accepted", "accepted_with_limits", "published_results", "pending")
"""Decisions of registries that a plan counts on."""
CONTRIBUTING = ("reported", "suppressed", "not_estimable")
"""States of results that show that a registry contributed; it may be that nobody may see the number."""


@dataclass(frozen=True, slots=True)
class Missing:
    """A registry that the plan counted on and that has no result. `reason` is empty when the definition gives none."""

    registry: str
    cause: Cause
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Done:
    """One objective or analysis: where it was planned, what became of it, and why."""

    kind: Literal["objectives", "analyses"]
    plan: Objective | Analysis
    """As it stands now; as it was planned last where it is no longer in the definition."""
    status: Status
    planned_in: str = ""
    """The version of the analysis plan in which it first stood; empty when it was not planned."""
    amended_in: tuple[str, ...] = ()
    """Later versions of the plan that changed it."""
    changes: tuple[Change, ...] = ()
    """What was done otherwise than the latest frozen plan says."""
    contributed: tuple[str, ...] = ()
    missing: tuple[Missing, ...] = ()
    reasons: tuple[Prose, ...] = ()

    @property
    def id(self) -> str:
        return self.plan.id

    @property
    def explained(self) -> bool:
        """Whether a change or omission has a reason."""
        return bool(self.reasons)


def planned_and_done(history: PlanHistory, results: ResultSet | None) -> tuple[Done, ...]:
    """Every objective, each followed by its analyses, in the plan's order; then what was withdrawn from the plan, then what was
    added to it. An analysis of several objectives stands with the first."""
    reference, study = history.reference, history.study
    since = {(each.part, each.id): each for each in history.since}
    objectives = _by_id([*reference.objectives, *study.objectives])
    analyses = _by_id([*reference.analyses, *study.analyses])
    asked = _Asked(history, results, since)
    found: list[Done] = []
    for objective in objectives.values():
        of_it = [each for each in analyses.values() if each.objectives[0] == objective.id]
        found += [asked.objective(objective, of_it), *(asked.analysis(each) for each in of_it if asked.planned(each))]
    found += list(_withdrawn(history))
    return (*found, *(asked.analysis(each) for each in analyses.values() if not asked.planned(each)))


def reasons_for(history: PlanHistory, id: str) -> tuple[Prose, ...]:
    """Why a part of the plan was changed or left out: the deviations that name it, and amendments of the plan that are not frozen
    yet."""
    study, latest = history.study, history.latest
    found = [each.reason for each in study.deviations if id in each.analyses]
    for each in study.plan_amendments:
        if id in each.analyses and (latest is None or ordered(each.version) > ordered(latest.version)):
            found.append(each.reason)
    return tuple(dict.fromkeys(found))


def contributed(results: ResultSet | None, analysis: str, registry: str) -> bool:
    """Whether a registry's results on an analysis are there, be it suppressed ones."""
    for id in results or ():
        first, *rest = id.split(".")
        if first == analysis and registry in rest[:-1] and results is not None and results[id].state in CONTRIBUTING:
            return True
    return False


@dataclass(frozen=True, slots=True)
class _Asked:
    """What is known when one part of the plan is asked for."""

    history: PlanHistory
    results: ResultSet | None
    since: Mapping[tuple[str, str], PartChange]

    def planned(self, analysis: Analysis) -> bool:
        return any(each.id == analysis.id for each in self.history.reference.analyses)

    def objective(self, objective: Objective, analyses: Sequence[Analysis]) -> Done:
        done = [each for each in analyses if self._sources(each)[0]]
        change = self.since.get(("objectives", objective.id))
        reasons = reasons_for(self.history, objective.id)
        status: Status
        if self.results is None:
            status = "to_do"
        elif not done:
            status = "not_done"
            # Nobody needs to say twice why nothing was done: the reasons of the analyses are those of their objective.
            reasons = tuple(dict.fromkeys([*reasons, *(r for x in analyses for r in reasons_for(self.history, x.id))]))
        elif change and change.kind == "added":
            status = "unplanned"
        else:
            status = "changed" if change else "as_planned"
        return self._done("objectives", objective, status, change, reasons)

    def analysis(self, analysis: Analysis) -> Done:
        change = self.since.get(("analyses", analysis.id))
        if change and change.kind == "removed" and analysis.post_hoc:
            # It is called post hoc, so that the definition does not plan it; it was planned and is there all the same.
            change = None
        there, missing = self._sources(analysis)
        reasons = reasons_for(self.history, analysis.id)
        done = self._done("analyses", analysis, self._status(analysis, change, there, missing), change, reasons)
        return Done(
            done.kind, done.plan, done.status, done.planned_in, done.amended_in, done.changes, there, missing, done.reasons
        )

    def _status(self, analysis: Analysis, change: PartChange | None, there: Sequence[str], missing: Sequence[Missing]) -> Status:
        if self.results is None:
            return "to_do"
        if not self.planned(analysis):
            if not analysis.post_hoc:
                return "unplanned"
            return "post_hoc" if there else "lapsed"
        if not there or (change and change.kind == "removed"):
            return "not_done"
        if change:
            return "changed"
        return "partly" if missing else "as_planned"

    def _done(
        self,
        kind: Literal["objectives", "analyses"],
        plan: Objective | Analysis,
        status: Status,
        change: PartChange | None,
        reasons: tuple[Prose, ...],
    ) -> Done:
        first = self.history.first_planned(kind, plan.id)
        unfrozen = "" if self.history.frozen or status in ADDED else self.history.study.documents.sap.version
        amended = tuple(step.later.version for step in self.history.steps for x in step.changes
                        if (x.part, x.id, x.kind) == (kind, plan.id, "changed"))  # fmt: skip
        changes = change.changes if change else ()
        return Done(kind, plan, status, first.version if first else unfrozen, amended, changes, reasons=reasons)

    def _sources(self, analysis: Analysis) -> tuple[tuple[str, ...], tuple[Missing, ...]]:
        """The registries that contributed to an analysis, and those that it had been hoped they would."""
        there, missing = [], []
        planned = {each.registry: each for each in self.history.latest.plan.sources} if self.history.latest else {}
        for each in self.history.study.participation:
            if contributed(self.results, analysis.id, each.registry):
                there.append(each.registry)
            elif self.results is not None and _counted_on(planned.get(each.registry), each, analysis):
                missing.append(_missing(each, analysis))
        return tuple(there), tuple(missing)


ADDED: tuple[Status, ...] = ("post_hoc", "unplanned", "lapsed")
"""What becomes of an analysis that the plan does not hold."""


def _counted_on(planned: PlannedSource | None, taking_part: Participation, analysis: Analysis) -> bool:
    """Whether the plan counted on a registry for an analysis; without a frozen plan, whether the definition does."""
    if not asks(analysis, taking_part.registry):
        return False
    if planned is None:
        asked = not taking_part.objectives or bool(set(taking_part.objectives) & set(analysis.objectives))
        return contributes(taking_part, analysis) or (taking_part.decision == "withdrawn" and asked)
    # An invited registry that declined was never counted on; one that has to decide yet, or that accepted since, was.
    hoped = planned.decision in COUNTED_ON and not (planned.decision == "pending" and taking_part.decision == "declined")
    return hoped and (not planned.objectives or bool(set(planned.objectives) & set(analysis.objectives)))


def _missing(taking_part: Participation, analysis: Analysis) -> Missing:
    if not taking_part.delivers:
        causes: dict[str, Cause] = {"declined": "declined", "withdrawn": "withdrew", "pending": "pending"}
        return Missing(taking_part.registry, causes[taking_part.decision], str(taking_part.reason))
    if not contributes(taking_part, analysis):
        return Missing(taking_part.registry, "other_objectives", str(taking_part.reason))
    for each in taking_part.variables:
        if each.variable == analysis.outcome and each.state == "not_collected":
            return Missing(taking_part.registry, "not_collected", each.note or str(taking_part.reason))
    return Missing(taking_part.registry, "unknown")


def _withdrawn(history: PlanHistory) -> Iterator[Done]:
    """Analyses that an earlier version of the plan holds and the latest frozen one does not."""
    known = {each.id for each in (*history.reference.analyses, *history.study.analyses)}
    for step in history.steps:
        for change in step.changes:
            if (change.part, change.kind) == ("analyses", "removed") and change.id not in known:
                plan = _by_id(step.earlier.plan.analyses)[change.id]
                first = history.first_planned("analyses", change.id)
                reasons = [each.reason for each in history.study.plan_amendments if each.version == step.later.version]
                amended = (step.later.version,)
                yield Done("analyses", plan, "withdrawn", first.version if first else "", amended, reasons=tuple(reasons))


def _by_id(parts: Sequence[P]) -> dict[str, P]:
    """By id, in the order in which they first come; the last of several with the same id."""
    return {each.id: each for each in parts}


def parts_changed(history: PlanHistory) -> tuple[PartChange, ...]:
    """What the definition says otherwise than the latest frozen plan, apart from objectives and analyses."""
    return tuple(each for each in history.since if each.part not in ("objectives", "analyses"))


def plan_part(plan: Plan, part: str, id: str) -> object | None:
    """A part of a plan by the list it belongs to and its id; None when there is none."""
    found = getattr(plan, part)
    return next((each for each in found if each.id == id), None) if isinstance(found, tuple) else found
