"""The functions that templates and narrative texts may call: numbers of results, words of closed lists, dates, windows, lists.
Each turns something of the study into text or a traced role; none computes."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence

from studygen.displays.formats import SHOWS, day_text, days_text, listing, result_text, sentence_case
from studygen.displays.likeness import planned_alike
from studygen.displays.texts import DisplayTexts
from studygen.document.templating import cite_role, ref_role, value_role
from studygen.errors import Fault, Place, ResultError, TemplateError, did_you_mean
from studygen.results.findings import Note, Result, ResultSet
from studygen.study.objectives import Analysis
from studygen.study.study import Study


def phrases(study: Study, texts: DisplayTexts, planned: ResultSet, results: ResultSet | None) -> Mapping[str, object]:
    """The template functions for one document. Without `results` only planned quantities have a value."""

    def find(id: str) -> Result:
        if id in planned:
            return planned[id]
        if results is None:
            what = f'"{id}" is a result, and this document holds none'
            raise ResultError(Fault(Place("results", path=id), what, "Results belong into the report's texts."))
        return results[id]

    def value(id: str, show: str = "full") -> str:
        if show not in SHOWS:
            raise TemplateError(Fault(Place("value()", path=id), f'a result cannot show "{show}"', did_you_mean(show, SHOWS)))
        return value_role(id, result_text(find(id), show, texts))

    def days(window: str) -> str:
        known = [each.id for each in study.windows]
        if window not in known:
            raise TemplateError(
                Fault(Place("days()", path=window), f'there is no window "{window}"', did_you_mean(window, known))
            )
        return days_text(study.window(window), texts)

    def day(date: datetime.date) -> str:
        return day_text(date, texts)

    def words_listed(items: Sequence[str]) -> str:
        return listing(list(items), texts)

    def country(code: str) -> str:
        return texts.country(code)

    def analyses_alike(roles: Sequence[str]) -> tuple[tuple[Analysis, ...], ...]:
        return planned_alike(study, roles)

    def note_text(note: Note) -> str:
        return texts.note(note)

    return {
        "value": value,
        "ref": ref_role,
        "cite": cite_role,
        "word": texts.word,
        "days": days,
        "day": day,
        "listing": words_listed,
        "sentence_case": sentence_case,
        "country": country,
        "analyses_alike": analyses_alike,
        "note_text": note_text,
    }
