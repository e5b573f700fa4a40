"""What a build needs to know of what it builds, be it a study in one of its editions or a dossier: its places, its documents, how
they are checked and composed, how their numbers are traced. Knows nothing about files."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from studygen.errors import DefinitionError, Fault, Place, StudygenError
from studygen.pipeline.editions import Edition, EditionName
from studygen.pipeline.places import Places
from studygen.qualification.place import is_dossier

if TYPE_CHECKING:
    from studygen.checks.guidance import Guidance
    from studygen.checks.report import Report
    from studygen.displays.texts import DisplayTexts
    from studygen.document.nodes import Document
    from studygen.pipeline.loading import Loaded
    from studygen.pipeline.qualifying import LoadedDossier
    from studygen.study.identity import DocumentVersion

Progress = Callable[[str], None]


class RefusedError(StudygenError):
    """The check found errors, and no draft was asked for."""

    heading = "Documents were not built"

    def __init__(self, report: Report, guidance: Guidance) -> None:
        super().__init__([Fault(each.place, f"{each.rule}: {each.what}", each.remedy, each.rule) for each in report.errors])
        self.report = report
        self.exit_code = report.exit_code(guidance)


@dataclass(frozen=True, slots=True)
class Checked:
    """Documents that may be written, and what the check found."""

    trees: Mapping[str, Document]
    warnings: int
    open_findings: int


@dataclass(frozen=True, slots=True)
class Edited:
    """A document with the version that it carries, and whether what it is about is illustrative."""

    tree: Document
    version: DocumentVersion
    illustrative: bool


class Making(Protocol):
    """A study or a dossier that has been loaded."""

    @property
    def places(self) -> Places: ...

    def names(self, asked: Sequence[str]) -> tuple[str, ...]:
        """The names of the documents that can be made now, or of those asked for; DefinitionError says why one cannot."""

    def checked(self, progress: Progress, *, draft: bool) -> Checked:
        """All documents, also those not asked for: only so can the check see them side by side, and only so can it be said which
        older files no longer agree. RefusedError when there are errors and no `draft` is asked for."""

    def trace(self, document: Document, texts: DisplayTexts) -> Mapping[str, object]:
        """The trace of the numbers in one document."""

    def edited(self, names: Sequence[str]) -> Mapping[str, Edited]:
        """The named documents with what a submission must know of each."""


def making_of(folder: Path, edition: EditionName) -> Making:
    """The study or dossier in a folder, loaded. DefinitionError or DeliveryError with all faults."""
    if not is_dossier(folder):
        return _StudyMaking(folder, _loaded_study(folder, edition), Edition(edition))
    if edition != "regular":
        what = f"a qualification dossier has no edition “{edition.replace('_', ' ')}”"
        raise DefinitionError(
            Fault(Place(str(folder)), what, "Leave the option out: dry runs and public versions are of studies.")
        )
    from studygen.pipeline.qualifying import load_dossier

    return _DossierMaking(folder, load_dossier(folder))


def roots_of(folder: Path) -> tuple[Path, ...]:
    """All folders whose files go into the documents, but for the program: for a dossier also the studies beside it."""
    places = Places.of(folder)
    beside: Iterable[Path] = folder.parent.glob("*/study.yaml") if is_dossier(folder) else ()
    return (places.study, places.network, *places.templates, *sorted(file.parent for file in beside))


def _loaded_study(folder: Path, edition: EditionName) -> Loaded:
    from studygen.pipeline.loading import load
    from studygen.pipeline.publishing import load_public
    from studygen.pipeline.rehearsal import rehearse

    loaders: Mapping[EditionName, Callable[[Path], Loaded]] = {"regular": load, "dry_run": rehearse, "public": load_public}
    return loaders[edition](folder)


@dataclass(frozen=True, slots=True)
class _StudyMaking:
    folder: Path
    loaded: Loaded
    edition: Edition

    @property
    def places(self) -> Places:
        return self.loaded.places

    def names(self, asked: Sequence[str]) -> tuple[str, ...]:
        from studygen.pipeline.loading import documents_of

        return tuple(self.edition.file_name(each) for each in documents_of(self.loaded, asked))

    def checked(self, progress: Progress, *, draft: bool) -> Checked:
        from studygen.pipeline.checking import examine, guidance_of
        from studygen.pipeline.composing import compose
        from studygen.pipeline.loading import documents_of

        progress("composing")
        names = documents_of(self.loaded)
        trees = compose(self.loaded, names)
        progress("checking")
        guidance = guidance_of(self.folder)
        report = examine(self.folder, self.loaded, trees, guidance)
        if report.errors and not draft:
            raise RefusedError(report, guidance)
        if report.errors:
            progress("composing a draft")
            trees = compose(self.loaded.as_draft(), names, open_findings=len(report.errors))
        named = {self.edition.file_name(name): tree for name, tree in trees.items()}
        return Checked(named, len(report.warnings), len(report.errors))

    def trace(self, document: Document, texts: DisplayTexts) -> Mapping[str, object]:
        from studygen.pipeline.tracing import trace

        return trace(document, self.loaded, texts)

    def edited(self, names: Sequence[str]) -> Mapping[str, Edited]:
        from studygen.pipeline.composing import compose
        from studygen.pipeline.doctypes import document_types, version_of

        study, types = self.loaded.study, document_types(self.places)
        return {
            name: Edited(tree, version_of(study, types[name]), study.illustrative is not None)
            for name, tree in compose(self.loaded, tuple(names)).items()
        }


@dataclass(frozen=True, slots=True)
class _DossierMaking:
    folder: Path
    loaded: LoadedDossier

    @property
    def places(self) -> Places:
        return self.loaded.places

    def names(self, asked: Sequence[str]) -> tuple[str, ...]:
        from studygen.pipeline.qualifying import wanted_documents

        return tuple(wanted_documents(self.loaded, asked))

    def checked(self, progress: Progress, *, draft: bool) -> Checked:
        from studygen.pipeline.checking import guidance_of
        from studygen.pipeline.dossier_checking import examine_dossier
        from studygen.pipeline.qualifying import compose_dossier, wanted_documents

        progress("composing")
        wanted = wanted_documents(self.loaded).values()
        trees = compose_dossier(self.loaded, wanted)
        progress("checking")
        guidance = guidance_of(self.folder)
        report = examine_dossier(self.loaded, trees, guidance)
        if report.errors and not draft:
            raise RefusedError(report, guidance)
        if report.errors:
            progress("composing a draft")
            trees = compose_dossier(self.loaded, wanted, open_findings=len(report.errors))
        return Checked(trees, len(report.warnings), len(report.errors))

    def trace(self, document: Document, texts: DisplayTexts) -> Mapping[str, object]:
        from studygen.pipeline.dossier_tracing import trace

        return trace(document, self.loaded, texts)

    def edited(self, names: Sequence[str]) -> Mapping[str, Edited]:
        from studygen.pipeline.qualifying import compose_dossier, wanted_documents

        wanted = wanted_documents(self.loaded, names)
        trees = compose_dossier(self.loaded, wanted.values())
        dossier = self.loaded.dossier.definition
        return {
            name: Edited(trees[name], each.version, getattr(each.about, "illustrative", dossier.illustrative) is not None)
            for name, each in wanted.items()
        }
