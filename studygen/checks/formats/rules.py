"""The rules themselves for people: one explained, or all as a table. Knows no finding."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from textwrap import indent
from typing import Final

from studygen.checks.guidance import Guidance

COLUMNS: Final = ("id", "title", "on", "severity", "source", "clause", "confirmed")

PAGE: Final = """\
# Rules of `studygen check`

This table is made from the catalogue (`rules/*.yaml` beside this file) by `make rules`; `studygen check --explain P26` tells all
about one rule. A rule that is not confirmed against its source’s text warns at most. A study leaves a rule aside with `waivers`.

"""


def explanation(id: str, guidance: Guidance) -> Iterator[str]:
    """Everything about a rule. DefinitionError with the nearest ids when there is none."""
    rule, source = guidance[id], guidance.source_of(id)
    standing = "confirmed against its text" if rule.confirmed else "not confirmed against its text: it warns at most"
    if rule.source == "own":
        standing = "a rule of our own"
    concerns = ", ".join(rule.documents) or "the whole study"
    yield f"{id}  {rule.title}"
    yield ""
    yield f"{rule.effect} on {rule.on}; concerns {concerns}"
    yield f"source    {', '.join(part for part in (source.title, rule.clause) if part)}"
    yield f"          {standing}"
    for name, text in (("requires", rule.requires), ("why", rule.why), ("remedy", rule.remedy)):
        yield ""
        yield f"{name.ljust(9)} {' '.join(text.split())}"
    for name, example in (("wrong", rule.wrong), ("right", rule.right)):
        yield ""
        yield name
        yield indent(example.rstrip(), "    ")


def rules_table(guidance: Guidance) -> Iterator[str]:
    """All rules in columns of even width."""
    rows = [COLUMNS, *_rows(guidance)]
    # The last columns are cut by no terminal's width: they are short.
    widths = [max(len(row[column]) for row in rows) for column in range(len(COLUMNS))]
    for row in rows:
        yield "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()


def rules_markdown(guidance: Guidance) -> str:
    """All rules as a page of documentation, with the sources below."""
    lines = [f"| {' | '.join(COLUMNS)} |", f"|{' --- |' * len(COLUMNS)}"]
    lines += [f"| {' | '.join(_escaped(cell) for cell in row)} |" for row in _rows(guidance)]
    used = sorted({rule.source for rule in guidance.values()})
    sources = [
        f"| {key} | {_escaped(guidance.sources[key].title)} | {guidance.sources[key].status.replace('_', ' ')} |" for key in used
    ]
    lines += ["", "## Sources", "", "| source | title | text |", "| --- | --- | --- |", *sources]
    return PAGE + "\n".join(lines) + "\n"


def _rows(guidance: Guidance) -> Iterator[Sequence[str]]:
    for id, rule in guidance.items():
        own = guidance.sources[rule.source].status == "own"
        confirmed = "own" if own else "yes" if rule.confirmed else "no"
        yield (id, rule.title, rule.on, rule.effect, rule.source, rule.clause, confirmed)


def _escaped(cell: str) -> str:
    return cell.replace("|", "\\|").replace("\n", " ")
