"""The public version: people's names, contacts and confidential passages are replaced by a mark that gives the reason, and a last
annex lists where. Nothing is published while a name can still be read."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from studygen.definition import is_applicable
from studygen.document.confidential import TAG, replaced_by
from studygen.document.manifest import Manifest, Section, automatic_numbers
from studygen.document.redacting import EMAIL, TELEPHONE, Redaction, Replaced, exactly, leaks, redact, redactions
from studygen.errors import Fault, Place, TemplateError
from studygen.pipeline.editions import Edition
from studygen.pipeline.loading import Loaded, load
from studygen.study.study import Study

if TYPE_CHECKING:
    from studygen.displays.texts import DisplayTexts
    from studygen.document.nodes import Document

ANNEX = "annex-redactions"
ANNEX_FILE = "shared/redactions.md.j2"

Compose = Callable[[Manifest, tuple[Redaction, ...]], "Document"]
"""Makes a document whose annex lists the redactions given."""


@dataclass(frozen=True, slots=True)
class Redacting:
    """What a public version replaces."""

    rules: tuple[Replaced, ...]
    marks: re.Pattern[str]
    """Matches a mark; its group is the reason."""
    mark: Callable[[str], str]
    """The mark for a reason."""
    annex: str
    """The heading of the annex."""

    @property
    def functions(self) -> Mapping[str, object]:
        """The template function that takes the place of confidential passages."""
        return {TAG: replaced_by(self.mark)}


def load_public(folder: Path) -> Loaded:
    """The study with names and contacts replaced, ready for public documents."""
    from dataclasses import replace

    from studygen.displays.texts import DisplayTexts

    loaded = load(folder)
    texts = DisplayTexts.load(loaded.places.templates)
    redacting = _redacting(loaded.study, texts)
    study = _without_people(loaded.study, texts)
    return replace(loaded, study=study, edition=Edition("public"), redacting=redacting)


def published(manifest: Manifest, redacting: Redacting, compose: Compose) -> Document:
    """The public version of a document. It is made twice: what the annex lists can only be read off the finished document, whose
    numbers the annex, being last, does not change. TemplateError when a name still stands where it cannot be replaced."""
    longer = _with_annex(manifest, redacting)
    first = redact(compose(longer, ()), redacting.rules)
    document = redact(compose(longer, _listed(first, redacting)), redacting.rules)
    faults = [
        Fault(
            Place(manifest.id, path=section),
            f'"{text}" is still readable, because formatting or a drawing divides it',
            'Write it without formatting, or put the passage between {% confidential "reason" %} and {% endconfidential %}.',
        )
        for section, text in leaks(document, redacting.rules)
    ]
    if faults:
        raise TemplateError(faults)
    return document


def _listed(document: Document, redacting: Redacting) -> tuple[Redaction, ...]:
    """The marks of a document, those of its properties first."""
    author = redacting.marks.findall(document.meta.author)
    properties = tuple(Redaction("", "", reason, author.count(reason), True) for reason in dict.fromkeys(author))
    return (*properties, *redactions(document, redacting.marks))


def _with_annex(manifest: Manifest, redacting: Redacting) -> Manifest:
    numbers = [section.number for section in manifest.sections if section.number]
    # "Annex" of a document without annexes is taken from the words of the official formats.
    *_, number = automatic_numbers([*numbers, "Annex 1"])
    annex = Section(id=ANNEX, number=number, heading=redacting.annex, file=ANNEX_FILE)
    return manifest.model_copy(update={"sections": (*manifest.sections, annex)})


def _redacting(study: Study, texts: DisplayTexts) -> Redacting:
    pattern = texts.word("redaction", "mark")

    def mark(reason: str) -> str:
        return pattern.format(reason=reason)

    before, after = (re.escape(part) for part in pattern.split("{reason}"))
    found = [
        *((exactly(text), kind) for text, kind in _people(study)),
        (EMAIL, "email"),
        (TELEPHONE, "telephone"),
    ]
    rules = tuple(Replaced(each, mark(texts.word("redaction", kind))) for each, kind in found)
    return Redacting(rules, re.compile(rf"{before}([^\]]+){after}"), mark, texts.word("redaction", "annex"))


def _people(study: Study) -> Iterator[tuple[str, str]]:
    """Names and contacts, the longest first, so that a name inside a contact does not divide it."""
    parties = study.responsible_parties
    found = [(party.name, "name") for party in parties] + [(party.contact, "contact") for party in parties]
    if isinstance(study.holder, tuple):
        found += [(holder.contact, "contact") for holder in study.holder]
    yield from sorted(dict.fromkeys(each for each in found if each[0].strip()), key=lambda each: -len(each[0]))


def _without_people(study: Study, texts: DisplayTexts) -> Study:
    def mark(kind: str) -> str:
        return texts.word("redaction", "mark").format(reason=texts.word("redaction", kind))

    parties = tuple(
        party.model_copy(update={"name": mark("name"), "contact": mark("contact") if party.contact else ""})
        for party in study.responsible_parties
    )
    changes: dict[str, object] = {"responsible_parties": parties}
    if is_applicable(study.holder) and isinstance(study.holder, tuple):
        changes["holder"] = tuple(holder.model_copy(update={"contact": mark("contact")}) for holder in study.holder)
    return study.model_copy(update=changes)
