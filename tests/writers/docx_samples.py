"""The rich sample document with what Word needs beyond it: a real picture, hostile text, deep lists, long cells; and ways to
read a written file back. Its contents are invented and say nothing about any study."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from dataclasses import replace
from pathlib import Path

from lxml import etree
from samples import LONG, contents_of, document, forest_figure, heading, para, rich, td, text, th

from studygen.document.nodes import (
    Block,
    Break,
    Callout,
    Cell,
    Document,
    Emphasis,
    Figure,
    Footnote,
    Heading,
    ListBlock,
    Paragraph,
    Ref,
    Row,
    Script,
    Strong,
    Table,
    Text,
    Value,
    walk,
)
from studygen.writers.docx import render_docx
from studygen.writers.style import Style, load_style

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
ROOT = Path(__file__).resolve().parents[2]

HOSTILE = "*_|<&>\"' `code` {{ x }} \u2265 \u03c4\u00b2 \u202ftight\u00a0space \u2013 \u4e2d\u6587 \U0001f9ea ]]> \x00\x0b end"


def style() -> Style:
    """The house style."""
    return load_style(ROOT / "templates" / "style" / "brand.yaml")


def png(width: int = 1200, height: int = 500) -> bytes:
    """A picture: a frame with a diagonal in it, one byte per pixel, grey."""
    rows = []
    for y in range(height):
        line = bytearray(b"\xff" * width)
        line[0:4] = line[-4:] = b"\x60" * 4
        if y < 4 or y >= height - 4:
            line = bytearray(b"\x60" * width)
        x = y * (width - 12) // height
        line[x : x + 12] = b"\x20" * 12
        rows.append(b"\x00" + bytes(line))

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"".join(rows), 9)) + chunk(b"IEND", b"")


def figure(**changes: object) -> Figure:
    """The sample's forest plot with a real picture."""
    return replace(forest_figure(), **({"png": png()} | changes))  # type: ignore[arg-type]


def wide_figure() -> Figure:
    return figure(id="fig-wide", caption=text("A drawing that needs a page turned"), landscape=True, width_cm=24.0, number=2)


def merged_table() -> Table:
    """Cells that span rows in the body, cells with lists, a cell of 500 characters, hostile text."""
    inner = ListBlock((
        (para("a point in a cell"), ListBlock(((para("and one below it"),),))),
        (para("another point"),),
    ))  # fmt: skip
    rows = (
        Row((th("Two rows", rowspan=2), td("first"), Cell((para("Before the list."), inner)))),
        Row((td("second"), Cell((ListBlock(((para("one"),), (para("two"),)), ordered=True),)))),
        Row((th("Hostile"), td(HOSTILE), td((LONG * 2)[:500]))),
        Row((th("Empty"), Cell(()), td("", align="center"))),
        Row((th("All"), td("1", align="right"), Cell((Paragraph((Strong(text("bold in a total")),)),))), "total"),
    )
    header = (Row((th("Row"), th("Middle"), th("Right"))),)
    return Table("tbl-merged_cells", text("Merged cells & lists"), header, rows, (1.5, 2, 4), number=4)


def deep_list(ordered: bool, depth: int = 3) -> ListBlock:
    """Lists in lists."""
    if depth == 1:
        return ListBlock(((para(LONG[:160]),), (para("last"),)), ordered)
    first: tuple[Block, ...] = (
        para(f"level with {depth - 1} below"),
        deep_list(ordered, depth - 1),
        para("and on with the item"),
    )
    return ListBlock((first, (para("next"),)), ordered)


def extras() -> tuple[Block, ...]:
    """Blocks that the rich sample lacks."""
    return (
        heading("sec-extras", 1, "5", "Extras"),
        para(HOSTILE),
        deep_list(ordered=False),
        deep_list(ordered=True),
        para("A second numbered list begins at one again."),
        ListBlock(((para("one"),), (para("two"),)), ordered=True),
        Callout(
            (para("A box with a list:"), ListBlock(((para("first"),), (para("second"),))), para("and words after it.")), "warning"
        ),
        Paragraph((Strong((Text("bold "), Emphasis(text("and italic")), Script(text("2")))), Break(), Text("after a break"))),
        merged_table(),
        para("Right after a table."),
        heading("sec-landscape_figure-with-a-very-long-id-beyond-forty-characters", 2, "5.1", "A figure on a turned page"),
        wide_figure(),
        heading("sec-last", 2, "5.2", "The last section"),
        Paragraph((
            Text("See "), Ref("sec-landscape_figure-with-a-very-long-id-beyond-forty-characters", "section 5.1"), Text(", "),
            Ref("annex-2", "Annex 2"), Text(", "), Ref("sec-beneath", "Annex 2.1"), Text(", "), Ref("tables", "List of tables"),
            Text(", "), Ref("tbl-information", "the information table"), Text(" and "), Ref("fig-wide", "Figure 2"),
            Text("; the number is "), Value("a." + "very_long_" * 8 + "id", "1.0"), Text("."),
            Footnote((Text("With a link in it."),), 3),
        )),
    )  # fmt: skip


def sample() -> Document:
    """The rich sample with everything."""
    base = rich()
    cut = next(i for i, block in enumerate(base.body) if isinstance(block, Heading) and block.kind == "annex")
    body = [figure() if block == forest_figure() else block for block in (*base.body[:cut], *extras(), *base.body[cut:])]
    body.append(heading("sec-beneath", 2, "Annex 2.1", "Beneath an annex", "annex"))
    body.append(para(LONG))
    lists = {node.kind: node for node in contents_of(tuple(body))}
    entries = tuple(entry for entry in lists["sections"].entries if entry.level <= 3 and entry.label)
    lists["sections"] = replace(lists["sections"], entries=entries)
    return replace(base, body=tuple(lists.get(getattr(block, "kind", ""), block) for block in body))


def pages_of(sample: Document) -> dict[str, int]:
    """Page numbers for every target, as a paged layout would give them."""
    targets = [node.id for node in walk(sample.body) if isinstance(node, Heading | Table | Figure)]
    return {target: 2 + position // 3 for position, target in enumerate(targets)}


def read(file: bytes, part: str) -> etree._Element:
    """A part of a written file."""
    with zipfile.ZipFile(io.BytesIO(file)) as package:
        return etree.fromstring(package.read(part))


def written(*body: Block, **options: object) -> etree._Element:
    """The document part of a small document of the given blocks."""
    return read(render_docx(document(*body, **options), style(), None), "word/document.xml")  # type: ignore[arg-type]


def shown(element: etree._Element) -> str:
    """The characters a reader sees: field codes left out, a tab as a tab."""
    parts = []
    for node in element.iter(f"{W}t", f"{W}tab", f"{W}br"):
        if node.getparent().tag == f"{W}tabs":
            continue
        parts.append(node.text or "" if node.tag == f"{W}t" else "\t" if node.tag == f"{W}tab" else "\n")
    return "".join(parts)


def paragraphs(element: etree._Element, style_id: str) -> list[etree._Element]:
    """All paragraphs of a style."""
    return [p for p in element.iter(f"{W}p") if p.find(f"{W}pPr/{W}pStyle").get(f"{W}val") == style_id]
