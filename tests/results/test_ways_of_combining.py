"""The ways of combining that a plan may name beyond the first few, E-values and the interval of tau²: published numbers come out,
and what a way does not have is said."""

from __future__ import annotations

import math
from collections.abc import Callable

import pytest

from studygen.results.findings import ResultSet
from studygen.stats.methods import METHODS
from studygen.study.objectives import PoolingModel

Results = Callable[..., ResultSet]

DOCTORS = [
    (32, 52407, 2, 18790),
    (104, 43248, 12, 10673),
    (206, 28612, 28, 5710),
    (186, 12663, 28, 2585),
    (102, 5317, 31, 1462),
]
"""Deaths and person-years of smoking and other doctors by age. Source: Rothman, Greenland, Lash 2008, table 15-2."""
CLASP = [(5, 156, 8, 74), (5, 303, 17, 303), (12, 565, 9, 477), (69, 1570, 94, 1565), (9, 103, 11, 105), (313, 4659, 352, 4650)]
"""Source: DerSimonian, Kacker 2007, tables 3 and 4."""
RELAPSE_RATIOS = [
    {"estimate": 0.93, "ci_lower": 0.74, "ci_upper": 1.17},
    {"estimate": 0.66, "ci_lower": 0.59, "ci_upper": 0.74},
]
MANTEL_HAENSZEL = PoolingModel(model="mantel_haenszel")
EXACT = PoolingModel(model="exact_conditional")
COMMON = PoolingModel(model="common_effect")


def random(estimator: str, interval: str = "wald") -> PoolingModel:
    return PoolingModel(model="random_effects", estimator=estimator, interval=interval)


def two_groups(rows: list[tuple[float | str, ...]], below: str = "person_years") -> list[dict[str, dict[str, float | str]]]:
    return [{"a": {"events": a, below: t}, "b": {"events": c, below: u}} for a, t, c, u in rows]


def shown(results: ResultSet, id: str) -> list[float]:
    found = results.estimate(id)
    assert found.value is not None
    assert found.lower is not None
    assert found.upper is not None
    return [found.value, found.lower, found.upper]


def codes(results: ResultSet, id: str) -> list[str]:
    return [note.code for note in results[id].origin.notes]


# ---------------------------------------------------------------- estimators and intervals


@pytest.mark.parametrize(
    ("estimator", "tau", "log_ratio"),
    [
        ("pm", 0.3681, -0.3811),
        ("he", 0.4410, -0.4035),
        ("dl", 0.2323, -0.3240),
        ("reml", 0.1843, -0.2980),
        ("sj", 0.4572, -0.4079),
    ],
)
def test_the_estimators_reproduce_the_six_sources_in_print(ratios: Results, estimator: str, tau: float, log_ratio: float) -> None:
    results = ratios(two_groups(CLASP, "n"), input="counts", interval="wald", measure="odds_ratio", main=random(estimator))
    assert math.sqrt(results.quantity("infection_ratio.tau_squared").value or 0) == pytest.approx(tau, abs=5e-5)
    assert math.log(shown(results, "infection_ratio.pooled")[0]) == pytest.approx(log_ratio, abs=5e-5)


def test_every_estimator_and_interval_has_its_method_and_its_own_id(ratios: Results) -> None:
    ways = [
        random(estimator, interval)
        for estimator in ("dl", "pm", "reml", "ml", "eb", "sj", "he", "hs")
        for interval in ("wald", "t", "hartung_knapp", "hartung_knapp_truncated")
    ]
    results = ratios(RELAPSE_RATIOS, main=COMMON, beside=tuple(ways))
    for way in ways:
        assert results.estimate(f"infection_ratio.pooled_{way.id}").interval == way.interval
    assert {result.origin.method for result in results.values()} <= set(METHODS)


def test_a_truncated_interval_is_never_narrower_than_students(ratios: Results) -> None:
    alike = [{"estimate": x, "ci_lower": x / 1.5, "ci_upper": x * 1.5} for x in (0.80, 0.81, 0.82)]
    ways = (random("dl", "t"), random("dl", "hartung_knapp"), random("dl", "hartung_knapp_truncated"))
    results = ratios(alike, main=COMMON, beside=ways)
    student, knapp, truncated = (shown(results, f"infection_ratio.pooled_{way.id}") for way in ways)
    assert truncated == pytest.approx(student, rel=1e-12)
    assert knapp[2] < truncated[2]
    assert "hartung_knapp_narrower" in codes(results, f"infection_ratio.pooled_{ways[1].id}")


