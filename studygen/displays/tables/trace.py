"""Tables that trace the report's numbers: every result with its exact value, method and delivered lines, and the methods in full.
The rows are the anchors that numbers in the document lead to."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from itertools import groupby

from studygen.displays import numbers
from studygen.displays.cells import Content, group, row, table
from studygen.displays.formats import level_text, listing, result_text, scale_of, sentence_case
from studygen.displays.frame import Frame, Speaks
from studygen.displays.tables.symbols import symbols_note
from studygen.displays.texts import DisplayTexts
from studygen.document.nodes import Code, Paragraph, Row, Slot, Table, Text
from studygen.document.traces import value_anchor
from studygen.results.findings import Count, Curve, Estimate, Quantity, Result, Source
from studygen.stats.methods import METHODS

OTHER_GROUPS = ("attrition", "baseline", "size")
"""First parts of result ids that are no analysis and have a heading of their own."""


def trace(frame: Frame, slot: Slot) -> Table:
    """The results that the document shows and those underneath, by analysis; each row is the anchor of its number."""
    wording = frame.texts.of("trace")
    columns = wording.columns("result", "shown", "exact", "unit", "method", "sources")
    body: list[Row] = []
    for head, results in groupby(_all(frame), key=lambda result: _heading(frame, result)):
        body.append(group(frame, head, len(columns)))
        body += [_row(frame, result) for result in results]
    notes = [wording.note("exact"), wording.note("lines")]
    widths = (3.6, 1.6, 2.3, 1.4, 2.0, 2.4)
    return table(frame, slot, wording.caption(), columns, body, widths, notes=notes, landscape=True, missing="")


def methods_used(frame: Frame, slot: Slot) -> Table:
    """The methods of the results that are explained, with formula and source."""
    wording = frame.texts.of("methods-used")
    used = dict.fromkeys(result.origin.method for result in _all(frame))
    methods = {key: METHODS[key] for key in sorted(used)}
    body = [row(frame, Code(key), each.formula, [each.citation, doi_content(frame, each.doi)]) for key, each in methods.items()]
    columns = wording.columns("method", "formula", "source")
    notes = symbols_note(frame, [each.formula for each in methods.values()])
    return table(frame, slot, wording.caption(), columns, body, (2.8, 2.8, 2.0), notes=notes)


def doi_content(frame: Speaks, doi: str) -> Content:
    """A DOI as its source's second line."""
    return frame.texts.of("methods-used").say("words.doi", doi=doi) if doi else None


def _all(frame: Frame) -> Iterable[Result]:
    """What is explained: the numbers shown with all that is underneath, in the order in which they were computed."""
    results = frame.planned if frame.results is None else frame.results.with_more(tuple(frame.planned.values()))
    explained = results.with_inputs(results if frame.shown is None else frame.shown)
    return [result for id, result in results.items() if id in explained]


def _heading(frame: Frame, result: Result) -> str:
    first = result.id.partition(".")[0]
    labels = {analysis.id: analysis.label for analysis in frame.study.analyses}
    return labels.get(first) or frame.texts.of("trace").row(first if first in OTHER_GROUPS else "other")


def _row(frame: Frame, result: Result) -> Row:
    made = row(
        frame,
        Code(result.id),
        result_text(result, "full", frame.texts),
        exact_content(frame, result),
        unit_text(result, frame.texts),
        Code(result.origin.method),
        list(_sources(frame, result)) or frame.texts.of("trace").say("words.definition"),
    )
    return Row(made.cells, made.kind, value_anchor(result.id))


def exact_content(frame: Speaks, result: Result) -> Content:
    """The unrounded value and, on a line of its own, its interval."""
    if result.value is None:
        return None
    lines = [numbers.exact(result.value)]
    if isinstance(result, Estimate) and result.lower is not None and result.upper is not None:
        limits = {"lower": numbers.exact(result.lower), "upper": numbers.exact(result.upper)}
        lines.append(frame.texts.of("trace").say("words.interval", level=level_text(result.level), **limits))
    if isinstance(result, Count) and result.of:
        lines.append(frame.texts.of("trace").say("words.of", whole=str(result.of)))
    if isinstance(result, Curve):
        lines.append(frame.texts.of("trace").say("words.curve", days=str(len(result.days) - 1)))
    return lines


def unit_text(result: Result, texts: DisplayTexts) -> str:
    """What the exact value of a result is a number of: "Persons", "Relapse rate ratio", "Incidence rate per person-year"."""
    wording = texts.of("trace")
    match result:
        case Count() | Quantity():
            return wording.say(f"units.{result.unit}")
        case Estimate() | Curve():
            name = result.kind if isinstance(result, Curve) else result.measure
            return wording.say(f"units.{scale_of(name)}_measure", measure=sentence_case(texts.word("measure", name)))


def _sources(frame: Frame, result: Result) -> Iterator[Paragraph]:
    """The delivered lines a result rests on, one paragraph for each file; data sources whose files have one name and whose lines
    are the same share one. The table of deliveries has the files' folders."""
    wording = frame.texts.of("trace")
    together: dict[tuple[str, str], list[str]] = {}
    for source in result.origin.sources:
        key = source.file.rpartition("/")[2], lines_text(frame, source)
        together.setdefault(key, []).append(source.registry)
    delivering = {each.registry for each in frame.study.contributors}
    for (name, lines), registries in together.items():
        named = listing([frame.network.registry(each).short_name for each in registries], frame.texts)
        if len(registries) > 2 and set(registries) == delivering:
            named = frame.texts.say("rows.all_registries")
        yield Paragraph(wording.inline("words.source", registry=named, file=Code(name), lines=Text(lines)))


def lines_text(frame: Speaks, source: Source) -> str:
    """ "line 4", "lines 2–4, 9"."""
    return lines_of(frame, source.rows)


def lines_of(frame: Speaks, rows: Collection[int]) -> str:
    """Line numbers in words, unbroken runs as ranges."""
    ranges = [
        str(first) if first == last else frame.texts.say("patterns.interval", lower=str(first), upper=str(last))
        for first, last in runs(rows)
    ]
    listed = frame.texts.say("patterns.listing_comma").join(ranges)
    return frame.texts.of("trace").say("words.line" if len(rows) == 1 else "words.lines", lines=listed)


def runs(rows: Iterable[int]) -> list[tuple[int, int]]:
    """Line numbers as first and last of each unbroken run: 2, 3, 4, 9 → (2, 4), (9, 9)."""
    found: list[tuple[int, int]] = []
    for line in sorted(set(rows)):
        if found and line == found[-1][1] + 1:
            found[-1] = (found[-1][0], line)
        else:
            found.append((line, line))
    return found
