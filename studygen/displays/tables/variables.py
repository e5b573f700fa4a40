"""Tables of what is measured: exposures (HARPER Table 6), outcomes (7), covariates (9), and the code lists behind them."""

from __future__ import annotations

from studygen.definition import NotApplicable
from studygen.displays.cells import Content, row, table, word, yes_no
from studygen.displays.formats import days_text, listing, sentence_case
from studygen.displays.frame import Frame
from studygen.displays.tables.lists import Column, list_table
from studygen.displays.tables.measured import (
    care_setting,
    code_lists,
    code_type,
    definitions,
    everybody,
    key_notes,
    outcome_names,
    particulars,
    population_note,
    position,
    window,
)
from studygen.document.nodes import Slot, Table
from studygen.study.identity import Substance
from studygen.study.variables import Covariate, Exposure, Outcome


def exposures(frame: Frame, slot: Slot) -> Table:
    """The exposure groups in the eleven columns of HARPER Table 6."""
    wording = frame.texts.of("exposures")
    columns = wording.columns(
        "group",
        "details",
        "washout",
        "window",
        "care_setting",
        "code_type",
        "position",
        "population",
        "incident",
        "validation",
        "algorithm",
    )
    found: list[list[Content]] = [
        [
            [
                sentence_case(each.label),
                frame.texts.say("patterns.in_brackets", text=frame.texts.word("exposure_role", each.role)),
            ],
            _exposure_details(frame, each),
            window(frame, each.washout),
            window(frame, each.window),
            care_setting(frame, each),
            code_type(frame, each),
            position(each),
            everybody(frame),
            each.incident_with_respect_to,
            each.validation,
            each.algorithm_source,
        ]
        for each in frame.study.exposures
    ]
    widths = (1.4, 3.2, 1.1, 1.1, 0.7, 1.0, 0.9, 0.95, 1.2, 1.3, 1.0)
    notes = (population_note(frame), *key_notes(frame, frame.study.exposures))
    return definitions(frame, slot, columns, found, widths, notes)


def _exposure_details(frame: Frame, exposure: Exposure) -> Content:
    wording = frame.texts.of("exposures")
    found = [frame.study.substance(id) for id in exposure.substances]
    # The codes stand in the code list where there is one.
    substances = [each.name if exposure.code_lists else _substance(frame, each) for each in found]
    parts = [code_lists(frame, exposure)]
    if substances:
        parts.append(wording.say("words.substances", substances=listing(substances, frame.texts)))
    if exposure.rule != "not_drug":
        rule = frame.texts.word("exposure_rule", exposure.rule)
        outcomes = outcome_names(frame, exposure.effect_outcomes)
        parts.append(wording.say("words.rule_by_outcome" if outcomes else "words.rule", rule=rule, outcomes=outcomes))
    if exposure.grace_days is not None:
        parts.append(wording.say("words.grace", days=str(exposure.grace_days)))
    if exposure.effect_days is not None:
        parts.append(wording.say("words.effect", days=str(exposure.effect_days)))
    return [exposure.details, particulars(frame, parts)]


def _substance(frame: Frame, substance: Substance) -> str:
    wording = frame.texts.of("exposures")
    if substance.atc_earlier:
        earlier = listing(substance.atc_earlier, frame.texts)
        return wording.say("words.substance_earlier", name=substance.name, atc=substance.atc, earlier=earlier)
    return wording.say("words.substance", name=substance.name, atc=substance.atc)


def outcomes(frame: Frame, slot: Slot) -> Table:
    """The outcomes in the eleven columns of HARPER Table 7."""
    wording = frame.texts.of("outcomes")
    columns = wording.columns(
        "name",
        "details",
        "primary",
        "type",
        "washout",
        "care_setting",
        "code_type",
        "position",
        "population",
        "validation",
        "algorithm",
    )
    found: list[list[Content]] = [
        [
            sentence_case(each.label),
            _outcome_details(frame, each),
            yes_no(frame, each.rank == "primary"),
            word(frame, "outcome_type", each.type),
            window(frame, each.washout),
            care_setting(frame, each),
            code_type(frame, each),
            position(each),
            everybody(frame),
            each.validation,
            each.algorithm_source,
        ]
        for each in frame.study.outcomes
    ]
    widths = (1.9, 3.3, 0.85, 0.9, 1.0, 0.7, 1.05, 0.9, 0.95, 1.4, 1.0)
    notes = (population_note(frame), *key_notes(frame, frame.study.outcomes))
    return definitions(frame, slot, columns, found, widths, notes)


