"""From the bytes of manifest.json to a typed manifest, and the rules on it: whose delivery, to which study and version, of which
nature, and whether its files are the ones it was written for."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from pydantic import ValidationError

from studygen.aggregates.contract import AGGREGATES, Manifest, PublishedSource
from studygen.document.library import Library
from studygen.errors import DefinitionError, Fault, Place, did_you_mean
from studygen.study.governance import Participation
from studygen.study.study import Study


@dataclass(frozen=True, slots=True)
class Sent:
    """What was found under one registry's name: the files' bytes, and how to name places in them. `registry` is the name of the
    folder or ZIP."""

    registry: str
    files: Mapping[str, bytes]
    shown: str
    """Path of the folder or ZIP as errors show it."""

    def place(self, file: str, line: int | None = None, path: str = "") -> Place:
        return Place(f"{self.shown}/{file}", line, path)


def read_manifest(content: bytes, file: str) -> tuple[Manifest | None, tuple[Fault, ...]]:
    """The manifest, or None with every fault of form."""
    try:
        text = content.decode("utf-8-sig")
        json.loads(text)
    except UnicodeDecodeError:
        return None, (Fault(Place(file, 1), "the file is not UTF-8 text", "Save it as UTF-8."),)
    except json.JSONDecodeError as error:
        return None, (Fault(Place(file, error.lineno), f"the line is not JSON ({error.msg})", "Mend it, or write it anew."),)
    try:
        return Manifest.model_validate_json(text), ()
    except ValidationError as error:
        return None, tuple(_form_fault(detail, text, file) for detail in error.errors())


def _form_fault(detail: Any, text: str, file: str) -> Fault:
    path = ".".join(str(part) for part in detail["loc"])
    key = str(detail["loc"][-1]) if detail["loc"] else ""
    place = Place(file, _line_of(key, text), path)
    if detail["type"] == "extra_forbidden":
        known = PublishedSource.model_fields if detail["loc"][0] == "source" else Manifest.model_fields
        return Fault(place, f'"{key}" is not known here', did_you_mean(key, known))
    if detail["type"] == "missing":
        return Fault(place, f'"{key}" is missing', "A manifest names: " + ", ".join(Manifest.model_fields) + ".")
    return Fault(place, f"{detail['input']!r} is not right: {detail['msg']}")


def _line_of(key: str, text: str) -> int | None:
    found = text.find(f'"{key}"') if key else -1
    return None if found < 0 else text.count("\n", 0, found) + 1


class Arrived(Protocol):
    """What the rules need that hold for the manifest of any delivery."""

    @property
    def sent(self) -> Sent: ...

    @property
    def manifest(self) -> Manifest: ...

    def fault(self, key: str, what: str, remedy: str) -> Fault: ...


def manifest_fault(sent: Sent, key: str, what: str, remedy: str) -> Fault:
    """A fault at the line of a key of the manifest."""
    text = sent.files["manifest.json"].decode("utf-8-sig")
    return Fault(sent.place("manifest.json", _line_of(key, text), key), what, remedy)


@dataclass(frozen=True, slots=True)
class Covering:
    """What a rule on the manifest of a study's delivery is given."""

    study: Study
    participation: Participation
    study_folder: Path
    sent: Sent
    manifest: Manifest

    def fault(self, key: str, what: str, remedy: str) -> Fault:
        return manifest_fault(self.sent, key, what, remedy)


def it_is_this_registrys(c: Arrived) -> Iterator[Fault]:
    """The manifest names the registry under whose name it lies."""
    if c.manifest.registry != c.sent.registry:
        yield c.fault(
            "registry",
            f'the delivery of "{c.manifest.registry}" lies under "{c.sent.registry}"',
            "Move it to its own registry's folder, or mend the manifest with the registry.",
        )


def it_is_for_this_study(c: Covering) -> Iterator[Fault]:
    """The manifest names this study and the version of its protocol."""
    if c.manifest.study != c.study.id:
        yield c.fault("study", f'the delivery is for the study "{c.manifest.study}"', f'This study is "{c.study.id}".')
    elif c.manifest.definition_version != c.study.documents.protocol.version:
        yield c.fault(
            "definition_version",
            f"the delivery answers protocol version {c.manifest.definition_version}",
            f"The protocol is now version {c.study.documents.protocol.version}: ask the registry for a delivery that answers it.",
        )


