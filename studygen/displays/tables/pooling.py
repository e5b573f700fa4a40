"""Tables about the pooling of an analysis: the ways of pooling side by side, heterogeneity, leave-one-out, and the analyses of an
objective beside each other."""

from __future__ import annotations

from collections.abc import Sequence

from studygen.aggregates.expected import RATIO_MEASURES
from studygen.displays.cells import Align, Content, blank, cell, group, head, table, word
from studygen.displays.evidence import (
    Address,
    addresses,
    find,
    find_estimate,
    level_of,
    model_name,
    notes_of,
    pooled_id,
    pooling_of,
    shell_of,
    shown,
)
from studygen.displays.formats import level_text, measure_heading, scale_of, sentence_case, width_text
from studygen.displays.frame import Frame
from studygen.displays.lines import lines
from studygen.displays.tables.effects import invited_note, measures_of_heterogeneity, unpooled_note
from studygen.displays.tables.objectives import objective_name
from studygen.document.nodes import Cell, Inline, Paragraph, Row, Slot, Table, Text, Value, plain_text
from studygen.results.findings import Count
from studygen.results.fits import FEW
from studygen.results.source_pooling import COMPARED, reasons
from studygen.study.objectives import Analysis, Pooling, PoolingModel


def pooling_comparison(frame: Frame, slot: Slot) -> Table:
    """The ways of pooling side by side: estimate, width of the interval, heterogeneity."""
    plan = frame.study.analysis(frame.option(slot, "analysis"))
    wording, pooling = frame.texts.of("pooling-comparison"), pooling_of(plan)
    body: list[Row] = []
    noted: list[tuple[str, str]] = []
    if pooling is not None:
        for address in addresses(frame, plan):
            for model in (pooling.main, *pooling.beside):
                body.append(_model_row(frame, plan, address, pooling, model))
                noted.append((address.label, pooled_id(address, pooling, model)))
    bayesian = pooling is not None and any(each.model == "bayesian" for each in (pooling.main, *pooling.beside))
    heading = measure_heading(plan.measure, plan.per, level_of(plan), frame.texts, any_interval=bayesian)
    width = "width_points" if scale_of(plan.measure) == "percent" else "width"
    columns = [wording.say("columns.model"), heading, *wording.columns(width, "tau_squared", "i_squared")]
    explained = [wording.note("width_ratio" if plan.measure in RATIO_MEASURES else "width_distance")]
    explained += [wording.note("i_squared")] if pooling is not None else []
    explained += [wording.note("bayesian")] if bayesian else []
    notes = (*explained, *unpooled_note(frame, plan), *_why_they_differ(frame, plan), *_notes_of_ways(frame, noted))
    caption = wording.caption(label=sentence_case(plan.label))
    return table(frame, slot, caption, columns, body, (2.4, 1.6, 1.3, 0.7, 0.7), notes=notes, aligns=NUMBERS)


NUMBERS: tuple[Align, ...] = ("left", "center", "right", "right", "right")
"""How the columns of a label, an estimate and numbers stand."""


def _notes_of_ways(frame: Frame, noted: Sequence[tuple[str, str]]) -> tuple[tuple[Inline, ...], ...]:
    """The notes on the single results, without what the table says of its ways of pooling already."""
    said = {
        frame.texts.note(note)
        for _, id in noted
        if (result := find(frame, id))
        for note in result.origin.notes
        if note.code in SAID
    }
    return tuple(each for each in notes_of(frame, noted) if not any(plain_text(each).endswith(text) for text in said))


SAID = ("few_sources", "two_sources_hartung_knapp")
"""Notes on one result that the reasons why the ways of pooling differ repeat for all."""


def _why_they_differ(frame: Frame, plan: Analysis) -> tuple[tuple[Inline, ...], ...]:
    """With few registries, sentences on why the ways of pooling that are shown differ."""
    pooling = pooling_of(plan)
    if pooling is None:
        return ()
    counts = [find(frame, address.pooled("k")) for address in addresses(frame, plan)]
    few = [x.value for x in counts if isinstance(x, Count) and x.value is not None and 2 <= x.value <= FEW]
    if not few:
        return ()
    models = (pooling.main, *pooling.beside)
    ways = {model.interval if model.model == "random_effects" else model.model for model in models}
    scale = next((model.prior_scale for model in models if model.prior_scale is not None), None)
    notes = reasons([way for way in COMPARED if way in ways], max(few), scale)
    return tuple((Text(frame.texts.note(note)),) for note in notes)


