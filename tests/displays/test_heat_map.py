"""Heat maps, trends and tables of delivered quality: every number of a delivery is there, told as good or bad by form and
lightness, and read out."""

from __future__ import annotations

import io
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from PIL import Image

from studygen.displays.dossier.catalogue import fill
from studygen.displays.dossier.frame import DossierFrame
from studygen.displays.dossier.quality import VERDICTS, Standing, figure_text, standing, verdict
from studygen.displays.dossier.quality_figures import item_lines
from studygen.displays.figures.drawing import drawn, undrawn
from studygen.displays.figures.heat_map import HeatCell, HeatMap, HeatRow, Kind, draw_heat_map
from studygen.displays.texts import DisplayTexts
from studygen.document.nodes import Figure, Link, Paragraph, Slot, Table, Text, Value, walk
from studygen.pipeline.qualifying import load_dossier
from studygen.qualification.context import Minimum
from studygen.qualification.indicators import QualityFigure

ROOT = Path(__file__).resolve().parents[2]


@cache
def frame() -> DossierFrame:
    loaded = load_dossier(ROOT / "protocols" / "bmsd-qualification")
    texts = DisplayTexts.load((ROOT / "templates",))
    return DossierFrame(
        loaded.dossier,
        loaded.studies,
        texts,
        lambda text: (Paragraph((Text(str(text)),)),),
        deliveries=loaded.deliveries,
        drawn=undrawn,
    )


def with_figures(*figures: QualityFigure) -> DossierFrame:
    return replace(frame(), dossier=replace(frame().dossier, figures=figures))


def made(indicator: str, value: float | None, registry: str = "dk_dmsr", year: int = 2025) -> QualityFigure:
    state = "suppressed" if value is None else "reported"
    return QualityFigure(registry, indicator, year, value, state, frame().dossier.positions.place())


def figure(display: str, world: DossierFrame | None = None, **options: str) -> Figure:
    found = fill(world or frame(), Slot("figure", f"fig-{display}", display, tuple(options.items())))
    assert isinstance(found, Figure)
    return found


def table(display: str, world: DossierFrame | None = None, **options: str) -> Table:
    found = fill(world or frame(), Slot("table", f"tbl-{display}", display, tuple(options.items())))
    assert isinstance(found, Table)
    return found


def said(node: object) -> str:
    return " ".join(each.text for each in walk(node) if isinstance(each, Text | Value))


@pytest.mark.parametrize(
    ("indicator", "value", "expected"),
    [
        ("dmt_stop", 90.0, "target"),
        ("dmt_stop", 89.9, "between"),
        ("dmt_stop", 75.0, "between"),
        ("dmt_stop", 74.9, "failing"),
        ("entry_delay", 30.0, "target"),
        ("entry_delay", 90.0, "between"),
        ("entry_delay", 91.0, "failing"),
        ("dmt_stop", None, "none"),
    ],
)
def test_target_and_minimum_are_reached_when_they_are_met(indicator: str, value: float | None, expected: str) -> None:
    """Targets 90 and 30, minimum values 75 and 90; more is better in the first, less in the second."""
    assert verdict(frame(), made(indicator, value)) == expected


@pytest.mark.parametrize(
    ("indicator", "value", "expected"),
    [
        ("dmt_stop", 89.96, "89.96%"),  # the target is 90
        ("dmt_stop", 74.996, "74.996%"),  # the minimum is 75
        ("dmt_stop", 90.04, "90.04%"),
        ("dmt_stop", 90.0, "90.0%"),
        ("dmt_stop", 89.94, "89.9%"),
        ("entry_delay", 30.4, "30.4 days"),  # the target is 30 at most
        ("entry_delay", 31.4, "31 days"),
    ],
)
def test_rounding_never_carries_a_figure_to_a_limit_that_it_misses(indicator: str, value: float, expected: str) -> None:
    assert figure_text(frame(), made(indicator, value)) == expected


