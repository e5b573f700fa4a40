"""Tables of the study size: the assumptions, and the precision and power that follow from them (HARPER Table 13)."""

from __future__ import annotations

from studygen.definition import NotApplicable
from studygen.displays import numbers
from studygen.displays.cells import cell, group, head, row, spanning, table
from studygen.displays.formats import level_text, result_text, sentence_case
from studygen.displays.frame import Frame
from studygen.displays.texts import Filling
from studygen.document.nodes import Inline, Paragraph, Row, Slot, Table, Text, Value
from studygen.results.findings import Count, Quantity
from studygen.results.planning import POWER, ratio_part
from studygen.study.objectives import SizeScenario

SCENARIO = ("persons_exposed", "persons_comparator", "mean_follow_up_years", "rate_comparator", "events_comparator")
"""What the row above a scenario's ratios says."""
RATIO = ("events_exposed", "power", "ci_factor", "events_needed")
"""What is shown for each ratio."""


def size_inputs(frame: Frame, slot: Slot) -> Table:
    """The assumptions of the study size with their sources."""
    wording = frame.texts.of("size-inputs")
    body = [row(frame, each.label, each.value, each.source) for each in frame.study.study_size.inputs]
    return table(frame, slot, wording.caption(), wording.columns("label", "value", "source"), body, (1.6, 1.2, 2.0))


def study_size(frame: Frame, slot: Slot) -> Table:
    """For each scenario and ratio: expected events, power, width of the interval, events needed."""
    wording, size = frame.texts.of("study-size"), frame.study.study_size
    level = level_text(1 - size.alpha)
    columns = [
        wording.say("columns.ratio"),
        wording.say("columns.events_exposed"),
        wording.say("columns.power", alpha=f"{size.alpha:g}"),
        wording.say("columns.ci_factor", level=level),
        wording.say("columns.events_needed", power=level_text(POWER)),
    ]
    if isinstance(size.scenarios, NotApplicable):
        body = [spanning(frame, wording.row("all"), size.scenarios, len(columns))]
        return table(frame, slot, wording.caption(), columns, body, (1.0, 1.2, 1.0, 1.4, 1.4))
    rows: list[Row] = []
    uppers: dict[str, Inline] = {}
    for name, scenario in named_scenarios(size.scenarios):
        rows += _scenario_rows(frame, name, scenario, len(columns))
        if _rare(frame, name):
            upper = _planned(frame, f"size.{name}.zero_event_upper")
            label = sentence_case(frame.study.outcome(scenario.outcome).label)
            uppers.setdefault(label, upper)
    notes: list[tuple[Inline, ...]] = [wording.note("factor")]
    notes += [wording.note("zero_events", outcome=label, level=level, upper=upper) for label, upper in uppers.items()]
    header = Row(tuple(head(frame, text, align="left" if number == 0 else "right") for number, text in enumerate(columns)))
    return Table(slot.id, wording.caption(), (header,), tuple(rows), (1.0, 1.2, 1.0, 1.4, 1.4), tuple(notes))


FEW_EVENTS = 5
"""Below so many expected events a group may well have none, and the upper limit without any is worth telling."""


def _rare(frame: Frame, name: str) -> bool:
    expected = frame.planned.get(f"size.{name}.events_comparator")
    return isinstance(expected, Quantity | Count) and expected.value is not None and expected.value < FEW_EVENTS


def named_scenarios(scenarios: tuple[SizeScenario, ...]) -> list[tuple[str, SizeScenario]]:
    """Each scenario with the part of its result ids that names it: the outcome, numbered from the second on."""
    seen: dict[str, int] = {}
    named = []
    for scenario in scenarios:
        seen[scenario.outcome] = seen.get(scenario.outcome, 0) + 1
        count = seen[scenario.outcome]
        named.append((scenario.outcome if count == 1 else f"{scenario.outcome}_{count}", scenario))
    return named


def _scenario_rows(frame: Frame, name: str, scenario: SizeScenario, columns: int) -> list[Row]:
    wording = frame.texts.of("study-size")
    fields: dict[str, Filling] = {key: _planned(frame, f"size.{name}.{key}") for key in SCENARIO}
    outcome = sentence_case(frame.study.outcome(scenario.outcome).label)
    rows = [group(frame, Paragraph(wording.inline("words.scenario", outcome=outcome, **fields)), columns)]
    for ratio in scenario.ratios:
        ids = [f"size.{name}.{each}_{ratio_part(ratio)}" for each in RATIO]
        cells = [cell(frame, _planned(frame, id), align="right") for id in ids]
        rows.append(Row((head(frame, numbers.fixed(ratio, numbers.places(ratio))), *cells)))
    return rows


def _planned(frame: Frame, id: str) -> Inline:
    """A planned quantity, there with and without results."""
    if id not in frame.planned:
        return Text(frame.texts.word("cell", "missing"))
    return Value(id, result_text(frame.planned[id], "full", frame.texts))
