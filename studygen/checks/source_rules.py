"""Whether what is said of registries holds together: approvals, description, feasibility, variables against objectives,
thresholds, programs, first access to results (P29, P34, P36, S01, S06, S07, M12, M13, M16, M26)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from studygen.checks.emptiness import says_nothing
from studygen.checks.subject import Rule, Subject
from studygen.errors import Fault, Place
from studygen.misfits import DataPath
from studygen.study.governance import Participation

DESCRIPTION = (
    *("study_period", "entry_period", "data_version", "extraction", "data_types", "linkage", "cdm", "software"),
    *("reason_for_selection", "strengths", "limitations"),
)
"""What HARPER Table 12 and section 7.6.1 ask of each data source."""

LIVE = ("accepted", "accepted_with_limits")

MOST_LISTED = 8
"""How many ids a finding spells out."""


def approvals_are_documented(subject: Subject) -> Iterator[Fault]:
    """An approval has body or reference and a date; that none is needed has a reason."""
    for n, participation in enumerate(subject.study.participation):
        if participation.decision in ("declined", "withdrawn"):
            continue
        for name in ("ethics", "data_protection"):
            approval, place = getattr(participation, name), ("participation", n, name)
            noun = "ethics approval" if name == "ethics" else "data-protection basis"
            if approval.status == "approved" and (not (approval.body or approval.reference) or approval.date is None):
                what = f"the {noun} of {participation.registry} is given, but not by whom and when"
                yield subject.fault(place, what, 'Add "body:" or "reference:", and "date:".')
            if approval.status == "not_required" and says_nothing(approval.note):
                what = f"no {noun} is said to be required at {participation.registry}, without a reason"
                yield subject.fault(place, what, 'Say in "note:" on which ground.')
            if approval.status == "in_source_publication" and participation.decision != "published_results":
                what = f"the {noun} of {participation.registry} is said to be published, but its data are not published results"
                yield subject.fault(place, what, "State the approval of this study.")


def data_sources_are_described(subject: Subject) -> Iterator[Fault]:
    for n, participation in enumerate(subject.study.participation):
        missing = [name for name in DESCRIPTION if not getattr(participation, name)]
        if participation.delivers and missing:
            what = (
                f"{participation.registry} takes part, but {', '.join(missing)} {'is' if len(missing) == 1 else 'are'} not stated"
            )
            yield subject.fault(("participation", n), what, "State it as the registry knows it, also where it is none.")


def participating_registries_are_feasible(subject: Subject) -> Iterator[Fault]:
    """A registry that takes part has said what it holds and how many persons it brings."""
    study = subject.study
    sizes = " ".join(f"{each.label} {each.value} {each.source}" for each in study.study_size.inputs)
    text = f"{study.data.feasibility} {study.study_size.statement} {sizes}"
    for n, participation in enumerate(study.participation):
        if participation.decision not in LIVE:
            continue
        profile = subject.network.registry(participation.registry)
        delivery = subject.deliveries.get(participation.registry)
        counted = delivery is not None and bool(delivery.rows_of("feasibility"))
        if not participation.variables:
            what = f"{profile.short_name} takes part, but which variables it holds is not said"
            yield subject.fault(("participation", n), what, 'Add "variables:" with the state of every outcome and covariate.')
        if not counted and not _names(text, profile.short_name, profile.name):
            what = f"{profile.short_name} takes part, but its feasibility counts are not given"
            remedy = "Give them in data.feasibility, as inputs of study_size, or as rows feasibility in the delivery."
            yield subject.fault(("participation", n), what, remedy)


def the_plan_precedes_comparative_results(subject: Subject) -> Iterator[Fault]:
    """The analysis plan is final and dated before the first comparative result; later amendments say so themselves."""
    sap = subject.study.documents.sap
    for registry, delivery in subject.deliveries.items():
        if delivery.manifest.nature != "live" or not any(":" in row.key.group for row in delivery.rows):
            continue
        extraction = delivery.manifest.extraction
        if sap.status == "draft" and not _number(sap.version) >= (1, 0):
            what = f"{registry} has delivered comparative results while the analysis plan is draft {sap.version}"
            yield subject.fault(
                ("documents", "sap", "status"), what, "Make the plan final; describe what was known before as a deviation."
            )
        if extraction and sap.date > extraction and not subject.study.plan_amendments:
            what = (
                f"the analysis plan ({sap.date}) is younger than the comparative results of {registry} (extracted {extraction})"
            )
            remedy = "List under plan_amendments what was changed and whether results had been seen; or correct a date."
            yield subject.fault(("documents", "sap", "date"), what, remedy)


def _number(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))


def registries_ran_the_same_program(subject: Subject) -> Iterator[Fault]:
    """Deliveries that answer one definition state one definition hash and one software version."""
    live = [each for each in subject.deliveries.values() if each.manifest.nature != "published"]
    for name, noun in (("software", "program"), ("definition_hash", "definition")):
        first = next((each for each in live if getattr(each.manifest, name)), None)
        for delivery in live if first else ():
            stated, expected = getattr(delivery.manifest, name), getattr(first.manifest, name) if first else ""
            if stated and stated != expected and first:
                what = f'{delivery.registry} ran another {noun} ("{stated[:40]}") than {first.registry} ("{expected[:40]}")'
                remedy = "Let all registries run the same version, or show that the difference cannot change a result."
                yield Fault(Place(delivery.manifest_file, None, name), what, remedy)


def thresholds_are_the_ones_in_force(subject: Subject) -> Iterator[Fault]:
    """No threshold is stated that is lower than the one in force."""
    study, network = subject.study, subject.network
    if study.disclosure.threshold < network.profile.small_cell_threshold:
        least = network.profile.small_cell_threshold
        what = f"the study states a threshold of {study.disclosure.threshold}, the network's is {least}"
        yield subject.fault(("disclosure", "threshold"), what, f"Write {least} or more.")
    for n, participation in enumerate(study.participation):
        own = network.registry(participation.registry).small_cell_threshold
        stated = participation.small_cell_threshold
        if stated is not None and stated < own:
            what = f"{participation.registry} is given a threshold of {stated}, its own is {own}"
            yield subject.fault(("participation", n, "small_cell_threshold"), what, f"Write {own} or more, or delete the key.")


def contributing_registries_hold_the_outcomes(subject: Subject) -> Iterator[Fault]:
    study = subject.study
    for n, participation in enumerate(study.participation):
        if not participation.delivers:
            continue
        outcomes, _ = _needed(subject, participation)
        for m, each in enumerate(participation.variables):
            if each.variable in outcomes and each.state == "not_collected":
                what = f'{participation.registry} contributes to the objective of "{each.variable}", which it does not collect'
                remedy = "Name under objectives: those it can contribute to, or correct the state."
                yield subject.fault(("participation", n, "variables", m), what, remedy)


def registries_hold_what_objectives_need(subject: Subject) -> Iterator[Fault]:
    """Per registry that takes part or is asked to: what its objectives need and it lacks, has not confirmed, or leaves open."""
    for n, participation in enumerate(subject.study.participation):
        if not (participation.delivers or participation.decision == "pending"):
            continue
        outcomes, covariates = _needed(subject, participation)
        state = {each.variable: each.state for each in participation.variables}
        lacking = [id for id in covariates if state.get(id) == "not_collected"]
        unsure = [id for id in (*outcomes, *covariates) if state.get(id) == "unconfirmed"]
        silent = [id for id in (*outcomes, *covariates) if id not in state]
        place: DataPath = ("participation", n, "variables") if participation.variables else ("participation", n)
        who = participation.registry
        if lacking:
            what = f"{who} does not collect {_listed(lacking)}, for which the comparison is to be adjusted"
            yield subject.fault(place, what, "Say in plan.missing_data and in a limitation what its model leaves out.")
        if unsure:
            what = f"{who} has not confirmed that it holds {_listed(unsure)}"
            yield subject.fault(place, what, "Ask the registry, with counts and completeness, before the protocol is final.")
        if silent:
            what = f"nothing is said of {_listed(silent)} at {who}"
            yield subject.fault(place, what, 'Add each to "variables:" with its state.')


def _needed(subject: Subject, participation: Participation) -> tuple[list[str], list[str]]:
    """The outcomes and the confounders that a registry's objectives need."""
    study = subject.study
    objectives = [each for each in study.objectives if not participation.objectives or each.id in participation.objectives]
    outcomes = list(dict.fromkeys(outcome for each in objectives for outcome in each.outcomes))
    compares = any(isinstance(each.comparator, str) for each in objectives)
    return outcomes, [each.id for each in study.covariates if each.role != "descriptive"] if compares else []


