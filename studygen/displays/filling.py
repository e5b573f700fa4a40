"""Fills the slots of a document from a catalogue of displays: looks the display up, proves the slot's options, says all that is
wrong with them. Knows no display and nothing of what they show."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from studygen.document.nodes import Figure, Slot, Table
from studygen.errors import Fault, Place, TemplateError, did_you_mean

World = TypeVar("World")
"""What a display is given: the frame of a study or of a dossier."""
About = TypeVar("About")
"""What options are chosen from: a study, a dossier."""


@dataclass(frozen=True)
class Display(Generic[World, About]):
    """A display's function and its options, all of which a slot must give, each with what it may be."""

    make: Callable[[World, Slot], Table | Figure]
    options: Mapping[str, Callable[[About], Collection[str]]] = field(default_factory=dict)

    def __call__(self, frame: World, slot: Slot) -> Table | Figure:
        return self.make(frame, slot)


def filled(displays: Mapping[str, Display[World, About]], frame: World, about: About, slot: Slot) -> Table | Figure:
    """The table or figure for a slot. TemplateError with all faults when there is no such display, when the slot gives an option
    that the display lacks or lacks one that it needs, or when an option's value is not known."""
    display = displays.get(slot.display)
    if display is None:
        raise TemplateError(
            Fault(_place(slot, "display"), f'there is no display "{slot.display}"', did_you_mean(slot.display, displays))
        )
    faults = _faults(display, about, slot)
    if faults:
        raise TemplateError(faults)
    made = display(frame, slot)
    if isinstance(made, Table) != (slot.kind == "table"):
        right = "table" if isinstance(made, Table) else "figure"
        remedy = f"Write ```{{{right}}} {slot.id}."
        raise TemplateError(Fault(_place(slot, "display"), f'"{slot.display}" is not a {slot.kind} but a {right}', remedy))
    return made


def _faults(display: Display[World, About], about: About, slot: Slot) -> list[Fault]:
    given = dict(slot.options)
    faults = []
    for name in given:
        if name not in display.options:
            what = f'the display "{slot.display}" has no option "{name}"'
            faults.append(Fault(_place(slot, name), what, did_you_mean(name, display.options)))
    for name, known in display.options.items():
        values = known(about)
        if name not in given:
            what = f'the display "{slot.display}" needs the option "{name}"'
            faults.append(Fault(_place(slot, name), what, f"Add a line `{name}: …`. {did_you_mean('', values)}"))
        elif given[name] not in values:
            what = f'"{given[name]}" is not a value of the option "{name}"'
            faults.append(Fault(_place(slot, name), what, did_you_mean(given[name], values)))
    return faults


def _place(slot: Slot, option: str) -> Place:
    return Place(f"{slot.kind} {slot.id}", slot.line or None, option)