def its_nature_agrees_with_the_study(c: Covering) -> Iterator[Fault]:
    """Live, simulated and published aggregates are never mixed up."""
    nature, evidence = c.manifest.nature, c.study.evidence
    if evidence == "none_yet":
        yield c.fault("nature", "the study says that there is no evidence yet", f"Say evidence: {nature} in study.yaml.")
    elif nature != evidence:
        yield c.fault(
            "nature", f"the delivery is {nature}, but the study's evidence is {evidence}", "Mend the one that is wrong."
        )
    if (nature == "published") != (c.participation.decision == "published_results"):
        yield c.fault(
            "nature",
            f"the delivery is {nature}, but the registry's decision is {c.participation.decision}",
            "The decision published_results goes with published aggregates, and with no others.",
        )


def it_says_where_it_comes_from(c: Covering) -> Iterator[Fault]:
    """Published aggregates name their source; others name data cut, extraction, software and definition hash."""
    if c.manifest.nature == "published":
        if c.manifest.source is None:
            yield c.fault("source", "published aggregates name no source", "Add source with citation_key, doi and note.")
        elif (known := _citation_keys(c.study_folder)) is not None and c.manifest.source.citation_key not in known:
            key = c.manifest.source.citation_key
            yield c.fault("citation_key", f'"{key}" is not a work in the references of the study', did_you_mean(key, known))
        return
    yield from it_says_when_and_by_what(c)


def it_says_when_and_by_what(c: Arrived) -> Iterator[Fault]:
    """Data cut, extraction, software and definition hash, the dates in their order."""
    for key in ("data_cut", "extraction", "software", "definition_hash"):
        if not getattr(c.manifest, key):
            yield c.fault(key, f'"{key}" is missing', f"A {c.manifest.nature} delivery states it.")
    cut, extraction = c.manifest.data_cut, c.manifest.extraction
    if cut and extraction and extraction < cut:
        yield c.fault("extraction", f"the extraction ({extraction}) is before the data cut ({cut})", "Mend the dates.")


def it_belongs_to_the_interim_report(c: Covering) -> Iterator[Fault]:
    """An interim report shows no data beyond its cut-off."""
    report, cut = c.study.documents.report, c.manifest.data_cut
    interim = report.interim if report else None
    if interim and cut and cut > interim.cut_off:
        yield c.fault(
            "data_cut",
            f"the data cut ({cut}) is after the cut-off of the interim report ({interim.cut_off})",
            "Take the delivery that was made for the interim report, or correct documents.report.interim in study.yaml.",
        )


def its_files_are_unchanged(c: Arrived) -> Iterator[Fault]:
    """The SHA-256 of the file is the one the manifest states."""
    for name in c.manifest.files:
        if name != AGGREGATES:
            yield c.fault(
                name, f'"{name}" is not a file of a delivery', f"A delivery has one file beside the manifest: {AGGREGATES}."
            )
    stated = c.manifest.files.get(AGGREGATES)
    if stated is None:
        yield c.fault("files", f"the manifest does not state the SHA-256 of {AGGREGATES}", "Add it to files.")
        return
    found = hashlib.sha256(c.sent.files[AGGREGATES]).hexdigest()
    if stated != found:
        yield c.fault(
            AGGREGATES,
            f"the file is not the one the manifest was written for (SHA-256 {found[:12]}…, stated {stated[:12]}…)",
            "Ask the registry which is right; do not edit a delivery.",
        )


def _citation_keys(study_folder: Path) -> list[str] | None:
    try:
        return list(Library.from_folder(study_folder).works)
    except DefinitionError:
        return None  # there are none, or the documents say what is wrong with them


MANIFEST_RULES: Mapping[str, Callable[[Covering], Iterator[Fault]]] = {
    "A20": it_is_this_registrys,
    "A21": it_is_for_this_study,
    "A22": its_nature_agrees_with_the_study,
    "A23": it_says_where_it_comes_from,
    "A24": it_belongs_to_the_interim_report,
    "A25": its_files_are_unchanged,
}
"""By the rule's id in `templates/guidance/rules/`."""
