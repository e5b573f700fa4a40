"""Life tables of registries become curves: the published estimate comes out however the persons are spread over registries, and
what a curve lacks is said."""

from __future__ import annotations

import pytest
from rows_by_hand import Rows

from studygen.results.curves import curve_results, stated
from studygen.results.delivered import Delivered
from studygen.results.findings import Curve, Estimate, Result
from studygen.study.objectives import Analysis
from studygen.study.study import Study

# Cutler, Ederer, J Chronic Dis 1958;8:699-712: localised kidney cancer, Connecticut 1946 to 1951. Survival, its limits
# (log-log) and standard errors were computed in R 4.2.2 from n - c/2.
KIDNEY = [
    {"day": 365, "at_risk": 126, "events": 47, "censored": 19},
    {"day": 730, "at_risk": 60, "events": 5, "censored": 17},
    {"day": 1096, "at_risk": 38, "events": 2, "censored": 15},
    {"day": 1461, "at_risk": 21, "events": 2, "censored": 7},
    {"day": 1826, "at_risk": 12, "events": 0, "censored": 6},
]
SURVIVAL = [0.5965665, 0.5386474, 0.5033263, 0.4458033, 0.4458033]
LIMITS = [(0.5017187, 0.6791709), (0.4405234, 0.6269263), (0.4001685, 0.5977405), (0.3281526, 0.5566990), (0.3281526, 0.5566990)]
# A part of the same persons, and the rest of them.
SOUTH = [
    {"day": 365, "at_risk": 26, "events": 7, "censored": 9},
    {"day": 730, "at_risk": 10, "events": 1, "censored": 3},
    {"day": 1096, "at_risk": 6, "events": 0, "censored": 5},
    {"day": 1461, "at_risk": 1, "events": 0, "censored": 1},
    {"day": 1826, "at_risk": 0, "events": 0, "censored": 0},
]
NORTH = [
    {name: each[name] - other[name] if name != "day" else each[name] for name in each}
    for each, other in zip(KIDNEY, SOUTH, strict=True)
]


@pytest.fixture
def plan(study: Study) -> Analysis:
    return study.analysis("infection_ratio")


def sent(registry: str, table: list[dict[str, int | str]], group: str = "a") -> Delivered:
    return Rows().table("infection_ratio", group, "serious_infection", table).from_registry(registry)


def curves(plan: Analysis, *deliveries: Delivered) -> dict[str, Result]:
    return {result.id: result for result in curve_results(plan, deliveries)}


def curve(results: dict[str, Result], id: str) -> Curve:
    found = results[id]
    assert isinstance(found, Curve)
    return found


def test_a_published_life_table_comes_out(plan: Analysis) -> None:
    found = curve(curves(plan, sent("r1", KIDNEY)), "infection_ratio.a.survival")
    assert found.days == (0, 365, 730, 1096, 1461, 1826)
    assert found.probability[0] == 1
    assert found.probability[1:] == pytest.approx(SURVIVAL, abs=1e-7)
    assert found.lower[0] is found.upper[0] is None
    assert list(zip(found.lower[1:], found.upper[1:], strict=True)) == [pytest.approx(each, abs=1e-7) for each in LIMITS]
    assert found.at_risk == (126, 60, 38, 21, 12, 6)
    assert found.events == (0, 47, 5, 2, 2, 0)


def test_the_same_persons_in_two_registries_give_the_same_curve(plan: Analysis) -> None:
    found = curve(curves(plan, sent("north", NORTH), sent("south", SOUTH)), "infection_ratio.a.survival")
    assert found.probability[1:] == pytest.approx(SURVIVAL, abs=1e-7)
    assert found.at_risk == (126, 60, 38, 21, 12, 6)
    assert [source.registry for source in found.origin.sources] == ["north", "south"]
    assert found.origin.notes == ()


def test_each_registry_has_a_curve_of_its_own(plan: Analysis) -> None:
    results = curves(plan, sent("north", NORTH), sent("south", SOUTH))
    assert curve(results, "infection_ratio.a.north.survival").at_risk[0] == 100
    assert curve(results, "infection_ratio.a.south.survival").at_risk[0] == 26


def test_numbers_are_stated_at_the_ends_of_years_and_lead_to_the_curve(plan: Analysis) -> None:
    results = curves(plan, sent("r1", KIDNEY))
    days = [365, 730, 1096, 1461, 1826]
    assert [id for id in results if isinstance(results[id], Estimate)] == [f"infection_ratio.a.survival_{day}" for day in days]
    third = results["infection_ratio.a.survival_1096"]
    assert isinstance(third, Estimate)
    assert (third.value, third.measure, third.interval) == (pytest.approx(SURVIVAL[2], abs=1e-7), "survival", "log_log")
    assert third.origin.inputs == ("infection_ratio.a.survival",)


def test_without_a_whole_year_the_last_day_is_stated() -> None:
    assert stated((0, 90, 180, 270)) == [3]
    assert stated((0, 182, 365, 548, 700)) == [2, 4]


