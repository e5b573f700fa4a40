"""Pooling, heterogeneity, prediction, leave-one-out and influence agree with R's metafor (tests/references/metafor.R, whose JSON
is pinned with the package's version): closed forms to 1e-10, iterative estimators to 1e-5 relative. Divergences by choice are
listed in tests/references/README.md."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from studygen.stats.effects import LogEffect
from studygen.stats.influence import cumulative, influence
from studygen.stats.pooling import Pooled, leave_one_out, pool
from studygen.stats.prediction import prediction_interval
from studygen.stats.tau_squared_intervals import (
    TauSquaredInterval,
    h_squared_limits,
    i_squared_limits,
    profile_likelihood,
    q_profile,
)

REFERENCE = json.loads((Path(__file__).resolve().parents[1] / "references" / "metafor.json").read_text(encoding="utf-8"))
SETS = REFERENCE["pooled"]
ESTIMATOR = {"EE": "none"} | {name: name.lower() for name in ("DL", "PM", "REML", "ML", "EB", "SJ", "HE", "HS")}
INTERVAL = {"z": "wald", "t": "t", "knha": "hartung_knapp", "adhoc": "hartung_knapp_truncated"}
CLOSED = ("EE", "DL", "SJ", "HE", "HS")
CASES = [(name, fit) for name, case in SETS.items() for fit in case["fits"]]

FIELDS = {
    "estimate": "estimate",
    "se": "se",
    "lower": "ci_lower",
    "upper": "ci_upper",
    "p_value": "p",
    "tau_squared": "tau2",
    "q": "q",
    "q_p": "q_p",
    "i_squared": "i2",
    "h_squared": "h2",
    "prediction_lower": "pi_lower",
    "prediction_upper": "pi_upper",
}


def numbers(name: str) -> tuple[np.ndarray, np.ndarray]:
    return np.array(SETS[name]["yi"]), np.array(SETS[name]["vi"])


def model(case: dict[str, Any]) -> dict[str, str]:
    return {"estimator": ESTIMATOR[case["method"]], "interval": INTERVAL[case["test"]]}


def ours(name: str, fit: dict[str, Any]) -> Pooled:
    return pool(*numbers(name), **model(fit))


def tolerance(method: str) -> float:
    return 1e-10 if method in CLOSED else 1e-5


@pytest.mark.parametrize(("name", "fit"), CASES, ids=[f"{name}-{fit['method']}-{fit['test']}" for name, fit in CASES])
def test_every_number_is_that_of_metafor(name: str, fit: dict[str, Any]) -> None:
    pooled, near = ours(name, fit), tolerance(fit["method"])
    for field, theirs in FIELDS.items():
        if theirs in fit:
            expected = np.nan if fit[theirs] is None else fit[theirs]
            assert getattr(pooled, field) == pytest.approx(expected, rel=near, abs=near * 1e-2, nan_ok=True), field
    if "weights" in fit:
        assert list(pooled.weights) == pytest.approx(fit["weights"], rel=near, abs=near * 1e-2)


def test_leaving_one_trial_out_gives_metafors_estimates() -> None:
    expected = REFERENCE["leave_one_out"]
    without = leave_one_out([LogEffect(y, v) for y, v in zip(*numbers("bcg"), strict=True)], estimator="reml")
    assert list(without.estimate) == pytest.approx(expected["estimate"], rel=1e-5)
    assert list(without.se) == pytest.approx(expected["se"], rel=1e-5)
    assert list(without.i_squared) == pytest.approx(expected["i2"], rel=1e-5)


@pytest.mark.parametrize("name", sorted(REFERENCE["prediction_riley"]))
def test_the_riley_prediction_interval_is_that_of_metafor(name: str) -> None:
    pooled = pool(*numbers(name), estimator="reml", interval="hartung_knapp")
    found = [float(x) for x in prediction_interval(pooled, "riley")]
    assert found == pytest.approx(REFERENCE["prediction_riley"][name], rel=1e-5, abs=1e-9)


def check_limits(found: TauSquaredInterval, v: np.ndarray, expected: dict[str, list[float]]) -> None:
    assert bool(found.converged[0])
    assert [float(found.lower[0]), float(found.upper[0])] == pytest.approx(expected["tau2"], rel=1e-5, abs=1e-8)
    assert [float(x[0]) for x in i_squared_limits(found, v)] == pytest.approx(expected["i2"], rel=1e-5, abs=1e-4)
    assert [float(x[0]) for x in h_squared_limits(found, v)] == pytest.approx(expected["h2"], rel=1e-5)


@pytest.mark.parametrize("name", sorted(REFERENCE["tau2_intervals"]))
def test_q_profile_limits_are_those_of_metafor(name: str) -> None:
    y, v = (x[None, :] for x in numbers(name))
    check_limits(q_profile(y, v), v, REFERENCE["tau2_intervals"][name]["q_profile"])


@pytest.mark.parametrize("name", sorted(REFERENCE["tau2_intervals"]))
@pytest.mark.parametrize("estimator", ["ml", "reml"])
def test_profile_likelihood_limits_are_those_of_metafor(name: str, estimator: str) -> None:
    y, v = (x[None, :] for x in numbers(name))
    check_limits(profile_likelihood(y, v, estimator), v, REFERENCE["tau2_intervals"][name][f"{estimator}_profile"])


@pytest.mark.parametrize("case", REFERENCE["cumulative"], ids=lambda case: f"{case['set']}-{case['method']}-{case['test']}")
def test_cumulative_pools_are_those_of_metafor(case: dict[str, Any]) -> None:
    steps = cumulative(*numbers(case["set"]), **model(case))
    assert [step.k for step in steps] == list(range(1, len(SETS[case["set"]]["yi"]) + 1))
    for field, theirs in {"estimate": "estimate", "se": "se", "lower": "lower", "upper": "upper", "tau_squared": "tau2"}.items():
        assert [getattr(step, field) for step in steps[1:]] == pytest.approx(case[theirs], rel=1e-5, abs=1e-9), field


@pytest.mark.parametrize("case", REFERENCE["influence"], ids=lambda case: f"{case['set']}-{case['method']}-{case['test']}")
def test_deletion_diagnostics_are_those_of_metafor(case: dict[str, Any]) -> None:
    found = influence(*numbers(case["set"]), **model(case))
    fields = {
        "rstudent": "rstudent",
        "dffits": "dffits",
        "cook_distance": "cook",
        "covariance_ratio": "cov",
        "tau_squared_without": "tau2",
        "q_without": "q",
        "hat": "hat",
        "weight": "weight",
        "dfbetas": "dfbetas",
    }
    near = tolerance(case["method"])
    for field, theirs in fields.items():
        assert list(getattr(found, field)) == pytest.approx(case[theirs], rel=near, abs=near), field
    assert [int(x) for x in found.influential] == case["influential"]
