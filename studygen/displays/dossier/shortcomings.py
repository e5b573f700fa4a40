"""What an assessor would miss in a dossier: everything that is unknown, unconfirmed, stale, without evidence, position, owner or
date, each with the documents and the registry that it concerns. Finds and counts; says nothing in words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from studygen.definition import NotApplicable
from studygen.qualification.dossier import NETWORK, Dossier
from studygen.qualification.facts import Doubt, stale_facts, unconfirmed_facts, unknown_facts

BRIEFING, PROFILES, DICTIONARY = "briefing_document", "registry_profiles", "data_dictionary"


@dataclass(frozen=True, slots=True)
class Shortcoming:
    """One thing that is missing: a kind of `displays.readiness.kinds`, the document it is missed in (a field of the dossier's
    documents), the registry (None: the network, or the dossier itself), and what fills the kind's sentence."""

    kind: str
    document: str
    registry: str | None = None
    ids: tuple[str, ...] = ()
    """What it concerns: fields of facts, ids of claims, questions, gaps, indicators, core variables."""


def shortcomings(dossier: Dossier) -> tuple[Shortcoming, ...]:
    """All of them, by document in the order of the dossier."""
    finders = (
        _procedure,
        _claims,
        _questions,
        _context,
        _gaps,
        _exemplars,
        _facts,
        _mappings,
        _indicators,
        _documents,
        _issues,
        _projects,
    )
    found = [each for finder in finders for each in finder(dossier)]
    order = list(type(dossier.definition.documents).model_fields)
    registries = [None, *dossier.definition.registries]
    return tuple(sorted(found, key=lambda each: (order.index(each.document), registries.index(each.registry))))


def _procedure(dossier: Dossier) -> Iterator[Shortcoming]:
    asked = dossier.definition.procedure
    for name in ("research_product_identifier", "number", "proposed_start"):
        if isinstance(getattr(asked, name), NotApplicable):
            yield Shortcoming(name, "letter_of_intent" if name != "number" else BRIEFING)


def _claims(dossier: Dossier) -> Iterator[Shortcoming]:
    definition = dossier.definition
    bare = tuple(each.id for each in definition.claims if not each.evidence)
    if bare:
        yield Shortcoming("claim_without_evidence", BRIEFING, ids=bare)
    for standing in ("simulated", "illustrative", "unconfirmed"):
        resting = tuple(
            each.id for each in definition.claims if any(definition.piece(id).standing == standing for id in each.evidence)
        )
        if resting:
            yield Shortcoming(f"claim_{standing}", BRIEFING, ids=resting)


def _questions(dossier: Dossier) -> Iterator[Shortcoming]:
    questions = dossier.definition.questions
    for name in ("background", "position", "evidence"):
        open_ = tuple(each.id for each in questions if not getattr(each, name))
        if open_:
            yield Shortcoming(f"question_without_{name}", BRIEFING, ids=open_)


def _context(dossier: Dossier) -> Iterator[Shortcoming]:
    use = dossier.definition.context_of_use
    if use.missing:
        yield Shortcoming("context_missing", BRIEFING, ids=use.missing)
    shown = {type_ for exemplar in dossier.definition.exemplars for type_ in exemplar.study_types}
    without = tuple(each.id for each in use.study_types if each.standing == "proposed" and each.id not in shown)
    if without:
        yield Shortcoming("study_type_without_exemplar", "exemplar_studies", ids=without)


def _gaps(dossier: Dossier) -> Iterator[Shortcoming]:
    live = [each for each in dossier.definition.gaps if each.status in ("open", "in_progress")]
    for name in ("action", "owner", "due"):
        for registry in (None, *dossier.definition.registries):
            ids = tuple(each.id for each in live if each.registry == registry and not getattr(each, name))
            if ids:
                yield Shortcoming(f"gap_without_{name}", "gap_table", registry, ids)
    late = tuple(each.id for each in live if each.due and each.due < dossier.as_of)
    if late:
        yield Shortcoming("gap_overdue", "gap_table", ids=late)


