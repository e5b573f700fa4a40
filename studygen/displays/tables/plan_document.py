"""Tables of the analysis plan alone: who signs it, and the formulas of the methods that it names."""

from __future__ import annotations

from collections.abc import Iterator

from studygen.aggregates.expected import is_occurrence, takes_curves
from studygen.displays.cells import group, row, table
from studygen.displays.evidence import model_name, pooling_of
from studygen.displays.formats import sentence_case
from studygen.displays.frame import Frame
from studygen.displays.tables.symbols import symbols_note
from studygen.document.nodes import Row, Slot, Table
from studygen.results.credibility import KINDS
from studygen.results.fits import PREDICTED, method_of
from studygen.results.from_counts import COMPARISONS, OCCURRENCE_INTERVALS
from studygen.stats.methods import METHODS
from studygen.study.objectives import Analysis


def signatures(frame: Frame, slot: Slot) -> Table:
    """Those who sign the analysis plan: its main author and the investigators of the whole study."""
    wording, study = frame.texts.of("signatures"), frame.study
    author = study.party(study.documents.sap.author)
    leads = [each for each in study.responsible_parties if each.kind == "investigator" and not each.registry]
    state = study.documents.sap.status
    signature, date = wording.say(f"words.signature_{state}"), wording.say(f"words.date_{state}")
    body = []
    for each in dict.fromkeys((author, *leads)):
        role = wording.say("words.author", role=each.role) if each == author else each.role
        body.append(row(frame, role, [each.name, each.affiliation], signature, date))
    columns = wording.columns("role", "name", "signature", "date")
    return table(frame, slot, wording.caption(), columns, body, (1.6, 2.2, 1.4, 1.2))


def plan_methods(frame: Frame, slot: Slot) -> Table:
    """The formulas behind the planned results, with their sources, from the catalogue by which results are computed."""
    wording = frame.texts.of("plan-methods")
    columns = wording.columns("quantity", "formula", "source")
    planned = [each for each in frame.study.analyses if not each.post_hoc]
    body: list[Row] = []
    used: list[str] = []
    for part, found in (
        ("single", _single(frame, planned)),
        ("combined", _combined(frame, planned)),
        ("differences", _differences(frame, planned)),
        ("groups", _groups(frame, planned)),
    ):
        named = dict(found)
        if named:
            body.append(group(frame, wording.say(f"words.{part}"), len(columns)))
        for label, key in named.items():
            body.append(row(frame, label, METHODS[key].formula, METHODS[key].citation))
            used.append(METHODS[key].formula)
    return table(frame, slot, wording.caption(), columns, body, (1.7, 3.2, 2.0), notes=symbols_note(frame, used))


def _single(frame: Frame, planned: list[Analysis]) -> Iterator[tuple[str, str]]:
    """How the interval of a single data source comes about, by the words for it."""
    for each in planned:
        if each.input == "estimates":
            key = "wald_from_se"
            yield frame.texts.of("plan-methods").say("words.sent"), key
            continue
        if is_occurrence(each):
            interval = OCCURRENCE_INTERVALS.get((each.measure, each.interval))
            key = interval[0] if interval else ""
        else:
            key = COMPARISONS[each.measure].method if each.measure in COMPARISONS else ""
        if key:
            words = frame.texts.word("measure", each.measure), frame.texts.word("interval", each.interval)
            yield sentence_case(frame.texts.of("plan-methods").say("words.of_counts", measure=words[0], interval=words[1])), key


def _combined(frame: Frame, planned: list[Analysis]) -> Iterator[tuple[str, str]]:
    for each in planned:
        if pooling := pooling_of(each):
            for model in (pooling.main, *pooling.beside):
                yield sentence_case(model_name(frame, model)), method_of(model, each.measure)


def _differences(frame: Frame, planned: list[Analysis]) -> Iterator[tuple[str, str]]:
    """How much data sources differ: of the main ways of combining, and their prediction intervals."""
    wording, rows = frame.texts.of("plan-methods"), frame.texts.of("heterogeneity")
    poolings = [pooling for each in planned if (pooling := pooling_of(each)) is not None]
    random = any(each.main.model == "random_effects" for each in poolings)
    if any(each.main.model in ("random_effects", "common_effect") for each in poolings):
        yield rows.row("q"), "cochran_q"
        yield rows.row("q_p"), "cochran_q_p"
        yield rows.row("i_squared"), f"i_squared_from_{'tau' if random else 'q'}"
        yield rows.row("h_squared"), f"h_squared_from_{'tau' if random else 'q'}"
        yield rows.row("tau_squared_interval"), "tau_squared_q_profile"
    for each in poolings:
        if each.prediction and each.main.model == "random_effects" and each.main.interval in PREDICTED:
            words = frame.texts.word("interval", each.main.interval)
            yield wording.say("words.prediction", interval=words), PREDICTED[each.main.interval]


def _groups(frame: Frame, planned: list[Analysis]) -> Iterator[tuple[str, str]]:
    """What tells how alike the compared groups are, and how much a combined ratio can be trusted."""
    wording, study = frame.texts.of("plan-methods"), frame.study
    if study.evidence != "published" and any(each.contrast is not None for each in planned):
        if any(each.type in ("continuous", "count", "binary") for each in study.covariates):
            yield wording.say("words.difference"), "standardised_difference"
        if any(each.type == "categorical" for each in study.covariates):
            yield wording.say("words.category_difference"), "standardised_category_difference"
        if any(takes_curves(study, each) for each in planned):
            yield wording.say("words.curve"), "life_table"
    if any(each.role == "main" and each.measure in KINDS and pooling_of(each) for each in planned):
        yield wording.say("words.e_value"), "e_value"
