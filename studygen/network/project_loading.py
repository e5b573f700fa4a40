"""Reads the network's projects, or says everything that is wrong with them. Knows registries and core variables by name only."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from studygen.errors import DefinitionError, Fault, did_you_mean
from studygen.misfits import DataPath
from studygen.network.projects import Project
from studygen.yamlfile import Positions, load_with_positions

FORMS = {
    "reference": "Use capital letters, digits and hyphens, for example BMSD-PRJ-1.",
    "version": "Write a version as two numbers with a dot, for example 1.0.",
    "variables": "Write a core variable with its table, for example treatment_episode.start_date.",
}
"""What texts of a project's file must look like, by key."""


@dataclass(frozen=True, slots=True)
class ReadProject:
    """A project with the places where it was written."""

    project: Project
    positions: Positions

    def fault(self, path: DataPath, what: str, remedy: str) -> Fault:
        return Fault(self.positions.place(path), what, remedy)


def read_projects(folder: Path, registries: Collection[str], variables: Collection[str]) -> tuple[ReadProject, ...]:
    """The projects in `folder/projects/*.yaml`, the earliest proposal first; none when there is no such folder. `registries` and
    `variables` are the ids that may be used. DefinitionError with the faults of all files."""
    faults: list[Fault] = []
    found: list[ReadProject] = []
    for file in sorted((folder / "projects").glob("*.yaml")):
        try:
            read = ReadProject(*load_with_positions(file, Project, {"folder": file.parent}, FORMS))
        except DefinitionError as error:
            faults += error.faults
            continue
        found.append(read)
        faults += _link_faults(read, file.stem, registries, variables)
    if faults:
        raise DefinitionError(faults)
    return tuple(sorted(found, key=lambda read: (read.project.proposal.received, read.project.id)))


def _link_faults(read: ReadProject, name: str, registries: Collection[str], variables: Collection[str]) -> Iterator[Fault]:
    project = read.project
    if project.id != name:
        yield read.fault(("id",), f'the id is "{project.id}", but the file is named "{name}.yaml"', "Give both the same name.")
    for n, variable in enumerate(project.proposal.variables):
        if variable not in variables:
            what = f'there is no core variable "{variable}"'
            yield read.fault(("proposal", "variables", n), what, did_you_mean(variable, variables))
    for kind in ("feasibility", "decisions"):
        asked = [entry.registry for entry in getattr(project, kind)]
        for n, registry in enumerate(asked):
            if registry not in registries:
                what = f'there is no registry "{registry}"'
                yield read.fault((kind, n, "registry"), what, did_you_mean(registry, registries))
            if registry in asked[:n]:
                what = f'the registry "{registry}" stands twice under {kind}'
                yield read.fault((kind, n, "registry"), what, "Keep one entry; what came before belongs into the history.")
    yield from _unknown_objectives(read)
    for n, request in enumerate(project.feasibility):
        for m, count in enumerate(request.counts):
            if (count.state == "reported") != (count.value is not None):
                what = f'the count "{count.id}" is {count.state} and has {"a" if count.value is not None else "no"} value'
                yield read.fault(("feasibility", n, "counts", m), what, "A reported count has a value; no other count has one.")
    for n, (before, after) in enumerate(pairwise(project.history)):
        if after.date < before.date:
            what = f"this step ({after.state}, {after.date}) is dated before the one above it ({before.date})"
            yield read.fault(("history", n + 1, "date"), what, "Correct the date, or put the steps into their order.")


def _unknown_objectives(read: ReadProject) -> Iterator[Fault]:
    known: Iterable[str] = [objective.id for objective in read.project.proposal.objectives]
    for n, decision in enumerate(read.project.decisions):
        for m, objective in enumerate(decision.objectives):
            if objective not in known:
                what = f'there is no objective "{objective}" in the proposal'
                yield read.fault(("decisions", n, "objectives", m), what, did_you_mean(objective, known))
