"""What a forest plot shows, row by row: registries with what they rest on, pooled estimates, the prediction interval. Decides
nothing about drawing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from studygen.displays.evidence import (
    Address,
    addresses,
    find,
    find_estimate,
    group_statistics,
    pooled_id,
    pooling_of,
    shell_of,
    shown,
    sides,
)
from studygen.displays.figures.scale import Span
from studygen.displays.formats import factor, level_text, sentence_case
from studygen.displays.frame import Frame
from studygen.displays.lines import Line, lines
from studygen.document.nodes import plain_text
from studygen.results.findings import Quantity
from studygen.study.objectives import Analysis, PoolingModel

Kind = Literal["heading", "registry", "remark", "main", "beside", "prediction"]


@dataclass(frozen=True, slots=True)
class ForestRow:
    """One row. `counts` has a text for each column of counts; `span` is on the printed scale, None when there is nothing to draw;
    `weight` is a share of 100."""

    kind: Kind
    label: str
    counts: tuple[str, ...] = ()
    span: Span | None = None
    text: str = ""
    weight: float | None = None
    weight_text: str = ""
    ids: tuple[str, ...] = ()
    """The results that the row draws."""


def forest_rows(frame: Frame, plan: Analysis) -> tuple[ForestRow, ...]:
    """All rows of an analysis, group by group."""
    rows: list[ForestRow] = []
    for address in addresses(frame, plan):
        if address.label:
            rows.append(ForestRow("heading", address.label))
        rows += [_registry(frame, plan, address, line) for line in lines(frame, plan)]
        rows += _pooled(frame, plan, address)
    return tuple(rows)


def count_headings(frame: Frame, plan: Analysis) -> tuple[str, ...]:
    """The header of the column of counts, for a measure of occurrence. A comparison has none: the table beside the plot tells
    what each group rests on, and its columns would leave the plot too little room."""
    if sides(plan):
        return ()
    names = [frame.texts.say(f"statistics.{each}") for each in group_statistics(plan)[:2]]
    if len(names) == 2:
        return (frame.texts.of("forest").say("words.counts", numerator=names[0], denominator=names[1]),)
    return (names[0],)


def _registry(frame: Frame, plan: Analysis, address: Address, line: Line) -> ForestRow:
    if not line.numbers:
        return ForestRow("remark", line.name, text=line.reason)
    groups = [] if sides(plan) else [address]
    counts = tuple(_counts(frame, each, line.registry, group_statistics(plan)[:2]) for each in groups)
    id = address.registry(line.registry, "estimate")
    weight_id = address.registry(line.registry, "weight")
    weight = find(frame, weight_id)
    return ForestRow(
        "registry",
        frame.texts.of("forest").say("words.invited", registry=line.short_name) if line.standing == "invited" else line.name,
        counts,
        _span(frame, id),
        plain_text((shown(frame, id, shell_of(plan.measure)),)),
        weight.value if isinstance(weight, Quantity) else None,
        plain_text((shown(frame, weight_id, "weight"),)) if pooling_of(plan) else "",
        (*(each.registry(line.registry, name) for each in groups for name in group_statistics(plan)[:2]), id, weight_id),
    )


def _counts(frame: Frame, address: Address, registry: str, statistics: Sequence[str]) -> str:
    texts = [plain_text((shown(frame, address.registry(registry, each), each),)) for each in statistics]
    return frame.texts.say("patterns.ratio_of", numerator=texts[0], denominator=texts[1]) if len(texts) == 2 else texts[0]


def _pooled(frame: Frame, plan: Analysis, address: Address) -> list[ForestRow]:
    pooling = pooling_of(plan)
    if pooling is None:
        return []
    shell = shell_of(plan.measure)
    rows = []
    for model in (pooling.main, *pooling.beside):
        id = pooled_id(address, pooling, model)
        label = _short_name(frame, model)
        text = plain_text((shown(frame, id, shell),))
        rows.append(ForestRow("main" if model == pooling.main else "beside", label, (), _span(frame, id), text, ids=(id,)))
    if pooling.prediction:
        id = address.pooled("prediction")
        label = frame.texts.say("rows.prediction", level=level_text(pooling.level))
        text = plain_text((shown(frame, id, f"{shell}_interval", "interval"),))
        rows.append(ForestRow("prediction", label, (), _span(frame, id), text, ids=(id,)))
    return rows


def _short_name(frame: Frame, model: PoolingModel) -> str:
    """A way of pooling as short as a figure needs it: "Random effects (REML, Hartung–Knapp)"."""
    wording = frame.texts.of("forest")
    name, interval = (
        sentence_case(frame.texts.word("pooling_model", model.model)),
        wording.say(f"intervals.{model.interval_kind}"),
    )
    if model.prior_scale is not None:
        return wording.say("words.model_bayesian", model=name, scale=f"{model.prior_scale:g}")
    if model.estimator == "none":
        return wording.say("words.model_common", model=name, interval=interval)
    return wording.say("words.model", model=name, estimator=wording.say(f"estimators.{model.estimator}"), interval=interval)


def _span(frame: Frame, id: str) -> Span | None:
    estimate = find_estimate(frame, id)
    if estimate is None or estimate.value is None or estimate.lower is None or estimate.upper is None:
        return None
    times = factor(estimate)
    return Span(estimate.value * times, estimate.lower * times, estimate.upper * times)
