"""Tables of the core data model: its tables and derived variables, how each registry's variables map to it, and who adopted which
change when."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from studygen.displays import numbers
from studygen.displays.cells import Content, group, row, spanning, table, unbroken, word
from studygen.displays.dossier.citing import sourced
from studygen.displays.dossier.frame import DossierFrame
from studygen.displays.fact_dates import day_of
from studygen.displays.formats import day_text, inside, listing, sentence_case
from studygen.document.nodes import Code, Emphasis, Inline, Paragraph, Row, Slot, Table, Text
from studygen.network.data_model import CoreVariable, MappedVariable, RegistryMapping

FIDELITIES = ("exact", "derived", "partial", "not_collected", "unconfirmed")


def variable_label(frame: DossierFrame, name: str) -> str:
    """A core variable as a sentence names it: "date of diagnosis (malignancy)"."""
    core, texts = frame.dossier.data_model.core, frame.texts
    part = next(each.label for each in core.tables if each.id == name.partition(".")[0])
    variable, table = (inside(text) for text in (core.variable(name).label, part))
    if table in variable:
        return variable  # "date of death" needs no table of that name
    return texts.say("patterns.labelled_in_brackets", label=variable, text=table)


def core_table(frame: DossierFrame, slot: Slot) -> Table:
    """One table of the core data model: its variables with type, unit, codes and standing."""
    wording = frame.texts.of("core-table")
    chosen = next(each for each in frame.dossier.data_model.core.tables if each.id == frame.option(slot, "table"))
    body = [_variable(frame, each) for each in chosen.variables]
    columns = wording.columns("variable", "definition", "values", "standing")
    notes = [wording.note("row", row=chosen.row)]
    return table(frame, slot, wording.caption(table=chosen.label), columns, body, (1.65, 2.0, 2.1, 1.05), notes=notes)


def row_columns(frame: DossierFrame, slot: Slot) -> Table:
    """What every row of every table of the core data model carries."""
    wording = frame.texts.of("core-table")
    body = [_variable(frame, each) for each in frame.dossier.data_model.core.row_columns]
    columns = wording.columns("variable", "definition", "values", "standing")
    return table(frame, slot, wording.inline("captions.row_columns"), columns, body, (1.65, 2.0, 2.1, 1.05))


def _variable(frame: DossierFrame, variable: CoreVariable) -> Row:
    wording = frame.texts.of("core-table")
    kind = sentence_case(frame.texts.word("variable_type", variable.type))
    unit = wording.say("words.unit", unit=variable.unit) if variable.unit else None
    codes = [wording.say("words.code", code=code, meaning=meaning) for code, meaning in variable.codes.items()]
    listed = frame.texts.say("patterns.labels").join(codes) or None
    standing: Content = [
        wording.say(f"words.{name}") for name in ("required", "recommended") if getattr(variable, name)
    ] or wording.say("words.optional")
    return row(frame, [variable.label, Code(variable.id)], variable.definition, [kind, unit, variable.values, listed], standing)


def derived(frame: DossierFrame, slot: Slot) -> Table:
    """The derived variables with rule, version, inputs and the parameters that a study must state."""
    wording = frame.texts.of("derived-variables")
    body = []
    for each in frame.dossier.data_model.core.derived:
        parameters: list[Content] = [
            wording.say("words.parameter", name=sentence_case(name), value=value) for name, value in each.parameters.items()
        ]
        label: list[Content] = [each.label, Code(each.id), wording.say("words.version", version=each.version)]
        names: list[Inline] = []
        for name in each.inputs:
            names += [Text(frame.texts.say("patterns.listing_comma")), Code(name)] if names else [Code(name)]
        inputs = Paragraph(wording.inline("words.inputs", names=tuple(names)))
        body.append(
            row(frame, label, [each.rule, inputs, _source(frame, each.source)], parameters or frame.texts.say("patterns.none"))
        )
    columns = wording.columns("variable", "rule", "parameters")
    return table(frame, slot, wording.caption(), columns, body, (1.8, 3.1, 1.7))


def _source(frame: DossierFrame, source: str) -> Paragraph:
    """Where something was read, as a line of its own."""
    return Paragraph(frame.texts.of("mapping").inline("words.source", source=sourced(frame, source)))


def common(frame: DossierFrame, slot: Slot) -> Table:
    """The differences between the registries that concern them all, so that no mapping repeats them."""
    wording = frame.texts.of("common-deviations")
    body = [
        row(
            frame,
            sentence_case(variable_label(frame, each.variable)),
            [each.deviation, _source(frame, each.source) if each.source else None],
            each.consequence,
        )
        for each in frame.dossier.data_model.core.common
    ]
    columns = wording.columns("variable", "deviation", "consequence")
    return table(frame, slot, wording.caption(), columns, body, (1.4, 2.4, 2.6))


def _mapped(frame: DossierFrame, registry: str, name: str) -> MappedVariable | None:
    mapping = frame.dossier.data_model.mapping(registry)
    return mapping.of(name) if mapping else None


def mapping(frame: DossierFrame, slot: Slot) -> Table:
    """How one registry gives each core variable: its own variable and rule, availability, fidelity, deviation and consequence.
    Variables of which no more is known than that a public list names them, or not even that, are named in the last rows."""
    wording, registry = frame.texts.of("mapping"), frame.option(slot, "registry")
    columns = wording.columns("variable", "source", "fidelity", "deviation")
    body: list[Row] = []
    bare: dict[str, dict[str, list[str]]] = {}
    for chosen in frame.dossier.data_model.core.tables:
        rows: list[Row] = []
        for variable in chosen.variables:
            found = _mapped(frame, registry, f"{chosen.id}.{variable.id}")
            if found and _is_known(found):
                rows.append(_mapping(frame, variable, found))
            else:
                bare.setdefault(found.source if found else "", {}).setdefault(chosen.label, []).append(inside(variable.label))
        body += [group(frame, chosen.label, len(columns)), *rows] if rows else []
    if bare:
        body += [group(frame, wording.say("words.others"), len(columns)), *_bare(frame, bare, len(columns))]
    notes = [wording.note("fidelity")]
    if (found_mapping := frame.dossier.data_model.mapping(registry)) is not None:
        notes.insert(0, wording.note("standing", version=found_mapping.core_version, standing=_standing(frame, found_mapping)))
    caption = wording.caption(registry=frame.short_name(registry))
    return table(frame, slot, caption, columns, body, (1.4, 2.0, 0.9, 2.6), notes=notes)


def _is_known(found: MappedVariable) -> bool:
    """Whether more is known of a variable than that a list names it."""
    said = (found.source_variable, found.rule, found.deviation, found.consequence, found.availability is not None)
    return any(said) or found.fidelity != "unconfirmed"


def _bare(frame: DossierFrame, bare: Mapping[str, Mapping[str, Sequence[str]]], columns: int) -> Iterator[Row]:
    """A row for each public list with the variables that it names, and one for those of which nothing was found."""
    wording = frame.texts.of("mapping")
    sizes = {each.label: len(each.variables) for each in frame.dossier.data_model.core.tables}
    for source, tables in sorted(bare.items(), key=lambda each: not each[0]):
        named = [
            frame.texts.say(
                "patterns.labelled_note",
                labels=label,
                note=wording.say("words.all")
                if len(names) == sizes[label]
                else frame.texts.say("patterns.listing_comma").join(names),
            )
            for label, names in tables.items()
        ]
        count = str(sum(len(names) for names in tables.values()))
        label = [
            wording.say("words.listed" if source else "words.nothing", count=count),
            _source(frame, source) if source else None,
        ]
        yield spanning(frame, label, frame.texts.say("patterns.labels").join(named), columns)


def _standing(frame: DossierFrame, mapping: RegistryMapping) -> str:
    """Whether a registry has confirmed its mapping, and as of when it was drafted or confirmed."""
    return frame.texts.of("mapping").say(f"standings.{mapping.status}", date=day_text(mapping.as_of, frame.texts))


def _mapping(frame: DossierFrame, variable: CoreVariable, found: MappedVariable) -> Row:
    wording = frame.texts.of("mapping")
    own = [Code(found.source_variable) if found.source_variable else None, found.rule or None]
    percent = (
        frame.texts.say("patterns.percent", number=numbers.significant(found.availability))
        if found.availability is not None
        else None
    )
    share = wording.say("words.availability", percent=percent) if percent else None
    said: list[Content] = [
        found.deviation or None,
        wording.say("words.consequence", text=found.consequence) if found.consequence else None,
    ]
    source = _source(frame, found.source) if found.source else None
    return row(
        frame,
        variable.label,
        [*own, source] if any(own) else Emphasis((Text(wording.say("words.not_named")),)),
        [word(frame, "fidelity", found.fidelity), share],
        said if any(own) else [*said, source],
    )


def matrix(frame: DossierFrame, slot: Slot) -> Table:
    """Core variable by registry: how truly each registry gives it. The variables that no registry's mapping rates share a row."""
    wording, registries = frame.texts.of("mapping-matrix"), frame.definition.registries
    columns = [wording.say("columns.variable"), *(frame.short_name(each) for each in registries)]
    body: list[Row] = []
    open_ = 0
    for chosen in frame.dossier.data_model.core.tables:
        rows: list[Row] = []
        for variable in chosen.variables:
            found = [_mapped(frame, registry, f"{chosen.id}.{variable.id}") for registry in registries]
            kinds = [each.fidelity if each else "missing" for each in found]
            if all(kind == "unconfirmed" for kind in kinds):
                open_ += 1
                continue
            label = wording.say("words.required", label=variable.label) if variable.required else variable.label
            rows.append(row(frame, label, *(frame.texts.word("fidelity_mark", kind) for kind in kinds)))
        body += [group(frame, chosen.label, len(columns)), *rows] if rows else []
    if open_:
        label = wording.say("words.rest" if body else "words.every", count=str(open_))
        body.append(row(frame, label, *(frame.texts.word("fidelity_mark", "unconfirmed") for _ in registries)))
    key = [
        frame.texts.say(
            "patterns.labelled_note", labels=frame.texts.word("fidelity_mark", each), note=frame.texts.word("fidelity", each)
        )
        for each in (*FIDELITIES, "missing")
    ]
    notes = [wording.note("marks", marks=frame.texts.say("patterns.labels").join(key)), wording.note("required")]
    widths = (2.2, *(0.9 for _ in registries))
    return table(frame, slot, wording.caption(), columns, body, widths, notes=notes, landscape=len(registries) > 7)


