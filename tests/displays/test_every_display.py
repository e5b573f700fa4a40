"""Every display, in a shell and filled, with plain, hostile, many and no contents, keeps the rules of tables and figures."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest
from display_samples import FIGURES, HOSTILE, cell_text, frame_of, network, registry, results_of, slots
from hostile_studies import emptied, forty, with_texts

from studygen.displays.catalogue import DISPLAYS, fill
from studygen.displays.dossier.catalogue import DISPLAYS as OF_DOSSIERS
from studygen.displays.frame import Frame
from studygen.displays.texts import DisplayTexts
from studygen.document.nodes import Figure, Ref, Row, Slot, Table, Value, plain_text, walk
from studygen.results.findings import ResultSet
from studygen.study.study import Study

BLANK = ("baseline", "baseline-registry", "effects", "occurrence", "sensitivity-overview")
"""Tables with cells that can hold no value: the estimate of a sum, the difference of one level."""

UNNUMBERED = ("pass-information", "holder", "encepp-front", "encepp-section", "encepp-closing")


@pytest.fixture(scope="module")
def frames(small_study: Study, texts: DisplayTexts) -> dict[str, Frame]:
    many = forty(small_study)
    names = [each.registry for each in many.participation]
    wide = network(*(registry(name, name.upper()) for name in names))
    long = network(*(registry(name, HOSTILE) for name in names))
    few = network(registry("dk_dmsr", "DMSR"), registry("se_smsreg", "SMSreg"))
    delivering = ResultSet(results_of(["dk_dmsr"]))
    everywhere = ResultSet(results_of([each.registry for each in many.contributors]))
    hostile = with_texts(small_study, HOSTILE)
    return {
        "plain shell": frame_of(small_study, few, texts, None),
        "plain filled": frame_of(small_study, few, texts, delivering),
        "hostile shell": frame_of(hostile, long, texts, None),
        "hostile filled": frame_of(hostile, long, texts, delivering),
        "forty shell": frame_of(many, wide, texts, None),
        "forty filled": frame_of(many, wide, texts, everywhere),
        "empty shell": frame_of(emptied(small_study), few, texts, None),
        "no results": frame_of(small_study, few, texts, ResultSet(())),
    }


CASES = (
    "plain shell",
    "plain filled",
    "hostile shell",
    "hostile filled",
    "forty shell",
    "forty filled",
    "empty shell",
    "no results",
)


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("display", [name for name in DISPLAYS if name not in FIGURES])
def test_every_table_keeps_the_rules(display: str, case: str, frames: dict[str, Frame]) -> None:
    frame = frames[case]
    for slot in slots(frame.study, display):
        made = fill(frame, slot)
        assert isinstance(made, Table)
        assert made.id == slot.id
        assert made.number == 0
        if display in UNNUMBERED:
            assert made.caption == ()
        else:
            assert plain_text(made.caption).strip()
        assert made.body
        check_grid((*made.header, *made.body), len(made.widths))
        for row in made.body:
            assert row.cells[0].header, f"{slot.id}: a body row without a header cell"
            assert row.kind != "group" or row.cells[0].colspan == len(made.widths)
        for cell in (cell for row in (*made.header, *made.body) for cell in row.cells):
            refers = any(isinstance(node, Ref) for node in walk(cell.blocks))  # its words come with the numbers of the document
            blank = display in BLANK and not cell.header
            assert refers or blank or cell_text(cell).strip(), f"{slot.id}: an empty cell without a mark"
        for note in made.notes:
            assert plain_text(note).strip()
        for value in (node for node in walk(made) if isinstance(node, Value)):
            assert value.id in frame.planned or (frame.results is not None and value.id in frame.results)


def check_grid(rows: tuple[Row, ...], columns: int) -> None:
    """Spans fill the grid exactly."""
    hanging = [0] * columns
    for row in rows:
        free = [column for column, left in enumerate(hanging) if left == 0]
        assert sum(cell.colspan for cell in row.cells) == len(free)
        hanging = [max(0, left - 1) for left in hanging]
        position = 0
        for cell in row.cells:
            for column in free[position : position + cell.colspan]:
                hanging[column] = cell.rowspan - 1
            position += cell.colspan


@pytest.mark.filterwarnings("ignore:Glyph")  # no font here has the ideographs of the hostile text
@pytest.mark.parametrize("case", ["plain shell", "plain filled", "hostile filled", "forty filled", "no results"])
@pytest.mark.parametrize("display", FIGURES)
def test_every_figure_is_drawn_with_caption_and_text_alternative(display: str, case: str, frames: dict[str, Frame]) -> None:
    frame = frames[case]
    for slot in list(slots(frame.study, display))[:2]:
        made = fill(frame, slot)
        assert isinstance(made, Figure)
        assert plain_text(made.caption).strip()
        assert made.alt.endswith(".")
        assert made.number == 0
        assert ElementTree.fromstring(made.svg).tag.endswith("svg")
        width, height = png_size(made.png)
        assert width >= 300 * made.width_cm / 2.54 - 1, "below 300 dots per inch in print"
        assert made.width_cm <= 16
        assert made.width_cm * height / width <= 24.0 - 3.9, "taller than a page with caption and notes"


def png_size(png: bytes) -> tuple[int, int]:
    return int.from_bytes(png[16:20], "big"), int.from_bytes(png[20:24], "big")


def test_the_same_figure_has_the_same_bytes(frames: dict[str, Frame]) -> None:
    forest = Slot("figure", "fig-forest", "forest", (("analysis", "infection_ratio"),))
    for slot in (forest, Slot("figure", "fig-t", "timeline", (("columns", "actual"),))):
        first, second = fill(frames["plain filled"], slot), fill(frames["plain filled"], slot)
        assert isinstance(first, Figure)
        assert isinstance(second, Figure)
        assert first.svg == second.svg
        assert first.png == second.png


def test_a_shell_and_the_filled_table_differ_only_in_their_numbers(frames: dict[str, Frame]) -> None:
    slot = Slot("table", "tbl-effects", "effects", (("analysis", "infection_ratio"),))
    shell, filled = fill(frames["plain shell"], slot), fill(frames["plain filled"], slot)
    assert isinstance(shell, Table)
    assert isinstance(filled, Table)
    assert shell.header == filled.header
    assert shell.widths == filled.widths
    assert [cell_text(row.cells[0]) for row in shell.body if row.kind == "total"] == [
        cell_text(row.cells[0]) for row in filled.body if row.kind == "total"
    ]


def test_every_display_has_its_wording(texts: DisplayTexts) -> None:
    assert set(texts.displays["displays"]) >= set(DISPLAYS)


def test_no_wording_is_left_without_a_display(texts: DisplayTexts) -> None:
    shared = {"facts", "readiness", "symbols"}  # of several displays
    assert set(texts.displays["displays"]) <= {*DISPLAYS, *OF_DOSSIERS, *shared}
