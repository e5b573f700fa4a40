"""The selection of the study population as results: how many persons each step excluded, per registry and over all. A step
without a number is counted with the next that has one, so that what is excluded and what is left add up."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from studygen.aggregates.contract import RowKey
from studygen.aggregates.expected import descriptive_variables, selection_chains
from studygen.results.addresses import group_part, joined
from studygen.results.delivered import Delivered, state_of
from studygen.results.findings import Count, Note, Origin
from studygen.study.study import Study


def selection_results(study: Study, deliveries: Sequence[Delivered], sent: Mapping[str, Count]) -> Iterator[Count]:
    """`attrition[.<group>].<registry>.<step>.excluded`, and with `total` in place of the registry `n` and `excluded`. `sent` are
    the numbers left that registries sent, by id. A total is given where every registry that describes its selection has a number;
    registries that describe none are named."""
    order, chains = descriptive_variables(study, "attrition"), selection_chains(study)
    groups = dict.fromkeys(row.key.group for delivered in deliveries for row in delivered.delivery.rows_of("attrition"))
    for group in sorted(groups, key=lambda group: (group != "all", group)):
        stem = joined("attrition", group_part(group))
        for delivered in deliveries:
            for chain in chains:
                yield from _excluded(joined(stem, delivered.registry), chain, sent)
        totals = {count.id: count for count in _totals(stem, order, group, deliveries, sent)}
        yield from totals.values()
        for chain in chains:
            yield from _excluded(joined(stem, "total"), chain, totals)


def _excluded(stem: str, order: Sequence[str], left: Mapping[str, Count]) -> Iterator[Count]:
    """What each step with a number excluded since the last one before it."""
    before: Count | None = None
    for step in order:
        after = left.get(joined(stem, step, "n"))
        if after is None or after.value is None:
            continue
        if before is not None and before.value is not None:
            sources = dict.fromkeys((*before.origin.sources, *after.origin.sources))
            origin = Origin("difference", (before.id, after.id), tuple(sources), after.origin.notes if "total" in stem else ())
            yield Count(joined(stem, step, "excluded"), before.value - after.value, "persons", "reported", origin)
        before = after


def _totals(
    stem: str, order: Sequence[str], group: str, deliveries: Sequence[Delivered], sent: Mapping[str, Count]
) -> Iterator[Count]:
    described = [x for x in deliveries if any(row.key.group == group for row in x.delivery.rows_of("attrition"))]
    left_out = [x.name for x in deliveries if x not in described]
    notes = (Note("not_in_sum", (("registries", ", ".join(left_out)),)),) if left_out else ()
    for step in order:
        parts = [sent.get(joined(stem, x.registry, step, "n")) for x in described]
        there = [part for part in parts if part is not None]
        if not there:
            continue
        inputs = tuple(part.id for part in there)
        sources = tuple(source for part in there for source in part.origin.sources)
        id, numbers = joined(stem, "total", step, "n"), [part.value for part in there if part.value is not None]
        if len(numbers) == len(parts):
            yield Count(id, sum(numbers), "persons", "reported", Origin("sum", inputs, sources, notes))
            continue
        lacking = [x.name for x, part in zip(described, parts, strict=True) if part is None or part.value is None]
        rows = [x.rows(RowKey("attrition", group, step)).get("n") for x in described]
        note = Note("sum_needs_all", (("registries", ", ".join(lacking)),))
        yield Count(id, None, "persons", state_of(rows), Origin("sum", inputs, sources, (*notes, note)))
