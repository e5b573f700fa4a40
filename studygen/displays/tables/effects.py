"""Table of an analysis' effects: per registry with what they rest on, summed, and pooled in the main way; and the rows and
notes about pooling that other result tables share."""

from __future__ import annotations

from studygen.aggregates.expected import RATIO_MEASURES
from studygen.displays.cells import cell, group, head
from studygen.displays.evidence import (
    Address,
    addresses,
    find,
    group_statistics,
    level_of,
    model_name,
    notes_of,
    pooled_id,
    pooling_of,
    shell_of,
    shown,
    sides,
)
from studygen.displays.formats import level_text, measure_heading, sentence_case
from studygen.displays.frame import Frame
from studygen.displays.lines import Line, lines
from studygen.displays.texts import Filling
from studygen.document.nodes import Inline, Row, Slot, Table
from studygen.study.objectives import Analysis

HETEROGENEITY = {"k": "number", "tau_squared": "variance", "i_squared": "percent", "q": "chi_squared", "q_p": "p_value"}
"""What the note on heterogeneity shows, with the shell pattern of each."""

EXTREMES = ("lowest", "highest")
"""The pools of possible counts that are there when some are suppressed."""


def effects(frame: Frame, slot: Slot) -> Table:
    """An analysis' estimates per registry and pooled; subgroups below one another."""
    plan = frame.study.analysis(frame.option(slot, "analysis"))
    statistics, weighted = group_statistics(plan), pooling_of(plan) is not None
    counts = len(sides(plan)) * len(statistics)
    columns = 1 + counts + 1 + weighted
    body: list[Row] = []
    notes: list[tuple[Inline, ...]] = []
    noted: list[tuple[str, str]] = []
    for address in addresses(frame, plan):
        if address.label:
            body.append(group(frame, address.label, columns))
        body += [_registry_row(frame, plan, address, line, columns) for line in lines(frame, plan)]
        body += _total_row(frame, plan, address)
        body += pooled_rows(frame, plan, address, 1 + counts, 1 if weighted else 0)
        notes += heterogeneity_notes(frame, plan, address)
        noted += noted_results(frame, plan, address)
    notes += [*_e_value_note(frame, plan), *unpooled_note(frame, plan), *notes_of(frame, noted)]
    widths = (1.6, *(0.9 for _ in range(counts)), 1.6, *([0.8] if weighted else []))
    caption = frame.texts.of("effects").caption(label=sentence_case(plan.label))
    return Table(slot.id, caption, _header(frame, plan), tuple(body), widths, tuple(notes), landscape=columns > 8)


def _header(frame: Frame, plan: Analysis) -> tuple[Row, ...]:
    wording, statistics = frame.texts.of("effects"), group_statistics(plan)
    depth = 2 if sides(plan) else 1
    heading = measure_heading(plan.measure, plan.per, level_of(plan), frame.texts)
    top = [head(frame, wording.say("columns.registry"), rowspan=depth)]
    for side in sides(plan):
        label = sentence_case(frame.study.exposure(side).label)
        top.append(head(frame, label, colspan=len(statistics), align="center"))
    top.append(head(frame, heading, rowspan=depth, align="center"))
    if pooling_of(plan) is not None:
        top.append(head(frame, wording.say("columns.weight"), rowspan=depth, align="right"))
    if depth == 1:
        return (Row(tuple(top)),)
    names = [head(frame, frame.texts.say(f"statistics.{each}"), align="right") for _ in sides(plan) for each in statistics]
    return Row(tuple(top)), Row(tuple(names))


def _registry_row(frame: Frame, plan: Analysis, address: Address, line: Line, columns: int) -> Row:
    label = head(frame, line.name)
    if not line.numbers:
        return Row((label, cell(frame, line.reason, colspan=columns - 1)))
    cells = [
        cell(frame, shown(frame, address.of_group(side).registry(line.registry, each), each), align="right")
        for side in sides(plan)
        for each in group_statistics(plan)
    ]
    cells.append(cell(frame, shown(frame, address.registry(line.registry, "estimate"), shell_of(plan.measure)), align="center"))
    if pooling_of(plan) is not None:
        cells.append(cell(frame, shown(frame, address.registry(line.registry, "weight"), "weight"), align="right"))
    return Row((label, *cells))


