"""What the commands print: findings, rules, explanations, errors and progress; coloured on a terminal only.
Knows nothing about options."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

import typer

from studygen.errors import StudygenError

if TYPE_CHECKING:
    from rich.console import Console

    from studygen.checks.guidance import Guidance
    from studygen.checks.report import Report


class CheckFormat(StrEnum):
    text = "text"
    json = "json"
    sarif = "sarif"
    github = "github"
    markdown = "markdown"


STYLES: Mapping[str, str] = {
    "": "",
    "file": "bold",
    "place": "cyan",
    "error": "bold red",
    "warning": "yellow",
    "info": "blue",
    "muted": "dim",
    "good": "green",
}
"""The colours of a check on a terminal."""


def print_rules(study: Path | None, explain: str | None, format: CheckFormat) -> None:
    from studygen.checks.formats.rules import explanation, rules_markdown, rules_table
    from studygen.pipeline.checking import guidance_of, named_rules

    guidance = guidance_of(study)
    if explain:
        for id in named_rules("--explain", [explain], guidance):
            for each in [id] if id in guidance else [rule for rule in guidance if rule.startswith(id)]:
                print("\n".join((*explanation(each, guidance), "")))
    elif format is CheckFormat.markdown:
        print(rules_markdown(guidance), end="")
    else:
        print("\n".join(rules_table(guidance)))


def print_reports(reports: Sequence[tuple[Report, Guidance]], format: CheckFormat, *, strict: bool) -> None:
    if format is CheckFormat.json:
        from studygen.checks.formats.machine import as_json

        print(as_json(reports, strict=strict), end="")
    elif format is CheckFormat.sarif:
        from studygen.checks.formats.sarif import as_sarif

        print(as_sarif(reports), end="")
    elif format is CheckFormat.github:
        from studygen.checks.formats.github import commands

        for report, guidance in reports:
            print("".join(f"{line}\n" for line in commands(report, guidance)), end="")
    else:
        for report, _ in reports:
            print_report(report, sys.stdout)


def print_report(report: Report, file: TextIO) -> None:
    """The findings, coloured on a terminal; in a file or pipe the same characters without colour."""
    from studygen.checks.formats.text import text_lines

    if not file.isatty():
        file.writelines("".join(text for text, _ in line) + "\n" for line in text_lines(report))
        return
    from rich.console import Console
    from rich.text import Text

    console = Console(file=file, highlight=False)
    for line in text_lines(report):
        console.print(Text.assemble(*((text, STYLES[style]) for text, style in line)), soft_wrap=True)


def times(n: int, noun: str) -> str:
    return f"{n} {noun}{'' if n == 1 else 's'}"


def explanation(facts: Mapping[str, Any]) -> str:
    lines = [f"{facts['id']}  =  {facts['shown']}", ""]
    lines += [f"exact     {', '.join(f'{name} {value}' for name, value in facts['exact'].items()) or facts['state']}"]
    lines += [f"method    {facts['method']}", f"formula   {facts['formula']}", f"source    {facts['citation']}"]
    lines += [f"{'inputs' if n == 0 else '':<9} {each['id']}  =  {each['shown']}" for n, each in enumerate(facts["inputs"])]
    for source in facts["sources"]:
        lines += ["", f"{source['registry']}", f"          {source['file']}  sha256 {source['sha256']}"]
        lines += [f"          line {row['line']}: {row['text']}" for row in source["lines"]]
    lines += ["", *(f"note      {note}" for note in facts["notes"])] if facts["notes"] else []
    return "\n".join(lines)


@contextmanager
def errors(subject: Path) -> Iterator[None]:
    try:
        yield
    except StudygenError as error:
        print_error(error, subject)
        raise typer.Exit(error.exit_code) from None


def print_error(error: StudygenError, subject: Path) -> None:
    count = len(error.faults)
    print(f"{subject}: {error.heading} ({count} fault{'s' if count != 1 else ''}).\n", file=sys.stderr)
    for fault in error.faults:
        print(f"{fault}\n", file=sys.stderr)


@contextmanager
def progress(name: str) -> Iterator[Any]:
    """A spinner with the present step on a terminal; nothing where output goes to a file or pipe."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console

    console: Console = Console(stderr=True)
    with console.status(name) as status:
        yield lambda step: status.update(f"{name}: {step}")
