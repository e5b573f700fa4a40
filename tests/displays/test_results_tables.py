"""Tables of results: traced numbers, registries that are missing say so, shells print patterns."""

from __future__ import annotations

from collections.abc import Callable

from display_samples import cell_text, count, estimate, results_of

from studygen.displays.catalogue import fill
from studygen.displays.frame import Frame
from studygen.document.nodes import Slot, Table, Value, plain_text, walk


def made(frame: Frame, display: str, **options: str) -> Table:
    table = fill(frame, Slot("table", f"tbl-{display}", display, tuple(options.items())))
    assert isinstance(table, Table)
    return table


def rows(table: Table) -> list[list[str]]:
    return [[cell_text(cell) for cell in row.cells] for row in table.body]


def test_effects_show_what_an_estimate_rests_on_and_the_main_way_of_pooling(make_frame: Callable[..., Frame]) -> None:
    table = made(make_frame(results_of(["dk_dmsr"])), "effects", analysis="infection_ratio")
    assert [[cell_text(cell) for cell in row.cells] for row in table.header] == [
        ["Data source", "Drug A", "Drug B", "Incidence rate ratio (95%\u00a0CI)", "Weight"],
        ["Persons", "Events/person-years", "Persons", "Events/person-years"],
    ]
    assert rows(table) == [
        ["DMSR", "1234", "17/5678", "1234", "17/5678", "0.50 (0.30–0.90)", "100.0%"],
        ["SMSreg", "No results: decision pending. The steering group has not met yet."],
        ["Total", "–", "–", "–", "–", "", ""],
        ["Combined: random effects, restricted maximum likelihood estimator, Hartung–Knapp interval", "0.77 (0.09–6.76)", ""],
        ["95% prediction interval", "0.40–1.50", ""],
    ]
    assert [plain_text(note) for note in table.notes] == [
        "Heterogeneity: k = 1, τ² 0.050, I² 86%, Cochran’s Q 6.92 (p 0.009).",
        "With k = 2 data sources the Hartung–Knapp interval rests on one degree of freedom and is not informative.",
    ]


def test_numbers_in_notes_are_traced_too(make_frame: Callable[..., Frame]) -> None:
    table = made(make_frame(results_of(["dk_dmsr"])), "effects", analysis="infection_ratio")
    ids = {node.id for node in walk(table.notes) if isinstance(node, Value)}
    assert ids == {f"infection_ratio.{name}" for name in ("k", "tau_squared", "i_squared", "q", "q_p")}


def test_a_shell_prints_patterns_for_expected_and_invited_registries(make_frame: Callable[..., Frame]) -> None:
    table = made(make_frame(), "effects", analysis="infection_ratio")
    assert rows(table)[:3] == [
        ["DMSR", "xxx", "xxx/xx xxx", "xxx", "xxx/xx xxx", "x.xx (x.xx–x.xx)", "xx.x%"],
        ["SMSreg*", "xxx", "xxx/xx xxx", "xxx", "xxx/xx xxx", "x.xx (x.xx–x.xx)", "xx.x%"],
        ["Total", "xxx", "xxx/xx xxx", "xxx", "xxx/xx xxx", "", ""],
    ]
    assert not [node for node in walk(table) if isinstance(node, Value)]


def test_a_registry_that_declined_says_why_in_shells_too(make_frame: Callable[..., Frame]) -> None:
    taking = make_frame().study.participation
    declined = taking[1].model_copy(update={"decision": "declined", "reason": "No linkage to infections."})
    frame = make_frame(participation=(taking[0], declined))
    reason = "No results: does not take part. No linkage to infections."
    assert ["SMSreg", reason] in rows(made(frame, "effects", analysis="infection_ratio"))
    assert ["SMSreg", reason] in rows(made(frame, "occurrence", analysis="infection_rate"))


