"""Whether a study and the project it was made from say the same of every registry: decision, date, objectives, who was asked.
Each fault names both lines. Knows no document."""

from __future__ import annotations

from collections.abc import Iterator

from studygen.errors import Fault
from studygen.misfits import DataPath
from studygen.network.project_loading import ReadProject
from studygen.network.projects import RegistryDecision
from studygen.study.governance import Participation
from studygen.study.written import Written


def participation_disagreements(written: Written, read: ReadProject) -> Iterator[Fault]:
    """Every difference between the study's `participation` and the project's `decisions`, at the line of the study."""
    study, project = written.study, read.project
    taking = {each.registry: n for n, each in enumerate(study.participation)}
    for n, decision in enumerate(project.decisions):
        there = read.positions.place(("decisions", n, "registry"))
        if decision.registry not in taking:
            what = f'"{decision.registry}" decided "{decision.decision}" on the project ({there}), but is not named in the study'
            remedy = "Add the registry under participation with this decision; one that declined is named too."
            yield written.fault(("participation",), what, remedy)
            continue
        at = taking[decision.registry]
        yield from _differences(written, read, (at, study.participation[at]), (n, decision))
    decided = {decision.registry for decision in project.decisions}
    for n, each in enumerate(study.participation):
        if each.registry not in decided:
            what = f'"{each.registry}" takes part in the study, but the project ({read.positions.file}) holds no decision of it'
            yield written.fault(
                ("participation", n, "registry"), what, "Ask the registry, and write its decision into the project."
            )


def _differences(
    written: Written, read: ReadProject, ours: tuple[int, Participation], theirs: tuple[int, RegistryDecision]
) -> Iterator[Fault]:
    n, taking = ours
    m, decision = theirs
    registry = decision.registry
    remedy = "Correct the one that is out of date; the registry's signed decision is what counts."

    def differs(key: str, of_project: str, here: str, there: str) -> Fault:
        place = read.positions.place(("decisions", m, of_project))
        here_path: DataPath = ("participation", n, key)
        about = key.replace("_", " ")
        what = f'study and project differ on "{registry}", {about}: {here} in the study, {there} in the project ({place})'
        return written.fault(here_path, what, remedy)

    if taking.decision != decision.decision:
        yield differs("decision", "decision", f'"{taking.decision}"', f'"{decision.decision}"')
    if taking.decided_on != decision.date:
        yield differs("decided_on", "date", str(taking.decided_on or "left out"), str(decision.date or "left out"))
    if set(taking.objectives) != set(decision.objectives):
        yield differs("objectives", "objectives", _listed(taking.objectives), _listed(decision.objectives))


def _listed(objectives: tuple[str, ...]) -> str:
    return ", ".join(objectives) or "all"
