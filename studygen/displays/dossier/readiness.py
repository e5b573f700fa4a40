"""The readiness page: what an assessor would miss, by document and by registry, in the words of the texts."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from studygen.displays.cells import Content, bullets, row, table
from studygen.displays.dossier.data_model import inside, variable_label
from studygen.displays.dossier.evidence import number
from studygen.displays.dossier.facts import fact_label
from studygen.displays.dossier.frame import DossierFrame
from studygen.displays.dossier.shortcomings import Shortcoming, shortcomings
from studygen.displays.formats import listing, sentence_case
from studygen.document.nodes import Slot, Table
from studygen.qualification.dossier import NETWORK

COUNTED = (
    "fact_unknown",
    "fact_unconfirmed",
    "fact_stale",
    "mapping_unconfirmed",
    "required_not_collected",
    "indicator_without_figure",
)
"""What is counted for each registry."""

Naming = Callable[[DossierFrame, Shortcoming, str], str]


def _named(frame: DossierFrame, found: Shortcoming) -> str:
    prefix = found.kind.partition("_")[0]
    name = NAMES.get(found.kind) or NAMES.get(prefix, lambda _frame, _found, id: id)
    return listing([name(frame, found, id) for id in found.ids], frame.texts)


def sentence(frame: DossierFrame, found: Shortcoming, *, with_registry: bool = True) -> str:
    """What is missing, in a sentence."""
    wording = frame.texts.of("readiness")
    said = wording.say(f"kinds.{found.kind}", count=str(len(found.ids)), names=_named(frame, found))
    if with_registry and found.registry:
        return wording.say("words.of_registry", registry=frame.short_name(found.registry), text=said)
    return said


def by_document(frame: DossierFrame, slot: Slot) -> Table:
    """What is missing in each document of the dossier; facts and variables by registry are counted here and named below."""
    wording = frame.texts.of("readiness")
    found: dict[str, list[Shortcoming]] = {name: [] for name in type(frame.definition.documents).model_fields}
    for each in shortcomings(frame.dossier):
        found[each.document].append(each)
    body = []
    for name, missing in found.items():
        said: list[Content] = [sentence(frame, each) for each in missing if each.kind not in COUNTED or each.registry is None]
        together: dict[str, list[Shortcoming]] = {}
        for each in missing:
            if each.kind in COUNTED and each.registry is not None:
                together.setdefault(each.kind, []).append(each)
        for kind, several in together.items():
            count = sum(len(each.ids) for each in several)
            said.append(wording.say(f"totals.{kind}", count=str(count), registries=str(len(several))))
        label = sentence_case(frame.texts.word("dossier_document", name))
        body.append(row(frame, label, bullets(frame, said) or wording.say("words.nothing")))
    return table(frame, slot, wording.inline("captions.documents"), wording.columns("document", "missing"), body, (1.0, 3.6))


def by_registry(frame: DossierFrame, slot: Slot) -> Table:
    """For each registry how many facts and required variables are missing or cannot be relied on."""
    wording, everything = frame.texts.of("readiness"), shortcomings(frame.dossier)
    body = []
    for registry in frame.definition.registries:
        counts = {each.kind: len(each.ids) for each in everything if each.registry == registry}
        others = sum(1 for each in everything if each.registry == registry and each.kind not in COUNTED)
        body.append(row(frame, frame.short_name(registry), *(str(counts.get(kind, 0)) for kind in COUNTED), str(others)))
    columns = wording.columns("registry", *COUNTED, "others")
    return table(frame, slot, wording.inline("captions.registries"), columns, body, (1.0, *(1.0 for _ in COUNTED), 1.0))


def of_registry(frame: DossierFrame, slot: Slot) -> Table:
    """Everything that is missing of one registry, or (`network`) of the network, named one by one."""
    wording, owner = frame.texts.of("readiness"), frame.option(slot, "owner")
    registry = None if owner == NETWORK else owner
    facts = ("fact_unknown", "fact_unconfirmed", "fact_stale")
    found = [each for each in shortcomings(frame.dossier) if each.registry == registry]
    if registry is None:
        found = [each for each in found if each.kind in facts]
    body = [
        row(
            frame,
            wording.say(f"labels.{each.kind}"),
            _named(frame, each) or frame.texts.say("patterns.none"),
            sentence_case(frame.texts.word("dossier_document", each.document)),
        )
        for each in found
    ]
    name = frame.short_name(registry) if registry else frame.dossier.network.profile.short_name
    columns = wording.columns("kind", "names", "document")
    return table(frame, slot, wording.inline("captions.one", owner=name), columns, body, (1.2, 3.4, 1.2))


def _fact(frame: DossierFrame, found: Shortcoming, id: str) -> str:
    return inside(fact_label(frame, found.registry or NETWORK, id))


def _variable(frame: DossierFrame, _found: Shortcoming, id: str) -> str:
    return variable_label(frame, id)


def _type(frame: DossierFrame, _found: Shortcoming, id: str) -> str:
    kind = next(each.kind for each in frame.definition.context_of_use.study_types if each.id == id)
    return frame.texts.word("study_type", kind)


def _exemplar(frame: DossierFrame, _found: Shortcoming, id: str) -> str:
    exemplar = next(each for each in frame.definition.exemplars if each.id == id)
    return frame.studies[exemplar.study].study.short_title


def _gap(_frame: DossierFrame, _found: Shortcoming, id: str) -> str:
    return id.replace("_", " ")


def _change(frame: DossierFrame, _found: Shortcoming, id: str) -> str:
    position = [each.id for each in frame.dossier.data_model.changes.changes].index(id) + 1
    return inside(frame.texts.of("data-model-changes").say("words.change", number=str(position)))


NAMES: Mapping[str, Naming] = {
    "fact": _fact,
    "claim": lambda frame, _, id: number(frame, "claim", id),
    "question": lambda frame, _, id: number(frame, "question", id),
    "context": lambda frame, _, id: frame.texts.of("context-of-use").row(id).lower(),
    "study": _type,
    "gap": _gap,
    "exemplar": _exemplar,
    "mapping": _variable,
    "required": _variable,
    "adoption": _change,
    "indicator": lambda frame, _, id: frame.definition.indicator(id).label,
}
"""How the ids of a shortcoming are named, by the first word of its kind."""
