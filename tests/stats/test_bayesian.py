"""Bayesian pools agree with the same integrals by R's integrate() to 1e-8 for normal effects; for likelihood profiles, which
are summed on grids, to 1e-6 (prediction 1e-4); and with a brute-force grid in three dimensions written out here."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studygen.stats.bayesian import BayesianPool, bayesian_random_effects
from studygen.stats.bayesian_profiles import bayesian_profiles
from studygen.stats.effects import LogEffect, LogitEffect
from studygen.stats.exact_conditional import rate_sources
from studygen.stats.likelihood_profiles import profile_of_effect, profile_of_source
from studygen.stats.pooling import pool_effects
from studygen.stats.two_arms import two_arms

REFERENCE = json.loads((Path(__file__).resolve().parents[1] / "references" / "metafor_rare.json").read_text(encoding="utf-8"))[
    "bayesian"
]


def numbers(pool: BayesianPool) -> dict[str, Any]:
    return {
        "mean": pool.mean,
        "median": pool.median,
        "ci": [pool.lower, pool.upper],
        "tau_mean": pool.tau_mean,
        "tau_median": pool.tau_median,
        "tau_ci": [pool.tau_lower, pool.tau_upper],
        "prediction": [pool.prediction_lower, pool.prediction_upper],
    }


def effects_of(case: dict[str, Any]) -> list[LogEffect]:
    return [LogEffect(y, v) for y, v in zip(case["yi"], case["vi"], strict=True)]


@pytest.mark.parametrize("name", sorted(REFERENCE))
def test_normal_effects_give_the_integrals_of_r(name: str) -> None:
    case = REFERENCE[name]
    pool = bayesian_random_effects(effects_of(case), tau_scale=case["scale"], mean_sd=case["mean_sd"] or math.inf)
    for key, value in numbers(pool).items():
        assert value == pytest.approx(case[key], rel=1e-8, abs=1e-8), key


@pytest.mark.parametrize("name", [name for name in sorted(REFERENCE) if REFERENCE[name]["mean_sd"]])
def test_parabolic_profiles_give_the_same(name: str) -> None:
    case = REFERENCE[name]
    profiles = [profile_of_effect(e, np.linspace(-6, 6, 301)) for e in effects_of(case)]
    pool = bayesian_profiles(profiles, tau_scale=case["scale"], mean_sd=case["mean_sd"])
    for key, value in numbers(pool).items():
        assert value == pytest.approx(case[key], abs=1e-4 if key == "prediction" else 1e-6), key


def test_profiles_of_rare_counts_agree_with_a_brute_force_grid() -> None:
    data = two_arms([3, 0, 2], [900, 400, 700], [1, 2, 1], [950, 420, 650], persons=False)
    grid = np.linspace(-10, 10, 401)
    pool = bayesian_profiles([profile_of_source(s, grid) for s in rate_sources(data)])
    # effects x mean x tau, everything on equal steps
    mean, tau = np.linspace(-8, 8, 161), np.arange(0.01, 4.0, 0.02)
    density = np.empty((tau.size, mean.size))
    for i, t in enumerate(tau):
        theta = np.linspace(-10, 10, 2001)
        kernel = np.exp(-0.5 * ((mean[:, None] - theta) / t) ** 2) / t
        own = [kernel @ np.exp(s.log_likelihood(theta)) for s in rate_sources(data)]
        density[i] = np.prod(own, axis=0) * np.exp(-0.5 * (mean / 2) ** 2 - 0.5 * (t / 0.5) ** 2)
    density /= density.sum()
    expected_mean, expected_tau = float(density.sum(axis=0) @ mean), float(density.sum(axis=1) @ tau)
    assert pool.mean == pytest.approx(expected_mean, abs=2e-3)
    assert pool.tau_mean == pytest.approx(expected_tau, abs=5e-3)
    assert pool.sd == pytest.approx(math.sqrt(float(density.sum(axis=0) @ (mean - expected_mean) ** 2)), abs=2e-3)
    # the profile without event in one group is open at its end
    assert pool.notes == ("limit_outside_grid",)


def test_two_sources_are_ruled_by_the_prior_and_said_to_be() -> None:
    effects = effects_of(REFERENCE["relapse_ratios"])
    narrow, wide = bayesian_random_effects(effects, tau_scale=0.1), bayesian_random_effects(effects, tau_scale=1.0)
    assert narrow.notes == ("prior_dominates",)
    assert wide.upper - wide.lower > narrow.upper - narrow.lower


def test_one_source_is_possible_and_said() -> None:
    pool = bayesian_random_effects([LogEffect(0.3, 0.04)])
    assert pool.notes == ("one_source", "prior_dominates")
    assert pool.lower < 0.3 < pool.upper


def test_without_heterogeneity_in_the_prior_it_is_the_common_effect() -> None:
    effects = effects_of(REFERENCE["clasp"])
    common = pool_effects(effects, estimator="none")
    pool = bayesian_random_effects(effects, tau_scale=1e-4, mean_sd=math.inf)
    assert [pool.median, pool.lower, pool.upper] == pytest.approx(
        [float(common.estimate), float(common.lower), float(common.upper)], abs=1e-4
    )


def test_a_wild_outlier_does_not_break_the_integral() -> None:
    pool = bayesian_random_effects([LogEffect(0.0, 1e-4), LogEffect(30.0, 1e-4), LogEffect(0.1, 1e-4)])
    assert all(math.isfinite(x) for x in (pool.mean, pool.lower, pool.upper, pool.tau_upper, pool.prediction_upper))


@pytest.mark.parametrize(
    ("effects", "scale", "message"),
    [
        ([], 0.5, "needs effects"),
        ([LogEffect(0, 1), LogitEffect(0, 1)], 0.5, "one scale"),
        ([LogEffect(0, 0)], 0.5, "positive"),
        ([LogEffect(0, 1)], 0.0, "scale of tau"),
    ],
)
def test_input_that_cannot_be_pooled_is_refused(effects: Any, scale: float, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        bayesian_random_effects(effects, tau_scale=scale)


sources = st.lists(st.tuples(st.floats(-2, 2), st.floats(1e-3, 2)), min_size=1, max_size=6)


@settings(max_examples=40)
@given(sources, st.randoms())
def test_the_order_of_registries_does_not_matter_and_quantiles_are_in_order(pairs, random) -> None:
    effects = [LogEffect(y, v) for y, v in pairs]
    one = bayesian_random_effects(effects)
    random.shuffle(effects)
    assert numbers(bayesian_random_effects(effects))["ci"] == pytest.approx([one.lower, one.upper], abs=1e-7)
    assert one.prediction_lower <= one.lower <= one.median <= one.upper <= one.prediction_upper
    assert 0 <= one.tau_lower <= one.tau_median <= one.tau_upper
    assert 0 <= one.probability_below_zero <= 1


@settings(max_examples=40)
@given(sources)
def test_mirrored_effects_give_a_mirrored_posterior(pairs) -> None:
    one = bayesian_random_effects([LogEffect(y, v) for y, v in pairs])
    other = bayesian_random_effects([LogEffect(-y, v) for y, v in pairs])
    assert [one.lower, one.upper] == pytest.approx([-other.upper, -other.lower], abs=1e-7)
