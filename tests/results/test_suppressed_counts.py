"""Suppressed counts in a pool: they enter as what they can be, and what comes out holds whatever they are."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from studygen.results.findings import ResultSet
from studygen.study.objectives import PoolingModel

Results = Callable[..., ResultSet]

COMMON = PoolingModel(model="common_effect")
RANDOM = PoolingModel(model="random_effects", estimator="reml")
KNAPP = PoolingModel(model="random_effects", estimator="dl", interval="hartung_knapp")
BAYESIAN = PoolingModel(model="bayesian", prior_scale=0.5)
MANTEL_HAENSZEL = PoolingModel(model="mantel_haenszel")
EXACT = PoolingModel(model="exact_conditional")
OTHERS = [(13.0, 844.0), (12.0, 347.0), (0.0, 90.0)]


def value(results: ResultSet, id: str) -> float:
    found = results.estimate(id).value
    assert found is not None
    return found


def contrast(first: float | str, second: float | str, below: str) -> list[dict[str, dict[str, float | str]]]:
    rows = [(first, 500.0, second, 480.0), (9.0, 1200.0, 14.0, 1150.0), (7.0, 800.0, 6.0, 820.0)]
    return [{"a": {"events": a, below: m}, "b": {"events": c, below: n}} for a, m, c, n in rows]


@pytest.mark.parametrize("measure", ["proportion", "incidence_rate"])
@pytest.mark.parametrize("main", [COMMON, RANDOM, KNAPP])
def test_the_result_with_the_true_count_lies_between_the_extremes(deaths: Results, measure: str, main: PoolingModel) -> None:
    interval = "exact_poisson" if measure == "incidence_rate" else "wilson"
    more = {"measure": measure, "main": main, "nature": "published", "interval": interval}
    masked = deaths([("suppressed", 309), *OTHERS], **more)
    low, high = value(masked, "deaths.lowest"), value(masked, "deaths.highest")
    assert low < high
    for truth in (1, 2, 3, 4):
        assert low * (1 - 1e-9) <= value(deaths([(truth, 309), *OTHERS], **more), "deaths.pooled") <= high * (1 + 1e-9)


@pytest.mark.parametrize(
    ("measure", "main"),
    [
        ("incidence_rate_ratio", RANDOM),
        ("incidence_rate_ratio", MANTEL_HAENSZEL),
        ("incidence_rate_ratio", EXACT),
        ("relapse_rate_ratio", BAYESIAN),
        ("risk_ratio", COMMON),
        ("odds_ratio", KNAPP),
        ("odds_ratio", EXACT),
    ],
)
def test_so_does_a_ratio_of_which_both_counts_are_suppressed(ratios: Results, measure: str, main: PoolingModel) -> None:
    below = "person_years" if measure.endswith("rate_ratio") else "n"
    more = {"measure": measure, "main": main, "input": "counts", "interval": "wald", "nature": "published"}
    masked = ratios(contrast("suppressed", "suppressed", below), **more)
    low, high = value(masked, "infection_ratio.lowest"), value(masked, "infection_ratio.highest")
    likely = masked.estimate("infection_ratio.pooled")
    assert likely.value is not None
    assert likely.lower is not None
    assert likely.upper is not None
    assert likely.lower < likely.value < likely.upper
    for truth in ((1, 1), (1, 4), (4, 1), (2, 3)):
        revealed = value(ratios(contrast(*truth, below), **more), "infection_ratio.pooled")
        assert low * (1 - 1e-9) <= revealed <= high * (1 + 1e-9)
        assert likely.lower < revealed < likely.upper


def test_with_the_counts_revealed_the_common_likelihood_is_the_sum_of_the_counts(deaths: Results) -> None:
    # One rate from all registries is events over person-years; a masked count between 1 and 4 moves it by as much as it can.
    results = deaths([("suppressed", 309), *OTHERS], measure="incidence_rate", main=COMMON, interval="exact_poisson")
    person_years = 309 + sum(below for _, below in OTHERS)
    assert 26 / person_years < value(results, "deaths.pooled") < 29 / person_years


def test_what_needs_every_count_is_not_estimable_and_names_the_registry(deaths: Results) -> None:
    results = deaths([("suppressed", 309), *OTHERS], main=RANDOM, beside=(COMMON,), leave_one_out=True)
    for id in ("deaths.pooled_common_wald", "deaths.without_r2"):
        assert results.estimate(id).state == "not_estimable"
        assert [note.values for note in results[id].origin.notes] == [(("registries", "R1"),)]
    for id in ("deaths.q", "deaths.i_squared", "deaths.r1.weight"):
        assert results.quantity(id).state == "not_estimable"
    assert results.quantity("deaths.tau_squared").state == "reported"


def test_a_difference_cannot_take_a_suppressed_count(ratios: Results) -> None:
    sent = contrast("suppressed", 3.0, "n")
    results = ratios(sent, measure="risk_difference", main=COMMON, input="counts", interval="wald")
    assert results.estimate("infection_ratio.pooled").state == "not_estimable"
    assert [note.code for note in results["infection_ratio.pooled"].origin.notes][-1] == "suppressed_input"


def test_a_single_registry_is_not_combined_whatever_is_suppressed(deaths: Results) -> None:
    results = deaths([("suppressed", 309)])
    assert [note.code for note in results["deaths.pooled"].origin.notes] == ["single_source"]
