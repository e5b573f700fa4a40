"""The catalogue of effect measures by metafor's names: the columns an effect is made from, the function that makes it, the way
back to the natural scale, and the value of no effect. A new measure is a line in `MEASURES`."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from studygen.stats import continuous, effects, variance_stabilised
from studygen.stats.effects import Effect, LogEffect, LogitEffect, PlainEffect, effect_from_interval


class ScaledEffect(Protocol):
    """A value with its variance on some scale of analysis."""

    @property
    def value(self) -> float: ...

    @property
    def variance(self) -> float: ...


Columns = tuple[str, ...]
_TWO_BY_TWO: Columns = ("events1", "n1", "events2", "n2")
_TWO_RATES: Columns = ("events1", "person_years1", "events2", "person_years2")
_TWO_MEANS: Columns = ("mean1", "sd1", "n1", "mean2", "sd2", "n2")
_ONE_GROUP: Columns = ("events", "n")
_ONE_RATE: Columns = ("events", "person_years")
PRINTED: Columns = ("estimate", "ci_lower", "ci_upper")
"""An estimate with its Wald interval on the natural scale, for measures that have `printed`."""
ANALYSED: Columns = ("yi", "vi")
"""Value and variance on the scale of analysis, for every measure."""


@dataclass(frozen=True, slots=True)
class Measure:
    """How one measure is computed. `columns` are the counts or means it is made from and `effect` takes them in that order
    (None: only from printed or analysed numbers). `printed` makes it from estimate and interval (lower, upper, estimate,
    level). `back` goes to the natural scale; its second argument, a sample size, matters to measures with `needs_size` only.
    `null` is no effect on the scale of analysis, None for measures of one group. `within` bounds the natural scale."""

    back: Callable[[float, float], float]
    columns: Columns | None = None
    effect: Callable[..., ScaledEffect] | None = None
    printed: Callable[[float, float, float, float], Effect] | None = None
    null: float | None = 0.0
    needs_size: bool = False
    within: tuple[float, float] = field(default=(-math.inf, math.inf))

    def natural(self, x: float, size: float = math.nan) -> float:
        """`x` of the analysis on the natural scale; infinite beyond what a number can hold. `size` is the harmonic mean of the
        sources' sample sizes."""
        try:
            return self.back(x, size)
        except OverflowError:
            return math.inf


def _exponential(x: float, size: float) -> float:
    del size
    return math.exp(x)


def _logistic(x: float, size: float) -> float:
    del size
    return LogitEffect.natural(x)


def _identity(x: float, size: float) -> float:
    del size
    return x


def _sine_squared(x: float, size: float) -> float:
    del size
    return variance_stabilised.ArcsineEffect.natural(x)


def _square(x: float, size: float) -> float:
    del size
    return variance_stabilised.SquareRootEffect.natural(x)


def _log_interval(lower: float, upper: float, estimate: float, level: float) -> Effect:
    return effect_from_interval(LogEffect, lower, upper, estimate, level)


def _logit_interval(lower: float, upper: float, estimate: float, level: float) -> Effect:
    return effect_from_interval(LogitEffect, lower, upper, estimate, level)


def _plain_interval(lower: float, upper: float, estimate: float, level: float) -> Effect:
    return effect_from_interval(PlainEffect, lower, upper, estimate, level)


_SHARE, _POSITIVE = (0.0, 1.0), (0.0, math.inf)

MEASURES: dict[str, Measure] = {
    "RR": Measure(_exponential, _TWO_BY_TWO, effects.log_risk_ratio, _log_interval, within=_POSITIVE),
    "OR": Measure(_exponential, _TWO_BY_TWO, effects.log_odds_ratio, _log_interval, within=_POSITIVE),
    "RD": Measure(_identity, _TWO_BY_TWO, effects.risk_difference, _plain_interval, within=(-1.0, 1.0)),
    "IRR": Measure(_exponential, _TWO_RATES, effects.log_rate_ratio, _log_interval, within=_POSITIVE),
    "IRD": Measure(_identity, _TWO_RATES, effects.rate_difference, _plain_interval),
    "HR": Measure(_exponential, printed=_log_interval, within=_POSITIVE),
    "SMR": Measure(_exponential, ("events", "expected"), effects.log_standardised_ratio, _log_interval, within=_POSITIVE),
    "PLO": Measure(_logistic, _ONE_GROUP, effects.logit_proportion, _logit_interval, null=None, within=_SHARE),
    "PLN": Measure(_exponential, _ONE_GROUP, effects.log_proportion, _log_interval, null=None, within=_SHARE),
    "PAS": Measure(_sine_squared, _ONE_GROUP, variance_stabilised.arcsine_proportion, null=None, within=_SHARE),
    "PFT": Measure(
        variance_stabilised.miller_inverse,
        _ONE_GROUP,
        variance_stabilised.freeman_tukey_proportion,
        null=None,
        needs_size=True,
        within=_SHARE,
    ),
    "PR": Measure(_identity, _ONE_GROUP, effects.plain_proportion, _plain_interval, null=None, within=_SHARE),
    "IRLN": Measure(_exponential, _ONE_RATE, effects.log_rate, _log_interval, null=None, within=_POSITIVE),
    "IRS": Measure(_square, _ONE_RATE, variance_stabilised.square_root_rate, null=None, within=_POSITIVE),
    "IR": Measure(_identity, _ONE_RATE, effects.plain_rate, _plain_interval, null=None, within=_POSITIVE),
    "MN": Measure(_identity, ("mean", "sd", "n"), effects.mean_effect, _plain_interval, null=None),
    "MD": Measure(_identity, _TWO_MEANS, effects.mean_difference, _plain_interval),
    "SMD": Measure(_identity, _TWO_MEANS, continuous.standardised_mean_difference, _plain_interval),
    "ROM": Measure(_exponential, _TWO_MEANS, continuous.log_ratio_of_means, _log_interval, within=_POSITIVE),
    "GEN": Measure(_identity, printed=_plain_interval),
}
"""Every measure. Rates are per one person-year, proportions are fractions."""


def column_sets(measure: str) -> tuple[Columns, ...]:
    """The sets of columns a measure can be made from, counts and means first."""
    found = MEASURES[measure]
    counts = (found.columns,) if found.columns is not None else ()
    return (*counts, *((PRINTED,) if found.printed is not None else ()), ANALYSED)


def effect_of(measure: str, numbers: Mapping[str, float], level: float = 0.95) -> ScaledEffect:
    """The effect of one source from its columns, the first complete set of `column_sets`. ValueError when none is complete or a
    number has no image on the scale; `level` is that of a printed interval."""
    found = MEASURES[measure]
    if found.columns is not None and found.effect is not None and numbers.keys() >= set(found.columns):
        return found.effect(*(numbers[column] for column in found.columns))
    if found.printed is not None and numbers.keys() >= set(PRINTED):
        return found.printed(numbers["ci_lower"], numbers["ci_upper"], numbers["estimate"], level)
    if numbers.keys() >= set(ANALYSED):
        return PlainEffect(numbers["yi"], numbers["vi"])
    wanted = " or ".join(", ".join(columns) for columns in column_sets(measure))
    raise ValueError(f"{measure} needs the columns {wanted}")
