"""Pooling reproduces figures that are in print: the BCG vaccine trials (Colditz 1994; van Houwelingen 2002), CLASP (DerSimonian,
Kacker 2007, tables 3 and 4), Viechtbauer 2005 example 1, Miller 1978, and the multiple sclerosis examples of this project
(relapse rate ratios of two registries, COVID-19 deaths in six cohorts). Tolerances are those of the printed digits."""

from __future__ import annotations

import csv
import math
from pathlib import Path

import numpy as np
import pytest

from studygen.stats.effects import (
    Effect,
    LogEffect,
    LogitEffect,
    effect_from_interval,
    log_odds_ratio,
    log_risk_ratio,
    logit_proportion,
    plain_proportion,
)
from studygen.stats.influence import cumulative
from studygen.stats.meta_analysis import meta_analysis
from studygen.stats.pooling import leave_one_out, pool, pool_effects
from studygen.stats.prediction import prediction_interval
from studygen.stats.tau_squared_intervals import h_squared_limits, i_squared_limits, profile_likelihood, q_profile
from studygen.stats.variance_stabilised import freeman_tukey_proportion, harmonic_mean, miller_inverse

FOLDER = Path(__file__).resolve().parents[1] / "references"


def rows(name: str) -> list[dict[str, str]]:
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def bcg() -> list[Effect]:
    return [
        log_risk_ratio(int(r["tpos"]), int(r["tpos"]) + int(r["tneg"]), int(r["cpos"]), int(r["cpos"]) + int(r["cneg"]))
        for r in rows("bcg.csv")
    ]


@pytest.fixture(scope="module")
def clasp() -> list[Effect]:
    return [
        log_odds_ratio(*(int(r[c]) for c in ("events_treated", "n_treated", "events_control", "n_control")))
        for r in rows("clasp.csv")
    ]


@pytest.fixture(scope="module")
def relapse_ratios() -> list[Effect]:
    """Danish registry 0.93 (0.74-1.17), MSBase 0.66 (0.59-0.74)."""
    return [effect_from_interval(LogEffect, 0.74, 1.17, 0.93), effect_from_interval(LogEffect, 0.59, 0.74, 0.66)]


COVID_DEATHS = [(3, 309), (13, 844), (12, 347), (4, 86), (6, 76), (2, 48)]


def test_bcg_common_effect(bcg: list[Effect]) -> None:
    pooled = pool_effects(bcg, estimator="none")
    assert [float(x) for x in (pooled.estimate, pooled.lower, pooled.upper, pooled.q)] == pytest.approx(
        [-0.4303, -0.5097, -0.3509, 152.2330], abs=5e-5
    )


def test_bcg_dersimonian_laird(bcg: list[Effect]) -> None:
    pooled = pool_effects(bcg, estimator="dl")
    assert [float(x) for x in (pooled.estimate, pooled.lower, pooled.upper)] == pytest.approx(
        [-0.7141, -1.0644, -0.3638], abs=6e-5
    )
    assert float(pooled.tau_squared) == pytest.approx(0.3088, abs=5e-5)
    assert float(pooled.i_squared) == pytest.approx(92.1173, abs=5e-5)
    assert float(pooled.h_squared) == pytest.approx(12.6861, abs=5e-5)


def test_bcg_reml_with_hartung_knapp(bcg: list[Effect]) -> None:
    pooled = pool_effects(bcg, estimator="reml", interval="hartung_knapp")
    assert float(pooled.tau_squared) == pytest.approx(0.3132433, abs=5e-7)
    assert float(pooled.estimate) == pytest.approx(-0.7145323, abs=5e-7)
    assert float(pooled.se) == pytest.approx(0.1807917, abs=5e-7)
    assert [float(pooled.lower), float(pooled.upper)] == pytest.approx([-1.1084, -0.3206], abs=5e-5)
    assert [float(pooled.prediction_lower), float(pooled.prediction_upper)] == pytest.approx([-1.9960, 0.5670], abs=6e-5)


