"""Deliveries of the past: what a registry sent before, kept in `deliveries-earlier/<date>/<registry>/` beside the present ones.
They are no source of results. They are read to see what the present delivery gives away together with them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from studygen.aggregates.contract import AGGREGATES, MANIFEST, Manifest, Row
from studygen.aggregates.manifest import read_manifest
from studygen.aggregates.table import read_rows

FOLDER: Final = "deliveries-earlier"
DATE: Final = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True, slots=True)
class Earlier:
    """One earlier delivery: the date in its folder's name, its covering note and its rows."""

    date: str
    registry: str
    manifest: Manifest
    rows: tuple[Row, ...]


def earlier_deliveries(study_folder: Path) -> Iterator[Earlier]:
    """All earlier deliveries that can be read, the oldest first. What cannot be read was judged when it was the present one."""
    for dated in sorted((study_folder / FOLDER).glob("*")):
        if not DATE.fullmatch(dated.name):
            continue
        for folder in sorted(path for path in dated.iterdir() if path.is_dir()):
            note, table = folder / MANIFEST, folder / AGGREGATES
            if note.is_file() and table.is_file():
                manifest, _ = read_manifest(note.read_bytes(), note.as_posix())
                rows, _ = read_rows(table.read_bytes(), table.as_posix())
                if manifest is not None:
                    yield Earlier(dated.name, folder.name, manifest, rows)
