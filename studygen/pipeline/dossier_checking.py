"""Checks a dossier without writing documents: reads, asks the rules on dossiers, composes; what stops one step becomes findings.
Beside `checking`, which knows studies."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from studygen.checks.catalogue import as_finding
from studygen.checks.finding import Finding, faults_of
from studygen.checks.guidance import Guidance
from studygen.checks.qualification_rules import RULES
from studygen.checks.report import Report
from studygen.errors import Fault, StudygenError
from studygen.pipeline.qualifying import LoadedDossier, Wanted, compose_dossier, load_dossier, wanted_documents

if TYPE_CHECKING:
    from studygen.document.nodes import Document


def check_dossier(folder: Path, guidance: Guidance, select: Collection[str] = (), ignore: Collection[str] = ()) -> Report:
    """Everything that is wrong with a dossier. `select` and `ignore` are rule ids or their first letters; `ignore` wins."""
    try:
        loaded = load_dossier(folder)
    except StudygenError as error:
        return _reported(folder, (), _stopping(error, guidance), select, ignore)
    found = list(_findings(loaded, guidance))
    wanted = wanted_documents(loaded)
    names: Sequence[str] = tuple(wanted)
    if not select or any(not each.startswith("Q") for each in select):
        try:
            compose_dossier(loaded, wanted.values(), drawings=False)
        except StudygenError as error:
            found += _stopping(error, guidance)
    return _reported(folder, names, found, select, ignore, loaded)


def examine_dossier(loaded: LoadedDossier, trees: Mapping[str, Document], guidance: Guidance) -> Report:
    """The check of a dossier whose documents are about to be written."""
    return _reported(loaded.places.study, tuple(trees), list(_findings(loaded, guidance)), (), (), loaded)


def _findings(loaded: LoadedDossier, guidance: Guidance) -> Iterator[Finding]:
    wanted = tuple(wanted_documents(loaded).values())
    for id, rule in RULES.items():
        for fault in rule(loaded.dossier):
            found = as_finding(Fault(fault.place, fault.what, fault.remedy, fault.rule or id), guidance)
            yield replace(found, documents=_concerned(found, wanted))


def _concerned(found: Finding, wanted: Iterable[Wanted]) -> tuple[str, ...]:
    """The names of the documents that a finding concerns: of those that there is one of for each registry only the one whose
    profile or mapping it lies in."""
    names = [each for each in wanted if each.manifest.version_of.replace("_", "-") in found.documents]
    stem = Path(found.place.file).stem
    own = [each for each in names if each.about is None or each.about.id == stem]
    return tuple(each.name for each in own or names)


def _stopping(error: StudygenError, guidance: Guidance) -> list[Finding]:
    """The faults that stopped a step. Whatever the standing of their rules, nothing can be built with them."""
    return [replace(as_finding(fault, guidance), severity="error") for fault in faults_of(error)]


def _reported(
    folder: Path,
    names: Sequence[str],
    found: Sequence[Finding],
    select: Collection[str],
    ignore: Collection[str],
    loaded: LoadedDossier | None = None,
) -> Report:
    """Findings that the dossier waives stand apart, each with its reason."""
    chosen = tuple(sorted((each for each in found if _asked(each.rule, select, ignore)), key=lambda each: each.order))
    waivers = {each.rule: str(each.reason) for each in loaded.dossier.definition.waivers} if loaded else {}
    figures = loaded.dossier.figures if loaded else ()
    return Report(
        folder,
        tuple(names),
        len({figure.registry for figure in figures}),
        sum(len(each.all) for each in loaded.studies.values()) if loaded else 0,
        tuple(each for each in chosen if each.rule not in waivers or each.rule not in RULES),
        tuple(replace(each, waiver=waivers[each.rule]) for each in chosen if each.rule in waivers and each.rule in RULES),
    )


def _asked(rule: str, select: Collection[str], ignore: Collection[str]) -> bool:
    def named(names: Collection[str]) -> bool:
        return rule in names or rule[0] in names

    return (not select or named(select)) and not named(ignore)
