"""Registries held against each other: totals, persons who could be counted twice, units, and registries unlike the others. Points
out; who is right, the registries must say."""

from __future__ import annotations

import math
import statistics
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final

from studygen.aggregates.contract import Row, RowKey
from studygen.aggregates.expected import RATIO_MEASURES
from studygen.checks.delivered import Sent, deliveries_of, name_of
from studygen.checks.subject import Subject
from studygen.errors import Fault, Place
from studygen.results.findings import Count, Estimate, Quantity, Result
from studygen.stats.distributions import two_sided_z
from studygen.stats.pooling import pool

SELECTED: Final = "attrition.total.study_population.n"
FAR: Final = 30.0
"""Rates that differ by this factor are hardly in the same unit: the usual ones are 1000, 365 and 100."""
MEANS_FAR: Final = 5.0
"""The same for means at baseline: months for years are 12, pounds for kilograms 2.2."""
UNITS: Final = {"per 100": 100.0, "per day": 1 / 365.25, "per 1000": 1000.0, "per 10000": 10000.0}
FEWEST: Final = 4
"""Registries from which on one can be told to be unlike the others."""
UNLIKE: Final = 3.0
"""Standard errors between a registry and the pool of the others, heterogeneity included."""
SHARES_FAR: Final = 0.3
"""Difference of a registry's share at baseline from the middle of the others' that is pointed out."""


def totals_are_sums(subject: Subject) -> Iterator[Fault]:
    """The pooled number is the sum of the registries', unless one adds noise to its counts."""
    if subject.results is None:
        return
    perturbed = {sent.delivery.registry for sent in deliveries_of(subject) if sent.delivery.manifest.perturbed}
    for total in subject.results.values():
        if not isinstance(total, Count | Quantity) or total.origin.method != "sum" or total.value is None:
            continue
        if perturbed & {source.registry for source in total.origin.sources}:
            continue
        parts = [subject.results[id].value for id in total.origin.inputs]
        summed = math.fsum(part for part in parts if part is not None)
        if not math.isclose(summed, total.value, rel_tol=1e-9):
            what = f"{total.id} is {total.value:g}, but the registries sum up to {summed:g}"
            yield Fault(Place("results", path=total.id), what, "Report this: a total is computed from what registries sent.")
    yield from _whole_groups(subject)


def _whole_groups(subject: Subject) -> Iterator[Fault]:
    """The persons of all groups together are no more than those selected, where the same registries describe both."""
    results: Mapping[str, Result] = subject.results or {}
    groups = [f"baseline.{exposure.id}.total.persons.n" for exposure in subject.study.exposures]
    if SELECTED not in results or not all(id in results for id in groups):
        return
    selected, described = results[SELECTED], [results[id] for id in groups]
    sources = [{source.registry for source in each.origin.sources} for each in (selected, *described)]
    persons = [each.value for each in described if each.value is not None]
    if selected.value is not None and len(persons) == len(described) and all(each == sources[0] for each in sources):
        together = sum(persons)
        if together > selected.value:
            what = f"{together:g} persons are described at baseline, but {selected.value:g} were selected"
            yield Fault(Place("results", path=SELECTED), what, "Compare selection and baseline with each registry.")


def persons_are_counted_once(subject: Subject) -> Iterator[Fault]:
    """Two registries that may hold the same persons have a rule of which leaves them out."""
    profiles = [subject.network.registry(sent.delivery.registry) for sent in deliveries_of(subject)]
    ruled = {
        frozenset((exclusion.registry, other)) for exclusion in subject.study.overlap.exclusions for other in exclusion.because_of
    }
    for position, one in enumerate(profiles):
        for other in profiles[position + 1 :]:
            shared = set(one.countries) & set(other.countries)
            both = shared or "international" in (one.scope, other.scope)
            if both and frozenset((one.id, other.id)) not in ruled:
                where = f"persons in {', '.join(sorted(shared))}" if shared else "the same persons"
                what = f"{one.short_name} and {other.short_name} may both hold {where}, and no exclusion says who counts them"
                remedy = "Add it to overlap.exclusions; where nobody can be left out, waive the rule and say why."
                yield subject.fault(("overlap",), what, remedy)


def units_agree_between_registries(subject: Subject) -> Iterator[Fault]:
    """Rates and means of different registries have the same unit."""
    sent = tuple(deliveries_of(subject))
    for key, found in _by_registry(sent, _rate).items():
        yield from _far(key, found, FAR, "rate")
    for key, found in _by_registry(sent, _mean).items():
        yield from _far(key, found, MEANS_FAR, "mean")


Found = list[tuple[Sent, Row, float]]


Number = Callable[[Sent, RowKey, Mapping[str, Row]], tuple[Row, float] | None]
"""Takes a number to compare from rows that belong together, with the row to name; None when there is none."""


def _by_registry(sent: Sequence[Sent], number: Number) -> Mapping[RowKey, Found]:
    found: dict[RowKey, Found] = {}
    for each in sent:
        for key, rows in each.by_key.items():
            if key.time is None and (there := number(each, key, rows)) is not None:
                found.setdefault(key, []).append((each, *there))
    return found


