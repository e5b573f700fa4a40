"""Effects from counts agree with metafor's escalc, exact and score intervals with R's poisson.test, binom.test and prop.test, to
1e-10 (quantile functions 1e-9); intervals that are in print are met to their printed digits."""

from __future__ import annotations

import csv
import json
import math
from pathlib import Path

import pytest

from studygen.stats import continuous as c
from studygen.stats import effects as e
from studygen.stats import occurrence
from studygen.stats import variance_stabilised as s
from studygen.stats.measures import MEASURES, ScaledEffect, column_sets, effect_of

REFERENCES = Path(__file__).resolve().parents[1] / "references"
REFERENCE = json.loads((REFERENCES / "metafor.json").read_text(encoding="utf-8"))
FIVE_NUMBERS = list(csv.DictReader((REFERENCES / "five_numbers.csv").read_text(encoding="utf-8").splitlines()))

EFFECTS: dict[str, ScaledEffect] = {
    "RR": e.log_risk_ratio(12, 140, 20, 150),
    "RR_zero": e.log_risk_ratio(0, 140, 20, 150),
    "OR": e.log_odds_ratio(12, 140, 20, 150),
    "OR_zero": e.log_odds_ratio(12, 140, 0, 150),
    "RD": e.risk_difference(12, 140, 20, 150),
    "RD_zero": e.risk_difference(0, 140, 20, 150),
    "IRR": e.log_rate_ratio(96, 10000.5, 80, 10400),
    "IRR_zero": e.log_rate_ratio(0, 240, 80, 10400),
    "IRD": e.rate_difference(96, 10000.5, 80, 10400),
    "IRD_zero": e.rate_difference(0, 240, 80, 10400),
    "IRLN": e.log_rate(96, 10000.5),
    "IRLN_zero": e.log_rate(0, 240),
    "IR": e.plain_rate(96, 10000.5),
    "PLO": e.logit_proportion(13, 844),
    "PLO_zero": e.logit_proportion(0, 48),
    "PLN": e.log_proportion(13, 844),
    "PR": e.plain_proportion(13, 844),
    "MN": e.mean_effect(3.2, 1.1, 50),
    "MD": e.mean_difference(3.2, 1.1, 50, 2.7, 1.4, 61),
    "SMR": e.log_standardised_ratio(17, 9.4),
    "SMR_zero": e.log_standardised_ratio(0, 9.4),
    "PLN_all": e.log_proportion(48, 48),
    "PAS": s.arcsine_proportion(13, 844),
    "PAS_zero": s.arcsine_proportion(0, 48),
    "PFT": s.freeman_tukey_proportion(13, 844),
    "PFT_zero": s.freeman_tukey_proportion(0, 48),
    "IRS": s.square_root_rate(96, 10000.5),
    "SMD": c.standardised_mean_difference(3.2, 1.1, 50, 2.7, 1.4, 61),
    "SMD_small": c.standardised_mean_difference(3.2, 1.1, 3, 2.7, 1.4, 4),
    "ROM": c.log_ratio_of_means(3.2, 1.1, 50, 2.7, 1.4, 61),
    "ROM_negative": c.log_ratio_of_means(-3.2, 1.1, 50, -2.7, 1.4, 61),
    "OR_double_zero": e.log_odds_ratio(0, 140, 0, 150),
    "RR_double_zero": e.log_risk_ratio(0, 140, 0, 150),
}


def test_every_reference_effect_is_tested() -> None:
    assert set(EFFECTS) == set(REFERENCE["effects"])


@pytest.mark.parametrize("measure", sorted(EFFECTS))
def test_an_effect_from_counts_is_that_of_escalc(measure: str) -> None:
    expected = REFERENCE["effects"][measure]
    assert EFFECTS[measure].value == pytest.approx(expected["yi"], rel=1e-10, abs=1e-15)
    assert EFFECTS[measure].variance == pytest.approx(expected["vi"], rel=1e-10)


