"""Tables of the registries: who takes part, their data for this study (HARPER Table 12), what is known of them, which variables
they hold, and what they delivered."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from studygen.displays.cells import Content, cell, group, head, row, spread, table, unbroken, word
from studygen.displays.fact_dates import dated
from studygen.displays.formats import day_text, listing, sentence_case
from studygen.displays.frame import Frame
from studygen.displays.tables.lists import Column, list_table
from studygen.displays.tables.objectives import objective_name
from studygen.document.nodes import Code, Row, Slot, Table
from studygen.network.network import Fact, RegistryProfile
from studygen.results.findings import Source
from studygen.study.governance import Availability, Participation

DATA_SOURCE_ROWS = (
    "source",
    "study_period",
    "entry_period",
    "version",
    "extraction",
    "data_types",
    "linkage",
    "cdm",
    "software",
)
"""The nine rows of HARPER Table 12, by their keys in displays.yaml."""


NETWORK_FACTS = ("start", "members", "size", "independence", "project_workflow", "data_model", "adverse_event_agreement")
"""What a study's reader needs to know of the network, by field of its profile."""


def short_name(frame: Frame, taking: Participation) -> str:
    """A registry's name as printed in tables."""
    return frame.network.registry(taking.registry).short_name


def invited(frame: Frame) -> list[Participation]:
    """Registries that take part or may still do."""
    return [each for each in frame.study.participation if each.delivers or each.decision == "pending"]


def participation(frame: Frame, slot: Slot) -> Table:
    """Every registry that was asked: its decision, when, why, and the objectives it serves. Dates stand where there are some, the
    objectives where there are several."""
    wording, asked = frame.texts.of("participation"), frame.study.participation
    profiles = [frame.network.registry(each.registry) for each in asked]
    places = [listing([frame.texts.country(code) for code in each.countries], frame.texts) for each in profiles]
    dates = [unbroken(day_text(each.decided_on, frame.texts)) if each.decided_on else None for each in asked]
    decisions = [word(frame, "decision", each.decision) for each in asked]
    columns = [
        Column(wording.say("columns.registry"), [_names(each) for each in profiles], 1.7),
        Column(wording.say("columns.countries"), [place or wording.say("words.international") for place in places], 1.1),
        Column(wording.say("columns.decision"), decisions, 1.1, shared=True),
        Column(wording.say("columns.date"), dates, 1.2, optional=True),
        Column(wording.say("columns.reason"), [each.reason for each in asked], 2.2, shared=True),
    ]
    if len(frame.study.objectives) > 1:
        served = [_objectives(frame, each) for each in asked]
        columns.append(Column(wording.say("columns.objectives"), served, 1.2, shared=True))
    return list_table(frame, slot, wording.caption(), columns, missing="undated_key")


def _names(profile: RegistryProfile) -> Content:
    """A registry's short name, and its name where that says more."""
    return [profile.short_name] if profile.name == profile.short_name else [profile.short_name, profile.name]


def _objectives(frame: Frame, taking: Participation) -> Content:
    if not taking.objectives:
        answers = taking.delivers or taking.decision == "pending"
        return (
            frame.texts.of("participation").say("words.all_objectives") if answers else frame.texts.word("cell", "not_applicable")
        )
    return [sentence_case(objective_name(frame, frame.study.objective(id))) for id in taking.objectives]


