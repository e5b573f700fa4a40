"""Where text stands on the pages of a PDF and how large it is: the words of a document, which its structure tree holds, and the
running headers and footers, which it does not. Text inside drawings is not looked at."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from studygen.writers.pdf_fonts import Font, Fonts

Matrix = tuple[float, float, float, float, float, float]
IDENTITY: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
OPERATORS = "q Q cm BT Tm Td Tf TJ Tj BDC BMC EMC"


@dataclass(slots=True)
class PrintArea:
    """What one page shows. Distances are points from the sheet's left, bottom, right and upper edges, of the document's words
    (`body`) and of running headers and footers (`running`); empty where there are none."""

    body: tuple[float, ...] = ()
    running: tuple[float, ...] = ()
    running_text: str = ""
    characters: Counter[float] = field(default_factory=Counter)
    """How many characters of the document's words there are of each size in points."""


def print_areas(pdf: Any, pikepdf: Any) -> list[PrintArea]:
    """The print area of every page of an open file."""
    fonts = Fonts(pikepdf)
    tagged = set(_tagged(pdf.Root.StructTreeRoot, None, pikepdf)) if "/StructTreeRoot" in pdf.Root else set()
    return [_area(page, tagged, pikepdf, fonts) for page in pdf.pages]


def _tagged(element: Any, page: Any, pikepdf: Any) -> Iterator[tuple[tuple[int, int], int]]:
    """The page and number of all marked content below a structure element."""
    page = element.get("/Pg", page)
    kids = element.get("/K", ())
    for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
        if isinstance(kid, int):
            yield page.objgen, kid
        elif "/S" in kid:
            yield from _tagged(kid, page, pikepdf)
        elif "/MCID" in kid:
            yield kid.get("/Pg", page).objgen, int(kid.MCID)


def _area(page: Any, tagged: set[tuple[tuple[int, int], int]], pikepdf: Any, known: Fonts) -> PrintArea:
    area = PrintArea()
    fonts = page.obj.get("/Resources", {}).get("/Font", {})
    left, bottom, right, top = (float(edge) for edge in page.mediabox)
    stack: list[Matrix] = []
    matrix, line, marks, texts = IDENTITY, IDENTITY, [], []  # type: Matrix, Matrix, list[int | None], list[str]
    font: Font | None = None
    size = 0.0
    for operands, operator in pikepdf.parse_content_stream(page, OPERATORS):
        match str(operator):
            case "q":
                stack.append(matrix)
            case "Q":
                matrix = stack.pop()
            case "cm":
                matrix = _times(_matrix(operands), matrix)
            case "BT":
                line = IDENTITY
            case "Tm":
                line = _matrix(operands)
            case "Td":
                line = _times((1.0, 0.0, 0.0, 1.0, float(operands[0]), float(operands[1])), line)
            case "Tf":
                font, size = known.of(fonts[str(operands[0])]), float(operands[1])
            case "BDC":
                marks.append(int(operands[1].MCID) if "/MCID" in operands[1] else None)
            case "BMC":
                marks.append(None)
            case "EMC":
                marks.pop()
            case "TJ" | "Tj":
                shown = operands[0] if str(operator) == "TJ" else [operands[0]]
                assert font is not None
                text, advance = _shown(shown, font, pikepdf)
                if not text.strip():
                    continue
                place = _times(line, matrix)
                height = size * abs(place[3])
                start, end = place[4], place[4] + advance / 1000 * size * place[0]
                edges = (min(start, end) - left, place[5] - bottom, right - max(start, end), top - place[5] - height)
                mark = next((mark for mark in reversed(marks) if mark is not None), None)
                if mark is not None and (page.obj.objgen, mark) in tagged:
                    area.body = _nearest(area.body, edges)
                    area.characters[round(height, 2)] += len(text)
                else:
                    area.running = _nearest(area.running, edges)
                    texts.append(text)
    area.running_text = "".join(texts)
    return area


def _shown(parts: Any, font: Font, pikepdf: Any) -> tuple[str, float]:
    """The characters of strings and how far they reach, in thousandths of the type size. A space at the end of a line may hang
    over the edge and does not count."""
    text, reach, place = [], 0.0, 0.0
    for part in parts:
        if isinstance(part, pikepdf.String):
            for code in font.codes(bytes(part)):
                character = font.characters.get(code, "\ufffd")
                text.append(character)
                place += font.advances.get(code, 1000.0)
                reach = reach if character.isspace() else place
        else:
            place -= float(part)
    return "".join(text), reach


def _nearest(known: tuple[float, ...], edges: tuple[float, ...]) -> tuple[float, ...]:
    return tuple(map(min, known, edges)) if known else edges


def _matrix(operands: Any) -> Matrix:
    a, b, c, d, e, f = (float(number) for number in operands)
    return a, b, c, d, e, f


def _times(one: Matrix, other: Matrix) -> Matrix:
    """First `one`, then `other`."""
    a, b, c, d, e, f = one
    g, h, i, j, k, m = other
    return a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j, e * g + f * i + k, e * h + f * j + m
