"""Labels that authorities and reviewers look for, exact: those of the PASS protocol and report formats and of HARPER."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from display_samples import cell_text

from studygen.displays.catalogue import fill
from studygen.displays.frame import Frame
from studygen.document.nodes import Slot, Table, plain_text

PASS_ROWS = [
    "Title",
    "Protocol version identifier",
    "Date of last version of protocol",
    "EU PAS register number",
    "Active substance",
    "Medicinal product",
    "Product reference",
    "Procedure number",
    "Marketing authorisation holder(s)",
    "Joint PASS",
    "Research question and objectives",
    "Country(-ies) of study",
    "Author",
]
MEASURED = ["Code type", "Diagnosis position", "Applied to study populations", "Measurement characteristics/validation"]
CRITERIA = [
    "Criterion",
    "Details",
    "Order of application",
    "Assessment window",
    "Care settings",
    *MEASURED,
    "Source for algorithm",
]

COLUMNS = {
    "milestones:planned": ["Milestone", "Planned date"],
    "milestones:actual": ["Milestone", "Planned date", "Actual date", "Comments"],
    "amendments": ["Number", "Date", "Section of study protocol", "Amendment or update", "Reason"],
    "time-zero": [
        "Study population name(s)",
        "Time Anchor Description (e.g. time 0)",
        "Number of entries",
        "Type of entry",
        "Washout window",
        "Care setting",
        "Code type",
        "Diagnosis position",
        "Incident with respect to...",
        "Measurement characteristics/validation",
        "Source of algorithm",
    ],
    "inclusion": CRITERIA,
    "exclusion": CRITERIA,
    "exposures": [
        "Exposure group name(s)",
        "Details",
        "Washout window",
        "Assessment window",
        "Care setting",
        *MEASURED[:3],
        "Incident with respect to...",
        MEASURED[3],
        "Source of algorithm",
    ],
    "outcomes": [
        "Outcome name",
        "Details",
        "Primary outcome?",
        "Type of outcome",
        "Washout window",
        "Care settings",
        *MEASURED,
        "Source of algorithm",
    ],
    "covariates": [
        "Characteristic",
        "Details",
        "Type of variable",
        "Assessment window",
        "Care settings",
        *MEASURED,
        "Source for algorithm",
    ],
}

ROWS = {
    "objective:infection": [
        "Objective:",
        "Hypothesis:",
        "Population (mention key inclusion-exclusion criteria):",
        "Exposure:",
        "Comparator:",
        "Outcome:",
        "Time (when follow up begins and ends):",
        "Setting:",
        "Main measure of effect:",
    ],
    "analysis:infection_ratio": [
        "Hypothesis:",
        "Exposure contrast:",
        "Outcome:",
        "Analytic software:",
        "Model(s) (provide details or code):",
        "Confounding adjustment method:",
        "Missing data methods:",
        "Subgroup Analyses:",
    ],
    "data-sources": [
        "Data Source(s):",
        "Study Period:",
        "Eligible Cohort Entry Period:",
        "Data Version (or date of last update):",
        "Data sampling/extraction criteria:",
        "Type(s) of data:",
        "Data linkage:",
        "Conversion to CDM*:",
        "Software for data management:",
    ],
    "holder": ["MAH name and address", "MAH contact person"],
    "pass-information:protocol": PASS_ROWS,
    "pass-information:report": [
        PASS_ROWS[0],
        "Version identifier of the final study report",
        "Date of last version of the final study report",
        *PASS_ROWS[3:],
    ],
}

UPRIGHT = ("time-zero", "inclusion", "exclusion", "exposures", "outcomes", "covariates")
"""Tables whose columns are rows while they hold one or two definitions."""

OPTIONS = {
    "milestones": "columns",
    "objective": "objective",
    "analysis": "analysis",
    "pass-information": "document",
}


def made(frame: Frame, name: str) -> Table:
    display, _, value = name.partition(":")
    options = ((OPTIONS[display], value),) if value else ()
    table = fill(frame, Slot("table", f"tbl-{display}", display, options))
    assert isinstance(table, Table)
    return table


@pytest.mark.parametrize("name", COLUMNS)
def test_columns_carry_the_official_headers(name: str, make_frame: Callable[..., Frame]) -> None:
    table = made(make_frame(), name)
    upright = name in UPRIGHT
    found = [table.header[0].cells[0], *(row.cells[0] for row in table.body)] if upright else table.header[0].cells
    assert [cell_text(cell) for cell in found] == COLUMNS[name]


@pytest.mark.parametrize("name", ROWS)
def test_rows_carry_the_official_labels(name: str, make_frame: Callable[..., Frame]) -> None:
    assert [cell_text(row.cells[0]) for row in made(make_frame(), name).body] == ROWS[name]


def test_follow_up_lists_the_eight_reasons(make_frame: Callable[..., Frame]) -> None:
    labels = [cell_text(row.cells[0]) for row in made(make_frame(), "follow-up").body]
    assert labels == [
        "Follow up start",
        "Follow up end",
        "Date of outcome",
        "Date of death",
        "End of observation in data",
        "Day X following index date",
        "End of study period",
        "End of exposure",
        "Date of add to/switch from exposure",
        "Other date",
    ]


def test_sensitivity_analyses_have_the_four_questions_of_harper(make_frame: Callable[..., Frame]) -> None:
    headers = [cell_text(cell) for cell in made(make_frame(), "sensitivity").header[0].cells]
    assert headers[1:] == [
        "What is being varied? How?",
        "Why? (What do you expect to learn?)",
        "Strengths of the sensitivity analysis compared to the primary",
        "Limitations of the sensitivity analysis compared to the primary",
    ]


def test_an_unregistered_study_says_so(make_frame: Callable[..., Frame]) -> None:
    frame = make_frame()
    registration = frame.study.registration.model_copy(update={"number": None})
    table = made(make_frame(registration=registration), "pass-information:protocol")
    assert cell_text(table.body[3].cells[1]) == "Study not registered"


def test_an_incomplete_list_of_countries_says_so(make_frame: Callable[..., Frame]) -> None:
    table = made(make_frame(countries_note="Further countries are asked."), "pass-information:protocol")
    assert cell_text(table.body[11].cells[1]) == "Denmark and Sweden Further countries are asked."


@pytest.mark.parametrize("name", UPRIGHT)
def test_the_key_explains_the_care_settings_that_occur_and_no_others(name: str, make_frame: Callable[..., Frame]) -> None:
    keys = [plain_text(note) for note in made(make_frame(), name).notes if plain_text(note).startswith("Care setting:")]
    assert keys == (["Care setting: IP = inpatient."] if name == "outcomes" else [])
    population = make_frame().study.population
    both = population.inclusion[0].model_copy(update={"care_setting": ("IP", "OT")})
    frame = make_frame(population=population.model_copy(update={"inclusion": (both,)}))
    table = made(frame, "inclusion")
    assert "Care setting: IP = inpatient, OT = other." in [plain_text(note) for note in table.notes]


def criteria(frame: Frame, **changes: tuple[object, ...]) -> Frame:
    """The frame with three inclusion criteria; `changes` gives fields their three values."""
    (first,) = frame.study.population.inclusion
    three = [first.model_copy(update={"order": n, **{key: each[n] for key, each in changes.items()}}) for n in range(3)]
    population = frame.study.population.model_copy(update={"inclusion": tuple(three)})
    return replace(frame, study=frame.study.model_copy(update={"population": population}))


def test_many_definitions_are_rows_of_a_turned_page(make_frame: Callable[..., Frame]) -> None:
    changes = {
        "applied": ("before", "after", "after"),
        "care_setting": (("IP",), ("OP",), ("n/a",)),
        "code_lists": (("drugs",), (), ()),
        "diagnosis_position": ("any", "n/a", "n/a"),
        "outcomes": (("serious_infection",), (), ()),
        "validation": ("Known", "n/a", "n/a"),
        "algorithm_source": ("Ours", "n/a", "n/a"),
    }
    table = made(criteria(make_frame(), **changes), "inclusion")
    assert table.landscape
    assert [cell_text(cell) for cell in table.header[0].cells] == CRITERIA
    assert not made(make_frame(), "inclusion").landscape


def test_what_every_definition_says_stands_once_below_the_table(make_frame: Callable[..., Frame]) -> None:
    table = made(criteria(make_frame()), "inclusion")
    notes = " ".join(plain_text(note) for note in table.notes)
    assert not table.landscape
    assert all(label in notes for label in ("Care settings", "Diagnosis position", "Source for algorithm"))
    assert "n/a in every row." in notes
    assert "n/a: not applicable." in notes
