"""The study design diagram after the conventions of Schneeweiss and others: a vertical line at day 0 and one bar for each window
of the plan, from top to bottom, each with its interval. Drawn from the same windows that the tables print."""

from __future__ import annotations

import math
from collections.abc import Sequence

from studygen.displays import numbers
from studygen.displays.cells import word
from studygen.displays.figures.design_axis import Axis
from studygen.displays.figures.drawing import Canvas, text_width, wrapped
from studygen.displays.formats import day_text, days_text, listing, sentence_case
from studygen.displays.frame import Frame
from studygen.displays.look import Look
from studygen.document.nodes import Figure, Inline, Slot
from studygen.study.population import Window

ORDER = ("eligibility", "exclusion", "washout", "outcome_washout", "covariate", "exposure", "follow_up")
"""Kinds of windows from top to bottom."""
HATCHES = {
    "eligibility": "",
    "exclusion": "///",
    "washout": "...",
    "outcome_washout": "ooo",
    "covariate": "|||",
    "exposure": "---",
    "follow_up": "",
}
"""Told apart in grey by their hatching."""
PAD = 0.2
LINE = 0.42
BAR = 0.5
"""Height of a bar, centimetres."""
LABEL = 5.0
"""Greatest width of the column of labels, centimetres."""
STEP = 0.2
"""By so much a line of the title is made narrower at a time, centimetres."""


def design_diagram(frame: Frame, slot: Slot) -> Figure:
    """The diagram of the study's windows."""
    study, wording = frame.study, frame.texts.of("design-diagram")
    windows = sorted(study.windows, key=lambda window: ORDER.index(window.kind))
    svg, png, width = frame.drawn(frame.texts.look, lambda: _draw(frame, windows))
    population = study.population
    dates = {
        name: day_text(getattr(population, name), frame.texts) for name in ("enrolment_start", "enrolment_end", "follow_up_end")
    }
    notes = (wording.note("reading"), wording.note("calendar", **dates), _ends(frame))
    return Figure(slot.id, wording.caption(), _alt(frame, windows), svg, png, width, notes)


def _ends(frame: Frame) -> tuple[Inline, ...]:
    """What ends follow-up: of all outcomes, and what ends that of some only."""
    wording, outcomes = frame.texts.of("design-diagram"), [each.id for each in frame.study.outcomes]
    ends: dict[tuple[str, ...], list[str]] = {(): []}
    for each in frame.study.follow_up.ends:
        named = each.details.rstrip(".") if each.kind == "other" else frame.texts.word("follow_up_end", each.kind)
        ends.setdefault(each.outcomes, []).append(_lower_first(named))

    def listed(names: Sequence[str]) -> str:
        return listing(list(dict.fromkeys(names)), frame.texts)

    said: list[Inline] = [*wording.note("ends", ends=listed(ends.pop(())))]
    for only, names in ends.items():
        others = [each for each in outcomes if each not in only]
        key, shorter = ("ends_only", only) if len(only) <= len(others) else ("ends_except", others)
        labels = listing([frame.study.outcome(each).label for each in shorter], frame.texts)
        said += [*frame.texts.inline("patterns.between_sentences"), *wording.note(key, outcomes=labels, ends=listed(names))]
    return tuple(said)


def _lower_first(text: str) -> str:
    return text[:1].lower() + text[1:] if text[1:2].islower() else text


def _alt(frame: Frame, windows: Sequence[Window]) -> str:
    wording = frame.texts.of("design-diagram")
    parts = [wording.say("alt.opening", anchor=frame.study.population.time_zero.anchor.rstrip("."))]
    for window in windows:
        kind = frame.texts.word("window_kind", window.kind)
        parts.append(wording.say("alt.window", label=window.label, kind=kind, interval=days_text(window, frame.texts)))
    return " ".join(parts)