def test_exact_poisson_intervals_are_those_of_r() -> None:
    for case in REFERENCE["occurrence"]["poisson"]:
        _, lower, upper = occurrence.exact_poisson(int(case["events"]), 1000.0)
        assert [lower, upper] == pytest.approx(case["ci"], rel=1e-9)


def test_clopper_pearson_intervals_are_those_of_r() -> None:
    for case in REFERENCE["occurrence"]["clopper_pearson"]:
        _, lower, upper = occurrence.clopper_pearson(int(case["events"]), 48)
        assert [lower, upper] == pytest.approx(case["ci"], rel=1e-9)


def test_wilson_intervals_are_those_of_r() -> None:
    for case in REFERENCE["occurrence"]["wilson"]:
        _, lower, upper = occurrence.wilson(int(case["events"]), 48)
        assert [lower, upper] == pytest.approx(case["ci"], rel=1e-10, abs=1e-15)


@pytest.mark.parametrize(
    ("rate", "lower", "upper", "person_years", "events"),
    [(34.4, 23.7, 48.3, 9593, 33), (26.0, 15.1, 41.6, 6538, 17)],
    ids=["rituximab", "natalizumab"],
)
def test_swedish_cancer_rates_per_10_000_person_years(
    rate: float, lower: float, upper: float, person_years: float, events: int
) -> None:
    # Alping 2020, doi 10.1002/ana.25701, with exact Poisson intervals
    shown = [10_000 * x for x in occurrence.exact_poisson(events, person_years)]
    assert shown == pytest.approx([rate, lower, upper], abs=0.06)


def test_the_natalizumab_pml_rate_in_print_has_a_wald_interval() -> None:
    # Butzkueven 2020, doi 10.1136/jnnp-2019-322326: 2.034 (1.554-2.662) per 1000 person-years, 53 events in 26 060.25
    shown = [1000 * x for x in occurrence.wald_log_rate(53, 26060.25)]
    assert shown == pytest.approx([2.034, 1.554, 2.662], abs=5.5e-4)
    exact = [1000 * x for x in occurrence.exact_poisson(53, 26060.25)]
    assert exact == pytest.approx([2.034, 1.523, 2.660], abs=5.5e-4)


def test_a_wald_interval_without_events_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one event"):
        occurrence.wald_log_rate(0, 100)
    with pytest.raises(ValueError, match="both events and persons"):
        occurrence.wald_logit_proportion(48, 48)


def test_an_effect_read_from_an_interval_gives_the_interval_back() -> None:
    effect = e.effect_from_interval(e.LogEffect, 0.74, 1.17, math.sqrt(0.74 * 1.17))
    assert e.interval_of(effect) == pytest.approx((0.74, 1.17), rel=1e-12)


def test_another_confidence_level_is_taken_into_account() -> None:
    at_95 = e.effect_from_interval(e.LogEffect, 0.74, 1.17, 0.93, level=0.95)
    at_90 = e.effect_from_interval(e.LogEffect, 0.74, 1.17, 0.93, level=0.90)
    assert math.sqrt(at_90.variance / at_95.variance) == pytest.approx(1.959964 / 1.644854, rel=1e-6)


def test_a_logit_far_out_does_not_overflow() -> None:
    assert e.LogitEffect.natural(800.0) == 1.0
    assert e.LogitEffect.natural(-800.0) == 0.0


@pytest.mark.parametrize(("measure", "reference"), [("PFT", "PFT_20"), ("PAS", "PAS"), ("PLO", "PLO"), ("IRS", "IRS")])
def test_the_way_back_to_the_natural_scale_is_that_of_metafor(measure: str, reference: str) -> None:
    back = REFERENCE["back"]
    size = s.harmonic_mean([10, 20, 40, 80])
    assert size == pytest.approx(back["harmonic_mean"])
    found = [MEASURES[measure].natural(x, size) for x in back["x"]]
    assert found == pytest.approx(back[reference], rel=1e-10, abs=1e-15)


