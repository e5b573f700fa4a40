"""Loads everything that a study consists of and computes its results. Knows nothing about documents."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from studygen.errors import DefinitionError, Fault, Place, did_you_mean
from studygen.network.loading import load_network
from studygen.network.network import Network
from studygen.pipeline.editions import REGULAR, Edition
from studygen.pipeline.places import Places
from studygen.study.loading import load_study
from studygen.study.study import Study

if TYPE_CHECKING:
    from studygen.aggregates.intake import Deliveries
    from studygen.pipeline.publishing import Redacting
    from studygen.results.findings import ResultSet

DOCUMENTS = ("protocol", "sap", "report")
"""The document types, in the order in which they are built."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """What was planned, who takes part, what was delivered, and what follows from it."""

    places: Places
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

    def without_results(self) -> Loaded:
        """What protocol and plan are made from: they stay shells even when deliveries have arrived, and say what was planned."""
        return replace(self, study=self.plan or self.study, results=None)


def load_plan(folder: Path) -> tuple[Places, Network, Study]:
    """Reads the definition and the network it belongs to. DefinitionError with all faults."""
    places = Places.of(folder)
    network = load_network(places.network, extra=folder / "sources")
    registries = network.registries
    study = load_study(folder, [r.id for r in registries], [r.id for r in registries if r.scope == "international"])
    return places, network, study


def load(folder: Path) -> Loaded:
    """Reads and reconciles everything in a study's folder. DefinitionError or DeliveryError with all faults."""
    from studygen.aggregates.intake import load_deliveries
    from studygen.results.analysis import analyse
    from studygen.results.planning import planned_precision

    places, network, study = load_plan(folder)
    deliveries = load_deliveries(study, network, folder)
    results = analyse(study, network, deliveries) if deliveries.registries else None
    return Loaded(places, study, network, deliveries, planned_precision(study), results)


def documents_of(loaded: Loaded, asked: Sequence[str] = ()) -> tuple[str, ...]:
    """The document types that can be made now, or those asked for; DefinitionError says why one asked for cannot."""
    reasons = {name: _why_not(loaded, name) for name in DOCUMENTS}
    definition = str(loaded.places.study / "study.yaml")
    faults = []
    for name in asked:
        if name not in DOCUMENTS:
            faults.append(Fault(Place("--document"), f'there is no document type "{name}"', did_you_mean(name, DOCUMENTS)))
        elif reason := reasons[name]:
            faults.append(Fault(Place(definition, path=f"documents.{name}"), *reason))
    if faults:
        raise DefinitionError(faults)
    return tuple(name for name in DOCUMENTS if (name in asked if asked else reasons[name] is None))


def _why_not(loaded: Loaded, name: str) -> tuple[str, str] | None:
    if getattr(loaded.study.documents, name) is None:
        return (f"the study has no {name} yet", f"Give it a reference, version, date and author under documents.{name}.")
    if name == "report" and loaded.results is None:
        return ("no registry has delivered, so there is nothing to report", "Put each delivery into deliveries/<registry>/.")
    return None
