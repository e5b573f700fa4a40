"""An analysis that the plan restricts to some registries is shown for these alone and combines these alone."""

from __future__ import annotations

from collections.abc import Callable

from studygen.aggregates.expected import contributors_to
from studygen.displays.frame import Frame
from studygen.displays.lines import lines


def restricted(frame: Frame, *registries: str) -> tuple[list[str], list[str]]:
    """The registries that a display of the first analysis lists, and those whose results enter it."""
    analysis = frame.study.analyses[0].model_copy(update={"registries": registries})
    shown = [each.registry for each in lines(frame, analysis)]
    return shown, [each.registry for each in contributors_to(frame.study, analysis)]


def test_an_analysis_is_of_all_registries_unless_the_plan_names_some(make_frame: Callable[..., Frame]) -> None:
    frame = make_frame()
    invited = [each.registry for each in frame.study.participation]
    delivering = [each.registry for each in frame.study.contributors]
    assert len(invited) > 1
    assert restricted(frame) == (invited, delivering)


def test_a_registry_that_the_plan_does_not_name_has_no_line_and_no_weight(make_frame: Callable[..., Frame]) -> None:
    frame = make_frame()
    assert restricted(frame, "dk_dmsr") == (["dk_dmsr"], ["dk_dmsr"])
    assert restricted(frame, "se_smsreg") == (["se_smsreg"], [])  # it is still to decide
