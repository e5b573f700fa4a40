"""What the letters of formulas stand for: one list for the methods of a plan and those of results; their words are in
displays.yaml."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from studygen.displays.frame import Speaks
from studygen.document.nodes import Inline

SYMBOLS: Final = {
    "y": r"\by\b",
    "w": r"\bw\b|w₀",
    "mu": "μ₀|μ",
    "k": r"\bk\b",
    "se": r"\bse\b",
    "q": r"\bQ\b",
    "quantiles": r"\bz\b|\bt\(|χ²|\bB\(",
    "phi": "Φ",
    "a": r"\ba/2",
    "rate": r"\bd/T|/T\b",
    "proportion": r"\bx/n",
    "groups": r"\bt2\b",
    "expected": r"\bd1\b",
    "ratio": r"\bln r\b",
    "theta": "θ",
    "RR": r"\bRR\b",
}
"""The letters that are explained, each with what it looks like in a formula."""


def symbols_note(frame: Speaks, formulas: Sequence[str]) -> list[tuple[Inline, ...]]:
    """What the letters that occur in formulas stand for, as a note; nothing when none does."""
    wording, written = frame.texts.of("symbols"), " ".join(formulas)
    found = [wording.say(f"words.{key}") for key, pattern in SYMBOLS.items() if re.search(pattern, written)]
    return [wording.note("explained", symbols=frame.texts.say("patterns.labels").join(found))] if found else []
