"""How long documents take: the same text and tables as DOCX by studygen, pandoc, docxtpl and R's officer with flextable, where
these are installed; as PDF by studygen and by WeasyPrint alone on the same HTML; and how both grow with the pages. Run alone:
`python -m tests.benchmarks.documents [--quick]`. Asserts nothing, because machines differ. Times are seconds of processor time,
which other work on the machine hardly changes; all tools but pandoc are timed without their start.

docxtpl is looked for in this environment, or in that of the Python named by the environment variable DOCXTPL_PYTHON."""

from __future__ import annotations

import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from studygen.document.nodes import Block, Cell, Contents, Document, Heading, Meta, Paragraph, Row, Table, Text
from studygen.document.numbering import number_document
from studygen.document.references import fill_contents
from studygen.writers.docx import render_docx
from studygen.writers.html import to_html
from studygen.writers.pdf import render_pdf
from studygen.writers.style import Style, load_style
from studygen.yamlfile import read_yaml

TEMPLATES = Path(__file__).resolve().parents[2] / "templates"
TABLES, ROWS, COLUMNS, PARAGRAPHS = 40, 200, 8, 100
SHARE = 2
"""How many of the tables flextable writes; it takes minutes for all, and its time is multiplied instead."""
PAGES = (50, 100, 250, 500)
SENTENCE = (
    "The pooled rate ratio is shown beside the ratio of each registry, with its interval, its weight and the number of events "
    "and person-years behind it, so that a reader can see how far the registries agree. "
)

DOCXTPL = """
import json, sys, time
from docx import Document
from docxtpl import DocxTemplate
content = json.load(open(sys.argv[1]))
form = Document()
form.add_paragraph("{%p for text in paragraphs %}")
form.add_paragraph("{{ text }}")
form.add_paragraph("{%p endfor %}")
form.add_paragraph("{%p for table in tables %}")
form.add_paragraph("{{ table.caption }}", style="Caption")
grid = form.add_table(4, len(content["header"]))
for cell, text in zip(grid.rows[0].cells, content["header"]):
    cell.text = text
grid.rows[1].cells[0].text = "{%tr for row in table.rows %}"
for column, cell in enumerate(grid.rows[2].cells):
    cell.text = "{{ row[%d] }}" % column
grid.rows[3].cells[0].text = "{%tr endfor %}"
form.add_paragraph("{%p endfor %}")
form.save(sys.argv[2] + ".form.docx")
start = time.process_time()
template = DocxTemplate(sys.argv[2] + ".form.docx")
template.render(content)
template.save(sys.argv[2])
print(time.process_time() - start)
"""

FLEXTABLE = """
suppressMessages({library(officer); library(flextable); library(jsonlite)})
content <- fromJSON(commandArgs(TRUE)[1])
took <- system.time({
  doc <- read_docx()
  for (text in content$paragraphs) doc <- body_add_par(doc, text, style = "Normal")
  for (i in seq_len(as.integer(commandArgs(TRUE)[3]))) {
    rows <- as.data.frame(content$tables$rows[[i]])
    names(rows) <- content$header
    doc <- body_add_par(doc, content$tables$caption[i], style = "Normal")
    doc <- body_add_flextable(doc, flextable(rows))
  }
  print(doc, target = commandArgs(TRUE)[2])
})
cat(took["user.self"] + took["sys.self"], "\\n")
"""


def timed(action: Callable[[], object]) -> float:
    start = time.process_time()
    action()
    return time.process_time() - start


# ------------------------------------------------------------------------------------------------------------- the content


@dataclass(frozen=True, slots=True)
class Grid:
    caption: str
    rows: list[list[str]]


@dataclass(frozen=True, slots=True)
class Given:
    """What every tool is given: paragraphs, and tables that share a header."""

    paragraphs: list[str]
    header: list[str]
    tables: list[Grid]


