"""A file that says anything else than its document, or in another order, is found out, with the place."""

from __future__ import annotations

import pytest

from studygen.checks.agreement import disagreement
from studygen.document.passages import Passage

DOCUMENT = (
    Passage("heading", ("9.1 Study design",), 2),
    Passage("text", ("A cohort study in registries.\nPatients are followed from the index date.",)),
    Passage("caption", ("Table 3. Serious infections",)),
    Passage("columns", ("Registry", "Events", "Rate")),
    Passage("row", ("Denmark", "12", "4.1 (2.1–7.2)")),
    Passage("row", ("Italy", "", "not collected")),
    Passage("text", ("Rates are per 1000 person-years.",)),
    Passage("figure", ("Forest plot of two registries.",)),
    Passage("footnote", ("1 As defined in the plan.",)),
)


def without(position: int) -> tuple[Passage, ...]:
    return DOCUMENT[:position] + DOCUMENT[position + 1 :]


def instead(position: int, *passages: Passage) -> tuple[Passage, ...]:
    return DOCUMENT[:position] + passages + DOCUMENT[position + 1 :]


def fault(found: tuple[Passage, ...]) -> str:
    said = disagreement(DOCUMENT, found, "report.pdf")
    assert said is not None
    return str(said)


def test_a_file_agrees_with_its_document() -> None:
    assert disagreement(DOCUMENT, DOCUMENT, "report.pdf") is None


def test_white_space_and_forms_of_characters_do_not_count() -> None:
    found = instead(
        1, Passage("text", ("A\u00a0cohort study  in regis\u200btries. Patients are \ufb01ollowed".replace("\ufb01", "f"),))
    )
    found = (*found[:2], Passage("text", (" from the index date.",)), *found[2:])
    assert disagreement(DOCUMENT, found, "report.pdf") is None


def test_a_changed_number_is_named_with_its_cell_and_both_readings() -> None:
    said = fault(instead(4, Passage("row", ("Denmark", "12", "4.1 (2.1–7.3)"))))
    assert said.startswith("report.pdf")
    assert "the table row, cell 3, reads “4.1(2.1–7.3)” in the file and “4.1(2.1–7.2)” in the document" in said


@pytest.mark.parametrize("position", range(len(DOCUMENT)))
def test_a_missing_passage_is_found(position: int) -> None:
    fault(without(position))


@pytest.mark.parametrize("position", range(len(DOCUMENT) - 1))
def test_two_passages_in_the_other_order_are_found(position: int) -> None:
    one, other = DOCUMENT[position : position + 2]
    fault((*DOCUMENT[:position], other, one, *DOCUMENT[position + 2 :]))


def test_what_the_document_does_not_say_is_found() -> None:
    assert "the file says more than the document: the text “Invented.”" in fault((*DOCUMENT, Passage("text", ("Invented.",))))


def test_a_heading_of_another_level_is_found() -> None:
    assert "the heading of level 3" in fault(instead(0, Passage("heading", ("9.1 Study design",), 3)))


def test_words_in_another_cell_are_found() -> None:
    fault(instead(5, Passage("row", ("Italy", "not collected", ""))))


def test_a_caption_that_is_only_text_is_found() -> None:
    fault(instead(2, Passage("text", ("Table 3. Serious infections",))))


def test_a_page_break_may_divide_a_row_and_repeat_the_column_headers() -> None:
    found = instead(
        4,
        Passage("row", ("Den", "12", "4.1")),
        Passage("columns", ("Registry", "Events", "Rate")),
        Passage("row", ("mark", "", "(2.1–7.2)")),
    )
    assert disagreement(DOCUMENT, found, "report.pdf") is None


def test_column_headers_of_another_table_are_not_a_repetition() -> None:
    fault(instead(4, DOCUMENT[4], Passage("columns", ("Registry", "Persons", "Rate"))))


def test_a_soft_hyphen_may_be_seen_or_not() -> None:
    document = (Passage("text", ("natal\u00adizumab was given",)),)
    for shown in ("natal-izumab was given", "natalizumab was given", "natal\u00adizumab was given"):
        assert disagreement(document, (Passage("text", (shown,)),), "report.pdf") is None
    assert disagreement(document, (Passage("text", ("nata-lizumab was given",)),), "report.pdf") is not None
