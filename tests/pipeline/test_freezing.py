"""`studygen freeze` writes a plan once and says how to go on when it was changed since."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
STUDY = "protocols/covid19-mortality-ms"


def studygen(*arguments: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Runs the command as a user would, in a process of its own."""
    command = [sys.executable, "-m", "studygen.cli", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, cwd=cwd, check=False)


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """A copy of the protocols folder whose COVID-19 study has no frozen plan yet."""
    shutil.copytree(ROOT / "protocols", tmp_path / "protocols")
    shutil.rmtree(tmp_path / STUDY / "frozen")
    return tmp_path


def edit(workspace: Path, old: str, new: str) -> None:
    definition = workspace / STUDY / "study.yaml"
    text = definition.read_text(encoding="utf-8")
    assert text.count(old) == 1
    definition.write_text(text.replace(old, new), encoding="utf-8")


def test_a_final_plan_is_written_under_its_version(workspace: Path) -> None:
    done = studygen("freeze", STUDY, cwd=workspace)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith(f"froze      {STUDY}/frozen/plan-1.1.yaml  (version 1.1, 1 analysis, SHA-256 ")
    assert [path.name for path in (workspace / STUDY / "frozen").iterdir()] == ["plan-1.1.yaml"]


def test_freezing_again_changes_nothing(workspace: Path) -> None:
    studygen("freeze", STUDY, cwd=workspace)
    before = (workspace / STUDY / "frozen" / "plan-1.1.yaml").read_bytes()
    done = studygen("freeze", STUDY, cwd=workspace)
    assert (done.returncode, done.stdout.split()[0]) == (0, "unchanged")
    assert (workspace / STUDY / "frozen" / "plan-1.1.yaml").read_bytes() == before


def test_a_plan_that_was_changed_is_refused_with_the_way_to_a_new_version(workspace: Path) -> None:
    studygen("freeze", STUDY, cwd=workspace)
    before = (workspace / STUDY / "frozen" / "plan-1.1.yaml").read_bytes()
    edit(
        workspace,
        "main: {model: random_effects, estimator: reml, interval: wald}",
        "main: {model: random_effects, estimator: pm}",
    )
    done = studygen("freeze", STUDY, cwd=workspace)
    assert done.returncode == 3
    assert 'analyses "deaths" (pooling.main) is another in the plan frozen as version 1.1' in done.stderr
    assert "Raise documents.sap.version (for example to 1.2)" in done.stderr
    assert (workspace / STUDY / "frozen" / "plan-1.1.yaml").read_bytes() == before


def test_a_new_version_is_frozen_beside_the_first(workspace: Path) -> None:
    studygen("freeze", STUDY, cwd=workspace)
    edit(
        workspace,
        "main: {model: random_effects, estimator: reml, interval: wald}",
        "main: {model: random_effects, estimator: pm}",
    )
    edit(workspace, 'sap: {reference: BMSD-COV-EX3-SAP, version: "1.1"', 'sap: {reference: BMSD-COV-EX3-SAP, version: "1.2"')
    done = studygen("freeze", STUDY, cwd=workspace)
    assert (done.returncode, done.stderr) == (0, "")
    assert sorted(path.name for path in (workspace / STUDY / "frozen").iterdir()) == ["plan-1.1.yaml", "plan-1.2.yaml"]


def test_a_version_below_a_frozen_one_is_refused(workspace: Path) -> None:
    studygen("freeze", STUDY, cwd=workspace)
    edit(workspace, 'sap: {reference: BMSD-COV-EX3-SAP, version: "1.1"', 'sap: {reference: BMSD-COV-EX3-SAP, version: "1.0"')
    done = studygen("freeze", STUDY, cwd=workspace)
    assert done.returncode == 3
    assert "version 1.1 of the plan is frozen already, and 1.0 is lower" in done.stderr


def test_a_draft_is_not_frozen(workspace: Path) -> None:
    done = studygen("freeze", "protocols/cladribine-s1p-pass", cwd=workspace)
    assert done.returncode == 3
    assert "version 0.9 of the analysis plan is a draft" in done.stderr
    assert "documents.sap" in done.stderr
    assert not (workspace / "protocols/cladribine-s1p-pass/frozen").exists()


def test_a_folder_without_a_study_is_answered_with_the_nearest_one(workspace: Path) -> None:
    done = studygen("freeze", "protocols/covid19-mortality", cwd=workspace)
    assert done.returncode == 3
    assert f'Did you mean "{STUDY}"' in done.stderr


def test_a_definition_with_faults_is_not_frozen(workspace: Path) -> None:
    edit(workspace, "\nresearch_question:", "\nresearch_qestion:")
    done = studygen("freeze", STUDY, cwd=workspace)
    assert done.returncode == 3
    assert "research_qestion" in done.stderr
    assert not (workspace / STUDY / "frozen").exists()


def test_an_edited_frozen_plan_is_named(workspace: Path) -> None:
    studygen("freeze", STUDY, cwd=workspace)
    path = workspace / STUDY / "frozen" / "plan-1.1.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("measure: proportion", "measure: mean"), encoding="utf-8")
    done = studygen("freeze", STUDY, cwd=workspace)
    assert done.returncode == 3
    assert "plan-1.1.yaml" in done.stderr
    assert "edited after it was frozen" in done.stderr


def test_several_studies_are_frozen_and_the_faulty_one_sets_the_exit_code(workspace: Path) -> None:
    done = studygen("freeze", "protocols/cladribine-s1p-pass", STUDY, cwd=workspace)
    assert done.returncode == 3
    assert "plan-1.1.yaml" in done.stdout
