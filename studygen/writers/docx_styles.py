"""The styles part: every paragraph, character and table style a document uses, made from the brand's values.
Styles of tables are next door."""

from __future__ import annotations

from collections.abc import Iterator

from studygen.document.nodes import ParagraphStyle
from studygen.writers.docx_numbering import (
    FAMILIES,
    HEADING_LEVELS,
    LIST_INDENT,
    LIST_LEVELS,
    Family,
    heading_scheme,
    list_style,
    scheme,
)
from studygen.writers.docx_style_parts import (
    DENSE,
    NATURAL_LINE,
    character_style,
    face,
    hanging,
    ink,
    numbered,
    outline,
    paragraph_style,
    rule,
    size,
    spacing,
)
from studygen.writers.docx_table_styles import table_paragraph_styles, table_style
from studygen.writers.docx_xml import DECLARED, colour, escaped, twips
from studygen.writers.style import Style

PARAGRAPH_STYLES: dict[ParagraphStyle, str] = {
    "body": "BodyText",
    "title": "Title",
    "subtitle": "Subtitle",
    "lead": "Lead",
    "note": "Note",
    "caption": "Caption",
    "list-entry": "ListEntry",
    "small": "Small",
}
"""The style id of each paragraph style of the tree."""


def styles_xml(style: Style, language: str, text_width: int) -> str:
    """The whole styles part. `text_width` (twips, portrait) is where the page numbers of contents stand."""
    groups = [
        _text_styles(style),
        _heading_styles(style),
        _list_styles(style),
        _contents_styles(style, text_width),
        table_paragraph_styles(style),
        _callout_styles(style),
        _running_styles(style, text_width),
        _character_styles(style),
    ]
    return (
        f"<w:styles {DECLARED}>{_defaults(style, language)}{''.join(one for group in groups for one in group)}"
        f"{table_style(style)}</w:styles>"
    )


def _defaults(style: Style, language: str) -> str:
    return (
        f"<w:docDefaults><w:rPrDefault><w:rPr>{face(style.fonts.body.docx)}{ink(style.colours.ink)}{size(style.sizes.body)}"
        f'<w:lang w:val="{escaped(language)}" w:eastAsia="{escaped(language)}" w:bidi="ar-SA"/></w:rPr></w:rPrDefault>'
        "<w:pPrDefault/></w:docDefaults>"
    )


def _text_styles(style: Style) -> Iterator[str]:
    sizes, colours = style.sizes, style.colours
    body = spacing(after=6, line=style.line_height)
    title_rule = f"<w:pBdr>{rule('top', 3, colours.accent, space=14)}</w:pBdr>"
    heading_ink = ink(colours.heading)
    yield paragraph_style("Normal", "Normal", None, "<w:widowControl/>" + spacing(line=style.line_height), default=True)
    yield paragraph_style("BodyText", "Body Text", "Normal", body, gallery=True)
    yield paragraph_style(
        "Title",
        "Title",
        "Normal",
        "<w:keepNext/><w:keepLines/>" + title_rule + spacing(before=48, after=10, line=NATURAL_LINE),
        f"{face(style.fonts.heading.docx)}<w:b/>{heading_ink}{size(sizes.title)}",
        following="BodyText",
        gallery=True,
    )
    yield paragraph_style(
        "Subtitle",
        "Subtitle",
        "Normal",
        "<w:keepLines/>" + spacing(after=14, line=DENSE),
        f"{face(style.fonts.heading.docx)}{ink(colours.muted)}{size(sizes.subtitle)}",
        following="BodyText",
        gallery=True,
    )
    yield paragraph_style("LeadIn", "Lead-in", "BodyText", "<w:keepNext/>", following="BodyText", gallery=True)
    yield paragraph_style("Lead", "Lead", "BodyText", "<w:keepNext/>", heading_ink + size(sizes.lead), gallery=True)
    yield paragraph_style("Note", "Note", "BodyText", "", ink(colours.muted) + size(sizes.note), gallery=True)
    yield paragraph_style("Small", "Small", "BodyText", spacing(after=4, line=DENSE), size(sizes.small), gallery=True)
    yield paragraph_style("ListEntry", "List Entry", "BodyText", spacing(after=2, line=style.line_height) + hanging(1.0))
    # A table's caption is kept with its table in place, as Word does it; a figure's stands below the figure.
    yield paragraph_style(
        "Caption",
        "caption",
        "Normal",
        "<w:keepLines/>" + spacing(before=6, after=6, line=DENSE),
        f"<w:b/>{heading_ink}{size(sizes.caption)}",
        following="BodyText",
        gallery=True,
    )
    yield paragraph_style("Figure", "Figure", "Normal", "<w:keepNext/>" + spacing(before=10), following="Caption", gallery=True)
    yield paragraph_style("Bibliography", "Bibliography", "Normal", spacing(after=4, line=DENSE) + hanging(1.0))
    yield paragraph_style("FootnoteText", "footnote text", "Normal", spacing(line=DENSE), size(sizes.small))


