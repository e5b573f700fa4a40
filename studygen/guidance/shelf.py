"""All checklists there are, each read when it is first asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from studygen.guidance.checklist import Checklist, load_checklist
from studygen.guidance.suitability import Suitability, load_suitability

CHECKLISTS = ("encepp", "harper", "strobe", "record", "record-pe", "target")
"""The checklists whose items sections answer, by the names of their files in `guidance/checklists/`."""

REGISTRIES = "registries"
"""The one that each registry answers."""


class Checklists(Mapping[str, Checklist]):
    """The checklists by name. `file` gives the file of a name, the network's own where it has one."""

    def __init__(self, file: Callable[[str], Path]) -> None:
        self._file = file
        self._read: dict[str, Checklist] = {}
        self._registries: Suitability | None = None

    def __getitem__(self, name: str) -> Checklist:
        """The checklist; KeyError when there is none, DefinitionError when its file has faults."""
        if name not in CHECKLISTS:
            raise KeyError(name)
        if name not in self._read:
            self._read[name] = load_checklist(self._file(name))
        return self._read[name]

    def __iter__(self) -> Iterator[str]:
        return iter(CHECKLISTS)

    def __len__(self) -> int:
        return len(CHECKLISTS)

    @property
    def registries(self) -> Suitability:
        """The checklist on registries; DefinitionError when its file has faults."""
        if self._registries is None:
            self._registries = load_suitability(self._file(REGISTRIES))
        return self._registries
