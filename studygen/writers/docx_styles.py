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
    sizes, colours, lines, space = style.sizes, style.colours, style.line_heights, style.spacing
    body = spacing(after=space.paragraph, line=lines.body)
    title_rule = f"<w:pBdr>{rule('top', 3, colours.accent, space=14)}</w:pBdr>"
    heading_ink = ink(colours.heading)
    yield paragraph_style("Normal", "Normal", None, "<w:widowControl/>" + spacing(line=lines.body), default=True)
    yield paragraph_style("BodyText", "Body Text", "Normal", body, gallery=True)
    yield paragraph_style(
        "Title",
        "Title",
        "Normal",
        "<w:keepNext/><w:keepLines/>" + title_rule + spacing(before=48, after=10, line=lines.heading),
        f"{face(style.fonts.heading.docx)}<w:b/>{heading_ink}{size(sizes.title)}",
        following="BodyText",
        gallery=True,
    )
    yield paragraph_style(
        "Subtitle",
        "Subtitle",
        "Normal",
        "<w:keepLines/>" + spacing(after=14, line=lines.dense),
        f"{face(style.fonts.heading.docx)}{ink(colours.muted)}{size(sizes.subtitle)}",
        following="BodyText",
        gallery=True,
    )
    yield paragraph_style("LeadIn", "Lead-in", "BodyText", "<w:keepNext/>", following="BodyText", gallery=True)
    run_in = "<w:keepNext/>" + spacing(before=10, after=3, line=lines.body)
    yield paragraph_style("RunIn", "Run-in Heading", "BodyText", run_in, following="BodyText", gallery=True)
    yield paragraph_style("Lead", "Lead", "BodyText", "<w:keepNext/>", heading_ink + size(sizes.lead), gallery=True)
    yield paragraph_style("Note", "Note", "BodyText", "", ink(colours.muted) + size(sizes.note), gallery=True)
    yield paragraph_style("Small", "Small", "BodyText", spacing(after=4, line=lines.dense), size(sizes.small), gallery=True)
    yield paragraph_style("ListEntry", "List Entry", "BodyText", spacing(after=3, line=lines.body) + hanging(0.6))
    # A table's caption is kept with its table in place, as Word does it.
    yield paragraph_style(
        "Caption",
        "caption",
        "Normal",
        "<w:keepLines/>" + spacing(before=space.display_before, after=space.caption, line=lines.dense),
        f"<w:b/>{heading_ink}{size(sizes.caption)}",
        following="BodyText",
        gallery=True,
    )
    # A figure's caption stands below it, and its notes or the gap that ends it come next.
    below = "<w:keepNext/>" + spacing(before=space.caption, line=lines.dense)
    yield paragraph_style("FigureCaption", "Figure Caption", "Caption", below, following="BodyText", gallery=True)
    figure = "<w:keepNext/>" + spacing(before=space.display_before)
    yield paragraph_style("Figure", "Figure", "Normal", figure, following="FigureCaption", gallery=True)
    entry = "<w:keepLines/>" + spacing(after=space.list_item, line=lines.body) + hanging(1.1)
    yield paragraph_style("Bibliography", "Bibliography", "Normal", entry)
    yield paragraph_style("FootnoteText", "footnote text", "Normal", spacing(line=lines.dense), size(sizes.note))


