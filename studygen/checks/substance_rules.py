"""Whether what must be explained is explained: no empty words, no placeholders, no text that only repeats another (P18, M04, M20,
M21). What a part must say beyond this is known to the other rules on the definition."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping

from pydantic import BaseModel

from studygen.checks.emptiness import is_example, placeholder_in, same_words, says_nothing, texts_of, word_count
from studygen.checks.subject import Rule, Subject
from studygen.definition import NotApplicable, Prose
from studygen.errors import Fault
from studygen.misfits import DataPath
from studygen.study.governance import Participation
from studygen.study.objectives import Sensitivity, SizeInput, TrialComponent
from studygen.study.population import CodeList, Criterion, FollowUpEnd, TimeZero, Window
from studygen.study.variables import Covariate, Exposure, Outcome

EXPLAINED: Mapping[type[BaseModel], tuple[str, ...]] = {
    Criterion: ("criterion", "details"),
    Window: ("rationale",),
    TimeZero: ("population", "anchor", "incident_with_respect_to"),
    FollowUpEnd: ("details",),
    CodeList: ("source",),
    Exposure: ("details", "incident_with_respect_to"),
    Outcome: ("details", "ascertainment"),
    Covariate: ("details",),
    TrialComponent: ("target", "emulation"),
    Sensitivity: ("why", "strengths", "limitations"),
    SizeInput: ("value", "source"),
    Participation: ("adverse_events",),
}
"""Short texts that must say something, by the part they stand in. Narrative texts always must."""

FEWEST_WORDS = 3
"""An explanation of fewer words explains nothing."""


def exclusions_have_a_reason(subject: Subject) -> Iterator[Fault]:
    """Each criterion says why it is needed; a reader asks it of exclusions first."""
    for path, criterion in subject.written.criteria():
        if says_nothing(criterion.reason):
            what = f'the criterion "{criterion.id}" gives no reason ("{criterion.reason}")'
            yield subject.fault(
                (*path, "reason"), what, "Say why it is needed and about how many persons it is expected to exclude."
            )


def nothing_is_left_to_be_filled_in(subject: Subject) -> Iterator[Fault]:
    """No placeholder stands in the definition; example texts of the scaffold are counted, not listed."""
    examples: list[DataPath] = []
    for path, _, text in texts_of(subject.study):
        if is_example(text):
            examples.append(path)
        elif found := placeholder_in(text):
            what = f'"{" ".join(found.split())}" stands where a text is still to be written'
            yield subject.fault(path, what, "Write the text, or say what is not known, why, and by when it will be.")
    if examples:
        what = f"{len(examples)} example text{'s' if len(examples) > 1 else ''} of the scaffold to be replaced, the first here"
        yield subject.fault(examples[0], what, 'Search study.yaml for "Replace" and write the study\'s own texts.')


def what_must_be_explained_is(subject: Subject) -> Iterator[Fault]:
    """A narrative text, the reason of a part that does not apply, and the explanations of `EXPLAINED` say something."""
    for path, part, text in texts_of(subject.study):
        name = path[-1]
        if (isinstance(text, Prose) or name in EXPLAINED.get(type(part), ())) and says_nothing(text):
            yield subject.fault(path, f'"{text}" says nothing', _remedy(part))


def _remedy(part: BaseModel) -> str:
    if isinstance(part, NotApplicable):
        return "Give the reason why this part does not apply, as a sentence that can be printed."
    return "Write what is asked for here; where the part may be left out, write {not_applicable: reason}."


def explanations_add_something(subject: Subject) -> Iterator[Fault]:
    """An explanation has a few words and does not only repeat what it explains."""
    for path, part, text in texts_of(subject.study):
        if isinstance(part, NotApplicable) and not says_nothing(text) and word_count(text) < FEWEST_WORDS:
            yield subject.fault(path, f'"{text}" is no reason', "Say in a sentence why this part does not apply to this study.")
    for (one, first), (other, second) in _pairs(subject):
        if same_words(first, second) and not says_nothing(first) and not is_example(first):
            line = subject.written.positions.line(one)
            what = f'this text repeats "{_named(one)}"{f" in line {line}" if line else ""} word for word'
            yield subject.fault(other, what, "Say here what is asked here.")


def _pairs(subject: Subject) -> Iterator[tuple[tuple[DataPath, str], tuple[DataPath, str]]]:
    """Explanations with the texts that they could repeat."""
    study = subject.study
    yield (("design", "description"), study.design.description), (("design", "rationale"), study.design.rationale)
    rationale = [(("rationale", name), getattr(study.rationale, name)) for name in type(study.rationale).model_fields]
    yield from itertools.pairwise(rationale)
    for n, limitation in enumerate(study.limitations):
        yield (("limitations", n, "text"), limitation.text), (("limitations", n, "mitigation"), limitation.mitigation)
    for n, exposure in enumerate(study.exposures):
        yield (("exposures", n, "duration"), exposure.duration), (("exposures", n, "justification"), exposure.justification)
        if n:
            before = study.exposures[n - 1]
            yield (
                (("exposures", n - 1, "justification"), before.justification),
                (
                    ("exposures", n, "justification"),
                    exposure.justification,
                ),
            )
    for path, criterion in subject.written.criteria():
        yield ((*path, "criterion"), criterion.criterion), ((*path, "reason"), criterion.reason)
    for n, analysis in enumerate(study.analyses):
        if analysis.sensitivity:
            at: DataPath = ("analyses", n, "sensitivity")
            yield ((*at, "varied"), analysis.sensitivity.varied), ((*at, "why"), analysis.sensitivity.why)
            yield ((*at, "strengths"), analysis.sensitivity.strengths), ((*at, "limitations"), analysis.sensitivity.limitations)


def _named(path: DataPath) -> str:
    return ".".join(part for part in path if isinstance(part, str))


RULES: Mapping[str, Rule] = {
    "P18": exclusions_have_a_reason,
    "M04": nothing_is_left_to_be_filled_in,
    "M20": what_must_be_explained_is,
    "M21": explanations_add_something,
}
"""By the rule's id in `templates/guidance/rules/`."""
