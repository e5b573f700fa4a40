"""What was done is told beside what was planned: as planned, changed, by fewer registries, not at all, or beyond the plan."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from studygen.definition import Prose
from studygen.pipeline.loading import load
from studygen.results.done import Done, Missing, parts_changed, planned_and_done
from studygen.results.findings import ResultSet
from studygen.study.frozen import FrozenPlan, PlanHistory, record_of
from studygen.study.governance import Availability, Deviation
from studygen.study.identity import PlanAmendment
from studygen.study.study import Study

GIVEN = Path(__file__).resolve().parents[1] / "bad_deliveries" / "_given" / "small-pass"


@pytest.fixture(scope="module")
def results() -> ResultSet:
    """The small study's: DMSR and SMSreg sent the infections, SMSreg and RISM the deaths."""
    found = load(GIVEN).results
    assert found is not None
    return found


@pytest.fixture
def freeze() -> Callable[..., FrozenPlan]:
    def frozen(study: Study, version: str = "1.0") -> FrozenPlan:
        record = record_of(study)
        return FrozenPlan(
            f"plan-{version}.yaml", record.model_copy(update={"sap": record.sap.model_copy(update={"version": version})})
        )

    return frozen


def analysis_changed(study: Study, id: str, **changes: Any) -> Study:
    analyses = tuple(each.model_copy(update=changes) if each.id == id else each for each in study.analyses)
    return study.model_copy(update={"analyses": analyses})


def without(study: Study, id: str) -> Study:
    return study.model_copy(update={"analyses": tuple(each for each in study.analyses if each.id != id)})


def taking_part(study: Study, registry: str, **changes: Any) -> Study:
    parts = tuple(each.model_copy(update=changes) if each.registry == registry else each for each in study.participation)
    return study.model_copy(update={"participation": parts})


def deviating(study: Study, *analyses: str) -> Study:
    texts = {key: Prose(f"The {key}.") for key in ("planned", "done", "reason", "impact")}
    deviation = Deviation(id="d", date=datetime.date(2026, 1, 1), concerns="The model", analyses=analyses, **texts)
    return study.model_copy(update={"deviations": (deviation,)})


def done(study: Study, results: ResultSet | None, *frozen: FrozenPlan) -> dict[str, Done]:
    return {f"{each.kind[:-1]} {each.id}": each for each in planned_and_done(PlanHistory(study, frozen), results)}


def statuses(study: Study, results: ResultSet | None, *frozen: FrozenPlan) -> dict[str, str]:
    return {name: each.status for name, each in done(study, results, *frozen).items()}


def test_what_was_planned_and_done_is_done_as_planned(
    study: Study, results: ResultSet, freeze: Callable[..., FrozenPlan]
) -> None:
    assert statuses(study, results, freeze(study)) == {
        "objective infection": "as_planned",
        "analyse infection_ratio": "as_planned",
        "analyse infection_rate": "as_planned",
        "analyse infection_by_sex": "as_planned",
        "objective death": "as_planned",
        "analyse deaths": "as_planned",
    }


def test_before_results_everything_is_to_be_done(study: Study) -> None:
    assert set(statuses(study, None).values()) == {"to_do"}


def test_without_a_frozen_plan_the_version_of_the_definition_is_named(study: Study, results: ResultSet) -> None:
    assert {each.planned_in for each in done(study, results).values()} == {"1.0"}


def test_a_changed_analysis_says_what_was_changed_and_why(
    study: Study, results: ResultSet, freeze: Callable[..., FrozenPlan]
) -> None:
    now = deviating(analysis_changed(study, "infection_ratio", model="Cox regression"), "infection_ratio")
    found = done(now, results, freeze(study))["analyse infection_ratio"]
    assert (found.status, found.reasons) == ("changed", ("The reason.",))
    assert [(x.field, x.before, x.after) for x in found.changes] == [(("model",), "Poisson regression", "Cox regression")]


def test_a_change_without_a_deviation_has_no_reason(study: Study, results: ResultSet, freeze: Callable[..., FrozenPlan]) -> None:
    now = deviating(analysis_changed(study, "infection_ratio", model="Cox regression"), "deaths")
    assert not done(now, results, freeze(study))["analyse infection_ratio"].explained


def test_an_analysis_left_out_of_the_definition_is_not_done(
    study: Study, results: ResultSet, freeze: Callable[..., FrozenPlan]
) -> None:
    found = done(deviating(without(study, "infection_by_sex"), "infection_by_sex"), results, freeze(study))
    left_out = found["analyse infection_by_sex"]
    assert (left_out.status, left_out.planned_in, left_out.reasons) == ("not_done", "1.0", ("The reason.",))


def test_an_analysis_without_any_result_is_not_done(study: Study, results: ResultSet, freeze: Callable[..., FrozenPlan]) -> None:
    fewer = ResultSet(tuple(each for each in results.values() if not each.id.startswith("deaths")))
    found = done(study, fewer, freeze(study))
    assert found["analyse deaths"].status == "not_done"
    assert found["objective death"].status == "not_done"


