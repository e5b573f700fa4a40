"""Whether a reader is told, wherever a result of a post hoc analysis stands, that it is one (E85)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from studygen.checks.subject import Subject
from studygen.document.nodes import Block, Document, Figure, Heading, Paragraph, Row, Table, Text, Value, plain_text, walk
from studygen.errors import Fault, Place

POST_HOC = re.compile(r"post[ \-\N{NO-BREAK SPACE}\N{NON-BREAKING HYPHEN}]hoc", re.IGNORECASE)


def post_hoc_results_are_called_so(subject: Subject) -> Iterator[Fault]:
    """Wherever a result of a post hoc analysis stands, the reader is told that it is one."""
    post_hoc = {each.id: each.label for each in subject.study.analyses if each.post_hoc}
    if post_hoc:
        for name, checked in subject.documents.items():
            yield from _unmarked(name, checked.tree, post_hoc)


def _unmarked(name: str, document: Document, labels: Mapping[str, str]) -> Iterator[Fault]:
    heading, told = "", set()
    for block in _blocks(document.body):
        if isinstance(block, Heading):
            heading = f"{block.number} {plain_text(block.children)}".strip()
            continue
        for analysis in _shown_without_mark(block, labels):
            if not POST_HOC.search(heading) and (heading, analysis) not in told:
                told.add((heading, analysis))
                what = f'a result of "{labels[analysis]}" is shown without the words "post hoc"'
                yield Fault(Place(name, path=heading), what, 'Say "post hoc" in the sentence that gives the result.')


def _blocks(blocks: Sequence[Block]) -> Iterator[Heading | Paragraph | Table]:
    """Headings, paragraphs and tables in reading order; paragraphs of lists and boxes too, those of tables not."""
    for block in blocks:
        if isinstance(block, Heading | Paragraph | Table):
            yield block
        elif not isinstance(block, Figure):
            yield from (node for node in walk(block) if isinstance(node, Paragraph))


def _shown_without_mark(block: Paragraph | Table, labels: Mapping[str, str]) -> Iterator[str]:
    if isinstance(block, Paragraph):
        if not POST_HOC.search(plain_text(block.children)):
            yield from _owners(block, labels)
        return
    if POST_HOC.search(plain_text(block.caption)):
        return
    above = ""
    for row in block.body:
        text = _text(row)
        above = text if row.kind == "group" else above
        if not POST_HOC.search(text) and not POST_HOC.search(above):
            yield from _owners(row, labels)


def _owners(node: object, labels: Mapping[str, str]) -> Iterator[str]:
    found = (each.id.partition(".")[0] for each in walk(node) if isinstance(each, Value))
    return iter(dict.fromkeys(each for each in found if each in labels))


def _text(row: Row) -> str:
    return " ".join(each.text for each in walk(row) if isinstance(each, Text | Value))
