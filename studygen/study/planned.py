"""The plan part of a definition: what a later reader must be able to compare with what was done. Leaves out who does it, where it
is reported and why it was chosen so. Knows no file."""

from __future__ import annotations

import hashlib
import json
from typing import Annotated, Any

from pydantic import Field

from studygen.definition import Declared, Id
from studygen.misfits import DataPath
from studygen.study import objectives as o
from studygen.study import population as p
from studygen.study import variables as v
from studygen.study.governance import Participation
from studygen.study.study import Study

NARRATED = frozenset({"changes_from_protocol", "data_access"})
"""Fields of `plan` that tell of the plan's history instead of planning something."""


class PlannedSource(Declared):
    """A registry as the plan counts on it."""

    registry: Id
    decision: str
    objectives: tuple[Id, ...] = ()
    """The objectives that it contributes to; empty means all."""


class Plan(Declared):
    """What is asked, in whom, when, of what, and how it is analysed."""

    objectives: Annotated[tuple[o.Objective, ...], Field(min_length=1)]
    time_zero: p.TimeZero
    inclusion: tuple[p.Criterion, ...]
    exclusion: tuple[p.Criterion, ...] = ()
    windows: tuple[p.Window, ...]
    exposures: tuple[v.Exposure, ...]
    outcomes: tuple[v.Outcome, ...]
    covariates: tuple[v.Covariate, ...] = ()
    follow_up: p.FollowUp
    code_lists: tuple[p.CodeList, ...] = ()
    analyses: tuple[o.Analysis, ...]
    """Without those that are post hoc: they are not planned."""
    methods: dict[str, Any]
    """The definition's part `plan` as written, without what it tells of the plan's history."""
    sources: tuple[PlannedSource, ...]

    @property
    def sha256(self) -> str:
        """The fingerprint of all that is planned; a value that is left out and its default give the same."""
        written = json.dumps(self.as_written(), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(written.encode("utf-8")).hexdigest()

    def as_written(self) -> dict[str, Any]:
        """The plan as a file states it: plain values, what has its default left out."""
        return self.model_dump(mode="json", exclude_defaults=True)


def plan_of(study: Study) -> Plan:
    """The plan that a definition states."""
    population = study.population
    return Plan(
        objectives=study.objectives,
        time_zero=population.time_zero,
        inclusion=population.inclusion,
        exclusion=population.exclusion,
        windows=study.windows,
        exposures=study.exposures,
        outcomes=study.outcomes,
        covariates=study.covariates,
        follow_up=study.follow_up,
        code_lists=study.code_lists,
        analyses=tuple(each for each in study.analyses if not each.post_hoc),
        methods=study.plan.model_dump(mode="json", exclude=set(NARRATED), exclude_defaults=True),
        sources=tuple(_source(each) for each in study.participation),
    )


def _source(taking_part: Participation) -> PlannedSource:
    return PlannedSource(registry=taking_part.registry, decision=taking_part.decision, objectives=taking_part.objectives)


IN_POPULATION = ("time_zero", "inclusion", "exclusion")
"""Parts of the plan that the definition holds below `population`."""


def path_of(study: Study, part: str, id: str) -> DataPath:
    """Where a part of the plan stands in the definition; its list where there is no such part any more."""
    if part == "methods":
        return ("plan",)
    home: DataPath = ("population", part) if part in IN_POPULATION else (part,)
    parts = getattr(study.population if part in IN_POPULATION else study, part)
    if not isinstance(parts, tuple):
        return home
    return next(((*home, position) for position, each in enumerate(parts) if each.id == id), home)
