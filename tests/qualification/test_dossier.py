"""What a dossier gives its readers: facts in doubt, minimum values, figures, what it refers to; and the network's own dossier."""

from __future__ import annotations

import datetime
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from studygen.checks.qualification_rules import RULES
from studygen.errors import DefinitionError
from studygen.network.network import SUITABILITY, RegistryProfile, fact_fields
from studygen.qualification.dossier import Dossier
from studygen.qualification.facts import is_stale, stale_facts, unconfirmed_facts, unknown_facts
from studygen.qualification.indicators import Indicator
from studygen.qualification.loading import read_dossier
from studygen.qualification.place import is_dossier
from studygen.qualification.qualification import Qualification
from studygen.qualification.schema import json_schema

PROTOCOLS = Path(__file__).resolve().parents[2] / "protocols"
OURS = PROTOCOLS / "bmsd-qualification"

Read = Callable[[Path], Dossier]


@pytest.fixture(scope="module")
def ours() -> Dossier:
    return read_dossier(OURS, PROTOCOLS / "network")


@pytest.mark.parametrize(
    ("as_of", "stale"),
    [
        ("2025-11-24", False),
        ("2025-11-23", True),
        ("2025-11", False),
        ("2025-10", True),
        ("2025", False),
        ("2024", True),
        ("2026-11-24", False),
    ],
)
def test_a_fact_is_stale_when_the_last_day_it_may_speak_of_is_more_than_12_months_ago(as_of: str, stale: bool) -> None:
    assert is_stale(as_of, datetime.date(2026, 11, 24)) is stale


def test_on_a_leap_day_a_fact_of_the_last_february_is_fresh() -> None:
    assert not is_stale("2023-02", datetime.date(2024, 2, 29))
    assert is_stale("2023-02-27", datetime.date(2024, 2, 29))


def test_a_fact_that_a_profile_leaves_out_is_unknown(small: Path, read: Read) -> None:
    file = small.parent / "network" / "registries" / "it_rism.yaml"
    lines = file.read_text(encoding="utf-8").splitlines()
    file.write_text("\n".join(line for line in lines if not line.startswith("audit:")), encoding="utf-8")
    assert [(doubt.owner, doubt.field) for doubt in unknown_facts(read(small))] == [("it_rism", "audit")]


def test_the_strictest_minimum_of_the_conditions_that_bind_a_registry_counts(small: Path, read: Read) -> None:
    """Italy has a minimum of 65 of its own; for Denmark the indicator's 75 holds."""
    definition = read(small).definition
    assert (definition.minimum("dmt_stop", "it_rism"), definition.minimum("dmt_stop", "dk_dmsr")) == (65, 75)


def test_the_latest_year_counts(small: Path, read: Read) -> None:
    dossier = read(small)
    latest = dossier.latest("dk_dmsr", "dmt_stop")
    assert latest is not None
    assert (latest.year, latest.value) == (2024, 92)
    assert [figure.year for figure in dossier.figures_of("dk_dmsr", "dmt_stop")] == [2023, 2024]
    assert dossier.latest("dk_dmsr", "another") is None


def test_an_indicator_knows_which_side_is_better(small: Path, read: Read) -> None:
    stops = read(small).definition.indicator("dmt_stop")
    delay = Indicator.model_validate({**stops.model_dump(), "direction": "at_most", "unit": "days", "target": 30, "minimum": 90})
    assert (stops.fails(74.9), stops.fails(75), stops.reaches_target(90)) == (True, False, True)
    assert (delay.fails(91), delay.fails(90), delay.reaches_target(31)) == (True, False, False)
    assert [delay.is_possible(400), stops.is_possible(100.1), delay.is_possible(float("nan"))] == [True, False, False]


