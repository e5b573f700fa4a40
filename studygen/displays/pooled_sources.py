"""A pool of a file's sources as lines of plain text and as the rows of a forest plot: three decimals (more where a number would
lose its digits), natural scale. Words come from templates/displays.yaml (`pool-file`) and templates/shared/notes.yaml."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from studygen.displays import numbers
from studygen.displays.formats import level_text
from studygen.displays.texts import DisplayTexts, Wording
from studygen.results.source_pooling import Line, SourcePool
from studygen.stats.meta_analysis import MetaAnalysis

DECIMALS = 3
COLUMN_GAP = "  "


def report(found: SourcePool, texts: DisplayTexts) -> list[str]:
    """What `studygen pool` prints, line by line."""
    wording, pooled = texts.part("pool-file"), found.pooled
    digits = decimals_of(found)
    rows = [_header(found, wording)]
    rows += [
        (line.name, _number(line.estimate, digits, wording), _interval(line, digits, wording), _weight(found, n, wording))
        for n, line in enumerate(found.sources)
    ]
    below = [_row(pool_name(found, wording), pooled_line(found), digits, wording)]
    if pooled.prediction is not None:
        ahead = Line("", math.nan, *pooled.prediction)
        below.append((prediction_name(found, wording), "", _interval(ahead, digits, wording), ""))
    beside = [_row(beside_name(found, way, wording), line, digits, wording) for way, line in found.beside]
    widths = [max(len(row[column]) for row in (*rows, *below, *beside)) for column in range(4)]
    lines = [_joined(rows[0], widths), *(_joined(row, widths) for row in rows[1:])]
    lines += ["-" * len(lines[0]), *(_joined(row, widths) for row in below)]
    if pooled.p_value is not None:
        lines.append(_p(pooled.p_value, wording))
    heterogeneity = list(_heterogeneity(pooled, wording))
    if heterogeneity:
        lines += ["", wording.say("words.heterogeneity", parts="; ".join(heterogeneity))]
    if beside:
        lines += ["", wording.say("words.beside"), *(_joined(row, widths) for row in beside)]
    if found.notes:
        lines += ["", wording.say("words.notes"), *(f"  - {texts.note(note)}" for note in found.notes)]
    return lines


def decimals_of(found: SourcePool) -> int:
    """Decimals of all estimates: three, or as many as leave the smallest two significant digits."""
    shown = [line.estimate for line in (*found.sources, pooled_line(found)) if math.isfinite(line.estimate) and line.estimate]
    return min(max([DECIMALS, *(numbers.places(value, DECIMALS) for value in shown)]), 8)


def pooled_line(found: SourcePool) -> Line:
    """The pooled estimate as a line."""
    pooled = found.pooled
    return Line("", pooled.estimate, pooled.ci_lower, pooled.ci_upper)


def pool_name(found: SourcePool, wording: Wording) -> str:
    """The way of pooling in words."""
    pooled = found.pooled
    if "one_source" in pooled.notes and pooled.method not in ("MH", "PETO", "GLMM"):
        return wording.say("rows.alone")
    method, test = wording.say(f"methods.{pooled.method}"), wording.say(f"tests.{pooled.test}")
    return wording.say("rows.pooled", method=method, test=test)


def prediction_name(found: SourcePool, wording: Wording) -> str:
    """The kind of prediction interval in words; it follows the test, as in metafor."""
    variant = wording.say(f"variants.{'z' if found.pooled.test == 'z' else 't'}")
    return wording.say("rows.prediction", level=level_text(found.pooled.level), variant=variant)


def beside_name(found: SourcePool, way: str, wording: Wording) -> str:
    """One of the ways beside the pool in words."""
    scale = "" if found.prior_scale is None else f"{found.prior_scale:g}"
    return wording.say(f"rows.{way}", scale=scale)


def estimate_text(line: Line, digits: int, wording: Wording) -> str:
    """ "0.772 (0.552 to 1.079)"."""
    return f"{_number(line.estimate, digits, wording)} ({_interval(line, digits, wording)})"


def _header(found: SourcePool, wording: Wording) -> tuple[str, str, str, str]:
    measure = wording.say(f"measures.{found.pooled.measure}")
    return (
        wording.say("columns.source"),
        wording.say("columns.estimate", measure=measure),
        wording.say("columns.interval", level=level_text(found.pooled.level)),
        wording.say("columns.weight") if found.pooled.weights is not None else "",
    )


def _row(name: str, line: Line, digits: int, wording: Wording) -> tuple[str, str, str, str]:
    return name, _number(line.estimate, digits, wording), _interval(line, digits, wording), ""


def _interval(line: Line, digits: int, wording: Wording) -> str:
    if math.isnan(line.lower) or math.isnan(line.upper):
        return wording.say("words.none")
    return f"{_number(line.lower, digits, wording)} to {_number(line.upper, digits, wording)}"


def _weight(found: SourcePool, n: int, wording: Wording) -> str:
    weights = found.pooled.weights
    return "" if weights is None else f"{_number(weights[n], 1, wording)}%"


def _number(value: float, digits: int, wording: Wording) -> str:
    """Plain characters, so that a number can be copied into a calculation."""
    if math.isnan(value):
        return wording.say("words.none")
    if math.isinf(value):
        return "inf" if value > 0 else "-inf"
    text = f"{value:.3e}" if abs(value) >= 1e7 else f"{value:.{digits}f}"
    return text.removeprefix("-") if float(text) == 0 else text


def _p(p: float, wording: Wording) -> str:
    return wording.say("words.test_below") if p < 0.001 else wording.say("words.test", p=f"{p:.3f}")


def _heterogeneity(pooled: MetaAnalysis, wording: Wording) -> Iterator[str]:
    if pooled.q is not None and pooled.q_p is not None:
        yield wording.say("words.q", q=f"{pooled.q:.3f}", df=str(pooled.q_df), p=_p(pooled.q_p, wording))
    if pooled.i2 is not None and pooled.h2 is not None:
        yield wording.say("words.i2", i2=f"{pooled.i2:.1f}")
        yield wording.say("words.h2", h2=f"{pooled.h2:.3f}")
    if pooled.tau2 is None:
        return
    tau2 = f"{pooled.tau2:.4f}"
    if pooled.tau2_ci is None:
        yield wording.say("words.tau2", tau2=tau2)
        return
    lower, upper = (f"{x:.4f}" for x in pooled.tau2_ci)
    yield wording.say("words.tau2_interval", tau2=tau2, level=level_text(pooled.level), lower=lower, upper=upper)


def _joined(row: Sequence[str], widths: Sequence[int]) -> str:
    name, *cells = row
    right = (cell.rjust(width) for cell, width in zip(cells, widths[1:], strict=True) if width)
    return COLUMN_GAP.join([name.ljust(widths[0]), *right]).rstrip()
