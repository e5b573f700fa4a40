"""What must hold of every pool, whatever the numbers: order, scale, equal sources, range, degenerate input."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studygen.stats.between_variance import ESTIMATORS
from studygen.stats.effects import LogEffect, LogitEffect, log_rate_ratio
from studygen.stats.influence import cumulative, influence
from studygen.stats.likelihood_variance import log_likelihood, restricted_log_likelihood
from studygen.stats.pooling import INTERVALS, pool, pool_effects, pool_without_each
from studygen.stats.prediction import prediction_interval
from studygen.stats.tau_squared_intervals import profile_likelihood, q_profile
from studygen.stats.weighted_sums import typical_variance

MODELS = [model for model in product(ESTIMATORS, INTERVALS) if model[0] != "none" or "hartung" not in model[1]]

values = st.floats(-3, 3, allow_nan=False).map(lambda x: round(x, 6))
variances = st.floats(1e-4, 4, allow_nan=False)
sources = st.lists(st.tuples(values, variances), min_size=2, max_size=9)
models = st.sampled_from(MODELS)


def split(pairs: list[tuple[float, float]]) -> tuple[np.ndarray, np.ndarray]:
    y, v = zip(*pairs, strict=True)
    return np.array(y), np.array(v)


@given(sources, models, st.randoms())
def test_the_order_of_registries_does_not_matter(pairs, model, random) -> None:
    shuffled = list(pairs)
    random.shuffle(shuffled)
    one = pool(*split(pairs), estimator=model[0], interval=model[1])
    other = pool(*split(shuffled), estimator=model[0], interval=model[1])
    for field in ("estimate", "lower", "upper", "tau_squared", "q"):
        assert getattr(one, field) == pytest.approx(getattr(other, field), rel=1e-6, abs=1e-7)


@given(sources, models, st.floats(0.1, 50))
def test_a_change_of_scale_changes_the_pool_with_it(pairs, model, factor) -> None:
    y, v = split(pairs)
    one = pool(y, v, estimator=model[0], interval=model[1])
    scaled = pool(factor * y, factor**2 * v, estimator=model[0], interval=model[1])
    assert float(scaled.estimate) == pytest.approx(factor * float(one.estimate), rel=1e-5, abs=1e-6 * factor)
    assert float(scaled.se) == pytest.approx(factor * float(one.se), rel=1e-5, abs=1e-6 * factor)
    assert float(scaled.i_squared) == pytest.approx(float(one.i_squared), rel=1e-4, abs=1e-4)


@given(sources, models, st.floats(-5, 5))
def test_a_shift_moves_the_pool_and_nothing_else(pairs, model, shift) -> None:
    y, v = split(pairs)
    one = pool(y, v, estimator=model[0], interval=model[1])
    moved = pool(y + shift, v, estimator=model[0], interval=model[1])
    assert float(moved.estimate) == pytest.approx(float(one.estimate) + shift, abs=1e-6)
    assert float(moved.tau_squared) == pytest.approx(float(one.tau_squared), rel=1e-5, abs=1e-6)


@given(sources, models)
def test_tau_squared_is_not_negative_and_the_pool_lies_among_the_estimates(pairs, model) -> None:
    y, v = split(pairs)
    pooled = pool(y, v, estimator=model[0], interval=model[1])
    assert float(pooled.tau_squared) >= 0
    assert y.min() - 1e-9 <= float(pooled.estimate) <= y.max() + 1e-9
    assert float(pooled.lower) <= float(pooled.estimate) <= float(pooled.upper)
    assert float(pooled.weights.sum()) == pytest.approx(100)
    assert 0 <= float(pooled.i_squared) <= 100
    assert bool(pooled.converged)


@given(values, variances, st.integers(2, 8), models)
def test_identical_registries_give_their_own_estimate_without_heterogeneity(value, variance, k, model) -> None:
    pooled = pool([value] * k, [variance] * k, estimator=model[0], interval=model[1])
    assert float(pooled.estimate) == pytest.approx(value, abs=1e-12)
    assert float(pooled.tau_squared) == pytest.approx(0, abs=1e-9)
    assert float(pooled.q) == pytest.approx(0, abs=1e-9)
    assert float(pooled.q_p) == pytest.approx(1)


@given(sources, st.sampled_from([name for name in ESTIMATORS if name != "none"]))
def test_the_truncated_hartung_knapp_interval_is_the_wider_of_hartung_knapp_and_t(pairs, estimator) -> None:
    # And t is wider than Wald; but Hartung-Knapp without truncation can be narrower than both.
    y, v = split(pairs)
    half = {
        interval: float(pool(y, v, estimator=estimator, interval=interval).se) * quantile(interval, len(y))
        for interval in INTERVALS
    }
    assert half["hartung_knapp_truncated"] == pytest.approx(max(half["hartung_knapp"], half["t"]), rel=1e-12)
    assert half["t"] > half["wald"]


def quantile(interval: str, k: int) -> float:
    from scipy.stats import norm, t

    return float(norm.ppf(0.975)) if interval == "wald" else float(t.ppf(0.975, k - 1))


@given(sources, models)
def test_the_p_value_is_small_just_when_the_interval_leaves_out_zero(pairs, model) -> None:
    pooled = pool(*split(pairs), estimator=model[0], interval=model[1])
    edge = min(abs(float(pooled.lower)), abs(float(pooled.upper)))
    if edge > 1e-9:
        assert (float(pooled.p_value) < 0.05) == (float(pooled.lower) > 0 or float(pooled.upper) < 0)


@given(sources, models)
def test_a_prediction_interval_holds_the_confidence_interval(pairs, model) -> None:
    pooled = pool(*split(pairs), estimator=model[0], interval=model[1])
    if model[0] == "none":
        assert np.isnan(pooled.prediction_lower)
        return
    assert float(pooled.prediction_lower) <= float(pooled.lower) + 1e-12
    assert float(pooled.prediction_upper) >= float(pooled.upper) - 1e-12


@given(sources)
def test_the_q_profile_holds_paule_mandels_estimate_unless_it_is_empty(pairs) -> None:
    y, v = split(pairs)
    found = q_profile(y[None, :], v[None, :])
    tau2 = float(pool(y, v, estimator="pm").tau_squared)
    assert bool(found.converged[0])
    assert 0 <= float(found.lower[0]) <= float(found.upper[0])
    assert bool(found.empty[0]) <= (float(found.upper[0]) == 0)
    assert float(found.lower[0]) <= tau2 * (1 + 1e-8) + 1e-12
    assert float(found.upper[0]) >= tau2 * (1 - 1e-8) - 1e-12


@settings(max_examples=40)
@given(sources, st.sampled_from(["ml", "reml"]))
def test_the_profile_likelihood_interval_holds_the_maximum(pairs, estimator) -> None:
    y, v = split(pairs)
    found = profile_likelihood(y[None, :], v[None, :], estimator)
    tau2 = float(pool(y, v, estimator=estimator).tau_squared)
    assert bool(found.converged[0])
    assert float(found.lower[0]) <= tau2 <= float(found.upper[0])


@given(st.lists(st.tuples(values, variances), min_size=2, max_size=6), models)
def test_of_two_equal_registries_it_does_not_matter_which_one_is_left_out(pairs, model) -> None:
    y, v = split([*pairs, pairs[0]])
    without = pool_without_each(y, v, estimator=model[0], interval=model[1])
    for field in ("estimate", "lower", "upper", "tau_squared"):
        first, last = getattr(without, field)[0], getattr(without, field)[-1]
        assert first == pytest.approx(last, rel=1e-6, abs=1e-7)


@given(sources, models)
def test_the_last_cumulative_pool_is_the_pool(pairs, model) -> None:
    y, v = split(pairs)
    last = cumulative(y, v, estimator=model[0], interval=model[1])[-1]
    whole = pool(y, v, estimator=model[0], interval=model[1])
    assert (last.estimate, last.lower, last.tau_squared) == (
        float(whole.estimate),
        float(whole.lower),
        float(whole.tau_squared),
    )


@given(
    st.lists(st.tuples(st.integers(0, 40), st.floats(50, 5000), st.integers(0, 40), st.floats(50, 5000)), min_size=2, max_size=6),
    st.floats(1e-3, 1e3),
)
def test_another_unit_of_person_time_leaves_rate_ratios_and_their_pool_alone(registries, unit) -> None:
    years = [log_rate_ratio(a, t1, c, t2) for a, t1, c, t2 in registries]
    other = [log_rate_ratio(a, t1 * unit, c, t2 * unit) for a, t1, c, t2 in registries]
    one, two = (pool_effects(effects, estimator="pm", interval="hartung_knapp") for effects in (years, other))
    for field in ("estimate", "lower", "upper", "tau_squared"):
        assert float(getattr(one, field)) == pytest.approx(float(getattr(two, field)), rel=1e-6, abs=1e-7)


def test_sets_whose_scoring_does_not_settle_are_searched_between_bounds() -> None:
    rng = np.random.default_rng(20250630)
    v = rng.uniform(0.02, 0.3, (20_000, 6))
    y = rng.normal(0.0, np.sqrt(v + 0.02))
    for estimator, likelihood in (("reml", restricted_log_likelihood), ("ml", log_likelihood)):
        pooled = pool(y, v, estimator=estimator)
        assert pooled.converged.all()
        searched = np.flatnonzero(pooled.searched)
        assert searched.size > 0
        for index in searched[:25]:
            grid = np.linspace(0, 2, 4001)
            heights = likelihood(np.tile(y[index], (grid.size, 1)), np.tile(v[index], (grid.size, 1)), grid)
            at_ours = float(likelihood(y[None, index], v[None, index], pooled.tau_squared[None, index])[0])
            assert at_ours >= float(heights.max()) - 1e-9


@given(sources)
def test_paule_mandel_solves_its_equation(pairs) -> None:
    y, v = split(pairs)
    pooled = pool(y, v, estimator="pm")
    w = 1 / (v + float(pooled.tau_squared))
    q = float((w * (y - float(pooled.estimate)) ** 2).sum())
    assert q == pytest.approx(len(y) - 1, rel=1e-6) or (float(pooled.tau_squared) == 0 and q <= len(y) - 1 + 1e-9)


@settings(max_examples=60)
@given(sources)
def test_reml_stands_at_a_maximum_of_its_likelihood(pairs) -> None:
    y, v = split(pairs)
    tau2 = float(pool(y, v, estimator="reml").tau_squared)
    step = 1e-3 * (float(typical_variance(v[None, :])[0]) + tau2)
    near = np.array([max(tau2 - step, 0.0), tau2, tau2 + step])
    likelihood = restricted_log_likelihood(np.tile(y, (3, 1)), np.tile(v, (3, 1)), near)
    assert likelihood[1] >= max(likelihood[0], likelihood[2]) - 1e-9


def test_one_dominant_registry_carries_the_common_effect() -> None:
    pooled = pool([0.05, 0.9, 0.8], [1e-6, 0.5, 0.5], estimator="none")
    assert float(pooled.estimate) == pytest.approx(0.05, abs=1e-4)
    assert float(pooled.weights[0]) > 99.99


def test_huge_variances_do_not_break_anything() -> None:
    for estimator, interval in MODELS:
        pooled = pool([0.1, -0.2, 0.3], [1e8, 2e8, 5e7], estimator=estimator, interval=interval)
        assert np.isfinite([float(pooled.estimate), float(pooled.lower), float(pooled.upper)]).all()
        # Sidik-Jonkman is above zero whenever two estimates differ.
        assert float(pooled.tau_squared) == 0 or (estimator == "sj" and float(pooled.tau_squared) < 1e-9)


@pytest.mark.parametrize(
    ("y", "v", "message"),
    [
        ([0.1], [0.2], "at least two sources"),
        ([0.1, 0.2], [0.2, 0.0], "finite and positive"),
        ([0.1, float("nan")], [0.2, 0.1], "finite"),
        ([0.1, 0.2], [0.2], "same shape"),
    ],
)
def test_input_that_cannot_be_pooled_is_refused(y: list[float], v: list[float], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        pool(y, v, estimator="dl")


def test_effects_on_different_scales_are_not_pooled() -> None:
    with pytest.raises(ValueError, match="different scales"):
        pool_effects([LogEffect(0.1, 0.2), LogitEffect(0.1, 0.2)], estimator="dl")


def test_many_sets_keep_their_shape() -> None:
    rng = np.random.default_rng(1)
    pooled = pool(rng.normal(size=(3, 4, 5)), rng.uniform(0.1, 1, (3, 4, 5)), estimator="reml")
    assert pooled.estimate.shape == (3, 4)
    assert pooled.weights.shape == (3, 4, 5)


def test_a_riley_prediction_interval_of_two_sources_is_refused() -> None:
    pooled = pool([0.1, 0.4], [0.02, 0.03], estimator="reml")
    with pytest.raises(ValueError, match="at least three sources"):
        prediction_interval(pooled, "riley")


def test_deletion_diagnostics_of_two_sources_are_refused() -> None:
    with pytest.raises(ValueError, match="at least three sources"):
        influence([0.1, 0.4], [0.02, 0.03], estimator="reml")


def test_deletion_diagnostics_of_equal_estimates_are_numbers() -> None:
    found = influence([0.2, 0.2, 0.2, 0.2], [0.01, 0.04, 0.09, 0.02], estimator="reml", interval="hartung_knapp")
    assert not np.isnan(found.rstudent).any()
    assert not np.isnan(found.cook_distance).any()
