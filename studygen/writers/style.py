"""The look of documents as data: `brand.yaml` and `page.css` of the style folder, read strictly.
Knows nothing about nodes or output formats."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from pydantic import Field, StringConstraints

from studygen.definition import Declared
from studygen.errors import DefinitionError, Fault, Place
from studygen.yamlfile import load_model, shown

COLOUR = r"^#[0-9a-f]{6}$"
Colour = Annotated[str, StringConstraints(pattern=COLOUR)]
"""A colour as `#rrggbb`, lower case."""

Points = Annotated[float, Field(ge=9, le=40)]
"""A type size in points; submission formats allow none below 9."""

Centimetres = Annotated[float, Field(gt=0)]


class Face(Declared):
    """One typeface by the name each format asks for; the two must have the same widths."""

    pdf: str
    docx: str


class Fonts(Declared):
    """The typefaces."""

    body: Face
    heading: Face
    mono: Face


class Sizes(Declared):
    """Type sizes in points."""

    title: Points
    subtitle: Points
    lead: Points
    headings: tuple[Points, Points, Points, Points, Points]
    """Sizes of heading levels 1 to 5."""
    body: Points
    table: Points
    caption: Points
    note: Points
    small: Points
    running: Points
    """Running header and footer."""


class TextColours(Declared):
    """Colours by what they are for."""

    ink: Colour
    heading: Colour
    link: Colour
    muted: Colour
    accent: Colour
    rule: Colour
    shade: Colour
    mark: Colour
    note: Colour
    warning: Colour
    warning_edge: Colour


class DarkColours(TextColours):
    """Colours on a dark screen, whose ground is `paper`."""

    paper: Colour


class Colours(TextColours):
    """Colours on white."""

    series: tuple[Colour, ...]
    """Colours of lines and marks in figures, in order of use."""


class PageSize(Declared):
    """The sheet and its margins in centimetres, for portrait pages; landscape pages turn the sheet and keep the margins."""

    width: Centimetres
    height: Centimetres
    margin_top: Annotated[float, Field(ge=2.5)]
    margin_bottom: Annotated[float, Field(ge=2.5)]
    margin_left: Annotated[float, Field(ge=2.5)]
    margin_right: Annotated[float, Field(ge=2.5)]
    header: Annotated[float, Field(ge=1.0)]
    """From the sheet's upper edge to the running header."""
    footer: Annotated[float, Field(ge=1.0)]
    """From the sheet's lower edge to the running footer."""


class TableLook(Declared):
    """Rules (points) and cell padding (centimetres) of tables."""

    rule_width: Annotated[float, Field(gt=0)]
    strong_rule_width: Annotated[float, Field(gt=0)]
    cell_padding_vertical: Centimetres
    cell_padding_horizontal: Centimetres


LineHeight = Annotated[float, Field(ge=1, le=2)]
"""Line spacing as a multiple of the type size."""

Space = Annotated[float, Field(ge=0, le=72)]
"""A space between lines or blocks, in points."""

SpaceByLevel = tuple[Space, Space, Space, Space, Space]
"""Spaces at headings of level 1 to 5."""


class LineHeights(Declared):
    """Line spacing of running text, of headings and the title, and of what is set densely (tables, captions, notes)."""

    body: LineHeight
    heading: LineHeight
    dense: LineHeight


class Spacing(Declared):
    """Vertical space in points. Both paged formats read it, so that they turn the page at the same place."""

    paragraph: Space
    headings_before: SpaceByLevel
    headings_after: SpaceByLevel
    list_item: Space
    display_before: Space
    display_after: Space
    caption: Space
    notes: Space
    cell: Space
    """After each paragraph in a cell; below the last one it is part of the padding."""
    callout: Space


class Brand(Declared):
    """The keys of `brand.yaml`."""

    fonts: Fonts
    sizes: Sizes
    line_heights: LineHeights
    spacing: Spacing
    colours: Colours
    dark: DarkColours
    page: PageSize
    table: TableLook


@dataclass(frozen=True, slots=True)
class Style:
    """Everything a writer needs to know about the look: the brand, and the style sheet of paged HTML that uses it."""

    fonts: Fonts
    sizes: Sizes
    line_heights: LineHeights
    spacing: Spacing
    colours: Colours
    dark: DarkColours
    page: PageSize
    table: TableLook
    css: str


def load_style(brand: Path, sheet: Path | None = None, base: Path | None = None) -> Style:
    """The style of a `brand.yaml` and a style sheet (`page.css` beside it unless given); `base` is the brand that holds for keys
    that `brand` does not have. DefinitionError with every key that is unknown, missing or out of range, each with its line, and
    when a file does not exist."""
    sheet = sheet or brand.with_name("page.css")
    if not sheet.is_file():
        raise DefinitionError(Fault(Place(shown(sheet)), "this file does not exist", "Write it, or correct the path."))
    keys = load_model(brand, Brand, forms={COLOUR: "a colour as #rrggbb in lower case, for example #14305c"}, base=base)
    return Style(
        fonts=keys.fonts,
        sizes=keys.sizes,
        line_heights=keys.line_heights,
        spacing=keys.spacing,
        colours=keys.colours,
        dark=keys.dark,
        page=keys.page,
        table=keys.table,
        css=sheet.read_text(encoding="utf-8"),
    )
