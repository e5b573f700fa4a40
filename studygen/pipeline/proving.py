"""Proves, before a file is kept, that it says what its document says. Each format is held against the document, so that formats
that pass agree with one another as well."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from studygen.errors import Fault, Place, WriterError

if TYPE_CHECKING:
    from studygen.document.nodes import Document
    from studygen.document.passages import Passage


def prove(document: Document, format: str, content: bytes, name: str) -> None:
    """Reads a file back and compares it with its document; formats that hold no text of their own pass. WriterError, with the
    first passage that differs, when the two do not say the same; `name` is the file's name in it."""
    from studygen.checks.agreement import disagreement
    from studygen.document.passages import passages

    if format not in READERS:
        return
    try:
        found = READERS[format](content)
    except ValueError as error:
        raise WriterError(Fault(Place(name), f"the file cannot be read back: {error}")) from error
    if fault := disagreement(passages(document), found, name):
        raise WriterError(fault)


def _pdf(content: bytes) -> tuple[Passage, ...]:
    from studygen.writers.pdf_passages import passages_of_pdf

    return passages_of_pdf(content)


def _docx(content: bytes) -> tuple[Passage, ...]:
    from studygen.writers.docx_passages import passages_of_docx

    return passages_of_docx(content)


def _html(content: bytes) -> tuple[Passage, ...]:
    from studygen.writers.html_passages import passages_of_html

    return passages_of_html(content)


READERS: dict[str, Callable[[bytes], tuple[Passage, ...]]] = {"pdf": _pdf, "docx": _docx, "html": _html}
"""How a file of each format is read back."""