def _rate(sent: Sent, key: RowKey, rows: Mapping[str, Row]) -> tuple[Row, float] | None:
    analysis = next((each for each in sent.subject.study.analyses if each.id == key.analysis), None)
    events, years, estimate = rows.get("events"), rows.get("person_years"), rows.get("estimate")
    if events is not None and years is not None and events.value and years.value:
        return years, events.value / years.value
    if analysis is not None and analysis.measure == "incidence_rate" and estimate is not None and estimate.value:
        return estimate, estimate.value
    return None


def _mean(_sent: Sent, _key: RowKey, rows: Mapping[str, Row]) -> tuple[Row, float] | None:
    mean = rows.get("mean")
    return (mean, mean.value) if mean is not None and mean.value and mean.value > 0 else None


def _far(key: RowKey, found: Found, factor: float, word: str) -> Iterator[Fault]:
    """The registry that is far from the middle of the others; of two that differ, the later one is named."""
    for position, (sent, row, number) in enumerate(found):
        others = [other for place, (_, _, other) in enumerate(found) if place != position]
        if not others or (len(found) == 2 and position == 0):
            continue
        ratio = number / statistics.median(others)
        if max(ratio, 1 / ratio) >= factor:
            unit = min(UNITS, key=lambda name: abs(math.log(ratio / UNITS[name]))) if word == "rate" else ""
            what = f"the {word} ({name_of(key)}) is {number:.4g}, {ratio:.3g} times that of the other registries"
            looks = f" It looks like a rate {unit}." if unit and abs(math.log(ratio / UNITS[unit])) < math.log(3) else ""
            yield sent.fault(row, what, f"Ask the registry for its unit.{looks}")


def registries_are_alike(subject: Subject) -> Iterator[Fault]:
    """No registry differs from the others by more than chance and heterogeneity explain."""
    yield from _unlike_estimates(subject)
    sent = tuple(deliveries_of(subject))
    for key, found in _by_registry(sent, _share).items():
        for position, (each, row, share) in enumerate(found):
            others = [other for place, (_, _, other) in enumerate(found) if place != position]
            if len(found) >= FEWEST and abs(share - statistics.median(others)) > SHARES_FAR:
                what = (
                    f"{name_of(key)} are {100 * share:.0f}% here, {100 * statistics.median(others):.0f}% in the other registries"
                )
                yield each.fault(row, what, "Ask whether it is defined in the same way; if so, discuss the difference.")


def _share(sent: Sent, key: RowKey, rows: Mapping[str, Row]) -> tuple[Row, float] | None:
    n, persons = rows.get("n"), sent.value(RowKey("baseline", key.group, "persons"), "n")
    if key.analysis != "baseline" or key.variable == "persons" or n is None or n.value is None or not persons:
        return None
    covariate = next((each for each in sent.subject.study.covariates if each.id == key.variable), None)
    counted = covariate is not None and (covariate.type == "binary" or bool(covariate.levels))
    return (n, n.value / persons) if counted else None


def _unlike_estimates(subject: Subject) -> Iterator[Fault]:
    results: Mapping[str, Result] = subject.results or {}
    by_stem: dict[str, list[tuple[Sent, Estimate]]] = {}
    for sent in deliveries_of(subject):
        for result in results.values():
            if isinstance(result, Estimate) and result.id.endswith(f".{sent.delivery.registry}.estimate") and _usable(result):
                by_stem.setdefault(result.id.removesuffix(f".{sent.delivery.registry}.estimate"), []).append((sent, result))
    for stem, found in by_stem.items():
        if len(found) < FEWEST:
            continue
        values = [_effect(result) for _, result in found]
        for position, (sent, result) in enumerate(found):
            rest = [value for place, value in enumerate(values) if place != position]
            pooled = pool([y for y, _ in rest], [v for _, v in rest], estimator="dl")
            spread = values[position][1] + float(pooled.se) ** 2 + float(pooled.tau_squared)
            distance = (values[position][0] - float(pooled.estimate)) / math.sqrt(spread)
            if abs(distance) > UNLIKE:
                source = result.origin.sources[0]
                place = Place((subject.folder / source.file).as_posix(), source.rows[0])
                what = (
                    f"{stem} differs in {sent.delivery.registry} from the other registries by {abs(distance):.1f} standard errors"
                )
                yield Fault(
                    place, what, "Ask for the registry's definitions; show the pool without it, and discuss the difference."
                )


def _usable(result: Estimate) -> bool:
    numbers = (result.value, result.lower, result.upper)
    ratio = result.measure in RATIO_MEASURES or result.measure in ("incidence_rate", "proportion")
    return ratio and all(number is not None and number > 0 and math.isfinite(number) for number in numbers)


def _effect(result: Estimate) -> tuple[float, float]:
    """Value and variance on the scale of the measure: the logit of a proportion, else the logarithm."""

    def scaled(number: float) -> float:
        return math.log(number / (1 - number)) if result.measure == "proportion" and number < 1 else math.log(number)

    value, lower, upper = (scaled(number or 1.0) for number in (result.value, result.lower, result.upper))
    return value, max((upper - lower) / (2 * two_sided_z(result.level)), 1e-6) ** 2
