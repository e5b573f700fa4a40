"""Freezes the plan of a study: writes it once under the version of its analysis plan, and never another under that version."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from studygen.errors import DefinitionError, Fault, Place, WriterError
from studygen.study.frozen import FOLDER, FrozenPlan, FrozenRecord, as_yaml, file_name, frozen_plans, ordered, record_of
from studygen.study.plan_changes import PartChange, plan_changes
from studygen.study.planned import path_of
from studygen.study.written import Written


@dataclass(frozen=True, slots=True)
class Frozen:
    """A frozen plan: its file, whether it had to be written, its version and what it holds."""

    path: Path
    written: bool
    version: str
    analyses: int
    sha256: str


def freeze(folder: Path) -> Frozen:
    """Freezes the plan of the study in `folder` under the version of its analysis plan. Nothing is written when that version was
    frozen with the same plan. DefinitionError when it was frozen with another, or when the plan cannot be frozen yet."""
    from studygen.pipeline.loading import load_plan

    _, _, written = load_plan(folder)
    record, earlier = record_of(written.study), frozen_plans(folder)
    faults = _faults(written, record, earlier)
    if faults:
        raise DefinitionError(faults)
    path = folder / FOLDER / file_name(record.sap.version)
    known = any(each.version == record.sap.version for each in earlier)
    if not known:
        _write(path, as_yaml(record))
    return Frozen(path, not known, record.sap.version, len(record.plan.analyses), record.sha256)


def _faults(written: Written, record: FrozenRecord, earlier: tuple[FrozenPlan, ...]) -> list[Fault]:
    place, sap = written.positions.place(("documents", "sap")), written.study.documents.sap
    same = next((each for each in earlier if each.version == sap.version), None)
    if same:
        return list(_conflicts(written, record, same))
    faults = []
    if sap.status == "draft":
        what = f"version {sap.version} of the analysis plan is a draft"
        faults.append(Fault(place, what, "A plan is frozen when it is final: set documents.sap.status to final."))
    if earlier and ordered(sap.version) < ordered(earlier[-1].version):
        what = f"version {earlier[-1].version} of the plan is frozen already, and {sap.version} is lower"
        faults.append(Fault(place, what, f"Raise documents.sap.version, for example to {_next(earlier[-1].version)}."))
    return faults


def _conflicts(written: Written, record: FrozenRecord, frozen: FrozenPlan) -> list[Fault]:
    """Why the version cannot be frozen again: one fault for each part of the plan that is another now."""
    if not frozen.intact:
        what = "this plan was edited after it was frozen: its SHA-256 is another"
        return [Fault(Place(frozen.file), what, "Restore the file from version control.")]
    version = frozen.version
    remedy = (
        f"A frozen plan is not overwritten. Raise documents.sap.version (for example to {_next(version)}) with its date, say "
        "what was changed in plan_amendments, and freeze again; or call an added analysis post_hoc: true."
    )
    changes = plan_changes(frozen.plan, record.plan)
    return [
        Fault(
            written.positions.place(path_of(written.study, each.part, each.id)),
            f"{_what(each)} in the plan frozen as version {version}",
            remedy,
        )
        for each in changes
    ]


def _what(change: PartChange) -> str:
    name = change.part if change.part == change.id else f'{change.part} "{change.id}"'
    if change.kind == "added":
        return f"{name} is not"
    if change.kind == "removed":
        return f"{name} is missing here and stands"
    return f"{name} ({', '.join(dict.fromkeys('.'.join(each.field) for each in change.changes))}) is another"


def _next(version: str) -> str:
    major, minor = ordered(version)[:2]
    return f"{major}.{minor + 1}"


def _write(path: Path, text: str) -> None:
    try:
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise WriterError(
            Fault(Place(str(path)), f"the file could not be written: {error.strerror}", "Check space and permissions.")
        ) from error
