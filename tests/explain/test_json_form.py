"""The schema that the documents hand out is that of the code."""

from __future__ import annotations

import json
from pathlib import Path

from sim.explain.account import FORMAT
from sim.explain.json_form import explanation_schema

SCHEMA = Path(__file__).parents[2] / "docs" / "explain.schema.json"


def test_the_schema_of_the_documents_is_that_of_the_code():
    schema = explanation_schema()
    assert json.loads(SCHEMA.read_text("utf-8")) == schema
    assert schema["properties"]["format"]["const"] == FORMAT
    assert schema["$id"].endswith(f":{FORMAT}")