def test_bcg_reml_prediction_with_normal_quantile(bcg: list[Effect]) -> None:
    pooled = pool_effects(bcg, estimator="reml")
    assert float(pooled.se) == pytest.approx(0.1797815, abs=5e-7)
    assert [float(pooled.prediction_lower), float(pooled.prediction_upper)] == pytest.approx([-1.8667, 0.4376], abs=6e-5)


def test_bcg_paule_mandel(bcg: list[Effect]) -> None:
    pooled = pool_effects(bcg, estimator="pm")
    assert [float(pooled.tau_squared), float(pooled.estimate)] == pytest.approx([0.3180685, -0.7149682], abs=2e-6)


def test_bcg_riley_prediction(bcg: list[Effect]) -> None:
    pooled = pool_effects(bcg, estimator="reml")
    assert [float(x) for x in prediction_interval(pooled, "riley")] == pytest.approx([-2.0084, 0.5793], abs=6e-5)


def test_bcg_q_profile(bcg: list[Effect]) -> None:
    v = np.array([[effect.variance for effect in bcg]])
    found = q_profile(np.array([[effect.value for effect in bcg]]), v)
    assert [float(found.lower[0]), float(found.upper[0])] == pytest.approx([0.1197, 1.1115], abs=5e-5)
    # The printed lower limits carry the tolerance of metafor's root search: 81.9177 where the root gives 81.9206.
    assert [float(x[0]) for x in i_squared_limits(found, v)] == pytest.approx([81.9177, 97.6781], abs=3e-3)
    assert [float(x[0]) for x in h_squared_limits(found, v)] == pytest.approx([5.5303, 43.0680], abs=1e-3)


def test_bcg_cumulative(bcg: list[Effect]) -> None:
    steps = cumulative([effect.value for effect in bcg], [effect.variance for effect in bcg], estimator="reml")
    assert [steps[index].estimate for index in (0, 1, 12)] == pytest.approx([-0.8893, -1.3250, -0.7145], abs=6e-5)


@pytest.fixture(scope="module")
def bcg_odds() -> list[Effect]:
    """The odds ratios of the BCG trials as in van Houwelingen 2002, doi 10.1002/sim.1040."""
    return [
        log_odds_ratio(int(r["tpos"]), int(r["tpos"]) + int(r["tneg"]), int(r["cpos"]), int(r["cpos"]) + int(r["cneg"]))
        for r in rows("bcg.csv")
    ]


def test_van_houwelingen_2002(bcg_odds: list[Effect]) -> None:
    common = pool_effects(bcg_odds, estimator="none")
    assert [math.exp(float(x)) for x in (common.estimate, common.lower, common.upper)] == pytest.approx(
        [0.6465, 0.5951, 0.7024], abs=6e-5
    )
    random = pool_effects(bcg_odds, estimator="ml")
    assert [math.exp(float(x)) for x in (random.estimate, random.lower, random.upper)] == pytest.approx(
        [0.4762, 0.3360, 0.6749], abs=6e-5
    )
    assert float(random.tau_squared) == pytest.approx(0.3025, abs=6e-5)
    y, v = (np.array([[getattr(effect, name) for effect in bcg_odds]]) for name in ("value", "variance"))
    profile, q = profile_likelihood(y, v, "ml"), q_profile(y, v)
    assert [float(profile.lower[0]), float(profile.upper[0])] == pytest.approx([0.1151, 0.8937], abs=6e-5)
    assert [float(q.lower[0]), float(q.upper[0])] == pytest.approx([0.1302, 1.1812], abs=6e-5)


