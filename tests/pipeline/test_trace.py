"""Every number of a report can be followed to the lines that were delivered: the annex, the trace file and `explain` agree."""

from __future__ import annotations

import csv
import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from studygen.displays.tables.trace import runs
from studygen.displays.texts import DisplayTexts
from studygen.document.nodes import Document, Figure, Paragraph, Row, Value, plain_text, walk
from studygen.document.traces import row_anchors, uses, value_anchor
from studygen.pipeline.building import build
from studygen.pipeline.composing import compose
from studygen.pipeline.explaining import explain
from studygen.pipeline.loading import Loaded, load
from studygen.pipeline.tracing import exact, trace
from studygen.results.findings import Estimate, Origin

PROTOCOLS = Path(__file__).resolve().parents[2] / "protocols"
REPORTING = ("covid19-mortality-ms", "natalizumab-fingolimod-paes")


@pytest.fixture(scope="module", params=REPORTING)
def reported(request: pytest.FixtureRequest) -> tuple[Loaded, Document]:
    loaded = load(PROTOCOLS / request.param)
    return loaded, compose(loaded, ["report"])["report"]


def traced(loaded: Loaded, document: Document) -> list[dict[str, Any]]:
    found = trace(document, loaded, DisplayTexts.load(loaded.places.templates))
    return json.loads(json.dumps(found["results"], allow_nan=False))


def row_of(document: Document, id: str) -> list[str]:
    """The words of the annex row of a result, cell by cell."""
    row = next(node for node in walk(document.body) if isinstance(node, Row) and node.id == value_anchor(id))
    return [" / ".join(plain_text(p.children) for p in walk(cell) if isinstance(p, Paragraph)) for cell in row.cells]


def test_every_number_of_a_report_has_its_row_in_the_annex(reported: tuple[Loaded, Document]) -> None:
    _, document = reported
    shown = {value_anchor(node.id) for node in walk((document.front, document.body)) if isinstance(node, Value)}
    assert shown
    assert shown - row_anchors(document.body) == set()


def test_the_annex_explains_what_is_shown_and_what_that_rests_on_and_nothing_else(reported: tuple[Loaded, Document]) -> None:
    loaded, document = reported
    assert loaded.results is not None
    needed = {node.id for node in walk((document.front, document.body)) if isinstance(node, Value)}
    results = {**loaded.results, **loaded.planned}
    while more := {each for id in needed for each in results[id].origin.inputs} - needed:
        needed |= more
    rows = [node.id for node in walk(document.body) if isinstance(node, Row) and node.id]
    assert rows == [value_anchor(id) for id in results if id in needed]
    assert 0 < len(rows) < len(results)


def test_numbers_that_a_figure_draws_are_traced_to_it(reported: tuple[Loaded, Document]) -> None:
    loaded, document = reported
    forests = [node for node in document.body if isinstance(node, Figure) and node.id.startswith("fig-forest")]
    assert any(value.id.endswith(".pooled") for forest in forests for value in forest.values)
    uses_by_id = {entry["id"]: {use["display"] for use in entry["used"]} for entry in traced(loaded, document)}
    for forest in forests:
        analysis = forest.id.removeprefix("fig-forest-")
        assert loaded.results is not None
        pooled = {id for id in (f"{analysis}.pooled", f"{analysis}.prediction") if id in loaded.results}
        assert pooled <= {value.id for value in forest.values}
        for value in forest.values:
            assert f"Figure {forest.number}" in uses_by_id[value.id]
            assert value.text in forest.alt or value.id.endswith((".n", ".events", ".prediction")), value


def test_a_trace_lists_what_is_shown_in_reading_order_with_every_text(reported: tuple[Loaded, Document]) -> None:
    loaded, document = reported
    entries = traced(loaded, document)
    values = [node for node in walk((document.front, document.body)) if isinstance(node, Value)]
    shown = list(dict.fromkeys(value.id for value in values))
    assert [entry["id"] for entry in entries][: len(shown)] == shown
    for entry in entries:
        assert set(entry["texts"]) == {value.text for value in values if value.id == entry["id"]}
        assert bool(entry["used"]) == bool(entry["texts"])


def test_what_a_shown_number_was_computed_from_is_in_the_trace_too(reported: tuple[Loaded, Document]) -> None:
    entries = traced(*reported)
    known = {entry["id"] for entry in entries}
    assert {each["id"] for entry in entries for each in entry["inputs"]} <= known


def test_a_traced_file_has_the_hash_that_the_trace_says(reported: tuple[Loaded, Document]) -> None:
    loaded, document = reported
    sources = [source for entry in traced(loaded, document) for source in entry["sources"]]
    assert sources
    for source in sources:
        content = (loaded.places.study / source["file"]).read_bytes()
        assert hashlib.sha256(content).hexdigest() == source["sha256"]


