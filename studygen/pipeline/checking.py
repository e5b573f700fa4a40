"""Checks a study without writing documents: reads, reconciles, asks the rules, composes, asks the rules on documents; what stops
one step becomes findings. Knows neither rules nor how findings are printed."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from studygen.checks.catalogue import as_finding, findings
from studygen.checks.finding import Finding, faults_of
from studygen.checks.guidance import Guidance, load_guidance
from studygen.checks.report import Report
from studygen.checks.subject import Checked, Subject
from studygen.checks.waivers import can_be_waived, waiver_faults
from studygen.errors import DeliveryError, Fault, Place, StudygenError, did_you_mean
from studygen.pipeline.places import Places, shipped
from studygen.pipeline.placing import placed
from studygen.qualification.place import is_dossier

if TYPE_CHECKING:
    from studygen.document.nodes import Document
    from studygen.pipeline.loading import Loaded

BEFORE_DOCUMENTS = ("definition", "delivery", "results")
"""What the rules look at that need no document."""


class UnknownRuleError(StudygenError):
    """A rule or a group of rules was named that does not exist."""

    exit_code = 2
    heading = "There is no such rule"


def guidance_of(study: Path | None = None) -> Guidance:
    """The requirements that hold for a study: those shipped, and the network's own; without a study those shipped."""
    templates = Places.of(study).templates if study else (shipped("templates"),)
    return load_guidance([folder / "guidance" for folder in reversed(templates)])


def named_rules(option: str, given: Collection[str], guidance: Guidance) -> tuple[str, ...]:
    """Rule ids (P26) and groups (P), given alone or with commas between. UnknownRuleError with all that do not exist."""
    names = tuple(name for each in given for name in each.replace(",", " ").split())
    groups = sorted({id[0] for id in guidance})
    faults = [
        Fault(Place(option), f'"{name}" is neither a rule nor a group of rules', _nearest(name, guidance, groups))
        for name in names
        if name not in guidance and name not in groups
    ]
    if faults:
        raise UnknownRuleError(faults)
    return names


def _nearest(name: str, guidance: Guidance, groups: Sequence[str]) -> str:
    return did_you_mean(name.upper(), guidance) if len(name) > 1 else f"Groups: {', '.join(groups)}."


def check(study: Path, select: Collection[str] = (), ignore: Collection[str] = (), guidance: Guidance | None = None) -> Report:
    """Everything that is wrong with a study. `select` and `ignore` are rule ids or their first letters; `ignore` wins."""
    guidance = guidance or guidance_of(study)
    if is_dossier(study):
        from studygen.pipeline.dossier_checking import check_dossier

        return check_dossier(study, guidance, select, ignore)
    from studygen.pipeline.composing import compose
    from studygen.pipeline.loading import documents_of, load_planned, with_deliveries

    found: list[Finding] = []
    try:
        loaded = load_planned(study)
    except StudygenError as error:
        return _reported(study, None, (), _stopping(error, guidance), select, ignore)
    try:
        loaded = with_deliveries(loaded)
    except DeliveryError as error:
        found += _stopping(error, guidance)
    names = documents_of(loaded)
    found += before_documents(loaded, guidance)
    composed: Sequence[str] = ()
    if _composing(guidance, select, ignore):
        try:
            found += on_documents(loaded, compose(loaded, names, drawings=False), guidance)
            composed = names
        except StudygenError as error:
            found += _stopping(error, guidance)
    return _reported(study, loaded, names, found, select, ignore, guidance, _looked(loaded, composed, guidance))


def examine(study: Path, loaded: Loaded, trees: Mapping[str, Document], guidance: Guidance) -> Report:
    """The check of a study that is about to be built, on the documents that will be written. A dry run's numbers are not looked
    at, because nobody sent them; a public version is checked as it will be read."""
    if loaded.edition.name == "dry_run":
        found = [*_ruled(loaded, {}, guidance, ("definition",))]
        rehearsed = replace(loaded, written=replace(loaded.written, study=loaded.study))
        found += on_documents(rehearsed, trees, guidance)
    else:
        found = [*before_documents(loaded, guidance), *on_documents(loaded, trees, guidance)]
    looked = () if loaded.edition.name == "dry_run" else _looked(loaded, tuple(trees), guidance)
    return _reported(study, loaded, tuple(trees), found, (), (), guidance, looked)


