"""The statistical analysis plan has its 25 parts, belongs to a protocol version, and shows each pattern of results as a shell."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from studygen.document.manifest import load_manifest
from studygen.document.nodes import Document, Figure, Heading, Paragraph, Table, plain_text, walk
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
    "Combination of the results",
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


def test_every_planned_analysis_has_a_shell_of_its_own_or_is_named_beside_one(composed: Composed, study_name: str) -> None:
    from studygen.pipeline.loading import load

    study = load(ROOT / "protocols" / study_name).study
    blocks = list(composed(study_name, "sap").body)
    start = next(at for at, each in enumerate(blocks) if isinstance(each, Heading) and each.number == "23")
    end = next(at for at, each in enumerate(blocks) if isinstance(each, Heading) and each.number == "24")
    shells = {node.id for node in walk(tuple(blocks[start:end])) if isinstance(node, (Table, Figure))}
    named = " ".join(plain_text(node.children) for node in walk(tuple(blocks[start:end])) if isinstance(node, Paragraph))
    planned = [analysis for analysis in study.analyses if not analysis.post_hoc]
    without = [a.id for a in planned if not shells & {f"tbl-effects-{a.id}", f"tbl-occurrence-{a.id}"} and a.label not in named]
    assert without == []
    assert any(hasattr(a.pooling, "main") and f"fig-forest-{a.id}" in shells for a in planned)


def test_each_pattern_of_results_is_printed_once(composed: Composed) -> None:
    # The safety study compares and combines (one pattern) and describes without combining (another).
    tables = [node.id for node in walk(composed("cladribine-s1p-pass", "sap").body) if isinstance(node, Table)]
    for stem in ("tbl-effects-", "tbl-occurrence-", "tbl-heterogeneity-", "tbl-pooling-comparison-", "tbl-leave-one-out-"):
        assert len([id for id in tables if id.startswith(stem)]) == 1, stem


def test_a_plan_on_published_results_promises_no_display_that_publications_cannot_fill(composed: Composed) -> None:
    for study in ("covid19-mortality-ms", "natalizumab-fingolimod-paes"):
        shells = {node.id for node in walk(composed(study, "sap").body) if isinstance(node, (Table, Figure))}
        assert not [id for id in shells if id.startswith(("tbl-attrition", "tbl-baseline", "fig-survival", "fig-love-plot"))]


def test_the_plan_states_the_formulas_of_the_methods_it_uses(composed: Composed) -> None:
    def formulas(study: str) -> dict[str, str]:
        table = next(
            node for node in walk(composed(study, "sap").body) if isinstance(node, Table) and node.id == "tbl-plan-methods"
        )
        return {cells[0]: cells[1] for each in table.body if len(cells := [words(cell.blocks) for cell in each.cells]) > 1}

    def words(blocks: tuple[Any, ...]) -> str:
        return " ".join(plain_text(block.children) for block in blocks if isinstance(block, Paragraph))

    natalizumab, covid = formulas("natalizumab-fingolimod-paes"), formulas("covid19-mortality-ms")
    # Hartung and Knapp 2001; Riley, Higgins and Deeks 2011; Cochran 1954: as in ../shared/statistics.md
    assert any("t(k − 1)" in formula for label, formula in natalizumab.items() if "Hartung–Knapp interval" in label)
    assert covid["Prediction interval beside the Wald interval"] == "μ ± t(k − 2) √(τ² + se²)"
    assert not any("Prediction interval" in label for label in natalizumab)  # two registries give none
    assert natalizumab["Cochran’s Q"].startswith("Σ w₀ (y − μ₀)²")
    assert "E-value of the combined ratio" in natalizumab
    assert "E-value of the combined ratio" not in covid
    assert any("beta quantiles" in formula for formula in covid.values())


def test_an_open_plan_waits_for_signatures_and_a_final_one_has_them(composed: Composed) -> None:
    def said(study: str) -> str:
        return " ".join(plain_text(node.children) for node in walk(composed(study, "sap").body) if isinstance(node, Paragraph))

    assert "names those who will sign this plan before it becomes final" in said("cladribine-s1p-pass")
    assert "names those who sign this plan; the signed and dated page is kept on file" in said("covid19-mortality-ms")


def test_the_plan_names_the_protocol_version_it_belongs_to(said: Any, safety_study: tuple[Study, Network]) -> None:
    study, network = safety_study
    protocol = study.documents.protocol
    document = {"version": "0.9", "reference": "BMSD-PASS-EX1-SAP", "date_text": "24 November 2026"}
    text = said("sap/version.md.j2", study, network, document=document)
    assert f"It belongs to version {protocol.version} of the study protocol ({protocol.reference})" in text
