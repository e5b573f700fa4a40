"""Turns document trees into files, and only those that changed: a build leaves the old files whole when it fails and writes
nothing outside its output folder."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import asdict, dataclass, field
from importlib import metadata
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from studygen.errors import Fault, Place, WriterError
from studygen.pipeline.editions import Edition, EditionName
from studygen.pipeline.making import making_of, roots_of
from studygen.pipeline.places import PACKAGE
from studygen.pipeline.proving import prove

if TYPE_CHECKING:
    from studygen.document.nodes import Document
    from studygen.writers.reading import ReadingLook
    from studygen.writers.style import Style

Format = Literal["pdf", "docx", "html", "trace.json"]
FORMATS: tuple[Format, ...] = ("pdf", "docx", "html", "trace.json")
"""What a document is written as; the trace of its numbers only where the document explains them in an annex."""
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
    warnings: int = 0
    """Findings of the check that did not refuse the build."""
    open_findings: int = 0
    """Findings in spite of which a draft was built; its pages say so."""


@dataclass(frozen=True, slots=True)
class _Record:
    """What was built from what: a hash of all inputs, of each file's document tree, and of each file."""

    inputs: str = ""
    names: Sequence[str] = ()
    """The documents that were asked for."""
    documents: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, str] = field(default_factory=dict)
    warnings: int = 0
    open_findings: int = 0


@dataclass(frozen=True, slots=True)
class _Job:
    name: str
    document: Document
    style: Style
    look: ReadingLook
    trace: Mapping[str, object]
    formats: tuple[Format, ...]
    folder: Path


def build(
    study: Path,
    output: Path,
    documents: Sequence[str] = (),
    formats: Sequence[Format] = FORMATS,
    workers: int | None = None,
    progress: Callable[[str], None] = lambda _: None,
    edition: EditionName = "regular",
    *,
    draft: bool = False,
) -> Outcome:
    """Builds the documents of a study or a dossier into `output/<study>/`, other editions into a folder of their own below it.
    Nothing is done when neither inputs nor files changed since the last build; otherwise only documents whose tree changed are
    laid out.
    What will be written is checked first: RefusedError when there are errors, and nothing is written, unless a `draft` is asked
    for, which says on every page how many findings are open. `workers` 1 builds one document after another."""
    folder, documents = output / study.name / Edition(edition).slug, tuple(documents)
    record = _read_record(folder)
    inputs = _fingerprint_of_inputs(study, documents, formats, draft=draft)
    if record.inputs == inputs and record.files and _intact_files(folder, record) == set(record.files):
        kept = [file for file in record.files if _split(file)[0] in record.names and _split(file)[1] in formats]
        unchanged = tuple(Built(*_split(name), folder / name, False) for name in kept)
        return Outcome(unchanged, warnings=record.warnings, open_findings=record.open_findings)

    from studygen.displays.texts import DisplayTexts
    from studygen.writers.reading import load_reading_look
    from studygen.writers.style import load_style

    progress("loading")
    making = making_of(study, edition)
    names = making.names(documents)
    checked = making.checked(progress, draft=draft)
    trees, template = checked.trees, making.places.template
    style = load_style(
        template("style/brand.yaml"), template("style/page.css"), making.places.shipped_template("style/brand.yaml")
    )
    look = load_reading_look(template("style/reading.css"), template("style/reading.js"))
    texts = DisplayTexts.load(making.places.templates)
    traces = {name: making.trace(tree, texts) for name, tree in trees.items()}
    keys = {
        f"{name}.{format}": _fingerprint_of_file(tree, style, look, traces[name], format)
        for name, tree in trees.items()
        for format in _formats_of(tree, FORMATS)
    }
    folder.mkdir(parents=True, exist_ok=True)
    files, old_keys = dict(record.files), dict(record.documents)
    intact = _intact_files(folder, record)
    jobs = []
    for name in names:
        wanted = [(format, f"{name}.{format}") for format in _formats_of(trees[name], formats)]
        stale = tuple(format for format, file in wanted if old_keys.get(file) != keys[file] or file not in intact)
        if stale:
            jobs.append((name, stale))
    with tempfile.TemporaryDirectory(dir=folder, prefix=".building-") as scratch:
        _run([_Job(n, trees[n], style, look, traces[n], stale, Path(scratch)) for n, stale in jobs], workers, progress)
        written = [f"{name}.{f}" for name, stale in jobs for f in stale]
        for name in written:
            files[name], old_keys[name] = _sha256(Path(scratch) / name), keys[name]
        for name in written:
            (Path(scratch) / name).replace(folder / name)
    removed = [name for name in files if name not in keys]
    for name in removed:
        (folder / name).unlink(missing_ok=True)
        del files[name], old_keys[name]
    _write_record(folder, _Record(inputs, names, old_keys, files, checked.warnings, checked.open_findings))
    outdated = [name for name in files if old_keys[name] != keys[name]]
    return Outcome(
        tuple(
            Built(name, f, folder / f"{name}.{f}", f"{name}.{f}" in written)
            for name in names
            for f in _formats_of(trees[name], formats)
        ),
        tuple(folder / name for name in outdated),
        tuple(folder / name for name in removed),
        checked.warnings,
        checked.open_findings,
    )


