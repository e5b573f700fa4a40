"""Credibility aids meet published figures (VanderWeele, Ding 2017) and R: negative controls by metafor's maximum likelihood,
calibration by the formulas of EmpiricalCalibration in base R."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studygen.stats import consistency, precision, tipping_point
from studygen.stats.e_values import as_risk_ratio, e_value, e_value_of_standardised_difference
from studygen.stats.effects import LogEffect, PlainEffect, log_rate_ratio
from studygen.stats.negative_controls import SystematicError, calibrate, expected_absolute_systematic_error, fit_null
from studygen.stats.occurrence import exact_poisson

REFERENCE = json.loads((Path(__file__).resolve().parents[1] / "references" / "metafor_rare.json").read_text(encoding="utf-8"))
CALIBRATION = REFERENCE["calibration"]


@pytest.mark.parametrize(
    ("ratio", "lower", "upper", "estimate", "limit"), [(3.9, 1.8, 8.7, 7.26, 3.0), (0.80, 0.71, 0.91, 1.81, 1.43)]
)
def test_published_e_values(ratio: float, lower: float, upper: float, estimate: float, limit: float) -> None:
    found = e_value("RR", ratio, lower, upper)
    assert [found.estimate, found.limit] == pytest.approx([estimate, limit], abs=5e-3)


def test_an_interval_that_includes_one_has_an_e_value_of_one_and_a_note() -> None:
    found = e_value("HR_rare", 1.4, 0.9, 2.2)
    assert found.limit == 1
    assert found.notes == ("crosses_null",)


def test_common_outcomes_are_brought_to_a_risk_ratio_first() -> None:
    assert as_risk_ratio("OR_common", 4.0) == 2
    assert as_risk_ratio("HR_common", 1.0) == pytest.approx(1)
    # (1 - 0.5^sqrt(2)) / (1 - 0.5^sqrt(1/2))
    assert as_risk_ratio("HR_common", 2.0) == pytest.approx(1.612547, abs=1e-6)
    assert e_value("HR_common", 2.0, 1.5, 2.6).estimate < e_value("HR_rare", 2.0, 1.5, 2.6).estimate


def test_an_e_value_towards_another_truth_is_smaller() -> None:
    assert e_value("RR", 3.9, 1.8, 8.7, true_ratio=2.0).estimate == pytest.approx(1.95 + math.sqrt(1.95 * 0.95))


def test_a_standardised_difference_has_an_e_value() -> None:
    found = e_value_of_standardised_difference(0.5, 0.1)
    assert found.risk_ratio == pytest.approx(math.exp(0.455))
    assert found.limit < found.estimate


def test_ratios_that_are_none_are_refused() -> None:
    with pytest.raises(ValueError, match="between its limits"):
        e_value("RR", 2.0, 2.5, 3.0)


def test_a_confounder_as_strong_as_the_e_value_just_suffices() -> None:
    strength = e_value("RR", 3.9, 1.8, 8.7).estimate
    assert tipping_point.bounding_factor(strength, strength) == pytest.approx(3.9)
    with pytest.raises(ValueError, match="reciprocals"):
        tipping_point.bounding_factor(0.5, 2.0)


def test_a_confounder_shifts_a_ratio_by_hand() -> None:
    # 40% v 20% of persons with a confounder that triples the risk: (1 + 0.8)/(1 + 0.4)
    assert tipping_point.confounding(3.0, 0.4, 0.2) == pytest.approx(1.8 / 1.4)
    assert tipping_point.adjusted(1.5, 3.0, 0.4, 0.2) == pytest.approx(1.5 * 1.4 / 1.8)


@given(st.floats(0.3, 4), st.floats(0.1, 9), st.floats(0, 1))
def test_at_the_tipping_prevalence_the_adjusted_ratio_is_one(ratio, association, prevalence0) -> None:
    found = tipping_point.tipping_prevalence(ratio, association, prevalence0)
    if math.isnan(found.value):
        assert found.notes == ("no_tipping_point",)
    elif abs(association - 1) > 1e-6:
        assert tipping_point.adjusted(ratio, association, found.value, prevalence0) == pytest.approx(1, rel=1e-6)


@given(st.floats(0.3, 4), st.floats(0.01, 0.99), st.floats(0.01, 0.99))
def test_at_the_tipping_association_the_adjusted_ratio_is_one(ratio, prevalence1, prevalence0) -> None:
    found = tipping_point.tipping_association(ratio, prevalence1, prevalence0)
    if math.isnan(found.value):
        assert found.notes == ("no_tipping_point",)
    else:
        assert tipping_point.adjusted(ratio, found.value, prevalence1, prevalence0) == pytest.approx(1, rel=1e-6)


def test_too_weak_a_confounder_has_no_tipping_point() -> None:
    assert tipping_point.tipping_prevalence(3.0, 2.0, 0.1).notes == ("no_tipping_point",)
    assert tipping_point.tipping_association(3.0, 0.4, 0.2).notes == ("no_tipping_point",)
    with pytest.raises(ValueError, match="between 0 and 1"):
        tipping_point.confounding(2.0, 1.2, 0.1)


def test_systematic_error_is_the_maximum_likelihood_of_metafor() -> None:
    controls = [LogEffect(y, se**2) for y, se in zip(CALIBRATION["y"], CALIBRATION["se"], strict=True)]
    error = fit_null(controls)
    assert [error.mean, error.sd] == pytest.approx([CALIBRATION["mean"], CALIBRATION["sd"]], rel=1e-5)
    assert error.notes == ()
    assert fit_null(controls[:3]).notes == ("few_controls",)
    calibrated = calibrate(LogEffect(math.log(1.8), 0.04), error)
    assert calibrated.p == pytest.approx(CALIBRATION["p"], rel=1e-5)
    assert [calibrated.lower, calibrated.upper] == pytest.approx(CALIBRATION["ci"], rel=1e-5)
    assert expected_absolute_systematic_error(error) == pytest.approx(CALIBRATION["ease"], rel=1e-5)


def test_without_systematic_error_nothing_changes() -> None:
    none = SystematicError(20, 0.0, 0.0)
    calibrated = calibrate(LogEffect(0.4, 0.04), none)
    assert (calibrated.value, calibrated.se) == (0.4, 0.2)
    assert expected_absolute_systematic_error(none) == 0
    assert expected_absolute_systematic_error(SystematicError(20, -0.3, 0.0)) == 0.3
    assert expected_absolute_systematic_error(SystematicError(20, 0.0, 0.2)) == pytest.approx(0.2 * math.sqrt(2 / math.pi))


def test_one_negative_control_is_refused() -> None:
    with pytest.raises(ValueError, match="at least two"):
        fit_null([LogEffect(0.1, 0.02)])


@pytest.mark.parametrize(("ratio", "events"), [(1.5, 191), (2.0, 65), (3.0, 26)])
def test_the_detectable_ratio_is_the_inverse_of_events_needed(ratio: float, events: int) -> None:
    assert precision.minimum_detectable_ratio_of_events(events) == pytest.approx(ratio, rel=5e-3)
    assert precision.minimum_detectable_ratio_of_events(0) == math.inf
    assert precision.minimum_detectable_ratio(2 / math.sqrt(events)) == pytest.approx(ratio, rel=5e-3)


def test_the_pooled_standard_error_that_can_be_expected() -> None:
    assert precision.expected_pooled_se([0.2, 0.2, 0.2, 0.2]) == pytest.approx(0.1)
    assert precision.expected_pooled_se([0.2, 0.2, 0.2, 0.2], 0.05) == pytest.approx(0.15)


def test_the_expected_interval_of_a_rate() -> None:
    # 4 events expected: each limit's mean by R: sum(dpois(x, 4) * qgamma(0.025, x)), x from 1, and qgamma(0.975, x + 1)
    lower, upper = precision.expected_rate_interval(1000, 0.004)
    assert [1000 * lower, 1000 * upper] == pytest.approx([1.2210401160, 10.1414068599], rel=1e-8)
    large = precision.expected_rate_interval(1000, 40.0)
    assert large == pytest.approx(exact_poisson(40_000, 1000)[1:], rel=1e-4)
    assert precision.expected_rate_interval(1000, 0.0) == pytest.approx((0.0, 3.688879454 / 1000))


@pytest.mark.parametrize(("q", "k", "i2"), [(9.6779, 6, 48.34), (152.2330, 13, 92.1173), (3.0, 6, 0.0)])
def test_q_and_i_squared_that_belong_together(q: float, k: int, i2: float) -> None:
    assert consistency.q_and_i_squared(q, k, i2, 5e-5, 5e-3).agreement == "agrees"


def test_q_and_i_squared_that_do_not_belong_together() -> None:
    found = consistency.q_and_i_squared(9.6779, 6, 62.0, 5e-5, 0.5)
    assert found.agreement == "disagrees"
    assert found.i_squared == pytest.approx(48.34, abs=5e-3)
    assert consistency.q_and_i_squared(0.0, 1, 0.0).agreement == "cannot_tell"


def test_an_interval_on_the_log_scale_is_recognised() -> None:
    # Danish registry, relapse rate ratio 0.93 (0.74-1.17)
    assert consistency.interval_symmetry(LogEffect, 0.93, 0.74, 1.17).agreement == "agrees"
    assert consistency.interval_symmetry(LogEffect, 2.0, 1.0, 3.0).agreement == "disagrees"
    assert consistency.interval_symmetry(PlainEffect, 2.0, 1.0, 3.0).agreement == "agrees"
    assert consistency.interval_symmetry(PlainEffect, 0.93, 0.74, 1.17, 0.005).agreement == "disagrees"


def test_an_exact_interval_of_few_events_is_not_symmetric_on_the_log_scale() -> None:
    estimate, lower, upper = exact_poisson(3, 1.0)
    found = consistency.interval_symmetry(LogEffect, estimate, lower, upper, 5e-4)
    assert found.agreement == "disagrees"
    assert found.position > 0


def test_an_interval_at_the_end_of_the_scale_cannot_be_told() -> None:
    found = consistency.interval_symmetry(LogEffect, 0.5, 0.0, 1.2)
    assert math.isnan(found.position)
    assert found.agreement == "cannot_tell"
    with pytest.raises(ValueError, match="outside"):
        consistency.interval_symmetry(LogEffect, 2.0, 2.5, 3.0)


@given(st.integers(1, 40), st.integers(1, 40), st.floats(100, 5000))
def test_a_rounded_wald_interval_is_never_accused(a, c, t) -> None:
    effect: Any = log_rate_ratio(a, t, c, 1000.0)
    half = 1.959963985 * math.sqrt(effect.variance)
    shown = [round(math.exp(x), 2) for x in (effect.value, effect.value - half, effect.value + half)]
    assert consistency.interval_symmetry(LogEffect, *shown).agreement in ("agrees", "cannot_tell")
