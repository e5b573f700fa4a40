"""Tables of the context of use: its elements, outcomes, substances, and the conditions with the least that each registry must
show."""

from __future__ import annotations

from collections.abc import Iterator

from studygen.displays import numbers
from studygen.displays.cells import Content, bullets, row, table
from studygen.displays.dossier.data_model import variable_label
from studygen.displays.dossier.frame import DossierFrame
from studygen.displays.formats import inside, listing, sentence_case
from studygen.document.nodes import Code, Paragraph, Ref, Slot, Strong, Table, Text
from studygen.qualification.indicators import Indicator, Unit

ELEMENTS = (
    "population",
    "setting",
    "study_types",
    "exposures",
    "outcomes",
    "decisions",
    "lifecycle",
    "analysis_mode",
    "conditions",
    "exclusions",
)
"""The elements of a context of use, in the order in which they are asked for."""


def amount(frame: DossierFrame, value: float, unit: Unit) -> str:
    """A value of an indicator as printed: "95%", "30 days"."""
    return frame.texts.word("indicator_amount", unit).format(number=numbers.significant(value))


def limit(frame: DossierFrame, indicator: Indicator, value: float) -> str:
    """A limit as printed: "at least 95%"."""
    direction = frame.texts.word("indicator_direction", indicator.direction)
    return frame.texts.of("conditions").say("words.limit", direction=direction, amount=amount(frame, value, indicator.unit))


def context_of_use(frame: DossierFrame, slot: Slot) -> Table:
    """The context of use element by element; one that is not stated yet says so."""
    wording = frame.texts.of("context-of-use")
    contents = dict(_elements(frame))
    body = [row(frame, wording.row(name), contents[name] or wording.say("words.missing")) for name in ELEMENTS]
    return table(frame, slot, wording.caption(), wording.columns("element", "content"), body, (1.0, 4.2))


def _elements(frame: DossierFrame) -> Iterator[tuple[str, Content]]:
    use, wording, texts = frame.definition.context_of_use, frame.texts.of("context-of-use"), frame.texts
    people = use.population
    if people is not None:
        countries = listing([texts.country(code) for code in people.countries], texts)
        yield (
            "population",
            [
                people.text,
                wording.say("words.phenotypes", phenotypes=listing([inside(each) for each in people.phenotypes], texts)),
                wording.say("words.ages", ages=people.ages),
                wording.say("words.countries", countries=countries),
                people.countries_note,
            ],
        )
    else:
        yield "population", None
    yield "setting", use.setting
    yield (
        "study_types",
        [
            [
                _labelled(
                    frame, each.label or texts.word("study_type", each.kind), texts.word("study_type_standing", each.standing)
                ),
                each.text,
            ]
            for each in use.study_types
        ],
    )
    substances = use.exposures.substances if use.exposures else ()
    named = listing([each.name for each in substances], texts)
    shown = use.exposures
    yield (
        "exposures",
        [shown.text, wording.say("words.substances", substances=named), _see(frame, "tbl-substances")] if shown else None,
    )
    yield "outcomes", [*_outcomes(frame), _see(frame, "tbl-outcomes-of-use")] if use.outcomes else None
    yield "decisions", bullets(frame, [each.text for each in use.decisions])
    yield "lifecycle", use.lifecycle
    yield "analysis_mode", use.analysis_mode
    yield (
        "conditions",
        [bullets(frame, [each.text for each in use.conditions]), _see(frame, "tbl-conditions")] if use.conditions else None,
    )
    yield "exclusions", bullets(frame, [[each.text, each.reason] for each in use.exclusions])


def _outcomes(frame: DossierFrame) -> Iterator[str]:
    """The outcomes of this request in one sentence, and those of a later one in another."""
    wording = frame.texts.of("context-of-use")
    for standing in ("proposed", "later"):
        labels = [inside(each.label) for each in frame.definition.context_of_use.outcomes if each.standing == standing]
        if labels:
            yield sentence_case(wording.say(f"words.outcomes_{standing}", outcomes=listing(labels, frame.texts)))


def _see(frame: DossierFrame, target: str) -> Paragraph:
    """Where the element is given in full."""
    return Paragraph(frame.texts.of("context-of-use").inline("words.see", place=Ref(target)))


