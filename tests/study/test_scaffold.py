"""A new study: complete, loadable at once, and never written over something that is there."""

from __future__ import annotations

import datetime
import json
import re
from pathlib import Path

import pytest

from studygen.errors import DefinitionError
from studygen.study.loading import load_study
from studygen.study.scaffold import Kind, scaffold

NETWORK = Path(__file__).resolve().parents[2] / "protocols" / "network" / "registries"
REGISTRIES = [file.stem for file in NETWORK.glob("*.yaml")]
TODAY = datetime.date(2026, 3, 15)
TEMPLATES = Path(__file__).resolve().parents[2] / "templates" / "scaffold"


@pytest.mark.parametrize("kind", ["PASS", "PAES"])
def test_a_new_study_loads_at_once(kind: Kind, tmp_path: Path) -> None:
    folder = tmp_path / "new-study"
    files = scaffold(kind, "new-study", "", folder, TEMPLATES, TODAY)
    study = load_study(folder, REGISTRIES, ["msbase"])
    assert (study.id, study.kind, study.documents.protocol.date) == ("new-study", kind, TODAY)
    assert {taking.registry for taking in study.participation} == set(REGISTRIES)
    assert folder / "study.yaml" in files
    assert all(file.is_file() for file in files)


@pytest.mark.parametrize("title", ['A "quoted" title: with a colon', "Étude de sécurité – ocrélizumab", "100% of $people"])
def test_the_title_is_kept_as_given(title: str, tmp_path: Path) -> None:
    scaffold("PASS", "new-study", title, tmp_path / "new-study", TEMPLATES, TODAY)
    assert load_study(tmp_path / "new-study", REGISTRIES, ["msbase"]).title == title


@pytest.mark.parametrize("kind", ["PASS", "PAES"])
def test_example_texts_say_that_they_are_to_be_replaced(kind: Kind, tmp_path: Path) -> None:
    scaffold(kind, "new-study", "", tmp_path / "new-study", TEMPLATES, TODAY)
    study = load_study(tmp_path / "new-study", REGISTRIES, ["msbase"])
    assert study.illustrative is not None
    sections = [study.rationale, study.data, study.human_subjects, study.dissemination, study.plan]
    texts = [text for section in sections for text in section.model_dump().values() if not isinstance(text, float)]
    narrative = [text for text in texts if isinstance(text, str) or "not_applicable" in text]
    stated = [text["not_applicable"] if isinstance(text, dict) else text for text in narrative]
    assert len(stated) > 25
    assert all(text.startswith("Replace") for text in stated)
    whole = (tmp_path / "new-study" / "study.yaml").read_text(encoding="utf-8")
    assert not re.search(r"\b(TBD|XX+|TODO|lorem)\b", whole, re.IGNORECASE)


def test_the_new_references_are_csl_json(tmp_path: Path) -> None:
    scaffold("PASS", "new-study", "", tmp_path / "new-study", TEMPLATES, TODAY)
    (entry,) = json.loads((tmp_path / "new-study" / "references.json").read_text(encoding="utf-8"))
    cited = (tmp_path / "new-study" / "text" / "condition.md").read_text(encoding="utf-8")
    assert f'cite("{entry["id"]}")' in cited


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    folder = tmp_path / "new-study"
    folder.mkdir()
    (folder / "notes.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(DefinitionError, match="this already exists, and nothing is overwritten"):
        scaffold("PASS", "new-study", "", folder, TEMPLATES)
    assert [file.name for file in folder.iterdir()] == ["notes.txt"]


@pytest.mark.parametrize("id", ["New_Study", "1st-study", "new study"])
def test_an_id_that_is_none_is_refused(id: str, tmp_path: Path) -> None:
    with pytest.raises(DefinitionError, match="cannot be the id of a study"):
        scaffold("PASS", id, "", tmp_path / id, TEMPLATES)
    assert not (tmp_path / id).exists()


def test_the_folder_must_be_named_as_the_study(tmp_path: Path) -> None:
    with pytest.raises(DefinitionError, match="the folder is not named as the study"):
        scaffold("PASS", "new-study", "", tmp_path / "another", TEMPLATES)


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["PASS", "PAES"])
def test_the_documents_of_a_new_study_can_be_composed_at_once(kind: Kind, tmp_path: Path) -> None:
    from studygen.pipeline.composing import compose
    from studygen.pipeline.loading import documents_of, load

    scaffold(kind, "new-study", "", tmp_path / "new-study", TEMPLATES, TODAY)
    loaded = load(tmp_path / "new-study")
    checklists = {"encepp-checklist", "harper-coverage", "registry-suitability"}
    assert set(compose(loaded, documents_of(loaded))) == {"protocol", "sap", *checklists}