def before_documents(loaded: Loaded, guidance: Guidance) -> list[Finding]:
    """What the rules find that need no document."""
    return _ruled(loaded, {}, guidance, BEFORE_DOCUMENTS)


def on_documents(loaded: Loaded, trees: Mapping[str, Document], guidance: Guidance) -> list[Finding]:
    """What the rules on documents find, given the composed documents by name."""
    from studygen.document.manifest import load_manifest

    places = loaded.places
    documents = {
        name: Checked(load_manifest(places.template(f"{name}/document.yaml"), places.templates), tree)
        for name, tree in trees.items()
    }
    return _ruled(loaded, documents, guidance, ("document",))


def _ruled(loaded: Loaded, documents: Mapping[str, Checked], guidance: Guidance, on: Collection[str]) -> list[Finding]:
    folder = loaded.places.shipped_template("guidance")
    subject = Subject(
        loaded.written,
        loaded.places.study,
        loaded.network,
        loaded.deliveries,
        loaded.planned,
        loaded.results,
        folder,
        documents,
        loaded.frozen,
    )
    return list(findings(subject, guidance, on))


def _stopping(error: StudygenError, guidance: Guidance) -> list[Finding]:
    """The faults that stopped a step. Whatever the standing of their rules, nothing can be built with them."""
    return [replace(as_finding(fault, guidance), severity="error") for fault in faults_of(error)]


def _composing(guidance: Guidance, select: Collection[str], ignore: Collection[str]) -> bool:
    """Whether documents are needed: they are not when only rules on what they are made from are asked for."""
    return any(_asked(id, select, ignore) for id, rule in guidance.items() if rule.on == "document")


def _looked(loaded: Loaded, composed: Sequence[str], guidance: Guidance) -> tuple[str, ...]:
    """The rules that looked at all that they look at: not those on results or documents that are not there yet."""
    there = {"definition": True, "delivery": loaded.results is not None, "results": loaded.results is not None}
    return tuple(
        id
        for id, rule in guidance.items()
        if there.get(rule.on, bool(composed) and set(rule.documents or composed) <= set(composed))
    )


def _reported(
    study: Path,
    loaded: Loaded | None,
    names: Sequence[str],
    found: Sequence[Finding],
    select: Collection[str],
    ignore: Collection[str],
    guidance: Guidance | None = None,
    asked: Collection[str] = (),
) -> Report:
    """`asked`: the rules that looked at everything they look at, so that what they did not find is not there."""
    if loaded and guidance:
        found = [*found, *(as_finding(fault, guidance) for fault in waiver_faults(loaded.written, guidance, found, asked))]
    chosen = _chosen(found, select, ignore)
    places = Places.of(study)
    chosen = tuple(placed(each, loaded.written if loaded else None, places) for each in chosen)
    waivers = {waiver.rule: str(waiver.reason) for waiver in loaded.study.waivers if can_be_waived(waiver.rule)} if loaded else {}
    return Report(
        study,
        tuple(names),
        len(loaded.deliveries.registries) if loaded else 0,
        len(loaded.results or ()) if loaded else 0,
        tuple(each for each in chosen if each.rule not in waivers),
        tuple(replace(each, waiver=waivers[each.rule]) for each in chosen if each.rule in waivers),
    )


def _chosen(found: Sequence[Finding], select: Collection[str], ignore: Collection[str]) -> tuple[Finding, ...]:
    kept = (each for each in found if _asked(each.rule, select, ignore))
    return tuple(sorted(dict.fromkeys(kept), key=lambda each: each.order))


def _asked(rule: str, select: Collection[str], ignore: Collection[str]) -> bool:
    return (not select or _named(rule, select)) and not _named(rule, ignore)


def _named(rule: str, names: Collection[str]) -> bool:
    return rule in names or rule[0] in names
