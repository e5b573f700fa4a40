"""The table style, and the paragraph styles in cells and under tables.
Knows nothing about the grid."""

from __future__ import annotations

from collections.abc import Iterator

from studygen.writers.docx_style_parts import face, ink, paragraph_style, rule, size, spacing
from studygen.writers.docx_xml import colour, points, twips
from studygen.writers.style import Style

ALIGNMENTS = {"left": "", "center": "Centred", "right": "Right"}
"""What an alignment adds to the id of a table paragraph style."""

TABLE_PARAGRAPHS = ("TableText", "TableRowHeader", "TableHeader", "TableGroup", "TableTotal")
TABLE_STYLE = "studygenTable"


def table_paragraph_styles(style: Style) -> Iterator[str]:
    """The paragraph styles of cells by kind and alignment, of notes, and of the gap after a table."""
    sizes, colours, space = style.sizes, style.colours, style.spacing
    heading = ink(colours.heading)
    tight = spacing(after=space.cell, line=style.line_heights.dense)
    looks = {
        # The typeface is said again: LibreOffice else takes that of the defaults for codes in cells, too.
        "TableText": ("Table Text", "Normal", tight, face(style.fonts.body.docx) + size(sizes.table)),
        "TableRowHeader": ("Table Row Header", "TableText", "", ""),
        "TableHeader": ("Table Header", "TableText", "<w:keepNext/>", f"<w:b/>{heading}"),
        "TableGroup": ("Table Group", "TableText", "<w:keepNext/>", f"<w:b/>{heading}"),
        "TableTotal": ("Table Total", "TableText", "", "<w:b/>"),
    }
    for id in TABLE_PARAGRAPHS:
        name, base, layout, characters = looks[id]
        yield paragraph_style(id, name, base, layout, characters, gallery=True)
        for alignment in ("center", "right"):
            suffix = ALIGNMENTS[alignment]
            yield paragraph_style(id + suffix, f"{name} {suffix}", id, f'<w:jc w:val="{alignment}"/>')
    yield paragraph_style(
        "TableNote",
        "Table Note",
        "Normal",
        "<w:keepLines/>"
        + spacing(before=space.notes, after=space.display_after, line=style.line_heights.dense)
        + "<w:contextualSpacing/>",
        ink(colours.muted) + size(sizes.note),
        following="BodyText",
        gallery=True,
    )
    # Word needs a paragraph after a table; this one is a line of one point that brings the gap.
    gap = f'<w:spacing w:after="{points(space.display_after)}" w:line="20" w:lineRule="exact"/>'
    yield paragraph_style("TableEnd", "Table End", "Normal", gap, '<w:sz w:val="4"/>')


def table_style(style: Style) -> str:
    """The table style: horizontal rules only, a stronger one above the header and below the last row."""
    table, colours = style.table, style.colours
    rules = "".join(rule(side, table.strong_rule_width, colours.heading) for side in ("top", "bottom"))
    rules += rule("insideH", table.rule_width, colours.rule)
    padding = _padding(table.cell_padding_vertical, table.cell_padding_horizontal, style.spacing.cell)
    layout = f'<w:tblInd w:w="0" w:type="dxa"/><w:tblBorders>{rules}</w:tblBorders>{padding}'
    return (
        '<w:style w:type="table" w:default="1" w:styleId="TableNormal"><w:name w:val="Normal Table"/>'
        '<w:uiPriority w:val="99"/><w:semiHidden/><w:unhideWhenUsed/>'
        f'<w:tblPr><w:tblInd w:w="0" w:type="dxa"/>{_padding(0, 0.19, 0)}</w:tblPr></w:style>'
        '<w:style w:type="numbering" w:default="1" w:styleId="NoList"><w:name w:val="No List"/>'
        '<w:uiPriority w:val="99"/><w:semiHidden/><w:unhideWhenUsed/></w:style>'
        f'<w:style w:type="table" w:customStyle="1" w:styleId="{TABLE_STYLE}"><w:name w:val="studygen Table"/>'
        f'<w:basedOn w:val="TableNormal"/><w:uiPriority w:val="59"/><w:qFormat/><w:tblPr>{layout}</w:tblPr>'
        f'<w:tblStylePr w:type="firstRow"><w:tblPr/><w:tcPr>{shade(style)}</w:tcPr></w:tblStylePr></w:style>'
    )


def _padding(vertical: float, horizontal: float, below_paragraphs: float) -> str:
    """Cell margins from centimetres; what paragraphs leave below themselves (points) is taken off the lower one."""
    top, side = twips(vertical), twips(horizontal)
    sides = (("top", top), ("left", side), ("bottom", max(0, top - points(below_paragraphs))), ("right", side))
    margins = "".join(f'<w:{side} w:w="{width}" w:type="dxa"/>' for side, width in sides)
    return f"<w:tblCellMar>{margins}</w:tblCellMar>"


# ---------------------------------------------------------------- what a table style cannot say


def shade(style: Style) -> str:
    """The ground of a header or group cell. A table style reaches the first row only, so the cells below it carry this."""
    return f'<w:shd w:val="clear" w:color="auto" w:fill="{colour(style.colours.shade)}"/>'


def rule_of_cell(style: Style, side: str) -> str:
    """A dark rule on one side of a cell: below a header row, above a total."""
    return f"<w:tcBorders>{rule(side, style.table.rule_width, style.colours.heading)}</w:tcBorders>"
