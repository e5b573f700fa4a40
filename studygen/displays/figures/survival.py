"""The figure of an analysis' curves: the probability by time in each exposure group, with its confidence interval and the persons
at risk below. Groups are told apart by line style, so that it reads in grey."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from studygen.aggregates.expected import count_groups
from studygen.displays import numbers
from studygen.displays.evidence import drawn_values, find, level_of, notes_of
from studygen.displays.figures.curve_axis import Clock, Heights, clock_of, heights_of
from studygen.displays.figures.curve_drawing import CurveSheet, Group, draw_curves
from studygen.displays.figures.scale import tick_text
from studygen.displays.formats import level_text, percent_text, sentence_case
from studygen.displays.frame import Frame
from studygen.document.nodes import Figure, Inline, Slot
from studygen.results.addresses import joined, stem
from studygen.results.findings import Curve
from studygen.study.objectives import Analysis

KINDS: Final = ("survival", "cumulative_incidence")
LOW: Final = 0.7
"""A survival curve that ends below this is drawn as it falls; one above it as the probability of the event, which rises, so that
small differences can be seen (Pocock, Clayton, Altman, Lancet 2002)."""


def survival(frame: Frame, slot: Slot) -> Figure:
    """The curves of an analysis, over all registries."""
    plan, wording = frame.study.analysis(frame.option(slot, "analysis")), frame.texts.of("survival")
    curves = _curves(frame, plan)
    known = [curve for curve in curves.values() if curve is not None]
    kind, measure = _measure(known)
    clock = clock_of(max((curve.days[-1] for curve in known), default=5 * 365.25), [day for x in known[:1] for day in x.days])
    groups = [_group(frame, group, curve, measure, clock) for group, curve in curves.items()]
    sheet = CurveSheet(
        groups=groups,
        clock=clock,
        heights=heights_of(known, measure == "failure") if known else Heights(0.0, 1.0, (0.0, 0.25, 0.5, 0.75, 1.0)),
        y_label=_label(frame, plan, measure),
        x_label=wording.say(f"words.{clock.unit}"),
        at_risk=wording.say("words.at_risk"),
        tick=lambda share: frame.texts.say("patterns.percent", number=tick_text(100 * share)),
        shell=not known,
    )
    svg, png, width = frame.drawn(frame.texts.look, lambda: draw_curves(frame.texts.look, sheet))
    outcome = sentence_case(frame.study.outcome(plan.outcome).label)
    notes = _notes(frame, plan, measure, curves)
    mark = frame.texts.word("analysis_origin", "mark") if plan.post_hoc else ""
    caption = wording.inline(f"captions.{kind}", outcome=outcome + mark)
    alt, values = _alt(frame, plan, groups, measure, curves, clock), drawn_values(frame, (curve.id for curve in known))
    return Figure(slot.id, caption, alt, svg, png, width, tuple(notes), values=values)


def _curves(frame: Frame, plan: Analysis) -> dict[str, Curve | None]:
    """Each group's curve over all registries, in the plan's order."""
    found: dict[str, Curve | None] = {}
    for group in count_groups(plan):
        results = (find(frame, joined(stem(plan.id, group), kind)) for kind in KINDS)
        found[group] = next((each for each in results if isinstance(each, Curve) and each.value is not None), None)
    return found


def _measure(known: Sequence[Curve]) -> tuple[str, str]:
    """The kind of the curves, and how they are drawn: `survival`, `failure` (one less survival), `cumulative_incidence`."""
    if any(curve.kind == "cumulative_incidence" for curve in known):
        return "cumulative_incidence", "cumulative_incidence"
    falls = any(curve.probability[-1] < LOW for curve in known)
    return "survival", "survival" if falls else "failure"


def _label(frame: Frame, plan: Analysis, measure: str) -> str:
    return frame.texts.of("survival").say(f"words.{measure}", outcome=frame.study.outcome(plan.outcome).label)


def _group(frame: Frame, group: str, curve: Curve | None, measure: str, clock: Clock) -> Group:
    everybody = frame.texts.of("survival").say("words.everybody")
    label = everybody if group == "all" else sentence_case(frame.study.exposure(group).label)
    if curve is None:
        mark = frame.texts.say("shells.count") if frame.results is None else frame.texts.word("cell", "missing")
        return Group(label, (), (), (), (), tuple(mark for _ in clock.ticks))
    value, lower, upper = curve.probability, curve.lower, curve.upper
    if measure == "failure":
        value, lower, upper = (
            tuple(1 - x for x in value),
            tuple(_less(x) for x in curve.upper),
            tuple(_less(x) for x in curve.lower),
        )
    at_risk = [clock.at_tick(curve.days, curve.at_risk, tick) for tick in clock.ticks]
    return Group(label, curve.days, value, lower, upper, tuple("" if n is None else numbers.fixed(n, 0) for n in at_risk))


def _less(limit: float | None) -> float | None:
    return None if limit is None else 1 - limit


# ---------------------------------------------------------------- words


def _notes(frame: Frame, plan: Analysis, measure: str, curves: dict[str, Curve | None]) -> list[tuple[Inline, ...]]:
    wording = frame.texts.of("survival")
    level = level_text(level_of(plan))
    if frame.results is None:
        return [wording.note("shell"), wording.note("summed"), wording.note("reading", level=level)]
    if not any(curves.values()):
        return [wording.note("none")]
    named = [
        ("" if group == "all" else sentence_case(frame.study.exposure(group).label), curve.id)
        for group, curve in curves.items()
        if curve is not None
    ]
    return [wording.note(measure), wording.note("summed"), wording.note("reading", level=level), *notes_of(frame, named)]


def _alt(
    frame: Frame, plan: Analysis, groups: Sequence[Group], measure: str, curves: dict[str, Curve | None], clock: Clock
) -> str:
    """The curves in sentences: every group's probability with its interval, and persons at risk, at the axis' ticks."""
    wording, title = frame.texts.of("survival"), _label(frame, plan, measure)
    if not any(curves.values()):
        names = frame.texts.say("patterns.labels").join(group.label for group in groups)
        return wording.say("alt.shell", title=title, groups=names)
    parts = [wording.say("alt.opening", title=title)]
    comma = frame.texts.say("patterns.labels")

    def time(tick: float) -> str:
        return wording.say(f"alt.{clock.unit}", n=numbers.significant(tick))

    for group in groups:
        points = []
        for tick in clock.ticks[1:]:
            values = [clock.at_tick(group.days, column, tick) for column in (group.value, group.lower, group.upper)]
            value, lower, upper = values
            if value is None:
                continue
            texts = {"value": percent_text(value, frame.texts), "time": time(tick)}
            if lower is None or upper is None:
                points.append(wording.say("alt.point_bare", **texts))
            else:
                limits = {"lower": percent_text(lower, frame.texts), "upper": percent_text(upper, frame.texts)}
                points.append(wording.say("alt.point", **texts, **limits))
        if points:
            parts.append(wording.say("alt.group", group=group.label, points=comma.join(points)))
        persons = [
            wording.say("alt.at_risk_point", n=n, time=time(tick))
            for n, tick in zip(group.at_risk, clock.ticks, strict=True)
            if n
        ]
        if group.days:
            parts.append(wording.say("alt.at_risk", group=group.label, points=comma.join(persons)))
    return " ".join(parts)
