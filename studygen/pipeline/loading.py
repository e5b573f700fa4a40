"""Loads everything that a study consists of and computes its results. Knows nothing about documents."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from studygen.errors import DefinitionError, Fault, Place, did_you_mean
from studygen.network.loading import load_network
from studygen.network.network import Network
from studygen.pipeline.doctypes import VERSIONED, document_types, why_not
from studygen.pipeline.editions import REGULAR, Edition
from studygen.pipeline.places import Places
from studygen.study.frozen import FrozenPlan, frozen_plans
from studygen.study.loading import read_study
from studygen.study.study import Study
from studygen.study.written import Written

if TYPE_CHECKING:
    from studygen.aggregates.intake import Deliveries
    from studygen.pipeline.publishing import Redacting
    from studygen.results.findings import ResultSet


@dataclass(frozen=True, slots=True)
class Loaded:
    """What was planned, who takes part, what was delivered, and what follows from it."""

    places: Places
    written: Written
    """The definition as it was read, with the line of every part."""
    study: Study
    network: Network
    deliveries: Deliveries
    planned: ResultSet
    """Planned precision."""
    results: ResultSet | None
    """None until a registry has delivered."""
    edition: Edition = REGULAR
    plan: Study | None = None
    """The study as it stands, where `study` is that of a rehearsal."""
    redacting: Redacting | None = None
    """What a public version leaves out."""
    frozen: tuple[FrozenPlan, ...] = ()
    """The frozen plans, the oldest version first."""

    def without_results(self) -> Loaded:
        """What protocol and plan are made from: they stay shells even when deliveries have arrived, and say what was planned."""
        return replace(self, study=self.plan or self.study, results=None)

    def as_draft(self) -> Loaded:
        """The same, with no document called final."""
        return replace(self, study=_unfinished(self.study), plan=self.plan and _unfinished(self.plan))


def _unfinished(study: Study) -> Study:
    versions = {name: getattr(study.documents, name) for name in VERSIONED}
    drafts = {name: version.model_copy(update={"status": "draft"}) for name, version in versions.items() if version is not None}
    return study.model_copy(update={"documents": study.documents.model_copy(update=drafts)})


def load_plan(folder: Path) -> tuple[Places, Network, Written]:
    """Reads the definition and the network it belongs to. DefinitionError with all faults."""
    places = Places.of(folder)
    network = load_network(places.network, extra=folder / "sources")
    registries = network.registries
    written = read_study(folder, [r.id for r in registries], [r.id for r in registries if r.scope == "international"])
    return places, network, written


def load(folder: Path) -> Loaded:
    """Reads and reconciles everything in a study's folder. DefinitionError or DeliveryError with all faults."""
    return with_deliveries(load_planned(folder))


def load_planned(folder: Path) -> Loaded:
    """The study as if nothing had been delivered. DefinitionError with all faults."""
    from studygen.aggregates.contract import Deliveries
    from studygen.results.planning import planned_precision

    places, network, written = load_plan(folder)
    precision, frozen = planned_precision(written.study), frozen_plans(places.study)
    return Loaded(places, written, written.study, network, Deliveries(), precision, None, frozen=frozen)


def with_deliveries(planned: Loaded) -> Loaded:
    """The study with its deliveries reconciled and its results computed. DeliveryError with all faults."""
    from studygen.aggregates.intake import load_deliveries

    deliveries = load_deliveries(planned.study, planned.network, planned.places.study)
    if not deliveries.registries:
        return planned
    from studygen.results.analysis import analyse

    return replace(planned, deliveries=deliveries, results=analyse(planned.study, planned.network, deliveries))


def documents_of(loaded: Loaded, asked: Sequence[str] = ()) -> tuple[str, ...]:
    """The document types that can be made now, or those asked for; DefinitionError says why one asked for cannot."""
    types = document_types(loaded.places)
    reasons = {name: why_not(loaded.study, each, results=loaded.results is not None) for name, each in types.items()}
    definition = str(loaded.places.study / "study.yaml")
    faults = []
    for name in asked:
        if name not in types:
            faults.append(Fault(Place("--document"), f'there is no document type "{name}"', did_you_mean(name, types)))
        elif reason := reasons[name]:
            faults.append(Fault(Place(definition, path=f"documents.{types[name].version_of}"), *reason))
    if faults:
        raise DefinitionError(faults)
    return tuple(name for name in types if (name in asked if asked else reasons[name] is None))
