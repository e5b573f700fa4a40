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
from studygen.displays.dossier.quality import VERDICTS, verdict
from studygen.displays.dossier.quality_figures import item_lines
from studygen.displays.figures.drawing import drawn, undrawn
from studygen.displays.figures.heat_map import HeatCell, HeatMap, HeatRow, Kind, draw_heat_map
from studygen.displays.texts import DisplayTexts
from studygen.document.nodes import Figure, Paragraph, Slot, Table, Text, Value, walk
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
    assert "DMSR: 2023 91.2%, 2024 suppressed." in shown.alt
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
    assert "30 June 2027" in visits
    of_registry = " ".join(said(row) for row in table("quality-of-registry", registry="cz_remus").body)
    assert "send each centre the list" in of_registry


def test_the_deliveries_are_named_with_nature_dates_and_fingerprint() -> None:
    row = next(said(row) for row in table("quality-deliveries").body if said(row.cells[0]) == "DMSR")
    assert "Simulated" in row
    assert "Data cut 30 June 2026" in row
