"""From the plan and the deliveries to all results: takes each analysis in the plan's order through its strata, groups and
registries. The arithmetic itself is in `stats`.

Ids follow `findings`; beside those named there: `<stem>.tau_squared_<model>`, `i_squared_<model>`, `h_squared_<model>` and
`prediction_<model>` for each pooling beside the main one, `<stem>.tau_squared_lower` and `…_upper`, `<stem>.e_value` and
`…_limit` of a main ratio, `<stem>.lowest` and `<stem>.highest` where suppressed counts leave a pool open,
`<stem>.i_squared_without_<registry>` with leave-one-out, and `<stem>.<variable>=<level>…` in a subgroup analysis (see
`addresses`). What several models share (Q, its test, k) stands once.
A registry that takes part for other objectives, or has not delivered, has no results in an analysis."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from studygen.aggregates.contract import Deliveries
from studygen.aggregates.expected import contributors_to, estimate_groups, strata, takes_curves
from studygen.aggregates.small_cells import threshold_in_force
from studygen.definition import NotApplicable
from studygen.network.network import Network
from studygen.results.addresses import stem
from studygen.results.balance import balance_results
from studygen.results.baseline import baseline_results
from studygen.results.computed_estimates import computed_estimate
from studygen.results.contribution import Contribution
from studygen.results.curves import curve_results
from studygen.results.delivered import Delivered
from studygen.results.descriptive import descriptive_results
from studygen.results.findings import Count, Result, ResultSet
from studygen.results.groups import sent_counts, totals
from studygen.results.pool import Pool
from studygen.results.pooled import pooled_results
from studygen.results.selection import selection_results
from studygen.results.sent_estimates import sent_estimate
from studygen.study.objectives import Analysis
from studygen.study.study import Study


def analyse(study: Study, network: Network, deliveries: Deliveries) -> ResultSet:
    """All results that the deliveries give, in the plan's order. Deliveries have been reconciled with the study."""
    delivered = {
        participation.registry: Delivered(
            deliveries[participation.registry],
            network.registry(participation.registry).short_name,
            threshold_in_force(study, network, participation, deliveries[participation.registry].manifest),
        )
        for participation in study.contributors
        if participation.registry in deliveries
    }
    found: list[Result] = list(_described(study, tuple(delivered.values())))
    for analysis in study.analyses:
        taking_part = [x.registry for x in contributors_to(study, analysis)]
        here = [delivered[registry] for registry in taking_part if registry in delivered]
        awaited = tuple(network.registry(registry).short_name for registry in taking_part if registry not in delivered)
        for stratum in strata(analysis):
            found.extend(_results_of(analysis, stratum, here, awaited))
        if takes_curves(study, analysis):
            found.extend(curve_results(analysis, here))
    return ResultSet(tuple(found))


def _described(study: Study, deliveries: Sequence[Delivered]) -> Iterator[Result]:
    """Selection, baseline and feasibility: as sent, then what follows from it."""
    sent = {result.id: result for result in descriptive_results(study, deliveries)}
    yield from sent.values()
    yield from selection_results(study, deliveries, {id: x for id, x in sent.items() if isinstance(x, Count)})
    yield from baseline_results(study, deliveries, sent)
    yield from balance_results(study, deliveries, sent)


def _results_of(analysis: Analysis, stratum: str, here: Sequence[Delivered], awaited: tuple[str, ...]) -> Iterator[Result]:
    counts = [result for delivered in here for result in sent_counts(delivered, analysis, stratum)]
    yield from counts
    yield from totals(here, counts, analysis, stratum)
    for group in estimate_groups(analysis):
        contributions = tuple(_contribution(delivered, analysis, group, stratum) for delivered in here)
        for contribution in contributions:
            yield contribution.estimate
        if here and not isinstance(analysis.pooling, NotApplicable):
            yield from pooled_results(Pool(analysis, analysis.pooling, stem(analysis.id, group, stratum), contributions, awaited))


def _contribution(delivered: Delivered, analysis: Analysis, group: str, stratum: str) -> Contribution:
    estimate = sent_estimate if analysis.input == "estimates" else computed_estimate
    return estimate(delivered, analysis, group, stratum)
