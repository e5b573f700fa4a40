"""The ENCePP form ticks one box in each line, and places are named as in the document that answers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from display_samples import cell_text

from studygen.displays.catalogue import fill
from studygen.displays.frame import Frame
from studygen.document.nodes import Ref, Slot, Table, plain_text, walk


def filled(frame: Frame, display: str, **options: str) -> Table:
    made = fill(frame, Slot("table", f"tbl-{display}", display, tuple(options.items())))
    assert isinstance(made, Table)
    return made


def test_the_form_has_its_columns_and_one_tick_in_each_line(make_frame: Callable[..., Frame]) -> None:
    for section in range(1, 16):
        table = filled(make_frame(), "encepp-section", section=str(section))
        columns = [cell_text(cell) for cell in table.header[0].cells]
        assert columns[0].startswith(f"Section {section}: ")
        assert columns[1:] == ["Yes", "No", "N/A", "Section Number"]
        lines = [[cell_text(cell) for cell in row.cells] for row in table.body]
        assert all(line[1:4].count("■") == 1 and line[1:4].count("□") == 2 for line in lines if len(line) == 5)
        assert lines[-1][0].startswith("Comments:")


def test_the_two_definitions_stand_under_the_first_section(make_frame: Callable[..., Frame]) -> None:
    table = filled(make_frame(), "encepp-section", section="1")
    assert len(table.notes) == 2
    assert "first recorded in the study dataset" in plain_text(table.notes[0])
    assert "analytical dataset is completely available" in plain_text(table.notes[1])
    assert filled(make_frame(), "encepp-section", section="2").notes == ()


def test_in_the_document_itself_places_are_references(make_frame: Callable[..., Frame]) -> None:
    found = [node.target for node in walk(filled(make_frame(), "encepp-section", section="7").body) if isinstance(node, Ref)]
    assert "sec-confounding" in found


def test_in_another_document_places_are_named_and_runs_of_numbers_shortened(make_frame: Callable[..., Frame]) -> None:
    lists = {f"tbl-code-list-{name}": f"Table {number}" for number, name in enumerate("abc", start=39)}
    about = {"annex-3": "Annex 3", **lists, "tbl-code-list-d": "Table 43"}
    table = filled(replace(make_frame(), about=about), "checklist", checklist="harper")
    rows = {cell_text(row.cells[0]): [cell_text(cell) for cell in row.cells[1:]] for row in table.body}
    assert rows["12"][1:] == ["Yes", "Annex 3, Table 39 to Table 41, Table 43"]


def test_the_form_is_dated_once_it_is_signed(make_frame: Callable[..., Frame]) -> None:
    import datetime

    frame = make_frame()
    open_form = filled(frame, "encepp-closing")
    versions = frame.study.documents
    protocol = versions.protocol.model_copy(update={"checklist_signed": datetime.date(2026, 10, 5)})
    signed = filled(make_frame(documents=versions.model_copy(update={"protocol": protocol})), "encepp-closing")
    assert [cell_text(row.cells[1]) for row in open_form.body][1:] == [
        "to be dated when it is signed",
        "to be signed by the main author",
    ]
    assert [cell_text(row.cells[1]) for row in signed.body][1] == "5 October 2026"
