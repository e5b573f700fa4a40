"""Reading a YAML file: what values become, where they stand, and what is said when the spelling is wrong."""

from __future__ import annotations

import datetime
import json
from pathlib import Path
from typing import Any, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studygen.definition import Applicable, Declared
from studygen.errors import DefinitionError, Fault
from studygen.yamlfile import load_model, load_with_positions, read_yaml


class Dose(Declared):
    """How much of a medicine."""

    amount: float
    unit: Literal["mg", "ml"]
    """The unit of the amount."""


class Medicine(Declared):
    name: str
    code: str = ""
    doses: Applicable[tuple[Dose, ...]]
    since: datetime.date | None = None
    licensed: bool = False


def write(folder: Path, text: str) -> Path:
    file = folder / "medicine.yaml"
    file.write_text(text, encoding="utf-8")
    return file


def faults(folder: Path, text: str) -> tuple[Fault, ...]:
    with pytest.raises(DefinitionError) as raised:
        load_model(write(folder, text), Medicine)
    return raised.value.faults


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("no", "no"),
        ("yes", "yes"),
        ("NO", "NO"),
        ("true", True),
        ("012", 12),
        ("-365", -365),
        ("2.5", 2.5),
        ("1e3", 1000.0),
        ("2025-06-30", datetime.date(2025, 6, 30)),
        ("2025-02-30", "2025-02-30"),
        ("12:30", "12:30"),
        ("0x1F", "0x1F"),
        ('"1.0"', "1.0"),
        ("", None),
    ],
)
def test_values_follow_yaml_1_2_and_only_real_days_become_dates(written: str, value: object, tmp_path: Path) -> None:
    read = read_yaml(write(tmp_path, f"key: {written}\n")).data["key"]
    assert (read, type(read)) == (value, type(value))


def test_every_key_and_item_knows_its_line(tmp_path: Path) -> None:
    positions = read_yaml(write(tmp_path, "a: 1\nb:\n  - c: 2\n    d: 3\n  -\n    c: 4\n")).positions
    assert [positions.line(path) for path in [("a",), ("b",), ("b", 0, "d"), ("b", 1), ("b", 1, "c")]] == [1, 2, 4, 6, 6]


def test_a_missing_part_has_the_line_of_the_part_around_it(tmp_path: Path) -> None:
    positions = read_yaml(write(tmp_path, "a: 1\nb:\n  c: 2\n")).positions
    assert positions.line(("b", "missing", 3)) == 2


def test_a_place_names_file_line_and_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    positions = read_yaml(write(tmp_path, "b:\n  - c: 2\n")).positions
    assert str(positions.place(("b", 0, "c"))) == "medicine.yaml:2  b[0].c"


@pytest.mark.parametrize(
    ("text", "line", "what"),
    [
        ("a:\n\tb: 1\n", 2, "a tab is used for indentation"),
        ("a: one: two\n", 1, "a colon followed by a space stands inside a text"),
        ("a: 1\n  b: 2\n", 2, "this line does not fit the line above it"),
        ("a: 'one\nb: 2\n", 1, "a quotation mark is opened here and never closed"),
        ("a: [1, 2\nb: 3\n", 2, "a bracket or brace opened in line 1 is not closed"),
        ("a: @one\n", 1, 'a text cannot begin with "@"'),
        ("a: `one`\n", 1, 'a text cannot begin with "`"'),
        ("a: *one\n", 1, 'a text cannot begin with "*"'),
        ('a: {{ value("x") }}\n', 1, "a text that begins with a brace or bracket is not in quotes"),
        ('a: {{ value("x") }} is shown\n', 1, "a text that begins with a brace or bracket is not in quotes"),
        ("a: 'it's'\n", 1, "text follows a closing quotation mark"),
        ('a: "x\\q"\n', 1, "a backslash stands inside double quotes"),
        ("a: > one\n", 1, 'text follows ">" or "|" on the same line'),
        ("a: - one\n", 1, "a list cannot begin on the line of its key"),
        ("a: 1\n---\nb: 2\n", 2, 'a line "---" begins a second document'),
        ("a:\n  b: 1\n c: 2\n", 3, "this line does not belong to the part that begins in line 1"),
        ("a: !x 1\n", 1, '"!x" is a YAML tag'),
        ("a: &x [*x]\n", 1, "this part contains itself"),
        ("a: 1\nb: 2\na: 3\n", 3, 'the key "a" is given twice'),
        ("a: {b: 1}\nc:\n  <<: {d: 1}\n", 3, '"<<" merges are not used'),
    ],
)
def test_faults_of_spelling_are_said_in_words_with_a_remedy(text: str, line: int, what: str, tmp_path: Path) -> None:
    with pytest.raises(DefinitionError) as raised:
        read_yaml(write(tmp_path, text))
    (fault,) = raised.value.faults
    assert (fault.place.line, fault.what[: len(what)]) == (line, what)
    assert fault.remedy


def test_all_repeated_keys_are_listed(tmp_path: Path) -> None:
    with pytest.raises(DefinitionError) as raised:
        read_yaml(write(tmp_path, "a: 1\na: 2\nb:\n  c: 1\n  c: 2\n"))
    assert [fault.place.line for fault in raised.value.faults] == [2, 5]


def test_a_file_that_is_not_utf_8_is_named_with_its_line(tmp_path: Path) -> None:
    file = tmp_path / "medicine.yaml"
    file.write_bytes(b"a: 1\nb: caf\xe9\n")
    with pytest.raises(DefinitionError, match=r"medicine.yaml:2\s+a character here is not UTF-8"):
        read_yaml(file)


