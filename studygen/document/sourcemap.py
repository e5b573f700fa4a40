"""Which line of which template or narrative text each line of rendered Markdown came from. Lines travel through a template's
output as invisible marks and are taken out of the finished text. Knows no template language."""

from __future__ import annotations

import re
from collections.abc import Sequence

from studygen.errors import Place

# Control characters that no plain text can smuggle in: escaping replaces them.
_MARK = re.compile("\x02(\\d+):(\\d+)\x03")
_WITH_LINE = re.compile(r"^(.*):(\d+)$")


class Rendered(str):
    """Markdown with the place that each of its lines was written at."""

    places: tuple[Place, ...] = ()


def place_of(origin: str, line: int) -> Place:
    """The place of a line in a text. `origin` is the text's file, or `file:line` where the text begins inside a file."""
    match = _WITH_LINE.match(origin)
    return Place(match[1], int(match[2]) + line - 1) if match else Place(origin, line)


def marked(text: str, source: int, line: int) -> str:
    """Template text that begins in `line` of the source with this number, marked at its start and at every line."""
    first, *rest = text.split("\n")
    return "\n".join([_mark(source, line) + first, *(_mark(source, line + n) + part for n, part in enumerate(rest, start=1))])


def _mark(source: int, line: int) -> str:
    return f"\x02{source}:{line}\x03"


def unmarked(text: str, origins: Sequence[str], start: str) -> Rendered:
    """The text without marks, with its places. A line belongs to the last mark before its first visible character; a line
    without one (it came out of a function) to the line above, or to the first line of `start`."""
    place = place_of(start, 1)
    places: list[Place] = []
    lines: list[str] = []
    for line in text.split("\n"):
        end = 0
        for match in _MARK.finditer(line):
            if line[end : match.start()].strip():
                break
            place = place_of(origins[int(match[1])], int(match[2]))
            end = match.end()
        places.append(place)
        lines.append(_MARK.sub("", line))
    rendered = Rendered("\n".join(lines))
    rendered.places = tuple(places)
    return rendered
