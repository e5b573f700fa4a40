"""Everything known of a dossier at a time: the definition with its places, network, data model, projects, delivered quality
figures, the studies it refers to. Knows no rule and no document."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from studygen.errors import Fault
from studygen.misfits import DataPath
from studygen.network.data_model import DataModel
from studygen.network.data_model_loading import ReadDataModel
from studygen.network.loading import ReadNetwork
from studygen.network.network import UNKNOWN, Fact, Network
from studygen.network.project_loading import ReadProject
from studygen.network.projects import Project
from studygen.qualification.indicators import QualityFigure
from studygen.qualification.qualification import Qualification
from studygen.study.written import Written
from studygen.yamlfile import Positions

NETWORK = "network"
"""The name under which facts of the network itself are addressed: `fact:network.size`."""


@dataclass(frozen=True)
class Dossier:
    """A dossier that could be read."""

    folder: Path
    """The dossier's folder, as it is shown."""
    definition: Qualification
    positions: Positions
    """Where each part of qualification.yaml stands."""
    read_network: ReadNetwork
    read_data_model: ReadDataModel
    read_projects: tuple[ReadProject, ...] = ()
    figures: tuple[QualityFigure, ...] = ()
    """What the registries have delivered on their quality."""
    studies: Mapping[str, Written] = field(default_factory=dict)
    """The studies made from projects, by id, for comparing their decisions."""

    @property
    def network(self) -> Network:
        return self.read_network.network

    @property
    def data_model(self) -> DataModel:
        return self.read_data_model.model

    @property
    def projects(self) -> tuple[Project, ...]:
        """The register of projects, by their references."""
        return tuple(sorted((read.project for read in self.read_projects), key=lambda project: project.reference))

    @property
    def as_of(self) -> datetime.date:
        return self.definition.as_of

    def fact(self, owner: str, field: str) -> Fact:
        """A fact of a registry, or of the network (`network`)."""
        profile = self.network.profile if owner == NETWORK else self.network.registry(owner)
        return profile.every_fact.get(field, UNKNOWN)

    def fault(self, path: DataPath, what: str, remedy: str) -> Fault:
        """A fault at a part of qualification.yaml: `("claims", 0, "evidence")`."""
        return Fault(self.positions.place(path), what, remedy)

    def figures_of(self, registry: str, indicator: str) -> tuple[QualityFigure, ...]:
        """A registry's figures for an indicator as a whole: by year, those over all years last."""
        return self.figures_of_item(registry, indicator, "")

    def figures_of_item(self, registry: str, indicator: str, item: str) -> tuple[QualityFigure, ...]:
        """A registry's figures for one core variable of an indicator: by year, those over all years last."""
        found = (x for x in self.figures if (x.registry, x.indicator, x.item) == (registry, indicator, item))
        return tuple(sorted(found, key=lambda figure: figure.year or 9999))

    def latest(self, registry: str, indicator: str) -> QualityFigure | None:
        """The figure of the latest calendar year, or over all years where there is none by year."""
        figures = self.figures_of(registry, indicator)
        by_year = [figure for figure in figures if figure.year is not None]
        return by_year[-1] if by_year else figures[-1] if figures else None
