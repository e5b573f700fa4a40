"""Every rule finds what breaks it and leaves alone what does not. Each file in `examples/` is one example: a study, the edits
that break one rule in it, and where the finding must stand. The study as it is is the passing example.

    study: protocols/covid19-mortality-ms     # from the root; the network beside it is used
    edits:
      - {file: study.yaml, old: "the text to find once", new: "what takes its place"}   # new: "" takes it out
      - {file: deliveries/x/aggregates.csv, append: "a,line"}                            # or a file of its own with `write`
      - {file: ../network/templates/sap/document.yaml, copy: templates/sap/document.yaml, old: …, new: …}  # of the network's own
    finds: {file: study.yaml, line: "a text that stands on the line", what: "part of what is said"}

The SHA-256 of a delivered file that was edited is put into its manifest, unless `rehash: false`. `line` may be left out where the
finding has no line, `file` where it is not a file of the study (a document: `file: protocol`)."""

from __future__ import annotations

import functools
import hashlib
import json
import shutil
from pathlib import Path

import pytest

from studygen.checks.finding import Finding
from studygen.pipeline.checking import check
from studygen.yamlfile import read_yaml

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = sorted((Path(__file__).parent / "examples").glob("*.yaml"))


def copied(study: str, tmp_path: Path) -> Path:
    """A copy of a study and of the network beside it, to be edited."""
    source = ROOT / study
    shutil.copytree(source, tmp_path / source.name)
    if (source.parent / "network").is_dir():
        shutil.copytree(source.parent / "network", tmp_path / "network")
    return tmp_path / source.name


def edit(study: Path, edits: list[dict[str, str]], *, rehash: bool) -> None:
    for each in edits:
        path = study / each["file"]
        if "write" in each:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(each["write"], encoding="utf-8")
            continue
        if "copy" in each:
            path.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / each["copy"], path)
        text = path.read_text(encoding="utf-8")
        if "append" in each:
            text = text.rstrip("\n") + "\n" + each["append"].rstrip("\n") + "\n"
        else:
            assert text.count(each["old"]) == 1, f"{each['file']} holds the text {text.count(each['old'])} times: {each['old']}"
            text = text.replace(each["old"], each["new"])
        path.write_text(text, encoding="utf-8")
        manifest = path.parent / "manifest.json"
        if rehash and path.name == "aggregates.csv" and manifest.is_file():
            stated = json.loads(manifest.read_text(encoding="utf-8"))
            stated["files"][path.name] = hashlib.sha256(path.read_bytes()).hexdigest()
            manifest.write_text(json.dumps(stated, indent=2), encoding="utf-8")


@functools.cache
def found_unbroken(study: str) -> tuple[Finding, ...]:
    report = check(ROOT / study)
    return report.findings + report.waived


@pytest.mark.parametrize("file", EXAMPLES, ids=lambda file: file.stem)
def test_the_rule_finds_what_breaks_it_and_nothing_before(file: Path, tmp_path: Path) -> None:
    example, rule = read_yaml(file).data, file.stem.split("-")[0]
    assert not [each for each in found_unbroken(example["study"]) if each.rule == rule], "the unbroken study breaks the rule"
    study = copied(example["study"], tmp_path)
    edit(study, example["edits"], rehash=example.get("rehash", "true") != "false")
    found = [each for each in check(study, select=[rule]).findings if each.rule == rule]
    expected = example["finds"]
    assert found, f"nothing was found by {rule}"
    if "file" in expected:
        found = [each for each in found if each.place.file.endswith(expected["file"])]
        assert found, f"{rule} found nothing in {expected['file']}"
    if "line" in expected:
        lines = (study / expected["file"]).read_text(encoding="utf-8").splitlines()
        found = [each for each in found if each.place.line and expected["line"] in lines[each.place.line - 1]]
        assert found, f"{rule} found nothing on the line that holds {expected['line']}"
    assert any(expected["what"] in each.what for each in found), [each.what for each in found]
    assert all(each.remedy for each in found)