def _formats_of(document: Document, formats: Sequence[Format]) -> tuple[Format, ...]:
    """Those of the formats that a document is written as: a trace belongs to one that explains its numbers."""
    from studygen.document.traces import VALUE, row_anchors

    explains = any(anchor.startswith(VALUE) for anchor in row_anchors(document.body))
    return tuple(format for format in formats if format != "trace.json" or explains)


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
    """Writes a document in the formats that are wanted; a file that does not say what its document says is not kept."""
    for format, content in _contents(job):
        path = job.folder / f"{job.name}.{format}"
        prove(job.document, format, content, path.name)
        try:
            path.write_bytes(content)
        except OSError as error:
            raise WriterError(
                Fault(Place(str(path)), f"the file could not be written: {error.strerror}", "Check space and permissions.")
            ) from error


def _contents(job: _Job) -> Iterator[tuple[Format, bytes]]:
    """Word's contents are pre-filled with the page numbers of the PDF, which has the same page size, margins and metrics of type,
    so the PDF is laid out even when only the DOCX is wanted."""
    if "html" in job.formats:
        from studygen.writers.reading import render_reading

        yield "html", render_reading(job.document, job.style, job.look, job.trace)
    if "trace.json" in job.formats:
        yield "trace.json", (json.dumps(job.trace, indent=1, ensure_ascii=False, allow_nan=False) + "\n").encode("utf-8")
    if "pdf" in job.formats or "docx" in job.formats:
        from studygen.writers.pdf import render_pdf

        pdf = render_pdf(job.document, job.style)
        if "pdf" in job.formats:
            yield "pdf", pdf.content
        if "docx" in job.formats:
            from studygen.writers.docx import render_docx

            yield "docx", render_docx(job.document, job.style, pdf.pages)


# ---------------------------------------------------------------- what changed


def _fingerprint_of_inputs(study: Path, documents: Sequence[str], formats: Sequence[Format], *, draft: bool) -> str:
    """A hash over all files a build reads (definition, deliveries, network, templates, code) and the libraries' versions."""
    digest = hashlib.sha256()
    digest.update(json.dumps([sorted(documents), sorted(formats), draft, _versions()]).encode())
    for root in (*roots_of(study), PACKAGE):
        for path in _files(root):
            digest.update(f"{path.relative_to(root).as_posix()}\0".encode())
            digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _files(root: Path) -> Iterable[Path]:
    return sorted(p for p in root.rglob("*") if p.is_file() and "__pycache__" not in p.parts)


def _fingerprint_of_file(document: Document, style: Style, look: ReadingLook, trace: Mapping[str, object], format: Format) -> str:
    """A hash over all that makes one file: two files with the same are the same."""
    from studygen.document.fingerprint import fingerprint

    parts: list[object] = [format, _versions(), [_sha256(path) for path in _files(PACKAGE / "writers")]]
    parts += [trace] if format == "trace.json" else [fingerprint(document), repr(style)]
    parts += [trace, look.css, look.script] if format == "html" else []
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


def _versions() -> dict[str, str]:
    return {name: metadata.version(name) for name in LIBRARIES}


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _intact_files(folder: Path, record: _Record) -> frozenset[str]:
    """The files of the last build that are still there, unchanged."""
    files = record.files.items()
    return frozenset(name for name, digest in files if (folder / name).is_file() and _sha256(folder / name) == digest)


def _split(name: str) -> tuple[str, Format]:
    document, _, format = name.partition(".")
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
