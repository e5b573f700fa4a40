"""Mixed models agree with metafor's rma.glmm (lme4) to 1e-3, and to 1e-5 with the same likelihoods integrated in base R.

Known divergences, shown below: lme4's numerical Hessian, and so rma.glmm's standard error, is off for the COVID-19 deaths
(0.2654; R's numDeriv on the integrated likelihood and we give 0.3000); rma.glmm's UM.RS stops short of the maximum for both
sparse sets, where the variances are zero and the answer is a closed form; its Laplace approximation needs `points=1` to be
met."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from studygen.stats import mixed_models as m
from studygen.stats.exact_conditional import exact_rate_ratio, odds_sources, rate_sources
from studygen.stats.partial_counts import CountRange, PartialCounts, partial_counts
from studygen.stats.quadrature import integrate
from studygen.stats.two_arms import two_arms

REFERENCE = json.loads((Path(__file__).resolve().parents[1] / "references" / "metafor_rare.json").read_text(encoding="utf-8"))
MIXED = REFERENCE["mixed"]
GLMM = 1e-3


def groups(kind: str, name: str) -> tuple[PartialCounts, PartialCounts]:
    if kind == "IRR":
        d = REFERENCE["person_time"][name]
        return partial_counts(d["events1"], d["py1"], "poisson"), partial_counts(d["events2"], d["py2"], "poisson")
    d = REFERENCE["two_by_two"][name]
    return partial_counts(d["events1"], d["n1"], "binomial"), partial_counts(d["events2"], d["n2"], "binomial")


def numbers(fit: m.MixedFit) -> list[float]:
    return [fit.fit.estimate, fit.fit.se, fit.fit.lower, fit.fit.upper, fit.tau_squared]


def theirs(fit: dict[str, Any]) -> list[float]:
    return [fit[x] for x in ("estimate", "se", "ci_lower", "ci_upper", "tau2")]


@pytest.mark.parametrize("name", sorted(MIXED["IRLN"]))
def test_single_rates_are_those_of_rma_glmm(name: str) -> None:
    d = MIXED["IRLN"][name]
    fit = m.mixed_single_group(partial_counts(d["xi"], d["ti"], "poisson"))
    assert numbers(fit) == pytest.approx(theirs(d), abs=GLMM)
    assert fit.converged


def test_single_proportions_are_those_of_rma_glmm() -> None:
    d = MIXED["PLO"]["zeros"]
    assert numbers(m.mixed_single_group(partial_counts(d["xi"], d["ni"], "binomial"))) == pytest.approx(theirs(d), abs=GLMM)


def test_the_covid_deaths_have_the_standard_error_of_the_integrated_likelihood() -> None:
    d, exact = MIXED["PLO"]["covid_deaths"], REFERENCE["integrated"]["PLO_covid_deaths"]
    fit = m.mixed_single_group(partial_counts(d["xi"], d["ni"], "binomial"))
    assert [fit.fit.estimate, fit.tau_squared] == pytest.approx([d["estimate"], d["tau2"]], abs=GLMM)
    assert fit.fit.se == pytest.approx(exact["se"], rel=1e-5)
    assert abs(d["se"] - exact["se"]) > 0.03


@pytest.mark.parametrize("name", sorted(REFERENCE["integrated"]))
def test_the_likelihood_is_that_of_an_adaptive_integral(name: str) -> None:
    expected = REFERENCE["integrated"][name]
    measure, _, case = name.partition("_")
    if case == "masked":
        counts: list[Any] = [CountRange(a, b) for a, b in zip(expected["low"], expected["high"], strict=True)]
        fit = m.mixed_single_group(partial_counts(counts, expected["ti"], "poisson"))
        assert "counts_masked" in fit.fit.notes
    elif measure == "IRLN":
        fit = m.mixed_single_group(partial_counts(MIXED[measure][case]["xi"], MIXED[measure][case]["ti"], "poisson"))
    else:
        fit = m.mixed_single_group(partial_counts(MIXED[measure][case]["xi"], MIXED[measure][case]["ni"], "binomial"))
    assert fit.log_likelihood == pytest.approx(expected["log_likelihood"], abs=1e-6)
    found, wanted = [fit.fit.estimate, fit.fit.se, fit.tau_squared], [expected[x] for x in ("estimate", "se", "tau2")]
    assert found == pytest.approx(wanted, rel=1e-5)


@pytest.mark.parametrize(("kind", "name"), [(kind, name) for kind in ("IRR", "OR") for name in sorted(MIXED[f"{kind}_fixed"])])
def test_fixed_baselines_are_um_fs(kind: str, name: str) -> None:
    fit = m.mixed_two_groups(*groups(kind, name))
    assert numbers(fit) == pytest.approx(theirs(MIXED[f"{kind}_fixed"][name]), abs=GLMM)
    assert fit.converged


@pytest.mark.parametrize(("kind", "name"), [("IRR", "smoking_doctors"), ("IRR", "uneven"), ("OR", "bcg"), ("OR", "uneven")])
def test_random_baselines_with_one_point_are_um_rs(kind: str, name: str) -> None:
    expected = MIXED[f"{kind}_random"][name]
    fit = m.mixed_two_groups(*groups(kind, name), baseline="random", points=1)
    found, wanted = [fit.fit.estimate, fit.fit.se, fit.tau_squared], [expected[x] for x in ("estimate", "se", "tau2")]
    assert found == pytest.approx(wanted, abs=GLMM)
    assert fit.sigma_squared == pytest.approx(expected["sigma2"], rel=GLMM)


@pytest.mark.parametrize("kind", ["IRR", "OR"])
def test_random_baselines_that_do_not_vary_give_the_crude_ratio(kind: str) -> None:
    one, two = groups(kind, "sparse")
    fit = m.mixed_two_groups(one, two, baseline="random")
    a, c, n1, n2 = one.low.sum(), two.low.sum(), one.size.sum(), two.size.sum()
    crude = math.log(a / n1 / (c / n2)) if kind == "IRR" else math.log(a * (n2 - c) / (c * (n1 - a)))
    assert fit.fit.estimate == pytest.approx(crude, abs=1e-5)
    assert fit.tau_squared == 0
    assert fit.sigma_squared == pytest.approx(0, abs=1e-6)


@pytest.mark.parametrize("name", sorted(MIXED["IRR_conditional"]))
def test_conditional_rate_ratios_are_cm_el(name: str) -> None:
    d = REFERENCE["person_time"][name]
    fit = m.mixed_conditional(rate_sources(two_arms(d["events1"], d["py1"], d["events2"], d["py2"], persons=False)))
    assert numbers(fit) == pytest.approx(theirs(MIXED["IRR_conditional"][name]), abs=GLMM)


@pytest.mark.parametrize("name", sorted(MIXED["OR_conditional"]))
def test_conditional_odds_ratios_are_cm_el(name: str) -> None:
    d = REFERENCE["two_by_two"][name]
    fit = m.mixed_conditional(odds_sources(two_arms(d["events1"], d["n1"], d["events2"], d["n2"], persons=True)))
    assert numbers(fit) == pytest.approx(theirs(MIXED["OR_conditional"][name]), abs=GLMM)


def test_without_variance_between_sources_the_conditional_model_is_the_exact_pool() -> None:
    data = two_arms([3, 5, 0], [900, 800, 300], [1, 2, 1], [700, 900, 350], persons=False)
    exact = exact_rate_ratio(data)
    fit = m.mixed_conditional(rate_sources(data), random=False)
    assert [fit.fit.estimate, fit.fit.se] == pytest.approx([exact.estimate, exact.se], abs=1e-7)
    fixed = m.mixed_two_groups(
        partial_counts([3, 5, 0], [900, 800, 300], "poisson"), partial_counts([1, 2, 1], [700, 900, 350], "poisson"), random=False
    )
    assert [fixed.fit.estimate, fixed.fit.se] == pytest.approx([exact.estimate, exact.se], abs=1e-5)


def test_sources_alike_have_no_variance_between_them_and_a_note() -> None:
    fit = m.mixed_single_group(partial_counts([4, 4, 4], [1000, 1000, 1000], "poisson"))
    assert fit.tau_squared == 0
    assert fit.fit.notes == ("tau_squared_zero",)
    assert fit.fit.estimate == pytest.approx(math.log(0.004), abs=1e-7)
    assert fit.fit.se == pytest.approx(1 / math.sqrt(12), abs=1e-6)
    t_with_one_degree_of_freedom = 12.7062  # printed tables
    assert fit.prediction_upper - fit.fit.estimate == pytest.approx(t_with_one_degree_of_freedom / math.sqrt(12), abs=1e-4)
    assert fit.fit.estimate - fit.prediction_lower == pytest.approx(t_with_one_degree_of_freedom / math.sqrt(12), abs=1e-4)


def test_one_source_is_itself() -> None:
    fit = m.mixed_single_group(partial_counts([4], [1000], "poisson"))
    assert fit.fit.estimate == pytest.approx(math.log(0.004), abs=1e-7)
    assert fit.fit.notes == ("one_source", "tau_squared_not_estimable")


def test_no_events_at_all_are_a_note_not_a_number() -> None:
    zero = partial_counts([0, 0], [100, 200], "poisson")
    for fit in (
        m.mixed_single_group(zero),
        m.mixed_two_groups(zero, zero),
        m.mixed_two_groups(zero, zero, baseline="random"),
        m.mixed_conditional(rate_sources(two_arms([0, 0], [1, 2], [0, 0], [3, 4], persons=False))),
    ):
        assert math.isnan(fit.fit.estimate)
        assert fit.fit.notes == ("no_events",)
        assert not fit.converged


def test_no_events_in_one_group_are_infinite_with_a_note() -> None:
    zero, some = partial_counts([0, 0], [100, 200], "poisson"), partial_counts([3, 1], [100, 200], "poisson")
    assert m.mixed_two_groups(zero, some).fit.estimate == -math.inf
    assert m.mixed_two_groups(some, zero).fit.estimate == math.inf
    assert "at_boundary" in m.mixed_two_groups(zero, some).fit.notes
    assert m.mixed_conditional(rate_sources(two_arms([0], [1], [2], [3], persons=False))).fit.estimate == -math.inf


def test_a_search_that_does_not_settle_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(m, "GRADIENT_TOLERANCE", 0.0)
    fit = m.mixed_single_group(partial_counts([4, 0, 3, 9], [900, 800, 700, 600], "poisson"))
    assert not fit.converged
    assert "not_converged" in fit.fit.notes
    assert math.isfinite(fit.fit.estimate)


def test_a_masked_count_is_not_a_zero() -> None:
    at_zero = m.mixed_single_group(partial_counts([5, 0, 7], [900, 800, 1100], "poisson"), random=False)
    at_mask = m.mixed_single_group(partial_counts([5, CountRange(1, 4), 7], [900, 800, 1100], "poisson"), random=False)
    assert at_mask.fit.estimate > at_zero.fit.estimate


def test_the_order_of_registries_does_not_matter() -> None:
    x, t = [4, 0, 3, 0, 1, 9], [2400, 800, 1500, 620, 930, 1800]
    one = m.mixed_single_group(partial_counts(x, t, "poisson"))
    other = m.mixed_single_group(partial_counts(x[::-1], t[::-1], "poisson"))
    assert numbers(one) == pytest.approx(numbers(other), abs=1e-5)


def test_the_unit_of_person_time_shifts_a_log_rate_and_nothing_else() -> None:
    x, t = [4, 0, 3, 0, 1, 9], np.array([2400, 800, 1500, 620, 930, 1800])
    years = m.mixed_single_group(partial_counts(x, t, "poisson"))
    days = m.mixed_single_group(partial_counts(x, 365.25 * t, "poisson"))
    assert days.fit.estimate == pytest.approx(years.fit.estimate - math.log(365.25), abs=1e-5)
    assert [days.fit.se, days.tau_squared] == pytest.approx([years.fit.se, years.tau_squared], abs=1e-5)


def test_quadrature_integrates_a_poisson_probability() -> None:
    # X Poisson with mean exp(u), u standard normal: R integrate(function(u) exp(-exp(u)) * dnorm(u), -Inf, Inf)
    zero = partial_counts([0], [1.0], "poisson")
    assert math.exp(integrate(zero.log_likelihood, 1, 1.0).log_likelihood[0]) == pytest.approx(0.3817564648, rel=1e-9)


@pytest.mark.parametrize(
    ("counts", "size", "message"),
    [([1, 2], [10.0], "same length"), ([1], [0.0], "finite and positive"), ([11], [10.0], "more events than persons")],
)
def test_impossible_counts_are_refused(counts: list[int], size: list[float], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        partial_counts(counts, size, "binomial")
