"""Tables break at the same rows in every paged format: no small row stands alone, short tables stay whole, tall ones break."""

from __future__ import annotations

from docx_samples import paragraphs, style, written
from hypothesis import given
from hypothesis import strategies as st
from lxml import html
from samples import document, row, text

from studygen.document.nodes import Table
from studygen.writers.html import to_html
from studygen.writers.table_breaks import PAIR, SHORT, TALL, breaks_of

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
lines_of_rows = st.lists(st.floats(min_value=1, max_value=60), min_size=1, max_size=30)


def made(body: list[float], notes: bool = False) -> Table:
    rows = tuple(row("word " * round(height * 16)) for height in body)
    return Table("tbl-x", text("T"), (), rows, (1,), (text("note"),) if notes else (), number=1)


@given(lines_of_rows)
def test_no_small_row_stands_alone_at_either_end(body: list[float]) -> None:
    breaks = breaks_of(made(body), tuple(body))
    last = len(body) - 1
    if last >= 1 and body[0] + body[1] <= PAIR:
        assert 0 in breaks.kept
    if last >= 1 and body[last - 1] + body[last] <= PAIR:
        assert last - 1 in breaks.kept


@given(lines_of_rows)
def test_a_table_stays_whole_only_if_it_is_short_and_a_row_may_break_only_if_it_is_tall(body: list[float]) -> None:
    breaks = breaks_of(made(body), tuple(body))
    assert breaks.whole == (sum(body) <= SHORT)
    assert breaks.tall == {place for place, height in enumerate(body) if height > TALL}
    if breaks.whole:
        assert breaks.kept == set(range(len(body) - 1))


@given(lines_of_rows)
def test_only_notes_hold_the_last_row(body: list[float]) -> None:
    assert len(body) - 1 not in breaks_of(made(body), tuple(body)).kept
    assert len(body) - 1 in breaks_of(made(body, notes=True), tuple(body)).kept


def test_a_group_row_stays_with_the_first_of_its_rows() -> None:
    group = row("Group", kind="group")
    body = (row("a"), row("b"), row("c"), group, *(row(f"{n}") for n in range(20)))
    assert 3 in breaks_of(Table("tbl-x", (), (), body, (1,)), (1.0,) * len(body)).kept


def test_pdf_and_word_keep_and_break_the_same_rows() -> None:
    node = made([1, 1, 3, 40, 2, 5, 1, 1], notes=True)
    page = html.fromstring(to_html(document(node), style()))
    in_pdf = [(("kept" in line), ("tall" in line)) for line in (tr.get("class", "").split() for tr in page.iter("tr"))]
    root = written(node)
    in_word = []
    for line in root.iter(f"{W}tr"):
        kept = line.find(f".//{W}pPr/{W}keepNext") is not None
        in_word.append((kept, line.find(f"{W}trPr/{W}cantSplit") is None))
    assert in_word == in_pdf
    assert (True, False) in in_pdf
    assert (False, True) in in_pdf
    assert paragraphs(root, "TableNote")