def content() -> Given:
    header = ["Registry", *(f"Statistic {n}" for n in range(1, COLUMNS))]
    tables = [
        Grid(
            f"Rates by registry and year, part {n}",
            [[f"Registry {r}", *(f"{r}.{c} (0.{n}–{r + c}.5)" for c in range(1, COLUMNS))] for r in range(1, ROWS + 1)],
        )
        for n in range(1, TABLES + 1)
    ]
    return Given([f"{n}. {SENTENCE}" * 2 for n in range(1, PARAGRAPHS + 1)], header, tables)


def as_markdown(given: Given) -> str:
    lines = [f"{text}\n" for text in given.paragraphs]
    for table in given.tables:
        lines += [f"| {' | '.join(given.header)} |", f"|{'---|' * len(given.header)}"]
        lines += [f"| {' | '.join(row)} |" for row in table.rows]
        lines += ["", f"Table: {table.caption}", ""]
    return "\n".join(lines)


def as_document(given: Given) -> Document:
    blocks: list[Block] = [Heading("sec-a", 1, (Text("Results"),), "1")]
    blocks += [Paragraph((Text(text),)) for text in given.paragraphs]
    blocks += [_table(f"tbl-{n}", table.caption, given.header, table.rows) for n, table in enumerate(given.tables, 1)]
    return _finished(blocks)


def of_about(pages: int) -> Document:
    """A document like ours: every page has a heading, two paragraphs and a table; its contents are listed."""
    blocks: list[Block] = [Contents("sections")]
    rows = [[f"Registry {r}", "12 345", "1 234.5", "0.77 (0.55–1.08)", SENTENCE[:40]] for r in range(1, 10)]
    header = ["Registry", "Persons", "Person-years", "Rate ratio", "Remark"]
    for n in range(1, pages + 1):
        blocks.append(Heading(f"sec-{n}", 1, (Text(f"Section {n}"),), str(n)))
        blocks += [Paragraph((Text(SENTENCE * 3),))] * 2
        blocks.append(_table(f"tbl-{n}", f"Effects in section {n}", header, rows))
    return _finished(blocks)


def _table(id: str, caption: str, header: list[str], rows: list[list[str]]) -> Table:
    def row(texts: list[str], is_header: bool) -> Row:
        return Row(tuple(Cell((Paragraph((Text(t),)),), header=is_header or n == 0) for n, t in enumerate(texts)))

    body = tuple(row(texts, False) for texts in rows)
    return Table(id, (Text(caption),), (row(header, True),), body, (1.0,) * len(header))


def _finished(blocks: list[Block]) -> Document:
    words = read_yaml(TEMPLATES / "shared" / "words.yaml").data["writer"]
    meta = Meta(
        "BENCH-1", "A long study", "Report", "1.0", "2026-01-31", "31 January 2026", "Long", "Nobody", tuple(words.items())
    )
    return fill_contents(number_document(Document(meta, (Paragraph((Text("A long study"),), "title"),), tuple(blocks))))


# --------------------------------------------------------------------------------------------------------------- the tools


def in_pandoc(_source: Path, folder: Path) -> float | None:
    program = shutil.which("pandoc")
    if program is None:
        return None
    markdown = folder / "content.md"
    markdown.write_text(as_markdown(content()), encoding="utf-8")
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    _run(program, str(markdown), "-o", str(folder / "pandoc.docx"))
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def in_docxtpl(source: Path, folder: Path) -> float | None:
    python = os.environ.get("DOCXTPL_PYTHON", sys.executable)
    return _reported(python, "-c", DOCXTPL, str(source), str(folder / "docxtpl.docx"))


def in_flextable(source: Path, folder: Path) -> float | None:
    program = shutil.which("Rscript")
    script = folder / "flextable.R"
    script.write_text(FLEXTABLE, encoding="utf-8")
    if program is None:
        return None
    took = _reported(program, str(script), str(source), str(folder / "flextable.docx"), str(SHARE))
    return None if took is None else took * TABLES / SHARE


def _run(*command: str) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def _reported(*command: str) -> float | None:
    """What a program says it took, without its start; None when it cannot run, as when its library is missing."""
    try:
        return float(_run(*command).split()[-1])
    except (subprocess.CalledProcessError, FileNotFoundError):
        return None


