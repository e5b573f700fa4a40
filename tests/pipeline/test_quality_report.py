"""The quality report: made from what registries delivered, marked where it is simulated; a seventh registry with its delivery
stands in every figure and table."""

from __future__ import annotations

import hashlib
import shutil
from functools import cache
from pathlib import Path

from studygen.aggregates.quality_dummy import write_dummy_quality
from studygen.document.nodes import Code, Document, Figure, Table, Text, Value, walk
from studygen.document.traces import row_anchors, value_anchor
from studygen.pipeline.explaining import explain
from studygen.pipeline.qualifying import LoadedDossier, compose_dossier, load_dossier, wanted_documents
from studygen.qualification.loading import read_dossier

PROTOCOLS = Path(__file__).resolve().parents[2] / "protocols"
EXAMPLE = PROTOCOLS / "bmsd-qualification"


@cache
def loaded() -> LoadedDossier:
    return load_dossier(EXAMPLE)


def report(of: LoadedDossier) -> Document:
    return compose_dossier(of, wanted_documents(of, ["quality-report"]).values())["quality-report"]


@cache
def example() -> Document:
    return report(loaded())


def said(node: object) -> str:
    return " ".join(each.text for each in walk(node) if isinstance(each, Text | Value | Code))


def test_simulated_figures_mark_every_page() -> None:
    assert "Quality figures are simulated" in example().meta.marks


def test_every_delivered_figure_of_an_indicator_is_printed_and_explained() -> None:
    shown = {node.id for node in walk(example().body) if isinstance(node, Value)}
    shown |= {value.id for node in walk(example().body) if isinstance(node, Figure) for value in node.values}
    delivered = {f"quality:{x.registry}.{x.indicator}.{x.year}" for x in loaded().dossier.figures if not x.item}
    assert delivered <= shown
    assert {value_anchor(where) for where in shown} <= row_anchors(example().body)


def test_a_number_leads_to_its_counts_and_to_the_lines_that_were_delivered() -> None:
    (table,) = [node for node in walk(example().body) if isinstance(node, Table) and node.id == "tbl-dossier-figures"]
    cells = {cell.id: said(cell) for row in table.body for cell in row.cells if cell.id}
    lines = (EXAMPLE / "deliveries/dk_dmsr/aggregates.csv").read_text(encoding="utf-8").splitlines()
    found = [(n, line.split(",")) for n, line in enumerate(lines, start=1) if ",dmt_stop,,year=2025," in line]
    counts = {fields[6]: fields[7] for _, fields in found}
    wanted = f"{counts['numerator']}/{counts['denominator']} ({found[0][0]}–{found[-1][0]})"
    assert cells[value_anchor("quality:dk_dmsr.dmt_stop.2025")] == wanted


def test_the_report_says_that_nothing_was_delivered_while_its_figures_are_simulated() -> None:
    text = said(example().body)
    assert "No registry has delivered its figures yet; simulated ones stand for six registries" in " ".join(text.split())
    assert "have delivered" not in text


def test_the_report_names_the_fingerprint_of_every_delivery() -> None:
    text = said(example().body)
    for registry in loaded().dossier.definition.registries:
        content = (EXAMPLE / "deliveries" / registry / "aggregates.csv").read_bytes()
        assert hashlib.sha256(content).hexdigest() in text


def test_explain_leads_from_a_figure_to_its_delivered_lines() -> None:
    facts = explain(EXAMPLE, "quality:dk_dmsr.dmt_stop.2025")
    (source,) = facts["sources"]  # type: ignore[misc]
    lines = (EXAMPLE / "deliveries/dk_dmsr/aggregates.csv").read_text(encoding="utf-8").splitlines()
    assert [each["text"] for each in source["lines"]] == [line for line in lines if ",dmt_stop,,year=2025," in line]


def test_a_seventh_registry_with_its_delivery_stands_everywhere(tmp_path: Path) -> None:
    shutil.copytree(PROTOCOLS, tmp_path / "protocols")
    network, folder = tmp_path / "protocols" / "network", tmp_path / "protocols" / "bmsd-qualification"
    profile = (network / "registries/dk_dmsr.yaml").read_text(encoding="utf-8")
    changes = {
        "id: dk_dmsr": "id: no_test",
        "name: Danish Multiple Sclerosis Registry": "name: Norwegian test registry",
        "short_name: DMSR": "short_name: NORTEST",
        "countries: [DK]": "countries: [NO]",
    }
    for old, new in changes.items():
        assert old in profile
        profile = profile.replace(old, new)
    (network / "registries/no_test.yaml").write_text(profile, encoding="utf-8")
    definition = folder / "qualification.yaml"
    text = definition.read_text(encoding="utf-8")
    assert "se_smsreg, msbase]" in text
    definition.write_text(text.replace("se_smsreg, msbase]", "se_smsreg, msbase, no_test]", 1), encoding="utf-8")
    write_dummy_quality(read_dossier(folder, network), "no_test", folder / "deliveries" / "no_test")

    seven = report(load_dossier(folder))
    figures = [node for node in walk(seven.body) if isinstance(node, Figure)]
    assert len(figures) == 2 + len(loaded().dossier.definition.indicators)
    assert all("NORTEST" in figure.alt for figure in figures)
    assert all(any(".no_test." in f".{value.id.partition(':')[2]}" for value in figure.values) for figure in figures)
    tables = {node.id: said(node) for node in walk(seven.body) if isinstance(node, Table)}
    for name in ("tbl-quality-summary", "tbl-quality-deliveries", "tbl-dossier-figures", "tbl-by-year-dmt_stop"):
        assert "NORTEST" in tables[name], name
    assert "tbl-quality-no_test" in tables
    assert "Norwegian test registry" in said(seven.body)
