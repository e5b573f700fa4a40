"""Automatic numbering in Word: headings, annexes and lists as numbering definitions, and what numbers they give.
Knows nothing about the look beyond indents."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal

from studygen.document.nodes import Heading
from studygen.writers.docx_xml import DECLARED, escaped, twips

HEADING_LEVELS = 5
HEADING_INDENTS = (1.1, 1.5, 1.8, 2.1, 2.4)
ANNEX_INDENTS = (2.6, 2.6, 2.6, 2.8, 3.1)
"""Centimetres from the margin to the words of a heading, by level; the number hangs in between."""

Family = Literal["List", "Table", "CalloutNote", "CalloutWarning"]
FAMILIES: tuple[Family, ...] = ("List", "Table", "CalloutNote", "CalloutWarning")
"""Where a list stands chooses its styles: `List Bullet 2`, `Table Number`, `Callout Note Bullet`."""

LIST_LEVELS: dict[Family, int] = {"List": 5, "Table": 3, "CalloutNote": 1, "CalloutWarning": 1}
LIST_INDENT: dict[Family, float] = {"List": 0.6, "Table": 0.4, "CalloutNote": 0.0, "CalloutWarning": 0.0}
"""Centimetres per level. In a callout a list does not indent: Word draws one box around neighbours of equal indents only."""

_HEADINGS, _ANNEXES, _FIRST_LIST = 1, 2, 3
_FROM_ONE = '<w:startOverride w:val="1"/>'
_BULLETS = ("•", "–", "▪", "•", "–")


def heading_style(heading: Heading) -> str:
    """The style id of a heading: `Heading2`, `AnnexHeading`, `AnnexHeading2`, `HeadingUnnumbered`."""
    if heading.kind == "section":
        return f"Heading{heading.level}"
    series = "AnnexHeading" if heading.kind == "annex" else "HeadingUnnumbered"
    return series if heading.level == 1 else f"{series}{heading.level}"


def list_style(family: Family, ordered: bool, depth: int) -> str:
    """The style id of a list paragraph at a depth (1-based); deeper than the family goes is its deepest."""
    level = min(depth, LIST_LEVELS[family])
    return f"{family}{'Number' if ordered else 'Bullet'}{level if level > 1 else ''}"


def annex_word(headings: Iterable[Heading]) -> str:
    """The word in front of annex numbers ("Annex"), as the tree has it; "" when there is no annex."""
    first = next((heading.number for heading in headings if heading.kind == "annex" and heading.number), "")
    return first.rpartition(" ")[0]


def automatic_numbers(headings: Sequence[Heading]) -> list[str]:
    """The number Word will show at each heading, in order of appearance: a level counts on, and starts again below a higher
    one of the same series; "" for an unnumbered heading."""
    word = annex_word(headings)
    counters = {"section": [0] * HEADING_LEVELS, "annex": [0] * HEADING_LEVELS}
    numbers = []
    for heading in headings:
        if heading.kind == "unnumbered":
            numbers.append("")
            continue
        counter = counters[heading.kind]
        counter[heading.level - 1] += 1
        counter[heading.level :] = [0] * (HEADING_LEVELS - heading.level)
        number = ".".join(str(count) for count in counter[: heading.level])
        numbers.append(f"{word} {number}" if heading.kind == "annex" and word else number)
    return numbers


def numbering_xml(headings: Iterable[Heading], ordered_lists: Sequence[Family]) -> str:
    """The numbering part: the two heading series, a bullet and a number scheme per family, and one more instance for every
    ordered list of the document, so that each begins at 1."""
    word = annex_word(headings)
    prefix = f"{escaped(word)} " if word else ""
    abstract = [
        _abstract(_HEADINGS, (_heading_level(level, "Heading", "", HEADING_INDENTS) for level in range(HEADING_LEVELS))),
        _abstract(_ANNEXES, (_heading_level(level, "AnnexHeading", prefix, ANNEX_INDENTS) for level in range(HEADING_LEVELS))),
    ]
    for family in FAMILIES:
        for ordered in (False, True):
            levels = (_list_level(family, ordered, level) for level in range(LIST_LEVELS[family]))
            abstract.append(_abstract(scheme(family, ordered), levels))
    instances = [f'<w:num w:numId="{id}"><w:abstractNumId w:val="{id}"/></w:num>' for id in range(1, first_ordered_list())]
    for id, family in enumerate(ordered_lists, start=first_ordered_list()):
        levels_of_family = range(LIST_LEVELS[family])
        restarts = "".join(f'<w:lvlOverride w:ilvl="{level}">{_FROM_ONE}</w:lvlOverride>' for level in levels_of_family)
        instances.append(f'<w:num w:numId="{id}"><w:abstractNumId w:val="{scheme(family, True)}"/>{restarts}</w:num>')
    return f"<w:numbering {DECLARED}>{''.join(abstract)}{''.join(instances)}</w:numbering>"


def scheme(family: Family, ordered: bool) -> int:
    """The numbering id of a family's bullets or numbers (the first instance has the id of its definition)."""
    return _FIRST_LIST + 2 * FAMILIES.index(family) + ordered


def first_ordered_list() -> int:
    """The numbering id of the document's first ordered list."""
    return _FIRST_LIST + 2 * len(FAMILIES)


def heading_scheme(annex: bool) -> int:
    """The numbering id of the heading series."""
    return _ANNEXES if annex else _HEADINGS


def _abstract(id: int, levels: Iterable[str]) -> str:
    return (
        f'<w:abstractNum w:abstractNumId="{id}"><w:nsid w:val="{0x5D000000 + id:08X}"/>'
        f'<w:multiLevelType w:val="multilevel"/><w:tmpl w:val="{0x5E000000 + id:08X}"/>{"".join(levels)}</w:abstractNum>'
    )


def _heading_level(level: int, style: str, prefix: str, indents: Sequence[float]) -> str:
    style_id = f"{style}{level + 1}" if level or style == "Heading" else style
    text = prefix + ".".join(f"%{part}" for part in range(1, level + 2))
    return _level(level, "decimal", text, style_id, indents[level], indents[level])


def _list_level(family: Family, ordered: bool, level: int) -> str:
    text = f"%{level + 1}." if ordered else _BULLETS[level]
    step = LIST_INDENT[family]
    form = "decimal" if ordered else "bullet"
    if not step:
        return _level(level, form, text, list_style(family, ordered, level + 1), None, None)
    return _level(level, form, text, list_style(family, ordered, level + 1), step * (level + 1), step)


def _level(level: int, form: str, text: str, style_id: str, left: float | None, hanging: float | None) -> str:
    between = '<w:suff w:val="space"/>' if left is None else ""
    indent = f'<w:pPr><w:ind w:left="{twips(left)}" w:hanging="{twips(hanging)}"/></w:pPr>' if left and hanging else ""
    return (
        f'<w:lvl w:ilvl="{level}"><w:start w:val="1"/><w:numFmt w:val="{form}"/><w:pStyle w:val="{style_id}"/>{between}'
        f'<w:lvlText w:val="{text}"/><w:lvlJc w:val="left"/>{indent}</w:lvl>'
    )
