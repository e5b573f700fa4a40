"""What the tests of displays are made from: frames, registries that exist nowhere, results written by hand, slots."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from studygen.definition import Prose
from studygen.displays.catalogue import DISPLAYS
from studygen.displays.frame import Frame
from studygen.displays.texts import DisplayTexts
from studygen.document.nodes import Cell, ListBlock, Paragraph, Slot, Text, plain_text
from studygen.guidance.shelf import Checklists
from studygen.network.network import Fact, Network, NetworkProfile, RegistryProfile
from studygen.results.findings import Count, Curve, CurveKind, Estimate, Note, Origin, Quantity, Result, ResultSet, Source
from studygen.results.planning import planned_precision
from studygen.study.study import Study

ROOT = Path(__file__).resolve().parents[2]
VALID = ROOT / "tests" / "bad_definitions" / "_valid.yaml"
FIGURES = ("attrition-flow", "design-diagram", "forest", "love-plot", "survival", "timeline")

HOSTILE = ("*_|<&>`$x^2$ {braces} \\ «Ж» 漢字 é\u200b" * 20)[:499] + "."


def fact(value: str = "A fact") -> Fact:
    return Fact(value=value, source="A source", as_of="2025-01", status="unconfirmed")


def registry(id: str, short_name: str, **more: Any) -> RegistryProfile:
    names = [name for name, field in RegistryProfile.model_fields.items() if field.annotation is Fact]
    facts: dict[str, Any] = {name: fact() for name in names}
    return RegistryProfile(
        format=1,
        id=id,
        name=f"Registry {short_name}",
        short_name=short_name,
        scope="national",
        countries=("DK",),
        small_cell_threshold=5,
        reference="A publication",
        **{**facts, **more},
    )


def network(*registries: RegistryProfile) -> Network:
    names = [name for name, field in NetworkProfile.model_fields.items() if field.annotation is Fact]
    facts: dict[str, Any] = {name: fact() for name in names}
    profile = NetworkProfile(format=1, name="A network", short_name="NET", small_cell_threshold=5, as_of="2025-01-01", **facts)
    return Network(profile=profile, registries=registries)


def frame_of(study: Study, registries: Network, texts: DisplayTexts, results: ResultSet | None) -> Frame:
    def prose(text: Prose) -> tuple[Paragraph, ...]:
        return tuple(Paragraph((Text(part),)) for part in text.split("\n\n"))

    checklists = Checklists(lambda name: ROOT / "templates" / "guidance" / "checklists" / f"{name}.yaml")
    return Frame(study, registries, planned_precision(study), results, texts, prose, checklists=checklists)


# ---------------------------------------------------------------- results by hand

ORIGIN = Origin("as_delivered", sources=(Source("dk_dmsr", "deliveries/dk_dmsr/aggregates.csv", "ab" * 32, (2, 3)),))


def estimate(id: str, value: float | None, lower: float | None = None, upper: float | None = None, **more: Any) -> Estimate:
    said = {"measure": "incidence_rate_ratio", "level": 0.95, "interval": "wald", "state": "reported", "origin": ORIGIN}
    if value is None:
        said["state"] = "not_estimable"
    return Estimate(id=id, value=value, lower=lower, upper=upper, **{**said, **more})


def count(id: str, value: int | None, **more: Any) -> Count:
    said = {"unit": "persons", "state": "reported" if value is not None else "suppressed", "origin": ORIGIN}
    return Count(id=id, value=value, **{**said, **more})


def quantity(id: str, value: float | None, unit: str, **more: Any) -> Quantity:
    said = {"unit": unit, "state": "reported" if value is not None else "not_estimable", "origin": ORIGIN}
    return Quantity(id=id, value=value, **{**said, **more})


def results_of(registries: list[str]) -> tuple[Result, ...]:
    """Results of every analysis of the small study for these registries, in every state that a result can have."""
    noted = Origin("dl_wald", notes=(Note("two_sources_hartung_knapp", (("k", "2"),)),))
    found: list[Result] = []
    for stem in ("infection_ratio", "infection_lag", "infection_by_sex.sex=female", "infection_by_sex.sex=male"):
        analysis, _, stratum = stem.partition(".")
        for number, name in enumerate(registries):
            found.append(estimate(f"{stem}.{name}.estimate", 0.5 + number / 7, 0.3, 0.9 + number, measure="incidence_rate_ratio"))
            for group in ("a", "b"):
                inner = ".".join(part for part in (analysis, group, stratum, name) if part)
                found.append(count(f"{inner}.n", None if number == 1 else 1234, threshold=5))
                found.append(count(f"{inner}.events", 17, unit="events"))
                found.append(quantity(f"{inner}.person_years", 5678.4, "person_years"))
            found.append(quantity(f"{stem}.{name}.weight", 100 / len(registries), "percent"))
    found += [
        estimate("infection_ratio.pooled", 0.77, 0.0881, 6.7617, interval="hartung_knapp", origin=noted),
        estimate("infection_ratio.pooled_common_wald", 0.706, 0.6378, 0.7814),
        estimate("infection_ratio.prediction", 0.77, 0.4, 1.5, interval="prediction"),
        count("infection_ratio.k", len(registries), unit="registries"),
        quantity("infection_ratio.q", 6.9194, "chi_squared"),
        quantity("infection_ratio.q_p", 0.00852, "p_value"),
        quantity("infection_ratio.i_squared", 85.55, "percent"),
        quantity("infection_ratio.h_squared", 6.92, "ratio"),
        quantity("infection_ratio.tau_squared", 0.0503, "variance"),
        quantity("infection_ratio.tau_squared_common_wald", None, "variance", state="not_applicable"),
    ]
    for group in ("a", "b"):
        for number, name in enumerate(registries):
            stem = f"infection_rate.{group}.{name}"
            found.append(count(f"{stem}.events", 0 if number == 0 else 12, unit="events"))
            found.append(quantity(f"{stem}.person_years", 1234.5, "person_years"))
            found.append(estimate(f"{stem}.estimate", 0.0, 0.0, 0.00299, measure="incidence_rate", per=1000))
    for name in registries:
        found += [
            count(f"attrition.{name}.source_population.n", 5000),
            estimate(f"infection_ratio.without_{name}", 0.7, 0.6, 0.8),
        ]
    return (*found, *described(registries), *curves())


def described(registries: list[str]) -> list[Result]:
    """Selection and baseline of the small study, one registry with a suppressed level."""
    found: list[Result] = []
    for name in (*registries, "total"):
        if name == "total":
            found.append(count("attrition.total.source_population.n", 10_000))
        found += [count(f"attrition.{name}.adult.n", 4800), count(f"attrition.{name}.study_population.n", 4000)]
        found += [count(f"attrition.{name}.adult.excluded", 200), count(f"attrition.{name}.study_population.excluded", 800)]
        for group in ("a", "b"):
            stem = f"baseline.{group}.{name}"
            found += [
                count(f"{stem}.persons.n", 2000),
                count(f"{stem}.sex.female.n", 1400, of=2000),
                count(f"{stem}.sex.male.n", None, threshold=5, of=2000),
                count(f"{stem}.sex.missing", 9, of=2000),
            ]
        found += [
            quantity(f"baseline.a_vs_b.{name}.sex.smd", 0.1234, "standard_deviations"),
            quantity(f"baseline.a_vs_b.{name}.sex.smd_weighted", 0.004, "standard_deviations"),
        ]
    found += [
        quantity("baseline.a_vs_b.total.sex.smd_largest", 0.31, "standard_deviations"),
        quantity("baseline.a_vs_b.total.sex.smd_weighted_largest", 0.08, "standard_deviations"),
    ]
    return found


def curve(id: str, kind: CurveKind, probability: tuple[float, ...], **more: Any) -> Curve:
    """A curve by years with limits a hundredth to either side."""
    known = [None if at == 0 else each for at, each in enumerate(probability)]
    said: dict[str, Any] = {
        "days": tuple(365.0 * year for year in range(len(probability))),
        "lower": tuple(None if each is None else each - 0.01 for each in known),
        "upper": tuple(None if each is None else each + 0.01 for each in known),
        "at_risk": tuple(2000.0 - 150 * year for year in range(len(probability))),
        "events": tuple(0.0 if year == 0 else 50.0 for year in range(len(probability))),
        "level": 0.95,
        "state": "reported",
        "origin": ORIGIN,
    }
    return Curve(id=id, kind=kind, probability=probability, **{**said, **more})


def curves() -> list[Result]:
    """Curves of three analyses: one that falls far, one that hardly falls, one with competing events."""
    return [
        curve("infection_ratio.a.survival", "survival", (1.0, 0.8, 0.7, 0.61)),
        curve("infection_ratio.b.survival", "survival", (1.0, 0.85, 0.75, 0.66)),
        curve("infection_lag.a.survival", "survival", (1.0, 0.99, 0.985, 0.98)),
        curve("infection_lag.b.survival", "survival", (1.0, 0.995, 0.99, 0.985)),
        curve("infection_rate.a.cumulative_incidence", "cumulative_incidence", (0.0, 0.02, 0.03, 0.05)),
        curve("infection_rate.b.dk_dmsr.survival", "survival", (), state="suppressed"),
    ]


# ---------------------------------------------------------------- slots


def slots(study: Study, display: str) -> Iterator[Slot]:
    """Every slot that asks for a display: one for each value of its option."""
    kind = "figure" if display in FIGURES else "table"
    stem = f"{'fig' if kind == 'figure' else 'tbl'}-{display}"
    options = DISPLAYS[display].options
    if not options:
        yield Slot(kind, stem, display)
    for name, known in options.items():
        for value in known(study):
            yield Slot(kind, f"{stem}-{value}", display, ((name, value),))


# ---------------------------------------------------------------- reading


def cell_text(cell: Cell) -> str:
    return " ".join(text for block in cell.blocks for text in block_texts(block))


def block_texts(block: object) -> list[str]:
    match block:
        case Paragraph():
            return [plain_text(block.children)]
        case ListBlock():
            return [text for item in block.items for inner in item for text in block_texts(inner)]
    raise AssertionError(f"a {type(block).__name__} in a cell")
