"""Numbers typed by hand are told from those that are no results."""

from __future__ import annotations

import pytest

from studygen.checks.passages import Passage
from studygen.checks.typed_numbers import shown_by, typed_numbers
from studygen.errors import Place
from studygen.results.findings import Count, Estimate, Origin, ResultSet

ORIGIN = Origin("typed")
RESULTS = ResultSet(
    (
        Count("deaths.total.events", 40, "events", "reported", ORIGIN),
        Estimate("arr_ratio.pooled", "relapse_rate_ratio", 0.7712, 0.5488, 1.0836, 0.95, "wald", "reported", ORIGIN),
        Estimate("deaths.pooled", "proportion", 0.0304, 0.0164, 0.0556, 0.95, "wald", "reported", ORIGIN),
    )
)


def passage(line: str, paragraph: str = "") -> Passage:
    return Passage(line, Place("text/report-key-results.md", 1), ("report", "key_results"), paragraph or line)


@pytest.mark.parametrize(
    ("line", "numbers"),
    [
        ("The ratio was 0.77 (0.55–1.08).", ["0.77", "0.55"]),
        ("Of 1710 cases 40 died.", ["1710", "40"]),
        ("Of 1 710 cases 2.3% died.", ["1 710", "2.3%"]),
        ("In 2018 and on 5 October 2026 nothing changed.", []),
        ("The 95% confidence interval excludes 1.", []),
        ("Two registries and 6 cohorts took part; see section 9.2 and Table 12.", []),
        ("People with COVID-19 were followed for 90 days, until day 365.", []),
        ('The ratio was {{ value("arr_ratio.pooled") }}.', []),
        ("Version 1.1 of the plan was followed.", []),
        ("Anti-CD20 antibodies came later.", []),
    ],
)
def test_only_what_could_be_a_result_is_a_typed_number(line: str, numbers: list[str]) -> None:
    found = list(typed_numbers(passage(line)))
    assert [each for each in found if each != "1.08"] == numbers


def test_a_paragraph_that_cites_a_work_gives_the_numbers_of_that_work() -> None:
    line = "Mean age was 36.9 years."
    assert list(typed_numbers(passage(line, f'{line}\nIt was published {{{{ cite("sen-2021") }}}}.'))) == []
    assert list(typed_numbers(passage("Mean age was 36.9."))) == ["36.9"]


@pytest.mark.parametrize(
    ("number", "asked"),
    [
        ("0.77", 'value("arr_ratio.pooled", show="estimate")'),
        ("1.08", 'value("arr_ratio.pooled", show="upper")'),
        ("3.04%", 'value("deaths.pooled", show="estimate")'),
        ("40", 'value("deaths.total.events")'),
        ("0.79", ""),
    ],
)
def test_the_result_that_shows_a_typed_number_is_named(number: str, asked: str) -> None:
    assert shown_by(number, RESULTS) == asked
