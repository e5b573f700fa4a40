"""Printed rates give their counts away: all nine of Butzkueven 2023 (doi 10.1080/03007995.2023.2256220), all nine of Butzkueven
2020 (doi 10.1136/jnnp-2019-322326), whose intervals called exact are Wald's, and the exact ones of Alping 2020 (doi
10.1002/ana.25701)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studygen.stats.back_calculation import (
    counts_behind,
    events_agree,
    events_behind_rate,
    person_years_behind_no_event,
    printed_rate,
)
from studygen.stats.occurrence import exact_poisson, wald_log_rate

# per 1000 person-years: rate, limits, events, person-years implied
CLARION = [
    ("7.37", "2.76", "19.6", 4, 542.7),
    ("6.55", "2.46", "17.4", 4, 610.7),
    ("5.51", "1.78", "17.1", 3, 544.5),
    ("3.27", "0.82", "13.1", 2, 611.6),
    ("1.63", "0.23", "11.6", 1, 613.5),
    ("63.9", "40.7", "100.1", 19, 297.3),
    ("3.55", "1.59", "7.90", 6, 1690),
    ("3.55", "1.48", "8.52", 5, 1408),
]
# per 1000 person-years: events, person-years, rate, limits
OBSERVATIONAL_PROGRAMME = [
    (10, 15773.19, "0.634", "0.341", "1.178"),
    (1, 10233.77, "0.098", "0.014", "0.694"),
    (11, 26060.25, "0.422", "0.234", "0.762"),
    (17, 15773.19, "1.078", "0.670", "1.734"),
    (36, 10233.77, "3.518", "2.537", "4.877"),
    (53, 26060.25, "2.034", "1.554", "2.662"),
    (35, 15773.19, "2.219", "1.593", "3.090"),
    (28, 10233.77, "2.736", "1.889", "3.963"),
    (63, 26060.25, "2.417", "1.889", "3.095"),
]


@pytest.mark.parametrize(("rate", "lower", "upper", "events", "person_years"), CLARION)
def test_eight_rates_of_clarion_give_their_counts_away(
    rate: str, lower: str, upper: str, events: int, person_years: float
) -> None:
    printed = printed_rate(rate, lower, upper)
    assert counts_behind(printed, "wald_log") == (events,)
    assert counts_behind(printed, "exact_poisson") == ()
    assert 1000 * events / float(rate) == pytest.approx(person_years, rel=1e-3)
    found = events_behind_rate(printed.rate, printed.lower, printed.upper)
    assert found.events == pytest.approx(events, abs=0.1)


def test_the_ninth_without_events_gives_its_person_years_away() -> None:
    assert counts_behind(printed_rate("0", "0", "6.76"), "wald_log") == (0,)
    assert 1000 * person_years_behind_no_event(6.76) == pytest.approx(545.7, abs=0.05)


@pytest.mark.parametrize(("events", "person_years", "rate", "lower", "upper"), OBSERVATIONAL_PROGRAMME)
def test_nine_intervals_called_exact_are_walds(events: int, person_years: float, rate: str, lower: str, upper: str) -> None:
    printed = printed_rate(rate, lower, upper)
    assert counts_behind(printed, "wald_log") == (events,)
    assert counts_behind(printed, "exact_poisson") == ()
    assert events_agree(printed, events, person_years, "wald_log", per=1000)
    assert not events_agree(printed, events, person_years, "exact_poisson", per=1000)


def test_the_person_years_of_the_periods_do_not_add_up_to_the_overall_figure() -> None:
    total = 15773.19 + 10233.77
    assert total == pytest.approx(26006.96)
    rate = 53 / total
    printed = printed_rate("2.034", "1.554", "2.662")
    assert abs(1000 * rate - printed.rate) > printed.rate_half_unit
    assert not events_agree(printed, 53, 26006.96, "wald_log", per=1000)


@pytest.mark.parametrize(
    ("rate", "lower", "upper", "events"),
    [("34.4", "23.7", "48.3", 33), ("44.0", "29.2", "63.5", 28), ("26.0", "15.1", "41.6", 17)],
)
def test_the_exact_intervals_of_the_swedish_register_give_theirs_away(rate: str, lower: str, upper: str, events: int) -> None:
    assert counts_behind(printed_rate(rate, lower, upper), "exact_poisson") == (events,)
    assert counts_behind(printed_rate(rate, lower, upper), "wald_log") == ()


def test_digits_count() -> None:
    assert printed_rate("7.90", "1.590", "12").rate_half_unit == pytest.approx(0.005)
    assert printed_rate("7.90", "1.590", "12").lower_half_unit == pytest.approx(0.0005)
    assert printed_rate("7.90", "1.590", "12").upper_half_unit == pytest.approx(0.5)
    with pytest.raises(ValueError, match="could not convert"):
        printed_rate("<5", "1", "2")


def test_no_events_have_no_wald_interval() -> None:
    assert not events_agree(printed_rate("0", "0", "6.76"), 0, 545.7, "wald_log", per=1000)
    assert events_agree(printed_rate("0", "0", "6.76"), 0, 545.7, "exact_poisson", per=1000)


@given(st.integers(1, 60), st.floats(100, 50_000), st.booleans())
def test_the_count_is_always_among_those_found(events, person_years, exact) -> None:
    kind = exact_poisson if exact else wald_log_rate
    shown = [f"{1000 * x:.2f}" for x in kind(events, person_years)]
    if float(shown[1]) > 0:
        assert events in counts_behind(printed_rate(*shown), "exact_poisson" if exact else "wald_log")
