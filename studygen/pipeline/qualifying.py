"""Loads a qualification dossier with everything it refers to (network, projects, results of the exemplar studies) and composes
its documents. Knows nothing about output formats."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from studygen.definition import LongForm, is_applicable
from studygen.errors import DefinitionError, Fault, Place, TemplateError, did_you_mean
from studygen.network.network import RegistryProfile
from studygen.network.projects import Project
from studygen.pipeline.doctypes import FILE
from studygen.pipeline.places import Places
from studygen.qualification.dossier import Dossier
from studygen.qualification.link_rules import result_faults
from studygen.qualification.loading import read_dossier
from studygen.qualification.procedure import DossierDocuments
from studygen.study.identity import DocumentVersion

if TYPE_CHECKING:
    from studygen.aggregates.contract import Deliveries
    from studygen.displays.dossier.frame import StudyResults
    from studygen.displays.texts import DisplayTexts
    from studygen.document.citations import Library
    from studygen.document.manifest import Manifest
    from studygen.document.nodes import Document, Meta

PROJECT = "project"
"""What `version_of` says where a document carries the version of its project."""
VERSIONED = (*DossierDocuments.model_fields, PROJECT)
"""The documents whose version the dossier or a project states, in the order in which they are built."""


@dataclass(frozen=True, slots=True)
class LoadedDossier:
    """A dossier with the results that it refers to."""

    places: Places
    dossier: Dossier
    studies: Mapping[str, StudyResults]
    """The studies whose results it shows, by id."""
    deliveries: Deliveries
    """What the registries delivered on their quality."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """One document to make: its type, and the registry or project that it is for."""

    manifest: Manifest
    version: DocumentVersion
    about: RegistryProfile | Project | None = None

    @property
    def name(self) -> str:
        """The name of its files."""
        each = self.about.id.replace("_", "-") if self.about else ""
        return self.manifest.named.format(id=self.manifest.id, each=each)


def load_dossier(folder: Path) -> LoadedDossier:
    """Reads the dossier, and computes the studies whose results it shows. DefinitionError or DeliveryError with all faults."""
    from studygen.aggregates.quality_intake import load_quality
    from studygen.displays.dossier.frame import StudyResults
    from studygen.pipeline.loading import load, load_plan

    places = Places.of(folder)
    dossier = read_dossier(folder, places.network)
    studies = {}
    for id in dossier.definition.exemplar_results:
        loaded = load(_beside(folder, id))
        studies[id] = StudyResults(loaded.study, loaded.network, loaded.planned, loaded.results, loaded.deliveries)
    if faults := result_faults(dossier, {id: tuple(each.all) for id, each in studies.items()}):
        raise DefinitionError(faults)
    written = {each.study: load_plan(_beside(folder, each.study))[2] for each in dossier.projects if each.study}
    deliveries, figures = load_quality(dossier)
    return LoadedDossier(places, replace(dossier, studies=written, figures=figures), studies, deliveries)


def _beside(folder: Path, study: str) -> Path:
    """A study's folder: it lies beside the dossier's."""
    return folder.parent / study


# ---------------------------------------------------------------- which documents


def dossier_types(places: Places) -> dict[str, Manifest]:
    """The document types of a dossier by name, in the order of its documents, those of projects last. DefinitionError when a
    document.yaml has faults."""
    from studygen.document.manifest import load_manifest

    names = sorted({path.parent.name for folder in places.templates for path in folder.glob(f"*/{FILE}")})
    found = [load_manifest(places.template(f"{name}/{FILE}"), places.templates) for name in names]
    ours = [each for each in found if each.version_of in VERSIONED]
    return {each.id: each for each in sorted(ours, key=lambda each: (VERSIONED.index(each.version_of), each.id))}


def wanted_documents(loaded: LoadedDossier, asked: Sequence[str] = ()) -> dict[str, Wanted]:
    """The documents that can be made, by name; of those asked for, by name or type, DefinitionError says why one cannot."""
    found = {each.name: each for manifest in dossier_types(loaded.places).values() for each in _wanted(loaded.dossier, manifest)}
    known = {*found, *(each.manifest.id for each in found.values())}
    if unknown := [name for name in asked if name not in known]:
        raise DefinitionError(
            [Fault(Place("--document"), f'the dossier has no document "{name}"', did_you_mean(name, known)) for name in unknown]
        )
    return {name: each for name, each in found.items() if not asked or name in asked or each.manifest.id in asked}


def _wanted(dossier: Dossier, manifest: Manifest) -> Iterator[Wanted]:
    if manifest.version_of == PROJECT:
        for project in dossier.projects:
            yield Wanted(manifest, _project_version(dossier, project, manifest), project)
        return
    version: DocumentVersion | None = getattr(dossier.definition.documents, manifest.version_of)
    if version is None:
        return
    if manifest.for_each != "registry":
        yield Wanted(manifest, _under(version, manifest.reference.format(reference=version.reference)))
        return
    for registry in dossier.definition.registries:
        profile = dossier.network.registry(registry)
        each = registry.upper().replace("_", "-")
        yield Wanted(manifest, _under(version, manifest.reference.format(reference=version.reference, each=each)), profile)


def _under(version: DocumentVersion, reference: str) -> DocumentVersion:
    return version.model_copy(update={"reference": reference})


def _project_version(dossier: Dossier, project: Project, manifest: Manifest) -> DocumentVersion:
    """The version of a project's document: the project's own, kept by the role that keeps the register."""
    register = dossier.definition.documents.project_register
    author = register.author if register else dossier.definition.contacts[0].id
    reference = manifest.reference.format(reference=project.reference)
    status: Literal["draft", "final"] = "draft" if project.version.startswith("0.") else "final"
    return DocumentVersion(reference=reference, version=project.version, date=project.date, status=status, author=author)


# ---------------------------------------------------------------- composing


@dataclass(frozen=True, slots=True)
class _Shelf:
    """What all documents of a dossier share."""

    texts: DisplayTexts
    library: Library
    abbreviations: Mapping[str, LongForm]
    left_out: Mapping[str, str]
    """What the rules ask that the dossier leaves aside, by id."""
    open_findings: int
    drawings: bool
    """Whether figures are drawn."""


def compose_dossier(
    loaded: LoadedDossier, wanted: Iterable[Wanted], *, open_findings: int = 0, drawings: bool = True
) -> dict[str, Document]:
    """The documents as trees: numbered, resolved, every slot filled. `open_findings` marks every page as that of a draft; without
    `drawings` figures have their words and no drawing. TemplateError with all faults of all documents."""
    from studygen.displays.texts import DisplayTexts
    from studygen.document.abbreviations import load_abbreviations
    from studygen.document.citations import Library

    places, dossier = loaded.places, loaded.dossier
    profiles = [dossier.network.registry(id) for id in dossier.definition.registries]
    abbreviations = {
        **{short: long for each in loaded.studies.values() for short, long in _names_in(each).items()},
        **{each.short_name: LongForm(long=each.name) for each in profiles if each.short_name not in each.name},
        **load_abbreviations(places.template("shared/abbreviations.yaml")),
        **dossier.definition.abbreviations,
    }
    texts, library = DisplayTexts.load(places.templates), Library.from_folder(places.study)
    shelf = _Shelf(texts, library, abbreviations, _left_out(loaded), open_findings, drawings)
    composed: dict[str, Document] = {}
    faults: list[Fault] = []
    for each in wanted:
        try:
            composed[each.name] = _made(loaded, shelf, each)
        except TemplateError as error:
            faults.extend(error.faults)
    if faults:
        raise TemplateError(list(dict.fromkeys(faults)))
    return composed


def _names_in(study: StudyResults) -> dict[str, LongForm]:
    """The abbreviations of an exemplar study, and those short names of its data sources that are not plain words."""
    sources = [each for each in study.network.registries if sum(letter.isupper() for letter in each.short_name) > 1]
    return {**{each.short_name: LongForm(long=each.name, expand=False) for each in sources}, **study.study.abbreviations}


def _left_out(loaded: LoadedDossier) -> dict[str, str]:
    waived = [each.rule for each in loaded.dossier.definition.waivers]
    if not waived:
        return {}
    from studygen.checks.guidance import load_guidance

    guidance = load_guidance([folder / "guidance" for folder in reversed(loaded.places.templates)])
    return {rule: guidance[rule].title for rule in waived if rule in guidance}


def _made(loaded: LoadedDossier, shelf: _Shelf, wanted: Wanted) -> Document:
    from studygen.displays.dossier.catalogue import EXPLAINING, fill
    from studygen.displays.dossier.citing import works_by_doi
    from studygen.displays.dossier.frame import DossierFrame
    from studygen.displays.dossier.phrases import phrases
    from studygen.displays.figures.drawing import drawn, undrawn
    from studygen.document.assembly import Explaining, compose
    from studygen.document.parsing import parse_blocks
    from studygen.document.templating import make_environment, render_text
    from studygen.pipeline.dossier_states import marks_of_numbers, meta_of

    blank = DossierFrame(
        loaded.dossier,
        loaded.studies,
        shelf.texts,
        lambda _: (),
        left_out=shelf.left_out,
        works=works_by_doi(shelf.library.works),
        deliveries=loaded.deliveries,
        drawn=drawn if shelf.drawings else undrawn,
    )
    environment = make_environment(loaded.places.templates, phrases(blank), {"applicable": is_applicable})
    meta = meta_of(loaded, wanted, shelf.texts, shelf.open_findings)
    context = _context(loaded, wanted, meta)
    frame = replace(blank, prose=lambda text: parse_blocks(render_text(environment, text, context), text.origin))
    explaining = Explaining(EXPLAINING, lambda shown: partial(fill, replace(frame, shown=shown)))
    document = compose(
        wanted.manifest, environment, context, meta, partial(fill, frame), shelf.library, shelf.abbreviations, explaining
    )
    marks = (*meta.marks, *marks_of_numbers(loaded, document, shelf.texts))
    return replace(document, meta=replace(document.meta, marks=marks))


def _context(loaded: LoadedDossier, wanted: Wanted, meta: Meta) -> dict[str, object]:
    from studygen.displays.dossier.facts import NETWORK_GROUPS
    from studygen.displays.dossier.shortcomings import shortcomings
    from studygen.network.network import SUITABILITY

    dossier = loaded.dossier
    return {
        "dossier": dossier.definition,
        "network": dossier.network,
        "data_model": dossier.data_model,
        "projects": dossier.projects,
        "figures": dossier.figures,
        "registries": tuple(dossier.network.registry(id) for id in dossier.definition.registries),
        "studies": {
            **{id: each.study for id, each in dossier.studies.items()},
            **{id: each.study for id, each in loaded.studies.items()},
        },
        "computed": {id: each.results is not None for id, each in loaded.studies.items()},
        "groups": tuple(SUITABILITY),
        "network_groups": tuple(NETWORK_GROUPS),
        "shortcomings": shortcomings(dossier),
        "document": meta,
        "document_type": wanted.manifest.id,
        "registry": wanted.about if isinstance(wanted.about, RegistryProfile) else None,
        "project": wanted.about if isinstance(wanted.about, Project) else None,
    }
