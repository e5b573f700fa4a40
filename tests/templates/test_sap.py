"""The statistical analysis plan has its 25 parts, belongs to a protocol version, and shows every result as a shell."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from studygen.document.manifest import load_manifest
from studygen.document.nodes import Document, Figure, Heading, Table, plain_text, walk
from studygen.network.network import Network
from studygen.study.study import Study

ROOT = Path(__file__).resolve().parents[2]

PARTS = [
    "Version, protocol and signatures",
    "List of abbreviations",
    "Changes from the protocol",
    "Objectives and estimands",
    "Study design and target trial",
    "Data sources and data cuts",
    "Study populations and analysis sets",
    "Time zero, windows, follow-up and censoring",
    "Derivation of exposures, outcomes and covariates",
    "Study size and precision",
    "Descriptive analyses",
    "Main and secondary analyses",
    "Missing data",
    "Intercurrent events",
    "Combination of the registries’ results",
    "Subgroup analyses",
    "Sensitivity analyses",
    "Multiplicity",
    "Interim analyses",
    "Disclosure control",
    "Quality control",
    "Software",
    "Table and figure shells",
    "References",
    "Code lists",
]
"""The 25 parts of ../shared/regulatory.md 9.1, in that order; the wording of the headings is ours."""

Composed = Callable[[str, str], Document]


def test_the_manifest_lists_the_25_parts_in_order() -> None:
    manifest = load_manifest(ROOT / "templates" / "sap" / "document.yaml")
    assert [(section.number, section.heading) for section in manifest.sections] == [
        (str(number), heading) for number, heading in enumerate(PARTS, start=1)
    ]


def test_no_part_of_the_plan_is_empty(composed: Composed, study_name: str) -> None:
    body = list(composed(study_name, "sap").body)
    at = [index for index, block in enumerate(body) if isinstance(block, Heading) and block.level == 1]
    assert [plain_text(body[index].children) for index in at] == PARTS  # type: ignore[union-attr]
    assert all(after - before > 1 for before, after in zip(at, [*at[1:], len(body)], strict=True))


def test_every_planned_analysis_has_a_shell_and_every_pooled_one_a_forest_plot(composed: Composed, study_name: str) -> None:
    from studygen.pipeline.loading import load

    study = load(ROOT / "protocols" / study_name).study
    document = composed(study_name, "sap")
    shells = {node.id for node in walk(document.body) if isinstance(node, (Table, Figure))}
    planned = [analysis for analysis in study.analyses if not analysis.post_hoc]
    without_table = [a.id for a in planned if not shells & {f"tbl-effects-{a.id}", f"tbl-occurrence-{a.id}"}]
    without_plot = [a.id for a in planned if hasattr(a.pooling, "main") and f"fig-forest-{a.id}" not in shells]
    assert (without_table, without_plot) == ([], [])


def test_the_plan_names_the_protocol_version_it_belongs_to(said: Any, safety_study: tuple[Study, Network]) -> None:
    study, network = safety_study
    protocol = study.documents.protocol
    document = {"version": "0.9", "reference": "BMSD-PASS-EX1-SAP", "date_text": "30 June 2025"}
    text = said("sap/version.md.j2", study, network, document=document)
    assert f"It belongs to version {protocol.version} of the study protocol ({protocol.reference})" in text


def test_a_sensitivity_analysis_says_what_it_varies(said: Any, safety_study: tuple[Study, Network]) -> None:
    study, network = safety_study
    analysis = next(each for each in study.analyses if each.id == "malignancy_hr_lag_180")
    text = said("shared/analysis-displays.md.j2", study, network, analysis=analysis)
    assert "It differs from the analysis “Malignancy: hazard ratio” in one respect: the lag, from 365 to 180 days" in text
    assert "tbl-leave-one-out" not in text
