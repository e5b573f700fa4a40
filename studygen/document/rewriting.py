"""Rebuilding the document tree: functions applied to the nodes of the kinds they are for, from the leaves up. Knows which node
can hold which; knows nothing about what passes do."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cache
from typing import Any, TypeVar, get_args

from studygen.document import nodes
from studygen.document.nodes import Block, Inline

Tree = TypeVar("Tree")
Rewrites = Mapping[type, Callable[[Any], object]]
"""What replaces a node, by its kind."""

INLINE: tuple[type, ...] = get_args(Inline)
BLOCK: tuple[type, ...] = get_args(Block)

INNER: dict[type, dict[str, tuple[type, ...]]] = {
    nodes.Text: {},
    nodes.Emphasis: {"children": INLINE},
    nodes.Strong: {"children": INLINE},
    nodes.Code: {},
    nodes.Script: {"children": INLINE},
    nodes.Link: {"children": INLINE},
    nodes.Ref: {},
    nodes.Citation: {},
    nodes.Value: {},
    nodes.Footnote: {"children": INLINE},
    nodes.Break: {},
    nodes.Heading: {"children": INLINE},
    nodes.Paragraph: {"children": INLINE},
    nodes.ListBlock: {"items": BLOCK},
    nodes.Cell: {"blocks": BLOCK},
    nodes.Row: {"cells": (nodes.Cell,)},
    nodes.Table: {"caption": INLINE, "header": (nodes.Row,), "body": (nodes.Row,), "notes": INLINE},
    nodes.Figure: {"caption": INLINE, "notes": INLINE, "values": (nodes.Value,)},
    nodes.Slot: {},
    nodes.Contents: {"entries": (nodes.ContentsEntry,)},
    nodes.ContentsEntry: {},
    nodes.Bibliography: {"entries": (nodes.BibliographyEntry,)},
    nodes.BibliographyEntry: {"children": INLINE},
    nodes.Callout: {"blocks": BLOCK},
    nodes.PageBreak: {},
}
"""The fields of every node type that hold nodes, in reading order, and what they can hold."""


def transform(tree: Tree, rewrites: Rewrites) -> Tree:
    """`tree` (a node, or tuples of nodes) with each node of the given kinds replaced by what its function returns; in reading
    order, the nodes inside a node before the node itself.

    A part in which nothing changes is returned as it is, and a part that cannot hold any of the kinds is not entered.
    """
    visited = _visited(frozenset(rewrites))

    def rebuilt(part: Any) -> Any:
        kind = type(part)
        if kind is tuple:
            changed: list[object] | None = None
            for position, item in enumerate(part):
                if type(item) not in visited:
                    continue
                new = rebuilt(item)
                if new is not item:
                    if changed is None:
                        changed = list(part)
                    changed[position] = new
            return part if changed is None else tuple(changed)
        changes = {}
        for name in visited[kind]:
            old = getattr(part, name)
            new = rebuilt(old)
            if new is not old:
                changes[name] = new
        if changes:
            part = replace(part, **changes)
        return rewrites[kind](part) if kind in rewrites else part

    result: Tree = rebuilt(tree) if type(tree) in visited else tree
    return result


@cache
def _visited(wanted: frozenset[type]) -> dict[type, tuple[str, ...]]:
    """The kinds of node that are or can hold a wanted kind, with the fields that can."""
    reaching = set(wanted)
    while True:
        more = {kind for kind, held in INNER.items() for kinds in held.values() if reaching.intersection(kinds)} - reaching
        if not more:
            break
        reaching |= more
    entered = {
        kind: tuple(name for name, kinds in held.items() if reaching.intersection(kinds))
        for kind, held in INNER.items()
        if kind in reaching
    }
    return {tuple: (), **entered}