def data_sources(frame: Frame, slot: Slot) -> Table:
    """The registries' data for this study, one column for each (HARPER Table 12)."""
    wording, sources = frame.texts.of("data-sources"), invited(frame)
    if not sources:
        return table(frame, slot, wording.caption(), [wording.say("columns.element")], [], (1.0,))
    contents: dict[str, list[Content]] = {
        "source": [_source(frame, each) for each in sources],
        "study_period": [each.study_period for each in sources],
        "entry_period": [each.entry_period for each in sources],
        "version": [each.data_version for each in sources],
        "extraction": [each.extraction for each in sources],
        "data_types": [each.data_types for each in sources],
        "linkage": [each.linkage for each in sources],
        "cdm": [each.cdm for each in sources],
        "software": [each.software for each in sources],
    }
    notes = [wording.note("cdm")]
    if len(sources) > BESIDE:
        contents["source"] = [[frame.network.registry(each.registry).name, _pending(frame, each)] for each in sources]
        below = [frame.texts.of("participation").say("columns.registry"), wording.say("columns.content")]
        rows = _data_sources_below(frame, sources, contents)
        return table(frame, slot, wording.caption(), below, rows, (1.0, 2.4), notes=notes)
    columns = (wording.say("columns.element"), *(wording.say("columns.data", number=str(n)) for n in range(1, len(sources) + 1)))
    body = [Row((head(frame, wording.row(key)), *spread(frame, contents[key]))) for key in DATA_SOURCE_ROWS]
    return table(frame, slot, wording.caption(), columns, body, (1.2, *(1.5 for _ in sources)), notes=notes)


BESIDE = 3
"""So many data sources stand beside each other on an upright page; more stand below one another."""


def _data_sources_below(frame: Frame, sources: Sequence[Participation], contents: Mapping[str, Sequence[Content]]) -> list[Row]:
    """Element by element, the data sources that say the same of it together."""
    wording, names = frame.texts.of("data-sources"), [short_name(frame, each) for each in sources]
    body: list[Row] = []
    for key in DATA_SOURCE_ROWS:
        body.append(group(frame, wording.row(key), 2))
        told: list[tuple[Content, list[str]]] = []
        for name, content in zip(names, contents[key], strict=True):
            same = [those for known, those in told if known == content]
            if same:
                same[0].append(name)
            else:
                told.append((content, [name]))
        for content, those in told:
            everybody = len(those) == len(names)
            label = frame.texts.say("rows.all_registries") if everybody else listing(those, frame.texts)
            body.append(row(frame, label, content))
    return body


def _source(frame: Frame, taking: Participation) -> Content:
    return [_names(frame.network.registry(taking.registry)), _pending(frame, taking)]


def _pending(frame: Frame, taking: Participation) -> Content:
    return word(frame, "decision", taking.decision) if taking.decision == "pending" else None


def source_reasons(frame: Frame, slot: Slot) -> Table:
    """Why each registry was selected, and what its data are good for and are not (the prompts of HARPER 7.6.1)."""
    wording = frame.texts.of("source-reasons")
    sources = invited(frame)
    columns = (
        Column(wording.say("columns.registry"), [short_name(frame, each) for each in sources], 0.9),
        Column(wording.say("columns.reason"), [each.reason_for_selection for each in sources], 1.7, shared=True),
        Column(wording.say("columns.strengths"), [each.strengths for each in sources], 1.7, shared=True),
        Column(wording.say("columns.limitations"), [each.limitations for each in sources], 1.9, shared=True),
    )
    return list_table(frame, slot, wording.caption(), columns)


def registry_profiles(frame: Frame, slot: Slot) -> Table:
    """What is known of the network, where the study is one of its own, and of each registry, with source, date and standing."""
    wording = frame.texts.of("registry-profiles")
    body: list[Row] = []
    if frame.study.evidence != "published":
        network = frame.network.profile
        body.append(group(frame, wording.say("words.registry", short_name=network.short_name, name=network.name), 3))
        body += _fact_rows(frame, {name: getattr(network, name) for name in NETWORK_FACTS})
    for each in invited(frame):
        profile = frame.network.registry(each.registry)
        body.append(group(frame, wording.say("words.registry", short_name=profile.short_name, name=profile.name), 3))
        body += _fact_rows(frame, profile.facts)
    columns = wording.columns("property", "fact", "source")
    note = wording.note("standing_published" if frame.study.evidence == "published" else "standing")
    return table(frame, slot, wording.caption(), columns, body, (1.35, 2.4, 1.8), notes=[note])


