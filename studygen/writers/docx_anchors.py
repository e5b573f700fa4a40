"""Where references lead in a Word file: bookmark names, and what stands at each target; and the test, before anything is
written, that a tree can be written. Knows nothing about XML."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from studygen.document.nodes import (
    Bibliography,
    Cell,
    Citation,
    Contents,
    Document,
    Figure,
    Footnote,
    Heading,
    Ref,
    Row,
    Slot,
    Table,
    walk,
)
from studygen.errors import Fault, Place, WriterError, did_you_mean
from studygen.writers.docx_numbering import automatic_numbers

LONGEST_NAME = 40
"""Word's limit for bookmark names; longer ones are cut, which makes two of them one."""


def bookmark_name(id: str) -> str:
    """A bookmark name for an id: letters, digits and underscores, beginning with a letter, at most 40 characters, the same
    in every build and different for different ids."""
    name = id.replace("-", "_")
    if re.fullmatch(r"[A-Za-z][A-Za-z0-9-]*", id) and len(id) <= LONGEST_NAME:
        return name
    digest = hashlib.sha256(id.encode()).hexdigest()[:8]
    kept = re.sub(r"[^A-Za-z0-9_]", "_", name)
    kept = kept if kept[:1].isalpha() else f"b{kept}"
    return f"{kept[: LONGEST_NAME - 9]}_{digest}"


@dataclass(frozen=True, slots=True)
class Anchors:
    """What a reference may lead to, by id: the numbers of headings ("" for one without), the labels of tables and figures
    ("Table 3", "" for one without) and the labels of cited works by key."""

    headings: Mapping[str, str]
    captions: Mapping[str, str]
    works: Mapping[str, str]
    rows: Collection[str] = frozenset()
    """The ids of table rows that a number may lead to."""


def anchors_of(document: Document, nodes: Sequence[object]) -> Anchors:
    """The anchors of a document, whose `nodes` are all of it in reading order. WriterError with every fault when the tree is
    not finished or would not come out in Word as it stands: a slot left open, a reference or citation that leads nowhere, two
    targets of one name, a heading or footnote whose number is not the one Word's automatic numbering gives."""
    headings = [node for node in nodes if isinstance(node, Heading)]
    words = {"table": document.meta.label("table"), "figure": document.meta.label("figure")}
    anchors = Anchors(
        headings={heading.id: heading.number for heading in headings},
        captions={
            node.id: f"{words['table' if isinstance(node, Table) else 'figure']} {node.number}" if node.number else ""
            for node in nodes
            if isinstance(node, Table | Figure)
        },
        works={entry.key: entry.label for node in nodes if isinstance(node, Bibliography) for entry in node.entries},
        rows=frozenset(node.id for node in nodes if isinstance(node, Row | Cell) and node.id),
    )
    source = document.meta.reference
    faults = [Fault(Place(source, path=path), what, remedy) for path, what, remedy in _faults(nodes, headings, anchors)]
    if faults:
        raise WriterError(faults)
    return anchors


def _faults(nodes: Sequence[object], headings: Sequence[Heading], anchors: Anchors) -> Iterator[tuple[str, str, str]]:
    targets = [node.id for node in nodes if isinstance(node, Heading | Table | Figure)]
    named = [*targets, *(node.id for node in nodes if isinstance(node, Row | Cell) and node.id)]
    for name, count in Counter(bookmark_name(target) for target in named).items():
        if count > 1:
            shared = next(target for target in named if bookmark_name(target) == name)
            yield shared, f"{count} headings, tables, figures or rows have this id", "Give each an id of its own."
    for node in nodes:
        match node:
            case Slot():
                yield node.id, "this slot was not filled", "Compose the document before it is written."
            case Ref() if node.target not in targets:
                yield node.target, "a reference leads nowhere", did_you_mean(node.target, targets)
            case Contents(_, entries):
                for entry in entries:
                    if entry.target not in targets:
                        yield entry.target, "an entry of the contents leads nowhere", did_you_mean(entry.target, targets)
            case Citation(keys, _):
                for key in keys:
                    if key not in anchors.works:
                        yield key, "a cited work is not in the reference list", did_you_mean(key, anchors.works)
    for heading, automatic in zip(headings, automatic_numbers(headings), strict=True):
        if heading.number != automatic:
            what = f'the heading is numbered "{heading.number}", where automatic numbering gives "{automatic}"'
            yield heading.id, what, "Number the sections of a document in sequence, without gaps."
    for position, footnote in enumerate((node for node in nodes if isinstance(node, Footnote)), start=1):
        if footnote.number != position:
            yield f"footnote {position}", f"the footnote carries the number {footnote.number}", "Number the document first."
        if any(isinstance(node, Footnote) for node in walk(footnote.children)):
            yield f"footnote {position}", "the footnote holds a footnote", "Word has no footnotes inside footnotes."
