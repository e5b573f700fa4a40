"""Takes in what registries sent: finds the deliveries of a study, reads them, has them reconciled with the plan, and raises
every fault of every delivery at once. Repairs and drops nothing."""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Final

from studygen.aggregates.contract import AGGREGATES, MANIFEST, READ_ME, Deliveries, Delivery
from studygen.aggregates.manifest import MANIFEST_RULES, Covering, Sent, read_manifest
from studygen.aggregates.presence import missing_registries, participation_of
from studygen.aggregates.reconciliation import reconcile
from studygen.aggregates.table import read_rows
from studygen.errors import DeliveryError, Fault, Place
from studygen.network.network import Network
from studygen.study.study import Study

__all__ = ["Deliveries", "arrived", "load_deliveries", "wrong_files"]

FOLDER: Final = "deliveries"
MOST_BYTES: Final = 64_000_000
"""Aggregates are small; a larger file in a ZIP is a mistake or an attack."""


def load_deliveries(study: Study, network: Network, study_folder: Path) -> Deliveries:
    """The study's deliveries, read from `deliveries/<registry>/` or `deliveries/<registry>.zip` and reconciled with the plan.
    Empty when there is no such folder. DeliveryError with all faults of all deliveries."""
    faults: list[Fault] = []
    deliveries: dict[str, Delivery] = {}
    found: set[str] = set()
    for sent, reading in arrived(study_folder / FOLDER):
        faults.extend(reading)
        if sent is None:
            continue
        found.add(sent.registry)
        delivery, checking = _taken_in(study, network, study_folder, sent)
        faults.extend(checking)
        if delivery is not None:
            deliveries[sent.registry] = delivery
    faults.extend(missing_registries(study, found, study_folder))
    if faults:
        raise DeliveryError(faults)
    return Deliveries(tuple(deliveries[x.registry] for x in study.participation if x.registry in deliveries))


def arrived(folder: Path) -> Iterator[tuple[Sent | None, list[Fault]]]:
    """What lies in a folder of deliveries, each under its registry's name, with the faults of reading it; None for a second one
    of the same name."""
    found: set[str] = set()
    for path in _sources(folder):
        registry = path.stem if path.is_file() else path.name
        if registry in found:
            where = Place((folder / registry).as_posix())
            yield None, [Fault(where, "there is both a folder and a ZIP", "Keep the one that holds the present delivery.")]
            continue
        found.add(registry)
        files, faults = _zipped(path) if path.is_file() else _in_folder(path)
        yield Sent(registry, files, path.as_posix()), faults


def wrong_files(sent: Sent) -> Iterator[Fault]:
    """Files that a delivery lacks, and those that belong to none."""
    if not sent.files:
        return
    for name in (MANIFEST, AGGREGATES):
        if name not in sent.files:
            yield Fault(sent.place(name), "the file is missing", f"A delivery holds {MANIFEST} and {AGGREGATES}.")
    for name in sent.files:
        if name not in (MANIFEST, AGGREGATES, READ_ME):
            remedy = f"A delivery holds {MANIFEST} and {AGGREGATES} only."
            yield Fault(sent.place(name), "the file is not part of a delivery", remedy)


def _sources(folder: Path) -> Iterator[Path]:
    if folder.is_dir():
        yield from sorted(path for path in folder.iterdir() if not path.name.startswith(".") and path.name != READ_ME)


def _taken_in(study: Study, network: Network, study_folder: Path, sent: Sent) -> tuple[Delivery | None, list[Fault]]:
    participation, faults = participation_of(study, sent)
    faults.extend(wrong_files(sent))
    if participation is None or not {MANIFEST, AGGREGATES} <= set(sent.files):
        return None, faults

    content, file = sent.files[AGGREGATES], sent.place(AGGREGATES).file
    manifest, manifest_faults = read_manifest(sent.files[MANIFEST], sent.place(MANIFEST).file)
    rows, row_faults = read_rows(content, file)
    faults.extend((*manifest_faults, *row_faults))
    if manifest is None:
        return None, faults
    covering = Covering(study, participation, study_folder, sent, manifest)
    faults.extend(replace(fault, rule=id) for id, rule in MANIFEST_RULES.items() for fault in rule(covering))
    relative = Path(sent.shown).relative_to(study_folder).as_posix()
    delivery = Delivery(
        registry=sent.registry,
        manifest=manifest,
        file=f"{relative}/{AGGREGATES}",
        manifest_file=f"{relative}/{MANIFEST}",
        sha256=hashlib.sha256(content).hexdigest(),
        rows=rows,
    )
    faults.extend(reconcile(study, network, participation, delivery, file, complete=not row_faults))
    return delivery, faults


def _in_folder(folder: Path) -> tuple[dict[str, bytes], list[Fault]]:
    files, faults = {}, []
    for path in sorted(folder.iterdir()):
        if path.name.startswith("."):
            continue
        if path.is_dir():
            remedy = "The files lie in the registry's folder itself."
            faults.append(Fault(Place(path.as_posix()), "a delivery has no folders inside", remedy))
        else:
            files[path.name] = path.read_bytes()
    if not files and not faults:
        faults.append(Fault(Place(folder.as_posix()), "the folder is empty", f"A delivery holds {MANIFEST} and {AGGREGATES}."))
    return files, faults


def _zipped(path: Path) -> tuple[dict[str, bytes], list[Fault]]:
    place = Place(path.as_posix())
    again = "Ask the registry to send it again."
    if path.suffix != ".zip":
        return {}, [Fault(place, "this is neither a folder nor a ZIP", "A delivery is deliveries/<registry>/ or <registry>.zip.")]
    files: dict[str, bytes] = {}
    try:
        with zipfile.ZipFile(path) as archive:
            for entry in archive.infolist():
                name = entry.filename
                if entry.is_dir():
                    continue
                if entry.flag_bits & 0x1:
                    return {}, [Fault(place, f'"{name}" is encrypted', "Unpack it into a folder of the registry's name.")]
                if entry.file_size > MOST_BYTES:
                    return {}, [Fault(place, f'"{name}" is larger than {MOST_BYTES} bytes', again)]
                if name in files:
                    return {}, [Fault(place, f'"{name}" is there twice', again)]
                files[name] = archive.read(entry)
    except (zipfile.BadZipFile, NotImplementedError, EOFError, OSError) as error:
        return {}, [Fault(place, f"the ZIP cannot be read ({error})", again)]
    if not files:
        return {}, [Fault(place, "the ZIP is empty", again)]
    return files, []