def _exemplars(dossier: Dossier) -> Iterator[Shortcoming]:
    for standing in ("planned", "published_aggregates"):
        ids = tuple(each.id for each in dossier.definition.exemplars if each.standing == standing)
        if ids:
            yield Shortcoming(f"exemplar_{standing}", "exemplar_studies", ids=ids)


def _facts(dossier: Dossier) -> Iterator[Shortcoming]:
    for kind, found in (
        ("fact_unknown", unknown_facts(dossier)),
        ("fact_unconfirmed", unconfirmed_facts(dossier)),
        ("fact_stale", stale_facts(dossier)),
    ):
        for owner in (NETWORK, *dossier.definition.registries):
            fields = _fields(found, owner)
            if fields:
                network = owner == NETWORK
                yield Shortcoming(kind, "governance_annex" if network else PROFILES, None if network else owner, fields)


def _fields(doubts: tuple[Doubt, ...], owner: str) -> tuple[str, ...]:
    return tuple(doubt.field for doubt in doubts if doubt.owner == owner)


def _mappings(dossier: Dossier) -> Iterator[Shortcoming]:
    model = dossier.data_model
    required = [name for name, _, variable in model.core.variables() if variable.required]
    if model.core.status == "proposed":
        yield Shortcoming("core_proposed", DICTIONARY)
    for registry in dossier.definition.registries:
        mapping = model.mapping(registry)
        if mapping is None:
            yield Shortcoming("mapping_missing", DICTIONARY, registry)
            continue
        found = {name: each.fidelity if (each := mapping.of(name)) else None for name in required}
        for kind, states in (("mapping_unconfirmed", ("unconfirmed", None)), ("required_not_collected", ("not_collected",))):
            names = tuple(name for name, fidelity in found.items() if fidelity in states)
            if names:
                yield Shortcoming(kind, DICTIONARY, registry, names)
    open_ = tuple(each.id for each in model.changes.changes if _not_adopted(dossier, each.id))
    if open_:
        yield Shortcoming("adoption_open", DICTIONARY, ids=open_)


def _not_adopted(dossier: Dossier, change: str) -> bool:
    found = next(each for each in dossier.data_model.changes.changes if each.id == change)
    states = (found.adopted_by(registry).state for registry in dossier.definition.registries)
    return any(state != "adopted" for state in states)


def _indicators(dossier: Dossier) -> Iterator[Shortcoming]:
    definition = dossier.definition
    if any(figure.simulated for figure in dossier.figures):
        yield Shortcoming("figures_simulated", "quality_report")
    for registry in definition.registries:
        latest = {each.id: dossier.latest(registry, each.id) for each in definition.indicators}
        none = tuple(id for id, figure in latest.items() if figure is None or figure.value is None)
        if none:
            yield Shortcoming("indicator_without_figure", "quality_report", registry, none)
        acted = {
            gap.indicator for gap in definition.gaps if gap.registry in (None, registry) and gap.action and gap.owner and gap.due
        }
        failing = tuple(
            id
            for id, figure in latest.items()
            if figure is not None and figure.value is not None
            if definition.indicator(id).fails(figure.value, definition.minimum(id, registry)) and id not in acted
        )
        if failing:
            yield Shortcoming("indicator_failing", "quality_report", registry, failing)


def _documents(dossier: Dossier) -> Iterator[Shortcoming]:
    made = dossier.definition.documents
    for name in type(made).model_fields:
        version = getattr(made, name)
        if version is None:
            yield Shortcoming("document_missing", name)
        elif version.status == "draft":
            yield Shortcoming("document_draft", name)


def _issues(dossier: Dossier) -> Iterator[Shortcoming]:
    received = dossier.definition.issues
    if isinstance(received, NotApplicable):
        return
    for name in ("answer", "evidence"):
        ids = tuple(each.number for each in received if not getattr(each, name))
        if ids:
            yield Shortcoming(f"issue_without_{name}", "list_of_issues_answers", ids=ids)


def _projects(dossier: Dossier) -> Iterator[Shortcoming]:
    for registry in dossier.definition.registries:
        pending = tuple(
            project.reference
            for project in dossier.projects
            if project.illustrative is None
            and (found := project.decision_of(registry)) is not None
            and found.decision == "pending"
        )
        if pending:
            yield Shortcoming("decision_pending", "project_register", registry, pending)
