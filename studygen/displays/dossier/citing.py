"""Sources of facts as a dossier prints them: a work that its references hold is cited, found by its DOI. Knows no fact."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import TypeVar

from studygen.displays.dossier.frame import DossierFrame
from studygen.document.nodes import Citation, Inline, Text
from studygen.document.templating import cite_role, escape_markdown

_DOI = re.compile(r"(?:,?\s+|\b)doi:(?P<doi>10\.\d+/\S*[^\s:;,.)])")
"""A DOI inside a source, with the comma that parts it from the name before it."""

Part = TypeVar("Part")


def works_by_doi(works: Mapping[str, Mapping[str, object]]) -> dict[str, str]:
    """Citation keys of the works that have a DOI, by it in small letters."""
    return {str(work["DOI"]).lower(): key for key, work in works.items() if work.get("DOI")}


def sourced(frame: DossierFrame, source: str) -> tuple[Inline, ...]:
    """A source as a table prints it: "Glaser 2024 [1] (abstract)"."""
    return tuple(_parts(frame, source, Text, lambda key: Citation((key,))))


def sourced_text(frame: DossierFrame, source: str) -> str:
    """A source as Markdown, for a template."""
    return "".join(_parts(frame, source, escape_markdown, cite_role))


def cites_work(frame: DossierFrame, source: str) -> bool:
    """Whether a source names a work of the list of references."""
    return any(found["doi"].lower() in frame.works for found in _DOI.finditer(source))


def _parts(frame: DossierFrame, source: str, text: Callable[[str], Part], cited: Callable[[str], Part]) -> Iterator[Part]:
    end = 0
    for found in _DOI.finditer(source):
        key = frame.works.get(found["doi"].lower())
        if key is None:
            continue
        before = source[end : found.start()]
        if before:
            yield text(f"{before} " if not before.endswith(" ") and found[0][:1] in ", " else before)
        yield cited(key)
        end = found.end()
    if source[end:]:
        yield text(source[end:])
