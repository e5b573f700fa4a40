"""Meta-regression, subgroup tests and small-study tests agree with metafor (rma with mods, regtest, ranktest), closed forms to
1e-10, iterative estimators to 1e-5 relative; and say why when they are not done."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from studygen.stats.between_variance import ESTIMATORS
from studygen.stats.moderator_variance import RESIDUAL_ESTIMATORS
from studygen.stats.moderators import fit_moderators
from studygen.stats.small_study import Begg, Egger, NotDone, begg, egger, egger_mixed
from studygen.stats.subgroups import subgroup_test

REFERENCE = json.loads((Path(__file__).resolve().parents[1] / "references" / "metafor.json").read_text(encoding="utf-8"))
ESTIMATOR = {"EE": "none"} | {name: name.lower() for name in ("DL", "PM", "REML", "ML", "EB", "SJ", "HE", "HS")}
INTERVAL = {"z": "wald", "t": "t", "knha": "hartung_knapp", "adhoc": "hartung_knapp_truncated"}
CLOSED = ("EE", "DL", "SJ", "HE", "HS")

Y, V = (np.array(REFERENCE["pooled"]["bcg"][key]) for key in ("yi", "vi"))
ABSOLUTE_LATITUDE = np.array(REFERENCE["moderators"]["columns"]["ablat"])
ALLOCATION = REFERENCE["subgroups"]["allocation"]


def test_every_estimator_knows_moderators() -> None:
    assert set(RESIDUAL_ESTIMATORS) == set(ESTIMATORS)


@pytest.mark.parametrize(
    "case",
    REFERENCE["moderators"]["fits"],
    ids=lambda case: f"{case['method']}-{case['test']}-{np.size(case['moderators'])}",
)
def test_a_meta_regression_is_that_of_metafor(case: dict[str, Any]) -> None:
    names = [case["moderators"]] if isinstance(case["moderators"], str) else case["moderators"]
    x = np.column_stack([REFERENCE["moderators"]["columns"][name] for name in names])
    fit = fit_moderators(Y, V, x, estimator=ESTIMATOR[case["method"]], interval=INTERVAL[case["test"]])
    near = 1e-10 if case["method"] in CLOSED else 1e-5
    assert fit.converged
    for field in ("coefficients", "se", "lower", "upper", "p_values"):
        assert list(getattr(fit, field)) == pytest.approx(case["p" if field == "p_values" else field], rel=near), field
    pairs = {"tau_squared": "tau2", "qe": "qe", "qe_p": "qe_p", "qm": "qm", "qm_p": "qm_p", "i_squared": "i2", "h_squared": "h2"}
    for field, theirs in pairs.items():
        assert getattr(fit, field) == pytest.approx(case[theirs], rel=near, abs=near * 1e-2), field
    if case["r2"] is None:
        assert fit.r_squared is None
    else:
        assert fit.r_squared == pytest.approx(case["r2"], rel=near)


def test_latitude_and_year_in_the_bcg_trials() -> None:
    # Viechtbauer 2010, doi 10.18637/jss.v036.i03, section 3.3: mixed-effects model, REML; printed with metafor's looser default
    x = np.column_stack([ABSOLUTE_LATITUDE, REFERENCE["moderators"]["columns"]["year"]])
    fit = fit_moderators(Y, V, x, estimator="reml")
    assert [float(b) for b in fit.coefficients] == pytest.approx([-3.5455, -0.0280, 0.0019], rel=5e-5, abs=5e-5)
    assert [fit.tau_squared, fit.qe, fit.qm] == pytest.approx([0.1108, 28.3251, 12.2043], abs=2.5e-4)


def test_a_regression_on_an_indicator_for_all_is_refused() -> None:
    with pytest.raises(ValueError, match="not constant"):
        fit_moderators(Y, V, np.ones(13), estimator="dl")
    with pytest.raises(ValueError, match="combinations"):
        fit_moderators(Y, V, np.column_stack([ABSOLUTE_LATITUDE, 2 * ABSOLUTE_LATITUDE]), estimator="dl")
    with pytest.raises(ValueError, match="at least 3 sources"):
        fit_moderators(Y[:2], V[:2], [1.0, 2.0], estimator="dl")


@pytest.mark.parametrize("case", REFERENCE["subgroups"]["tests"], ids=lambda case: f"{case['method']}-{case['test']}")
@pytest.mark.parametrize("kind", ["common", "separate"])
def test_subgroups_are_those_of_metafor(case: dict[str, Any], kind: str) -> None:
    found = subgroup_test(
        Y,
        V,
        ALLOCATION,
        estimator=ESTIMATOR[case["method"]],
        interval=INTERVAL[case["test"]],
        common_tau_squared=kind == "common",
    )
    expected = case[kind]
    by_name = {group.group: group for group in found.groups}
    near = 1e-10 if case["method"] in CLOSED else 1e-5
    for field in ("estimate", "se", "lower"):
        assert [getattr(by_name[name], field) for name in case["groups"]] == pytest.approx(expected[field], rel=near), field
    tau2 = [by_name[name].tau_squared for name in case["groups"]]
    assert tau2 == pytest.approx(expected["tau2"] if kind == "separate" else [expected["tau2"]] * 3, rel=near)
    assert [found.statistic, found.p] == pytest.approx([expected["statistic"], expected["p"]], rel=near)


def test_a_subgroup_of_one_source_keeps_that_sources_estimate() -> None:
    found = subgroup_test(Y[:4], V[:4], ["a", "a", "a", "b"], estimator="reml", common_tau_squared=False)
    alone = found.groups[1]
    assert (alone.k, alone.estimate, alone.tau_squared, alone.tau_squared_known) == (1, float(Y[3]), 0.0, False)
    assert alone.se == pytest.approx(float(V[3]) ** 0.5)


def test_one_group_is_no_subgroup_test() -> None:
    with pytest.raises(ValueError, match="at least two groups"):
        subgroup_test(Y, V, ["a"] * 13, estimator="dl")


@pytest.mark.parametrize("case", REFERENCE["small_study"], ids=lambda case: case["set"])
def test_small_study_tests_are_those_of_metafor(case: dict[str, Any]) -> None:
    y, v = (REFERENCE["pooled"][case["set"]][key] for key in ("yi", "vi"))
    classical, mixed, ranks = egger(y, v), egger_mixed(y, v, estimator="reml"), begg(y, v)
    assert isinstance(classical, Egger)
    assert isinstance(mixed, Egger)
    assert isinstance(ranks, Begg)
    for field, expected in case["classical"].items():
        assert getattr(classical, field) == pytest.approx(expected, rel=1e-10), field
    for field, expected in case["mixed"].items():
        assert getattr(mixed, field) == pytest.approx(expected, rel=1e-5), field
    assert [ranks.tau, ranks.p] == pytest.approx([case["begg"]["tau"], case["begg"]["p"]], rel=1e-10)


def test_below_ten_sources_small_study_tests_are_refused_with_the_reason() -> None:
    for found in (egger(Y[:9], V[:9]), egger_mixed(Y[:9], V[:9], estimator="reml"), begg(Y[:9], V[:9])):
        assert found == NotDone("fewer_than_ten_sources", 9, 10)


def test_sources_of_equal_precision_cannot_show_small_study_effects() -> None:
    assert egger(Y, np.full(13, 0.1)) == NotDone("equal_precision", 13)
    assert begg(Y, np.full(13, 0.1)) == NotDone("equal_precision", 13)
