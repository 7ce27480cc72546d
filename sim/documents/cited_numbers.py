"""Cited numbers: plain numbers with a source of their own, `{value, source}`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pydantic_core import CoreSchema, core_schema

CITED_KEYS = ("value", "source")
FORMS = ("<number>", "<cited>", "<uncertain>")
Json = dict[str, Any]


class Cited(float):
    """A plain number with a source of its own."""

    source: tuple[str, ...] = ()


def form_of(value: Any) -> str:
    """Return which of the FORMS a value has: uncertain, unless it is cited or not a mapping."""
    if not isinstance(value, dict):
        return FORMS[0]
    return FORMS[1 if {*value} == {*CITED_KEYS} else 2]


def cited(plain: CoreSchema, keys: Callable[[Any], tuple[str, ...]]) -> CoreSchema:
    """Return pydantic's schema of a cited number from those of its number and of its source."""
    fields = {
        "value": core_schema.typed_dict_field(plain),
        "source": core_schema.typed_dict_field(core_schema.no_info_plain_validator_function(keys)),
    }
    mapping = core_schema.typed_dict_schema(fields, extra_behavior="forbid")
    return core_schema.no_info_after_validator_function(_made, mapping)


def _made(parts: dict[str, Any]) -> Cited:
    number = Cited(parts["value"])
    number.source = parts["source"]
    return number


def published(plain: Json, source: Json) -> Json:
    """Return the JSON Schema of a cited number from those of its number and of its source."""
    return {
        "type": "object",
        "additionalProperties": False,
        "required": [*CITED_KEYS],
        "properties": {"value": plain, "source": source},
    }
