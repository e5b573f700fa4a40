"""Where a dossier is defined. A module of its own, so that whoever only asks what a folder holds need not load its models."""

from __future__ import annotations

from pathlib import Path

QUALIFICATION_FILE = "qualification.yaml"


def is_dossier(folder: Path) -> bool:
    """Whether a folder holds a dossier rather than a study."""
    return (folder / QUALIFICATION_FILE).is_file()
