"""Who delivered and who did not: registries that were not expected, that are missing, and analyses a registry leaves out."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path

from studygen.aggregates.manifest import Sent
from studygen.errors import Fault, Place, did_you_mean
from studygen.study.governance import Participation
from studygen.study.study import Study


def participation_of(study: Study, sent: Sent) -> tuple[Participation | None, list[Fault]]:
    """The participation under whose name a delivery lies; None with a fault when no delivery was expected."""
    place = Place(sent.shown)
    known = {x.registry: x for x in study.participation}
    participation = known.get(sent.registry)
    if participation is None:
        return None, [
            Fault(place, f'"{sent.registry}" does not take part in the study', did_you_mean(sent.registry, known), "A26")
        ]
    if not participation.delivers:
        remedy = "Change the decision in study.yaml if the registry has accepted; else take the delivery out."
        what = f'no delivery was expected: the decision of "{sent.registry}" is {participation.decision}'
        return None, [Fault(place, what, remedy, "A26")]
    return participation, []


def missing_registries(study: Study, found: Collection[str], study_folder: Path) -> Iterator[Fault]:
    """Registries that should have delivered by now. They are missing only once the study reports finally: while it runs, also
    for an interim report, registries deliver one after the other."""
    report = study.documents.report
    reports = study.status == "finalised" or (report is not None and report.interim is None)
    if study.evidence == "none_yet" or not reports:
        return
    for participation in study.contributors:
        if participation.registry not in found:
            yield Fault(
                Place((study_folder / "deliveries" / participation.registry).as_posix()),
                f'the delivery of "{participation.registry}" is missing (its decision is {participation.decision})',
                "Add it, or change the registry's decision in study.yaml and say why.",
                "A27",
            )
