"""Whether ATC codes are those of the substances, old and new, at the dates of the study (M14, M15). The codes are data:
`templates/guidance/atc.yaml`."""

from __future__ import annotations

import datetime
import functools
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from studygen.checks.subject import Rule, Subject
from studygen.definition import Declared, NotApplicable
from studygen.errors import Fault
from studygen.misfits import DataPath
from studygen.study.population import CodeList
from studygen.yamlfile import load_with_positions

ATC_FILE = "atc.yaml"


class KnownSubstance(Declared):
    """The codes of one substance."""

    code: str
    """The code in force."""
    since: datetime.date | None = None
    """The day from which it is in force, where another came before."""
    earlier: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    """Codes of the same substance for another use or route."""
    note: str = ""

    @property
    def all(self) -> frozenset[str]:
        return frozenset({self.code, *self.earlier, *self.also})


class _Codes(Declared):
    """`atc.yaml`."""

    source: str
    checked: datetime.date
    substances: dict[str, KnownSubstance]


@functools.cache
def known_substances(file: Path) -> Mapping[str, KnownSubstance]:
    """The substances whose codes are known, by name in lower case, the longest name first."""
    loaded, _ = load_with_positions(file, _Codes)
    return dict(sorted(loaded.substances.items(), key=lambda item: -len(item[0])))


def atc_codes_are_right(subject: Subject) -> Iterator[Fault]:
    """A substance that is known has its own codes, and its exposure's code lists hold them."""
    known = known_substances(subject.guidance / ATC_FILE)
    study = subject.study
    for n, substance in enumerate(study.products.substances):
        place: DataPath = ("products", "substances", n)
        found = _known(substance.name, known)
        if found is None:
            continue
        name, codes = found
        if substance.atc in codes.earlier:
            what = f"{substance.atc} was the code of {name} until {codes.code} took its place{_since(codes)}"
            yield subject.fault((*place, "atc"), what, f"Write atc: {codes.code} and atc_earlier: [{substance.atc}].")
        elif not any(each.startswith(substance.atc) for each in codes.all):
            yield subject.fault((*place, "atc"), _wrong(substance.atc, name, known), f"Write atc: {codes.code}.")
        for m, code in enumerate(substance.atc_earlier):
            if code not in codes.all:
                before = f"Write {', '.join(codes.earlier)}." if codes.earlier else "Delete it; no earlier code is known."
                yield subject.fault((*place, "atc_earlier", m), _wrong(code, name, known), before)
    for path, term, code in _listed_codes(subject):
        found = _known(term, known)
        if found and not any(each.startswith(code) for each in found[1].all):
            yield subject.fault(path, _wrong(code, found[0], known), f"Write {found[1].code}.")
    yield from _exposures_find_their_substances(subject)


def _exposures_find_their_substances(subject: Subject) -> Iterator[Fault]:
    study = subject.study
    for n, exposure in enumerate(study.exposures):
        lists = [study.code_list(id) for id in exposure.code_lists]
        codes = [code for each in lists if _is_atc(each) for code in _codes(each)]
        for id in exposure.substances if codes else ():
            substance = study.substance(id)
            if not any(substance.atc.startswith(code) for code in codes):
                what = f'no code list of "{exposure.id}" holds {substance.atc} ({substance.name}), which defines the group'
                yield subject.fault(
                    ("exposures", n, "code_lists"), what, f"Add {substance.atc} to {', '.join(x.id for x in lists)}."
                )


def old_and_new_codes_are_named(subject: Subject) -> Iterator[Fault]:
    """A study whose years span a change of code names both, or it misses the records before or after it."""
    known = known_substances(subject.guidance / ATC_FILE)
    study = subject.study
    for n, substance in enumerate(study.products.substances):
        found = _known(substance.name, known)
        missing = _missing(subject, found[1], {substance.atc, *substance.atc_earlier}) if found else []
        if found and missing:
            remedy = f"Add atc_earlier: [{', '.join(missing)}]."
            yield subject.fault(("products", "substances", n), _lacking(found, missing), remedy)
    for n, codes in enumerate(study.code_lists):
        if isinstance(codes.codes, NotApplicable) or not _is_atc(codes):
            continue
        held = set(_codes(codes))
        for m, entry in enumerate(codes.codes):
            found = _known(entry.term, known)
            missing = _missing(subject, found[1], held) if found else []
            if found and missing:
                remedy = f"Add earlier: [{', '.join(missing)}], or the code that took its place."
                yield subject.fault(("code_lists", n, "codes", m), _lacking(found, missing), remedy)


def _missing(subject: Subject, codes: KnownSubstance, held: set[str]) -> list[str]:
    """The codes in force in some year of the study that are not held; open when it changed where no date is known."""
    population = subject.study.population
    present = codes.since is None or codes.since <= population.follow_up_end
    past = codes.since is None or codes.since > population.enrolment_start
    if any(code in held for code in codes.also):
        return []
    needed = [codes.code] if present and codes.earlier else []
    return [code for code in (*needed, *(codes.earlier if past else ())) if code not in held]


def _lacking(found: tuple[str, KnownSubstance], missing: list[str]) -> str:
    name, codes = found
    return f"{name}: {', '.join(missing)} is missing; {codes.code} took the place of {', '.join(codes.earlier)}{_since(codes)}"


def _since(codes: KnownSubstance) -> str:
    return f" on {codes.since}" if codes.since else ""


def _wrong(code: str, name: str, known: Mapping[str, KnownSubstance]) -> str:
    owner = next((other for other, codes in known.items() if code in codes.all), None)
    return f"{code} is not a code of {name}" + (f", but of {owner}" if owner else "")


def _known(text: str, known: Mapping[str, KnownSubstance]) -> tuple[str, KnownSubstance] | None:
    lowered = text.lower()
    for name, codes in known.items():
        if re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", lowered):
            return name, codes
    return None


def _listed_codes(subject: Subject) -> Iterator[tuple[DataPath, str, str]]:
    for n, codes in enumerate(subject.study.code_lists):
        if _is_atc(codes) and not isinstance(codes.codes, NotApplicable):
            for m, entry in enumerate(codes.codes):
                yield ("code_lists", n, "codes", m, "code"), entry.term, entry.code
                for k, code in enumerate(entry.earlier):
                    yield ("code_lists", n, "codes", m, "earlier", k), entry.term, code


def _codes(codes: CodeList) -> list[str]:
    entries = () if isinstance(codes.codes, NotApplicable) else codes.codes
    return [code for entry in entries for code in (entry.code, *entry.earlier)]


def _is_atc(codes: CodeList) -> bool:
    return re.search(r"\bATC\b", codes.vocabulary) is not None


RULES: Mapping[str, Rule] = {"M14": atc_codes_are_right, "M15": old_and_new_codes_are_named}
"""By the rule's id in `templates/guidance/rules/`."""
