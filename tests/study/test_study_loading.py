"""Loading a study: what comes back, how texts are read, and what is said when there is no study."""

from __future__ import annotations

from pathlib import Path

import pytest

from studygen.errors import DefinitionError
from studygen.study.loading import load_study, studies_in

ROOT = Path(__file__).resolve().parents[2]
VALID = (ROOT / "tests" / "bad_definitions" / "_valid.yaml").read_text(encoding="utf-8")
REGISTRIES = ("dk_dmsr", "se_smsreg")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    study = tmp_path / "small-pass"
    (study / "text").mkdir(parents=True)
    (study / "text" / "condition.md").write_text("What is known.\n\nAnd more.\n", encoding="utf-8")
    (study / "study.yaml").write_text(VALID, encoding="utf-8")
    return study


def test_a_study_is_read_with_its_look_ups(folder: Path) -> None:
    study = load_study(folder, REGISTRIES)
    assert study.window("baseline").end_day == 0
    assert [analysis.id for analysis in study.analyses_of("infection")][:2] == ["infection_ratio", "infection_rate"]
    assert [taking.registry for taking in study.contributors] == ["dk_dmsr"]
    comparator = study.comparator_of(study.objective("infection"))
    assert comparator is not None
    assert comparator.id == "b"


def test_narrative_text_comes_from_its_file_and_remembers_it(folder: Path) -> None:
    condition = load_study(folder, REGISTRIES).rationale.condition
    assert condition == "What is known.\n\nAnd more."
    assert condition.origin.endswith("text/condition.md")


def test_an_empty_text_file_is_refused(folder: Path) -> None:
    (folder / "text" / "condition.md").write_text("\n", encoding="utf-8")
    with pytest.raises(DefinitionError, match="the text is empty"):
        load_study(folder, REGISTRIES)


def test_versions_and_codes_need_no_quotes(folder: Path) -> None:
    study = load_study(folder, REGISTRIES)
    assert (study.documents.protocol.version, study.code_list("drugs").version) == ("1.0", "2025")


def test_a_study_that_does_not_exist_is_answered_with_the_nearest_names(folder: Path) -> None:
    with pytest.raises(DefinitionError, match='Did you mean "small-pass"'):
        load_study(folder.parent / "smal-pass", REGISTRIES)


def test_a_folder_without_a_definition_is_answered_with_the_studies_there_are(folder: Path) -> None:
    (folder.parent / "notes").mkdir()
    with pytest.raises(DefinitionError, match=r"no study.yaml in this folder\s+Known: small-pass."):
        load_study(folder.parent / "notes", REGISTRIES)


def test_studies_are_listed_even_when_one_cannot_be_read(folder: Path) -> None:
    broken = folder.parent / "broken"
    broken.mkdir()
    (broken / "study.yaml").write_text("a: b: c\n", encoding="utf-8")
    listed = studies_in(folder.parent)
    assert [(head.id, head.kind, head.status) for head in listed] == [("broken", "", ""), ("small-pass", "PASS", "planned")]
    assert listed[1].title.startswith("Serious infection after drug A")


def test_a_list_of_studies_needs_a_folder(tmp_path: Path) -> None:
    with pytest.raises(DefinitionError, match="there is no such folder"):
        studies_in(tmp_path / "none")


def test_a_registry_of_the_studys_own_sources_may_take_part(folder: Path) -> None:
    text = VALID.replace("se_smsreg", "nl_cohort")
    (folder / "study.yaml").write_text(text, encoding="utf-8")
    assert load_study(folder, ("dk_dmsr", "nl_cohort")).participation[1].registry == "nl_cohort"


def test_all_rules_report_and_in_the_order_of_the_file(folder: Path) -> None:
    text = VALID.replace("short_title: Serious", f"short_title: {'very ' * 12}serious").replace("order: 2", "order: 1")
    (folder / "study.yaml").write_text(text.replace("id: small-pass", "id: other-pass"), encoding="utf-8")
    with pytest.raises(DefinitionError) as raised:
        load_study(folder, REGISTRIES)
    assert [fault.place.path for fault in raised.value.faults] == ["id", "short_title", "population.exclusion[0].order"]


@pytest.mark.parametrize(
    ("end", "latest"),
    [("2030-12-31", "2031-12-31"), ("2028-02-29", "2029-02-28"), ("2030-05-31", "2031-05-31")],
)
def test_twelve_months_end_on_the_same_day_or_the_last_of_a_shorter_month(end: str, latest: str, folder: Path) -> None:
    text = VALID.replace("planned: 2030-12-31", f"planned: {end}").replace("planned: 2031-12-31", f"planned: {latest}")
    (folder / "study.yaml").write_text(text, encoding="utf-8")
    load_study(folder, REGISTRIES)
    day_after = {"2031-12-31": "2032-01-01", "2029-02-28": "2029-03-01", "2031-05-31": "2031-06-01"}[latest]
    (folder / "study.yaml").write_text(text.replace(f"planned: {latest}", f"planned: {day_after}"), encoding="utf-8")
    with pytest.raises(DefinitionError, match=f"Plan it for {latest} or earlier"):
        load_study(folder, REGISTRIES)
