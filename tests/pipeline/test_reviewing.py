"""A reviewer's comments come back to the lines of the definition in which the words stand, in whatever document they are."""

from __future__ import annotations

import csv
import io
import subprocess
import sys
from pathlib import Path

import docx
import pytest

from studygen.pipeline.composing import compose
from studygen.pipeline.loading import load
from studygen.pipeline.reviewing import COLUMNS, Reviewed, reviewed
from studygen.writers.docx import render_docx
from studygen.writers.style import load_style

ROOT = Path(__file__).resolve().parents[2]
STUDY = ROOT / "protocols" / "covid19-mortality-ms"


@pytest.fixture(scope="module")
def protocol(tmp_path_factory: pytest.TempPathFactory) -> Path:
    loaded = load(STUDY)
    tree = compose(loaded, ["protocol"])["protocol"]
    file = tmp_path_factory.mktemp("built") / "protocol.docx"
    file.write_bytes(render_docx(tree, load_style(loaded.places.template("style/brand.yaml")), None))
    return file


@pytest.fixture(scope="module")
def commented(protocol: Path) -> Path:
    """The protocol with a comment on the research question, and one on the first cell of a table."""
    document = docx.Document(str(protocol))
    question = " ".join(load(STUDY).study.research_question.split())
    paragraph = next(each for each in document.paragraphs if each.text and each.text in question)
    document.add_comment(paragraph.runs[0], text="Is this the question?", author="Assessor")
    captioned = "preceding-sibling::*[1][self::w:p/w:pPr/w:pStyle/@w:val='Caption']"
    table = next(each for each in document.tables if each._tbl.xpath(captioned))
    document.add_comment(table.rows[-1].cells[0].paragraphs[0].runs[0], text="Which one?", author="Assessor")
    file = protocol.with_name("commented.docx")
    document.save(str(file))
    return file


@pytest.fixture(scope="module")
def found(commented: Path) -> Reviewed:
    return reviewed(STUDY, commented)


def test_the_document_is_known_by_its_reference(found: Reviewed) -> None:
    documents = load(STUDY).study.documents
    assert (found.document, found.reference, found.version) == (
        "protocol",
        documents.protocol.reference,
        documents.protocol.version,
    )


def test_words_of_the_definition_are_found_in_their_line(found: Reviewed) -> None:
    remark = next(each for each in found.remarks if each.remark.text == "Is this the question?")
    lines = (STUDY / "study.yaml").read_text(encoding="utf-8").splitlines()
    assert remark.places
    for place in remark.places:
        assert place.file.endswith("study.yaml")
        assert " ".join(lines[(place.line or 0) - 1].split()) in remark.remark.paragraph


def test_a_comment_in_a_table_names_the_table_by_number_and_caption(found: Reviewed) -> None:
    remark = next(each for each in found.remarks if each.remark.text == "Which one?")
    assert remark.display.startswith("Table ")


def test_the_list_for_a_spreadsheet_has_a_line_for_each_remark_and_room_for_the_answer(found: Reviewed) -> None:
    rows = list(csv.DictReader(io.StringIO(found.csv())))
    assert tuple(rows[0]) == COLUMNS
    assert [row["number"] for row in rows] == ["1", "2"]
    assert {row["answer"] for row in rows} == {""}
    assert {row["resolved"] for row in rows} == {"no"}


def run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "studygen.cli", "comments", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False)


def test_the_command_prints_place_words_and_line(commented: Path) -> None:
    done = run(STUDY, commented)
    assert done.returncode == 0, done.stderr
    assert "2 comments, 0 insertions, 0 deletions; 2 open comments" in done.stdout
    assert "study.yaml:" in done.stdout


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda folder: folder / "missing.docx", "does not exist"),
        (lambda folder: _written(folder / "not.docx", b"%PDF-1.7"), "not a Word file"),
        (lambda folder: _empty(folder / "other.docx"), "none of this study's documents"),
    ],
)
def test_a_file_that_cannot_be_used_is_answered_with_what_to_do(make, said: str, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    done = run(STUDY, make(tmp_path))
    assert done.returncode == 2
    assert said in done.stderr


def _written(file: Path, content: bytes) -> Path:
    file.write_bytes(content)
    return file


def _empty(file: Path) -> Path:
    docx.Document().save(str(file))
    return file
