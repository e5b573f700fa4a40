"""One pooled effect with its interval, and the codes of what a reader must know of it. Knows no method.

A number that cannot be given is NaN (infinite when the likelihood rises without end) and then a note says why; no sentence is
written here, `results` turns codes into notes of the document."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np

from studygen.stats.distributions import chi_squared_tail, normal_probability, two_sided_z

NoteCode: TypeAlias = Literal[
    "no_events",  # no source saw an event in any group: nothing can be said of a ratio
    "no_events_in_one_group",  # all sources together: the ratio is zero or infinite
    "no_variation",  # every group has no event or nothing but events
    "sources_without_events",  # some sources saw no event and carry no information on a ratio
    "sources_without_size",  # some sources have no person-time (or persons) in one or both groups
    "one_source",  # nothing was combined
    "one_dominant_source",  # one source has at least 90% of the weight
    "at_boundary",  # the likelihood is largest at an infinite value or at the limit of its range
    "tau_squared_zero",  # the variance between sources was estimated as zero: intervals as for a common effect
    "tau_squared_not_estimable",  # one source cannot differ from others
    "not_converged",  # the search for the largest likelihood did not settle; the best value found is given, if any
    "se_not_available",  # the information matrix is not positive there
    "limit_outside_grid",  # the interval ends outside the profiles' common range
    "counts_masked",  # some counts are known only as ranges
    "not_enumerated",  # too many completions: corners only
    "zero_variance",  # a standard deviation is zero in both groups
    "not_reached",  # the curve does not fall (rise) so far
    "beyond_follow_up",  # the horizon lies after the last time
    "nobody_at_risk",  # no person is left at risk
    "few_controls",  # fewer than five negative controls
    "crosses_null",  # the interval includes no effect
    "no_tipping_point",  # no confounder of this kind can do it
    "prior_dominates",  # one or two sources: tau is what the prior says
]
"""What a reader must know of a number. `templates/shared/notes.yaml` holds the sentences."""

DOMINANT = 90.0
"""Percent of the weight from which on a source is called dominant."""


@dataclass(frozen=True, slots=True)
class PoolFit:
    """A pooled effect on the scale of the analysis (log for ratios and rates, logit for proportions and odds, plain for
    differences): estimate, standard error, limits at `level`, two-sided p value of no effect (NaN for a single group,
    which has no value of no effect), `k` sources with information."""

    k: int
    estimate: float
    se: float
    lower: float
    upper: float
    p: float
    level: float
    notes: tuple[NoteCode, ...] = ()


@dataclass(frozen=True, slots=True)
class ChiSquared:
    """A chi-squared statistic with its degrees of freedom and p value."""

    statistic: float
    df: int
    p: float
    notes: tuple[NoteCode, ...] = ()


def wald_fit(k: int, estimate: float, se: float, level: float, notes: tuple[NoteCode, ...] = ()) -> PoolFit:
    """A fit with a Wald interval and test."""
    half = two_sided_z(level) * se
    p = 2.0 * normal_probability(-abs(estimate) / se)
    return PoolFit(k, estimate, se, estimate - half, estimate + half, p, level, notes)


def not_estimable(k: int, level: float, *notes: NoteCode) -> PoolFit:
    """A fit without numbers; `notes` say why."""
    nan = math.nan
    return PoolFit(k, nan, nan, nan, nan, nan, level, notes)


def chi_squared(statistic: float, df: int, *notes: NoteCode) -> ChiSquared:
    """The statistic with its upper tail probability; without degrees of freedom there is none."""
    if df < 1 or math.isnan(statistic):
        return ChiSquared(math.nan, df, math.nan, notes or ("one_source",))
    return ChiSquared(statistic, df, float(chi_squared_tail(np.asarray(statistic), df)), notes)
