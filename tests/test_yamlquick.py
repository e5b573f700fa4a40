"""The two ways to read YAML give the same: values, lines, and texts as typed, for every file there is and for values that YAML
1.1 and 1.2 understand differently."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from studygen import yamlfile
from studygen.errors import DefinitionError
from studygen.yamlquick import quickly_composed

ROOT = Path(__file__).resolve().parents[1]
FILES = sorted(file for folder in ("templates", "protocols", "tests") for file in (ROOT / folder).rglob("*.yaml"))

VALUES = (
    "yes no on off y N true False TRUE ~ null Null 012 0o17 0x1F 0b11 1_000 1_000.5 -3 +4 1e3 1.5e3 1.5e+3 .5 5. .inf .nan -.inf",
    "2025-06-30 2025-6-3 2025-06-31 2025-06-30T10:00:00Z 1:30 190:20:30 1.10 L04AA40 a:b http://a.b/c 'yes' -0 1. E1 1E3 = << 5",
    '"012" --- - : ? [1,2] {a:1} @x `x %x &a *a |x >x #x a#b !!str !x a: [a {a "a',
)

pytestmark = pytest.mark.skipif(quickly_composed("a: 1") is None, reason="libyaml is not installed")


def read(file: Path) -> Any:
    try:
        found = yamlfile.read_yaml(file)
    except DefinitionError as error:
        return str(error)
    return repr(found.data), dict(found.positions.lines), dict(found.positions.texts)


@pytest.fixture
def carefully(monkeypatch: pytest.MonkeyPatch) -> Any:
    def reading(file: Path) -> Any:
        with monkeypatch.context() as patch:
            patch.setattr(yamlfile, "quickly_composed", lambda _: None)
            return read(file)

    return reading


def test_every_file_is_read_alike(carefully: Any) -> None:
    assert len(FILES) > 100
    assert [str(file) for file in FILES if read(file) != carefully(file)] == []


@pytest.mark.parametrize("value", [value for line in VALUES for value in line.split()])
def test_a_value_is_read_alike(value: str, tmp_path: Path, carefully: Any) -> None:
    file = tmp_path / "value.yaml"
    file.write_text(f"key: {value}\nother: [x]\n", encoding="utf-8")
    assert read(file) == carefully(file)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "# nothing\n",
        "a: 1\na: 2\n",
        "a: &x [1]\nb: *x\n",
        "a: &x {b: *x}\n",
        "a:\n  <<: {b: 1}\n",
        "a: !thing 1\n",
        "a: |\n  one\n  two\nb: >-\n  three\n  four\n",
        "a: one\n  two\n",
        "- 1\n- - 2\n  - 3\n- a: 1\n  b: 2\n",
        "a: 'it''s'\nb: \"x\\ty\"\n",
        "a: one\u2028b: two\n",
        "a: one\x85b: two\n",
        "\ta: 1\n",
        "a: [1, 2\n",
        "---\na: 1\n---\nb: 2\n",
        "? a\n: 1\n",
        "{a: 1}: 2\n",
        "a: \x07\n",
    ],
)
def test_a_text_is_read_alike_or_refused_alike(text: str, tmp_path: Path, carefully: Any) -> None:
    file = tmp_path / "text.yaml"
    file.write_text(text, encoding="utf-8")
    assert read(file) == carefully(file)
