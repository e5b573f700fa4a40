"""Reads the network and its registries from their files, or says everything that is wrong with them. Knows no study, but
accepts a study's own sources (cohorts outside the network) in the same form."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from studygen.errors import DefinitionError, Fault, Place
from studygen.network.network import Network, NetworkProfile, RegistryProfile
from studygen.yamlfile import Positions, load_model, load_with_positions, shown

FORMS = {"as_of": "Write a year, a month or a day: 2024, 2024-06 or 2024-06-30."}
"""What texts of the network's files must look like, by key."""


def load_network(folder: Path, extra: Path | None = None) -> Network:
    """The network in `folder` (`network.yaml`, `registries/*.yaml`); `extra` is a study's folder of further sources, which may
    not exist. Registries come in the order of their ids, the study's sources after them.

    Raises DefinitionError with the faults of all files.
    """
    faults: list[Fault] = []
    profile: NetworkProfile | None = None
    try:
        profile = load_model(folder / "network.yaml", NetworkProfile, forms=FORMS)
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
    return Network(profile=profile, registries=tuple(registry for registry, _ in registries))


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


def _repeated_ids(registries: Iterable[tuple[RegistryProfile, Positions]]) -> Iterator[Fault]:
    files: dict[str, str] = {}
    for registry, positions in registries:
        if registry.id in files:
            what = f'the id "{registry.id}" is already used in {files[registry.id]}'
            yield Fault(positions.place(("id",)), what, "Give one of the two another id and file name.")
        files.setdefault(registry.id, positions.file)
