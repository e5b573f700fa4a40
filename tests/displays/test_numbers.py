"""Numbers become text once: half-up, with a real minus, and never a zero for what is not zero."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studygen.displays import numbers

FINITE = st.floats(min_value=-1e12, max_value=1e12, allow_nan=False)
SUPERSCRIPTS = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")


def parsed(text: str) -> Decimal:
    """The number that a reader sees."""
    plain = text.replace(numbers.MINUS, "-").replace(numbers.GROUP, "")
    if "×" in plain:
        mantissa, power = plain.split("\u00a0×\u00a010")
        return Decimal(mantissa).scaleb(int(power.translate(SUPERSCRIPTS)))
    return Decimal(plain)


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [
        (0.285, 2, "0.29"),  # the nearest float lies below 0.285
        (2.5, 0, "3"),
        (-2.5, 0, "−3"),
        (0.005, 2, "0.01"),
        (-0.004, 2, "0.00"),  # no negative zero
        (1234.5, 1, "1234.5"),
        (12345.5, 1, "12\u202f345.5"),
        (1234567, 0, "1\u202f234\u202f567"),
        (999, 0, "999"),
        (float("inf"), 2, "∞"),
    ],
)
def test_fixed_rounds_half_up_and_groups_thousands(value: float, decimals: int, text: str) -> None:
    assert numbers.fixed(value, decimals) == text


@given(FINITE, st.integers(min_value=0, max_value=6))
def test_what_is_printed_reads_back_as_the_rounded_number(value: float, decimals: int) -> None:
    expected = Decimal(repr(value)).quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)
    assert parsed(numbers.fixed(value, decimals)) == expected


@given(FINITE.filter(lambda x: x != 0), st.integers(min_value=0, max_value=4))
def test_a_number_that_is_not_zero_never_reads_as_zero(value: float, decimals: int) -> None:
    shown = parsed(numbers.fitted(value, decimals))
    assert shown != 0
    assert (shown < 0) == (value < 0)


@given(FINITE, st.integers(min_value=0, max_value=4))
def test_a_fitted_number_is_right_to_its_last_digit(value: float, decimals: int) -> None:
    shown = parsed(numbers.fitted(value, decimals))
    exponent = shown.as_tuple().exponent
    assert isinstance(exponent, int)
    assert abs(shown - Decimal(repr(value))) <= Decimal(1).scaleb(exponent) / 2


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (456.1, "456"),
        (65.35, "65.4"),
        (0.15370, "0.154"),
        (3.5, "3.5"),
        (8.0, "8"),
        (0, "0"),
        (100, "100"),
        (24000, "24\u202f000"),
    ],
)
def test_planned_numbers_have_three_significant_digits(value: float, text: str) -> None:
    assert numbers.significant(value) == text


def test_very_small_and_very_large_numbers_are_powers_of_ten() -> None:
    assert numbers.fitted(2.345e-7, 2) == "2.3\u00a0×\u00a010⁻⁷"
    assert numbers.fitted(9.96e9, 2) == "1.0\u00a0×\u00a010¹⁰"
    assert numbers.fitted(-4e8, 0) == "−4.0\u00a0×\u00a010⁸"


def test_limits_follow_the_estimates_decimals() -> None:
    assert numbers.triple(0.012, 0.009, 0.016) == ("0.012", "0.009", "0.016")
    assert numbers.triple(0.77, 0.0881, 6.7617) == ("0.77", "0.09", "6.76")
    assert numbers.triple(0.0, 0.0, 0.37) == ("0.00", "0.00", "0.37")
    assert numbers.triple(0.45, 0.003, 63.2) == ("0.45", "0.0030", "63.20")
    assert numbers.triple(1.2, 0.5, 1500) == ("1.20", "0.50", "1500")
