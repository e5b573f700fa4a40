"""Tables of baseline characteristics: one column for each exposure group, all registries together or one of them, with missing
values and standardised differences."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from studygen.aggregates.expected import contrasts
from studygen.displays import numbers
from studygen.displays.cells import Content, blank, cell, head, marks_missing
from studygen.displays.evidence import find, notes_of, shown
from studygen.displays.formats import sentence_case
from studygen.displays.frame import Frame
from studygen.document.nodes import Cell, Inline, Paragraph, Row, Slot, Table
from studygen.results.addresses import group_part, joined, level_part
from studygen.study.objectives import Contrast
from studygen.study.variables import Covariate

INDENT = "\u2003"
"""Before the label of a level or of missing values."""


@dataclass(frozen=True, slots=True)
class Columns:
    """What stands in the columns: the groups, and the standardised differences of the contrast where there is one. `owner` is the
    registry, or `total`."""

    owner: str
    groups: tuple[str, ...]
    contrast: Contrast | None
    weighted: bool

    @property
    def differences(self) -> tuple[str, ...]:
        if self.contrast is None:
            return ()
        return ("smd", "smd_weighted") if self.weighted else ("smd",)

    def id(self, group: str, *parts: str) -> str:
        """Id of a group's statistic."""
        return joined("baseline", group_part(group), self.owner, *parts)


def baseline(frame: Frame, slot: Slot) -> Table:
    """Baseline characteristics of all registries together."""
    wording = frame.texts.of("baseline")
    return _table(frame, slot, wording.caption(), "total")


def baseline_registry(frame: Frame, slot: Slot) -> Table:
    """Baseline characteristics of one registry, with medians."""
    registry = frame.option(slot, "registry")
    name = frame.network.registry(registry).short_name
    return _table(frame, slot, frame.texts.of("baseline-registry").caption(registry=name), registry)


def _table(frame: Frame, slot: Slot, caption: tuple[Inline, ...], owner: str) -> Table:
    columns = _columns(frame, owner)
    persons = _line(frame, columns, frame.texts.of("baseline").row("persons"), "count", ("persons", "n"))
    body = [Row((*persons, *(blank() for _ in columns.differences)))]
    for covariate in frame.study.covariates:
        body += _covariate(frame, columns, covariate)
    wording = frame.texts.of("baseline")
    labels = [head(frame, wording.say("columns.characteristic"))]
    labels += [head(frame, _group_name(frame, group), align="right") for group in columns.groups]
    labels += [head(frame, wording.say(f"columns.{each}"), align="right") for each in columns.differences]
    widths = (2.2, *(1.2 for _ in columns.groups), *(1.0 for _ in columns.differences))
    notes = _notes(frame, columns)
    if marks_missing(frame, body):
        notes.append(frame.texts.inline("shared.missing_key"))
    return Table(slot.id, caption, (Row(tuple(labels)),), tuple(body), widths, tuple(notes))


def _columns(frame: Frame, owner: str) -> Columns:
    groups = [exposure.id for exposure in frame.study.exposures]
    if find(frame, joined("baseline", owner, "persons", "n")) is not None:
        groups.append("all")
    compared = contrasts(frame.study)
    contrast = compared[0] if compared else None
    weighted = frame.results is None
    if contrast is not None and frame.results is not None:
        stem = joined("baseline", group_part(contrast.group), owner)
        weighted = any(joined(stem, each.id, "smd_weighted") in frame.results for each in frame.study.covariates)
    return Columns(owner, tuple(groups), contrast, weighted)


def _group_name(frame: Frame, group: str) -> str:
    return frame.texts.of("baseline").say("columns.all") if group == "all" else sentence_case(frame.study.exposure(group).label)


# ---------------------------------------------------------------- rows


