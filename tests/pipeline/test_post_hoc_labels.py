"""An analysis that was added after the plan is called post hoc wherever a reader meets it, whoever writes the template."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from studygen.document.nodes import Document, Figure, Heading, Paragraph, Table, Value, plain_text, walk
from studygen.pipeline.composing import compose
from studygen.pipeline.loading import load

ROOT = Path(__file__).resolve().parents[2]
ADDED = "hr_first_relapse"
LABEL = "Time to a first bout"


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The natalizumab example as if its hazard ratio had been looked at after the plan was frozen."""
    folder = tmp_path_factory.mktemp("post-hoc")
    shutil.copytree(ROOT / "protocols" / "network", folder / "network")
    study = folder / "natalizumab-fingolimod-paes"
    shutil.copytree(ROOT / "protocols" / "natalizumab-fingolimod-paes", study)
    for frozen in (study / "frozen").iterdir():
        frozen.unlink()
    definition = study / "study.yaml"
    text = definition.read_text(encoding="utf-8")
    marked = text.replace(
        "    software: None; the estimate is cited\n", "    software: None; the estimate is cited\n    post_hoc: true\n"
    )
    marked = marked.replace("    label: Hazard ratio of the first relapse\n", f"    label: {LABEL}\n")
    assert "post_hoc: true" in marked
    assert LABEL in marked
    definition.write_text(marked, encoding="utf-8")
    return study


@pytest.fixture(scope="module")
def documents(study: Path) -> dict[str, Document]:
    return compose(load(study), ("protocol", "sap", "report"), drawings=False)


def texts(document: Document) -> list[str]:
    """Everything that a reader meets as one piece: headings, captions, text alternatives, paragraphs (of cells, too)."""
    found: list[str] = []
    for node in walk((document.front, document.body)):
        match node:
            case Heading(children=children) | Paragraph(children=children):
                found.append(plain_text(children))
            case Table(caption=caption):
                found.append(plain_text(caption))
            case Figure(caption=caption, alt=alt):
                found += [plain_text(caption), alt]
    return found


def test_its_label_never_stands_without_the_mark(documents: dict[str, Document]) -> None:
    for name, document in documents.items():
        named = [text for text in texts(document) if re.search(re.escape(LABEL), text, re.IGNORECASE)]
        unmarked = [text for text in named if not re.search(re.escape(LABEL) + r"\s\(post hoc\)", text, re.IGNORECASE)]
        assert unmarked == [], name


def test_it_is_named_in_headings_captions_and_sentences_of_the_report(documents: dict[str, Document]) -> None:
    report = documents["report"]
    headings = [plain_text(node.children) for node in walk(report.body) if isinstance(node, Heading)]
    captions = [plain_text(node.caption) for node in walk(report.body) if isinstance(node, Table)]
    sentences = [plain_text(node.children) for node in walk(report.body) if isinstance(node, Paragraph)]
    assert f"{LABEL} (post hoc)" in headings
    assert f"{LABEL} (post hoc) – results by data source" in captions
    assert any("there the hazard ratio (post hoc) of first relapse" in sentence for sentence in sentences)
    assert any("This analysis was not planned; it was added post hoc" in sentence for sentence in sentences)


def test_the_table_of_planned_and_done_says_that_it_was_added(documents: dict[str, Document]) -> None:
    table = next(node for node in walk(documents["report"].body) if isinstance(node, Table) and node.id == "tbl-planned-done")
    rows = [[plain_text_of(cell) for cell in row.cells] for row in table.body]
    (row,) = [row for row in rows if row[0].startswith(LABEL)]
    assert row[1:3] == ["Not planned", "Added post hoc; done"]


def plain_text_of(cell: object) -> str:
    return " ".join(plain_text(node.children) for node in walk(cell) if isinstance(node, Paragraph))


def test_plan_and_protocol_do_not_plan_it(documents: dict[str, Document]) -> None:
    for name in ("protocol", "sap"):
        displays = {node.id for node in walk(documents[name].body) if isinstance(node, Table | Figure)}
        assert not [id for id in displays if ADDED in id]
        assert not any(LABEL in text for text in texts(documents[name]))


def test_every_table_that_shows_its_numbers_is_marked(documents: dict[str, Document]) -> None:
    for table in (node for node in walk(documents["report"].body) if isinstance(node, Table)):
        shown = [node for node in walk(table) if isinstance(node, Value) and node.id.startswith(f"{ADDED}.")]
        if shown:
            everything = " ".join([plain_text(table.caption), *(plain_text_of(cell) for row in table.body for cell in row.cells)])
            assert "post hoc" in everything, table.id
