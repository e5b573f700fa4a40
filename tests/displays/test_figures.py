"""Figures: their scales, and text alternatives that hold the same numbers."""

from __future__ import annotations

import math
from collections.abc import Callable

import pytest
from display_samples import results_of
from hypothesis import given
from hypothesis import strategies as st

from studygen.displays.catalogue import fill
from studygen.displays.figures.design_axis import Axis
from studygen.displays.figures.scale import MOST_TICKS, Scale, Span, linear_scale, log_scale, tick_text
from studygen.displays.formats import days_text
from studygen.displays.frame import Frame
from studygen.document.nodes import Figure, Slot, plain_text
from studygen.study.population import Window

RATIOS = st.floats(min_value=1e-3, max_value=1e3)


def figure(frame: Frame, display: str, **options: str) -> Figure:
    made = fill(frame, Slot("figure", f"fig-{display}", display, tuple(options.items())))
    assert isinstance(made, Figure)
    return made


def test_the_forest_plots_text_alternative_holds_its_numbers(make_frame: Callable[..., Frame]) -> None:
    alt = figure(make_frame(results_of(["dk_dmsr"])), "forest", analysis="infection_ratio").alt
    for part in ("DMSR: 0.50 (0.30–0.90)", "weight 100.0%", "0.77 (0.09–6.76)", "0.71 (0.64–0.78)", "decision pending"):
        assert part in alt


def test_the_diagram_prints_the_windows_of_the_plan(make_frame: Callable[..., Frame]) -> None:
    frame = make_frame()
    diagram = figure(frame, "design-diagram")
    for window in frame.study.windows:
        assert f"{window.label}" in diagram.alt
        assert days_text(window, frame.texts) in diagram.alt
    assert "First dose of drug A or drug B" in diagram.alt
    assert "1 January 2018" in plain_text(diagram.notes[1])


def test_the_diagram_says_what_ends_the_follow_up_of_some_outcomes_only(make_frame: Callable[..., Frame]) -> None:
    study = make_frame().study
    event, death = study.follow_up.ends
    ends = (event, death.model_copy(update={"outcomes": (study.outcomes[0].id,)}))
    follow_up = study.follow_up.model_copy(update={"ends": ends})
    diagram = figure(make_frame(follow_up=follow_up), "design-diagram")
    said = plain_text(diagram.notes[2])
    assert "Follow-up ends at the first of: date of outcome." in said
    assert said.endswith("it ends also at: date of death.")


def test_a_forest_plot_says_whose_the_weights_are_once_there_are_some(make_frame: Callable[..., Frame]) -> None:
    shell = figure(make_frame(), "forest", analysis="infection_ratio")
    filled = figure(make_frame(results_of(["dk_dmsr"])), "forest", analysis="infection_ratio")
    assert "Weight: in the main combined estimate." in plain_text(filled.notes[0])
    assert "Weight:" not in plain_text(shell.notes[0])


def test_the_timeline_tells_planned_and_actual_dates(make_frame: Callable[..., Frame]) -> None:
    milestones = make_frame().study.milestones
    reached = milestones[0].model_copy(update={"actual": milestones[0].planned})
    made = figure(make_frame(milestones=(reached, *milestones[1:])), "timeline", columns="actual")
    assert "Start of data collection: planned 1 January 2026, actual 1 January 2026." in made.alt
    assert "Final report of study results: 31 December 2031." in made.alt
    assert [plain_text(note) for note in made.notes] == ["Hollow circles: planned dates. Filled circles: actual dates."]


def test_the_timeline_of_a_plan_tells_no_actual_date(make_frame: Callable[..., Frame]) -> None:
    milestones = make_frame().study.milestones
    reached = milestones[0].model_copy(update={"actual": milestones[0].planned})
    made = figure(make_frame(milestones=(reached, *milestones[1:])), "timeline", columns="planned")
    assert "Start of data collection: 1 January 2026." in made.alt
    assert [plain_text(note) for note in made.notes] == ["Circles: planned dates."]


