"""A masked count is neither zero nor left out: its likelihood sums over what it can be, and bounds over all completions contain
the answer that the revealed count would give."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studygen.stats.censored_counts import pool_masked_group, pool_masked_ratio
from studygen.stats.completions import completion_bounds, completions_of, monotone_bounds
from studygen.stats.distributions import FloatArray
from studygen.stats.effects import log_rate
from studygen.stats.exact_conditional import exact_rate_ratio
from studygen.stats.mantel_haenszel import mantel_haenszel
from studygen.stats.partial_counts import CountRange, IntArray, masked
from studygen.stats.pooling import pool
from studygen.stats.two_arms import two_arms


def test_a_masked_count_runs_from_one_to_the_threshold_less_one() -> None:
    assert masked(5) == CountRange(1, 4)
    with pytest.raises(ValueError, match="masks no count"):
        masked(1)
    with pytest.raises(ValueError, match="cannot lie between"):
        CountRange(3, 2)


def test_known_counts_give_the_total_rate_with_its_likelihood_interval() -> None:
    fit = pool_masked_group([4, 0, 3, 0], [2400, 800, 1500, 620], "poisson")
    assert fit.estimate == pytest.approx(math.log(7 / 5320), abs=1e-7)
    assert fit.se == pytest.approx(1 / math.sqrt(7), abs=1e-5)
    # 7 events: the mean m with 2 (m - 7 - 7 ln(m/7)) = 3.841459, by R's uniroot
    assert [math.exp(fit.lower) * 5320, math.exp(fit.upper) * 5320] == pytest.approx([3.00778435, 13.53771464], rel=1e-7)


def test_one_masked_count_is_estimated_within_its_range() -> None:
    # L(m) = sum of m^x/x! for x = 1..4, times exp(-m): largest where the derivative 1 - m^4/4! vanishes
    fit = pool_masked_group([masked(5)], [100.0], "poisson")
    assert fit.estimate == pytest.approx(math.log(24 ** (1 / 4) / 100), abs=1e-7)
    assert fit.notes == ("counts_masked", "one_source")


def test_zero_and_suppressed_differ() -> None:
    zero = pool_masked_group([0, 6], [100.0, 300.0], "poisson")
    hidden = pool_masked_group([masked(5), 6], [100.0, 300.0], "poisson")
    four = pool_masked_group([4, 6], [100.0, 300.0], "poisson")
    assert zero.estimate < hidden.estimate < four.estimate
    assert zero.notes == ()
    assert hidden.notes == ("counts_masked",)


def test_no_event_anywhere_has_an_upper_limit_and_a_note() -> None:
    fit = pool_masked_group([0, 0], [2400, 800], "poisson")
    assert fit.estimate == -math.inf
    assert math.exp(fit.upper) == pytest.approx(3.841459 / 2 / 3200, rel=1e-6)
    assert fit.notes == ("no_events", "at_boundary")


def test_nothing_but_events_has_a_lower_limit_and_a_note() -> None:
    fit = pool_masked_group([3, 4], [3, 4], "binomial")
    assert fit.estimate == math.inf
    assert math.isfinite(fit.lower)
    assert fit.notes == ("no_variation", "at_boundary")


def test_a_source_without_persons_is_left_out_with_a_note() -> None:
    fit = pool_masked_group([3, 0], [100, 0], "binomial")
    assert fit.k == 1
    assert fit.notes == ("sources_without_size", "one_source")
    with pytest.raises(ValueError, match="events without"):
        pool_masked_group([3, masked(5)], [100, 0], "binomial")


def test_a_rate_ratio_of_known_counts_is_the_exact_conditional_one() -> None:
    columns: Any = ([4, 0, 3, 0, 1, 0], [2400, 800, 1500, 620, 930, 300], [2, 1, 1, 0, 0, 2], [2600, 750, 1900, 500, 870, 310])
    exact = exact_rate_ratio(two_arms(*columns, persons=False), interval="profile")
    fit = pool_masked_ratio("IRR", *columns)
    found = [fit.estimate, fit.se, fit.lower, fit.upper, fit.p]
    assert found == pytest.approx([exact.estimate, exact.se, exact.lower, exact.upper, exact.p], abs=1e-5)


def test_a_risk_ratio_and_an_odds_ratio_of_one_table_are_the_plain_ones() -> None:
    rr, odds = (pool_masked_ratio(m, [12], [140], [20], [150]) for m in ("RR", "OR"))
    assert rr.estimate == pytest.approx(math.log(12 / 140 / (20 / 150)), abs=1e-6)
    assert rr.se == pytest.approx(math.sqrt(1 / 12 - 1 / 140 + 1 / 20 - 1 / 150), abs=1e-4)
    assert odds.estimate == pytest.approx(math.log(12 * 130 / (20 * 128)), abs=1e-6)
    assert odds.se == pytest.approx(math.sqrt(1 / 12 + 1 / 128 + 1 / 20 + 1 / 130), abs=1e-4)


def test_a_risk_ratio_above_one_is_the_reciprocal_of_the_exchanged_one() -> None:
    one = pool_masked_ratio("RR", [masked(5), 8], [40, 60], [2, masked(5)], [50, 70])
    other = pool_masked_ratio("RR", [2, masked(5)], [50, 70], [masked(5), 8], [40, 60])
    assert [one.estimate, one.lower, one.upper] == pytest.approx([-other.estimate, -other.upper, -other.lower], abs=1e-6)


def test_masking_both_groups_alike_leaves_the_ratio_of_person_time() -> None:
    fit = pool_masked_ratio("IRR", [masked(5)], [1000.0], [masked(5)], [1000.0])
    assert fit.estimate == pytest.approx(0, abs=1e-6)
    assert fit.notes == ("counts_masked", "one_source")


def test_a_masked_count_against_zero_still_has_a_limit() -> None:
    fit = pool_masked_ratio("IRR", [masked(5)], [1000.0], [0], [1000.0])
    assert fit.estimate == math.inf
    assert math.isfinite(fit.lower) or fit.lower == -math.inf
    assert "at_boundary" in fit.notes


def test_no_events_in_any_group_is_a_note_not_a_number() -> None:
    for measure in ("IRR", "RR", "OR"):
        fit = pool_masked_ratio(measure, [0, 0], [100, 200], [0, 0], [90, 80])
        assert math.isnan(fit.estimate)
        assert fit.notes == ("no_events",)


def rate(rows: IntArray) -> FloatArray:
    pooled = pool(np.log(rows / 1000.0), 1.0 / rows, estimator="dl")
    return np.stack([pooled.estimate, pooled.lower, pooled.upper], axis=-1)


def test_all_completions_are_tried() -> None:
    rows, number, complete = completions_of([masked(4), 9, masked(3)])
    assert number == len(rows) == 6
    assert complete
    assert rows.tolist() == [[1, 9, 1], [1, 9, 2], [2, 9, 1], [2, 9, 2], [3, 9, 1], [3, 9, 2]]


def test_too_many_completions_are_bounded_by_corners_with_a_note() -> None:
    counts = [masked(11)] * 6 + [20]
    bounds = completion_bounds(counts, rate, cap=100)
    assert bounds.completions == 10**6
    assert bounds.notes == ("not_enumerated",)
    with pytest.raises(ValueError, match="too many"):
        completions_of(counts, cap=50)


def test_a_completion_without_an_estimate_is_said() -> None:
    def ratio(rows: IntArray) -> FloatArray:
        out = []
        for a, c in rows:
            fit = mantel_haenszel("IRR", two_arms([a], [100], [c], [100], persons=False)).fit
            out.append((fit.estimate, fit.lower, fit.upper))
        return np.array(out)

    bounds = completion_bounds([CountRange(0, 2), 3], ratio)
    assert bounds.notes == ("no_events",)
    assert bounds.estimate_lowest == pytest.approx(math.log(1 / 3))
    nothing = completion_bounds([0, 3], ratio)
    assert math.isnan(nothing.estimate_lowest)
    assert nothing.notes == ("no_events",)


def exact_ratios(time1: list[float], time2: list[float]) -> Any:
    def statistic(rows: IntArray) -> FloatArray:
        k = len(time1)
        fits = [exact_rate_ratio(two_arms(row[:k], time1, row[k:], time2, persons=False)) for row in rows]
        return np.array([(f.estimate, f.lower, f.upper) for f in fits])

    return statistic


true_counts = st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), min_size=1, max_size=2)


@settings(max_examples=25)
@given(true_counts)
def test_the_revealed_answer_lies_within_the_bounds_and_two_corners_suffice(pairs) -> None:
    threshold = 4

    def shown(x: int) -> Any:
        return masked(threshold) if 0 < x < threshold else x

    truth = [a for a, _ in pairs] + [c for _, c in pairs]
    time1, time2 = [1000.0 + 100 * i for i in range(len(pairs))], [900.0] * len(pairs)
    statistic = exact_ratios(time1, time2)
    revealed = statistic(np.array([truth]))[0]
    hidden = [shown(x) for x in truth]
    bounds = completion_bounds(hidden, statistic)
    if math.isnan(revealed[0]):
        assert "no_events" in bounds.notes
        return
    slack = 1e-9
    assert bounds.estimate_lowest - slack <= revealed[0] <= bounds.estimate_highest + slack
    assert bounds.lower_lowest - slack <= revealed[1]
    assert revealed[2] <= bounds.upper_highest + slack
    corners = monotone_bounds(hidden, [1] * len(pairs) + [-1] * len(pairs), statistic)
    assert [corners.estimate_lowest, corners.estimate_highest] == pytest.approx(
        [bounds.estimate_lowest, bounds.estimate_highest], abs=1e-9
    )


@settings(max_examples=60)
@given(st.lists(st.integers(1, 30), min_size=2, max_size=4), st.integers(2, 6))
def test_a_random_effects_rate_with_the_truth_revealed_lies_within_the_bounds(truth, threshold) -> None:
    hidden = [masked(threshold) if x < threshold else x for x in truth]
    bounds = completion_bounds(hidden, rate)
    effects = [log_rate(x, 1000.0) for x in truth]
    pooled = pool([e.value for e in effects], [e.variance for e in effects], estimator="dl")
    assert bounds.estimate_lowest - 1e-9 <= float(pooled.estimate) <= bounds.estimate_highest + 1e-9
    assert bounds.lower_lowest - 1e-9 <= float(pooled.lower)
    assert float(pooled.upper) <= bounds.upper_highest + 1e-9


@settings(max_examples=60)
@given(st.lists(st.tuples(st.integers(0, 20), st.floats(50, 2000)), min_size=1, max_size=5), st.integers(2, 11))
def test_the_masked_rate_lies_within_the_bounds_of_its_completions(rows, threshold) -> None:
    truth, size = [x for x, _ in rows], [t for _, t in rows]
    hidden = [masked(threshold) if 0 < x < threshold else x for x in truth]
    fit = pool_masked_group(hidden, size, "poisson")
    low = sum(x.lowest if isinstance(x, CountRange) else x for x in hidden)
    high = sum(x.highest if isinstance(x, CountRange) else x for x in hidden)
    if high == 0:
        assert fit.estimate == -math.inf
    else:
        assert low / sum(size) * (1 - 1e-6) <= math.exp(fit.estimate) <= high / sum(size) * (1 + 1e-6)
        assert fit.lower <= fit.estimate <= fit.upper


@settings(max_examples=15)
@given(st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), min_size=1, max_size=3), st.sampled_from(["IRR", "RR", "OR"]))
def test_exchanging_the_groups_changes_the_sign_of_a_masked_ratio(pairs, measure) -> None:
    def shown(x: int) -> Any:
        return masked(4) if 0 < x < 4 else x

    first, second = [shown(a) for a, _ in pairs], [shown(c) for _, c in pairs]
    size1, size2 = [40.0] * len(pairs), [55.0] * len(pairs)
    one = pool_masked_ratio(measure, first, size1, second, size2)
    other = pool_masked_ratio(measure, second, size2, first, size1)
    assert [one.estimate, one.lower] == pytest.approx([-other.estimate, -other.upper], abs=1e-5, nan_ok=True)
