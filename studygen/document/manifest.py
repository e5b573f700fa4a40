"""A document type as declared in its document.yaml: its sections in order, their numbers, and the template of each.
Knows nothing about what the sections say."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import PrivateAttr, StringConstraints

from studygen.definition import Declared, Slug
from studygen.errors import DefinitionError, Fault, Place, did_you_mean
from studygen.yamlfile import Positions, load_with_positions

SectionNumber = Annotated[str, StringConstraints(pattern=r"^(([A-Z][a-z]+ )?[1-9]\d*(\.[1-9]\d*)*)?$")]
"""A number as printed: "9.1", "Annex 2", or "" for a section without one."""

FORMS = {"number": 'Write it in quotes as it is printed: "9.1", or "Annex 2".'}


class Section(Declared):
    """One section of a document type. Without `file` it is only a heading over the sections below it."""

    id: Slug
    """The id that templates refer to: sec-design."""
    number: SectionNumber = ""
    """The number as the official format prints it: "9.1", "Annex 2"."""
    heading: str
    """The heading's words, exact."""
    file: str = ""
    """The section's template: in this folder, or from the templates' root when it has a slash (`shared/windows.md.j2`)."""
    satisfies: tuple[str, ...] = ()
    """The requirements that this section satisfies."""
    stands_alone: bool = False
    """Whether the section is read without the others, as an abstract is: abbreviations are written out in it anew."""

    @property
    def level(self) -> int:
        """1 for "9" and "Annex 2", 2 for "9.1"."""
        return self.number.count(".") + 1

    @property
    def kind(self) -> Literal["section", "annex", "unnumbered"]:
        """Which numbering series the section's headings belong to."""
        if not self.number:
            return "unnumbered"
        return "section" if self.number[0].isdigit() else "annex"


class Manifest(Declared):
    """A document type: document.yaml."""

    id: Slug
    """The document type, which is also its folder's name."""
    title: str
    """What this kind of document is called: Study protocol."""
    version_of: str
    """The entry of the study's `documents` that states this document's version."""
    reference: str = "{reference}"
    """The document's reference, made from that of the entry above: "{reference}-ENCEPP" for a document that belongs to it."""
    about: str = ""
    """For a document about another one, as a checklist is: the document type whose section numbers it cites."""
    for_each: str = ""
    """Where there is one document of this type for each of several things: for each what (registry, project)."""
    named: str = "{id}"
    """The name of a document's files; `{each}` is the thing that it is for."""
    needs: Literal["plan", "results"] = "plan"
    """`results`: the document is built only when deliveries exist."""
    when: str = ""
    """The condition under which a study has this document; empty: always."""
    front: str = ""
    """The template of the title page."""
    sections: tuple[Section, ...]
    """The sections in order."""

    _folder: str = PrivateAttr(default="")

    def model_post_init(self, context: Any) -> None:
        self._folder = (context or {}).get("folder_name", self.id)

    def template(self, file: str) -> str:
        """A section's or the front's file as the template environment knows it: `protocol/design.md.j2`."""
        return file if "/" in file else f"{self._folder}/{file}"

    def parts_of(self, section: Section) -> tuple[Section, ...]:
        """The sections that stand directly or deeper below a section."""
        return tuple(other for other in self.sections if section.number and other.number.startswith(section.number + "."))


def load_manifest(path: Path, roots: Sequence[Path] = ()) -> Manifest:
    """A document.yaml as Manifest. Raises DefinitionError with all faults: numbers that are not the sequence, ids used twice,
    template files that exist neither beside it nor below one of `roots`."""
    manifest, positions = load_with_positions(path, Manifest, {"folder_name": path.parent.name}, FORMS)
    faults = [
        *_folder_faults(manifest, path, positions),
        *_id_faults(manifest, positions),
        *_number_faults(manifest, positions),
        *_file_faults(manifest, path, roots, positions),
    ]
    if faults:
        raise DefinitionError(sorted(faults, key=lambda fault: fault.place.line or 0))
    return manifest


def automatic_numbers(numbers: Iterable[str]) -> Iterator[str]:
    """For each declared number what stands there when one counts: the next number on its level, in its series."""
    counts: dict[str, list[int]] = {}
    for number in numbers:
        match = re.fullmatch(r"(\D*)(.*)", number)
        assert match is not None
        series = counts.setdefault(match[1], [])
        # One level deeper at most: after "1" comes "1.1", never "1.1.1".
        level = min(match[2].count(".") + 1, len(series) + 1)
        del series[level:]
        series.extend([0] * (level - len(series)))
        series[level - 1] += 1
        yield match[1] + ".".join(map(str, series))


def _folder_faults(manifest: Manifest, path: Path, positions: Positions) -> Iterator[Fault]:
    if manifest.id != path.parent.name:
        what = f'the document type "{manifest.id}" lies in the folder "{path.parent.name}"'
        yield Fault(positions.place(("id",)), what, "Give both the same name.")


def _id_faults(manifest: Manifest, positions: Positions) -> Iterator[Fault]:
    seen: dict[str, Place] = {}
    for index, section in enumerate(manifest.sections):
        place = positions.place(("sections", index, "id"))
        if section.id in seen:
            yield Fault(
                place, f'the id "{section.id}" is used twice', f"It names another section in line {seen[section.id].line}."
            )
        seen.setdefault(section.id, place)


def _number_faults(manifest: Manifest, positions: Positions) -> Iterator[Fault]:
    numbered = [(index, section) for index, section in enumerate(manifest.sections) if section.number]
    expected = automatic_numbers(section.number for _, section in numbered)
    for (index, section), number in zip(numbered, expected, strict=True):
        if section.number != number:
            place = positions.place(("sections", index, "number"))
            yield Fault(
                place,
                f'"{section.heading}" has the number {section.number}, but counting gives {number}',
                "Correct the number, or the order of the sections.",
            )
            return  # what follows a wrong number is wrong by the same mistake


def _file_faults(manifest: Manifest, path: Path, roots: Sequence[Path], positions: Positions) -> Iterator[Fault]:
    for index, section in enumerate(manifest.sections):
        if not section.file and not manifest.parts_of(section):
            place = positions.place(("sections", index))
            yield Fault(place, f'"{section.heading}" has no file and no sections below it', "Name its template: file: ….md.j2.")
    named = [(section.file, ("sections", index, "file")) for index, section in enumerate(manifest.sections)]
    for file, where in [(manifest.front, ("front",)), *named]:
        folder = path.parent.parent if "/" in file else path.parent
        elsewhere = [root / manifest.template(file) for root in roots]
        if file and not any(each.is_file() for each in (folder / file, *elsewhere)):
            existing = [found.relative_to(folder).as_posix() for found in folder.rglob("*.j2")]
            yield Fault(positions.place(where), f'the template "{file}" does not exist', did_you_mean(file, existing))
