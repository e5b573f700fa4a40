"""Selection, baseline and curves as displays: the numbers of the results, in the plan's order, in the figure's text alternative
as well; shells with patterns in their place."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from display_samples import cell_text, count, curves, described, quantity

from studygen.displays.catalogue import fill
from studygen.displays.figures.curve_axis import clock_of
from studygen.displays.frame import Frame
from studygen.document.nodes import Figure, Slot, Table, Value, plain_text, walk
from studygen.results.findings import Result

MakeFrame = Callable[..., Frame]
REGISTRY = ["dk_dmsr"]


def figure(frame: Frame, display: str, **options: str) -> Figure:
    made = fill(frame, Slot("figure", f"fig-{display}", display, tuple(options.items())))
    assert isinstance(made, Figure)
    return made


def lines(frame: Frame, display: str, **options: str) -> list[list[str]]:
    made = fill(frame, Slot("table", f"tbl-{display}", display, tuple(options.items())))
    assert isinstance(made, Table)
    return [[cell_text(cell).strip() for cell in row.cells] for row in made.body]


def notes(made: Figure | Table) -> str:
    return " ".join(plain_text(note) for note in made.notes)


# ---------------------------------------------------------------- selection


def test_the_flow_says_how_many_were_excluded_and_why(make_frame: MakeFrame) -> None:
    alt = figure(make_frame(tuple(described(REGISTRY))), "attrition-flow", registry="total").alt
    said = [
        "Source population: n = 10\u202f000.",
        "Excluded: n = 200: Not met: age 18 or older.",
        "Left: n = 4800.",
        "Excluded: n = 800: Earlier use of either drug.",
        "Study population: n = 4000.",
    ]
    places = [alt.index(each) for each in said]
    assert places == sorted(places)


def test_steps_without_a_number_share_a_box(make_frame: MakeFrame) -> None:
    results: tuple[Result, ...] = (
        count("attrition.dk_dmsr.source_population.n", 5000),
        count("attrition.dk_dmsr.adult.n", None),
        count("attrition.dk_dmsr.study_population.n", 4000),
        count("attrition.dk_dmsr.study_population.excluded", 1000),
    )
    made = figure(make_frame(results), "attrition-flow", registry="dk_dmsr")
    assert "Excluded in 2 steps: n = 1000: Not met: age 18 or older; Earlier use of either drug." in made.alt
    assert "counted together" in notes(made)


def test_a_criterion_that_does_not_apply_to_a_registry_is_no_reason_there(make_frame: MakeFrame) -> None:
    results: tuple[Result, ...] = (
        count("attrition.dk_dmsr.source_population.n", 5000),
        count("attrition.dk_dmsr.adult.n", None, state="not_applicable"),
        count("attrition.dk_dmsr.study_population.n", 4000),
        count("attrition.dk_dmsr.study_population.excluded", 1000),
    )
    made = figure(make_frame(results), "attrition-flow", registry="dk_dmsr")
    assert "Excluded: n = 1000: Earlier use of either drug." in made.alt
    assert "counted together" not in notes(made)


def test_a_flow_that_begins_later_says_what_comes_before(make_frame: MakeFrame) -> None:
    results: tuple[Result, ...] = (
        count("attrition.dk_dmsr.source_population.n", 5000),
        count("attrition.total.adult.n", 4000),
        count("attrition.total.study_population.n", 3000),
        count("attrition.total.study_population.excluded", 1000),
    )
    made = figure(make_frame(results), "attrition-flow", registry="total")
    assert "source population" in notes(made)
    assert made.alt.index("n = 4000") < made.alt.index("n = 3000")


def test_the_groups_stand_below_the_study_population(make_frame: MakeFrame) -> None:
    alt = figure(make_frame(tuple(described(REGISTRY))), "attrition-flow", registry="total").alt
    assert alt.endswith("Drug A: n = 2000. Drug B: n = 2000.")


# ---------------------------------------------------------------- baseline


def test_the_baseline_table_gives_counts_with_shares_and_missing_values(make_frame: MakeFrame) -> None:
    rows = lines(make_frame(tuple(described(REGISTRY))), "baseline")
    assert rows == [
        ["Persons", "2000", "2000", "", ""],
        ["Sex, n (%)", "0.12", "0.00"],
        ["female", "1400 (70.0%)", "1400 (70.0%)", "", ""],
        ["male", "<5", "<5", "", ""],
        ["Missing", "9 (0.5%)", "9 (0.5%)", "", ""],
    ]


def test_every_number_of_the_baseline_table_is_traced(make_frame: MakeFrame) -> None:
    frame = make_frame(tuple(described(REGISTRY)))
    made = fill(frame, Slot("table", "tbl-baseline-registry-dk_dmsr", "baseline-registry", (("registry", "dk_dmsr"),)))
    ids = {node.id for node in walk(made) if isinstance(node, Value)}
    assert {"baseline.a.dk_dmsr.sex.female.n", "baseline.a.dk_dmsr.sex.missing", "baseline.a_vs_b.dk_dmsr.sex.smd"} <= ids


def test_the_shell_of_the_baseline_table_has_the_same_rows(make_frame: MakeFrame) -> None:
    shell, filled = lines(make_frame(), "baseline"), lines(make_frame(tuple(described(REGISTRY))), "baseline")
    assert [row[0] for row in shell] == [row[0] for row in filled]
    assert shell[2][1] == "xxx (xx.x%)"


def test_without_weighting_there_is_no_column_for_it(make_frame: MakeFrame) -> None:
    unweighted = [result for result in described(REGISTRY) if not result.id.endswith(("smd_weighted", "smd_weighted_largest"))]
    assert lines(make_frame(tuple(unweighted)), "baseline")[0] == ["Persons", "2000", "2000", ""]


def test_the_love_plot_tells_both_differences_and_the_threshold(make_frame: MakeFrame) -> None:
    made = figure(make_frame(tuple(described(REGISTRY))), "love-plot", contrast="a_vs_b")
    assert "Sex: before 0.12, after 0.00." in made.alt
    assert "threshold 0.1" in made.alt


# ---------------------------------------------------------------- curves


def test_a_curve_that_falls_far_is_told_as_survival(make_frame: MakeFrame) -> None:
    made = figure(make_frame(tuple(curves())), "survival", analysis="infection_ratio")
    assert "Free of first serious infection. Drug A: 80.0% (79.0%–81.0%) at year 1;" in made.alt
    assert "Persons at risk, Drug A: 2000 at year 0; 1850 at year 1;" in made.alt
    assert "Kaplan–Meier" in plain_text(made.caption)


def test_a_curve_that_hardly_falls_is_told_as_the_probability_of_the_event(make_frame: MakeFrame) -> None:
    made = figure(make_frame(tuple(curves())), "survival", analysis="infection_lag")
    assert "Probability of first serious infection. Drug A: 1.0% (0.0%–2.0%) at year 1;" in made.alt
    assert "one less the Kaplan–Meier estimate" in notes(made)


def test_competing_events_make_it_a_cumulative_incidence(make_frame: MakeFrame) -> None:
    made = figure(make_frame(tuple(curves())), "survival", analysis="infection_rate")
    assert "cumulative incidence" in plain_text(made.caption)
    assert "5.0% (4.0%–6.0%) at year 3" in made.alt


def test_without_a_life_table_the_figure_says_so(make_frame: MakeFrame) -> None:
    made = figure(make_frame((quantity("baseline.a.total.age.mean", 40, "number"),)), "survival", analysis="infection_ratio")
    assert "No data source delivered a life table" in notes(made)


@pytest.mark.parametrize(
    ("days", "unit", "ticks"),
    [
        ([365.0 * year for year in range(7)], "years", (0, 1, 2, 3, 4, 5, 6)),
        ([365.25 * year for year in range(21)], "years", (0, 3, 6, 9, 12, 15, 18)),
        ([91.0 * quarter for quarter in range(5)], "months", (0, 3, 6, 9, 12)),
        ([7.0 * week for week in range(8)], "days", None),
    ],
)
def test_the_axis_of_time_has_ticks_where_the_curves_have_days(
    days: list[float], unit: str, ticks: tuple[int, ...] | None
) -> None:
    clock = clock_of(days[-1], days)
    assert clock.unit == unit
    assert ticks is None or clock.ticks == ticks
