"""What `studygen check` finds of what people get wrong. Every entry of the files beside this one breaks a study in one way; the
check must find it in the right file and on the right line. What is not found is listed with the reason, and must still not be
found, so that the list stays true. `python tests/mutations/test_mutations.py` prints the share.

    study: protocols/cladribine-s1p-pass
    mutations:
      - {break: what is wrong, old: text, new: text, at: text}

`file` (study.yaml unless given) is edited: `old` becomes `new` where it stands once, or the first time (`first: true`), or the
first time after the text `after`; `cut: [from, to]` takes out what lies between; `append`, `write`, `delete`, `delete_folder` and
`rename_folder` do what they say; `edits` makes several. The finding must stand in the file `in` (the edited file unless given;
the end of its path) on the line that holds `at` ("" where the finding has no line). `documents: true` when it can only be seen
in documents. The SHA-256 of an edited delivery goes into its manifest unless `rehash: false`. `missed` says why a mutation is
not found: which rule is lacking, or why there can be none."""

from __future__ import annotations

import hashlib
import json
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from studygen.checks.finding import Finding
from studygen.checks.guidance import Guidance
from studygen.pipeline.checking import check, guidance_of
from studygen.yamlfile import read_yaml

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
FILES = sorted(HERE.glob("*.yaml"))
SHARE = 0.97
"""The share of all that must be found at its place."""


@dataclass(frozen=True)
class Broken:
    """One mutation with what the check found anew."""

    name: str
    found: bool
    """Whether a finding stands at the right place."""
    elsewhere: tuple[Finding, ...]
    """New findings at other places."""
    missed: str
    """The reason given for not finding it."""


def _edited(text: str, change: dict[str, Any]) -> str:
    if "append" in change:
        return text.rstrip("\n") + "\n" + str(change["append"]) + "\n"
    if "cut" in change:
        start, end = change["cut"]
        assert text.count(start) == 1, f"the text stands {text.count(start)} times: {start}"
        position = text.index(start)
        return text[:position] + change["new"] + text[text.index(end, position + 1) :]
    old, begin = change["old"], 0
    if "after" in change:
        assert change["after"] in text, f"the text does not stand in the file: {change['after']}"
        begin = text.index(change["after"])
    elif not change.get("first"):
        assert text.count(old) == 1, f"the text stands {text.count(old)} times: {old}"
    position = text.index(old, begin)
    return text[:position] + change["new"] + text[position + len(old) :]


def _without_key(works: list[dict[str, Any]], key: str) -> list[dict[str, Any]]:
    return [{name: value for name, value in work.items() if name != key} if n == 0 else work for n, work in enumerate(works)]


def _works(text: str, change: dict[str, Any]) -> str | None:
    """A list of references changed, where that is asked for."""
    works = json.loads(text) if {"rename_key", "drop_work", "double_work"} & change.keys() else None
    if works is None:
        return None
    if "rename_key" in change:
        works = _without_key(works, change["rename_key"])
    if "drop_work" in change:
        works = [work for work in works if work["id"] != change["drop_work"]]
    if "double_work" in change:
        works += [work for work in works if work["id"] == change["double_work"]]
    return json.dumps(works, indent=2, ensure_ascii=False)


def _break(study: Path, change: dict[str, Any]) -> None:
    if "delete_folder" in change:
        shutil.rmtree(study / change["delete_folder"])
        return
    if "rename_folder" in change:
        old, new = change["rename_folder"]
        (study / old).rename(study / new)
        return
    path = study / change.get("file", "study.yaml")
    if change.get("delete"):
        path.unlink()
        return
    if "write" in change:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(change["write"], encoding="utf-8")
    else:
        text = path.read_text(encoding="utf-8")
        changed = _works(text, change)
        if changed is None:
            changed = text
            for each in change.get("edits", [change]):
                changed = _edited(changed, each)
        assert changed != text, "nothing was changed"
        path.write_text(changed, encoding="utf-8")
    manifest = path.parent / "manifest.json"
    if path.name == "aggregates.csv" and manifest.is_file() and str(change.get("rehash", True)).lower() == "true":
        stated = json.loads(manifest.read_text(encoding="utf-8"))
        stated["files"][path.name] = hashlib.sha256(path.read_bytes()).hexdigest()
        manifest.write_text(json.dumps(stated, indent=2), encoding="utf-8")


