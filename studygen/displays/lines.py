"""Which registries a display of an analysis lists, and why one shows no numbers. Knows nothing about cells."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from studygen.aggregates.expected import asks, contributes
from studygen.displays.frame import Frame
from studygen.network.network import RegistryProfile
from studygen.study.governance import Participation
from studygen.study.objectives import Analysis

Standing = Literal["expected", "invited", "absent", "other_objectives", "not_delivered"]
"""Results are expected (or there); the decision is pending; the registry does not take part; it takes part in other objectives;
or it takes part and nothing has come for this analysis."""


@dataclass(frozen=True, slots=True)
class Line:
    """One registry's line in a display of an analysis. `numbers` says whether it has cells of its own (in a shell also when it is
    only invited); `name` is marked when it is invited, `short_name` never."""

    registry: str
    name: str
    short_name: str
    standing: Standing
    numbers: bool
    reason: str
    """Why there are no numbers, in place of them."""


def lines(frame: Frame, analysis: Analysis) -> tuple[Line, ...]:
    """Every registry of the study, or those that the analysis is restricted to, in the plan's order."""
    asked = [taking for taking in frame.study.participation if asks(analysis, taking.registry)]
    return tuple(_line(frame, taking, frame.network.registry(taking.registry), analysis) for taking in asked)


def _line(frame: Frame, taking: Participation, profile: RegistryProfile, analysis: Analysis) -> Line:
    standing = _standing(frame, taking, analysis)
    shell = frame.results is None
    invited = shell and standing == "invited"
    name = frame.texts.say("patterns.invited", registry=profile.short_name) if invited else profile.short_name
    decision = frame.texts.word("decision", taking.decision)
    reason = frame.texts.say(f"standing.{standing}", decision=decision, reason=taking.reason.rstrip("."))
    return Line(taking.registry, name, profile.short_name, standing, standing == "expected" or invited, reason)


def _standing(frame: Frame, taking: Participation, analysis: Analysis) -> Standing:
    if taking.decision == "pending":
        return "invited"
    if not taking.delivers:
        return "absent"
    if not contributes(taking, analysis):
        return "other_objectives"
    if frame.results is not None and not any(_is_of(id, analysis.id, taking.registry) for id in frame.results):
        return "not_delivered"
    return "expected"


def _is_of(id: str, analysis: str, registry: str) -> bool:
    parts = id.split(".")
    return parts[0] == analysis and registry in parts[1:-1]