def _model_row(frame: Frame, plan: Analysis, address: Address, pooling: Pooling, model: PoolingModel) -> Row:
    wording, main = frame.texts.of("pooling-comparison"), model == pooling.main
    label = wording.say("words.main" if main else "words.beside", model=sentence_case(model_name(frame, model)))
    # What belongs to the main model has plain names; the others' carry the model.
    id, suffix = pooled_id(address, pooling, model), "" if main else f"_{model.id}"
    none = frame.texts.word("cell", "not_applicable")
    tau: Content = none
    if model.model in ("random_effects", "bayesian"):
        tau = shown(frame, address.pooled(f"tau_squared{suffix}"), "variance")
    i_squared: Content = none
    if model.model not in ("bayesian", "exact_conditional"):
        i_squared = shown(frame, address.pooled(f"i_squared{suffix}"), "percent")
    numbers: list[Content] = [shown(frame, id, shell_of(plan.measure)), _width(frame, id), tau, i_squared]
    return Row((head(frame, [label, address.label]), *_numbers(frame, numbers)))


def _numbers(frame: Frame, contents: Sequence[Content]) -> list[Cell]:
    """An estimate with its interval, and what stands beside it."""
    return [cell(frame, each, align=side) for each, side in zip(contents, NUMBERS[1:], strict=False)]


def _width(frame: Frame, id: str) -> Inline:
    if frame.results is None:
        return Text(frame.texts.say("shells.width"))
    estimate = find_estimate(frame, id)
    return Text(frame.texts.word("cell", "missing")) if estimate is None else Value(id, width_text(estimate, frame.texts))


def heterogeneity(frame: Frame, slot: Slot) -> Table:
    """The measures of heterogeneity between registries, each with what it says."""
    plan = frame.study.analysis(frame.option(slot, "analysis"))
    wording, pooling = frame.texts.of("heterogeneity"), pooling_of(plan)
    names = {
        "k": ("number", "full"),
        "q": ("chi_squared", "full"),
        "q_p": ("p_value", "full"),
        "i_squared": ("percent", "full"),
        "h_squared": ("ratio", "full"),
        "tau_squared": ("variance", "full"),
        "prediction": (f"{shell_of(plan.measure)}_interval", "interval"),
    }
    everywhere = addresses(frame, plan) if pooling else ()
    body = []
    noted = []
    for address in everywhere:
        measured = measures_of_heterogeneity(frame, plan, address)
        for name, (shell, show) in names.items():
            if not _has(plan, measured, name):
                continue
            value = shown(frame, address.pooled(name), shell, show)
            body.append(_heterogeneity_row(frame, [wording.row(name), address.label], value, wording.say(f"meanings.{name}")))
            noted.append((address.label, address.pooled(name)))
            if name == "tau_squared" and pooling is not None and pooling.main.model == "random_effects":
                body.append(_tau_squared_interval(frame, plan, address))
                noted.append((address.label, address.pooled("tau_squared_upper")))
    notes = (*unpooled_note(frame, plan), *notes_of(frame, noted))
    columns = wording.columns("measure", "value", "meaning")
    caption = wording.caption(label=sentence_case(plan.label))
    return table(frame, slot, caption, columns, body, (1.2, 0.8, 3.2), notes=notes, aligns=("left", "right", "left"))


def _has(plan: Analysis, measured: Sequence[str], name: str) -> bool:
    """Whether the main model has this measure of heterogeneity."""
    pooling = pooling_of(plan)
    if name == "prediction":
        return pooling is not None and pooling.prediction and "tau_squared" in measured
    return ("i_squared" if name == "h_squared" else name) in measured


def _heterogeneity_row(frame: Frame, label: Content, value: Content, meaning: str) -> Row:
    return Row((head(frame, label), cell(frame, value, align="right"), cell(frame, meaning)))


def _tau_squared_interval(frame: Frame, plan: Analysis, address: Address) -> Row:
    wording = frame.texts.of("heterogeneity")
    limits = [shown(frame, address.pooled(f"tau_squared_{end}"), "variance") for end in ("lower", "upper")]
    interval = Paragraph(frame.texts.inline("patterns.interval", lower=limits[0], upper=limits[1]))
    meaning = wording.say("meanings.tau_squared_interval", level=level_text(level_of(plan)))
    return _heterogeneity_row(frame, [wording.row("tau_squared_interval"), address.label], interval, meaning)


