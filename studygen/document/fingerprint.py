"""A document as plain JSON data, and its fingerprint: two documents with one fingerprint print alike. Serves caches and golden
files; knows no output format."""

from __future__ import annotations

import hashlib
import json
from dataclasses import fields

from studygen.document.nodes import Document, Meta
from studygen.document.rewriting import INNER

FIELDS: dict[type, list[tuple[str, object]]] = {
    kind: [(f.name, f.default) for f in fields(kind)] for kind in (*INNER, Document, Meta)
}
"""Every node type's fields with their defaults."""


def to_jsonable(part: object) -> object:
    """A document, or any part of one, as dicts, lists and scalars: a node is `{"node": "Paragraph", …}` with the fields that
    differ from their defaults; drawings are given by their SHA-256."""
    if isinstance(part, tuple):
        return [to_jsonable(item) for item in part]
    if isinstance(part, bytes):
        return "sha256:" + hashlib.sha256(part).hexdigest()
    if part is None or isinstance(part, (str, int, float)):
        return part
    plain: dict[str, object] = {"node": type(part).__name__}
    for name, default in FIELDS[type(part)]:
        value = getattr(part, name)
        if value != default:
            plain[name] = to_jsonable(value)
    return plain


def fingerprint(document: Document) -> str:
    """SHA-256 (hexadecimal) over everything a writer sees of the document."""
    # The encoder walks the tuples; it asks for every node in turn, which is several times faster than `to_jsonable`.
    canonical = json.dumps(document, default=_compact, ensure_ascii=False, separators=(",", ":"), check_circular=False)
    return hashlib.sha256(canonical.encode("utf-8")).hexdigest()


def _compact(node: object) -> object:
    if isinstance(node, bytes):
        return hashlib.sha256(node).hexdigest()
    return [type(node).__name__, *(getattr(node, name) for name, _ in FIELDS[type(node)])]
