"""The readiness page: what an assessor would miss, by document and by registry, in the words of the texts."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from studygen.displays.cells import Content, bullets, row, table
from studygen.displays.dossier.evidence import number
from studygen.displays.dossier.facts import fact_label
from studygen.displays.dossier.frame import DossierFrame
from studygen.displays.dossier.shortcomings import Shortcoming, shortcomings
from studygen.displays.formats import inside, listing, sentence_case
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
    if prefix in ("mapping", "required"):
        return _variables(frame, found.ids)
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
    """What is missing in each document of the dossier; facts and variables by registry are counted here and named below. That
    every document is a draft is said once."""
    wording = frame.texts.of("readiness")
    found: dict[str, list[Shortcoming]] = {name: [] for name in type(frame.definition.documents).model_fields}
    everything = shortcomings(frame.dossier)
    drafts = [each for each in everything if each.kind == "document_draft"]
    all_drafts = len(drafts) == len(found)
    for each in everything:
        if each not in drafts or not all_drafts:
            found[each.document].append(each)
    nothing = wording.say("words.nothing_else" if all_drafts else "words.nothing")
    body = []
    for name, missing in found.items():
        said: list[Content] = [sentence(frame, each) for each in missing if each.kind not in COUNTED or each.registry is None]
        together: dict[str, list[Shortcoming]] = {}
        for each in missing:
            if each.kind in COUNTED and each.registry is not None:
                together.setdefault(each.kind, []).append(each)
        for kind, several in together.items():
            count = sum(len(each.ids) for each in several)
            said.append(_total(frame, kind, count, len(several)))
        label = sentence_case(frame.texts.word("dossier_document", name))
        body.append(row(frame, label, bullets(frame, said) or nothing))
    notes = [wording.note("drafts")] if all_drafts else []
    columns = wording.columns("document", "missing")
    return table(frame, slot, wording.inline("captions.documents"), columns, body, (1.0, 3.6), notes=notes)


def _total(frame: DossierFrame, kind: str, count: int, registries: int) -> str:
    """How often something is missing over the registries; of mappings, out of how many."""
    wording, dossier = frame.texts.of("readiness"), frame.dossier
    if kind != "mapping_unconfirmed":
        return wording.say(f"totals.{kind}", count=str(count), registries=str(registries))
    required = sum(variable.required for _, _, variable in dossier.data_model.core.variables())
    return wording.say(f"totals.{kind}", count=str(count), all=str(required * len(dossier.definition.registries)))


def by_registry(frame: DossierFrame, slot: Slot) -> Table:
    """For each registry how many facts and required variables are missing or cannot be relied on, and of all together."""
    wording, everything = frame.texts.of("readiness"), shortcomings(frame.dossier)
    counts = {
        registry: [
            sum(len(each.ids) for each in everything if (each.registry, each.kind) == (registry, kind)) for kind in COUNTED
        ]
        for registry in frame.definition.registries
    }
    body = [row(frame, frame.short_name(registry), *map(str, numbers)) for registry, numbers in counts.items()]
    body.append(row(frame, wording.say("words.total"), *(str(sum(each)) for each in zip(*counts.values(), strict=True))))
    columns = wording.columns("registry", *COUNTED)
    return table(frame, slot, wording.inline("captions.registries"), columns, body, (1.0, *(1.0 for _ in COUNTED)))


def of_registry(frame: DossierFrame, slot: Slot) -> Table:
    """Everything that is missing of one registry, or (`network`) of the network, named one by one; with the document that it is
    missed in, where there are several."""
    wording, owner = frame.texts.of("readiness"), frame.option(slot, "owner")
    registry = None if owner == NETWORK else owner
    facts = ("fact_unknown", "fact_unconfirmed", "fact_stale")
    found = [each for each in shortcomings(frame.dossier) if each.registry == registry]
    if registry is None:
        found = [each for each in found if each.kind in facts]
    in_one = len({each.document for each in found}) == 1
    body = []
    for each in found:
        document = () if in_one else (sentence_case(frame.texts.word("dossier_document", each.document)),)
        names = sentence_case(_named(frame, each)) or frame.texts.say("patterns.none")
        body.append(row(frame, wording.say(f"labels.{each.kind}"), names, *document))
    name = frame.short_name(registry) if registry else frame.dossier.network.profile.short_name
    columns = wording.columns("kind", "names") if in_one else wording.columns("kind", "names", "document")
    widths = (1.2, 4.6) if in_one else (1.2, 3.4, 1.2)
    return table(frame, slot, wording.inline("captions.one", owner=name), columns, body, widths)


def _fact(frame: DossierFrame, found: Shortcoming, id: str) -> str:
    return inside(fact_label(frame, found.registry or NETWORK, id))


def _variables(frame: DossierFrame, ids: Sequence[str]) -> str:
    """Core variables under the table that they stand in: "patient: sex, date of birth; visit: EDSS"."""
    core, texts = frame.dossier.data_model.core, frame.texts
    comma, found = texts.say("patterns.listing_comma"), list[str]()
    for chosen in core.tables:
        own = [inside(core.variable(id).label) for id in ids if id.partition(".")[0] == chosen.id]
        if own:
            found.append(texts.say("patterns.labelled_note", labels=inside(chosen.label), note=comma.join(own)))
    return texts.say("patterns.labels").join(found)


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
    "adoption": _change,
    "indicator": lambda frame, _, id: inside(frame.definition.indicator(id).label),
}
"""How the ids of a shortcoming are named, by the first word of its kind."""
