"""The JSON Schema that editors use to complete and check a definition."""

from __future__ import annotations

import json
from typing import Any

from studygen.study.schema import json_schema
from studygen.study.study import Study


def properties_of(schema: dict[str, Any], name: str) -> dict[str, Any]:
    found: dict[str, Any] = schema["$defs"][name]["properties"]
    return found


def test_the_schema_names_its_dialect_and_every_key() -> None:
    schema = json_schema()
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert list(schema["properties"]) == list(Study.model_fields)
    assert schema["additionalProperties"] is False
    assert all(part.get("additionalProperties") is False for part in schema["$defs"].values())


def test_the_schema_is_the_same_each_time() -> None:
    assert json.dumps(json_schema()) == json.dumps(json_schema())


def test_an_editor_shows_what_keys_mean_and_which_words_they_take() -> None:
    schema = json_schema()
    regulatory = properties_of(schema, "Regulatory")
    assert regulatory["purpose"]["enum"][0] == "imposed_category_1"
    assert regulatory["purpose"]["description"].startswith("The study's standing")
    assert properties_of(schema, "Substance")["atc"]["description"] == "Write a WHO ATC code, for example L04AA40."


def test_an_optional_key_is_left_out_rather_than_empty() -> None:
    registered = properties_of(json_schema(), "Register")["registered_on"]
    assert registered == {"format": "date", "title": "Registered On", "type": "string"}


def test_a_part_that_may_not_apply_offers_both_forms() -> None:
    holder = json_schema()["properties"]["holder"]
    assert [branch.get("$ref", branch.get("type")) for branch in holder["oneOf"]] == ["array", "#/$defs/NotApplicable"]


def test_a_number_may_stand_where_a_text_is_expected() -> None:
    assert properties_of(json_schema(), "DocumentVersion")["version"]["type"] == ["string", "number"]
