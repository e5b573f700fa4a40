"""What is checked: everything known of a study at the time. Knows no rule."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from studygen.errors import Fault
from studygen.misfits import DataPath

if TYPE_CHECKING:
    from studygen.aggregates.contract import Deliveries
    from studygen.document.manifest import Manifest
    from studygen.document.nodes import Document
    from studygen.network.network import Network
    from studygen.results.findings import ResultSet
    from studygen.study.frozen import FrozenPlan
    from studygen.study.study import Study
    from studygen.study.written import Written


@dataclass(frozen=True)
class Checked:
    """One composed document with the document type it was made from."""

    manifest: Manifest
    tree: Document


@dataclass(frozen=True)
class Subject:
    """A study that could be read and reconciled. `results` is None until a registry has delivered; `documents` are those that
    can be made now, by name, and empty while they could not be composed."""

    written: Written
    folder: Path
    """The study's folder, as it is shown."""
    network: Network
    deliveries: Deliveries
    planned: ResultSet
    results: ResultSet | None
    guidance: Path
    """The folder with checklists and word lists for rules that need them."""
    documents: Mapping[str, Checked]
    frozen: tuple[FrozenPlan, ...] = ()
    """The frozen plans, the oldest version first."""

    @property
    def study(self) -> Study:
        return self.written.study

    def fault(self, path: DataPath, what: str, remedy: str) -> Fault:
        """A fault at a part of study.yaml: `("objectives", 0, "measure")`."""
        return self.written.fault(path, what, remedy)


Rule = Callable[[Subject], Iterator[Fault]]
"""A rule yields what breaks it; severity and source come from the guidance. It may be asked of any subject: one that needs
results or documents yields nothing while there are none."""
