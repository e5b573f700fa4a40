"""What holds for some outcomes only stands with them; what holds for all sources is said once, in the study’s word for them."""

from __future__ import annotations

from collections.abc import Callable

from display_samples import cell_text, count, results_of

from studygen.aggregates.expected import descriptive_variables, selection_chains
from studygen.displays.catalogue import fill
from studygen.displays.frame import Frame
from studygen.displays.texts import DisplayTexts
from studygen.document.nodes import Slot, Table, plain_text
from studygen.study.study import Study

MakeFrame = Callable[..., Frame]


def made(frame: Frame, display: str, **options: str) -> Table:
    table = fill(frame, Slot("table", f"tbl-{display}", display, tuple(options.items())))
    assert isinstance(table, Table)
    return table


def rows(table: Table) -> list[list[str]]:
    return [[cell_text(cell) for cell in row.cells] for row in table.body]


def narrowed(study: Study) -> Study:
    """The study whose exclusion applies in the analyses of serious infection only."""
    (earlier,) = study.population.exclusion
    exclusion = (earlier.model_copy(update={"outcomes": ("serious_infection",)}),)
    return study.model_copy(update={"population": study.population.model_copy(update={"exclusion": exclusion})})


def test_a_criterion_of_some_outcomes_stands_below_the_study_population(make_frame: MakeFrame, small_study: Study) -> None:
    results = (*results_of(["dk_dmsr"]), count("attrition.dk_dmsr.earlier_use.n", 3900))
    table = made(make_frame(results, population=narrowed(small_study).population), "attrition")
    assert [row[0].strip() for row in rows(table)] == [
        "Source population",
        "Included: Age 18 or older",
        "Study population",
        "Drug A",
        "Drug B",
        "For first serious infection, left after exclusion: Earlier use of either drug",
    ]
    assert rows(table)[-1][1] == "3900"
    assert any("analyses of the other outcomes" in plain_text(note) for note in table.notes)


def test_an_analysis_set_is_no_step_to_the_study_population(small_study: Study) -> None:
    study = narrowed(small_study)
    chain = ("source_population", "adult", "study_population")
    assert selection_chains(study) == (chain, ("study_population", "earlier_use"))
    assert descriptive_variables(study, "attrition") == (*chain, "earlier_use")
    assert selection_chains(small_study) == (("source_population", "adult", "earlier_use", "study_population"),)


def test_an_end_of_follow_up_of_some_outcomes_says_so(make_frame: MakeFrame, small_study: Study) -> None:
    first, *others = small_study.follow_up.ends
    ends = (first.model_copy(update={"outcomes": ("serious_infection",)}), *others)
    follow_up = small_study.follow_up.model_copy(update={"ends": ends})
    text = " ".join(cell for row in rows(made(make_frame(follow_up=follow_up), "follow-up")) for cell in row)
    assert "Only for: first serious infection" in text


def test_events_are_beside_persons_where_sources_send_estimates(make_frame: MakeFrame) -> None:
    bare = tuple(x for x in results_of(["dk_dmsr"]) if not x.id.endswith((".events", ".person_years")))
    header = made(make_frame(bare), "effects", analysis="infection_ratio").header
    assert [cell_text(cell) for cell in header[1].cells] == ["Persons", "Persons"]


def test_the_limit_without_events_is_told_of_rare_outcomes_only(make_frame: MakeFrame, small_study: Study) -> None:
    def told(rate: float) -> bool:
        size = small_study.study_size
        assert isinstance(size.scenarios, tuple)
        scenarios = tuple(each.model_copy(update={"rate_comparator_per_1000": rate}) for each in size.scenarios)
        frame = make_frame(study_size=size.model_copy(update={"scenarios": scenarios}))
        return any("without any event" in plain_text(note) for note in made(frame, "study-size").notes)

    assert not told(8.0)
    assert told(0.001)


def test_a_study_of_registries_calls_them_so_except_in_official_labels(texts: DisplayTexts) -> None:
    said = texts.of_registries()
    assert said.of("effects").say("columns.registry") == "Registry"
    assert said.of("data-sources").row("source") == "Data Source(s):"
    assert plain_text(said.of("data-sources").caption()) == "Metadata about data sources and software"
    assert "{sources}" in said.displays["displays"]["planned-done"]["words"]["missing_declined"]