def _labelled(frame: DossierFrame, kind: str, standing: str) -> Paragraph:
    said = frame.texts.of("context-of-use").say("words.study_type", kind=sentence_case(kind), standing=standing)
    return Paragraph((Strong((Text(said),)),))


def outcomes(frame: DossierFrame, slot: Slot) -> Table:
    """The outcomes with their definitions and the core variables that they are made from."""
    wording = frame.texts.of("outcomes-of-use")
    body = []
    for each in frame.definition.context_of_use.outcomes:
        kind = frame.texts.word("outcome_of_use", each.kind)
        standing = frame.texts.word("study_type_standing", each.standing)
        label = [sentence_case(each.label), wording.say("words.kind", kind=sentence_case(kind), standing=standing)]
        body.append(
            row(
                frame,
                label,
                each.definition,
                sentence_case(listing([variable_label(frame, name) for name in each.variables], frame.texts)) or None,
            )
        )
    columns = wording.columns("outcome", "definition", "variables")
    return table(frame, slot, wording.caption(), columns, body, (1.4, 2.6, 1.7))


def substances(frame: DossierFrame, slot: Slot) -> Table:
    """The disease-modifying therapies with their codes, earlier ones included."""
    wording, exposures = frame.texts.of("substances"), frame.definition.context_of_use.exposures
    body = [
        row(
            frame,
            sentence_case(each.name),
            Code(each.atc),
            [Code(code) for code in each.atc_earlier] or frame.texts.say("patterns.none"),
            sentence_case(frame.texts.word("fact_status", each.status)),
        )
        for each in (exposures.substances if exposures else ())
    ]
    columns = wording.columns("substance", "atc", "earlier", "standing")
    return table(frame, slot, wording.caption(), columns, body, (2.0, 1.0, 1.2, 1.4))


def conditions(frame: DossierFrame, slot: Slot) -> Table:
    """The conditions of use: whom each binds, and the least that must be shown."""
    wording = frame.texts.of("conditions")
    body = []
    for each in frame.definition.context_of_use.conditions:
        own = {least.indicator: least.value for least in each.minimum}
        measured: list[Content] = []
        for id in dict.fromkeys((*own, *each.indicators)):
            indicator = frame.definition.indicator(id)
            least = limit(frame, indicator, own.get(id, indicator.minimum))
            measured.append(wording.say("words.measured", label=indicator.label, limit=least))
        bound = (
            listing([frame.short_name(id) for id in each.registries], frame.texts)
            if each.registries
            else wording.say("words.all")
        )
        body.append(row(frame, each.text, bound, measured or wording.say("words.judged")))
    columns = wording.columns("condition", "registries", "minimum")
    return table(frame, slot, wording.caption(), columns, body, (2.4, 1.0, 2.0))


def indicators(frame: DossierFrame, slot: Slot) -> Table:
    """The quality indicators: definition, numerator and denominator, target and minimum. Where target and minimum come from
    stands below; when not all come from one source, with the indicators concerned."""
    wording, texts = frame.texts.of("indicators"), frame.texts
    body = []
    origins: dict[str, list[str]] = {}
    for each in frame.definition.indicators:
        label = [each.label, sentence_case(texts.word("indicator_dimension", each.dimension))]
        # A median has neither numerator nor denominator.
        parts = (
            each.numerator
            if each.unit == "days"
            else wording.say("words.share", numerator=each.numerator, denominator=each.denominator)
        )
        status = texts.word("indicator_status", each.status)
        origins.setdefault(wording.say("words.source", source=each.source, status=status), []).append(each.label)
        target, least = (limit(frame, each, value) for value in (each.target, each.minimum))
        body.append(row(frame, label, [each.definition, parts], sentence_case(target), sentence_case(least)))
    columns = wording.columns("indicator", "definition", "target", "minimum")
    notes = [
        wording.note("origin", origin=origin)
        if len(origins) == 1
        else wording.note("origin_of", origin=origin, indicators=texts.say("patterns.labels").join(labels))
        for origin, labels in origins.items()
    ]
    return table(frame, slot, wording.caption(), columns, body, (1.4, 3.2, 1.0, 1.0), notes=notes)
