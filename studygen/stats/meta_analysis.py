"""One call from estimates and variances to everything a report or `studygen pool` shows of a meta-analysis: natural scale,
heterogeneity, prediction, weights, and codes of what a reader must know. Names of measures, methods and tests are metafor's."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from studygen.stats.distributions import FloatArray, normal_two_sided_p, two_sided_z
from studygen.stats.measures import MEASURES, Measure
from studygen.stats.pool_fit import NoteCode
from studygen.stats.pooling import Pooled, pool
from studygen.stats.prediction import prediction_interval, variant_of
from studygen.stats.tau_squared_intervals import TauSquaredInterval, profile_likelihood, q_profile
from studygen.stats.variance_stabilised import harmonic_mean

METHODS_OF_POOLING: dict[str, str] = {
    "EE": "none",
    "DL": "dl",
    "PM": "pm",
    "REML": "reml",
    "ML": "ml",
    "EB": "eb",
    "SJ": "sj",
    "HE": "he",
    "HS": "hs",
}
"""metafor's `method` and the estimator it stands for."""

TESTS: dict[str, str] = {"z": "wald", "t": "t", "hksj": "hartung_knapp", "hksj-truncated": "hartung_knapp_truncated"}
"""Names of tests and the kind of interval they stand for (metafor: z, t, knha, adhoc)."""

FEW = 5
DOMINANT = 90.0

MetaNote = Literal[
    "one_source",  # nothing was combined: the source's own estimate with a Wald interval, no heterogeneity
    "few_sources",  # up to five: the variance between sources is hardly known
    "two_sources_hartung_knapp",  # one degree of freedom: the interval is of no use
    "hartung_knapp_narrower",  # the estimates agree so well that the interval is narrower than Wald's
    "hartung_knapp_common_effect",  # the factor was applied to a model that it is not meant for
    "equal_estimates",  # a Hartung-Knapp interval without width; there is no p value
    "one_dominant_source",  # at least 90% of the weight
    "not_converged",  # the best tau² found is shown
    "bounded_search",  # scoring did not settle; tau² was found by a search between bounds
    "tau_squared_zero",  # the random-effects pool equals the common-effect pool
    "tau_squared_interval_empty",  # the estimates agree better than their variances allow; both limits are 0
    "tau_squared_interval_not_found",  # a limit was not found and is not shown
    "prediction_needs_three_sources",  # k - 2 degrees of freedom do not exist
    "freeman_tukey_back_transformation",  # rests on the harmonic mean of the sizes, and can mislead
    "limit_beyond_numbers",  # a limit is too large for a number and shown as infinite
    "limit_outside_range",  # a limit lies outside the range of the measure
]
"""What a reader must know. `templates/shared/notes.yaml` holds the sentences."""

Limits = tuple[float, float]


@dataclass(frozen=True, slots=True)
class MetaAnalysis:
    """One meta-analysis. `estimate`, `ci_lower`, `ci_upper` and `prediction` are on the natural scale, `yi` and `se` are the
    pooled effect on the scale of analysis, `tau2` and its interval too. `i2` and `weights` in percent. None is what does not
    exist: p value of a measure without a value of no effect, tau² and prediction of a common effect, heterogeneity of one
    source, weights of a mixed model; `notes` say why in the other cases."""

    k: int
    measure: str
    method: str
    test: str
    level: float
    estimate: float
    ci_lower: float
    ci_upper: float
    yi: float
    se: float
    p_value: float | None
    tau2: float | None
    tau2_ci: Limits | None
    i2: float | None
    h2: float | None
    q: float | None
    q_df: int | None
    q_p: float | None
    prediction: Limits | None
    weights: tuple[float, ...] | None
    notes: tuple[MetaNote | NoteCode, ...]


