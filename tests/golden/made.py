"""Makes the golden documents: for two small studies, as `studygen new` makes them on a fixed day, the Markdown of every section
as the templates give it, and the tree of one document each. `make golden` writes them anew; then read what changed."""

from __future__ import annotations

import datetime
import json
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from unittest.mock import patch

from studygen.document import assembly
from studygen.document.fingerprint import to_jsonable
from studygen.document.nodes import Document
from studygen.pipeline.composing import compose
from studygen.pipeline.loading import load
from studygen.study.scaffold import Kind, scaffold

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
DAY = datetime.date(2026, 1, 15)
STUDIES: dict[str, tuple[Kind, str]] = {"golden-pass": ("PASS", "protocol"), "golden-paes": ("PAES", "sap")}
"""Each study's kind and the document whose tree is kept."""
DOCUMENTS = {"golden-pass": ("protocol", "sap", "encepp-checklist"), "golden-paes": ("protocol", "sap")}
"""The documents whose Markdown is kept."""


def made(study: str) -> dict[str, str]:
    """The golden files of a study by name: `<document>.md` with the sections one after another, `<document>.tree.json`."""
    kind, kept = STUDIES[study]
    files = {}
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / study
        scaffold(kind, study, "", folder, ROOT / "templates" / "scaffold", DAY)
        loaded = load(folder)
        for document in DOCUMENTS[study]:
            sections: dict[str, str] = {}
            with patch.object(assembly, "render", _kept(sections)):
                tree = compose(loaded, [document])[document]
            files[f"{document}.md"] = "".join(f"<!-- {name} -->\n\n{text.strip()}\n\n" for name, text in sections.items())
            if document == kept:
                files[f"{document}.tree.json"] = tree_text(tree)
    return files


def _kept(sections: dict[str, str]) -> object:
    """The step that renders a section, which also keeps what it gives."""
    render = assembly.render

    def keeping(environment: object, name: str, context: object) -> str:
        sections[name] = render(environment, name, context)  # type: ignore[arg-type]
        return sections[name]

    return keeping


def tree_text(document: Document) -> str:
    """The tree as JSON, a block or table row per line, drawings by their hashes. Nodes that say nothing but their content are
    written as their content: text as a string, a plain paragraph as its inline nodes, a row as its cells,
    a line of the contents as its parts. The writers' words,
    which are the same in all documents, are left out."""
    return "\n".join(_lines(_short(to_jsonable(document)), "")) + "\n"


def _short(part: object) -> object:
    if isinstance(part, list):
        short = [_short(item) for item in part]
        return short[0] if len(short) == 1 and isinstance(short[0], str) else short
    if not isinstance(part, dict):
        return part
    node = {name: _short(value) for name, value in part.items() if name != "labels"}
    for kind, content in (("Text", "text"), ("Paragraph", "children"), ("Row", "cells"), ("Cell", "blocks")):
        if set(node) == {"node", content} and node["node"] == kind:
            return node[content]
    if node.get("node") == "ContentsEntry":
        return [value for name, value in node.items() if name != "node"]
    if set(node) == {"node", "blocks", "header"}:
        return {"header": node["blocks"]}
    return node


def _lines(part: object, indent: str) -> Iterator[str]:
    """JSON that opens only nodes with blocks or rows in them; everything else stays on one line."""
    opened = ("front", "body", "header", "entries")
    if isinstance(part, dict) and any(isinstance(part.get(name), list) for name in opened):
        yield f"{indent}{{"
        pairs = list(part.items())
        for position, (name, value) in enumerate(pairs):
            comma = "," if position < len(pairs) - 1 else ""
            if name in opened and isinstance(value, list):
                yield f"{indent} {json.dumps(name)}: ["
                for place, item in enumerate(value):
                    *first, last = _lines(item, indent + "  ")
                    yield from first
                    yield last + ("," if place < len(value) - 1 else "")
                yield f"{indent} ]{comma}"
            else:
                yield f"{indent} {json.dumps(name)}: {json.dumps(value, ensure_ascii=False)}{comma}"
        yield f"{indent}}}"
    else:
        yield indent + json.dumps(part, ensure_ascii=False)


def refresh() -> None:
    """Writes all golden files anew."""
    for study in STUDIES:
        shutil.rmtree(HERE / study, ignore_errors=True)
        (HERE / study).mkdir()
        for name, text in made(study).items():
            (HERE / study / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    refresh()