def test_two_registries_give_no_prediction_interval(ratios: Results) -> None:
    results = ratios(RELAPSE_RATIOS, main=random("reml"), beside=(random("dl", "hartung_knapp"),))
    assert results.estimate("infection_ratio.prediction").state == "not_estimable"
    assert codes(results, "infection_ratio.prediction") == ["prediction_needs_three_sources"]
    assert results.estimate("infection_ratio.prediction_dl_hartung_knapp").state == "not_estimable"


# ---------------------------------------------------------------- Bayesian


def test_a_bayesian_interval_of_two_registries_lies_between_wald_and_hartung_knapp(ratios: Results) -> None:
    bayesian = PoolingModel(model="bayesian", prior_scale=0.5)
    results = ratios(RELAPSE_RATIOS, main=random("reml"), beside=(bayesian, random("reml", "hartung_knapp")))
    wald, middle, wide = (
        shown(results, f"infection_ratio.pooled{suffix}") for suffix in ("", "_bayesian_0_5", "_reml_hartung_knapp")
    )
    assert wide[1] < middle[1] < wald[1]
    assert wald[2] < middle[2] < wide[2]
    assert results.quantity("infection_ratio.i_squared_bayesian_0_5").state == "not_applicable"
    assert "prior_dominates" in codes(results, "infection_ratio.pooled_bayesian_0_5")


def test_the_bayesian_model_gives_what_integration_in_r_gives(ratios: Results) -> None:
    way = PoolingModel(model="bayesian", prior_scale=0.5)
    results = ratios(two_groups(CLASP, "n"), input="counts", interval="wald", measure="odds_ratio", main=way)
    # tests/references/metafor_rare.json, bayesian: clasp (median and 95% interval of the mean, of a new source)
    found = [math.log(x) for x in shown(results, "infection_ratio.pooled")]
    assert found == pytest.approx([-0.3012477, -0.8192550, 0.0109207], abs=1e-5)
    ahead = results.estimate("infection_ratio.prediction")
    assert [math.log(x or 0) for x in (ahead.lower, ahead.upper)] == pytest.approx([-1.3005730, 0.4642745], abs=1e-5)


def test_a_narrow_prior_brings_the_common_effect_and_priors_have_ids_of_their_own(ratios: Results) -> None:
    ways = tuple(PoolingModel(model="bayesian", prior_scale=scale) for scale in (0.001, 0.5, 1))
    results = ratios(RELAPSE_RATIOS, main=COMMON, beside=ways)
    common = shown(results, "infection_ratio.pooled")
    assert shown(results, "infection_ratio.pooled_bayesian_0_001") == pytest.approx(common, rel=1e-3)
    half, one = (shown(results, f"infection_ratio.pooled_{way.id}") for way in ways[1:])
    assert one[2] / one[1] > half[2] / half[1]


def test_a_bayesian_main_way_has_no_weights(ratios: Results) -> None:
    results = ratios(RELAPSE_RATIOS, main=PoolingModel(model="bayesian", prior_scale=0.5))
    assert results.quantity("infection_ratio.r1.weight").state == "not_applicable"
    assert results.estimate("infection_ratio.prediction").state == "reported"


# ---------------------------------------------------------------- counts


def test_mantel_haenszel_gives_the_printed_rate_ratio(ratios: Results) -> None:
    sent = two_groups(DOCTORS)
    results = ratios(sent, input="counts", interval="wald", main=MANTEL_HAENSZEL, beside=(EXACT,))
    # Log rate ratio 0.3539 [0.1776, 0.5303] at 90%; so its standard error is 0.10721.
    value, lower, upper = shown(results, "infection_ratio.pooled")
    assert math.log(value) == pytest.approx(0.3539, abs=5e-5)
    assert (math.log(upper) - math.log(lower)) / (2 * 1.959964) == pytest.approx((0.5303 - 0.1776) / (2 * 1.644854), abs=5e-5)
    assert results.quantity("infection_ratio.q").value == pytest.approx(10.4117, abs=5e-5)
    assert results.quantity("infection_ratio.tau_squared").state == "not_applicable"
    # tests/references/metafor_rare.json, exact_rates: smoking_doctors
    exact = [math.log(x) for x in shown(results, "infection_ratio.pooled_exact_conditional")]
    assert exact == pytest.approx([0.3545356, 0.1426429, 0.5751484], abs=1e-6)


