"""Says in plain words where data does not fit a declared model: pydantic's errors become path, what and remedy.
Knows nothing about files; `yamlfile` adds the line."""

from __future__ import annotations

import copy
import datetime
import re
import types
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal, TypeAlias, Union, get_args, get_origin

from pydantic import BaseModel, Tag, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from studygen.definition import Id, NotApplicable, Slug, meanings
from studygen.errors import did_you_mean

DataPath: TypeAlias = tuple[str | int, ...]
"""Keys and list positions from the top of a file: `("objectives", 1, "measure")`."""

_ID_FORMS = {
    get_args(Id)[1].pattern: "Use lower-case letters, digits and underscores, beginning with a letter: severe_infection.",
    get_args(Slug)[1].pattern: "Use lower-case letters, digits and hyphens, beginning with a letter: cladribine-s1p-pass.",
}
"""What ids look like, by the pattern of their type."""


@dataclass(frozen=True, slots=True)
class Misfit:
    """One part of the data that does not fit."""

    path: DataPath
    what: str
    remedy: str


@dataclass(frozen=True, slots=True)
class _Spot:
    """Where an error lies, in the data and in the model."""

    path: DataPath
    annotation: Any
    """What the model expects there; with the choice of `not_applicable` where there is one."""
    holder: type[BaseModel] | None
    """The model whose keys stand at or around the spot."""
    value: Any


def path_text(path: DataPath) -> str:
    """`objectives[1].analyses[0].measure`."""
    text = ""
    for step in path:
        text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else step
    return text


def misfits(error: ValidationError, model: type[BaseModel], data: Any, forms: Mapping[str, str]) -> list[Misfit]:
    """Every error in words, one per place in the data. `forms` says what a text must look like, by its key."""
    found: dict[tuple[DataPath, str], Misfit] = {}
    for detail in error.errors(include_url=False):
        spot = _locate(model, data, detail["loc"])
        if detail["type"] == "too_short" and isinstance(spot.value, list) and len(spot.value) >= detail["ctx"]["min_length"]:
            continue  # pydantic counts only entries without faults; those faults are listed themselves
        misfit = _worded(detail, spot, forms)
        # A union of plain types reports one error per member; they say the same thing about the same place.
        found.setdefault((misfit.path, misfit.what), misfit)
    return list(found.values())


def written_as_text(error: ValidationError, model: type[BaseModel], data: Any, texts: Mapping[DataPath, str]) -> Any:
    """A copy of `data` in which every number or date found where a text is expected is the text as typed; `data` itself when
    there is none."""
    wrong = [
        spot.path
        for detail in error.errors(include_url=False)
        if detail["type"] == "string_type"
        for spot in [_locate(model, data, detail["loc"])]
        if spot.path in texts and not isinstance(spot.value, bool)
    ]
    if not wrong:
        return data
    changed = copy.deepcopy(data)
    for path in wrong:
        holder = changed
        for step in path[:-1]:
            holder = holder[step]
        holder[path[-1]] = texts[path]
    return changed


# ---------------------------------------------------------------------------------------- where in the model an error lies


def _locate(model: type[BaseModel], data: Any, loc: tuple[int | str, ...]) -> _Spot:
    """Follows pydantic's location through the model: branch names of unions are dropped, keys and positions kept."""
    annotation: Any = model
    holder: type[BaseModel] | None = None
    path: DataPath = ()
    value = data
    outer: Any = None
    for step in loc:
        annotation = _bare(annotation)
        branches = _tagged(annotation)
        if step in branches:
            outer, annotation = annotation, branches[str(step)]
            continue
        inside = _inside(annotation, step)
        if inside is None and _members(annotation):
            continue  # the name of a plain union's member
        if isinstance(annotation, type) and issubclass(annotation, BaseModel):
            holder = annotation
        annotation, outer = inside, None
        path = (*path, step)
        value = _child(value, step)
    return _Spot(path, outer or annotation, holder, value)


def _bare(annotation: Any) -> Any:
    """Without Annotated and without `| None`."""
    while True:
        if get_origin(annotation) is Annotated:
            annotation = get_args(annotation)[0]
        elif len(members := _members(annotation)) == 1:
            annotation = members[0]
        else:
            return annotation


def _members(annotation: Any) -> tuple[Any, ...]:
    """The members of a union other than None; empty when it is no union."""
    if get_origin(annotation) in (Union, types.UnionType):
        return tuple(member for member in get_args(annotation) if member is not types.NoneType)
    return ()


def _tagged(annotation: Any) -> dict[str, Any]:
    """The members of a tagged union (`Applicable`) by tag."""
    return {
        mark.tag: member
        for member in _members(annotation)
        for mark in getattr(member, "__metadata__", ())
        if isinstance(mark, Tag)
    }


