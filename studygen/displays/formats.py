"""How results, windows, dates and lists read: the one place where a number of a result becomes text. Patterns and words come
from the texts; digits from `numbers`."""

from __future__ import annotations

import datetime
import math
from collections.abc import Mapping, Sequence
from typing import Final, Literal

from studygen.aggregates.expected import RATIO_MEASURES
from studygen.displays import numbers
from studygen.displays.texts import DisplayTexts
from studygen.results.findings import Count, Curve, Estimate, Quantity, QuantityUnit, Result
from studygen.study.objectives import Measure
from studygen.study.population import Window, WindowEdge

SHOWS: Final = ("full", "estimate", "interval", "lower", "upper")
"""What may be shown of an estimate."""

Scale = Literal["percent", "rate", "plain"]
"""How a measure's values are multiplied for print: fractions by 100, rates by their person-years, others not."""

SCALES: Final[Mapping[str, Scale]] = {
    "proportion": "percent",
    "risk_difference": "percent",
    "survival": "percent",
    "cumulative_incidence": "percent",
    "incidence_rate": "rate",
    "incidence_rate_difference": "rate",
}
"""Measures that are not printed as they are held."""

_SPREADS: Final = (".mean", ".sd", ".median", ".q1", ".q3")
"""How ids of a covariate's mean, spread and quartiles end, at baseline printed with one decimal."""

_DECIMALS: Final[Mapping[QuantityUnit, int]] = {
    "person_years": 0,
    "days": 0,
    "years": 1,
    "percent": 0,
    "ratio": 2,
    "variance": 3,
    "standard_deviations": 2,
    "chi_squared": 2,
    "p_value": 3,
}


def scale_of(measure: str) -> Scale:
    """How the values of a measure are multiplied for print."""
    return SCALES.get(measure, "plain")


def factor(estimate: Estimate) -> float:
    """What an estimate's values are multiplied by for print."""
    return {"percent": 100.0, "rate": float(estimate.per), "plain": 1.0}[scale_of(estimate.measure)]


def result_text(result: Result, show: str, texts: DisplayTexts) -> str:
    """A result as printed: "844", "844 (21.1%)", "<5", "86%", "0.77 (0.55–1.08)", or the mark of its state. `show`, one of SHOWS,
    picks a part of an estimate, or a count without its share; ValueError when it is another word."""
    if result.state != "reported" or result.value is None:
        return _state_text(result, texts)
    match result:
        case Count():
            return _count_text(result, result.value, texts, show)
        case Quantity():
            return _quantity_text(result, result.value, texts)
        case Estimate():
            return _estimate_text(result, result.value, texts, show)
        case Curve():
            return texts.say("patterns.curve", value=percent_text(result.value, texts), day=numbers.fixed(result.days[-1], 0))


def _count_text(count: Count, value: int, texts: DisplayTexts, show: str) -> str:
    """A count, with its share where it is a part of something: "880 (24.7%)"."""
    written = numbers.fixed(value, 0)
    if not count.of or show != "full":
        return written
    share = texts.say("patterns.percent", number=numbers.fixed(100 * value / count.of, 1))
    return texts.say("patterns.count_percent", count=written, percent=share)


def percent_text(share: float, texts: DisplayTexts) -> str:
    """A fraction as printed: "97.2%"; with two digits when it is small."""
    number = float(f"{100 * share:.12g}")
    return texts.say("patterns.percent", number=numbers.fitted(number, numbers.places(number, least=1)))


def _state_text(result: Result, texts: DisplayTexts) -> str:
    # A step of the selection is suppressed because few persons left there, not because few remain.
    small = not result.id.startswith("attrition.")
    if isinstance(result, Count) and result.state == "suppressed" and result.threshold is not None and small:
        return texts.say("patterns.below", threshold=numbers.fixed(result.threshold, 0))
    return texts.word("cell", "missing" if result.state == "reported" else result.state)


def _quantity_text(quantity: Quantity, value: float, texts: DisplayTexts) -> str:
    unit = quantity.unit
    if unit == "percent":
        if numbers.rounded(value, 0) == 100 and value < 100 and not quantity.id.endswith(".weight"):
            return texts.say("patterns.above", threshold=texts.say("patterns.percent", number="99"))
        decimals = 1 if quantity.id.endswith(".weight") else _DECIMALS[unit]
        return texts.say("patterns.percent", number=_never_zero(value, decimals, texts))
    if unit == "p_value" and numbers.rounded(value, 3) == 1 and value < 1:
        return texts.say("patterns.above", threshold="0.999")
    if unit in ("p_value", "variance"):
        return _never_zero(value, _DECIMALS[unit], texts)
    if unit == "per_1000_person_years":
        return numbers.significant(value)
    if unit == "number":
        if quantity.id.startswith("baseline.") and quantity.id.endswith(_SPREADS):
            return numbers.fitted(value, 1)
        # A number of events that is needed is reached only by the next whole one.
        return numbers.fixed(math.ceil(value), 0) if ".events_needed_" in quantity.id else numbers.significant(value)
    if unit == "standard_deviations":
        return numbers.fixed(value, _DECIMALS[unit])
    if unit == "person_years" and 0 < abs(value) < 100:
        return numbers.fixed(value, 1)
    return numbers.fitted(value, _DECIMALS[unit])


