"""Rules for PDF files of a submission, as data, and what measured facts say to them. Knows neither PDF nor studies: a rule
names a fact and the one test it must pass."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pydantic import model_validator

from studygen.definition import Declared
from studygen.errors import DefinitionError, Fault, Place, did_you_mean
from studygen.yamlfile import load_model

Scalar = bool | int | float | str

TESTS = ("equals", "one_of", "at_least", "at_most", "matches", "empty")


class SubmissionRule(Declared):
    """One rule: where it comes from, what it says in our words, the fact it looks at, and exactly one test."""

    id: str
    source: str
    """A key of the file's `sources`."""
    clause: str
    """The source's section, by number where that is known."""
    confirmed: bool
    """Whether the source's wording, or a public quotation of it, was seen."""
    severity: Literal["error", "warning", "info"]
    """`error`: a file that fails is not written; `warning` and `info` are reported."""
    paraphrase: str
    fact: str
    equals: Scalar | None = None
    one_of: tuple[Scalar, ...] | None = None
    at_least: float | None = None
    at_most: float | None = None
    matches: str | None = None
    """A regular expression for the whole text."""
    empty: Literal[True] | None = None
    """The fact is a list of what must not be there."""

    @model_validator(mode="after")
    def _one_test(self) -> SubmissionRule:
        if len(self.test) != 1:
            raise ValueError(f"a rule has one test of {', '.join(TESTS)}, this one has {len(self.test)}")
        return self

    @property
    def test(self) -> dict[str, object]:
        """The rule's test by its name."""
        return {name: value for name in TESTS if (value := getattr(self, name)) is not None}


class SubmissionRules(Declared):
    """A file of rules with the sources they name."""

    sources: dict[str, str]
    rules: tuple[SubmissionRule, ...]

    @model_validator(mode="after")
    def _known_sources(self) -> SubmissionRules:
        unknown = [rule.source for rule in self.rules if rule.source not in self.sources]
        if unknown:
            raise ValueError(f'"{unknown[0]}" is not one of the sources. {did_you_mean(unknown[0], self.sources)}')
        return self


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a file's facts say to a rule: the value measured, and whether the rule is met."""

    rule: SubmissionRule
    measured: object
    met: bool

    @property
    def told(self) -> str:
        """What the rule asks, and what was measured where that says more than yes or no."""
        asked = self.rule.paraphrase
        return asked if isinstance(self.measured, bool) else f"{asked} Measured: {self.measured}"


def load_rules(path: Path) -> SubmissionRules:
    """The rules of a file; DefinitionError with all faults."""
    return load_model(path, SubmissionRules)


def verdicts(rules: SubmissionRules, facts: Mapping[str, object]) -> tuple[Verdict, ...]:
    """What the facts say to every rule, in the file's order. DefinitionError for rules about facts that nobody measures."""
    unknown = [rule for rule in rules.rules if rule.fact not in facts]
    if unknown:
        raise DefinitionError(
            [Fault(Place(rule.id), f'"{rule.fact}" is not measured', did_you_mean(rule.fact, facts)) for rule in unknown]
        )
    return tuple(Verdict(rule, facts[rule.fact], _meets(rule, facts[rule.fact])) for rule in rules.rules)


def _meets(rule: SubmissionRule, measured: object) -> bool:
    if rule.empty:
        return isinstance(measured, Sequence) and not measured
    if rule.equals is not None:
        return measured == rule.equals
    if rule.one_of is not None:
        return isinstance(rule.one_of, Collection) and measured in rule.one_of
    if rule.matches is not None:
        return isinstance(measured, str) and re.fullmatch(rule.matches, measured) is not None
    number = measured if isinstance(measured, (int, float)) else None
    if number is None:
        return False
    return number >= rule.at_least if rule.at_least is not None else number <= (rule.at_most or 0.0)