def _fact_rows(frame: Frame, facts: Mapping[str, Fact]) -> list[Row]:
    """A row for each fact, for several together where they say the same. The source that most facts share comes first, in a row
    of its own, so that they need not repeat it."""
    wording = frame.texts.of("registry-profiles")
    together: dict[Fact, list[str]] = {}
    for key, fact in facts.items():
        together.setdefault(fact, []).append(wording.row(key))
    ((main, uses),) = Counter(fact.source for fact in together).most_common(1)
    rows = []
    if uses > 1:
        rows.append(Row((head(frame, wording.row("main_source")), cell(frame, main, colspan=2))))
    for fact, labels in together.items():
        standing = frame.texts.word("fact_status", fact.status)
        origin = wording.row("main_source") if uses > 1 and fact.source == main else fact.source
        as_of = dated(frame, fact) or frame.texts.word("cell", "missing")
        source = wording.say("words.source", source=origin, standing=standing, as_of=as_of)
        rest = [label[:1].lower() + label[1:] for label in labels[1:]]
        known = fact.value or frame.texts.of("facts").say("words.unknown")
        rows.append(row(frame, listing([labels[0], *rest], frame.texts), known, source))
    return rows


def availability(frame: Frame, slot: Slot) -> Table:
    """Which registry holds what each outcome and covariate needs."""
    wording, sources = frame.texts.of("availability"), invited(frame)
    outcomes, covariates = frame.study.outcomes, frame.study.covariates
    ids = [*(each.id for each in outcomes), *(each.id for each in covariates)]
    stated = {id: [_availability(frame, each.variables, id) for each in sources] for id in ids}
    # Where every data source says the same of every variable, one column says it of all.
    alike = len(sources) > 1 and all(each == states[0] for states in stated.values() for each in states)
    names = [frame.texts.say("rows.all_registries")] if alike else [short_name(frame, each) for each in sources]
    columns = [wording.say("columns.variable"), *names]
    body: list[Row] = []
    for key, variables in (("outcomes", outcomes), ("covariates", covariates)):
        if variables and sources:
            body.append(group(frame, wording.row(key), len(columns)))
        for variable in variables if sources else ():
            states = stated[variable.id][: len(names)]
            body.append(Row((head(frame, sentence_case(variable.label)), *spread(frame, states))))
    widths = (1.8, *(1.0 for _ in names))
    return table(frame, slot, wording.caption(), columns, body, widths, landscape=len(names) > ACROSS)


ACROSS = 6
"""So many data sources have their columns of short words on an upright page."""


def _availability(frame: Frame, stated: Sequence[Availability], variable: str) -> Content:
    found = [each for each in stated if each.variable == variable]
    return [[word(frame, "availability", each.state), each.note] for each in found]


def deliveries(frame: Frame, slot: Slot) -> Table:
    """Where the report's numbers come from: every delivered file with its hash; registries without a delivery say so."""
    wording = frame.texts.of("deliveries")
    sources = _sources(frame)
    body: list[Row] = []
    for each in frame.study.participation:
        files = [source for source in sources if source.registry == each.registry]
        label = head(frame, short_name(frame, each))
        if not files:
            body.append(Row((label, cell(frame, _no_delivery(frame, each), colspan=2))))
        for source in files:
            version = [word(frame, "decision", each.decision), each.data_version]
            body.append(Row((label, cell(frame, version), cell(frame, [Code(source.file), Code(source.sha256)]))))
    columns = wording.columns("registry", "version", "file")
    return table(frame, slot, wording.caption(), columns, body, (1.0, 1.5, 3.5))


def _no_delivery(frame: Frame, taking: Participation) -> str:
    decision = frame.texts.word("decision", taking.decision)
    key = "expected" if taking.delivers else "none"
    return frame.texts.of("deliveries").say(f"words.{key}", decision=sentence_case(decision), reason=taking.reason.rstrip("."))


def _sources(frame: Frame) -> list[Source]:
    """Each delivered file once, in the order in which results used it."""
    files: dict[tuple[str, str], Source] = {}
    for result in frame.results.values() if frame.results is not None else ():
        for source in result.origin.sources:
            files.setdefault((source.registry, source.file), source)
    return list(files.values())
