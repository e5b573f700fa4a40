"""Reads a dossier's definition (`qualification.yaml` with its text files), the network, its data model and its projects into a
Dossier, or says everything that is wrong. Knows the files' places and form; what must hold between them is in `link_rules`."""

from __future__ import annotations

import json
import re
from pathlib import Path

from studygen.errors import DefinitionError, Fault, Place
from studygen.network.data_model_loading import ReadDataModel, read_data_model
from studygen.network.loading import ReadNetwork, read_network
from studygen.network.project_loading import ReadProject, read_projects
from studygen.qualification.dossier import Dossier
from studygen.qualification.link_rules import Linked, link_faults
from studygen.qualification.place import QUALIFICATION_FILE
from studygen.qualification.qualification import Qualification
from studygen.study.loading import StudyHead
from studygen.yamlfile import Positions, load_with_positions, read_yaml, shown

FORMS: dict[str, str] = {
    "target": (
        "Write study:<study>#<result id>, indicator:<id>, cite:<key>, or fact:<registry or network>.<fact>, "
        "for example fact:dk_dmsr.coverage."
    ),
    "atc": "Write a WHO ATC code, for example L04AA40.",
    "atc_earlier": "Write WHO ATC codes, for example [L04AA27].",
    "countries": "Write each country as two capital letters (ISO 3166-1), for example DK.",
    "version": "Write a version as two numbers with a dot, for example 1.0.",
    "reference": "Use capital letters, digits and hyphens, for example BMSD-QUAL-BRF.",
    "variables": "Write core variables with their tables, for example treatment_episode.start_date.",
    "core_items": "Write core variables with their tables, for example treatment_episode.start_date.",
    "date": "Write a year, a month or a day: 2017, 2017-07 or 2017-07-07.",
    "rule": "Write the rule's id, for example Q10.",
}
"""What the texts of a dossier's definition must look like, by key; ids and slugs are known to every definition."""


def dossiers_in(folder: Path) -> tuple[StudyHead, ...]:
    """The heads of all dossiers in a folder, by id, read so that a faulty one does not hide the others."""
    files = sorted(folder.glob(f"*/{QUALIFICATION_FILE}"))
    return tuple(_head(file) for file in files)


def _head(file: Path) -> StudyHead:
    try:
        data = read_yaml(file).data
    except DefinitionError:
        return StudyHead(file.parent.name)
    written = data if isinstance(data, dict) else {}
    procedure = written.get("procedure") if isinstance(written.get("procedure"), dict) else {}
    state = str((procedure or {}).get("state") or "").replace("_", " ")
    return StudyHead(file.parent.name, str(written.get("kind") or ""), state, " ".join(str(written.get("title") or "").split()))


def read_dossier(folder: Path, network: Path) -> Dossier:
    """The dossier in `folder` with the network in the folder `network`. Quality figures and the studies of its projects come
    later (`dataclasses.replace`), as does the proof that studies have the results it refers to (`link_rules.result_faults`).

    Raises DefinitionError with all faults: of the form of every file, or, when the form is right, of the links between them.
    """
    faults: list[Fault] = []
    read: tuple[Qualification, Positions] | None = None
    around: tuple[ReadNetwork, ReadDataModel, tuple[ReadProject, ...]] | None = None
    try:
        read = load_with_positions(folder / QUALIFICATION_FILE, Qualification, {"folder": folder}, FORMS)
    except DefinitionError as error:
        faults += error.faults
    try:
        around = _around(network)
    except DefinitionError as error:
        faults += error.faults
    if faults or read is None or around is None:
        raise DefinitionError(faults)
    definition, positions = read
    read_net, read_model, projects = around
    dossier = Dossier(folder, definition, positions, read_net, read_model, projects)
    studies = sorted(file.parent.name for file in folder.resolve().parent.glob("*/study.yaml"))
    faults = link_faults(Linked(dossier, studies, reference_keys(folder)))
    if faults:
        raise DefinitionError(faults)
    return dossier


def _around(folder: Path) -> tuple[ReadNetwork, ReadDataModel, tuple[ReadProject, ...]]:
    network = read_network(folder)
    registries = [registry.id for registry in network.network.registries]
    model = read_data_model(folder, registries)
    variables = [name for name, _, _ in model.model.core.variables()]
    return network, model, read_projects(folder, registries, variables)


def reference_keys(folder: Path) -> tuple[str, ...]:
    """The keys of `references.json` or `references.bib`; what is wrong inside of them is said when documents are composed."""
    bibliography = folder / "references.bib"
    if bibliography.is_file():
        return tuple(re.findall(r"@\w+\s*\{\s*([^,\s]+)", bibliography.read_text(encoding="utf-8")))
    file = folder / "references.json"
    if not file.is_file():
        return ()
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
    except ValueError:
        what = "this is not JSON"
        raise DefinitionError(Fault(Place(shown(file)), what, "Export the references as CSL-JSON again.")) from None
    return tuple(str(entry["id"]) for entry in found if isinstance(entry, dict) and "id" in entry)
