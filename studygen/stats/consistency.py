"""Whether printed statistics can belong together: Q with I² and its p value, an estimate with its interval. Finds misprints and
wrong labels in deliveries and publications; says nothing about who is right."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from studygen.stats.effects import Scale
from studygen.stats.pool_fit import chi_squared

Agreement = Literal["agrees", "disagrees", "cannot_tell"]


@dataclass(frozen=True, slots=True)
class QAndISquared:
    """I² (percent) and p value that follow from Q and the number of sources, and whether the printed I² can be the same. It need
    not be for a random-effects model whose I² comes from tau²."""

    i_squared: float
    p: float
    agreement: Agreement


def q_and_i_squared(
    q: float, k: int, i_squared: float, q_half_unit: float = 0.005, i_squared_half_unit: float = 0.5
) -> QAndISquared:
    """Check a printed I² (percent) against max(0, (Q - (k - 1))/Q), with half a unit of the last printed digit of both. Source:
    Higgins, Thompson 2002. With one source nothing can be said."""
    df = k - 1
    if df < 1 or q < 0:
        return QAndISquared(math.nan, math.nan, "cannot_tell")
    expected = _i_squared(q, df)
    low, high = _i_squared(max(q - q_half_unit, 0.0), df), _i_squared(q + q_half_unit, df)
    inside = low - i_squared_half_unit - 1e-9 <= i_squared <= high + i_squared_half_unit + 1e-9
    return QAndISquared(expected, chi_squared(q, df).p, "agrees" if inside else "disagrees")


@dataclass(frozen=True, slots=True)
class Symmetry:
    """Where the estimate lies in its interval on the scale: 0 in the middle, -1 at the lower limit, 1 at the upper; and whether
    that can be a rounded symmetric interval."""

    position: float
    agreement: Agreement


def interval_symmetry(scale: Scale, estimate: float, lower: float, upper: float, half_unit: float = 0.005) -> Symmetry:
    """Whether an interval can be a Wald (or Student) interval on `scale`, given half a unit of the last printed digit. A
    log-scale interval that agrees on the plain scale instead, or the reverse, is a wrong label. Intervals that touch the end of
    the scale (a ratio's lower limit of 0) cannot be told. ValueError when the estimate lies outside."""
    if not lower <= estimate <= upper:
        raise ValueError("the estimate lies outside its interval")
    try:
        low, middle, high = (scale.transformed(x) for x in (lower, estimate, upper))
        # The asymmetry (high - middle) - (middle - low) moves most when the printed digits err in opposite directions.
        most = (
            scale.transformed(upper + half_unit)
            + scale.transformed(lower + half_unit)
            - 2 * scale.transformed(estimate - half_unit)
        )
        least = (
            scale.transformed(upper - half_unit)
            + scale.transformed(lower - half_unit)
            - 2 * scale.transformed(estimate + half_unit)
        )
    except (ValueError, ZeroDivisionError):
        return Symmetry(math.nan, "cannot_tell")
    if high == low:
        return Symmetry(0.0, "agrees")
    position = (2 * middle - high - low) / (high - low)
    return Symmetry(position, "agrees" if least <= 1e-12 and most >= -1e-12 else "disagrees")


def _i_squared(q: float, df: int) -> float:
    return max(0.0, 100 * (q - df) / q) if q > 0 else 0.0
