"""Where things lie: the study, the network's facts, the templates. Knows the difference between a checkout and an installed
package, and nothing else does."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[1]


@dataclass(frozen=True, slots=True)
class Places:
    """The study's folder, the network's folder, and the template folders, searched in order (a network's own wording first)."""

    study: Path
    network: Path
    templates: tuple[Path, ...]

    @staticmethod
    def of(study: Path) -> Places:
        """The places for a study folder: the network beside it or, where there is none, the one that came with studygen. A folder
        `templates/` inside the network's folder overrides the shipped templates file by file."""
        beside = study.parent / "network"
        network = beside if beside.is_dir() else shipped("network")
        own = network / "templates"
        templates = shipped("templates")
        return Places(study, network, (own, templates) if own.is_dir() else (templates,))

    def template(self, name: str) -> Path:
        """The file of a template or of template data: the network's own when it has one."""
        return next((folder / name for folder in self.templates if (folder / name).is_file()), self.shipped_template(name))

    def shipped_template(self, name: str) -> Path:
        """The file that came with studygen, also when the network has its own."""
        return self.templates[-1] / name


def shipped(name: str) -> Path:
    """A folder of data that came with studygen (`templates`, `network`): in the installed package, or in the checkout."""
    installed = PACKAGE / "_data" / name
    if installed.is_dir():
        return installed
    return PACKAGE.parent / ("protocols/network" if name == "network" else name)
