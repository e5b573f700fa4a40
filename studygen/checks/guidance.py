"""The requirements that a study and its documents must meet, as data: `templates/guidance/rules/*.yaml`, with the sources they
come from. Knows no study; what a rule looks at is in the `…_rules` modules."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from studygen.checks.finding import Severity
from studygen.definition import Declared, Slug
from studygen.errors import DefinitionError, Fault, Place, did_you_mean
from studygen.yamlfile import Positions, load_with_positions

RuleId = Annotated[str, StringConstraints(pattern=r"^[A-Z]\d\d$")]


class Source(Declared):
    """Where requirements come from: a law, a guideline, a format, a checklist, or our own experience."""

    title: str
    """As it is cited: title, reference number, date."""
    status: Literal["seen", "partly_seen", "not_seen", "own"]
    """Whether its text was seen: whole, in part or in quotations, not at all; `own`: a rule of the network or of arithmetic."""


class Requirement(Declared):
    """One rule: what is required, by whom, why, and how to meet it."""

    title: Annotated[str, StringConstraints(max_length=80)]
    """The rule in a few words, for tables: "Every objective is answered"."""
    on: Literal["definition", "delivery", "results", "document"]
    """What must be there before the rule can be checked."""
    documents: tuple[str, ...] = ()
    """The document types that a breach would show in; empty: all."""
    severity: Severity
    source: Slug
    clause: str = ""
    """Section, table or item of the source."""
    confirmed: bool
    """Whether the requirement was checked against its source's text. One that was not never fails a build."""
    requires: str
    """The requirement in our own words: one sentence or two."""
    why: str
    """What goes wrong for a reader when it is not met."""
    remedy: str
    """How a study lead meets it."""
    wrong: str
    """A short example that breaks the rule, as it would stand in a file or document."""
    right: str
    """The same, mended."""

    @property
    def effect(self) -> Severity:
        """How grave a breach is: an unconfirmed requirement warns at most."""
        return "warning" if self.severity == "error" and not self.confirmed else self.severity


class _Rules(Declared):
    """One file of rules."""

    rules: Annotated[dict[RuleId, Requirement], Field(min_length=1)]


class _Sources(Declared):
    """`sources.yaml`."""

    sources: dict[Slug, Source]


class Guidance(Mapping[str, Requirement]):
    """All requirements by rule id, and their sources."""

    def __init__(self, rules: Mapping[str, Requirement], sources: Mapping[str, Source]) -> None:
        self._rules = dict(sorted(rules.items()))
        self.sources = sources

    def __getitem__(self, id: str) -> Requirement:
        """The requirement; DefinitionError naming the nearest ids when there is none."""
        try:
            return self._rules[id]
        except KeyError:
            raise DefinitionError(
                Fault(Place("rules", path=id), f'there is no rule "{id}"', did_you_mean(id, self._rules))
            ) from None

    def __contains__(self, id: object) -> bool:
        return id in self._rules

    def __iter__(self) -> Iterator[str]:
        return iter(self._rules)

    def __len__(self) -> int:
        return len(self._rules)

    def source_of(self, id: str) -> Source:
        return self.sources[self[id].source]


def load_guidance(folders: Sequence[Path]) -> Guidance:
    """The requirements of the `guidance` folders; a later folder wins over an earlier one, file by file. DefinitionError with all
    faults: rules given twice, sources that do not exist."""
    files: dict[str, Path] = {}
    for folder in folders:
        files |= {path.name: path for path in sorted((folder / "rules").glob("*.yaml"))}
    sources_file = next(folder / "sources.yaml" for folder in reversed(folders) if (folder / "sources.yaml").is_file())
    sources, _ = load_with_positions(sources_file, _Sources)
    rules: dict[str, Requirement] = {}
    faults: list[Fault] = []
    for path in files.values():
        loaded, positions = load_with_positions(path, _Rules)
        faults += _faults(loaded.rules, positions, rules, sources.sources)
        rules |= loaded.rules
    if faults:
        raise DefinitionError(faults)
    return Guidance(rules, sources.sources)


def _faults(
    rules: Mapping[str, Requirement], positions: Positions, before: Iterable[str], sources: Mapping[str, Source]
) -> Iterator[Fault]:
    for id, rule in rules.items():
        if id in before:
            yield Fault(positions.place(("rules", id)), f'the rule "{id}" stands in two files', "Give one of them another id.")
        if rule.source not in sources:
            place = positions.place(("rules", id, "source"))
            yield Fault(place, f'"{rule.source}" is not one of the sources', did_you_mean(rule.source, sources))
