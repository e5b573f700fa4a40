"""A frozen plan is kept as it was, can be read by a person, and tells every later change from a mere rewording of reasons."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from studygen.definition import Prose
from studygen.errors import DefinitionError
from studygen.study.frozen import FrozenPlan, PlanHistory, as_yaml, file_name, frozen_plans, ordered, record_of
from studygen.study.loading import load_study
from studygen.study.objectives import Analysis, PoolingModel
from studygen.study.plan_changes import PartChange, plan_changes
from studygen.study.planned import plan_of
from studygen.study.study import Study
from studygen.yamlfile import read_yaml

ROOT = Path(__file__).resolve().parents[2]
REGISTRIES = ("dk_dmsr", "se_smsreg", "it_rism", "cz_remus")


@pytest.fixture(scope="module")
def study() -> Study:
    return load_study(ROOT / "tests" / "bad_deliveries" / "_given" / "small-pass", REGISTRIES)


def frozen_in(folder: Path, study: Study) -> FrozenPlan:
    """The study's plan written below a folder and read again."""
    record = record_of(study)
    (folder / "frozen").mkdir(exist_ok=True)
    (folder / "frozen" / file_name(record.sap.version)).write_text(as_yaml(record), encoding="utf-8")
    return next(each for each in frozen_plans(folder) if each.version == record.sap.version)


def with_analysis(study: Study, id: str, **changes: Any) -> Study:
    return with_part(study, "analyses", id, **changes)


def with_part(study: Study, part: str, id: str, **changes: Any) -> Study:
    parts = tuple(each.model_copy(update=changes) if each.id == id else each for each in getattr(study, part))
    return study.model_copy(update={part: parts})


def changed(before: Study, after: Study) -> dict[str, PartChange]:
    return {each.id: each for each in plan_changes(plan_of(before), plan_of(after))}


def with_version(study: Study, version: str) -> Study:
    sap = study.documents.sap.model_copy(update={"version": version})
    return study.model_copy(update={"documents": study.documents.model_copy(update={"sap": sap})})


def test_a_frozen_plan_is_read_as_it_was_written(study: Study, tmp_path: Path) -> None:
    frozen = frozen_in(tmp_path, study)
    assert frozen.plan == plan_of(study)
    assert frozen.intact
    assert (frozen.version, frozen.date.isoformat()) == ("1.0", "2025-06-30")
    assert frozen.record.protocol.reference == "SMALL-PRO"


@pytest.mark.parametrize("name", ["cladribine-s1p-pass", "covid19-mortality-ms", "natalizumab-fingolimod-paes"])
def test_the_plan_of_every_example_can_be_frozen_and_read_again(name: str, tmp_path: Path) -> None:
    from studygen.pipeline.loading import load_plan

    written = load_plan(ROOT / "protocols" / name)[2]
    frozen = frozen_in(tmp_path, written.study)
    assert frozen.intact
    assert plan_changes(frozen.plan, plan_of(written.study)) == ()


def test_the_same_plan_gives_the_same_file(study: Study) -> None:
    assert as_yaml(record_of(study)) == as_yaml(record_of(study))


def test_the_file_can_be_read_by_a_person(study: Study) -> None:
    text = as_yaml(record_of(study))
    assert "    - id: infection_ratio\n      label: Serious infection, rate ratio\n      role: main\n" in text
    assert not [line for line in text.splitlines() if line != line.rstrip()]


def test_an_edited_plan_is_no_longer_intact(study: Study, tmp_path: Path) -> None:
    frozen = frozen_in(tmp_path, study)
    path = tmp_path / "frozen" / "plan-1.0.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("Poisson regression", "Cox regression"), encoding="utf-8")
    assert not frozen_plans(tmp_path)[0].intact
    assert frozen.intact


def test_a_file_under_another_name_is_refused(study: Study, tmp_path: Path) -> None:
    frozen_in(tmp_path, study)
    (tmp_path / "frozen" / "plan-1.0.yaml").rename(tmp_path / "frozen" / "plan-2.0.yaml")
    with pytest.raises(DefinitionError, match=r"holds version 1\.0"):
        frozen_plans(tmp_path)


def test_all_faults_of_all_files_come_at_once(study: Study, tmp_path: Path) -> None:
    frozen_in(tmp_path, study)
    for name in ("plan-2.0.yaml", "plan-3.0.yaml"):
        (tmp_path / "frozen" / name).write_text("format: 1\nstudy: small-pass\n", encoding="utf-8")
    with pytest.raises(DefinitionError) as caught:
        frozen_plans(tmp_path)
    assert {fault.place.file.rsplit("/", 1)[-1] for fault in caught.value.faults} == {"plan-2.0.yaml", "plan-3.0.yaml"}


def test_versions_are_ordered_as_numbers(study: Study, tmp_path: Path) -> None:
    assert ordered("1.10") > ordered("1.9")
    for version in ("1.10", "1.9", "1.2"):
        frozen_in(tmp_path, with_version(study, version))
    assert [each.version for each in frozen_plans(tmp_path)] == ["1.2", "1.9", "1.10"]


def test_a_post_hoc_analysis_is_not_part_of_the_plan(study: Study) -> None:
    plan = plan_of(with_analysis(study, "deaths", post_hoc=True))
    assert "deaths" not in {each.id for each in plan.analyses}


