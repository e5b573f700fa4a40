"""The PDF is valid, tagged, navigable, complete and the same on every run."""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

import page as page_validation
import pikepdf
import pytest
from samples import LONG, PNG, document, heading, meta, para, rich, row, text, th

from studygen.document.nodes import Document, Figure, Heading, Paragraph, Ref, Row, Table, walk
from studygen.errors import WriterError
from studygen.writers.pdf import PdfResult, render_pdf
from studygen.writers.style import Style, load_style

BRAND = Path(__file__).parents[2] / "templates" / "style" / "brand.yaml"
XHTML = "{http://www.w3.org/1999/xhtml}"


@pytest.fixture(scope="module")
def style() -> Style:
    return load_style(BRAND)


@dataclass(frozen=True)
class Sample:
    document: Document
    result: PdfResult
    path: Path

    def open(self) -> pikepdf.Pdf:
        return pikepdf.open(self.path)

    def page_texts(self) -> list[str]:
        run = subprocess.run(["pdftotext", "-layout", str(self.path), "-"], capture_output=True, text=True, check=True)
        return run.stdout.split("\f")[:-1]


@pytest.fixture(scope="module")
def sample(style: Style, tmp_path_factory: pytest.TempPathFactory) -> Sample:
    tree = rich()
    result = render_pdf(tree, style)
    path = tmp_path_factory.mktemp("pdf") / "rich.pdf"
    path.write_bytes(result.content)
    return Sample(tree, result, path)


def written(result: PdfResult, folder: Path) -> Path:
    path = folder / "document.pdf"
    path.write_bytes(result.content)
    return path


def assert_valid(path: Path) -> None:
    verdict = page_validation.validate_pdf(str(path), profile="ua1")
    assert " 0 failed" in str(verdict), str(verdict)


# ---------------------------------------------------------------- form


def test_the_file_passes_the_checks_of_pdf_ua(sample: Sample) -> None:
    assert_valid(sample.path)


