"""What a qualification dossier must hold beyond its form and links (Q): elements, evidence, quality figures, facts, mappings,
decisions on projects. Looks at a Dossier, not at a study."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping

from studygen.definition import NotApplicable
from studygen.errors import Fault, Place
from studygen.network.network import Fact
from studygen.qualification.agreement import participation_disagreements
from studygen.qualification.dossier import NETWORK, Dossier
from studygen.qualification.facts import MONTHS_FRESH, Doubt, stale_facts, unconfirmed_facts, unknown_facts
from studygen.qualification.improvement import Gap
from studygen.qualification.indicators import QualityFigure

DossierRule = Callable[[Dossier], Iterator[Fault]]


def context_of_use_is_complete(dossier: Dossier) -> Iterator[Fault]:
    """One fault per element that is not stated."""
    for element in dossier.definition.context_of_use.missing:
        yield dossier.fault(
            ("context_of_use",),
            f"the context of use does not state its {element.replace('_', ' ')}",
            f"Write {element} under context_of_use; an exclusion is stated too.",
        )


def questions_are_argued(dossier: Dossier) -> Iterator[Fault]:
    """Every question has background, position, evidence and references."""
    for n, question in enumerate(dossier.definition.questions):
        for key in ("background", "position", "evidence", "references"):
            if not getattr(question, key):
                what = f'question {question.number} ("{question.id}") has no {key}'
                yield dossier.fault(("questions", n), what, f"Write {key} for it, or take the question out.")


def claims_have_evidence(dossier: Dossier) -> Iterator[Fault]:
    for n, claim in enumerate(dossier.definition.claims):
        if not claim.evidence:
            yield dossier.fault(
                ("claims", n),
                f'the claim "{claim.id}" has no evidence',
                "Name ids of evidence; write a piece of evidence for it, or withdraw the claim.",
            )


def failing_indicators_are_acted_upon(dossier: Dossier) -> Iterator[Fault]:
    """The latest figure of every registry and indicator reaches its minimum, or an open gap says what is done, by whom, until
    when."""
    definition = dossier.definition
    for registry in definition.registries:
        for indicator in definition.indicators:
            figure = dossier.latest(registry, indicator.id)
            if figure is None or figure.value is None or not indicator.is_possible(figure.value):
                continue
            minimum = definition.minimum(indicator.id, registry)
            if indicator.fails(figure.value, minimum):
                yield from _unattended(dossier, figure, minimum)


def _unattended(dossier: Dossier, figure: QualityFigure, minimum: float) -> Iterator[Fault]:
    when = f" in {figure.year}" if figure.year else ""
    failed = (
        f'"{figure.indicator}" of "{figure.registry}" is {figure.value:g}{when} ({figure.place}), '
        f"worse than the minimum of {minimum:g}"
    )
    found = [
        (n, gap)
        for n, gap in enumerate(dossier.definition.gaps)
        if gap.indicator == figure.indicator and gap.registry in (figure.registry, None) and gap.status != "done"
    ]
    if not found:
        remedy = f"Add a gap with registry: {figure.registry}, indicator: {figure.indicator}, action, owner and due."
        yield dossier.fault(("gaps",), f"{failed}, and no open gap says what is done", remedy)
    elif all(_lacking(gap) for _, gap in found):
        n, gap = found[0]
        lacking = " and ".join(_lacking(gap))
        yield dossier.fault(("gaps", n), f'{failed}, but its gap "{gap.id}" has no {lacking}', f"Write {lacking}.")


def _lacking(gap: Gap) -> tuple[str, ...]:
    """What a gap needs and does not have; one that is accepted needs its reason only, one that is done no date."""
    needed = {"open": ("action", "owner", "due"), "in_progress": ("action", "owner", "due"), "done": ("action",)}
    return tuple(key for key in needed.get(gap.status, ("action",)) if getattr(gap, key) is None)


def gaps_have_action_owner_and_date(dossier: Dossier) -> Iterator[Fault]:
    for n, gap in enumerate(dossier.definition.gaps):
        if lacking := _lacking(gap):
            what = f'the gap "{gap.id}" is {gap.status.replace("_", " ")}, but has no {" and no ".join(lacking)}'
            remedy = f"Write {' and '.join(lacking)}; for a gap that stays, status: accepted with the reason as its action."
            yield dossier.fault(("gaps", n), what, remedy)


def gaps_are_not_overdue(dossier: Dossier) -> Iterator[Fault]:
    for n, gap in enumerate(dossier.definition.gaps):
        if gap.status in ("open", "in_progress") and gap.due and gap.due < dossier.as_of:
            what = f'the gap "{gap.id}" was due on {gap.due} and is still {gap.status.replace("_", " ")} on {dossier.as_of}'
            remedy = "Set status: done with what was done, or give a new date and say why in the action."
            yield dossier.fault(("gaps", n, "due"), what, remedy)


def mappings_are_complete(dossier: Dossier) -> Iterator[Fault]:
    """One fault per registry: required variables that are not mapped, or whose fidelity the registry has not confirmed."""
    model = dossier.data_model
    required = [name for name, _, variable in model.core.variables() if variable.required]
    for registry in dossier.definition.registries:
        mapping = model.mapping(registry)
        if mapping is None:
            place = dossier.positions.place(("registries", dossier.definition.registries.index(registry)))
            what = f'"{registry}" has no mapping to the core data model'
            yield Fault(place, what, f"Write data-model/mappings/{registry}.yaml in the network's folder.")
            continue
        place = dossier.read_data_model.mappings[registry].place(("variables",))
        missing = [name for name in required if mapping.of(name) is None]
        if missing:
            what = f'{_counted(len(missing), "required variable")} not mapped for "{registry}": {_few(missing)}'
            yield Fault(place, what, "Add them with a fidelity; not_collected is an answer too.")
        open_ = [name for name in required if (found := mapping.of(name)) and found.fidelity == "unconfirmed"]
        if open_:
            what = f'{_counted(len(open_), "required variable")} of "{registry}" without a confirmed fidelity: {_few(open_)}'
            yield Fault(place, what, "Ask the registry for source variable, rule and deviation, and rate the fidelity.")


def deviations_have_consequences(dossier: Dossier) -> Iterator[Fault]:
    """A variable that is partial, derived or not collected says in what it differs and what follows from it."""
    for mapping in dossier.data_model.mappings:
        positions = dossier.read_data_model.mappings[mapping.registry]
        for n, entry in enumerate(mapping.variables):
            needed = {
                "partial": ("deviation", "consequence"),
                "not_collected": ("consequence",),
                "derived": ("rule",),
            }.get(entry.fidelity, ())
            lacking = [key for key in needed if not getattr(entry, key)]
            if lacking:
                kind = entry.fidelity.replace("_", " ")
                what = f'"{entry.variable}" of "{mapping.registry}" is {kind}, but has no {" and no ".join(lacking)}'
                yield Fault(positions.place(("variables", n)), what, f"Write {' and '.join(lacking)}.")


def facts_are_fresh(dossier: Dossier) -> Iterator[Fault]:
    """One fault per fact that is more than 12 months older than the dossier."""
    for doubt in stale_facts(dossier):
        what = f"{_whose(doubt)} is of {doubt.fact.date}, more than {MONTHS_FRESH} months before the dossier ({dossier.as_of})"
        remedy = "Ask for the present state, and write its value, source and as_of; confirm it if it has not changed."
        yield Fault(doubt.place, what, remedy)


def facts_are_confirmed(dossier: Dossier) -> Iterator[Fault]:
    """One fault per registry and kind of doubt: what is unconfirmed, and what is not known."""
    for kind, doubts, remedy in (
        (
            "not confirmed",
            unconfirmed_facts(dossier),
            "Ask the registry, and set status: confirmed with its answer as the source.",
        ),
        ("not known", unknown_facts(dossier), "Ask the registry, and write value, source, as_of and status: confirmed."),
    ):
        for owner in dict.fromkeys(doubt.owner for doubt in doubts):
            its = [doubt for doubt in doubts if doubt.owner == owner]
            whose = "the network" if owner == NETWORK else f'"{owner}"'
            stand = f"{_counted(len(its), 'fact')} about {whose} {'is' if len(its) == 1 else 'are'} {kind}"
            what = f"{stand}: {_few([doubt.field for doubt in its])}"
            yield Fault(Place(its[0].place.file, min(doubt.place.line or 1 for doubt in its)), what, remedy)


def figures_can_occur(dossier: Dossier) -> Iterator[Fault]:
    """A percentage lies between 0 and 100; nothing is below 0."""
    known = {indicator.id: indicator for indicator in dossier.definition.indicators}
    for figure in dossier.figures:
        indicator = known.get(figure.indicator)
        if indicator and figure.value is not None and not indicator.is_possible(figure.value):
            limits = "between 0 and 100" if indicator.unit == "percent" else "0 or more"
            what = f'"{figure.indicator}" of "{figure.registry}" is {figure.value:g}; in {indicator.unit} it must be {limits}'
            remedy = "Ask the registry for a corrected delivery: a share is sent in percent, not as a proportion or a count."
            yield Fault(figure.place, what, remedy)


def indicators_are_delivered(dossier: Dossier) -> Iterator[Fault]:
    """One fault per registry: indicators without any figure."""
    if dossier.definition.quality_evidence == "none_yet":
        return
    counted = Counter((figure.registry, figure.indicator) for figure in dossier.figures)
    for n, registry in enumerate(dossier.definition.registries):
        missing = [x.id for x in dossier.definition.indicators if not counted[registry, x.id]]
        if missing:
            what = f'{_counted(len(missing), "quality indicator")} not delivered by "{registry}": {_few(missing)}'
            remedy = "Ask the registry for them; one that it cannot measure is sent with the state not_collected."
            yield dossier.fault(("registries", n), what, remedy)


def decisions_are_signed(dossier: Dossier) -> Iterator[Fault]:
    """A decision has a date, the role that signed and a reason; a decision with limits says which."""
    for read in dossier.read_projects:
        for n, decision in enumerate(read.project.decisions):
            needed = ["date", "signed_by", "reason"] if decision.taken else ["reason"]
            needed += ["limits"] if decision.decision == "accepted_with_limits" else []
            for key in needed:
                if not getattr(decision, key):
                    words = decision.decision.replace("_", " ")
                    what = f'the decision of "{decision.registry}" on "{read.project.id}" ({words}) has no {key}'
                    yield read.fault(("decisions", n), what, f"Write {key} as it stands in the signed decision.")


def studies_follow_the_decisions(dossier: Dossier) -> Iterator[Fault]:
    """A study says of every registry what the project says that it was made from."""
    for read in dossier.read_projects:
        study = read.project.study
        if study is not None and study in dossier.studies:
            yield from participation_disagreements(dossier.studies[study], read)


def issues_are_answered(dossier: Dossier) -> Iterator[Fault]:
    issues = dossier.definition.issues
    for n, issue in enumerate(() if isinstance(issues, NotApplicable) else issues):
        lacking = [key for key in ("answer", "references") if not getattr(issue, key)]
        if issue.answer and not issue.answered:
            lacking.append("answered")
        if lacking:
            what = f"issue {issue.number} has no {' and no '.join(lacking)}"
            yield dossier.fault(("issues", n), what, f"Write {' and '.join(lacking)}.")


def study_types_are_shown(dossier: Dossier) -> Iterator[Fault]:
    """At least one claim and one exemplar study is about every proposed kind of study."""
    definition = dossier.definition
    for n, kind in enumerate(definition.context_of_use.study_types):
        if kind.standing != "proposed":
            continue
        for missing, shown in (("claim", definition.claims), ("exemplar study", definition.exemplars)):
            if not any(kind.id in entry.study_types for entry in shown):
                yield dossier.fault(
                    ("context_of_use", "study_types", n),
                    f'no {missing} is about the proposed kind of study "{kind.id}"',
                    "Name it under study_types of a claim and of an exemplar, or propose it for a later dossier.",
                )


def _whose(doubt: Doubt) -> str:
    fact: Fact = doubt.fact
    owner = "the network" if doubt.owner == NETWORK else f'"{doubt.owner}"'
    return f'the fact "{doubt.field}" about {owner} ({fact.status})'


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun if number == 1 else noun + 's'}"


def _few(names: list[str]) -> str:
    return ", ".join(names[:6]) + (f" and {len(names) - 6} more" if len(names) > 6 else "")


RULES: Mapping[str, DossierRule] = {
    "Q01": context_of_use_is_complete,
    "Q02": questions_are_argued,
    "Q03": failing_indicators_are_acted_upon,
    "Q04": claims_have_evidence,
    "Q05": mappings_are_complete,
    "Q06": indicators_are_delivered,
    "Q10": facts_are_fresh,
    "Q11": facts_are_confirmed,
    "Q12": figures_can_occur,
    "Q13": decisions_are_signed,
    "Q14": studies_follow_the_decisions,
    "Q15": gaps_have_action_owner_and_date,
    "Q16": gaps_are_not_overdue,
    "Q17": deviations_have_consequences,
    "Q18": issues_are_answered,
    "Q19": study_types_are_shown,
}
"""By the rule's id in `templates/guidance/rules/qualification.yaml`."""
