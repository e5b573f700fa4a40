"""Going through the tree: every kind of node is known, unchanged parts stay as they are."""

from __future__ import annotations

from dataclasses import fields, replace
from types import SimpleNamespace
from typing import get_args

from studygen.document import nodes
from studygen.document.nodes import Callout, Emphasis, Footnote, ListBlock, Paragraph, Ref, Slot, Table, Text
from studygen.document.rewriting import INNER, transform


def test_every_node_type_and_every_field_that_holds_nodes_is_known() -> None:
    types = set(get_args(nodes.Node))
    assert types == set(INNER)
    for kind in types:
        holding = {
            f.name
            for f in fields(kind)
            if str(f.type).startswith("tuple") and "str" not in str(f.type) and "float" not in str(f.type)
        }
        assert set(INNER[kind]) == holding, kind


def test_nodes_are_rewritten_inside_first_and_in_reading_order(small: SimpleNamespace) -> None:
    seen: list[str] = []

    def noted(node: object) -> object:
        seen.append(type(node).__name__ + getattr(node, "text", ""))
        return node

    table = small.table("tbl-a", "caption", "cell", notes=("note",))
    tree = (Paragraph((Text("one"), Emphasis((Text("two"),)))), Callout((ListBlock(((Paragraph((Text("three"),)),),)), table)))
    transform(tree, {Text: noted, Emphasis: noted, Table: noted})
    assert seen == ["Textone", "Texttwo", "Emphasis", "Textthree", "Textcaption", "TextItem", "Textcell", "Textnote", "Table"]


def test_a_tree_without_the_wanted_kind_is_returned_itself(small: SimpleNamespace) -> None:
    tree = (Paragraph((Text("one"),)), small.table("tbl-a", "caption", "cell"))
    assert transform(tree, {Ref: lambda node: replace(node, text="x")}) is tree


def test_only_what_holds_a_changed_node_is_rebuilt(small: SimpleNamespace) -> None:
    table = small.table("tbl-a", "caption", "cell")
    tree = (table, Paragraph((Ref("x"),)))
    changed = transform(tree, {Ref: lambda node: replace(node, text="Table 1")})
    assert changed[1] == Paragraph((Ref("x", "Table 1"),))
    assert changed[0] is table
    assert tree[1] == Paragraph((Ref("x"),))


def test_a_slot_in_a_list_can_become_a_table(small: SimpleNamespace) -> None:
    table = small.table("tbl-a")
    (block,) = transform((ListBlock(((Slot("table", "tbl-a", "a"),),)),), {Slot: lambda _: table})
    assert block == ListBlock(((table,),))


def test_footnotes_are_reached_wherever_they_stand() -> None:
    tree = (Paragraph((Emphasis((Footnote((Text("x"),)),)),)),)
    (paragraph,) = transform(tree, {Footnote: lambda node: replace(node, number=7)})
    assert paragraph == Paragraph((Emphasis((Footnote((Text("x"),), 7),)),))
