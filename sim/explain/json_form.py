"""The JSON of an explanation, and the schema that holds for it."""

from __future__ import annotations

import json
from typing import Any

from pydantic import TypeAdapter

from sim.explain.account import FORMAT, Explanation

_ADAPTER = TypeAdapter(Explanation)


def json_of(explanation: Explanation) -> str:
    """Return an explanation as JSON."""
    return json.dumps(_ADAPTER.dump_python(explanation, mode="json"), indent=1, allow_nan=False)


def explanation_schema() -> dict[str, Any]:
    """Return the JSON Schema of an explanation, which has the number of its format."""
    schema = _ADAPTER.json_schema(mode="serialization")
    schema["properties"]["format"]["const"] = FORMAT
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"blocsim:explanation:{FORMAT}",
        **schema,
    }
