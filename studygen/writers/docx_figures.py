"""Figures: the drawing as PNG with its SVG beside it, which Word prints as vector; caption and notes below.
Knows nothing about other blocks."""

from __future__ import annotations

import struct

from studygen.document.nodes import Figure
from studygen.errors import Fault, Place, WriterError
from studygen.writers.docx_fields import CAPTION_PATTERN, bookmark, caption_label
from studygen.writers.docx_inline import inline_xml
from studygen.writers.docx_place import At
from studygen.writers.docx_tables import ending_xml
from studygen.writers.docx_xml import emu, escaped, paragraph, run, twips

EMU_PER_TWIP = 635

CAPTION_ROOM = 3.5
"""Centimetres of a page's height that a figure leaves for its caption and notes."""


def figure_xml(figure: Figure, at: At) -> str:
    """A figure, its caption and its notes, kept together."""
    words = inline_xml(figure.caption, at.anchors)
    drawing = _drawing(figure, at)
    if figure.number:
        label = caption_label(figure.id, at.words["figure"], figure.number)
        caption = paragraph("FigureCaption", label + run(CAPTION_PATTERN.format(label="", title="")) + words)
    else:
        drawing = bookmark(figure.id, drawing)
        caption = paragraph("FigureCaption", words) if words else ""
    return paragraph("Figure", drawing) + caption + ending_xml(figure.notes, at)


def image_names(figure: Figure) -> tuple[str, str]:
    """The draft names of a figure's two images, PNG and SVG, by which the drawing asks for its relationships."""
    return f"image:{figure.id}.png", f"image:{figure.id}.svg"


def _drawing(figure: Figure, at: At) -> str:
    """What Word writes for an SVG picture; the PNG is what older programs show.

    <a:blip r:embed="rId4"><a:extLst><a:ext uri="{96DAC541-7B7A-43D3-8B79-37D633B846F1}">
      <asvg:svgBlip r:embed="rId5"/></a:ext></a:extLst></a:blip>
    """
    pixels = _pixels(figure)
    room = (at.height - twips(CAPTION_ROOM)) * EMU_PER_TWIP
    width = min(emu(figure.width_cm), at.width * EMU_PER_TWIP, room * pixels[0] // pixels[1])
    height = round(width * pixels[1] / pixels[0])
    png, svg = (escaped(name) for name in image_names(figure))
    vector = (
        '<a:extLst><a:ext uri="{96DAC541-7B7A-43D3-8B79-37D633B846F1}">' + f'<asvg:svgBlip r:embed="{svg}"/></a:ext></a:extLst>'
        if figure.svg
        else ""
    )
    alt = escaped(figure.alt)
    name = escaped(f"{at.words['figure']} {figure.number}" if figure.number else figure.id)
    corner = '<a:off x="0" y="0"/>'
    size = f'cx="{width}" cy="{height}"'
    return (
        f'<w:r><w:drawing><wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent {size}/>'
        f'<wp:docPr id="0" name="{name}" descr="{alt}"/>'
        '<wp:cNvGraphicFramePr><a:graphicFrameLocks noChangeAspect="1"/></wp:cNvGraphicFramePr>'
        '<a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:pic>'
        f'<pic:nvPicPr><pic:cNvPr id="0" name="{escaped(figure.id)}.png" descr="{alt}"/><pic:cNvPicPr/></pic:nvPicPr>'
        f'<pic:blipFill><a:blip r:embed="{png}">{vector}</a:blip><a:stretch><a:fillRect/></a:stretch></pic:blipFill>'
        f'<pic:spPr><a:xfrm>{corner}<a:ext {size}/></a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr>'
        "</pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r>"
    )


def _pixels(figure: Figure) -> tuple[int, int]:
    """Width and height from the PNG's header (its first chunk, PNG specification 11.2.1)."""
    if figure.png[:8] != b"\x89PNG\r\n\x1a\n":
        raise WriterError(Fault(Place(figure.id), "the figure's picture is not a PNG"))
    width, height = struct.unpack(">II", figure.png[16:24])
    return width, height
