"""Every table that a document of a dossier may ask for, by name, with the options each takes: the dict at the end."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import TypeAlias

from studygen.displays import filling
from studygen.displays.dossier import (
    context,
    data_model,
    evidence,
    exemplars,
    facts,
    improvement,
    parties,
    projects,
    quality_figures,
    quality_tables,
    readiness,
    traces,
    waivers,
)
from studygen.displays.dossier.frame import DossierFrame
from studygen.document.nodes import Figure, Slot, Table
from studygen.network.network import SUITABILITY
from studygen.qualification.dossier import NETWORK, Dossier

Known = Callable[[Dossier], Collection[str]]
"""What an option may be, for a dossier."""

Display: TypeAlias = filling.Display[DossierFrame, Dossier]


def fill(frame: DossierFrame, slot: Slot) -> Table | Figure:
    """The table or figure for a slot. TemplateError with all that is wrong with the slot."""
    return filling.filled(DISPLAYS, frame, frame.dossier, slot)


_REGISTRY: Mapping[str, Known] = {"registry": lambda dossier: dossier.definition.registries}
_PROJECT: Mapping[str, Known] = {"project": lambda dossier: [each.id for each in dossier.projects]}
_INDICATOR: Mapping[str, Known] = {"indicator": lambda dossier: [each.id for each in dossier.definition.indicators]}
_OWNER: Mapping[str, Known] = {"owner": lambda dossier: [NETWORK, *dossier.definition.registries]}
_ANY_OWNER: Mapping[str, Known] = {"owner": lambda dossier: [improvement.ALL, NETWORK, *dossier.definition.registries]}

DISPLAYS: dict[str, Display] = {
    # who asks whom
    "applicant": Display(parties.applicant),
    "procedure": Display(parties.procedure),
    "contacts": Display(parties.contacts),
    "interactions": Display(parties.interactions),
    "dossier-documents": Display(parties.documents),
    # for what
    "context-of-use": Display(context.context_of_use),
    "outcomes-of-use": Display(context.outcomes),
    "substances": Display(context.substances),
    "conditions": Display(context.conditions),
    "indicators": Display(context.indicators),
    # what is known
    "members": Display(facts.members),
    "network-facts": Display(facts.network_facts, {"group": lambda _: facts.NETWORK_GROUPS}),
    "registry-facts": Display(facts.registry_facts, {**_REGISTRY, "group": lambda _: SUITABILITY}),
    "adverse-events": Display(facts.adverse_events),
    "suitability": Display(facts.suitability, _REGISTRY),
    "suitability-counts": Display(facts.suitability_counts),
    # on which evidence
    "claims": Display(evidence.claims),
    "evidence": Display(evidence.evidence),
    "questions": Display(evidence.questions),
    "question-evidence": Display(
        evidence.question_evidence, {"question": lambda d: [each.id for each in d.definition.questions]}
    ),
    "exemplars": Display(exemplars.exemplars),
    "exemplar-results": Display(exemplars.exemplar_results, {"exemplar": lambda d: [each.id for each in d.definition.exemplars]}),
    # what is not good enough
    "gaps": Display(improvement.gaps, _ANY_OWNER),
    "risks": Display(improvement.risks),
    "alternatives": Display(improvement.alternatives),
    "issues": Display(improvement.issues),
    "readiness-documents": Display(readiness.by_document),
    "readiness-registries": Display(readiness.by_registry),
    "readiness-of": Display(readiness.of_registry, _OWNER),
    "dossier-waivers": Display(waivers.waivers),
    # how good the data are
    "quality-heat-map": Display(quality_figures.registries_by_indicators),
    "item-heat-map": Display(quality_figures.items_by_registries),
    "quality-trend": Display(quality_figures.trend, _INDICATOR),
    "quality-summary": Display(quality_tables.summary),
    "quality-network": Display(quality_tables.network),
    "quality-of-registry": Display(quality_tables.of_registry, _REGISTRY),
    "quality-failing": Display(quality_tables.failing),
    "quality-by-year": Display(quality_tables.by_year, _INDICATOR),
    "quality-deliveries": Display(quality_tables.deliveries),
    # the data model
    "core-table": Display(data_model.core_table, {"table": lambda d: [each.id for each in d.data_model.core.tables]}),
    "row-columns": Display(data_model.row_columns),
    "derived-variables": Display(data_model.derived),
    "common-deviations": Display(data_model.common),
    "mapping": Display(data_model.mapping, _REGISTRY),
    "mapping-matrix": Display(data_model.matrix),
    "mapping-counts": Display(data_model.mapping_counts),
    "data-model-changes": Display(data_model.changes),
    "adoption": Display(data_model.adoption),
    # projects
    "project-register": Display(projects.project_register),
    "project-proposal": Display(projects.project_proposal, _PROJECT),
    "project-objectives": Display(projects.project_objectives, _PROJECT),
    "project-variables": Display(projects.project_variables, _PROJECT),
    "screening": Display(projects.screening, _PROJECT),
    "feasibility": Display(projects.feasibility, _PROJECT),
    "decisions": Display(projects.decisions, _PROJECT),
    "decision-form": Display(projects.decision_form, {**_PROJECT, **_REGISTRY}),
    "project-history": Display(projects.history, _PROJECT),
    # where numbers come from
    "dossier-trace": Display(traces.trace),
    "dossier-figures": Display(traces.figures),
    "dossier-methods": Display(traces.methods),
    "dossier-files": Display(traces.files),
}

EXPLAINING = ("dossier-trace", "dossier-figures", "dossier-methods", "dossier-files")
"""The displays that explain the numbers shown elsewhere in their document."""
