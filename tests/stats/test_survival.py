"""Curves from summed risk tables are those that R's survival package gives for the persons themselves (made up there, three
registries) to 1e-10: Kaplan-Meier, Greenwood, log-log limits, median, restricted mean, Aalen-Johansen and its standard error."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from studygen.stats.cumulative_incidence import cumulative_incidence
from studygen.stats.pooling import pool_effects
from studygen.stats.risk_tables import RiskTable, add_up, risk_table
from studygen.stats.survival import kaplan_meier, log_log_survival, median_time, restricted_mean, survival_of_log_log

REFERENCE = json.loads((Path(__file__).resolve().parents[1] / "references" / "metafor_rare.json").read_text(encoding="utf-8"))[
    "curves"
]
REGISTRIES = [risk_table(t["time"], t["at_risk"], t["events"], t["competing"]) for t in REFERENCE["registries"]]


@pytest.mark.parametrize("field", ["time", "survival", "se", "lower", "upper"])
def test_kaplan_meier_is_survfit_on_the_persons(field: str) -> None:
    assert list(getattr(kaplan_meier(REGISTRIES), field)) == pytest.approx(REFERENCE["km"][field], rel=1e-10)


def test_the_median_is_that_of_survfit() -> None:
    median = median_time(kaplan_meier(REGISTRIES))
    assert median.estimate == REFERENCE["km"]["median"]
    assert [median.lower, median.upper] == REFERENCE["km"]["median_ci"]


def test_the_restricted_mean_is_that_of_survfit() -> None:
    mean = restricted_mean(kaplan_meier(REGISTRIES), 8)
    assert [mean.estimate, mean.se] == pytest.approx([REFERENCE["km"]["rmst"], REFERENCE["km"]["rmst_se"]], rel=1e-10)


def test_cumulative_incidence_is_survfit_on_the_persons() -> None:
    ours, theirs = cumulative_incidence(REGISTRIES), REFERENCE["cumulative_incidence"]
    assert list(ours.estimate) == pytest.approx(theirs["estimate"], rel=1e-10)
    assert list(ours.se) == pytest.approx(theirs["se"], rel=1e-9)


def test_without_competing_events_incidence_is_one_less_survival() -> None:
    alone = [risk_table(t.time, t.at_risk, t.events) for t in REGISTRIES]
    curve, incidence = kaplan_meier(alone), cumulative_incidence(alone)
    assert list(incidence.estimate) == pytest.approx(list(1 - curve.survival), abs=1e-12)
    assert list(incidence.se) == pytest.approx(list(curve.se), abs=1e-12)
    assert list(incidence.upper) == pytest.approx(list(1 - curve.lower), rel=1e-9, nan_ok=True)


def test_a_textbook_curve() -> None:
    # Freireich 1963, 6-mercaptopurine: 21 persons, in remission 0.857 at 6 weeks, 0.690 at 13, 0.448 at 23; median 23
    time = [6, 7, 9, 10, 11, 13, 16, 17, 19, 20, 22, 23, 25, 32, 34, 35]
    at_risk = [21, 17, 16, 15, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 2, 1]
    events = [3, 1, 0, 1, 0, 1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0]
    curve = kaplan_meier([risk_table(time, at_risk, events)])
    at = dict(zip(time, zip(curve.survival, curve.se, strict=True), strict=True))
    assert at[6] == pytest.approx((0.857, 0.0764), abs=5e-4)
    assert at[13] == pytest.approx((0.690, 0.1068), abs=5e-4)
    assert at[23] == pytest.approx((0.448, 0.1346), abs=5e-4)
    assert median_time(curve).estimate == 23


def test_an_actuarial_table_takes_half_of_the_censored_out() -> None:
    curve = kaplan_meier([risk_table([1, 2], [100, 60], [20, 6], censored=[20, 10])], grouped=True)
    assert list(curve.survival) == pytest.approx([1 - 20 / 90, (1 - 20 / 90) * (1 - 6 / 55)])


def test_registries_with_different_times_keep_their_persons_at_risk() -> None:
    both = add_up([risk_table([1, 3], [10, 8], [1, 2]), risk_table([2], [5], [1])])
    assert list(both.time) == [1, 2, 3]
    assert list(both.at_risk) == [15, 13, 8]
    assert list(both.events) == [1, 1, 2]


def test_a_median_that_is_not_reached_is_a_note() -> None:
    median = median_time(kaplan_meier([risk_table([1, 2], [100, 90], [3, 2])]))
    assert math.isnan(median.estimate)
    assert median.notes == ("not_reached",)


def test_no_event_leaves_the_curve_at_one_without_limits() -> None:
    curve = kaplan_meier([risk_table([1, 2], [100, 90], [0, 0])])
    assert list(curve.survival) == [1, 1]
    assert np.isnan(curve.lower).all()
    assert log_log_survival(curve, 1).notes == ("no_events",)
    assert restricted_mean(curve, 2).estimate == 2
    assert list(cumulative_incidence([risk_table([1, 2], [100, 90], [0, 0])]).estimate) == [0, 0]


def test_when_everybody_has_had_the_event_there_is_no_log_log() -> None:
    curve = kaplan_meier([risk_table([1, 2], [2, 1], [1, 1])])
    assert list(curve.survival) == [0.5, 0]
    assert log_log_survival(curve, 2).notes == ("nobody_at_risk",)
    assert median_time(curve).estimate == 1.5


def test_a_horizon_beyond_follow_up_is_a_note_not_a_number() -> None:
    curve = kaplan_meier(REGISTRIES)
    assert restricted_mean(curve, 99).notes == ("beyond_follow_up",)
    assert log_log_survival(curve, 99).notes == ("beyond_follow_up",)
    with pytest.raises(ValueError, match="positive"):
        restricted_mean(curve, 0)


def test_survival_at_a_time_can_be_pooled_and_comes_back() -> None:
    effects = [log_log_survival(kaplan_meier([t]), 4.0).effect for t in REGISTRIES]
    pooled = pool_effects([e for e in effects if e is not None], estimator="reml")
    own = [float(kaplan_meier([t]).survival[int(np.searchsorted(t.time, 4.0, side="right")) - 1]) for t in REGISTRIES]
    assert min(own) < survival_of_log_log(float(pooled.estimate)) < max(own)
    curve = kaplan_meier(REGISTRIES[:1])
    effect = log_log_survival(curve, 4.0).effect
    assert effect is not None
    row = int(np.searchsorted(curve.time, 4.0, side="right")) - 1
    half = 1.959963985 * math.sqrt(effect.variance)
    assert survival_of_log_log(effect.value + half) == pytest.approx(float(curve.lower[row]), rel=1e-8)


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        (([1, 2], [5, 4], [6, 0]), "more events"),
        (([2, 1], [5, 4], [1, 0]), "increase"),
        (([1, 2], [5], [1, 0]), "same length"),
        (([1, 2], [5, -4], [1, 0]), "not negative"),
    ],
)
def test_risk_tables_that_are_none_are_refused(columns: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        risk_table(*columns)


persons = st.lists(st.tuples(st.integers(1, 12), st.integers(0, 2), st.integers(0, 2)), min_size=2, max_size=40)


def table_of(rows: list[tuple[int, int, int]]) -> RiskTable:
    times = sorted({t for t, _, _ in rows})
    return risk_table(
        times,
        [sum(t >= at for t, _, _ in rows) for at in times],
        [sum(t == at and kind == 1 for t, kind, _ in rows) for at in times],
        [sum(t == at and kind == 2 for t, kind, _ in rows) for at in times],
    )


@given(persons)
def test_tables_of_registries_give_the_curve_of_all_persons(rows) -> None:
    apart = [table_of(part) for r in range(3) if (part := [p for p in rows if p[2] == r])]
    for f in (kaplan_meier, cumulative_incidence):
        one, other = f(apart), f([table_of(rows)])
        for field in ("time", "se"):
            assert np.allclose(getattr(one, field), getattr(other, field), equal_nan=True)
    curve, incidence = kaplan_meier(apart), cumulative_incidence(apart)
    assert (np.diff(curve.survival) <= 1e-12).all()
    assert (incidence.estimate <= 1 - curve.survival + 1e-12).all()