def _never_zero(value: float, decimals: int, texts: DisplayTexts) -> str:
    if value > 0 and numbers.rounded(value, decimals) == 0:
        return texts.say("patterns.below", threshold=numbers.fixed(10.0**-decimals, decimals))
    return numbers.fixed(value, decimals)


def _estimate_text(estimate: Estimate, value: float, texts: DisplayTexts, show: str) -> str:
    times, percent = factor(estimate), scale_of(estimate.measure) == "percent"

    def unit(number: str) -> str:
        return texts.say("patterns.percent", number=number) if percent else number

    if estimate.lower is None or estimate.upper is None:
        alone = unit(numbers.fitted(value * times, numbers.places(value * times)))
        none = texts.word("cell", "not_estimable")
        parts = {"estimate": alone, "interval": none, "lower": none, "upper": none}
        return parts[show] if show != "full" else texts.say("patterns.without_interval", estimate=alone)
    # Multiplying a float by 100 or 1000 leaves dust in the last digits, which would spoil half-up rounding.
    shown = [float(f"{number * times:.12g}") for number in (value, estimate.lower, estimate.upper)]
    middle, lower, upper = numbers.triple(shown[0], shown[1], shown[2])
    # An en dash between negative numbers reads like another minus.
    pattern = "patterns.interval_signed" if min(shown[1:]) < 0 else "patterns.interval"
    match show:
        case "full":
            return texts.say("patterns.full", estimate=unit(middle), interval=texts.say(pattern, lower=lower, upper=upper))
        case "estimate":
            return unit(middle)
        case "interval":
            return texts.say(pattern, lower=lower, upper=unit(upper))
        case "lower":
            return unit(lower)
        case "upper":
            return unit(upper)
        case _:
            raise ValueError(f"an estimate cannot show {show!r}")


def width_text(estimate: Estimate, texts: DisplayTexts) -> str:
    """The width of an estimate's interval: the ratio of its limits for a ratio measure, their distance for the others, in
    percentage points for a proportion."""
    if estimate.state != "reported" or estimate.lower is None or estimate.upper is None:
        return _state_text(estimate, texts)
    if estimate.measure in RATIO_MEASURES:
        if estimate.lower <= 0:
            return texts.word("cell", "not_estimable")
        ratio = estimate.upper / estimate.lower
        return numbers.fitted(ratio, numbers.places(ratio))
    width = (estimate.upper - estimate.lower) * factor(estimate)
    return numbers.fitted(width, numbers.places(width))


def level_text(level: float) -> str:
    """A confidence level as printed before "% CI": "95", "99.5"."""
    return f"{float(f'{level * 100:.6g}'):g}"


def days_text(window: Window, texts: DisplayTexts) -> str:
    """A window's interval, both ends included: "[−365, −1]", "[all available data, 0]"."""
    return texts.say("patterns.window", start=day_edge(window.start_day, texts), end=day_edge(window.end_day, texts))


def day_edge(edge: WindowEdge, texts: DisplayTexts) -> str:
    """One end of a window: a day, or the words of an open end."""
    return numbers.fixed(edge, 0).replace(numbers.GROUP, "") if isinstance(edge, int) else texts.word("window_edge", edge)


def day_text(date: datetime.date, texts: DisplayTexts) -> str:
    """A date as printed: "30 June 2027"."""
    month = texts.say(f"months.{date.month:02d}")
    return texts.say("patterns.day", day=str(date.day), month=month, year=str(date.year))


def inside(label: str) -> str:
    """A label inside a sentence: without its capital, unless its first word is a name with further capitals."""
    first = label.partition(" ")[0]
    return label[:1].lower() + label[1:] if len(first) > 1 and first[1:] == first[1:].lower() else label


def listing(items: Sequence[str], texts: DisplayTexts) -> str:
    """A list inside a sentence: "a", "a and b", "a, b and c"."""
    if len(items) < 2:
        return "".join(items)
    return texts.say("patterns.listing_comma").join(items[:-1]) + texts.say("patterns.listing_last") + items[-1]


def sentence_case(text: str) -> str:
    """The text with its first letter in upper case."""
    return text[:1].upper() + text[1:]


def measure_heading(measure: Measure, per: int, level: float, texts: DisplayTexts, *, any_interval: bool = False) -> str:
    """The header of a column of estimates: "Incidence rate per 1 000 person-years (95% CI)". With `any_interval` the interval is
    not called one of confidence, because the column holds credible intervals too."""
    name, suffix = sentence_case(texts.word("measure", measure)), "_interval" if any_interval else ""
    if scale_of(measure) == "rate":
        return texts.say(f"patterns.heading_rate{suffix}", measure=name, per=numbers.fixed(per, 0), level=level_text(level))
    return texts.say(f"patterns.heading{suffix}", measure=name, level=level_text(level))
