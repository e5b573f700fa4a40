"""Waivers: which rules a study may leave aside, and whether those that it names are needed. Knows no other rule."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from studygen.checks.catalogue import RULES
from studygen.checks.finding import Finding
from studygen.checks.guidance import Guidance
from studygen.errors import Fault, did_you_mean
from studygen.study.written import Written

WAIVER_RULES = ("E88", "E89")
"""The rules on waivers, which look at what the others found."""


def can_be_waived(rule: str) -> bool:
    """Whether a study may leave a rule aside: not one without which it cannot be read, nor the rules on waivers."""
    return rule in RULES


def waiver_faults(written: Written, guidance: Guidance, found: Sequence[Finding], asked: Collection[str]) -> Iterator[Fault]:
    """Waivers of rules that do not exist or cannot be left aside (E88), and those that nothing needs (E89). `asked` are the rules
    that looked at everything: of another it is not known whether it would find something."""
    broken = {each.rule for each in found}
    seen: set[str] = set()
    for position, waiver in enumerate(written.study.waivers):
        place = written.positions.place(("waivers", position, "rule"))
        if waiver.rule not in guidance:
            yield Fault(place, f'there is no rule "{waiver.rule}"', did_you_mean(waiver.rule, guidance), "E88")
        elif not can_be_waived(waiver.rule):
            what = f"{waiver.rule} cannot be waived: the study cannot be read without it ({guidance[waiver.rule].title})"
            yield Fault(place, what, "Mend what the rule finds, and take the waiver out.", "E88")
        elif waiver.rule in seen:
            yield Fault(place, f"{waiver.rule} is waived twice", "Keep one of the two, with the whole reason.", "E89")
        elif waiver.rule not in broken and waiver.rule in asked:
            what = f"{waiver.rule} is waived, and nothing breaks it ({guidance[waiver.rule].title})"
            yield Fault(place, what, "Take the waiver out: documents would say that the requirement is not followed.", "E89")
        seen.add(waiver.rule)
