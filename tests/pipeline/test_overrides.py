"""A network's own templates folder changes the look, a section, or a sentence, and nothing else."""

from __future__ import annotations

import shutil
import zipfile
from pathlib import Path

import pytest

from studygen.document.nodes import Document, Figure, Heading, Paragraph, Table, plain_text, walk
from studygen.errors import DefinitionError
from studygen.pipeline.building import build
from studygen.pipeline.composing import compose
from studygen.pipeline.loading import load

ROOT = Path(__file__).resolve().parents[2]
STUDY = "natalizumab-fingolimod-paes"


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """The templates folder of a network that has the example study."""
    protocols = tmp_path / "protocols"
    shutil.copytree(ROOT / "protocols" / "network", protocols / "network")
    shutil.copytree(ROOT / "protocols" / STUDY, protocols / STUDY)
    shutil.rmtree(protocols / "network" / "templates", ignore_errors=True)
    return protocols / "network" / "templates"


def write(folder: Path, name: str, text: str) -> None:
    file = folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")


def protocol(own: Path) -> Document:
    return compose(load(own.parents[1] / STUDY), ["protocol"])["protocol"]


def texts(document: Document) -> list[str]:
    """Every paragraph, heading and caption."""
    found = []
    for node in walk((document.front, document.body)):
        if isinstance(node, Paragraph | Heading):
            found.append(plain_text(node.children))
        elif isinstance(node, Table | Figure):
            found.append(plain_text(node.caption))
    return found


def test_a_key_of_the_brand_changes_every_format_and_leaves_the_other_keys(own: Path) -> None:
    write(own, "style/brand.yaml", 'colours: {heading: "#5a1846"}\nsizes: {title: 24}\n')
    outcome = build(own.parents[1] / STUDY, own.parents[2] / "output", ("protocol",), workers=1)
    paths = {built.format: built.path for built in outcome.files}
    page = paths["html"].read_text(encoding="utf-8")
    assert "--colour-heading: #5a1846" in page
    assert "--size-title: 24" in page
    assert "--colour-link: #0645ad" in page
    with zipfile.ZipFile(paths["docx"]) as archive:
        styles = archive.read("word/styles.xml").decode("utf-8").lower()
    assert "5a1846" in styles
    assert "14305c" not in styles
    assert paths["pdf"].stat().st_size > 10_000


def test_a_wrong_key_of_the_brand_is_named_in_the_networks_own_file(own: Path) -> None:
    write(own, "style/brand.yaml", 'colours:\n  headings: "#5a1846"\n')
    with pytest.raises(DefinitionError, match=r"network/templates/style/brand\.yaml:2"):
        build(own.parents[1] / STUDY, own.parents[2] / "output", ("protocol",), ("html",), workers=1)


def test_the_style_sheet_alone_can_be_changed(own: Path) -> None:
    sheet = (ROOT / "templates/style/page.css").read_text(encoding="utf-8")
    write(own, "style/page.css", sheet + "\nh1 { letter-spacing: 0.5pt }\n")
    build(own.parents[1] / STUDY, own.parents[2] / "output", ("protocol",), ("pdf",), workers=1)


def test_a_sections_file_replaces_the_shipped_one_and_no_other(own: Path) -> None:
    before = texts(protocol(own))
    write(own, "protocol/other-aspects.md.j2", "The network’s own words on {{ study.id }}.\n")
    after = texts(protocol(own))
    assert "The network’s own words on natalizumab-fingolimod-paes." in after
    start, stop = (after.index(heading, 60) for heading in ("Other aspects", "Protection of human subjects"))
    assert after[start + 1 : stop] == ["The network’s own words on natalizumab-fingolimod-paes."]
    assert before[: start + 1] == after[: start + 1]
    assert before[before.index("Protection of human subjects", 60) :] == after[stop:]


def test_a_sentence_changes_by_its_key(own: Path) -> None:
    write(own, "displays.yaml", "displays: {milestones: {captions: {planned: Dates we plan}}}\n")
    write(own, "shared/words.yaml", "status: {planned: foreseen}\nwriter: {version: Issue}\n")
    found = protocol(own)
    assert "Dates we plan" in texts(found)
    assert found.meta.label("version") == "Issue"
    assert found.meta.label("table") == "Table"


def test_a_key_that_no_text_has_is_named_with_the_nearest(own: Path) -> None:
    write(own, "displays.yaml", "displays:\n  milestone: {caption: Dates}\n")
    with pytest.raises(DefinitionError) as caught:
        protocol(own)
    message = str(caught.value)
    assert "displays.yaml:2" in message
    assert 'Did you mean "milestones"' in message


def test_a_document_type_can_get_another_order_with_the_shipped_sections(own: Path) -> None:
    manifest = (ROOT / "templates/sap/document.yaml").read_text(encoding="utf-8")
    write(own, "sap/document.yaml", manifest.replace("title: Statistical analysis plan", "title: Analysis plan of the network"))
    document = compose(load(own.parents[1] / STUDY), ["sap"])["sap"]
    assert document.meta.kind == "Analysis plan of the network"
