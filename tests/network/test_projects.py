"""The register of projects."""

from __future__ import annotations

from pathlib import Path

import pytest

from studygen.network.data_model_loading import read_data_model
from studygen.network.project_loading import ReadProject, read_projects

NETWORK = Path(__file__).resolve().parents[2] / "protocols" / "network"
REGISTRIES = ("cz_remus", "dk_dmsr", "fr_ofsep", "it_rism", "msbase", "se_smsreg")


@pytest.fixture(scope="module")
def projects() -> tuple[ReadProject, ...]:
    variables = [name for name, _, _ in read_data_model(NETWORK, REGISTRIES).model.core.variables()]
    return read_projects(NETWORK, REGISTRIES, variables)


def test_the_register_begins_with_the_earliest_proposal(projects: tuple[ReadProject, ...]) -> None:
    received = [read.project.proposal.received for read in projects]
    assert received == sorted(received)


def test_every_project_is_marked_as_illustrative(projects: tuple[ReadProject, ...]) -> None:
    """No registry has been asked for any project: a decision of a registry must not be taken for a real one."""
    assert all(read.project.illustrative for read in projects)


def test_the_state_of_a_project_is_its_last_step(projects: tuple[ReadProject, ...]) -> None:
    states = {read.project.id: (read.project.state, str(read.project.since)) for read in projects}
    assert states["natalizumab-fingolimod-relapses"] == ("archived", "2026-11-23")
    assert states["cladribine-s1p-safety"] == ("decisions", "2026-11-24")


def test_every_kind_of_decision_is_shown(projects: tuple[ReadProject, ...]) -> None:
    shown = {decision.decision for read in projects for decision in read.project.decisions}
    assert shown == {"accepted", "accepted_with_limits", "declined", "pending", "withdrawn", "published_results"}


def test_a_network_without_projects_has_an_empty_register(tmp_path: Path) -> None:
    assert read_projects(tmp_path, REGISTRIES, ()) == ()
