"""The JSON of an explanation and of a story, and their schemas."""

from __future__ import annotations

import json
from typing import Any

from pydantic import TypeAdapter

from sim.explain import account, chronicle


def json_of(told: account.Explanation | chronicle.Chronicle) -> str:
    """Return an explanation or a story as JSON."""
    plain = TypeAdapter(type(told)).dump_python(told, mode="json")
    return json.dumps(plain, indent=1, allow_nan=False)


def explanation_schema() -> dict[str, Any]:
    """Return the JSON Schema of an explanation."""
    return _schema(account.Explanation, "explanation", account.FORMAT)


def story_schema() -> dict[str, Any]:
    """Return the JSON Schema of a story."""
    return _schema(chronicle.Chronicle, "story", chronicle.FORMAT)


def _schema(kind: type, name: str, number: int) -> dict[str, Any]:
    """Return the JSON Schema, with the number of its format."""
    schema = TypeAdapter(kind).json_schema(mode="serialization")
    schema["properties"]["format"]["const"] = number
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"blocsim:{name}:{number}",
        **schema,
    }
