"""Whether the words of a plan say the same as its keys: the small-cell threshold, the person-years of a rate, the level of an
interval, how many registries take part, ATC codes, the assumptions of the study size (M40, M41, M42, M46). Reads narrative texts
and short fields; knows no results."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from typing import Final

from pydantic import BaseModel

from studygen.checks.atc_rules import ATC_FILE, known_substances
from studygen.checks.passages import Passage, passages
from studygen.checks.subject import Rule, Subject
from studygen.definition import NotApplicable, Prose
from studygen.errors import Fault, Place, did_you_mean
from studygen.misfits import DataPath
from studygen.study.objectives import Pooling
from studygen.study.population import CodeList

WORDS: Final = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen"),
    *("fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty"),
)
NUMBER: Final = rf"(?:{'|'.join(reversed(WORDS))}|\d+)"
CITED: Final = re.compile(r"\{\{\s*cite\(")
CALL: Final = re.compile(r"\{\{.*?\}\}|\{%.*?%\}")

UP_TO: Final = re.compile(rf"\bfrom 1 to ({NUMBER})\b|\b({NUMBER}) or (?:fewer|less)\b", re.IGNORECASE)
"""The largest count that is suppressed."""
BELOW: Final = re.compile(rf"\b(?:(?:fewer|less|smaller|lower) than|below) ({NUMBER})\b", re.IGNORECASE)
"""The smallest count that is shown."""
PER: Final = re.compile(r"\bper (\d{1,3}(?:[ \u202f\u00a0]?\d{3})*) person-years\b")
LEVEL: Final = re.compile(r"\b(\d\d(?:\.\d+)?)\s?% (?:confidence|credible|prediction|compatibility) intervals?\b")
SOURCES: Final = r"(?:registries|registers|cohorts|data sources)"
TAKE_PART: Final = re.compile(
    rf"\b({NUMBER})\s+(?:[a-z-]+\s+){{0,2}}?{SOURCES}\s+(?:take part|took part|participate|contribute|have agreed|are included)",
    re.IGNORECASE,
)
SO_MANY: Final = re.compile(rf"\b({NUMBER})\s+(?:[a-z-]+\s+){{0,2}}?{SOURCES}\b", re.IGNORECASE)
CONDITION: Final = re.compile(
    r"\b(?:at least|at most|up to|more than|fewer than|less than|if|when|where|unless|until|with)\W*$", re.I
)
OWN_SOURCES: Final = ("research_question", "study_size", "plan", "report", "overlap", "analyses", "objectives")
"""Parts of the definition whose numbers of registries are the study's own."""
ANOTHER_STUDY: Final = re.compile(
    r"\b(?:would|should|could|needs?|needed|future|further|another|other|earlier|previous|review|programmes?)\b", re.IGNORECASE
)
"""A sentence with one of these may count the registries of something else."""
ATC: Final = re.compile(r"\b[A-Z]\d\d[A-Z]{2}\d\d\b")
TYPED: Final = re.compile(r"(?<![\w.–-])\d+(?:[ \u202f\u00a0]\d{3})*(?:\.\d+)?(?![\w-]|\.\d)(?!\s?%)")
"""A number that stands alone, without a percent sign."""
PERSONS: Final = re.compile(r"(\d+(?:[ \u202f\u00a0]\d{3})*) persons? (?:in each|per|in the exposed|in the comparator)\b")
FOLLOWED: Final = re.compile(r"\b(?:mean|average) (?:follow-up )?of (\d+(?:\.\d+)?) years\b")
RATES: Final = re.compile(r"\b(?P<all>\d+(?:\.\d+)?[^.;\d]*?(?:(?:,| and) \d+(?:\.\d+)?[^.;\d]*?)*)per 1000 person-years")
"""Persons per group, mean follow-up and rates, as a text on study size assumes them."""
NEAR: Final = 60
"""So many lines below its key a text may go on."""


def number_of(word: str) -> int:
    """The number that a numeral or a word stands for."""
    return int(word) if word.isdigit() else WORDS.index(word.lower())


def where(subject: Subject, path: DataPath, token: str) -> Place:
    """The line of study.yaml on which some characters of a text stand, at its key or below it."""
    place = subject.written.positions.place(path)
    file = subject.folder / "study.yaml"
    if place.line is None or not file.is_file():
        return place
    lines = file.read_text(encoding="utf-8").splitlines()
    for number in range(place.line, min(place.line + NEAR, len(lines)) + 1):
        if token in lines[number - 1]:
            return Place(place.file, number, place.path)
    return place