def test_the_file_passes_the_check_of_its_syntax(sample: Sample) -> None:
    run = subprocess.run(["qpdf", "--check", str(sample.path)], capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
    assert not run.stderr


def test_the_file_is_pdf_1_7_without_scripts_attachments_or_encryption(sample: Sample) -> None:
    with sample.open() as pdf:
        assert pdf.pdf_version == "1.7"
        assert not pdf.is_encrypted
        assert not len(pdf.attachments)
        assert "/JavaScript" not in pdf.Root.get("/Names", {})


def test_properties_name_the_document_its_author_and_its_date(sample: Sample) -> None:
    with sample.open() as pdf:
        info = pdf.docinfo
        assert str(info["/Title"]) == f"Study protocol: {meta().title}"
        assert str(info["/Author"]) == "Coordinating centre"
        assert (
            str(info["/Subject"])
            == "SAMPLE-PASS-01-PRO, Version 1.0, 30 June 2026; Draft; Illustrative example, not a real study"
        )
        assert str(info["/Keywords"]) == "multiple sclerosis, registry, PASS"
        assert str(info["/CreationDate"]).startswith("D:20260630")
        assert str(pdf.Root.Lang) == "en-GB"
        assert pdf.Root.ViewerPreferences.DisplayDocTitle


def test_it_opens_with_bookmarks_and_counts_pages_as_printed(sample: Sample) -> None:
    with sample.open() as pdf:
        assert pdf.Root.PageMode == "/UseOutlines"
        assert [page.label for page in pdf.pages] == [str(number) for number in range(1, len(pdf.pages) + 1)]


def test_all_fonts_are_embedded_and_belong_to_the_brand(sample: Sample) -> None:
    run = subprocess.run(["pdffonts", str(sample.path)], capture_output=True, text=True, check=True)
    lines = run.stdout.splitlines()[2:]
    assert lines
    for line in lines:
        assert re.search(r"^[A-Z]{6}\+Liberation-", line), line
        assert re.search(r"\byes\s+yes\s+yes\b", line), line


# ---------------------------------------------------------------- navigation


def outline_titles(pdf: pikepdf.Pdf) -> list[str]:
    titles: list[str] = []

    def collect(items: object) -> None:
        for item in items:  # type: ignore[attr-defined]
            titles.append(item.title)
            collect(item.children)

    with pdf.open_outline() as outline:
        collect(outline.root)
    return titles


def test_the_outline_holds_headings_down_to_level_four_and_every_table_and_figure(sample: Sample) -> None:
    expected = [
        "1 Table of contents",
        "List of tables",
        "List of figures",
        "2 Rationale and background",
        "2.1 What is known and what is not",
        "2.1.1 Small counts",
        "3 Results of feasibility work",
        "Table 1. Serious infections: events, person-years and rate ratios per registry",
        "Figure 1. Rate ratio of serious infections, per registry and pooled",
        "3.1 Around the figure",
        "3.1.1 Headings in a row",
        "3.1.1.1 A fourth level",
        "3.2 Codes",
        "Table 2. Codes that define a serious infection",
        "3.3 Availability",
        "Table 3. Availability of core variables by registry",
        "3.4 After the wide table",
        "4 References",
        "Annex 1 List of stand-alone documents",
        "Annex 2 Additional information",
    ]
    with sample.open() as pdf:
        assert outline_titles(pdf) == expected


def test_every_heading_table_and_figure_has_the_page_on_which_it_is_printed(sample: Sample) -> None:
    nodes = [node for node in walk(sample.document) if isinstance(node, (Heading, Table, Figure))]
    assert set(sample.result.pages) == {node.id for node in nodes}
    texts = sample.page_texts()
    for id, words in [
        ("sec-background", "Rationale and background"),
        ("tbl-rates", "Table 1. Serious infections"),
        ("fig-forest", "Figure 1. Rate ratio"),
        ("tbl-codes", "Table 2. Codes that define"),
        ("tbl-availability", "Table 3. Availability"),
        ("annex-2", "Additional information"),
    ]:
        assert words in texts[sample.result.pages[id] - 1], id


def test_the_contents_print_the_pages_that_are_reported(sample: Sample) -> None:
    contents = sample.page_texts()[1]
    for id, words in [
        ("sec-after", "After the wide table"),
        ("tbl-codes", "Codes that define a serious infection"),
        ("annex-2", "Additional"),
    ]:
        (printed,) = re.findall(rf"{words}.*?(\d+)$", contents, flags=re.MULTILINE)
        assert int(printed) == sample.result.pages[id]


def test_inner_links_are_described_by_the_words_of_their_target(sample: Sample) -> None:
    with sample.open() as pdf:
        described = {
            str(annotation.Dest): str(annotation.Contents)
            for page in pdf.pages
            for annotation in page.get("/Annots", [])
            if "/Dest" in annotation
        }
    assert described["sec-methods"] == "2.1 What is known and what is not"
    assert described["tbl-codes"] == "Table 2. Codes that define a serious infection"


def test_every_line_of_the_contents_is_one_link(sample: Sample) -> None:
    with sample.open() as pdf:
        targets = [str(annotation.Dest) for annotation in pdf.pages[1].Annots]
    assert len(targets) == len(set(targets)) == 15 + 3 + 1


# ---------------------------------------------------------------- tags


def elements(pdf: pikepdf.Pdf) -> list[pikepdf.Object]:
    found: list[pikepdf.Object] = []
    queue = [pdf.Root.StructTreeRoot.K[0]]
    while queue:
        element = queue.pop(0)
        if isinstance(element, pikepdf.Dictionary) and "/S" in element:
            found.append(element)
            kids = element.get("/K", [])
            queue = [kid for kid in kids if isinstance(kid, pikepdf.Dictionary)] + queue
    return found


def words_of(element: pikepdf.Object) -> str:
    return str(element.get("/ID", ""))


def test_the_tag_tree_has_headings_lists_contents_notes_tables_and_figures(sample: Sample) -> None:
    with sample.open() as pdf:
        tags = [str(element.S) for element in elements(pdf)]
    text_tags = {"/H1", "/H2", "/H3", "/H4", "/H5", "/P", "/L", "/LI", "/Lbl", "/LBody", "/Link", "/TOC", "/TOCI"}
    table_tags = {"/Table", "/Caption", "/THead", "/TBody", "/TR", "/TH", "/TD"}
    assert text_tags | table_tags <= set(tags)
    assert tags.count("/Note") == 2
    assert tags.count("/Figure") == 1


def test_the_figure_keeps_its_text_alternative(sample: Sample) -> None:
    with sample.open() as pdf:
        (figure,) = [element for element in elements(pdf) if element.S == "/Figure"]
        assert str(figure.Alt) == "Forest plot: registry A 0.79, B not estimable, C 0.68, pooled 0.75 (0.54 to 1.04)."


def test_every_header_cell_has_a_scope_and_every_data_cell_its_headers(sample: Sample) -> None:
    with sample.open() as pdf:
        cells = [element for element in elements(pdf) if element.S in ("/TH", "/TD")]
        assert all(cell.A.get("/Scope") in ("/Row", "/Column") for cell in cells if cell.S == "/TH")
        assert all(len(cell.A.Headers) for cell in cells if cell.S == "/TD")


def test_data_cells_name_group_row_and_columns_also_below_two_header_rows(sample: Sample) -> None:
    # In table 1, column headers are (row 0) Registry, Exposed, Comparator, Rate ratio; (row 1) Events, Person-years, twice.
    with sample.open() as pdf:
        table = [element for element in elements(pdf) if element.S == "/Table"][1]
        head, *bodies = [kid for kid in table.K if isinstance(kid, pikepdf.Dictionary) and kid.S in ("/THead", "/TBody")]
        _, exposed, comparator, ratio = [words_of(cell) for cell in head.K[0].K]
        events, years, events_again, _ = [words_of(cell) for cell in head.K[1].K]
        group = words_of(bodies[0].K[0].K[0])
        registry, *data = bodies[0].K[1].K
        assert [str(header) for header in data[0].A.Headers] == [group, words_of(registry), exposed, events]
        assert [str(header) for header in data[1].A.Headers] == [group, words_of(registry), exposed, years]
        assert [str(header) for header in data[2].A.Headers] == [group, words_of(registry), comparator, events_again]
        assert [str(header) for header in data[4].A.Headers] == [group, words_of(registry), ratio]
        pooled, *totals = bodies[2].K[0].K
        assert [str(header) for header in totals[0].A.Headers] == [words_of(pooled), exposed, events]


# ---------------------------------------------------------------- what a reader sees


def test_marks_document_id_version_date_and_page_stand_on_every_page(sample: Sample) -> None:
    texts = sample.page_texts()
    for number, words in enumerate(texts, start=1):
        for part in ("Draft · Illustrative example, not a real study", "SAMPLE-PASS-01-PRO", "Version 1.0 · 30 June 2026"):
            assert part in words, (number, part)
        assert f"Page {number} of {len(texts)}" in words


def test_the_wide_table_stands_on_landscape_pages_and_the_text_after_it_does_not(sample: Sample) -> None:
    with sample.open() as pdf:
        sizes = [tuple(round(float(value)) for value in page.mediabox[2:]) for page in pdf.pages]
    # A4 in points.
    assert sizes[sample.result.pages["tbl-availability"] - 1] == (842, 595)
    assert sizes[sample.result.pages["sec-availability"] - 1] == (842, 595)
    assert sizes[sample.result.pages["sec-after"] - 1] == (595, 842)
    assert set(sizes) == {(842, 595), (595, 842)}


def test_a_long_table_repeats_its_header_on_every_page(sample: Sample) -> None:
    texts = sample.page_texts()
    first, last = sample.result.pages["tbl-codes"], sample.result.pages["sec-availability"]
    assert last - first > 3
    for words in texts[first - 1 : last - 1]:
        assert re.search(r"Code\s+Vocabulary\s+Term\s+Persons", words)


def boxes(path: Path) -> list[tuple[float, float, list[tuple[str, float, float, float, float]]]]:
    run = subprocess.run(["pdftotext", "-bbox", str(path), "-"], capture_output=True, text=True, check=True)
    tree = ElementTree.fromstring(re.sub(r"<!DOCTYPE[^>]*>", "", run.stdout))
    pages = []
    for page in tree.iter(f"{XHTML}page"):
        words = [
            (word.text or "", *(float(word.get(key, "nan")) for key in ("xMin", "yMin", "xMax", "yMax")))
            for word in page.iter(f"{XHTML}word")
        ]
        pages.append((float(page.get("width", "0")), float(page.get("height", "0")), words))
    return pages  # type: ignore[return-value]


def test_hostile_cells_stay_within_the_margins_and_lose_nothing(style: Style, tmp_path: Path) -> None:
    prose, code = (LONG * 3)[:500], "X" * 500
    rows = tuple(row(f"row{number}", prose, code) for number in range(40))
    table = Table("tbl-x", text("Forty rows"), (Row((th("A"), th("B"), th("C"))),), rows, (1, 2, 1), number=1)
    path = written(render_pdf(document(table), style), tmp_path)
    margin = 2.5 / 2.54 * 72 - 1
    seen = ""
    for width, height, words in boxes(path):
        for word, left, top, right, bottom in words:
            assert left >= margin, word
            assert right <= width - margin, word
            assert top >= 1 / 2.54 * 72, word
            assert bottom <= height - 1 / 2.54 * 72, word
            seen += word
    assert seen.count("X") == 40 * 500
    assert all(f"row{number}" in seen for number in range(40))
    assert_valid(path)


def test_rich_pages_stay_within_the_margins(sample: Sample) -> None:
    margin = 2.5 / 2.54 * 72 - 1
    for width, _, words in boxes(sample.path):
        for word, left, _, right, _ in words:
            assert left >= margin, word
            assert right <= width - margin, word


# ---------------------------------------------------------------- same bytes


def test_two_renders_give_the_same_bytes(sample: Sample, style: Style) -> None:
    assert render_pdf(rich(), style).content == sample.result.content


@pytest.mark.parametrize("seed", ["0", "4711"])
def test_other_processes_with_other_hash_seeds_give_the_same_bytes(sample: Sample, seed: str) -> None:
    code = (
        "import hashlib, sys; from pathlib import Path; sys.path.insert(0, sys.argv[1]); import samples;"
        "from studygen.writers.pdf import render_pdf; from studygen.writers.style import load_style;"
        "print(hashlib.sha256(render_pdf(samples.rich(), load_style(Path(sys.argv[2]))).content).hexdigest())"
    )
    environment = {**os.environ, "PYTHONHASHSEED": seed, "TZ": "Pacific/Auckland"}
    command = [sys.executable, "-c", code, str(Path(__file__).parent), str(BRAND)]
    run = subprocess.run(command, capture_output=True, text=True, env=environment, check=True)
    assert run.stdout.strip() == hashlib.sha256(sample.result.content).hexdigest()


def test_the_environment_is_left_as_it_was(style: Style, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    render_pdf(document(para("x")), style)
    assert "SOURCE_DATE_EPOCH" not in os.environ
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "123")
    render_pdf(document(para("x")), style)
    assert os.environ["SOURCE_DATE_EPOCH"] == "123"


# ---------------------------------------------------------------- what can go wrong


def test_a_link_without_target_is_an_error_that_names_it(style: Style) -> None:
    with pytest.raises(WriterError, match="tbl-nowhere"):
        render_pdf(document(Paragraph((Ref("tbl-nowhere", "Table 9"),))), style)


def test_a_drawing_that_cannot_be_read_is_an_error_that_names_the_figure(style: Style) -> None:
    broken = Figure("fig-broken", text("Broken"), "broken", b"<svg", PNG, 5, number=1)
    with pytest.raises(WriterError, match="fig-broken"):
        render_pdf(document(broken), style)


def test_a_character_that_no_font_has_is_an_error_that_shows_it(style: Style) -> None:
    with pytest.raises(WriterError, match=r"U\+1F9EC"):
        render_pdf(document(para("gene \N{DNA DOUBLE HELIX}")), style)


def test_a_font_that_is_not_installed_is_an_error_with_the_command_that_installs_it(tmp_path: Path) -> None:
    brand = BRAND.read_text(encoding="utf-8").replace("mono: {pdf: Liberation Mono", "mono: {pdf: Nonesuch Mono")
    (tmp_path / "brand.yaml").write_text(brand, encoding="utf-8")
    style = load_style(tmp_path / "brand.yaml", BRAND.with_name("page.css"))
    with pytest.raises(WriterError) as raised:
        render_pdf(document(para("x")), style)
    assert [fault.what for fault in raised.value.faults] == ['the font "Nonesuch Mono" is not installed']
    assert "apt-get install" in raised.value.faults[0].remedy
    assert "fonts-liberation2" in raised.value.faults[0].remedy


def test_a_missing_system_library_is_an_error_with_the_command_that_installs_it() -> None:
    code = """
import sys
class Refuses:
    def find_spec(self, name, path=None, target=None):
        if name == "weasyprint":
            raise OSError("cannot load library 'libpango-1.0-0'")
sys.meta_path.insert(0, Refuses())
sys.path.insert(0, sys.argv[1])
import samples
from pathlib import Path
from studygen.errors import WriterError
from studygen.writers.pdf import render_pdf
from studygen.writers.style import load_style
try:
    render_pdf(samples.document(samples.para("x")), load_style(Path(sys.argv[2])))
except WriterError as error:
    print(error)
"""
    command = [sys.executable, "-c", code, str(Path(__file__).parent), str(BRAND)]
    run = subprocess.run(command, capture_output=True, text=True, check=True)
    assert "libpango-1.0-0" in run.stdout
    assert (
        "apt-get install -y --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-liberation2"
        in run.stdout
    )


def test_a_layout_says_nothing_on_the_terminal(style: Style, capfd: pytest.CaptureFixture[str]) -> None:
    render_pdf(document(heading("s", 1, "1", "S"), para("x")), style)
    assert capfd.readouterr() == ("", "")
