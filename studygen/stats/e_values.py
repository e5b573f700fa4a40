"""E-values: how strongly an unmeasured confounder would have to be associated with exposure and outcome, both, to explain an
estimate away. A large one does not show that there is none."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from studygen.stats.pool_fit import NoteCode

RatioKind = Literal["RR", "HR_rare", "HR_common", "OR_rare", "OR_common", "IRR"]
"""Rare: below about 15% at the end of follow-up; then a ratio of hazards or odds stands for a risk ratio."""


@dataclass(frozen=True, slots=True)
class EValue:
    """For the estimate, and for the limit nearer to no effect (1 when the interval includes it, with a note). `risk_ratio` is the
    approximate risk ratio that was used."""

    estimate: float
    limit: float
    risk_ratio: float
    notes: tuple[NoteCode, ...] = ()


def e_value(kind: RatioKind, ratio: float, lower: float, upper: float, true_ratio: float = 1.0) -> EValue:
    """RR + sqrt(RR(RR - 1)), for ratios below one of the reciprocal; to move the estimate to `true_ratio` (a risk ratio) instead
    of one, of RR/true. Source: VanderWeele, Ding 2017. ValueError for ratios that are not positive or an interval without the
    estimate."""
    if not 0 < lower <= ratio <= upper or true_ratio <= 0:
        raise ValueError("an E-value needs positive ratios, the estimate between its limits")
    centre, low, high = (as_risk_ratio(kind, x) / true_ratio for x in (ratio, lower, upper))
    notes: tuple[NoteCode, ...] = ()
    if low <= 1 <= high:
        limit = 1.0
        notes = ("crosses_null",)
    else:
        limit = _e_value(low if centre > 1 else high)
    return EValue(_e_value(centre), limit, centre * true_ratio, notes)


def e_value_of_standardised_difference(difference: float, se: float, z: float = 1.96) -> EValue:
    """For a standardised mean difference d, by the approximate risk ratio exp(0.91 d) with limits exp(0.91 d ± 1.78 se). Source:
    VanderWeele, Ding 2017. The 1.78 is 0.91 times 1.96; `z` replaces the latter."""
    half = 0.91 * z * se
    centre = 0.91 * difference
    return e_value("RR", math.exp(centre), math.exp(centre - half), math.exp(centre + half))


def as_risk_ratio(kind: RatioKind, ratio: float) -> float:
    """The approximate risk ratio: for common outcomes (1 - 0.5^sqrt(HR)) / (1 - 0.5^sqrt(1/HR)) and sqrt(OR). Source: VanderWeele
    2017; VanderWeele, Ding 2017."""
    if kind == "HR_common":
        return float((1 - 0.5 ** math.sqrt(ratio)) / (1 - 0.5 ** math.sqrt(1 / ratio)))
    return math.sqrt(ratio) if kind == "OR_common" else ratio


def _e_value(ratio: float) -> float:
    rr = ratio if ratio >= 1 else 1 / ratio
    return rr + math.sqrt(rr * (rr - 1))