def _inside(annotation: Any, step: int | str) -> Any:
    """What is expected one step further in; None when the annotation has no such inside."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        found = _field(annotation, str(step))
        return found.annotation if found else None
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin in (tuple, list, set, frozenset) and isinstance(step, int):
        return arguments[0] if arguments else Any
    if origin in (dict, Mapping):
        return arguments[1] if arguments else Any
    return None


def _field(model: type[BaseModel], key: str) -> FieldInfo | None:
    """A model's field by the key written in the file."""
    for name, found in model.model_fields.items():
        if key == (found.alias or name):
            return found
    return None


def _keys(model: type[BaseModel]) -> list[str]:
    return [found.alias or name for name, found in model.model_fields.items()]


def _child(value: Any, step: int | str) -> Any:
    if isinstance(value, dict):
        return value.get(step)
    if isinstance(value, list) and isinstance(step, int) and step < len(value):
        return value[step]
    return None


# ----------------------------------------------------------------------------------------------------------- in which words


def _worded(detail: ErrorDetails, spot: _Spot, forms: Mapping[str, str]) -> Misfit:
    kind = detail["type"]
    what, remedy = _SAID.get(kind, _said_otherwise)(detail, spot)
    if kind == "string_pattern_mismatch":
        pattern = detail["ctx"]["pattern"]
        key = next((step for step in reversed(spot.path) if isinstance(step, str)), "")
        remedy = _ID_FORMS.get(pattern) or forms.get(key) or _description(spot) or f"It must match the pattern {pattern}."
    return Misfit(spot.path, what, remedy)


def _said_missing(_detail: ErrorDetails, spot: _Spot) -> tuple[str, str]:
    key = spot.path[-1]
    remedy = " ".join(filter(None, (_description(spot), f"It expects {_expected(spot.annotation)}.")))
    return f'"{key}" is missing', f'Add "{key}:". {remedy}'


def _said_unknown(_detail: ErrorDetails, spot: _Spot) -> tuple[str, str]:
    key = str(spot.path[-1])
    if spot.holder is NotApplicable:
        return f'"{key}" cannot stand beside "not_applicable"', "Keep either the reason, or the part itself."
    known = _keys(spot.holder) if spot.holder else []
    return f'"{key}" is not a known key here', did_you_mean(key, known)


def _said_literal(detail: ErrorDetails, spot: _Spot) -> tuple[str, str]:
    if len(_members(_stated(spot.annotation))) > 1:
        return _said_type(detail, spot)
    known = [str(word) for word in get_args(_stated(spot.annotation))]
    if spot.value is None:
        return f"{_name(spot)} is empty", did_you_mean("", known)
    return f"{_quoted(spot.value)} is not a known {_name(spot)}", did_you_mean(str(spot.value), known)


def _said_type(_detail: ErrorDetails, spot: _Spot) -> tuple[str, str]:
    expected = _expected(spot.annotation)
    if spot.value is None:
        return f"{_name(spot)} is empty", f"It expects {expected}."
    hint = ""
    if isinstance(spot.value, dict) and _is_text(spot.annotation):
        hint = " If this is meant as a text with a colon in it, put the whole text in double quotes."
    return f"{_quoted(spot.value)} does not fit here", f"It expects {expected}.{hint}"


def _said_date(detail: ErrorDetails, spot: _Spot) -> tuple[str, str]:
    if isinstance(spot.value, str) and re.fullmatch(r"\d{4}-\d{2}-\d{2}", spot.value):
        return f'"{spot.value}" is not a day of the calendar', "Correct the month or the day."
    return _said_type(detail, spot)


def _said_pattern(_detail: ErrorDetails, spot: _Spot) -> tuple[str, str]:
    if spot.value == "":
        return f"{_name(spot)} is empty", ""
    return f"{_quoted(spot.value)} does not have the form of {_name(spot)}", ""


def _said_bound(detail: ErrorDetails, spot: _Spot) -> tuple[str, str]:
    words = {"ge": "at least", "gt": "more than", "le": "at most", "lt": "less than"}
    bounds = " and ".join(f"{words[key]} {bound}" for key, bound in detail["ctx"].items() if key in words)
    return f"{spot.value} is outside the range that {_name(spot)} may have", f"It must be {bounds}."


def _said_size(detail: ErrorDetails, spot: _Spot) -> tuple[str, str]:
    context = detail["ctx"]
    least, most = context.get("min_length"), context.get("max_length")
    unit = "character" if detail["type"].startswith("string") else "entry"
    actual = context.get("actual_length", len(spot.value) if isinstance(spot.value, (str, list)) else 0)
    if least is not None and actual < least:
        return f"{_name(spot)} has {_counted(actual, unit)}", f"It needs at least {_counted(least, unit)}."
    return f"{_name(spot)} has {_counted(actual, unit)}", f"It may have at most {_counted(most or 0, unit)}."


