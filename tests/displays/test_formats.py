"""How results, windows, dates and lists read. Expected texts are those of the published papers and of the issue."""

from __future__ import annotations

import datetime

import pytest
from display_samples import count, estimate, quantity

from studygen.displays.formats import (
    SHOWS,
    day_text,
    days_text,
    level_text,
    listing,
    measure_heading,
    result_text,
    sentence_case,
    width_text,
)
from studygen.displays.texts import DisplayTexts
from studygen.results.findings import Result
from studygen.study.population import Window


@pytest.mark.parametrize(
    ("result", "text"),
    [
        (estimate("a.pooled", 0.7718, 0.5522, 1.0786), "0.77 (0.55–1.08)"),
        (estimate("a.pooled_common_wald", 0.7060, 0.6378, 0.7814), "0.71 (0.64–0.78)"),
        (estimate("a.pooled_dl_hartung_knapp", 0.7718, 0.0881, 6.7617), "0.77 (0.09–6.76)"),
        (estimate("a.pooled", 0.030392, 0.016404, 0.055635, measure="proportion"), "3.04% (1.64–5.56)"),
        (estimate("a.r.estimate", 0.002034, 0.001554, 0.002662, measure="incidence_rate", per=1000), "2.03 (1.55–2.66)"),
        (estimate("a.r.estimate", 0.0, 0.0, 0.0001537, measure="incidence_rate", per=1000), "0.00 (0.00–0.15)"),
        (estimate("a.r.estimate", -0.012, -0.03, 0.006, measure="risk_difference"), "−1.20% (−3.00 to 0.60)"),
        (estimate("a.r.estimate", 0.00285, 0.001, 0.004, measure="incidence_rate", per=1000), "2.85 (1.00–4.00)"),
        (estimate("a.r.estimate", 1.5, None, None), "1.50 (interval not estimable)"),
        (estimate("a.r.estimate", None), "not estimable"),
        (estimate("a.pooled", 0.5, 0.0, float("inf")), "0.50 (0.00–∞)"),
        (quantity("a.i_squared", 85.55, "percent"), "86%"),
        (quantity("a.i_squared", 0.0, "percent"), "0%"),
        (quantity("a.i_squared", 0.3, "percent"), "<1%"),
        (quantity("size.x.power_hr_2", 99.8, "percent"), ">99%"),
        (quantity("a.r.weight", 45.64, "percent"), "45.6%"),
        (quantity("a.tau_squared", 0.0503, "variance"), "0.050"),
        (quantity("a.tau_squared", 0.00004, "variance"), "<0.001"),
        (quantity("a.tau_squared", 0.0, "variance"), "0.000"),
        (quantity("a.q", 6.9194, "chi_squared"), "6.92"),
        (quantity("a.q_p", 0.00852, "p_value"), "0.009"),
        (quantity("a.q_p", 0.00002, "p_value"), "<0.001"),
        (quantity("a.q_p", 0.99999, "p_value"), ">0.999"),
        (quantity("a.r.person_years", 24000.4, "person_years"), "24\u202f000"),
        (quantity("a.r.person_years", 12.34, "person_years"), "12.3"),
        (quantity("a.h_squared", 6.919, "ratio"), "6.92"),
        (quantity("a.tau_squared", None, "variance", state="not_applicable"), "n/a"),
        (count("a.r.n", 1234), "1234"),
        (count("a.r.n", 0), "0"),
        (count("a.r.n", None, state="suppressed", threshold=5), "<5"),
        (count("a.total.n", None, state="suppressed"), "suppressed"),
        (count("a.r.n", None, state="not_collected"), "not collected"),
    ],
)
def test_results_read_as_in_the_papers(result: Result, text: str, texts: DisplayTexts) -> None:
    assert result_text(result, "full", texts) == text


def test_zero_suppressed_not_collected_and_not_estimable_look_different(texts: DisplayTexts) -> None:
    states = [count("a.r.n", 0), count("a.r.n", None, threshold=5)]
    states += [count("a.r.n", None, state=state) for state in ("not_collected", "not_applicable", "not_estimable")]
    assert len({result_text(each, "full", texts) for each in states}) == len(states)


@pytest.mark.parametrize(
    ("show", "text"),
    [
        ("full", "3.04% (1.64–5.56)"),
        ("estimate", "3.04%"),
        ("interval", "1.64–5.56%"),
        ("lower", "1.64%"),
        ("upper", "5.56%"),
    ],
)
def test_a_part_of_an_estimate_can_be_shown(show: str, text: str, texts: DisplayTexts) -> None:
    assert result_text(estimate("a.pooled", 0.030392, 0.016404, 0.055635, measure="proportion"), show, texts) == text


def test_all_parts_are_known_and_others_are_refused(texts: DisplayTexts) -> None:
    whole = estimate("a.pooled", 0.5, 0.4, 0.6)
    assert all(result_text(whole, show, texts) for show in SHOWS)
    with pytest.raises(ValueError, match="width"):
        result_text(whole, "width", texts)


def test_the_width_of_an_interval_is_a_ratio_for_ratios_and_a_distance_for_others(texts: DisplayTexts) -> None:
    assert width_text(estimate("a.pooled", 0.77, 0.5, 1.25), texts) == "2.50"
    assert width_text(estimate("a.pooled", 0.03, 0.01, 0.05, measure="proportion"), texts) == "4.00"
    assert width_text(estimate("a.pooled", None), texts) == "not estimable"


def window(start: int | str, end: int | str) -> Window:
    return Window.model_validate(
        {"id": "w", "label": "W", "kind": "covariate", "start_day": start, "end_day": end, "rationale": "Because."}
    )


@pytest.mark.parametrize(
    ("start", "end", "text"),
    [
        (-365, -1, "[−365, −1]"),
        (0, 0, "[0, 0]"),
        (1, 3650, "[1, 3650]"),
        ("all_available_data", -1, "[all available data, −1]"),
        (1, "end_of_follow_up", "[1, end of follow-up]"),
    ],
)
def test_windows_print_both_ends_with_a_real_minus(start: int | str, end: int | str, text: str, texts: DisplayTexts) -> None:
    assert days_text(window(start, end), texts) == text


def test_dates_are_written_out(texts: DisplayTexts) -> None:
    assert day_text(datetime.date(2027, 6, 30), texts) == "30 June 2027"
    assert day_text(datetime.date(2027, 12, 1), texts) == "1 December 2027"


def test_lists_are_written_out(texts: DisplayTexts) -> None:
    assert [listing(items, texts) for items in ([], ["a"], ["a", "b"], ["a", "b", "c"])] == ["", "a", "a and b", "a, b and c"]


def test_sentence_case_touches_the_first_letter_only() -> None:
    assert sentence_case("s1P modulators") == "S1P modulators"
    assert sentence_case("") == ""


def test_headings_name_measure_multiplier_and_level(texts: DisplayTexts) -> None:
    assert measure_heading("hazard_ratio", 1000, 0.95, texts) == "Hazard ratio (95%\u00a0CI)"
    assert measure_heading("incidence_rate", 1000, 0.9, texts) == "Incidence rate per 1000 person-years (90%\u00a0CI)"
    assert level_text(0.995) == "99.5"
