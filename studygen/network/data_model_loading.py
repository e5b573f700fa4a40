"""Reads the core data model, its history and the registries' mappings, or says everything that is wrong with them. Knows the
registries by name only."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from studygen.errors import DefinitionError, Fault, did_you_mean
from studygen.network.data_model import ChangeLog, CoreModel, DataModel, RegistryMapping
from studygen.yamlfile import Positions, load_with_positions

FORMS = {
    "variable": "Write a core variable with its table, for example treatment_episode.start_date.",
    "inputs": "Write core variables with their tables, for example treatment_episode.start_date.",
    "date": "Write a year, a month or a day: 2024, 2024-06 or 2024-06-30; leave it out while it is not known.",
    "version": "Write a version as two numbers with a dot, for example 0.1.",
}
"""What texts of the data model's files must look like, by key."""


@dataclass(frozen=True, slots=True)
class ReadDataModel:
    """A data model with the places where it was written."""

    model: DataModel
    core: Positions
    changes: Positions
    mappings: Mapping[str, Positions]
    """By registry id."""


def read_data_model(folder: Path, registries: Collection[str]) -> ReadDataModel:
    """The data model in `folder/data-model` (`core.yaml`, `changes.yaml`, `mappings/<registry>.yaml`); `registries` are the ids
    that may be used. A registry may be without a mapping. DefinitionError with the faults of all files."""
    place = folder / "data-model"
    faults: list[Fault] = []
    core: tuple[CoreModel, Positions] | None = None
    changes: tuple[ChangeLog, Positions] | None = None
    try:
        core = load_with_positions(place / "core.yaml", CoreModel, forms=FORMS)
    except DefinitionError as error:
        faults += error.faults
    try:
        changes = load_with_positions(place / "changes.yaml", ChangeLog, forms=FORMS)
    except DefinitionError as error:
        faults += error.faults
    mappings: list[tuple[RegistryMapping, Positions]] = []
    for file in sorted((place / "mappings").glob("*.yaml")):
        try:
            mapping, positions = load_with_positions(file, RegistryMapping, forms=FORMS)
        except DefinitionError as error:
            faults += error.faults
            continue
        mappings.append((mapping, positions))
        faults += _mapping_faults(mapping, positions, file.stem, registries, core[0] if core else None)
    if core:
        faults += _core_faults(*core)
    if core and changes:
        faults += _change_faults(*changes, core[0], registries)
    if faults or core is None or changes is None:
        raise DefinitionError(faults)
    model = DataModel(core=core[0], changes=changes[0], mappings=tuple(mapping for mapping, _ in mappings))
    return ReadDataModel(model, core[1], changes[1], {mapping.registry: positions for mapping, positions in mappings})


def _core_faults(core: CoreModel, positions: Positions) -> Iterator[Fault]:
    seen: set[str] = set()
    items = [item.id for item in core.items]
    for n, table in enumerate(core.tables):
        for m, variable in enumerate(table.variables):
            name = f"{table.id}.{variable.id}"
            place = positions.place(("tables", n, "variables", m, "id"))
            if name in seen:
                yield Fault(place, f'the variable "{name}" is given twice', "Give one of the two another id.")
            seen.add(name)
            if variable.core_item is not None and variable.core_item not in items:
                place = positions.place(("tables", n, "variables", m, "core_item"))
                yield Fault(
                    place, f'there is no group "{variable.core_item}" under items', did_you_mean(variable.core_item, items)
                )
    for n, common in enumerate(core.common):
        if common.variable not in seen:
            place = positions.place(("common", n, "variable"))
            yield Fault(place, f'there is no core variable "{common.variable}"', did_you_mean(common.variable, seen))
    for n, derived in enumerate(core.derived):
        for m, name in enumerate(derived.inputs):
            if name not in seen:
                place = positions.place(("derived", n, "inputs", m))
                yield Fault(place, f'there is no core variable "{name}"', did_you_mean(name, seen))


def _change_faults(log: ChangeLog, positions: Positions, core: CoreModel, registries: Collection[str]) -> Iterator[Fault]:
    tables = [table.id for table in core.tables]
    for n, change in enumerate(log.changes):
        for m, table in enumerate(change.concerns):
            if table not in tables:
                place = positions.place(("changes", n, "concerns", m))
                yield Fault(place, f'there is no table "{table}" in the core data model', did_you_mean(table, tables))
        for m, adoption in enumerate(change.adoption):
            if adoption.registry not in registries:
                place = positions.place(("changes", n, "adoption", m, "registry"))
                remedy = did_you_mean(adoption.registry, registries)
                yield Fault(place, f'there is no registry "{adoption.registry}"', remedy)


def _mapping_faults(
    mapping: RegistryMapping, positions: Positions, name: str, registries: Collection[str], core: CoreModel | None
) -> Iterator[Fault]:
    if mapping.registry != name:
        what = f'the mapping is of "{mapping.registry}", but the file is named "{name}.yaml"'
        yield Fault(positions.place(("registry",)), what, "Give both the same name.")
    elif mapping.registry not in registries:
        what = f'there is no registry "{mapping.registry}"'
        yield Fault(positions.place(("registry",)), what, did_you_mean(mapping.registry, registries))
    known = {found for found, _, _ in core.variables()} if core else None
    seen: set[str] = set()
    for n, entry in enumerate(mapping.variables):
        place = positions.place(("variables", n, "variable"))
        if known is not None and entry.variable not in known:
            yield Fault(place, f'there is no core variable "{entry.variable}"', did_you_mean(entry.variable, known))
        if entry.variable in seen:
            yield Fault(place, f'the variable "{entry.variable}" is mapped twice', "Keep one of the two entries.")
        seen.add(entry.variable)