def test_faults_of_all_files_come_at_once(small: Path) -> None:
    for file, old, new in (
        ("small-dossier/qualification.yaml", "outcome: opinion", "outcome: opinnion"),
        ("network/registries/dk_dmsr.yaml", "scope: national", "scope: nation"),
    ):
        path = small.parent / file
        path.write_text(path.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")
    with pytest.raises(DefinitionError) as raised:
        read_dossier(small, small.parent / "network")
    assert [fault.place.path for fault in raised.value.faults] == ["procedure.outcome", "scope"]
    assert 'Did you mean "opinion"?' in str(raised.value)


def test_a_folder_with_a_qualification_is_a_dossier(small: Path) -> None:
    assert is_dossier(small)
    assert not is_dossier(small.parent / "small-pass")


def test_the_schema_explains_keys_and_words() -> None:
    schema = json_schema()
    assert list(schema["properties"]) == list(Qualification.model_fields)
    assert schema["title"] == "Qualification dossier"
    evidence = schema["$defs"]["Evidence"]["properties"]
    assert "study:<study>#<result id>" in evidence["target"]["description"]
    assert "quality_indicator" in evidence["kind"]["enum"]


# ---------------------------------------------------------------------------------------- the network's own dossier


def test_the_networks_dossier_can_be_read_and_is_about_its_six_registries(ours: Dossier) -> None:
    assert sorted(ours.definition.registries) == [registry.id for registry in ours.network.registries]
    assert 8 <= len(ours.definition.claims) <= 12
    assert 5 <= len(ours.definition.questions) <= 7
    assert len(ours.definition.documents.by_name()) == 10


def test_no_rule_that_stops_a_build_is_broken_by_the_networks_dossier(ours: Dossier) -> None:
    stopping = ("Q01", "Q02", "Q03", "Q04", "Q12", "Q13", "Q14", "Q15", "Q17")
    assert [str(fault) for id in stopping for fault in RULES[id](ours)] == []


def test_every_checklist_group_is_of_facts_and_every_fact_of_a_group() -> None:
    listed = [field for group in SUITABILITY.values() for field in group]
    assert len(listed) == len(set(listed))
    assert set(listed) == set(fact_fields(RegistryProfile))


def test_what_is_old_or_in_doubt_is_found_with_its_line(ours: Dossier) -> None:
    """SMSreg's size is of 2017, ReMuS's of 2021; the network's facts are of the paper of 2024."""
    stale = {(doubt.owner, doubt.field) for doubt in stale_facts(ours)}
    assert {("se_smsreg", "size"), ("cz_remus", "size"), ("network", "members")} <= stale
    assert ("network", "start") not in stale
    for doubt in (*stale_facts(ours), *unconfirmed_facts(ours)):
        line = Path(doubt.place.file).read_text(encoding="utf-8").splitlines()[(doubt.place.line or 1) - 1]
        assert line.startswith(f"{doubt.field}:"), doubt


def test_no_text_holds_a_number_that_only_results_know() -> None:
    """Numbers of exemplar studies come from their result sets: none of their pooled values is typed into a text. Andersen 2021
    published the same number of the pooled individual data, which is cited."""
    texts = "\n".join(file.read_text(encoding="utf-8") for file in sorted((OURS / "text").glob("*.md")))
    texts = texts.replace("the pooled individual data of three (0.77, p = 0.004)", "")
    assert not re.search(r"0\.77|3\.04|0\.55–1\.08", texts)


def test_a_seventh_registry_is_one_profile_and_one_mapping(tmp_path: Path) -> None:
    """The profile of an invented Norwegian registry, with only what every profile needs: all else is unknown, and listed."""
    network = Path(shutil.copytree(PROTOCOLS / "network", tmp_path / "network"))
    dossier = Path(shutil.copytree(OURS, tmp_path / "bmsd-qualification"))
    for study in ("cladribine-s1p-pass", "natalizumab-fingolimod-paes", "covid19-mortality-ms"):
        (tmp_path / study).mkdir()
        shutil.copy(PROTOCOLS / study / "study.yaml", tmp_path / study)
    danish = (network / "registries" / "dk_dmsr.yaml").read_text(encoding="utf-8").split("# What a qualification dossier")[0]
    profile = danish.replace("dk_dmsr", "no_msreg").replace("[DK]", "[NO]").replace("Danish", "Norwegian")
    (network / "registries" / "no_msreg.yaml").write_text(profile, encoding="utf-8")
    mapping = (network / "data-model" / "mappings" / "dk_dmsr.yaml").read_text(encoding="utf-8").replace("dk_dmsr", "no_msreg")
    (network / "data-model" / "mappings" / "no_msreg.yaml").write_text(mapping, encoding="utf-8")
    definition = dossier / "qualification.yaml"
    text = definition.read_text(encoding="utf-8").replace("registries: [cz_remus,", "registries: [no_msreg, cz_remus,", 1)
    definition.write_text(text, encoding="utf-8")

    seven = read_dossier(dossier, network)
    assert len(seven.network.registries) == 7
    found = [fault for rule in RULES.values() for fault in rule(seven) if "no_msreg" in f"{fault.place.file} {fault.what}"]
    whats = " | ".join(fault.what for fault in found)
    assert 'required variables of "no_msreg" without a confirmed fidelity' in whats
    assert 'quality indicators not delivered by "no_msreg"' in whats
    assert 'facts about "no_msreg" are not known' in whats
