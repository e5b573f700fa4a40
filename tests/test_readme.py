"""The README stays true: every command in it runs. Builds are shortened to one document, and to HTML where that suffices; what
`make` does around them is what sets this test up."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import docx
import pytest

from studygen.pipeline.loading import load

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
COMMANDS = [
    line.split("   #")[0].strip().removeprefix(".venv/bin/")
    for block in re.findall(r"```sh\n(.*?)```", README, re.DOTALL)
    for line in block.splitlines()
    if line.startswith((".venv/bin/studygen", "studygen"))
]
TRIALS = "source,events1,n1,events2,n2\nAronson,4,123,11,139\nFerguson,6,306,29,303\nRosenthal,3,231,11,220\n"
RATES = "source,events1,person_years1,events2,person_years2\n35-44,32,52407,2,18790\n45-54,104,43248,12,10673\n"


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder as a reader would work in, with the files that the README's commands name."""
    folder = tmp_path_factory.mktemp("reader")
    shutil.copytree(ROOT / "protocols", folder / "protocols")
    (folder / "trials.csv").write_text(TRIALS, encoding="utf-8")
    (folder / "rates.csv").write_text(RATES, encoding="utf-8")
    sent_back = docx.Document()
    sent_back.core_properties.identifier = load(ROOT / "protocols/natalizumab-fingolimod-paes").study.documents.report.reference
    sent_back.add_comment(sent_back.add_paragraph("Words.").runs[0], text="Why?", author="Assessor")
    sent_back.save(str(folder / "report-reviewed.docx"))
    return folder


def test_the_readme_shows_the_commands() -> None:
    assert {shlex.split(command)[1] for command in COMMANDS} == {
        *("list", "check", "build", "explain", "new", "schema", "pool", "freeze", "comments"),
    }


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_of_the_readme_runs(workspace: Path, command: str) -> None:
    arguments = shlex.split(command)[1:]
    if arguments[0] == "build":
        arguments += [] if "--document" in arguments else ["--document", "protocol"]
        if "--submission" not in arguments:
            arguments += ["--format", "html"]
    done = subprocess.run([sys.executable, "-m", "studygen.cli", *arguments], capture_output=True, text=True, cwd=workspace)
    assert (done.returncode, done.stderr) == (0, "")


def test_every_make_target_that_the_readme_names_exists() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    assert set(re.findall(r"\bmake ([a-z]+)", README)) <= targets


def test_every_file_that_the_readme_links_to_exists() -> None:
    linked = [target for target in re.findall(r"\]\(([^)#]+)\)", README) if not target.startswith("http")]
    assert [target for target in linked if not (ROOT / target).exists()] == []
