"""Tables about the pooling of an analysis: the ways of pooling side by side, heterogeneity, leave-one-out, and the analyses of an
objective beside each other."""

from __future__ import annotations

from studygen.aggregates.expected import RATIO_MEASURES
from studygen.displays.cells import Content, row, table, word
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
from studygen.displays.formats import level_text, measure_heading, sentence_case, width_text
from studygen.displays.frame import Frame
from studygen.displays.lines import lines
from studygen.displays.tables.effects import unpooled_note
from studygen.displays.tables.objectives import objective_name
from studygen.document.nodes import Inline, Paragraph, Row, Slot, Table, Text, Value
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
    heading = measure_heading(plan.measure, plan.per, level_of(plan), frame.texts)
    columns = [wording.say("columns.model"), heading, *wording.columns("width", "tau_squared", "i_squared")]
    width = wording.note("width_ratio" if plan.measure in RATIO_MEASURES else "width_distance")
    notes = (width, *unpooled_note(frame, plan), *_why_they_differ(frame, plan), *notes_of(frame, noted))
    caption = wording.caption(label=sentence_case(plan.label))
    return table(frame, slot, caption, columns, body, (2.4, 1.6, 1.1, 0.8, 0.8), notes=notes)


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
    return row(frame, [label, address.label], shown(frame, id, shell_of(plan.measure)), _width(frame, id), tau, i_squared)


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
    if pooling is not None and not pooling.prediction:
        del names["prediction"]
    everywhere = addresses(frame, plan) if pooling else ()
    body = []
    for address in everywhere:
        for name, (shell, show) in names.items():
            value = shown(frame, address.pooled(name), shell, show)
            body.append(row(frame, [wording.row(name), address.label], value, wording.say(f"meanings.{name}")))
            if name == "tau_squared" and pooling is not None and pooling.main.model == "random_effects":
                body.append(_tau_squared_interval(frame, plan, address))
    noted = [(address.label, address.pooled(name)) for address in everywhere for name in (*names, "tau_squared_upper")]
    notes = (*unpooled_note(frame, plan), *notes_of(frame, noted))
    columns = wording.columns("measure", "value", "meaning")
    return table(frame, slot, wording.caption(label=sentence_case(plan.label)), columns, body, (1.4, 1.0, 2.4), notes=notes)


def _tau_squared_interval(frame: Frame, plan: Analysis, address: Address) -> Row:
    wording = frame.texts.of("heterogeneity")
    limits = [shown(frame, address.pooled(f"tau_squared_{end}"), "variance") for end in ("lower", "upper")]
    interval = Paragraph(frame.texts.inline("patterns.interval", lower=limits[0], upper=limits[1]))
    meaning = wording.say("meanings.tau_squared_interval", level=level_text(level_of(plan)))
    return row(frame, [wording.row("tau_squared_interval"), address.label], interval, meaning)


def leave_one_out(frame: Frame, slot: Slot) -> Table:
    """The pooled estimate with each registry left out in turn."""
    plan = frame.study.analysis(frame.option(slot, "analysis"))
    wording, shell = frame.texts.of("leave-one-out"), shell_of(plan.measure)
    body: list[Row] = []
    noted: list[tuple[str, str]] = []
    for address in addresses(frame, plan) if pooling_of(plan) else ():
        rows = [(frame.texts.say("rows.all_registries"), address.pooled())]
        rows += [
            (wording.say("words.without", registry=line.name), address.pooled(f"without_{line.registry}"))
            for line in lines(frame, plan)
            if line.numbers
        ]
        body += [row(frame, [label, address.label], shown(frame, id, shell)) for label, id in rows]
        noted += [(address.label, rows[0][1]), *((address.named(frame, label), id) for label, id in rows[1:])]
    columns = [wording.say("columns.left_out"), measure_heading(plan.measure, plan.per, level_of(plan), frame.texts)]
    notes = (*unpooled_note(frame, plan), *notes_of(frame, noted))
    return table(frame, slot, wording.caption(label=sentence_case(plan.label)), columns, body, (1.6, 1.6), notes=notes)


def sensitivity_overview(frame: Frame, slot: Slot) -> Table:
    """All analyses of an objective, pooled, beside each other."""
    asked = frame.study.objective(frame.option(slot, "objective"))
    wording = frame.texts.of("sensitivity-overview")
    body: list[Row] = []
    noted: list[tuple[str, str]] = []
    for plan in frame.study.analyses_of(asked.id):
        for address in addresses(frame, plan):
            body.append(_overview_row(frame, plan, address))
            noted.append((address.named(frame, sentence_case(plan.label)), address.pooled()))
    columns = wording.columns("analysis", "role", "varied", "measure", "pooled")
    caption = wording.caption(objective=sentence_case(objective_name(frame, asked)))
    return table(frame, slot, caption, columns, body, (1.7, 1.1, 1.6, 1.4, 1.3), notes=notes_of(frame, noted))


def _overview_row(frame: Frame, plan: Analysis, address: Address) -> Row:
    pooled: Content = shown(frame, address.pooled(), shell_of(plan.measure))
    if pooling_of(plan) is None:
        pooled = frame.texts.of("sensitivity-overview").say("words.not_pooled")
    varied = plan.sensitivity.varied if plan.sensitivity else frame.texts.word("cell", "not_applicable")
    heading = measure_heading(plan.measure, plan.per, level_of(plan), frame.texts)
    label = [sentence_case(plan.label), address.label]
    return row(frame, label, word(frame, "analysis_role", plan.role), varied, heading, pooled)
