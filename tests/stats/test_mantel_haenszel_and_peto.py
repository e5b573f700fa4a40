"""Mantel-Haenszel and Peto agree with metafor's rma.mh and rma.peto to 1e-10 and with figures in print: the BCG trials, the
tolbutamide and smoking-doctors examples of Rothman, Greenland, Lash 2008, chapter 15 (90% intervals there).

Known divergence: with a correction that exceeds the difference itself our test statistic is 0, as R's mantelhaen.test has it;
metafor carries it past zero."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studygen.stats.mantel_haenszel import association_test, breslow_day, mantel_haenszel, rate_association_test
from studygen.stats.peto import peto
from studygen.stats.two_arms import TwoArms, two_arms

REFERENCE = json.loads((Path(__file__).resolve().parents[1] / "references" / "metafor_rare.json").read_text(encoding="utf-8"))
PERSONS = REFERENCE["two_by_two"]
TIME = REFERENCE["person_time"]


def persons(name: str) -> TwoArms:
    d = PERSONS[name]
    return two_arms(d["events1"], d["n1"], d["events2"], d["n2"], persons=True)


def person_time(name: str) -> TwoArms:
    d = TIME[name]
    return two_arms(d["events1"], d["py1"], d["events2"], d["py2"], persons=False)


POOLS = [(persons, name, fit) for name, d in PERSONS.items() for fit in d["mantel_haenszel"]] + [
    (person_time, name, fit) for name, d in TIME.items() for fit in d["mantel_haenszel"]
]


@pytest.mark.parametrize(("arms", "name", "fit"), POOLS, ids=[f"{name}-{fit['measure']}" for _, name, fit in POOLS])
def test_every_number_is_that_of_rma_mh(arms: Any, name: str, fit: dict[str, Any]) -> None:
    ours = mantel_haenszel(fit["measure"], arms(name))
    found = [ours.fit.estimate, ours.fit.se, ours.fit.lower, ours.fit.upper, ours.fit.p]
    assert found == pytest.approx([fit[x] for x in ("estimate", "se", "ci_lower", "ci_upper", "p")], rel=1e-10)
    found = [ours.q.statistic, ours.q.df, ours.q.p, ours.i_squared, ours.h_squared]
    assert found == pytest.approx([fit[x] for x in ("q", "q_df", "q_p", "i2", "h2")], rel=1e-10, abs=1e-12)
    assert list(ours.weights) == pytest.approx(fit["weights"], rel=1e-10)


@pytest.mark.parametrize("name", sorted(PERSONS))
def test_the_tests_of_persons_are_those_of_rma_mh(name: str) -> None:
    expected, arms = PERSONS[name]["associations"], persons(name)
    found = [
        association_test(arms, correct=False, cochran=True).statistic,
        association_test(arms, correct=False).statistic,
        association_test(arms).statistic,
        breslow_day(arms, tarone=False).statistic,
        breslow_day(arms).statistic,
        breslow_day(arms).p,
    ]
    names = ("cochran", "mantel_haenszel", "mantel_haenszel_corrected", "breslow_day", "tarone", "tarone_p")
    assert found == pytest.approx([expected[x] for x in names], rel=1e-10)
    assert breslow_day(arms).df == expected["df"]


@pytest.mark.parametrize("name", sorted(TIME))
def test_the_test_of_person_time_is_that_of_rma_mh(name: str) -> None:
    arms = person_time(name)
    assert rate_association_test(arms, correct=False).statistic == pytest.approx(TIME[name]["association"], rel=1e-10)
    assert rate_association_test(arms).statistic == pytest.approx(TIME[name]["association_corrected"], rel=1e-10)


@pytest.mark.parametrize("name", sorted(PERSONS))
def test_petos_numbers_are_those_of_rma_peto(name: str) -> None:
    ours, fit = peto(persons(name)), PERSONS[name]["peto"]
    found = [ours.fit.estimate, ours.fit.se, ours.fit.lower, ours.fit.upper, ours.q.statistic, ours.i_squared]
    assert found == pytest.approx([fit[x] for x in ("estimate", "se", "ci_lower", "ci_upper", "q", "i2")], rel=1e-10, abs=1e-12)


@pytest.mark.parametrize(
    ("measure", "printed"),
    [("RR", [-0.4537, -0.5308, -0.3766]), ("OR", [-0.4734, -0.5538, -0.3930]), ("RD", [-0.0033, -0.0039, -0.0027])],
)
def test_the_bcg_trials_in_print(measure: Any, printed: list[float]) -> None:
    fit = mantel_haenszel(measure, persons("bcg")).fit
    assert [fit.estimate, fit.lower, fit.upper] == pytest.approx(printed, abs=5e-5)


def test_the_bcg_trials_q_and_peto_in_print() -> None:
    assert mantel_haenszel("RR", persons("bcg")).q.statistic == pytest.approx(152.5676, abs=5e-5)
    assert mantel_haenszel("OR", persons("bcg")).q.statistic == pytest.approx(163.9426, abs=5e-5)
    ours = peto(persons("bcg"))
    found = [ours.fit.estimate, ours.fit.lower, ours.fit.upper, ours.q.statistic]
    assert found == pytest.approx([-0.4744, -0.5541, -0.3948, 167.7302], abs=5e-5)


@pytest.mark.parametrize(
    ("measure", "printed"),
    [("RD", [0.0349, -0.0176, 0.0874]), ("RR", [0.2818, -0.1442, 0.7078]), ("OR", [0.3387, -0.1731, 0.8505])],
)
def test_the_tolbutamide_trial_in_modern_epidemiology(measure: Any, printed: list[float]) -> None:
    fit = mantel_haenszel(measure, persons("tolbutamide"), level=0.90).fit
    assert [fit.estimate, fit.lower, fit.upper] == pytest.approx(printed, abs=6e-5)


def test_the_tolbutamide_tests_in_modern_epidemiology() -> None:
    arms = persons("tolbutamide")
    found = [
        association_test(arms, correct=False, cochran=True).statistic,
        association_test(arms, correct=False).statistic,
        breslow_day(arms).statistic,
    ]
    assert found == pytest.approx([1.1976, 1.1914, 0.3489], abs=5e-5)


def test_the_smoking_doctors_in_modern_epidemiology() -> None:
    arms = person_time("smoking_doctors")
    ratio = mantel_haenszel("IRR", arms, level=0.90)
    assert [ratio.fit.estimate, ratio.fit.lower, ratio.fit.upper] == pytest.approx([0.3539, 0.1776, 0.5303], abs=6e-5)
    assert ratio.q.statistic == pytest.approx(10.4117, abs=5e-5)
    assert [math.exp(x) for x in (ratio.fit.estimate, ratio.fit.lower, ratio.fit.upper)] == pytest.approx(
        [1.4247, 1.1944, 1.6994], abs=5e-5
    )
    difference = mantel_haenszel("IRD", arms, level=0.90)
    shown = [10_000 * x for x in (difference.fit.estimate, difference.fit.lower, difference.fit.upper)]
    assert shown == pytest.approx([11.4392, 6.3498, 16.5286], abs=5e-5)
    assert difference.q.statistic == pytest.approx(26.8758, abs=5e-5)


def test_a_source_without_events_changes_a_ratio_in_nothing_but_its_note() -> None:
    one = mantel_haenszel("IRR", two_arms([3, 5], [900, 800], [1, 2], [700, 900], persons=False))
    more = mantel_haenszel("IRR", two_arms([3, 5, 0], [900, 800, 400], [1, 2, 0], [700, 900, 300], persons=False))
    assert [more.fit.estimate, more.fit.se, more.q.df] == pytest.approx([one.fit.estimate, one.fit.se, one.q.df])
    assert more.fit.notes == ("sources_without_events",)
    assert more.fit.k == 3


def test_it_pulls_a_difference_towards_zero() -> None:
    one = mantel_haenszel("RD", two_arms([3, 5], [90, 80], [1, 2], [70, 90], persons=True))
    more = mantel_haenszel("RD", two_arms([3, 5, 0], [90, 80, 400], [1, 2, 0], [70, 90, 300], persons=True))
    assert 0 < more.fit.estimate < one.fit.estimate


@pytest.mark.parametrize("measure", ["RR", "OR", "IRR"])
def test_no_events_at_all_is_a_note_not_a_number(measure: Any) -> None:
    ours = mantel_haenszel(measure, two_arms([0, 0], [90, 80], [0, 0], [70, 90], persons=True))
    assert math.isnan(ours.fit.estimate)
    assert ours.fit.notes == ("no_events",)


@pytest.mark.parametrize("measure", ["RR", "OR", "IRR"])
def test_no_events_in_one_group_is_a_note_not_a_number(measure: Any) -> None:
    ours = mantel_haenszel(measure, two_arms([0, 0], [90, 80], [1, 2], [70, 90], persons=True))
    assert math.isnan(ours.fit.estimate)
    assert ours.fit.notes == ("no_events_in_one_group",)


@pytest.mark.parametrize("measure", ["RD", "IRD"])
def test_a_difference_without_events_is_zero_without_a_standard_error(measure: Any) -> None:
    ours = mantel_haenszel(measure, two_arms([0, 0], [90, 80], [0, 0], [70, 90], persons=True))
    assert ours.fit.estimate == 0
    assert math.isnan(ours.fit.se)
    assert ours.fit.notes == ("no_variation",)


def test_peto_without_events_says_so() -> None:
    ours = peto(two_arms([0, 0], [90, 80], [0, 0], [70, 90], persons=True))
    assert ours.fit.notes == ("no_events",)


def test_peto_has_a_finite_answer_when_one_group_has_no_event() -> None:
    ours = peto(two_arms([0, 0], [90, 80], [2, 3], [70, 90], persons=True))
    assert math.isfinite(ours.fit.estimate)
    assert ours.fit.upper < 0


def test_zero_person_time_leaves_a_source_out_with_a_note() -> None:
    ours = mantel_haenszel("IRR", two_arms([3, 0], [900, 0], [1, 2], [700, 900], persons=False))
    assert ours.fit.k == 1
    assert ours.fit.notes == ("sources_without_size", "one_source")


def test_one_dominant_source_is_said() -> None:
    ours = mantel_haenszel("IRR", two_arms([300, 1], [90_000, 40], [200, 1], [90_000, 40], persons=False))
    assert "one_dominant_source" in ours.fit.notes


def test_perfect_balance_has_no_association_even_with_the_correction() -> None:
    arms = two_arms([5, 5], [100, 100], [5, 5], [100, 100], persons=True)
    assert association_test(arms).statistic == 0
    assert association_test(arms).p == 1


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        (([3], [0], [1], [9]), "without persons"),
        (([3], [2], [1], [9]), "more events than persons"),
        (([-1], [2], [1], [9]), "not negative"),
        (([1, 2], [9], [1], [9]), "same length"),
        (([float("nan")], [9], [1], [9]), "finite"),
    ],
)
def test_impossible_counts_are_refused(columns: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        two_arms(*columns, persons=True)


rows = st.tuples(st.integers(0, 30), st.integers(50, 900), st.integers(0, 30), st.integers(50, 900))
tables = st.lists(rows, min_size=1, max_size=7).filter(lambda t: sum(r[0] for r in t) > 0 and sum(r[2] for r in t) > 0)
measures = st.sampled_from(["RR", "OR", "RD", "IRR", "IRD"])


def arms_of(table: list[tuple[int, int, int, int]]) -> TwoArms:
    a, n1, c, n2 = zip(*table, strict=True)
    return two_arms(a, n1, c, n2, persons=True)


@given(tables, measures, st.randoms())
def test_the_order_of_registries_does_not_matter(table, measure, random) -> None:
    shuffled = list(table)
    random.shuffle(shuffled)
    one, other = mantel_haenszel(measure, arms_of(table)).fit, mantel_haenszel(measure, arms_of(shuffled)).fit
    assert [one.estimate, one.lower, one.upper] == pytest.approx([other.estimate, other.lower, other.upper], rel=1e-9, abs=1e-12)


@given(tables, measures)
def test_exchanging_the_groups_changes_the_sign(table, measure) -> None:
    one = mantel_haenszel(measure, arms_of(table)).fit
    other = mantel_haenszel(measure, arms_of([(c, n2, a, n1) for a, n1, c, n2 in table])).fit
    assert [one.estimate, one.se] == pytest.approx([-other.estimate, other.se], rel=1e-9, abs=1e-12, nan_ok=True)


@given(tables, st.floats(0.001, 1000))
def test_the_unit_of_person_time_does_not_change_a_rate_ratio(table, factor) -> None:
    a, t1, c, t2 = zip(*table, strict=True)
    one = mantel_haenszel("IRR", two_arms(a, t1, c, t2, persons=False)).fit
    scaled = [factor * t for t in t1], [factor * t for t in t2]
    other = mantel_haenszel("IRR", two_arms(a, scaled[0], c, scaled[1], persons=False)).fit
    assert [one.estimate, one.se] == pytest.approx([other.estimate, other.se], rel=1e-9, abs=1e-12)


@given(tables, measures)
def test_a_number_that_is_missing_has_a_note(table, measure) -> None:
    fit = mantel_haenszel(measure, arms_of(table)).fit
    assert math.isfinite(fit.estimate) or fit.notes
    assert math.isfinite(fit.se) or fit.notes
