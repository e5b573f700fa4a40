"""Meta-analysis straight from counts, for methods that need no effect of the single sources: Mantel-Haenszel, Peto and mixed
models, each brought to the form of `MetaAnalysis`. Names are metafor's (rma.mh, rma.peto, rma.glmm with model="UM.FS")."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Literal

import numpy as np

from studygen.stats.distributions import FloatArray
from studygen.stats.mantel_haenszel import MantelHaenszel, mantel_haenszel
from studygen.stats.measures import MEASURES
from studygen.stats.meta_analysis import MetaAnalysis, MetaNote
from studygen.stats.mixed_models import MixedFit, mixed_single_group, mixed_two_groups
from studygen.stats.partial_counts import Family, partial_counts
from studygen.stats.peto import Peto, peto
from studygen.stats.pool_fit import NoteCode, PoolFit, not_estimable
from studygen.stats.two_arms import TwoArms, two_arms

METHODS_FROM_COUNTS: dict[str, tuple[str, ...]] = {
    "MH": ("RR", "OR", "RD", "IRR", "IRD"),
    "PETO": ("OR",),
    "GLMM": ("OR", "IRR", "PLO", "IRLN"),
}
"""Methods that pool counts, with the measures for which they exist. Their test is "z" alone."""


def pool_counts(
    numbers: Sequence[Sequence[float]], *, measure: str, method: str, level: float = 0.95, prediction: bool = False
) -> MetaAnalysis:
    """Pool sources given as rows of the measure's columns (`MEASURES[measure].columns`), whole events. ValueError for a
    combination that does not exist. Numbers that cannot be given are NaN, or infinite, and then a note says why; a mixed model
    has no weights and no Q."""
    if measure not in METHODS_FROM_COUNTS.get(method, ()):
        raise ValueError(f"{method} does not exist for {measure}")
    if method == "GLMM":
        return _mixed(numbers, measure, level, prediction)
    arms = two_arms(*np.asarray(numbers, dtype=np.float64).T, persons=measure not in ("IRR", "IRD"))
    pooled: MantelHaenszel | Peto = mantel_haenszel(_MH[measure], arms, level) if method == "MH" else peto(arms, level)
    alone = pooled.q.df < 1 or math.isnan(pooled.q.statistic)
    return _analysis(
        pooled.fit,
        measure,
        method,
        q=None if alone else (pooled.q.statistic, pooled.q.df, pooled.q.p),
        spread=None if alone else (pooled.i_squared, pooled.h_squared),
        weights=_in_file_order(arms, pooled.weights),
    )


_MH: dict[str, Literal["RR", "OR", "RD", "IRR", "IRD"]] = {"RR": "RR", "OR": "OR", "RD": "RD", "IRR": "IRR", "IRD": "IRD"}


def _in_file_order(arms: TwoArms, weights: FloatArray) -> tuple[float, ...] | None:
    """Weights of all sources; 0 for those without size, which were left out. None when nothing was pooled."""
    if np.isnan(weights).any() or not weights.size:
        return None
    used = (arms.size1 > 0) & (arms.size2 > 0)
    found = np.zeros(arms.k)
    found[used] = weights
    return tuple(float(x) for x in found)


def _mixed(numbers: Sequence[Sequence[float]], measure: str, level: float, prediction: bool) -> MetaAnalysis:
    fitted = _MIXED[measure](numbers, level)
    tau2 = None if math.isnan(fitted.tau_squared) or fitted.fit.k == 1 else fitted.tau_squared
    ahead = None
    if prediction and tau2 is not None and math.isfinite(fitted.prediction_lower):
        ahead = (fitted.prediction_lower, fitted.prediction_upper)
    return _analysis(fitted.fit, measure, "GLMM", tau2=tau2, ahead=ahead)


def _one_group(family: Family) -> Callable[[Sequence[Sequence[float]], float], MixedFit]:
    def fitted(numbers: Sequence[Sequence[float]], level: float) -> MixedFit:
        return mixed_single_group(partial_counts([int(x) for x, _ in numbers], [n for _, n in numbers], family), level)

    return fitted


def _two_groups(family: Family) -> Callable[[Sequence[Sequence[float]], float], MixedFit]:
    def fitted(numbers: Sequence[Sequence[float]], level: float) -> MixedFit:
        one = partial_counts([int(row[0]) for row in numbers], [row[1] for row in numbers], family)
        two = partial_counts([int(row[2]) for row in numbers], [row[3] for row in numbers], family)
        return mixed_two_groups(one, two, level)

    return fitted


_MIXED: dict[str, Callable[[Sequence[Sequence[float]], float], MixedFit]] = {
    "OR": _two_groups("binomial"),
    "IRR": _two_groups("poisson"),
    "PLO": _one_group("binomial"),
    "IRLN": _one_group("poisson"),
}


def without_numbers(k: int, measure: str, method: str, test: str, level: float, *notes: NoteCode) -> MetaAnalysis:
    """An analysis of `k` sources that gives no number; `notes` say why."""
    return replace(_analysis(not_estimable(k, level, *notes), measure, method), test=test)


def _analysis(
    fit: PoolFit,
    measure: str,
    method: str,
    *,
    q: tuple[float, int, float] | None = None,
    spread: tuple[float, float] | None = None,
    tau2: float | None = None,
    ahead: tuple[float, float] | None = None,
    weights: tuple[float, ...] | None = None,
) -> MetaAnalysis:
    kind = MEASURES[measure]
    estimate, lower, upper = (kind.natural(x) for x in (fit.estimate, fit.lower, fit.upper))
    notes: list[MetaNote | NoteCode] = list(fit.notes)
    if any(math.isinf(x) for x in (lower, upper)) and "at_boundary" not in notes:
        notes.append("limit_beyond_numbers")
    return MetaAnalysis(
        k=fit.k,
        measure=measure,
        method=method,
        test="z",
        level=fit.level,
        estimate=estimate,
        ci_lower=lower,
        ci_upper=upper,
        yi=fit.estimate,
        se=fit.se,
        p_value=None if math.isnan(fit.p) else fit.p,
        tau2=tau2,
        tau2_ci=None,
        i2=spread[0] if spread else None,
        h2=spread[1] if spread else None,
        q=q[0] if q else None,
        q_df=q[1] if q else None,
        q_p=q[2] if q else None,
        prediction=None if ahead is None else (kind.natural(ahead[0]), kind.natural(ahead[1])),
        weights=weights,
        notes=tuple(dict.fromkeys(notes)),
    )
