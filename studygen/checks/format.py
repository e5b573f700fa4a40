"""The format that a document type must have, as data: `templates/guidance/pass-protocol.yaml` and its siblings. Knows no document
that was made after it."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

from pydantic import Field

from studygen.checks.guidance import RuleId
from studygen.definition import Declared, Id, Slug
from studygen.yamlfile import load_with_positions

UNCONFIRMED = "D13"
"""The rule of labels that were not seen in the official text."""


class Label(Declared):
    """A row or an element that the format names."""

    label: str
    confirmed: bool = True


class FormatSection(Declared):
    """A section that the format asks for; `document.yaml` says with `satisfies: [<format>.<id>]` which section meets it."""

    id: str
    number: str
    heading: str
    confirmed: bool = True
    asks: str
    """What it must contain, in our own words."""
    empty: str = ""
    """What may stand in it alone when there is nothing to say ("None.")."""


class TitleTable(Declared):
    """The table of the title page."""

    id: str
    rows: tuple[Label, ...]


class AbstractFormat(Declared):
    """The labelled elements of the abstract."""

    section: str
    rule: RuleId
    keywords: int = 0
    """How many keywords there may be; 0 where the format has none."""
    elements: tuple[Label, ...]


class Format(Declared):
    """The format of one document type."""

    document: Id
    source: Slug
    headings_rule: RuleId
    numbers_rule: RuleId
    sections: Annotated[tuple[FormatSection, ...], Field(min_length=1)]
    title_table: TitleTable | None = None
    abstract: AbstractFormat | None = None

    @property
    def numbers(self) -> frozenset[str]:
        return frozenset(section.number for section in self.sections)


FORMATS = ("pass-protocol", "pass-report", "sap")


@functools.cache
def load_formats(guidance: Path) -> Mapping[str, Format]:
    """The formats by their name, which is also the first part of what `satisfies` names."""
    return {name: load_with_positions(guidance / f"{name}.yaml", Format)[0] for name in FORMATS}


def rule_of(wanted: Label | FormatSection, rule: str) -> str:
    """The rule that a breach breaks: an unconfirmed label has one of its own, which never stops a build."""
    return rule if wanted.confirmed else UNCONFIRMED