def _total_row(frame: Frame, plan: Analysis, address: Address) -> list[Row]:
    if not sides(plan):
        return []
    cells = [
        cell(frame, shown(frame, address.of_group(side).total(each), each), align="right")
        for side in sides(plan)
        for each in group_statistics(plan)
    ]
    none = frame.texts.word("cell", "not_applicable")
    rest = [cell(frame, none, align="center"), *([cell(frame, none, align="right")] if pooling_of(plan) else [])]
    return [Row((head(frame, frame.texts.say("rows.total")), *cells, *rest), kind="total")]


def pooled_rows(frame: Frame, plan: Analysis, address: Address, before: int, after: int) -> list[Row]:
    """Rows of the main pooled estimate, of what suppressed counts leave open, and of the prediction interval: the label spans the
    columns `before` the estimate; those `after` it do not apply. The other ways of pooling stand in the forest plot and in a
    table of their own."""
    pooling = pooling_of(plan)
    if pooling is None:
        return []
    shell = shell_of(plan.measure)
    main = frame.texts.say("rows.pooled", model=model_name(frame, pooling.main))
    rows = [_pooled_row(frame, main, shown(frame, pooled_id(address, pooling, pooling.main), shell), before, after)]
    for name in EXTREMES:
        if find(frame, address.pooled(name)) is not None:
            label = frame.texts.say(f"rows.{name}", model=model_name(frame, pooling.main))
            rows.append(_pooled_row(frame, label, shown(frame, address.pooled(name), shell), before, after))
    if pooling.prediction:
        label = frame.texts.say("rows.prediction", level=level_text(pooling.level))
        inline = shown(frame, address.pooled("prediction"), f"{shell}_interval", "interval")
        rows.append(_pooled_row(frame, label, inline, before, after))
    return rows


def _pooled_row(frame: Frame, label: str, inline: Inline, before: int, after: int) -> Row:
    rest = (cell(frame, frame.texts.word("cell", "not_applicable"), align="right") for _ in range(after))
    return Row((head(frame, label, colspan=before), cell(frame, inline, align="center"), *rest), kind="total")


def noted_results(frame: Frame, plan: Analysis, address: Address) -> list[tuple[str, str]]:
    """The results that a result table shows and whose notes stand below it, as (name, id): registries, sums, pooled estimates."""
    found = []
    counted = [address.of_group(side) for side in sides(plan)] or [address]
    total = frame.texts.say("rows.total")
    for line in lines(frame, plan):
        if line.numbers:
            found += [
                (address.named(frame, line.name), each.registry(line.registry, statistic))
                for each in counted
                for statistic in group_statistics(plan)
            ]
            found.append((address.named(frame, line.name), address.registry(line.registry, "estimate")))
    found += [(address.named(frame, total), each.total(statistic)) for each in counted for statistic in group_statistics(plan)]
    pooling = pooling_of(plan)
    if pooling is not None:
        found.append((address.label, pooled_id(address, pooling, pooling.main)))
        found += [(address.label, address.pooled(name)) for name in EXTREMES]
        found += [(address.label, address.pooled("prediction"))] if pooling.prediction else []
    return found


def heterogeneity_notes(frame: Frame, plan: Analysis, address: Address) -> list[tuple[Inline, ...]]:
    """One note with the measures of heterogeneity, each traced; none when nothing is pooled."""
    if pooling_of(plan) is None:
        return []
    fields: dict[str, Filling] = {name: shown(frame, address.pooled(name), shell) for name, shell in HETEROGENEITY.items()}
    if address.label:
        return [frame.texts.inline("shared.heterogeneity_group", group=address.label, **fields)]
    return [frame.texts.inline("shared.heterogeneity", **fields)]


def _e_value_note(frame: Frame, plan: Analysis) -> list[tuple[Inline, ...]]:
    """The E-values of a main ratio analysis with one result; nothing for others."""
    everywhere = addresses(frame, plan)
    if pooling_of(plan) is None or plan.role != "main" or plan.measure not in RATIO_MEASURES or len(everywhere) != 1:
        return []
    ids = [everywhere[0].pooled(name) for name in ("e_value", "e_value_limit")]
    if frame.results is not None and any(find(frame, id) is None for id in ids):
        return []
    estimate, limit = (shown(frame, id, "ratio") for id in ids)
    return [frame.texts.inline("shared.e_value", estimate=estimate, limit=limit), *notes_of(frame, [("", id) for id in ids])]


def unpooled_note(frame: Frame, plan: Analysis) -> list[tuple[Inline, ...]]:
    """Says that an analysis' results are not combined; nothing when they are."""
    return [frame.texts.inline("shared.not_pooled")] if pooling_of(plan) is None else []
