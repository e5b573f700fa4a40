"""A slot that asks for something that does not exist is told what does."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from studygen.displays.catalogue import DISPLAYS, fill
from studygen.displays.frame import Frame
from studygen.document.nodes import Slot
from studygen.errors import TemplateError

# fmt: off
TABLES = [
    "pass-information", "holder", "responsible-parties", "milestones", "amendments", "objective", "estimand",
    "target-trial", "time-zero", "inclusion", "exclusion", "windows", "exposures", "outcomes", "follow-up", "covariates",
    "analysis", "sensitivity", "pooling-plan", "participation", "data-sources", "source-reasons", "registry-profiles",
    "availability",
    "human-subjects", "study-size", "size-inputs", "code-list", "stand-alone-documents", "limitations", "effects",
    "occurrence", "pooling-comparison", "heterogeneity", "leave-one-out", "sensitivity-overview", "attrition", "deviations",
    "baseline", "baseline-registry", "planned-done", "deliveries", "trace", "methods-used", "redactions",
    "plan-versions", "waivers", "signatures", "plan-methods",
    "encepp-front", "encepp-section", "encepp-closing", "checklist", "checklist-summary", "registry-suitability",
    "suitability-overview", "suitability-judgement",
]
# fmt: on
FIGURES = ["attrition-flow", "design-diagram", "forest", "love-plot", "survival", "timeline"]


def test_the_catalogue_holds_what_templates_may_ask_for() -> None:
    assert set(DISPLAYS) == {*TABLES, *FIGURES}


@pytest.mark.parametrize(
    ("slot", "said"),
    [
        (Slot("table", "tbl-x", "milestone"), ['no display "milestone"', '"milestones"']),
        (Slot("table", "tbl-x", "milestones"), ['needs the option "columns"', "planned"]),
        (Slot("table", "tbl-x", "milestones", (("columns", "plan"),)), ['"plan" is not a value', '"planned"']),
        (Slot("table", "tbl-x", "windows", (("columns", "planned"),)), ['has no option "columns"']),
        (Slot("table", "tbl-x", "effects", (("analysis", "infection_ration"),)), ['"infection_ratio"']),
        (Slot("table", "tbl-x", "effects", (("analysis", "infection_rate"),)), ['"infection_ratio"']),
        (Slot("table", "tbl-x", "timeline", (("columns", "planned"),)), ["not a table but a figure", "```{figure} tbl-x"]),
        (Slot("figure", "fig-x", "windows"), ["not a figure but a table"]),
    ],
)
def test_a_wrong_slot_is_told_what_to_write(slot: Slot, said: list[str], make_frame: Callable[..., Frame]) -> None:
    with pytest.raises(TemplateError) as caught:
        fill(make_frame(), slot)
    message = str(caught.value)
    assert all(part in message for part in said), message


def test_all_faults_of_a_slot_come_at_once(make_frame: Callable[..., Frame]) -> None:
    slot = Slot("table", "tbl-x", "effects", (("analyses", "x"), ("kind", "y")), line=12)
    with pytest.raises(TemplateError) as caught:
        fill(make_frame(), slot)
    assert len(caught.value.faults) == 3
    assert {fault.place.line for fault in caught.value.faults} == {12}
