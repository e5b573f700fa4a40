"""Risk tables as registries send them: at each time the persons at risk just before, the events of interest and the competing
events; and their sum over registries. Never a row about one person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from studygen.stats.distributions import FloatArray


@dataclass(frozen=True, slots=True)
class RiskTable:
    """Per time (increasing): persons at risk just before it, events, competing events, persons censored. Times are those of the
    rows, in the unit of the plan; for grouped tables the intervals' ends. `censored` is used for grouped tables alone. Made by
    `risk_table`; masked counts must be settled before."""

    time: FloatArray
    at_risk: FloatArray
    events: FloatArray
    competing: FloatArray
    censored: FloatArray


def risk_table(
    time: npt.ArrayLike,
    at_risk: npt.ArrayLike,
    events: npt.ArrayLike,
    competing: npt.ArrayLike | None = None,
    censored: npt.ArrayLike | None = None,
) -> RiskTable:
    """A checked risk table. ValueError for lists of unequal length, times that do not increase, negative numbers, or more events
    than persons at risk."""
    t = np.atleast_1d(np.asarray(time, dtype=np.float64))
    nothing = np.zeros(t.shape)
    n, d, e, c = (
        nothing if x is None else np.atleast_1d(np.asarray(x, dtype=np.float64)) for x in (at_risk, events, competing, censored)
    )
    if len({a.shape for a in (t, n, d, e, c)}) > 1 or t.ndim != 1 or t.size == 0:
        raise ValueError("times, persons at risk and events must be lists of the same length, one entry per time")
    if not all(np.isfinite(a).all() and (a >= 0).all() for a in (t, n, d, e, c)) or (np.diff(t) <= 0).any():
        raise ValueError("a risk table needs finite numbers that are not negative, and times that increase")
    if (d + e > n).any():
        raise ValueError("there are more events than persons at risk")
    return RiskTable(t, n, d, e, c)


def add_up(tables: Sequence[RiskTable]) -> RiskTable:
    """All registries together at every time that any of them has. Between its own times a registry's persons at risk are those of
    its next row, after the last nobody: exact when each registry has a row for every time at which a person leaves, else persons
    censored since the last row are counted out too early, or late. ValueError without tables."""
    if not tables:
        raise ValueError("there is no risk table")
    times = np.unique(np.concatenate([table.time for table in tables]))
    sums = [np.zeros(times.size) for _ in range(4)]
    for table in tables:
        following = np.searchsorted(table.time, times)
        inside = following < table.time.size
        sums[0][inside] += table.at_risk[following[inside]]
        own = np.searchsorted(times, table.time)
        for total, column in zip(sums[1:], (table.events, table.competing, table.censored), strict=True):
            total[own] += column
    return RiskTable(times, *sums)
