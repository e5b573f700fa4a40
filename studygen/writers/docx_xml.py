"""The alphabet of the Word files: namespaces, escaping, units, and the few elements that occur everywhere.
Knows nothing about nodes or the look."""

from __future__ import annotations

import re
from html import escape

from lxml import etree

NAMESPACES = {
    "w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "r": "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    "wp": "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing",
    "a": "http://schemas.openxmlformats.org/drawingml/2006/main",
    "pic": "http://schemas.openxmlformats.org/drawingml/2006/picture",
    "asvg": "http://schemas.microsoft.com/office/drawing/2016/SVG/main",
    "mc": "http://schemas.openxmlformats.org/markup-compatibility/2006",
    "w15": "http://schemas.microsoft.com/office/word/2012/wordml",
    "draft": "urn:studygen:draft",
}
"""Prefixes used in all XML written here. `draft` marks what `docx_package` settles and never reaches a file."""

DECLARED = " ".join(f'xmlns:{prefix}="{uri}"' for prefix, uri in NAMESPACES.items() if prefix != "draft")
"""The namespace declarations of a part's root element."""

DRAFT = f'xmlns:draft="{NAMESPACES["draft"]}"'

# XML 1.0 has no place for these characters, not even escaped.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_SPACES = re.compile("[\t\r\n]+")


def q(name: str) -> str:
    """`w:p` as lxml spells it."""
    prefix, _, local = name.partition(":")
    return f"{{{NAMESPACES[prefix]}}}{local}"


def escaped(text: str) -> str:
    """Text for element content or an attribute: what XML cannot hold becomes the replacement character, so that it is seen;
    tabs and line ends are spaces (a line break is a node of its own)."""
    return escape(_SPACES.sub(" ", _FORBIDDEN.sub("\ufffd", text)), quote=True)


def run(text: str, properties: str = "") -> str:
    """A run of characters; `properties` is the content of its `w:rPr`."""
    if not text:
        return ""
    return f'<w:r>{run_properties(properties)}<w:t xml:space="preserve">{escaped(text)}</w:t></w:r>'


def run_properties(properties: str) -> str:
    """`w:rPr` around `properties`, nothing when there are none."""
    return f"<w:rPr>{properties}</w:rPr>" if properties else ""


def character_style(style_id: str) -> str:
    """The run property that names a character style."""
    return f'<w:rStyle w:val="{style_id}"/>'


def paragraph(style_id: str, content: str, properties: str = "") -> str:
    """A paragraph of a style; `properties` are further children of `w:pPr`, in the order of the schema."""
    return f'<w:p><w:pPr><w:pStyle w:val="{style_id}"/>{properties}</w:pPr>{content}</w:p>'


TAB = "<w:r><w:tab/></w:r>"


def twips(centimetres: float) -> int:
    """Twentieths of a point: Word's unit of layout (1440 to the inch)."""
    return round(centimetres * 1440 / 2.54)


def points(size: float) -> int:
    """Twentieths of a point from points (spacing)."""
    return round(size * 20)


def half_points(size: float) -> int:
    """Word's unit of type size."""
    return round(size * 2)


def eighths(width: float) -> int:
    """Eighths of a point from points: Word's unit of rules, which it draws from 2 (a quarter point) up."""
    return max(2, round(width * 8))


def emu(centimetres: float) -> int:
    """English metric units: the unit of drawings."""
    return round(centimetres * 360000)


def colour(value: str) -> str:
    """`#rrggbb` as Word writes it."""
    return value.removeprefix("#").upper()


def serialised(root: etree._Element) -> bytes:
    """A part's bytes."""
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
