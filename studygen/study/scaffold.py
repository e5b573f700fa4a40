"""Makes the folder of a new study: a complete definition whose texts are examples to be replaced. It loads and its documents
build at once. The texts themselves are in templates/scaffold."""

from __future__ import annotations

import datetime
import json
import re
from pathlib import Path
from string import Template
from typing import Literal, get_args

from studygen.definition import Slug
from studygen.errors import DefinitionError, Fault, Place
from studygen.yamlfile import shown

Kind = Literal["PASS", "PAES"]

SCHEMA_FILE = "../study.schema.json"
"""Where an editor finds the schema, seen from the new definition (written with `studygen schema`)."""

DEFAULT_TITLE = {
    "PASS": "Replace by the title: serious infection after the studied medicine, a registry-based cohort study",
    "PAES": "Replace by the title: disability worsening after the studied medicine, a registry-based cohort study",
}


def scaffold(
    kind: Kind, id: str, title: str, folder: Path, templates: Path, today: datetime.date | None = None
) -> tuple[Path, ...]:
    """Writes study.yaml, text/*.md and references.json into `folder`, which must be new or empty, and returns the files.

    `id` is the study's id and must be the folder's name, `templates` the folder with the texts of new studies. Dates of the plan
    count from `today`. DefinitionError when the id is not one or when something is already there.
    """
    faults = list(_refusals(id, folder))
    if faults:
        raise DefinitionError(faults)
    values = _values(id, title or DEFAULT_TITLE[kind], today or datetime.date.today())
    written = []
    for part in (templates / kind, templates / "shared"):
        for file in sorted(x for x in part.rglob("*") if x.is_file()):
            target = folder / file.relative_to(part)
            target.parent.mkdir(parents=True, exist_ok=True)
            text = file.read_text(encoding="utf-8")
            target.write_text(Template(text).substitute(values) if file.suffix == ".yaml" else text, encoding="utf-8")
            written.append(target)
    return tuple(written)


def _refusals(id: str, folder: Path) -> list[Fault]:
    place = Place(shown(folder))
    faults = []
    pattern = get_args(Slug)[1].pattern
    if not re.fullmatch(pattern, id):
        remedy = "Use lower-case letters, digits and hyphens, beginning with a letter, for example cladribine-s1p-pass."
        faults.append(Fault(place, f'"{id}" cannot be the id of a study', remedy))
    elif folder.resolve().name != id:
        faults.append(Fault(place, f'the folder is not named as the study, "{id}"', "Give both the same name."))
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        faults.append(Fault(place, "this already exists, and nothing is overwritten", "Choose another name."))
    return faults


def _values(id: str, title: str, today: datetime.date) -> dict[str, str]:
    years = {"past": -8, "year": 0, "next": 1, "middle": 3, "end": 6, "final": 7}
    return {
        "id": id,
        "title": json.dumps(title, ensure_ascii=False),  # a JSON text is a YAML text in double quotes
        "reference": id.upper(),
        "schema": SCHEMA_FILE,
        "today": today.isoformat(),
        **{name: str(today.year + distance) for name, distance in years.items()},
    }
