"""What printed numbers give away: the events and person-years behind a rate with its interval. A suppressed count must suppress
its rate. The same arithmetic finds printed intervals that are not what their footnote says."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from studygen.stats.distributions import two_sided_z
from studygen.stats.occurrence import exact_poisson, wald_log_rate

RateInterval = Literal["wald_log", "exact_poisson"]

MOST_EVENTS = 10_000
"""Counts above this are nobody's secret."""


@dataclass(frozen=True, slots=True)
class BackCalculated:
    """Events (not rounded) and the person-years they imply, in the unit of the rate's denominator."""

    events: float
    person_years: float


def events_behind_rate(rate: float, lower: float, upper: float, level: float = 0.95) -> BackCalculated:
    """Events and person-years behind a rate with a Wald interval on the log scale: (2z / ln(upper/lower))²."""
    events = (2 * two_sided_z(level) / math.log(upper / lower)) ** 2
    return BackCalculated(events, events / rate)


def events_behind_se(se: float) -> float:
    """Events behind the standard error of a log rate: 1/se²."""
    return 1.0 / se**2


def other_events_behind_ratio(se: float, events: float) -> float | None:
    """The events of the other group behind the standard error of an unadjusted log rate ratio, given one group's events;
    None when the standard error is too small for that."""
    remainder = se**2 - 1.0 / events
    return 1.0 / remainder if remainder > 0 else None


def person_years_behind_no_event(upper: float, level: float = 0.95) -> float:
    """Person-years behind the exact two-sided upper limit of a rate without events: -ln((1 - level)/2) / upper."""
    return -math.log((1 - level) / 2) / upper


@dataclass(frozen=True, slots=True)
class PrintedRate:
    """A rate with its interval as printed, per any number of person-years, and half a unit of its last printed digit for each."""

    rate: float
    lower: float
    upper: float
    rate_half_unit: float
    lower_half_unit: float
    upper_half_unit: float


def printed_rate(rate: str, lower: str, upper: str) -> PrintedRate:
    """A rate from its printed digits: "7.37", "2.76", "19.6". ValueError for text that is no number."""
    return PrintedRate(float(rate), float(lower), float(upper), _half_unit(rate), _half_unit(lower), _half_unit(upper))


def counts_behind(printed: PrintedRate, interval: RateInterval, level: float = 0.95) -> tuple[int, ...]:
    """All numbers of events whose rate and interval, of this kind, round to what is printed for some person-years. One number:
    the count is given away. None: the printed interval is of another kind, or wrong. A rate of zero is its own count."""
    if printed.rate == 0:
        return (0,)
    kind = wald_log_rate if interval == "wald_log" else exact_poisson
    z = two_sided_z(level)
    narrowest = math.log((printed.upper + printed.upper_half_unit) / max(printed.lower - printed.lower_half_unit, 1e-300))
    widest = math.log(max(printed.upper - printed.upper_half_unit, 1e-300) / (printed.lower + printed.lower_half_unit))
    # Exact intervals are wider than Wald's by less than a factor of three in the log, so the search begins and ends with slack.
    first = max(1, math.floor((2 * z / narrowest) ** 2 / 9))
    last = min(MOST_EVENTS, math.ceil((2 * z / widest) ** 2 * 2 + 10)) if widest > 0 else MOST_EVENTS
    return tuple(events for events in range(first, last + 1) if _possible(events, printed, kind(events, 1.0, level)))


def events_agree(
    printed: PrintedRate, events: int, person_years: float, interval: RateInterval, per: float, level: float = 0.95
) -> bool:
    """Whether printed events and person-years give the printed rate and interval of this kind; `per` is the multiplier (1000 for
    a rate per 1000 person-years). False too when the kind does not exist without events."""
    if events == 0 and interval == "wald_log":
        return False
    shown = (wald_log_rate if interval == "wald_log" else exact_poisson)(events, person_years, level)
    pairs = zip(
        shown,
        (printed.rate, printed.lower, printed.upper),
        (printed.rate_half_unit, printed.lower_half_unit, printed.upper_half_unit),
        strict=True,
    )
    return all(abs(per * own - theirs) <= half * (1 + 1e-9) for own, theirs, half in pairs)


def _possible(events: int, printed: PrintedRate, limits: tuple[float, float, float]) -> bool:
    """Whether some person-years bring rate and both limits to their printed digits at once."""
    low, high = 0.0, math.inf
    for own, theirs, half in zip(
        limits,
        (printed.rate, printed.lower, printed.upper),
        (printed.rate_half_unit, printed.lower_half_unit, printed.upper_half_unit),
        strict=True,
    ):
        low = max(low, own / (theirs + half))
        high = min(high, own / (theirs - half)) if theirs > half else high
    return events > 0 and low <= high * (1 + 1e-9)


def _half_unit(digits: str) -> float:
    _, _, decimals = digits.strip().partition(".")
    return 0.5 * 10.0 ** -len(decimals)
