"""Turns document trees into files, and only those that changed: a build leaves the old files whole when it fails and writes
nothing outside its output folder."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import asdict, dataclass, field
from importlib import metadata
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from studygen.errors import Fault, Place, WriterError
from studygen.pipeline.places import PACKAGE, Places

if TYPE_CHECKING:
    from studygen.document.nodes import Document
    from studygen.writers.style import Style

Format = Literal["pdf", "docx"]
FORMATS: tuple[Format, ...] = ("pdf", "docx")
LIBRARIES = ("weasyprint", "pydyf", "python-docx", "lxml", "matplotlib", "jinja2", "markdown-it-py", "citeproc-py", "pikepdf")
RECORD = ".studygen.json"
"""What was built from what, beside the documents."""


@dataclass(frozen=True, slots=True)
class Built:
    """One output file: its document, format, place, and whether it had to be written anew."""

    document: str
    format: Format
    path: Path
    written: bool


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a build made: the wanted files; older files that no longer match the definition because they were not asked for; and
    files that were removed because the definition no longer has their document."""

    files: tuple[Built, ...]
    outdated: tuple[Path, ...] = ()
    removed: tuple[Path, ...] = ()


@dataclass(frozen=True, slots=True)
class _Record:
    """What was built from what: a hash of all inputs, of each file's document tree, and of each file."""

    inputs: str = ""
    documents: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Job:
    name: str
    document: Document
    style: Style
    formats: tuple[Format, ...]
    folder: Path


def build(
    study: Path,
    output: Path,
    documents: Sequence[str] = (),
    formats: Sequence[Format] = FORMATS,
    workers: int | None = None,
    progress: Callable[[str], None] = lambda _: None,
) -> Outcome:
    """Builds a study's documents into `output/<study>/`. Nothing is done when neither inputs nor files changed since the last
    build; otherwise only documents whose tree changed are laid out anew. `workers` 1 builds one document after another."""
    folder = output / study.name
    record = _read_record(folder)
    inputs = _fingerprint_of_inputs(study, documents, formats)
    if record.inputs == inputs and record.files and _intact_files(folder, record) == set(record.files):
        kept = [name for name in record.files if _wanted(name, documents, formats)]
        return Outcome(tuple(Built(*_split(name), folder / name, False) for name in kept))

    from studygen.pipeline.composing import compose
    from studygen.pipeline.loading import documents_of, load
    from studygen.writers.style import load_style

    progress("loading")
    loaded = load(study)
    names = documents_of(loaded, documents)
    progress("composing")
    # All documents are composed, also those not asked for: only so can it be said which older files no longer agree.
    trees = compose(loaded, documents_of(loaded))
    style = load_style(loaded.places.template("style/brand.yaml"), loaded.places.template("style/page.css"))
    keys = {name: _fingerprint_of_document(tree, style) for name, tree in trees.items()}
    folder.mkdir(parents=True, exist_ok=True)
    files, old_keys = dict(record.files), dict(record.documents)
    intact = _intact_files(folder, record)
    jobs = []
    for name in names:
        stale = tuple(f for f in formats if old_keys.get(f"{name}.{f}") != keys[name] or f"{name}.{f}" not in intact)
        if stale:
            jobs.append((name, stale))
    with tempfile.TemporaryDirectory(dir=folder, prefix=".building-") as scratch:
        _run([_Job(name, trees[name], style, stale, Path(scratch)) for name, stale in jobs], workers, progress)
        written = [f"{name}.{f}" for name, stale in jobs for f in stale]
        for name in written:
            files[name], old_keys[name] = _sha256(Path(scratch) / name), keys[_split(name)[0]]
        for name in written:
            (Path(scratch) / name).replace(folder / name)
    removed = [name for name in files if _split(name)[0] not in trees]
    for name in removed:
        (folder / name).unlink(missing_ok=True)
        del files[name], old_keys[name]
    _write_record(folder, _Record(inputs, old_keys, files))
    outdated = [name for name in files if old_keys[name] != keys[_split(name)[0]]]
    return Outcome(
        tuple(Built(name, f, folder / f"{name}.{f}", f"{name}.{f}" in written) for name in names for f in formats),
        tuple(folder / name for name in outdated),
        tuple(folder / name for name in removed),
    )