def test_drawing_leaves_the_librarys_options_alone(make_frame: Callable[..., Frame]) -> None:
    import matplotlib as mpl

    names = ("font.family", "font.size", "svg.fonttype", "svg.hashsalt", "hatch.linewidth")
    before = [mpl.rcParams[name] for name in names]
    figure(make_frame(), "timeline", columns="planned")
    assert [mpl.rcParams[name] for name in names] == before


def check(scale: Scale) -> None:
    assert scale.low < scale.high
    assert 1 <= len(scale.ticks) <= MOST_TICKS
    assert list(scale.ticks) == sorted(set(scale.ticks))
    assert all(scale.low <= tick <= scale.high for tick in scale.ticks)
    assert len({tick_text(tick) for tick in scale.ticks}) == len(scale.ticks)
    if scale.null is not None:
        assert 0.1 < scale.at(scale.null) < 0.9


@given(
    st.lists(st.tuples(RATIOS, st.floats(1.01, 50)), max_size=8), st.lists(st.tuples(RATIOS, st.floats(1.01, 1e6)), max_size=3)
)
def test_a_ratios_axis_shows_every_registry_and_the_null(
    core: list[tuple[float, float]], beside: list[tuple[float, float]]
) -> None:
    spans, wide = ([Span(value, value / width, value * width) for value, width in part] for part in (core, beside))
    scale = log_scale(spans, wide)
    check(scale)
    assert all(0 <= scale.at(span.value) <= 1 for span in spans)


@given(
    st.lists(st.tuples(st.floats(0, 100), st.floats(0.01, 50)), max_size=8),
    st.sampled_from([None, 0.0]),
)
def test_a_linear_axis_shows_every_registry(core: list[tuple[float, float]], null: float | None) -> None:
    spans = [Span(value, max(0.0, value - width), value + width) for value, width in core]
    scale = linear_scale(spans, [], null)
    check(scale)
    assert all(scale.at(span.lower) >= 0 and scale.at(span.upper) <= 1 for span in spans)
    if null is None:
        assert scale.low == 0


def test_an_uninformative_pooled_interval_is_cut_instead_of_shrinking_the_rest() -> None:
    registries = [Span(0.93, 0.74, 1.17), Span(0.66, 0.59, 0.74)]
    scale = log_scale(registries, [Span(0.77, 0.0881, 6.7617)])
    assert scale.at(0.0881) < 0
    assert scale.at(6.7617) > 1
    assert scale.at(1.17) - scale.at(0.59) > 0.3


def test_an_infinite_limit_does_not_break_the_axis() -> None:
    check(log_scale([Span(0.8, 0.0, math.inf), Span(1.2, 0.9, 1.6)], []))


def window(start: int | str, end: int | str) -> Window:
    return Window.model_validate(
        {"id": "w", "label": "W", "kind": "covariate", "start_day": start, "end_day": end, "rationale": "R."}
    )


DAYS = st.integers(-7300, 7300)


@given(st.lists(st.tuples(DAYS, DAYS), min_size=1, max_size=12))
def test_days_keep_their_order_and_bars_their_side_of_day_0(pairs: list[tuple[int, int]]) -> None:
    windows = [window(min(pair), max(pair)) for pair in pairs]
    axis = Axis.of(windows, lambda _: 2.0, 5.0, 16.0)
    assert list(axis.positions) == sorted(axis.positions)
    for each in windows:
        start, end = axis.bar(each)
        assert 5.0 <= start < end <= 16.0
        assert isinstance(each.end_day, int)
        assert (end < axis.at(0)) == (each.end_day < 0)


@pytest.mark.parametrize("end", ["end_of_follow_up", 365])
def test_an_open_end_reaches_the_end_of_the_axis(end: int | str) -> None:
    axis = Axis.of([window(-30, -1), window(1, end)], lambda _: 3.0, 5.0, 16.0)
    assert (axis.bar(window(1, end))[1] == 16.0) == (end == "end_of_follow_up")


def test_an_open_window_has_room_for_its_interval() -> None:
    open_ended = window(366, "end_of_follow_up")
    axis = Axis.of([window(-365, -1), open_ended], lambda _: 3.5, 5.0, 16.0)
    start, end = axis.bar(open_ended)
    assert end - start >= 3.5
