"""What is not good enough yet: gaps with action, owner and date, risks with mitigation, and how alternatives compare."""

from __future__ import annotations

import datetime
from typing import Literal

from studygen.definition import Declared, Id, Prose
from studygen.network.data_model import VariableName

Level = Literal["low", "moderate", "high"]


class Gap(Declared):
    """One gap, what follows from it, and what is done until when and by whom."""

    id: Id
    gap: Prose
    registry: Id | None = None
    """The registry it concerns; left out for the network as a whole."""
    indicator: Id | None = None
    """The quality indicator that shows it, where there is one."""
    variables: tuple[VariableName, ...] = ()
    """The core variables it concerns."""
    consequence: Prose
    action: Prose | None = None
    owner: Id | None = None
    """The contact that answers for the action."""
    due: datetime.date | None = None
    status: Literal["open", "in_progress", "done", "accepted"]
    """`accepted`: nothing will be done; `action` then says why."""
    priority: Level = "moderate"


class Risk(Declared):
    """A risk to the use of the network for regulatory studies."""

    id: Id
    risk: Prose
    likelihood: Level
    impact: Level
    mitigation: Prose
    owner: Id
    gaps: tuple[Id, ...] = ()


class Alternative(Declared):
    """Another source or way by which the same questions could be answered."""

    id: Id
    name: str
    strengths: Prose
    weaknesses: Prose
    when_better: Prose
    """When it should be used instead of, or together with, the network."""
