"""What an unmeasured confounder would have to be like to change a conclusion: the confounding it can cause, the estimate without
it, and the prevalence or strength at which the estimate (or its limit) reaches a given value."""

from __future__ import annotations

import math
from dataclasses import dataclass

from studygen.stats.pool_fit import NoteCode


@dataclass(frozen=True, slots=True)
class TippingPoint:
    """The value at which it tips; NaN with a note when no value does it."""

    value: float
    notes: tuple[NoteCode, ...] = ()


def bounding_factor(exposure_association: float, outcome_association: float) -> float:
    """The most by which confounding can multiply a risk ratio, from the confounder's risk ratios with exposure and outcome (both
    at least 1): EU UD / (EU + UD - 1). Source: Ding, VanderWeele 2016. ValueError for associations below one."""
    if min(exposure_association, outcome_association) < 1:
        raise ValueError("associations are taken above one; use reciprocals")
    return exposure_association * outcome_association / (exposure_association + outcome_association - 1)


def confounding(outcome_association: float, prevalence1: float, prevalence0: float) -> float:
    """The factor by which a yes-no confounder with this risk ratio of the outcome and these prevalences among the exposed and
    unexposed multiplies the ratio: (1 + p1(g - 1)) / (1 + p0(g - 1)). Source: Bross 1966; Schneeweiss 2006. ValueError for
    prevalences outside 0 to 1 or an association that is not positive."""
    if not (0 <= prevalence1 <= 1 and 0 <= prevalence0 <= 1 and outcome_association > 0):
        raise ValueError("prevalences lie between 0 and 1, and an association is positive")
    g = outcome_association - 1
    return (1 + prevalence1 * g) / (1 + prevalence0 * g)


def adjusted(ratio: float, outcome_association: float, prevalence1: float, prevalence0: float) -> float:
    """The ratio (or a limit) without that confounder."""
    return ratio / confounding(outcome_association, prevalence1, prevalence0)


def tipping_prevalence(ratio: float, outcome_association: float, prevalence0: float, target: float = 1.0) -> TippingPoint:
    """The prevalence among the exposed at which the adjusted ratio (or limit) equals `target`. There is none between 0 and 1 when
    the confounder is too weak, or works in the other direction."""
    confounding(outcome_association, prevalence0, prevalence0)
    g = outcome_association - 1
    if g == 0:
        return _tipping(math.nan if ratio != target else prevalence0)
    return _tipping((ratio / target * (1 + prevalence0 * g) - 1) / g, low=0.0, high=1.0)


def tipping_association(ratio: float, prevalence1: float, prevalence0: float, target: float = 1.0) -> TippingPoint:
    """The confounder's risk ratio of the outcome at which the adjusted ratio (or limit) equals `target`. There is none when the
    ratio of the prevalences is too small."""
    confounding(1.0, prevalence1, prevalence0)
    excess = ratio / target
    if excess == 1:
        return TippingPoint(1.0)
    slope = prevalence1 - excess * prevalence0
    return _tipping(1 + (excess - 1) / slope if slope != 0 else math.nan, low=0.0)


def _tipping(value: float, low: float = -math.inf, high: float = math.inf) -> TippingPoint:
    outside = math.isnan(value) or value < low or value > high or (low == 0.0 and high == math.inf and value == 0)
    return TippingPoint(math.nan, ("no_tipping_point",)) if outside else TippingPoint(value)
