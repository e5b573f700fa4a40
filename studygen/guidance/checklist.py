"""A checklist as data: its parts, its items, which sections answer an item, and under which conditions the answer is Yes, No or
not applicable. Answers nothing itself."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from studygen.definition import Declared, Slug
from studygen.errors import DefinitionError, Fault, Place, did_you_mean
from studygen.guidance.predicates import PREDICATES
from studygen.yamlfile import Positions, load_with_positions

ItemId = Annotated[str, StringConstraints(pattern=r"^[0-9][0-9A-Za-z.() ]*$")]
"""An item's number as the checklist prints it: "1.1.1", "12a", "7g(ii)"."""

Condition = Annotated[str, StringConstraints(pattern=r"^(not )?[a-z][a-z0-9_]*$")]
"""The name of a predicate, or "not" and its name."""


class Remark(Declared):
    """A sentence that stands beside an answer when a condition holds."""

    when: Condition
    text: str


class Item(Declared):
    """One line. It is answered Yes, with the places that answer it, unless a condition says otherwise."""

    id: ItemId
    label: str
    asks: bool = True
    """False for a line that only heads the lines below it and has no box to tick."""
    sections: tuple[Slug, ...] = ()
    """Ids of the sections that answer it, of the document that the checklist is about."""
    displays: tuple[str, ...] = ()
    """Ids of the tables and figures that answer it; a `*` stands for any ending (`tbl-objective-*`)."""
    applies: Condition | None = None
    """What must hold for the item to apply."""
    not_applicable: str = ""
    """Why it does not apply, when it does not."""
    holds: Condition | None = None
    """What must hold for a Yes."""
    told: Condition | None = None
    """What must hold for the sections to answer where none of the displays is there; they always do when it is left out."""
    no: str = ""
    """Why the answer is No, when it is."""
    remarks: tuple[Remark, ...] = ()
    """What an assessor should know beside a Yes."""
    footnote: str = ""

    @property
    def may_be_no(self) -> bool:
        """Whether something can be lacking: a condition, or the displays that alone answer the item."""
        return bool(self.holds or self.told) or bool(self.displays and not self.sections)

    @property
    def conditions(self) -> Iterator[tuple[tuple[str | int, ...], Condition]]:
        """Every condition with its place in the item."""
        if self.applies:
            yield ("applies",), self.applies
        if self.holds:
            yield ("holds",), self.holds
        if self.told:
            yield ("told",), self.told
        for position, remark in enumerate(self.remarks):
            yield ("remarks", position, "when"), remark.when


class Part(Declared):
    """A numbered or titled group of items."""

    number: str = ""
    title: str
    items: Annotated[tuple[Item, ...], Field(min_length=1)]


class Checklist(Declared):
    """A checklist, as it stands in `guidance/checklists/`."""

    title: str
    """As its publishers call it."""
    reference: str
    """Its number, or the publication that defines it."""
    source: str
    """Where its items were read."""
    confirmed: bool
    """Whether numbers, order and meaning of all items were checked against the source."""
    wording: Literal["exact", "own"]
    """`own`: numbers and order are the checklist's, the labels our own words; printed."""
    about: Slug
    """The document type whose sections answer it."""
    applies: Condition | None = None
    """What must hold of a study for the checklist to apply; for every study when it is left out."""
    parts: Annotated[tuple[Part, ...], Field(min_length=1)]

    @property
    def items(self) -> tuple[Item, ...]:
        """The items that are to be answered, in order."""
        return tuple(item for part in self.parts for item in part.items if item.asks)


def load_checklist(path: Path) -> Checklist:
    """A checklist file. DefinitionError with all faults: a condition that is not known, a number given twice, an item that
    nothing answers, a No or not applicable that would stand without a comment."""
    checklist, positions = load_with_positions(path, Checklist)
    faults = list(_faults(checklist, positions))
    if faults:
        raise DefinitionError(faults)
    return checklist


def _faults(checklist: Checklist, positions: Positions) -> Iterator[Fault]:
    seen: set[str] = set()
    if checklist.applies:
        yield from _unknown(checklist.applies, positions.place(("applies",)))
    for number, part in enumerate(checklist.parts):
        for position, item in enumerate(part.items):
            where = ("parts", number, "items", position)
            place = positions.place((*where, "id"))
            if item.id in seen:
                yield Fault(place, f"the item {item.id} stands here twice", "Give each item its own number.")
            seen.add(item.id)
            if item.asks != bool(item.sections or item.displays):
                what = f"the item {item.id} is answered by no section" if item.asks else f"the item {item.id} asks nothing"
                yield Fault(place, what, "Name its sections, or write asks: false for a line that only heads others.")
            if bool(item.applies) != bool(item.not_applicable):
                yield Fault(place, f"the item {item.id}: applies and not_applicable belong together", "Give both or neither.")
            if item.may_be_no != bool(item.no):
                what = f"the item {item.id} can be No without a comment" if item.may_be_no else f"the item {item.id} is never No"
                yield Fault(place, what, "`no` belongs to `holds`, and to items that only displays answer.")
            for path, condition in item.conditions:
                yield from _unknown(condition, positions.place((*where, *path)))


def _unknown(condition: Condition, place: Place) -> Iterator[Fault]:
    name = condition.removeprefix("not ")
    if name not in PREDICATES:
        yield Fault(place, f'"{name}" is not a condition that a checklist may name', did_you_mean(name, PREDICATES))
