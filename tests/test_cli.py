"""The command line as a study lead meets it: what it prints, where errors point, which exit code each kind of failure has."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
STUDIES = ("cladribine-s1p-pass", "covid19-mortality-ms", "natalizumab-fingolimod-paes")


def studygen(*arguments: str | Path, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    """Runs the command as a user would, in a process of its own."""
    command = [sys.executable, "-m", "studygen.cli", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, cwd=cwd, check=False)


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """A copy of the protocols folder that a test may spoil."""
    shutil.copytree(ROOT / "protocols", tmp_path / "protocols")
    return tmp_path


def test_help_names_every_command() -> None:
    shown = studygen("--help").stdout
    assert [name for name in ("build", "check", "new", "list", "schema", "explain") if name not in shown] == []


def test_list_shows_every_study_with_its_kind() -> None:
    shown = studygen("list").stdout
    assert [name for name in STUDIES if name not in shown] == []
    assert "PAES" in shown


@pytest.mark.parametrize("study", STUDIES)
def test_the_examples_are_in_order(study: str) -> None:
    done = studygen("check", f"protocols/{study}")
    assert (done.returncode, done.stderr) == (0, "")
    assert "in order" in done.stdout


def test_an_unknown_study_is_answered_with_the_nearest_one() -> None:
    done = studygen("check", "protocols/cladribine-s1p-pas")
    assert done.returncode == 3
    assert 'Did you mean "protocols/cladribine-s1p-pass"' in done.stderr


def test_a_document_named_like_a_study_is_answered_with_the_option() -> None:
    done = studygen("build", "protocols/covid19-mortality-ms", "report", "--document", "nothing")
    assert "name it as an option: --document report" in done.stderr


def test_a_misspelt_key_is_shown_with_its_line_and_the_nearest_key(workspace: Path) -> None:
    definition = workspace / "protocols/cladribine-s1p-pass/study.yaml"
    text = definition.read_text(encoding="utf-8")
    line = next(n for n, each in enumerate(text.splitlines(), 1) if each.startswith("research_question:"))
    definition.write_text(text.replace("\nresearch_question:", "\nresearch_qestion:"), encoding="utf-8")
    done = studygen("build", "protocols/cladribine-s1p-pass", cwd=workspace)
    assert done.returncode == 3
    assert f"study.yaml:{line}" in done.stderr
    assert "research_question" in done.stderr
    assert not (workspace / "output").exists()


def test_a_delivery_that_was_changed_stops_the_build(workspace: Path) -> None:
    aggregates = workspace / "protocols/natalizumab-fingolimod-paes/deliveries/dk_dmsr/aggregates.csv"
    aggregates.write_text(aggregates.read_text(encoding="utf-8").replace("0.93", "0.39"), encoding="utf-8")
    done = studygen("check", "protocols/natalizumab-fingolimod-paes", cwd=workspace)
    assert done.returncode == 4
    assert "aggregates.csv" in done.stdout
    assert "SHA-256" in done.stdout


def test_a_citation_that_does_not_resolve_is_named_with_its_place(workspace: Path) -> None:
    study = workspace / "protocols/natalizumab-fingolimod-paes"
    text = next((study / "text").glob("*.md"))
    text.write_text(text.read_text(encoding="utf-8") + '\nSee {{ cite("nobody-1900") }}.\n', encoding="utf-8")
    done = studygen("check", "protocols/natalizumab-fingolimod-paes", cwd=workspace)
    assert done.returncode == 5
    assert "nobody-1900" in done.stdout


def test_the_report_cannot_be_asked_for_before_a_registry_has_delivered() -> None:
    done = studygen("build", "protocols/cladribine-s1p-pass", "--document", "report")
    assert done.returncode == 3
    assert "report" in done.stderr


def test_explain_shows_value_formula_files_and_rows() -> None:
    done = studygen("explain", "protocols/natalizumab-fingolimod-paes")
    assert done.returncode == 0
    pooled = next(id for id in done.stdout.split() if id.endswith(".pooled"))
    facts = json.loads(studygen("explain", "protocols/natalizumab-fingolimod-paes", pooled, "--json").stdout)
    assert facts["shown"] == "0.77 (0.55–1.08)"
    assert len(facts["sources"]) == 2
    assert all(len(source["sha256"]) == 64 and source["lines"] for source in facts["sources"])
    assert "aggregates.csv" in studygen("explain", "protocols/natalizumab-fingolimod-paes", pooled).stdout


def test_a_result_that_does_not_exist_is_answered_with_the_nearest() -> None:
    done = studygen("explain", "protocols/natalizumab-fingolimod-paes", "no_such.pooled")
    assert done.returncode == 6
    assert "no_such.pooled" in done.stderr


def test_the_schema_is_json_schema() -> None:
    schema = json.loads(studygen("schema").stdout)
    assert "$schema" in schema
    assert "objectives" in schema["properties"]


@pytest.mark.parametrize("kind", ["PASS", "PAES"])
def test_a_new_study_checks_and_builds_at_once(workspace: Path, kind: str) -> None:
    made = studygen("new", "protocols/my-study", "--kind", kind, "--title", "A cohort study of a product", cwd=workspace)
    assert (made.returncode, made.stderr) == (0, "")
    assert studygen("check", "protocols/my-study", cwd=workspace).returncode == 0
    built = studygen("build", "protocols/my-study", "--document", "protocol", cwd=workspace)
    assert (built.returncode, built.stderr) == (0, "")
    assert sorted(p.name for p in (workspace / "output/my-study").glob("p*")) == [
        "protocol.docx",
        "protocol.html",
        "protocol.pdf",
    ]


def test_new_does_not_overwrite_a_study(workspace: Path) -> None:
    done = studygen("new", "protocols/cladribine-s1p-pass", "--kind", "PASS", cwd=workspace)
    assert done.returncode == 3
    assert "exists" in done.stderr


@pytest.mark.parametrize("edition", ["--dry-run", "--public"])
def test_neither_a_dry_run_nor_a_public_version_is_submitted(edition: str) -> None:
    done = studygen("build", f"protocols/{STUDIES[0]}", "--submission", edition)
    assert done.returncode == 2
    assert "is not submitted" in " ".join(done.stderr.replace("│", " ").split())


def test_a_dossier_is_listed_explained_and_has_a_schema_of_its_own() -> None:
    assert "bmsd-qualification" in studygen("list").stdout
    schema = json.loads(studygen("schema", "--kind", "qualification").stdout)
    assert {"context_of_use", "claims", "evidence", "questions"} <= set(schema["properties"])
    done = studygen("explain", "protocols/bmsd-qualification", "natalizumab-fingolimod-paes:arr_ratio.dk_dmsr.estimate")
    assert done.returncode == 0
    assert "deliveries/dk_dmsr/aggregates.csv" in done.stdout


def test_a_dossier_has_neither_dry_run_nor_frozen_plan() -> None:
    for arguments in (("build", "protocols/bmsd-qualification", "--dry-run"), ("freeze", "protocols/bmsd-qualification")):
        done = studygen(*arguments)
        assert done.returncode == 3
        assert "Traceback" not in done.stderr