@contextmanager
def _copied(study: str) -> Iterator[Path]:
    """A copy of a study with its network, to be broken again and again."""
    source = ROOT / study
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch).resolve()
        shutil.copytree(source.parent / "network", folder / "network")
        yield folder / source.name


def _renew(study: Path, source: str) -> None:
    shutil.rmtree(study, ignore_errors=True)
    shutil.copytree(ROOT / source, study)


def _checked(study: Path, select: tuple[str, ...], guidance: Guidance) -> list[Finding]:
    return list(check(study, select=select, guidance=guidance).findings)


def _key(finding: Finding) -> tuple[str, str, str]:
    return finding.rule, Path(finding.place.file).name, finding.what


def _stands(finding: Finding, study: Path, change: dict[str, Any]) -> bool:
    """Whether the finding stands in the right file and on the right line."""
    wanted = change.get("in", change.get("file", "study.yaml"))
    for place in (finding.place, finding.spot):
        if not place.file.endswith(wanted):
            continue
        if not change["at"]:
            return True
        file = study / place.file
        lines = file.read_text(encoding="utf-8").splitlines() if file.is_file() and place.line else []
        if any(change["at"] in line for line in lines[(place.line or 1) - 1 : place.line]):
            return True
    return False


def broken(file: Path) -> Iterator[Broken]:
    """Every mutation of a file, tried one after the other on a fresh copy."""
    given = read_yaml(file).data
    guidance = guidance_of()
    quick = tuple(id for id, rule in guidance.items() if rule.on != "document")
    with _copied(given["study"]) as study:
        before: dict[tuple[str, ...], Counter[tuple[str, str, str]]] = {}
        for change in given["mutations"]:
            select = () if change.get("documents") else quick
            if select not in before:
                _renew(study, given["study"])
                before[select] = Counter(_key(each) for each in _checked(study, select, guidance))
            _renew(study, given["study"])
            try:
                _break(study, change)
            except (AssertionError, ValueError, OSError) as error:
                raise AssertionError(f"{file.name}: {change['break']}: {error}") from error
            known = before[select].copy()
            new = []
            for each in _checked(study, select, guidance):
                known[_key(each)] -= 1
                if known[_key(each)] < 0:
                    new.append(each)
            found = any(_stands(each, study, change) for each in new)
            yield Broken(change["break"], found, tuple(each for each in new if not found), change.get("missed", ""))


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_what_is_broken_is_found_at_its_place(file: Path) -> None:
    tried = list(broken(file))
    silent = [each.name for each in tried if not each.found and not each.missed]
    assert silent == [], "\n".join(_told(tried))
    assert [each.name for each in tried if each.found and each.missed] == [], "these are found by now: take out `missed`"
    print(f"{sum(each.found for each in tried)} of {len(tried)} found")


def test_the_share_found_is_high_among_many_ways_to_break_a_study() -> None:
    mutations = [change for file in FILES for change in read_yaml(file).data["mutations"]]
    missed = [change for change in mutations if change.get("missed")]
    assert len({change["break"] for change in mutations}) >= 260
    # The test above holds that what is not listed as missed is found.
    assert 1 - len(missed) / len(mutations) >= SHARE


def _told(tried: list[Broken]) -> Iterator[str]:
    for each in tried:
        if not each.found:
            yield f"NOT FOUND  {each.name}" + (f"  ({each.missed})" if each.missed else "")
            for other in each.elsewhere:
                yield f"           elsewhere: {other.rule} {other.place}: {other.what}"


def main() -> None:
    found = total = 0
    for file in FILES:
        if sys.argv[1:] and file.stem not in sys.argv[1:]:
            continue
        tried = list(broken(file))
        print("\n".join(_told(tried)))
        print(f"{file.stem}: {sum(each.found for each in tried)} of {len(tried)} found at their place\n")
        found, total = found + sum(each.found for each in tried), total + len(tried)
    print(f"share found: {found} of {total}, {100 * found / total:.1f} %")


if __name__ == "__main__":
    main()
