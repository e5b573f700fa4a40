"""Planned precision: what the study-size section's inputs lead to. Needs no delivery.

Ids, for each scenario: `size.<outcome>.` followed by
    persons_exposed, persons_comparator (Count)            mean_follow_up_years (Quantity, years)
    person_years_exposed, person_years_comparator          rate_comparator (per 1000 person-years)
    events_comparator (expected, not rounded)
    zero_event_upper                                       per 1000 person-years: the upper limit of the exact interval of the
                                                           exposed group's rate when no event is seen
and for each ratio r, written with an underscore for the point (`hr_1_5`):
    events_exposed_hr_1_5                                  expected events among the exposed if the ratio is 1.5
    power_hr_1_5 (percent)                                 of the two-sided Wald test of the log ratio; not applicable for 1
    ci_factor_hr_1_5 (ratio)                               limits are the ratio divided and multiplied by it
    events_needed_hr_1_5                                   in total, for 80% power (Schoenfeld); not applicable for 1"""

from __future__ import annotations

from collections.abc import Iterator

from studygen.definition import NotApplicable
from studygen.results.addresses import joined
from studygen.results.findings import Count, Origin, Quantity, QuantityUnit, Result, ResultSet, State
from studygen.stats import precision
from studygen.study.objectives import SizeScenario
from studygen.study.study import Study

POWER = 0.8
"""The power for which the events needed are shown."""


def planned_precision(study: Study) -> ResultSet:
    """The planned precision of every scenario; empty when the definition says that none applies. Two scenarios of one outcome
    are numbered from the second on (`size.<outcome>_2.…`)."""
    scenarios = study.study_size.scenarios
    if isinstance(scenarios, NotApplicable):
        return ResultSet(())
    seen: dict[str, int] = {}
    results: list[Result] = []
    for scenario in scenarios:
        seen[scenario.outcome] = seen.get(scenario.outcome, 0) + 1
        name = scenario.outcome if seen[scenario.outcome] == 1 else f"{scenario.outcome}_{seen[scenario.outcome]}"
        results.extend(_scenario(joined("size", name), scenario, study.study_size.alpha))
    return ResultSet(tuple(results))


def ratio_part(ratio: float) -> str:
    """A ratio as a part of an id: 1.5 → `hr_1_5`, 2 → `hr_2`."""
    return f"hr_{ratio:g}".replace(".", "_")


def _scenario(stem: str, scenario: SizeScenario, alpha: float) -> Iterator[Result]:
    def id(name: str) -> str:
        return joined(stem, name)

    def quantity(name: str, value: float | None, unit: QuantityUnit, method: str, *inputs: str) -> Quantity:
        state: State = "not_applicable" if value is None else "reported"
        return Quantity(id(name), value, unit, state, Origin(method, tuple(id(x) for x in inputs)))

    years = scenario.mean_follow_up_years
    exposed, comparator = scenario.persons_exposed * years, scenario.persons_comparator * years
    per_year = scenario.rate_comparator_per_1000 / 1000
    unexposed_events = precision.expected_events(comparator, per_year)
    share = scenario.persons_exposed / (scenario.persons_exposed + scenario.persons_comparator)

    yield Count(id("persons_exposed"), scenario.persons_exposed, "persons", "reported", Origin("declared"))
    yield Count(id("persons_comparator"), scenario.persons_comparator, "persons", "reported", Origin("declared"))
    yield quantity("mean_follow_up_years", years, "years", "declared")
    for group, person_years in (("exposed", exposed), ("comparator", comparator)):
        inputs = (f"persons_{group}", "mean_follow_up_years")
        yield quantity(f"person_years_{group}", person_years, "person_years", "planned_person_years", *inputs)
    yield quantity("rate_comparator", scenario.rate_comparator_per_1000, "per_1000_person_years", "declared")
    events_from = ("person_years_comparator", "rate_comparator")
    yield quantity("events_comparator", unexposed_events, "number", "expected_events", *events_from)
    upper = 1000 * precision.zero_event_upper(exposed, alpha)
    yield quantity("zero_event_upper", upper, "per_1000_person_years", "zero_event_upper", "person_years_exposed")

    for ratio in scenario.ratios:
        part = ratio_part(ratio)
        exposed_events = precision.expected_events(exposed, per_year * ratio)
        both = (f"events_exposed_{part}", "events_comparator")
        some = exposed_events > 0 and unexposed_events > 0
        tested = ratio != 1
        power = 100 * precision.power_of_log_ratio(ratio, exposed_events, unexposed_events, alpha) if some and tested else None
        factor = precision.interval_factor(exposed_events, unexposed_events, alpha) if some else None
        needed = precision.events_needed(ratio, POWER, share, alpha) if tested else None
        exposed_from = ("person_years_exposed", "rate_comparator")
        yield quantity(both[0], exposed_events, "number", "expected_events", *exposed_from)
        yield quantity(f"power_{part}", power, "percent", "power_log_ratio", *both)
        yield quantity(f"ci_factor_{part}", factor, "ratio", "interval_factor", *both)
        yield quantity(f"events_needed_{part}", needed, "number", "events_needed", "persons_exposed", "persons_comparator")
