"""Tables of the core data model: its tables and derived variables, how each registry's variables map to it, and who adopted which
change when."""

from __future__ import annotations

from collections import Counter

from studygen.displays import numbers
from studygen.displays.cells import Content, group, row, table, word
from studygen.displays.dossier.facts import day_of
from studygen.displays.dossier.frame import DossierFrame
from studygen.displays.formats import day_text, listing, sentence_case
from studygen.document.nodes import Code, Emphasis, Row, Slot, Table, Text
from studygen.network.data_model import CoreVariable, MappedVariable

FIDELITIES = ("exact", "derived", "partial", "not_collected", "unconfirmed")


def variable_label(frame: DossierFrame, name: str) -> str:
    """A core variable as a sentence names it: "date of diagnosis (malignancy)"."""
    core, texts = frame.dossier.data_model.core, frame.texts
    part = next(each.label for each in core.tables if each.id == name.partition(".")[0])
    variable, table = (inside(text) for text in (core.variable(name).label, part))
    return texts.say("patterns.labelled_in_brackets", label=variable, text=table)


def inside(label: str) -> str:
    """A label inside a sentence: without its capital, unless it is a name in capitals."""
    return label[:1].lower() + label[1:] if label[1:2].islower() else label


def core_table(frame: DossierFrame, slot: Slot) -> Table:
    """One table of the core data model: its variables with type, unit, codes and standing."""
    wording = frame.texts.of("core-table")
    chosen = next(each for each in frame.dossier.data_model.core.tables if each.id == frame.option(slot, "table"))
    body = [_variable(frame, each) for each in chosen.variables]
    columns = wording.columns("variable", "definition", "values", "standing")
    notes = [wording.note("row", row=chosen.row)]
    return table(frame, slot, wording.caption(table=chosen.label), columns, body, (1.3, 2.3, 2.2, 0.9), notes=notes)


def row_columns(frame: DossierFrame, slot: Slot) -> Table:
    """What every row of every table of the core data model carries."""
    wording = frame.texts.of("core-table")
    body = [_variable(frame, each) for each in frame.dossier.data_model.core.row_columns]
    columns = wording.columns("variable", "definition", "values", "standing")
    return table(frame, slot, wording.inline("captions.row_columns"), columns, body, (1.3, 2.3, 2.2, 0.9))


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
            wording.say("words.parameter", name=name, value=value) for name, value in each.parameters.items()
        ]
        label: list[Content] = [each.label, Code(each.id), wording.say("words.version", version=each.version)]
        inputs: list[Content] = [Code(name) for name in each.inputs]
        body.append(row(frame, label, [each.rule, each.source], inputs, parameters or frame.texts.say("patterns.none")))
    columns = wording.columns("variable", "rule", "inputs", "parameters")
    return table(frame, slot, wording.caption(), columns, body, (1.4, 2.8, 1.9, 1.6), landscape=True)


def _mapped(frame: DossierFrame, registry: str, name: str) -> MappedVariable | None:
    mapping = frame.dossier.data_model.mapping(registry)
    return mapping.of(name) if mapping else None


def mapping(frame: DossierFrame, slot: Slot) -> Table:
    """How one registry gives each core variable: its own variable and rule, availability, fidelity, deviation and consequence.
    Variables of which nothing but the fidelity is known stand together, in one row for each core table."""
    wording, registry = frame.texts.of("mapping"), frame.option(slot, "registry")
    columns = wording.columns("variable", "source", "fidelity", "deviation")
    body: list[Row] = []
    for chosen in frame.dossier.data_model.core.tables:
        body.append(group(frame, chosen.label, len(columns)))
        bare: dict[str, list[str]] = {}
        for variable in chosen.variables:
            found = _mapped(frame, registry, f"{chosen.id}.{variable.id}")
            if found and any(
                (found.source_variable, found.rule, found.deviation, found.consequence, found.availability is not None)
            ):
                body.append(_mapping(frame, variable, found))
            else:
                bare.setdefault(found.fidelity if found else "missing", []).append(variable.label)
        for fidelity, labels in bare.items():
            nothing = Emphasis((Text(wording.say("words.nothing")),))
            names = frame.texts.say("patterns.labels").join(labels)
            body.append(row(frame, names, nothing, word(frame, "fidelity", fidelity), None))
    notes = [wording.note("fidelity")]
    if (found_mapping := frame.dossier.data_model.mapping(registry)) is not None:
        standing = frame.texts.word("fact_status", found_mapping.status)
        dated = day_text(found_mapping.as_of, frame.texts)
        notes.insert(0, wording.note("standing", version=found_mapping.core_version, date=dated, standing=standing))
    caption = wording.caption(registry=frame.short_name(registry))
    return table(frame, slot, caption, columns, body, (1.6, 1.9, 0.9, 2.5), notes=notes)