def _draw(frame: Frame, windows: Sequence[Window]) -> Canvas:
    look, wording = frame.texts.look, frame.texts.of("design-diagram")
    labels = [wrapped(look, window.label, LABEL, most=3) for window in windows]
    heights = [max(len(lines) * LINE, BAR) + 0.28 for lines in labels]
    column = max(text_width(look, line) for lines in labels for line in lines)
    axis = Axis.of(
        windows,
        lambda window: text_width(look, days_text(window, frame.texts)) + 0.9,
        PAD + column + 0.5,
        look.text_width_cm - PAD,
    )
    anchor = sentence_case(frame.study.population.time_zero.anchor)
    title = _balanced(look, wording.say("words.anchor", anchor=anchor), look.text_width_cm - 2 * PAD)
    kinds = [kind for kind in ORDER if any(window.kind == kind for window in windows)]
    legend = _legend_rows(frame, kinds)
    top = PAD + len(title) * LINE + 0.35
    bottom = top + sum(heights) + 0.1
    canvas = Canvas(look, look.text_width_cm, bottom + 0.95 + LINE + len(legend) * 0.55)

    _title(canvas, title, axis.at(0))
    y = top
    for number, (window, lines, height) in enumerate(zip(windows, labels, heights, strict=True)):
        if number % 2 == 0:
            _box(canvas, (0.0, canvas.width), (y, y + height), facecolor=look.shade, alpha=0.6, zorder=0)
        for index, line in enumerate(lines):
            canvas.text(PAD, y + height / 2 + (index - (len(lines) - 1) / 2) * LINE, line)
        _window(frame, canvas, axis, window, y + height / 2)
        y += height
    canvas.line([axis.at(0), axis.at(0)], [top - 0.12, bottom + 0.12], linewidth=2.0, zorder=4)
    _day_axis(canvas, axis, bottom)
    _legend(frame, canvas, legend, bottom + 1.1 + 0.7 * LINE)
    return canvas


def _balanced(look: Look, text: str, most: float) -> list[str]:
    """A bold text in as few lines as it needs, of about one length."""
    lines = wrapped(look, text, most, most=3, bold=True)
    width = most
    while len(lines) > 1 and width > most / 2:
        width -= STEP
        tried = wrapped(look, text, width, most=3, bold=True)
        if len(tried) > len(lines) or " ".join(tried) != " ".join(lines):
            break
        lines = tried
    return lines


def _title(canvas: Canvas, lines: Sequence[str], x: float) -> None:
    """The anchor above day 0, held inside the sheet."""
    width = max(canvas.measure(line, bold=True) for line in lines)
    middle = min(max(x, PAD + width / 2), canvas.width - PAD - width / 2)
    for number, line in enumerate(lines):
        canvas.text(middle, PAD + LINE / 2 + number * LINE, line, ha="center", fontweight="bold")


def _window(frame: Frame, canvas: Canvas, axis: Axis, window: Window, middle: float) -> None:
    look = canvas.look
    start, end = axis.bar(window)
    half, tip = BAR / 2, 0.28
    left_open, right_open = not isinstance(window.start_day, int), not isinstance(window.end_day, int)
    corners = [
        *(
            [(start + tip, middle + half), (start, middle), (start + tip, middle - half)]
            if left_open
            else [(start, middle + half), (start, middle - half)]
        ),
        *(
            [(end - tip, middle - half), (end, middle), (end - tip, middle + half)]
            if right_open
            else [(end, middle - half), (end, middle + half)]
        ),
    ]
    _bar(frame, canvas, window.kind, corners)
    text = days_text(window, frame.texts)
    width = text_width(look, text)
    # The arrow heads stay free.
    first, last = start + (tip if left_open else 0.0), end - (tip if right_open else 0.0)
    if width + 0.3 < last - first:
        box = {"facecolor": "white", "edgecolor": "none", "pad": 1.2}
        # A text that would lie over the line at day 0 moves to the longer side of it.
        x, zero = (first + last) / 2, axis.at(0)
        if abs(x - zero) < width / 2 + 0.1:
            right = end - zero >= zero - start
            x = (zero + last) / 2 if right else (first + zero) / 2
            room = (last - zero if right else zero - first) - 0.2
            if width > room:
                return _beside(canvas, axis, text, width, start, end, middle)
        canvas.text(x, middle, text, ha="center", va="center", zorder=5, bbox=box)
        return None
    return _beside(canvas, axis, text, width, start, end, middle)


