"""Every table and figure that a document may ask for, by name, with the options each takes: the dict at the end."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import TypeAlias

from studygen.aggregates.expected import contrasts, is_occurrence, takes_curves
from studygen.displays import filling
from studygen.displays.figures.attrition_flow import TOTAL, attrition_flow
from studygen.displays.figures.design_diagram import design_diagram
from studygen.displays.figures.forest import forest
from studygen.displays.figures.love_plot import love_plot
from studygen.displays.figures.survival import survival
from studygen.displays.figures.timeline import timeline
from studygen.displays.frame import Frame
from studygen.displays.tables import (
    analyses,
    baseline,
    checklists,
    effects,
    governance,
    identity,
    objectives,
    plan_document,
    planned,
    pooling,
    population,
    redactions,
    size,
    sources,
    suitability,
    trace,
    variables,
)
from studygen.displays.tables.occurrence import occurrence
from studygen.document.nodes import Figure, Slot, Table
from studygen.guidance.shelf import CHECKLISTS
from studygen.results.addresses import group_part
from studygen.study.study import Study

Known = Callable[[Study], Collection[str]]
"""What an option may be, for a study."""

Display: TypeAlias = filling.Display[Frame, Study]


def fill(frame: Frame, slot: Slot) -> Table | Figure:
    """The table or figure for a slot. TemplateError with all that is wrong with the slot."""
    return filling.filled(DISPLAYS, frame, frame.study, slot)


def _one_of(*values: str) -> Known:
    return lambda _: values


def _ids(part: str) -> Known:
    return lambda study: [each.id for each in getattr(study, part)]


_ANALYSIS: Mapping[str, Known] = {"analysis": _ids("analyses")}
_COMPARING: Mapping[str, Known] = {"analysis": lambda study: [each.id for each in study.analyses if not is_occurrence(each)]}
_DESCRIBING: Mapping[str, Known] = {"analysis": lambda study: [each.id for each in study.analyses if is_occurrence(each)]}
_FOLLOWING: Mapping[str, Known] = {"analysis": lambda study: [each.id for each in study.analyses if takes_curves(study, each)]}
_CONTRAST: Mapping[str, Known] = {"contrast": lambda study: [group_part(each.group) for each in contrasts(study)]}
_REGISTRY: Mapping[str, Known] = {"registry": lambda study: [each.registry for each in study.contributors]}
_OWNER: Mapping[str, Known] = {"registry": lambda study: [TOTAL, *(each.registry for each in study.contributors)]}
_OBJECTIVE: Mapping[str, Known] = {"objective": _ids("objectives")}
_FORM_SECTION: Mapping[str, Known] = {"section": _one_of(*(str(number) for number in range(1, 16)))}
_INVITED: Mapping[str, Known] = {
    "registry": lambda study: [each.registry for each in study.participation if each.delivers or each.decision == "pending"]
}

DISPLAYS: dict[str, Display] = {
    # who and when
    "pass-information": Display(identity.pass_information, {"document": _one_of("protocol", "report")}),
    "holder": Display(identity.holder),
    "responsible-parties": Display(identity.responsible_parties, {"kind": _one_of("investigator", "other", "all")}),
    "milestones": Display(identity.milestones, {"columns": _one_of("planned", "actual")}),
    "amendments": Display(identity.amendments),
    "stand-alone-documents": Display(identity.stand_alone_documents),
    "timeline": Display(timeline, {"columns": _one_of("planned", "actual")}),
    # what is asked
    "objective": Display(objectives.objective, _OBJECTIVE),
    "estimand": Display(objectives.estimand, _OBJECTIVE),
    "target-trial": Display(objectives.target_trial),
    # in whom, when, what
    "time-zero": Display(population.time_zero),
    "inclusion": Display(population.inclusion),
    "exclusion": Display(population.exclusion),
    "windows": Display(population.windows),
    "follow-up": Display(population.follow_up),
    "design-diagram": Display(design_diagram),
    "exposures": Display(variables.exposures),
    "outcomes": Display(variables.outcomes),
    "covariates": Display(variables.covariates),
    "code-list": Display(variables.code_list, {"list": _ids("code_lists")}),
    # from where
    "participation": Display(sources.participation),
    "data-sources": Display(sources.data_sources),
    "source-reasons": Display(sources.source_reasons),
    "registry-profiles": Display(sources.registry_profiles),
    "availability": Display(sources.availability),
    "human-subjects": Display(governance.human_subjects),
    "deliveries": Display(sources.deliveries),
    # how
    "study-size": Display(size.study_size),
    "size-inputs": Display(size.size_inputs),
    "analysis": Display(analyses.analysis, _ANALYSIS),
    "sensitivity": Display(analyses.sensitivity),
    "pooling-plan": Display(analyses.pooling_plan),
    "limitations": Display(governance.limitations),
    "signatures": Display(plan_document.signatures),
    "plan-methods": Display(plan_document.plan_methods),
    # with which results
    "attrition": Display(governance.attrition),
    "attrition-flow": Display(attrition_flow, _OWNER),
    "baseline": Display(baseline.baseline),
    "baseline-registry": Display(baseline.baseline_registry, _REGISTRY),
    "love-plot": Display(love_plot, _CONTRAST),
    "survival": Display(survival, _FOLLOWING),
    "effects": Display(effects.effects, _COMPARING),
    "occurrence": Display(occurrence, _DESCRIBING),
    "forest": Display(forest, _ANALYSIS),
    "pooling-comparison": Display(pooling.pooling_comparison, _ANALYSIS),
    "heterogeneity": Display(pooling.heterogeneity, _ANALYSIS),
    "leave-one-out": Display(pooling.leave_one_out, _ANALYSIS),
    "sensitivity-overview": Display(pooling.sensitivity_overview, _OBJECTIVE),
    "deviations": Display(planned.deviations),
    "planned-done": Display(planned.planned_done),
    "plan-versions": Display(planned.plan_versions),
    "waivers": Display(planned.waivers),
    "trace": Display(trace.trace),
    "methods-used": Display(trace.methods_used),
    # where checklists are answered
    "encepp-front": Display(checklists.encepp_front),
    "encepp-section": Display(checklists.encepp_section, _FORM_SECTION),
    "encepp-closing": Display(checklists.encepp_closing),
    "checklist": Display(checklists.checklist, {"checklist": lambda _: CHECKLISTS}),
    "checklist-summary": Display(checklists.checklist_summary, {"document": _one_of("protocol", "report")}),
    "registry-suitability": Display(suitability.registry_suitability, _INVITED),
    "suitability-overview": Display(suitability.suitability_overview),
    "suitability-judgement": Display(suitability.suitability_judgement),
    # what a public version leaves out
    "redactions": Display(redactions.redactions),
}

EXPLAINING = ("trace", "methods-used")
"""The displays that explain the numbers shown elsewhere in their document."""
