"""The example documents pass what independent validators ask: PDF/UA-1, the syntax of PDF, the Office Open XML schema; and their
bookmarks are their contents."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import page as page_validation
import pikepdf
import pytest
from openxml_audit import FileFormat, OpenXmlValidator

from studygen.document.nodes import Contents, Figure, Heading, Table, plain_text, walk
from studygen.pipeline.making import making_of

PROTOCOLS = Path(__file__).resolve().parents[1] / "protocols"
DOSSIER = ("letter-of-intent", "briefing-document", "registry-profile-fr-ofsep", "gap-table")
"""Documents of the dossier that are built here; they hold every kind of table. The quality report has figures besides."""
DOCUMENTS = [
    ("cladribine-s1p-pass", "protocol"),
    ("cladribine-s1p-pass", "sap"),
    ("cladribine-s1p-pass", "harper-coverage"),
    ("cladribine-s1p-pass", "registry-suitability"),
    ("covid19-mortality-ms", "protocol"),
    ("covid19-mortality-ms", "sap"),
    ("covid19-mortality-ms", "report"),
    ("natalizumab-fingolimod-paes", "protocol"),
    ("natalizumab-fingolimod-paes", "sap"),
    ("natalizumab-fingolimod-paes", "report"),
    ("natalizumab-fingolimod-paes", "reporting-checklists"),
    *(("bmsd-qualification", document) for document in DOSSIER),
]
OUTLINE_DEPTH = 4
"""How deep the bookmarks of a submission go."""

pytestmark = [pytest.mark.slow, pytest.mark.parametrize(("study", "document"), DOCUMENTS)]


def test_the_pdf_passes_the_checks_of_pdf_ua_1(built_examples: Path, study: str, document: str) -> None:
    verdict = str(page_validation.validate_pdf(str(built_examples / study / f"{document}.pdf"), profile="ua1"))
    assert " 0 failed" in verdict, verdict


@pytest.mark.skipif(shutil.which("qpdf") is None, reason="qpdf is not installed")
def test_the_pdf_passes_the_check_of_its_syntax(built_examples: Path, study: str, document: str) -> None:
    done = subprocess.run(["qpdf", "--check", str(built_examples / study / f"{document}.pdf")], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")


def test_the_bookmarks_are_the_contents(built_examples: Path, study: str, document: str) -> None:
    tree = making_of(PROTOCOLS / study, "regular").edited([document])[document].tree
    if not any(isinstance(node, Contents) for node in walk((tree.front, tree.body))):
        pytest.skip("a short document without contents")
    headings = [node for node in walk((tree.front, tree.body)) if isinstance(node, Heading) and node.level <= OUTLINE_DEPTH]
    sections = [f"{heading.number} {plain_text(heading.children)}".strip() for heading in headings]
    listed: list[str] = []
    displays: list[str] = []
    for contents in (node for node in walk((tree.front, tree.body)) if isinstance(node, Contents)):
        for entry in contents.entries:
            if contents.kind != "sections":
                displays.append(f"{entry.label}. {entry.title}")
            else:
                listed.append(f"{entry.label} {entry.title}".strip())
    if not displays:  # a shorter document lists its sections alone; its tables and figures have bookmarks all the same
        numbered = [node for node in walk((tree.front, tree.body)) if isinstance(node, Table | Figure) and node.number]
        words = {Table: tree.meta.label("table"), Figure: tree.meta.label("figure")}
        displays = [f"{words[type(node)]} {node.number}. {plain_text(node.caption)}" for node in numbered]
    with pikepdf.open(built_examples / study / f"{document}.pdf") as pdf, pdf.open_outline() as outline:
        titles = list(_titles(outline.root))
    in_displays = set(displays)
    assert [title for title in titles if title not in in_displays] == sections
    assert sorted(title for title in titles if title in in_displays) == sorted(displays)
    assert listed == sections


def _titles(items: list[pikepdf.OutlineItem]) -> list[str]:
    return [title for item in items for title in (item.title, *_titles(item.children))]


def test_the_word_file_is_valid_office_open_xml(built_examples: Path, study: str, document: str) -> None:
    result = OpenXmlValidator(FileFormat.MICROSOFT_365).validate(built_examples / study / f"{document}.docx")
    assert [str(error) for error in result.errors] == []
