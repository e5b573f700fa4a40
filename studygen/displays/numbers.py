"""Numbers as digits: half-up rounding on decimals, a real minus, grouped thousands, enough digits that a number which is not
zero never reads as zero. Knows nothing about results or words."""

from __future__ import annotations

import math
from decimal import ROUND_HALF_UP, Decimal

MINUS = "−"
GROUP = "\u202f"
"""Narrow no-break space between thousands, in numbers of five digits and more; one of four reads like a year and needs none."""

SMALLEST = 1e-5
LARGEST = 1e7
"""Outside these a number is printed as a power of ten."""

_SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def rounded(value: float, decimals: int) -> Decimal:
    """`value` rounded half up (ties away from zero) on the shortest decimal that reads as the float: 0.285 gives 0.29."""
    return Decimal(repr(float(value))).quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)


def fixed(value: float, decimals: int) -> str:
    """`value` with exactly `decimals` decimals, thousands grouped from five digits on: "1234.50", "12 345", "−0.30". Never a
    negative zero."""
    if math.isinf(value):
        return "∞" if value > 0 else f"{MINUS}∞"
    number = rounded(value, decimals)
    text = f"{abs(number):,f}".replace(",", GROUP) if abs(number) >= 10_000 else f"{abs(number):f}"
    return f"{MINUS}{text}" if number < 0 else text


def places(value: float, least: int = 2, significant: int = 2) -> int:
    """Decimals that show at least `significant` significant digits of a number below one, and at least `least`."""
    if value == 0 or math.isinf(value):
        return least
    return max(least, significant - 1 - Decimal(repr(float(value))).adjusted())


def fitted(value: float, decimals: int) -> str:
    """`value` with `decimals` decimals where that reads well: whole from one thousand on, with two significant digits when it
    would read as zero, as a power of ten beyond reason."""
    size = abs(value)
    if value == 0 or math.isinf(value):
        return fixed(value, decimals)
    if size < SMALLEST or size >= LARGEST:
        return power_of_ten(value)
    if size >= 1000:
        return fixed(value, 0)
    if rounded(value, decimals) == 0:
        return fixed(value, places(value, decimals))
    return fixed(value, decimals)


def significant(value: float, digits: int = 3) -> str:
    """`value` with `digits` significant digits and no zeros at the end: "456", "65.4", "0.154", "3.5", "2"."""
    if value == 0 or math.isinf(value) or not SMALLEST <= abs(value) < LARGEST:
        return fitted(value, 0)
    decimals = max(0, digits - 1 - Decimal(repr(float(value))).adjusted())
    text = fixed(value, decimals)
    return text.rstrip("0").rstrip(".") if "." in text else text


def exact(value: float) -> str:
    """`value` unrounded, to the 15 significant digits that every float holds: "0.771756100604665". Plain characters (a hyphen for
    the minus, no grouping), so that it can be copied into a calculation."""
    if math.isinf(value):
        return fixed(value, 0)
    return f"{value:.15g}"


def power_of_ten(value: float) -> str:
    """Two significant digits and a power: "2.3 × 10⁻⁷"."""
    number = Decimal(repr(float(value)))
    exponent = number.adjusted()
    mantissa = rounded(float(number.scaleb(-exponent)), 1)
    if abs(mantissa) >= 10:
        mantissa, exponent = mantissa / 10, exponent + 1
    digits = f"{abs(mantissa):.1f}\u00a0×\u00a010{str(exponent).translate(_SUPERSCRIPTS)}"
    return f"{MINUS}{digits}" if mantissa < 0 else digits


def triple(value: float, lower: float, upper: float, least: int = 2) -> tuple[str, str, str]:
    """An estimate and its limits with the same decimals: two, or as many as show two significant digits of the estimate."""
    decimals = least if abs(value) < SMALLEST else places(value, least)
    return fitted(value, decimals), fitted(lower, decimals), fitted(upper, decimals)
