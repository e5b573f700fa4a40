"""Tables that trace the numbers of a dossier's document: results of studies with method and delivered lines, quality figures with
their counts and lines, the files, and the methods. Rows and cells are the anchors that numbers in the document lead to."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Literal, TypeAlias

from studygen.displays.cells import Content, cell, group, head, row, table
from studygen.displays.dossier.data_model import variable_label
from studygen.displays.dossier.frame import DossierFrame, StudyResults, figure_address, with_inputs
from studygen.displays.dossier.quality import figure_text
from studygen.displays.dossier.quality_tables import parts_text
from studygen.displays.formats import result_text, sentence_case
from studygen.displays.numbers import GROUP
from studygen.displays.tables.symbols import symbols_note
from studygen.displays.tables.trace import doi_content, exact_content, lines_text, runs, unit_text
from studygen.document.nodes import Cell, Code, Inline, Link, Paragraph, Row, Slot, Table, Text
from studygen.document.traces import value_anchor
from studygen.qualification.indicators import QualityFigure
from studygen.results.findings import Estimate, Result
from studygen.stats.methods import METHODS

Layout = Literal["beside", "below", "apart"]
"""Where the lines stand: beside the counts, below them, or below counts that a narrow column may part."""
Key: TypeAlias = "int | str | None"
"""What heads a column of quality figures: a year (None: all years), or a registry."""


# ---------------------------------------------------------------- results of studies


def trace(frame: DossierFrame, slot: Slot) -> Table:
    """Every result that the document shows and those underneath, by study; each row is the anchor of its number."""
    wording = frame.texts.of("dossier-trace")
    columns = wording.columns("result", "shown", "unit", "sources")
    numbers = _files(frame)
    body: list[Row] = []
    for study, results in groupby(with_inputs(frame.studies, frame.shown), key=lambda each: each[1].study):
        body.append(group(frame, wording.say("words.study", id=study.id, title=study.short_title), len(columns)))
        body += [_row(frame, numbers, where, each, result) for where, each, result in results]
    notes = [wording.note("exact"), wording.note("files")]
    return table(frame, slot, wording.caption(), columns, body, (2.7, 2.0, 1.7, 1.4), notes=notes)


def _row(frame: DossierFrame, numbers: Mapping[_File, int], where: str, study: StudyResults, result: Result) -> Row:
    made = row(
        frame,
        Code(result.id),
        _values(frame, result),
        [unit_text(result, frame.texts), Code(result.origin.method)],
        list(_sources(frame, numbers, study, result)) or frame.texts.of("dossier-trace").say("words.definition"),
    )
    return Row(made.cells, made.kind, value_anchor(where))


def _values(frame: DossierFrame, result: Result) -> Content:
    """A result as shown and, unless this is the same number, unrounded."""
    shown, exact = result_text(result, "full", frame.texts), exact_content(frame, result)
    plain = shown.replace(GROUP, "")
    # "5.0" is 5, and says no less.
    same = result.value is not None and plain.replace(".", "", 1).isdigit() and float(plain) == result.value
    return shown if same and not isinstance(result, Estimate) else [shown, exact]


def _sources(frame: DossierFrame, numbers: Mapping[_File, int], study: StudyResults, result: Result) -> Iterator[Content]:
    """The delivered lines that a result rests on: one paragraph for all files that are used in the same lines."""
    wording = frame.texts.of("dossier-trace")
    by_lines: dict[str, list[int]] = {}
    for source in result.origin.sources:
        name = study.network.registry(source.registry).short_name
        file = numbers[_File(study.study.short_title, name, source.file, source.sha256)]
        by_lines.setdefault(lines_text(frame, source), []).append(file)
    for lines, found in by_lines.items():
        said = "words.file" if len(found) == 1 else "words.files"
        yield Paragraph(wording.inline(said, files=_numbered(frame, found), lines=Text(lines)))


def _numbered(frame: DossierFrame, files: Iterable[int]) -> tuple[Inline, ...]:
    """Numbers of files, unbroken runs as ranges; each leads to its row."""
    found: list[Inline] = []
    for first, last in runs(files):
        found += [Text(frame.texts.say("patterns.listing_comma"))] if found else []
        ends = [Link((Text(str(each)),), f"#{_file_anchor(each)}") for each in dict.fromkeys((first, last))]
        found += ends if len(ends) == 1 else frame.texts.inline("patterns.interval", lower=ends[0], upper=ends[1])
    return tuple(found)


def methods(frame: DossierFrame, slot: Slot) -> Table:
    """The methods of the results that are explained, with formula and source."""
    wording = frame.texts.of("methods-used")
    used = sorted({result.origin.method for _, _, result in with_inputs(frame.studies, frame.shown)})
    body = [
        row(frame, Code(key), METHODS[key].formula, [METHODS[key].citation, doi_content(frame, METHODS[key].doi)]) for key in used
    ]
    columns = wording.columns("method", "formula", "source")
    return table(
        frame,
        slot,
        wording.caption(),
        columns,
        body,
        (2.0, 3.2, 2.2),
        notes=symbols_note(frame, [METHODS[key].formula for key in used]),
    )


# ---------------------------------------------------------------- quality figures


def figures(frame: DossierFrame, slot: Slot) -> Table:
    """The quality figures that the document shows: counts and delivered lines. By registry and year, the other years of a row
    beside those shown; where all are of one year and of several registries, the registries side by side. The cell of a shown
    number is its anchor."""
    shown = [figure for figure in frame.dossier.figures if _is_shown(frame, figure)]
    years = sorted({figure.year for figure in shown}, key=lambda year: year or 0)
    registries = list(dict.fromkeys(figure.registry for figure in shown))
    wording = frame.texts.of("dossier-figures")
    notes = [wording.note("reading"), *([wording.note("items")] if any(figure.item for figure in shown) else [])]
    if len(years) == 1 and len(registries) > 1:
        columns = [wording.say("columns.indicator"), *(frame.short_name(id) for id in registries)]
        lines = _lines(shown, lambda figure: figure.registry)
        body = [_line(frame, name, found, registries, "apart") for name, found in lines.items()]
        caption = wording.inline("captions.of_year", year=_year(frame, years[0]))
        widths: tuple[float, ...] = (1.5, *(1.35 for _ in registries))
    else:
        columns = [wording.say("columns.indicator"), *(_year(frame, year) for year in years)]
        body = [row for registry in registries for row in _of_registry(frame, registry, shown, years, len(columns))]
        caption = wording.inline("captions.by_year")
        widths = (2.6, *(1.4 for _ in years)) if len(years) > 1 else (2.6, 2.4)
    return table(frame, slot, caption, columns, body, widths, notes=notes)


Line = tuple[str, str]
"""What a row is about: an indicator, and a core variable or "" for the indicator as a whole."""


def _lines(found: Iterable[QualityFigure], by: Callable[[QualityFigure], Key]) -> dict[Line, dict[Key, QualityFigure]]:
    """Figures by row and column."""
    lines: dict[Line, dict[Key, QualityFigure]] = {}
    for figure in found:
        lines.setdefault((figure.indicator, figure.item), {})[by(figure)] = figure
    return lines


def _of_registry(
    frame: DossierFrame, registry: str, shown: Sequence[QualityFigure], years: Sequence[int | None], columns: int
) -> Iterator[Row]:
    """A registry and its file, and a row for each indicator or core variable of which a year is shown."""
    own = [figure for figure in frame.dossier.figures if figure.registry == registry]
    wanted = _lines([figure for figure in shown if figure.registry == registry], lambda figure: figure.year)
    heading = frame.texts.of("dossier-figures").inline(
        "words.registry", registry=frame.short_name(registry), file=Code(own[0].file)
    )
    yield group(frame, Paragraph(heading), columns)
    for name, found in _lines(own, lambda figure: figure.year).items():
        if name in wanted:
            yield _line(frame, name, found, years, "beside" if len(years) == 1 else "below")


def _line(frame: DossierFrame, name: Line, found: Mapping[Key, QualityFigure], columns: Sequence[Key], layout: Layout) -> Row:
    cells = [_figure(frame, found.get(each), layout) for each in columns]
    return Row((head(frame, _label(frame, *name)), *cells))


def _year(frame: DossierFrame, year: int | None) -> str:
    return str(year) if year else frame.texts.of("dossier-figures").say("columns.all_years")


def _is_shown(frame: DossierFrame, figure: QualityFigure) -> bool:
    return frame.shown is None or figure_address(figure) in frame.shown


def _label(frame: DossierFrame, indicator: str, item: str) -> str:
    """An indicator's label; of a core variable its own, set in below that of its indicator."""
    if not item:
        return frame.definition.indicator(indicator).label
    return frame.texts.of("dossier-figures").say("words.item", label=sentence_case(variable_label(frame, item)))


