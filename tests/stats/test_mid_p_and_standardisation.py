"""Mid-p intervals, directly and indirectly standardised rates agree with R to 1e-9: mid-p limits by root search in base R, gamma
intervals of epitools' ageadjust.direct, exact ones of poisson.test.

Known divergence: epitools' pois.byar takes the count and a half for both limits; ours is Breslow and Day's version."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studygen.stats import occurrence
from studygen.stats.standardisation import direct_rate, indirect_ratio, observed_over_expected

REFERENCE = json.loads((Path(__file__).resolve().parents[1] / "references" / "metafor_rare.json").read_text(encoding="utf-8"))
DIRECT = REFERENCE["standardisation"]["direct"]


def test_mid_p_rates_are_those_of_a_root_search_in_r() -> None:
    for case in REFERENCE["mid_p"]["poisson"]:
        _, lower, upper = occurrence.mid_p_poisson(int(case["events"]), 1.0)
        assert [lower, upper] == pytest.approx(case["ci"], rel=1e-9)


def test_mid_p_proportions_are_those_of_a_root_search_in_r() -> None:
    for case in REFERENCE["mid_p"]["binomial"]:
        _, lower, upper = occurrence.mid_p_binomial(int(case["events"]), 48)
        assert [lower, upper] == pytest.approx(case["ci"], rel=1e-9)


@given(st.integers(0, 60), st.integers(1, 60))
def test_mid_p_intervals_lie_within_the_exact_ones(events, more) -> None:
    for mid, exact in (
        (occurrence.mid_p_poisson(events, 10.0), occurrence.exact_poisson(events, 10.0)),
        (occurrence.mid_p_binomial(events, events + more), occurrence.clopper_pearson(events, events + more)),
    ):
        assert exact[1] <= mid[1] <= mid[0] <= mid[2] <= exact[2]


def test_every_person_with_the_event_has_an_upper_limit_of_one() -> None:
    assert occurrence.mid_p_binomial(9, 9)[2] == 1.0
    assert occurrence.mid_p_binomial(9, 9)[1] == pytest.approx((2 * 0.025) ** (1 / 9), rel=1e-9)


def test_a_directly_standardised_rate_is_that_of_epitools() -> None:
    ours = direct_rate(DIRECT["count"], DIRECT["pop"], DIRECT["standard"])
    assert [ours.estimate, ours.lower, ours.upper] == pytest.approx([DIRECT[x] for x in ("estimate", "lower", "upper")], rel=1e-9)


def test_dobsons_interval_is_that_of_its_formula_in_r() -> None:
    ours = direct_rate(DIRECT["count"], DIRECT["pop"], DIRECT["standard"], interval="dobson")
    assert [ours.lower, ours.upper] == pytest.approx(DIRECT["dobson"], rel=1e-9)


@pytest.mark.parametrize("interval", ["exact", "byar"])
def test_an_smr_has_the_limits_of_r(interval: Any) -> None:
    case = REFERENCE["standardisation"][interval]
    ours = observed_over_expected(int(case["observed"]), case["expected"], interval=interval)
    assert [ours.lower, ours.upper] == pytest.approx(case["ci"], rel=1e-9)


def test_byar_is_close_to_exact_from_ten_events_on() -> None:
    for observed in (10, 40, 200):
        exact, byar = (observed_over_expected(observed, 1.0, interval=i) for i in ("exact", "byar"))
        assert [byar.lower, byar.upper] == pytest.approx([exact.lower, exact.upper], rel=2e-3)


def test_an_smr_from_strata_adds_up_what_was_expected() -> None:
    ours = indirect_ratio([3, 5], [100.0, 200.0], [0.01, 0.02])
    assert ours.estimate == pytest.approx(8 / 5)


def test_no_event_has_an_upper_limit() -> None:
    ours = direct_rate([0, 0], [100.0, 200.0], [0.5, 0.5])
    assert ours.estimate == ours.lower == 0
    # the gamma limit is the exact limit for the stratum of the largest weight per person-year: 3.688879 x 0.5/100
    assert ours.upper == pytest.approx(3.688879454 * 0.005, rel=1e-8)
    assert observed_over_expected(0, 2.0).upper == pytest.approx(3.688879454 / 2, rel=1e-8)
    dobson = direct_rate([0, 0], [100.0, 200.0], [0.5, 0.5], interval="dobson")
    assert math.isnan(dobson.upper)
    assert dobson.notes == ("no_events",)


def test_nothing_expected_is_a_note_not_a_number() -> None:
    ours = observed_over_expected(0, 0.0)
    assert math.isnan(ours.estimate)
    assert ours.notes == ("sources_without_size",)


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        (([1, 2], [10.0, 0.0], [0.5, 0.5]), "events without"),
        (([1, 0], [10.0, 0.0], [0.5, 0.5]), "no person-years"),
        (([1, 2], [10.0, 5.0], [0.0, 0.0]), "no weight"),
        (([1, 2], [10.0], [0.5, 0.5]), "same length"),
        (([1, -2], [10.0, 3.0], [0.5, 0.5]), "not negative"),
    ],
)
def test_strata_that_are_impossible_are_refused(columns: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        direct_rate(*columns)


strata = st.lists(st.tuples(st.integers(0, 40), st.floats(100, 9000), st.floats(0.05, 5)), min_size=1, max_size=6)


@given(strata, st.floats(0.1, 100))
def test_the_standard_needs_no_sum_of_one_and_the_interval_holds_the_rate(rows, factor) -> None:
    events, person_years, standard = zip(*rows, strict=True)
    one = direct_rate(events, person_years, standard)
    other = direct_rate(events, person_years, [factor * w for w in standard])
    assert [one.estimate, one.lower, one.upper] == pytest.approx([other.estimate, other.lower, other.upper], rel=1e-9)
    assert one.lower <= one.estimate <= one.upper
    own = [d / t for d, t in zip(events, person_years, strict=True)]
    assert min(own) * (1 - 1e-9) <= one.estimate <= max(own) * (1 + 1e-9)


def test_one_stratum_is_an_exact_poisson_interval() -> None:
    ours = direct_rate([7], [350.0], [1.0])
    assert (ours.estimate, ours.lower, ours.upper) == pytest.approx(occurrence.exact_poisson(7, 350.0), rel=1e-10)
