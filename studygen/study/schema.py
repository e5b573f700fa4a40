"""The JSON Schema of `study.yaml`: an editor that knows it completes keys, shows what they mean and marks faults of form.
Links between parts are beyond a schema; `studygen check` finds those."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from studygen.definition import Prose, meanings
from studygen.study.loading import FORMS
from studygen.study.study import Study

PROSE_MEANING = "Narrative text in Markdown, or the path of a text file beside study.yaml (text/….md)."
ID_MEANING = "Name by which other parts refer to this one: lower-case letters, digits and underscores."


class _EditorSchema(GenerateJsonSchema):
    """Pydantic's schema as a person meets it in an editor: optional keys are left out rather than null, numbers may stand
    where a text is expected (they are taken as typed), narrative texts say that they may be files."""

    def nullable_schema(self, schema: core_schema.NullableSchema) -> JsonSchemaValue:
        return self.generate_inner(schema["schema"])

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        return self.generate_inner(schema["schema"]) if schema.get("default") is None else super().default_schema(schema)

    def str_schema(self, schema: core_schema.StringSchema) -> JsonSchemaValue:
        return {**super().str_schema(schema), "type": ["string", "number"]}

    def model_schema(self, schema: core_schema.ModelSchema) -> JsonSchemaValue:
        found = super().model_schema(schema)
        model: type[BaseModel] = schema["cls"]
        for key, meaning in meanings(model).items():
            if key in found.get("properties", {}):
                found["properties"][key]["description"] = meaning
        return found

    def function_after_schema(self, schema: core_schema.AfterValidatorFunctionSchema) -> JsonSchemaValue:
        found = super().function_after_schema(schema)
        is_prose = getattr(schema["function"]["function"], "__self__", None) is Prose
        return {**found, "description": PROSE_MEANING} if is_prose else found


def json_schema() -> dict[str, Any]:
    """JSON Schema (draft 2020-12) of a study definition. The same for the same version of studygen, key by key."""
    return editor_schema(Study, FORMS, "Study definition")


def editor_schema(model: type[BaseModel], forms: Mapping[str, str], title: str) -> dict[str, Any]:
    """The schema of a definition file for editors: keys with their meanings, `forms` saying what a text must look like."""
    schema = model.model_json_schema(schema_generator=_EditorSchema)
    for part in (schema, *schema["$defs"].values()):
        for key, found in part.get("properties", {}).items():
            meaning = ID_MEANING if key == "id" else forms.get(key)
            if meaning and "description" not in found:
                found["description"] = meaning
    return {"$schema": GenerateJsonSchema.schema_dialect, **schema, "title": title}
