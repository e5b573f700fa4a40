"""The tables of planned and done, of the plan's versions, of deviations and of waived requirements say where, what and why."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from display_samples import cell_text, estimate

from studygen.definition import Prose
from studygen.displays.analysis_labels import labelled
from studygen.displays.catalogue import fill
from studygen.displays.frame import Frame, WaivedRule
from studygen.displays.texts import DisplayTexts
from studygen.document.nodes import Slot, Table, plain_text
from studygen.study.frozen import FrozenPlan, record_of
from studygen.study.governance import Deviation, Waiver
from studygen.study.identity import PlanAmendment
from studygen.study.study import Study

RESULT = estimate("infection_ratio.dk_dmsr.estimate", 0.5, 0.3, 0.9)


def made(frame: Frame, display: str) -> Table:
    table = fill(frame, Slot("table", f"tbl-{display}", display))
    assert isinstance(table, Table)
    return table


def rows(table: Table) -> list[list[str]]:
    return [[cell_text(cell) for cell in row.cells] for row in table.body]


def frozen(study: Study, version: str = "1.0") -> FrozenPlan:
    record = record_of(study)
    return FrozenPlan(
        f"plan-{version}.yaml", record.model_copy(update={"sap": record.sap.model_copy(update={"version": version})})
    )


def analyses(study: Study, id: str, **changes: Any) -> tuple[Any, ...]:
    return tuple(each.model_copy(update=changes) if each.id == id else each for each in study.analyses)


def deviation(*concerned: str, reason: str = "Counts were too low.") -> Deviation:
    return Deviation(
        id="d",
        date=datetime.date(2026, 3, 1),
        concerns="Statistical model",
        analyses=concerned,
        planned=Prose("Poisson."),
        done=Prose("Cox."),
        reason=Prose(reason),
        impact=Prose("None is expected."),
    )


def test_without_a_frozen_plan_the_definition_is_the_plan(make_frame: Callable[..., Frame]) -> None:
    table = made(make_frame((RESULT,)), "planned-done")
    assert {row[0]: row[1:3] for row in rows(table) if len(row) > 1} == {
        "Serious infection, rate ratio (main analysis)": ["Plan, version 1.0", "Done as planned"],
        "Serious infection, rates (descriptive analysis)": ["Plan, version 1.0", "Not done"],
        "Serious infection, with a lag (sensitivity analysis)": ["Plan, version 1.0", "Not done"],
        "Serious infection, by sex (subgroup analysis)": ["Plan, version 1.0", "Not done"],
    }
    assert plain_text(table.notes[0]).startswith("No copy of the plan was frozen")


def test_analyses_stand_below_their_objective(make_frame: Callable[..., Frame]) -> None:
    first, *_ = rows(made(make_frame((RESULT,)), "planned-done"))
    assert first == [
        "Primary objective: To compare the rate of serious infection after drug A with that after drug B",
    ]


def test_a_change_is_told_in_words_with_its_reason(make_frame: Callable[..., Frame], small_study: Study) -> None:
    changed = analyses(small_study, "infection_ratio", model="Cox regression", measure="hazard_ratio")
    frame = make_frame((RESULT,), analyses=changed, deviations=(deviation("infection_ratio"),))
    table = made(replace(frame, frozen=(frozen(small_study),)), "planned-done")
    (row,) = [row for row in rows(table) if row[0].startswith("Serious infection, rate ratio")]
    assert row[2] == (
        "Done, with changes: Measure: incidence rate ratio → hazard ratio Statistical model: Poisson regression → Cox regression"
        " Done in 1 of 2 data sources"
    )
    assert row[3] == "Counts were too low. SMSreg had not decided: The steering group has not met yet."
    assert plain_text(table.notes[0]) == (
        "What was done is compared with version 1.0 of the statistical analysis plan, as it was frozen on 30 June 2025."
    )


def test_an_analysis_that_is_gone_is_shown_as_it_was_planned(make_frame: Callable[..., Frame], small_study: Study) -> None:
    left = tuple(each for each in small_study.analyses if each.id != "infection_lag")
    frame = make_frame((RESULT,), analyses=left, deviations=(deviation("infection_lag", reason="No dates."),))
    table = made(replace(frame, frozen=(frozen(small_study),)), "planned-done")
    (row,) = [row for row in rows(table) if row[0].startswith("Serious infection, with a lag")]
    assert row[1:] == ["Plan, version 1.0", "Not done", "No dates."]


def test_a_window_that_was_changed_stands_below_the_analyses(make_frame: Callable[..., Frame], small_study: Study) -> None:
    windows = tuple(each.model_copy(update={"start_day": -90}) if each.id == "baseline" else each for each in small_study.windows)
    frame = replace(make_frame((RESULT,), windows=windows), frozen=(frozen(small_study),))
    *_, heading, row = rows(made(frame, "planned-done"))
    assert heading == ["Other parts of the plan that were changed"]
    assert row[0] == "Window: Baseline"
    assert row[2] == "Changed: Start: −180 → −90"


def test_the_versions_of_the_plan_say_what_each_changed(make_frame: Callable[..., Frame], small_study: Study) -> None:
    changed = small_study.model_copy(update={"analyses": analyses(small_study, "infection_ratio", model="Cox regression")})
    amendment = PlanAmendment(
        version="1.1",
        date=datetime.date(2025, 12, 1),
        change=Prose("The model was changed."),
        reason=Prose("Time matters."),
        data_seen=False,
    )
    frame = make_frame(None, plan_amendments=(amendment,))
    table = made(replace(frame, frozen=(frozen(small_study), frozen(changed, "1.1"))), "plan-versions")
    first, second = rows(table)
    assert first == ["1.0", "30\u00a0June\u00a02025", "First final version", "–"]
    assert second[2] == (
        "The model was changed. Serious infection, rate ratio – statistical model: Poisson regression → Cox regression"
        " Reason: Time matters."
    )
    assert second[3:] == ["No"]


def test_a_deviation_names_the_analyses_that_it_concerns(make_frame: Callable[..., Frame]) -> None:
    (row,) = rows(made(make_frame(None, deviations=(deviation("infection_ratio", "serious_infection"),)), "deviations"))
    assert row[1] == "Statistical model Serious infection, rate ratio; First serious infection"


def test_a_waived_requirement_is_printed_with_its_reason(make_frame: Callable[..., Frame]) -> None:
    waiver = Waiver(rule="P26", reason=Prose("Two registries only."))
    frame = make_frame(None, waivers=(waiver,))
    table = made(replace(frame, waived=(WaivedRule("P26", "A sensitivity analysis", "HARPER, Table 11"),)), "waivers")
    assert rows(table) == [["P26", "A sensitivity analysis", "HARPER, Table 11", "Two registries only."]]


def test_the_label_of_a_post_hoc_analysis_says_so(small_study: Study, texts: DisplayTexts) -> None:
    study = small_study.model_copy(update={"analyses": analyses(small_study, "infection_lag", post_hoc=True)})
    assert [each.label for each in labelled(study, texts).analyses] == [
        "Serious infection, rate ratio",
        "Serious infection, rates",
        "Serious infection, with a lag (post hoc)",
        "Serious infection, by sex",
    ]


@pytest.mark.parametrize("display", ["sensitivity", "pooling-plan"])
def test_a_post_hoc_analysis_is_in_no_table_of_the_plan(
    display: str, make_frame: Callable[..., Frame], small_study: Study
) -> None:
    frame = make_frame(None, analyses=analyses(small_study, "infection_lag", post_hoc=True))
    assert not any("with a lag" in cell for row in rows(made(frame, display)) for cell in row)
