"""Quality figures arrive by the delivery contract: each file in tests/bad_quality spoils one thing in the delivery of a small
dossier, and the intake names the rule, place and remedy; what has no fault becomes figures that lead back to their lines.

A file says first what to expect (`# expect:` a part of the message, `# at:` file and line, `# remedy:` a part of the remedy); its
name begins with the rule. Then how to spoil: `file:` of the deliveries with `replace:` by `with:`, `append:` or `create:`;
`dossier:` text of qualification.yaml. Hashes are stated anew unless `keep_hash: yes`."""

from __future__ import annotations

import filecmp
import hashlib
import json
import re
import shutil
from collections.abc import Mapping
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from studygen.aggregates.quality_disclosure import Family, recomputed
from studygen.aggregates.quality_dummy import write_dummy_quality
from studygen.aggregates.quality_intake import load_quality
from studygen.aggregates.quality_rules import QUALITY_MANIFEST_RULES, QUALITY_ROW_RULES
from studygen.errors import DeliveryError
from studygen.qualification.indicators import QualityFigure
from studygen.qualification.loading import read_dossier

TESTS = Path(__file__).resolve().parents[1]
EXAMPLE = TESTS.parent / "protocols" / "bmsd-qualification"
BAD = sorted((TESTS / "bad_quality").glob("*.yaml"))
GIVEN = """analysis,group,variable,level,stratum,time,statistic,value,state
quality,all,dmt_stop,,year=2023,,numerator,400,reported
quality,all,dmt_stop,,year=2023,,denominator,500,reported
quality,all,dmt_stop,,year=2023,,percent,80.0,reported
quality,all,dmt_stop,,year=2024,,numerator,460,reported
quality,all,dmt_stop,,year=2024,,denominator,500,reported
quality,all,dmt_stop,,year=2024,,percent,92.0,reported
quality,all,dmt_stop,treatment_episode.stop_date,year=2024,,numerator,470,reported
quality,all,dmt_stop,treatment_episode.stop_date,year=2024,,denominator,500,reported
"""
MANIFEST = {
    "format": 1,
    "study": "small-dossier",
    "definition_version": "1.0",
    "definition_hash": "0" * 64,
    "registry": "dk_dmsr",
    "nature": "live",
    "data_cut": "2025-01-31",
    "extraction": "2025-02-28",
    "software": "A program 1.0",
    "small_cell_threshold": 5,
    "interval_level": 0.95,
    "perturbed": False,
    "files": {},
}


@pytest.fixture
def dossier(tmp_path: Path) -> Path:
    """The folder of a small dossier, to which one registry has delivered."""
    for given in ("bad_deliveries", "bad_qualifications"):
        shutil.copytree(TESTS / given / "_given", tmp_path / "given", dirs_exist_ok=True)
    folder = tmp_path / "given" / "small-dossier"
    sent = folder / "deliveries" / "dk_dmsr"
    sent.mkdir(parents=True)
    (sent / "aggregates.csv").write_text(GIVEN, encoding="utf-8")
    state(sent, MANIFEST)
    return folder


def state(sent: Path, manifest: Mapping[str, object]) -> None:
    stated = {**manifest, "files": {"aggregates.csv": hashlib.sha256((sent / "aggregates.csv").read_bytes()).hexdigest()}}
    (sent / "manifest.json").write_text(json.dumps(stated, indent=2) + "\n", encoding="utf-8")


def load(folder: Path) -> tuple[QualityFigure, ...]:
    return load_quality(read_dossier(folder, folder.parent / "network"))[1]


def spoil(folder: Path, edit: Mapping[str, str]) -> None:
    file = folder / "qualification.yaml" if "dossier" in edit else folder / "deliveries" / edit["file"]
    if "create" in edit:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(edit["create"], encoding="utf-8")
        return
    text = file.read_text(encoding="utf-8")
    before = edit.get("dossier", edit.get("replace", ""))
    assert before in text
    file.write_text(text + edit["append"] if "append" in edit else text.replace(before, edit["with"], 1), encoding="utf-8")
    if file.name == "aggregates.csv" and "keep_hash" not in edit:
        state(file.parent, json.loads((file.parent / "manifest.json").read_text(encoding="utf-8")))


