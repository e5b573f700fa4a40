"""A small dossier beside a small study: the network is that of the bad deliveries with every fact confirmed, the dossier that of
the bad qualifications."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from studygen.network.network import NetworkProfile, RegistryProfile, fact_fields
from studygen.pipeline.loading import load_plan
from studygen.qualification.dossier import Dossier
from studygen.qualification.indicators import QualityFigure
from studygen.qualification.loading import read_dossier
from studygen.yamlfile import read_yaml

TESTS = Path(__file__).resolve().parents[1]
FACT = "{value: A fact, source: A test, as_of: 2025, status: confirmed}"


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """The folder `small-dossier`, with `network` and `small-pass` beside it."""
    shutil.copytree(TESTS / "bad_deliveries" / "_given", tmp_path / "given")
    shutil.copytree(TESTS / "bad_qualifications" / "_given", tmp_path / "given", dirs_exist_ok=True)
    network = tmp_path / "given" / "network"
    _confirm(network / "network.yaml", fact_fields(NetworkProfile))
    for file in sorted((network / "registries").glob("*.yaml")):
        _confirm(file, fact_fields(RegistryProfile))
    return tmp_path / "given" / "small-dossier"


def _confirm(file: Path, fields: tuple[str, ...]) -> None:
    kept = [line for line in file.read_text(encoding="utf-8").splitlines() if line.split(":")[0] not in fields]
    file.write_text("\n".join([*kept, *(f"{field}: {FACT}" for field in fields)]) + "\n", encoding="utf-8")


@pytest.fixture
def read() -> Callable[[Path], Dossier]:
    """Reads a dossier with the figures of `figures.yaml` and the study of its project."""
    return _read


def _read(folder: Path) -> Dossier:
    dossier = read_dossier(folder, folder.parent / "network")
    file = read_yaml(folder / "figures.yaml")
    figures = tuple(
        QualityFigure(registry, indicator, year, value, "reported", file.positions.place(("figures", n)))
        for n, (registry, indicator, year, value) in enumerate(file.data["figures"])
    )
    written = load_plan(folder.parent / "small-pass")[2]
    return replace(dossier, figures=figures, studies={written.study.id: written})
