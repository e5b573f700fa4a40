"""The JSON Schema of `qualification.yaml`, for editors. Links between parts are beyond a schema; `studygen check` finds those."""

from __future__ import annotations

from typing import Any

from studygen.qualification.loading import FORMS
from studygen.qualification.qualification import Qualification
from studygen.study.schema import editor_schema


def json_schema() -> dict[str, Any]:
    """JSON Schema (draft 2020-12) of a dossier's definition. The same for the same version of studygen, key by key."""
    return editor_schema(Qualification, FORMS, "Qualification dossier")
