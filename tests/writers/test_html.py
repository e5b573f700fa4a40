"""The HTML is semantic, escapes what it is given, and reaches out to nothing."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from lxml import html as lxml_html
from samples import (
    MARKS,
    SVG,
    document,
    forest_figure,
    heading,
    long_table,
    meta,
    para,
    rich,
    row,
    spanner_table,
    td,
    text,
    th,
    wide_table,
)

from studygen.document.nodes import (
    Bibliography,
    BibliographyEntry,
    Citation,
    Code,
    Figure,
    Footnote,
    Link,
    PageBreak,
    Paragraph,
    Ref,
    Row,
    Strong,
    Table,
    Text,
    Value,
)
from studygen.writers.html import to_html
from studygen.writers.style import Style, load_style

HOSTILE = "*_|<&>\"' {{ x }} </table> ≥ τ² – “”"


@pytest.fixture(scope="module")
def style() -> Style:
    return load_style(Path(__file__).parents[2] / "templates" / "style" / "brand.yaml")


def parsed(source: str) -> lxml_html.HtmlElement:
    return lxml_html.document_fromstring(source)


def test_language_title_and_properties_come_from_the_meta_data(style: Style) -> None:
    page = parsed(to_html(rich(), style))
    assert page.get("lang") == "en-GB"
    assert page.findtext("head/title") == (
        "Study protocol: Serious infections in people treated for multiple sclerosis: a registry-based cohort study"
    )
    named = {tag.get("name"): tag.get("content") for tag in page.iter("meta") if tag.get("name")}
    assert named["author"] == "Coordinating centre"
    assert named["keywords"] == "multiple sclerosis, registry, PASS"
    assert named["description"] == "; ".join(("SAMPLE-PASS-01-PRO, Version 1.0, 30 June 2026", *MARKS))
    assert named["dcterms.created"] == "2026-06-30"


def test_hostile_text_stays_text_everywhere(style: Style) -> None:
    table = Table("tbl-x", text(HOSTILE), (Row((th(HOSTILE),)),), (row(HOSTILE),), (1,), (text(HOSTILE),), number=1)
    figure = Figure("fig-x", text(HOSTILE), HOSTILE, SVG, b"", 4, number=1)
    inlines = (
        Text(HOSTILE),
        Code(HOSTILE),
        Value("a.b", HOSTILE),
        Ref("tbl-x", HOSTILE),
        Link(text(HOSTILE), 'https://example.org/?a="1"&b=<2>'),
        Footnote(text(HOSTILE), 1),
    )
    page = parsed(to_html(document(heading("s", 1, "1", HOSTILE), Paragraph(inlines), table, figure, title=HOSTILE), style))
    assert page.xpath("string(//main/p)").replace("\u200b", "") == HOSTILE * 6
    assert page.xpath("string(//main//code)").replace("\u200b", "") == HOSTILE
    assert page.xpath("//main//img/@alt") == [HOSTILE]
    assert page.xpath("//main//a[starts-with(@href, 'https')]/@href") == ['https://example.org/?a="1"&b=<2>']
    assert [cell.text_content() for cell in page.iter("th")] == [HOSTILE, HOSTILE]
    assert page.xpath("//h1/@data-bookmark") == [f"1 {HOSTILE}"]


def test_nothing_is_fetched_from_outside(style: Style) -> None:
    source = to_html(rich(), style)
    assert not re.findall(r'(?:src|data)="(?!data:)', source)
    assert "url(http" not in source
    assert "@import" not in source


def test_every_body_row_is_headed_and_header_cells_say_what_they_head(style: Style) -> None:
    page = parsed(to_html(document(spanner_table()), style))
    rows = page.xpath("//tbody/tr")
    assert all(line[0].tag == "th" for line in rows)
    assert [line[0].get("scope") for line in rows] == ["rowgroup", "row", "row", "rowgroup", "row", "row"]
    assert page.xpath("//thead/tr[1]/th/@scope") == ["col", "colgroup", "colgroup", "col"]
    assert page.xpath("//thead/tr[1]/th/@rowspan") == ["2", "2"]


def test_a_total_row_does_not_belong_to_the_group_above_it(style: Style) -> None:
    page = parsed(to_html(document(spanner_table()), style))
    assert [len(body) for body in page.iter("tbody")] == [3, 2, 1]


def test_captions_carry_label_and_number_and_stand_above_tables(style: Style) -> None:
    page = parsed(to_html(document(heading("s", 1, "1", "S"), spanner_table()), style))
    (table,) = page.iter("table")
    assert table[0].tag == "caption"
    assert table[0].text_content() == "Table 1. Serious infections: events, person-years and rate ratios per registry"
    assert table[0].get("id") == "tbl-rates"


def test_columns_get_their_relative_widths(style: Style) -> None:
    page = parsed(to_html(document(Table("t", (), (), (row("a", "b"),), (1, 3))), style))
    assert page.xpath("//col/@style") == ["width: 25.00%", "width: 75.00%"]


def test_each_number_of_a_citation_leads_to_its_work(style: Style) -> None:
    works = Bibliography(tuple(BibliographyEntry(f"k{n}", f"{n}.", text("Work.")) for n in range(1, 6)))
    body = (
        Paragraph((Citation(("k1", "k3"), "[1,3]"),)),
        Paragraph((Citation(("k2", "k3", "k4"), "[2–4]"),)),
        Paragraph((Citation(("k5",), "(Author 2020)"),)),
        works,
    )
    page = parsed(to_html(document(*body), style))
    assert [p.xpath("a/@href") for p in page.xpath("//main/p")] == [["#ref-k1", "#ref-k3"], ["#ref-k2", "#ref-k4"], ["#ref-k5"]]
    assert [p.text_content() for p in page.xpath("//main/p")] == ["[1,3]", "[2–4]", "(Author 2020)"]
    assert page.xpath("//ol[@class='references']/li/@id") == ["ref-k1", "ref-k2", "ref-k3", "ref-k4", "ref-k5"]


def test_a_number_keeps_the_id_of_its_result(style: Style) -> None:
    page = parsed(to_html(document(Paragraph((Value("rate.pooled", "0.75"),))), style))
    (span,) = page.xpath("//span[@data-result]")
    assert (span.get("data-result"), span.text) == ("rate.pooled", "0.75")


def test_a_landscape_table_takes_its_heading_and_introduction_with_it(style: Style) -> None:
    blocks = (para("before"), heading("s", 1, "1", "S"), heading("s2", 2, "1.1", "T"), para("intro"), wide_table(), para("after"))
    page = parsed(to_html(document(*blocks), style))
    main = page.xpath("//main")[0]
    assert [child.get("class") or child.text for child in main] == ["before", "landscape", "after"]
    assert [child.tag for child in main[1]] == ["h1", "h2", "p", "div"]


def test_text_before_a_landscape_table_stays_when_it_does_not_open_a_section(style: Style) -> None:
    page = parsed(to_html(document(heading("s", 1, "1", "S"), para("a"), para("b"), para("c"), wide_table()), style))
    assert [child.tag for child in page.xpath("//div[@class='landscape']")[0]] == ["div"]


@pytest.mark.parametrize(
    ("blocks", "breaks"),
    [
        ((PageBreak(), para("a")), 0),
        ((para("a"), PageBreak(), para("b")), 1),
        ((wide_table(), PageBreak(), para("b")), 0),
        ((para("a"), PageBreak(), wide_table()), 1),
    ],
)
def test_page_breaks_that_would_leave_an_empty_page_are_left_out(blocks: tuple, breaks: int, style: Style) -> None:
    page = parsed(to_html(document(*blocks), style))
    assert len(page.xpath("//div[@class='page-break']")) == breaks


def test_only_rows_with_much_text_may_break_over_pages(style: Style) -> None:
    rows = (row("short", "text"), Row((th("long"), td("word " * 600))))
    page = parsed(to_html(document(Table("t", (), (), rows, (1, 1))), style))
    assert [line.get("class") for line in page.xpath("//tbody/tr")] == [None, "tall"]


def test_a_short_table_stays_on_one_page_and_a_long_one_does_not(style: Style) -> None:
    page = parsed(to_html(document(spanner_table(), long_table()), style))
    assert page.xpath("//main/div/@class") == ["display short", "display"]


def test_a_short_paragraph_stays_with_the_table_or_figure_below_it(style: Style) -> None:
    short, long = para("The table follows."), para("A long passage. " * 40)
    for following in (spanner_table(), forest_figure()):
        page = parsed(to_html(document(short, following, long, following, short), style))
        assert [p.get("class") for p in page.xpath("//main/p")] == ["lead-in", None, None]


def test_bold_words_alone_stay_with_what_they_head(style: Style) -> None:
    page = parsed(to_html(document(Paragraph((Strong(text("Title")),)), para("x")), style))
    assert [p.get("class") for p in page.xpath("//main/p")] == ["run-in", None]


def test_tables_and_figures_stand_in_the_outline_below_their_heading(style: Style) -> None:
    page = parsed(
        to_html(document(heading("s", 3, "1.1.1", "S"), long_table(), heading("d", 4, "1.1.1.1", "D"), wide_table()), style)
    )
    assert page.xpath("//caption/@class") == ["outline-4", "outline-4"]


def test_the_marks_of_a_document_are_in_its_running_header(style: Style) -> None:
    page = parsed(to_html(document(para("x"), marks=("Draft", "Simulated data")), style))
    assert page.xpath("string(//div[@class='running-header']/p[@class='marks'])") == "Draft · Simulated data"
    assert not parsed(to_html(document(para("x"), marks=()), style)).xpath("//p[@class='marks']")


def test_the_same_document_gives_the_same_html(style: Style) -> None:
    assert to_html(rich(), style) == to_html(rich(), style)


def test_the_footer_says_version_date_and_page(style: Style) -> None:
    page = parsed(to_html(document(para("x")), style))
    footer = page.xpath("//div[@class='running-footer']")[0].text_content()
    assert f"Study protocol · Version {meta().version} · 30 June 2026" in footer
    assert "Page  of " in footer
