"""`studygen build --submission` writes files that a submission takes, says what is still in the way, and keeps nothing else."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest

from studygen.errors import WriterError
from studygen.pipeline.building import build
from studygen.pipeline.submitting import submit

ROOT = Path(__file__).resolve().parents[2]
PROTOCOLS = ROOT / "protocols"
STUDY = "covid19-mortality-ms"

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def output(built_examples: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The plan of an example, submitted once."""
    folder = tmp_path_factory.mktemp("submission")
    submit(PROTOCOLS / STUDY, folder, {"sap": built_examples / STUDY / "sap.pdf"})
    return folder


def report_in(output: Path) -> Any:
    return json.loads((output / STUDY / "submission" / "submission.json").read_text(encoding="utf-8"))


def test_a_file_is_named_by_the_documents_id_and_version(output: Path) -> None:
    names = sorted(path.name for path in (output / STUDY / "submission").iterdir())
    assert len(names) == 2
    assert re.fullmatch(r"bmsd-[a-z0-9-]+-v\d+-\d+\.pdf", names[0])
    assert names[1] == "submission.json"


def test_the_report_gives_for_each_rule_its_origin_the_value_measured_and_the_verdict(output: Path) -> None:
    (file,) = report_in(output)["documents"]
    content = (output / STUDY / "submission" / file["file"]).read_bytes()
    assert file["sha256"] == hashlib.sha256(content).hexdigest()
    rules = {rule["id"]: rule for rule in file["rules"]}
    version = rules["sub-version"]
    assert (version["measured"], version["met"], version["confirmed"]) == ("1.7", True, True)
    assert "ICH" in version["source"]
    assert all(rule["met"] for rule in file["rules"] if rule["severity"] == "error")
    assert rules["sub-text-size"]["met"]


def test_an_illustrative_example_is_not_ready_for_submission(output: Path) -> None:
    report = report_in(output)
    assert report["ready"] is False
    assert [rule["id"] for rule in report["documents"][0]["rules"] if not rule["met"]] == ["sub-fast-web-view", "sub-real"]


def test_a_second_submission_gives_the_same_files_and_removes_what_is_not_part_of_it(output: Path, built_examples: Path) -> None:
    folder = output / STUDY / "submission"
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    (folder / "bmsd-old-v0-9.pdf").write_bytes(b"%PDF-1.7")
    submit(PROTOCOLS / STUDY, output, {"sap": built_examples / STUDY / "sap.pdf"})
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_a_draft_is_submitted_as_one_and_is_not_ready(tmp_path: Path) -> None:
    study = changed_study(tmp_path, lambda text: text.replace("status: final,", "status: draft,"))
    build(study, tmp_path / "output", ["sap"], ["pdf"], workers=1)
    (file,) = submit(study, tmp_path / "output", {"sap": tmp_path / "output" / STUDY / "sap.pdf"})
    assert not file.ready
    assert "sub-final" in [verdict.rule.id for verdict in file.unmet]


def test_a_file_that_breaks_a_rule_leaves_the_old_submission_whole(output: Path, built_examples: Path) -> None:
    """The protocol's file given as the plan: its contents, running lines and bookmarks are not those of the plan."""
    folder = output / STUDY / "submission"
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    with pytest.raises(WriterError, match="sub-identity"):
        submit(PROTOCOLS / STUDY, output, {"sap": built_examples / STUDY / "protocol.pdf"})
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def changed_study(tmp_path: Path, change: Any) -> Path:
    """A copy of the example with its definition changed."""
    shutil.copytree(PROTOCOLS / "network", tmp_path / "protocols" / "network")
    study = tmp_path / "protocols" / STUDY
    shutil.copytree(PROTOCOLS / STUDY, study)
    definition = study / "study.yaml"
    text = definition.read_text(encoding="utf-8")
    assert change(text) != text
    definition.write_text(change(text), encoding="utf-8")
    return study
