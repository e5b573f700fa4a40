"""Planned precision meets the figures of the example PASS in the project's domain notes."""

from __future__ import annotations

import pytest

from studygen.results.planning import planned_precision, ratio_part
from studygen.stats.methods import METHODS
from studygen.study.objectives import SizeScenario
from studygen.study.study import Study

MALIGNANCY = SizeScenario(
    outcome="death",
    persons_exposed=4000,
    persons_comparator=4000,
    mean_follow_up_years=6,
    rate_comparator_per_1000=3.5,
    ratios=(1.0, 1.5),
)


def with_scenarios(study: Study, *scenarios: SizeScenario) -> Study:
    return study.model_copy(update={"study_size": study.study_size.model_copy(update={"scenarios": scenarios})})


def test_the_example_pass(study: Study) -> None:
    planned = planned_precision(with_scenarios(study, MALIGNANCY))
    assert planned.quantity("size.death.person_years_exposed").value == pytest.approx(24_000)
    assert planned.quantity("size.death.events_comparator").value == pytest.approx(84)
    assert planned.quantity("size.death.events_exposed_hr_1_5").value == pytest.approx(126)
    assert planned.quantity("size.death.power_hr_1_5").value == pytest.approx(82, abs=0.5)
    assert planned.quantity("size.death.ci_factor_hr_1").value == pytest.approx(1.35, abs=5e-3)
    assert planned.quantity("size.death.events_needed_hr_1_5").value == pytest.approx(191, abs=0.5)
    assert planned.quantity("size.death.zero_event_upper").value == pytest.approx(0.154, abs=5e-4)


def test_there_is_no_power_for_no_effect(study: Study) -> None:
    planned = planned_precision(with_scenarios(study, MALIGNANCY))
    assert planned.quantity("size.death.power_hr_1").state == "not_applicable"


def test_no_expected_event_leaves_power_and_width_open(study: Study) -> None:
    planned = planned_precision(with_scenarios(study, MALIGNANCY.model_copy(update={"rate_comparator_per_1000": 0.0})))
    assert planned.quantity("size.death.power_hr_1_5").value is None
    assert planned.quantity("size.death.ci_factor_hr_1_5").value is None


def test_two_scenarios_of_one_outcome_are_numbered(study: Study) -> None:
    planned = planned_precision(with_scenarios(study, MALIGNANCY, MALIGNANCY))
    assert "size.death_2.events_comparator" in planned


def test_every_number_has_a_known_method_and_inputs(study: Study) -> None:
    planned = planned_precision(study)
    for id, result in planned.items():
        assert result.origin.method in METHODS
        assert set(result.origin.inputs) <= set(planned), id


@pytest.mark.parametrize(("ratio", "part"), [(1.0, "hr_1"), (1.5, "hr_1_5"), (2.0, "hr_2"), (0.75, "hr_0_75")])
def test_a_ratio_stands_in_the_id_with_an_underscore(ratio: float, part: str) -> None:
    assert ratio_part(ratio) == part
