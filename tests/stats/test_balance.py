"""Standardised differences follow Austin 2009 and Yang, Dalton 2012; pooled ones are those of all persons together."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from studygen.stats.balance import (
    Moments,
    balance_of_means,
    balance_of_shares,
    combined,
    standardised_category_difference,
    standardised_difference,
    standardised_share_difference,
)


def test_differences_by_hand() -> None:
    assert standardised_difference(Moments(10, 42.0, 10.0), Moments(12, 40.0, 10.0)).value == pytest.approx(0.2)
    # 0.1 / sqrt((0.24 + 0.25)/2)
    assert standardised_share_difference(0.6, 0.5).value == pytest.approx(0.20203050891044214)


def test_two_categories_are_a_share() -> None:
    assert standardised_category_difference([0.6, 0.4], [0.5, 0.5]).value == pytest.approx(0.20203050891044214)


def test_three_categories_do_not_depend_on_their_order() -> None:
    one = standardised_category_difference([0.5, 0.3, 0.2], [0.4, 0.3, 0.3]).value
    assert standardised_category_difference([0.2, 0.5, 0.3], [0.3, 0.4, 0.3]).value == pytest.approx(one)
    assert one > 0


def test_a_category_nobody_has_changes_nothing() -> None:
    with_empty = standardised_category_difference([0.6, 0.4, 0.0], [0.5, 0.5, 0.0])
    assert with_empty.value == pytest.approx(0.20203050891044214)
    assert standardised_category_difference([1.0, 0.0], [1.0, 0.0]).value == 0


def test_groups_without_spread_are_equal_or_have_a_note() -> None:
    assert standardised_share_difference(0.0, 0.0).value == 0
    apart = standardised_share_difference(0.0, 1.0)
    assert math.isnan(apart.value)
    assert apart.notes == ("zero_variance",)
    assert standardised_category_difference([1.0, 0.0], [0.0, 1.0]).notes == ("zero_variance",)


def test_opposite_imbalances_of_registries_can_hide_in_the_pool() -> None:
    balance = balance_of_shares([60, 40], [100, 100], [40, 60], [100, 100])
    assert [d.value for d in balance.by_source] == pytest.approx([0.408248290463863, -0.408248290463863])
    assert balance.pooled.value == 0
    assert balance.largest == pytest.approx(0.408248290463863)


def test_means_are_pooled_from_moments() -> None:
    balance = balance_of_means([Moments(50, 40, 9), Moments(20, 44, 8)], [Moments(60, 39, 9), Moments(30, 42, 8)])
    assert len(balance.by_source) == 2
    assert 0 < balance.pooled.value < balance.largest


def test_shares_that_are_none_are_refused() -> None:
    with pytest.raises(ValueError, match="sum to one"):
        standardised_category_difference([0.6, 0.6], [0.5, 0.5])
    with pytest.raises(ValueError, match="no persons"):
        balance_of_shares([0], [0], [1], [2])
    with pytest.raises(ValueError, match="no persons"):
        combined([])


@given(st.lists(st.lists(st.floats(-50, 50), min_size=2, max_size=8), min_size=1, max_size=4))
def test_combined_moments_are_those_of_all_persons(groups) -> None:
    moments = [Moments(len(g), float(np.mean(g)), float(np.std(g, ddof=1))) for g in groups]
    together = np.concatenate(groups)
    found = combined(moments)
    assert found.mean == pytest.approx(float(together.mean()), abs=1e-9)
    assert found.sd == pytest.approx(float(together.std(ddof=1)), abs=1e-6)
