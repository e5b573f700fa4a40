"""Composes documents: gives templates their context and functions, displays their frame, and collects all faults of all
documents. Knows nothing about output formats."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial
from typing import TYPE_CHECKING

from studygen.definition import Prose, is_applicable
from studygen.errors import Fault, TemplateError
from studygen.yamlfile import read_yaml

if TYPE_CHECKING:
    from studygen.displays.texts import DisplayTexts
    from studygen.document.manifest import Manifest
    from studygen.document.nodes import Block, Document, Meta
    from studygen.document.templating import MarkdownEnvironment
    from studygen.pipeline.loading import Loaded
    from studygen.results.findings import ResultSet


def compose(loaded: Loaded, names: Iterable[str]) -> dict[str, Document]:
    """The documents as trees: numbered, resolved, every slot filled. TemplateError with all faults of all documents."""
    from studygen.displays.catalogue import fill
    from studygen.displays.frame import Frame
    from studygen.displays.phrases import phrases
    from studygen.displays.texts import DisplayTexts
    from studygen.document.assembly import compose as compose_document
    from studygen.document.citations import Library
    from studygen.document.manifest import load_manifest
    from studygen.document.templating import make_environment

    places, study = loaded.places, loaded.study
    texts = DisplayTexts.load(places.templates)
    library = Library.from_file(places.study / "references.json")
    abbreviations = {**read_yaml(places.template("shared/abbreviations.yaml")).data, **study.abbreviations}
    composed: dict[str, Document] = {}
    faults: list[Fault] = []
    for name in names:
        manifest = load_manifest(places.template(f"{name}/document.yaml"))
        # Protocol and plan stay shells even when deliveries have arrived: they say what was planned.
        results = loaded.results if manifest.needs == "results" else None
        meta = _meta(loaded, manifest, texts)
        functions = phrases(study, texts, loaded.planned, results)
        environment = make_environment(places.templates, functions, {"applicable": is_applicable})
        context = _context(loaded, meta, results)

        prose = partial(_prose, environment, context)
        frame = Frame(study, loaded.network, loaded.planned, results, texts, prose)
        try:
            composed[name] = compose_document(manifest, environment, context, meta, partial(fill, frame), library, abbreviations)
        except TemplateError as error:
            faults.extend(error.faults)
    if faults:
        raise TemplateError(list(dict.fromkeys(faults)))
    return composed


def _prose(environment: MarkdownEnvironment, context: Mapping[str, object], text: Prose) -> tuple[Block, ...]:
    """A narrative text of the definition as blocks; displays print it in cells."""
    from studygen.document.parsing import parse_blocks
    from studygen.document.templating import render_text

    return parse_blocks(render_text(environment, text, context), text.origin)


def _meta(loaded: Loaded, manifest: Manifest, texts: DisplayTexts) -> Meta:
    from studygen.displays.formats import day_text
    from studygen.document.nodes import Meta

    study = loaded.study
    version = getattr(study.documents, manifest.version_of)
    author = study.party(version.author)
    marks = [texts.word("marks", "draft")] if version.status == "draft" else []
    if study.illustrative is not None:
        marks.append(texts.word("marks", "illustrative"))
    # The protocol and the plan hold no results: how results came about does not mark them.
    if manifest.needs == "results" and (evidence := texts.word("marks", study.evidence)):
        marks.append(evidence)
    return Meta(
        reference=version.reference,
        title=study.title,
        kind=manifest.title,
        version=version.version,
        date=version.date.isoformat(),
        date_text=day_text(version.date, texts),
        short_title=study.short_title,
        author=f"{author.name}, {author.affiliation}",
        labels=tuple(texts.words["writer"].items()),
        marks=tuple(marks),
        keywords=study.report.keywords if study.report else (),
    )


def _context(loaded: Loaded, meta: Meta, results: ResultSet | None) -> Mapping[str, object]:
    study, network = loaded.study, loaded.network
    return {
        "study": study,
        "network": network,
        "results": results,
        "planned": loaded.planned,
        "deliveries": loaded.deliveries,
        "document": meta,
        "contributors": [(taking_part, network.registry(taking_part.registry)) for taking_part in study.participation],
    }
