"""Reads the network and its registries from their files, or says everything that is wrong with them. Knows no study, but
accepts a study's own sources (cohorts outside the network) in the same form."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from studygen.errors import DefinitionError, Fault, Place
from studygen.network.network import Network, NetworkProfile, RegistryProfile
from studygen.yamlfile import Positions, load_with_positions, shown

_DATE = "Write a year, a month or a day: 2024, 2024-06 or 2024-06-30."
FORMS = {"as_of": _DATE, "looked_up": _DATE}
"""What texts of the network's files must look like, by key."""


@dataclass(frozen=True, slots=True)
class ReadNetwork:
    """A network with the places where it was written, for rules that come later."""

    network: Network
    profile_positions: Positions
    positions: Mapping[str, Positions]
    """By registry id."""


def load_network(folder: Path, extra: Path | None = None) -> Network:
    """The network of `read_network`, without the places."""
    return read_network(folder, extra).network


def read_network(folder: Path, extra: Path | None = None) -> ReadNetwork:
    """The network in `folder` (`network.yaml`, `registries/*.yaml`); `extra` is a study's folder of further sources, which may
    not exist. Registries come in the order of their ids, the study's sources after them.

    Raises DefinitionError with the faults of all files.
    """
    faults: list[Fault] = []
    profile: NetworkProfile | None = None
    try:
        profile, profile_positions = load_with_positions(folder / "network.yaml", NetworkProfile, forms=FORMS)
        faults += _fact_faults(profile, profile_positions)
    except DefinitionError as error:
        faults += error.faults
    registries: list[tuple[RegistryProfile, Positions]] = []
    for file in _profile_files(folder / "registries", extra):
        try:
            registry, positions = load_with_positions(file, RegistryProfile, forms=FORMS)
        except DefinitionError as error:
            faults += error.faults
            continue
        registries.append((registry, positions))
        faults += _profile_faults(registry, positions, file)
    faults += _repeated_ids(registries)
    if not registries and not faults:
        faults.append(Fault(Place(shown(folder / "registries")), "there is no registry here", "Add a file for each registry."))
    if faults or profile is None:
        raise DefinitionError(faults)
    network = Network(profile=profile, registries=tuple(registry for registry, _ in registries))
    return ReadNetwork(network, profile_positions, {registry.id: positions for registry, positions in registries})


def _profile_files(registries: Path, extra: Path | None) -> Iterator[Path]:
    yield from sorted(registries.glob("*.yaml"))
    if extra is not None:
        yield from sorted(extra.glob("*.yaml"))


def _profile_faults(registry: RegistryProfile, positions: Positions, file: Path) -> Iterator[Fault]:
    if registry.id != file.stem:
        what = f'the id is "{registry.id}", but the file is named "{file.name}"'
        yield Fault(positions.place(("id",)), what, "Give both the same name.")
    if registry.scope == "national" and not registry.countries:
        yield Fault(positions.place(("countries",)), "a national registry names its country", "Write it as [DK].")
    if registry.scope == "international" and registry.countries:
        what = "an international registry has no fixed list of countries"
        yield Fault(positions.place(("countries",)), what, 'Write "countries: []"; a study lists its own countries.')
    for n, country in enumerate(registry.countries):
        if not (len(country) == 2 and country.isalpha() and country.isupper()):
            what = f'"{country}" is not a country code'
            yield Fault(positions.place(("countries", n)), what, "Write two capital letters (ISO 3166-1), for example DK.")

    yield from _fact_faults(registry, positions)


def _fact_faults(profile: RegistryProfile | NetworkProfile, positions: Positions) -> Iterator[Fault]:
    """What the facts lack that are not marked as unknown."""
    for name, fact in profile.every_fact.items():
        for key in fact.lacking:
            what = f'the fact "{name}" is {fact.status}, but its {key} is missing'
            remedy = (
                "Write value, source and as_of (or looked_up, where the source gives no date); "
                'or "status: unknown" while nothing is known.'
            )
            yield Fault(positions.place((name, key)), what, remedy)


def _repeated_ids(registries: Iterable[tuple[RegistryProfile, Positions]]) -> Iterator[Fault]:
    files: dict[str, str] = {}
    for registry, positions in registries:
        if registry.id in files:
            what = f'the id "{registry.id}" is already used in {files[registry.id]}'
            yield Fault(positions.place(("id",)), what, "Give one of the two another id and file name.")
        files.setdefault(registry.id, positions.file)
