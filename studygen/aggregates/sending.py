"""Writes a delivery as a registry would send it: aggregates.csv and manifest.json in a folder."""

from __future__ import annotations

import csv
import hashlib
import io
from pathlib import Path

from studygen.aggregates.contract import AGGREGATES, COLUMNS, MANIFEST, Manifest, Row


def write_delivery(folder: Path, manifest: Manifest, rows: tuple[Row, ...]) -> None:
    """Writes both files into `folder`, which is made; the manifest states the hash of the rows, whatever it said before."""
    folder.mkdir(parents=True)
    content = _csv(rows).encode("utf-8")
    stated = manifest.model_copy(update={"files": {AGGREGATES: hashlib.sha256(content).hexdigest()}})
    (folder / AGGREGATES).write_bytes(content)
    (folder / MANIFEST).write_text(stated.model_dump_json(indent=2, exclude_none=True) + "\n", encoding="utf-8")


def _csv(rows: tuple[Row, ...]) -> str:
    written = io.StringIO(newline="")
    table = csv.writer(written, lineterminator="\n")
    table.writerow(COLUMNS)
    for row in rows:
        key = row.key
        time = "" if key.time is None else f"{key.time:g}"
        place = (key.analysis, key.group, key.variable, key.level, key.stratum, time)
        table.writerow((*place, row.statistic, _number(row.value), row.state))
    return written.getvalue()


def _number(value: float | None) -> str:
    """The shortest text that reads back as the number, without an exponent where it is whole."""
    if value is None:
        return ""
    return str(int(value)) if value == int(value) else repr(value)
