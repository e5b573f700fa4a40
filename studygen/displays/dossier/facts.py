"""Tables of facts: what is known of the network and of each registry, always with source, date and standing, and what is not
known. A fact that a reader cannot rely on carries its mark."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from studygen.displays.cells import Content, group, row, spanning, table
from studygen.displays.dossier.citing import sourced
from studygen.displays.dossier.frame import DossierFrame
from studygen.displays.fact_dates import dated
from studygen.displays.formats import listing, sentence_case
from studygen.displays.frame import Speaks
from studygen.document.nodes import Emphasis, Inline, Paragraph, Ref, Row, Slot, Strong, Table, Text
from studygen.network.network import SUITABILITY, Fact
from studygen.qualification.dossier import NETWORK
from studygen.qualification.facts import LASTING, is_stale

NETWORK_GROUPS: Mapping[str, tuple[str, ...]] = {
    "organisation": (
        "coordination",
        "start",
        "members",
        "size",
        "independence",
        "website",
        "project_publications",
        "qualification",
    ),
    "rules": ("charter", "steering", "scientific_board", "conflict_policy", "publication_policy", "entry_and_exit"),
    "projects": ("project_workflow", "funding", "fees"),
    "data": ("data_model", "version_control"),
    "safety": ("adverse_event_agreement", "safety_reporting", "safety_protocol"),
    "regulators": ("regulator_access", "audit_readiness"),
}
"""The facts of the network by what they are about."""

ANSWERS: Mapping[str, str] = {"confirmed": "yes", "published": "yes", "unconfirmed": "partly", "unknown": "no"}
"""What the checklist answers for a fact of each standing: words of `answer`."""

OVERVIEW = ("start", "size", "coverage")
"""The facts that introduce a registry."""


def marks(frame: DossierFrame, fact: Fact, field: str = "") -> tuple[str, ...]:
    """Why a reader cannot rely on a fact: words of `fact_mark`. A fact that lasts, as its field says, does not grow old."""
    found: list[str] = []
    if fact.status in ("unknown", "unconfirmed"):
        found.append(fact.status)
    if fact.status != "unknown" and field not in LASTING and fact.date and is_stale(fact.date, frame.dossier.as_of):
        found.append("stale")
    return tuple(found)


def marked(frame: DossierFrame, fact: Fact, field: str = "") -> Content:
    """A fact's words, and its marks as a line of their own; for an unknown one only that it is not yet known."""
    said = [frame.texts.word("fact_mark", mark) for mark in marks(frame, fact, field)]
    mark = Strong((Text(frame.texts.say("patterns.in_brackets", text=listing(said, frame.texts))),)) if said else None
    if fact.status == "unknown":
        return Emphasis((Text(frame.texts.of("facts").say("words.unknown")),))
    return Paragraph((Text(fact.value), *((Text(" "), mark) if mark else ())))


def marked_text(frame: DossierFrame, fact: Fact, field: str = "") -> str:
    """A known fact's words with its marks in brackets, as running text."""
    said = [frame.texts.word("fact_mark", mark) for mark in marks(frame, fact, field)]
    return frame.texts.of("facts").say("words.marked", value=fact.value, marks=listing(said, frame.texts)) if said else fact.value


def origin(frame: DossierFrame, fact: Fact) -> Content:
    """Where a fact was read, when, and that the registry confirmed it where it did; of an unknown one where it was looked for."""
    wording = frame.texts.of("facts")
    standing = frame.texts.word("fact_status", fact.status)
    if not fact.source:
        return wording.say("words.nowhere", standing=standing)
    form = "words.origin_confirmed" if fact.status == "confirmed" else "words.origin"
    filled = {"standing": standing} if fact.status == "confirmed" else {}
    date = dated(frame, fact) or wording.say("words.undated")
    return Paragraph(wording.inline(form, source=sourced(frame, fact.source), date=date, **filled))


def fact_label(frame: Speaks, owner: str, field: str) -> str:
    """What a fact is called in a table."""
    return frame.texts.word("network_fact" if owner == NETWORK else "registry_fact", field)


def _rows(frame: DossierFrame, owner: str, fields: Sequence[str]) -> Iterator[Row]:
    """A row for each fact. The source that most of them share comes first, so that they need not repeat it; facts that are not
    known, looked for in the same place, stand together in the last rows."""
    wording = frame.texts.of("facts")
    facts = {field: frame.dossier.fact(owner, field) for field in fields}
    known = {field: fact for field, fact in facts.items() if fact.status != "unknown"}
    read = Counter(fact.source for fact in known.values() if fact.status != "unconfirmed")
    main, uses = read.most_common(1)[0] if read else ("", 0)
    if uses > 1:
        yield spanning(frame, wording.say("words.main_source"), Paragraph(sourced(frame, main)), 3)
    for field, fact in known.items():
        shared = (
            fact.model_copy(update={"source": wording.say("words.shared_source")}) if uses > 1 and fact.source == main else fact
        )
        yield row(frame, fact_label(frame, owner, field), marked(frame, fact, field), origin(frame, shared))
    together: dict[Fact, list[str]] = {}
    for field, fact in facts.items():
        if fact.status == "unknown":
            together.setdefault(fact, []).append(fact_label(frame, owner, field))
    for fact, labels in together.items():
        yield row(frame, frame.texts.say("patterns.labels").join(labels), marked(frame, fact), origin(frame, fact))


