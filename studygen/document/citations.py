"""Citations: works are numbered by first citation and listed once, in that order. Knows where a document cites; what an entry
looks like is the library's and its style's affair."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from studygen.document.library import Library
from studygen.document.nodes import Bibliography, BibliographyEntry, Citation, Document
from studygen.document.numbering import Locate
from studygen.document.rewriting import transform
from studygen.errors import Fault, TemplateError, did_you_mean

__all__ = ["Library", "citation_label", "cite_works"]


def cite_works(document: Document, library: Library, locate: Locate) -> Document:
    """The document with the text of every citation and the entries of its reference list.

    Works that are never cited are not listed. Raises TemplateError with every key that the library lacks, and when works are
    cited but no list is printed.
    """
    numbers: dict[str, int] = {}
    unknown: dict[str, None] = {}
    lists: list[Bibliography] = []

    def labelled(node: Citation) -> Citation:
        for key in node.keys:
            if key not in library.works:
                unknown[key] = None
            else:
                numbers.setdefault(key, len(numbers) + 1)
        return replace(node, text=citation_label(numbers[key] for key in node.keys if key in numbers))

    def noted(node: Bibliography) -> Bibliography:
        lists.append(node)
        return node

    front, body = transform((document.front, document.body), {Citation: labelled, Bibliography: noted})
    faults = [
        Fault(place, f'"{key}" is not a work in {library.file}', did_you_mean(key, library.works), "D09")
        for key in unknown
        for place in locate("cite", key)
    ]
    if numbers and not lists:
        place = locate("cite", next(iter(numbers)))[0]
        remedy = "Put ```{bibliography} into the section of references."
        faults.append(Fault(place, "works are cited but not listed", remedy, "D09"))
    if faults:
        raise TemplateError(faults)

    entries = tuple(
        BibliographyEntry(key, citation_label([numbers[key]]), children)
        for key, children in zip(numbers, library.entries(list(numbers)), strict=True)
    )

    front, body = transform((front, body), {Bibliography: lambda _: Bibliography(entries)})
    return replace(document, front=front, body=body)


def citation_label(numbers: Iterable[int]) -> str:
    """Numbers as a citation prints them: "[1,3]", three or more in a row as a range "[1–3]"."""
    runs: list[list[int]] = []
    for number in sorted(set(numbers)):
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return "[" + ",".join(f"{run[0]}–{run[-1]}" if len(run) > 2 else ",".join(map(str, run)) for run in runs) + "]"
