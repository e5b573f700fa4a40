"""Whether a delivered estimate, its interval and its standard error are complete, possible and in the right unit."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping

from studygen.aggregates.contract import Row
from studygen.aggregates.expected import RATIO_MEASURES
from studygen.study.objectives import Analysis

RowFault = tuple[Row, str, str]
"""The row, what is wrong, the remedy."""


def interval_faults(analysis: Analysis, rows: Mapping[str, Row]) -> Iterator[RowFault]:
    """Faults of the estimate rows of one key (statistic → row)."""
    yield from _incomplete(rows)
    yield from _impossible(analysis, rows)
    estimate, lower, upper = (_value(rows, name) for name in ("estimate", "ci_lower", "ci_upper"))
    if lower is not None and upper is not None and lower > upper:
        yield rows["ci_lower"], f"the lower limit ({lower:g}) is above the upper limit ({upper:g})", "Exchange them."
    elif estimate is not None and lower is not None and upper is not None and not lower <= estimate <= upper:
        what = f"the interval {lower:g} to {upper:g} does not contain its estimate {estimate:g}"
        yield rows["estimate"], what, "Mend it with the registry."
    yield from _disagreeing(analysis, rows)
    yield from _unlike_the_counts(analysis, rows)


def _incomplete(rows: Mapping[str, Row]) -> Iterator[RowFault]:
    reported = {name for name, row in rows.items() if row.state == "reported"}
    if "ci_lower" in reported and "ci_upper" not in reported:
        yield rows["ci_lower"], "there is a lower limit without an upper limit", "Send both."
    if "ci_upper" in reported and "ci_lower" not in reported:
        yield rows["ci_upper"], "there is an upper limit without a lower limit", "Send both."
    if "log_estimate" in reported and "se" not in reported:
        yield rows["log_estimate"], "there is a log_estimate without its se", "Send both."
    if "se" in reported and "log_estimate" not in reported:
        yield rows["se"], "there is an se without its log_estimate", "Send both: se is on the scale of log_estimate."
    if "estimate" in reported and not reported & {"ci_lower", "ci_upper", "log_estimate", "se"}:
        what = "there is an estimate without interval or standard error"
        yield rows["estimate"], what, "Send ci_lower and ci_upper, or log_estimate with se."


def _impossible(analysis: Analysis, rows: Mapping[str, Row]) -> Iterator[RowFault]:
    for name in ("estimate", "ci_lower", "ci_upper"):
        value = _value(rows, name)
        if value is None:
            continue
        if analysis.measure in RATIO_MEASURES and value <= 0:
            remedy = "Send ratios on their natural scale, or their logarithm as log_estimate with se."
            yield rows[name], f"a ratio is greater than zero, but {name} is {value:g}", remedy
        elif analysis.measure == "proportion" and not 0 <= value <= 1:
            remedy = f"Send a proportion, not a percentage: {value / 100:g}."
            yield rows[name], f"a proportion lies between 0 and 1, but {name} is {value:g}", remedy
        elif analysis.measure == "incidence_rate" and value < 0:
            yield rows[name], f"a rate is not negative, but {name} is {value:g}", "Mend it with the registry."
    se = _value(rows, "se")
    if se is not None and se <= 0:
        yield rows["se"], f"a standard error is greater than zero, but it is {se:g}", "Mend it with the registry."


def _disagreeing(analysis: Analysis, rows: Mapping[str, Row]) -> Iterator[RowFault]:
    """An estimate and its logarithm that are two different numbers beyond rounding."""
    estimate, logarithm = _value(rows, "estimate"), _value(rows, "log_estimate")
    if estimate is None or logarithm is None or analysis.measure not in RATIO_MEASURES or estimate <= 0:
        return
    half_unit = 0.5 * 10.0 ** -rows["estimate"].decimals
    if not math.log(max(estimate - half_unit, 1e-300)) - 1e-6 <= logarithm <= math.log(estimate + half_unit) + 1e-6:
        what = f"log_estimate {logarithm:g} is not the logarithm of the estimate {estimate:g} in line {rows['estimate'].line}"
        yield rows["log_estimate"], what, f"The natural logarithm is {math.log(estimate):.4g}."


def _unlike_the_counts(analysis: Analysis, rows: Mapping[str, Row]) -> Iterator[RowFault]:
    """A rate or proportion that is not what its own counts give: most often another unit."""
    estimate, events = _value(rows, "estimate"), _value(rows, "events")
    denominator = {"incidence_rate": "person_years", "proportion": "n"}.get(analysis.measure)
    below = _value(rows, denominator) if denominator else None
    if estimate is None or not events or not below:
        return
    expected = events / below
    half_unit = 0.5 * 10.0 ** -rows["estimate"].decimals
    if abs(estimate - expected) <= half_unit + 0.01 * expected:
        return
    factor = estimate / expected
    power = round(math.log10(factor)) if factor > 0 else 0
    if power and abs(factor / 10**power - 1) < 0.05:
        remedy = (
            f"It looks as if it were per {10**power}: send it per one person-year."
            if power > 0
            else "Send it per one person-year."
        )
    else:
        remedy = "Mend it with the registry."
    yield rows["estimate"], f"the estimate {estimate:g} is not events over {denominator} ({expected:.4g})", remedy


def _value(rows: Mapping[str, Row], statistic: str) -> float | None:
    row = rows.get(statistic)
    return None if row is None else row.value
