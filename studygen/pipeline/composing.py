"""Composes documents: gives templates their context and functions, displays their frame, and collects all faults of all
documents. Knows nothing about output formats."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from studygen.definition import LongForm, Prose, is_applicable
from studygen.errors import Fault, TemplateError

if TYPE_CHECKING:
    from studygen.displays.texts import DisplayTexts
    from studygen.document.citations import Library
    from studygen.document.manifest import Manifest
    from studygen.document.nodes import Block, Document, Meta
    from studygen.document.redacting import Redaction
    from studygen.document.templating import MarkdownEnvironment
    from studygen.pipeline.loading import Loaded
    from studygen.study.identity import Interim


@dataclass(frozen=True, slots=True)
class _Shelf:
    """What all documents of a study share."""

    texts: DisplayTexts
    library: Library
    abbreviations: Mapping[str, LongForm]


def compose(loaded: Loaded, names: Iterable[str]) -> dict[str, Document]:
    """The documents as trees: numbered, resolved, every slot filled. TemplateError with all faults of all documents."""
    from studygen.displays.texts import DisplayTexts
    from studygen.document.abbreviations import load_abbreviations
    from studygen.document.citations import Library
    from studygen.document.manifest import load_manifest
    from studygen.pipeline.publishing import published

    places = loaded.places
    abbreviations = {
        **_registries(loaded),
        **load_abbreviations(places.template("shared/abbreviations.yaml")),
        **loaded.study.abbreviations,
    }
    shelf = _Shelf(DisplayTexts.load(places.templates), Library.from_folder(places.study), abbreviations)
    composed: dict[str, Document] = {}
    faults: list[Fault] = []
    for name in names:
        manifest = load_manifest(places.template(f"{name}/document.yaml"), places.templates)
        make = partial(_made, loaded if manifest.needs == "results" else loaded.without_results(), shelf)
        try:
            composed[name] = published(manifest, loaded.redacting, make) if loaded.redacting else make(manifest)
        except TemplateError as error:
            faults.extend(error.faults)
    if faults:
        raise TemplateError(list(dict.fromkeys(faults)))
    return composed


def _registries(loaded: Loaded) -> dict[str, LongForm]:
    """The short names of the registries that take part, where their names do not hold them."""
    profiles = [loaded.network.registry(taking_part.registry) for taking_part in loaded.study.participation]
    return {each.short_name: LongForm(long=each.name) for each in profiles if each.short_name not in each.name}


def _made(loaded: Loaded, shelf: _Shelf, manifest: Manifest, redactions: tuple[Redaction, ...] = ()) -> Document:
    """One document."""
    from studygen.displays.catalogue import fill
    from studygen.displays.frame import Frame
    from studygen.displays.phrases import phrases
    from studygen.document.assembly import compose as compose_document
    from studygen.document.templating import make_environment

    study, texts, templates = loaded.study, shelf.texts, loaded.places.templates
    functions = {
        **phrases(study, texts, loaded.planned, loaded.results),
        **(loaded.redacting.functions if loaded.redacting else {}),
    }
    environment = make_environment(templates, functions, {"applicable": is_applicable})
    meta = _meta(loaded, manifest, texts)
    context = _context(loaded, meta)
    prose = partial(_prose, environment, context)
    frame = Frame(study, loaded.network, loaded.planned, loaded.results, texts, prose, redactions)
    return compose_document(manifest, environment, context, meta, partial(fill, frame), shelf.library, shelf.abbreviations)


def _prose(environment: MarkdownEnvironment, context: Mapping[str, object], text: Prose) -> tuple[Block, ...]:
    """A narrative text of the definition as blocks; displays print it in cells."""
    from studygen.document.parsing import parse_blocks
    from studygen.document.templating import render_text

    return parse_blocks(render_text(environment, text, context), text.origin)


def _meta(loaded: Loaded, manifest: Manifest, texts: DisplayTexts) -> Meta:
    from studygen.displays.formats import day_text
    from studygen.document.nodes import Meta

    study, edition = loaded.study, loaded.edition.name
    version = getattr(study.documents, manifest.version_of)
    author = study.party(version.author)
    kind, reference = _kind(loaded, manifest, texts), version.reference
    if edition != "regular":
        kind = texts.word("document_state", edition).format(kind=kind)
        reference = texts.word("document_state", f"{edition}_reference").format(reference=reference)
    return Meta(
        reference=reference,
        title=study.title,
        kind=kind,
        version=version.version,
        date=version.date.isoformat(),
        date_text=day_text(version.date, texts),
        short_title=study.short_title,
        author=f"{author.name}, {author.affiliation}",
        labels=tuple(texts.words["writer"].items()),
        marks=tuple(_marks(loaded, manifest, texts)),
        keywords=study.report.keywords if study.report else (),
    )


def _interim(loaded: Loaded, manifest: Manifest) -> Interim | None:
    report = loaded.study.documents.report
    return report.interim if report and manifest.version_of == "report" else None


def _kind(loaded: Loaded, manifest: Manifest, texts: DisplayTexts) -> str:
    """What the document is called: an interim report is not a final one."""
    interim = _interim(loaded, manifest)
    if interim is None:
        return manifest.title
    key = "interim_labelled" if interim.label else "interim"
    return texts.word("document_state", key).format(label=interim.label)


def _marks(loaded: Loaded, manifest: Manifest, texts: DisplayTexts) -> Iterator[str]:
    """The states that a reader must see on every page, the gravest first."""
    from studygen.displays.formats import day_text

    study, edition = loaded.study, loaded.edition.name
    if edition != "regular":
        yield texts.word("marks", edition)
    if interim := _interim(loaded, manifest):
        label = interim.label or texts.word("document_state", "interim_label")
        yield texts.word("marks", "interim").format(label=label, date=day_text(interim.cut_off, texts))
    if getattr(study.documents, manifest.version_of).status == "draft":
        yield texts.word("marks", "draft")
    if study.illustrative is not None:
        yield texts.word("marks", "illustrative")
    # The protocol and the plan hold no results: how results came about does not mark them. Dummy numbers have their own mark.
    if manifest.needs == "results" and edition != "dry_run" and (evidence := texts.word("marks", study.evidence)):
        yield evidence


def _context(loaded: Loaded, meta: Meta) -> Mapping[str, object]:
    study, network = loaded.study, loaded.network
    return {
        "study": study,
        "network": network,
        "results": loaded.results,
        "planned": loaded.planned,
        "edition": loaded.edition,
        "deliveries": loaded.deliveries,
        "document": meta,
        "contributors": [(taking_part, network.registry(taking_part.registry)) for taking_part in study.participation],
    }
