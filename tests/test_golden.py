"""Two small studies come out word for word as they did when their golden documents were last read. When a change is meant, run
`make golden` and read what changed before it is kept."""

from __future__ import annotations

import difflib
import importlib.util
import json
from pathlib import Path
from types import ModuleType

import pytest

GOLDEN = Path(__file__).parent / "golden"
LONGEST = 120
"""Lines of a difference that are shown."""


def _machinery() -> ModuleType:
    spec = importlib.util.spec_from_file_location("golden_made", GOLDEN / "made.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


MACHINERY = _machinery()


@pytest.mark.parametrize("study", list(MACHINERY.STUDIES))
def test_a_small_study_says_what_its_golden_documents_say(study: str) -> None:
    made = MACHINERY.made(study)
    kept = {path.name: path.read_text(encoding="utf-8") for path in sorted((GOLDEN / study).iterdir())}
    assert sorted(made) == sorted(kept)
    changed = [line for name in kept if made[name] != kept[name] for line in difference(kept[name], made[name], name)]
    assert not changed, "\n".join(["", *changed[:LONGEST], f"({len(changed)} lines; meant? `make golden`, then read them)"])


def difference(kept: str, made: str, name: str) -> list[str]:
    return list(difflib.unified_diff(kept.splitlines(), made.splitlines(), f"golden/{name}", f"now/{name}", n=1, lineterm=""))


def test_the_golden_trees_are_json_and_the_golden_files_are_small() -> None:
    files = [path for study in MACHINERY.STUDIES for path in (GOLDEN / study).iterdir()]
    for path in files:
        if path.suffix == ".json":
            assert json.loads(path.read_text(encoding="utf-8"))["node"] == "Document"
    assert sum(path.stat().st_size for path in files) < 400_000
