"""How tables tell of few registries, of suppressed counts in a pool, of E-values and of the interval of tau²."""

from __future__ import annotations

from collections.abc import Callable

from display_samples import cell_text, count, estimate, quantity

from studygen.displays.catalogue import fill
from studygen.displays.frame import Frame
from studygen.document.nodes import Slot, Table, Value, plain_text, walk
from studygen.study.objectives import Analysis, PoolingModel
from studygen.study.study import Study

WAYS = (
    PoolingModel(model="common_effect"),
    PoolingModel(model="random_effects", estimator="reml", interval="hartung_knapp_truncated"),
    PoolingModel(model="bayesian", prior_scale=0.5),
)


def table_of(frame: Frame, display: str) -> Table:
    made = fill(frame, Slot("table", f"tbl-{display}", display, (("analysis", "infection_ratio"),)))
    assert isinstance(made, Table)
    return made


def notes(table: Table) -> str:
    return "\n".join(plain_text(note) for note in table.notes)


def with_ways(study: Study) -> tuple[Analysis, ...]:
    analysis = study.analysis("infection_ratio")
    pooling = analysis.pooling.model_copy(update={"beside": WAYS})
    return (analysis.model_copy(update={"pooling": pooling}), *study.analyses[1:])


def test_with_few_registries_the_comparison_says_why_the_ways_differ(make_frame: Callable[..., Frame]) -> None:
    analyses = with_ways(make_frame().study)
    said = notes(
        table_of(make_frame((count("infection_ratio.k", 5, unit="registries"),), analyses=analyses), "pooling-comparison")
    )
    for part in ("k = 5", "common-effect model takes", "The Hartung–Knapp interval takes", "truncated", "prior of scale 0.5"):
        assert part in said
    assert "homogeneous" not in said
    many = table_of(make_frame((count("infection_ratio.k", 6, unit="registries"),), analyses=analyses), "pooling-comparison")
    assert "differ because" not in notes(many)


def test_a_bayesian_way_names_its_prior_and_has_no_i_squared(make_frame: Callable[..., Frame]) -> None:
    table = table_of(make_frame(analyses=with_ways(make_frame().study)), "pooling-comparison")
    last = [cell_text(cell) for cell in table.body[-1].cells]
    assert last[0] == "Bayesian random effects, half-normal prior of scale 0.5 for τ, credible interval"
    assert last[-1] == "n/a"


def test_the_interval_of_tau_squared_is_shown_and_traced(make_frame: Callable[..., Frame]) -> None:
    found = (
        quantity("infection_ratio.tau_squared_lower", 0.0032, "variance"),
        quantity("infection_ratio.tau_squared_upper", 59.87, "variance"),
    )
    table = table_of(make_frame(found), "heterogeneity")
    (row,) = [row for row in table.body if cell_text(row.cells[0]) == "Interval of τ²"]
    assert cell_text(row.cells[1]) == "0.003–59.870"
    assert {node.id for node in walk(row) if isinstance(node, Value)} == {each.id for each in found}
    assert "x.xxx–x.xxx" in [cell_text(row.cells[1]) for row in table_of(make_frame(), "heterogeneity").body]


def test_a_main_ratio_shows_its_e_values(make_frame: Callable[..., Frame]) -> None:
    found = (quantity("infection_ratio.e_value", 1.91, "ratio"), quantity("infection_ratio.e_value_limit", 1.0, "ratio"))
    table = table_of(make_frame(found), "effects")
    assert "E-value: 1.91 for the combined estimate, 1.00 for the limit" in notes(table)
    assert {"infection_ratio.e_value", "infection_ratio.e_value_limit"} <= {
        node.id for node in walk(table.notes) if isinstance(node, Value)
    }
    assert "E-value: x.xx" in notes(table_of(make_frame(), "effects"))
    assert "E-value" not in notes(table_of(make_frame(()), "effects"))


def test_what_suppressed_counts_leave_open_stands_below_the_combined_estimate(make_frame: Callable[..., Frame]) -> None:
    found = (
        estimate("infection_ratio.pooled", 0.77, 0.6, 0.99),
        estimate("infection_ratio.lowest", 0.71, 0.55, 0.92),
        estimate("infection_ratio.highest", 0.84, 0.66, 1.07),
    )
    shown = [[cell_text(cell) for cell in row.cells] for row in table_of(make_frame(found), "effects").body]
    rows = [row for row in shown if row[0].startswith("Possible counts")]
    assert [row[1] for row in rows] == ["0.71 (0.55–0.92)", "0.84 (0.66–1.07)"]
    shell = [cell_text(row.cells[0]) for row in table_of(make_frame(), "effects").body]
    assert not any(label.startswith("Possible counts") for label in shell)
