"""The pieces a style is made of: faces, sizes, spacing, rules, numbering; and the frame of a paragraph style.
Knows neither which styles there are nor the brand."""

from __future__ import annotations

from studygen.writers.docx_xml import colour, eighths, escaped, half_points, points, twips

NATURAL_LINE = 1.15
"""Line height of Arial at a multiple of 1 in Word; the brand's line heights are relative to the type size."""


def paragraph_style(
    id: str,
    name: str,
    base: str | None,
    layout: str,
    characters: str = "",
    *,
    following: str = "",
    gallery: bool = False,
    default: bool = False,
) -> str:
    """A paragraph style. `layout` and `characters` are the contents of its `w:pPr` and `w:rPr`, in the order of the schema;
    `following` is the style of the next paragraph one types; `gallery` shows it among Word's quick styles."""
    based = f'<w:basedOn w:val="{base}"/>' if base else ""
    after = f'<w:next w:val="{following}"/>' if following else ""
    shown = "<w:qFormat/>" if gallery or default else ""
    properties = f"<w:pPr>{layout}</w:pPr>" if layout else ""
    kind = 'w:default="1" ' if default else _custom(name)
    return (
        f'<w:style w:type="paragraph" {kind}w:styleId="{id}">'
        f'<w:name w:val="{name}"/>{based}{after}{shown}{properties}{look(characters)}</w:style>'
    )


def character_style(id: str, name: str, characters: str) -> str:
    """A character style."""
    return (
        f'<w:style w:type="character" {_custom(name)}w:styleId="{id}"><w:name w:val="{name}"/>'
        f'<w:basedOn w:val="DefaultParagraphFont"/><w:qFormat/>{look(characters)}</w:style>'
    )


_BUILT_IN = {
    *("Normal", "Body Text", "Title", "Subtitle", "caption", "Bibliography", "footnote text", "table of figures"),
    *("header", "footer", "Emphasis", "Strong", "Hyperlink", "footnote reference"),
    *(f"{stem} {level}" for stem in ("heading", "toc") for level in range(1, 10)),
    *(f"List {kind}{level}" for kind in ("Bullet", "Number", "Continue") for level in ("", " 2", " 3", " 4", " 5")),
}
"""Names that Word knows itself and translates; all others are marked as our own."""


def _custom(name: str) -> str:
    return "" if name in _BUILT_IN else 'w:customStyle="1" '


def look(characters: str) -> str:
    """The run properties of a style."""
    return f"<w:rPr>{characters}</w:rPr>" if characters else ""


def face(name: str) -> str:
    """A typeface for all scripts."""
    written = escaped(name)
    return f'<w:rFonts w:ascii="{written}" w:eastAsia="{written}" w:hAnsi="{written}" w:cs="{written}"/>'


def size(value: float) -> str:
    """A type size in points."""
    return f'<w:sz w:val="{half_points(value)}"/><w:szCs w:val="{half_points(value)}"/>'


def ink(value: str) -> str:
    """The colour of text."""
    return f'<w:color w:val="{colour(value)}"/>'


def spacing(before: float = 0, after: float = 0, line: float = NATURAL_LINE) -> str:
    """Space in points, line height relative to the type size."""
    multiple = round(240 * line / NATURAL_LINE)
    return f'<w:spacing w:before="{points(before)}" w:after="{points(after)}" w:line="{multiple}" w:lineRule="auto"/>'


def hanging(centimetres: float) -> str:
    """An indent from which the first line hangs out to the margin."""
    return f'<w:ind w:left="{twips(centimetres)}" w:hanging="{twips(centimetres)}"/>'


def numbered(numbering: int, level: int) -> str:
    """The numbering of a style, by numbering id and level (0-based)."""
    deeper = f'<w:ilvl w:val="{level}"/>' if level else ""
    return f'<w:numPr>{deeper}<w:numId w:val="{numbering}"/></w:numPr>'


def outline(level: int) -> str:
    """The level in outline and contents (1-based)."""
    return f'<w:outlineLvl w:val="{level - 1}"/>'


def rule(side: str, width: float, shade: str, space: int = 0) -> str:
    """A rule on one side, its width and its distance from the text in points."""
    return f'<w:{side} w:val="single" w:sz="{eighths(width)}" w:space="{space}" w:color="{colour(shade)}"/>'
