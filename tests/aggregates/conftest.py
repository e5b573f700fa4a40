"""A small study whose registries have delivered (tests/bad_deliveries/_given), with its network."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from studygen.network.loading import load_network
from studygen.network.network import Network
from studygen.study.loading import load_study
from studygen.study.study import Study

GIVEN = Path(__file__).resolve().parents[1] / "bad_deliveries" / "_given"


@pytest.fixture(scope="session")
def network() -> Network:
    return load_network(GIVEN / "network")


@pytest.fixture(scope="session")
def study(network: Network) -> Study:
    return load_study(GIVEN / "small-pass", [registry.id for registry in network.registries])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the study's folder that a test may spoil."""
    return Path(shutil.copytree(GIVEN / "small-pass", tmp_path / "small-pass"))
