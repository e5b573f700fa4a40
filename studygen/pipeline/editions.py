"""In which edition documents are made: as they are, as a dry run with dummy numbers, or as the redacted public version. Says
where an edition's files go, so that none can be taken for another."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

EditionName = Literal["regular", "dry_run", "public"]


@dataclass(frozen=True, slots=True)
class Edition:
    """An edition; `seed` is that of a dry run's dummy numbers. Templates know it as `edition`."""

    name: EditionName = "regular"
    seed: str = ""

    @property
    def slug(self) -> str:
        """The edition in a file name: "dry-run", "public"; empty for documents as they are. Also its folder below the study's."""
        return "" if self.name == "regular" else self.name.replace("_", "-")

    def file_name(self, document: str) -> str:
        """A document's file name without ending: "dry-run-report"."""
        return f"{self.slug}-{document}" if self.slug else document


REGULAR: Final = Edition()
