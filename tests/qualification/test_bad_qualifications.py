"""Every file in `tests/bad_qualifications` makes one thing wrong in the small dossier; the fault names rule, place and remedy.

The file begins with what is expected: `# expect:` a part of the message, `# at:` the path, `# line:` a text on the line. Its name
begins with the rule. Then come the edits: `replace` by `with`, in `file` (qualification.yaml unless said), `below` a text."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from studygen.checks.qualification_rules import RULES
from studygen.errors import DefinitionError, Fault
from studygen.qualification.dossier import Dossier
from studygen.qualification.link_rules import LINK_RULES, result_faults
from studygen.yamlfile import read_yaml

FOLDER = Path(__file__).resolve().parents[1] / "bad_qualifications"
BAD = sorted(FOLDER.glob("*.yaml"))
RESULTS = {"small-pass": ("infection_ratio.pooled", "infection_ratio.i_squared")}

Read = Callable[[Path], Dossier]


def expected(file: Path) -> dict[str, str]:
    lines = file.read_text(encoding="utf-8").splitlines()
    marked = [line.removeprefix("# ").split(": ", 1) for line in lines if line.startswith(("# expect: ", "# at: ", "# line: "))]
    return dict(marked)


def edit(folder: Path, change: Mapping[str, str]) -> None:
    file = folder / change.get("file", "qualification.yaml")
    text = file.read_text(encoding="utf-8")
    start = text.index(change["below"]) if "below" in change else 0
    at = text.index(change["replace"], start)
    file.write_text(text[:at] + change["with"] + text[at + len(change["replace"]) :], encoding="utf-8")


def found(folder: Path, read: Read, rule: str) -> list[Fault]:
    """The faults of a rule, and all others when the dossier cannot be read."""
    try:
        dossier = read(folder)
    except DefinitionError as error:
        return list(error.faults)
    broken = result_faults(dossier, RESULTS)
    return broken or list(RULES[rule](dossier) if rule in RULES else ())


def test_the_dossier_that_the_others_spoil_breaks_no_rule(small: Path, read: Read) -> None:
    dossier = read(small)
    assert result_faults(dossier, RESULTS) == []
    assert {id: [str(fault) for fault in rule(dossier)] for id, rule in RULES.items() if any(rule(dossier))} == {}


@pytest.mark.parametrize("file", BAD, ids=lambda file: file.stem)
def test_every_fault_is_named_with_its_place_and_remedy(file: Path, small: Path, read: Read) -> None:
    changes = read_yaml(file).data
    for change in changes if isinstance(changes, list) else [changes]:
        edit(small, change)
    rule, wanted = file.stem.split("-")[0], expected(file)
    faults = found(small, read, rule)
    assert len(faults) == 1, [str(fault) for fault in faults]
    fault = faults[0]
    assert wanted["expect"] in fault.what
    assert fault.place.path == ("" if wanted["at"] == "-" else wanted["at"])
    assert fault.rule in (rule, "")
    assert fault.remedy
    text = Path(fault.place.file).read_text(encoding="utf-8").splitlines()
    assert fault.place.line
    assert wanted["line"] in text[fault.place.line - 1], text[fault.place.line - 1]


def test_every_rule_has_a_bad_dossier() -> None:
    assert {file.stem.split("-")[0] for file in BAD} >= {*RULES, *LINK_RULES}
