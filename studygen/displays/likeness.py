"""Which analyses are specified alike, so that one table can stand for them. Knows nothing about tables or words."""

from __future__ import annotations

from collections.abc import Collection

from studygen.study.objectives import Analysis
from studygen.study.study import Study

OWN = {"id", "label", "objectives", "outcome", "sensitivity", "pooling"}
"""What may differ between analyses that HARPER Table 10 can specify together: their names and outcomes, and what other tables say
of them (Table 11, the plan for combining)."""


def alike(study: Study, plan: Analysis) -> tuple[Analysis, ...]:
    """The analyses that differ from `plan` only in their outcome or in what other tables say of them, in the plan's order,
    `plan` among them."""
    asked = _specified(study, plan)
    return tuple(each for each in study.analyses if _specified(study, each) == asked)


def planned_alike(study: Study, roles: Collection[str]) -> tuple[tuple[Analysis, ...], ...]:
    """The planned analyses of some roles, those that are specified alike together."""
    groups: dict[str, tuple[Analysis, ...]] = {}
    for each in study.analyses:
        if each.role in roles and not each.post_hoc:
            together = alike(study, each)
            groups.setdefault(together[0].id, together)
    return tuple(groups.values())


def _specified(study: Study, plan: Analysis) -> dict[str, object]:
    split = [each.id for each in study.analyses if each.subgroup is not None and plan.id == each.subgroup.of]
    return plan.model_dump(exclude=OWN) | {"split by": split}
