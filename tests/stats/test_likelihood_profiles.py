"""Summed likelihood profiles give what the likelihoods themselves give: the inverse-variance pool for parabolas, the exact
conditional pool for counts."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studygen.stats.effects import LogEffect
from studygen.stats.exact_conditional import exact_rate_ratio, rate_sources
from studygen.stats.likelihood_profiles import pool_profiles, profile, profile_of_effect, profile_of_source
from studygen.stats.pooling import pool_effects
from studygen.stats.two_arms import two_arms

GRID = np.linspace(math.log(0.001), math.log(1000), 281)


def test_parabolas_give_the_common_effect_pool() -> None:
    effects = [LogEffect(0.1, 0.02), LogEffect(0.9, 0.3), LogEffect(-0.4, 0.05)]
    pooled, fit = pool_effects(effects, estimator="none"), pool_profiles([profile_of_effect(e, GRID) for e in effects])
    found = [fit.estimate, fit.se, fit.lower, fit.upper]
    assert found == pytest.approx([float(x) for x in (pooled.estimate, pooled.se, pooled.lower, pooled.upper)], abs=1e-7)
    assert fit.notes == ()


def test_profiles_on_different_grids_can_be_summed() -> None:
    fit = pool_profiles(
        [
            profile_of_effect(LogEffect(0.1, 0.02), np.linspace(-2, 2, 41)),
            profile_of_effect(LogEffect(-0.4, 0.05), np.linspace(-2.5, 3, 77)),
        ]
    )
    pooled = pool_effects([LogEffect(0.1, 0.02), LogEffect(-0.4, 0.05)], estimator="none")
    assert fit.estimate == pytest.approx(float(pooled.estimate), abs=1e-8)


def test_counts_give_the_exact_conditional_pool() -> None:
    data = two_arms(
        [4, 0, 3, 0, 1, 0], [2400, 800, 1500, 620, 930, 300], [2, 1, 1, 0, 0, 2], [2600, 750, 1900, 500, 870, 310], persons=False
    )
    exact = exact_rate_ratio(data, interval="profile")
    fit = pool_profiles([profile_of_source(s, GRID) for s in rate_sources(data)])
    found = [fit.estimate, fit.se, fit.lower, fit.upper, fit.p]
    assert found == pytest.approx([exact.estimate, exact.se, exact.lower, exact.upper, exact.p], abs=1e-5)
    assert fit.notes == ("sources_without_events",)
    assert fit.k == 5


def test_no_event_in_one_group_has_one_finite_limit() -> None:
    sources = rate_sources(two_arms([0, 0], [900, 800], [3, 2], [700, 900], persons=False))
    fit = pool_profiles([profile_of_source(s, GRID) for s in sources])
    assert fit.estimate == -math.inf
    assert fit.lower == -math.inf
    assert math.isfinite(fit.upper)
    assert "at_boundary" in fit.notes
    assert "limit_outside_grid" in fit.notes


def test_a_limit_beyond_the_grid_is_infinite_with_a_note() -> None:
    fit = pool_profiles([profile_of_effect(LogEffect(0.5, 1.0), np.linspace(-1, 5, 61))])
    assert fit.lower == -math.inf
    assert fit.upper == pytest.approx(0.5 + 1.959964, abs=1e-6)
    assert fit.notes == ("one_source", "limit_outside_grid")


def test_nothing_but_flat_profiles_is_a_note() -> None:
    fit = pool_profiles([profile(GRID, np.zeros(GRID.size))])
    assert math.isnan(fit.estimate)
    assert fit.notes == ("no_events",)


@pytest.mark.parametrize(
    ("x", "y", "message"),
    [
        ([0, 1, 2], [0, 1, 0], "at least four"),
        ([0, 1, 1, 2], [0, 1, 1, 0], "increase"),
        ([0, 1, 2, 3], [0, 1, float("nan"), 0], "finite"),
    ],
)
def test_a_profile_that_is_none_is_refused(x: list[float], y: list[float], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        profile(x, y)


def test_profiles_without_common_effects_are_refused() -> None:
    with pytest.raises(ValueError, match="no effects in common"):
        pool_profiles([profile([0, 1, 2, 3], [0, 1, 1, 0]), profile([4, 5, 6, 7], [0, 1, 1, 0])])


effects = st.lists(st.tuples(st.floats(-2, 2), st.floats(0.05, 2)), min_size=1, max_size=5)


@settings(max_examples=30)
@given(effects, st.randoms(), st.floats(-50, 50))
def test_neither_the_order_nor_a_constant_matters(pairs, random, constant) -> None:
    profiles = [profile_of_effect(LogEffect(y, v), GRID) for y, v in pairs]
    moved = [profile(p.effect, p.log_likelihood + constant) for p in profiles]
    random.shuffle(moved)
    one, other = pool_profiles(profiles), pool_profiles(moved)
    assert [one.estimate, one.lower, one.upper] == pytest.approx([other.estimate, other.lower, other.upper], abs=1e-6)