def test_an_added_analysis_is_post_hoc_when_it_says_so(
    study: Study, results: ResultSet, freeze: Callable[..., FrozenPlan]
) -> None:
    plan = freeze(without(study, "deaths"))
    assert statuses(study, results, plan)["analyse deaths"] == "unplanned"
    added = done(analysis_changed(study, "deaths", post_hoc=True), results, plan)["analyse deaths"]
    assert (added.status, added.planned_in) == ("post_hoc", "")


def test_a_post_hoc_analysis_without_results_is_not_called_done(study: Study, results: ResultSet) -> None:
    fewer = ResultSet(tuple(each for each in results.values() if not each.id.startswith("deaths")))
    assert statuses(analysis_changed(study, "deaths", post_hoc=True), fewer)["analyse deaths"] == "lapsed"


def test_a_registry_that_withdrew_is_missed_with_its_reason(
    study: Study, results: ResultSet, freeze: Callable[..., FrozenPlan]
) -> None:
    now = taking_part(study, "se_smsreg", decision="withdrawn", reason="The servers were moved.")
    fewer = ResultSet(tuple(each for each in results.values() if "se_smsreg" not in each.id))
    found = done(now, fewer, freeze(study))["analyse deaths"]
    assert (found.status, found.contributed) == ("partly", ("it_rism",))
    assert found.missing == (Missing("se_smsreg", "withdrew", "The servers were moved."),)


def test_a_registry_that_never_took_part_is_not_missed(
    study: Study, results: ResultSet, freeze: Callable[..., FrozenPlan]
) -> None:
    missed = {each.registry for x in done(study, results, freeze(study)).values() for each in x.missing}
    assert "cz_remus" not in missed


def test_a_registry_that_was_only_invited_and_declined_is_not_missed(
    study: Study, results: ResultSet, freeze: Callable[..., FrozenPlan]
) -> None:
    plan = freeze(taking_part(study, "cz_remus", decision="pending"))
    assert statuses(study, results, plan)["analyse deaths"] == "as_planned"


def test_a_registry_that_does_not_collect_the_outcome_says_so(
    study: Study, results: ResultSet, freeze: Callable[..., FrozenPlan]
) -> None:
    note = Availability(variable="death", state="not_collected", note="No link to the population register.")
    fewer = ResultSet(tuple(each for each in results.values() if not each.id.startswith("deaths.it_rism")))
    found = done(taking_part(study, "it_rism", variables=(note,)), fewer, freeze(study))["analyse deaths"]
    assert found.missing == (Missing("it_rism", "not_collected", "No link to the population register."),)


def test_a_registry_that_sent_nothing_has_no_reason(study: Study, results: ResultSet, freeze: Callable[..., FrozenPlan]) -> None:
    fewer = ResultSet(tuple(each for each in results.values() if not each.id.startswith("deaths.it_rism")))
    found = done(study, fewer, freeze(study))["analyse deaths"]
    assert found.missing == (Missing("it_rism", "unknown"),)


def test_a_version_of_the_plan_that_changed_an_analysis_is_named(
    study: Study, results: ResultSet, freeze: Callable[..., FrozenPlan]
) -> None:
    now = analysis_changed(study, "infection_ratio", model="Cox regression")
    found = done(now, results, freeze(study, "1.0"), freeze(now, "1.1"))
    ratio, deaths = found["analyse infection_ratio"], found["analyse deaths"]
    assert (ratio.status, ratio.planned_in, ratio.amended_in) == ("as_planned", "1.0", ("1.1",))
    assert deaths.amended_in == ()


def test_an_analysis_that_a_version_took_out_is_withdrawn_with_its_reason(
    study: Study, results: ResultSet, freeze: Callable[..., FrozenPlan]
) -> None:
    now = without(study, "deaths").model_copy(
        update={
            "plan_amendments": (
                PlanAmendment(
                    version="1.1",
                    date=datetime.date(2026, 1, 1),
                    change=Prose("No deaths."),
                    reason=Prose("Too few."),
                    data_seen=False,
                ),
            )
        }
    )
    found = done(now, results, freeze(study, "1.0"), freeze(now, "1.1"))["analyse deaths"]
    assert (found.status, found.planned_in, found.amended_in, found.reasons) == ("withdrawn", "1.0", ("1.1",), ("Too few.",))


def test_other_parts_of_the_plan_that_were_changed_are_told(study: Study, freeze: Callable[..., FrozenPlan]) -> None:
    windows = tuple(each.model_copy(update={"start_day": -90}) if each.id == "baseline" else each for each in study.windows)
    now = study.model_copy(update={"windows": windows})
    (change,) = parts_changed(PlanHistory(now, (freeze(study),)))
    assert (change.part, change.id, [(x.field, x.before, x.after) for x in change.changes]) == (
        "windows",
        "baseline",
        [(("start_day",), -180, -90)],
    )