def mapping_counts(frame: DossierFrame, slot: Slot) -> Table:
    """For each registry how many core variables it gives how truly, and the standing of its mapping; once for all of them
    where it is the same."""
    wording, model = frame.texts.of("mapping-counts"), frame.dossier.data_model
    names = [name for name, _, _ in model.core.variables()]
    kinds = (*FIDELITIES, "missing")
    standings = {
        registry: _standing(frame, mapping) if (mapping := model.mapping(registry)) else wording.say("words.none")
        for registry in frame.definition.registries
    }
    same = len(set(standings.values())) == 1
    body = []
    for registry, standing in standings.items():
        found = Counter(each.fidelity if (each := _mapped(frame, registry, name)) else "missing" for name in names)
        contents = [str(found[kind]) for kind in kinds]
        body.append(row(frame, frame.short_name(registry), *(contents if same else [*contents, standing])))
    columns = [wording.say("columns.registry"), *(sentence_case(frame.texts.word("fidelity", kind)) for kind in kinds)]
    widths = [1.1, *(0.9 for _ in kinds)]
    if not same:
        columns, widths = [*columns, wording.say("columns.standing")], [*widths, 2.0]
    notes = [wording.note("standing", standing=next(iter(standings.values())))] if same else []
    return table(frame, slot, wording.caption(total=str(len(names))), columns, body, widths, notes=notes)