def test_registries_without_events_stay_in_and_nothing_is_added(ratios: Results) -> None:
    rows = [(0, 240.0, 0, 260.0), (0, 300.0, 3, 310.0), (2, 900.0, 4, 880.0)]
    results = ratios(two_groups(rows), input="counts", interval="wald", main=MANTEL_HAENSZEL, beside=(EXACT, COMMON))
    assert results.count("infection_ratio.k").value == 3
    assert "sources_without_events" in codes(results, "infection_ratio.pooled")
    assert "zero_events_pooled" not in codes(results, "infection_ratio.pooled")
    assert "zero_events_pooled" in codes(results, "infection_ratio.pooled_common_wald")
    assert results.quantity("infection_ratio.r1.weight").value == 0


def test_where_all_events_lie_in_one_group_the_exact_interval_has_one_limit(ratios: Results) -> None:
    rows = [(0, 240.0, 2, 260.0), (0, 300.0, 3, 310.0)]
    results = ratios(two_groups(rows), input="counts", interval="wald", main=EXACT)
    value, lower, upper = shown(results, "infection_ratio.pooled")
    assert (value, lower) == (0, 0)
    assert 0 < upper < 2
    assert "no_events_in_one_group" in codes(results, "infection_ratio.pooled")


def test_without_any_event_nothing_is_combined_and_no_number_is_shown(ratios: Results) -> None:
    rows = [(0, 240.0, 0, 260.0), (0, 300.0, 0, 310.0)]
    results = ratios(two_groups(rows), input="counts", interval="wald", main=MANTEL_HAENSZEL, beside=(EXACT,))
    for suffix in ("", "_exact_conditional"):
        assert results.estimate(f"infection_ratio.pooled{suffix}").state == "not_estimable"
        assert "no_events" in codes(results, f"infection_ratio.pooled{suffix}")


# ---------------------------------------------------------------- credibility


def test_the_e_value_of_a_main_ratio_is_the_one_in_print(ratios: Results) -> None:
    # VanderWeele, Ding 2017: risk ratio 3.9 (1.8 to 8.7) has the E-values 7.2 and 3.0.
    sent = [{"estimate": 3.9, "ci_lower": 1.8, "ci_upper": 8.45}] * 2
    results = ratios(sent, main=COMMON, measure="risk_ratio")
    estimate = shown(results, "infection_ratio.pooled")
    assert results.quantity("infection_ratio.e_value").value == pytest.approx(7.2, abs=0.07)
    limit = results.quantity("infection_ratio.e_value_limit").value
    assert limit == pytest.approx(estimate[1] + math.sqrt(estimate[1] * (estimate[1] - 1)), rel=1e-12)
    assert codes(results, "infection_ratio.e_value") == []


def test_an_interval_with_no_effect_has_the_e_value_1_and_says_so(ratios: Results) -> None:
    results = ratios(RELAPSE_RATIOS, main=random("dl"), measure="hazard_ratio")
    assert results.quantity("infection_ratio.e_value_limit").value == 1
    assert codes(results, "infection_ratio.e_value_limit") == ["e_value_rare_outcome", "e_value_crosses_null"]


def test_only_main_ratio_analyses_have_e_values(ratios: Results, deaths: Results) -> None:
    assert "infection_ratio.e_value" not in ratios(RELAPSE_RATIOS, role="secondary")
    assert not [id for id in deaths([(3, 309), (13, 844)]) if "e_value" in id]


def test_tau_squared_has_its_q_profile_interval(deaths: Results) -> None:
    # metafor: confint(rma(measure = "PLO", method = "REML")) on the six cohorts.
    cohorts = [(3, 309), (13, 844), (12, 347), (4, 86), (6, 76), (2, 48)]
    results = deaths(cohorts, nature="published")
    limits = [results.quantity(f"deaths.tau_squared_{end}").value for end in ("lower", "upper")]
    assert limits == pytest.approx([0.0453, 3.5643], abs=5e-5)


def test_a_common_effect_has_no_interval_of_tau_squared(ratios: Results) -> None:
    results = ratios(RELAPSE_RATIOS, main=COMMON)
    assert results.quantity("infection_ratio.tau_squared_upper").state == "not_applicable"
