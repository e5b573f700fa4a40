"""Empty words, placeholders and example texts are told from texts that say something."""

from __future__ import annotations

import datetime

import pytest

from studygen.checks.code_rules import loinc_check_digit
from studygen.checks.emptiness import is_example, placeholder_in, same_words, says_nothing
from studygen.checks.time_rules import first_date


@pytest.mark.parametrize(
    "text", ["", "-", "–", "n/a", "N/A.", "None", "none.", "not applicable", "See protocol.", "…", " see  the SAP "]
)
def test_empty_words_say_nothing(text: str) -> None:
    assert says_nothing(text)


@pytest.mark.parametrize(
    "text", ["None; rates need no covariates", "None is possible with counts.", "5%", "R", "Poisson regression"]
)
def test_a_short_answer_is_an_answer(text: str) -> None:
    assert not says_nothing(text)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("The threshold is TBD.", "TBD"),
        ("xx patients", "xx"),
        ("Lorem ipsum dolor", "Lorem ipsum"),
        ("To be defined in the plan", "To be defined"),
        ("<insert the version>", "<insert the version>"),
    ],
)
def test_placeholders_are_found(text: str, found: str) -> None:
    assert placeholder_in(text) == found


@pytest.mark.parametrize(
    "text",
    ["Coding to be confirmed by the registry", "entry <24 weeks after start, follow-up >1 year", "XY", "The TBDs of others"],
)
def test_what_only_looks_like_a_placeholder_is_none(text: str) -> None:
    assert placeholder_in(text) is None


def test_example_texts_of_the_scaffold_are_known() -> None:
    assert is_example("Replace: why this window.")
    assert is_example("Age 18 years or older (replace)")
    assert is_example("Replace by the affiliation")
    assert not is_example("Persons replace the medicine")


def test_capitals_spaces_and_full_stops_do_not_make_another_text() -> None:
    assert same_words("Smoking is  not recorded.", "smoking is not recorded")
    assert not same_words("Smoking is not recorded.", "Smoking is recorded.")


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("2018-01-01 to 2031-12-31", datetime.date(2018, 1, 1)),
        ("1 January 2017, one year of look-back, to 31 December 2031", datetime.date(2017, 1, 1)),
        ("July 2011 to March 2015 (starts of treatment)", datetime.date(2011, 7, 1)),
        ("from 16 March 2020", datetime.date(2020, 3, 16)),
        ("Start not stated in the abstract; data extracted on 6 February 2018", None),
        ("Version 2018", None),
        ("31 February 2018", None),
        ("", None),
    ],
)
def test_the_date_at_the_beginning_of_a_text_is_read(text: str, date: datetime.date | None) -> None:
    assert first_date(text) == date


@pytest.mark.parametrize("code", ["731-0", "718-7", "2160-0", "4548-4", "2345-7"])
def test_published_loinc_codes_have_their_check_digit(code: str) -> None:
    """Lymphocytes, haemoglobin, creatinine, haemoglobin A1c, glucose, as published by LOINC."""
    number, digit = code.split("-")
    assert loinc_check_digit(number) == digit
