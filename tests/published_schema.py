"""A schema of the docs beside that of the code, whatever pydantic writes of docstrings."""

import json
from pathlib import Path
from typing import Any


def assert_published(path: Path, schema: dict[str, Any]) -> None:
    """Hold a schema in the docs equal to that of the code.

    Before 2.12 pydantic left the docstrings of dataclasses out of a schema: with such a version
    all but the descriptions is compared.
    """
    published = json.loads(path.read_text("utf-8"))
    described = "description" in schema
    assert described or "description" in published
    assert schema == (published if described else _without_descriptions(published))


def _without_descriptions(schema: Any) -> Any:
    if isinstance(schema, list):
        return [_without_descriptions(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    return {
        key: _without_descriptions(each)
        for key, each in schema.items()
        if not (key == "description" and isinstance(each, str))
    }
