"""A number that a document shows as that of a result is read in every form in which documents print numbers."""

from __future__ import annotations

import pytest

from studygen.checks.printed import _unlike
from studygen.results.findings import Origin, Quantity


@pytest.mark.parametrize(
    ("shown", "value", "unlike"),
    [
        ("1234.5", 1234.5, []),
        ("4.9\u00a0×\u00a010⁷", 48_600_000.0, []),  # two significant digits
        ("4.9\u00a0×\u00a010⁷", 48_400_000.0, ["4.9"]),  # rounds to 4.8
        ("2.3\u00a0×\u00a010⁻⁷", 2.31e-7, []),
        ("2.3\u00a0×\u00a010⁻⁷", 2.31e-6, ["2.3"]),
        ("<0.001", 0.0002, []),  # a bound is no number of the result
    ],
)
def test_a_printed_number_is_compared_with_its_result(shown: str, value: float, unlike: list[str]) -> None:
    result = Quantity("size.x", value, "number", "reported", Origin("declared"))
    assert list(_unlike(shown, result)) == unlike