def test_a_sample_shows_its_interval_and_whether_it_settles_the_verdict() -> None:
    """R 4.2: binom.test(29, 398)$conf.int is 0.04934 to 0.10297."""
    sample = replace(made("sdv_discrepancy", 100 * 29 / 398), numerator=29, denominator=398)
    row = row_of_table(table("quality-by-year", with_figures(sample), indicator="sdv_discrepancy"), "DMSR")
    assert "7.3% (4.9–10.3)" in row
    assert "Minimum met The interval includes the target The interval includes the minimum" in row
    counted = replace(made("duplicates", 2.0), numerator=20, denominator=1000)
    assert "(" not in row_of_table(table("quality-by-year", with_figures(counted), indicator="duplicates"), "DMSR")


def test_a_state_is_explained_where_it_stands_and_nowhere_else() -> None:
    world = with_figures(made("dmt_stop", None))
    notes = [said(note) for note in table("quality-by-year", world, indicator="dmt_stop").notes]
    assert any(note.startswith("Withheld:") for note in notes)
    assert not any("Not collected" in note for note in notes)
    notes = [said(note) for note in table("quality-by-year", with_figures(made("dmt_stop", 90.0)), indicator="dmt_stop").notes]
    assert not any(note.startswith("Withheld:") for note in notes)


def test_the_standing_of_an_indicator_counts_registries_that_have_a_value() -> None:
    world = with_figures(made("dmt_stop", 92.0), made("dmt_stop", 80.0, "it_rism"), made("dmt_stop", None, "msbase"))
    assert standing(world, "dmt_stop") == Standing(2, 1, 2, "it_rism", "dk_dmsr", (2025,))


def test_figures_of_one_year_stand_side_by_side_and_of_more_years_by_registry() -> None:
    world = with_figures(made("dmt_stop", 92.0), made("dmt_stop", 80.0, "it_rism"))
    assert [said(cell) for cell in table("dossier-figures", world).header[0].cells] == ["Indicator", "DMSR", "RISM"]
    world = with_figures(made("dmt_stop", 92.0), made("dmt_stop", 91.0, year=2024))
    shown = table("dossier-figures", replace(world, shown=("quality:dk_dmsr.dmt_stop.2025",)))
    assert [said(cell) for cell in shown.header[0].cells] == ["Indicator", "2025"]
    assert {cell.id for row in shown.body for cell in row.cells if cell.id} == {"value-quality-3a-dk_dmsr-dmt_stop-2025"}


def row_of_table(found: Table, name: str) -> str:
    return next(said(row) for row in found.body if said(row.cells[0]) == name)


def test_a_registry_is_judged_by_the_minimum_of_its_own_condition() -> None:
    use = frame().definition.context_of_use
    stricter = use.conditions[0].model_copy(
        update={"registries": ("dk_dmsr",), "minimum": (Minimum(indicator="dmt_stop", value=85),)}
    )
    definition = frame().definition.model_copy(update={"context_of_use": use.model_copy(update={"conditions": (stricter,)})})
    world = replace(frame(), dossier=replace(frame().dossier, definition=definition))
    assert verdict(world, made("dmt_stop", 80.0)) == "failing"
    assert verdict(world, made("dmt_stop", 80.0, "it_rism")) == "between"


def test_the_heat_map_reads_out_every_latest_figure_and_traces_it() -> None:
    shown = figure("quality-heat-map")
    dossier = frame().dossier
    for registry in dossier.definition.registries:
        for indicator in dossier.definition.indicators:
            latest = dossier.latest(registry, indicator.id)
            assert latest is not None
            assert latest.year == 2025
            (traced,) = [each for each in shown.values if each.id == f"quality:{registry}.{indicator.id}.2025"]
            assert f"{frame().short_name(registry)} {traced.text} (" in shown.alt
    assert len(shown.values) == len(dossier.definition.registries) * len(dossier.definition.indicators)


