"""Each file in tests/bad_definitions spoils one part of `_valid.yaml`; loading names every fault with its line, what is wrong
and how to mend it. A file says in its first lines what to expect and where, then what it replaces below which text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from studygen.errors import DefinitionError
from studygen.study.links import RULES
from studygen.study.loading import load_study
from studygen.study.study import Study
from studygen.study.written import Written
from studygen.yamlfile import load_with_positions

FOLDER = Path(__file__).resolve().parents[1] / "bad_definitions"
BAD = sorted(file for file in FOLDER.glob("*.yaml") if not file.name.startswith("_"))
REGISTRIES = ("cz_remus", "dk_dmsr", "fr_ofsep", "it_rism", "msbase", "se_smsreg")


@dataclass(frozen=True)
class Expected:
    """A part of the message, the path that it names (`-` when there is none), and a text on the line that it names."""

    message: str
    path: str
    on_line: str | None


def expectations(text: str) -> list[Expected]:
    found: list[dict[str, str]] = []
    for line in text.splitlines():
        for key in ("expect", "at", "line"):
            if line.startswith(f"# {key}: "):
                if key == "expect":
                    found.append({})
                found[-1][key] = line.removeprefix(f"# {key}: ")
    return [Expected(x["expect"], x["at"], x.get("line")) for x in found]


def spoil(text: str, edit: Mapping[str, str]) -> tuple[str, int]:
    """The text with one part replaced, and the line (1-based) of the replacement. New lines get the indentation of the old."""
    start = text.index(edit["below"]) if "below" in edit else 0
    at = text.index(edit["replace"], start)
    line_start = text.rindex("\n", 0, at) + 1
    indentation = text[line_start:at] if not text[line_start:at].strip() else ""
    new = edit["with"].replace("\n", "\n" + indentation)
    return text[:at] + new + text[at + len(edit["replace"]) :], text[:at].count("\n") + 1


def line_with(text: str, wanted: str) -> int:
    """The first line that holds `wanted`; the last one for `… [last]`, the one after it for `… [next]`, the first one below
    another text for `… [below another text]`."""
    part, _, which = wanted.removesuffix("]").rpartition(" [")
    part, which = (part, which) if wanted.endswith("]") and which.startswith(("last", "next", "below ")) else (wanted, "")
    lines = text.splitlines()
    start = next(n for n, line in enumerate(lines) if which.removeprefix("below ") in line) if which.startswith("below ") else 0
    numbers = [n + 1 for n, line in enumerate(lines) if part in line and n >= start]
    return numbers[-1 if which == "last" else 0] + (which == "next")


def spoiled(file: Path) -> tuple[str, int]:
    """The definition that a file describes, and the line of its first replacement."""
    read: Any = YAML(typ="safe", pure=True).load(file.read_text(encoding="utf-8"))
    text, line = (FOLDER / "_valid.yaml").read_text(encoding="utf-8"), 0
    for edit in read if isinstance(read, list) else [read]:
        text, line_of_edit = spoil(text, edit)
        line = line or line_of_edit
    return text, line


def write(folder: Path, text: str) -> Path:
    study = folder / "small-pass"
    (study / "text").mkdir(parents=True)
    (study / "text" / "condition.md").write_text("What is known about the condition.\n", encoding="utf-8")
    (study / "study.yaml").write_text(text, encoding="utf-8")
    return study


def test_the_definition_that_the_others_spoil_has_no_fault(tmp_path: Path) -> None:
    study = load_study(write(tmp_path, (FOLDER / "_valid.yaml").read_text(encoding="utf-8")), REGISTRIES, ["msbase"])
    assert study.analyses[0].id == "infection_ratio"


def test_there_are_many_bad_definitions() -> None:
    assert len(BAD) >= 60


@pytest.mark.parametrize("file", BAD, ids=lambda file: file.stem)
def test_every_fault_is_named_with_its_line_and_remedy(file: Path, tmp_path: Path) -> None:
    text, line = spoiled(file)
    with pytest.raises(DefinitionError) as raised:
        load_study(write(tmp_path, text), REGISTRIES, ["msbase"])
    faults = raised.value.faults
    expected = expectations(file.read_text(encoding="utf-8"))
    assert len(faults) == len(expected), str(raised.value)
    for fault, wanted in zip(faults, expected, strict=True):
        assert wanted.message in f"{fault.what}. {fault.remedy}"
        assert fault.place.path == ("" if wanted.path == "-" else wanted.path)
        assert fault.place.line == (line_with(text, wanted.on_line) if wanted.on_line else line), str(fault)
        assert fault.remedy, "a fault says how to mend it"


def test_every_rule_has_a_bad_definition(tmp_path: Path) -> None:
    """The catalogue of rules and the folder of bad definitions grow together."""
    broken: set[str] = set()
    for file in BAD:
        folder = write(tmp_path / file.stem, spoiled(file)[0])
        try:
            study, positions = load_with_positions(folder / "study.yaml", Study, {"folder": folder})
        except DefinitionError:
            continue  # a fault of form: the rules are not reached
        written = Written(study, positions, "small-pass", frozenset(REGISTRIES), frozenset({"msbase"}))
        broken |= {rule.__name__ for rule in RULES.values() if any(rule(written))}
    assert broken == {rule.__name__ for rule in RULES.values()}
