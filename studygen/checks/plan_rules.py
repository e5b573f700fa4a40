"""Whether the analyses hold together beyond their links: codes, confounding, missing data, sensitivity, subgroups, pooling, and
whether everything defined is used (P22, P25-P27, S04, S05, M05, M17, M18, M27)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from studygen.checks.emptiness import is_example, same_words, says_nothing, texts_of, word_count
from studygen.checks.subject import Rule, Subject
from studygen.definition import NotApplicable
from studygen.errors import Fault
from studygen.misfits import DataPath
from studygen.study.objectives import OCCURRENCE_MEASURES, Pooling
from studygen.study.variables import Exposure, Outcome

FEW_SOURCES = re.compile(r"\b(?:two|three|four|few|fewer|at least|single|one|all|[2-9])\b", re.IGNORECASE)
NO_EVENTS = re.compile(
    r"\bzero|\b0 events?|\bno events?|without (?:an |any )?events?|at least \w+ (?:event|death)s?", re.IGNORECASE
)
HETEROGENEITY = re.compile(
    r"I²|I2\b|I-squared|τ|\btau|Cochran|prediction interval|between-(?:registry|cohort|source)", re.IGNORECASE
)
MULTIPLICITY = re.compile(
    r"adjust|multipl|hierarch|bonferroni|holm|hochberg|alpha|significance|descriptive"
    r"|no test|not tested|nothing is tested|one (?:primary|analysis)",
    re.IGNORECASE,
)


def coded_medicines_have_their_codes(subject: Subject) -> Iterator[Fault]:
    """A group of a medicine names a code list; every code list names vocabulary and version."""
    for n, exposure in enumerate(subject.study.exposures):
        if exposure.substances and exposure.rule != "not_drug" and not exposure.code_lists:
            what = f'"{exposure.id}" is defined by medicines ({", ".join(exposure.substances)}), but no code list finds them'
            yield subject.fault(("exposures", n), what, 'Add "code_lists:" with the ATC codes, current and earlier.')
    for n, codes in enumerate(subject.study.code_lists):
        for name in ("vocabulary", "version"):
            text = getattr(codes, name)
            if says_nothing(text):
                what = f'the code list "{codes.id}" names no {name} ("{text}")'
                yield subject.fault(
                    ("code_lists", n, name), what, f"State the {name}; the same code can mean another thing in another."
                )


def diagnoses_have_their_codes(subject: Subject) -> Iterator[Fault]:
    for path, entry in subject.written.measured():
        if entry.diagnosis_position != "n/a" and not entry.code_lists:
            id = getattr(entry, "id", "time zero")
            what = f'"{id}" is read from coded diagnoses (position {entry.diagnosis_position}), but no code list says which'
            remedy = 'Add "code_lists:"; where the registry records it without codes, delete diagnosis_position.'
            yield subject.fault((*path, "diagnosis_position"), what, remedy)


def missing_data_are_handled(subject: Subject) -> Iterator[Fault]:
    for n, analysis in enumerate(subject.study.analyses):
        if says_nothing(analysis.missing_data):
            what = f'"{analysis.missing_data}" does not say how the analysis "{analysis.id}" handles missing data'
            remedy = "Name the method (complete cases, multiple imputation …), or say why nothing can be missing."
            yield subject.fault(("analyses", n, "missing_data"), what, remedy)


def main_analyses_have_a_sensitivity_analysis(subject: Subject) -> Iterator[Fault]:
    """At least one sensitivity analysis varies every main analysis that compares groups."""
    study = subject.study
    varied = {each.sensitivity.of for each in study.analyses if each.sensitivity}
    for position, analysis in enumerate(study.analyses):
        if analysis.role == "main" and analysis.measure not in OCCURRENCE_MEASURES and analysis.id not in varied:
            yield subject.fault(
                ("analyses", position),
                f'no sensitivity analysis varies the main analysis "{analysis.id}"',
                f"Add an analysis with role: sensitivity and sensitivity: {{of: {analysis.id}, …}}.",
            )


def comparisons_control_confounding(subject: Subject) -> Iterator[Fault]:
    study = subject.study
    confounders = [each.id for each in study.covariates if each.role.startswith("confounder")]
    for n, analysis in enumerate(study.analyses):
        if analysis.measure in OCCURRENCE_MEASURES or analysis.role != "main":
            continue
        if says_nothing(analysis.adjustment):
            what = f'the main analysis "{analysis.id}" compares groups, but "{analysis.adjustment}" does not control confounding'
            yield subject.fault(
                ("analyses", n, "adjustment"), what, "Name the method, or say why the groups are comparable without."
            )
        elif not confounders:
            what = f'the main analysis "{analysis.id}" is adjusted, but the study measures no confounder'
            yield subject.fault(("analyses", n, "adjustment"), what, "Define covariates with role: confounder.")


def pooling_is_decided_in_advance(subject: Subject) -> Iterator[Fault]:
    """What happens with few registries and with registries without events is written down, and how heterogeneity is shown."""
    study = subject.study
    for n, analysis in enumerate(study.analyses):
        if analysis.role != "main" or not isinstance(analysis.pooling, Pooling) or is_example(analysis.pooling.rule):
            continue
        text = f"{analysis.pooling.rule} {study.plan.pooling}"
        if not FEW_SOURCES.search(text):
            what = f'the pooling of "{analysis.id}" has no rule for few registries'
            yield subject.fault(("analyses", n, "pooling", "rule"), what, "Say from how many registries on results are combined.")
        rare = study.outcome(analysis.outcome).type in ("time_to_event", "binary")
        if rare and not NO_EVENTS.search(text):
            what = f'the pooling of "{analysis.id}" has no rule for registries without events'
            yield subject.fault(
                ("analyses", n, "pooling", "rule"), what, "Say how a registry with no event in a group is handled."
            )
    pooled = any(isinstance(each.pooling, Pooling) for each in study.analyses)
    text = study.plan.heterogeneity
    if pooled and not is_example(text) and not HETEROGENEITY.search(text):
        what = "the plan names no measure of the heterogeneity between registries"
        yield subject.fault(
            ("plan", "heterogeneity"), what, "Name the between-registry variance, I², Q or the prediction interval."
        )


def several_primary_tests_have_a_rule(subject: Subject) -> Iterator[Fault]:
    study = subject.study
    tested = [each.id for each in study.objectives if each.rank == "primary" and isinstance(each.hypothesis, str)]
    text = study.plan.multiplicity
    if len(tested) > 1 and not is_example(text) and (says_nothing(text) or not MULTIPLICITY.search(text)):
        what = f"{len(tested)} primary hypotheses ({', '.join(tested)}) have no rule for multiple testing"
        remedy = 'Name the procedure, or say "no adjustment" and why.'
        yield subject.fault(("plan", "multiplicity"), what, remedy)


def everything_defined_is_used(subject: Subject) -> Iterator[Fault]:
    study = subject.study
    prose = "\n".join(text for _, _, text in texts_of(study))
    windows = {
        study.population.time_zero.washout,
        study.follow_up.window,
        *(each.window for _, each in subject.written.criteria()),
    }
    both: tuple[Exposure | Outcome, ...] = (*study.exposures, *study.outcomes)
    for measured in both:
        windows |= {measured.window, measured.washout}
    windows |= {covariate.window for covariate in study.covariates}
    groups = {group for each in study.analyses for group in each.groups}
    groups |= {id for each in study.objectives for id in (each.exposure, each.comparator) if isinstance(id, str)}
    used: list[tuple[str, DataPath, set[str | None]]] = [
        ("window", ("windows",), {*windows}),
        ("exposure", ("exposures",), {*groups}),
        ("code list", ("code_lists",), {id for _, each in subject.written.measured() for id in each.code_lists}),
        ("substance", ("products", "substances"), {id for each in study.exposures for id in each.substances}),
    ]
    defined: tuple[tuple[str, ...], ...] = (
        tuple(each.id for each in study.windows),
        tuple(each.id for each in study.exposures),
        tuple(each.id for each in study.code_lists),
        tuple(each.id for each in study.products.substances),
    )
    for (noun, path, uses), ids in zip(used, defined, strict=True):
        for n, id in enumerate(ids):
            if id not in uses and not re.search(rf"[\"']{id}[\"']", prose):
                yield subject.fault((*path, n), f'nothing uses the {noun} "{id}"', "Use it where it belongs, or delete it.")


def sensitivity_analyses_vary_something(subject: Subject) -> Iterator[Fault]:
    seen: dict[str, list[tuple[str, str]]] = {}
    for n, analysis in enumerate(subject.study.analyses):
        if analysis.sensitivity is None:
            continue
        varied, of = analysis.sensitivity.varied, analysis.sensitivity.of
        if says_nothing(varied) or word_count(varied) < 2:
            what = f'"{varied}" does not say what "{analysis.id}" varies of "{of}"'
            yield subject.fault(("analyses", n, "sensitivity", "varied"), what, "Say what is changed, from what to what.")
        for id, before in seen.get(of, []):
            if same_words(varied, before) and not is_example(varied):
                what = f'"{analysis.id}" varies the same as "{id}"'
                yield subject.fault(("analyses", n, "sensitivity", "varied"), what, "Say in what the two differ, or delete one.")
        seen.setdefault(of, []).append((analysis.id, varied))


def subgroups_agree_with_the_plan(subject: Subject) -> Iterator[Fault]:
    """Subgroup analyses split by effect modifiers, and the plan's text and its analyses agree whether there are any."""
    study = subject.study
    planned = not isinstance(study.plan.subgroups, NotApplicable)
    splits = {n: each.subgroup for n, each in enumerate(study.analyses) if each.subgroup}
    for n, subgroup in splits.items():
        covariate = study.covariate(subgroup.variable)
        if "modifier" not in covariate.role:
            what = f'the subgroups are those of "{covariate.id}", whose role is "{covariate.role}"'
            yield subject.fault(
                ("analyses", n, "subgroup", "variable"),
                what,
                "Give the covariate the role effect_modifier or confounder_and_modifier.",
            )
        if not planned:
            what = "a subgroup analysis is planned, but the analysis plan says that there is none"
            yield subject.fault(("plan", "subgroups"), what, "Say which subgroups are analysed and how their results are read.")
    if planned and not splits:
        what = "the analysis plan speaks of subgroups, but no analysis has the role subgroup"
        yield subject.fault(("plan", "subgroups"), what, "Add the subgroup analyses, or write {not_applicable: reason}.")
    if planned and splits:
        for n, covariate in enumerate(study.covariates):
            if "modifier" in covariate.role and covariate.id not in {each.variable for each in splits.values()}:
                what = f'"{covariate.id}" is an effect modifier, but no subgroup analysis looks at it'
                yield subject.fault(("covariates", n), what, "Add a subgroup analysis, or give it another role.")


RULES: Mapping[str, Rule] = {
    "P22": coded_medicines_have_their_codes,
    "P25": missing_data_are_handled,
    "P26": main_analyses_have_a_sensitivity_analysis,
    "P27": comparisons_control_confounding,
    "S04": pooling_is_decided_in_advance,
    "S05": several_primary_tests_have_a_rule,
    "M05": everything_defined_is_used,
    "M17": sensitivity_analyses_vary_something,
    "M18": subgroups_agree_with_the_plan,
    "M27": diagnoses_have_their_codes,
}
"""By the rule's id in `templates/guidance/rules/`."""