def in_text(subject: Subject, passage: Passage, token: str) -> Place:
    """The same for a line of a narrative text, which may have a file of its own."""
    written = subject.written.positions.place(passage.path)
    return where(subject, passage.path, token) if passage.place.file == written.file else passage.place


def strings(value: object, path: DataPath = ()) -> Iterator[tuple[DataPath, str]]:
    """Every text of a definition that is not narrative, with its path."""
    if isinstance(value, BaseModel):
        for name in type(value).model_fields:
            yield from strings(getattr(value, name), (*path, name))
    elif isinstance(value, tuple):
        for position, item in enumerate(value):
            yield from strings(item, (*path, position))
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield from strings(item, (*path, key))
    elif isinstance(value, str) and not isinstance(value, Prose):
        yield path, value


def words_agree_with_keys(subject: Subject) -> Iterator[Fault]:
    """Threshold, person-years of rates and level of intervals are the same in words and in keys."""
    yield from _threshold(subject)
    yield from _person_years(subject)
    yield from _level(subject)


def _threshold(subject: Subject) -> Iterator[Fault]:
    disclosure = subject.study.disclosure
    said = {number_of(found[1] or found[2]) + 1 for found in UP_TO.finditer(disclosure.statement)}
    said |= {number_of(found[1]) for found in BELOW.finditer(disclosure.statement)}
    if said and disclosure.threshold not in said:
        what = f"the threshold is {disclosure.threshold}, but its statement suppresses counts below {min(said)}"
        yield subject.fault(("disclosure", "threshold"), what, "Make the two the same; the larger one is in force until then.")


def _person_years(subject: Subject) -> Iterator[Fault]:
    said = {int(re.sub(r"\D", "", found[1])) for passage in _plan(subject) for found in PER.finditer(passage.source)}
    for n, analysis in enumerate(subject.study.analyses):
        if analysis.measure == "incidence_rate" and said and analysis.per not in said:
            what = f'the rates of "{analysis.id}" are per {analysis.per} person-years, those in the plan\'s words per {min(said)}'
            yield subject.fault(("analyses", n, "per"), what, "Give all rates the same denominator, in keys and in words.")


def _level(subject: Subject) -> Iterator[Fault]:
    levels = {100 * each.pooling.level for each in subject.study.analyses if isinstance(each.pooling, Pooling)}
    for passage in _plan(subject) if levels else ():
        for found in LEVEL.finditer(passage.source):
            if not any(abs(float(found[1]) - level) < 1e-6 for level in levels):
                what = f"the plan speaks of a {found[1]}% interval, but the analyses have {', '.join(f'{x:g}%' for x in levels)}"
                yield Fault(in_text(subject, passage, found[1]), what, "Correct the text, or pooling.level of the analyses.")


def _plan(subject: Subject) -> Iterator[Passage]:
    """The texts of the plan, whose citations are of methods and not of results."""
    for passage in passages(subject):
        if passage.path[0] == "plan":
            yield passage


def registries_are_counted(subject: Subject) -> Iterator[Fault]:
    """A text that says how many registries take part gives the number that the definition lists."""
    study = subject.study
    decisions = [each.decision for each in study.participation]
    listed = len(decisions)
    counts = {listed, len(study.contributors), len(subject.deliveries), *(decisions.count(each) for each in set(decisions))}
    for passage in passages(subject):
        if CITED.search(passage.paragraph):
            continue
        wrong = {found.start(): found for found in TAKE_PART.finditer(passage.source) if number_of(found[1]) not in counts}
        if passage.path[0] in OWN_SOURCES and not ANOTHER_STUDY.search(passage.source):
            for found in SO_MANY.finditer(passage.source):
                if number_of(found[1]) > listed:
                    wrong.setdefault(found.start(), found)
        for start, found in wrong.items():
            if not CONDITION.search(passage.source[:start]):
                yield _miscounted(subject, passage, found, listed)


def _miscounted(subject: Subject, passage: Passage, found: re.Match[str], listed: int) -> Fault:
    what = f'the text speaks of "{" ".join(found[0].split())}", but participation lists {listed}'
    return Fault(in_text(subject, passage, found[0]), what, "Correct the number, or cite the work whose registries are meant.")