# -------------------------------------------------------------------------------------------------------------- the tables


def docx_rows(style: Style, repeats: int) -> Iterator[tuple[str, ...]]:
    given = content()
    document, one = as_document(given), as_document(replace(given, paragraphs=[], tables=given.tables[:1]))
    render_docx(one, style, None)
    alone = [timed(lambda: render_docx(one, style, None)) for _ in range(repeats)]
    yield (f"studygen, one table of {ROWS} × {COLUMNS} alone", *_spread(alone), "")
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        source = folder / "content.json"
        source.write_text(json.dumps(asdict(given)), encoding="utf-8")
        ours: list[float] = []
        others: dict[str, list[float | None]] = {name: [] for name, _ in OTHERS}
        # In turn, so that what else the machine does meets all of them.
        for _ in range(repeats):
            ours.append(timed(lambda: render_docx(document, style, None)))
            for name, tool in OTHERS:
                others[name].append(tool(source, folder))
    yield ("studygen", *_spread(ours), "1")
    for name, found in others.items():
        times = [each for each in found if each is not None]
        ratio = f"{statistics.median(times) / statistics.median(ours):.1f}" if times else ""
        yield (name, *(_spread(times) if times else ("not installed", "")), ratio)


OTHERS: tuple[tuple[str, Callable[[Path, Path], float | None]], ...] = (
    ("pandoc, from Markdown", in_pandoc),
    ("docxtpl", in_docxtpl),
    (f"R officer and flextable, from {SHARE} of the tables", in_flextable),
)


def pdf_rows(style: Style, repeats: int) -> Iterator[tuple[str, ...]]:
    from weasyprint import HTML

    document = of_about(PAGES[0])
    page = to_html(document, style)
    render_pdf(of_about(2), style)
    ours, alone = [], []
    for _ in range(repeats):
        alone.append(timed(lambda: HTML(string=page).write_pdf(pdf_variant="pdf/ua-1")))
        ours.append(timed(lambda: render_pdf(document, style)))
    share = statistics.median(ours) / statistics.median(alone) - 1
    yield ("WeasyPrint alone, the same HTML, pdf/ua-1", *_spread(alone), "")
    yield ("studygen, from tree to PDF", *_spread(ours), f"{100 * share:+.0f} %")


def growth_rows(style: Style, sizes: tuple[int, ...]) -> Iterator[tuple[str, ...]]:
    for size in sizes:
        document = of_about(size)
        start = time.process_time()
        pages = max(render_pdf(document, style).pages.values())
        pdf = time.process_time() - start
        docx = timed(lambda document=document: render_docx(document, style, None))  # type: ignore[misc]
        yield (str(pages), f"{pdf:.1f}", f"{1000 * pdf / pages:.0f}", f"{docx:.2f}", f"{1000 * docx / pages:.1f}")


def _spread(times: list[float]) -> tuple[str, str]:
    return f"{statistics.median(times):.2f}", f"{min(times):.2f}–{max(times):.2f}" if len(times) > 1 else ""


def _print(header: str, rows: Iterator[tuple[str, ...]]) -> None:
    print(f"| {header} |\n|{' --- |' * (header.count('|') + 1)}", flush=True)
    for row in rows:
        print(f"| {' | '.join(row)} |", flush=True)
    print()


def main(quick: bool = False) -> None:
    style = load_style(TEMPLATES / "style" / "brand.yaml")
    repeats = 1 if quick else 3
    what = f"DOCX: {TABLES} tables of {ROWS} × {COLUMNS} cells, {PARAGRAPHS} paragraphs"
    _print(f"{what} | seconds, median | range | times ours", docx_rows(style, repeats))
    _print(f"PDF: {PAGES[0]} sections of about a page | seconds, median | range | on top", pdf_rows(style, repeats))
    _print("pages | PDF, seconds | ms a page | DOCX, seconds | ms a page", growth_rows(style, PAGES[:2] if quick else PAGES))


if __name__ == "__main__":
    main("--quick" in sys.argv[1:])
