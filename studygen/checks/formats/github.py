"""Findings as workflow commands (`::error file=…,line=…,title=…::message`), which GitHub Actions and services that understand the
same commands show beside the lines of a pull request."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from studygen.checks.finding import Finding, Severity
from studygen.checks.guidance import Guidance
from studygen.checks.report import Report

COMMANDS: Final[Mapping[Severity, str]] = {"error": "error", "warning": "warning", "info": "notice"}


def commands(report: Report, guidance: Guidance) -> Iterator[str]:
    """One command a line, the gravest first."""
    for each in report.findings:
        yield _command(each, guidance)


def _command(finding: Finding, guidance: Guidance) -> str:
    spot = finding.spot
    properties = {"file": spot.file, "title": f"{finding.rule}: {guidance[finding.rule].title}"}
    if spot.line:
        properties = {"file": spot.file, "line": str(spot.line), "title": properties["title"]}
    where = "" if spot == finding.place else f" ({finding.place})"
    given = ",".join(f"{name}={_property(value)}" for name, value in properties.items())
    return f"::{COMMANDS[finding.severity]} {given}::{_data(finding.message + where)}"


def _data(text: str) -> str:
    """A command ends with its line, and % begins an escape."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    """Properties are divided by commas, and the last one ends with a colon."""
    return _data(text).replace(":", "%3A").replace(",", "%2C")
