"""The frozen plan: a copy of the plan part of a definition under the version of the analysis plan, kept beside the definition so
that what was done can be compared with what was planned. Knows no results; never needed to build."""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from studygen.definition import Declared, Slug
from studygen.errors import DefinitionError, Fault, Place
from studygen.study.identity import DocumentVersion
from studygen.study.plan_changes import PartChange, plan_changes
from studygen.study.planned import Plan, plan_of
from studygen.study.study import Study
from studygen.yamlfile import load_with_positions, written_yaml

FOLDER = "frozen"
FILE = re.compile(r"^plan-(\d+\.\d+)\.yaml$")

HEADING = """\
# The plan as it was frozen, written by "studygen freeze": not to be edited. A change of the plan gets a new version of the
# analysis plan (documents.sap and plan_amendments in study.yaml), which is frozen in a file of its own.
"""


class FrozenDocument(Declared):
    """The version of a document that the plan stood in."""

    reference: str
    version: str
    date: datetime.date


class FrozenRecord(Declared):
    """A file `frozen/plan-<version>.yaml`."""

    format: Literal[1]
    study: Slug
    protocol: FrozenDocument
    sap: FrozenDocument
    """Its date is the date of the plan."""
    sha256: str
    """SHA-256 of the plan part."""
    plan: Plan


@dataclass(frozen=True, slots=True)
class FrozenPlan:
    """A frozen plan and the file that it was read from, as messages show it."""

    file: str
    record: FrozenRecord

    @property
    def version(self) -> str:
        return self.record.sap.version

    @property
    def date(self) -> datetime.date:
        return self.record.sap.date

    @property
    def plan(self) -> Plan:
        return self.record.plan

    @property
    def intact(self) -> bool:
        """Whether the plan is still the one that was frozen."""
        return self.plan.sha256 == self.record.sha256


def ordered(version: str) -> tuple[int, ...]:
    """A version as numbers, so that 1.10 follows 1.9."""
    return tuple(int(part) for part in version.split("."))


def frozen_plans(folder: Path) -> tuple[FrozenPlan, ...]:
    """The frozen plans of a study's folder, the oldest version first. DefinitionError with all faults of form."""
    found: list[FrozenPlan] = []
    faults: list[Fault] = []
    for path in sorted((folder / FOLDER).glob("*.yaml")):
        try:
            record, positions = load_with_positions(path, FrozenRecord)
        except DefinitionError as error:
            faults += error.faults
            continue
        found.append(FrozenPlan(positions.file, record))
        if path.name != file_name(record.sap.version):
            what = f"the file holds version {record.sap.version} of the plan"
            faults.append(Fault(Place(positions.file), what, f"Give it its name back: {file_name(record.sap.version)}."))
    if faults:
        raise DefinitionError(faults)
    return tuple(sorted(found, key=lambda each: ordered(each.version)))


def file_name(version: str) -> str:
    return f"plan-{version}.yaml"


def record_of(study: Study) -> FrozenRecord:
    """What is frozen of a definition."""
    plan = plan_of(study)
    protocol, sap = _document(study.documents.protocol), _document(study.documents.sap)
    return FrozenRecord(format=1, study=study.id, protocol=protocol, sap=sap, sha256=plan.sha256, plan=plan)


def _document(version: DocumentVersion) -> FrozenDocument:
    return FrozenDocument(reference=version.reference, version=version.version, date=version.date)


def as_yaml(record: FrozenRecord) -> str:
    """The file's text: the same for the same record."""
    return HEADING + written_yaml(record.model_dump(mode="python", exclude={"plan"}) | {"plan": record.plan.as_written()})


# ---------------------------------------------------------------- the plan's history


@dataclass(frozen=True, slots=True)
class PlanStep:
    """One version of the plan after another: what changed, by part."""

    earlier: FrozenPlan
    later: FrozenPlan
    changes: tuple[PartChange, ...]


@dataclass(frozen=True, slots=True)
class PlanHistory:
    """The frozen plans of a study and its definition as it stands."""

    study: Study
    frozen: tuple[FrozenPlan, ...]

    @property
    def latest(self) -> FrozenPlan | None:
        """The version that what was done is compared with."""
        return self.frozen[-1] if self.frozen else None

    @property
    def reference(self) -> Plan:
        """The plan that what was done is compared with: the latest frozen one, or that of the definition."""
        return self.latest.plan if self.latest else plan_of(self.study)

    @property
    def steps(self) -> tuple[PlanStep, ...]:
        pairs = zip(self.frozen, self.frozen[1:], strict=False)
        return tuple(PlanStep(earlier, later, plan_changes(earlier.plan, later.plan)) for earlier, later in pairs)

    @property
    def since(self) -> tuple[PartChange, ...]:
        """What the definition says otherwise than the latest frozen plan."""
        return plan_changes(self.latest.plan, plan_of(self.study)) if self.latest else ()

    @property
    def unfrozen(self) -> bool:
        """Whether the definition names a version of the analysis plan later than the latest frozen one (or none is frozen)."""
        version = self.study.documents.sap.version
        return self.latest is None or ordered(version) > ordered(self.latest.version)

    def first_planned(self, part: str, id: str) -> FrozenPlan | None:
        """The earliest frozen plan that holds a part; None when none does."""
        return next((each for each in self.frozen if any(x.id == id for x in getattr(each.plan, part))), None)
