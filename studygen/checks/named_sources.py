"""Whether a result is what the words beside it call it: the registry it is of, the model and the kind of its interval, its place
beside another number, its limits (W10 to W13). Reads the report's texts as they were written, where a result has its id."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from studygen.checks.passages import Passage, passages
from studygen.checks.subject import Rule, Subject
from studygen.checks.texts_against_keys import in_text
from studygen.errors import Fault
from studygen.results.findings import Count, Estimate, Quantity, Result
from studygen.study.objectives import Pooling, PoolingModel
from studygen.yamlfile import read_yaml

VALUE: Final = re.compile(r"\{\{\s*value\(\s*[\"'](?P<id>[^\"']+)[\"'](?:\s*,\s*show\s*=\s*[\"'](?P<show>\w+)[\"'])?\s*\)\s*\}\}")
SENTENCE: Final = re.compile(r"(?<=[.!?])\s+(?=[A-Z“])")
NATIONALITY: Final = re.compile(r"^(?:the\s+)?([A-Z][a-z]+(?:ish|ian|an|ch|ese|ech|ic))\b")
FOLLOWS: Final = re.compile(r"^\s*(?:\w+\s+)?(?:in|for|at|from|of|by)\s+([^,;.:()]*)")
JOINED: Final = re.compile(r"\s(?:and|but|while|whereas|against|than)\s")
APART: Final = re.compile(
    r"\b(?:an?other|others?|than|unlike|without|except|apart from|not|second|former|latter|whose|both|either|each)\b",
    re.IGNORECASE,
)
"""A sentence with one of these may name one registry and show another."""
OF_A_SOURCE: Final = r"(?=\s+(?:\w+\s+){0,2}(?:registry|register|cohort|study|source|publication|centre)\b)"
CUT: Final = re.compile(r";|\b(?:than|unlike|instead of|not|without)\b", re.IGNORECASE)
COMPARED: Final = re.compile(
    r"(?P<number>\d+(?:\.\d+)?)\s?(?P<percent>%?)(?:\s+per\s+\d+\s+person-years)?\s*,\s*(?:and\s+)?"
    r"(?P<word>less|lower|smaller|fewer|more|higher|greater|larger)\s+than\b[^.;{]*$"
)
LESS: Final = ("less", "lower", "smaller", "fewer")

MODELS: Final[Mapping[str, str]] = {
    "common-effect": r"(?:common|fixed)[- ]effects?\b",
    "random-effects": r"random[- ]effects?\b",
    "Bayesian": r"Bayesian\b|credible interval",
    "Hartung–Knapp": r"Hartung[–-]Knapp\b",
    "truncated": r"\btruncated\b",
}
"""What a text may call a way of combining."""
CONTRASTS: Final = (r"Wald|Hartung", r"common|fixed|random|Bayesian")
"""Of two names of a kind before a result, it is not told which is meant."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A result asked for in a sentence: what stands before it, back to the result before, and after it, up to the next."""

    id: str
    show: str
    sentence: str
    before: str
    after: str
    passage: Passage


def asked_for(subject: Subject) -> Iterator[Asked]:
    """Every result that a narrative text asks for."""
    for passage in passages(subject):
        if "value(" not in passage.source:
            continue
        for sentence in SENTENCE.split(passage.source):
            found = list(VALUE.finditer(sentence))
            for n, each in enumerate(found):
                begin = found[n - 1].end() if n else 0
                end = found[n + 1].start() if n + 1 < len(found) else len(sentence)
                before, after = sentence[begin : each.start()], sentence[each.end() : end]
                yield Asked(each["id"], each["show"] or "full", sentence, before, after, passage)


def results_are_of_the_registry_named(subject: Subject) -> Iterator[Fault]:
    """A result of one registry does not stand where the words name another."""
    if subject.results is None:
        return
    names, loosely = _names(subject, loosely=False), _names(subject, loosely=True)
    for asked in asked_for(subject):
        own = next((part for part in asked.id.split(".")[1:-1] if part in names), None)
        if own is None:
            continue
        follows = FOLLOWS.match(asked.after)
        said = _named(JOINED.split(follows[1])[0], loosely) if follows else set()
        if not said and not APART.search(asked.sentence):
            said = _named(VALUE.sub(" ", asked.sentence), names)
        if said and own not in said:
            shown = " and ".join(subject.network.registry(id).short_name for id in sorted(said))
            what = f"the sentence speaks of {shown}, but {asked.id} is the result of {subject.network.registry(own).short_name}"
            right = asked.id.replace(f".{own}.", f".{min(said)}.")
            remedy = f'Write value("{right}"), or name the registry.' if right in subject.results else "Name the registry."
            yield Fault(in_text(subject, asked.passage, asked.id), what, remedy)


def _names(subject: Subject, *, loosely: bool) -> Mapping[str, re.Pattern[str]]:
    """What texts call the registries that delivered: their names, countries, and the adjective of the country in the name, which
    stands for the registry only before a word for one ("the Danish registry"), unless `loosely`."""
    countries = _countries(subject.guidance.parent / "shared" / "countries.yaml")
    found: dict[str, re.Pattern[str]] = {}
    for id in subject.deliveries:
        profile = subject.network.registry(id)
        called = [re.escape(each) for each in (profile.name, profile.short_name)]
        if profile.scope == "national":
            called += [re.escape(countries[code]) for code in profile.countries if code in countries]
            called += [each + ("" if loosely else OF_A_SOURCE) for each in NATIONALITY.findall(profile.name)]
        found[id] = re.compile(r"(?<![\w-])(?:" + "|".join(called) + r")(?![\w-])")
    return found