def registry_facts(frame: DossierFrame, slot: Slot) -> Table:
    """One group of facts about one registry."""
    wording, registry, part = frame.texts.of("facts"), frame.option(slot, "registry"), frame.option(slot, "group")
    title = frame.texts.word("suitability_group", part)
    body = list(_rows(frame, registry, SUITABILITY[part]))
    caption = wording.inline("captions.registry", group=title, registry=frame.short_name(registry))
    return table(frame, slot, caption, wording.columns("property", "fact", "origin"), body, (1.2, 2.4, 1.8))


def network_facts(frame: DossierFrame, slot: Slot) -> Table:
    """One group of facts about the network."""
    wording, part = frame.texts.of("facts"), frame.option(slot, "group")
    caption = wording.inline("captions.network", group=frame.texts.word("network_group", part))
    body = list(_rows(frame, NETWORK, NETWORK_GROUPS[part]))
    return table(frame, slot, caption, wording.columns("property", "fact", "origin"), body, (1.2, 2.4, 1.8))


def members(frame: DossierFrame, slot: Slot) -> Table:
    """The registries of the dossier: country, start, size, coverage."""
    wording = frame.texts.of("members")
    body = []
    for registry in frame.definition.registries:
        profile = frame.dossier.network.registry(registry)
        countries = listing([frame.texts.country(code) for code in profile.countries], frame.texts)
        contents: list[Content] = [marked(frame, frame.dossier.fact(registry, field), field) for field in OVERVIEW]
        named = [profile.short_name, profile.name, countries or wording.say("words.international")]
        body.append(row(frame, named, *contents))
    columns = wording.columns("registry", *OVERVIEW)
    return table(frame, slot, wording.caption(), columns, body, (1.4, 1.3, 2.0, 2.0))


def adverse_events(frame: DossierFrame, slot: Slot) -> Table:
    """How each registry records adverse events; registries of which the same is known, or nothing, share a row."""
    wording = frame.texts.of("adverse-events")
    fields = ("adverse_events", "adverse_event_assessment", "reporting_lines")
    together: dict[tuple[Fact, ...], list[str]] = {}
    for registry in frame.definition.registries:
        facts = tuple(frame.dossier.fact(registry, field) for field in fields)
        together.setdefault(facts, []).append(frame.short_name(registry))
    body = [
        row(frame, listing(names, frame.texts), *(marked(frame, fact) for fact in facts)) for facts, names in together.items()
    ]
    columns = wording.columns("registry", *fields)
    return table(frame, slot, wording.caption(), columns, body, (1.3, 2.1, 1.7, 1.6))


def suitability(frame: DossierFrame, slot: Slot) -> Table:
    """The checklist on the suitability of registries, filled for one registry: whether each item is known, not confirmed or
    not yet known, and the section that says it."""
    wording, registry = frame.texts.of("suitability"), frame.option(slot, "registry")
    body: list[Row] = []
    for part, fields in SUITABILITY.items():
        body.append(group(frame, frame.texts.word("suitability_group", part), 4))
        for field in fields:
            fact = frame.dossier.fact(registry, field)
            said = frame.texts.word("answer", ANSWERS[fact.status])
            section: Inline = Ref(f"sec-{part.replace('_', '-')}")
            old = frame.texts.word("fact_mark", "stale") if "stale" in marks(frame, fact, field) else None
            date = dated(frame, fact) or wording.say("words.undated")
            when = frame.texts.say("patterns.labelled_in_brackets", label=date, text=old) if old else date
            body.append(row(frame, fact_label(frame, registry, field), said, section, sentence_case(when)))
    columns = wording.columns("item", "known", "section", "date")
    return table(frame, slot, wording.caption(registry=frame.short_name(registry)), columns, body, (2.0, 1.0, 0.8, 2.2))


def suitability_counts(frame: DossierFrame, slot: Slot) -> Table:
    """For each registry and group of the checklist, how many of its items are known, not confirmed, and not yet known."""
    wording, registries = frame.texts.of("suitability-counts"), frame.definition.registries
    columns = [wording.say("columns.group"), *(frame.short_name(each) for each in registries)]
    body = []
    for part, fields in SUITABILITY.items():
        counts = []
        for registry in registries:
            answers = Counter(ANSWERS[frame.dossier.fact(registry, field).status] for field in fields)
            counts.append(wording.say("words.count", **{answer: str(answers[answer]) for answer in ("yes", "partly", "no")}))
        body.append(row(frame, frame.texts.word("suitability_group", part), *counts))
    widths = (1.8, *(1.0 for _ in registries))
    notes = [wording.note("reading")]
    return table(frame, slot, wording.caption(), columns, body, widths, notes=notes, landscape=len(registries) > 7)