def _heading_styles(style: Style) -> Iterator[str]:
    space, line = style.spacing, style.line_heights.heading
    for level, (before, after) in enumerate(zip(space.headings_before, space.headings_after, strict=True), start=1):
        look = (
            f"{face(style.fonts.heading.docx)}<w:b/>{'<w:i/>' if level == HEADING_LEVELS else ''}"
            f"{ink(style.colours.heading)}{size(style.sizes.headings[level - 1])}"
        )
        space_around = spacing(before=before, after=after, line=line)
        yield paragraph_style(
            f"Heading{level}",
            f"heading {level}",
            "Normal",
            f"<w:keepNext/><w:keepLines/>{numbered(heading_scheme(False), level - 1)}{space_around}{outline(level)}",
            look,
            following="BodyText",
            gallery=True,
        )
    # An annex begins on a new page, at its top.
    top = spacing(after=space.headings_after[0], line=line)
    for level in range(1, HEADING_LEVELS + 1):
        suffix = "" if level == 1 else f"{level}"
        yield paragraph_style(
            f"AnnexHeading{suffix}",
            f"Annex Heading {suffix}".strip(),
            f"Heading{level}",
            (
                f"<w:pageBreakBefore/>{numbered(heading_scheme(True), 0)}{top}{outline(1)}"
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
            space_around = "" if family == "Table" else spacing(after=style.spacing.list_item, line=style.line_heights.body)
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
            f"<w:tabs>{page}</w:tabs>{spacing(before=5 if level == 1 else 1.5, after=1.5, line=style.line_heights.body)}"
            f'<w:ind w:left="{twips(start + width)}" w:hanging="{twips(width)}"/>',
            f"<w:b/>{ink(style.colours.heading)}" if level == 1 else "",
            following="Normal",
        )
    yield paragraph_style(
        "TableofFigures",
        "table of figures",
        "Normal",
        f"<w:tabs>{page}</w:tabs>{spacing(before=1.5, after=1.5, line=style.line_heights.body)}"
        f'<w:ind w:left="{twips(1.85)}" w:hanging="{twips(1.85)}"/>',
        following="Normal",
    )


def _callout_styles(style: Style) -> Iterator[str]:
    colours, space_around = style.colours, style.spacing.callout
    around = spacing(before=space_around, after=space_around, line=style.line_heights.body)
    for id, name, edge, ground in (
        ("CalloutNote", "Callout Note", colours.accent, colours.note),
        ("CalloutWarning", "Callout Warning", colours.warning_edge, colours.warning),
    ):
        thin = "".join(
            f'<w:{side} w:val="single" w:sz="4" w:space="{space}" w:color="{colour(ground)}"/>'
            for side, space in (("bottom", 7), ("right", 6))
        )
        top = f'<w:top w:val="single" w:sz="4" w:space="7" w:color="{colour(ground)}"/>'
        left = f'<w:left w:val="single" w:sz="24" w:space="8" w:color="{colour(edge)}"/>'
        layout = (
            f'<w:keepLines/><w:pBdr>{top}{left}{thin}</w:pBdr><w:shd w:val="clear" w:color="auto" w:fill="{colour(ground)}"/>'
            f'{around}<w:ind w:left="{twips(0.35)}" w:right="{twips(0.25)}"/>'
        )
        yield paragraph_style(id, name, "Normal", layout, gallery=True)


def _running_styles(style: Style, text_width: int) -> Iterator[str]:
    tab = f'<w:tabs><w:tab w:val="right" w:pos="{text_width}"/></w:tabs>'
    wide = twips(style.page.height - style.page.margin_left - style.page.margin_right)
    wide_tab = f'<w:tabs><w:tab w:val="clear" w:pos="{text_width}"/><w:tab w:val="right" w:pos="{wide}"/></w:tabs>'
    look = ink(style.colours.muted) + size(style.sizes.running)
    dense = spacing(line=style.line_heights.dense)
    edges = {
        side: f"<w:pBdr>{rule(side, style.table.rule_width, style.colours.muted, space=3)}</w:pBdr>" for side in ("bottom", "top")
    }
    for id, name, edge in (("Header", "header", ""), ("Footer", "footer", edges["top"])):
        yield paragraph_style(id, name, "Normal", f"{edge}{tab}{dense}", look)
        yield paragraph_style(f"{id}Landscape", f"{name.title()} Landscape", id, wide_tab)
    # The rule stands below the last line of the header, which is empty in a document without marks.
    mark = f"<w:b/>{ink(style.colours.mark)}{size(style.sizes.running)}"
    yield paragraph_style("HeaderMark", "Header Mark", "Normal", edges["bottom"] + dense, mark)


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
