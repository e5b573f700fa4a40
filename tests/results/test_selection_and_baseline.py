"""What registries send of their selection and of the groups at baseline adds up over registries, or says why it does not."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from rows_by_hand import Rows

from studygen.results.balance import balance_results
from studygen.results.baseline import baseline_results
from studygen.results.delivered import Delivered
from studygen.results.descriptive import descriptive_results
from studygen.results.findings import Count, Quantity, Result
from studygen.results.selection import selection_results
from studygen.stats.methods import METHODS
from studygen.study.study import Study
from studygen.study.variables import Covariate


@pytest.fixture
def wide(study: Study) -> Study:
    """The small study with a covariate of each kind."""
    sex = study.covariate("sex")

    def like(id: str, **said: object) -> Covariate:
        return sex.model_copy(update={"id": id, "label": id, "levels": (), **said})

    more = (like("age", type="continuous"), like("smoker", type="binary"), like("course", levels=("cis", "relapsing", "other")))
    return study.model_copy(update={"covariates": (*study.covariates, *more)})


def described(study: Study, *deliveries: Delivered) -> dict[str, Result]:
    def every() -> Iterator[Result]:
        sent = {result.id: result for result in descriptive_results(study, deliveries)}
        yield from sent.values()
        yield from selection_results(study, deliveries, {id: x for id, x in sent.items() if isinstance(x, Count)})
        yield from baseline_results(study, deliveries, sent)
        yield from balance_results(study, deliveries, sent)

    return {result.id: result for result in every()}


def steps(registry: str, **left: float | str) -> Delivered:
    rows = Rows()
    for step, n in left.items():
        rows.add("attrition", "all", step, {"n": n})
    return rows.from_registry(registry)


def notes(result: Result) -> list[tuple[str, dict[str, str]]]:
    return [(note.code, dict(note.values)) for note in result.origin.notes]


# ---------------------------------------------------------------- selection


def test_those_excluded_are_the_difference_between_steps(study: Study) -> None:
    results = described(study, steps("r1", source_population=5200, adult=5100, earlier_use=4000, study_population=4000))
    assert results["attrition.r1.adult.excluded"].value == 100
    assert results["attrition.r1.earlier_use.excluded"].value == 1100
    assert results["attrition.r1.study_population.excluded"].value == 0
    assert results["attrition.r1.adult.excluded"].origin.inputs == ("attrition.r1.source_population.n", "attrition.r1.adult.n")


def test_a_suppressed_step_is_counted_with_the_next(study: Study) -> None:
    results = described(study, steps("r1", source_population=5200, adult="suppressed", earlier_use=4000))
    assert "attrition.r1.adult.excluded" not in results
    assert results["attrition.r1.earlier_use.excluded"].value == 1200
    suppressed = results["attrition.r1.adult.n"]
    assert isinstance(suppressed, Count)
    assert suppressed.threshold is None, "the number left is not small, only the number excluded"


def test_totals_of_the_selection_add_up(study: Study) -> None:
    first = steps("r1", source_population=5200, adult=5100, earlier_use=4000, study_population=4000)
    second = steps("r2", source_population=800, adult=700, earlier_use=650, study_population=650)
    results = described(study, first, second)
    left = [results[f"attrition.total.{step}.n"].value for step in ("source_population", "adult", "earlier_use")]
    assert left == [6000, 5800, 4650]
    assert results["attrition.total.earlier_use.excluded"].value == 1150


def test_a_step_that_one_registry_lacks_has_no_total(study: Study) -> None:
    results = described(
        study, steps("r1", source_population=5200, adult=5100, earlier_use=4000), steps("r2", adult=700, earlier_use="suppressed")
    )
    source = results["attrition.total.source_population.n"]
    assert (source.value, source.state) == (None, "not_collected")
    assert notes(source) == [("sum_needs_all", {"registries": "R2"})]
    assert results["attrition.total.adult.n"].value == 5800
    assert results["attrition.total.earlier_use.n"].state == "suppressed"
    assert "attrition.total.adult.excluded" not in results


def test_a_registry_that_describes_no_selection_is_named(study: Study) -> None:
    results = described(study, steps("r1", source_population=5200, adult=5100), Rows().from_registry("r2"))
    assert notes(results["attrition.total.adult.n"]) == [("not_in_sum", {"registries": "R2"})]


# ---------------------------------------------------------------- baseline


def people(registry: str, n: int, female: float | str, missing: int = 0, *, age: tuple[float, float] | None = None) -> Delivered:
    rows = Rows()
    for group in ("a", "b"):
        male = "suppressed" if isinstance(female, str) else n - female - missing
        rows.add("baseline", group, "persons", {"n": n})
        rows.add("baseline", group, "sex", {"n": female}, level="female").add("baseline", group, "sex", {"n": male}, level="male")
        rows.add("baseline", group, "sex", {"missing": missing})
        if age is not None:
            rows.add("baseline", group, "age", {"n": n, "mean": age[0], "sd": age[1]})
    return rows.from_registry(registry)


def part(result: Result) -> tuple[int | None, int | None]:
    assert isinstance(result, Count)
    return result.value, result.of


def test_counts_are_parts_of_all_persons_of_the_group(wide: Study) -> None:
    results = described(wide, people("r1", 200, 120, 20))
    assert part(results["baseline.a.r1.sex.female.n"]) == (120, 200)
    assert part(results["baseline.a.r1.sex.missing"]) == (20, 200)
    assert part(results["baseline.a.r1.persons.n"]) == (200, None)


def test_counts_are_summed_and_are_parts_of_the_sum(wide: Study) -> None:
    results = described(wide, people("r1", 200, 120, 20), people("r2", 100, 30))
    assert part(results["baseline.a.total.persons.n"]) == (300, None)
    assert part(results["baseline.a.total.sex.female.n"]) == (150, 300)


def test_a_suppressed_count_suppresses_its_sum(wide: Study) -> None:
    results = described(wide, people("r1", 200, 120), people("r2", 100, "suppressed"))
    total = results["baseline.a.total.sex.female.n"]
    assert (total.value, total.state) == (None, "suppressed")
    assert notes(total) == [("suppressed_input", {"registries": "R2"})]


def test_a_suppressed_level_is_not_said_to_be_small(wide: Study) -> None:
    results = described(wide, people("r1", 100, "suppressed"))
    levels = [each for id, each in results.items() if id.startswith("baseline.") and ".r1.sex." in id and id.endswith(".n")]
    assert len(levels) == 4
    for level in levels:
        assert isinstance(level, Count)
        assert (level.state, level.threshold) == ("suppressed", None), "one of the two may be suppressed to protect the other"


def test_mean_and_spread_are_those_of_all_persons_together(wide: Study) -> None:
    """R: 100 persons of mean 40, sd 10 and 300 of mean 36, sd 8 are 400 of mean 37, sd 8.70513921."""
    results = described(wide, people("r1", 100, 50, age=(40, 10)), people("r2", 300, 150, age=(36, 8)))
    assert results["baseline.a.total.age.mean"].value == pytest.approx(37)
    assert results["baseline.a.total.age.sd"].value == pytest.approx(8.70513921, abs=1e-8)


def test_a_registry_without_a_mean_is_named(wide: Study) -> None:
    results = described(wide, people("r1", 100, 50, age=(40, 10)), people("r2", 300, 150))
    assert results["baseline.a.total.age.mean"].value == pytest.approx(40)
    assert notes(results["baseline.a.total.age.mean"]) == [("not_in_sum", {"registries": "R2"})]


def test_medians_have_no_total(wide: Study) -> None:
    rows = Rows().add("baseline", "a", "persons", {"n": 100}).add("baseline", "a", "age", {"median": 40, "q1": 30, "q3": 50})
    results = described(wide, rows.from_registry("r1"))
    assert results["baseline.a.r1.age.median"].value == 40
    assert "baseline.a.total.age.median" not in results


# ---------------------------------------------------------------- balance


def test_a_difference_that_was_not_sent_follows_from_means(wide: Study) -> None:
    """R: (40 - 38) / sqrt((10² + 9²)/2) = 0.21023533."""
    rows = Rows()
    for group, mean, sd in (("a", 40, 10), ("b", 38, 9)):
        rows.add("baseline", group, "persons", {"n": 100}).add("baseline", group, "age", {"mean": mean, "sd": sd})
    found = described(wide, rows.from_registry("r1"))["baseline.a_vs_b.r1.age.smd"]
    assert found.value == pytest.approx(0.21023533, abs=1e-8)
    assert found.origin.sources[0].rows == (3, 4, 6, 7)


def test_a_difference_of_several_levels_is_that_of_yang_and_dalton(wide: Study) -> None:
    """R, solve() of the mean covariance: shares 0.7, 0.2, 0.1 and 0.5, 0.3, 0.2 are 0.42565792 apart."""
    rows = Rows()
    for group, counts in (("a", (70, 20, 10)), ("b", (50, 30, 20))):
        rows.add("baseline", group, "persons", {"n": 100})
        for level, n in zip(("cis", "relapsing", "other"), counts, strict=True):
            rows.add("baseline", group, "course", {"n": n}, level=level)
    found = described(wide, rows.from_registry("r1"))["baseline.a_vs_b.r1.course.smd"]
    assert found.value == pytest.approx(0.42565792, abs=1e-8)


def test_a_difference_that_was_sent_is_kept(wide: Study) -> None:
    delivered = people("r1", 100, 50, age=(40, 10))
    rows = Rows()
    rows.rows.extend(delivered.delivery.rows)
    rows.add("baseline", "a:b", "age", {"smd": -0.3, "smd_weighted": 0.02})
    results = described(wide, rows.from_registry("r1"))
    assert results["baseline.a_vs_b.r1.age.smd"].value == -0.3
    assert results["baseline.a_vs_b.r1.age.smd"].origin.method == "as_delivered"
    assert results["baseline.a_vs_b.r1.age.smd_weighted"].value == 0.02


def test_over_registries_opposite_differences_do_not_cancel(wide: Study) -> None:
    """300 persons with -0.1 and 100 with 0.3 make (300 x 0.1 + 100 x 0.3)/400 = 0.15."""
    deliveries = []
    for registry, n, smd in (("r1", 150, -0.1), ("r2", 50, 0.3)):
        rows = Rows().add("baseline", "a", "persons", {"n": n}).add("baseline", "b", "persons", {"n": n})
        deliveries.append(rows.add("baseline", "a:b", "age", {"smd": smd}).from_registry(registry))
    results = described(wide, *deliveries)
    assert results["baseline.a_vs_b.total.age.smd"].value == pytest.approx(0.15)
    largest = results["baseline.a_vs_b.total.age.smd_largest"]
    assert isinstance(largest, Quantity)
    assert largest.value == pytest.approx(0.3)


def test_a_registry_without_a_difference_is_named(wide: Study) -> None:
    rows = Rows().add("baseline", "a", "persons", {"n": 50}).add("baseline", "b", "persons", {"n": 50})
    first = rows.add("baseline", "a:b", "age", {"smd": 0.1}).from_registry("r1")
    results = described(wide, first, people("r2", 300, 150))
    assert notes(results["baseline.a_vs_b.total.age.smd"]) == [("not_in_average", {"registries": "R2"})]


def test_everything_has_a_known_method(wide: Study) -> None:
    results = described(wide, people("r1", 100, 50, 5, age=(40, 10)), steps("r2", source_population=500, adult=400))
    assert {result.origin.method for result in results.values()} <= set(METHODS)
    assert all(each in results for result in results.values() for each in result.origin.inputs)