@pytest.mark.parametrize(("events", "n"), [(0, 10), (4, 10), (9, 15), (16, 20), (20, 20), (1, 844)])
def test_a_single_proportion_comes_back_from_the_double_arcsine(events: int, n: int) -> None:
    effect = s.freeman_tukey_proportion(events, n)
    assert s.miller_inverse(effect.value, n) == pytest.approx(events / n, abs=1e-12)


def test_a_way_back_beyond_the_largest_number_is_infinite() -> None:
    assert MEASURES["OR"].natural(1000.0) == math.inf


def test_tables_without_any_event_are_recognised() -> None:
    assert e.is_double_zero(0, 140, 0, 150)
    assert e.is_double_zero(140, 140, 150, 150)
    assert not e.is_double_zero(0, 140, 1, 150)


@pytest.mark.parametrize("measure", sorted(MEASURES))
def test_every_measure_takes_estimates_of_the_analysis(measure: str) -> None:
    assert column_sets(measure)[-1] == ("yi", "vi")
    effect = effect_of(measure, {"yi": 0.3, "vi": 0.04})
    assert (effect.value, effect.variance) == (0.3, 0.04)


def test_a_measure_is_made_from_the_columns_at_hand() -> None:
    counts = effect_of("RR", {"events1": 12, "n1": 140, "events2": 20, "n2": 150})
    assert counts == e.log_risk_ratio(12, 140, 20, 150)
    printed = effect_of("HR", {"estimate": 0.93, "ci_lower": 0.74, "ci_upper": 1.17})
    assert printed == e.effect_from_interval(e.LogEffect, 0.74, 1.17, 0.93)


def test_missing_columns_are_named() -> None:
    with pytest.raises(ValueError, match="events1, n1, events2, n2 or estimate, ci_lower, ci_upper or yi, vi"):
        effect_of("OR", {"events1": 12, "n1": 140})


def test_means_behind_medians_in_print() -> None:
    # Documentation of R's metaBLUE: minimum 1, median 4, maximum 10 of 30 persons (Luo.mean and Wan.std, type S1)
    found = c.mean_sd_from_range(1, 4, 10, 30)
    assert found.mean == pytest.approx(4.356748, abs=5e-7)
    assert found.sd == pytest.approx(2.205578, abs=5e-7)


@pytest.mark.parametrize("row", FIVE_NUMBERS, ids=lambda row: f"{row['kind']} of {row['n']}")
def test_means_behind_medians_quartiles_and_ranges_are_those_of_r(row: dict[str, str]) -> None:
    given = {name: float(row[name]) for name in ("minimum", "q1", "median", "q3", "maximum", "n")}
    ways = {
        "range": (c.mean_sd_from_range, ("minimum", "median", "maximum", "n")),
        "quartiles": (c.mean_sd_from_quartiles, ("q1", "median", "q3", "n")),
        "five": (c.mean_sd_from_five_numbers, ("minimum", "q1", "median", "q3", "maximum", "n")),
    }
    way, names = ways[row["kind"]]
    found = way(*(given[name] for name in names))
    assert (found.mean, found.sd) == pytest.approx((float(row["mean"]), float(row["sd"])), rel=1e-10)


def test_quantiles_of_a_normal_sample_give_its_mean_and_standard_deviation_back() -> None:
    # Expected order statistics of 10 000 standard normal values: quartiles ±0.67449, extremes about ±3.85
    for found in (
        c.mean_sd_from_quartiles(-0.67449, 0, 0.67449, 10_000),
        c.mean_sd_from_five_numbers(-3.85, -0.67449, 0, 0.67449, 3.85, 10_000),
    ):
        assert found.mean == pytest.approx(0, abs=1e-12)
        assert found.sd == pytest.approx(1, abs=2e-3)


def test_effects_from_means_that_do_not_exist_are_refused() -> None:
    with pytest.raises(ValueError, match="same sign"):
        c.log_ratio_of_means(1, 1, 10, -1, 1, 10)
    with pytest.raises(ValueError, match="above zero"):
        c.standardised_mean_difference(1, 0, 10, 2, 0, 10)
    with pytest.raises(ValueError, match="at least four"):
        c.standardised_mean_difference(1, 1, 1, 2, 1, 2)
