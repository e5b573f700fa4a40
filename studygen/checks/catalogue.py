"""Every rule with a function of its own, and the function that asks them all. Rules without one are met by form: a model that
cannot be read without them, or the links of `study.links` and the intake of `aggregates`."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from studygen.checks import (
    agreement_rules,
    atc_rules,
    baseline_sense,
    checklist_rules,
    code_rules,
    delivered_sense,
    design_sense,
    disclosure_rules,
    document_rules,
    evidence_rules,
    identity_rules,
    named_sources,
    plan_rules,
    planned_rules,
    question_rules,
    source_rules,
    substance_rules,
    texts_against_keys,
    time_rules,
    typed_counts,
    wording_rules,
)
from studygen.checks.finding import Finding
from studygen.checks.guidance import Guidance
from studygen.checks.subject import Rule, Subject
from studygen.errors import Fault

RULES: Mapping[str, Rule] = {
    **identity_rules.RULES,
    **time_rules.RULES,
    **question_rules.RULES,
    **plan_rules.RULES,
    **source_rules.RULES,
    **substance_rules.RULES,
    **agreement_rules.RULES,
    **code_rules.RULES,
    **atc_rules.RULES,
    **planned_rules.RULES,
    **evidence_rules.RULES,
    **disclosure_rules.RULES,
    **document_rules.RULES,
    **checklist_rules.RULES,
    **wording_rules.RULES,
    **texts_against_keys.RULES,
    **design_sense.RULES,
    **typed_counts.RULES,
    **delivered_sense.RULES,
    **baseline_sense.RULES,
    **named_sources.RULES,
}
"""By the rule's id in `templates/guidance/rules/`."""


def findings(subject: Subject, guidance: Guidance, on: Collection[str]) -> Iterator[Finding]:
    """What the rules find that look at one of `on` (definition, delivery, results, document)."""
    for id, rule in RULES.items():
        if guidance[id].on in on:
            for fault in rule(subject):
                yield as_finding(Fault(fault.place, fault.what, fault.remedy, fault.rule or id), guidance)


def as_finding(fault: Fault, guidance: Guidance) -> Finding:
    """A fault with the gravity that its rule gives it."""
    requirement = guidance[fault.rule]
    remedy = fault.remedy or requirement.remedy
    return Finding(fault.rule, requirement.effect, fault.place, fault.what, remedy, requirement.documents)
