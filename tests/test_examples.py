"""The example studies: they load, their deliveries fit them, and their results are the published numbers."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import BaseModel

from studygen.definition import Prose
from studygen.pipeline.loading import Loaded, load
from studygen.results.findings import Estimate

PROTOCOLS = Path(__file__).resolve().parents[1] / "protocols"
EXAMPLES = ["cladribine-s1p-pass", "covid19-mortality-ms", "natalizumab-fingolimod-paes"]


@pytest.fixture(scope="module", params=EXAMPLES)
def example(request: pytest.FixtureRequest) -> Loaded:
    return load(PROTOCOLS / request.param)


@pytest.fixture(scope="module")
def paes() -> Loaded:
    return load(PROTOCOLS / "natalizumab-fingolimod-paes")


@pytest.fixture(scope="module")
def covid() -> Loaded:
    return load(PROTOCOLS / "covid19-mortality-ms")


def shown(estimate: Estimate, times: float = 1.0) -> tuple[float | None, ...]:
    """Estimate and limits, as multiples, to two decimals."""
    return tuple(None if x is None else round(x * times, 2) for x in (estimate.value, estimate.lower, estimate.upper))


def estimate(loaded: Loaded, id: str) -> Estimate:
    assert loaded.results is not None
    return loaded.results.estimate(id)


def narrative(part: object) -> Iterator[Prose]:
    """Every narrative text of a definition."""
    if isinstance(part, Prose):
        yield part
    elif isinstance(part, BaseModel):
        for name in type(part).model_fields:
            yield from narrative(getattr(part, name))
    elif isinstance(part, tuple):
        for item in part:
            yield from narrative(item)


# ------------------------------------------------------------------ every example


def test_the_examples_are_the_studies_there_are() -> None:
    assert sorted(file.parent.name for file in PROTOCOLS.glob("*/study.yaml")) == EXAMPLES


def test_an_example_says_that_it_is_one(example: Loaded) -> None:
    assert example.study.illustrative is not None
    assert "illustrative example" in example.study.illustrative


def test_every_reference_is_cited_and_every_citation_has_a_reference(example: Loaded) -> None:
    keys = {entry["id"] for entry in json.loads((example.places.study / "references.json").read_text(encoding="utf-8"))}
    calls = [call for text in narrative(example.study) for call in re.findall(r"cite\(([^)]*)\)", text)]
    assert {key for call in calls for key in re.findall(r'"([^"]+)"', call)} == keys


def test_long_narrative_has_one_sentence_per_line(example: Loaded) -> None:
    ends = re.compile(r"[a-z)]\. [A-Z]")
    for file in sorted((example.places.study / "text").glob("*.md")):
        for line in file.read_text(encoding="utf-8").splitlines():
            assert not ends.search(line), f"{file.name}: {line}"


def test_printed_prose_has_typographic_apostrophes(example: Loaded) -> None:
    straight = re.compile(r"\w'\w")
    for text in narrative(example.study):
        assert not straight.search(re.sub(r"\{\{.*?\}\}", "", text)), text
    for profile in example.network.registries:
        for fact in profile.facts.values():
            assert not straight.search(fact.value), fact.value


def test_every_text_file_is_used(example: Loaded) -> None:
    definition = (example.places.study / "study.yaml").read_text(encoding="utf-8")
    for file in (example.places.study / "text").glob("*.md"):
        assert f"text/{file.name}" in definition


def test_published_deliveries_name_their_source(example: Loaded) -> None:
    for delivery in example.deliveries.values():
        assert delivery.manifest.nature == "published"
        assert delivery.manifest.source is not None
        assert delivery.manifest.source.doi


# ------------------------------------------------------------------ the planned safety study


def test_the_planned_study_invites_six_registries_and_holds_no_result() -> None:
    loaded = load(PROTOCOLS / "cladribine-s1p-pass")
    assert [x.decision for x in loaded.study.participation] == ["pending"] * 6
    assert loaded.results is None
    assert loaded.study.documents.report is None


def test_the_planned_study_expects_the_events_of_its_assumptions() -> None:
    # 4000 persons x 3.5 and 8.0 per 1000 person-years (../shared/domain.md 3.1), x 5 years (6 less the lag) and x 2.5 years
    # (effect window of 730 days after the last course, end at a switch).
    loaded = load(PROTOCOLS / "cladribine-s1p-pass")
    scenarios = loaded.study.study_size.scenarios
    assert isinstance(scenarios, tuple)
    expected = [x.persons_comparator * x.mean_follow_up_years * x.rate_comparator_per_1000 / 1000 for x in scenarios]
    assert expected == pytest.approx([70, 80])


def test_nobody_is_counted_in_msbase_and_in_a_national_registry() -> None:
    loaded = load(PROTOCOLS / "cladribine-s1p-pass")
    (exclusion,) = loaded.study.overlap.exclusions
    assert exclusion.registry == "msbase"
    national = {country for x in exclusion.because_of for country in loaded.network.registry(x).countries}
    assert set(exclusion.exclude_countries) == national == {"CZ", "DK", "FR", "IT", "SE"}


# ------------------------------------------------------------------ relapse rate ratios, ../shared/cases c05


@pytest.mark.parametrize(
    ("id", "printed"),
    [
        ("arr_ratio.dk_dmsr.estimate", (0.93, 0.74, 1.17)),  # Koch-Henriksen 2017
        ("arr_ratio.msbase.estimate", (0.66, 0.59, 0.74)),  # Spelman 2023
        ("hr_first_relapse.msbase.estimate", (0.69, 0.60, 0.80)),  # Spelman 2023
        ("arr_ratio.pooled", (0.77, 0.55, 1.08)),  # DerSimonian-Laird
        ("arr_ratio.pooled_common_wald", (0.71, 0.64, 0.78)),
        ("arr_ratio.pooled_dl_hartung_knapp", (0.77, 0.09, 6.76)),
    ],
)
def test_the_relapse_rate_ratios_are_the_published_and_the_expected_ones(
    paes: Loaded, id: str, printed: tuple[float, float, float]
) -> None:
    assert shown(estimate(paes, id)) == printed


def test_the_two_registries_disagree(paes: Loaded) -> None:
    assert paes.results is not None
    assert paes.results.quantity("arr_ratio.i_squared").value == pytest.approx(85.55, abs=0.01)
    assert paes.results.quantity("arr_ratio.q").value == pytest.approx(6.9194, abs=0.001)
    assert paes.results.quantity("arr_ratio.tau_squared").value == pytest.approx(0.0503, abs=0.0001)


def test_two_registries_are_too_few_for_hartung_and_knapp(paes: Loaded) -> None:
    codes = [note.code for note in estimate(paes, "arr_ratio.pooled_dl_hartung_knapp").origin.notes]
    assert "two_sources_hartung_knapp" in codes


def test_a_hazard_ratio_of_one_registry_is_not_pooled(paes: Loaded) -> None:
    assert paes.results is not None
    assert "hr_first_relapse.pooled" not in paes.results


# ------------------------------------------------------------------ deaths among COVID-19 cases, ../shared/cases c04


@pytest.mark.parametrize(
    ("cohort", "cases", "deaths", "percent"),
    [
        ("tr_mscovid19", 309, 3, "0.9"),
        ("it_musc19", 844, 13, "1.54"),
        ("fr_covisep", 347, 12, "3.5"),
        ("nl_cohort", 86, 4, "4.70"),
        ("us_nyu", 76, 6, "7.9"),
        ("es_cohort", 48, 2, "4.2"),
    ],
)
def test_the_proportion_of_each_cohort_is_the_published_one(
    covid: Loaded, cohort: str, cases: int, deaths: int, percent: str
) -> None:
    assert covid.results is not None
    assert covid.results.count(f"deaths.ms_covid.{cohort}.n").value == cases
    assert covid.results.count(f"deaths.ms_covid.{cohort}.events").value == deaths
    value = estimate(covid, f"deaths.ms_covid.{cohort}.estimate").value
    # The source rounds or cuts its percentages to two figures: 0.97 is printed as 0.9, 4.65 as 4.70.
    assert value is not None
    assert value * 100 == pytest.approx(float(percent), abs=0.1)


def test_the_pooled_mortality_is_the_expected_one(covid: Loaded) -> None:
    assert shown(estimate(covid, "deaths.ms_covid.pooled"), 100) == (3.04, 1.64, 5.56)  # REML on the logit scale
    assert shown(estimate(covid, "deaths.ms_covid.pooled_dl_wald"), 100) == (3.04, 1.65, 5.53)


def test_the_prediction_interval_of_six_cohorts_has_four_degrees_of_freedom(covid: Loaded) -> None:
    ahead = estimate(covid, "deaths.ms_covid.prediction")
    # R, metafor 3.8.1: predict(rma(measure = "PLO", …, method = "REML"), pi.type = "riley", transf = transf.ilogit)
    assert (ahead.lower, ahead.upper) == pytest.approx((0.004263, 0.186662), abs=1e-5)
    assert ahead.origin.method == "prediction_riley"


def test_the_sum_over_the_cohorts_is_described_as_published(covid: Loaded) -> None:
    assert covid.results is not None
    assert covid.study.report is not None
    deaths = covid.results.count("deaths.ms_covid.total.events").value
    cases = covid.results.count("deaths.ms_covid.total.n").value
    assert (deaths, cases) == (40, 1710)
    counts = '{{ value("deaths.ms_covid.total.events") }} of {{ value("deaths.ms_covid.total.n") }} cases died'
    assert counts in covid.study.report.outcome_data


def test_counts_already_in_print_are_shown_and_marked(covid: Loaded) -> None:
    assert covid.results is not None
    deaths = covid.results.count("deaths.ms_covid.es_cohort.events")
    assert deaths.state == "reported"
    assert [note.code for note in deaths.origin.notes] == ["small_counts_published"]
