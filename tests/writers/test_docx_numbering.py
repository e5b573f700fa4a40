"""Word's automatic numbers are the numbers of the tree: read back from the numbering part as Word reads it."""

from __future__ import annotations

import re
from collections import defaultdict

import pytest
from docx_samples import W, deep_list, pages_of, paragraphs, read, sample, shown, style
from lxml import etree
from samples import document, heading, para

from studygen.document.nodes import Block, Heading, ListBlock
from studygen.errors import WriterError
from studygen.writers.docx import render_docx


def value(element: etree._Element | None, path: str) -> str | None:
    found = None if element is None else element.find(path)
    return None if found is None else found.get(f"{W}val")


def word_numbers(file: bytes) -> list[tuple[str, str, str]]:
    """(style id, number, words) of every numbered paragraph, numbered as ECMA-376 part 1, 17.9 says: the paragraph's own
    numPr, else its style's (inherited); the level's text with the counters of its levels; a counter restarts after a higher
    level; an instance with a start override begins anew."""
    styles = {node.get(f"{W}styleId"): node for node in read(file, "word/styles.xml").iter(f"{W}style")}
    numbering = read(file, "word/numbering.xml")
    abstract = {node.get(f"{W}abstractNumId"): node for node in numbering.findall(f"{W}abstractNum")}
    instances = {node.get(f"{W}numId"): node for node in numbering.findall(f"{W}num")}
    counters: dict[str, list[int]] = defaultdict(lambda: [0] * 9)
    found = []
    for paragraph in read(file, "word/document.xml").iter(f"{W}p"):
        style_id = value(paragraph, f"{W}pPr/{W}pStyle")
        chain, current = [paragraph], style_id
        while current:
            chain.append(styles[current])
            current = value(styles[current], f"{W}basedOn")
        number = next((id for one in chain if (id := value(one, f"{W}pPr/{W}numPr/{W}numId"))), "0")
        if number == "0":
            continue
        owner = next(one for one in chain if value(one, f"{W}pPr/{W}numPr/{W}numId"))
        level = int(value(owner, f"{W}pPr/{W}numPr/{W}ilvl") or 0)
        instance = instances[number]
        definition_id = value(instance, f"{W}abstractNumId") or ""
        series = number if instance.find(f"{W}lvlOverride") is not None else definition_id
        counter = counters[series]
        counter[level] += 1
        counter[level + 1 :] = [0] * (8 - level)
        lvl = next(one for one in abstract[definition_id].findall(f"{W}lvl") if one.get(f"{W}ilvl") == str(level))
        pattern = value(lvl, f"{W}lvlText") or ""
        shown_number = re.sub(r"%(\d)", lambda match, c=counter: str(c[int(match[1]) - 1]), pattern)
        found.append((style_id or "", shown_number, shown(paragraph)))
    return found


def headings_of(file: bytes) -> list[tuple[str, str]]:
    return [(number, words) for style_id, number, words in word_numbers(file) if "Heading" in style_id]


def test_word_numbers_headings_and_annexes_as_the_tree_does() -> None:
    tree = sample()
    file = render_docx(tree, style(), pages_of(tree))
    expected = [
        (block.number, block.children[0].text)  # type: ignore[union-attr]
        for block in tree.body
        if isinstance(block, Heading) and block.kind != "unnumbered"
    ]
    assert headings_of(file) == expected
    assert ("3.1.1.1.1", "A fifth level") in expected
    assert ("Annex 2.1", "Beneath an annex") in expected


def test_a_level_starts_again_below_the_next_higher_one() -> None:
    blocks = (
        heading("a", 1, "1", "One"), heading("b", 2, "1.1", "One one"), heading("c", 3, "1.1.1", "Deep"),
        heading("d", 2, "1.2", "One two"), heading("e", 3, "1.2.1", "Deep again"), heading("f", 1, "2", "Two"),
        heading("g", 2, "2.1", "Two one"), heading("x", 1, "Annex 1", "First", "annex"),
        heading("y", 2, "Annex 1.1", "Below", "annex"), heading("z", 1, "Annex 2", "Second", "annex"),
        heading("zz", 2, "Annex 2.1", "Below again", "annex"),
    )  # fmt: skip
    file = render_docx(document(*blocks), style(), None)
    assert [number for number, _ in headings_of(file)] == [block.number for block in blocks]


def test_an_unnumbered_heading_has_no_number_and_does_not_count() -> None:
    blocks = (heading("a", 1, "1", "One"), heading("b", 1, "", "Aside", "unnumbered"), heading("c", 1, "2", "Two"))
    file = render_docx(document(*blocks), style(), None)
    assert headings_of(file) == [("1", "One"), ("2", "Two")]
    assert paragraphs(read(file, "word/document.xml"), "HeadingUnnumbered")


def test_annex_headings_are_headings_of_the_first_outline_level() -> None:
    file = render_docx(document(heading("x", 1, "Annex 1", "First", "annex")), style(), None)
    styles = {node.get(f"{W}styleId"): node for node in read(file, "word/styles.xml").iter(f"{W}style")}
    assert value(styles["AnnexHeading"], f"{W}basedOn") == "Heading1"
    assert value(styles["AnnexHeading"], f"{W}pPr/{W}outlineLvl") == "0"


def test_the_word_before_annex_numbers_comes_from_the_tree() -> None:
    file = render_docx(document(heading("x", 1, "Anhang 1", "Erster", "annex")), style(), None)
    assert headings_of(file) == [("Anhang 1", "Erster")]


def test_a_gap_in_the_numbers_is_refused() -> None:
    with pytest.raises(WriterError, match='automatic numbering gives "2"'):
        render_docx(document(heading("a", 1, "1", "One"), heading("b", 1, "3", "Three")), style(), None)


def numbers_of(*blocks: Block) -> list[tuple[str, str]]:
    file = render_docx(document(*blocks), style(), None)
    return [(number, words) for _, number, words in word_numbers(file)]


def test_every_numbered_list_begins_at_one() -> None:
    lists = [ListBlock(((para("a"),), (para("b"),)), ordered=True)] * 2
    assert numbers_of(lists[0], para("between"), lists[1]) == [("1.", "a"), ("2.", "b"), ("1.", "a"), ("2.", "b")]


def test_a_list_goes_on_after_the_list_inside_it() -> None:
    found = numbers_of(deep_list(ordered=True))
    assert [number for number, _ in found] == ["1.", "1.", "1.", "2.", "2.", "2."]
    assert found[-1] == ("2.", "next")


def test_bullets_inside_numbers_do_not_break_the_count() -> None:
    inner = ListBlock(((para("bullet"),),))
    outer = ListBlock(((para("a"), inner), (para("b"),)), ordered=True)
    assert [number for number, _ in numbers_of(outer)] == ["1.", "–", "2."]
