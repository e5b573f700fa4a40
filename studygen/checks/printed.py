"""Whether printed numbers are what they are said to be: a traced number its result, a typed p value that of the interval beside
it, a typed I² that of its Q. Reads documents and narrative texts; knows formats of numbers, not how they are made."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from typing import Final

from studygen.checks.passages import passages
from studygen.checks.subject import Subject
from studygen.document.traces import uses
from studygen.errors import Fault, Place
from studygen.results.findings import Count, Curve, Estimate, Quantity, Result
from studygen.stats.distributions import normal_probability

NUMBER: Final = re.compile(
    r"(?P<bound>[<>≤≥]\s?)?(?P<digits>[-−]?\d+(?:[\u202f\u00a0\u2009 ]\d{3})*(?:\.\d+)?)"
    r"(?:[\u00a0 ]×[\u00a0 ]10(?P<power>[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+))?"
)
"""A printed number, with the sign of a bound before it and a power of ten behind it."""

RAISED: Final = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")
"""Raised digits as plain ones."""

INTERVAL: Final = re.compile(
    r"(?P<estimate>\d+\.\d+)\s*[(\[,;]\s*(?:95\s?%\s*(?:CI|confidence interval)[:,]?\s*)?"
    r"(?P<lower>\d+\.\d+)\s*(?:–|-|to|,)\s*(?P<upper>\d+\.\d+)\s*[)\];,]?[;,\s(]*p\s*(?P<sign>=|<)\s*(?P<p>0?\.\d+)",
    re.IGNORECASE,
)
"""A ratio with its interval and p value: "0.77 (0.65–0.91), p = 0.002"."""

HETEROGENEITY: Final = re.compile(
    r"\bQ\s*(?:=|of|was|is)\s*(?P<q>\d+\.\d+)(?:[^.]|\.\d)*?\b(?:I²|I\^2\^?|I2)\s*(?:=|of|was|is)\s*(?P<i2>\d+(?:\.\d+)?)\s?%"
)
"""Q and I² in one sentence: "Q = 6.92 and I² = 85%"."""

MOST_SOURCES: Final = 50


def numbers_equal_their_results(subject: Subject) -> Iterator[Fault]:
    """Every number that a document shows as that of a result is the result's, rounded."""
    known = {**subject.planned, **(subject.results or {})}
    for name, checked in subject.documents.items():
        for use in dict.fromkeys(uses(checked.tree)):
            result = known.get(use.id)
            if result is None:
                what = f"{use.shown} is shown as the result {use.id}, which does not exist"
                yield Fault(Place(name, path=use.target), what, "Ask for a result of the study.")
                continue
            for number in _unlike(use.shown, result):
                where = use.display or f"section {use.section}"
                what = f"{where} shows {use.id} as {use.shown}, but {number} is not a number of that result"
                yield Fault(Place(name, path=use.target), what, "Mend the pattern in displays.yaml by which it is printed.")


def _unlike(shown: str, result: Result) -> Iterator[str]:
    """The numbers in a text that none of the result's rounds to. Bounds ("<5") are no numbers of it."""
    exact = tuple(_numbers(result))
    for found in NUMBER.finditer(shown):
        if found["bound"]:
            continue
        digits = re.sub(r"[\u202f\u00a0\u2009 ]", "", found["digits"]).replace("−", "-")
        unit = 10.0 ** int((found["power"] or "0").translate(RAISED))
        half = 0.5 * unit * 10.0 ** -len(digits.partition(".")[2])
        if not any(abs(unit * float(digits) - number) <= half * (1 + 1e-6) + 1e-9 * abs(number) for number in exact):
            yield found["digits"]


def _numbers(result: Result) -> Iterator[float]:
    match result:
        case Count():
            numbers: tuple[float | None, ...] = (result.value,)
            if result.value is not None and result.of:
                numbers = (result.value, 100 * result.value / result.of, result.of)
        case Quantity():
            numbers = (result.value, None if result.value is None else math.ceil(result.value))
        case Estimate():
            plain = (result.value, result.lower, result.upper)
            times = (1.0, 100.0, float(result.per))
            numbers = (*(x * factor for x in plain if x is not None for factor in times), 100 * result.level)
            if result.lower is not None and result.upper is not None and result.lower > 0:
                numbers += (result.upper / result.lower, *((result.upper - result.lower) * factor for factor in times))
        case Curve():
            limits = (x for x in (*result.lower, *result.upper) if x is not None)
            numbers = (*(100 * x for x in (*result.probability, *limits)), *result.days, *result.at_risk, *result.events)
    yield from (float(number) for number in numbers if number is not None and math.isfinite(number))


def typed_p_values_fit_their_intervals(subject: Subject) -> Iterator[Fault]:
    """A ratio, its interval and its p value that were typed side by side tell the same."""
    for passage in passages(subject):
        for found in INTERVAL.finditer(passage.source):
            estimate, lower, upper, p = (float(found[name]) for name in ("estimate", "lower", "upper", "p"))
            if not 0 < lower < estimate < upper:
                continue
            low, high = _p_values(*(found[name] for name in ("estimate", "lower", "upper")))
            half = 0.5 * 10.0 ** -len(found["p"].partition(".")[2])
            fits = low < p if found["sign"] == "<" else low <= p + half and p - half <= high
            if not fits:
                text = " ".join(found[0].split())
                what = f'"{text}": from the interval the p value is {_between(low, high)}'
                yield Fault(passage.place, what, "Correct the one that is wrong, or take the p value out.")


def _p_values(estimate: str, lower: str, upper: str) -> tuple[float, float]:
    """The smallest and the largest p value of a Wald test on the log scale that the printed digits allow, widened by a tenth of
    the statistic for intervals that are not exactly Wald's."""

    def ends(digits: str) -> tuple[float, float]:
        half = 0.5 * 10.0 ** -len(digits.partition(".")[2])
        return max(float(digits) - half, 1e-9), float(digits) + half

    (e0, e1), (l0, l1), (u0, u1) = ends(estimate), ends(lower), ends(upper)
    wide, narrow = math.log(u1 / l0) / 3.92, max(math.log(u0 / l1) / 3.92, 1e-9)
    logs = sorted(abs(math.log(each)) for each in (e0, e1))
    least = 0.0 if e0 <= 1 <= e1 else 0.9 * logs[0] / wide
    return 2 * normal_probability(-1.1 * logs[1] / narrow), 2 * normal_probability(-least)


def _between(low: float, high: float) -> str:
    one, other = f"{low:.2g}", f"{high:.2g}"
    return one if one == other else f"between {one} and {other}"


def typed_heterogeneity_is_consistent(subject: Subject) -> Iterator[Fault]:
    """Q and I² that were typed side by side belong to some whole number of sources."""
    for passage in passages(subject):
        for found in HETEROGENEITY.finditer(passage.source):
            q, i_squared = float(found["q"]), float(found["i2"])
            q_half, i_half = (0.5 * 10.0 ** -len(found[name].partition(".")[2]) for name in ("q", "i2"))
            if not any(_same(q, df, i_squared, q_half, i_half) for df in range(1, MOST_SOURCES)):
                what = f"Q of {found['q']} and I² of {found['i2']}% belong to no whole number of sources"
                yield Fault(passage.place, what, "I² is (Q - (k - 1))/Q for k sources: correct the one that is wrong.")


def _same(q: float, df: int, i_squared: float, q_half: float, i_half: float) -> bool:
    low, high = (max(0.0, 100 * (each - df) / each) for each in (max(q - q_half, 1e-9), q + q_half))
    return low - i_half - 1e-9 <= i_squared <= high + i_half + 1e-9
