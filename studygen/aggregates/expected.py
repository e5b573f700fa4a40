"""What the plan asks of a registry: the analyses it contributes to, their groups and strata, and the statistics each needs.
Reads the plan only; knows nothing about what was sent."""

from __future__ import annotations

from typing import Final

from studygen.study.governance import Participation
from studygen.study.objectives import OCCURRENCE_MEASURES, Analysis, Contrast
from studygen.study.study import Study

RATE_MEASURES: Final = frozenset({"incidence_rate", "incidence_rate_ratio", "relapse_rate_ratio", "incidence_rate_difference"})
RISK_MEASURES: Final = frozenset({"proportion", "risk_ratio", "odds_ratio", "risk_difference"})
MEAN_MEASURES: Final = frozenset({"mean", "mean_difference"})
RATIO_MEASURES: Final = frozenset({"incidence_rate_ratio", "relapse_rate_ratio", "hazard_ratio", "risk_ratio", "odds_ratio"})

COUNT_STATISTICS: Final = ("n", "events", "person_years", "missing", "mean", "sd")
"""What may be sent of one group."""
ESTIMATE_STATISTICS: Final = ("estimate", "ci_lower", "ci_upper", "log_estimate", "se")
"""What may be sent of a contrast, or of an occurrence group whose plan takes estimates. (Likelihood profiles
have their word in the contract, but no analysis takes them yet.)"""

DESCRIPTIVE_STATISTICS: Final = {
    "attrition": ("n",),
    "baseline": ("n", "missing", "mean", "sd", "median", "q1", "q3", "smd", "smd_weighted"),
    "feasibility": ("n", "events", "person_years", "missing"),
}

CURVE_STATISTICS: Final = ("at_risk", "events", "censored", "competing")
"""What may be sent of one group for an interval of follow-up."""
BALANCE_STATISTICS: Final = ("smd", "smd_weighted")
"""What may be sent of a contrast at baseline."""

PERSONS: Final = "persons"
"""The variable whose `n` is the size of a group."""
SOURCE_POPULATION: Final = "source_population"
STUDY_POPULATION: Final = "study_population"


def asks(analysis: Analysis, registry: str) -> bool:
    """Whether an analysis is of this registry's data too: of all registries, unless the plan names some."""
    return not analysis.registries or registry in analysis.registries


def contributes(participation: Participation, analysis: Analysis) -> bool:
    """Whether a registry's results enter an analysis: it delivers, the analysis is not restricted to others, and it takes part in
    one of the analysis' objectives."""
    if not participation.delivers or not asks(analysis, participation.registry):
        return False
    return not participation.objectives or bool(set(participation.objectives) & set(analysis.objectives))


def contributors_to(study: Study, analysis: Analysis) -> tuple[Participation, ...]:
    """The registries whose results enter an analysis, in the plan's order."""
    return tuple(x for x in study.participation if contributes(x, analysis))


def is_occurrence(analysis: Analysis) -> bool:
    """Whether the analysis describes groups one by one instead of comparing two."""
    return analysis.measure in OCCURRENCE_MEASURES


def estimate_groups(analysis: Analysis) -> tuple[str, ...]:
    """The groups of which an analysis gives an estimate: the contrast, or the occurrence groups (`all` when none are named)."""
    if is_occurrence(analysis):
        return analysis.groups or ("all",)
    return () if analysis.contrast is None else (analysis.contrast.group,)


def count_groups(analysis: Analysis) -> tuple[str, ...]:
    """The groups of which counts may be sent: both sides of the contrast, or the occurrence groups."""
    if is_occurrence(analysis):
        return analysis.groups or ("all",)
    return () if analysis.contrast is None else (analysis.contrast.exposure, analysis.contrast.comparator)


def strata(analysis: Analysis) -> tuple[str, ...]:
    """The strata of an analysis: `overall`, or one `variable=level` for each level of a subgroup analysis."""
    if analysis.subgroup is None:
        return ("overall",)
    return tuple(f"{analysis.subgroup.variable}={level}" for level in analysis.subgroup.levels)


def needed_counts(analysis: Analysis) -> tuple[str, ...]:
    """The statistics that an analysis from counts needs of each group."""
    if analysis.measure in RATE_MEASURES:
        return ("events", "person_years")
    if analysis.measure in RISK_MEASURES:
        return ("events", "n")
    if analysis.measure in MEAN_MEASURES:
        return ("mean", "sd", "n")
    return ("events",)


def takes_curves(study: Study, analysis: Analysis) -> bool:
    """Whether rows by time may be sent for an analysis: its outcome is a first event in time, and it has no subgroups."""
    return analysis.subgroup is None and study.outcome(analysis.outcome).type == "time_to_event"


def contrasts(study: Study) -> tuple[Contrast, ...]:
    """The pairs of groups that the plan compares, each once, in the order of the analyses."""
    return tuple(dict.fromkeys(x.contrast for x in study.analyses if x.contrast is not None))


def allowed_statistics(analysis: Analysis, group: str) -> tuple[str, ...]:
    """The statistics that may be sent of a group in an analysis, apart from rows by time."""
    takes_estimates = analysis.input == "estimates" and group in estimate_groups(analysis)
    takes_counts = group in count_groups(analysis)
    return (*(COUNT_STATISTICS if takes_counts else ()), *(ESTIMATE_STATISTICS if takes_estimates else ()))


def descriptive_variables(study: Study, part: str) -> tuple[str, ...]:
    """The variables of which attrition, baseline or feasibility rows may be sent."""
    if part == "attrition":
        return (*selection_order(study), *outcome_criteria(study))
    covariates = tuple(x.id for x in study.covariates)
    return (PERSONS, *covariates) if part == "baseline" else (PERSONS, *(x.id for x in study.outcomes), *covariates)


def attrition_order(study: Study) -> tuple[str, ...]:
    """The criteria that make the study population, in the order in which they are applied."""
    criteria = (*study.population.inclusion, *study.population.exclusion)
    return tuple(x.id for x in sorted(criteria, key=lambda x: x.order) if not x.outcomes)


def selection_order(study: Study) -> tuple[str, ...]:
    """The steps from the source population to the study population; n never grows along them."""
    return (SOURCE_POPULATION, *attrition_order(study), STUDY_POPULATION)


def outcome_criteria(study: Study) -> tuple[str, ...]:
    """The criteria that apply in the analyses of some outcomes only: each narrows the study population to an analysis set."""
    criteria = (*study.population.inclusion, *study.population.exclusion)
    return tuple(x.id for x in sorted(criteria, key=lambda x: x.order) if x.outcomes)


def selection_chains(study: Study) -> tuple[tuple[str, ...], ...]:
    """The steps along which n never grows: down to the study population, and from it to each analysis set."""
    return (selection_order(study), *((STUDY_POPULATION, id) for id in outcome_criteria(study)))