def _heading_styles(style: Style) -> Iterator[str]:
    space = ((22, 8), (18, 6), (14, 5), (12, 4), (10, 4))
    for level, (before, after) in enumerate(space, start=1):
        look = (
            f"{face(style.fonts.heading.docx)}<w:b/>{'<w:i/>' if level == HEADING_LEVELS else ''}"
            f"{ink(style.colours.heading)}{size(style.sizes.headings[level - 1])}"
        )
        space_around = spacing(before=before, after=after, line=NATURAL_LINE)
        yield paragraph_style(
            f"Heading{level}",
            f"heading {level}",
            "Normal",
            f"<w:keepNext/><w:keepLines/>{numbered(heading_scheme(False), level - 1)}{space_around}{outline(level)}",
            look,
            following="BodyText",
            gallery=True,
        )
    for level in range(1, HEADING_LEVELS + 1):
        suffix = "" if level == 1 else f"{level}"
        yield paragraph_style(
            f"AnnexHeading{suffix}",
            f"Annex Heading {suffix}".strip(),
            f"Heading{level}",
            (
                # An annex begins on a new page.
                f"<w:pageBreakBefore/>{numbered(heading_scheme(True), 0)}{spacing(after=8)}{outline(1)}"
                if level == 1
                else numbered(heading_scheme(True), level - 1) + outline(level)
            ),
            following="BodyText",
            gallery=True,
        )
    for level in range(1, HEADING_LEVELS + 1):
        suffix = "" if level == 1 else f"{level}"
        # The outline level of the numbered heading is kept: the contents list headings without number, too.
        yield paragraph_style(
            f"HeadingUnnumbered{suffix}",
            f"Heading Unnumbered {suffix}".strip(),
            f"Heading{level}",
            '<w:numPr><w:numId w:val="0"/></w:numPr><w:ind w:left="0" w:firstLine="0"/>',
            following="BodyText",
            gallery=True,
        )


def _list_styles(style: Style) -> Iterator[str]:
    names = {"List": "List", "Table": "Table", "CalloutNote": "Callout Note", "CalloutWarning": "Callout Warning"}
    bases: dict[Family, str] = {
        "List": "BodyText",
        "Table": "TableText",
        "CalloutNote": "CalloutNote",
        "CalloutWarning": "CalloutWarning",
    }
    for family in FAMILIES:
        for level in range(1, LIST_LEVELS[family] + 1):
            suffix = f" {level}" if level > 1 else ""
            space_around = "" if family == "Table" else spacing(after=3, line=style.line_height)
            for ordered, kind in ((False, "Bullet"), (True, "Number")):
                yield paragraph_style(
                    list_style(family, ordered, level),
                    f"{names[family]} {kind}{suffix}",
                    bases[family],
                    numbered(scheme(family, ordered), level - 1) + space_around,
                    gallery=family == "List",
                )
            if LIST_INDENT[family]:
                indent = f'<w:ind w:left="{twips(LIST_INDENT[family] * level)}"/>'
                yield paragraph_style(
                    f"{family}Continue{suffix.strip()}", f"{names[family]} Continue{suffix}", bases[family], space_around + indent
                )


