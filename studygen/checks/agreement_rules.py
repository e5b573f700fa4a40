"""Whether parts of the definition that state one thing twice state it alike: size and inputs, levels, subgroups, milestones,
overlap, holders, dates of decisions (M30-M36)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping

from studygen.checks.identity_rules import milestone
from studygen.checks.subject import Rule, Subject
from studygen.definition import NotApplicable
from studygen.errors import Fault
from studygen.misfits import DataPath
from studygen.study.objectives import Pooling

IN_BETWEEN = ("interim_report", "progress_report", "database_lock")


def registries_decide_before_they_send(subject: Subject) -> Iterator[Fault]:
    """Decision and approvals of a registry are not younger than the extraction of its data."""
    for n, participation in enumerate(subject.study.participation):
        delivery = subject.deliveries.get(participation.registry)
        extraction = delivery.manifest.extraction if delivery and delivery.manifest.nature == "live" else None
        dates = (
            ("decided_on", "decision", participation.decided_on),
            ("ethics", "ethics approval", participation.ethics.date),
            ("data_protection", "data-protection basis", participation.data_protection.date),
        )
        for name, noun, date in dates:
            if extraction and date and date > extraction:
                what = (
                    f"the {noun} of {participation.registry} ({date}) is younger than the extraction of its data ({extraction})"
                )
                yield subject.fault(("participation", n, name), what, "Correct a date, or report the breach.")


def size_rests_on_stated_inputs(subject: Subject) -> Iterator[Fault]:
    """Every number of a scenario is one of the inputs, which have a source; nobody is followed longer than the study lasts."""
    study, size = subject.study, subject.study.study_size
    if isinstance(size.scenarios, NotApplicable):
        return
    stated = {float(number) for each in size.inputs for number in re.findall(r"\d+(?:\.\d+)?", each.value.replace(" ", ""))}
    longest = (study.population.follow_up_end - study.population.enrolment_start).days / 365.25
    for n, scenario in enumerate(size.scenarios):
        place: DataPath = ("study_size", "scenarios", n)
        for name in ("persons_exposed", "persons_comparator", "mean_follow_up_years", "rate_comparator_per_1000"):
            value = getattr(scenario, name)
            if float(value) not in stated:
                what = f"{name.replace('_', ' ')} is {value:g}, which is none of the inputs"
                yield subject.fault(
                    (*place, name), what, "Add it to study_size.inputs with its source, or correct one of the two."
                )
        if scenario.mean_follow_up_years > longest:
            what = f"a mean follow-up of {scenario.mean_follow_up_years:g} years is longer than the study ({longest:.1f} years)"
            yield subject.fault((*place, "mean_follow_up_years"), what, "Shorten it, or correct the dates of the population.")


def intervals_have_one_level(subject: Subject) -> Iterator[Fault]:
    pooled = [(n, each.pooling) for n, each in enumerate(subject.study.analyses) if isinstance(each.pooling, Pooling)]
    if not pooled:
        return
    usual = Counter(pooling.level for _, pooling in pooled).most_common(1)[0][0]
    for n, pooling in pooled:
        if pooling.level != usual:
            what = f"intervals of this analysis have the level {pooling.level:.0%}, those of the others {usual:.0%}"
            yield subject.fault(("analyses", n, "pooling", "level"), what, "Give all the same level, or say in the plan why not.")


def variations_look_at_the_same(subject: Subject) -> Iterator[Fault]:
    """A subgroup analysis has outcome, measure and contrast of the one it splits; a sensitivity analysis shares an objective."""
    study = subject.study
    for n, analysis in enumerate(study.analyses):
        if analysis.subgroup:
            whole = study.analysis(analysis.subgroup.of)
            for name in ("outcome", "measure", "contrast"):
                if getattr(analysis, name) != getattr(whole, name):
                    what = f'the {name} of "{analysis.id}" is not that of "{whole.id}", of which it shows subgroups'
                    yield subject.fault(("analyses", n, name), what, "Make the two the same; subgroups must add up to the whole.")
        if analysis.sensitivity:
            main = study.analysis(analysis.sensitivity.of)
            if not set(analysis.objectives) & set(main.objectives):
                what = f'"{analysis.id}" varies "{main.id}", but answers none of its objectives'
                yield subject.fault(("analyses", n, "objectives"), what, "Name the objective of the main analysis.")


def milestones_lie_in_between(subject: Subject) -> Iterator[Fault]:
    """Interim and progress reports and the lock come between the start of data collection and the final report."""
    start, final = milestone(subject, "start_of_data_collection"), milestone(subject, "final_report")
    for n, each in enumerate(subject.study.milestones):
        date, name = each.actual or each.planned, each.label or each.kind.replace("_", " ")
        if date is None or start is None or final is None:
            continue
        if each.kind in IN_BETWEEN and not start[1] <= date <= final[1]:
            what = f'"{name}" ({date}) is not between the start of data collection ({start[1]}) and the final report ({final[1]})'
            yield subject.fault(("milestones", n), what, "Correct one of the dates.")
        if each.kind == "ethics_approval" and date > start[1]:
            what = f'"{name}" ({date}) comes after the start of data collection ({start[1]})'
            yield subject.fault(("milestones", n), what, "Data are extracted after approval: correct one of the dates.")


def nobody_is_counted_twice(subject: Subject) -> Iterator[Fault]:
    """An international registry leaves out the countries of the national ones beside it, and only those."""
    study, network = subject.study, subject.network
    asked = [x.registry for x in study.participation if x.decision not in ("declined", "withdrawn")]
    national = [network.registry(id) for id in asked if network.registry(id).scope == "national"]
    excluded = {each.registry: set(each.exclude_countries) for each in study.overlap.exclusions}
    ruled = {(each.registry, other) for each in study.overlap.exclusions for other in each.because_of}
    for id in asked:
        profile = network.registry(id)
        if profile.scope != "international":
            continue
        delivered = {each.id for each in national if {id, each.id} <= set(subject.deliveries) and (id, each.id) not in ruled}
        beside = [each for each in national if each.id not in delivered]  # the others are found in what was delivered (E15)
        open_countries = sorted({country for each in beside for country in each.countries} - excluded.get(id, set()))
        if open_countries:
            what = f"{profile.short_name} may hold persons of {', '.join(open_countries)} whom a national registry counts too"
            remedy = "Leave these countries out under overlap.exclusions, or name the double counting as a limitation."
            yield subject.fault(("overlap",), what, remedy)
    for n, exclusion in enumerate(study.overlap.exclusions):
        holders = [network.registry(id) for id in exclusion.because_of]
        held = {country for each in holders for country in each.countries}
        unheld = [country for country in exclusion.exclude_countries if holders and country not in held]
        if unheld:
            what = f"{', '.join(unheld)} is left out of {exclusion.registry}, but no registry named as the reason covers it"
            yield subject.fault(("overlap", "exclusions", n, "exclude_countries"), what, "Correct the countries or the reason.")


def joint_studies_have_several_holders(subject: Subject) -> Iterator[Fault]:
    study = subject.study
    holders = 0 if isinstance(study.holder, NotApplicable) else len(study.holder)
    if study.regulatory.joint and holders < 2:
        what = f"the study is a joint one, but has {holders or 'no'} holder{'' if holders == 1 else 's'}"
        yield subject.fault(("regulatory", "joint"), what, "List all holders, or write joint: false.")
    if holders > 1 and not study.regulatory.joint:
        what = f"{holders} holders carry the study, but it is not called a joint one"
        yield subject.fault(("regulatory", "joint"), what, "Write joint: true.")


RULES: Mapping[str, Rule] = {
    "M30": registries_decide_before_they_send,
    "M31": size_rests_on_stated_inputs,
    "M32": intervals_have_one_level,
    "M33": variations_look_at_the_same,
    "M34": milestones_lie_in_between,
    "M35": nobody_is_counted_twice,
    "M36": joint_studies_have_several_holders,
}
"""By the rule's id in `templates/guidance/rules/`."""
