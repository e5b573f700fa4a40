"""Which document types there are, in the order in which they are built, and the version that a document of a study carries: every
folder of templates with a document.yaml is a type, and nothing else makes one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from studygen.guidance.answering import holds
from studygen.guidance.predicates import PREDICATES
from studygen.pipeline.places import Places
from studygen.study.identity import DocumentVersion, DocumentVersions
from studygen.study.study import Study

if TYPE_CHECKING:
    from studygen.document.manifest import Manifest

VERSIONED = tuple(DocumentVersions.model_fields)
"""The documents whose version the definition states, in the order in which they are built."""

FILE = "document.yaml"


def document_types(places: Places) -> dict[str, Manifest]:
    """The types by name: first those that the definition names, in its order, then documents about them. A type that takes its
    version from elsewhere is no document of a study and left out. DefinitionError when a document.yaml has faults."""
    from studygen.document.manifest import load_manifest

    names = sorted({path.parent.name for folder in places.templates for path in folder.glob(f"*/{FILE}")})
    found = {name: load_manifest(places.template(f"{name}/{FILE}"), places.templates) for name in names}
    of_a_study = [each for each in found.values() if each.version_of in VERSIONED]
    return {each.id: each for each in sorted(of_a_study, key=_order)}


def _order(manifest: Manifest) -> tuple[bool, int, str]:
    return (bool(manifest.about), VERSIONED.index(manifest.version_of), manifest.id)


def version_of(study: Study, manifest: Manifest) -> DocumentVersion:
    """The version that a document of this type carries: that of the study's document which it belongs to, under a reference of
    its own. AttributeError when the study has no such document."""
    version: DocumentVersion = getattr(study.documents, manifest.version_of)
    return version.model_copy(update={"reference": manifest.reference.format(reference=version.reference)})


def companions(study: Study, types: Mapping[str, Manifest], name: str, *, results: bool) -> tuple[tuple[str, str], ...]:
    """Title and reference of the documents about a document of this study that are made with it."""
    about = (each for each in types.values() if each.about == name and why_not(study, each, results=results) is None)
    return tuple((each.title, version_of(study, each).reference) for each in about)


def why_not(study: Study, manifest: Manifest, *, results: bool) -> tuple[str, str] | None:
    """Why a document of this type cannot be made of a study now, and what to do; None when it can. `results`: whether there are
    any."""
    if getattr(study.documents, manifest.version_of) is None:
        name = manifest.version_of
        return (f"the study has no {name} yet", f"Give it a reference, version, date and author under documents.{name}.")
    if manifest.needs == "results" and not results:
        return ("no registry has delivered, so there is nothing to report", "Put each delivery into deliveries/<registry>/.")
    if manifest.when and not holds(study, manifest.when):
        condition = (PREDICATES[manifest.when.removeprefix("not ")].__doc__ or manifest.when).strip()
        said = "does not hold" if not manifest.when.startswith("not ") else "holds"
        return (f"this document is not made of this study, because this {said}: {condition}", "Ask for another document.")
    return None