def _mapping(frame: DossierFrame, variable: CoreVariable, found: MappedVariable) -> Row:
    wording = frame.texts.of("mapping")
    own = [Code(found.source_variable) if found.source_variable else None, found.rule or None]
    percent = (
        frame.texts.say("patterns.percent", number=numbers.significant(found.availability))
        if found.availability is not None
        else None
    )
    share = wording.say("words.availability", percent=percent) if percent else None
    said = [found.deviation or None, wording.say("words.consequence", text=found.consequence) if found.consequence else None]
    source = wording.say("words.source", source=found.source) if found.source else None
    return row(
        frame,
        variable.label,
        [*own, source] if any(own) else [Emphasis((Text(wording.say("words.not_named")),)), source],
        [word(frame, "fidelity", found.fidelity), share],
        said,
    )


def matrix(frame: DossierFrame, slot: Slot) -> Table:
    """Core variable by registry: how truly each registry gives it."""
    wording, registries = frame.texts.of("mapping-matrix"), frame.definition.registries
    columns = [wording.say("columns.variable"), *(frame.short_name(each) for each in registries)]
    body: list[Row] = []
    for chosen in frame.dossier.data_model.core.tables:
        body.append(group(frame, chosen.label, len(columns)))
        for variable in chosen.variables:
            found = [_mapped(frame, registry, f"{chosen.id}.{variable.id}") for registry in registries]
            marks = [frame.texts.word("fidelity_mark", each.fidelity if each else "missing") for each in found]
            label = wording.say("words.required", label=variable.label) if variable.required else variable.label
            body.append(row(frame, label, *marks))
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
    """For each registry how many core variables it gives how truly, and the standing of its mapping."""
    wording, model = frame.texts.of("mapping-counts"), frame.dossier.data_model
    names = [name for name, _, _ in model.core.variables()]
    kinds = (*FIDELITIES, "missing")
    body = []
    for registry in frame.definition.registries:
        mapping = model.mapping(registry)
        found = Counter(each.fidelity if (each := _mapped(frame, registry, name)) else "missing" for name in names)
        if mapping is None:
            standing: Content = wording.say("words.none")
        else:
            standing = wording.say(
                "words.standing",
                standing=frame.texts.word("fact_status", mapping.status),
                date=day_text(mapping.as_of, frame.texts),
            )
        body.append(row(frame, frame.short_name(registry), *(str(found[kind]) for kind in kinds), standing))
    columns = [
        wording.say("columns.registry"),
        *(sentence_case(frame.texts.word("fidelity", kind)) for kind in kinds),
        wording.say("columns.standing"),
    ]
    widths = (1.1, *(0.9 for _ in kinds), 2.0)
    return table(frame, slot, wording.caption(total=str(len(names))), columns, body, widths)


def changes(frame: DossierFrame, slot: Slot) -> Table:
    """The history of the data model: what was changed, when, by whom and why."""
    wording = frame.texts.of("data-model-changes")
    tables = {each.id: each.label for each in frame.dossier.data_model.core.tables}
    body = []
    for number, each in enumerate(frame.dossier.data_model.changes.changes, start=1):
        when = day_of(frame, each.date) if each.date else wording.say("words.undated")
        version = wording.say("words.version", version=each.version) if each.version else wording.say("words.unversioned")
        names = [tables[id] for id in each.concerns]
        everything = len(names) == len(tables)
        concerns = wording.say("words.all_tables") if everything else listing(names, frame.texts)
        origin = wording.say("words.origin", source=each.source, standing=frame.texts.word("fact_status", each.status))
        body.append(
            row(
                frame,
                [wording.say("words.change", number=str(number)), when, version],
                each.what,
                each.why,
                concerns,
                [each.decided_by, origin],
            )
        )
    columns = wording.columns("date", "what", "why", "concerns", "origin")
    return table(frame, slot, wording.caption(), columns, body, (1.1, 2.1, 2.1, 1.1, 1.9))


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
            when = day_of(frame, adopted.date) if adopted.date else wording.say("words.undated")
            state = wording.say("words.state", state=frame.texts.word("adoption", adopted.state), date=when)
            contents.append([sentence_case(state), adopted.note])
        body.append(row(frame, frame.short_name(registry), *contents))
    return table(frame, slot, wording.caption(), columns, body, (0.9, *(2.4 for _ in found)))
