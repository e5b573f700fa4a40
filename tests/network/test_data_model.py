"""The core data model, its history and the mappings of the registries."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from studygen.errors import DefinitionError
from studygen.network.data_model import DataModel
from studygen.network.data_model_loading import read_data_model

NETWORK = Path(__file__).resolve().parents[2] / "protocols" / "network"
REGISTRIES = ("cz_remus", "dk_dmsr", "fr_ofsep", "it_rism", "msbase", "se_smsreg")


@pytest.fixture(scope="module")
def model() -> DataModel:
    return read_data_model(NETWORK, REGISTRIES).model


def test_every_registry_says_something_of_every_core_variable(model: DataModel) -> None:
    names = [name for name, _, _ in model.core.variables()]
    assert len(names) > 80
    for mapping in model.mappings:
        assert [entry.variable for entry in mapping.variables] == names, mapping.registry
    assert [mapping.registry for mapping in model.mappings] == list(REGISTRIES)


def test_no_availability_and_no_confirmation_is_invented(model: DataModel) -> None:
    assert {entry.availability for mapping in model.mappings for entry in mapping.variables} == {None}
    assert {mapping.status for mapping in model.mappings} == {"unconfirmed"}
    assert model.core.status == "proposed"


def test_every_group_of_recommended_elements_has_variables(model: DataModel) -> None:
    used = {variable.core_item for _, _, variable in model.core.variables() if variable.recommended}
    assert used >= {item.id for item in model.core.items}


def test_the_change_of_adverse_event_collection_has_no_date_that_nobody_knows(model: DataModel) -> None:
    change = next(x for x in model.changes.changes if x.id == "adverse_event_collection")
    assert (change.version, change.date) == (None, None)
    assert {change.adopted_by(registry).state for registry in REGISTRIES} == {"agreed"}
    assert {change.adopted_by(registry).date for registry in REGISTRIES} == {None}
    assert change.adopted_by("no_msreg").state == "unknown"


def test_a_clinic_based_registry_has_no_person_time_of_linkage(model: DataModel) -> None:
    """MSBase has no central linkage (msbase.org): an analysis must not count cancer-free clinic time as cancer-register time."""
    mapping = model.mapping("msbase")
    assert mapping is not None
    entry = mapping.of("observation_period.coverage_domain")
    assert entry is not None
    assert entry.fidelity == "partial"
    assert "no person-time" in entry.consequence


def test_a_registry_may_have_no_mapping_yet(tmp_path: Path) -> None:
    copy = Path(shutil.copytree(NETWORK, tmp_path / "network"))
    (copy / "data-model" / "mappings" / "msbase.yaml").unlink()
    assert read_data_model(copy, REGISTRIES).model.mapping("msbase") is None


@pytest.mark.parametrize(
    ("file", "old", "new", "message"),
    [
        ("core.yaml", "id: birth_date,", "id: sex,", 'the variable "patient.sex" is given twice'),
        ("core.yaml", "core_item: disease}", "core_item: deseases}", 'there is no group "deseases" under items'),
        (
            "core.yaml",
            "inputs: [patient.birth_date]",
            "inputs: [patient.birthdate]",
            'there is no core variable "patient.birthdate"',
        ),
        (
            "core.yaml",
            "{variable: visit.edss, deviation",
            "{variable: visit.edds, deviation",
            'there is no core variable "visit.edds"',
        ),
        ("changes.yaml", "concerns: [adverse_event]", "concerns: [adverse_events]", 'there is no table "adverse_events"'),
        (
            "mappings/dk_dmsr.yaml",
            "registry: dk_dmsr",
            "registry: fr_ofsep",
            'the mapping is of "fr_ofsep", but the file is named',
        ),
        (
            "mappings/dk_dmsr.yaml",
            "variable: patient.birth_date",
            "variable: patient.sex",
            'the variable "patient.sex" is mapped twice',
        ),
        ("mappings/dk_dmsr.yaml", "fidelity: unconfirmed", "fidelity: exact, availability: 120", "120 is outside the range"),
    ],
)
def test_a_data_model_that_does_not_hold_together_is_refused(file: str, old: str, new: str, message: str, tmp_path: Path) -> None:
    copy = Path(shutil.copytree(NETWORK, tmp_path / "network"))
    path = copy / "data-model" / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(DefinitionError) as raised:
        read_data_model(copy, REGISTRIES)
    assert message in str(raised.value)
