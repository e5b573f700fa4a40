"""What differs between two plans, part by part and field by field. Leaves out what does not define anything: names as printed and
the reasons for a choice. Knows no words for what it finds."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from studygen.definition import Declared, NotApplicable, Prose
from studygen.study.objectives import Analysis
from studygen.study.planned import Plan

NOT_DEFINING = frozenset(
    {"label", "title", "source", "rationale", "reason", "justification", "why", "strengths", "limitations", "post_hoc"}
)
"""Fields in which a change alters no plan: names as printed, provenance, and reasons."""

PARTS = ("objectives", "analyses", "time_zero", "inclusion", "exclusion", "windows", "exposures", "outcomes", "covariates",
         "follow_up", "code_lists", "methods")  # fmt: skip
"""The parts of a plan that are compared, in the order in which changes are told. Registries are compared where what they
delivered is known."""

ChangeKind = Literal["value", "text", "added", "removed", "below"]
"""A value took another's place; a narrative text was reworded; a part of a list came or went; or what the field names is defined
otherwise now (`below`: its own changes are told apart)."""


@dataclass(frozen=True, slots=True)
class Change:
    """One field that differs. `field` is its path inside its part (`("pooling", "main")`); `before` and `after` are the values as
    the definition holds them, None where there was or is nothing."""

    field: tuple[str, ...]
    kind: ChangeKind
    before: Any = None
    after: Any = None


@dataclass(frozen=True, slots=True)
class PartChange:
    """What became of one part of the plan (an objective, an analysis, an outcome …) between two plans."""

    part: str
    """The list or field of the plan that it belongs to, one of PARTS."""
    id: str
    """Its id; the part's own name where there is only one (`follow_up`)."""
    kind: Literal["added", "removed", "changed"]
    changes: tuple[Change, ...] = ()


def plan_changes(before: Plan, after: Plan) -> tuple[PartChange, ...]:
    """Everything in which `after` differs from `before`; empty when both plan the same. An analysis whose outcome or group is
    defined otherwise is changed too."""
    found = {
        (each.part, each.id): each
        for part in PARTS
        for each in _changes_of_part(part, getattr(before, part), getattr(after, part))
    }
    recoded = _changed(found, "code_lists")
    for part in ("exposures", "outcomes", "covariates"):
        _pass_on(found, part, before, after, lambda each: {"code_lists": set(each.code_lists) & recoded})
    redefined = _changed(found, "exposures") | _changed(found, "outcomes")
    _pass_on(found, "analyses", before, after, lambda each: {k: ids & redefined for k, ids in _rests_on(each).items()})
    return tuple(sorted(found.values(), key=lambda each: PARTS.index(each.part)))


def _changes_of_part(part: str, before: Any, after: Any) -> Iterator[PartChange]:
    if not isinstance(before, tuple):
        fields = _fields(before, after) if isinstance(before, Declared) else _keys(before, after)
        if changes := tuple(fields):
            yield PartChange(part, part, "changed", changes)
        return
    old, new = {each.id: each for each in before}, {each.id: each for each in after}
    for id in dict.fromkeys([*old, *new]):
        if id not in new:
            yield PartChange(part, id, "removed")
        elif id not in old:
            yield PartChange(part, id, "added")
        elif changes := tuple(_fields(old[id], new[id])):
            yield PartChange(part, id, "changed", changes)


def _changed(found: Mapping[tuple[str, str], PartChange], part: str) -> set[str]:
    return {each.id for each in found.values() if each.part == part and each.kind == "changed"}


def _pass_on(
    found: dict[tuple[str, str], PartChange],
    part: str,
    before: Plan,
    after: Plan,
    rests_on: Callable[[Any], Mapping[str, set[str]]],
) -> None:
    """What rests on something that is defined otherwise now is changed, too; `rests_on` gives by field what of it was changed."""
    kept = {each.id for each in getattr(before, part)}
    for each in getattr(after, part):
        below = tuple(Change((name,), "below") for name, ids in rests_on(each).items() if ids)
        if below and each.id in kept:
            own = found.get((part, each.id))
            found[part, each.id] = PartChange(part, each.id, "changed", (*(own.changes if own else ()), *below))


def _rests_on(analysis: Analysis) -> Mapping[str, set[str]]:
    groups = set(analysis.groups)
    if analysis.contrast:
        groups |= {analysis.contrast.exposure, analysis.contrast.comparator}
    return {"outcome": {analysis.outcome}, "groups": groups}


def _fields(before: Declared, after: Declared, path: tuple[str, ...] = ()) -> Iterator[Change]:
    """The fields in which two models of one kind differ."""
    for name in type(before).model_fields:
        if name not in NOT_DEFINING:
            yield from _values(getattr(before, name), getattr(after, name), (*path, name))


def _keys(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Change]:
    """The keys in which two parts that are held as written differ."""
    for name in dict.fromkeys([*before, *after]):
        old, new = before.get(name), after.get(name)
        if old != new:
            is_text = isinstance(old, str) and isinstance(new, str)
            yield Change((name,), "text" if is_text else "value", old, new)


def _values(before: Any, after: Any, path: tuple[str, ...]) -> Iterator[Change]:
    if before == after:
        return
    if isinstance(before, Declared) and type(before) is type(after) and not isinstance(before, NotApplicable):
        # A way of combining has a name of its own, by which it is told: not "the estimator", but one way for another.
        if hasattr(before, "interval_kind"):
            yield Change(path, "value", before, after)
        else:
            yield from _fields(before, after, path)
    elif _named(before) and _named(after) and (before or after):
        old, new = {each.id: each for each in before}, {each.id: each for each in after}
        yield from (Change(path, "removed", before=old[id]) for id in old if id not in new)
        yield from (Change(path, "added", after=new[id]) for id in new if id not in old)
        yield from (change for id in old if id in new for change in _values(old[id], new[id], path))
    elif isinstance(before, Prose | NotApplicable) and isinstance(after, Prose | NotApplicable) and type(before) is type(after):
        yield Change(path, "text", before, after)
    else:
        yield Change(path, "value", before, after)


def _named(values: Any) -> bool:
    return isinstance(values, tuple) and all(isinstance(each, Declared) and hasattr(each, "id") for each in values)