def leave_one_out(frame: Frame, slot: Slot) -> Table:
    """The pooled estimate with each registry left out in turn."""
    plan = frame.study.analysis(frame.option(slot, "analysis"))
    wording, shell, differing = frame.texts.of("leave-one-out"), shell_of(plan.measure), _told_without_each(frame, plan)
    body: list[Row] = []
    noted: list[tuple[str, str]] = []
    for address in addresses(frame, plan) if pooling_of(plan) else ():
        rows = [(frame.texts.say("rows.all_registries"), address.pooled(), address.pooled("i_squared"))]
        rows += [
            (
                wording.say("words.without", registry=line.name),
                address.pooled(f"without_{line.registry}"),
                address.pooled(f"i_squared_without_{line.registry}"),
            )
            for line in lines(frame, plan)
            if line.numbers
        ]
        for label, id, spread in rows:
            numbers: list[Content] = [shown(frame, id, shell), *([shown(frame, spread, "percent")] if differing else [])]
            body.append(Row((head(frame, [label, address.label]), *_numbers(frame, numbers))))
        noted += [(address.label, rows[0][1]), *((address.named(frame, label), id) for label, id, _ in rows[1:])]
    columns = [wording.say("columns.left_out"), measure_heading(plan.measure, plan.per, level_of(plan), frame.texts)]
    columns += [wording.say("columns.i_squared")] if differing else []
    notes = (*invited_note(frame, plan), *unpooled_note(frame, plan), *notes_of(frame, noted))
    caption, widths = wording.caption(label=sentence_case(plan.label)), (1.6, 1.6, 0.7)[: len(columns)]
    return table(frame, slot, caption, columns, body, widths, notes=notes, aligns=NUMBERS[: len(columns)])


def _told_without_each(frame: Frame, plan: Analysis) -> bool:
    """Whether the heterogeneity without each data source is known, or will be."""
    everywhere = addresses(frame, plan) if pooling_of(plan) else ()
    if frame.results is None:
        return any("i_squared" in measures_of_heterogeneity(frame, plan, each) for each in everywhere)
    registries = [each.registry for each in frame.study.participation]
    return any(find(frame, each.pooled(f"i_squared_without_{name}")) is not None for each in everywhere for name in registries)


def sensitivity_overview(frame: Frame, slot: Slot) -> Table:
    """The analyses of an objective that compare or combine something, beside each other. Descriptive ones answer nothing here."""
    asked = frame.study.objective(frame.option(slot, "objective"))
    wording = frame.texts.of("sensitivity-overview")
    plans = [each for each in frame.study.analyses_of(asked.id) if each.role != "descriptive" or pooling_of(each) is not None]
    headings = {measure_heading(each.measure, each.per, level_of(each), frame.texts) for each in plans}
    # One measure heads the column of estimates; several have a column of their own.
    measured = len(headings) != 1
    pooled = wording.say("columns.pooled") if measured else wording.say("columns.pooled_measure", measure=headings.pop())
    columns = [*wording.columns("analysis", "varied"), *([wording.say("columns.measure")] if measured else []), pooled]
    body: list[Row] = []
    noted: list[tuple[str, str]] = []
    for role in dict.fromkeys(each.role for each in plans):
        body.append(group(frame, word(frame, "analysis_role", role), len(columns)))
        for plan in (each for each in plans if each.role == role):
            for address in addresses(frame, plan):
                body.append(_overview_row(frame, plan, address, measured))
                noted.append((address.named(frame, sentence_case(plan.label)), address.pooled()))
    aligns: list[Align] = ["left" for _ in columns[1:]]
    widths = (1.9, 2.2, *([1.4] if measured else []), 1.5)
    caption = wording.caption(objective=sentence_case(objective_name(frame, asked)))
    return table(frame, slot, caption, columns, body, widths, notes=notes_of(frame, noted), aligns=[*aligns, "center"])


def _overview_row(frame: Frame, plan: Analysis, address: Address, measured: bool) -> Row:
    pooled: Content = shown(frame, address.pooled(), shell_of(plan.measure))
    if pooling_of(plan) is None:
        pooled = frame.texts.of("sensitivity-overview").say("words.not_pooled")
    varied = cell(frame, plan.sensitivity.varied) if plan.sensitivity else blank()
    heading = measure_heading(plan.measure, plan.per, level_of(plan), frame.texts)
    cells = [varied, *([cell(frame, heading)] if measured else []), cell(frame, pooled, align="center")]
    return Row((head(frame, [sentence_case(plan.label), address.label]), *cells))