def meta_analysis(
    yi: Sequence[float],
    vi: Sequence[float],
    *,
    measure: str,
    method: str,
    test: str,
    level: float = 0.95,
    prediction: Literal["model", "z", "t", "riley"] | None = "model",
    tau2_interval: Literal["q_profile", "profile_likelihood"] = "q_profile",
    sizes: Sequence[float] | None = None,
) -> MetaAnalysis:
    """Pool effects `yi` with variances `vi` (scale of analysis; see `measures.effect_of`).

    `measure` is a key of MEASURES, `method` of METHODS_OF_POOLING, `test` of TESTS. `prediction` names the variant (`model`
    is the one that documents show beside the test; None leaves it out). `sizes` are the sources' numbers of persons, which PFT
    needs for its way back. A profile-likelihood interval exists for ML and REML. ValueError for unknown names, numbers that are
    not finite, variances that are not positive, or no source."""
    _known(measure, method, test, level, tau2_interval)
    kind = MEASURES[measure]
    if kind.needs_size and (sizes is None or len(sizes) != len(yi)):
        raise ValueError(f"{measure} needs the sample size of every source for its way back")
    y, v = np.asarray(yi, dtype=np.float64), np.asarray(vi, dtype=np.float64)
    if y.size == 0:
        raise ValueError("pooling needs at least one source")
    if y.shape != v.shape or not (np.isfinite(y).all() and np.isfinite(v).all() and (v > 0).all()):
        raise ValueError("estimates must be finite, variances finite and positive, and as many of both")
    size = harmonic_mean(sizes) if sizes is not None and kind.needs_size else math.nan
    if y.size == 1:
        return _one_source(float(y[0]), float(v[0]), measure, method, test, level, size)
    pooled = pool(y, v, estimator=METHODS_OF_POOLING[method], interval=TESTS[test], level=level)
    random = method != "EE"
    spread = _tau_squared_interval(y, v, method, tau2_interval, level) if random else None
    ahead = _ahead(pooled, test, prediction, level) if random and prediction is not None else None
    missing_ahead = random and prediction is not None and ahead is None
    estimate, lower, upper = (kind.natural(float(x), size) for x in (pooled.estimate, pooled.lower, pooled.upper))
    shown_ahead = None if ahead is None else (kind.natural(ahead[0], size), kind.natural(ahead[1], size))
    notes = [
        *_spread_notes(pooled, random, test, level),
        *_tau_notes(pooled, random, spread),
        *(("prediction_needs_three_sources",) if missing_ahead else ()),
        *_scale_notes(measure, (lower, upper, *(shown_ahead or ()))),
    ]
    tested = kind.null is not None and float(pooled.se) > 0
    return MetaAnalysis(
        k=pooled.k,
        measure=measure,
        method=method,
        test=test,
        level=level,
        estimate=estimate,
        ci_lower=lower,
        ci_upper=upper,
        yi=float(pooled.estimate),
        se=float(pooled.se),
        p_value=float(pooled.p_value) if tested else None,
        tau2=float(pooled.tau_squared) if random else None,
        tau2_ci=None if spread is None or not spread.converged[0] else (float(spread.lower[0]), float(spread.upper[0])),
        i2=float(pooled.i_squared),
        h2=float(pooled.h_squared),
        q=float(pooled.q),
        q_df=pooled.q_df,
        q_p=float(pooled.q_p),
        prediction=shown_ahead,
        weights=tuple(float(x) for x in pooled.weights),
        notes=tuple(dict.fromkeys(notes)),
    )


def _known(measure: str, method: str, test: str, level: float, tau2_interval: str) -> None:
    for what, name, names in (("measure", measure, MEASURES), ("method", method, METHODS_OF_POOLING), ("test", test, TESTS)):
        if name not in names:
            raise ValueError(f"{what} {name!r} is not one of {', '.join(names)}")
    if not 0 < level < 1:
        raise ValueError(f"the level must lie between 0 and 1, not be {level}")
    if tau2_interval == "profile_likelihood" and method not in ("ML", "REML"):
        raise ValueError(f"a profile-likelihood interval exists for ML and REML, not for {method}")


def _one_source(y: float, v: float, measure: str, method: str, test: str, level: float, size: float) -> MetaAnalysis:
    kind, se = MEASURES[measure], math.sqrt(v)
    reach = two_sided_z(level) * se
    estimate, lower, upper = (kind.natural(x, size) for x in (y, y - reach, y + reach))
    notes: tuple[MetaNote, ...] = ("one_source", *_scale_notes(measure, (lower, upper)))
    p = float(normal_two_sided_p(np.asarray(y / se))) if kind.null is not None else None
    natural = (estimate, lower, upper, y, se, p)
    return MetaAnalysis(1, measure, method, test, level, *natural, *(None,) * 8, (100.0,), notes)


def _tau_squared_interval(y: FloatArray, v: FloatArray, method: str, way: str, level: float) -> TauSquaredInterval:
    if way == "q_profile":
        return q_profile(y[None, :], v[None, :], level)
    return profile_likelihood(y[None, :], v[None, :], "ml" if method == "ML" else "reml", level)


def _ahead(pooled: Pooled, test: str, variant: str, level: float) -> Limits | None:
    chosen = variant_of(TESTS[test]) if variant == "model" else variant
    if chosen == "riley" and pooled.k < 3:
        return None
    lower, upper = prediction_interval(pooled, chosen, level)
    return float(lower), float(upper)


def _spread_notes(pooled: Pooled, random: bool, test: str, level: float) -> Iterator[MetaNote]:
    rescaled = test.startswith("hksj")
    if random and pooled.k <= FEW:
        yield "few_sources"
    if rescaled and pooled.k == 2:
        yield "two_sources_hartung_knapp"
    if rescaled and not random:
        yield "hartung_knapp_common_effect"
    if float(pooled.se) == 0:
        yield "equal_estimates"
    elif test == "hksj":
        wald = two_sided_z(level) * float(pooled.se) / math.sqrt(float(pooled.scale))
        if float(pooled.upper - pooled.estimate) < wald:
            yield "hartung_knapp_narrower"
    if float(pooled.weights.max()) >= DOMINANT:
        yield "one_dominant_source"


def _tau_notes(pooled: Pooled, random: bool, interval: TauSquaredInterval | None) -> Iterator[MetaNote]:
    if not bool(pooled.converged):
        yield "not_converged"
    elif bool(pooled.searched):
        yield "bounded_search"
    if random and float(pooled.tau_squared) == 0:
        yield "tau_squared_zero"
    if interval is not None and bool(interval.empty[0]):
        yield "tau_squared_interval_empty"
    if interval is not None and not bool(interval.converged[0]):
        yield "tau_squared_interval_not_found"


def _scale_notes(measure: str, limits: Sequence[float]) -> Iterator[MetaNote]:
    kind: Measure = MEASURES[measure]
    if kind.needs_size:
        yield "freeman_tukey_back_transformation"
    if any(math.isinf(x) for x in limits):
        yield "limit_beyond_numbers"
    elif any(not kind.within[0] <= x <= kind.within[1] for x in limits):
        yield "limit_outside_range"
