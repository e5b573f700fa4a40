"""The submission profile: a study's PDF files under the names and in the form that submissions ask for, and a report of every
rule with what was measured. The rules are data; nothing is written when a file breaks one that must hold."""

from __future__ import annotations

import hashlib
import json
import re
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from studygen.errors import Fault, Place, WriterError

if TYPE_CHECKING:
    from studygen.checks.submission import SubmissionRules, Verdict
    from studygen.document.nodes import Document
    from studygen.study.identity import DocumentVersion

FOLDER = "submission"
REPORT = "submission.json"
PLACEHOLDER = re.compile(r"\bTB[CD]\b|lorem ipsum|\?\?\?", re.IGNORECASE)
"""What stands where something is still to be written."""


@dataclass(frozen=True, slots=True)
class Submitted:
    """A file for submission: its document, its place, and the rules it does not meet; none of them must hold."""

    document: str
    path: Path
    unmet: tuple[Verdict, ...]

    @property
    def ready(self) -> bool:
        """Whether nothing but advice is left."""
        return all(verdict.rule.severity == "info" for verdict in self.unmet)


@dataclass(frozen=True, slots=True)
class _Candidate:
    document: str
    name: str
    version: DocumentVersion
    content: bytes
    verdicts: tuple[Verdict, ...]

    @property
    def unmet(self) -> tuple[Verdict, ...]:
        return tuple(verdict for verdict in self.verdicts if not verdict.met)


def submit(
    study: Path, output: Path, files: Mapping[str, Path], progress: Callable[[str], None] = lambda _: None
) -> tuple[Submitted, ...]:
    """Fits PDF files that were just built (document → file) for submission and writes them, with `submission.json`, into
    `output/<study>/submission/`, which then holds nothing else.
    WriterError names every broken rule that must hold; the old folder then stays as it was."""
    from studygen.checks.submission import load_rules
    from studygen.pipeline.making import making_of

    making = making_of(study, "regular")
    rules = load_rules(making.places.template("guidance/submission-pdf.yaml"))
    edited = making.edited(tuple(files))
    candidates = []
    for name, path in files.items():
        progress(f"measuring {name}")
        each = edited[name]
        candidates.append(_candidate(name, path, each.tree, each.version, rules, each.illustrative))
    faults = [
        Fault(Place(each.name, path=verdict.rule.id), verdict.told)
        for each in candidates
        for verdict in each.unmet
        if verdict.rule.severity == "error"
    ]
    names = [each.name for each in candidates]
    faults += [
        Fault(Place(name), "two documents would have this name", "Give each document a reference of its own.")
        for name in dict.fromkeys(names)
        if names.count(name) > 1
    ]
    if faults:
        raise WriterError(faults)
    folder = output / study.name / FOLDER
    _write(folder, candidates, _report(study.name, rules, candidates))
    return tuple(Submitted(each.document, folder / each.name, each.unmet) for each in candidates)


def file_name(version: DocumentVersion) -> str:
    """A document's name in a submission: "bmsd-pass-ex1-pro-v1-0.pdf"."""
    return f"{version.reference}-v{version.version}".lower().replace(".", "-") + ".pdf"


def _candidate(
    document: str, path: Path, tree: Document, version: DocumentVersion, rules: SubmissionRules, illustrative: bool
) -> _Candidate:
    from studygen.checks.submission import verdicts
    from studygen.writers.pdf_facts import facts_of_pdf
    from studygen.writers.pdf_submission import fit_for_submission

    content = fit_for_submission(path.read_bytes())
    facts = facts_of_pdf(content, tree) | {
        "file_name": file_name(version),
        "status": version.status,
        "illustrative": illustrative,
        "placeholders": _placeholders(tree) if version.status == "final" else [],
    }
    return _Candidate(document, file_name(version), version, content, verdicts(rules, facts))


def _placeholders(tree: Document) -> list[str]:
    from studygen.document.passages import passages

    texts = (text for passage in passages(tree) for text in passage.texts)
    return list(dict.fromkeys(found for text in texts for found in PLACEHOLDER.findall(text)))


def _report(study: str, rules: SubmissionRules, candidates: Sequence[_Candidate]) -> str:
    """The report as JSON: each file's identity, and each rule's origin, test, measured value and verdict."""
    documents = [
        {
            "document": each.document,
            "file": each.name,
            "sha256": hashlib.sha256(each.content).hexdigest(),
            "reference": each.version.reference,
            "version": each.version.version,
            "date": each.version.date.isoformat(),
            "status": each.version.status,
            "ready": all(verdict.rule.severity == "info" for verdict in each.unmet),
            "rules": [
                {
                    "id": verdict.rule.id,
                    "source": rules.sources[verdict.rule.source],
                    "clause": verdict.rule.clause,
                    "confirmed": verdict.rule.confirmed,
                    "severity": verdict.rule.severity,
                    "rule": verdict.rule.paraphrase,
                    "fact": verdict.rule.fact,
                    "test": verdict.rule.test,
                    "measured": verdict.measured,
                    "met": verdict.met,
                }
                for verdict in each.verdicts
            ],
        }
        for each in candidates
    ]
    report = {"study": study, "ready": all(each["ready"] for each in documents), "documents": documents}
    return json.dumps(report, indent=1, ensure_ascii=False, allow_nan=False) + "\n"


def _write(folder: Path, candidates: Sequence[_Candidate], report: str) -> None:
    """Puts the files in place when all are written, and removes what an earlier submission left."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder, prefix=".submitting-") as scratch:
        for each in candidates:
            (Path(scratch) / each.name).write_bytes(each.content)
        (Path(scratch) / REPORT).write_text(report, encoding="utf-8")
        kept = {path.name for path in Path(scratch).iterdir()}
        for name in sorted(kept):
            (Path(scratch) / name).replace(folder / name)
    for path in folder.iterdir():
        if path.is_file() and path.name not in kept:
            path.unlink()
