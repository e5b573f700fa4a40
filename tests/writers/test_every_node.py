"""The HTML writer, and with it the PDF, writes every node type of the closed tree."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

import pytest
import samples

from studygen.document import nodes
from studygen.document.nodes import Block, Inline
from studygen.errors import WriterError
from studygen.writers.html import Here, block
from studygen.writers.html_inline import Links, inline
from studygen.writers.style import load_style

STYLE = load_style(Path(__file__).parents[2] / "templates" / "style" / "brand.yaml")
HERE = Here(samples.meta(), STYLE, Links())

HELLO = (nodes.Text("hello"),)

INLINES: tuple[Inline, ...] = (
    nodes.Text("hello"),
    nodes.Emphasis(HELLO),
    nodes.Strong(HELLO),
    nodes.Code("hello"),
    nodes.Script(HELLO, "sub"),
    nodes.Link(HELLO, "https://example.org"),
    nodes.Ref("tbl-hello", "hello"),
    nodes.Citation(("one",), "hello"),
    nodes.Value("rate.hello", "hello"),
    nodes.Footnote(HELLO, 1),
    nodes.Break(),
)

CELL = nodes.Cell((nodes.Paragraph(HELLO),), header=True)
ROW = nodes.Row((CELL,))

BLOCKS: tuple[Block, ...] = (
    nodes.Heading("sec-hello", 1, HELLO, "1"),
    nodes.Paragraph(HELLO),
    nodes.ListBlock(((nodes.Paragraph(HELLO),),)),
    nodes.Table("tbl-hello", HELLO, (ROW,), (ROW,), (1,), number=1),
    nodes.Figure("fig-hello", HELLO, "hello", samples.SVG, samples.PNG, 5, number=1),
    nodes.Slot("table", "tbl-hello", "hello"),
    nodes.Contents("sections", (nodes.ContentsEntry(1, "1", "hello", "sec-hello"),)),
    nodes.Bibliography((nodes.BibliographyEntry("one", "1.", HELLO),)),
    nodes.Callout((nodes.Paragraph(HELLO),)),
    nodes.PageBreak(),
)

WORDLESS = (nodes.Break, nodes.PageBreak)


def test_the_examples_here_are_all_node_types_there_are() -> None:
    assert [type(node) for node in INLINES] == list(get_args(nodes.Inline))
    assert [type(node) for node in BLOCKS] == list(get_args(nodes.Block))


@pytest.mark.parametrize("node", INLINES, ids=lambda node: type(node).__name__)
def test_every_inline_node_is_written(node: Inline) -> None:
    written = inline(node, Links())
    assert written.startswith("<") or type(node) is nodes.Text
    assert "hello" in written or isinstance(node, WORDLESS)


@pytest.mark.parametrize(
    "node", [node for node in BLOCKS if not isinstance(node, nodes.Slot)], ids=lambda node: type(node).__name__
)
def test_every_block_is_written(node: Block) -> None:
    written = block(node, HERE)
    assert written.startswith("<")
    assert "hello" in written or isinstance(node, WORDLESS)


def test_a_slot_that_was_not_filled_is_an_error_that_names_it() -> None:
    with pytest.raises(WriterError, match="tbl-hello"):
        block(nodes.Slot("table", "tbl-hello", "hello"), HERE)
