"""A registry suppresses small counts before it sends, and with them what would give them away; what it writes reads back."""

from __future__ import annotations

import json
from pathlib import Path

from studygen.aggregates.contract import Manifest, Row, RowKey
from studygen.aggregates.sending import write_delivery
from studygen.aggregates.table import read_rows
from studygen.aggregates.withholding import as_sent

SELECTION = (("source_population", "adult", "ill", "study_population"),)


def sent(*rows: tuple[RowKey, str, float], threshold: int = 5) -> list[float | None]:
    made = tuple(Row(line, key, statistic, value, "reported") for line, (key, statistic, value) in enumerate(rows, start=2))
    return [row.value for row in as_sent("dk_dmsr", made, threshold, SELECTION)]


def level(name: str, value: float) -> tuple[RowKey, str, float]:
    return RowKey("baseline", "drug_a", "smoking", name), "n", value


def step(name: str, value: float) -> tuple[RowKey, str, float]:
    return RowKey("attrition", "all", name), "n", value


PERSONS = (RowKey("baseline", "drug_a", "persons"), "n", 100.0)
MISSING = (RowKey("baseline", "drug_a", "smoking"), "missing", 0.0)


def test_zero_and_the_threshold_itself_are_shown() -> None:
    key = RowKey("infection", "drug_a", "infection")
    assert sent((key, "events", 0), (key, "n", 5), (key, "missing", 4)) == [0, 5, None]


def test_a_small_number_of_events_takes_its_rate_along() -> None:
    key = RowKey("infection_rate", "drug_a", "infection")
    rows = sent((key, "events", 3), (key, "person_years", 812.5), (key, "estimate", 0.0037), (key, "ci_lower", 0.001))
    assert rows == [None, 812.5, None, None]


def test_with_one_small_level_the_next_smallest_goes_and_the_group_keeps_its_size() -> None:
    rows = sent(PERSONS, level("never", 60), level("former", 37), level("current", 3), MISSING)
    assert rows == [100, 60, None, None, 0]


def test_two_small_levels_hide_each_other() -> None:
    assert sent(PERSONS, level("never", 93), level("former", 4), level("current", 3), MISSING) == [100, 93, None, None, 0]


def test_a_step_that_excludes_few_people_is_counted_with_the_next() -> None:
    rows = sent(step("source_population", 500), step("adult", 497), step("ill", 320), step("study_population", 320))
    assert rows == [500, None, 320, 320]


def test_what_is_written_reads_back(tmp_path: Path) -> None:
    rows = (
        Row(2, RowKey("infection", "drug_a", "infection", time=365.0), "at_risk", 1200.0, "reported"),
        Row(3, RowKey("infection", "drug_a:drug_b", "infection"), "estimate", 0.000012, "reported"),
        Row(4, RowKey("baseline", "drug_a", "smoking", "former, with a comma"), "n", None, "suppressed"),
    )
    manifest = Manifest(
        format=1,
        study="a-study",
        definition_version="1.0",
        registry="dk_dmsr",
        nature="simulated",
        small_cell_threshold=5,
        files={},
    )
    write_delivery(tmp_path / "dk_dmsr", manifest, rows)
    read, faults = read_rows((tmp_path / "dk_dmsr/aggregates.csv").read_bytes(), "aggregates.csv")
    assert faults == ()
    assert [(r.line, r.key, r.statistic, r.value, r.state) for r in read] == [
        (r.line, r.key, r.statistic, r.value, r.state) for r in rows
    ]
    stated = json.loads((tmp_path / "dk_dmsr/manifest.json").read_text(encoding="utf-8"))
    assert list(stated["files"]) == ["aggregates.csv"]
