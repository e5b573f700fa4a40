"""Columns are as wide as asked, but words in them stay whole."""

from __future__ import annotations

from pathlib import Path

import pytest
from samples import row, td, text, th

from studygen.document.nodes import Row, Table
from studygen.writers.columns import column_shares, text_width, word_width
from studygen.writers.style import Style, load_style


@pytest.fixture(scope="module")
def style() -> Style:
    return load_style(Path(__file__).parents[2] / "templates" / "style" / "brand.yaml")


def table(*words: str, widths: tuple[float, ...], landscape: bool = False) -> Table:
    return Table("t", text("T"), (Row(tuple(th(word) for word in words)),), (row(*words),), widths, landscape=landscape)


def test_columns_follow_the_widths_that_are_asked_for(style: Style) -> None:
    assert column_shares(table("a", "b", "c", widths=(1, 2, 1)), style) == pytest.approx((0.25, 0.5, 0.25))


def test_a_column_is_never_narrower_than_its_longest_word(style: Style) -> None:
    shares = column_shares(table("Heterogeneity", "b", "c", widths=(1, 20, 20)), style)
    assert sum(shares) == pytest.approx(1)
    # "Heterogeneity" in Arial Bold: 722+556+333+556+389+611+611+556+611+556+278+333+556 = 6668 thousandths of 9 pt = 2.117 cm.
    assert shares[0] * text_width(style, landscape=False) >= 2.117 + 2 * 0.15
    assert shares[1] == pytest.approx(shares[2])


def test_words_may_break_after_hyphens_but_not_after_slashes_where_word_does_not() -> None:
    assert word_width(td("person-years"), 9) == pytest.approx(word_width(td("person-"), 9))
    assert word_width(td("a/bbbb"), 9) > word_width(td("bbbbb"), 9)


def test_a_column_does_not_grow_for_an_address(style: Style) -> None:
    shares = column_shares(table("https://example.org/" + "x" * 80, "b", widths=(1, 3)), style)
    assert shares == pytest.approx((0.25, 0.75), abs=0.02)


def test_cells_below_a_row_span_are_measured_in_their_own_column(style: Style) -> None:
    header = (Row((th("A", rowspan=2), th("Spanner over two columns", colspan=2))), Row((th("b"), th("Heterogeneity"))))
    shares = column_shares(Table("t", (), header, (row("x", "y", "z"),), (10, 10, 1)), style)
    assert shares[2] * 16 >= 2.1
    assert shares[0] == pytest.approx(shares[1])


def test_columns_that_do_not_fit_share_the_width_by_need(style: Style) -> None:
    shares = column_shares(table(*["Heterogeneity"] * 10, widths=(1,) * 10), style)
    assert shares == pytest.approx((0.1,) * 10)


def test_a_landscape_page_is_wider(style: Style) -> None:
    assert text_width(style, landscape=False) == pytest.approx(16.0)
    assert text_width(style, landscape=True) == pytest.approx(24.7)


def test_prose_takes_width_from_columns_with_room(style: Style) -> None:
    prose = "a sentence of words " * 30
    shares = column_shares(table("yes", prose, "no", widths=(1, 1, 1)), style)
    assert shares[1] > 0.6
    assert sum(shares) == pytest.approx(1)
    for share, word in zip(shares[::2], ("yes", "no"), strict=True):
        assert share * text_width(style, landscape=False) >= word_width(td(word), 9) + 2 * 0.15


def test_a_table_of_short_cells_keeps_its_widths(style: Style) -> None:
    shares = column_shares(table("yes", "a sentence of words " * 2, "no", widths=(1, 1, 1)), style)
    assert shares == pytest.approx((1 / 3,) * 3)


def test_in_a_crowded_table_only_the_longest_words_break(style: Style) -> None:
    words = (
        "Immunosuppressants",
        "outcome",
        "leukoencephalopathy",
        "population",
        "characteristics",
        "diagnosis",
        "position",
        "settings",
    )
    shares = column_shares(table(*words, widths=(1,) * 8), style)
    for word, share in zip(words, shares, strict=True):
        if len(word) <= 10:
            assert share * 16 >= word_width(th(word), 9), word
