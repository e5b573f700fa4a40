"""Table of a measure of occurrence: events, persons or person-years and the rate or proportion, per registry and group, summed
and pooled."""

from __future__ import annotations

from studygen.displays.cells import blank, cell, group, head
from studygen.displays.evidence import Address, addresses, column_name, group_columns, level_of, notes_of, shell_of, shown
from studygen.displays.formats import measure_heading
from studygen.displays.frame import Frame
from studygen.displays.lines import Line, lines
from studygen.displays.tables.effects import (
    count_cells,
    heterogeneity_notes,
    invited_note,
    noted_results,
    of_one_source,
    pooled_rows,
    result_caption,
    unpooled_note,
)
from studygen.document.nodes import Inline, Row, Slot, Table
from studygen.study.objectives import Analysis


def occurrence(frame: Frame, slot: Slot) -> Table:
    """Events, what they are counted in, and the estimate, for every registry and group."""
    plan = frame.study.analysis(frame.option(slot, "analysis"))
    statistics = group_columns(frame, plan)
    columns = 1 + len(statistics) + 1
    body: list[Row] = []
    notes: list[tuple[Inline, ...]] = []
    noted: list[tuple[str, str]] = []
    for address in addresses(frame, plan):
        if address.label:
            body.append(group(frame, address.label, columns))
        body += [_registry_row(frame, plan, address, line, columns) for line in lines(frame, plan)]
        body += _total_row(frame, plan, address)
        body += pooled_rows(frame, plan, address, columns - 1, 0)
        notes += heterogeneity_notes(frame, plan, address)
        noted += noted_results(frame, plan, address)
    notes = [*invited_note(frame, plan), *notes]
    notes += [*unpooled_note(frame, plan), *notes_of(frame, noted)]
    labels = [head(frame, frame.texts.of("occurrence").say("columns.registry"))]
    labels += [head(frame, column_name(frame, each), align="right") for each in statistics]
    labels.append(head(frame, measure_heading(plan.measure, plan.per, level_of(plan), frame.texts), align="center"))
    widths = (1.8, *(0.9 for _ in statistics), 1.7)
    return Table(slot.id, result_caption(frame, plan, slot), (Row(tuple(labels)),), tuple(body), widths, tuple(notes))


def _registry_row(frame: Frame, plan: Analysis, address: Address, line: Line, columns: int) -> Row:
    if not line.numbers:
        return Row((head(frame, line.name), cell(frame, line.reason, colspan=columns - 1)))
    cells = count_cells(frame, plan, address, line.registry)
    estimate = shown(frame, address.registry(line.registry, "estimate"), shell_of(plan.measure))
    return Row((head(frame, line.name), *cells, cell(frame, estimate, align="center")))


def _total_row(frame: Frame, plan: Analysis, address: Address) -> list[Row]:
    if of_one_source(frame, plan, address):
        return []
    label = head(frame, frame.texts.say("rows.total"))
    return [Row((label, *count_cells(frame, plan, address, "total"), blank()), kind="total")]
