"""The context of use: for which people, studies, exposures, outcomes and decisions the network is to be qualified, under which
conditions, and for what it is not. Elements may be missing while a dossier is written; the checks say which."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from studygen.definition import Declared, Id, Prose
from studygen.network.data_model import VariableName
from studygen.study.identity import AtcCode, CountryCode


class CouPopulation(Declared):
    """Target population and stage of disease."""

    phenotypes: Annotated[tuple[str, ...], Field(min_length=1)]
    ages: str
    countries: Annotated[tuple[CountryCode, ...], Field(min_length=1)]
    countries_note: str = ""
    text: Prose


class StudyType(Declared):
    """One kind of study that the network is proposed for."""

    id: Id
    kind: Literal["drug_utilisation", "safety", "comparative_effectiveness", "natural_history", "external_control", "other"]
    label: str = ""
    """What tells it from another of its kind: Safety, comparative."""
    text: Prose
    standing: Literal["proposed", "later", "excluded"]
    """Proposed in this dossier, foreseen in a later one, or excluded."""


class CouSubstance(Declared):
    """A disease-modifying therapy in the context of use."""

    id: Id
    name: str
    atc: AtcCode
    atc_earlier: tuple[AtcCode, ...] = ()
    status: Literal["published", "unconfirmed"] = "published"
    """Whether the codes were seen in a public source."""


class CouExposures(Declared):
    """Exposures and the mode of start."""

    text: Prose
    substances: Annotated[tuple[CouSubstance, ...], Field(min_length=1)]


class CouOutcome(Declared):
    """An outcome with its definition."""

    id: Id
    label: str
    kind: Literal["safety", "effectiveness", "utilisation", "mortality", "pregnancy"]
    definition: Prose
    variables: tuple[VariableName, ...] = ()
    """The core variables that it is made from."""
    standing: Literal["proposed", "later"] = "proposed"


class CouDecision(Declared):
    """A regulatory decision that such studies inform."""

    id: Id
    text: Prose


class Minimum(Declared):
    """The least that one indicator must show."""

    indicator: Id
    value: float


class Condition(Declared):
    """A condition under which the qualification applies: to every registry, or to some."""

    id: Id
    text: Prose
    registries: tuple[Id, ...] = ()
    """Those it binds; empty means all."""
    minimum: tuple[Minimum, ...] = ()
    """Own minimum values where they differ from those of the indicators."""
    indicators: tuple[Id, ...] = ()
    """The indicators by which it is judged, each with its own minimum."""


class Exclusion(Declared):
    """What the qualification does not cover."""

    id: Id
    text: Prose
    reason: Prose


class ContextOfUse(Declared):
    """The context of use, element by element."""

    statement: Prose
    """The whole context of use in one paragraph."""
    population: CouPopulation | None = None
    setting: Prose | None = None
    study_types: tuple[StudyType, ...] = ()
    exposures: CouExposures | None = None
    outcomes: tuple[CouOutcome, ...] = ()
    decisions: tuple[CouDecision, ...] = ()
    lifecycle: Prose | None = None
    """The stage in the life of a medicine."""
    analysis_mode: Prose | None = None
    conditions: tuple[Condition, ...] = ()
    exclusions: tuple[Exclusion, ...] = ()

    @property
    def missing(self) -> tuple[str, ...]:
        """The elements that are not stated yet."""
        return tuple(name for name in type(self).model_fields if not getattr(self, name))
