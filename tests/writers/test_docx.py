"""Word files hold what the tree says, in Word's own means: styles, fields, captions, footnotes, sections."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import get_args

import pytest
from docx_samples import W, figure, pages_of, paragraphs, png, read, sample, shown, style, wide_figure, written
from lxml import etree
from samples import document, heading, para, rich, spanner_table, text, wide_table

from studygen.document.nodes import (
    Block,
    Callout,
    Citation,
    Contents,
    ContentsEntry,
    Emphasis,
    Footnote,
    Inline,
    Link,
    PageBreak,
    Paragraph,
    Ref,
    Slot,
    Strong,
    Text,
    Value,
)
from studygen.errors import WriterError
from studygen.writers.docx import render_docx
from studygen.writers.docx_anchors import bookmark_name
from studygen.writers.docx_blocks import BLOCKS
from studygen.writers.docx_inline import INLINE, result_tag

R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"


@pytest.fixture(scope="module")
def file() -> bytes:
    return render_docx(sample(), style(), pages_of(sample()))


@pytest.fixture(scope="module")
def body(file: bytes) -> etree._Element:
    return read(file, "word/document.xml")


def instructions(element: etree._Element) -> list[str]:
    """The codes of all fields, in order."""
    return [node.text.strip() for node in element.iter(f"{W}instrText")]


def field_results(element: etree._Element) -> list[tuple[str, str]]:
    """Code and shown result of every field without a field inside."""
    fields, code, result, inside = [], "", "", False
    for node in element.iter(f"{W}fldChar", f"{W}instrText", f"{W}t"):
        kind = node.get(f"{W}fldCharType")
        if kind == "begin":
            code, result, inside = "", "", False
        elif kind == "separate":
            inside = True
        elif kind == "end":
            fields.append((code, result))
            inside = False
        elif node.tag == f"{W}instrText":
            code = node.text.strip()
        elif inside:
            result += node.text
    return fields


# ---------------------------------------------------------------- the closed tree


def test_every_inline_node_type_is_written() -> None:
    assert set(INLINE) == set(get_args(Inline))


def test_every_block_node_type_is_written() -> None:
    assert set(BLOCKS) == set(get_args(Block))


# ---------------------------------------------------------------- ids that must fit together


def test_every_style_that_is_used_is_defined(file: bytes) -> None:
    defined = {node.get(f"{W}styleId") for node in read(file, "word/styles.xml").iter(f"{W}style")}
    used = set()
    for part in (
        "document",
        "footnotes",
        "numbering",
        "header-portrait",
        "header-landscape",
        "footer-portrait",
        "footer-landscape",
    ):
        for node in read(file, f"word/{part}.xml").iter(f"{W}pStyle", f"{W}rStyle", f"{W}tblStyle"):
            used.add(node.get(f"{W}val"))
    styles = read(file, "word/styles.xml")
    used |= {node.get(f"{W}val") for node in styles.iter(f"{W}basedOn", f"{W}next")}
    assert used <= defined


def test_bookmarks_have_unique_numbers_and_short_unique_names(body: etree._Element) -> None:
    starts = [(node.get(f"{W}id"), node.get(f"{W}name")) for node in body.iter(f"{W}bookmarkStart")]
    ends = [node.get(f"{W}id") for node in body.iter(f"{W}bookmarkEnd")]
    assert len({number for number, _ in starts}) == len({name for _, name in starts}) == len(starts) == len(ends)
    assert {number for number, _ in starts} == set(ends)
    assert all(re.fullmatch(r"[A-Za-z][A-Za-z0-9_]{0,39}", name) for _, name in starts)


def test_every_reference_leads_to_a_bookmark(body: etree._Element) -> None:
    names = {node.get(f"{W}name") for node in body.iter(f"{W}bookmarkStart")}
    wanted = {node.get(f"{W}anchor") for node in body.iter(f"{W}hyperlink") if node.get(f"{W}anchor")}
    wanted |= {code.split()[1] for code in instructions(body) if code.split()[0] in ("REF", "PAGEREF")}
    assert wanted <= names
    assert len(wanted) > 20


def test_ids_that_differ_only_in_hyphen_and_underscore_get_different_bookmarks() -> None:
    assert bookmark_name("tbl-effects-arr") == "tbl_effects_arr"
    assert bookmark_name("tbl-effects_arr") != bookmark_name("tbl-effects-arr")
    assert bookmark_name("tbl-effects_arr") == bookmark_name("tbl-effects_arr")
    long = "tbl-a-display-with-options-that-make-it-very-long"
    assert bookmark_name(f"{long}-a") != bookmark_name(f"{long}-b")
    assert bookmark_name("9-starts-with-a-digit").startswith("b9")


# ---------------------------------------------------------------- text


def test_text_that_looks_like_markup_arrives_as_it_was_written() -> None:
    words = "*_|<&>\"' `code` {{ x }} ]]> ≥ τ² – 中文 🧪"
    assert shown(paragraphs(written(para(words)), "BodyText")[0]) == words


def test_characters_that_xml_cannot_hold_are_seen_as_replaced() -> None:
    assert shown(paragraphs(written(para("a\x00b\x0bc")), "BodyText")[0]) == "a\ufffdb\ufffdc"


def test_emphasis_is_a_character_style_and_both_together_keep_both_effects() -> None:
    bold = paragraphs(written(Paragraph((Strong((Text("a"), Emphasis(text("b")))),))), "RunIn")[0]
    first, second = bold.findall(f"{W}r")
    assert first.find(f"{W}rPr/{W}rStyle").get(f"{W}val") == "Strong"
    assert second.find(f"{W}rPr/{W}b") is not None
    assert second.find(f"{W}rPr/{W}i") is not None


def test_a_number_from_a_result_keeps_its_id_in_a_content_control() -> None:
    line = paragraphs(
        written(Paragraph((Text("The ratio was "), Value("arr.pooled", "0.77 (0.55–1.08)"), Text(".")))), "BodyText"
    )[0]
    control = line.find(f"{W}sdt")
    assert control.find(f"{W}sdtPr/{W}tag").get(f"{W}val") == "arr.pooled"
    assert shown(control) == "0.77 (0.55–1.08)"
    assert shown(line) == "The ratio was 0.77 (0.55–1.08)."


def test_a_long_result_id_is_cut_to_what_word_takes_and_stays_distinct() -> None:
    one, two = (result_tag("analysis." * 9 + end) for end in ("a", "b"))
    assert len(one) == len(two) == 64
    assert one != two
    assert result_tag("arr.pooled") == "arr.pooled"


def test_footnotes_are_words_own_and_stand_in_order(file: bytes, body: etree._Element) -> None:
    called = [int(node.get(f"{W}id")) for node in body.iter(f"{W}footnoteReference")]
    notes = {int(node.get(f"{W}id")): shown(node).strip() for node in read(file, "word/footnotes.xml").iter(f"{W}footnote")}
    assert called == [1, 2, 3]
    assert notes[1].startswith("The Expanded Disability Status Scale")
    assert set(notes) == {-1, 0, 1, 2, 3}


def test_a_link_in_a_footnote_belongs_to_the_footnotes_part() -> None:
    note = Footnote((Link(text("site"), "https://example.org/?a=1&b=2"),), 1)
    file = render_docx(document(Paragraph((Text("x"), note))), style(), None)
    relationships = read(file, "word/_rels/footnotes.xml.rels")
    assert [(node.get("Target"), node.get("TargetMode")) for node in relationships] == [
        ("https://example.org/?a=1&b=2", "External")
    ]


# ---------------------------------------------------------------- references


def test_a_reference_to_a_section_is_a_number_field_with_the_word_outside() -> None:
    target = heading("sec-design", 1, "1", "Study design")
    line = paragraphs(written(target, Paragraph((Ref("sec-design", "section 1"),))), "BodyText")[0]
    assert field_results(line) == [(r"REF sec_design \r \h", "1")]
    assert shown(line) == "section 1"


def test_a_reference_to_a_table_repeats_the_bookmarked_label_of_its_caption() -> None:
    root = written(replace(spanner_table(), notes=(), body=spanner_table().body[:2]), Paragraph((Ref("tbl-rates", "Table 1"),)))
    assert field_results(paragraphs(root, "BodyText")[0]) == [(r"REF tbl_rates \h", "Table 1")]
    caption = paragraphs(root, "Caption")[0]
    start = caption.find(f"{W}bookmarkStart")
    marked = []
    for node in start.itersiblings():
        if node.tag == f"{W}bookmarkEnd":
            break
        marked.append(node)
    assert "".join(node.text or "" for run in marked for node in run.iter(f"{W}t")) == "Table 1"
    assert field_results(caption) == [(r"SEQ Table \* ARABIC", "1")]


def test_a_number_leads_to_the_bookmark_of_the_cell_that_explains_it() -> None:
    table = spanner_table()
    first, second, *rest = table.body[1].cells
    row = replace(table.body[1], cells=(first, replace(second, id="value-rate-pooled"), *rest))
    root = written(Paragraph((Value("rate.pooled", "0.75"),)), replace(table, notes=(), body=(table.body[0], row)))
    way = next(node.get(f"{W}anchor") for node in root.iter(f"{W}hyperlink"))
    (start,) = [node for node in root.iter(f"{W}bookmarkStart") if node.get(f"{W}name") == way]
    cell = start.getparent()
    assert cell.tag == f"{W}tc"
    assert cell[-1].tag == f"{W}p"  # Word opens no cell that ends otherwise.


def test_each_number_of_a_citation_links_to_its_work_and_a_range_to_its_first() -> None:
    works = rich().body[-5]
    line = Paragraph((Citation(("one", "three"), "[1,3]"), Citation(("one", "two", "three"), "[1–3]")))
    root = written(line, works)
    links = [(node.get(f"{W}anchor"), shown(node)) for node in paragraphs(root, "BodyText")[0].iter(f"{W}hyperlink")]
    assert links == [("ref_one", "1"), ("ref_three", "3"), ("ref_one", "[1–3]")]


# ---------------------------------------------------------------- contents


def test_the_contents_are_a_field_whose_entries_are_there_before_anybody_updates_it(body: etree._Element) -> None:
    assert r'TOC \o "1-4" \h \z \u' in instructions(body)
    assert r'TOC \h \z \c "Table"' in instructions(body)
    assert r'TOC \h \z \c "Figure"' in instructions(body)
    entries = [shown(p).split("\t") for p in paragraphs(body, "TOC1")]
    assert entries[0] == ["1", "Table of contents", "2"]
    assert entries[-1][:2] == ["Annex 2", "Additional information"]
    assert shown(paragraphs(body, "TableofFigures")[0]).startswith("Table 1. Serious infections")


def test_an_annex_entry_has_a_tab_stop_of_its_own_and_a_short_title_still_reaches_the_page_number(body: etree._Element) -> None:
    numbered, annex = paragraphs(body, "TOC1")[0], paragraphs(body, "TOC1")[-1]
    assert numbered.find(f"{W}pPr/{W}tabs") is None
    assert [stop.get(f"{W}val") for stop in annex.find(f"{W}pPr/{W}tabs")] == ["left"]


def test_a_section_does_not_end_inside_the_contents() -> None:
    entry = ContentsEntry(1, "1", "Study design", "sec-design")
    root = written(heading("sec-design", 1, "1", "Study design"), front=(Contents("sections", (entry,)),))
    assert paragraphs(root, "TOC1")[0].find(f".//{W}sectPr") is None
    assert paragraphs(root, "TableEnd")[0].find(f".//{W}sectPr") is not None


def test_page_numbers_come_from_the_paged_layout_and_are_fields() -> None:
    entry = ContentsEntry(1, "1", "Study design", "sec-design")
    blocks = (Contents("sections", (entry,)), heading("sec-design", 1, "1", "Study design"))
    for pages, page in (({"sec-design": 17}, "17"), (None, "")):
        root = read(render_docx(document(*blocks), style(), pages), "word/document.xml")
        assert (r"PAGEREF sec_design \h", page) in field_results(root)


def test_fields_are_well_formed_and_nothing_makes_word_ask_for_an_update(file: bytes, body: etree._Element) -> None:
    depth = 0
    for node in body.iter(f"{W}fldChar"):
        depth += {"begin": 1, "separate": 0, "end": -1}[node.get(f"{W}fldCharType")]
        assert depth >= 0
    assert depth == 0
    assert read(file, "word/settings.xml").find(f"{W}updateFields") is None


# ---------------------------------------------------------------- pages


def test_every_section_has_header_and_footer_with_identity_marks_and_page_count(file: bytes, body: etree._Element) -> None:
    sections = list(body.iter(f"{W}sectPr"))
    assert len(sections) >= 5
    for section in sections:
        assert section.find(f"{W}headerReference") is not None
        assert section.find(f"{W}footerReference") is not None
        assert section.find(f"{W}titlePg") is None  # the first page shows the marks, too
    for orientation in ("portrait", "landscape"):
        header = shown(read(file, f"word/header-{orientation}.xml"))
        footer = read(file, f"word/footer-{orientation}.xml")
        assert "Serious infections in MS\tSAMPLE-PASS-01-PRO" in header
        assert "Draft · Illustrative example, not a real study" in header
        assert instructions(footer) == ["PAGE", "NUMPAGES"]
        assert shown(footer) == "Study protocol · Version 1.0 · 30 June 2026\tPage 1 of 1"


def test_a_landscape_table_turns_its_pages_only_and_takes_its_heading_along() -> None:
    root = written(
        heading("sec-a", 1, "1", "Before"), para("words"), heading("sec-b", 1, "2", "Wide"), wide_table_alone(), para("after")
    )  # fmt: skip
    sizes = [(node.get(f"{W}w"), node.get(f"{W}h"), node.get(f"{W}orient")) for node in root.iter(f"{W}pgSz")]
    assert sizes == [("11906", "16838", None), ("16838", "11906", "landscape"), ("11906", "16838", None)]
    first_end = next(root.iter(f"{W}sectPr"))
    following = first_end.getparent().getparent().getnext()
    assert shown(following) == "Wide"


def test_a_sentence_between_two_landscape_tables_does_not_get_a_page_alone() -> None:
    second = replace(wide_table(), id="tbl-second", number=2)
    together = written(wide_table_alone(), para("One sentence."), second, para("after"))
    assert [node.get(f"{W}orient") for node in together.iter(f"{W}pgSz")] == ["landscape", None]
    apart = written(wide_table_alone(), para("Many sentences. " * 60), second, para("after"))
    assert [node.get(f"{W}orient") for node in apart.iter(f"{W}pgSz")] == ["landscape", None, "landscape", None]


def wide_table_alone() -> Block:
    return replace(wide_table(), number=1)


def test_the_body_begins_on_a_new_page_after_the_title_page() -> None:
    root = written(para("body"), front=(Paragraph(text("A title"), "title"),))
    title = paragraphs(root, "Title")[0]
    assert title.find(f"{W}pPr/{W}sectPr/{W}type").get(f"{W}val") == "nextPage"


def test_a_section_without_words_still_ends_in_a_paragraph_of_its_own() -> None:
    root = written(Contents("figures"), wide_table_alone(), front=(Paragraph(text("A title"), "title"),))
    assert all(len(properties.findall(f"{W}sectPr")) <= 1 for properties in root.iter(f"{W}pPr"))
    assert len(list(root.iter(f"{W}sectPr"))) == 3


def test_a_page_break_belongs_to_the_paragraph_that_follows() -> None:
    root = written(para("one"), PageBreak(), para("two"))
    first, second = paragraphs(root, "BodyText")
    assert first.find(f"{W}pPr/{W}pageBreakBefore") is None
    assert second.find(f"{W}pPr/{W}pageBreakBefore") is not None


def test_a_page_break_at_the_start_of_a_section_does_not_make_an_empty_page() -> None:
    root = written(PageBreak(), para("one"), front=(Paragraph(text("A title"), "title"),))
    assert not list(root.iter(f"{W}pageBreakBefore"))


# ---------------------------------------------------------------- figures and boxes


def test_a_figure_has_a_text_alternative_a_printed_width_and_its_vector_form() -> None:
    root = written(figure())
    drawing = next(root.iter("{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}inline"))
    properties = drawing.find("{*}docPr")
    assert properties.get("descr").startswith("Forest plot: registry A")
    assert drawing.find("{*}extent").get("cx") == str(15 * 360000)
    assert drawing.find("{*}extent").get("cy") == str(15 * 360000 * 500 // 1200)
    assert drawing.find(".//{http://schemas.microsoft.com/office/drawing/2016/SVG/main}svgBlip") is not None


def test_a_figure_is_never_wider_than_its_page() -> None:
    portrait = written(replace(wide_figure(), landscape=False, number=1))
    assert int(portrait.find(".//{*}extent").get("cx")) <= 16 * 360000 + 635
    turned = written(replace(wide_figure(), number=1))
    assert int(turned.find(".//{*}extent").get("cx")) == 24 * 360000


def test_a_tall_figure_leaves_room_for_its_caption() -> None:
    tall = written(figure(png=png(200, 1000)))
    assert int(tall.find(".//{*}extent").get("cy")) < (24.0 - 3) * 360000


def test_a_picture_that_is_not_a_png_is_refused_by_name() -> None:
    with pytest.raises(WriterError, match="fig-forest"):
        written(figure(png=b"GIF89a"))


def test_a_callout_is_made_of_bordered_paragraphs() -> None:
    root = written(Callout((para("Not confirmed."),), "warning"))
    assert shown(paragraphs(root, "CalloutWarning")[0]) == "Not confirmed."
    assert root.find(f".//{W}tbl") is None


# ---------------------------------------------------------------- refusals


def test_an_unfinished_tree_is_refused_with_all_its_faults() -> None:
    blocks = (
        Slot("table", "tbl-open", "milestones"),
        heading("sec-a", 1, "2", "Numbered by hand"),
        Paragraph((Ref("sec-b", "section 9"), Citation(("nobody",), "[1]"), Footnote(text("x"), 7))),
    )
    with pytest.raises(WriterError) as caught:
        render_docx(document(*blocks), style(), None)
    told = str(caught.value)
    for words in ("tbl-open", 'automatic numbering gives "1"', "sec-b", "nobody", "number 7"):
        assert words in told