def _figure(frame: DossierFrame, figure: QualityFigure | None, layout: Layout) -> Cell:
    """A figure as its counts, or as it was delivered, with the lines of the file."""
    wording = frame.texts.of("dossier-figures")
    if figure is None:
        return cell(frame, None)
    said = figure_text(frame, figure)
    if figure.value is not None and figure.numerator is not None and figure.denominator is not None:
        said = parts_text(frame, figure.numerator, figure.denominator, apart=layout == "apart")
    ranges = [
        str(first) if first == last else frame.texts.say("patterns.interval", lower=str(first), upper=str(last))
        for first, last in runs(figure.lines)
    ]
    lines = frame.texts.say("patterns.in_brackets", text=frame.texts.say("patterns.listing_comma").join(ranges))
    made = cell(frame, wording.say("words.beside", counts=said, lines=lines) if layout == "beside" else [said, lines])
    return replace(made, id=value_anchor(figure_address(figure))) if _is_shown(frame, figure) else made


# ---------------------------------------------------------------- files


@dataclass(frozen=True, slots=True)
class _File:
    """A delivered file, by the short titles of whom it was delivered to and by."""

    study: str
    registry: str
    file: str
    sha256: str


def _files(frame: DossierFrame) -> dict[_File, int]:
    """The files under the numbers shown, numbered from 1 in the order of the studies, those of quality figures last."""
    found: dict[_File, int] = {}
    for _, study, result in with_inputs(frame.studies, frame.shown):
        for source in result.origin.sources:
            name = study.network.registry(source.registry).short_name
            found.setdefault(_File(study.study.short_title, name, source.file, source.sha256), len(found) + 1)
    for figure in frame.dossier.figures:
        if _is_shown(frame, figure):
            name = frame.short_name(figure.registry)
            found.setdefault(_File(frame.definition.short_title, name, figure.file, figure.sha256), len(found) + 1)
    return found


def _file_anchor(number: int) -> str:
    return f"traced-file-{number}"


def files(frame: DossierFrame, slot: Slot) -> Table:
    """Every delivered file under the numbers shown, with its SHA-256 fingerprint, by study."""
    wording = frame.texts.of("dossier-files")
    columns = wording.columns("number", "registry", "file")
    body: list[Row] = []
    for study, found in groupby(_files(frame).items(), key=lambda each: each[0].study):
        body.append(group(frame, study, len(columns)))
        for file, number in found:
            made = row(frame, str(number), file.registry, [Code(file.file), Code(file.sha256)])
            body.append(Row(made.cells, made.kind, _file_anchor(number)))
    return table(frame, slot, wording.caption(), columns, body, (0.5, 1.2, 5.0))