def test_a_registry_that_serves_other_objectives_says_so(make_frame: Callable[..., Frame]) -> None:
    taking = make_frame().study.participation
    other = taking[0].model_copy(update={"objectives": ("another",)})
    table = made(make_frame(participation=(other,)), "effects", analysis="infection_ratio")
    assert rows(table)[0] == ["DMSR", "Contributes to other objectives only."]


def test_a_registry_that_delivered_nothing_says_so(make_frame: Callable[..., Frame]) -> None:
    table = made(make_frame(()), "effects", analysis="infection_ratio")
    assert rows(table)[0] == ["DMSR", "No aggregates received for this analysis."]


def test_subgroups_stand_below_one_another(make_frame: Callable[..., Frame]) -> None:
    table = made(make_frame(results_of(["dk_dmsr"])), "effects", analysis="infection_by_sex")
    assert [cell_text(row.cells[0]) for row in table.body if row.kind == "group"] == ["Sex: female", "Sex: male"]


def test_occurrence_keeps_person_years_of_a_registry_without_events(make_frame: Callable[..., Frame]) -> None:
    table = made(make_frame(results_of(["dk_dmsr"])), "occurrence", analysis="infection_rate")
    assert rows(table)[:2] == [["Drug A"], ["DMSR", "0", "1235", "0.00 (0.00–2.99)"]]


def test_a_suppressed_count_shows_the_threshold_and_not_zero(make_frame: Callable[..., Frame]) -> None:
    results = (
        estimate("infection_ratio.dk_dmsr.estimate", 0.5, 0.3, 0.9),
        count("infection_ratio.a.dk_dmsr.n", None, threshold=5),
        count("infection_ratio.b.dk_dmsr.n", 0),
    )
    assert rows(made(make_frame(results), "effects", analysis="infection_ratio"))[0][1:3] == ["<5", "0"]


def test_pooling_comparison_shows_widths_and_variances(make_frame: Callable[..., Frame]) -> None:
    table = made(make_frame(results_of(["dk_dmsr"])), "pooling-comparison", analysis="infection_ratio")
    first, second = rows(table)
    assert first[1:] == ["0.77 (0.09–6.76)", "76.75", "0.050", "86%"]
    assert second[1:4] == ["0.71 (0.64–0.78)", "1.23", "n/a"]


def test_leave_one_out_begins_with_all_registries(make_frame: Callable[..., Frame]) -> None:
    table = made(make_frame(results_of(["dk_dmsr"])), "leave-one-out", analysis="infection_ratio")
    assert rows(table) == [["All data sources", "0.77 (0.09–6.76)"], ["Without DMSR", "0.70 (0.60–0.80)"]]


def test_attrition_follows_the_order_of_application(make_frame: Callable[..., Frame]) -> None:
    table = made(make_frame(results_of(["dk_dmsr"])), "attrition")
    assert [row[0] for row in rows(table)] == [
        "Source population",
        "Included: Age 18 or older",
        "Left after exclusion: Earlier use of either drug",
        "Study population",
        "\u2003Drug A",
        "\u2003Drug B",
    ]
    assert rows(table)[0][1:] == ["5000", "–", "10\u202f000"]


def test_deliveries_show_file_and_hash_or_why_there_is_none(make_frame: Callable[..., Frame]) -> None:
    table = made(make_frame(results_of(["dk_dmsr"])), "deliveries")
    first, second = rows(table)
    assert first[2] == f"deliveries/dk_dmsr/aggregates.csv {'ab' * 32}"
    assert second == ["SMSreg", "No delivery: Decision pending. The steering group has not met yet."]


def test_study_size_prints_what_follows_from_the_inputs(make_frame: Callable[..., Frame]) -> None:
    """8 per 1000 over 20 000 person-years give 160 events; at a ratio of 1.5, 240; 191 events are needed for 80% power
    (Schoenfeld)."""
    table = made(make_frame(), "study-size")
    assert rows(table)[-1][0:2] == ["1.50", "240"]
    assert rows(table)[-1][-1] == "191"
    assert "160 expected events" in rows(table)[0][0]
