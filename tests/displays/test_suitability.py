"""The suitability of registries: what is counted adds up, and what is not confirmed is no judgement in favour."""

from __future__ import annotations

from collections.abc import Callable

from display_samples import cell_text

from studygen.displays.catalogue import fill
from studygen.displays.frame import Frame
from studygen.document.nodes import Slot, Table, plain_text
from studygen.study.governance import Availability


def filled(frame: Frame, display: str) -> Table:
    made = fill(frame, Slot("table", f"tbl-{display}", display))
    assert isinstance(made, Table)
    return made


def lines(table: Table) -> list[list[str]]:
    return [[cell_text(cell) for cell in row.cells] for row in table.body]


def test_the_counts_of_a_registry_add_up_to_all_items(make_frame: Callable[..., Frame]) -> None:
    frame = make_frame()
    assert frame.checklists is not None
    items = sum(len(part.items) for part in frame.checklists.registries.groups)
    *groups, every = lines(filled(frame, "suitability-overview"))
    for column in (1, 2):
        counted = [tuple(int(part) for part in line[column].split(" / ")) for line in groups]
        total = tuple(int(part) for part in every[column].split(" / "))
        assert total == tuple(map(sum, zip(*counted, strict=True)))
        assert sum(total) == items


def test_a_registry_that_has_confirmed_nothing_is_not_judged(make_frame: Callable[..., Frame]) -> None:
    made = filled(make_frame(), "suitability-judgement")
    assert [cell_text(cell) for cell in made.header[0].cells] == [
        "Objective",
        "Not to be judged before the outcomes are confirmed",
    ]
    assert lines(made)[0] == ["Primary objective: first serious infection", "DMSR and SMSreg"]
    assert any("no registry can serve an objective without a further answer" in plain_text(note) for note in made.notes)


def test_a_registry_that_holds_the_outcome_is_told_from_one_that_does_not(make_frame: Callable[..., Frame]) -> None:
    frame = make_frame()
    denmark, sweden = frame.study.participation
    wanted = ["serious_infection", *(each.id for each in frame.study.covariates)]
    held = tuple(Availability(variable=each, state="available") for each in wanted)
    lacking = (Availability(variable="serious_infection", state="not_collected"),)
    asked = (denmark.model_copy(update={"variables": held}), sweden.model_copy(update={"variables": lacking}))
    made = filled(make_frame(participation=asked), "suitability-judgement")
    assert [cell_text(cell) for cell in made.header[0].cells] == ["Objective", "Can serve it", "Cannot serve it"]
    assert lines(made)[0][1:] == ["DMSR", "SMSreg"]
    assert not any("further answer" in plain_text(note) for note in made.notes)