def test_miller_1978() -> None:
    # doi 10.1080/00031305.1978.10479283: x = 3 6 10 1 of n = 11 17 21 6, on twice our scale
    cohorts = [(3, 11), (6, 17), (10, 21), (1, 6)]
    effects = [freeman_tukey_proportion(*cohort) for cohort in cohorts]
    n = harmonic_mean([n for _, n in cohorts])
    plain = sum(effect.value for effect in effects) / 4
    weighted = float(pool([e.value for e in effects], [e.variance for e in effects], estimator="none").estimate)
    assert [2 * plain, miller_inverse(plain, n)] == pytest.approx([1.2262, 0.3164], abs=6e-5)
    assert [2 * weighted, miller_inverse(weighted, n)] == pytest.approx([1.3093, 0.3595], abs=6e-5)


def test_double_arcsine_with_nobody_and_everybody() -> None:
    # metafor's own tests: x = 0 4 9 16 20 of n = 10 10 15 20 20
    cohorts = [(0, 10), (4, 10), (9, 15), (16, 20), (20, 20)]
    effects = [freeman_tukey_proportion(*cohort) for cohort in cohorts]
    singly = [miller_inverse(effect.value, n) for effect, (_, n) in zip(effects, cohorts, strict=True)]
    assert singly == pytest.approx([0, 0.4, 0.6, 0.8, 1], abs=1e-12)
    pooled = meta_analysis(
        [e.value for e in effects],
        [e.variance for e in effects],
        measure="PFT",
        method="EE",
        test="z",
        sizes=[n for _, n in cohorts],
    )
    assert [pooled.estimate, pooled.ci_lower, pooled.ci_upper] == pytest.approx([0.6886, 0.5734, 0.7943], abs=6e-5)
    assert "freeman_tukey_back_transformation" in pooled.notes


def test_bcg_without_the_first_trial(bcg: list[Effect]) -> None:
    without = leave_one_out(bcg, estimator="reml")
    assert [float(without.estimate[0]), float(without.se[0])] == pytest.approx([-0.7071, 0.1900], abs=5e-5)


@pytest.mark.parametrize(
    ("estimator", "tau", "estimate", "se"),
    [
        ("pm", 0.3681, -0.3811, 0.2060),
        ("eb", 0.3681, -0.3811, 0.2060),
        ("dl", 0.2323, -0.3240, 0.1540),
        ("reml", 0.1843, -0.2980, 0.1343),
        ("he", 0.4410, -0.4035, 0.2327),
        ("sj", 0.4572, -0.4079, 0.2386),
        ("ml", 0.0023, -0.1973, 0.0694),
    ],
)
def test_clasp_six_sources(clasp: list[Effect], estimator: str, tau: float, estimate: float, se: float) -> None:
    pooled = pool_effects(clasp, estimator=estimator)
    # The likelihood of CLASP falls from tau² = 0 on; the printed tau of 0.0023 by ML is where the authors' iteration stopped.
    near = 2.5e-3 if estimator == "ml" else 6e-5
    assert math.sqrt(float(pooled.tau_squared)) == pytest.approx(tau, abs=near)
    assert [float(pooled.estimate), float(pooled.se)] == pytest.approx([estimate, se], abs=6e-5)
    assert float(pooled.q) == pytest.approx(9.6779, abs=5e-5)


def test_clasp_hartung_knapp_includes_one_where_wald_does_not(clasp: list[Effect]) -> None:
    wald = pool_effects(clasp, estimator="dl")
    knapp = pool_effects(clasp, estimator="dl", interval="hartung_knapp")
    assert math.exp(float(wald.upper)) < 1
    found = [math.exp(float(x)) for x in (knapp.estimate, knapp.lower, knapp.upper)]
    assert found == pytest.approx([0.7233, 0.4588, 1.1400], abs=5e-5)
    assert float(wald.i_squared) == pytest.approx(48.34, abs=5e-3)


def test_clasp_hunter_schmidt(clasp: list[Effect]) -> None:
    assert math.sqrt(float(pool_effects(clasp, estimator="hs").tau_squared)) == pytest.approx(0.1330, abs=6e-5)