# ---------------------------------------------------------------- what counts as a change


def test_other_names_and_reasons_change_no_plan(study: Study) -> None:
    renamed = with_analysis(study, "infection_ratio", label="Rate ratio of serious infection")
    reasoned = with_part(renamed, "windows", "baseline", rationale="Because.")
    assert changed(study, reasoned) == {}


def test_a_changed_field_is_told_with_what_it_was_and_is(study: Study) -> None:
    found = changed(study, with_analysis(study, "infection_ratio", model="Cox regression"))
    (change,) = found["infection_ratio"].changes
    assert (change.field, change.before, change.after) == (("model",), "Poisson regression", "Cox regression")


def test_a_further_way_of_combining_is_told_as_added(study: Study) -> None:
    pooling = study.analysis("infection_ratio").pooling
    assert not isinstance(pooling, str)
    way = PoolingModel(model="bayesian", prior_scale=0.5)
    wider = pooling.model_copy(update={"beside": (*pooling.beside, way)})  # type: ignore[union-attr]
    (change,) = changed(study, with_analysis(study, "infection_ratio", pooling=wider))["infection_ratio"].changes
    assert (change.field, change.kind, change.after) == (("pooling", "beside"), "added", way)


def test_analyses_that_come_and_go_are_told(study: Study) -> None:
    fewer = study.model_copy(update={"analyses": tuple(x for x in study.analyses if x.id != "deaths")})
    assert changed(study, fewer)["deaths"].kind == "removed"
    assert changed(fewer, study)["deaths"].kind == "added"


def test_an_outcome_defined_otherwise_changes_the_analyses_of_it(study: Study) -> None:
    found = changed(study, with_part(study, "outcomes", "serious_infection", details="Any infection."))
    assert {id for id, each in found.items() if each.part == "analyses"} == {
        "infection_ratio",
        "infection_rate",
        "infection_by_sex",
    }
    assert [(x.field, x.kind) for x in found["infection_ratio"].changes] == [(("outcome",), "below")]


def test_other_codes_change_what_rests_on_them(study: Study) -> None:
    coded = with_part(study, "outcomes", "death", code_lists=("drugs",))
    codes = coded.code_list("drugs").codes
    assert isinstance(codes, tuple)
    other = with_part(coded, "code_lists", "drugs", codes=(codes[0].model_copy(update={"code": "L04AA41"}),))
    found = changed(coded, other)
    assert {(each.part, id) for id, each in found.items()} == {
        ("outcomes", "death"),
        ("code_lists", "drugs"),
        ("analyses", "deaths"),
    }


def test_a_general_method_reworded_is_told(study: Study) -> None:
    plan = study.plan.model_copy(update={"multiplicity": Prose("Holm's method.")})
    found = changed(study, study.model_copy(update={"plan": plan}))
    assert [(x.field, x.kind) for x in found["methods"].changes] == [(("multiplicity",), "text")]


def test_what_the_plan_tells_of_its_own_history_is_no_change(study: Study) -> None:
    plan = study.plan.model_copy(update={"data_access": Prose("Seen on another day.")})
    assert changed(study, study.model_copy(update={"plan": plan})) == {}


# ---------------------------------------------------------------- the history of a plan


def test_the_latest_version_is_the_one_that_is_compared(study: Study, tmp_path: Path) -> None:
    frozen_in(tmp_path, study)
    second = with_version(with_analysis(study, "infection_ratio", model="Cox regression"), "1.1")
    frozen_in(tmp_path, second)
    history = PlanHistory(second, frozen_plans(tmp_path))
    assert history.since == ()
    assert [(step.earlier.version, step.later.version) for step in history.steps] == [("1.0", "1.1")]
    assert [each.id for each in history.steps[0].changes] == ["infection_ratio"]
    first = history.first_planned("analyses", "infection_ratio")
    assert first is not None
    assert first.version == "1.0"
    assert not history.unfrozen


def test_the_examples_hold_the_plans_that_they_name() -> None:
    for name, versions in (("natalizumab-fingolimod-paes", ["1.0", "1.1"]), ("covid19-mortality-ms", ["1.0", "1.1"])):
        frozen = frozen_plans(ROOT / "protocols" / name)
        assert [each.version for each in frozen] == versions
        assert all(each.intact and each.record.study == name for each in frozen)
        sap = read_yaml(ROOT / "protocols" / name / "study.yaml").data["documents"]["sap"]
        assert str(sap["version"]) == versions[-1]


def test_the_added_ways_of_combining_stand_in_the_second_version_only() -> None:
    first, second = frozen_plans(ROOT / "protocols" / "natalizumab-fingolimod-paes")
    found = {each.id: each for each in plan_changes(first.plan, second.plan)}
    assert [(x.kind, x.after.id) for x in found["arr_ratio"].changes if x.kind == "added"] == [
        ("added", "dl_hartung_knapp_truncated"),
        ("added", "bayesian_0_5"),
    ]
    assert [(x.field[-1], x.before, x.after) for x in found["arr_ratio"].changes if x.kind != "added"] == [
        ("prediction", True, False)
    ]


def test_analyses_are_models_of_the_definition(study: Study, tmp_path: Path) -> None:
    assert all(isinstance(each, Analysis) for each in frozen_in(tmp_path, study).plan.analyses)
