"""Table of an analysis' effects: per registry with what they rest on, summed, and pooled in the main way; and the rows and
notes about pooling that other result tables share."""

from __future__ import annotations

from collections.abc import Mapping

from studygen.aggregates.expected import RATIO_MEASURES
from studygen.displays.cells import blank, cell, group, head
from studygen.displays.evidence import (
    Address,
    addresses,
    column_content,
    column_name,
    find,
    find_estimate,
    group_columns,
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
from studygen.document.nodes import Cell, Inline, Row, Slot, Table
from studygen.study.objectives import Analysis

HETEROGENEITY = {"k": "number", "tau_squared": "variance", "i_squared": "percent", "q": "chi_squared", "q_p": "p_value"}
"""What the note on heterogeneity shows, with the shell pattern of each."""

EXTREMES = ("lowest", "highest")
"""The pools of possible counts that are there when some are suppressed."""


def effects(frame: Frame, slot: Slot) -> Table:
    """An analysis' estimates per registry and pooled; subgroups below one another."""
    plan = frame.study.analysis(frame.option(slot, "analysis"))
    weighted = pooling_of(plan) is not None
    counts = len(sides(plan)) * len(group_columns(frame, plan))
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
    notes = [*invited_note(frame, plan), *notes]
    notes += [*_e_value_note(frame, plan), *unpooled_note(frame, plan), *notes_of(frame, noted)]
    widths = (1.6, *(0.9 for _ in range(counts)), 1.6, *([0.8] if weighted else []))
    caption = result_caption(frame, plan, slot)
    return Table(slot.id, caption, _header(frame, plan), tuple(body), widths, tuple(notes), landscape=columns > 8)


def _header(frame: Frame, plan: Analysis) -> tuple[Row, ...]:
    wording, statistics = frame.texts.of("effects"), group_columns(frame, plan)
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
    names = [head(frame, column_name(frame, each), align="right") for _ in sides(plan) for each in statistics]
    return Row(tuple(top)), Row(tuple(names))


def _registry_row(frame: Frame, plan: Analysis, address: Address, line: Line, columns: int) -> Row:
    label = head(frame, line.name)
    if not line.numbers:
        return Row((label, cell(frame, line.reason, colspan=columns - 1)))
    cells = count_cells(frame, plan, address, line.registry)
    cells.append(cell(frame, shown(frame, address.registry(line.registry, "estimate"), shell_of(plan.measure)), align="center"))
    if pooling_of(plan) is not None:
        cells.append(cell(frame, shown(frame, address.registry(line.registry, "weight"), "weight"), align="right"))
    return Row((label, *cells))


def count_cells(frame: Frame, plan: Analysis, address: Address, registry: str) -> list[Cell]:
    """The cells of what estimates rest on, of each group; `registry` is `total` for the sums."""
    groups = [address.of_group(side) for side in sides(plan)] or [address]
    return [
        cell(frame, column_content(frame, [(name, each.registry(registry, name)) for name in column]), align="right")
        for each in groups
        for column in group_columns(frame, plan)
    ]


def _total_row(frame: Frame, plan: Analysis, address: Address) -> list[Row]:
    if not sides(plan) or of_one_source(frame, plan, address):
        return []
    rest = [blank() for _ in range(2 if pooling_of(plan) else 1)]
    label = head(frame, frame.texts.say("rows.total"))
    return [Row((label, *count_cells(frame, plan, address, "total"), *rest), kind="total")]


def of_one_source(frame: Frame, plan: Analysis, address: Address) -> bool:
    """Whether only one data source has a result and nothing was to be combined, so that a sum would repeat it."""
    if frame.results is None or pooling_of(plan) is not None:
        return False
    found = [find_estimate(frame, address.registry(line.registry, "estimate")) for line in lines(frame, plan)]
    return sum(each is not None and each.value is not None for each in found) < 2


def result_caption(frame: Frame, plan: Analysis, slot: Slot) -> tuple[Inline, ...]:
    """The caption of an analysis' results, combined only where the plan combines them."""
    key = "caption" if pooling_of(plan) is not None else "caption_alone"
    return frame.texts.of(slot.display).inline(key, label=sentence_case(plan.label))


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
    rest = (blank() for _ in range(after))
    return Row((head(frame, label, colspan=before), cell(frame, inline, align="center"), *rest), kind="total")


def noted_results(frame: Frame, plan: Analysis, address: Address) -> list[tuple[str, str]]:
    """The results that a result table shows and whose notes stand below it, as (name, id): registries, sums, pooled estimates."""
    found = []
    counted = [address.of_group(side) for side in sides(plan)] or [address]
    statistics = [name for column in group_columns(frame, plan) for name in column]
    total = frame.texts.say("rows.total")
    for line in lines(frame, plan):
        if line.numbers:
            found += [
                (address.named(frame, line.name), each.registry(line.registry, statistic))
                for each in counted
                for statistic in statistics
            ]
            found.append((address.named(frame, line.name), address.registry(line.registry, "estimate")))
    found += [(address.named(frame, total), each.total(statistic)) for each in counted for statistic in statistics]
    pooling = pooling_of(plan)
    if pooling is not None:
        found.append((address.label, pooled_id(address, pooling, pooling.main)))
        found += [(address.label, address.pooled(name)) for name in EXTREMES]
        found += [(address.label, address.pooled("prediction"))] if pooling.prediction else []
    return found


def heterogeneity_notes(frame: Frame, plan: Analysis, address: Address) -> list[tuple[Inline, ...]]:
    """One note with the measures of heterogeneity that the main model has, each traced; none when nothing is pooled."""
    if pooling_of(plan) is None:
        return []
    there = measures_of_heterogeneity(frame, plan, address)
    fields: dict[str, Filling] = {name: shown(frame, address.pooled(name), HETEROGENEITY[name]) for name in there}
    parts: list[Inline] = []
    for name in ("k", "tau_squared", "i_squared", "q"):
        if name in there:
            said = frame.texts.inline(f"shared.heterogeneity_parts.{name}", **fields)
            parts += [*frame.texts.inline("patterns.listing_comma"), *said] if parts else said
    key = "heterogeneity" if len(there) > 1 else "combined"
    if address.label:
        return [frame.texts.inline(f"shared.{key}_group", group=address.label, parts=tuple(parts))]
    return [frame.texts.inline(f"shared.{key}", parts=tuple(parts))]


MEASURED: Mapping[str, tuple[str, ...]] = {
    "random_effects": ("k", "tau_squared", "i_squared", "q", "q_p"),
    "common_effect": ("k", "i_squared", "q", "q_p"),
    "mantel_haenszel": ("k", "i_squared", "q", "q_p"),
    "bayesian": ("k", "tau_squared"),
    "exact_conditional": ("k",),
}
"""The measures of heterogeneity that a model has."""


def measures_of_heterogeneity(frame: Frame, plan: Analysis, address: Address) -> tuple[str, ...]:
    """Those of the main model; with results, those that apply."""
    pooling = pooling_of(plan)
    names = MEASURED[pooling.main.model] if pooling is not None else ()
    found = {name: find(frame, address.pooled(name)) for name in names}
    return tuple(name for name, result in found.items() if result is None or result.state != "not_applicable")


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


def invited_note(frame: Frame, plan: Analysis) -> list[tuple[Inline, ...]]:
    """What the mark of a data source whose decision is pending means; nothing where none has it."""
    marked = any(line.numbers and line.standing == "invited" for line in lines(frame, plan))
    return [frame.texts.inline("shared.invited")] if marked else []
