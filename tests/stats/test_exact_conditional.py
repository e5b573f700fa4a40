"""Exact conditional pools agree with sums of binomials and hypergeometrics written out in R to 1e-9, with poisson.test to 1e-9
and with mantelhaen.test(exact = TRUE) to 1e-4 (whose root search is coarse).

Known divergence: our p value is twice the smaller tail, which belongs to the interval; R's two-sided p value sums all points that
are less likely."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from studygen.stats.exact_conditional import exact_odds_ratio, exact_rate_ratio, rate_sources
from studygen.stats.two_arms import TwoArms, two_arms

REFERENCE = json.loads((Path(__file__).resolve().parents[1] / "references" / "metafor_rare.json").read_text(encoding="utf-8"))
INTERVALS = ("exact", "mid_p", "profile")


def arms(kind: str, name: str) -> TwoArms:
    d, size = REFERENCE[kind][name], "n" if kind == "two_by_two" else "py"
    return two_arms(d["events1"], d[f"{size}1"], d["events2"], d[f"{size}2"], persons=kind == "two_by_two")


@pytest.mark.parametrize("interval", INTERVALS)
@pytest.mark.parametrize("name", sorted(REFERENCE["exact_rates"]))
def test_rate_ratios_are_those_of_summed_binomials(name: str, interval: Any) -> None:
    expected = REFERENCE["exact_rates"][name]
    fit = exact_rate_ratio(arms("person_time", name), interval=interval)
    assert [fit.estimate, fit.lower, fit.upper] == pytest.approx([expected["estimate"], *expected[interval]], rel=1e-9)


@pytest.mark.parametrize("interval", INTERVALS)
@pytest.mark.parametrize("name", sorted(REFERENCE["exact_odds"]))
def test_odds_ratios_are_those_of_summed_hypergeometrics(name: str, interval: Any) -> None:
    expected = REFERENCE["exact_odds"][name]
    fit = exact_odds_ratio(arms("two_by_two", name), interval=interval)
    assert [fit.estimate, fit.lower, fit.upper] == pytest.approx([expected["estimate"], *expected[interval]], rel=1e-9)


@pytest.mark.parametrize("name", sorted(REFERENCE["exact_odds"]))
def test_odds_ratios_and_p_values_are_those_of_mantelhaen_test(name: str) -> None:
    expected = REFERENCE["exact_odds"][name]
    fit = exact_odds_ratio(arms("two_by_two", name))
    assert [math.exp(x) for x in (fit.estimate, fit.lower, fit.upper)] == pytest.approx(expected["mantelhaen_test"], rel=1e-4)
    assert fit.p == pytest.approx(expected["p"], rel=1e-9)


def test_one_source_gives_poisson_test() -> None:
    expected = REFERENCE["one_rate_ratio"]
    fit = exact_rate_ratio(two_arms([11], [1500], [4], [2100], persons=False))
    assert [fit.estimate, fit.lower, fit.upper] == pytest.approx([expected["estimate"], *expected["ci"]], rel=1e-9)
    assert fit.notes == ("one_source",)


def test_no_events_in_one_group_has_one_finite_limit() -> None:
    fit = exact_rate_ratio(two_arms([0, 0], [900, 800], [3, 2], [700, 900], persons=False))
    assert fit.estimate == -math.inf
    assert fit.lower == -math.inf
    assert math.isfinite(fit.upper)
    assert fit.notes == ("no_events_in_one_group", "at_boundary")
    # Clopper-Pearson by hand for equal person-time: odds of (0.025)^(1/5)
    equal = exact_rate_ratio(two_arms([0, 0], [100, 100], [3, 2], [100, 100], persons=False))
    p = 1 - 0.025 ** (1 / 5)
    assert equal.upper == pytest.approx(math.log(p / (1 - p)), rel=1e-9)


def test_no_events_at_all_is_a_note_not_a_number() -> None:
    fit = exact_rate_ratio(two_arms([0, 0], [900, 800], [0, 0], [700, 900], persons=False))
    assert math.isnan(fit.estimate)
    assert fit.notes == ("no_events",)


def test_nothing_but_events_is_a_note_not_a_number() -> None:
    fit = exact_odds_ratio(two_arms([5], [5], [4], [4], persons=True))
    assert math.isnan(fit.estimate)
    assert fit.notes == ("no_variation",)


def test_a_registry_without_events_adds_nothing() -> None:
    one = exact_rate_ratio(two_arms([3, 5], [900, 800], [1, 2], [700, 900], persons=False))
    more = exact_rate_ratio(two_arms([3, 5, 0], [900, 800, 99], [1, 2, 0], [700, 900, 88], persons=False))
    assert [more.estimate, more.lower, more.upper] == [one.estimate, one.lower, one.upper]
    assert more.notes == ("sources_without_events",)


def test_many_events_do_not_underflow() -> None:
    fit = exact_rate_ratio(two_arms([900, 850], [1000, 1000], [30, 40], [1000, 1000], persons=False))
    assert fit.estimate == pytest.approx(math.log(1750 / 70), rel=1e-9)
    assert fit.lower < fit.estimate < fit.upper


def test_counts_that_are_not_whole_are_refused() -> None:
    with pytest.raises(ValueError, match="whole numbers"):
        rate_sources(two_arms([3.5], [10], [1], [10], persons=False))


rows = st.tuples(st.integers(0, 9), st.floats(50, 900), st.integers(0, 9), st.floats(50, 900))
tables = st.lists(rows, min_size=1, max_size=5).filter(lambda t: sum(r[0] + r[2] for r in t) > 0)


@given(tables)
def test_mid_p_and_profile_intervals_lie_within_the_exact_one(table) -> None:
    a, t1, c, t2 = zip(*table, strict=True)
    data = two_arms(a, t1, c, t2, persons=False)
    exact, mid = exact_rate_ratio(data), exact_rate_ratio(data, interval="mid_p")
    assert exact.lower <= mid.lower <= mid.estimate <= mid.upper <= exact.upper
    assert mid.p <= exact.p + 1e-12


@given(tables)
def test_the_sum_of_events_on_strata_with_equal_person_time_is_one_binomial(table) -> None:
    # strata of the same ratio of person-time can be added up
    a, _, c, _ = zip(*table, strict=True)
    size = [100.0] * len(table)
    apart = exact_rate_ratio(two_arms(a, size, c, size, persons=False))
    together = exact_rate_ratio(two_arms([sum(a)], [100.0], [sum(c)], [100.0], persons=False))
    found, expected = [apart.lower, apart.upper, apart.p], [together.lower, together.upper, together.p]
    assert np.allclose(found, expected, rtol=1e-8)
