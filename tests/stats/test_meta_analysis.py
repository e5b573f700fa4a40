"""One call gives everything `studygen pool` shows, agrees with metafor, and answers degenerate input with a code that says why,
never with NaN."""

from __future__ import annotations

import json
import math
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studygen.stats.measures import MEASURES
from studygen.stats.meta_analysis import METHODS_OF_POOLING, TESTS, MetaAnalysis, meta_analysis

REFERENCE = json.loads((Path(__file__).resolve().parents[1] / "references" / "metafor.json").read_text(encoding="utf-8"))
BCG = REFERENCE["pooled"]["bcg"]


def nothing_unexplained(found: MetaAnalysis) -> bool:
    """No NaN anywhere."""
    flat = [x for value in asdict(found).values() for x in (value if isinstance(value, list | tuple) else [value])]
    return not any(isinstance(x, float) and math.isnan(x) for x in flat)


def test_bcg_on_the_natural_scale() -> None:
    found = meta_analysis(BCG["yi"], BCG["vi"], measure="RR", method="REML", test="hksj")
    theirs = next(fit for fit in BCG["fits"] if (fit["method"], fit["test"]) == ("REML", "knha"))
    assert [found.estimate, found.ci_lower, found.ci_upper] == pytest.approx(
        [math.exp(theirs[key]) for key in ("estimate", "ci_lower", "ci_upper")], rel=1e-6
    )
    assert [found.yi, found.se, found.p_value, found.tau2] == pytest.approx(
        [theirs[key] for key in ("estimate", "se", "p", "tau2")], rel=1e-5
    )
    assert found.prediction == pytest.approx([math.exp(theirs["pi_lower"]), math.exp(theirs["pi_upper"])], rel=1e-5)
    assert found.tau2_ci == pytest.approx(REFERENCE["tau2_intervals"]["bcg"]["q_profile"]["tau2"], rel=1e-5)
    assert (found.k, found.q_df, found.notes) == (13, 12, ())
    assert sum(found.weights) == pytest.approx(100)


@pytest.mark.parametrize(("method", "interval"), [("ML", "ml_profile"), ("REML", "reml_profile")])
def test_a_profile_likelihood_interval_may_be_asked_for(method: str, interval: str) -> None:
    found = meta_analysis(BCG["yi"], BCG["vi"], measure="RR", method=method, test="z", tau2_interval="profile_likelihood")
    assert found.tau2_ci == pytest.approx(REFERENCE["tau2_intervals"]["bcg"][interval]["tau2"], rel=1e-5)
    with pytest.raises(ValueError, match="ML and REML, not for DL"):
        meta_analysis(BCG["yi"], BCG["vi"], measure="RR", method="DL", test="z", tau2_interval="profile_likelihood")


def test_one_source_is_its_own_estimate_and_says_so() -> None:
    found = meta_analysis([-0.3], [0.04], measure="IRR", method="REML", test="hksj")
    assert found.notes == ("one_source",)
    assert [found.estimate, found.ci_lower, found.ci_upper] == pytest.approx([0.7408, 0.5006, 1.0964], abs=5e-5)
    assert (found.tau2, found.tau2_ci, found.i2, found.q, found.q_p, found.prediction) == (None,) * 6


def test_two_sources_are_warned_of() -> None:
    found = meta_analysis([-0.07, -0.42], [0.014, 0.003], measure="IRR", method="DL", test="hksj", prediction="riley")
    assert {"few_sources", "two_sources_hartung_knapp", "prediction_needs_three_sources"} <= set(found.notes)
    assert found.prediction is None


def test_equal_estimates_have_a_hartung_knapp_interval_without_width_and_no_p_value() -> None:
    found = meta_analysis([0.2] * 4, [0.3, 0.5, 1.0, 0.1], measure="GEN", method="REML", test="hksj")
    assert found.ci_lower == pytest.approx(found.ci_upper)
    assert found.p_value is None
    assert {"equal_estimates", "tau_squared_zero", "tau_squared_interval_empty"} <= set(found.notes)
    truncated = meta_analysis([0.2] * 4, [0.3, 0.5, 1.0, 0.1], measure="GEN", method="REML", test="hksj-truncated")
    assert truncated.ci_upper - truncated.ci_lower > 0.5
    assert truncated.p_value is not None


def test_a_hartung_knapp_interval_narrower_than_walds_is_pointed_out() -> None:
    found = meta_analysis([0.10, 0.11, 0.12, 0.10], [0.04] * 4, measure="GEN", method="DL", test="hksj")
    assert "hartung_knapp_narrower" in found.notes
    assert (
        "hartung_knapp_narrower"
        not in meta_analysis([0.10, 0.11, 0.12, 0.10], [0.04] * 4, measure="GEN", method="DL", test="hksj-truncated").notes
    )


def test_huge_variances_give_infinite_limits_and_say_so() -> None:
    found = meta_analysis([0.1, -0.2, 0.3], [1e8, 2e8, 5e7], measure="OR", method="REML", test="z")
    assert (found.ci_lower, found.ci_upper) == (0.0, math.inf)
    assert "limit_beyond_numbers" in found.notes


def test_one_dominant_source_is_pointed_out() -> None:
    found = meta_analysis([0.05, 0.9, 0.8], [1e-6, 0.5, 0.5], measure="GEN", method="EE", test="z")
    assert found.notes == ("one_dominant_source",)
    assert (found.tau2, found.tau2_ci, found.prediction) == (None, None, None)


def test_a_proportion_has_no_p_value() -> None:
    found = meta_analysis([-3.0, -2.5, -2.8], [0.3, 0.2, 0.5], measure="PLO", method="REML", test="z")
    assert found.p_value is None
    assert 0 < found.ci_lower < found.estimate < found.ci_upper < 1


def test_a_risk_beyond_one_is_pointed_out() -> None:
    found = meta_analysis([-0.1, -0.05], [0.04, 0.05], measure="PLN", method="EE", test="z")
    assert "limit_outside_range" in found.notes


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"measure": "RRR"}, "measure 'RRR' is not one of"),
        ({"method": "MH"}, "method 'MH' is not one of"),
        ({"test": "knha"}, "test 'knha' is not one of"),
        ({"level": 95}, "between 0 and 1"),
        ({"measure": "PFT"}, "sample size of every source"),
        ({"yi": [], "vi": []}, "at least one source"),
        ({"vi": [0.1, 0.0]}, "finite and positive"),
        ({"yi": [0.1, math.nan]}, "must be finite"),
    ],
)
def test_what_cannot_be_understood_is_refused(arguments: dict[str, Any], message: str) -> None:
    usual: dict[str, Any] = {"yi": [0.1, 0.2], "vi": [0.1, 0.1], "measure": "RR", "method": "DL", "test": "z"}
    with pytest.raises(ValueError, match=message):
        meta_analysis(**(usual | arguments))


@given(
    st.lists(st.tuples(st.floats(-5, 5), st.floats(1e-6, 1e6)), min_size=1, max_size=7),
    st.sampled_from(sorted(MEASURES)),
    st.sampled_from(sorted(METHODS_OF_POOLING)),
    st.sampled_from(sorted(TESTS)),
    st.sampled_from(["model", "z", "t", "riley", None]),
)
def test_no_number_is_nan(pairs, measure, method, test, prediction) -> None:
    y, v = zip(*pairs, strict=True)
    found = meta_analysis(y, v, measure=measure, method=method, test=test, prediction=prediction, sizes=[20.0] * len(y))
    assert nothing_unexplained(found)
    assert found.ci_lower <= found.estimate <= found.ci_upper
    assert len(found.weights) == found.k
