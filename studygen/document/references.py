"""Cross-references and generated lists: every reference gets its words ("Table 3"), every list its entries. Knows the numbers
that numbering gave, not how they came about."""

from __future__ import annotations

from dataclasses import replace

from studygen.document.nodes import Contents, ContentsEntry, Document, Figure, Heading, Meta, Ref, Table, plain_text
from studygen.document.numbering import Locate, anchored
from studygen.document.rewriting import transform
from studygen.errors import Fault, TemplateError, did_you_mean

LABELS = ("section", "table", "figure")
"""Keys of Meta.labels that references are made of."""

DEEPEST_LISTED = 4
"""The deepest heading level that the table of contents lists; bookmarks go as deep, so that both are the same."""


def resolve_references(document: Document, locate: Locate) -> Document:
    """The document with the text of every reference. Raises TemplateError with all that lead nowhere."""
    words = names_of(document)
    faults: dict[str, list[Fault]] = {}

    def resolved(node: Ref) -> Ref:
        if node.target not in words:
            remedy = did_you_mean(node.target, [id for id, text in words.items() if text])
            what = f'nothing in this document has the id "{node.target}"'
            faults[node.target] = [Fault(place, what, remedy) for place in locate("ref", node.target)]
        elif not words[node.target]:
            what = f'"{node.target}" has no caption and so no number to refer to'
            faults[node.target] = [
                Fault(place, what, "Give it a caption, or say where it stands.") for place in locate("ref", node.target)
            ]
        else:
            return replace(node, text=words[node.target])
        return node

    front, body = transform((document.front, document.body), {Ref: resolved})
    if faults:
        raise TemplateError([fault for found in faults.values() for fault in found])
    return replace(document, front=front, body=body)


def names_of(document: Document) -> dict[str, str]:
    """How each heading, table and figure of a numbered document is called in a sentence, by id ("section 9.1"); "" for one that
    has no name."""
    return {block.id: _words(block, document.meta) for block in anchored((*document.front, *document.body))}


def _words(block: Heading | Table | Figure, meta: Meta) -> str:
    """How a reference names a block; "" when it cannot be named."""
    match block:
        case Heading(kind="section"):
            return f"{meta.label('section')} {block.number}"
        case Heading(kind="annex"):
            return block.number
        case Heading():
            return plain_text(block.children)
        case Table():
            return f"{meta.label('table')} {block.number}" if block.number else ""
        case Figure():
            return f"{meta.label('figure')} {block.number}" if block.number else ""


def fill_contents(document: Document) -> Document:
    """The document with the entries of its lists of sections, tables and figures. Titles are taken as they stand, so that
    references and citations in them must be resolved before."""
    lists: dict[str, tuple[ContentsEntry, ...]] = {
        "sections": tuple(
            ContentsEntry(block.level, block.number, plain_text(block.children), block.id)
            for block in document.body
            if isinstance(block, Heading) and block.level <= DEEPEST_LISTED
        ),
        "tables": _captions(document, Table),
        "figures": _captions(document, Figure),
    }

    def filled(node: Contents) -> Contents:
        return replace(node, entries=lists[node.kind])

    front, body = transform((document.front, document.body), {Contents: filled})
    return replace(document, front=front, body=body)


def _captions(document: Document, kind: type[Table] | type[Figure]) -> tuple[ContentsEntry, ...]:
    return tuple(
        ContentsEntry(1, _words(block, document.meta), plain_text(block.caption), block.id)
        for block in anchored((*document.front, *document.body))
        if isinstance(block, kind) and block.number
    )
