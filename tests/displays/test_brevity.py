"""Tables do not say the same thing twice: what holds for all stands once, what is alike stands together."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from display_samples import ORIGIN, cell_text, estimate, fact, frame_of, network, registry

from studygen.displays.catalogue import fill
from studygen.displays.frame import Frame
from studygen.displays.likeness import alike, planned_alike
from studygen.displays.texts import DisplayTexts
from studygen.document.nodes import Slot, Table, plain_text
from studygen.results.findings import Note, Origin
from studygen.study.study import Study


def made(frame: Frame, display: str, **options: str) -> Table:
    table = fill(frame, Slot("table", f"tbl-{display}", display, tuple(options.items())))
    assert isinstance(table, Table)
    return table


def rows(table: Table) -> list[list[str]]:
    return [[cell_text(cell) for cell in row.cells] for row in table.body]


def notes(table: Table) -> list[str]:
    return [plain_text(note) for note in table.notes]


def with_second(study: Study, part: str, index: int, **changes: Any) -> Study:
    """The study with a copy of one of its parts, changed."""
    items = getattr(study, part)
    return study.model_copy(update={part: (*items, items[index].model_copy(update=changes))})


def test_the_study_population_is_named_once_below_the_table(make_frame: Callable[..., Frame]) -> None:
    frame = make_frame()
    table = made(frame, "inclusion")
    assert ["Applied to study populations", "All"] in rows(table)
    assert f"“{frame.study.population.time_zero.population}”" in notes(table)[0]


def test_a_further_objective_refers_to_the_first_for_what_is_the_same(
    small_study: Study, make_frame: Callable[..., Frame], texts: DisplayTexts
) -> None:
    study = with_second(small_study, "objectives", 0, id="other", rank="secondary")
    frame = frame_of(study, make_frame().network, texts, None)
    contents = {row[0]: row[1] for row in rows(made(frame, "objective", objective="other"))}
    assert contents["Setting:"] == "See primary objective."
    assert contents["Time (when follow up begins and ends):"] == "See primary objective."
    assert contents["Outcome:"] != "See primary objective."


def test_analyses_that_differ_only_in_their_outcome_are_specified_together(small_study: Study) -> None:
    study = with_second(small_study, "analyses", 1, id="second", label="Another outcome")
    plan = study.analyses[1]
    assert [each.id for each in alike(study, plan)][-1] == "second"
    assert sum(
        len(group) for group in planned_alike(study, ["main", "secondary", "sensitivity", "subgroup", "descriptive"])
    ) == len(study.analyses)


def test_analyses_with_another_model_are_not_specified_together(small_study: Study) -> None:
    study = with_second(small_study, "analyses", 1, id="second", model="Another model")
    assert "second" not in [each.id for each in alike(study, study.analyses[1])]


def test_the_plan_for_combining_stands_once_for_analyses_that_share_it(
    small_study: Study, make_frame: Callable[..., Frame], texts: DisplayTexts
) -> None:
    study = with_second(small_study, "analyses", 0, id="second", label="Another outcome")
    once, twice = (frame_of(each, make_frame().network, texts, None) for each in (small_study, study))
    assert len(made(once, "pooling-plan").body) == len(made(twice, "pooling-plan").body)
    assert any("; Another outcome" in note for note in notes(made(twice, "pooling-plan")))


def test_facts_that_say_the_same_share_a_row_and_the_main_source_is_named_once(small_study: Study, texts: DisplayTexts) -> None:
    known = registry("dk_dmsr", "DMSR", size=fact("5000 persons"), coverage=fact("The whole country"))
    frame = frame_of(small_study, network(known, registry("se_smsreg", "SMSreg")), texts, None)
    found = rows(made(frame, "registry-profiles"))
    start = next(n for n, row in enumerate(found) if row[0].startswith("DMSR"))
    assert found[start + 1] == ["Main source", "A source"]
    labels = [row[0] for row in found[start + 2 : start + 5]]
    assert labels[0].startswith("Start, platform, legal basis")
    assert labels[1:] == ["Size", "Coverage"]
    assert all("A source" not in row[2] for row in found[start + 2 : start + 5])


def test_a_note_on_every_row_does_not_name_them_all(make_frame: Callable[..., Frame]) -> None:
    noted = Origin("dl_wald", notes=(Note("few_sources", (("k", "3"),)),))
    results = (
        estimate("infection_ratio.pooled", 0.8, 0.6, 1.0, origin=ORIGIN),
        *(estimate(f"infection_ratio.{name}.estimate", 0.7, 0.6, 0.8) for name in ("dk_dmsr", "se_smsreg")),
        *(estimate(f"infection_ratio.without_{name}", 0.7, 0.6, 0.8, origin=noted) for name in ("dk_dmsr", "se_smsreg")),
    )
    taking = make_frame().study.participation
    both = tuple(each.model_copy(update={"decision": "accepted"}) for each in taking)
    (note,) = notes(made(make_frame(results, participation=both), "leave-one-out", analysis="infection_ratio"))
    assert note.startswith("With k = 3 data sources")


def test_registries_of_the_same_standing_share_a_row(make_frame: Callable[..., Frame]) -> None:
    taking = make_frame().study.participation
    same = taking[1].model_copy(update={key: getattr(taking[0], key) for key in ("ethics", "data_protection", "adverse_events")})
    assert [row[0] for row in rows(made(make_frame(participation=(taking[0], same)), "human-subjects"))] == ["DMSR and SMSreg"]


def test_the_mark_of_something_missing_is_explained_where_it_stands(make_frame: Callable[..., Frame]) -> None:
    assert any(note.startswith("–:") for note in notes(made(make_frame(), "participation")))
    dated = tuple(
        each.model_copy(
            update={"decided_on": each.decided_on or make_frame().study.documents.protocol.date, "reason": "A reason"}
        )
        for each in make_frame().study.participation
    )
    assert not any(note.startswith("–:") for note in notes(made(make_frame(participation=dated), "participation")))
