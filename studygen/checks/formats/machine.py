"""Findings as JSON for programs: one object for all studies that were checked. Equal findings, equal bytes."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence

from studygen.checks.finding import Finding
from studygen.checks.guidance import Guidance
from studygen.checks.report import Report

FORMAT = 1
"""Version of this form; it changes when a key changes its meaning or goes."""


def as_json(reports: Sequence[tuple[Report, Guidance]], *, strict: bool = False) -> str:
    """All reports with the requirements of the rules that found something."""
    studies = [
        {
            "study": report.study.as_posix(),
            "exit_code": report.exit_code(guidance, strict=strict),
            "documents": list(report.documents),
            "deliveries": report.deliveries,
            "results": report.results,
            "summary": {name: dict(counts) for name, counts in report.by_document()},
            "findings": [_finding(each, guidance) for each in report.findings],
            "waived": [_finding(each, guidance) for each in report.waived],
        }
        for report, guidance in reports
    ]
    return json.dumps({"format": FORMAT, "studies": studies}, indent=2, ensure_ascii=False) + "\n"


def _finding(each: Finding, guidance: Guidance) -> Mapping[str, object]:
    rule = guidance[each.rule]
    return {
        "rule": each.rule,
        "title": rule.title,
        "severity": each.severity,
        "on": rule.on,
        "source": rule.source,
        "clause": rule.clause,
        "confirmed": rule.confirmed,
        "place": {"file": each.place.file, "line": each.place.line, "path": each.place.path},
        "at": {"file": each.spot.file, "line": each.spot.line},
        "what": each.what,
        "remedy": each.remedy,
        "documents": list(each.documents),
        "fingerprint": fingerprint(each),
        **({"waiver": each.waiver} if each.waiver else {}),
    }


def fingerprint(finding: Finding) -> str:
    """The same for the same finding while lines above it come and go: made of rule, file, path and what is said, not of lines."""
    parts = (finding.rule, finding.place.file, finding.place.path, finding.what)
    return hashlib.sha256("\0".join(parts).encode("utf-8")).hexdigest()[:32]
