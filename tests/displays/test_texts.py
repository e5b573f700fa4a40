"""All visible words come from the template folders, strictly."""

from __future__ import annotations

from pathlib import Path

import pytest
from display_samples import ROOT

from studygen.displays.texts import FILES, DisplayTexts
from studygen.document.nodes import Text, Value
from studygen.errors import DefinitionError
from studygen.results.findings import Note


def test_a_missing_text_names_the_file_the_key_and_the_nearest_one(texts: DisplayTexts) -> None:
    with pytest.raises(DefinitionError) as caught:
        texts.of("milestones").say("columns.plannned")
    fault = caught.value.faults[0]
    assert fault.place.file == "displays.yaml"
    assert fault.place.path == "displays.milestones.columns.plannned"
    assert '"planned"' in fault.remedy


def test_a_missing_word_is_an_error(texts: DisplayTexts) -> None:
    with pytest.raises(DefinitionError, match=r"shared/words\.yaml"):
        texts.word("decision", "maybe")


def test_a_placeholder_that_nobody_fills_is_an_error(texts: DisplayTexts) -> None:
    with pytest.raises(DefinitionError, match="placeholder"):
        texts.say("patterns.full", estimate="1")


def test_braces_in_what_is_filled_in_stay_as_they_are(texts: DisplayTexts) -> None:
    assert texts.say("patterns.percent", number="{braces}") == "{braces}%"


def test_a_number_keeps_its_id_inside_a_text(texts: DisplayTexts) -> None:
    filled = texts.inline("patterns.below", threshold=Value("a.n", "5"))
    assert filled == (Text("<"), Value("a.n", "5"))


def test_notes_of_results_become_sentences(texts: DisplayTexts) -> None:
    sentence = texts.note(Note("two_sources_hartung_knapp", (("k", "2"),)))
    assert "k = 2" in sentence
    assert sentence.endswith(".")


def test_every_note_is_a_sentence(texts: DisplayTexts) -> None:
    assert all(sentence[0].isupper() and sentence.rstrip().endswith(".") for sentence in texts.notes.values())


def test_every_country_code_has_a_name(texts: DisplayTexts) -> None:
    assert len(texts.countries) == 249  # ISO 3166-1
    assert texts.country("CZ") == "Czechia"
    assert texts.country("NO") == "Norway"


def test_a_folder_above_overrides_single_keys(tmp_path: Path) -> None:
    own = tmp_path / "displays.yaml"
    own.write_text("displays:\n  milestones:\n    captions:\n      planned: Our milestones\n", encoding="utf-8")
    texts = DisplayTexts.load([tmp_path, ROOT / "templates"])
    assert texts.of("milestones").say("captions.planned") == "Our milestones"
    assert texts.of("milestones").say("captions.actual") != "Our milestones"


def test_all_missing_files_are_named_at_once(tmp_path: Path) -> None:
    with pytest.raises(DefinitionError) as caught:
        DisplayTexts.load([tmp_path])
    assert {fault.place.file for fault in caught.value.faults} == set(FILES.values())
