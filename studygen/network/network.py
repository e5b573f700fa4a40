"""The network and its registries: facts with source, date and standing. Knows nothing about any one study."""

from __future__ import annotations

import datetime
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from studygen.definition import Declared, Id


class Fact(Declared):
    """One fact about the network or a registry. A fact that is not confirmed carries its mark into print."""

    value: str
    source: str
    """Where it was read: a citation or address a reader can follow."""
    as_of: Annotated[str, StringConstraints(pattern=r"^\d{4}(-\d{2}(-\d{2})?)?$")]
    """When it was true or last checked: year, month or day."""
    status: Literal["confirmed", "published", "unconfirmed"]
    """Confirmed by the registry, read in a public source, or professional knowledge without confirmation."""


class RegistryProfile(Declared):
    """What is known of one registry."""

    format: Literal[1]
    id: Id
    name: str
    short_name: str
    """As printed in tables: "DMSR", "MSBase"."""
    scope: Literal["national", "international"]
    countries: tuple[str, ...]
    """ISO 3166-1 alpha-2; empty for an international registry."""
    start: Fact
    size: Fact
    coverage: Fact
    platform: Fact
    legal_basis: Fact
    linkage: Fact
    update_cycle: Fact
    quality_control: Fact
    adverse_events: Fact
    overlap: Fact | None = None
    small_cell_threshold: Annotated[int, Field(ge=1)]
    small_cell_source: Fact
    reference: str
    """The registry's founding or describing publication."""

    @property
    def facts(self) -> dict[str, Fact]:
        """All facts by field name, in the order of definition."""
        found = {name: getattr(self, name) for name in type(self).model_fields}
        return {name: value for name, value in found.items() if isinstance(value, Fact)}


class NetworkProfile(Declared):
    """The network itself (`network.yaml`)."""

    format: Literal[1]
    name: str
    short_name: str
    coordination: Fact
    start: Fact
    members: Fact
    size: Fact
    independence: Fact
    project_workflow: Fact
    data_model: Fact
    adverse_event_agreement: Fact
    qualification: Fact
    small_cell_threshold: Annotated[int, Field(ge=1)]
    as_of: datetime.date


class Network(Declared):
    """The network with its registries, by id."""

    profile: NetworkProfile
    registries: tuple[RegistryProfile, ...]

    def registry(self, id: str) -> RegistryProfile:
        """The profile of a registry; loading has proved that every id a study uses exists."""
        return next(x for x in self.registries if x.id == id)
