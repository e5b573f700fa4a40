"""Tables of facts: what is known of the network and of each registry, always with source, date and standing, and what is not
known. A fact that a reader cannot rely on carries its mark."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from studygen.displays.cells import Content, group, row, spanning, table
from studygen.displays.dossier.frame import DossierFrame
from studygen.displays.formats import listing
from studygen.displays.frame import Speaks
from studygen.document.nodes import Emphasis, Inline, Paragraph, Ref, Row, Slot, Strong, Table, Text
from studygen.network.network import SUITABILITY, Fact
from studygen.qualification.dossier import NETWORK
from studygen.qualification.facts import is_stale

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

OVERVIEW = ("start", "size", "coverage")
"""The facts that introduce a registry."""


def marks(frame: DossierFrame, fact: Fact) -> tuple[str, ...]:
    """Why a reader cannot rely on a fact: words of `fact_mark`."""
    found: list[str] = []
    if fact.status in ("unknown", "unconfirmed"):
        found.append(fact.status)
    if fact.status != "unknown" and fact.as_of and is_stale(fact.as_of, frame.dossier.as_of):
        found.append("stale")
    return tuple(found)


def marked(frame: DossierFrame, fact: Fact) -> Content:
    """A fact's words, and its marks as a line of their own; for an unknown one only that it is not yet known."""
    said = [frame.texts.word("fact_mark", mark) for mark in marks(frame, fact)]
    mark = Strong((Text(frame.texts.say("patterns.in_brackets", text=listing(said, frame.texts))),)) if said else None
    if fact.status == "unknown":
        return Emphasis((Text(frame.texts.of("facts").say("words.unknown")),))
    return Paragraph((Text(fact.value), *((Text(" "), mark) if mark else ())))


def origin(frame: Speaks, fact: Fact) -> Content:
    """Where a fact was read, when, and how firm it is; of an unknown one where it was looked for."""
    wording = frame.texts.of("facts")
    standing = frame.texts.word("fact_status", fact.status)
    if not fact.source:
        return wording.say("words.nowhere", standing=standing)
    date = day_of(frame, fact.as_of) if fact.as_of else wording.say("words.undated")
    return wording.say("words.origin", source=fact.source, date=date, standing=standing)


def day_of(frame: Speaks, partial: str) -> str:
    """A year, a month or a day as printed: "2024", "January 2024", "7 July 2017"."""
    texts = frame.texts
    year, *rest = partial.split("-")
    if not rest:
        return year
    month = texts.say("patterns.month", month=texts.say(f"months.{rest[0]}"), year=year)
    return (
        month
        if len(rest) == 1
        else texts.say("patterns.day", day=str(int(rest[1])), month=texts.say(f"months.{rest[0]}"), year=year)
    )


def fact_label(frame: Speaks, owner: str, field: str) -> str:
    """What a fact is called in a table."""
    return frame.texts.word("network_fact" if owner == NETWORK else "registry_fact", field)


def _rows(frame: DossierFrame, owner: str, fields: Sequence[str]) -> Iterator[Row]:
    """A row for each fact. The source that most of them share comes first, so that they need not repeat it; facts that are not
    known, looked for in the same place, stand together in the last rows."""
    wording = frame.texts.of("facts")
    facts = {field: frame.dossier.fact(owner, field) for field in fields}
    known = {field: fact for field, fact in facts.items() if fact.status != "unknown"}
    main, uses = Counter(fact.source for fact in known.values()).most_common(1)[0] if known else ("", 0)
    if uses > 1:
        yield spanning(frame, wording.say("words.main_source"), main, 3)
    for field, fact in known.items():
        shared = (
            fact.model_copy(update={"source": wording.say("words.main_source")}) if uses > 1 and fact.source == main else fact
        )
        yield row(frame, fact_label(frame, owner, field), marked(frame, fact), origin(frame, shared))
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
        contents: list[Content] = [marked(frame, frame.dossier.fact(registry, field)) for field in OVERVIEW]
        named = [profile.short_name, profile.name, countries or wording.say("words.international")]
        body.append(row(frame, named, *contents))
    columns = wording.columns("registry", *OVERVIEW)
    return table(frame, slot, wording.caption(), columns, body, (1.4, 1.3, 2.0, 2.0))


def adverse_events(frame: DossierFrame, slot: Slot) -> Table:
    """How each registry records adverse events."""
    wording = frame.texts.of("adverse-events")
    fields = ("adverse_events", "adverse_event_assessment", "reporting_lines")
    body = [
        row(frame, frame.short_name(registry), *(marked(frame, frame.dossier.fact(registry, field)) for field in fields))
        for registry in frame.definition.registries
    ]
    columns = wording.columns("registry", *fields)
    return table(frame, slot, wording.caption(), columns, body, (0.9, 2.2, 1.8, 1.8))


def suitability(frame: DossierFrame, slot: Slot) -> Table:
    """The checklist on the suitability of registries, filled for one registry: whether each item is known, and the section that
    says it."""
    wording, registry = frame.texts.of("suitability"), frame.option(slot, "registry")
    body: list[Row] = []
    for part, fields in SUITABILITY.items():
        body.append(group(frame, frame.texts.word("suitability_group", part), 4))
        for field in fields:
            fact = frame.dossier.fact(registry, field)
            said = frame.texts.word("answer", "no" if fact.status == "unknown" else "yes")
            doubts = [frame.texts.word("fact_mark", mark) for mark in marks(frame, fact) if mark != "unknown"]
            section: Inline = Ref(f"sec-{part.replace('_', '-')}")
            date = day_of(frame, fact.as_of) if fact.as_of else wording.say("words.undated")
            remark = wording.say("words.doubt", doubts=listing(doubts, frame.texts)) if doubts else None
            body.append(row(frame, fact_label(frame, registry, field), said, section, [date, remark]))
    columns = wording.columns("item", "known", "section", "date")
    return table(frame, slot, wording.caption(registry=frame.short_name(registry)), columns, body, (2.3, 1.1, 0.9, 1.8))


def suitability_counts(frame: DossierFrame, slot: Slot) -> Table:
    """For each registry and group of the checklist, how many of its items are known, and how many of these can be relied on."""
    wording, registries = frame.texts.of("suitability-counts"), frame.definition.registries
    columns = [wording.say("columns.group"), *(frame.short_name(each) for each in registries)]
    body = []
    for part, fields in SUITABILITY.items():
        counts = []
        for registry in registries:
            facts = [frame.dossier.fact(registry, field) for field in fields]
            known = sum(fact.status != "unknown" for fact in facts)
            firm = sum(not marks(frame, fact) for fact in facts)
            counts.append(wording.say("words.count", known=str(known), firm=str(firm), all=str(len(facts))))
        body.append(row(frame, frame.texts.word("suitability_group", part), *counts))
    widths = (1.8, *(1.0 for _ in registries))
    notes = [wording.note("reading")]
    return table(frame, slot, wording.caption(), columns, body, widths, notes=notes, landscape=len(registries) > 7)
