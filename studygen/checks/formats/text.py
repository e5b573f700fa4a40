"""Findings for people: grouped by file, the gravest file first, each with place, rule and remedy; then what was waived, a summary
by document and one line of counts. Gives pieces of text with a style each; whether styles become colours is not known here."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import groupby
from typing import Literal

from studygen.checks.finding import Finding, Severity
from studygen.checks.report import Report, counted

Style = Literal["", "file", "place", "error", "warning", "info", "muted", "good"]
Piece = tuple[str, Style]
"""A text and its style."""


MANY = 8
"""Up to so many findings of one rule in one file are told one by one."""

TOLD = 3
"""So many are told of more."""


def text_lines(report: Report) -> Iterator[tuple[Piece, ...]]:
    """The report, line by line."""
    for file, findings in _by_file(report):
        yield ((file, "file"), (f"  {counted(_counts(findings))}", "muted"))
        for each, more in _condensed(findings):
            yield ((f"  {each.place}", "place"),)
            yield (("      ", ""), (f"{each.severity} {each.rule}", each.severity), (f": {each.what}", ""))
            if each.remedy:
                yield ((f"      {each.remedy}", ""),)
            if more:
                said = f"  and {len(more)} more of {each.rule} in this file{_at_lines(more)}; --format json lists all"
                yield ((said, "muted"),)
        yield (("", ""),)
    for each in report.waived:
        yield ((f"waived {each.rule}", "muted"), (f"  {each.place}: {each.what}", "muted"))
        yield ((f"      because {each.waiver}", "muted"),)
    if report.waived:
        yield (("", ""),)
    yield from _summary(report)
    yield _verdict(report)


def _condensed(findings: list[Finding]) -> Iterator[tuple[Finding, list[Finding]]]:
    """The findings of a file that are told one by one. Of a rule that finds many, the first few are, and the rest comes with the
    last of these: a fault of every row is one fault to mend."""
    of_rule: dict[str, list[Finding]] = {}
    for each in findings:
        of_rule.setdefault(each.rule, []).append(each)
    told: Counter[str] = Counter()
    for each in findings:
        same = of_rule[each.rule]
        told[each.rule] += 1
        if len(same) <= MANY or told[each.rule] < TOLD:
            yield each, []
        elif told[each.rule] == TOLD:
            yield each, same[TOLD:]


def _at_lines(findings: list[Finding]) -> str:
    lines = sorted({each.place.line for each in findings if each.place.line})
    if not lines:
        return ""
    return f", line {lines[0]}" if len(lines) == 1 else f", between lines {lines[0]} and {lines[-1]}"


def _by_file(report: Report) -> Iterator[tuple[str, list[Finding]]]:
    """Files in the order of their gravest finding; within a file by line."""
    rank = {each.place.file: position for position, each in reversed(list(enumerate(report.findings)))}
    ordered = sorted(report.findings, key=lambda each: (rank[each.place.file], each.place.line or 0, each.order))
    for file, findings in groupby(ordered, key=lambda each: each.place.file):
        yield file, list(findings)


def _counts(findings: list[Finding] | tuple[Finding, ...]) -> Counter[Severity]:
    return Counter(each.severity for each in findings)


def _summary(report: Report) -> Iterator[tuple[Piece, ...]]:
    if not report.findings:
        return
    rows = list(report.by_document())
    width = max(len(name) for name, _ in rows)
    for name, counts in rows:
        gravest: Style = next(iter(counts), "good")
        yield ((f"{name.ljust(width)}  ", ""), (counted(counts), gravest))
    yield (("", ""),)


def _verdict(report: Report) -> tuple[Piece, ...]:
    made = ", ".join(report.documents) or "no document can be made"
    deliveries = _number(report.deliveries, "delivery", "deliveries")
    results = _number(report.results, "result", "results")
    found = counted(_counts(report.findings))
    waived = f", {len(report.waived)} waived" if report.waived else ""
    holds = f"({made}; {deliveries}, {results}; {found}{waived})"
    word: Piece = ("not in order", "error") if report.errors else ("in order", "good")
    return ((f"{report.study}: ", ""), word, (f" {holds}", ""))


def _number(n: int, one: str, many: str) -> str:
    return f"{n} {one if n == 1 else many}"
