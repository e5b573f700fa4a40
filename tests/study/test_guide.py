"""protocols/README.md teaches what the loader knows: every key, every message as it is worded."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from studygen.study.study import Study

ROOT = Path(__file__).resolve().parents[2]
GUIDE = (ROOT / "protocols" / "README.md").read_text(encoding="utf-8")
BAD = ROOT / "tests" / "bad_definitions"


@pytest.mark.parametrize("key", Study.model_fields)
def test_every_key_of_a_definition_is_explained(key: str) -> None:
    rows = [line.split("|")[1] for line in GUIDE.splitlines() if line.startswith("| `")]
    assert any(f"`{key}`" in row for row in rows)


def test_the_messages_in_the_guide_are_those_that_are_shown() -> None:
    """Each message that the guide explains is expected of a bad definition, `…` standing for what differs."""
    table = GUIDE[GUIDE.index("| Message | Remedy |") : GUIDE.index("## YAML on half a page")]
    messages = [line.split("|")[1].strip() for line in table.splitlines()[2:] if line.startswith("|")]
    expected = "\n".join(file.read_text(encoding="utf-8") for file in sorted(BAD.glob("*.yaml")))
    unknown = [message for message in messages if not re.search(re.escape(message).replace("…", ".+"), expected)]
    assert len(messages) >= 10
    assert unknown == []
