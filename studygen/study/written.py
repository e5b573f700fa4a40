"""A study together with the places where it was written, so that a rule can point at the line it complains about.
Knows no rule."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from studygen.errors import Fault
from studygen.misfits import DataPath
from studygen.study.population import Criterion, Measured
from studygen.study.study import Study
from studygen.yamlfile import Positions


@dataclass(frozen=True)
class Written:
    """A study, where each of its parts stands in the file, and what is known outside of it."""

    study: Study
    positions: Positions
    folder: str
    """Name of the study's folder."""
    registries: frozenset[str]
    """Ids of all registries that may take part."""
    international: frozenset[str]
    """Those of them without a fixed list of countries."""

    def fault(self, path: DataPath, what: str, remedy: str) -> Fault:
        return Fault(self.positions.place(path), what, remedy)

    def criteria(self) -> Iterator[tuple[DataPath, Criterion]]:
        """Inclusion and exclusion criteria with their paths, in the order of the file's lists."""
        for position, criterion in enumerate(self.study.population.inclusion):
            yield ("population", "inclusion", position), criterion
        for position, criterion in enumerate(self.study.population.exclusion):
            yield ("population", "exclusion", position), criterion

    def measured(self) -> Iterator[tuple[DataPath, Measured]]:
        """Everything that is measured with codes, with its path."""
        yield ("population", "time_zero"), self.study.population.time_zero
        yield from self.criteria()
        for kind in ("exposures", "outcomes", "covariates"):
            for position, entry in enumerate(getattr(self.study, kind)):
                yield (kind, position), entry
