"""Events and denominators of two groups in each source, checked once. Knows no method."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from studygen.stats.distributions import BoolArray, FloatArray
from studygen.stats.pool_fit import NoteCode


@dataclass(frozen=True, slots=True)
class TwoArms:
    """Per source (arrays of shape (k,)): events and size of group 1 (exposed) and of group 2 (comparator). Sizes are persons or
    person-years; which, the method knows that takes them. Made by `two_arms`."""

    events1: FloatArray
    size1: FloatArray
    events2: FloatArray
    size2: FloatArray

    @property
    def k(self) -> int:
        return int(self.events1.size)

    @property
    def total(self) -> FloatArray:
        """Persons or person-years of both groups."""
        return self.size1 + self.size2

    @property
    def events(self) -> FloatArray:
        """Events of both groups."""
        return self.events1 + self.events2

    def only(self, kept: BoolArray) -> TwoArms:
        """These sources alone."""
        return TwoArms(self.events1[kept], self.size1[kept], self.events2[kept], self.size2[kept])


def two_arms(
    events1: npt.ArrayLike, size1: npt.ArrayLike, events2: npt.ArrayLike, size2: npt.ArrayLike, *, persons: bool
) -> TwoArms:
    """Two groups per source; with `persons` the sizes are numbers of persons, who have at most one event each, else
    person-years. ValueError for numbers that are missing, negative, of unequal length, for events without size, or for more
    events than persons."""
    arms = TwoArms(*(np.atleast_1d(np.asarray(x, dtype=np.float64)) for x in (events1, size1, events2, size2)))
    arrays = (arms.events1, arms.size1, arms.events2, arms.size2)
    if len({x.shape for x in arrays}) > 1 or arms.events1.ndim != 1 or arms.k == 0:
        raise ValueError("events and sizes of both groups must be lists of the same length, one entry per source")
    if not all(np.isfinite(x).all() and (x >= 0).all() for x in arrays):
        raise ValueError("events and sizes must be finite and not negative")
    for events, size in ((arms.events1, arms.size1), (arms.events2, arms.size2)):
        if ((size == 0) & (events > 0)).any():
            raise ValueError("there are events without persons or person-time")
        if persons and (events > size).any():
            raise ValueError("there are more events than persons")
    return arms


def informative(arms: TwoArms) -> tuple[TwoArms, tuple[NoteCode, ...]]:
    """The sources in which both groups have size, and the note when some have not."""
    kept = (arms.size1 > 0) & (arms.size2 > 0)
    return (arms, ()) if kept.all() else (arms.only(kept), ("sources_without_size",))
