"""How wide the columns of a table are: as its display asks, but no narrower than the longest word in them.
Measures words with the widths of Arial, which Liberation Sans shares; knows nothing about output formats."""

from __future__ import annotations

import re
from collections.abc import Iterator

from studygen.document.nodes import Block, Break, Cell, Citation, Code, Inline, Paragraph, Ref, Table, Text, Value, walk
from studygen.writers.columns_evened import evened, placed_cells
from studygen.writers.style import Style

CENTIMETRES_PER_POINT = 2.54 / 72

# Advance widths in thousandths of the type size (Adobe font metrics of Helvetica-Bold; regular letters are as wide or
# a little narrower). Characters not listed count as 611, the width of most bold lower-case letters.
_WIDTHS = (
    (278, " ,./\\Iijl|'"),
    (333, "!()-:;[]`ft\N{NO-BREAK SPACE}"),
    (389, "*r{}"),
    (500, "z"),
    (556, '"#$0123456789J_aceksvxy\N{EN DASH}'),
    (722, "&ABCDHKNRUEPSVXY"),
    (778, "GOQw"),
    (889, "%mM"),
    (1000, "W@\N{EM DASH}"),
)
ADVANCE = {character: width for width, characters in _WIDTHS for character in characters}
OTHERS = 611
MONOSPACED = 600
"""The advance of every character of a code."""

LONGEST = 4.0
"""Centimetres: longer words (addresses, hashes) may break; a column does not grow for them."""

SHORTER = (3.4, 3.0, 2.7, 2.5, 2.3, 2.2, 2.1, 2.0, 1.9, 1.8, 1.7, 1.6)
LIMITS = tuple((LONGEST, limit) for limit in (LONGEST, *SHORTER)) + tuple((limit, limit) for limit in SHORTER)
"""The longest words in head and body that stay whole. Where the words of all columns leave no room, shorter ones may break too:
first in the body, then in the head as well."""

ROOM = 0.9
"""The share of the text width that longest words may take up together, so that some is left for columns of prose."""

ALLOWANCE = 0.05
"""Centimetres added to a measured word, so that rounding does not break it."""


def text_width(style: Style, landscape: bool) -> float:
    """Centimetres between the margins."""
    sheet = style.page.height if landscape else style.page.width
    return sheet - style.page.margin_left - style.page.margin_right


def column_shares(table: Table, style: Style) -> tuple[float, ...]:
    """The share of the text width that each column takes, adding up to 1: `table.widths` in proportion, except that a column
    narrower than its longest word takes what it lacks from the others, and that columns whose prose makes tall rows take
    from columns that have room. When the words of all columns do not fit side by side, columns are as wide in proportion as
    their longest words."""
    total = sum(table.widths)
    if total <= 0:
        return ()
    needs = _needs(table, style)
    if sum(needs) >= 1:
        return tuple(need / sum(needs) for need in needs)
    shares = _raised([width / total for width in table.widths], needs)
    return evened(table, shares, needs, text_width(style, table.landscape), style)


def _raised(shares: list[float], needs: list[float]) -> list[float]:
    """The shares with none below its need, the others smaller in proportion."""
    raised: set[int] = set()
    while True:
        rest = 1 - sum(needs[column] for column in raised)
        free = sum(shares[column] for column in range(len(shares)) if column not in raised)
        widths = [needs[n] if n in raised else share * rest / free for n, share in enumerate(shares)]
        narrow = {column for column, width in enumerate(widths) if width < needs[column] - 1e-9}
        if not narrow:
            return widths
        raised |= narrow


def _needs(table: Table, style: Style) -> list[float]:
    """The share of the text width that the longest word of each column needs, padding included. Cells over several columns
    are left out."""
    needs: list[float] = []
    for in_head, in_body in LIMITS:
        needs = [0.0] * len(table.widths)
        for (part, _), column, cell in placed_cells(table):
            if cell.colspan == 1 and column < len(needs):
                word = word_width(cell, style.sizes.table, in_body if part else in_head)
                need = (word + 2 * style.table.cell_padding_horizontal) / text_width(style, table.landscape)
                needs[column] = max(needs[column], need)
        if sum(needs) <= ROOM:
            break
    return needs


def word_width(cell: Cell, size: float, limit: float = LONGEST) -> float:
    """Centimetres of the longest word or code of a cell that may not break, in bold type of `size` points; those over `limit`
    may."""
    longest = 0.0
    codes = (node.text for node in walk(cell.blocks) if isinstance(node, Code))
    advances = [sum(ADVANCE.get(character, OTHERS) for character in word) for word in _words(cell.blocks)]
    for advance in (*advances, *(len(code) * MONOSPACED for code in codes)):
        width = advance / 1000 * size * CENTIMETRES_PER_POINT + ALLOWANCE
        if width <= limit:
            longest = max(longest, width)
    return longest


def _words(blocks: tuple[Block, ...]) -> Iterator[str]:
    """The words of a cell; lines may break at spaces and after hyphens and dashes. A word with a slash counts
    as a whole: the PDF would break after it, Word would not."""
    for paragraph in (node for node in walk(blocks) if isinstance(node, Paragraph)):
        for part in _shown(paragraph.children):
            yield from (piece for piece in re.split(r" |(?<=[-–—])", part) if piece)


def _shown(inlines: tuple[Inline, ...]) -> Iterator[str]:
    """Runs of characters between which a line may break: style changes do not part a word, so neighbours are joined."""
    run = ""
    for node in walk(inlines):
        match node:
            case Text() | Ref() | Citation() | Value():
                run += node.text
            case Break():
                yield run
                run = ""
            case Code():
                # A code is measured by itself, in its own type.
                run += " "
            case _:
                pass
    yield run
