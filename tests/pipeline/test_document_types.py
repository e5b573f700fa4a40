"""A document type is a folder of templates; a document about another one cites the numbers of that very document."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from studygen.document.nodes import Document, Heading, Table, plain_text, walk
from studygen.document.references import names_of
from studygen.errors import DefinitionError
from studygen.pipeline.composing import compose
from studygen.pipeline.doctypes import document_types
from studygen.pipeline.loading import documents_of, load
from studygen.pipeline.places import Places
from studygen.pipeline.publishing import load_public

PROTOCOLS = Path(__file__).resolve().parents[2] / "protocols"
PLANNED, REPORTED = PROTOCOLS / "cladribine-s1p-pass", PROTOCOLS / "natalizumab-fingolimod-paes"

LETTER = """
id: letter
title: Letter to the committee
version_of: protocol
reference: "{reference}-LETTER"
about: protocol
front: letter.md.j2
sections:
  - {id: sec-letter, heading: Letter, file: letter.md.j2}
"""


def test_documents_are_built_in_the_order_of_the_definition_and_checklists_after_them() -> None:
    names = list(document_types(Places.of(PLANNED)))
    assert names[:3] == ["protocol", "sap", "report"]
    assert names[3:] == ["encepp-checklist", "harper-coverage", "registry-suitability", "reporting-checklists"]


def test_a_study_has_the_documents_that_it_can_have() -> None:
    assert documents_of(load(PLANNED)) == ("protocol", "sap", "encepp-checklist", "harper-coverage", "registry-suitability")
    # published aggregates: no registry takes part whose suitability could be described
    assert documents_of(load(REPORTED)) == (
        "protocol",
        "sap",
        "report",
        "encepp-checklist",
        "harper-coverage",
        "reporting-checklists",
    )


@pytest.mark.parametrize(
    ("study", "document", "said"),
    [
        (PLANNED, "encepp-checklists", '"encepp-checklist"'),
        (PLANNED, "reporting-checklists", "has no report yet"),
        (REPORTED, "registry-suitability", "data of registries themselves"),
    ],
)
def test_a_document_that_cannot_be_made_says_why(study: Path, document: str, said: str) -> None:
    with pytest.raises(DefinitionError, match=re.escape(said)):
        documents_of(load(study), [document])


def test_a_folder_of_templates_is_a_document_type(tmp_path: Path) -> None:
    shutil.copytree(PLANNED, tmp_path / PLANNED.name)
    shutil.copytree(PROTOCOLS / "network", tmp_path / "network")
    folder = tmp_path / "network" / "templates" / "letter"
    folder.mkdir(parents=True)
    (folder / "document.yaml").write_text(LETTER, encoding="utf-8")
    (folder / "letter.md.j2").write_text("The protocol is {{ about.reference }}.\n", encoding="utf-8")
    loaded = load(tmp_path / PLANNED.name)
    assert "letter" in documents_of(loaded)
    letter = compose(loaded, ["letter"], drawings=False)["letter"]
    assert letter.meta.reference == "BMSD-PASS-EX1-PRO-LETTER"
    assert "The protocol is BMSD-PASS-EX1-PRO." in [
        plain_text(each.children) for each in walk(letter.front) if hasattr(each, "children")
    ]


@pytest.fixture(scope="module")
def trees() -> dict[str, Document]:
    return compose(load(REPORTED), ["protocol", "report", "encepp-checklist", "reporting-checklists"], drawings=False)


def cells_of(tree: Document, table: str) -> dict[str, list[str]]:
    """The cells of a table's rows after the first, by the first."""
    found = next(node for node in walk(tree.body) if isinstance(node, Table) and node.id == table)
    rows = [[" ".join(plain_text(block.children) for block in cell.blocks) for cell in row.cells] for row in found.body]  # type: ignore[union-attr]
    return {first: rest for first, *rest in rows}


def test_the_stand_alone_form_and_the_annex_of_the_protocol_say_the_same(trees: dict[str, Document]) -> None:
    for section in range(1, 16):
        alone = cells_of(trees["encepp-checklist"], f"tbl-encepp-section-{section}")
        annex = cells_of(trees["protocol"], f"tbl-encepp-section-{section}")
        assert alone.keys() == annex.keys()
        for line, cells in alone.items():
            assert [each.lower() for each in cells] == [each.lower() for each in annex[line]], line


def test_a_checklist_cites_the_numbers_of_the_document_it_is_about(trees: dict[str, Document]) -> None:
    strobe = cells_of(trees["reporting-checklists"], "tbl-checklist-strobe")
    numbers = {heading.id: heading.number for heading in walk(trees["report"].body) if isinstance(heading, Heading)}
    assert numbers["sec-limitations"] == "11.2"
    assert strobe["19"] == ["Limitations, direction and size of bias", "Yes", "Section 11.2"]
    attrition = names_of(trees["report"])["tbl-attrition"]
    assert strobe["13a"][-1].startswith(f"Section 10.1, {attrition} ")
    assert strobe["14a"][1] == "No"  # no source published the characteristics at baseline


def test_the_public_form_leaves_out_the_name_in_its_closing_block() -> None:
    public = compose(load_public(REPORTED), ["encepp-checklist"], drawings=False)["encepp-checklist"]
    closing = cells_of(public, "tbl-encepp-closing")
    assert closing["Name of the main author of the protocol"] == ["[redacted: personal data, name]"]
    assert public.meta.reference == "BMSD-PAES-EX2-PRO-ENCEPP-PUBLIC"


def test_the_protocol_and_the_report_name_the_documents_made_with_them(trees: dict[str, Document]) -> None:
    def text(name: str) -> str:
        return " ".join(plain_text(node.children) for node in walk(trees[name].body) if hasattr(node, "children"))

    assert "BMSD-PAES-EX2-PRO-ENCEPP" in text("protocol")
    assert "BMSD-PAES-EX2-REP-CHK" in text("report")