def _covariate(frame: Frame, columns: Columns, covariate: Covariate) -> list[Row]:
    """The rows of one covariate; its standardised differences stand in the first."""
    wording, label = frame.texts.of("baseline"), sentence_case(covariate.label)
    made: list[tuple[Cell, ...]] = []
    if covariate.levels:
        made.append((head(frame, wording.say("rows.levels", label=label), colspan=1 + len(columns.groups)),))
        for level in covariate.levels:
            part = joined(covariate.id, level_part(level, covariate.levels))
            made.append(_line(frame, columns, INDENT + level, "count_percent", (part, "n")))
    elif covariate.type in ("continuous", "count"):
        named = frame.texts.say("patterns.with_unit", label=label, unit=covariate.unit) if covariate.unit else label
        mean = (covariate.id, "mean"), (covariate.id, "sd")
        made.append(_line(frame, columns, wording.say("rows.mean", label=named), "mean_sd", *mean))
        if columns.owner != "total":
            quartiles = [(covariate.id, each) for each in ("median", "q1", "q3")]
            made.append(_line(frame, columns, wording.say("rows.median", label=named), "quartiles", *quartiles))
    else:
        made.append(_line(frame, columns, wording.say("rows.count", label=label), "count_percent", (covariate.id, "n")))
    missing = (covariate.id, "missing")
    if frame.results is None or any(find(frame, columns.id(group, *missing)) is not None for group in columns.groups):
        made.append(_line(frame, columns, INDENT + wording.row("missing"), "count_percent", missing))
    # Cells do not span rows: a page break inside a span would cut it off from its headers in the tagged PDF.
    none = tuple(blank() for _ in columns.differences)
    first, *rest = made
    return [Row((*first, *_differences(frame, columns, covariate))), *(Row((*cells, *none)) for cells in rest)]


def _line(frame: Frame, columns: Columns, label: str, pattern: str, *statistics: tuple[str, str]) -> tuple[Cell, ...]:
    """A label and the same statistics of each group, set together by a pattern."""
    cells = (
        cell(frame, _together(frame, pattern, [columns.id(group, *each) for each in statistics]), align="right")
        for group in columns.groups
    )
    return (head(frame, label), *cells)


def _together(frame: Frame, pattern: str, ids: Sequence[str]) -> Content:
    """Several results in one cell. Where the first has no number, it stands for all."""
    if frame.results is None or len(ids) == 1:
        return shown(frame, ids[0], pattern)
    first = find(frame, ids[0])
    if first is None or first.value is None or any(find(frame, id) is None for id in ids):
        return shown(frame, ids[0], pattern)
    names = {"mean_sd": ("mean", "sd"), "quartiles": ("median", "q1", "q3")}[pattern]
    filled = {name: shown(frame, id, pattern) for name, id in zip(names, ids, strict=True)}
    return Paragraph(frame.texts.inline(f"patterns.{pattern}", **filled))


def _differences(frame: Frame, columns: Columns, covariate: Covariate) -> tuple[Cell, ...]:
    if columns.contrast is None:
        return ()
    ids = [columns.id(columns.contrast.group, covariate.id, each) for each in columns.differences]
    return tuple(cell(frame, shown(frame, id, "smd"), align="right") for id in ids)


# ---------------------------------------------------------------- notes


def _notes(frame: Frame, columns: Columns) -> list[tuple[Inline, ...]]:
    wording = frame.texts.of("baseline")
    notes = [wording.note("percent")]
    notes += [wording.note("pooled")] if columns.owner == "total" else []
    if columns.contrast is not None:
        notes.append(
            wording.note(
                "smd" if columns.owner == "total" else "smd_registry",
                exposure=frame.study.exposure(columns.contrast.exposure).label,
                comparator=frame.study.exposure(columns.contrast.comparator).label,
                threshold=numbers.significant(frame.study.plan.balance_threshold),
            )
        )
    notes.append(wording.note("abbreviations"))
    return [*notes, *notes_of(frame, _noted(frame, columns))]


def _noted(frame: Frame, columns: Columns) -> list[tuple[str, str]]:
    """The results whose notes are told, with the names of what they are of."""
    found = [("", columns.id(group, "persons", "n")) for group in columns.groups]
    for covariate in frame.study.covariates:
        label = sentence_case(covariate.label)
        parts = [joined(covariate.id, level_part(level, covariate.levels)) for level in covariate.levels] or [covariate.id]
        for group in columns.groups:
            found += [(label, columns.id(group, part, statistic)) for part in parts for statistic in ("n", "mean")]
            found.append((label, columns.id(group, covariate.id, "missing")))
        if columns.contrast is not None:
            found += [(label, columns.id(columns.contrast.group, covariate.id, each)) for each in columns.differences]
    return found
