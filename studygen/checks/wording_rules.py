"""Whether words agree with the numbers they speak of (W), and the conclusion with the primary result (R17): in generated and in
hand-written text alike."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from studygen.checks.claims import has, load_claim_words
from studygen.checks.comparisons import Comparison, comparisons
from studygen.checks.passages import passages, written_at
from studygen.checks.sentences import Sentence, sentences
from studygen.checks.subject import Rule, Subject
from studygen.checks.typed_numbers import FIELDS, shown_by, typed_numbers
from studygen.checks.wording import Standard, other_verdicts, verdicts, without_number
from studygen.errors import Fault
from studygen.results.findings import ResultSet

_CALL = re.compile(r"\{\{\s*(?:value|cite)\(")

CONCLUDING = frozenset({"abstract_results", "abstract_discussion", "key_results", "conclusion"})
"""Texts of the report that say what the primary result means."""


def _of_rule(rule: str) -> Rule:
    """The rule that finds what is wrong with words in one way."""

    def found(subject: Subject) -> Iterator[Fault]:
        if subject.results is not None and subject.documents:
            yield from (fault for fault in _judged(subject, subject.results) if fault.rule == rule)

    return found


_LAST: list[tuple[Subject, tuple[Fault, ...]]] = []
"""The subject judged last, and what was found: six rules ask for the same reading of every sentence."""


def _judged(subject: Subject, results: ResultSet) -> tuple[Fault, ...]:
    """What is wrong with the words of all documents, each fault with its rule."""
    if not _LAST or _LAST[0][0] is not subject:
        _LAST[:] = [(subject, tuple(_faults(subject, results)))]
    return _LAST[0][1]


def _faults(subject: Subject, results: ResultSet) -> Iterator[Fault]:
    known, standard, written = comparisons(subject.study, results), _standard(subject), passages(subject)
    for name, checked in subject.documents.items():
        if checked.manifest.needs != "results":
            continue
        for sentence in sentences(name, checked.tree):
            if sentence.values:
                for each in (*verdicts(sentence, known, standard), *other_verdicts(sentence, results, standard.words)):
                    yield Fault(written_at(sentence.text, written, sentence.place), each.what, each.remedy, each.rule)


def _standard(subject: Subject) -> Standard:
    return Standard(load_claim_words(subject.guidance / "claims.yaml"), subject.study.plan.wording)


def numbers_are_asked_for(subject: Subject) -> Iterator[Fault]:
    """Numbers of results in the report's texts come from `value()`."""
    if subject.results is None:
        return
    for passage in passages(subject):
        if passage.path[0] == "report" and passage.path[1] in FIELDS:
            for number in dict.fromkeys(typed_numbers(passage)):
                asked = shown_by(number, subject.results)
                what = f"{number} is typed by hand" + (f"; it is shown by {asked}" if asked else ", and no result is shown so")
                remedy = (
                    f"Write {{{{ {asked} }}}}." if asked else "Ask for the result with value(), or cite where the number is from."
                )
                yield Fault(passage.place, what, remedy)


def conclusion_follows_the_primary_result(subject: Subject) -> Iterator[Fault]:
    """What the concluding texts say without a number holds for the primary result."""
    if subject.results is None:
        return
    primary, standard = _primary(subject, subject.results), _standard(subject)
    for passage in passages(subject):
        if passage.path[0] != "report" or passage.path[1] not in CONCLUDING or _CALL.search(passage.source):
            continue
        meant = _meant(subject, passage.source, primary)
        if meant is not None:
            for each in without_number(Sentence(passage.source), meant, standard):
                yield Fault(passage.place, f"{each.what} ({meant.id})", each.remedy)


def _primary(subject: Subject, results: ResultSet) -> Mapping[str, Comparison]:
    """The combined result, or that of the only data source, of each main analysis of a primary objective, by analysis."""
    study, known = subject.study, comparisons(subject.study, results)
    ranks = {each.id: each.rank for each in study.objectives}
    found: dict[str, Comparison] = {}
    for analysis in study.analyses:
        if analysis.role != "main" or not any(ranks[id] == "primary" for id in analysis.objectives):
            continue
        sent = [f"{analysis.id}.{each.registry}.estimate" for each in study.contributors]
        single = [id for id in sent if id in known]
        pooled = f"{analysis.id}.pooled"
        if pooled in known:
            found[analysis.id] = known[pooled]
        elif len(single) == 1:
            found[analysis.id] = known[single[0]]
    return found


def _meant(subject: Subject, text: str, primary: Mapping[str, Comparison]) -> Comparison | None:
    """The primary result that a sentence without a number speaks of: it names a group, and the outcome if need be."""
    study = subject.study
    named = [(id, each) for id, each in primary.items() if has(text, (*each.exposure, *each.comparator))]
    if len(named) > 1:
        named = [(id, each) for id, each in named if has(text, (study.outcome(study.analysis(id).outcome).label,))]
    return named[0][1] if len(named) == 1 else None


RULES: Mapping[str, Rule] = {
    **{id: _of_rule(id) for id in ("W01", "W02", "W03", "W04", "W05", "W06")},
    "W07": numbers_are_asked_for,
    "R17": conclusion_follows_the_primary_result,
}
"""By the rule's id in `templates/guidance/rules/`."""