@pytest.mark.parametrize("case", BAD, ids=[file.stem for file in BAD])
def test_a_bad_delivery_of_quality_figures_is_named(case: Path, dossier: Path) -> None:
    text = case.read_text(encoding="utf-8")
    wanted = dict(re.findall(r"^# (expect|at|remedy): (.*)$", text, flags=re.MULTILINE))
    for edit in YAML(typ="safe").load(text):
        spoil(dossier, edit)
    with pytest.raises(DeliveryError) as caught:
        load(dossier)
    assert len(caught.value.faults) == 1, str(caught.value)
    fault = caught.value.faults[0]
    assert wanted["expect"] in fault.what
    assert wanted["remedy"] in fault.remedy
    assert str(fault.place).split("  ")[0] == f"{dossier.as_posix()}/{wanted['at']}"
    assert fault.rule == (case.stem.split("-")[0] if not case.stem.startswith("A00") else "")


def test_every_rule_on_quality_figures_has_a_bad_delivery() -> None:
    assert {file.stem.split("-")[0] for file in BAD} >= {*QUALITY_MANIFEST_RULES, *QUALITY_ROW_RULES}


def test_faults_of_all_deliveries_are_told_at_once(dossier: Path) -> None:
    shutil.copytree(dossier / "deliveries" / "dk_dmsr", dossier / "deliveries" / "it_rism")
    spoil(dossier, {"file": "dk_dmsr/aggregates.csv", "replace": "percent,92.0", "with": "percent,91.0"})
    with pytest.raises(DeliveryError) as caught:
        load(dossier)
    assert [fault.rule for fault in caught.value.faults] == ["A48", "A20"]


def test_a_figure_is_computed_from_its_counts_and_leads_back_to_its_lines(dossier: Path) -> None:
    figures = load(dossier)
    assert [(x.year, x.item, x.value, x.numerator, x.denominator, x.lines) for x in figures] == [
        (2023, "", 80.0, 400, 500, (2, 3, 4)),
        (2024, "", 92.0, 460, 500, (5, 6, 7)),
        (2024, "treatment_episode.stop_date", 94.0, 470, 500, (8, 9)),
    ]
    content = (dossier / "deliveries" / "dk_dmsr" / "aggregates.csv").read_bytes()
    assert {(x.file, x.sha256, x.simulated) for x in figures} == {
        ("deliveries/dk_dmsr/aggregates.csv", hashlib.sha256(content).hexdigest(), False)
    }


@pytest.mark.parametrize("state_word", ["suppressed", "not_collected", "not_applicable", "not_estimable"])
def test_why_there_is_no_figure_stays_what_it_is(state_word: str, dossier: Path) -> None:
    year = "quality,all,dmt_stop,,year=2022,"
    rows = f"{year},numerator,,{state_word}\n{year},denominator,500,reported\n"
    spoil(dossier, {"file": "dk_dmsr/aggregates.csv", "append": rows})
    figure = next(x for x in load(dossier) if x.year == 2022)
    assert (figure.value, figure.state, figure.denominator) == (None, state_word, 500)


def test_a_share_of_nobody_is_not_zero(dossier: Path) -> None:
    rows = "quality,all,dmt_stop,,year=2022,,numerator,0,reported\nquality,all,dmt_stop,,year=2022,,denominator,0,reported\n"
    spoil(dossier, {"file": "dk_dmsr/aggregates.csv", "append": rows})
    figure = next(x for x in load(dossier) if x.year == 2022)
    assert (figure.value, figure.state) == (None, "not_estimable")


def test_a_sum_of_persons_who_are_there_every_year_gives_nobody_away(dossier: Path) -> None:
    rows = (
        "quality,all,dmt_stop,,year=2022,,numerator,,suppressed\nquality,all,dmt_stop,,year=2022,,denominator,500,reported\n"
        "quality,all,dmt_stop,,overall,,numerator,470,reported\nquality,all,dmt_stop,,overall,,denominator,510,reported\n"
    )
    spoil(dossier, {"file": "dk_dmsr/aggregates.csv", "append": rows})
    assert {x.year for x in load(dossier)} == {2022, 2023, 2024, None}


ITEMS = ("stop_date", "stop_reason")