@pytest.mark.parametrize(
    ("estimator", "tau2", "i2"),
    [
        ("hs", 0.2282, 77.23),
        ("he", 0.1484, 68.80),
        ("dl", 0.2768, 80.44),
        ("ml", 0.1967, 74.51),
        ("reml", 0.2232, 76.84),
        ("eb", 0.1920, 74.05),
        ("sj", 0.1992, 74.75),
    ],
)
def test_viechtbauer_2005_example_1(estimator: str, tau2: float, i2: float) -> None:
    y = [-0.581, 0.530, 0.771, 1.031, 0.553, 0.295, 0.078, 0.573, -0.176, -0.232]
    v = [0.023, 0.052, 0.060, 0.115, 0.095, 0.203, 0.200, 0.211, 0.051, 0.040]
    pooled = pool(y, v, estimator=estimator)
    assert float(pooled.tau_squared) == pytest.approx(tau2, abs=5e-5)
    assert float(pooled.i_squared) == pytest.approx(i2, abs=5e-3)


def test_relapse_ratios_of_two_registries(relapse_ratios: list[Effect]) -> None:
    common = pool_effects(relapse_ratios, estimator="none")
    assert [math.exp(float(x)) for x in (common.estimate, common.lower, common.upper)] == pytest.approx(
        [0.7060, 0.6378, 0.7814], abs=6e-5
    )
    random = pool_effects(relapse_ratios, estimator="dl")
    assert [math.exp(float(x)) for x in (random.estimate, random.lower, random.upper)] == pytest.approx(
        [0.7718, 0.5522, 1.0786], abs=6e-5
    )
    assert [float(random.tau_squared), float(random.q), float(random.i_squared)] == pytest.approx(
        [0.0503, 6.9194, 85.55], rel=1e-3
    )
    knapp = pool_effects(relapse_ratios, estimator="dl", interval="hartung_knapp")
    assert [math.exp(float(x)) for x in (knapp.lower, knapp.upper)] == pytest.approx([0.0881, 6.7617], abs=5e-5)


@pytest.mark.parametrize(
    ("estimator", "percent", "lower", "upper", "tau2", "i2"),
    [("dl", 3.0384, 1.6501, 5.5290, 0.3987, 70.10), ("reml", 3.0392, 1.6404, 5.5635, 0.4105, 70.71)],
)
def test_covid_deaths_in_six_cohorts(estimator: str, percent: float, lower: float, upper: float, tau2: float, i2: float) -> None:
    pooled = pool_effects([logit_proportion(*cohort) for cohort in COVID_DEATHS], estimator=estimator)
    shown = [100 * LogitEffect.natural(float(x)) for x in (pooled.estimate, pooled.lower, pooled.upper)]
    assert shown == pytest.approx([percent, lower, upper], abs=6e-5)
    assert [float(pooled.tau_squared), float(pooled.i_squared), float(pooled.q)] == pytest.approx([tau2, i2, 16.7234], abs=5e-3)


def test_untransformed_proportions_mislead() -> None:
    pooled = pool_effects([plain_proportion(*cohort) for cohort in COVID_DEATHS], estimator="none")
    shown = [100 * float(x) for x in (pooled.estimate, pooled.lower, pooled.upper)]
    assert shown == pytest.approx([1.711, 1.098, 2.323], abs=5e-4)
    assert float(pooled.q) == pytest.approx(11.4935, abs=5e-5)


def test_ten_thousand_sets_in_one_call_are_the_same_as_one_by_one() -> None:
    rng = np.random.default_rng(20250630)
    v = rng.uniform(0.02, 0.3, (10_000, 6))
    y = rng.normal(0.0, np.sqrt(v + 0.02))
    together = pool(y, v, estimator="reml", interval="hartung_knapp")
    assert together.converged.all()
    for index in (0, 17, 4_321, 9_999):
        alone = pool(y[index], v[index], estimator="reml", interval="hartung_knapp")
        assert float(together.tau_squared[index]) == pytest.approx(float(alone.tau_squared), rel=1e-9, abs=1e-12)
        assert float(together.upper[index]) == pytest.approx(float(alone.upper), rel=1e-9)
