"""Document types as declared: numbers, ids and files hold together, or every fault is told with its line."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest

from studygen.document.manifest import automatic_numbers, load_manifest
from studygen.errors import DefinitionError

HEAD = "id: protocol\ntitle: Study protocol\nversion_of: protocol\nsections:\n"


def written(templates: Path, text: str) -> Path:
    path = templates / "protocol" / "document.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def faults(path: Path) -> list[tuple[int | None, str]]:
    with pytest.raises(DefinitionError) as raised:
        load_manifest(path)
    return [(fault.place.line, fault.what) for fault in raised.value.faults]


def test_a_document_type_is_read(small: SimpleNamespace) -> None:
    manifest = load_manifest(small.templates / "protocol" / "document.yaml")
    assert (manifest.id, manifest.title, manifest.needs) == ("protocol", "Study protocol", "plan")
    assert [(section.number, section.level, section.kind) for section in manifest.sections] == [
        ("1", 1, "section"),
        ("2", 1, "section"),
        ("2.1", 2, "section"),
        ("3", 1, "section"),
        ("Annex 1", 1, "annex"),
    ]
    assert manifest.template(manifest.sections[2].file) == "protocol/design.md.j2"
    assert manifest.template("shared/windows.md.j2") == "shared/windows.md.j2"
    assert [section.id for section in manifest.parts_of(manifest.sections[1])] == ["sec-design"]


def test_numbers_are_counted_on_every_level_and_in_every_series() -> None:
    # The numbering of the EMA protocol format, 9.10 included.
    numbers = ["1", "2", "2.1", "2.2", "3", *(f"3.{n}" for n in range(1, 11)), "3.10.1", "Annex 1", "Annex 2", "4"]
    assert list(automatic_numbers(numbers)) == numbers


@pytest.mark.parametrize(
    ("declared", "counted"),
    [
        (["1", "3"], ["1", "2"]),
        (["1", "1.2"], ["1", "1.1"]),
        (["2"], ["1"]),
        (["1", "1.1.1"], ["1", "1.1"]),
        (["Annex 2"], ["Annex 1"]),
    ],
)
def test_a_number_out_of_sequence_is_seen(declared: list[str], counted: list[str]) -> None:
    assert list(automatic_numbers(declared)) == counted


def test_a_wrong_number_is_told_once(templates: Path) -> None:
    lines = [
        '  - {id: sec-a, number: "1", heading: A, file: contents.md.j2}',
        '  - {id: sec-b, number: "3", heading: B, file: contents.md.j2}',
        '  - {id: sec-c, number: "4", heading: C, file: contents.md.j2}',
    ]
    assert faults(written(templates, HEAD + "\n".join(lines))) == [(6, '"B" has the number 3, but counting gives 2')]


def test_all_faults_are_told_at_once(templates: Path) -> None:
    lines = [
        '  - {id: sec-a, number: "1", heading: A, file: contents.md.j2}',
        '  - {id: sec-a, number: "2", heading: B, file: shared/desing.md.j2}',
        '  - {id: sec-c, number: "4", heading: C}',
    ]
    path = written(
        templates, HEAD.replace("protocol\ntitle", "protokoll\ntitle") + "\n".join(lines) + "\nfront: titel-page.md.j2\n"
    )
    assert faults(path) == [
        (1, 'the document type "protokoll" lies in the folder "protocol"'),
        (6, 'the id "sec-a" is used twice'),
        (6, 'the template "shared/desing.md.j2" does not exist'),
        (7, '"C" has the number 4, but counting gives 3'),
        (7, '"C" has no file and no sections below it'),
        (8, 'the template "titel-page.md.j2" does not exist'),
    ]


def test_a_level_that_is_skipped_is_a_wrong_number(templates: Path) -> None:
    lines = [
        '  - {id: sec-a, number: "1", heading: A, file: contents.md.j2}',
        '  - {id: sec-b, number: "1.1.1", heading: B, file: contents.md.j2}',
    ]
    assert [line for line, _ in faults(written(templates, HEAD + "\n".join(lines)))] == [6]


def test_unknown_keys_and_wrong_words_are_refused(templates: Path) -> None:
    path = written(
        templates, HEAD + '  - {id: sec-a, number: "1", heading: A, file: contents.md.j2, satisfy: [x]}\nneeds: data\n'
    )
    assert [what for _, what in faults(path)] == ['"satisfy" is not a known key here', '"data" is not a known needs']
