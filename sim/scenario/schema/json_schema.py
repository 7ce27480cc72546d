"""The schema as JSON Schema, for editors: of a scenario, and of a patch to one."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from sim.documents.leaves import UNCERTAIN_KEYS, Json, Range, Text, range_of
from sim.documents.tree import EachName, fields_of
from sim.kernel.rules import ROLES, parameters_in
from sim.scenario.file_format import FIRST, PRESENT
from sim.scenario.patches import SHARED
from sim.scenario.schema.events import KINDS, Event
from sim.scenario.schema.root import OF_FILES, Model

DIALECT = "https://json-schema.org/draft/2020-12/schema"
_NAMED = "^[A-Za-z0-9_]+$"
_NULL: Json = {"type": "null"}
_IN_SCHEMAS = ("properties", "patternProperties", "$defs")
_FORMAT: Json = {
    "enum": list(range(FIRST, PRESENT + 1)),
    "description": f"Format of the file; default: {FIRST}.",
}
_EXTENDS: Json = {
    "type": "array",
    "items": Text().described(),
    "description": (
        "Files that this one builds on; later files take precedence, and this file over all."
    ),
}
_VARIANTS: Json = {
    "type": "object",
    "patternProperties": {_NAMED: {"$ref": "#/$defs/variant"}},
    "additionalProperties": False,
    "description": (
        "Patches of the scenario; the scenario without a patch comes first, as `baseline`."
    ),
}


def json_schema(*, patch: bool = False) -> Json:
    """Return the JSON Schema of a scenario file, or of a file that others extend.

    A file with `extends` changes the files that it builds on, so it has no required keys; the
    same holds for a variant, and for the files of the catalogue (`patch`).
    """
    full = _tidied(Model.model_json_schema(by_alias=True))
    full["properties"] |= {"rules": _rules(), "laws": _laws()}
    full["$defs"] |= _by_state(full["$defs"])
    numbers: Json = {}
    full = _shared(full, numbers)
    own = full.pop("$defs") | numbers
    loose = _patch(full)
    both = dict(zip(OF_FILES, (_FORMAT, _EXTENDS, _VARIANTS), strict=True))
    variant = deepcopy(loose)
    for key in SHARED:
        variant["properties"].pop(key, None)
    full["properties"] |= both
    loose["properties"] |= both
    defs = own | {f"{name}.patch": _patch(each) for name, each in own.items()}
    defs |= {"scenario": full, "patch": loose, "variant": variant}
    about = "A file of the catalogue" if patch else "A scenario"
    choice: Json = {
        "if": {"required": ["extends"]},
        "then": {"$ref": "#/$defs/patch"},
        "else": {"$ref": "#/$defs/scenario"},
    }
    top = {"$ref": "#/$defs/patch"} if patch else choice
    return {"$schema": DIALECT, "title": f"{about} of blocsim", "type": "object", **top} | {
        "$defs": dict(sorted(defs.items()))
    }


def _tidied(schema: Any) -> Any:
    """Return a schema without pydantic's titles; names outside the pattern are refused."""
    if isinstance(schema, list):
        return [_tidied(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    tidy: Json = {}
    for key, value in schema.items():
        if key in _IN_SCHEMAS:
            tidy[key] = {name: _tidied(each) for name, each in value.items()}
        elif key not in ("title", "default"):
            tidy[key] = _tidied(value)
    if "default" in schema and schema["default"] is not None:
        tidy["default"] = schema["default"]
    if "patternProperties" in tidy:
        tidy["additionalProperties"] = False
    return tidy


def _by_state(defs: Json) -> Json:
    """Return the kinds of events that take lists, their numbers also as a mapping by state."""
    made: Json = {}
    for kind in KINDS:
        block = fields_of(Event)[kind].shape.block
        own = {} if block is None else {k: f.shape.leaf for k, f in fields_of(block).items()}
        if block is None or not any(isinstance(leaf, EachName) for leaf in own.values()):
            continue
        schema = deepcopy(defs[block.__name__])
        for key in (key for key, leaf in own.items() if isinstance(leaf, Range)):
            about = schema["properties"][key]
            number = {name: about[name] for name in about if name not in ("description", "default")}
            by_state = {
                "type": "object",
                "patternProperties": {_NAMED: number},
                "additionalProperties": False,
                "minProperties": 1,
            }
            rest = {name: about[name] for name in about if name not in number}
            schema["properties"][key] = {"anyOf": [number, by_state], **rest}
        made[block.__name__] = schema
    return made


def _shared(schema: Any, numbers: Json) -> Any:
    """Return a schema in which numbers of the same bounds share one definition."""
    if isinstance(schema, list):
        return [_shared(each, numbers) for each in schema]
    if not isinstance(schema, dict):
        return schema
    forms = schema.get("anyOf")
    if isinstance(forms, list) and set(forms[-1].get("properties", ())) == set(UNCERTAIN_KEYS):
        bounds = [f"{key}_{value:g}" for key, value in sorted(forms[0].items()) if key != "type"]
        name = ".".join(["number", *bounds]).replace("+", "")
        numbers[name] = {"anyOf": forms}
        rest = {key: value for key, value in schema.items() if key != "anyOf"}
        return {"$ref": f"#/$defs/{name}"} | rest
    return {key: _shared(value, numbers) for key, value in schema.items()}


def _patch(schema: Any) -> Any:
    """Return the schema of a patch: no key is required, and null removes."""
    if isinstance(schema, list):
        return [_patch(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    loose: Json = {}
    for key, value in schema.items():
        if key in ("properties", "patternProperties"):
            loose[key] = {name: {"anyOf": [_patch(each), _NULL]} for name, each in value.items()}
        elif key == "additionalProperties" and isinstance(value, dict):
            loose[key] = {"anyOf": [_patch(value), _NULL]}
        elif key == "$ref":
            loose[key] = f"{value}.patch"
        elif key not in ("required", "default", "minProperties"):
            loose[key] = _patch(value)
    return loose


def _rules() -> Json:
    """Return the schema of `rules`: a variant for each role."""
    choices = {role: {"enum": list(variants)} for role, variants in ROLES.items()}
    text = "Variant of the law in each role; the first is the default."
    return _closed(choices, text)


def _laws() -> Json:
    """Return the schema of `laws`: the parameters of all variants of each role."""
    blocks = {}
    for role, variants in ROLES.items():
        known: dict[str, list[Json]] = {}
        for variant in variants:
            for name, about in parameters_in(role, variant).items():
                schema = range_of(about).described()
                if schema not in known.setdefault(name, []):
                    known[name].append(schema)
        each = {name: one[0] if len(one) == 1 else {"anyOf": one} for name, one in known.items()}
        blocks[role] = _closed(each, f"Parameters of the law of {role}.")
    return _closed(blocks, "Parameters of the laws in force.")


def _closed(properties: Json, text: str) -> Json:
    return {
        "type": "object",
        "properties": properties,
        "additionalProperties": False,
        "description": text,
    }
