"""The reading version: one file that fetches nothing, says everything without its script, and is equal in every build."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import samples
from lxml import html
from ruamel.yaml import YAML

from studygen.document.nodes import Document, Heading, Row, Value, walk
from studygen.document.traces import value_anchor
from studygen.errors import WriterError
from studygen.writers.reading import ReadingLook, load_reading_look, render_reading
from studygen.writers.style import Style, load_style

TEMPLATES = Path(__file__).parents[2] / "templates"
WORDS = YAML(typ="safe").load((TEMPLATES / "shared" / "words.yaml").read_text(encoding="utf-8"))["writer"]
TRACE: dict[str, Any] = {"results": [{"id": "rate.pooled", "shown": "0.75 (0.54–1.04)", "notes": ["</script><b>&"]}]}


@pytest.fixture(scope="module")
def style() -> Style:
    return load_style(TEMPLATES / "style" / "brand.yaml")


@pytest.fixture(scope="module")
def look() -> ReadingLook:
    return load_reading_look(TEMPLATES / "style" / "reading.css", TEMPLATES / "style" / "reading.js")


def worded(document: Document) -> Document:
    return replace(document, meta=replace(document.meta, labels=tuple(WORDS.items())))


@pytest.fixture(scope="module")
def page(style: Style, look: ReadingLook) -> html.HtmlElement:
    return html.document_fromstring(render_reading(worded(samples.rich()), style, look, TRACE))


def test_two_writings_of_one_document_are_equal(style: Style, look: ReadingLook) -> None:
    one, other = (render_reading(worded(samples.rich()), style, look, TRACE) for _ in range(2))
    assert one == other


def test_nothing_is_fetched_from_outside(page: html.HtmlElement) -> None:
    sources = [*page.xpath("//@src"), *page.xpath("//link/@href"), *page.xpath("//@srcset")]
    assert [source for source in sources if not source.startswith("data:")] == []
    assert "@import" not in page.xpath("string(//style)")
    assert re.findall(r"url\((?!data:)", page.xpath("string(//style)")) == []


def test_the_policy_allows_our_script_and_no_other(page: html.HtmlElement, look: ReadingLook) -> None:
    (policy,) = page.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
    digest = base64.b64encode(hashlib.sha256(look.script.encode()).digest()).decode()
    assert "default-src 'none'" in policy
    assert f"script-src 'sha256-{digest}'" in policy
    assert [name for element in page.iter() for name in element.attrib if name.startswith("on")] == []


def test_the_script_is_small(look: ReadingLook) -> None:
    assert len(look.script.splitlines()) < 300


def test_language_title_and_states_are_there(page: html.HtmlElement) -> None:
    assert page.get("lang") == "en-GB"
    assert page.xpath("string(//title)").startswith("Study protocol: Serious infections")
    assert page.xpath("string(//header//*[@class='marks'])") == " · ".join(samples.MARKS)


def test_a_printed_page_carries_the_states(page: html.HtmlElement) -> None:
    assert f'@top-center {{ content: "{" · ".join(samples.MARKS)}"' in page.xpath("string(//style)")


def test_the_side_contents_name_every_heading_once_and_lead_to_it(page: html.HtmlElement) -> None:
    headings = [node for node in samples.rich().body if isinstance(node, Heading) and node.level <= 4]
    links = page.xpath("//nav//*[@class='sections']//a/@href")
    assert links == [f"#{heading.id}" for heading in headings]
    assert [link for link in page.xpath("//a[starts-with(@href, '#')]/@href") if not page.xpath(f"//*[@id='{link[1:]}']")] == []


def test_contents_are_nested_by_level(page: html.HtmlElement) -> None:
    (deep,) = page.xpath("//nav//a[@href='#sec-deep']")
    over = [item.xpath("string(./a/@href)") for item in deep.iterancestors("li")]
    assert over == ["#sec-deep", "#sec-beside", "#sec-around", "#sec-results"]


def test_ids_are_unique(page: html.HtmlElement) -> None:
    ids = page.xpath("//@id")
    assert len(ids) == len(set(ids))


def test_a_footnote_stands_where_it_is_called_and_needs_no_script(page: html.HtmlElement) -> None:
    (call,) = page.xpath("//button[@popovertarget='footnote-1']")
    note = call.getnext()
    assert (note.get("id"), note.text_content()) == ("footnote-1", "The Expanded Disability Status Scale, before the index date.")
    assert call.get("aria-label") == "Footnote 1"


def test_data_cannot_end_its_element(page: html.HtmlElement) -> None:
    (data,) = page.xpath("//script[@type='application/json']/text()")
    assert json.loads(data)["trace"] == TRACE


def test_every_word_of_the_script_is_given(page: html.HtmlElement, look: ReadingLook) -> None:
    (data,) = page.xpath("//script[@type='application/json']/text()")
    used = set(re.findall(r"words\.(\w+)", look.script)) | set(re.findall(r'(?<!\.)(?:said|add)\("(\w+)"', look.script))
    assert used - set(json.loads(data)["words"]) == set()


def test_a_number_leads_to_its_row_when_the_document_has_one(style: Style, look: ReadingLook) -> None:
    document = worded(samples.rich())
    table = samples.spanner_table()
    row = Row(table.body[1].cells, id=value_anchor("rate.pooled"))
    explained = replace(table, id="tbl-trace", number=9, body=(row,))
    whole = html.document_fromstring(render_reading(replace(document, body=(*document.body, explained)), style, look, TRACE))
    numbers = whole.xpath("//*[@data-result='rate.pooled']")
    assert len(numbers) == len([node for node in walk(document.body) if isinstance(node, Value)])
    assert {(number.tag, number.get("href")) for number in numbers} == {("a", "#value-rate-pooled")}
    assert whole.xpath("//tr[@id='value-rate-pooled']")


def test_a_number_leads_to_its_cell_when_only_a_cell_explains_it(style: Style, look: ReadingLook) -> None:
    document, table = worded(samples.rich()), samples.spanner_table()
    first, *rest = table.body[1].cells
    row = Row((first, replace(rest[0], id=value_anchor("rate.pooled")), *rest[1:]))
    explained = replace(table, id="tbl-trace", number=9, body=(row,))
    whole = html.document_fromstring(render_reading(replace(document, body=(*document.body, explained)), style, look, TRACE))
    assert {number.get("href") for number in whole.xpath("//a[@data-result='rate.pooled']")} == {"#value-rate-pooled"}
    assert whole.xpath("//td[@id='value-rate-pooled']")


def test_a_missing_script_is_told_with_its_place(tmp_path: Path) -> None:
    with pytest.raises(WriterError, match=r"reading\.js"):
        load_reading_look(TEMPLATES / "style" / "reading.css", tmp_path / "reading.js")


def test_dark_text_colours_have_the_contrast_that_wcag_asks_for(style: Style) -> None:
    # WCAG 2.1, success criterion 1.4.3: at least 4.5:1.
    dark = style.dark
    grounds = (dark.paper, dark.shade, dark.note, dark.warning)
    for text in (dark.ink, dark.heading, dark.link, dark.muted, dark.mark):
        for ground in grounds:
            assert contrast(text, ground) >= 4.5, (text, ground)
    assert contrast(style.colours.mark, style.colours.shade) >= 4.5
    assert contrast(style.colours.muted, style.colours.shade) >= 4.5


def contrast(one: str, other: str) -> float:
    """WCAG 2.1 contrast ratio."""
    lights = sorted((luminance(one), luminance(other)), reverse=True)
    return (lights[0] + 0.05) / (lights[1] + 0.05)


def luminance(colour: str) -> float:
    channels = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
