"""Answers a checklist for a study: Yes with the places that answer, No or not applicable with a comment. Whether those places
hold text is not known here."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Literal

from studygen.guidance.checklist import Checklist, Condition, Item
from studygen.guidance.predicates import PREDICATES
from studygen.study.study import Study

Answer = Literal["yes", "no", "not_applicable"]


@dataclass(frozen=True, slots=True)
class Answered:
    """One item with its answer. `sections` and `displays` are empty unless the answer is Yes; `comment` never is empty when it is
    not."""

    item: Item
    answer: Answer
    sections: tuple[str, ...] = ()
    displays: tuple[str, ...] = ()
    comment: str = ""


def answered(study: Study, checklist: Checklist, there: Collection[str] | None = None) -> tuple[Answered, ...]:
    """Every item that is to be answered, in the checklist's order. `there` are the ids of the sections, tables and figures of the
    document that the checklist is about, when it is finished; until then all are taken to be there."""
    return answers(study, checklist.items, there)


def answers(study: Study, items: Sequence[Item], there: Collection[str] | None = None) -> tuple[Answered, ...]:
    """The answers to some items; lines that ask nothing are left out."""
    return tuple(_answer(study, item, there) for item in items if item.asks)


def holds(study: Study, condition: Condition) -> bool:
    """Whether a condition holds for a study; KeyError when there is none of the name."""
    name = condition.removeprefix("not ")
    return PREDICATES[name](study) != condition.startswith("not ")


def _answer(study: Study, item: Item, there: Collection[str] | None) -> Answered:
    if item.applies and not holds(study, item.applies):
        return Answered(item, "not_applicable", comment=item.not_applicable)
    if item.holds and not holds(study, item.holds):
        return Answered(item, "no", comment=item.no)
    displays = item.displays if there is None else _found(item.displays, there)
    sections = item.sections if displays or not item.told or holds(study, item.told) else ()
    if not sections and not displays:
        return Answered(item, "no", comment=item.no)
    comment = " ".join(remark.text for remark in item.remarks if holds(study, remark.when))
    return Answered(item, "yes", sections, displays, comment)


def _found(patterns: Sequence[str], there: Collection[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(id for pattern in patterns for id in there if fnmatchcase(id, pattern)))
