"""Findings as SARIF 2.1.0 (OASIS, Static Analysis Results Interchange Format), which CI services show beside the lines of a pull
request. Paths are relative to the folder in which `studygen check` ran. Equal findings, equal bytes."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from importlib import metadata
from pathlib import PurePosixPath
from typing import Any, Final
from urllib.parse import quote

from studygen.checks.finding import Finding, Severity
from studygen.checks.formats.machine import fingerprint
from studygen.checks.guidance import Guidance, Requirement, Source
from studygen.checks.report import Report
from studygen.errors import Place

SCHEMA: Final = "https://json.schemastore.org/sarif-2.1.0.json"
ROOT: Final = "%SRCROOT%"
LEVELS: Final[Mapping[Severity, str]] = {"error": "error", "warning": "warning", "info": "note"}


def as_sarif(reports: Sequence[tuple[Report, Guidance]]) -> str:
    """One run with the findings of all studies and all rules that could have found something. Waived findings are results with
    an accepted suppression."""
    rules: dict[str, tuple[Requirement, Source]] = {}
    for _, guidance in reports:
        rules |= {id: (rule, guidance.source_of(id)) for id, rule in guidance.items()}
    order = {id: position for position, id in enumerate(sorted(rules))}
    found = [each for report, _ in reports for each in (*report.findings, *report.waived)]
    run = {
        "tool": {
            "driver": {
                "name": "studygen",
                "version": metadata.version("studygen"),
                "rules": [_rule(id, *rules[id]) for id in order],
            }
        },
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {ROOT: {"description": {"text": "The folder in which studygen check was run."}}},
        "invocations": [{"executionSuccessful": True}],
        "results": [_result(each, order[each.rule]) for each in found],
    }
    return json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2, ensure_ascii=False) + "\n"


def _rule(id: str, rule: Requirement, source: Source) -> dict[str, Any]:
    cited = ", ".join(part for part in (source.title, rule.clause) if part)
    standing = "" if rule.confirmed else " Not confirmed against the source’s text."
    plain = f"{rule.why}\n\n{rule.remedy}\n\nSource: {cited}.{standing}\n\nWrong:\n{rule.wrong}\n\nRight:\n{rule.right}\n"
    marked = (
        f"{rule.requires}\n\n**Why.** {rule.why}\n\n**Remedy.** {rule.remedy}\n\n**Source.** {cited}.{standing}\n\n"
        f"Wrong:\n\n{_fenced(rule.wrong)}\n\nRight:\n\n{_fenced(rule.right)}\n"
    )
    return {
        "id": id,
        "name": rule.title,
        "shortDescription": {"text": rule.title},
        "fullDescription": {"text": rule.requires},
        "help": {"text": plain, "markdown": marked},
        "defaultConfiguration": {"level": LEVELS[rule.effect]},
        "properties": {"tags": [rule.on, rule.source], "confirmed": rule.confirmed},
    }


def _fenced(example: str) -> str:
    return f"```\n{example.rstrip()}\n```"


def _result(finding: Finding, index: int) -> dict[str, Any]:
    found: dict[str, Any] = {
        "ruleId": finding.rule,
        "ruleIndex": index,
        "level": LEVELS[finding.severity],
        "message": {"text": finding.message},
        "locations": [_location(finding)],
        "partialFingerprints": {"studygenFinding/v1": fingerprint(finding)},
    }
    if finding.documents:
        found["properties"] = {"documents": list(finding.documents)}
    if finding.waiver:
        found["suppressions"] = [{"kind": "inSource", "status": "accepted", "justification": finding.waiver}]
    return found


def _location(finding: Finding) -> dict[str, Any]:
    location: dict[str, Any] = {"physicalLocation": _physical(finding.spot)}
    if finding.place != finding.spot or finding.place.path:
        location["logicalLocations"] = [dict(_logical(finding.place))]
    return location


def _physical(place: Place) -> dict[str, Any]:
    path = PurePosixPath(place.file)
    # A file elsewhere on the machine has no path below the root; then the whole path is a URI of its own.
    artifact = {"uri": f"file://{quote(place.file)}"} if path.is_absolute() else {"uri": quote(place.file), "uriBaseId": ROOT}
    physical: dict[str, Any] = {"artifactLocation": artifact}
    if place.line:
        physical["region"] = {"startLine": place.line}
    return physical


def _logical(place: Place) -> Iterator[tuple[str, str]]:
    """The part of a definition (`objectives[1].measure`) or of a document (`protocol`, `sec-design`)."""
    inside = place.path or place.file
    yield "name", inside
    yield "fullyQualifiedName", f"{place.file}#{place.path}" if place.path else place.file