def _contents_styles(style: Style, text_width: int) -> Iterator[str]:
    page = f'<w:tab w:val="right" w:leader="dot" w:pos="{text_width}"/>'
    columns = ((0.0, 0.9), (0.9, 1.0), (1.9, 1.25), (3.15, 1.6), (4.75, 1.9))
    for level, (start, width) in enumerate(columns, start=1):
        yield paragraph_style(
            f"TOC{level}",
            f"toc {level}",
            "Normal",
            f"<w:tabs>{page}</w:tabs>{spacing(before=5 if level == 1 else 1.5, after=1.5, line=style.line_height)}"
            f'<w:ind w:left="{twips(start + width)}" w:hanging="{twips(width)}"/>',
            f"<w:b/>{ink(style.colours.heading)}" if level == 1 else "",
            following="Normal",
        )
    yield paragraph_style(
        "TableofFigures",
        "table of figures",
        "Normal",
        f"<w:tabs>{page}</w:tabs>{spacing(before=1.5, after=1.5, line=style.line_height)}"
        f'<w:ind w:left="{twips(0.9)}" w:hanging="{twips(0.9)}"/>',
        following="Normal",
    )


def _callout_styles(style: Style) -> Iterator[str]:
    colours = style.colours
    for id, name, edge, ground in (
        ("CalloutNote", "Callout Note", colours.accent, colours.note),
        ("CalloutWarning", "Callout Warning", colours.warning_edge, colours.warning),
    ):
        thin = "".join(
            f'<w:{side} w:val="single" w:sz="4" w:space="{space}" w:color="{colour(ground)}"/>'
            for side, space in (("bottom", 5), ("right", 6))
        )
        top = f'<w:top w:val="single" w:sz="4" w:space="5" w:color="{colour(ground)}"/>'
        left = f'<w:left w:val="single" w:sz="24" w:space="8" w:color="{colour(edge)}"/>'
        layout = (
            f'<w:keepLines/><w:pBdr>{top}{left}{thin}</w:pBdr><w:shd w:val="clear" w:color="auto" w:fill="{colour(ground)}"/>'
            f'{spacing(before=2, after=7, line=style.line_height)}<w:ind w:left="{twips(0.35)}" w:right="{twips(0.25)}"/>'
        )
        yield paragraph_style(id, name, "Normal", layout, gallery=True)


def _running_styles(style: Style, text_width: int) -> Iterator[str]:
    tab = f'<w:tabs><w:tab w:val="right" w:pos="{text_width}"/></w:tabs>'
    wide = twips(style.page.height - style.page.margin_left - style.page.margin_right)
    wide_tab = f'<w:tabs><w:tab w:val="clear" w:pos="{text_width}"/><w:tab w:val="right" w:pos="{wide}"/></w:tabs>'
    look = ink(style.colours.muted) + size(style.sizes.running)
    for id, name, side in (("Header", "header", "bottom"), ("Footer", "footer", "top")):
        edge = rule(side, style.table.rule_width, style.colours.muted, space=4)
        yield paragraph_style(id, name, "Normal", f"<w:pBdr>{edge}</w:pBdr>{tab}{spacing(line=DENSE)}", look)
        yield paragraph_style(f"{id}Landscape", f"{name.title()} Landscape", id, wide_tab)
    yield paragraph_style(
        "HeaderMark",
        "Header Mark",
        "Normal",
        spacing(before=3, line=DENSE),
        f"<w:b/>{ink(style.colours.mark)}{size(style.sizes.running)}",
    )


def _character_styles(style: Style) -> Iterator[str]:
    yield (
        '<w:style w:type="character" w:default="1" w:styleId="DefaultParagraphFont">'
        '<w:name w:val="Default Paragraph Font"/></w:style>'
    )
    for id, name, characters in (
        ("Emphasis", "Emphasis", "<w:i/><w:iCs/>"),
        ("Strong", "Strong", "<w:b/><w:bCs/>"),
        ("Code", "Code", face(style.fonts.mono.docx) + "<w:noProof/>"),
        ("Hyperlink", "Hyperlink", f'{ink(style.colours.link)}<w:u w:val="single"/>'),
        ("Citation", "Citation", ink(style.colours.link)),
        ("Result", "Result", ""),
        ("FootnoteReference", "footnote reference", '<w:vertAlign w:val="superscript"/>'),
    ):
        yield character_style(id, name, characters)
