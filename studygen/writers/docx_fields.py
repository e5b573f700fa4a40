"""Word fields with the results already filled in: page numbers, captions, cross-references, contents; and bookmarks.
Each function shows what Word itself writes. Knows nothing about the look."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from studygen.document.nodes import Contents, ContentsEntry
from studygen.writers.docx_anchors import Anchors, bookmark_name
from studygen.writers.docx_xml import TAB, escaped, paragraph, run, run_properties, twips

CONTENTS_LEVELS = 4
"""The deepest heading level in the contents that Word rebuilds; deeper entries of the tree raise it."""


def field(instruction: str, result: str, properties: str = "") -> str:
    """A complex field: `result` are the runs shown until somebody updates it.

    <w:r><w:fldChar w:fldCharType="begin"/></w:r>
    <w:r><w:instrText xml:space="preserve"> PAGE </w:instrText></w:r>
    <w:r><w:fldChar w:fldCharType="separate"/></w:r>
    <w:r><w:t>3</w:t></w:r>
    <w:r><w:fldChar w:fldCharType="end"/></w:r>
    """
    return f"{_opening(instruction, properties)}{result}{_mark('end', properties)}"


def _opening(instruction: str, properties: str = "") -> str:
    return (
        f"{_mark('begin', properties)}<w:r>{run_properties(properties)}"
        f'<w:instrText xml:space="preserve"> {escaped(instruction)} </w:instrText></w:r>{_mark("separate", properties)}'
    )


def _mark(kind: str, properties: str = "") -> str:
    return f'<w:r>{run_properties(properties)}<w:fldChar w:fldCharType="{kind}"/></w:r>'


def bookmark(id: str, content: str) -> str:
    """A bookmark around `content`. Its number is settled when the part is complete: numbers must be unique in it.

    <w:bookmarkStart w:id="7" w:name="tbl_effects"/> … <w:bookmarkEnd w:id="7"/>
    """
    name = bookmark_name(id)
    return f'<w:bookmarkStart w:id="{name}" w:name="{name}"/>{content}<w:bookmarkEnd w:id="{name}"/>'


def inside_link(id: str, content: str) -> str:
    """A link to a bookmark.

    <w:hyperlink w:anchor="ref_gvp_viii" w:history="1"><w:r><w:t>3</w:t></w:r></w:hyperlink>
    """
    return f'<w:hyperlink w:anchor="{bookmark_name(id)}" w:history="1">{content}</w:hyperlink>'


def page_numbers(pattern: str) -> str:
    """The words of `pattern` ("Page {page} of {pages}") with its two places as fields. Word and LibreOffice compute them
    whenever they lay out the page; the 1 below is never seen."""
    codes = {"{page}": "PAGE", "{pages}": "NUMPAGES"}
    pieces = re.split(r"(\{pages?\})", pattern)
    return "".join(field(codes[piece], run("1")) if piece in codes else run(piece) for piece in pieces)


def caption_label(id: str, word: str, number: int) -> str:
    """A caption's label and number, in the bookmark that references repeat.

    <w:bookmarkStart w:id="7" w:name="tbl_effects"/><w:r><w:t xml:space="preserve">Table </w:t></w:r>
    … SEQ Table \\* ARABIC … <w:r><w:t>3</w:t></w:r> … <w:bookmarkEnd w:id="7"/>
    """
    return bookmark(id, run(f"{word} ") + field(rf"SEQ {word} \* ARABIC", run(str(number))))


def cross_reference(target: str, text: str, anchors: Anchors, properties: str = "") -> str:
    """A reference with `text` as its cached result. To a table or figure it repeats the caption's label ("Table 3"); to a
    heading it repeats the number, and words before the number ("section 9.1") stand outside the field, as they do when one
    types them in Word. Where Word has no field that gives `text`, it is a link.

    REF tbl_effects \\h        →  Table 3
    REF sec_design \\r \\h      →  9.1        (\\r: the paragraph's number)
    """
    name = bookmark_name(target)
    label = anchors.captions.get(target, "")
    number = anchors.headings.get(target, "")
    for shown, code in ((label, rf"REF {name} \h"), (number, rf"REF {name} \r \h")):
        if shown and text.endswith(shown):
            before = text.removesuffix(shown)
            return run(before, properties) + field(code, run(shown, properties), properties)
    return inside_link(target, run(text, properties))


def contents(node: Contents, words: Mapping[str, str], pages: Mapping[str, int] | None) -> str:
    """A contents list as a field whose entries are filled in, each a link to its bookmark with a page number field. Without
    `pages`, or for a target that is not in it, the page number waits for Word.

    <w:p><w:pPr><w:pStyle w:val="TOC1"/></w:pPr>
      … begin, TOC \\o "1-3" \\h \\z \\u, separate …
      <w:hyperlink w:anchor="_Toc1"><w:r><w:t>1</w:t></w:r><w:r><w:tab/></w:r><w:r><w:t>Heading</w:t></w:r><w:r><w:tab/></w:r>
        … PAGEREF _Toc1 \\h … 3 … </w:hyperlink></w:p>
    <w:p> … next entry … <w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>
    """
    if not node.entries:
        return ""
    if node.kind == "sections":
        depth = max(CONTENTS_LEVELS, *(entry.level for entry in node.entries))
        instruction = rf'TOC \o "1-{depth}" \h \z \u'
    else:
        instruction = rf'TOC \h \z \c "{words[node.kind]}"'
    lines = [inside_link(entry.target, _entry(node, entry, pages)) for entry in node.entries]
    lines[0] = _opening(instruction) + lines[0]
    lines[-1] += _mark("end")
    styles = [f"TOC{entry.level}" if node.kind == "sections" else "TableofFigures" for entry in node.entries]
    stops = [_wide_stop(entry) if node.kind == "sections" else "" for entry in node.entries]
    return "".join(paragraph(style, line, stop) for style, line, stop in zip(styles, lines, stops, strict=True))


WIDE_LABELS = (1.8, 2.8, 4.2, 5.9, 7.9)
"""Where the words begin after a label in words ("Annex 1"), in centimetres by level."""


def _wide_stop(entry: ContentsEntry) -> str:
    """A tab stop for a label that is wider than the style's indent; Word, too, gives such an entry a stop of its own."""
    if not entry.label[:1].isalpha():
        return ""
    return f'<w:tabs><w:tab w:val="left" w:pos="{twips(WIDE_LABELS[entry.level - 1])}"/></w:tabs>'


def _entry(node: Contents, entry: ContentsEntry, pages: Mapping[str, int] | None) -> str:
    page = (pages or {}).get(entry.target)
    if node.kind == "sections":
        words = (run(entry.label) + TAB if entry.label else "") + run(entry.title)
    else:
        words = run(CAPTION_PATTERN.format(label=entry.label, title=entry.title))
    return words + TAB + field(rf"PAGEREF {bookmark_name(entry.target)} \h", run("" if page is None else str(page)))


CAPTION_PATTERN = "{label}. {title}"
"""How a caption's label and words are joined, in the caption and in the lists of tables and figures."""


def linked_numbers(text: str, keys: Sequence[str], anchors: Anchors) -> str:
    """A citation ("[3,4]") with each number a link to its entry; a range ("[3–5]") or a text without the entries' numbers is
    one link to the first."""
    digits = {re.sub(r"\D", "", anchors.works[key]): key for key in keys}
    pieces = re.split(r"(\d+)", text)
    if {piece for piece in pieces if piece.isdigit()} != set(digits):
        return inside_link(f"ref-{keys[0]}", _cited(text))
    return "".join(inside_link(f"ref-{digits[piece]}", _cited(piece)) if piece.isdigit() else _cited(piece) for piece in pieces)


def _cited(text: str) -> str:
    return run(text, '<w:rStyle w:val="Citation"/>')