def test_an_invisible_character_is_named_with_its_line(tmp_path: Path) -> None:
    with pytest.raises(DefinitionError, match=r"medicine.yaml:2\s+this line holds a character that YAML does not allow"):
        read_yaml(write(tmp_path, "a: 1\nb: x\x00y\n"))


def test_a_file_that_does_not_exist_is_named(tmp_path: Path) -> None:
    with pytest.raises(DefinitionError, match="this file does not exist"):
        load_model(tmp_path / "none.yaml", Medicine)


@pytest.mark.parametrize("text", ["", "# only a comment\n"])
def test_an_empty_file_is_refused(text: str, tmp_path: Path) -> None:
    assert [fault.what for fault in faults(tmp_path, text)] == ["the file is empty"]


def test_a_list_in_place_of_keys_is_refused(tmp_path: Path) -> None:
    (fault,) = faults(tmp_path, "- name: x\n")
    assert (fault.what, fault.remedy) == (
        "a list does not fit here",
        "It expects the keys name, code, doses, since, licensed, indented below it.",
    )


def test_all_faults_of_form_come_at_once_in_the_order_of_the_file(tmp_path: Path) -> None:
    found = faults(tmp_path, "name: [x]\ndoses:\n  - {amount: much, unit: mgs}\n  - amount: 1\nsince: soon\nnmae: y\n")
    assert [(fault.place.line, fault.place.path) for fault in found] == [
        (1, "name"),
        (3, "doses[0].amount"),
        (3, "doses[0].unit"),
        (4, "doses[1].unit"),
        (5, "since"),
        (6, "nmae"),
    ]
    assert found[2].remedy == 'Did you mean "mg"?'
    assert found[3].remedy == 'Add "unit:". The unit of the amount. It expects one of: mg, ml.'
    assert found[5].remedy == 'Did you mean "name"?'


def test_a_part_that_may_not_apply_says_so(tmp_path: Path) -> None:
    (fault,) = faults(tmp_path, "name: x\ndoses: many\n")
    assert fault.remedy == 'It expects a list; begin each entry on a line of its own with "- ", or {not_applicable: "reason"}.'


@pytest.mark.parametrize("reason", ["Not a drug.", "It is a procedure: no dose."])
def test_a_part_that_does_not_apply_gives_its_reason(reason: str, tmp_path: Path) -> None:
    medicine = load_model(write(tmp_path, f"name: x\ndoses: {{not_applicable: {json.dumps(reason)}}}\n"), Medicine)
    assert medicine.doses == type(medicine.doses)(not_applicable=reason)


@given(code=st.from_regex(r"[0-9]{1,6}(\.[0-9]{1,4})?", fullmatch=True))
def test_a_code_of_digits_is_kept_as_it_was_typed(code: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    file = write(tmp_path_factory.mktemp("codes"), f"name: x\ncode: {code}\ndoses: []\n")
    assert load_model(file, Medicine).code == code


def test_a_date_where_a_text_is_expected_is_kept_as_it_was_typed(tmp_path: Path) -> None:
    assert load_model(write(tmp_path, "name: 2024-06-01\ndoses: []\n"), Medicine).name == "2024-06-01"


_VISIBLE = st.characters(exclude_categories=("C", "Zl", "Zp"))
_KEYS = st.text("abcdefgh", min_size=1, max_size=4)
_TREES = st.recursive(
    st.integers() | st.booleans() | st.text(_VISIBLE, max_size=8) | st.none(),
    lambda inside: st.lists(inside, max_size=3) | st.dictionaries(_KEYS, inside, max_size=3),
    max_leaves=12,
)


def _paths(tree: Any, above: tuple[str | int, ...] = ()) -> set[tuple[str | int, ...]]:
    inside = tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ()
    return {above}.union(*(_paths(value, (*above, step)) for step, value in inside))


@given(tree=st.dictionaries(_KEYS, _TREES, min_size=1, max_size=4))
def test_whatever_json_holds_is_read_back_with_a_position_for_each_part(
    tree: dict[str, Any], tmp_path_factory: pytest.TempPathFactory
) -> None:
    """JSON is YAML 1.2: an independent writer for arbitrary trees."""
    text = json.dumps(tree, indent=1, ensure_ascii=False)
    source = read_yaml(write(tmp_path_factory.mktemp("trees"), text))
    assert source.data == tree
    assert set(source.positions.lines) == _paths(tree)
    lines = text.splitlines()
    keys = [path for path in source.positions.lines if path and isinstance(path[-1], str)]
    assert all(f'"{path[-1]}":' in lines[source.positions.lines[path] - 1] for path in keys)


def test_a_model_comes_with_its_positions(tmp_path: Path) -> None:
    medicine, positions = load_with_positions(write(tmp_path, "name: x\ndoses:\n  - {amount: 1, unit: mg}\n"), Medicine)
    assert (medicine.name, positions.line(("doses", 0, "unit"))) == ("x", 3)


@pytest.mark.parametrize(
    ("written", "value"),
    [
        (">-\n  one\n  two\n\n  three", "one two\nthree"),
        ("|\n  one\n  two", "one\ntwo\n"),
        ("one\n  two", "one two"),
        ('"one\n  two"', "one two"),
    ],
)
def test_a_text_over_several_lines_holds_nothing_but_its_words(written: str, value: str, tmp_path: Path) -> None:
    assert read_yaml(write(tmp_path, f"key: {written}\nnext: 1\n")).data["key"] == value
