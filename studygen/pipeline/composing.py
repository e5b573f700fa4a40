"""Composes documents: gives templates their context and functions, displays their frame, and collects all faults of all
documents. Knows nothing about output formats."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from studygen.definition import LongForm, Prose, is_applicable
from studygen.errors import Fault, TemplateError

if TYPE_CHECKING:
    from studygen.displays.figures.drawing import Canvas, Drawn
    from studygen.displays.frame import WaivedRule
    from studygen.displays.look import Look
    from studygen.displays.texts import DisplayTexts
    from studygen.document.citations import Library
    from studygen.document.manifest import Manifest
    from studygen.document.nodes import Block, Document, Figure, Meta, Slot, Table
    from studygen.document.redacting import Redaction
    from studygen.document.templating import MarkdownEnvironment
    from studygen.guidance.shelf import Checklists
    from studygen.pipeline.loading import Loaded
    from studygen.study.identity import Interim

    Draw = Callable[[Look, Callable[[], Canvas]], Drawn]


@dataclass(frozen=True, slots=True)
class _Shelf:
    """What all documents of a study share."""

    texts: DisplayTexts
    library: Library
    abbreviations: Mapping[str, LongForm]
    drawings: bool
    """Whether figures are drawn."""
    open_findings: int
    """The errors with which a draft is built in spite of them."""
    waived: tuple[WaivedRule, ...]
    """The requirements that the study leaves aside."""
    checklists: Checklists
    types: Mapping[str, Manifest]
    sketches: dict[tuple[object, ...], Drawn]
    """The drawings made so far: several documents show the same figure, and drawing it takes longer than all else."""


def compose(loaded: Loaded, names: Iterable[str], *, drawings: bool = True, open_findings: int = 0) -> dict[str, Document]:
    """The documents as trees: numbered, resolved, every slot filled. Without `drawings`, figures have caption, text alternative
    and notes but no picture, for documents that are read but not written. `open_findings` marks every page as that of a draft.
    TemplateError with all faults of all documents."""
    from studygen.displays.texts import DisplayTexts
    from studygen.document.abbreviations import load_abbreviations
    from studygen.document.citations import Library
    from studygen.guidance.shelf import Checklists
    from studygen.pipeline.doctypes import document_types
    from studygen.pipeline.publishing import published

    places = loaded.places
    abbreviations = {
        **_registries(loaded),
        **load_abbreviations(places.template("shared/abbreviations.yaml")),
        **loaded.study.abbreviations,
    }
    types = document_types(places)
    checklists = Checklists(lambda name: places.template(f"guidance/checklists/{name}.yaml"))
    texts, library = DisplayTexts.load(places.templates), Library.from_folder(places.study)
    texts = texts if loaded.study.evidence == "published" else texts.of_registries()
    shelf = _Shelf(texts, library, abbreviations, drawings, open_findings, tuple(_waived(loaded)), checklists, types, {})
    composed: dict[str, Document] = {}
    faults: list[Fault] = []
    wanted = tuple(names)
    for manifest in _with_what_they_are_about(wanted, types):
        about = composed.get(manifest.about)
        if manifest.about and about is None:
            continue  # its faults are known; what would be said of this document are echoes of them
        make = partial(_made, loaded if manifest.needs == "results" else loaded.without_results(), shelf, about)
        try:
            composed[manifest.id] = published(manifest, loaded.redacting, make) if loaded.redacting else make(manifest)
        except TemplateError as error:
            faults.extend(error.faults)
    if faults:
        raise TemplateError(list(dict.fromkeys(faults)))
    return {name: composed[name] for name in wanted}


def _with_what_they_are_about(names: Iterable[str], types: Mapping[str, Manifest]) -> tuple[Manifest, ...]:
    """The types of the documents to make; a document that others are about comes before them, also when only they are wanted."""
    found = dict.fromkeys(each for name in names for each in (types[name].about, name) if each)
    return tuple(types[name] for name in found)


def _waived(loaded: Loaded) -> Iterator[WaivedRule]:
    """What the requirements say that the study leaves aside; nothing is read when there are none. A rule of our own that is left
    aside is told by the check, and is no requirement of anybody whom a document would have to answer."""
    if not loaded.study.waivers:
        return
    from studygen.checks.guidance import load_guidance
    from studygen.displays.frame import WaivedRule

    guidance = load_guidance([folder / "guidance" for folder in reversed(loaded.places.templates)])
    for rule in dict.fromkeys(each.rule for each in loaded.study.waivers):
        if rule in guidance:
            requirement, source = guidance[rule], guidance.source_of(rule)
            if source.status == "own":
                continue
            clause = f", {requirement.clause}" if requirement.clause else ""
            yield WaivedRule(rule, requirement.title, source.title + clause)


def _registries(loaded: Loaded) -> dict[str, LongForm]:
    """The short names of the registries that take part, where their names do not hold them."""
    profiles = [loaded.network.registry(taking_part.registry) for taking_part in loaded.study.participation]
    return {each.short_name: LongForm(long=each.name) for each in profiles if each.short_name not in each.name}


def _made(
    loaded: Loaded, shelf: _Shelf, about: Document | None, manifest: Manifest, redactions: tuple[Redaction, ...] = ()
) -> Document:
    """One document; `about` is the one that it is about."""
    from studygen.displays.analysis_labels import labelled
    from studygen.displays.catalogue import EXPLAINING, fill
    from studygen.displays.figures.drawing import drawn, undrawn
    from studygen.displays.frame import Frame
    from studygen.displays.phrases import phrases
    from studygen.document.assembly import Explaining
    from studygen.document.assembly import compose as compose_document
    from studygen.document.references import names_of
    from studygen.document.templating import make_environment
    from studygen.pipeline.doctypes import companions

    texts, templates = shelf.texts, loaded.places.templates
    study = labelled(loaded.study, texts)
    functions = {
        **phrases(study, texts, loaded.planned, loaded.results),
        **(loaded.redacting.functions if loaded.redacting else {}),
    }
    environment = make_environment(templates, functions, {"applicable": is_applicable})
    meta = _meta(loaded, manifest, shelf)
    context = {
        **_context(replace(loaded, study=study), meta),
        "document_type": manifest.id,
        "about": about.meta if about else None,
        "companions": companions(study, shelf.types, manifest.id, results=loaded.results is not None),
        "checklists": shelf.checklists,
        "waived": shelf.waived,
    }
    prose = partial(_prose, environment, context)
    draw = drawn if shelf.drawings else undrawn
    frame = Frame(
        study,
        loaded.network,
        loaded.planned,
        loaded.results,
        texts,
        prose,
        redactions,
        drawn=draw,
        checklists=shelf.checklists,
        about=names_of(about) if about else None,
        frozen=loaded.frozen,
        waived=shelf.waived,
    )

    def filled(slot: Slot) -> Table | Figure:
        key = (slot.display, slot.options, id(loaded.study), loaded.results is None)
        return fill(replace(frame, drawn=partial(_drawn_once, shelf.sketches, key, draw)), slot)

    explaining = Explaining(EXPLAINING, lambda shown: partial(fill, replace(frame, shown=shown)))
    return compose_document(manifest, environment, context, meta, filled, shelf.library, shelf.abbreviations, explaining)


def _drawn_once(
    sketches: dict[tuple[object, ...], Drawn], key: tuple[object, ...], draw: Draw, look: Look, figure: Callable[[], Canvas]
) -> Drawn:
    """The drawing of a figure, made when the first document asks for it."""
    if key not in sketches:
        sketches[key] = draw(look, figure)
    return sketches[key]


def _prose(environment: MarkdownEnvironment, context: Mapping[str, object], text: Prose) -> tuple[Block, ...]:
    """A narrative text of the definition as blocks; displays print it in cells."""
    from studygen.document.parsing import parse_blocks
    from studygen.document.templating import render_text

    return parse_blocks(render_text(environment, text, context), text.origin)


def _meta(loaded: Loaded, manifest: Manifest, shelf: _Shelf) -> Meta:
    from studygen.displays.formats import day_text
    from studygen.document.nodes import Meta
    from studygen.pipeline.doctypes import version_of

    study, edition, texts = loaded.study, loaded.edition.name, shelf.texts
    version = version_of(study, manifest)
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
        marks=tuple(_marks(loaded, manifest, shelf)),
        keywords=study.report.keywords if study.report else (),
    )


def _interim(loaded: Loaded, manifest: Manifest) -> Interim | None:
    report = loaded.study.documents.report
    return report.interim if report and manifest.version_of == "report" else None


def _kind(loaded: Loaded, manifest: Manifest, texts: DisplayTexts) -> str:
    """What the document is called: an interim report is not a final one."""
    interim = _interim(loaded, manifest)
    if interim is None or manifest.about:
        return manifest.title
    key = "interim_labelled" if interim.label else "interim"
    return texts.word("document_state", key).format(label=interim.label)


def _marks(loaded: Loaded, manifest: Manifest, shelf: _Shelf) -> Iterator[str]:
    """The states that a reader must see on every page, the gravest first."""
    from studygen.displays.formats import day_text

    study, edition, texts = loaded.study, loaded.edition.name, shelf.texts
    if edition != "regular":
        yield texts.word("marks", edition)
    if interim := _interim(loaded, manifest):
        label = interim.label or texts.word("document_state", "interim_label")
        yield texts.word("marks", "interim").format(label=label, date=day_text(interim.cut_off, texts))
    if shelf.open_findings:
        number = "one" if shelf.open_findings == 1 else "many"
        yield texts.word("marks", f"draft_open_{number}").format(count=shelf.open_findings)
    elif getattr(study.documents, manifest.version_of).status == "draft":
        yield texts.word("marks", "draft")
    if study.illustrative is not None:
        yield texts.word("marks", "illustrative")
    # The protocol and the plan hold no results: how results came about does not mark them. Dummy numbers have their own mark.
    if manifest.needs == "results" and edition != "dry_run" and (evidence := texts.word("marks", study.evidence)):
        yield evidence


def _context(loaded: Loaded, meta: Meta) -> Mapping[str, object]:
    from studygen.results.done import planned_and_done, reasons_for
    from studygen.study.frozen import PlanHistory

    study, network = loaded.study, loaded.network
    history = PlanHistory(study, loaded.frozen)
    return {
        "study": study,
        "network": network,
        "results": loaded.results,
        "planned": loaded.planned,
        "edition": loaded.edition,
        "deliveries": loaded.deliveries,
        "history": history,
        "done": planned_and_done(history, loaded.results),
        "reasons_for": partial(reasons_for, history),
        "document": meta,
        "contributors": [(taking_part, network.registry(taking_part.registry)) for taking_part in study.participation],
    }