def test_an_earlier_year_does_not_stand_in_the_heat_map() -> None:
    shown = figure("quality-heat-map", with_figures(made("dmt_stop", 60.0, year=2023), made("dmt_stop", 91.2, year=2024)))
    assert [each.text for each in shown.values] == ["91.2%"]
    assert "DMSR 91.2% (target reached)" in shown.alt
    assert "RISM – (no figure)" in shown.alt


def test_core_variables_have_rows_of_their_own_and_single_ones_stand_for_their_indicator() -> None:
    labels = [label for _, label, _, _ in item_lines(frame())]
    indicators = [x for x in frame().definition.indicators if x.dimension in ("completeness", "treatment_dates")]
    delivered = {figure.item for figure in frame().dossier.figures if figure.item}
    alone = [x for x in indicators if len(x.core_items) == 1]
    assert len(labels) == len(delivered) + len(alone)
    assert "Date of death (death)" not in labels


def test_every_verdict_has_its_own_lightness_so_that_it_reads_in_grey() -> None:
    kinds: tuple[Kind, ...] = ("target", "between", "failing")
    row = HeatRow("Row", "", tuple(HeatCell("", kind) for kind in kinds))
    look = frame().texts.look
    _, png, _ = drawn(look, lambda: draw_heat_map(look, HeatMap(["A", "B", "C"], [row], [])))
    grey = Image.open(io.BytesIO(png)).convert("L")
    centimetre = 300 / 2.54
    width = (look.text_width_cm - 0.15 - 5.4) / 3
    tops = [grey.getpixel((int((5.4 + (n + 0.9) * width) * centimetre), int(1.0 * centimetre))) for n in range(3)]
    assert all(isinstance(each, int) for each in tops)
    assert tops[0] - tops[1] > 20  # type: ignore[operator]
    assert tops[1] - tops[2] > 60  # type: ignore[operator]


def test_the_same_figures_give_the_same_drawing() -> None:
    look = frame().texts.look
    shown = HeatMap(["A"], [HeatRow("Row", "Target", (HeatCell("1", "failing"),))], [("failing", "worse")])
    assert drawn(look, lambda: draw_heat_map(look, shown)) == drawn(look, lambda: draw_heat_map(look, shown))


def test_the_trend_reads_out_every_year_and_why_one_is_missing() -> None:
    shown = figure(
        "quality-trend", with_figures(made("dmt_stop", 91.24, year=2023), made("dmt_stop", None, year=2024)), indicator="dmt_stop"
    )
    assert "DMSR: 2023 91.2%, 2024 withheld." in shown.alt
    assert any("A year without a number" in said(note) for note in shown.notes)


def test_the_counts_of_a_registry_are_all_its_indicators() -> None:
    summary = table("quality-summary")
    for row in summary.body:
        counts = [int(said(cell)) for cell in row.cells[1 : 1 + len(VERDICTS)]]
        assert sum(counts) == len(frame().definition.indicators)


def test_a_failing_figure_stands_with_its_action_owner_and_date() -> None:
    failing = [said(row) for row in table("quality-failing").body]
    assert len(failing) == 4
    (visits,) = [row for row in failing if row.startswith("ReMuS Persons with a visit")]
    assert "Lead investigator of ReMuS" in visits
    assert "30\N{NO-BREAK SPACE}June\N{NO-BREAK SPACE}2027" in visits
    assert "send each centre the list" in visits
    of_registry = table("quality-of-registry", registry="cz_remus").body
    ways = [node.href for row in of_registry for node in walk(row) if isinstance(node, Link)]
    assert ways == [f"#{row.id}" for row in table("quality-failing").body if said(row).startswith("ReMuS")]


def test_the_deliveries_are_named_with_nature_dates_and_fingerprint() -> None:
    row = next(said(row) for row in table("quality-deliveries").body if said(row.cells[0]) == "DMSR")
    assert "Simulated" in row
    assert "Data cut 30\N{NO-BREAK SPACE}June\N{NO-BREAK SPACE}2026" in row
