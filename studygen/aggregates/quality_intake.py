"""Takes in the quality figures that registries delivered to a dossier: finds and reads the deliveries, has them judged, raises
every fault of every delivery at once, and gives the figures. Repairs and drops nothing."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from studygen.aggregates.contract import AGGREGATES, MANIFEST, Deliveries, Delivery, Row, RowKey
from studygen.aggregates.intake import FOLDER, arrived, wrong_files
from studygen.aggregates.manifest import Sent, read_manifest
from studygen.aggregates.quality_contract import INSTEAD, NEEDED, QUALITY_STATISTICS, year_of
from studygen.aggregates.quality_rules import QUALITY_MANIFEST_RULES, QUALITY_ROW_RULES
from studygen.aggregates.quality_subject import QualityCovering, QualityDelivered
from studygen.aggregates.table import read_rows
from studygen.errors import DeliveryError, Fault, Place, did_you_mean
from studygen.qualification.dossier import Dossier
from studygen.qualification.indicators import Indicator, QualityFigure


def load_quality(dossier: Dossier) -> tuple[Deliveries, tuple[QualityFigure, ...]]:
    """The deliveries in `deliveries/` of the dossier's folder and their figures, in the order of the dossier's registries and
    indicators. Empty when there is no such folder. DeliveryError with all faults of all deliveries."""
    faults: list[Fault] = []
    found: dict[str, Delivery] = {}
    names: set[str] = set()
    for sent, reading in arrived(dossier.folder / FOLDER):
        faults.extend(reading)
        if sent is None:
            continue
        names.add(sent.registry)
        delivery, checking = _taken_in(dossier, sent)
        faults.extend(checking)
        if delivery is not None:
            found[sent.registry] = delivery
    faults.extend(_missing(dossier, names))
    if faults:
        raise DeliveryError(faults)
    deliveries = Deliveries(tuple(found[registry] for registry in dossier.definition.registries if registry in found))
    return deliveries, tuple(figure for each in deliveries.values() for figure in figures_of(dossier, each))


def _taken_in(dossier: Dossier, sent: Sent) -> tuple[Delivery | None, list[Fault]]:
    faults = []
    registries = dossier.definition.registries
    if sent.registry not in registries:
        what, remedy = f'"{sent.registry}" is not a registry of the dossier', did_you_mean(sent.registry, registries)
        faults.append(Fault(Place(sent.shown), what, remedy, "A26"))
    faults.extend(wrong_files(sent))
    if sent.registry not in registries or not {MANIFEST, AGGREGATES} <= set(sent.files):
        return None, faults
    content, file = sent.files[AGGREGATES], sent.place(AGGREGATES).file
    manifest, manifest_faults = read_manifest(sent.files[MANIFEST], sent.place(MANIFEST).file)
    rows, row_faults = read_rows(content, file, QUALITY_STATISTICS, INSTEAD)
    faults.extend((*manifest_faults, *row_faults))
    if manifest is None:
        return None, faults
    covering = QualityCovering(dossier, sent, manifest)
    faults.extend(replace(fault, rule=id) for id, rule in QUALITY_MANIFEST_RULES.items() for fault in rule(covering))
    relative = Path(sent.shown).relative_to(dossier.folder).as_posix()
    sha256 = hashlib.sha256(content).hexdigest()
    delivery = Delivery(sent.registry, manifest, f"{relative}/{AGGREGATES}", f"{relative}/{MANIFEST}", sha256, rows)
    delivered = QualityDelivered(dossier, delivery, file)
    rules = {id: rule for id, rule in QUALITY_ROW_RULES.items() if id != "A12" or not row_faults}
    faults.extend(replace(fault, rule=id) for id, rule in rules.items() for fault in rule(delivered))
    return delivery, faults


def _missing(dossier: Dossier, found: Collection[str]) -> Iterator[Fault]:
    """Registries that should have delivered by now: all of them, once the quality report is final. While it is a draft, they
    deliver one after the other, and what is not there yet is a finding of the check."""
    report = dossier.definition.documents.quality_report
    if report is None or report.status != "final" or dossier.definition.quality_evidence == "none_yet":
        return
    for registry in dossier.definition.registries:
        if registry not in found:
            yield Fault(
                Place((dossier.folder / FOLDER / registry).as_posix()),
                f'the quality figures of "{registry}" are missing, and the quality report is final',
                "Add the delivery, or set the status of documents.quality_report back to draft.",
                "A27",
            )


def figures_of(dossier: Dossier, delivery: Delivery) -> Iterator[QualityFigure]:
    """The figures of a delivery that has no fault: by indicator, core variable and year; what a year is a ratio of, is computed
    from its parts, not taken over rounded."""
    file = (dossier.folder / delivery.file).as_posix()
    by_key: dict[RowKey, dict[str, Row]] = {}
    for row in delivery.rows:
        by_key.setdefault(row.key, {})[row.statistic] = row
    for indicator in dossier.definition.indicators:
        its = [(key, rows) for key, rows in by_key.items() if key.variable == indicator.id]
        for key, rows in sorted(its, key=lambda each: (each[0].level, year_of(next(iter(each[1].values()))) or 9999)):
            yield _figure(delivery, indicator, key, rows, file)


def _figure(delivery: Delivery, indicator: Indicator, key: RowKey, rows: Mapping[str, Row], file: str) -> QualityFigure:
    needed = [rows[statistic] for statistic in NEEDED[indicator.unit] if statistic in rows]
    absent = next((row for row in needed if row.state != "reported"), None)
    value = None if absent is not None else _value(indicator, {row.statistic: row.value or 0.0 for row in needed})
    first = absent or needed[0]
    zero = absent is None and value is None
    whole = rows.get("person_years") or rows.get("denominator")
    return QualityFigure(
        registry=delivery.registry,
        indicator=indicator.id,
        year=year_of(first),
        value=value,
        state="not_estimable" if zero else first.state,
        place=Place(file, first.line),
        numerator=rows["numerator"].value if "numerator" in rows else None,
        denominator=whole.value if whole is not None else None,
        simulated=delivery.manifest.nature == "simulated",
        item=key.level,
        lines=tuple(sorted(row.line for row in rows.values())),
        file=delivery.file,
        sha256=delivery.sha256,
    )


def _value(indicator: Indicator, sent: Mapping[str, float]) -> float | None:
    """The figure from what was sent; None where it would be a ratio of nothing."""
    match indicator.unit:
        case "days":
            return sent["median"]
        case "count":
            return sent["numerator"]
        case "percent":
            return 100 * sent["numerator"] / sent["denominator"] if sent["denominator"] else None
        case "per_year":
            return sent["numerator"] / sent["person_years"] if sent["person_years"] else None
