"""Loading the network and its registries, and a study's own sources beside them."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from studygen.errors import DefinitionError
from studygen.network.loading import load_network

NETWORK = Path(__file__).resolve().parents[2] / "protocols" / "network"


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return Path(shutil.copytree(NETWORK, tmp_path / "network"))


def change(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_the_network_has_its_six_registries() -> None:
    """Founding paper, doi:10.1007/s00415-024-12303-6: five national registries and an international one."""
    network = load_network(NETWORK)
    assert {registry.id: registry.countries for registry in network.registries} == {
        "cz_remus": ("CZ",),
        "dk_dmsr": ("DK",),
        "fr_ofsep": ("FR",),
        "it_rism": ("IT",),
        "msbase": (),
        "se_smsreg": ("SE",),
    }
    assert network.profile.start.value.startswith("Started in 2014")


def test_no_fact_claims_to_be_confirmed_before_a_registry_has_confirmed_it() -> None:
    network = load_network(NETWORK)
    found = {fact.status for registry in network.registries for fact in registry.every_fact.values()}
    assert found == {"published", "unconfirmed", "unknown"}


def test_what_was_not_found_is_not_presented_as_published() -> None:
    for registry in load_network(NETWORK).registries:
        for name, fact in registry.facts.items():
            if "not found" in f"{fact.value} {fact.source}".lower() or "professional knowledge" in fact.value:
                assert fact.status in ("unconfirmed", "unknown"), (registry.id, name)


def test_the_recording_of_adverse_events_is_known_of_one_registry_only() -> None:
    """Only the Italian register says in public how it records them (PMC6329744)."""
    known = [each.id for each in load_network(NETWORK).registries if each.adverse_events.status != "unknown"]
    assert known == ["it_rism"]


def test_a_fact_whose_source_gives_no_date_says_when_it_was_read(copy: Path) -> None:
    file = copy / "registries" / "dk_dmsr.yaml"
    start = load_network(copy).registry("dk_dmsr").start
    assert (start.as_of, start.looked_up, start.date) == (None, "2026", "2026")
    change(file, "  looked_up: 2026\n", "")
    with pytest.raises(DefinitionError, match='the fact "start" is published, but its as_of is missing'):
        load_network(copy)


def test_no_small_cell_threshold_is_below_that_of_the_network() -> None:
    network = load_network(NETWORK)
    assert network.profile.small_cell_threshold == 5
    assert {registry.id: registry.small_cell_threshold for registry in network.registries} == {
        "cz_remus": 5,
        "dk_dmsr": 5,
        "fr_ofsep": 11,
        "it_rism": 5,
        "msbase": 5,
        "se_smsreg": 5,
    }


def test_a_studys_own_sources_come_after_the_registries(tmp_path: Path) -> None:
    sources = tmp_path / "sources"
    sources.mkdir()
    shutil.copy(NETWORK / "registries" / "dk_dmsr.yaml", sources / "nl_cohort.yaml")
    change(sources / "nl_cohort.yaml", "id: dk_dmsr", "id: nl_cohort")
    assert [registry.id for registry in load_network(NETWORK, extra=sources).registries][-1] == "nl_cohort"


def test_a_study_without_sources_of_its_own_needs_no_folder_for_them(tmp_path: Path) -> None:
    assert len(load_network(NETWORK, extra=tmp_path / "sources").registries) == 6


def test_the_faults_of_all_files_come_at_once(copy: Path) -> None:
    change(copy / "network.yaml", "short_name: BMSD", "shortname: BMSD")
    change(copy / "registries" / "dk_dmsr.yaml", "status: published", "status: sure")
    change(copy / "registries" / "fr_ofsep.yaml", "countries: [FR]", "countries: [France]")
    with pytest.raises(DefinitionError) as raised:
        load_network(copy)
    assert [(Path(fault.place.file).name, fault.place.path) for fault in raised.value.faults] == [
        ("network.yaml", "short_name"),
        ("network.yaml", "shortname"),
        ("dk_dmsr.yaml", "start.status"),
        ("fr_ofsep.yaml", "countries[0]"),
    ]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("id: dk_dmsr", "id: dmsr", 'the id is "dmsr", but the file is named "dk_dmsr.yaml"'),
        ("countries: [DK]", "countries: []", "a national registry names its country"),
        ("scope: national", "scope: international", "an international registry has no fixed list of countries"),
        ("countries: [DK]", "countries: [dk]", '"dk" is not a country code'),
        ("as_of: 2024-01\n", "as_of: spring 2026\n", "Write a year, a month or a day: 2024, 2024-06 or 2024-06-30."),
        ("as_of: 2024-01\n", "as_of: 2024-13\n", "Write a year, a month or a day: 2024, 2024-06 or 2024-06-30."),
        ("small_cell_threshold: 5", "small_cell_threshold: 0", "It must be at least 1."),
    ],
)
def test_a_profile_that_does_not_hold_together_is_refused(old: str, new: str, message: str, copy: Path) -> None:
    change(copy / "registries" / "dk_dmsr.yaml", old, new)
    with pytest.raises(DefinitionError) as raised:
        load_network(copy)
    assert message in str(raised.value)


def test_an_id_may_not_be_used_by_a_registry_and_by_a_studys_source(copy: Path, tmp_path: Path) -> None:
    sources = tmp_path / "sources"
    sources.mkdir()
    shutil.copy(copy / "registries" / "dk_dmsr.yaml", sources)
    with pytest.raises(DefinitionError, match='the id "dk_dmsr" is already used in'):
        load_network(copy, extra=sources)


def test_a_folder_without_a_network_says_what_is_missing(tmp_path: Path) -> None:
    with pytest.raises(DefinitionError, match=r"network\.yaml"):
        load_network(tmp_path)