def test_the_traced_lines_hold_the_delivered_numbers(reported: tuple[Loaded, Document]) -> None:
    loaded, document = reported
    checked = 0
    for entry in traced(loaded, document):
        if entry["method"] != "as_delivered" or entry["state"] != "reported":
            continue
        (source,) = entry["sources"]
        with (loaded.places.study / source["file"]).open(encoding="utf-8", newline="") as file:
            lines = list(csv.DictReader(file))
        # Line 1 holds the names of the columns.
        delivered = {float(lines[row - 2]["value"]) for row in source["rows"]}
        wanted = {entry["exact"][key] for key in ("value", "lower", "upper") if key in entry["exact"]}
        assert wanted <= delivered
        checked += 1
    assert checked > 5


@pytest.fixture(scope="module")
def paes() -> tuple[Loaded, Document]:
    loaded = load(PROTOCOLS / "natalizumab-fingolimod-paes")
    return loaded, compose(loaded, ["report"])["report"]


def test_the_exact_value_of_the_pooled_ratio_is_that_of_metafor(paes: tuple[Loaded, Document]) -> None:
    # R 4.2, metafor: rma(log(c(.93, .66)), sei = c(log(1.17/.74), log(.74/.59)) / (2 * qnorm(.975)), method = "DL"),
    # 15 significant digits of exp(b), exp(ci.lb), exp(ci.ub); and I².
    loaded, document = paes
    entries = {entry["id"]: entry for entry in traced(loaded, document)}
    ratio = entries["arr_ratio.pooled"]["exact"]
    for key, digits in (("value", 0.771756100604664), ("lower", 0.552185906930640), ("upper", 1.078635784334371)):
        assert ratio[key] == pytest.approx(digits, rel=1e-12)
    assert entries["arr_ratio.i_squared"]["exact"]["value"] == pytest.approx(85.5478351330178, rel=1e-12)


def test_an_annex_row_says_what_how_and_where_from(paes: tuple[Loaded, Document]) -> None:
    id, shown, number, unit, method, sources = row_of(paes[1], "arr_ratio.pooled")
    assert (id, shown, unit, method) == ("arr_ratio.pooled", "0.77 (0.55–1.08)", "Relapse rate ratio", "dl_wald")
    value, interval = number.split(" / ")
    assert float(value) == pytest.approx(0.771756100604664, rel=1e-13)
    assert interval.startswith("95%: 0.552185906930")
    # Both files hold estimate and limits on lines 2 to 4, below the names of the columns.
    assert sources == "DMSR and MSBase: aggregates.csv, lines 2–4"


def test_a_use_names_section_and_table(paes: tuple[Loaded, Document]) -> None:
    _, document = paes
    places = [(use.section, use.display) for use in uses(document) if use.id == "arr_ratio.pooled"]
    assert ("1", "") in places
    tables = [display for section, display in places if section == "10.4.1" and display.startswith("Table ")]
    assert tables


def test_explain_and_trace_tell_the_same(paes: tuple[Loaded, Document]) -> None:
    loaded, document = paes
    entry = next(entry for entry in traced(loaded, document) if entry["id"] == "arr_ratio.pooled")
    explained = json.loads(json.dumps(explain(loaded.places.study, "arr_ratio.pooled")))
    for key in ("shown", "exact", "unit", "state", "method", "formula", "citation", "inputs", "notes"):
        assert explained[key] == entry[key]
    assert [[line["line"] for line in source["lines"]] for source in explained["sources"]] == [
        source["rows"] for source in entry["sources"]
    ]


def test_a_limit_without_bound_is_a_word_because_json_has_no_infinity() -> None:
    wide = Estimate("a.pooled", "hazard_ratio", 1.0, 0.0, float("inf"), 0.95, "wald", "reported", Origin("common_wald"))
    assert exact(wide)["upper"] == "infinity"


def test_anchors_of_results_with_like_names_differ() -> None:
    ids = ["deaths.age=18_40.pooled", "deaths.age.18_40.pooled", "deaths.age_18_40.pooled", "deaths_age.18_40.pooled"]
    assert len({value_anchor(id) for id in ids}) == len(ids)


def test_neighbouring_lines_are_one_range() -> None:
    assert runs((9, 2, 3, 4)) == [(2, 4), (9, 9)]


def test_a_trace_file_stands_beside_the_report_alone(tmp_path: Path) -> None:
    outcome = build(PROTOCOLS / "natalizumab-fingolimod-paes", tmp_path, formats=("html", "trace.json"), workers=1)
    names = sorted(built.path.name for built in outcome.files)
    assert [name for name in names if name.endswith("trace.json")] == ["report.trace.json"]
    written = json.loads((tmp_path / "natalizumab-fingolimod-paes/report.trace.json").read_text(encoding="utf-8"))
    assert written["document"] == "BMSD-PAES-EX2-REP"
    again = build(PROTOCOLS / "natalizumab-fingolimod-paes", tmp_path, formats=("html", "trace.json"), workers=1)
    assert not any(built.written for built in again.files)