def who_does_not_take_part_is_not_counted(subject: Subject) -> Iterator[Fault]:
    study = subject.study
    gone = [x.registry for x in study.participation if x.decision in ("declined", "withdrawn")]
    for id in gone:
        profile = subject.network.registry(id)
        for n, each in enumerate(study.study_size.inputs):
            if _names(f"{each.label} {each.value}", profile.short_name, profile.name):
                what = f'{profile.short_name} does not take part, but the study size counts on it ("{each.label}")'
                yield subject.fault(("study_size", "inputs", n), what, "Compute the size without it.")
        for n, exclusion in enumerate(study.overlap.exclusions):
            if id in exclusion.because_of:
                what = f"persons are left out of {exclusion.registry} because of {profile.short_name}, which does not take part"
                yield subject.fault(
                    ("overlap", "exclusions", n, "because_of"), what, "Take it out; its countries' persons are lost otherwise."
                )
            if exclusion.registry == id:
                what = f"{profile.short_name} does not take part, so that nobody can be left out of it"
                yield subject.fault(("overlap", "exclusions", n, "registry"), what, "Delete the exclusion.")


def registries_have_a_responsible_party(subject: Subject) -> Iterator[Fault]:
    study = subject.study
    asked = [x.registry for x in study.participation if x.decision in (*LIVE, "pending")]
    named = {party.registry for party in study.responsible_parties}
    missing = [id for id in asked if id not in named]
    if missing:
        what = f"nobody is responsible for the data of {_listed(missing)}"
        yield subject.fault(("responsible_parties",), what, 'Add a party with "registry:" for each.')
    taking_part = {x.registry for x in study.participation if x.decision not in ("declined", "withdrawn")}
    for n, party in enumerate(study.responsible_parties):
        if party.registry and party.registry not in taking_part:
            what = f'"{party.id}" is responsible for {party.registry}, which does not take part'
            yield subject.fault(("responsible_parties", n, "registry"), what, "Delete the party, or correct the participation.")


def _listed(ids: list[str]) -> str:
    return ", ".join(ids) if len(ids) <= MOST_LISTED + 1 else f"{', '.join(ids[:MOST_LISTED])} and {len(ids) - MOST_LISTED} more"


def _names(text: str, *names: str) -> bool:
    return any(re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text, re.IGNORECASE) for name in names)


RULES: Mapping[str, Rule] = {
    "P29": approvals_are_documented,
    "P34": data_sources_are_described,
    "P36": participating_registries_are_feasible,
    "S01": the_plan_precedes_comparative_results,
    "S06": registries_ran_the_same_program,
    "S07": thresholds_are_the_ones_in_force,
    "M12": contributing_registries_hold_the_outcomes,
    "M13": registries_hold_what_objectives_need,
    "M16": who_does_not_take_part_is_not_counted,
    "M26": registries_have_a_responsible_party,
}
"""By the rule's id in `templates/guidance/rules/`."""