def changes(frame: DossierFrame, slot: Slot) -> Table:
    """The history of the data model: what was changed, when, by whom and why."""
    wording = frame.texts.of("data-model-changes")
    tables = {each.id: each.label for each in frame.dossier.data_model.core.tables}
    body = []
    for number, each in enumerate(frame.dossier.data_model.changes.changes, start=1):
        when = unbroken(day_of(frame, each.date)) if each.date else wording.say("words.undated")
        version = wording.say("words.version", version=each.version) if each.version else None
        names = [tables[id] for id in each.concerns]
        concerns = wording.say("words.all_tables") if len(names) == len(tables) else listing(names, frame.texts)
        standing = frame.texts.word("fact_status", each.status)
        origin = Paragraph(wording.inline("words.origin", source=sourced(frame, each.source), standing=standing))
        label = [wording.say("words.change", number=str(number)), sentence_case(when), version and sentence_case(version)]
        body.append(row(frame, label, [each.what, each.why], concerns, [each.decided_by, origin]))
    columns = wording.columns("date", "what", "concerns", "origin")
    return table(frame, slot, wording.caption(), columns, body, (1.5, 2.8, 1.1, 1.9))


def adoption(frame: DossierFrame, slot: Slot) -> Table:
    """Which registry adopted which change, and when."""
    wording, registries = frame.texts.of("adoption"), frame.definition.registries
    found = frame.dossier.data_model.changes.changes
    columns = [
        wording.say("columns.registry"),
        *(wording.say("columns.change", number=str(number)) for number, _ in enumerate(found, start=1)),
    ]
    body = []
    for registry in registries:
        contents: list[Content] = []
        for change in found:
            adopted = change.adopted_by(registry)
            state = frame.texts.word("adoption", adopted.state)
            if adopted.date:
                state = wording.say("words.state", state=state, date=day_of(frame, adopted.date))
            contents.append([sentence_case(state), adopted.note])
        body.append(row(frame, frame.short_name(registry), *contents))
    dated = any(change.adopted_by(registry).date for change in found for registry in registries)
    notes = [] if dated else [wording.note("undated")]
    return table(frame, slot, wording.caption(), columns, body, (0.9, *(2.4 for _ in found)), notes=notes)
