"""The dry run: the whole way from deliveries to report before any result exists. Every registry that takes part or is invited
sends dummy numbers, which pass through the same intake as real ones. Reads no real delivery, so that whoever looks at a dry run
has seen no result."""

from __future__ import annotations

import hashlib
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from studygen.definition import Declared
from studygen.network.network import Network
from studygen.pipeline.editions import Edition
from studygen.pipeline.loading import Loaded, load_plan
from studygen.study.frozen import frozen_plans
from studygen.study.governance import Participation, ReportNarrative
from studygen.study.identity import ReportVersion
from studygen.study.loading import STUDY_FILE
from studygen.study.study import Study
from studygen.yamlfile import load_model

if TYPE_CHECKING:
    from studygen.aggregates.contract import Deliveries

TAKING_PART = ("accepted", "accepted_with_limits", "pending", "published_results")
SEED_LENGTH = 12


class StandInReport(Declared):
    """Version and reference of a report that the study does not have yet."""

    version: str
    reference: str
    """With the placeholder {protocol}, the protocol's reference."""


class RehearsalTexts(Declared):
    """`shared/dry-run.yaml`: what a dry run says where a report would give results."""

    software: str
    """With the placeholder {seed}."""
    reason: str
    report: StandInReport
    narrative: ReportNarrative


def rehearse(folder: Path) -> Loaded:
    """The study with dummy deliveries and what follows from them; `plan` is the study as it stands. DefinitionError when the
    definition has faults."""
    from studygen.results.analysis import analyse
    from studygen.results.planning import planned_precision

    places, network, written = load_plan(folder)
    plan = written.study
    texts = load_model(places.template("shared/dry-run.yaml"), RehearsalTexts)
    definition, seed = _hash_of(folder), seed_of(folder)
    study = _rehearsed(plan, texts)
    deliveries = _dummy_deliveries(study, network, seed, definition, texts.software.format(seed=seed))
    results = analyse(study, network, deliveries)
    edition, planned = Edition("dry_run", seed), planned_precision(study)
    frozen = frozen_plans(places.study)
    return Loaded(places, written, study, network, deliveries, planned, results, edition, plan, frozen=frozen)


def seed_of(folder: Path) -> str:
    """The seed of a study's dummy numbers, from its id and its definition: the same definition gives the same numbers."""
    return hashlib.sha256(f"{folder.resolve().name}\n{_hash_of(folder)}".encode()).hexdigest()[:SEED_LENGTH]


def _hash_of(folder: Path) -> str:
    return hashlib.sha256((folder / STUDY_FILE).read_bytes()).hexdigest()


def _rehearsed(plan: Study, texts: RehearsalTexts) -> Study:
    """The study as if every registry that takes part or is invited had delivered, and its report were about to be written."""
    protocol = plan.documents.protocol
    report = plan.documents.report or ReportVersion(
        reference=texts.report.reference.format(protocol=protocol.reference),
        version=texts.report.version,
        date=plan.documents.sap.date,
        author=protocol.author,
    )
    documents = plan.documents.model_copy(update={"report": report.model_copy(update={"interim": None})})
    return plan.model_copy(
        update={
            "evidence": "simulated",
            "documents": documents,
            "participation": tuple(_assumed(each, texts.reason) for each in plan.participation),
            "report": texts.narrative,
        }
    )


def _assumed(participation: Participation, reason: str) -> Participation:
    if participation.decision not in TAKING_PART:
        return participation
    limits = participation.decision == "accepted_with_limits"
    decision = "accepted_with_limits" if limits else "accepted"
    return participation.model_copy(update={"decision": decision, "reason": reason})


def _dummy_deliveries(study: Study, network: Network, seed: str, definition: str, software: str) -> Deliveries:
    from studygen.aggregates.contract import Manifest
    from studygen.aggregates.dummy import dummy_rows
    from studygen.aggregates.intake import FOLDER, load_deliveries
    from studygen.aggregates.sending import write_delivery
    from studygen.aggregates.small_cells import threshold_in_force

    protocol = study.documents.protocol
    with tempfile.TemporaryDirectory(prefix="studygen-dry-run-") as scratch:
        for participation in study.contributors:
            threshold = threshold_in_force(study, network, participation)
            manifest = Manifest(
                format=1,
                study=study.id,
                definition_version=protocol.version,
                definition_hash=definition,
                registry=participation.registry,
                nature="simulated",
                data_cut=protocol.date,
                extraction=protocol.date,
                software=software,
                small_cell_threshold=threshold,
                files={},
            )
            rows = dummy_rows(study, participation, seed, threshold)
            write_delivery(Path(scratch) / FOLDER / participation.registry, manifest, rows)
        return load_deliveries(study, network, Path(scratch))
