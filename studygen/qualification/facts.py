"""Which facts of the network and its registries a reader cannot rely on: stale, unconfirmed, unknown. Knows dates and standing,
not what a fact says."""

from __future__ import annotations

import calendar
import datetime
from collections.abc import Iterator
from dataclasses import dataclass

from studygen.errors import Place
from studygen.network.network import Fact
from studygen.qualification.dossier import NETWORK, Dossier

MONTHS_FRESH = 12
"""How long a fact may be relied on without being looked up again: the holder of a catalogue record reviews it every 12 months."""

LASTING = frozenset({"start"})
"""Facts that do not change and need no second look."""


@dataclass(frozen=True, slots=True)
class Doubt:
    """A fact that is stale, unconfirmed or unknown: whose (a registry's id, or `network`), which, and where it is written."""

    owner: str
    field: str
    fact: Fact
    place: Place


def all_facts(dossier: Dossier) -> Iterator[Doubt]:
    """Every fact of the network and of the dossier's registries, with its place; facts that are left out are unknown."""
    positions = dossier.read_network.profile_positions
    for field, fact in dossier.network.profile.every_fact.items():
        yield Doubt(NETWORK, field, fact, positions.place((field,)))
    for registry in dossier.definition.registries:
        positions = dossier.read_network.positions[registry]
        for field, fact in dossier.network.registry(registry).every_fact.items():
            yield Doubt(registry, field, fact, positions.place((field,)))


def stale_facts(dossier: Dossier) -> tuple[Doubt, ...]:
    """Known facts whose date, or whose last reading where they have none, lies more than 12 months before the dossier's."""
    found = (x for x in all_facts(dossier) if x.fact.status != "unknown" and x.field not in LASTING)
    return tuple(x for x in found if x.fact.date and is_stale(x.fact.date, dossier.as_of))


def unconfirmed_facts(dossier: Dossier) -> tuple[Doubt, ...]:
    """Facts that are written down, but neither confirmed by the registry nor read in a public source."""
    return tuple(x for x in all_facts(dossier) if x.fact.status == "unconfirmed")


def unknown_facts(dossier: Dossier) -> tuple[Doubt, ...]:
    """Facts that the coordination centre does not know."""
    return tuple(x for x in all_facts(dossier) if x.fact.status == "unknown")


def is_stale(as_of: str, day: datetime.date) -> bool:
    """Whether something true as of a year, month or day (counted as its last day) is more than 12 months old on a day."""
    parts = [int(part) for part in as_of.split("-")]
    year, month = parts[0], parts[1] if len(parts) > 1 else 12
    last = parts[2] if len(parts) > 2 else calendar.monthrange(year, month)[1]
    oldest_year, oldest_month = divmod(day.year * 12 + day.month - 1 - MONTHS_FRESH, 12)
    oldest_day = min(day.day, calendar.monthrange(oldest_year, oldest_month + 1)[1])
    return datetime.date(year, month, last) < datetime.date(oldest_year, oldest_month + 1, oldest_day)
