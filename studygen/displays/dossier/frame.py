"""What every display of a dossier is given: the dossier, the results of the studies that it refers to, and the words."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from studygen.aggregates.contract import Deliveries
from studygen.definition import Prose
from studygen.displays.figures.drawing import Canvas, Drawn, drawn
from studygen.displays.look import Look
from studygen.displays.texts import DisplayTexts
from studygen.document.nodes import Block, Slot
from studygen.errors import Fault, Place, ResultError, did_you_mean
from studygen.network.network import Network
from studygen.qualification.dossier import Dossier
from studygen.qualification.indicators import QualityFigure
from studygen.qualification.qualification import Qualification
from studygen.results.findings import Result, ResultSet
from studygen.study.study import Study

QUALITY = "quality"
"""What the address of a quality figure begins with, where that of a result begins with its study."""


@dataclass(frozen=True, slots=True)
class StudyResults:
    """A study that the dossier refers to, with everything that was computed of it."""

    study: Study
    network: Network
    planned: ResultSet
    results: ResultSet | None
    """None until a registry has delivered."""
    deliveries: Deliveries = field(default_factory=Deliveries)
    """What the results were computed from."""

    @property
    def all(self) -> ResultSet:
        """The results there are, planned precision after them."""
        return self.planned if self.results is None else self.results.with_more(tuple(self.planned.values()))


@dataclass(frozen=True, slots=True)
class DossierFrame:
    """The world of a dossier's displays."""

    dossier: Dossier
    studies: Mapping[str, StudyResults]
    """The studies whose results the dossier shows, by id."""
    texts: DisplayTexts
    prose: Callable[[Prose], tuple[Block, ...]]
    """Renders narrative text of the definition to blocks."""
    shown: tuple[str, ...] | None = None
    """The addresses of the numbers that the document shows, for displays that explain them (None: all that there are)."""
    left_out: Mapping[str, str] = field(default_factory=dict)
    """The rules that the dossier leaves aside: what each asks, by id."""
    works: Mapping[str, str] = field(default_factory=dict)
    """Keys of the works that the dossier may cite, by their DOI in small letters."""
    deliveries: Deliveries = field(default_factory=Deliveries)
    """What the registries delivered on their quality."""
    drawn: Callable[[Look, Callable[[], Canvas]], Drawn] = drawn
    """Draws a figure, or leaves it undrawn where a document is read but not written."""

    @property
    def definition(self) -> Qualification:
        return self.dossier.definition

    def short_name(self, registry: str) -> str:
        """A registry's name as printed in tables."""
        return self.dossier.network.registry(registry).short_name

    def option(self, slot: Slot, name: str) -> str:
        """An option of the slot; KeyError when missing."""
        return dict(slot.options)[name]


def address(study: str, result: str) -> str:
    """The address of a study's result: `natalizumab-fingolimod-paes:arr_ratio.pooled`."""
    return f"{study}:{result}"


def figure_address(figure: QualityFigure) -> str:
    """The address of a quality figure: `quality:dk_dmsr.visit_last_year.2024`, of a core variable
    `quality:dk_dmsr.dmt_stop.treatment_episode.stop_date.2024`; without the year when over all years."""
    item = f".{figure.item}" if figure.item else ""
    year = f".{figure.year}" if figure.year is not None else ""
    return f"{QUALITY}:{figure.registry}.{figure.indicator}{item}{year}"


def found(studies: Mapping[str, StudyResults], where: str) -> Result:
    """The result at an address. ResultError when there is no such study or no such result."""
    study, _, id = where.partition(":")
    if study not in studies:
        raise ResultError(
            Fault(Place("results", path=where), f'the dossier refers to no study "{study}"', did_you_mean(study, studies))
        )
    return studies[study].all[id]


def with_inputs(studies: Mapping[str, StudyResults], shown: tuple[str, ...] | None) -> Iterator[tuple[str, StudyResults, Result]]:
    """The results shown and all that they were computed from, study by study in the order of computing: address,
    study, result."""
    for id, each in studies.items():
        results = each.all
        ids = [where.partition(":")[2] for where in shown if where.startswith(f"{id}:")] if shown is not None else list(results)
        wanted = results.with_inputs(ids)
        yield from ((address(id, result.id), each, result) for result in results.values() if result.id in wanted)
