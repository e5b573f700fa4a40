"""What masked counts leave open: the smallest and largest value of a statistic over all ways in which they can be completed. The
bounds contain what the statistic would be if the counts were revealed. Knows no statistic."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import product
from typing import TypeAlias

import numpy as np

from studygen.stats.distributions import FloatArray
from studygen.stats.partial_counts import CountRange, IntArray, PartialCount
from studygen.stats.pool_fit import NoteCode

CAP = 50_000
"""Completions that are enumerated at most."""

Statistic: TypeAlias = Callable[[IntArray], FloatArray]
"""From completions (rows of whole counts, shape (completions, cells)) to estimate, lower and upper limit (completions, 3)."""


@dataclass(frozen=True, slots=True)
class CompletionBounds:
    """Over all completions: the smallest and largest estimate, the smallest lower limit, the largest upper limit, and how many
    completions there are. With the note `not_enumerated` only corners (every masked count at its lowest or highest) were
    tried: exact for a statistic that rises or falls with each count, else a lower bound of the width. With `no_events` some
    completion has no estimate (NaN); the bounds are those of the others."""

    estimate_lowest: float
    estimate_highest: float
    lower_lowest: float
    upper_highest: float
    completions: int
    notes: tuple[NoteCode, ...] = ()


def completions_of(counts: Sequence[PartialCount], cap: int = CAP) -> tuple[IntArray, int, bool]:
    """All completions as rows, their number, and whether the rows are all of them: above `cap` only the corners are. ValueError
    when even the corners exceed `cap`."""
    ranges = [count if isinstance(count, CountRange) else CountRange(count, count) for count in counts]
    number = math.prod(r.highest - r.lowest + 1 for r in ranges)
    if number <= cap:
        rows = list(product(*(range(r.lowest, r.highest + 1) for r in ranges)))
        return np.array(rows, dtype=np.int64), number, True
    corners = [(r.lowest,) if r.known else (r.lowest, r.highest) for r in ranges]
    if math.prod(len(ends) for ends in corners) > cap:
        raise ValueError(f"{sum(not r.known for r in ranges)} masked counts are too many for {cap} completions")
    return np.array(list(product(*corners)), dtype=np.int64), number, False


def completion_bounds(counts: Sequence[PartialCount], statistic: Statistic, cap: int = CAP) -> CompletionBounds:
    """Bounds of any statistic; see `CompletionBounds`."""
    rows, number, complete = completions_of(counts, cap)
    values = np.asarray(statistic(rows), dtype=np.float64)
    known = ~np.isnan(values).any(axis=1)
    notes: tuple[NoteCode, ...] = () if complete else ("not_enumerated",)
    if not known.all():
        notes = (*notes, "no_events")
    if not known.any():
        return CompletionBounds(math.nan, math.nan, math.nan, math.nan, number, notes)
    estimate, lower, upper = values[known].T
    return CompletionBounds(float(estimate.min()), float(estimate.max()), float(lower.min()), float(upper.max()), number, notes)


def monotone_bounds(counts: Sequence[PartialCount], directions: Sequence[int], statistic: Statistic) -> CompletionBounds:
    """Bounds of a statistic whose estimate and limits all rise (`directions` 1) or fall (-1) with each count, from two
    completions whatever their number. Such are common rates, exact conditional rate ratios and, for rates, Mantel-Haenszel
    estimates; their Wald limits are not. ValueError for other directions."""
    if len(directions) != len(counts) or not set(directions) <= {-1, 1}:
        raise ValueError("each count needs a direction, 1 or -1")
    ranges = [count if isinstance(count, CountRange) else CountRange(count, count) for count in counts]
    least = [r.lowest if d > 0 else r.highest for r, d in zip(ranges, directions, strict=True)]
    most = [r.highest if d > 0 else r.lowest for r, d in zip(ranges, directions, strict=True)]
    values = np.asarray(statistic(np.array([least, most], dtype=np.int64)), dtype=np.float64)
    notes: tuple[NoteCode, ...] = ("no_events",) if np.isnan(values).any() else ()
    number = math.prod(r.highest - r.lowest + 1 for r in ranges)
    return CompletionBounds(float(values[0, 0]), float(values[1, 0]), float(values[0, 1]), float(values[1, 2]), number, notes)