def codes_in_texts_are_the_studys(subject: Subject) -> Iterator[Fault]:
    """An ATC code in a text is a code of the substance before it, and one that the study or the list of codes knows."""
    study = subject.study
    listed = known_substances(subject.guidance / ATC_FILE)
    of_name = {name: set(each.all) for name, each in listed.items()}
    for substance in study.products.substances:
        of_name.setdefault(substance.name.lower(), set()).update({substance.atc, *substance.atc_earlier})
    known = set().union(*of_name.values()) | {code for each in study.code_lists for code in _codes(each)}
    names = "|".join(re.escape(name) for name in sorted(of_name, key=len, reverse=True))
    beside = re.compile(rf"\b({names})(?:\s+[a-z]+)?\s*[(,:]\s*(?:ATC(?:\s+code)?:?\s+)?({ATC.pattern})", re.IGNORECASE)
    for place, text in _texts_with_codes(subject):
        wrong = {code: name.lower() for name, code in beside.findall(text) if code.upper() not in of_name[name.lower()]}
        for code in dict.fromkeys(ATC.findall(text)):
            if code in wrong:
                right = ", ".join(sorted(of_name[wrong[code]]))
                yield Fault(place(code), f"{code} is not a code of {wrong[code]}", f"Write {right}.")
            elif code not in known and code[:5] in {each[:5] for each in known}:
                what = f"{code} is a code of no substance and no code list of the study"
                yield Fault(place(code), what, did_you_mean(code, known))


def _texts_with_codes(subject: Subject) -> Iterator[tuple[_Locate, str]]:
    for path, text in strings(subject.study):
        if ATC.search(text) and path[0] not in ("products",) and not (path[0] == "code_lists" and path[-1] != "note"):
            if path[0] == "code_lists" and "earlier" in path:
                continue
            yield _Locate(subject, path), text
    for passage in passages(subject):
        if ATC.search(passage.source):
            yield _Locate(subject, passage.path, passage), passage.source


class _Locate:
    """The place of some characters of one text."""

    def __init__(self, subject: Subject, path: DataPath, passage: Passage | None = None) -> None:
        self.subject, self.path, self.passage = subject, path, passage

    def __call__(self, token: str) -> Place:
        return in_text(self.subject, self.passage, token) if self.passage else where(self.subject, self.path, token)


def _codes(codes: CodeList) -> Iterator[str]:
    for entry in () if isinstance(codes.codes, NotApplicable) else codes.codes:
        yield from (entry.code, *entry.earlier)


def size_text_agrees_with_scenarios(subject: Subject) -> Iterator[Fault]:
    """The numbers that the statement on study size assumes are those that the precision is computed from."""
    size = subject.study.study_size
    if isinstance(size.scenarios, NotApplicable):
        return
    persons = {float(number) for each in size.scenarios for number in (each.persons_exposed, each.persons_comparator)}
    persons |= {float(each.persons_exposed + each.persons_comparator) for each in size.scenarios}
    years = {each.mean_follow_up_years for each in size.scenarios}
    rates = {each.rate_comparator_per_1000 for each in size.scenarios}
    rates |= {each.rate_comparator_per_1000 * ratio for each in size.scenarios for ratio in each.ratios}
    for passage in passages(subject):
        if passage.path != ("study_size", "statement") or CITED.search(passage.source):
            continue
        text = CALL.sub(" ", passage.source)
        for kind, found, stated in (
            ("persons per group", PERSONS.findall(text), persons),
            ("years of follow-up", FOLLOWED.findall(text), years),
            ("per 1000 person-years", [each for rate in RATES.finditer(text) for each in TYPED.findall(rate["all"])], rates),
        ):
            for number in dict.fromkeys(found):
                if not any(math.isclose(float(re.sub(r"[ \u202f\u00a0]", "", number)), each) for each in stated):
                    what = f"the text assumes {number} {kind}, which is in none of the scenarios"
                    remedy = "Correct the text, or the scenarios from which the precision is computed."
                    yield Fault(in_text(subject, passage, number), what, remedy)


RULES: Mapping[str, Rule] = {
    "M40": words_agree_with_keys,
    "M41": registries_are_counted,
    "M42": codes_in_texts_are_the_studys,
    "M46": size_text_agrees_with_scenarios,
}
"""By the rule's id in `templates/guidance/rules/`."""