def _countries(file: Path) -> Mapping[str, str]:
    data = read_yaml(file).data if file.is_file() else {}
    return {str(code): str(name).removeprefix("the ") for code, name in data.items()} if isinstance(data, dict) else {}


def _named(text: str, names: Mapping[str, re.Pattern[str]]) -> set[str]:
    return {id for id, pattern in names.items() if pattern.search(text)}


def results_are_of_the_kind_named(subject: Subject) -> Iterator[Fault]:
    """A prediction interval is not called a confidence interval, and no model by the name of another."""
    if subject.results is None:
        return
    known = dict(subject.results)
    for asked in asked_for(subject):
        result = known.get(asked.id)
        if not isinstance(result, Estimate):
            continue
        said = CUT.split(asked.before)[-1]
        wrong = _wrong_interval(said, result, asked.show) or _wrong_model(said, _model(subject, asked.id), asked.show)
        if wrong:
            what = f"the words before it say {wrong[0]}, but {asked.id} is {wrong[1]}"
            yield Fault(
                in_text(subject, asked.passage, asked.id), what, "Name what is shown, or ask for the result that is meant."
            )


def _wrong_interval(said: str, result: Estimate, show: str) -> tuple[str, str] | None:
    kinds = re.findall(r"\b(prediction|confidence) intervals?\b", said, re.IGNORECASE)
    kind = kinds[-1].lower() if len({each.lower() for each in kinds}) == 1 else ""
    if kind == "confidence" and result.interval == "prediction":
        return "confidence interval", "a prediction interval"
    if kind == "prediction" and result.interval != "prediction" and show != "estimate":
        return "prediction interval", "no prediction interval"
    return None


def _wrong_model(said: str, model: PoolingModel | None, show: str) -> tuple[str, str] | None:
    if model is None or any(len(set(re.findall(pair, said, re.IGNORECASE))) > 1 for pair in CONTRASTS):
        return None
    is_called = {
        "common-effect": model.model not in ("random_effects", "bayesian"),
        "random-effects": model.model in ("random_effects", "bayesian"),
        "Bayesian": model.model == "bayesian",
        "Hartung–Knapp": model.interval.startswith("hartung_knapp") or show == "estimate",
        "truncated": model.interval == "hartung_knapp_truncated" or show == "estimate",
    }
    for name, words in MODELS.items():
        if re.search(words, said, re.IGNORECASE) and not is_called[name]:
            return name, f"of the model {model.id}"
    return None


def _model(subject: Subject, id: str) -> PoolingModel | None:
    """The way of combining that gave a pooled result."""
    analysis = next((each for each in subject.study.analyses if each.id == id.split(".")[0]), None)
    last = id.split(".")[-1]
    if analysis is None or not isinstance(analysis.pooling, Pooling):
        return None
    if last == "pooled":
        return analysis.pooling.main
    return next((each for each in analysis.pooling.beside if last == f"pooled_{each.id}"), None)


def numbers_compare_as_said(subject: Subject) -> Iterator[Fault]:
    """Where a text calls a number less or more than a result, it is."""
    if subject.results is None:
        return
    known = dict(subject.results)
    for asked in asked_for(subject):
        result = known.get(asked.id)
        before = re.sub(r"\([^)]*\)|\{\{\s*cite\([^)]*\)\s*\}\}", " ", asked.before)
        found = COMPARED.search(before)
        if found is None or not isinstance(result, Estimate | Count | Quantity) or result.value is None:
            continue
        value = 100 * result.value if found["percent"] and isinstance(result, Estimate) else result.value
        number, less = float(found["number"]), found["word"].lower() in LESS
        if (less and number > value) or (not less and number < value):
            what = f"{found['number']}{found['percent']} is called {found['word']} than {asked.id}, which is {value:.4g}"
            yield Fault(in_text(subject, asked.passage, asked.id), what, "Correct the word, or the number.")


def limits_that_are_asked_for_exist(subject: Subject) -> Iterator[Fault]:
    """A limit or an interval is asked for of a result that has one."""
    if subject.results is None:
        return
    known = {**subject.planned, **subject.results}
    for asked in asked_for(subject):
        if asked.show in ("lower", "upper", "interval") and asked.id in known and not _has_limits(known[asked.id]):
            what = f'{asked.id} has no interval, so that show="{asked.show}" prints its value'
            yield Fault(in_text(subject, asked.passage, asked.id), what, f'Write value("{asked.id}"), or ask for another result.')


def _has_limits(result: Result) -> bool:
    if isinstance(result, Estimate):
        return result.state != "reported" or result.lower is not None
    return not isinstance(result, Count | Quantity)


RULES: Mapping[str, Rule] = {
    "W10": results_are_of_the_registry_named,
    "W11": results_are_of_the_kind_named,
    "W12": numbers_compare_as_said,
    "W13": limits_that_are_asked_for_exist,
}
"""By the rule's id in `templates/guidance/rules/`."""
