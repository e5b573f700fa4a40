"""Which folder a study's name means."""

from __future__ import annotations

from pathlib import Path

from studygen.errors import DefinitionError, Fault, Place, did_you_mean

DEFINITIONS = ("study.yaml", "qualification.yaml")
"""The files that make a folder one of a study or of a dossier."""


def study_folder(study: Path) -> Path:
    """The folder of a study or a dossier, also when it was named by its definition file; DefinitionError with the nearest when
    there is none."""
    from studygen.pipeline.places import shipped

    if study.name in DEFINITIONS and study.is_file():
        return study.parent
    if any((study / name).is_file() for name in DEFINITIONS):
        return study
    parent = study.parent if study.parent.is_dir() else Path("protocols")
    known = [path.parent.as_posix() for name in DEFINITIONS for path in parent.glob(f"*/{name}")]
    remedy = did_you_mean(study.as_posix(), known)
    if (shipped("templates") / study / "document.yaml").is_file():
        remedy = f"To build this document only, name it as an option: --document {study}."
    raise DefinitionError(Fault(Place(str(study)), "there is no study here (no study.yaml)", remedy))