def test_intervals_of_different_widths_are_summed_where_both_end(plan: Analysis) -> None:
    """North by half-years, south by years: 100 and 100 persons, nobody censored, so that survival is the share left."""
    north = [
        {"day": 182, "at_risk": 100, "events": 10, "censored": 0},
        {"day": 365, "at_risk": 90, "events": 10, "censored": 0},
    ]
    south = [{"day": 365, "at_risk": 100, "events": 20, "censored": 0}]
    found = curve(curves(plan, sent("north", north), sent("south", south)), "infection_ratio.a.survival")
    assert found.days == (0, 365)
    assert found.probability[1] == pytest.approx(0.8)


def test_a_registry_whose_table_ends_early_is_censored_there(plan: Analysis) -> None:
    """South ends after the first year with 80 persons; the second year is north's alone: 0.8 times 60/80."""
    north = [
        {"day": 365, "at_risk": 100, "events": 20, "censored": 0},
        {"day": 730, "at_risk": 80, "events": 20, "censored": 0},
    ]
    south = [{"day": 365, "at_risk": 100, "events": 20, "censored": 0}]
    found = curve(curves(plan, sent("north", north), sent("south", south)), "infection_ratio.a.survival")
    assert found.days == (0, 365, 730)
    assert found.probability[1:] == pytest.approx([0.8, 0.6])
    assert found.at_risk == (200, 80, 60)


def test_limits_are_those_of_survfit_when_nobody_is_censored(plan: Analysis) -> None:
    """R 4.2.2, survival 3.5.3: survfit of 20 events at 1, 16 at 2, 64 left, conf.type = "log-log"."""
    table = [
        {"day": 365, "at_risk": 100, "events": 20, "censored": 0},
        {"day": 730, "at_risk": 80, "events": 16, "censored": 0},
    ]
    found = curve(curves(plan, sent("r1", table)), "infection_ratio.a.survival")
    assert (found.lower[2], found.upper[2]) == (pytest.approx(0.5377372, abs=1e-7), pytest.approx(0.7253899, abs=1e-7))


def test_with_competing_events_the_cumulative_incidence_is_the_share_with_the_event(plan: Analysis) -> None:
    """100 persons, nobody censored: 10 and 17 have the event, 5 and 8 die of something else."""
    table = [
        {"day": 365, "at_risk": 100, "events": 10, "censored": 0, "competing": 5},
        {"day": 730, "at_risk": 85, "events": 17, "censored": 0, "competing": 8},
    ]
    results = curves(plan, sent("r1", table))
    found = curve(results, "infection_ratio.a.cumulative_incidence")
    assert found.probability == (0, pytest.approx(0.10), pytest.approx(0.27))
    assert "infection_ratio.a.cumulative_incidence_730" in results


def test_competing_events_told_by_one_registry_alone_count_as_censored(plan: Analysis) -> None:
    telling = [{"day": 365, "at_risk": 100, "events": 10, "censored": 0, "competing": 10}]
    silent = [{"day": 365, "at_risk": 100, "events": 10, "censored": 10}]
    results = curves(plan, sent("telling", telling), sent("silent", silent))
    found = curve(results, "infection_ratio.a.survival")
    assert found.probability[1] == pytest.approx(1 - 20 / 190)
    assert [(note.code, dict(note.values)) for note in found.origin.notes] == [
        ("competing_as_censored", {"registries": "SILENT"})
    ]


def test_a_suppressed_count_leaves_the_registry_out_by_name(plan: Analysis) -> None:
    hidden = [{"day": 365, "at_risk": 100, "events": "suppressed", "censored": "suppressed"}]
    results = curves(plan, sent("r1", KIDNEY), sent("r2", hidden), Rows().from_registry("r3"))
    assert curve(results, "infection_ratio.a.r2.survival").state == "suppressed"
    assert curve(results, "infection_ratio.a.r2.survival").value is None
    pooled = curve(results, "infection_ratio.a.survival")
    assert pooled.at_risk[0] == 126
    assert [dict(note.values) for note in pooled.origin.notes] == [{"registries": "R2, R3"}]


def test_without_rows_by_time_there_is_no_curve(plan: Analysis) -> None:
    assert curves(plan, Rows().from_registry("r1")) == {}


def test_curves_of_two_groups_are_sums_over_the_same_registries(plan: Analysis) -> None:
    rows = (
        Rows().table("infection_ratio", "a", "serious_infection", NORTH).table("infection_ratio", "b", "serious_infection", SOUTH)
    )
    results = curves(plan, rows.from_registry("both"), sent("one", KIDNEY))
    for group, at_risk in (("a", 100), ("b", 26)):
        pooled = curve(results, f"infection_ratio.{group}.survival")
        assert pooled.at_risk[0] == at_risk
        assert [source.registry for source in pooled.origin.sources] == ["both"]
    assert [dict(note.values) for note in curve(results, "infection_ratio.a.survival").origin.notes] == [{"registries": "ONE"}]
    assert curve(results, "infection_ratio.a.one.survival").at_risk[0] == 126