def _run(jobs: Sequence[_Job], workers: int | None, progress: Callable[[str], None]) -> None:
    """Writes the jobs' files, documents side by side on the cores there are; the longest documents first."""
    ordered = sorted(jobs, key=lambda job: -len(job.document.body))
    count = min(len(ordered), workers or os.cpu_count() or 1)
    if count <= 1:
        for job in ordered:
            progress(f"writing {job.name}")
            _write(job)
        return
    progress("writing " + ", ".join(job.name for job in ordered))
    # Spawned, not forked: the parent may hold threads, and figures' libraries dislike a fork.
    with ProcessPoolExecutor(count, mp_context=get_context("spawn")) as pool:
        futures = {pool.submit(_write, job): job.name for job in ordered}
        faults: list[Fault] = []
        for future in as_completed(futures):
            try:
                future.result()
                progress(f"wrote {futures[future]}")
            except WriterError as error:
                faults.extend(error.faults)
        if faults:
            raise WriterError(faults)


def _write(job: _Job) -> None:
    """Lays a document out. Word's contents are pre-filled with the page numbers of the PDF, which has the same page size, margins
    and metrics of type, so the PDF is laid out even when only the DOCX is wanted."""
    from studygen.writers.pdf import render_pdf

    pdf = render_pdf(job.document, job.style)
    for format in job.formats:
        if format == "pdf":
            content = pdf.content
        else:
            from studygen.writers.docx import render_docx

            content = render_docx(job.document, job.style, pdf.pages)
        path = job.folder / f"{job.name}.{format}"
        try:
            path.write_bytes(content)
        except OSError as error:
            raise WriterError(
                Fault(Place(str(path)), f"the file could not be written: {error.strerror}", "Check space and permissions.")
            ) from error


# ---------------------------------------------------------------- what changed


def _fingerprint_of_inputs(study: Path, documents: Sequence[str], formats: Sequence[Format]) -> str:
    """A hash over all files a build reads (definition, deliveries, network, templates, code) and the libraries' versions."""
    places = Places.of(study)
    digest = hashlib.sha256()
    digest.update(json.dumps([sorted(documents), sorted(formats), _versions()]).encode())
    for root in (places.study, places.network, *places.templates, PACKAGE):
        for path in _files(root):
            digest.update(f"{path.relative_to(root).as_posix()}\0".encode())
            digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _files(root: Path) -> Iterable[Path]:
    return sorted(p for p in root.rglob("*") if p.is_file() and "__pycache__" not in p.parts)


def _fingerprint_of_document(document: Document, style: Style) -> str:
    from studygen.document.fingerprint import fingerprint

    writers = [_sha256(path) for path in _files(PACKAGE / "writers")]
    text = json.dumps([fingerprint(document), repr(style), _versions(), writers])
    return hashlib.sha256(text.encode()).hexdigest()


def _versions() -> dict[str, str]:
    return {name: metadata.version(name) for name in LIBRARIES}


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _intact_files(folder: Path, record: _Record) -> frozenset[str]:
    """The files of the last build that are still there, unchanged."""
    files = record.files.items()
    return frozenset(name for name, digest in files if (folder / name).is_file() and _sha256(folder / name) == digest)


def _wanted(name: str, documents: Sequence[str], formats: Sequence[Format]) -> bool:
    document, format = _split(name)
    return (not documents or document in documents) and format in formats


def _split(name: str) -> tuple[str, Format]:
    document, _, format = name.rpartition(".")
    return document, format  # type: ignore[return-value]


def _read_record(folder: Path) -> _Record:
    """What the last build left; an empty record when there is none or it cannot be read, so that everything is built anew."""
    try:
        return _Record(**json.loads((folder / RECORD).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return _Record()


def _write_record(folder: Path, record: _Record) -> None:
    scratch = folder / f"{RECORD}.new"
    scratch.write_text(json.dumps(asdict(record), indent=1, sort_keys=True) + "\n", encoding="utf-8")
    scratch.replace(folder / RECORD)
