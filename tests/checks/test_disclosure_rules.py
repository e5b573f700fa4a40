"""What follows from shown numbers is found, what does not is left alone, whatever the order of the rows."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from studygen.checks.recovery import Sum, bounds, recovered
from studygen.checks.tables import sums_over_registries
from studygen.results.findings import Count, Origin, ResultSet

PARTS = st.lists(st.integers(min_value=1, max_value=500), min_size=3, max_size=6)


def table(parts: Sequence[int]) -> tuple[dict[object, float], Sum]:
    shown: dict[object, float] = {"whole": float(sum(parts)), **{f"part {n}": float(part) for n, part in enumerate(parts)}}
    return shown, Sum("whole", tuple(f"part {n}" for n in range(len(parts))), "the parts")


@given(PARTS)
def test_one_suppressed_part_beside_its_total_is_recovered(parts: list[int]) -> None:
    shown, together = table(parts)
    assert recovered({cell: n for cell, n in shown.items() if cell != "part 0"}, {"part 0"}, [together]) == {"part 0": parts[0]}


@given(PARTS)
def test_a_part_suppressed_with_a_second_one_is_not_recovered(parts: list[int]) -> None:
    hidden = {"part 0", "part 1"}
    shown, together = table(parts)
    found = recovered({cell: n for cell, n in shown.items() if cell not in hidden}, hidden, [together])
    # Both are at least one, so that only a remainder of two tells them.
    assert found == ({"part 0": 1, "part 1": 1} if parts[0] + parts[1] == 2 else {})


@given(PARTS)
def test_without_its_total_a_suppressed_part_is_not_recovered(parts: list[int]) -> None:
    shown, together = table(parts)
    assert (
        recovered({cell: n for cell, n in shown.items() if cell not in ("whole", "part 0")}, {"whole", "part 0"}, [together])
        == {}
    )


@given(st.lists(st.lists(st.integers(1, 50), min_size=3, max_size=3), min_size=3, max_size=3), st.randoms(use_true_random=False))
def test_the_order_of_rows_and_registries_does_not_matter(cells: list[list[int]], order: object) -> None:
    shown, hidden, sums = square(cells, {(0, 0), (0, 1), (1, 0), (1, 1)})
    mixed = list(sums)
    order.shuffle(mixed)  # type: ignore[attr-defined]
    assert bounds(shown, hidden, sums) == bounds(shown, hidden, mixed)


@given(st.lists(st.lists(st.integers(1, 50), min_size=3, max_size=3), min_size=3, max_size=3))
def test_bounds_hold_the_hidden_numbers_and_every_number_that_fits(cells: list[list[int]]) -> None:
    shown, hidden, sums = square(cells, {(0, 0), (0, 1), (1, 0), (1, 1)})
    found = bounds(shown, hidden, sums)
    # By hand: with margins and the rest shown, one number t moves all four corners.
    a, b, c, d = cells[0][0], cells[0][1], cells[1][0], cells[1][1]
    fitting = [t for t in range(-100, 101) if a + t >= 1 and b - t >= 1 and c - t >= 1 and d + t >= 1]
    assert found[(0, 0)] == (a + min(fitting), a + max(fitting))
    assert found[(1, 0)] == (c - max(fitting), c - min(fitting))


def test_a_number_hidden_in_one_row_only_follows_from_its_column() -> None:
    cells = [[3, 40, 20], [10, 11, 12], [13, 14, 15]]
    shown, hidden, sums = square(cells, {(0, 0), (0, 1)})
    assert recovered(shown, hidden, sums) == {(0, 0): 3, (0, 1): 40}


def square(cells: list[list[int]], hidden: set[tuple[int, int]]) -> tuple[dict[object, float], set[object], list[Sum]]:
    """A table of two ways with its margins."""
    places = list(itertools.product(range(3), range(3)))
    shown: dict[object, float] = {place: float(cells[place[0]][place[1]]) for place in places if place not in hidden}
    sums = []
    for n in range(3):
        shown[f"row {n}"], shown[f"column {n}"] = float(sum(cells[n])), float(sum(row[n] for row in cells))
        sums.append(Sum(f"row {n}", tuple((n, m) for m in range(3)), "a row"))
        sums.append(Sum(f"column {n}", tuple((m, n) for m in range(3)), "a column"))
    return shown, set(hidden), sums


def test_an_open_sum_bounds_from_above_only() -> None:
    given_sum = Sum("whole", ("one", "other"), "the parts", open=True)
    assert bounds({"whole": 10.0, "other": 7.0}, {"one"}, [given_sum]) == {"one": (1.0, 3.0)}
    assert bounds({"other": 7.0}, {"one"}, [given_sum]) == {"one": (1.0, math.inf)}


def test_a_registry_follows_from_a_total_that_is_shown_and_the_others() -> None:
    def count(id: str, value: int | None, *inputs: str) -> Count:
        state = "reported" if value is not None else "suppressed"
        return Count(id, value, "events", state, Origin("sum" if inputs else "as_delivered", inputs))  # type: ignore[arg-type]

    results = ResultSet((count("x.a", None), count("x.b", 20), count("x.total", 23, "x.a", "x.b")))
    (together,) = sums_over_registries(results)
    assert recovered({"x.b": 20.0, "x.total": 23.0}, {"x.a"}, [together]) == {"x.a": 3}
