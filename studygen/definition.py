"""How declared files become typed models: the strict base class, narrative text, values that may not apply.
Knows nothing about what a study or a registry is."""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Mapping
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeAlias, TypeVar

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    GetCoreSchemaHandler,
    StringConstraints,
    Tag,
    ValidationInfo,
)
from pydantic_core import core_schema

Id = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]
"""An id written in a definition: lower-case letters, digits and underscores."""

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]*$")]
"""A study's id, which is also its folder's name."""


class Declared(BaseModel):
    """A part of a definition file. Unknown keys are refused; values do not change after loading."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True, defer_build=True)


@cache
def meanings(model: type[BaseModel]) -> Mapping[str, str]:
    """What the fields of a model mean: the text below each in the source, those of its base classes included. Read when somebody
    asks (a schema, a fault), because reading it for every model would take longer than reading a definition."""
    found: dict[str, str] = {}
    for kind in reversed(model.__mro__):
        if not (issubclass(kind, BaseModel) and kind is not BaseModel and vars(kind).get("__annotations__")):
            continue
        (parsed,) = ast.parse(textwrap.dedent(inspect.getsource(kind))).body
        for field, text in pairwise(parsed.body if isinstance(parsed, ast.ClassDef) else ()):
            match field, text:
                case ast.AnnAssign(target=ast.Name(id=name)), ast.Expr(value=ast.Constant(value=str(meaning))):
                    found[name] = inspect.cleandoc(meaning)
    return found


class LongForm(Declared):
    """What an abbreviation stands for."""

    long: str = ""
    """The long form; left out for a name in capitals that stands for nothing longer and is not listed."""
    expand: bool = True
    """Whether it is written out at its first use; false for names that read better as they are."""


def _long_form(value: Any) -> Any:
    return {"long": value} if isinstance(value, str) else value


Abbreviation = Annotated[LongForm, BeforeValidator(_long_form, json_schema_input_type=str | LongForm)]
"""An abbreviation's long form: a text, or `{long: …, expand: false}`."""


class Prose(str):
    """Narrative text in Markdown, which may use the template functions (`{{ cite("key") }}`, `{{ value("id") }}`).
    In YAML it is a text in place, or the path of a file beside the definition (`text/rationale.md`).
    `origin` says where it was written, for error messages."""

    origin: str = ""

    def __markdown__(self) -> str:
        """The Markdown source: templating renders it where it is printed instead of escaping it."""
        return str(self)

    @classmethod
    def _read(cls, value: str, info: ValidationInfo) -> Prose:
        folder: Path | None = (info.context or {}).get("folder")
        text = value.strip()
        if text.endswith(".md") and "\n" not in text and " " not in text:
            if folder is None:
                raise ValueError(f'"{text}" names a text file, but there is no folder to read it from')
            file = folder / text
            if not file.is_file():
                siblings = sorted(p.relative_to(folder).as_posix() for p in (folder / "text").glob("*.md"))
                listed = ", ".join(siblings) or "none"
                raise ValueError(f'the text file "{text}" does not exist (text files there are: {listed})')
            prose = cls(file.read_text(encoding="utf-8").strip())
            prose.origin = str(file)
        else:
            prose = cls(text)
        if not prose:
            raise ValueError("the text is empty; write it, or use {not_applicable: reason} where that is allowed")
        return prose

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> core_schema.CoreSchema:
        return core_schema.with_info_after_validator_function(cls._read, core_schema.str_schema())


class NotApplicable(Declared):
    """A part that does not apply to this study, with the reason that is printed in its place."""

    not_applicable: Prose
    """Why this part does not apply: a full sentence; it is printed after "Not applicable."."""


def _branch(value: Any) -> str:
    if isinstance(value, NotApplicable) or (isinstance(value, dict) and "not_applicable" in value):
        return "not_applicable"
    return "stated"


T = TypeVar("T")

if TYPE_CHECKING:
    Applicable: TypeAlias = T | NotApplicable
else:

    class Applicable:
        """`Applicable[X]`: X as stated, or `{not_applicable: reason}`."""

        def __class_getitem__(cls, item: Any) -> Any:
            return Annotated[
                Annotated[item, Tag("stated")] | Annotated[NotApplicable, Tag("not_applicable")],
                Discriminator(_branch),
            ]


def is_applicable(value: object) -> bool:
    """True when a value was stated; False for None and for `{not_applicable: …}`. The Jinja test `applicable`."""
    return value is not None and not isinstance(value, NotApplicable)
