"""The core data model of the network, its history, and how each registry's variables map to it. Knows no study and no values."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from studygen.definition import Declared, Id
from studygen.network.network import PartialDate

VariableName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*$")]
"""A core variable with its table: `patient.sex`."""

Fidelity = Literal["exact", "derived", "partial", "not_collected", "unconfirmed"]
"""How truly a registry's variable gives the core variable: the same; by a rule without loss; with a loss that is stated; not at
all; or not yet confirmed by the registry."""


class CoreVariable(Declared):
    """One variable of the core data model."""

    id: Id
    label: str
    definition: str
    type: Literal["code", "set", "date", "integer", "number", "flag", "text"]
    unit: str = ""
    values: str = ""
    """The range of a number: "0 to 110"."""
    codes: dict[str, str] = Field(default_factory=dict)
    """Codes with their meanings."""
    required: bool = False
    """Whether a registry must hold it to take part in safety studies."""
    recommended: bool = False
    """Whether it belongs to the core elements recommended for registries in multiple sclerosis."""
    core_item: Id | None = None
    """The group of recommended core elements it belongs to."""


class CoreTable(Declared):
    """One table: what a row is, and its variables."""

    id: Id
    label: str
    row: str
    """What one row stands for."""
    variables: Annotated[tuple[CoreVariable, ...], Field(min_length=1)]


class DerivedVariable(Declared):
    """A variable computed from core variables by a rule with a version."""

    id: Id
    label: str
    rule: str
    inputs: tuple[VariableName, ...]
    parameters: dict[str, str] = Field(default_factory=dict)
    """Choices that a study must state, with their default."""
    version: str
    source: str


class CoreItem(Declared):
    """A group of recommended core elements."""

    id: Id
    label: str


class CommonDeviation(Declared):
    """A difference between the registries in one core variable that concerns them all."""

    variable: VariableName
    deviation: str
    consequence: str
    """What follows from the difference for an analysis."""
    source: str = ""
    """Where this was read; left out for a rule of the network."""


class CoreModel(Declared):
    """The core data model (`data-model/core.yaml`)."""

    format: Literal[1]
    version: Annotated[str, StringConstraints(pattern=r"^\d+\.\d+$")]
    date: datetime.date
    status: Literal["proposed", "adopted"]
    """Proposed by the coordination centre, or adopted by the members."""
    source: str
    note: str = ""
    row_columns: tuple[CoreVariable, ...] = ()
    """What every row of every table carries."""
    items: tuple[CoreItem, ...] = ()
    tables: Annotated[tuple[CoreTable, ...], Field(min_length=1)]
    common: tuple[CommonDeviation, ...] = ()
    """What holds for every registry; a mapping adds only what is its own."""
    derived: tuple[DerivedVariable, ...] = ()

    def variables(self) -> Iterator[tuple[str, CoreTable, CoreVariable]]:
        """Every variable as `table.variable`, with its table, in order."""
        for table in self.tables:
            for variable in table.variables:
                yield f"{table.id}.{variable.id}", table, variable

    def variable(self, name: str) -> CoreVariable:
        """A variable by `table.variable`; loading has proved that it exists."""
        return next(variable for found, _, variable in self.variables() if found == name)


class Adoption(Declared):
    """Whether and when a registry adopted a change."""

    registry: Id
    state: Literal["adopted", "agreed", "planned", "not_adopted", "unknown"]
    date: PartialDate | None = None
    """When; left out while it is not known."""
    note: str = ""


class DataModelChange(Declared):
    """One change of what the registries collect, or of how the network writes it down."""

    id: Id
    version: str | None = None
    """The version of the core data model that holds it; left out when it is not known."""
    date: PartialDate | None = None
    """When it was decided; left out when it is not known."""
    decided_by: str
    what: str
    why: str
    concerns: tuple[Id, ...] = ()
    """The tables of the core data model concerned."""
    source: str
    status: Literal["confirmed", "published", "unconfirmed"]
    adoption: tuple[Adoption, ...] = ()
    """One entry per registry; a registry that is left out is unknown."""

    def adopted_by(self, registry: str) -> Adoption:
        """What is known of a registry's adoption."""
        return next((x for x in self.adoption if x.registry == registry), Adoption(registry=registry, state="unknown"))


class ChangeLog(Declared):
    """The history of the data model (`data-model/changes.yaml`), the oldest change first."""

    format: Literal[1]
    changes: tuple[DataModelChange, ...]


class MappedVariable(Declared):
    """How one registry gives one core variable."""

    variable: VariableName
    source_variable: str = ""
    """The registry's own variable; left out while it is not known."""
    rule: str = ""
    """How the core variable is made from it."""
    availability: Annotated[float, Field(ge=0, le=100)] | None = None
    """Percent of persons or rows with a value; left out while it is not known."""
    fidelity: Fidelity
    deviation: str = ""
    """In what the registry's variable differs."""
    consequence: str = ""
    """What follows from the difference for an analysis."""
    source: str = ""
    """Where this was read; left out when nothing was found."""


class RegistryMapping(Declared):
    """The mapping of one registry (`data-model/mappings/<registry>.yaml`)."""

    format: Literal[1]
    registry: Id
    core_version: str
    as_of: datetime.date
    status: Literal["confirmed", "unconfirmed"]
    """Whether the registry has confirmed the mapping."""
    variables: tuple[MappedVariable, ...]

    def of(self, name: str) -> MappedVariable | None:
        """The mapping of a core variable, None when the file says nothing of it."""
        return next((x for x in self.variables if x.variable == name), None)


class DataModel(Declared):
    """Core model, history and mappings."""

    core: CoreModel
    changes: ChangeLog
    mappings: tuple[RegistryMapping, ...] = ()

    def mapping(self, registry: str) -> RegistryMapping | None:
        """The mapping of a registry, None when it has none yet."""
        return next((x for x in self.mappings if x.registry == registry), None)
