"""What a result is: a count, a quantity, an estimate with interval or a curve, exact, with method, sources and notes; and the set
of all results of a study, addressed by id. Knows nothing about how numbers are printed.

Ids. `<analysis>[.<group>].<registry>.<statistic>` for one registry, `<analysis>[.<group>].<statistic>` pooled. The group is left
out for the analysis' own contrast and for the group `all`. Examples for an analysis `arr_ratio`:
`arr_ratio.dk_dmsr.estimate`, `arr_ratio.pooled` (the plan's main pooling), `arr_ratio.pooled_common_wald` (one beside it),
`arr_ratio.tau_squared`, `arr_ratio.i_squared`, `arr_ratio.h_squared`, `arr_ratio.q`, `arr_ratio.q_p`, `arr_ratio.k`,
`arr_ratio.prediction`, `arr_ratio.dk_dmsr.weight`, `arr_ratio.without_dk_dmsr`; for counts
`deaths.it_musc19.events`, `deaths.it_musc19.n`, `deaths.it_musc19.estimate`, `deaths.total.events` (plain sums over
registries, for description only), `deaths.pooled`. Attrition, baseline: `attrition.<registry>.<variable>.n`,
`baseline.<group>.<registry>.<variable>[.<level>].<statistic>`; `attrition.<registry>.<step>.excluded` are the persons excluded
since the last step with a number, `baseline.<exposure>_vs_<comparator>.<registry>.<variable>.smd` a standardised difference; with
`total` in place of the registry all of them together. Curves: `<analysis>[.<group>][.<registry>].survival`, or
`cumulative_incidence` in its place, and of all registries together at some days `<analysis>[.<group>].survival_<day>`. Planned
precision: `size.<outcome>.<quantity>`.

In a dossier ids have an address before them: `<study>:<id>` for a result of a study, and for a figure that a registry delivered
on its quality `quality:<registry>.<indicator>[.<core variable>][.<year>]`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, TypeVar

from studygen.errors import Fault, Place, ResultError, did_you_mean

State = Literal["reported", "suppressed", "not_collected", "not_applicable", "not_estimable"]
"""Zero (a reported 0), suppressed, not collected, not applicable and not estimable are different facts and stay so."""


@dataclass(frozen=True, slots=True)
class Note:
    """Something a reader must know of a result. `code` is a key of templates/shared/notes.yaml, whose sentence may use
    `values`; no sentence is written here."""

    code: str
    values: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Source:
    """Where a result came from: registry, delivered file (relative to the study folder), its SHA-256, and the rows used (1-based
    line numbers of the file)."""

    registry: str
    file: str
    sha256: str
    rows: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Origin:
    """How a result was obtained: a key of the methods catalogue (`stats/methods.py`), the results it was computed from, and the
    delivered rows underneath."""

    method: str
    inputs: tuple[str, ...] = ()
    sources: tuple[Source, ...] = ()
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True, slots=True)
class Count:
    """A whole number of persons, events or registries; `value` is None unless reported. `threshold` is set when suppressed, `of`
    where the count is a part of that many and its share is printed with it."""

    id: str
    value: int | None
    unit: Literal["persons", "events", "registries"]
    state: State
    origin: Origin
    threshold: int | None = None
    of: int | None = None


QuantityUnit = Literal[
    "person_years",
    "per_1000_person_years",
    "days",
    "years",
    "percent",
    "ratio",
    "variance",
    "standard_deviations",
    "chi_squared",
    "p_value",
    "number",
]


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with a unit and no interval of its own. Percentages and I² are held as percent (0-100), weights too."""

    id: str
    value: float | None
    unit: QuantityUnit
    state: State
    origin: Origin


@dataclass(frozen=True, slots=True)
class Estimate:
    """An estimate on its natural scale with an interval. `measure` is a word of the plan (`relapse_rate_ratio`, `proportion`, …).
    Proportions are held as fractions (0-1), rates per one person-year with `per` as the multiplier for print. `interval` names
    the kind: `wald`, `hartung_knapp`, `exact_poisson`, `clopper_pearson`, `wilson`, `as_delivered`, `prediction`."""

    id: str
    measure: str
    value: float | None
    lower: float | None
    upper: float | None
    level: float
    interval: str
    state: State
    origin: Origin
    per: int = 1


CurveKind = Literal["survival", "cumulative_incidence"]


@dataclass(frozen=True, slots=True)
class Curve:
    """A probability by time in one group: to be free of the event (`survival`, falls from 1) or to have had it
    (`cumulative_incidence`, rises from 0). One entry per day in every tuple, the first that of day 0; limits are None where there
    are none (on day 0, and before the first event). `at_risk` are the persons still followed after the day, `events` those with
    the event since the day before it in the curve. Empty unless reported."""

    id: str
    kind: CurveKind
    days: tuple[float, ...]
    probability: tuple[float, ...]
    lower: tuple[float | None, ...]
    upper: tuple[float | None, ...]
    at_risk: tuple[float, ...]
    events: tuple[float, ...]
    level: float
    state: State
    origin: Origin

    @property
    def value(self) -> float | None:
        """The probability on the last day; None unless reported."""
        return self.probability[-1] if self.probability else None


Result = Count | Quantity | Estimate | Curve

R = TypeVar("R", Count, Quantity, Estimate, Curve)


class ResultSet(Mapping[str, Result]):
    """All results of a study by id, in the order in which they were computed. Does not change once made."""

    def __init__(self, results: tuple[Result, ...]) -> None:
        self._results: dict[str, Result] = {}
        for result in results:
            if result.id in self._results:
                raise ValueError(f"two results have the id {result.id}")
            self._results[result.id] = result

    def __getitem__(self, id: str) -> Result:
        """The result with this id; ResultError naming the nearest ids when there is none."""
        try:
            return self._results[id]
        except KeyError:
            raise ResultError(
                Fault(Place("results", path=id), f'there is no result "{id}"', did_you_mean(id, self._results))
            ) from None

    def __contains__(self, id: object) -> bool:
        return id in self._results

    def __iter__(self) -> Iterator[str]:
        return iter(self._results)

    def __len__(self) -> int:
        return len(self._results)

    def estimate(self, id: str) -> Estimate:
        """The result as an estimate; ResultError when it is of another kind."""
        return self._typed(id, Estimate)

    def count(self, id: str) -> Count:
        """The result as a count; ResultError when it is of another kind."""
        return self._typed(id, Count)

    def quantity(self, id: str) -> Quantity:
        """The result as a quantity; ResultError when it is of another kind."""
        return self._typed(id, Quantity)

    def curve(self, id: str) -> Curve:
        """The result as a curve; ResultError when it is of another kind."""
        return self._typed(id, Curve)

    def _typed(self, id: str, kind: type[R]) -> R:
        result = self[id]
        if not isinstance(result, kind):
            raise ResultError(
                Fault(Place("results", path=id), f'the result "{id}" is a {type(result).__name__}, not a {kind.__name__}')
            )
        return result

    def with_inputs(self, ids: Iterable[str]) -> dict[str, None]:
        """These ids and those of all results that they were computed from, at any depth; these first, each once."""
        found = dict.fromkeys(ids)
        waiting = list(found)
        while waiting:
            for id in self[waiting.pop(0)].origin.inputs:
                if id not in found:
                    found[id] = None
                    waiting.append(id)
        return found

    def with_more(self, results: tuple[Result, ...]) -> ResultSet:
        """A new set that also holds `results`."""
        return ResultSet((*self._results.values(), *results))
