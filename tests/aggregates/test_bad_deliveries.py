"""Each file in tests/bad_deliveries spoils one thing in the deliveries of a small study; the intake names every fault with its
file, line and remedy.

A file says in its first lines what to expect (`# expect:` a part of the message, `# at:` the file and line it names, `# remedy:`
a part of the remedy), then how to spoil: `study:` replaces text in study.yaml; `file:` names a delivered file, in which
`replace:` is replaced by `with:`, or to whose end `append:` is added, or which is made with `create:`;
`remove: yes` takes out a folder. Hashes are stated anew unless `keep_hash: yes`."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from collections.abc import Mapping
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from studygen.aggregates.intake import load_deliveries
from studygen.errors import DeliveryError
from studygen.network.network import Network
from studygen.study.loading import load_study
from studygen.study.study import Study

FOLDER = Path(__file__).resolve().parents[1] / "bad_deliveries"
BAD = sorted(FOLDER.glob("*.yaml"))


def expectations(text: str) -> list[dict[str, str]]:
    found: list[dict[str, str]] = []
    for key, value in re.findall(r"^# (expect|at|remedy): (.*)$", text, flags=re.MULTILINE):
        if key == "expect":
            found.append({})
        found[-1][key] = value
    return found


def spoil(folder: Path, edit: Mapping[str, str]) -> None:
    if "study" in edit:
        definition = folder / "study.yaml"
        text = definition.read_text(encoding="utf-8")
        assert edit["study"] in text
        definition.write_text(text.replace(edit["study"], edit["with"], 1), encoding="utf-8")
        return
    file = folder / "deliveries" / edit["file"]
    if "create" in edit:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(edit["create"], encoding="utf-8")
    elif "remove" in edit:
        shutil.rmtree(file)
    else:
        text = file.read_text(encoding="utf-8")
        assert edit.get("replace", "") in text
        new = text + edit["append"] if "append" in edit else text.replace(edit["replace"], edit["with"], 1)
        file.write_text(new, encoding="utf-8")
    manifest = file.parent / "manifest.json"
    if "keep_hash" not in edit and file.name == "aggregates.csv" and manifest.exists() and file.exists():
        stated = json.loads(manifest.read_text(encoding="utf-8"))
        stated["files"]["aggregates.csv"] = hashlib.sha256(file.read_bytes()).hexdigest()
        manifest.write_text(json.dumps(stated, indent=2) + "\n", encoding="utf-8")


@pytest.mark.parametrize("case", BAD, ids=[file.stem for file in BAD])
def test_a_bad_delivery_is_named(case: Path, folder: Path, network: Network) -> None:
    text = case.read_text(encoding="utf-8")
    for edit in YAML(typ="safe").load(text):
        spoil(folder, edit)
    study = load_study(folder, [registry.id for registry in network.registries])
    with pytest.raises(DeliveryError) as caught:
        load_deliveries(study, network, folder)
    expected = expectations(text)
    assert len(caught.value.faults) == len(expected), str(caught.value)
    for fault, wanted in zip(caught.value.faults, expected, strict=True):
        assert wanted["expect"] in fault.what
        place = str(fault.place).split("  ")[0]
        assert place == f"{folder.as_posix()}/{wanted['at']}"
        assert fault.remedy
        assert wanted.get("remedy", "") in fault.remedy


def test_the_deliveries_that_are_spoiled_have_no_fault_themselves(folder: Path, study: Study, network: Network) -> None:
    assert load_deliveries(study, network, folder).registries == ("dk_dmsr", "se_smsreg", "it_rism")


def test_every_file_says_what_to_expect() -> None:
    assert len(BAD) >= 12
    for case in BAD:
        assert case.read_text(encoding="utf-8").startswith("# expect: "), case.name