def _said_by_rule(detail: ErrorDetails, _spot: _Spot) -> tuple[str, str]:
    message = str(detail["ctx"]["error"]) if "error" in detail.get("ctx", {}) else detail["msg"]
    what, _, remedy = message.partition("; ")
    if what.startswith("the text file"):
        remedy = "Write that file, or correct its name."
    return what, f"{remedy[:1].upper()}{remedy[1:]}".rstrip(".") + "." if remedy else ""


def _said_otherwise(detail: ErrorDetails, spot: _Spot) -> tuple[str, str]:
    return detail["msg"][:1].lower() + detail["msg"][1:], f"It expects {_expected(spot.annotation)}."


_SAID: dict[str, Callable[[ErrorDetails, _Spot], tuple[str, str]]] = {
    "missing": _said_missing,
    "extra_forbidden": _said_unknown,
    "literal_error": _said_literal,
    "string_pattern_mismatch": _said_pattern,
    "string_too_short": _said_size,
    "string_too_long": _said_size,
    "too_short": _said_size,
    "too_long": _said_size,
    "greater_than": _said_bound,
    "greater_than_equal": _said_bound,
    "less_than": _said_bound,
    "less_than_equal": _said_bound,
    "value_error": _said_by_rule,
    "date_type": _said_date,
    "date_parsing": _said_date,
    "date_from_datetime_parsing": _said_date,
    "date_from_datetime_inexact": _said_date,
    **dict.fromkeys(
        (
            "string_type",
            "int_type",
            "int_parsing",
            "int_from_float",
            "float_type",
            "float_parsing",
            "bool_type",
            "bool_parsing",
            "tuple_type",
            "list_type",
            "dict_type",
            "model_type",
            "model_attributes_type",
        ),
        _said_type,
    ),
}
"""How each kind of pydantic error is said. A kind that is not listed keeps pydantic's own words."""


def _expected(annotation: Any) -> str:
    """What belongs at a place, in plain words: "a whole number", "a list …", "one of: …"."""
    annotation = _bare(annotation)
    tagged = _tagged(annotation)
    if tagged:
        return f'{_expected(tagged["stated"])}, or {{not_applicable: "reason"}}' if "stated" in tagged else "one of several forms"
    if members := _members(annotation):
        return ", or ".join(_expected(member) for member in members)
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return "the keys " + ", ".join(_keys(annotation)) + ", indented below it"
    if get_origin(annotation) is Literal:
        return "one of: " + ", ".join(str(word) for word in get_args(annotation))
    if get_origin(annotation) in (tuple, list, set, frozenset):
        return 'a list; begin each entry on a line of its own with "- "'
    if get_origin(annotation) in (dict, Mapping):
        return "keys with values, indented below it"
    for plain, words in _PLAIN_TYPES.items():
        if isinstance(annotation, type) and issubclass(annotation, plain):
            return words
    return "a value"


_PLAIN_TYPES: dict[type, str] = {
    bool: "true or false",
    int: "a whole number",
    float: "a number",
    datetime.date: "a date as YYYY-MM-DD, for example 2027-06-30",
    str: "a text",
}


def _stated(annotation: Any) -> Any:
    """The annotation of the part itself where it may also not apply."""
    bare = _bare(annotation)
    return _bare(_tagged(bare).get("stated", bare))


def _is_text(annotation: Any) -> bool:
    bare = _stated(annotation)
    return isinstance(bare, type) and issubclass(bare, str)


def _description(spot: _Spot) -> str:
    """The docstring of the field at the spot, or of the model that belongs there; one paragraph."""
    meaning = meanings(spot.holder).get(str(spot.path[-1])) if spot.holder and spot.path else None
    text = meaning or _model_docstring(spot.annotation)
    return " ".join(text.split())


def _model_docstring(annotation: Any) -> str:
    bare = _stated(annotation)
    if isinstance(bare, type) and issubclass(bare, BaseModel) and bare.__doc__ and bare.__doc__ != BaseModel.__doc__:
        return bare.__doc__
    return ""


def _name(spot: _Spot) -> str:
    """The last key of a path as words: "type of entry"."""
    keys = [step for step in spot.path if isinstance(step, str)]
    return keys[-1].replace("_", " ") if keys else "the file"


def _quoted(value: Any) -> str:
    """A value as it can be recognised in the file."""
    if isinstance(value, dict):
        return f"a group of keys ({', '.join(list(value)[:3])})" if value else "an empty group of keys"
    if isinstance(value, list):
        return "a list"
    if isinstance(value, bool):
        return "true" if value else "false"
    text = str(value)
    return f'"{text[:60]}…"' if len(text) > 60 else f'"{text}"' if isinstance(value, str) else text


def _counted(number: int, unit: str) -> str:
    return f"{number} {unit if number == 1 else {'entry': 'entries'}.get(unit, unit + 's')}"
