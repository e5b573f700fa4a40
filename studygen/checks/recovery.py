"""Which hidden counts follow from shown ones. Knows cells and sums of them, neither registries nor tables: a cell is anything
that can be a key.

A hidden count is a whole number of at least one (zero is shown). Each sum narrows what its hidden cells can be; where sums share
hidden cells, the smallest and largest possible value of each are found by linear programming over all of them. Both bounds are
those of the attacker who knows all shown numbers; a cell is recovered when they meet."""

from __future__ import annotations

import math
from collections.abc import Collection, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

ENOUGH: Final = 60
"""Rounds of narrowing; each takes in what the others have found, and few are ever needed."""

Bounds = tuple[float, float]
"""The smallest and the largest possible value; infinity where there is none."""


@dataclass(frozen=True, slots=True)
class Sum:
    """The whole is the sum of its parts, or at least that where a part is not known at all (`open`). `why` says in words what
    the parts are: "the levels of sex"."""

    whole: Hashable
    parts: tuple[Hashable, ...]
    why: str
    open: bool = False

    @property
    def cells(self) -> tuple[Hashable, ...]:
        return (self.whole, *self.parts)


def bounds(shown: Mapping[Hashable, float], hidden: Collection[Hashable], sums: Sequence[Sum]) -> Mapping[Hashable, Bounds]:
    """What each hidden cell can be, given the shown ones. Sums whose cells are all shown are not looked at, and sums that
    contradict each other say nothing."""
    telling = [each for each in sums if any(cell in hidden for cell in each.cells)]
    found: dict[Hashable, Bounds] = dict.fromkeys(hidden, (1.0, math.inf))
    found |= {cell: (shown[cell],) * 2 for each in telling for cell in each.cells if cell in shown}
    for each in telling:
        for cell in each.cells:
            found.setdefault(cell, (0.0, math.inf))
    for _ in range(ENOUGH):
        before = dict(found)
        for each in telling:
            _narrow(each, found)
        if found == before:
            break
    for together in _connected(telling, {cell for cell, (low, high) in found.items() if low < high}):
        if len(together) > 1:
            _solve(together, found)
    return {cell: found[cell] for cell in hidden}


def recovered(shown: Mapping[Hashable, float], hidden: Collection[Hashable], sums: Sequence[Sum]) -> Mapping[Hashable, int]:
    """The hidden cells whose value follows, with it."""
    return {cell: int(low) for cell, (low, high) in bounds(shown, hidden, sums).items() if low == high}


def _narrow(given: Sum, found: dict[Hashable, Bounds]) -> None:
    """Each cell lies between what the bounds of the others leave for it."""
    low, high = found[given.whole]
    below, above = sum(found[part][0] for part in given.parts), sum(found[part][1] for part in given.parts)
    _keep(given.whole, below, math.inf if given.open else above, found)
    for part in given.parts:
        others = [found[other] for other in given.parts if other != part]
        least = -math.inf if given.open else low - sum(each[1] for each in others)
        _keep(part, least, high - sum(each[0] for each in others), found)


def _keep(cell: Hashable, low: float, high: float, found: dict[Hashable, Bounds]) -> None:
    before = found[cell]
    narrowed = (max(before[0], low), min(before[1], high))
    if narrowed[0] <= narrowed[1]:
        found[cell] = narrowed


def _connected(sums: Sequence[Sum], unsettled: Collection[Hashable]) -> Iterator[list[Sum]]:
    """The sums that share unsettled cells, together."""
    rest = [each for each in sums if any(cell in unsettled for cell in each.cells)]
    while rest:
        together = [rest.pop(0)]
        reached = {cell for cell in together[0].cells if cell in unsettled}
        while near := [each for each in rest if any(cell in reached for cell in each.cells)]:
            together += near
            rest = [each for each in rest if each not in near]
            reached |= {cell for each in near for cell in each.cells if cell in unsettled}
        yield together


def _solve(sums: Sequence[Sum], found: dict[Hashable, Bounds]) -> None:
    """Smallest and largest value of every unsettled cell over all the sums at once."""
    import numpy as np
    from scipy.optimize import linprog

    cells = list(dict.fromkeys(cell for each in sums for cell in each.cells))
    columns = {cell: column for column, cell in enumerate(cells)}
    rows = np.zeros((len(sums), len(cells)))
    for row, each in enumerate(sums):
        rows[row, columns[each.whole]] += 1.0
        for part in each.parts:
            rows[row, columns[part]] -= 1.0
    opened = np.array([each.open for each in sums])
    limits = [(low, None if math.isinf(high) else high) for low, high in (found[cell] for cell in cells)]
    for cell in cells:
        if found[cell][0] == found[cell][1]:
            continue
        ends = []
        for sign in (1.0, -1.0):
            goal = np.zeros(len(cells))
            goal[columns[cell]] = sign
            solution = linprog(
                goal,
                A_ub=-rows[opened] if opened.any() else None,
                b_ub=np.zeros(int(opened.sum())) if opened.any() else None,
                A_eq=rows[~opened] if not opened.all() else None,
                b_eq=np.zeros(int((~opened).sum())) if not opened.all() else None,
                bounds=limits,
            )
            if solution.status == 3:
                ends.append(math.inf)
            elif solution.status == 0 and solution.fun is not None:
                ends.append(float(solution.fun) * sign)
            else:
                return  # the sums contradict each other
        _keep(cell, math.ceil(ends[0] - 1e-6), ends[1] if math.isinf(ends[1]) else math.floor(ends[1] + 1e-6), found)