def _outcome_details(frame: Frame, outcome: Outcome) -> Content:
    wording = frame.texts.of("outcomes")
    counted = frame.study.window(outcome.window)
    parts = [code_lists(frame, outcome), wording.say("words.ascertainment", ascertainment=outcome.ascertainment.rstrip("."))]
    parts.append(wording.say("words.window", window=counted.label, interval=days_text(counted, frame.texts)))
    if outcome.lag_days:
        parts.append(wording.say("words.lag", days=str(outcome.lag_days)))
    return [outcome.details, particulars(frame, parts)]


def covariates(frame: Frame, slot: Slot) -> Table:
    """The covariates in the ten columns of HARPER Table 9."""
    wording = frame.texts.of("covariates")
    columns = wording.columns(
        "characteristic",
        "details",
        "type",
        "window",
        "care_setting",
        "code_type",
        "position",
        "population",
        "validation",
        "algorithm",
    )
    found: list[list[Content]] = [
        [
            sentence_case(each.label),
            _covariate_details(frame, each),
            word(frame, "covariate_type", each.type),
            window(frame, each.window),
            care_setting(frame, each),
            code_type(frame, each),
            position(each),
            everybody(frame),
            each.validation,
            each.algorithm_source,
        ]
        for each in frame.study.covariates
    ]
    widths = (1.6, 3.2, 1.05, 1.3, 0.7, 1.1, 0.9, 0.95, 1.3, 0.9)
    notes = (population_note(frame), *key_notes(frame, frame.study.covariates))
    return definitions(frame, slot, columns, found, widths, notes)


def _covariate_details(frame: Frame, covariate: Covariate) -> Content:
    wording = frame.texts.of("covariates")
    parts = [code_lists(frame, covariate)]
    if covariate.levels:
        parts.append(wording.say("words.levels", levels=listing(covariate.levels, frame.texts)))
    if covariate.unit:
        parts.append(wording.say("words.unit", unit=covariate.unit))
    parts.append(wording.say("words.role", role=frame.texts.word("covariate_role", covariate.role)))
    return [covariate.details, particulars(frame, parts)]


def code_list(frame: Frame, slot: Slot) -> Table:
    """One code list: codes with terms, earlier codes and remarks, or why the codes are not printed."""
    wording = frame.texts.of("code-list")
    listed = frame.study.code_list(frame.option(slot, "list"))
    caption = wording.caption(title=listed.title)
    vocabulary = wording.note("vocabulary", vocabulary=listed.vocabulary, version=_inside(listed.version))
    notes = (vocabulary, wording.note("source", source=listed.source.rstrip(".")))
    if isinstance(listed.codes, NotApplicable):
        body = [row(frame, wording.row("all"), listed.codes.not_applicable)]
        return table(frame, slot, caption, wording.columns("vocabulary", "codes"), body, (1.0, 3.4), notes=notes)
    columns = (
        Column(wording.say("columns.code"), [each.code for each in listed.codes], 1.0),
        Column(wording.say("columns.term"), [each.term for each in listed.codes], 2.4),
        Column(wording.say("columns.earlier"), [listing(each.earlier, frame.texts) for each in listed.codes], 1.0, optional=True),
        Column(wording.say("columns.note"), [each.note for each in listed.codes], 2.0, optional=True),
    )
    return list_table(frame, slot, caption, columns, notes=notes, missing="none_key")


def _inside(text: str) -> str:
    """A text inside a sentence: "WHO" keeps its capitals."""
    return text[:1].lower() + text[1:] if text[1:2].islower() or text[1:2] == " " else text
