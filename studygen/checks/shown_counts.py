"""Small counts in composed documents: those traced to results, and those that somebody typed. Knows the small-cell rule and the
document tree."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from studygen.checks.delivered import deliveries_of
from studygen.checks.passages import passages
from studygen.checks.subject import Subject
from studygen.document.nodes import Figure, walk
from studygen.document.traces import uses
from studygen.errors import Fault, Place
from studygen.results.findings import Count, Curve, Result

COUNTED: Final = re.compile(
    r"(?<![\w.,<>≤≥–−-])(?P<number>[1-9]\d?|one|two|three|four)\s+(?P<noun>(?:[^\W\d]+\s)?"
    r"(?:persons?|patients?|people|deaths?|events?|cases?|women|men|infections?|malignanc(?:y|ies)|relapses?)\b)",
    re.IGNORECASE,
)
"""A number written before what it counts: "3 deaths", "two serious infections"."""
IN_WORDS: Final = {"one": 1, "two": 2, "three": 3, "four": 4}
CALL: Final = re.compile(r"\{\{.*?\}\}|\{%.*?%\}")
LIMITS: Final = re.compile(
    r"(least|most|than|below|above|under|every|each|per|to|of|minimum|threshold|from|until|first|between)\s*$", re.IGNORECASE
)
"""Words before a number that make it a limit or a part of a rule, not a count."""


def small_counts_traced(subject: Subject) -> Iterator[Fault]:
    """No document shows a result that is a count below the threshold: in text, table or figure."""
    if subject.results is None:
        return
    thresholds = _thresholds(subject)
    if not thresholds:
        return
    for name, checked in subject.documents.items():
        for use in dict.fromkeys(uses(checked.tree)):
            if use.id in subject.results and (small := _small(subject.results[use.id], thresholds)):
                where = use.display or (f"section {use.section}" if use.section else "title page")
                what = f"{where} shows {use.id} as {use.shown}: {small:g} is below the small-cell threshold in force"
                yield Fault(Place(name, path=use.target), what, "Take the number out of the document, or suppress it.")
    for id, result in subject.results.items():
        if isinstance(result, Curve) and (small := _small(result, thresholds)):
            what = f"the curve {id} gives {small:g} persons or events, below the small-cell threshold in force"
            yield Fault(Place("results", path=id), what, "Make the intervals of follow-up wider, or end the curve earlier.")


def small_counts_typed(subject: Subject) -> Iterator[Fault]:
    """No text of the report, no text alternative and no property of a document speaks of a count below the threshold."""
    thresholds = _thresholds(subject)
    if subject.results is None or not thresholds:
        return
    threshold = max(thresholds.values())
    for place, text in _texts(subject):
        for found in COUNTED.finditer(CALL.sub("\N{OBJECT REPLACEMENT CHARACTER}", text)):
            count = IN_WORDS.get(found["number"].lower()) or int(found["number"])
            if 0 < count < threshold and not LIMITS.search(found.string[: found.start()]):
                words = _around(found)
                what = f'"{words}" speaks of {count}, below the small-cell threshold of {threshold} in force'
                yield Fault(place, what, "Write the number as a range, or take it out.")


def _thresholds(subject: Subject) -> dict[str, int]:
    """Registries whose numbers must be withheld when small, with the threshold."""
    return {sent.delivery.registry: sent.threshold for sent in deliveries_of(subject) if sent.withholds}


def _small(result: Result, thresholds: dict[str, int]) -> float:
    """The number below the threshold of a registry it comes from; 0 when there is none."""
    threshold = max((thresholds.get(source.registry, 1) for source in result.origin.sources), default=1)
    numbers: tuple[float, ...] = ()
    if isinstance(result, Count) and result.unit != "registries" and result.value is not None:
        numbers = (float(result.value),)
    elif isinstance(result, Curve):
        numbers = (*result.at_risk, *result.events)
    return next((number for number in numbers if 0 < number < threshold), 0.0)


def _texts(subject: Subject) -> Iterator[tuple[Place, str]]:
    """What was written by hand on results, and what of each document is read by machines only."""
    for passage in passages(subject):
        if passage.path[0] == "report":
            yield passage.place, passage.source
    for name, checked in subject.documents.items():
        meta = checked.tree.meta
        for text in (meta.title, meta.short_title, *meta.keywords, *meta.marks):
            yield Place(name, path="properties"), text
        if checked.manifest.needs == "results":
            for node in walk(checked.tree.body):
                if isinstance(node, Figure):
                    yield Place(name, path=node.id), node.alt


def _around(found: re.Match[str]) -> str:
    start, end = max(0, found.start() - 30), min(len(found.string), found.end() + 30)
    return " ".join(found.string[start:end].split())
