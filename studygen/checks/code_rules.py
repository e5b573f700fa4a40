"""Whether codes have the form of their vocabulary: ATC, ICD-10, LOINC with its check digit, MedDRA (M29). What a code means is
known to `atc_rules` only."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from studygen.checks.subject import Rule, Subject
from studygen.definition import NotApplicable
from studygen.errors import Fault
from studygen.misfits import DataPath

FORMS: tuple[tuple[str, str, str], ...] = (
    (
        r"\bATC\b",
        r"[A-Z](?:\d\d(?:[A-Z](?:[A-Z](?:\d\d)?)?)?)?",
        "a letter, two digits, two letters, two digits; or its beginning",
    ),
    (
        r"\bICD-?10\b(?!.*(?:or|list))",
        r"[A-Z]\d\d(?:\.\d[\dX]?)?(?:[-–][A-Z]\d\d(?:\.\d[\dX]?)?)?",
        "a letter and two digits: C50 or C50.9",
    ),
    (r"\bLOINC\b", r"\d{1,7}-\d", "digits, a hyphen and a check digit"),
    (r"\bMedDRA\b", r"\d{8}", "eight digits"),
)
"""What the name of a vocabulary looks like, the form of its codes, and that form in words."""


def codes_have_their_form(subject: Subject) -> Iterator[Fault]:
    """Each code is one that its vocabulary could hold, a range runs forward, and none stands twice in a list."""
    for n, codes in enumerate(subject.study.code_lists):
        if isinstance(codes.codes, NotApplicable):
            continue
        form = next(((shape, words) for name, shape, words in FORMS if re.search(name, codes.vocabulary)), None)
        seen: set[str] = set()
        for m, entry in enumerate(codes.codes):
            place: DataPath = ("code_lists", n, "codes", m)
            for path, code in (
                ((*place, "code"), entry.code),
                *(((*place, "earlier", k), x) for k, x in enumerate(entry.earlier)),
            ):
                if form and (wrong := _wrong(code, codes.vocabulary, *form)):
                    yield subject.fault(path, wrong, "Look the code up in the vocabulary and correct it.")
                if code in seen:
                    yield subject.fault(path, f'{code} stands twice in the code list "{codes.id}"', "Delete one of the two.")
                seen.add(code)


def _wrong(code: str, vocabulary: str, shape: str, words: str) -> str:
    if not re.fullmatch(shape, code):
        return f'"{code}" has not the form of {vocabulary} ({words})'
    first, _, last = code.replace("–", "-").partition("-")
    if "LOINC" in vocabulary:
        return "" if last == loinc_check_digit(first) else f"the check digit of {code} should be {loinc_check_digit(first)}"
    return f"the range {code} runs backward" if last and last < first else ""


def loinc_check_digit(number: str) -> str:
    """The digit after the hyphen: Luhn's algorithm (LOINC Users' Guide)."""
    total = 0
    for position, digit in enumerate(reversed(number)):
        doubled = int(digit) * 2 if position % 2 == 0 else int(digit)
        total += doubled - 9 if doubled > 9 else doubled
    return str(-total % 10)


RULES: Mapping[str, Rule] = {"M29": codes_have_their_form}
"""By the rule's id in `templates/guidance/rules/`."""