@pytest.mark.parametrize(
    ("whole", "everything", "parts", "complete", "threshold", "wanted"),
    [
        # By hand: 10 of 4848 lack a part, 6 lack the code, so at least 4 lack the date; suppressed means 1 to 4.
        (4848, 4838, (4842, None), True, 5, 4844),
        (4848, 4838, (4842, None), True, 6, None),  # 4 or 5
        (4848, 4838, (4842, None), False, 5, None),  # a third variable may be what lacks
        (4848, 4839, (4842, None), True, 5, None),  # 3 or 4
        (4848, 4838, (None, None), True, 5, None),  # a second one protects the first
        (4848, 4847, (4848, None), False, 5, 4847),  # one lacks a part, so no more than one lacks the date
        (500, None, (500, 470), True, 5, None),  # the whole lacks 30, which is not small
        (30, 1, (10, None), True, 5, None),  # at least 9 of 30 lack it, and 26 to 29 could, of which one to four have it
        (12, None, (4, 12), True, 5, 4),  # exactly 8 lack a part, and 8 to 11 are what suppressed allows beside 1 to 4
    ],
)
def test_a_suppressed_count_is_recomputed_where_the_others_leave_one_value(
    whole: int, everything: int | None, parts: tuple[int | None, ...], complete: bool, threshold: int, wanted: int | None
) -> None:
    family = Family(whole, everything, dict(zip(ITEMS, parts, strict=True)), complete)
    assert recomputed(family, threshold) == wanted


def test_a_second_suppressed_core_variable_protects_the_first(dossier: Path) -> None:
    two = "core_items: [treatment_episode.stop_date, treatment_episode.start_date]"
    spoil(dossier, {"dossier": "core_items: [treatment_episode.stop_date]", "with": two})
    year = "quality,all,dmt_stop,{},year=2022,"
    parts = {
        "": ("464", "reported"),
        "treatment_episode.stop_date": ("", "suppressed"),
        "treatment_episode.start_date": ("", "suppressed"),
    }
    rows = "".join(
        f"{year.format(item)},numerator,{value},{told}\n{year.format(item)},denominator,500,reported\n"
        for item, (value, told) in parts.items()
    )
    spoil(dossier, {"file": "dk_dmsr/aggregates.csv", "append": rows})
    assert len([x for x in load(dossier) if x.year == 2022]) == 3


def test_a_dossier_without_deliveries_has_no_figures(dossier: Path) -> None:
    shutil.rmtree(dossier / "deliveries")
    assert load(dossier) == ()


def test_simulated_counts_of_one_registry_and_year_agree_with_each_other() -> None:
    dossier = read_dossier(EXAMPLE, EXAMPLE.parent / "network")
    indicators = {each.id: each for each in dossier.definition.indicators}
    _, figures = load_quality(dossier)
    for registry in dossier.definition.registries:
        for year in (2021, 2025):
            found = [x for x in figures if (x.registry, x.year) == (registry, year) and x.denominator is not None]
            wholes: dict[str, set[float | None]] = {}
            for figure in found:
                wholes.setdefault(indicators[figure.indicator].denominator, set()).add(figure.denominator)
            assert all(len(numbers) == 1 for numbers in wholes.values()), (registry, year, wholes)
            of = {words: next(iter(numbers)) or 0 for words, numbers in wholes.items()}
            (visits,) = [x.numerator for x in found if x.indicator == "visit_density"]
            assert visits == of["Clinic visits in the year"] == of["Visits of the year"]
            at_end, in_year = of["Persons under observation at the end of the year"], of["Persons under observation in the year"]
            assert of["Person-years under observation in the year"] <= in_year
            assert at_end <= in_year <= of["Persons entered by the end of the year"]


def test_the_simulated_deliveries_of_the_example_are_those_of_the_generator(tmp_path: Path) -> None:
    dossier = read_dossier(EXAMPLE, EXAMPLE.parent / "network")
    for registry in dossier.definition.registries:
        write_dummy_quality(dossier, registry, tmp_path / registry)
        kept = EXAMPLE / "deliveries" / registry
        equal, *differing = filecmp.cmpfiles(tmp_path / registry, kept, ["aggregates.csv", "manifest.json"], shallow=False)
        assert (sorted(equal), differing) == (["aggregates.csv", "manifest.json"], [[], []]), registry
    assert all(figure.simulated for figure in load_quality(dossier)[1])
