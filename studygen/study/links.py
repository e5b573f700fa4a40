"""What must hold between the parts of a definition, beyond the form of each part: the catalogue of rules and the function
that runs them. The rules themselves are in the `…_rules` modules."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from studygen.errors import Fault
from studygen.study import analysis_rules as analysis
from studygen.study import conduct_rules as conduct
from studygen.study import id_rules as ids
from studygen.study import timing_rules as timing
from studygen.study.written import Written

Rule = Callable[[Written], Iterator[Fault]]


def link_faults(written: Written) -> list[Fault]:
    """Every fault that any rule finds, in the order of the file."""
    found = {replace(fault, rule=id) for id, rule in RULES.items() for fault in rule(written)}
    return sorted(found, key=lambda fault: (fault.place.line or 0, fault.place.path, fault.what))


RULES: Mapping[str, Rule] = {
    "L01": ids.study_has_its_folders_name,
    "L02": ids.windows_exist,
    "L03": ids.code_lists_exist,
    "L04": ids.substances_exist,
    "L05": ids.exposures_exist,
    "L06": ids.outcomes_exist,
    "L07": ids.covariates_exist,
    "L08": ids.variables_exist,
    "L09": ids.objectives_exist,
    "L10": ids.analyses_exist,
    "L11": ids.parties_exist,
    "L12": ids.registries_exist,
    "L13": ids.overlap_concerns_participants,
    "L14": ids.ids_are_unique,
    "L15": ids.result_ids_are_unambiguous,
    "L16": analysis.objectives_have_the_right_groups,
    "L17": analysis.contrasts_have_the_right_groups,
    "L18": analysis.measures_have_their_groups,
    "L19": analysis.main_analyses_compare_what_is_asked,
    "L20": analysis.analyses_answer_their_objectives,
    "P14": analysis.objectives_are_answered,
    "P15": analysis.outcomes_are_used,
    "L21": analysis.roles_have_their_blocks,
    "L22": analysis.subgroup_levels_exist,
    "L23": analysis.pooling_models_are_consistent,
    "L24": analysis.count_models_have_their_counts,
    "L25": analysis.transforms_fit_their_measures,
    "L26": analysis.intervals_fit_their_input,
    "S03": analysis.target_trial_is_complete,
    "L27": timing.windows_run_forward,
    "P19": timing.covariates_end_by_day_0,
    "P20": timing.follow_up_starts_at_or_after_day_0,
    "L28": timing.study_period_is_in_order,
    "P08": timing.needed_milestones_are_given,
    "L29": timing.milestones_have_dates_and_names,
    "P09": timing.milestones_are_in_order,
    "P10": timing.imposed_studies_report_in_time,
    "P17": timing.criteria_have_one_order,
    "L30": timing.amendments_are_in_order,
    "P37": conduct.regulatory_kind_fits,
    "L31": conduct.decisions_are_complete,
    "L32": conduct.countries_are_stated,
    "L33": conduct.effect_windows_have_a_length,
    "L34": conduct.report_has_its_narrative,
    "R15": conduct.interim_report_follows_its_cut_off,
    "L35": conduct.short_title_fits_the_header,
}
"""Everything that is checked, by the rule's id in `templates/guidance/rules/`. A new rule is a function with one line here."""
