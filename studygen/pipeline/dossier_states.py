"""What a reader must see of a dossier's document before its first sentence: reference, version, author, and the states that mark
every page. Composes nothing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from studygen.network.projects import Project

if TYPE_CHECKING:
    from studygen.displays.texts import DisplayTexts
    from studygen.document.nodes import Document, Meta
    from studygen.pipeline.qualifying import LoadedDossier, Wanted


def meta_of(loaded: LoadedDossier, wanted: Wanted, texts: DisplayTexts, open_findings: int) -> Meta:
    """What every page and the file's properties say of a document."""
    from studygen.displays.formats import day_text
    from studygen.document.nodes import Meta

    definition, version, about = loaded.dossier.definition, wanted.version, wanted.about
    author = definition.contact(version.author)
    title, short = definition.title, definition.short_title
    if isinstance(about, Project):
        title, short = about.title, about.short_title
    elif about is not None:
        title, short = about.name, about.short_name
    return Meta(
        reference=version.reference,
        title=title,
        kind=wanted.manifest.title,
        version=version.version,
        date=version.date.isoformat(),
        date_text=day_text(version.date, texts),
        short_title=short,
        author=f"{author.role}, {author.affiliation}",
        labels=tuple(texts.words["writer"].items()),
        marks=tuple(_marks(loaded, wanted, texts, open_findings)),
    )


def _marks(loaded: LoadedDossier, wanted: Wanted, texts: DisplayTexts, open_findings: int) -> Iterator[str]:
    """The states that a reader must see on every page, the gravest first."""
    about = wanted.about
    if open_findings:
        number = "one" if open_findings == 1 else "many"
        yield texts.word("marks", f"draft_open_{number}").format(count=open_findings)
    elif wanted.version.status == "draft":
        yield texts.word("marks", "draft")
    if isinstance(about, Project):
        if about.illustrative is not None:
            yield texts.word("marks", "illustrative_project")
    elif loaded.dossier.definition.illustrative is not None:
        yield texts.word("marks", "illustrative_dossier")


def marks_of_numbers(loaded: LoadedDossier, document: Document, texts: DisplayTexts) -> Iterator[str]:
    """What must be seen on every page because of the numbers that a document shows: simulated figures, simulated deliveries."""
    from studygen.displays.dossier.frame import figure_address
    from studygen.document.traces import uses

    shown = {use.id for use in uses(document)}
    if any(figure.simulated and figure_address(figure) in shown for figure in loaded.dossier.figures):
        yield texts.word("marks", "simulated_figures")
    of_studies = {where.partition(":")[0] for where in shown}
    simulated = (id for id, each in loaded.studies.items() if each.results is not None and each.study.evidence == "simulated")
    if any(id in of_studies for id in simulated):
        yield texts.word("marks", "simulated_study")
