"""What must hold between the parts of a dossier: every id that is used exists, in the dossier, the network, the data model, the
studies and the references. A broken link stops reading; what is merely missing is found by the checks."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from studygen.definition import NotApplicable
from studygen.errors import Fault, did_you_mean
from studygen.misfits import DataPath
from studygen.network.network import NetworkProfile, RegistryProfile, fact_fields
from studygen.qualification.dossier import NETWORK, Dossier

Use = tuple[DataPath, str]
"""Where an id is used, and the id."""


@dataclass(frozen=True, slots=True)
class Linked:
    """A dossier and what it may refer to outside of it."""

    dossier: Dossier
    studies: Collection[str]
    """Ids of the studies beside it."""
    references: Collection[str]
    """Keys of its references."""


Rule = Callable[[Linked], Iterator[Fault]]


def link_faults(linked: Linked) -> list[Fault]:
    """Every fault that any rule finds, in the order of the file."""
    found = {replace(fault, rule=id) for id, rule in LINK_RULES.items() for fault in rule(linked)}
    return sorted(found, key=lambda fault: (fault.place.line or 0, fault.place.path, fault.what))


def result_faults(dossier: Dossier, results: Mapping[str, Collection[str]]) -> list[Fault]:
    """Results that the dossier refers to and that do not exist; `results` are the ids of each study that could be computed."""
    uses = [(path, *target) for path, target in _study_targets(dossier)]
    return [
        replace(
            dossier.fault(path, f'the study "{study}" has no result "{result}"', did_you_mean(result, results[study])), rule="Q23"
        )
        for path, study, result in uses
        if study in results and result not in results[study]
    ]


def _study_targets(dossier: Dossier) -> Iterator[tuple[DataPath, tuple[str, str]]]:
    for n, piece in enumerate(dossier.definition.evidence):
        if piece.scheme == "study":
            yield ("evidence", n, "target"), piece.address
    for n, exemplar in enumerate(dossier.definition.exemplars):
        for m, result in enumerate(exemplar.results):
            yield ("exemplars", n, "results", m, "id"), (exemplar.study, result.id)


def dossier_has_its_folders_name(linked: Linked) -> Iterator[Fault]:
    dossier = linked.dossier
    name = dossier.folder.resolve().name
    if dossier.definition.id != name:
        what = f'the id is "{dossier.definition.id}", but the folder is named "{name}"'
        yield dossier.fault(("id",), what, "Give both the same name.")


def ids_are_unique(linked: Linked) -> Iterator[Fault]:
    definition = linked.dossier.definition
    lists: list[tuple[DataPath, Iterable[str]]] = [
        ((kind,), [entry.id for entry in getattr(definition, kind)])
        for kind in (
            "contacts",
            "interactions",
            "claims",
            "evidence",
            "questions",
            "exemplars",
            "indicators",
            "gaps",
            "risks",
            "alternatives",
        )
    ]
    context = definition.context_of_use
    lists += [
        (("context_of_use", kind), [entry.id for entry in getattr(context, kind)])
        for kind in ("study_types", "outcomes", "decisions", "conditions", "exclusions")
    ]
    for path, ids in lists:
        seen: set[str] = set()
        for n, id in enumerate(ids):
            if id in seen:
                what = f'the id "{id}" is given twice under {path[-1]}'
                yield linked.dossier.fault((*path, n, "id"), what, "Give one of the two another id.")
            seen.add(id)
    for n, registry in enumerate(definition.registries):
        if registry in definition.registries[:n]:
            what = f'the registry "{registry}" is listed twice'
            yield linked.dossier.fault(("registries", n), what, "Take one of them out.")


def evidence_exists(linked: Linked) -> Iterator[Fault]:
    definition = linked.dossier.definition
    uses: list[Use] = []
    for kind in ("claims", "questions", "interactions"):
        for n, entry in enumerate(getattr(definition, kind)):
            uses += [((kind, n, "evidence", m), id) for m, id in enumerate(entry.evidence)]
    if not isinstance(definition.issues, NotApplicable):
        for n, issue in enumerate(definition.issues):
            uses += [(("issues", n, "evidence", m), id) for m, id in enumerate(issue.evidence)]
    return _unknown(linked, "evidence", uses, [piece.id for piece in definition.evidence], "evidence")


def targets_exist(linked: Linked) -> Iterator[Fault]:
    """Studies, indicators, references and facts; whether a study has the result is asked once it is computed."""
    dossier = linked.dossier
    indicators = [indicator.id for indicator in dossier.definition.indicators]
    for n, piece in enumerate(dossier.definition.evidence):
        path: DataPath = ("evidence", n, "target")
        first, second = piece.address
        if piece.scheme == "study":
            yield from _unknown(linked, "study", [(path, first)], linked.studies, "the folder beside this one")
        elif piece.scheme == "indicator":
            yield from _unknown(linked, "indicator", [(path, first)], indicators, "indicators")
        elif piece.scheme == "cite":
            yield from _unknown(linked, "reference", [(path, first)], linked.references, "references.json")
        else:
            owners = [NETWORK, *(registry.id for registry in dossier.network.registries)]
            yield from _unknown(linked, "registry", [(path, first)], owners, "the network")
            profile = NetworkProfile if first == NETWORK else RegistryProfile
            yield from _unknown(linked, "fact", [(path, second)], fact_fields(profile), "a profile")


def studies_exist(linked: Linked) -> Iterator[Fault]:
    uses: list[Use] = [(("exemplars", n, "study"), x.study) for n, x in enumerate(linked.dossier.definition.exemplars)]
    return _unknown(linked, "study", uses, linked.studies, "the folder beside this one")


def references_exist(linked: Linked) -> Iterator[Fault]:
    definition = linked.dossier.definition
    uses: list[Use] = []
    for n, question in enumerate(definition.questions):
        uses += [(("questions", n, "references", m), key) for m, key in enumerate(question.references)]
    if not isinstance(definition.issues, NotApplicable):
        for n, issue in enumerate(definition.issues):
            uses += [(("issues", n, "references", m), key) for m, key in enumerate(issue.references)]
    return _unknown(linked, "reference", uses, linked.references, "references.json")


def contacts_exist(linked: Linked) -> Iterator[Fault]:
    definition = linked.dossier.definition
    uses: list[Use] = []
    for name in type(definition.documents).model_fields:
        version = getattr(definition.documents, name)
        uses += [(("documents", name, "author"), version.author)] if version is not None else []
    uses += [(("gaps", n, "owner"), gap.owner) for n, gap in enumerate(definition.gaps) if gap.owner]
    uses += [(("risks", n, "owner"), risk.owner) for n, risk in enumerate(definition.risks)]
    return _unknown(linked, "contact", uses, [contact.id for contact in definition.contacts], "contacts")


def registries_exist(linked: Linked) -> Iterator[Fault]:
    """Registries of the dossier exist in the network; everything else speaks of registries of the dossier."""
    definition = linked.dossier.definition
    uses: list[Use] = [(("registries", n), registry) for n, registry in enumerate(definition.registries)]
    yield from _unknown(linked, "registry", uses, [x.id for x in linked.dossier.network.registries], "the network")
    uses = [(("contacts", n, "registry"), x.registry) for n, x in enumerate(definition.contacts) if x.registry]
    uses += [(("gaps", n, "registry"), x.registry) for n, x in enumerate(definition.gaps) if x.registry]
    for n, condition in enumerate(definition.context_of_use.conditions):
        path = ("context_of_use", "conditions", n, "registries")
        uses += [((*path, m), registry) for m, registry in enumerate(condition.registries)]
    yield from _unknown(linked, "registry", uses, definition.registries, "registries")


def indicators_exist(linked: Linked) -> Iterator[Fault]:
    definition = linked.dossier.definition
    uses: list[Use] = [(("gaps", n, "indicator"), x.indicator) for n, x in enumerate(definition.gaps) if x.indicator]
    for n, condition in enumerate(definition.context_of_use.conditions):
        path = ("context_of_use", "conditions", n)
        uses += [((*path, "indicators", m), id) for m, id in enumerate(condition.indicators)]
        uses += [((*path, "minimum", m, "indicator"), least.indicator) for m, least in enumerate(condition.minimum)]
    return _unknown(linked, "indicator", uses, [x.id for x in definition.indicators], "indicators")


def core_variables_exist(linked: Linked) -> Iterator[Fault]:
    definition = linked.dossier.definition
    uses: list[Use] = []
    for n, outcome in enumerate(definition.context_of_use.outcomes):
        uses += [(("context_of_use", "outcomes", n, "variables", m), name) for m, name in enumerate(outcome.variables)]
    for n, indicator in enumerate(definition.indicators):
        uses += [(("indicators", n, "core_items", m), name) for m, name in enumerate(indicator.core_items)]
    for n, gap in enumerate(definition.gaps):
        uses += [(("gaps", n, "variables", m), name) for m, name in enumerate(gap.variables)]
    names = [name for name, _, _ in linked.dossier.data_model.core.variables()]
    return _unknown(linked, "core variable", uses, names, "the core data model")


def study_types_exist(linked: Linked) -> Iterator[Fault]:
    definition = linked.dossier.definition
    uses: list[Use] = []
    for kind in ("claims", "exemplars"):
        for n, entry in enumerate(getattr(definition, kind)):
            uses += [((kind, n, "study_types", m), id) for m, id in enumerate(entry.study_types)]
    return _unknown(linked, "study type", uses, [x.id for x in definition.context_of_use.study_types], "context_of_use")


def risks_name_their_gaps(linked: Linked) -> Iterator[Fault]:
    definition = linked.dossier.definition
    uses: list[Use] = [(("risks", n, "gaps", m), id) for n, risk in enumerate(definition.risks) for m, id in enumerate(risk.gaps)]
    return _unknown(linked, "gap", uses, [gap.id for gap in definition.gaps], "gaps")


def questions_are_numbered_in_order(linked: Linked) -> Iterator[Fault]:
    for n, question in enumerate(linked.dossier.definition.questions):
        if question.number != n + 1:
            what = f'question "{question.id}" stands at place {n + 1}, but has the number {question.number}'
            yield linked.dossier.fault(("questions", n, "number"), what, "Number the questions 1, 2, 3 … in their order.")


def evidence_fits_its_kind(linked: Linked) -> Iterator[Fault]:
    """A registry fact points at a fact, a quality indicator at an indicator; studies, validations and publications at results or
    references."""
    schemes = {
        "study": ("study", "cite"),
        "validation": ("study", "cite", "indicator"),
        "quality_indicator": ("indicator",),
        "publication": ("cite",),
        "registry_fact": ("fact",),
    }
    for n, piece in enumerate(linked.dossier.definition.evidence):
        if piece.scheme not in schemes[piece.kind]:
            what = f'evidence of the kind "{piece.kind}" cannot lie in "{piece.scheme}:"'
            remedy = (
                "Begin the target with " + " or ".join(f'"{scheme}:"' for scheme in schemes[piece.kind]) + ", or change kind."
            )
            yield linked.dossier.fault(("evidence", n, "target"), what, remedy)


def indicators_hold_together(linked: Linked) -> Iterator[Fault]:
    """A target is at least as good as the minimum, and both can occur."""
    for n, indicator in enumerate(linked.dossier.definition.indicators):
        for key in ("target", "minimum"):
            value = getattr(indicator, key)
            if not indicator.is_possible(value):
                what = f'the {key} of "{indicator.id}" is {value:g}, which cannot occur in {indicator.unit}'
                yield linked.dossier.fault(
                    ("indicators", n, key), what, "A percentage lies between 0 and 100; nothing is below 0."
                )
        if indicator.fails(indicator.target):
            what = f'the target of "{indicator.id}" ({indicator.target:g}) is worse than its minimum ({indicator.minimum:g})'
            remedy = f'With "{indicator.direction}", give a target on the other side of the minimum, or change direction.'
            yield linked.dossier.fault(("indicators", n, "target"), what, remedy)


def _unknown(linked: Linked, kind: str, uses: Iterable[Use], known: Collection[str], where: str) -> Iterator[Fault]:
    for path, id in uses:
        if id not in known:
            yield linked.dossier.fault(path, f'there is no {kind} "{id}" under {where}', did_you_mean(id, known))


LINK_RULES: Mapping[str, Rule] = {
    "Q20": dossier_has_its_folders_name,
    "Q21": ids_are_unique,
    "Q22": evidence_exists,
    "Q23": targets_exist,
    "Q24": studies_exist,
    "Q25": references_exist,
    "Q26": contacts_exist,
    "Q27": registries_exist,
    "Q28": indicators_exist,
    "Q29": core_variables_exist,
    "Q30": study_types_exist,
    "Q31": risks_name_their_gaps,
    "Q32": questions_are_numbered_in_order,
    "Q33": evidence_fits_its_kind,
    "Q34": indicators_hold_together,
}
"""By the rule's id in `templates/guidance/rules/qualification.yaml`."""
