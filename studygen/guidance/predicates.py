"""The conditions that checklists may name: each says one thing about a study's definition that a reader could look up in it.
Where the definition holds only prose, a condition looks for the words by which the thing is usually named."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from studygen.definition import is_applicable
from studygen.guidance import analysed, reported
from studygen.guidance.prose import in_words, states_something
from studygen.study.governance import Participation
from studygen.study.objectives import OCCURRENCE_MEASURES
from studygen.study.population import Measured
from studygen.study.study import Study

Predicate = Callable[[Study], bool]

NOT_LINKED = re.compile(r"(none|no|not|without)\b", re.IGNORECASE)
"""How the statement that nothing is linked begins."""


# ---------------------------------------------------------------- what is asked


def comparative(study: Study) -> bool:
    """At least one analysis compares two groups."""
    return any(each.measure not in OCCURRENCE_MEASURES for each in study.analyses)


def measures_occurrence(study: Study) -> bool:
    """At least one analysis measures how often something occurs in a group."""
    return any(each.measure in OCCURRENCE_MEASURES for each in study.analyses)


def has_hypothesis(study: Study) -> bool:
    """At least one objective states a hypothesis."""
    return any(is_applicable(each.hypothesis) for each in study.objectives)


def lacks_hypothesis(study: Study) -> bool:
    """At least one objective says that it states none."""
    return any(not is_applicable(each.hypothesis) for each in study.objectives)


def target_trial_emulated(study: Study) -> bool:
    """The design is the emulation of a target trial."""
    return bool(is_applicable(study.design.target_trial))


# ---------------------------------------------------------------- from where


def secondary_use(study: Study) -> bool:
    """Only data that exist for another purpose are used."""
    return study.design.data_collection == "secondary"


def links_sources(study: Study) -> bool:
    """At least one registry that takes part or is invited states a linkage for this study."""
    return any(each.linkage and not NOT_LINKED.match(each.linkage) for each in _taking_part(study))


def countries_complete(study: Study) -> bool:
    """The list of countries has no reservation."""
    return not study.countries_note


def ethics_decided(study: Study) -> bool:
    """The ethics review is over, or not required, at every registry that takes part or is invited."""
    return all(each.ethics.status in ("approved", "not_required") for each in _taking_part(study))


def ethics_in_sources(study: Study) -> bool:
    """The ethics review is that of the source publications."""
    found = _taking_part(study)
    return bool(found) and all(each.ethics.status == "in_source_publication" for each in found)


# ---------------------------------------------------------------- in whom and what


def selects_by_age(study: Study) -> bool:
    """A criterion of selection or the study population is put in terms of age."""
    return in_words(r"\bage[ds]?\b|\byears? old\b|\badults?\b|\bchildren\b|\badolescents?\b", *_selection(study))


def selects_by_sex(study: Study) -> bool:
    """A criterion of selection is put in terms of sex."""
    return in_words(r"\bsex\b|\bwom[ae]n\b|\bm[ae]n\b|\bfemales?\b|\bmales?\b", *_selection(study))


def drug_exposure(study: Study) -> bool:
    """At least one group is defined by a medicine."""
    return any(each.rule != "not_drug" for each in study.exposures)


def exposure_validity_stated(study: Study) -> bool:
    """Every exposure says what is known of the validity of its measurement."""
    return _validated(study.exposures)


def outcome_validity_stated(study: Study) -> bool:
    """Every outcome says what is known of the validity of its measurement."""
    return _validated(study.outcomes)


def selection_validity_stated(study: Study) -> bool:
    """A criterion says what is known of the validity of its measurement."""
    return any(states_something(each.validation) for each in (*study.population.inclusion, *study.population.exclusion))


def exposure_in_windows(study: Study) -> bool:
    """Exposure is counted while it lasts, or for a stated time of effect."""
    timed = ("time_on_drug", "time_on_drug_plus_effect")
    return any(each.rule in timed or each.effect_days is not None for each in study.exposures)


def exposure_intensity_used(study: Study) -> bool:
    """Dose or duration of exposure divides a group, adjusts or is analysed."""
    texts = [each.label for each in study.exposures] + [each.label for each in study.analyses]
    texts += [text for each in study.covariates for text in (each.label, each.details)]
    return in_words(r"\bdos(e|es|age)\b|\bcumulative (dose|exposure)\b|\bduration of (exposure|treatment)\b", *texts)


def mechanism_used(study: Study) -> bool:
    """How long a medicine acts decides how long people count as exposed."""
    return any(each.effect_days is not None or each.rule == "time_on_drug_plus_effect" for each in study.exposures)


def several_exposures(study: Study) -> bool:
    """More than one exposure group is defined."""
    return len(study.exposures) > 1


def hta_outcomes(study: Study) -> bool:
    """An outcome is one that health technology assessment uses: quality of life, costs, use of resources."""
    texts = [text for each in study.outcomes for text in (each.label, each.details)]
    return in_words(r"quality of life|\bQALYs?\b|\bcosts?\b|resource use|utilisation", *texts)


def has_covariates(study: Study) -> bool:
    """At least one covariate is defined."""
    return bool(study.covariates)


def quantitative_covariates(study: Study) -> bool:
    """At least one covariate is a number."""
    return any(each.type in ("continuous", "count") for each in study.covariates)


def exposures_coded(study: Study) -> bool:
    """At least one exposure has a code list."""
    return _coded(study.exposures)


def outcomes_coded(study: Study) -> bool:
    """At least one outcome has a code list."""
    return _coded(study.outcomes)


def covariates_coded(study: Study) -> bool:
    """At least one covariate has a code list."""
    return _coded(study.covariates)


def everything_coded(study: Study) -> bool:
    """Exposures, outcomes and, where there are any, covariates have code lists."""
    return exposures_coded(study) and outcomes_coded(study) and (covariates_coded(study) or not study.covariates)


def has_exclusions(study: Study) -> bool:
    """At least one criterion excludes people."""
    return bool(study.population.exclusion)


def exposure_is_anchor(study: Study) -> bool:
    """Day 0 is the start of an exposure, so that Table 3 of HARPER already describes it."""
    return any(each.role != "cohort" for each in study.exposures) and study.population.time_zero.type_of_entry == "incident"


def matched(study: Study) -> bool:
    """People are matched."""
    texts = (study.population.sampling, study.population.study_population, study.plan.confounding, study.plan.general)
    return in_words(r"\bmatch(ed|ing)?\b", *texts)


# ---------------------------------------------------------------- how


def size_computed(study: Study) -> bool:
    """Power or precision is computed from stated assumptions."""
    return bool(is_applicable(study.study_size.scenarios))


def amended(study: Study) -> bool:
    """The protocol was amended after its first final version."""
    return bool(study.amendments)


def confounding_arises(study: Study) -> bool:
    """Groups are compared, or confounding is named among the limitations."""
    return comparative(study) or _limitation("confounding")(study)


# ---------------------------------------------------------------- when


def registered(study: Study) -> bool:
    """The study has a number in the register, or its milestones hold the registration."""
    return study.registration.number is not None or _milestone("registration")(study)


def _milestone(kind: str) -> Predicate:
    def planned(study: Study) -> bool:
        return any(each.kind == kind and (each.planned or each.actual) for each in study.milestones)

    planned.__doc__ = f"A milestone {kind.replace('_', ' ')} has a date."
    return planned


def _limitation(kind: str) -> Predicate:
    def discussed(study: Study) -> bool:
        return any(each.kind == kind for each in study.limitations)

    discussed.__doc__ = f"A limitation by {kind.replace('_', ' ')} is named."
    return discussed


# ---------------------------------------------------------------- reading a definition


def _taking_part(study: Study) -> tuple[Participation, ...]:
    return tuple(each for each in study.participation if each.delivers or each.decision == "pending")


def _selection(study: Study) -> tuple[str, ...]:
    criteria = (*study.population.inclusion, *study.population.exclusion)
    return (study.population.study_population, *(f"{each.criterion}; {each.details}" for each in criteria))


def _validated(measured: Iterable[Measured]) -> bool:
    return all(states_something(each.validation) for each in measured)


def _coded(measured: Iterable[Any]) -> bool:
    return any(each.code_lists for each in measured)


PREDICATES: Mapping[str, Predicate] = {
    **{
        each.__name__: each
        for each in (
            comparative,
            measures_occurrence,
            has_hypothesis,
            lacks_hypothesis,
            target_trial_emulated,
            secondary_use,
            links_sources,
            countries_complete,
            ethics_decided,
            ethics_in_sources,
            selects_by_age,
            selects_by_sex,
            drug_exposure,
            exposure_validity_stated,
            outcome_validity_stated,
            selection_validity_stated,
            exposure_in_windows,
            exposure_intensity_used,
            mechanism_used,
            several_exposures,
            hta_outcomes,
            has_covariates,
            quantitative_covariates,
            exposures_coded,
            outcomes_coded,
            covariates_coded,
            everything_coded,
            has_exclusions,
            exposure_is_anchor,
            matched,
            size_computed,
            amended,
            confounding_arises,
            registered,
            *analysed.CONDITIONS,
            *reported.CONDITIONS,
        )
    },
    **{
        f"{kind}_planned": _milestone(kind)
        for kind in ("start_of_data_collection", "end_of_data_collection", "progress_report", "interim_report", "final_report")
    },
    **{f"{kind}_discussed": _limitation(kind) for kind in ("selection_bias", "information_bias", "confounding")},
}
"""By the name that a checklist writes."""
