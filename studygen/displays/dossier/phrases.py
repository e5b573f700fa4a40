"""The functions that templates and narrative texts of a dossier may call: results of the studies, quality figures, facts, words,
dates, lists. Each turns something known into text or a traced role; none computes."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence

from markupsafe import Markup

from studygen.definition import Declared, Prose
from studygen.displays.dossier.citing import cites_work, sourced_text
from studygen.displays.dossier.context import limit
from studygen.displays.dossier.evidence import claim_anchor, evidence_anchor, number
from studygen.displays.dossier.exemplars import works_of_study
from studygen.displays.dossier.facts import fact_label, marked_text, marks
from studygen.displays.dossier.frame import DossierFrame, address, figure_address, found
from studygen.displays.dossier.quality import VERDICTS, Standing, figure_text, standing, verdict
from studygen.displays.fact_dates import dated, day_of
from studygen.displays.formats import SHOWS, day_text, listing, result_text, sentence_case
from studygen.document.templating import cite_role, escape_markdown, ref_role, value_role
from studygen.errors import Fault, Place, ResultError, TemplateError, did_you_mean


def phrases(frame: DossierFrame) -> Mapping[str, object]:
    """The template functions for one document of a dossier."""
    texts, dossier = frame.texts, frame.dossier

    def study_value(study: str, id: str, show: str = "full") -> str:
        if show not in SHOWS:
            raise TemplateError(
                Fault(Place("study_value()", path=id), f'a result cannot show "{show}"', did_you_mean(show, SHOWS))
            )
        where = address(study, id)
        return value_role(where, result_text(found(frame.studies, where), show, texts))

    def quality_value(registry: str, indicator: str) -> str:
        figure = dossier.latest(registry, indicator)
        if figure is None:
            what = f'the registry "{registry}" has no figure of "{indicator}"'
            raise ResultError(Fault(Place("quality_value()", path=indicator), what, "Ask {% if figures_of(…) %} before."))
        return value_role(figure_address(figure), figure_text(frame, figure))

    def quality_counts(*registries: str) -> Mapping[str, int]:
        """How many latest figures of these registries together reach the target, lie between, fail, or are not there."""
        wanted = ((registry, each.id) for registry in registries for each in dossier.definition.indicators)
        latest = [verdict(frame, dossier.latest(*figure)) for figure in wanted]
        return {name: latest.count(name) for name in VERDICTS}

    def quality_standing(indicator: str) -> Standing:
        return standing(frame, indicator)

    def works_under(study: str) -> Sequence[tuple[str, str]]:
        return works_of_study(frame, study)

    def quality_limit(indicator: str, value: float) -> str:
        return limit(frame, dossier.definition.indicator(indicator), value)

    def fact_text(owner: str, field: str) -> str:
        """A fact with its marks, its source and its date."""
        fact, wording = dossier.fact(owner, field), texts.of("facts")
        if fact.status == "unknown":
            return wording.say("words.unknown").rstrip(".")
        said = [
            sourced_text(frame, fact.source),
            dated(frame, fact),
            *(texts.word("fact_mark", mark) for mark in marks(frame, fact, field)),
        ]
        origin = texts.say("patterns.labels").join(part for part in said if part)
        return Markup(wording.say("words.sentence", value=escape_markdown(fact.value), origin=origin))

    def fact_value(owner: str, field: str) -> str:
        """A fact with its marks only, for a sentence whose table gives the source."""
        fact = dossier.fact(owner, field)
        return texts.word("answer", "no") if fact.status == "unknown" else marked_text(frame, fact, field)

    def label(owner: str, field: str) -> str:
        return fact_label(frame, owner, field)

    def known(owner: str, field: str) -> bool:
        return dossier.fact(owner, field).status != "unknown"

    def day(date: datetime.date) -> str:
        return day_text(date, texts)

    def partial_day(date: str) -> str:
        return day_of(frame, date)

    def words_listed(items: Sequence[str]) -> str:
        return listing(list(items), texts)

    def numbered(kind: str, id: str) -> str:
        return number(frame, kind, id)

    def short_name(registry: str) -> str:
        return frame.short_name(registry)

    def cites(*parts: object) -> bool:
        return any(_cites(frame, part) for part in parts)

    return {
        "cites": cites,
        "study_value": study_value,
        "quality_value": quality_value,
        "quality_counts": quality_counts,
        "quality_standing": quality_standing,
        "works_under": works_under,
        "quality_limit": quality_limit,
        "fact_text": fact_text,
        "fact_value": fact_value,
        "fact_label": label,
        "known": known,
        "ref": ref_role,
        "cite": cite_role,
        "word": texts.word,
        "day": day,
        "partial_day": partial_day,
        "listing": words_listed,
        "sentence_case": sentence_case,
        "country": texts.country,
        "numbered": numbered,
        "short_name": short_name,
        "claim_anchor": claim_anchor,
        "evidence_anchor": evidence_anchor,
    }


def _cites(frame: DossierFrame, part: object) -> bool:
    """Whether a part of the definition or of the network cites a work: a narrative text somewhere in it, or the source of a fact
    or of a rule."""
    if isinstance(part, Prose):
        return "cite(" in part
    if isinstance(part, str):
        return cites_work(frame, part)
    if isinstance(part, Declared):
        return any(_cites(frame, getattr(part, name)) for name in type(part).model_fields)
    return isinstance(part, tuple) and any(_cites(frame, each) for each in part)
