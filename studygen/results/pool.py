"""What is combined in one analysis, group and stratum: the registries' contributions, which of them a model can take, and the
notes on who is in it and who is not. Computes nothing."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from studygen.results.contribution import Contribution, multiplier
from studygen.results.findings import Estimate, Note, Origin, Source, State
from studygen.results.from_counts import SCALES
from studygen.stats.effects import Effect, PlainEffect
from studygen.study.objectives import OF_COUNTS, Analysis, Pooling, PoolingModel

Limits = tuple[float, float, float]
"""An estimate and its limits on the scale of analysis."""


@dataclass(frozen=True, slots=True)
class Pool:
    """What is combined in one analysis, group and stratum. `expected` names registries that have not delivered yet."""

    analysis: Analysis
    pooling: Pooling
    stem: str
    contributions: tuple[Contribution, ...]
    expected: tuple[str, ...] = ()

    def members(self, model: PoolingModel) -> tuple[Contribution, ...]:
        """The contributions that a model can take: those with an effect; those with counts when it combines counts; and in
        either case those of which a count is suppressed."""
        return tuple(x for x in self.contributions if takes(model, x) or is_masked(x))

    @property
    def combined(self) -> tuple[Contribution, ...]:
        """The contributions to the main way of combining."""
        return self.members(self.pooling.main)

    @property
    def masked(self) -> tuple[str, ...]:
        """Registries of which a count of events is suppressed and known as a range."""
        return tuple(x.delivered.name for x in self.contributions if is_masked(x))

    @property
    def suppressed(self) -> tuple[str, ...]:
        """Registries whose estimate is suppressed without being known as a range; while there are any, nothing is combined."""
        return tuple(x.delivered.name for x in self.contributions if x.estimate.state == "suppressed" and not is_masked(x))

    def origin(self, method: str, *notes: Note, of: Sequence[Contribution] | None = None) -> Origin:
        """An origin that names the estimates and rows of these contributions, those combined in the main way unless given."""
        used = self.combined if of is None else of
        return Origin(method, tuple(x.estimate.id for x in used), sources(used), notes)

    def common_notes(self, model: PoolingModel) -> tuple[Note, ...]:
        """What a reader of a pooled number must know about who is in it."""
        used = self.members(model)
        left_out = [x.delivered.name for x in self.contributions if x not in used]
        corrected = [x.delivered.name for x in used if x.corrected and model.model not in OF_COUNTS]
        named = (("not_delivered", self.expected), ("left_out", left_out), ("zero_events_pooled", corrected))
        return tuple(Note(code, (("registries", ", ".join(names)),)) for code, names in named if names)

    def natural(self, id: str, limits: Limits, interval: str, origin: Origin) -> Estimate:
        """An estimate on the natural scale from numbers on the scale of analysis; not estimable when there are none. A limit
        beyond what a number can hold (an unhelpful interval from two sources) is shown as infinite."""
        if any(math.isnan(x) for x in limits):
            return self.bare(id, interval, origin)
        value, lower, upper = (self._back(x) for x in limits)
        level, per = self.pooling.level, multiplier(self.analysis)
        return Estimate(id, self.analysis.measure, value, lower, upper, level, interval, "reported", origin, per)

    def bare(self, id: str, interval: str, origin: Origin, state: State = "not_estimable") -> Estimate:
        """An estimate that there is not."""
        level, per = self.pooling.level, multiplier(self.analysis)
        return Estimate(id, self.analysis.measure, None, None, None, level, interval, state, origin, per)

    def _back(self, x: float) -> float:
        try:
            return SCALES.get(self.analysis.measure, PlainEffect).natural(x)
        except OverflowError:
            return math.inf


def is_masked(contribution: Contribution) -> bool:
    """Whether a count of events behind an estimate is suppressed and known as a range."""
    return contribution.counts is not None and contribution.counts.masked


def takes(model: PoolingModel, contribution: Contribution) -> bool:
    """Whether a model can take a contribution as it is."""
    if model.model in OF_COUNTS:
        return contribution.counts is not None and not contribution.counts.masked
    return contribution.effect is not None


def effects_of(members: Sequence[Contribution]) -> tuple[Effect, ...]:
    """The effects of contributions that have one."""
    return tuple(x.effect for x in members if x.effect is not None)


def sources(contributions: Sequence[Contribution]) -> tuple[Source, ...]:
    """The delivered rows under contributions, one source per registry."""
    return tuple(source for x in contributions for source in x.estimate.origin.sources)