def _beside(canvas: Canvas, axis: Axis, text: str, width: float, start: float, end: float, middle: float) -> None:
    """The interval outside its bar, on the side with room that the line at day 0 does not cross, or behind that line."""
    box = {"facecolor": "white", "edgecolor": "none", "pad": 0.8, "alpha": 0.85}
    gap = 0.15
    if end + gap + width < canvas.width - PAD and not (end < axis.at(0) < end + gap + width):
        canvas.text(end + gap, middle, text, ha="left", va="center", zorder=5, bbox=box)
    elif start - gap - width > axis.left - 0.3:
        canvas.text(start - gap, middle, text, ha="right", va="center", zorder=5, bbox=box)
    elif end < axis.at(0) and axis.at(0) + gap + width < canvas.width - PAD:
        canvas.text(axis.at(0) + gap, middle, text, ha="left", va="center", zorder=5, bbox=box)
    else:
        canvas.text(min(end + gap, canvas.width - PAD - width), middle, text, ha="left", va="center", zorder=5, bbox=box)


def _bar(frame: Frame, canvas: Canvas, kind: str, corners: Sequence[tuple[float, float]]) -> None:
    from matplotlib.patches import Polygon

    look = frame.texts.look
    colour = look.series[ORDER.index(kind) % len(look.series)]
    filled = kind == "follow_up"
    patch = Polygon(
        corners,
        closed=True,
        facecolor=_tint(colour, 0.55 if filled else 0.25),
        edgecolor=colour,
        hatch=HATCHES[kind] or None,
        linewidth=1.0,
        zorder=2,
    )
    canvas.page.add_patch(patch)


def _tint(colour: str, share: float) -> tuple[float, float, float]:
    """A colour mixed with white, so that hatching and text stay readable."""
    parts = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    red, green, blue = (1 - share * (1 - part) for part in parts)
    return red, green, blue


def _box(canvas: Canvas, x: tuple[float, float], y: tuple[float, float], **options: float | str) -> None:
    from matplotlib.patches import Rectangle

    canvas.page.add_patch(Rectangle((x[0], y[0]), x[1] - x[0], y[1] - y[0], edgecolor="none", **options))  # type: ignore[arg-type]


def _day_axis(canvas: Canvas, axis: Axis, y: float) -> None:
    """The line of days with a label at each; one that would touch the label before it stands a line lower."""
    canvas.line([axis.left, axis.right], [y, y], linewidth=0.8)
    taken = [-math.inf, -math.inf]
    zero = axis.at(0)
    for day, x in zip(axis.days, axis.positions, strict=True):
        text = numbers.fixed(day, 0)
        half = canvas.measure(text, bold=day == 0) / 2
        beside_zero = day != 0 and abs(x - zero) < half + canvas.measure("0", bold=True) / 2 + 0.08
        free = [row for row in (0, 1) if x - half >= taken[row] + 0.08 and not (row == 0 and beside_zero)]
        canvas.line([x, x], [y, y + (0.1 if free[:1] == [0] else 0.5)], linewidth=0.8 if free[:1] == [0] else 0.4)
        if free:
            canvas.text(x, y + 0.38 + free[0] * LINE, text, ha="center", fontweight="bold" if day == 0 else "normal")
            taken[free[0]] = x + half


def _legend_rows(frame: Frame, kinds: Sequence[str]) -> list[list[tuple[str, str, float]]]:
    """Kinds with their words and x positions, broken into rows that fit the sheet."""
    look = frame.texts.look
    rows: list[list[tuple[str, str, float]]] = [[]]
    x = PAD
    for kind in kinds:
        text = word(frame, "window_kind", kind)
        width = 0.75 + text_width(look, text) + 0.5
        if x + width > look.text_width_cm and rows[-1]:
            rows.append([])
            x = PAD
        rows[-1].append((kind, text, x))
        x += width
    return rows


def _legend(frame: Frame, canvas: Canvas, rows: Sequence[Sequence[tuple[str, str, float]]], top: float) -> None:
    for number, row in enumerate(rows):
        y = top + number * 0.55
        for kind, text, x in row:
            _bar(frame, canvas, kind, [(x, y + 0.15), (x, y - 0.15), (x + 0.6, y - 0.15), (x + 0.6, y + 0.15)])
            canvas.text(x + 0.75, y, text)
