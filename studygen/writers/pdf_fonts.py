"""What the codes of a PDF's fonts stand for and how wide they are, read from the file. Knows nothing about pages or structure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Font:
    """A font: how many bytes a code has, its characters by code, its advance widths by code in thousandths of the type size."""

    width: int
    characters: Mapping[int, str]
    advances: Mapping[int, float]

    def codes(self, string: bytes) -> list[int]:
        """The codes of a string."""
        return [int.from_bytes(string[at : at + self.width]) for at in range(0, len(string), self.width)]

    def text(self, string: bytes) -> str:
        """The characters of a string; U+FFFD for a code without one."""
        return "".join([self.characters.get(code, "\ufffd") for code in self.codes(string)])


class Fonts:
    """The fonts of a file, each read once."""

    def __init__(self, pikepdf: Any) -> None:
        self.pikepdf = pikepdf
        self.known: dict[tuple[int, int], Font] = {}

    def of(self, font: Any) -> Font:
        """The font of a font dictionary."""
        if font.objgen not in self.known:
            width = 2 if str(font.Subtype) == "/Type0" else 1
            characters = _characters(font.ToUnicode.read_bytes().decode("latin-1")) if "/ToUnicode" in font else {}
            self.known[font.objgen] = Font(width, characters, self._advances(font))
        return self.known[font.objgen]

    def _advances(self, font: Any) -> dict[int, float]:
        """The widths of a composite font (`/W [3 [278 355] 10 12 556]`)."""
        entries = list(font.DescendantFonts[0].get("/W", ())) if "/DescendantFonts" in font else []
        found: dict[int, float] = {}
        at = 0
        while at < len(entries):
            first, second = int(entries[at]), entries[at + 1]
            if isinstance(second, self.pikepdf.Array):
                found |= {first + offset: float(each) for offset, each in enumerate(second)}
                at += 2
            else:
                found |= dict.fromkeys(range(first, int(second) + 1), float(entries[at + 2]))
                at += 3
        return found


def _characters(cmap: str) -> dict[int, str]:
    """A map to Unicode as code → characters: its single codes (`<0035> <0052>`) and its ranges (`<0003> <0007> <0020>`,
    `<0003> <0004> [<0020> <0021>]`)."""
    found: dict[int, str] = {}
    for block in re.findall(r"beginbfchar(.*?)endbfchar", cmap, re.DOTALL):
        for code, target in re.findall(r"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]*)>", block):
            found[int(code, 16)] = _utf16(target)
    for block in re.findall(r"beginbfrange(.*?)endbfrange", cmap, re.DOTALL):
        for first, last, start, several in re.findall(r"<(\w+)>\s*<(\w+)>\s*(?:<(\w+)>|\[(.*?)\])", block, re.DOTALL):
            codes = range(int(first, 16), int(last, 16) + 1)
            if several:
                found |= dict(zip(codes, map(_utf16, re.findall(r"<(\w+)>", several)), strict=False))
            else:
                found |= {code: _utf16(f"{int(start, 16) + offset:0{len(start)}x}") for offset, code in enumerate(codes)}
    return found


def _utf16(digits: str) -> str:
    return bytes.fromhex(digits).decode("utf-16-be", errors="replace")
