"""The checklist on the suitability of registries as data, and what is known of one registry for each of its items, from its
profile or from what the study's definition states. What is in neither is to be asked. Judges nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from studygen.definition import Declared
from studygen.errors import DefinitionError, Fault, did_you_mean
from studygen.guidance.prose import states_something
from studygen.network.network import Fact, Network, RegistryProfile
from studygen.study.governance import Approval, Availability, Participation
from studygen.study.study import Study
from studygen.yamlfile import Positions, load_with_positions


class Asked(Declared):
    """One item, and where its answer may be found; an item without a place is asked of the registry."""

    label: str
    profile: str = ""
    """A field of the registry's profile."""
    participation: str = ""
    """A field of the registry's participation in the study."""
    variables: Literal["", "outcomes", "covariates"] = ""
    """The availability of the study's outcomes or covariates."""


class Group(Declared):
    title: str
    items: Annotated[tuple[Asked, ...], Field(min_length=1)]


class Suitability(Declared):
    """`guidance/checklists/registries.yaml`."""

    title: str
    reference: str
    source: str
    confirmed: bool
    groups: Annotated[tuple[Group, ...], Field(min_length=1)]


Content = str | Fact | Approval | tuple[Availability, ...]
"""What is known: a text of the definition or profile, a fact with source and standing, an approval, availability by variable. A
fact that is unknown is not known, nor is a text that says only that nothing was found."""

Standing = Literal["known", "unconfirmed", "asked"]
"""Known from the plan, from the registry or from a public source; stated, but still to be confirmed; to be asked."""


@dataclass(frozen=True, slots=True)
class Found:
    """An item and what is known for it; None when it is to be asked."""

    item: Asked
    content: Content | None

    @property
    def standing(self) -> Standing:
        """How far it can be relied on. Availability is unconfirmed while that of one variable is, an approval until given."""
        match self.content:
            case None:
                return "asked"
            case Fact():
                return "unconfirmed" if self.content.status == "unconfirmed" else "known"
            case Approval():
                return "unconfirmed" if self.content.status in ("pending", "submitted") else "known"
            case tuple():
                return "unconfirmed" if any(each.state == "unconfirmed" for each in self.content) else "known"
            case _:
                return "known"


def load_suitability(path: Path) -> Suitability:
    """The checklist. DefinitionError with every field that profiles or participations do not have."""
    loaded, positions = load_with_positions(path, Suitability)
    faults = list(_faults(loaded, positions))
    if faults:
        raise DefinitionError(faults)
    return loaded


def found(study: Study, network: Network, participation: Participation, group: Group) -> tuple[Found, ...]:
    """What is known of a registry for each item of a group."""
    profile = network.registry(participation.registry)
    return tuple(Found(item, _content(study, profile, participation, item)) for item in group.items)


def _content(study: Study, profile: RegistryProfile, participation: Participation, item: Asked) -> Content | None:
    if item.variables:
        wanted = {each.id for each in getattr(study, item.variables)}
        return tuple(each for each in participation.variables if each.variable in wanted) or None
    places: tuple[tuple[object, str], ...] = (
        (participation, item.participation),
        (profile, item.profile),
    )
    for holder, field in places:
        value = getattr(holder, field) if field else None
        if isinstance(value, Fact):
            return value if value.status != "unknown" and states_something(value.value) else None
        if isinstance(value, Approval):
            return value
        if value and states_something(str(value)):
            return str(value)
    return None


def _faults(checklist: Suitability, positions: Positions) -> Iterator[Fault]:
    for number, group in enumerate(checklist.groups):
        for position, item in enumerate(group.items):
            for key, model in (("profile", RegistryProfile), ("participation", Participation)):
                field = getattr(item, key)
                if field and field not in model.model_fields:
                    place = positions.place(("groups", number, "items", position, key))
                    yield Fault(place, f'"{field}" is not a field of the {key}', did_you_mean(field, model.model_fields))
