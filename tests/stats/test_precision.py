"""Planned precision and back-calculation meet figures from outside: the example study of the project's domain notes, published
tables of events needed, and counts recovered from printed rates."""

from __future__ import annotations

import pytest

from studygen.stats import back_calculation, precision


@pytest.mark.parametrize(("ratio", "events"), [(1.3, 456), (1.5, 191), (2.0, 65), (3.0, 26), (0.8, 631), (0.75, 379), (0.7, 247)])
def test_events_needed_for_80_percent_power(ratio: float, events: int) -> None:
    assert precision.events_needed(ratio) == pytest.approx(events, abs=0.75)


def test_the_malignancy_scenario() -> None:
    # 24 000 person-years in each group, 3.5 per 1000 among the unexposed
    assert precision.expected_events(24_000, 0.0035) == pytest.approx(84)
    assert precision.interval_factor(84, 84) == pytest.approx(1.35, abs=5e-3)
    assert precision.power_of_log_ratio(1.5, 126, 84) == pytest.approx(0.82, abs=5e-3)


def test_the_severe_infection_scenario() -> None:
    assert precision.expected_events(24_000, 0.008) == pytest.approx(192)
    assert precision.interval_factor(192, 192) == pytest.approx(1.22, abs=5e-3)
    assert precision.power_of_log_ratio(1.5, 288, 192) == pytest.approx(0.99, abs=5e-3)


def test_the_disability_scenario() -> None:
    assert precision.power_of_log_ratio(0.75, 281.25, 375) == pytest.approx(0.95, abs=5e-3)


def test_no_event_in_24_000_person_years() -> None:
    assert 1000 * precision.zero_event_upper(24_000) == pytest.approx(0.154, abs=5e-4)


def test_schoenfelds_power_and_events_belong_together() -> None:
    events = precision.events_needed(1.5, power=0.9, share_exposed=0.3)
    assert precision.schoenfeld_power(1.5, events, share_exposed=0.3) == pytest.approx(0.9, abs=1e-6)


def test_unequal_groups_need_more_events() -> None:
    assert precision.events_needed(1.5, share_exposed=0.2) > precision.events_needed(1.5)


def test_a_printed_rate_with_its_interval_gives_its_count_away() -> None:
    # Butzkueven 2023, doi 10.1080/03007995.2023.2256220: severe infection after cladribine 7.37 (2.76-19.6) per 1000 person-years
    found = back_calculation.events_behind_rate(7.37, 2.76, 19.6)
    assert found.events == pytest.approx(4, abs=0.05)
    assert 1000 * found.person_years == pytest.approx(542.7, abs=5)


def test_a_standard_error_and_one_count_give_the_other_away() -> None:
    assert back_calculation.other_events_behind_ratio((1 / 96 + 1 / 4) ** 0.5, 96) == pytest.approx(4)
    assert back_calculation.other_events_behind_ratio(0.01, 96) is None
    assert back_calculation.events_behind_se(0.5) == pytest.approx(4)
