"""What must hold between the parts of a definition, beyond the form of each part: the catalogue of rules and the function
that runs them. The rules themselves are in the `…_rules` modules."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from studygen.errors import Fault
from studygen.study import analysis_rules as analysis
from studygen.study import conduct_rules as conduct
from studygen.study import id_rules as ids
from studygen.study import timing_rules as timing
from studygen.study.written import Written

Rule = Callable[[Written], Iterator[Fault]]


def link_faults(written: Written) -> list[Fault]:
    """Every fault that any rule finds, in the order of the file."""
    found = {fault for rule in RULES for fault in rule(written)}
    return sorted(found, key=lambda fault: (fault.place.line or 0, fault.place.path, fault.what))


RULES: tuple[Rule, ...] = (
    ids.study_has_its_folders_name,
    ids.windows_exist,
    ids.code_lists_exist,
    ids.substances_exist,
    ids.exposures_exist,
    ids.outcomes_exist,
    ids.covariates_exist,
    ids.variables_exist,
    ids.objectives_exist,
    ids.analyses_exist,
    ids.parties_exist,
    ids.registries_exist,
    ids.overlap_concerns_participants,
    ids.ids_are_unique,
    ids.result_ids_are_unambiguous,
    analysis.objectives_have_the_right_groups,
    analysis.contrasts_have_the_right_groups,
    analysis.measures_have_their_groups,
    analysis.main_analyses_compare_what_is_asked,
    analysis.analyses_answer_their_objectives,
    analysis.objectives_are_answered,
    analysis.outcomes_are_used,
    analysis.roles_have_their_blocks,
    analysis.subgroup_levels_exist,
    analysis.pooling_models_are_consistent,
    analysis.count_models_have_their_counts,
    analysis.transforms_fit_their_measures,
    analysis.intervals_fit_their_input,
    analysis.target_trial_is_complete,
    timing.windows_run_forward,
    timing.covariates_end_by_day_0,
    timing.follow_up_starts_at_or_after_day_0,
    timing.study_period_is_in_order,
    timing.needed_milestones_are_given,
    timing.milestones_have_dates_and_names,
    timing.milestones_are_in_order,
    timing.imposed_studies_report_in_time,
    timing.criteria_have_one_order,
    timing.amendments_are_in_order,
    conduct.regulatory_kind_fits,
    conduct.decisions_are_complete,
    conduct.countries_are_stated,
    conduct.effect_windows_have_a_length,
    conduct.report_has_its_narrative,
    conduct.interim_report_follows_its_cut_off,
    conduct.short_title_fits_the_header,
)
"""Everything that is checked. A new rule is a function with one line here."""
