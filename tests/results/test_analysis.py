"""From deliveries to results: published examples come out, every result can be traced, and what cannot be estimated or combined
is said in its state and notes."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from studygen.aggregates.intake import load_deliveries
from studygen.network.network import Network
from studygen.results.analysis import analyse
from studygen.results.findings import ResultSet
from studygen.stats.methods import METHODS
from studygen.study.objectives import PoolingModel
from studygen.study.study import Study

GIVEN = Path(__file__).resolve().parents[1] / "bad_deliveries" / "_given"
NOTES = Path(__file__).resolve().parents[2] / "templates" / "shared" / "notes.yaml"

COVID_DEATHS = [(3, 309), (13, 844), (12, 347), (4, 86), (6, 76), (2, 48)]
RELAPSE_RATIOS = [
    {"estimate": 0.93, "ci_lower": 0.74, "ci_upper": 1.17},
    {"estimate": 0.66, "ci_lower": 0.59, "ci_upper": 0.74},
]
WALD = PoolingModel(model="random_effects", estimator="dl", interval="wald")
KNAPP = PoolingModel(model="random_effects", estimator="dl", interval="hartung_knapp")
COMMON = PoolingModel(model="common_effect")

Results = Callable[..., ResultSet]


def codes(results: ResultSet, id: str) -> list[str]:
    return [note.code for note in results[id].origin.notes]


def shown(results: ResultSet, id: str, factor: float = 1) -> list[float]:
    found = results.estimate(id)
    assert found.value is not None
    assert found.lower is not None
    assert found.upper is not None
    return [factor * x for x in (found.value, found.lower, found.upper)]


@pytest.fixture(scope="module")
def given(study: Study, network: Network) -> ResultSet:
    return analyse(study, network, load_deliveries(study, network, GIVEN / "small-pass"))


# ---------------------------------------------------------------- published examples


def test_covid_deaths_in_six_cohorts(deaths: Results) -> None:
    results = deaths(COVID_DEATHS, nature="published", beside=(WALD,))
    assert shown(results, "deaths.pooled", 100) == pytest.approx([3.0392, 1.6404, 5.5635], abs=6e-5)
    assert shown(results, "deaths.pooled_dl_wald", 100) == pytest.approx([3.0384, 1.6501, 5.5290], abs=6e-5)
    assert results.quantity("deaths.i_squared").value == pytest.approx(70.71, abs=5e-3)
    assert results.quantity("deaths.i_squared_dl_wald").value == pytest.approx(70.10, abs=5e-3)
    assert results.quantity("deaths.q").value == pytest.approx(16.7234, abs=5e-5)
    assert results.count("deaths.k").value == 6
    assert [results.count(f"deaths.total.{x}").value for x in ("events", "n")] == [40, 1710]


def test_relapse_rate_ratios_of_two_registries(ratios: Results) -> None:
    results = ratios(RELAPSE_RATIOS, main=WALD, beside=(COMMON, KNAPP))
    assert shown(results, "infection_ratio.pooled") == pytest.approx([0.7718, 0.5522, 1.0786], abs=6e-5)
    assert shown(results, "infection_ratio.pooled_common_wald") == pytest.approx([0.7060, 0.6378, 0.7814], abs=6e-5)
    assert shown(results, "infection_ratio.pooled_dl_hartung_knapp") == pytest.approx([0.7718, 0.0881, 6.7617], abs=6e-5)
    assert results.quantity("infection_ratio.i_squared").value == pytest.approx(85.55, abs=5e-3)
    assert results.quantity("infection_ratio.tau_squared").value == pytest.approx(0.0503, abs=5e-5)


def test_two_registries_are_too_few_for_hartung_knapp_and_the_result_says_so(ratios: Results) -> None:
    results = ratios(RELAPSE_RATIOS, main=WALD, beside=(KNAPP,))
    assert "two_sources_hartung_knapp" in codes(results, "infection_ratio.pooled_dl_hartung_knapp")
    assert "two_sources_hartung_knapp" not in codes(results, "infection_ratio.pooled")
    assert "few_sources" in codes(results, "infection_ratio.pooled")


# ---------------------------------------------------------------- tracing


def test_every_result_names_a_known_method_and_existing_inputs(given: ResultSet) -> None:
    for id, result in given.items():
        assert result.origin.method in METHODS, id
        assert set(result.origin.inputs) <= set(given), id


def test_every_note_has_its_sentence(given: ResultSet) -> None:
    sentences = YAML(typ="safe").load(NOTES.read_text(encoding="utf-8"))
    for result in given.values():
        for note in result.origin.notes:
            sentences[note.code].format_map(dict(note.values))


def test_a_pooled_result_leads_to_the_rows_of_each_registry(given: ResultSet) -> None:
    sources = given["infection_ratio.pooled"].origin.sources
    assert [(source.registry, source.rows) for source in sources] == [("dk_dmsr", (9, 10, 11)), ("se_smsreg", (2, 3, 4))]
    assert sources[0].file == "deliveries/dk_dmsr/aggregates.csv"
    assert len(sources[0].sha256) == 64


def test_results_come_in_the_same_order_every_time(study: Study, network: Network, given: ResultSet) -> None:
    again = analyse(study, network, load_deliveries(study, network, GIVEN / "small-pass"))
    assert list(again) == list(given)


# ---------------------------------------------------------------- who contributes


def test_a_registry_restricted_to_other_objectives_has_no_results_in_an_analysis(given: ResultSet) -> None:
    assert "infection_ratio.it_rism.estimate" not in given
    assert given.count("infection_ratio.k").value == 2
    assert given.count("deaths.it_rism.events").value == 13


def test_a_registry_that_has_not_delivered_yet_is_named(ratios: Results) -> None:
    results = ratios([*RELAPSE_RATIOS, None])
    assert results.count("infection_ratio.k").value == 2
    note = next(note for note in results["infection_ratio.pooled"].origin.notes if note.code == "not_delivered")
    assert note.values == (("registries", "R3"),)


def test_one_registry_alone_is_not_pooled(ratios: Results) -> None:
    results = ratios(RELAPSE_RATIOS[:1])
    pooled = results.estimate("infection_ratio.pooled")
    assert (pooled.value, pooled.state) == (None, "not_estimable")
    assert codes(results, "infection_ratio.pooled") == ["single_source"]
    assert results.quantity("infection_ratio.q").state == "not_estimable"
    assert results.count("infection_ratio.k").value == 1
    assert shown(results, "infection_ratio.r1.estimate") == [0.93, 0.74, 1.17]


def test_no_estimate_at_all_is_not_pooled(ratios: Results) -> None:
    results = ratios([{"estimate": "not_estimable"}, {"estimate": "not_collected"}])
    assert codes(results, "infection_ratio.pooled") == ["left_out", "no_source"]
    assert results.estimate("infection_ratio.r2.estimate").state == "not_collected"


def test_a_suppressed_count_stays_suppressed_and_in_the_pool(deaths: Results) -> None:
    results = deaths([("suppressed", 309), (13, 844), (12, 347)])
    assert results.count("deaths.r1.events").threshold == 5
    assert results.estimate("deaths.r1.estimate").state == "suppressed"
    assert results.count("deaths.k").value == 3
    assert results.estimate("deaths.pooled").state == "reported"
    note = next(note for note in results["deaths.pooled"].origin.notes if note.code == "masked_pooled")
    assert note.values == (("registries", "R1"), ("highest", "4"))
    assert "left_out" not in codes(results, "deaths.pooled")
    assert results.count("deaths.total.events").state == "suppressed"
    assert results.count("deaths.total.n").value == 1500


def test_a_suppressed_number_of_persons_stops_the_pool(deaths: Results) -> None:
    results = deaths([(3, "suppressed"), (13, 844), (12, 347)])
    assert results.estimate("deaths.pooled").state == "not_estimable"
    assert "suppressed_input" in codes(results, "deaths.pooled")


def test_a_registry_without_an_estimate_is_left_out_by_name(ratios: Results) -> None:
    results = ratios([*RELAPSE_RATIOS, {"estimate": "not_collected"}])
    assert results.count("infection_ratio.k").value == 2
    note = next(note for note in results["infection_ratio.pooled"].origin.notes if note.code == "left_out")
    assert note.values == (("registries", "R3"),)


# ---------------------------------------------------------------- zeros and edges


def test_a_registry_with_no_events_keeps_its_person_years_and_its_upper_limit(given: ResultSet) -> None:
    assert given.count("infection_rate.b.se_smsreg.events").value == 0
    assert given.quantity("infection_rate.b.se_smsreg.person_years").value == 240
    rate = given.estimate("infection_rate.b.se_smsreg.estimate")
    assert (rate.value, rate.lower) == (0, 0)
    assert rate.upper == pytest.approx(3.688879 / 240, rel=1e-6)
    assert "zero_events" in codes(given, "infection_rate.b.se_smsreg.estimate")


def test_a_pool_with_a_zero_says_that_half_an_event_was_added(deaths: Results) -> None:
    results = deaths([(0, 309), (13, 844), (12, 347)])
    note = next(note for note in results["deaths.pooled"].origin.notes if note.code == "zero_events_pooled")
    assert note.values == (("registries", "R1"),)


def test_a_wald_interval_of_nothing_is_left_empty(deaths: Results) -> None:
    estimate = deaths([(0, 309), (13, 844)], interval="wald").estimate("deaths.r1.estimate")
    assert (estimate.value, estimate.lower, estimate.upper, estimate.state) == (0, None, None, "reported")


def test_a_rate_without_person_years_is_not_estimable(deaths: Results) -> None:
    results = deaths([(0, 0), (13, 844), (9, 500)], measure="incidence_rate", interval="exact_poisson")
    assert results.estimate("deaths.r1.estimate").state == "not_estimable"
    assert codes(results, "deaths.r1.estimate") == ["nobody_at_risk"]


def test_a_ratio_from_counts(ratios: Results) -> None:
    sent = [
        {"a": {"events": 96, "person_years": 10000.5}, "b": {"events": 80, "person_years": 10400}},
        {"a": {"events": 0, "person_years": 240}, "b": {"events": 3, "person_years": 260}},
        {"a": {"events": 0, "person_years": 240}, "b": {"events": 0, "person_years": 260}},
    ]
    results = ratios(sent, input="counts", interval="wald")
    ratio = shown(results, "infection_ratio.r1.estimate")
    half = 1.959963984540054 * math.sqrt(1 / 96 + 1 / 80)
    value = (96 / 10000.5) / (80 / 10400)
    assert ratio == pytest.approx([value, value * math.exp(-half), value * math.exp(half)], rel=1e-10)
    assert codes(results, "infection_ratio.r2.estimate") == ["zero_events_corrected"]
    assert results.estimate("infection_ratio.r3.estimate").state == "not_estimable"
    assert codes(results, "infection_ratio.r3.estimate") == ["double_zero"]
    assert results.count("infection_ratio.k").value == 2


def test_a_standard_error_gives_a_wald_interval(ratios: Results) -> None:
    results = ratios([{"log_estimate": 0.27, "se": 0.15}, {"log_estimate": 0.1, "se": 0.2}])
    expected = [math.exp(0.27 + sign * 1.959963984540054 * 0.15) for sign in (0, -1, 1)]
    assert shown(results, "infection_ratio.r1.estimate") == pytest.approx(expected, rel=1e-10)


def test_a_lopsided_interval_is_pointed_out(ratios: Results) -> None:
    # A news summary's hazard ratio of 2.8 with limits 1.46 and 2.96, whose middle on the log scale is 2.08.
    results = ratios([{"estimate": 2.8, "ci_lower": 1.46, "ci_upper": 2.96}, *RELAPSE_RATIOS])
    assert codes(results, "infection_ratio.r1.estimate") == ["interval_asymmetric"]
    assert codes(results, "infection_ratio.r2.estimate") == []


def test_rounding_alone_does_not_make_an_interval_lopsided(ratios: Results) -> None:
    results = ratios([{"estimate": 1.0, "ci_lower": 0.2, "ci_upper": 5.4}, *RELAPSE_RATIOS])
    assert codes(results, "infection_ratio.r1.estimate") == []


def test_an_interval_without_width_is_shown_and_not_pooled(ratios: Results) -> None:
    results = ratios([{"estimate": 1.2, "ci_lower": 1.2, "ci_upper": 1.2}, *RELAPSE_RATIOS])
    assert codes(results, "infection_ratio.r1.estimate") == ["not_on_scale"]
    assert results.count("infection_ratio.k").value == 2


def test_published_small_counts_are_shown_with_a_note(deaths: Results) -> None:
    results = deaths(COVID_DEATHS, nature="published")
    assert results.count("deaths.r1.events").value == 3
    assert codes(results, "deaths.r1.events") == ["small_counts_published"]
    assert codes(results, "deaths.r2.events") == []


# ---------------------------------------------------------------- one registry left out, weights, prediction


def test_without_one_of_two_registries_the_other_stands_alone(ratios: Results) -> None:
    results = ratios(RELAPSE_RATIOS)
    assert shown(results, "infection_ratio.without_r1") == [0.66, 0.59, 0.74]
    assert codes(results, "infection_ratio.without_r1") == ["single_source_left"]


def test_without_one_of_three_the_other_two_are_pooled(ratios: Results) -> None:
    three = [*RELAPSE_RATIOS, {"estimate": 1.1, "ci_lower": 0.9, "ci_upper": 1.34}]
    results = ratios(three, main=WALD)
    two = ratios(RELAPSE_RATIOS, main=WALD)
    assert shown(results, "infection_ratio.without_r3") == pytest.approx(shown(two, "infection_ratio.pooled"), rel=1e-12)
    assert results["infection_ratio.without_r3"].origin.inputs == (
        "infection_ratio.r1.estimate",
        "infection_ratio.r2.estimate",
    )


def test_weights_add_up_to_100_percent(deaths: Results) -> None:
    results = deaths(COVID_DEATHS, nature="published")
    weights = [results.quantity(f"deaths.r{number}.weight").value or 0 for number in range(1, 7)]
    assert sum(weights) == pytest.approx(100)


def test_a_common_effect_has_no_variance_between_registries_and_no_prediction(ratios: Results) -> None:
    results = ratios(RELAPSE_RATIOS, main=COMMON)
    assert results.quantity("infection_ratio.tau_squared").state == "not_applicable"
    assert results.estimate("infection_ratio.prediction").state == "not_applicable"
    assert results.quantity("infection_ratio.i_squared").value == pytest.approx(85.55, abs=5e-3)


def test_equal_estimates_are_no_proof_and_no_problem(ratios: Results) -> None:
    results = ratios([RELAPSE_RATIOS[0]] * 3)
    assert results.quantity("infection_ratio.tau_squared").value == 0
    assert results.quantity("infection_ratio.i_squared").value == 0
    for result in results.values():
        number = getattr(result, "value", None)
        assert number is None or math.isfinite(number)


# ---------------------------------------------------------------- descriptive rows, groups, strata


def test_attrition_and_baseline_are_results(given: ResultSet) -> None:
    assert given.count("attrition.dk_dmsr.earlier_use.n").value == 4000
    assert given.count("baseline.a.dk_dmsr.sex.female.n").value == 1400
    assert given.count("baseline.a.dk_dmsr.persons.n").value == 2000


def test_groups_of_an_occurrence_analysis_stand_in_the_id(given: ResultSet) -> None:
    assert shown(given, "infection_rate.a.dk_dmsr.estimate", 1000)[0] == pytest.approx(9.5995, abs=5e-5)
    assert given.estimate("infection_rate.a.dk_dmsr.estimate").per == 1000
    assert given.count("infection_rate.a.total.events").value == 216


def test_a_sum_that_lacks_a_registry_says_so(given: ResultSet) -> None:
    assert given.count("infection_rate.a.total.n").value == 2000
    assert codes(given, "infection_rate.a.total.n") == ["not_in_sum"]


def test_subgroups_have_their_own_results(given: ResultSet) -> None:
    assert shown(given, "infection_by_sex.sex=female.se_smsreg.estimate") == [1.05, 0.80, 1.38]
    assert given.estimate("infection_by_sex.sex=male.dk_dmsr.estimate").state == "not_estimable"
    assert given.estimate("infection_by_sex.sex=male.se_smsreg.estimate").state == "not_collected"
