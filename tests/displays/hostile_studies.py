"""A study made hostile: every free text long and full of markup, forty of each thing, or empty lists."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel

from studygen.definition import Prose
from studygen.study.study import Study


def with_texts(model: Any, text: str) -> Any:
    """The model with every free text (not ids, codes or words of closed lists) replaced."""
    if isinstance(model, tuple):
        return tuple(with_texts(item, text) for item in model)
    if not isinstance(model, BaseModel):
        return Prose(text) if isinstance(model, Prose) else model
    changes: dict[str, Any] = {}
    for name, field in type(model).model_fields.items():
        value = getattr(model, name)
        if isinstance(value, Prose):
            changes[name] = Prose(text)
        elif isinstance(value, str) and field.annotation is str and not field.metadata and name != "short_title":
            changes[name] = text
        elif isinstance(value, BaseModel | tuple):
            changes[name] = with_texts(value, text)
    return model.model_copy(update=changes)


def forty(study: Study) -> Study:
    """Forty registries, covariates, milestones, windows, codes."""

    def many(items: tuple[Any, ...], key: str = "id") -> tuple[Any, ...]:
        first = items[0]
        return items + tuple(first.model_copy(update={key: f"{getattr(first, key)}_{n}"}) for n in range(40 - len(items)))

    codes = study.code_lists[0].codes
    assert isinstance(codes, tuple)
    return study.model_copy(
        update={
            "covariates": many(study.covariates),
            "windows": many(study.windows),
            "participation": many(study.participation, "registry"),
            "milestones": study.milestones * 14,
            "amendments": study.amendments * 40,
            "limitations": many(study.limitations),
            "code_lists": (study.code_lists[0].model_copy(update={"codes": codes * 40}),),
        }
    )


def emptied(study: Study) -> Study:
    """Nothing where nothing is allowed."""
    time_zero = study.population.time_zero.model_copy(update={"code_lists": ()})
    population = study.population.model_copy(update={"exclusion": (), "time_zero": time_zero})
    analyses = tuple(each for each in study.analyses if each.subgroup is None)
    lists = ("covariates", "code_lists", "amendments", "stand_alone_documents", "deviations")
    return study.model_copy(update={**dict.fromkeys(lists, ()), "population": population, "analyses": analyses})
