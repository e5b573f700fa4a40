"""Plain text printed as Markdown reads as it was written."""

from __future__ import annotations

import re
from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studygen.document.markup import SEPARATORS, escape_markdown, unescape_markdown, value_role
from studygen.document.nodes import ListBlock, Paragraph, Text, Value, plain_text
from studygen.document.parsing import parse_blocks, parse_inline
from studygen.document.templating import MarkdownEnvironment, make_environment

HOSTILE = [
    "*_|<&",
    "a * b * c _d_ __e__ ***",
    "<b>bold</b> <!-- x --> &amp; &lt; &#42;",
    "`code` ``more`` ```fence```",
    "[link](https://x.org) ![image](x) [1]: y",
    "{value}`id|9.9` {{ study }} {% if %} {# c #}",
    "- item",
    "+ item",
    "1. first",
    "12) twelfth",
    ". x",
    "# heading",
    "> quote",
    "=====",
    "---",
    "***",
    "~~~",
    "(sec-x)=",
    "| a | b |",
    "$x$ \\alpha \\",
    "Größe ≥ 5 µg, Ménière, 多発性硬化症, 🧠, e\u0301, \u00a0no-break\u2009thin",
    "line one\nline two\n\n- line three\r\n    four",
    "x" * 500,
    "word " * 100,
]


def folded(text: str) -> str:
    return SEPARATORS.sub(" ", text).strip()


def shown(markdown: str) -> str:
    """What a reader sees of Markdown that is one paragraph of plain text."""
    blocks = parse_blocks(markdown, "test")
    if not blocks:
        return ""
    assert len(blocks) == 1
    assert isinstance(blocks[0], Paragraph)
    assert all(isinstance(node, Text) for node in blocks[0].children)
    return folded(plain_text(blocks[0].children))


@pytest.fixture(scope="module")
def printing() -> MarkdownEnvironment:
    return make_environment([], {}, {})


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_reads_as_it_was_written(text: str) -> None:
    assert shown(escape_markdown(text)) == folded(text)


@settings(max_examples=300, deadline=None)
@given(
    text=st.text(st.characters(exclude_categories=("Cs", "Cc", "Cn")), max_size=80)
    | st.text("*_`#<>&|{}[]()-+.=1 \n\\~!$", max_size=40)
)
def test_any_text_reads_as_it_was_written_when_a_template_prints_it(printing: MarkdownEnvironment, text: str) -> None:
    printed = printing.from_string("{{ text }}").render(text=text)
    assert shown(printed) == folded(text)


@settings(max_examples=150, deadline=None)
@given(parts=st.lists(st.text("*_`#<>&|{}[]()-+.=12 \\!a", max_size=6), max_size=4))
def test_texts_side_by_side_make_no_markup_of_each_other(printing: MarkdownEnvironment, parts: list[str]) -> None:
    printed = printing.from_string("{% for part in parts %}{{ part }}{% endfor %}").render(parts=parts)
    assert re.sub(" +", " ", shown(printed)) == re.sub(" +", " ", folded("".join(parts)))


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_text_in_a_list_item_stays_in_it(text: str) -> None:
    (block,) = parse_blocks(f"- {escape_markdown(text)}\n- second", "test")
    assert isinstance(block, ListBlock)
    assert len(block.items) == 2
    (paragraph,) = block.items[0]
    assert isinstance(paragraph, Paragraph)
    assert folded(plain_text(paragraph.children)) == folded(text)


@pytest.mark.parametrize("text", HOSTILE)
def test_a_value_shows_its_text_whatever_is_in_it(text: str) -> None:
    (value,) = parse_inline(str(value_role("a_b.pooled", text)))
    assert value == Value("a_b.pooled", folded(text)) or folded(value.text) == folded(text)


def test_escaping_can_be_undone_where_markdown_does_not() -> None:
    assert unescape_markdown(escape_markdown("arr_ratio `x` &amp; *")) == "arr_ratio `x` &amp; *"


def test_characters_that_no_format_can_hold_become_the_replacement_character() -> None:
    assert shown(escape_markdown("a\x02b\x00c")) == "a\ufffdb\ufffdc"


def test_the_small_documents_title_is_hostile_on_purpose(small: SimpleNamespace) -> None:
    assert shown(escape_markdown(small.study().title)) == "Serious infections in *all* | <registries> & {centres}"
