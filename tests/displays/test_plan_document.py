"""The analysis plan names those who sign it, and the formulas of the ways of combining that it uses, from the one catalogue."""

from __future__ import annotations

from collections.abc import Callable

from studygen.displays.frame import Frame
from studygen.displays.tables.plan_document import plan_methods, signatures
from studygen.document.nodes import Paragraph, Slot, Table, plain_text
from studygen.study.objectives import PoolingModel


def cells(table: Table) -> list[list[str]]:
    return [
        [" ".join(plain_text(block.children) for block in each.blocks if isinstance(block, Paragraph)) for each in row.cells]
        for row in table.body
    ]


def pooled(frame: Frame, main: PoolingModel) -> Frame:
    """The study with one analysis, combined in one way and in no other."""
    from dataclasses import replace

    analysis = next(each for each in frame.study.analyses if hasattr(each.pooling, "main"))
    pooling = analysis.pooling.model_copy(update={"main": main, "beside": (), "prediction": True})
    study = frame.study.model_copy(update={"analyses": (analysis.model_copy(update={"pooling": pooling}),)})
    return replace(frame, study=study)


def formulas(frame: Frame) -> dict[str, str]:
    return {
        row[0]: row[1] for row in cells(plan_methods(frame, Slot("table", "tbl-plan-methods", "plan-methods"))) if len(row) == 3
    }


def test_a_hartung_knapp_plan_states_its_interval_and_its_prediction_interval(make_frame: Callable[..., Frame]) -> None:
    # Hartung and Knapp 2001: t with k − 1 degrees of freedom
    found = formulas(pooled(make_frame(), PoolingModel(model="random_effects", estimator="reml", interval="hartung_knapp")))
    assert any(
        "t(k − 1)" in formula for label, formula in found.items() if "Hartung–Knapp interval" in label and "Random" in label
    )
    assert found["Prediction interval beside the Hartung–Knapp interval"].startswith("μ ± t(k − 1) √(τ² + se²)")
    assert not [label for label in found if "Wald" in label and "Prediction" in label]


def test_a_wald_plan_predicts_with_k_minus_2(make_frame: Callable[..., Frame]) -> None:
    # Riley, Higgins and Deeks 2011: t with k − 2 degrees of freedom
    found = formulas(pooled(make_frame(), PoolingModel(model="random_effects", estimator="dl", interval="wald")))
    assert found["Prediction interval beside the Wald interval"] == "μ ± t(k − 2) √(τ² + se²)"


def test_a_common_effect_plan_has_no_prediction_interval(make_frame: Callable[..., Frame]) -> None:
    found = formulas(pooled(make_frame(), PoolingModel(model="common_effect", interval="wald")))
    assert not [label for label in found if "Prediction" in label]
    assert found["Cochran’s Q"].startswith("Σ w₀ (y − μ₀)²")


def test_only_the_symbols_used_are_explained(make_frame: Callable[..., Frame]) -> None:
    frame = pooled(make_frame(), PoolingModel(model="common_effect", interval="wald"))
    (note,) = plan_methods(frame, Slot("table", "tbl-plan-methods", "plan-methods")).notes
    said = plain_text(note)
    assert "k: number of data sources combined" in said
    assert "θ" not in said


def test_the_main_author_signs_first(make_frame: Callable[..., Frame]) -> None:
    frame = make_frame()
    author = frame.study.party(frame.study.documents.sap.author)
    rows = cells(signatures(frame, Slot("table", "tbl-signatures", "signatures")))
    assert rows[0][0] == f"{author.role}, main author of the plan"
    assert len({tuple(row) for row in rows}) == len(rows)
