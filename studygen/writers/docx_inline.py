"""Inline nodes as runs: one function per node type, and the catalogue of them at the end.
Knows nothing about paragraphs."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from studygen.document.nodes import (
    Break,
    Citation,
    Code,
    Emphasis,
    Footnote,
    Inline,
    Link,
    Ref,
    Script,
    Strong,
    Text,
    Value,
)
from studygen.document.traces import value_anchor
from studygen.writers.docx_anchors import Anchors
from studygen.writers.docx_fields import cross_reference, inside_link, linked_numbers
from studygen.writers.docx_xml import character_style, escaped, run

LONGEST_TAG = 64
"""Word's limit for the tag of a content control."""


@dataclass(frozen=True, slots=True)
class Face:
    """How the runs at this place look: the character style that applies, and what lies around it. A run can carry one
    character style only, so an outer one is said by its effect (`w:b`, `w:i`)."""

    style: str = ""
    bold: bool = False
    italic: bool = False
    script: str = ""

    def properties(self) -> str:
        """The content of `w:rPr`. Bold is always said directly as well: in a bold paragraph a bold character style alone would
        switch it off (Word reads the two as toggles)."""
        return "".join(
            (
                character_style(self.style) if self.style else "",
                "<w:b/><w:bCs/>" if self.bold else "",
                "<w:i/><w:iCs/>" if self.italic and self.style != "Emphasis" else "",
                f'<w:vertAlign w:val="{self.script}"/>' if self.script else "",
            )
        )


PLAIN = Face()


def inline_xml(nodes: tuple[Inline, ...], anchors: Anchors, face: Face = PLAIN) -> str:
    """Inline nodes as runs, fields, links and content controls."""
    return "".join(INLINE[type(node)](node, anchors, face) for node in nodes)


def _text(node: Text, _anchors: Anchors, face: Face) -> str:
    return run(node.text, face.properties())


def _emphasis(node: Emphasis, anchors: Anchors, face: Face) -> str:
    return inline_xml(node.children, anchors, replace(face, italic=True, style=face.style or "Emphasis"))


def _strong(node: Strong, anchors: Anchors, face: Face) -> str:
    return inline_xml(node.children, anchors, replace(face, bold=True, style=face.style or "Strong"))


def _code(node: Code, _anchors: Anchors, face: Face) -> str:
    return run(node.text, replace(face, style="Code").properties())


def _script(node: Script, anchors: Anchors, face: Face) -> str:
    return inline_xml(node.children, anchors, replace(face, script=f"{node.position}script"))


def _link(node: Link, anchors: Anchors, face: Face) -> str:
    """<w:hyperlink r:id="rId9" w:history="1"><w:r><w:rPr><w:rStyle w:val="Hyperlink"/></w:rPr>…</w:r></w:hyperlink>; the
    relationship is settled when the part is complete."""
    content = inline_xml(node.children, anchors, replace(face, style="Hyperlink"))
    if node.href.startswith("#"):
        return inside_link(node.href[1:], content)
    return f'<w:hyperlink r:id="link:{escaped(node.href)}" w:history="1">{content}</w:hyperlink>'


def _ref(node: Ref, anchors: Anchors, face: Face) -> str:
    return cross_reference(node.target, node.text, anchors, face.properties())


def _citation(node: Citation, anchors: Anchors, _face: Face) -> str:
    return linked_numbers(node.text, node.keys, anchors)


def _value(node: Value, anchors: Anchors, face: Face) -> str:
    """A number in an inline content control that keeps its result's id. It shows no frame, and what it holds can be
    commented and changed like any text. Where the document explains the result in a row of its own, the number leads there; it
    does not look like a link.

    <w:sdt><w:sdtPr><w:tag w:val="arr.pooled"/><w15:appearance w15:val="hidden"/></w:sdtPr>
      <w:sdtContent><w:r><w:t>0.77 (0.55–1.08)</w:t></w:r></w:sdtContent></w:sdt>
    """
    properties = replace(face, style=face.style or "Result").properties()
    content, row = run(node.text, properties), value_anchor(node.id)
    return (
        f'<w:sdt><w:sdtPr><w:tag w:val="{escaped(result_tag(node.id))}"/><w15:appearance w15:val="hidden"/></w:sdtPr>'
        f"<w:sdtContent>{inside_link(row, content) if row in anchors.rows else content}</w:sdtContent></w:sdt>"
    )


def result_tag(id: str) -> str:
    """A result's id as a tag: the id itself, and when it is longer than Word takes, its beginning and a short digest."""
    if len(id) <= LONGEST_TAG:
        return id
    return f"{id[: LONGEST_TAG - 9]}~{hashlib.sha256(id.encode()).hexdigest()[:8]}"


def _footnote(node: Footnote, _anchors: Anchors, _face: Face) -> str:
    return f'<w:r><w:rPr>{character_style("FootnoteReference")}</w:rPr><w:footnoteReference w:id="{node.number}"/></w:r>'


def _break(_node: Break, _anchors: Anchors, _face: Face) -> str:
    return "<w:r><w:br/></w:r>"


INLINE: dict[type, Callable[[Any, Anchors, Face], str]] = {
    Text: _text,
    Emphasis: _emphasis,
    Strong: _strong,
    Code: _code,
    Script: _script,
    Link: _link,
    Ref: _ref,
    Citation: _citation,
    Value: _value,
    Footnote: _footnote,
    Break: _break,
}
"""Every inline node type and how it is written."""
