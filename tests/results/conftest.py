"""A small study (tests/bad_deliveries/_given) and deliveries made in place of its own, row by row."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from studygen.aggregates.contract import Deliveries, Delivery, Manifest, Row, RowKey
from studygen.network.loading import load_network
from studygen.network.network import Network
from studygen.results.analysis import analyse
from studygen.results.findings import ResultSet
from studygen.study.loading import load_study
from studygen.study.study import Study

sys.path.insert(0, str(Path(__file__).parent))

GIVEN = Path(__file__).resolve().parents[1] / "bad_deliveries" / "_given"
STATES = ("suppressed", "not_collected", "not_applicable", "not_estimable")

Sent = Mapping[tuple[str, ...], Mapping[str, float | str]]
"""(analysis, group, variable[, stratum]) → statistic → number, or the state that says why there is none."""


@pytest.fixture(scope="session")
def network() -> Network:
    return load_network(GIVEN / "network")


@pytest.fixture(scope="session")
def study(network: Network) -> Study:
    return load_study(GIVEN / "small-pass", [registry.id for registry in network.registries])


@pytest.fixture(scope="session")
def deaths(study: Study, network: Network) -> Callable[..., ResultSet]:
    """`deaths(cohorts, …)`: results of the analysis `deaths` (proportion, logit, REML) when as many registries as there are
    (events, n) pairs deliver. Keyword arguments change the analysis."""
    return lambda cohorts, **changed: _run(study, network, "deaths", _counts(cohorts, changed), changed)


@pytest.fixture(scope="session")
def ratios(study: Study, network: Network) -> Callable[..., ResultSet]:
    """`ratios(sent, …)`: results of the analysis `infection_ratio` when each registry sends one of `sent`, statistic → number of
    its contrast (and of its groups, under "a" and "b")."""
    return lambda sent, **changed: _run(study, network, "infection_ratio", sent, changed)


def _counts(
    cohorts: list[tuple[float | str, float | str]], changed: Mapping[str, object]
) -> list[dict[str, dict[str, float | str]]]:
    below = "person_years" if changed.get("measure") == "incidence_rate" else "n"
    return [{"all": {"events": events, below: n}} for events, n in cohorts]


def _run(study: Study, network: Network, analysis_id: str, sent: list, changed: Mapping[str, object]) -> ResultSet:
    registries = [f"r{number}" for number in range(1, len(sent) + 1)]
    nature = changed.get("nature", "live")
    known = {name: changed[name] for name in changed if name != "nature"}
    analysis = study.analysis(analysis_id)
    pooling = {key: known.pop(key) for key in ("main", "beside", "leave_one_out", "prediction") if key in known}
    if pooling:
        known["pooling"] = analysis.pooling.model_copy(update=pooling)
    analysis = analysis.model_copy(update=known)
    like = study.participation[0].model_copy(update={"objectives": (), "variables": ()})
    changed_study = study.model_copy(
        update={
            "analyses": (analysis,),
            "participation": tuple(like.model_copy(update={"registry": registry}) for registry in registries),
        }
    )
    profile = network.registries[0]
    changed_network = network.model_copy(
        update={"registries": tuple(profile.model_copy(update={"id": id, "short_name": id.upper()}) for id in registries)}
    )
    deliveries = Deliveries(
        tuple(
            delivered(registry, analysis_id, analysis.outcome, groups, str(nature))
            for registry, groups in zip(registries, sent, strict=True)
            if groups is not None
        )
    )
    return analyse(changed_study, changed_network, deliveries)


def delivered(
    registry: str, analysis: str, outcome: str, groups: Mapping[str, Mapping[str, float | str]], nature: str
) -> Delivery:
    rows: list[Row] = []
    contrast = {name: value for name, value in groups.items() if not isinstance(value, Mapping)}
    parts = {name: value for name, value in groups.items() if isinstance(value, Mapping)}
    if contrast:
        parts["a:b"] = contrast
    for group, statistics in parts.items():
        for statistic, value in statistics.items():
            state = value if value in STATES else "reported"
            number = None if state != "reported" else float(value)
            decimals = len(repr(value).partition(".")[2]) if isinstance(value, float) else 0
            rows.append(Row(len(rows) + 2, RowKey(analysis, group, outcome), statistic, number, state, decimals))
    manifest = Manifest(
        format=1,
        study="small-pass",
        definition_version="1.0",
        registry=registry,
        nature=nature,
        small_cell_threshold=1,
        files={},
    )
    folder = f"deliveries/{registry}"
    return Delivery(registry, manifest, f"{folder}/aggregates.csv", f"{folder}/manifest.json", "0" * 64, tuple(rows))
