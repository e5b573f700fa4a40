"""Tables: the grid with its merged cells, header rows that repeat, caption and notes.
How the blocks in a cell are written is handed in; knows nothing about other blocks."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from studygen.document.nodes import Block, Cell, Inline, Paragraph, Row, Table, plain_text, walk
from studygen.errors import Fault, Place, WriterError
from studygen.writers.columns import column_shares, text_width
from studygen.writers.columns_evened import row_lines
from studygen.writers.docx_fields import CAPTION_PATTERN, bookmark, caption_label
from studygen.writers.docx_inline import inline_xml
from studygen.writers.docx_place import At
from studygen.writers.docx_table_styles import ALIGNMENTS, TABLE_STYLE, rule_of_cell, shade
from studygen.writers.docx_xml import escaped, paragraph, run
from studygen.writers.table_breaks import breaks_of

WriteBlocks = Callable[[tuple[Block, ...], At], str]


@dataclass(frozen=True, slots=True)
class Placed:
    """A cell at its place in the grid: its first column, and whether the row is a later one of a cell that spans rows
    (Word wants such a cell repeated, empty)."""

    cell: Cell
    column: int
    continued: bool = False


def table_xml(table: Table, at: At, write: WriteBlocks) -> str:
    """A table with its caption above and its notes below."""
    return caption_xml(table, at) + _grid(table, at, write) + ending_xml(table.notes, at)


def caption_xml(table: Table, at: At) -> str:
    """The caption, kept with the table; a table without number keeps only its bookmark."""
    words = inline_xml(table.caption, at.anchors)
    keep = "<w:keepNext/>"
    if table.number:
        label = caption_label(table.id, at.words["table"], table.number)
        return paragraph("Caption", label + run(_between_label_and_title()) + words, keep)
    if table.caption:
        return paragraph("Caption", bookmark(table.id, words), keep)
    return bookmark(table.id, "")


def ending_xml(notes: tuple[tuple[Inline, ...], ...], at: At) -> str:
    """What ends a table or figure: its notes, which stay together, or a gap."""
    if not notes:
        return paragraph("TableEnd", "")
    keeps = ["<w:keepNext/>"] * (len(notes) - 1) + [""]
    return "".join(paragraph("TableNote", inline_xml(note, at.anchors), keep) for note, keep in zip(notes, keeps, strict=False))


def _between_label_and_title() -> str:
    return CAPTION_PATTERN.format(label="", title="")


def _grid(table: Table, at: At, write: WriteBlocks) -> str:
    """<w:tbl><w:tblPr><w:tblStyle w:val="studygenTable"/><w:tblW w:w="9071" w:type="dxa"/><w:tblLayout w:type="fixed"/>
    <w:tblLook w:val="04A0" …/><w:tblCaption w:val="…"/><w:tblDescription w:val="…"/></w:tblPr>
    <w:tblGrid><w:gridCol w:w="…"/>…</w:tblGrid>
    <w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>…</w:tr> … </w:tbl>"""
    shares = column_shares(table, at.style)
    widths = shared_out(shares, at.width)
    breaks = breaks_of(table, row_lines(table, shares, text_width(at.style, table.landscape), at.style))
    rows = [_header_row(cells, widths, at, write) for cells in placed_rows(table, table.header)]
    row_header = "TableRowHeader" if table.header else "TableGroup"  # without column headers, the row headers stand out
    for position, (row, cells) in enumerate(zip(table.body, placed_rows(table, table.body), strict=True)):
        inside = replace(at, keep=position in breaks.kept)
        rows.append(_body_row(row, cells, row_header, widths, inside, position in breaks.tall, write))
    title, description = _described(table, at)
    first_row, first_column = bool(table.header), any(cell.header for row in table.body for cell in row.cells[:1])
    look = 0x0400 + 0x0200 + 0x0020 * first_row + 0x0080 * first_column
    columns = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    return (
        f'<w:tbl><w:tblPr><w:tblStyle w:val="{TABLE_STYLE}"/><w:tblW w:w="{sum(widths)}" w:type="dxa"/>'
        f'<w:tblLayout w:type="fixed"/><w:tblLook w:val="{look:04X}" w:firstRow="{first_row:d}" w:lastRow="0" '
        f'w:firstColumn="{first_column:d}" w:lastColumn="0" w:noHBand="1" w:noVBand="1"/>{title}{description}</w:tblPr>'
        f"<w:tblGrid>{columns}</w:tblGrid>{''.join(rows)}</w:tbl>"
    )


def _described(table: Table, at: At) -> tuple[str, str]:
    """The text alternative of the table: its caption as the title, the words of its header cells as the description."""
    caption = plain_text(table.caption)
    if table.number:
        caption = CAPTION_PATTERN.format(label=f"{at.words['table']} {table.number}", title=caption)
    headings = "; ".join(words for row in table.header for cell in row.cells if (words := _cell_text(cell)))
    return (
        f'<w:tblCaption w:val="{escaped(caption)}"/>' if caption else "",
        f'<w:tblDescription w:val="{escaped(headings)}"/>' if headings else "",
    )


def _cell_text(cell: Cell) -> str:
    """The words of a cell, those of its lists as well."""
    return " ".join(plain_text(node.children) for node in walk(cell.blocks) if isinstance(node, Paragraph))


def _header_row(cells: Sequence[Placed], widths: Sequence[int], at: At, write: WriteBlocks) -> str:
    look = rule_of_cell(at.style, "bottom") + shade(at.style)
    written = [_cell(placed, widths, look, "bottom", "TableHeader", at, write) for placed in cells]
    return f"<w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>{''.join(written)}</w:tr>"


def _body_row(
    row: Row, cells: Sequence[Placed], row_header: str, widths: Sequence[int], at: At, tall: bool, write: WriteBlocks
) -> str:
    look = {"body": "", "group": shade(at.style), "total": rule_of_cell(at.style, "top")}[row.kind]
    styles = {"body": "TableText", "group": "TableGroup", "total": "TableTotal"}
    written = []
    for placed in cells:
        style = row_header if row.kind == "body" and placed.cell.header else styles[row.kind]
        written.append(_cell(placed, widths, look, "", style, at, write))
    if row.id:
        # An empty bookmark before the first paragraph: a cell must end with a paragraph, not with a bookmark's end.
        written[0] = written[0].replace("</w:tcPr>", f"</w:tcPr>{bookmark(row.id, '')}", 1)
    split = "" if tall else "<w:trPr><w:cantSplit/></w:trPr>"
    return f"<w:tr>{split}{''.join(written)}</w:tr>"


def _cell(placed: Placed, widths: Sequence[int], look: str, anchor: str, style: str, at: At, write: WriteBlocks) -> str:
    """<w:tc><w:tcPr><w:tcW w:w="2268" w:type="dxa"/><w:gridSpan w:val="2"/><w:vMerge w:val="restart"/>…</w:tcPr>
    <w:p>…</w:p></w:tc>"""
    cell = placed.cell
    width = sum(widths[placed.column : placed.column + cell.colspan])
    span = f'<w:gridSpan w:val="{cell.colspan}"/>' if cell.colspan > 1 else ""
    merge = "<w:vMerge/>" if placed.continued else '<w:vMerge w:val="restart"/>' if cell.rowspan > 1 else ""
    vertical = f'<w:vAlign w:val="{anchor}"/>' if anchor else ""
    paragraph_style = style + ALIGNMENTS[cell.align]
    inside = replace(at, body=paragraph_style, family="Table", width=width, depth=0)
    content = "" if placed.continued else write(cell.blocks, inside)
    # A cell must end with a paragraph.
    content = content or paragraph(paragraph_style, "")
    if cell.id and not placed.continued:
        content = f"{bookmark(cell.id, '')}{content}"
    return f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{span}{merge}{look}{vertical}</w:tcPr>{content}</w:tc>'


def placed_rows(table: Table, rows: Sequence[Row]) -> list[list[Placed]]:
    """The cells of header or body rows at their columns. WriterError when the rows do not fill the grid exactly: Word would
    repair such a table, or refuse the file."""
    columns = len(table.widths)
    open_spans: dict[int, tuple[Cell, int]] = {}
    grid, faults = [], []
    for position, row in enumerate(rows, start=1):
        placed = list(_place(row, columns, open_spans))
        filled = sum(one.cell.colspan for one in placed)
        if filled != columns:
            what = f"row {position} fills {filled} of {columns} columns"
            faults.append(Fault(Place(table.id), what, "Give each row cells, with their spans, for every column."))
        grid.append(placed)
    if open_spans and not faults:
        what = "a cell spans more rows than there are"
        faults.append(Fault(Place(table.id), what, "Shorten its rowspan."))
    if faults:
        raise WriterError(faults)
    return grid


def _place(row: Row, columns: int, open_spans: dict[int, tuple[Cell, int]]) -> Iterator[Placed]:
    """The row's own cells and those that reach into it from above; `open_spans` (first column → cell, rows left) is carried
    from row to row."""
    cells = list(row.cells)
    if row.kind == "group" and len(cells) == 1 and not open_spans:
        cells = [replace(cells[0], colspan=columns)]
    column = 0
    while column < columns or cells:
        if column in open_spans:
            cell, left = open_spans.pop(column)
            if left > 1:
                open_spans[column] = (cell, left - 1)
            yield Placed(cell, column, continued=True)
        elif cells:
            cell = cells.pop(0)
            if cell.rowspan > 1:
                open_spans[column] = (cell, cell.rowspan - 1)
            yield Placed(cell, column)
        else:
            return
        column += cell.colspan


def shared_out(shares: Sequence[float], total: int) -> list[int]:
    """`total` twips by relative shares, in whole twips that add up to `total`."""
    edges = [round(total * sum(shares[:count]) / sum(shares)) for count in range(len(shares) + 1)]
    return [right - left for left, right in pairwise(edges)]
