"""Chains of references as ranges: "Table 4, Table 5, Table 6 and Table 7" becomes "Tables 4 to 7", with links at its ends. The
references between them stay known (`Ref.between`), because their tables are referred to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from studygen.document.nodes import Document, Figure, Inline, Paragraph, Ref, Table, Text
from studygen.document.numbering import anchored
from studygen.document.rewriting import transform

SHORTEST = 3
"""So many tables or figures in a row make a range; two are named."""
LABELS = ("tables", "figures", "to")
"""Keys of Meta.labels that ranges are made of; without them there are none."""

_COMMA, _AND = ", ", " and "


def join_ranges(document: Document) -> Document:
    """The document with a range for three or more references, next to each other, to tables or figures that are numbered one
    after the other. References must be resolved before."""
    labels = dict(document.meta.labels)
    if not all(key in labels for key in LABELS):
        return document
    numbers = {
        block.id: ("tables" if isinstance(block, Table) else "figures", block.number)
        for block in anchored((*document.front, *document.body))
        if isinstance(block, Table | Figure) and block.number
    }

    def joined(node: Paragraph) -> Paragraph:
        children = tuple(_joined(node.children, numbers, labels))
        return node if children == node.children else replace(node, children=children)

    front, body = transform((document.front, document.body), {Paragraph: joined})
    return replace(document, front=front, body=body)


def _joined(children: tuple[Inline, ...], numbers: Mapping[str, tuple[str, int]], labels: Mapping[str, str]) -> Iterator[Inline]:
    position = 0
    while position < len(children):
        chain = _chain(children[position:])
        if len(chain) < SHORTEST:
            yield children[position]
            position += 1
            continue
        position += 2 * len(chain) - 1
        parts = list(_parts(chain, numbers, labels))
        for at, part in enumerate(parts):
            if at:
                yield Text(_AND if at == len(parts) - 1 else _COMMA)
            yield from part


def _chain(children: tuple[Inline, ...]) -> list[Ref]:
    """The references from the first child on that nothing but a comma or "and" parts."""
    found: list[Ref] = []
    for at in range(0, len(children), 2):
        node = children[at]
        if not isinstance(node, Ref):
            return found
        found.append(node)
        if at + 1 < len(children) and children[at + 1] not in (Text(_COMMA), Text(_AND)):
            return found
    return found


def _parts(chain: list[Ref], numbers: Mapping[str, tuple[str, int]], labels: Mapping[str, str]) -> Iterator[tuple[Inline, ...]]:
    """What is named one after the other: ranges, and the references that are in none."""
    start = 0
    while start < len(chain):
        end = start + 1
        while end < len(chain) and _follows(chain[end - 1], chain[end], numbers):
            end += 1
        run = chain[start:end]
        if len(run) >= SHORTEST:
            (kind, first), (_, last) = numbers[run[0].target], numbers[run[-1].target]
            between = tuple(each.target for each in run[1:-1])
            yield (
                replace(run[0], text=f"{labels[kind]} {first}", between=between),
                Text(f" {labels['to']} "),
                replace(run[-1], text=str(last)),
            )
        else:
            yield from ((each,) for each in run)
        start = end


def _follows(before: Ref, after: Ref, numbers: Mapping[str, tuple[str, int]]) -> bool:
    """Whether two references lead to tables, or to figures, of which the second has the next number."""
    if before.target not in numbers or after.target not in numbers:
        return False
    (kind, number), (next_kind, next_number) = numbers[before.target], numbers[after.target]
    return kind == next_kind and next_number == number + 1
