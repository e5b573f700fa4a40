"""Reads a tagged PDF back: what it says, in the order of its structure tree. Running headers and footers are artefacts of the
page and not part of it. Knows the PDF's objects and the kinds of passages, and nothing of how the file was made."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import Any

from studygen.document.passages import Passage, joined
from studygen.writers.pdf_fonts import Font, Fonts

Words = dict[int, str]
"""The text of a page's marked content by its number."""

LEADER = re.compile(r"(\s*\.)+\s*")
HEXADECIMAL = re.compile(rb"<([0-9A-Fa-f]+)>")
HEADING = re.compile(r"/H([1-6])")


def passages_of_pdf(content: bytes) -> tuple[Passage, ...]:
    """The passages of a tagged PDF, footnotes last. Text comes from the fonts' own maps to Unicode; a glyph without one is
    U+FFFD. ValueError when the file has no structure tree."""
    import pikepdf

    with pikepdf.open(io.BytesIO(content)) as pdf:
        if "/StructTreeRoot" not in pdf.Root:
            raise ValueError("the PDF is not tagged")
        reader = _Reader(pikepdf, pdf)
        found = [piece for kid in reader.kids(pdf.Root.StructTreeRoot) for piece in reader.passages(kid)]
        return joined((*(p for p in found if p.kind != "footnote"), *(p for p in found if p.kind == "footnote")))


class _Reader:
    """The text of every page's marked content, read once, and the walk over the structure elements."""

    def __init__(self, pikepdf: Any, pdf: Any) -> None:
        self.pikepdf = pikepdf
        self.fonts = Fonts(pikepdf)
        self.pages: dict[tuple[int, int], Words] = {page.obj.objgen: self._page(page) for page in pdf.pages}

    # ------------------------------------------------------------ the tree

    def passages(self, element: Any) -> Iterator[Passage]:
        """The passages of a structure element."""
        tag = str(element.get("/S", ""))
        if heading := HEADING.fullmatch(tag):
            yield Passage("heading", (self.text(element),), int(heading[1]))
        elif tag == "/Caption":
            yield Passage("caption", (self.text(element),))
        elif tag == "/Figure":
            yield Passage("figure", (str(element.get("/Alt", "")),))
        elif tag == "/Note":
            yield Passage("footnote", (self.text(element),))
        elif tag == "/TR":
            cells = [cell for cell in self.kids(element) if str(cell.get("/S")) in ("/TH", "/TD")]
            head = str(element.P.get("/S")) == "/THead"
            yield Passage("columns" if head else "row", tuple(self.text(cell) for cell in cells))
        elif tag == "/TOCI":
            yield Passage("text", (self._line(element),))
        elif tag == "/Lbl":
            # The bullets and numbers of lists: every format sets them by itself.
            return
        elif self._holds_text(element):
            yield Passage("text", (self.text(element),))
        else:
            for kid in self.kids(element):
                yield from self.passages(kid)

    def text(self, element: Any) -> str:
        """All text below an element, without the marks of lists."""
        return "".join(self._runs(element))

    def kids(self, element: Any) -> Iterator[Any]:
        """The structure elements right below an element."""
        for kid in self._all(element):
            if isinstance(kid, self.pikepdf.Dictionary) and "/S" in kid:
                yield kid

    def _all(self, element: Any) -> Iterator[Any]:
        kids = element.get("/K")
        if isinstance(kids, self.pikepdf.Array):
            yield from kids
        elif kids is not None:
            yield kids

    def _holds_text(self, element: Any) -> bool:
        """Whether text stands right in an element, or in a run right below it: it is the innermost block."""
        return any(isinstance(kid, int) or str(kid.get("/S")) in ("/Span", "/Link") for kid in self._all(element))

    def _runs(self, element: Any) -> Iterator[str]:
        for kid in self._all(element):
            if isinstance(kid, int):
                yield self.pages[element.Pg.objgen].get(kid, "")
            elif "/S" not in kid:
                if "/MCID" in kid:
                    yield self.pages[kid.get("/Pg", element.get("/Pg")).objgen].get(int(kid.MCID), "")
            elif str(kid.S) == "/Figure":
                yield str(kid.get("/Alt", ""))
            elif str(kid.S) != "/Lbl":
                yield from self._runs(kid)

    def _line(self, element: Any) -> str:
        """A line of a generated list up to its leader; where a full line has no room for one, up to its page number."""
        runs = list(self._runs(element))
        end = len(runs) - 1 if runs and runs[-1].strip().isdigit() else len(runs)
        leader = next((place for place, run in enumerate(runs) if LEADER.fullmatch(run)), end)
        return "".join(runs[:leader])

    # ------------------------------------------------------------ the pages

    def _page(self, page: Any) -> Words:
        words: dict[int, list[str]] = {}
        fonts = page.obj.get("/Resources", {}).get("/Font", {})
        open_marks: list[int | None] = []
        font: Font | None = None
        for operands, operator in self.pikepdf.parse_content_stream(page, "BDC BMC EMC Tf TJ Tj"):
            match str(operator):
                case "BDC":
                    properties = operands[1]
                    open_marks.append(int(properties.MCID) if "/MCID" in properties else None)
                case "BMC":
                    open_marks.append(None)
                case "EMC":
                    open_marks.pop()
                case "Tf":
                    font = self.fonts.of(fonts[str(operands[0])])
                case "TJ" | "Tj":
                    mark = next((mark for mark in reversed(open_marks) if mark is not None), None)
                    if mark is not None and font is not None:
                        words.setdefault(mark, []).append(font.text(self._codes(operands[0])))
        return {mark: "".join(parts) for mark, parts in words.items()}

    def _codes(self, shown: Any) -> bytes:
        """The codes of a string, or of the strings of an array; written out in hexadecimal, a whole array is read at once."""
        if isinstance(shown, self.pikepdf.String):
            return bytes(shown)
        if b"(" in (written := shown.unparse()):
            return b"".join(bytes(part) for part in shown if isinstance(part, self.pikepdf.String))
        return bytes.fromhex(b"".join(HEXADECIMAL.findall(written)).decode("ascii"))
