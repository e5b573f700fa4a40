"""Reads a study's definition (`study.yaml` with its text files) into a Study, or says everything that is wrong with it.
Knows the file's place and form; what must hold between its parts is in `links`."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from studygen.errors import DefinitionError, Fault, Place, did_you_mean
from studygen.study.links import link_faults
from studygen.study.origins import tell_origins
from studygen.study.study import Study
from studygen.study.written import Written
from studygen.yamlfile import load_with_positions, read_yaml, shown

STUDY_FILE = "study.yaml"


def load_study(folder: Path, registry_ids: Collection[str], international: Collection[str] = ()) -> Study:
    """The study defined in `folder`, with every id that it uses proved to exist.

    `registry_ids` are the registries that may take part; `international` names those without a fixed list of countries.
    Raises DefinitionError with all faults: of the form, or, when the form is right, of the links between the parts.
    """
    return read_study(folder, registry_ids, international).study


def read_study(folder: Path, registry_ids: Collection[str], international: Collection[str] = ()) -> Written:
    """Like `load_study`, with the line of every part, for rules that come later."""
    file = folder / STUDY_FILE
    if not file.is_file():
        raise DefinitionError(_missing_study(folder))
    study, positions = load_with_positions(file, Study, {"folder": folder}, FORMS)
    tell_origins(study, positions, file)
    written = Written(study, positions, folder.resolve().name, frozenset(registry_ids), frozenset(international))
    faults = link_faults(written)
    if faults:
        raise DefinitionError(faults)
    return written


@dataclass(frozen=True, slots=True)
class StudyHead:
    """The first lines of a definition, for a list of studies; a value that is missing or cannot be read is empty."""

    id: str
    kind: str = ""
    status: str = ""
    title: str = ""


def studies_in(protocols: Path) -> tuple[StudyHead, ...]:
    """The studies defined below a folder, by name. A definition with faults is listed too; DefinitionError when there is no
    such folder."""
    if not protocols.is_dir():
        raise DefinitionError(
            Fault(Place(shown(protocols)), "there is no such folder", "Name the folder that holds the studies.")
        )
    return tuple(_head(protocols / name / STUDY_FILE) for name in _study_names(protocols))


def _head(file: Path) -> StudyHead:
    try:
        data = read_yaml(file).data
    except DefinitionError:
        return StudyHead(file.parent.name)
    written = data if isinstance(data, dict) else {}
    kind, status, title = (" ".join(str(written.get(key) or "").split()) for key in ("kind", "status", "title"))
    return StudyHead(file.parent.name, kind, status, title)


def _study_names(protocols: Path) -> tuple[str, ...]:
    return tuple(sorted(file.parent.name for file in protocols.glob(f"*/{STUDY_FILE}")))


def _missing_study(folder: Path) -> Fault:
    others = _study_names(folder.parent)
    what = f"there is no {STUDY_FILE} in this folder" if folder.is_dir() else "there is no such study folder"
    remedy = did_you_mean(folder.name, others) if others else 'Write one with "studygen new".'
    return Fault(Place(shown(folder)), what, remedy)


FORMS: dict[str, str] = {
    "atc": "Write a WHO ATC code, for example L04AA40.",
    "atc_earlier": "Write WHO ATC codes, for example [L04AA27].",
    "countries": "Write each country as two capital letters (ISO 3166-1), for example DK.",
    "exclude_countries": "Write each country as two capital letters (ISO 3166-1), for example DK.",
    "number": "Write the EU PAS number as EUPAS and its digits, for example EUPAS24484; leave the key out while there is none.",
    "version": "Write a version as two numbers with a dot, for example 1.0.",
    "reference": "Use capital letters, digits and hyphens, for example BMSD-PASS-EX1-PRO.",
    "text": 'Begin the objective with "To ", for example: To estimate the rate ratio of …',
}
"""What the texts of a study definition must look like, by key; ids and slugs are known to every definition."""
