"""The pictures of the README's tour: `make tour`. Takes pages from the built examples and writes them, as small 8-bit palette
PNG, into output/tour/. A page is found by what stands on it, so that the pictures stay right when documents grow."""

from __future__ import annotations

import io
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import pypdfium2
from PIL import Image

OUTPUT = Path(__file__).resolve().parents[1] / "output"
DOTS_PER_INCH = 100
LARGEST = 120_000
"""Bytes that a picture may have."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A page of a built document: that on which an id stands, or one counted from 1."""

    name: str
    document: str
    on: str | int


PICTURES = (
    Picture("title-page", "cladribine-s1p-pass/protocol.pdf", 1),
    Picture("contents", "cladribine-s1p-pass/protocol.pdf", "sec-contents"),
    Picture("harper-table", "cladribine-s1p-pass/protocol.pdf", "tbl-inclusion"),
    Picture("design-diagram", "cladribine-s1p-pass/protocol.pdf", "fig-design-diagram"),
    Picture("forest-plot", "natalizumab-fingolimod-paes/report.pdf", "fig-forest-arr_ratio"),
    Picture("results-table", "covid19-mortality-ms/report.pdf", "tbl-occurrence-deaths"),
)


def page_of(pdf: pypdfium2.PdfDocument, on: str | int) -> int:
    """The index of a page. LookupError when the document has no such id."""
    if isinstance(on, int):
        return on - 1
    found = pypdfium2.raw.FPDF_GetNamedDestByName(pdf, on.encode())
    index = pypdfium2.raw.FPDFDest_GetDestPageIndex(pdf, found) if found else -1
    if index < 0:
        raise LookupError(f"nothing in the document has the id {on}")
    return int(index)


def small_png(image: Image.Image, colours: Iterable[int] = (256, 128, 64, 32, 16)) -> bytes:
    """The picture with as many colours of its own as fit into LARGEST."""
    content = b""
    for count in colours:
        file = io.BytesIO()
        image.convert("RGB").quantize(count, dither=Image.Dither.NONE).save(file, "PNG", optimize=True)
        content = file.getvalue()
        if len(content) <= LARGEST:
            return content
    raise ValueError(f"the picture has {len(content)} bytes even with few colours")


def main() -> None:
    folder = OUTPUT / "tour"
    folder.mkdir(parents=True, exist_ok=True)
    for picture in PICTURES:
        with pypdfium2.PdfDocument(OUTPUT / picture.document) as pdf:
            image = pdf[page_of(pdf, picture.on)].render(scale=DOTS_PER_INCH / 72).to_pil()
        content = small_png(image)
        (folder / f"{picture.name}.png").write_bytes(content)
        print(f"{picture.name}.png  {len(content) / 1000:.0f} kB  {image.width}×{image.height}")


if __name__ == "__main__":
    main()
