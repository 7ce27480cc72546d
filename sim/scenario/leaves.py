"""Leaves of the schema: each checks one value strictly and says in plain words what it wants.

A leaf stands in an annotation, `Annotated[str, Text()]`, and gives pydantic the check and
the published JSON Schema.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from sim.dates import months
from sim.scenario.words import either, got, meant, quoted

NAME = re.compile(r"[A-Za-z0-9_]+\Z")
_OLD_FLAGS = {"yes": "true", "on": "true", "no": "false", "off": "false"}
_YEARS = range(1000, 10_000)

Json = dict[str, Any]


def refuse(message: str) -> PydanticCustomError:
    """Return the error that pydantic carries to the reader as it stands."""
    return PydanticCustomError("refused", "{message}", {"message": message})


@dataclass(frozen=True)
class Leaf:
    """One value of the schema."""

    doc: str = ""

    def check(self, value: Any) -> Any:
        """Return the value as the model keeps it, or refuse it."""
        raise NotImplementedError

    def published(self) -> Json:
        """Return the JSON Schema of the value."""
        raise NotImplementedError

    def described(self) -> Json:
        """Return the JSON Schema with the description."""
        return self.published() | ({"description": self.doc} if self.doc else {})

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        """Return pydantic's schema: the check and nothing else."""
        return core_schema.no_info_plain_validator_function(self.check)

    def __get_pydantic_json_schema__(self, core: CoreSchema, handler: GetJsonSchemaHandler) -> Json:
        """Return the JSON Schema that is published."""
        return self.described()


@dataclass(frozen=True)
class Text(Leaf):
    """A text that is not empty."""

    def check(self, value: Any) -> str:
        """Return the text."""
        if isinstance(value, str) and value.strip():
            return value
        remedy = ": put it in quotes" if isinstance(value, int | float) else ""
        found = "empty text" if isinstance(value, str) else got(value)
        message = f"must be text, got {found}{remedy}"
        raise refuse(message)

    def published(self) -> Json:
        """Return the JSON Schema of a text."""
        return {"type": "string", "minLength": 1}


@dataclass(frozen=True)
class Ref(Leaf):
    """A name; of an entity of the kind given, which has to exist (checked later)."""

    kind: str = ""  # state, system, class, bloc, source, or nothing for a name made here

    def check(self, value: Any) -> str:
        """Return the name."""
        if isinstance(value, str) and NAME.match(value):
            return value
        what = f"the name of a {self.kind}" if self.kind else "a name"
        if isinstance(value, str):
            message = f"must be {what} of letters, digits and _, got {got(value)}"
        else:
            message = f"must be {what}, got {got(value)}"
            if isinstance(value, int | float):
                message += ": put it in quotes"
        raise refuse(message)

    def published(self) -> Json:
        """Return the JSON Schema of a name."""
        return {"type": "string", "pattern": "^[A-Za-z0-9_]+$"}


@dataclass(frozen=True)
class Choice(Leaf):
    """One of a few words."""

    options: tuple[str, ...] = ()

    def check(self, value: Any) -> str:
        """Return the word."""
        if isinstance(value, str) and value in self.options:
            return value
        hint = meant(value, self.options) if isinstance(value, str) else ""
        message = f"must be {either(self.options)}, got {got(value)}{hint}"
        raise refuse(message)

    def published(self) -> Json:
        """Return the JSON Schema of the choice."""
        return {"enum": list(self.options)}


@dataclass(frozen=True)
class Flag(Leaf):
    """True or false."""

    mask: bool = False  # counts as a number, 0 or 1, that sweeps may change

    def check(self, value: Any) -> bool:
        """Return the flag."""
        if isinstance(value, bool):
            return value
        message = f"must be true or false, got {got(value)}"
        if isinstance(value, str) and value.lower() in _OLD_FLAGS:
            message += f": write {_OLD_FLAGS[value.lower()]}"
        raise refuse(message)

    def published(self) -> Json:
        """Return the JSON Schema of a flag."""
        return {"type": "boolean"}


@dataclass(frozen=True)
class Date(Leaf):
    """A date: 2018, 2018-H1, 2018-Q2 or 2018-06."""

    def check(self, value: Any) -> str:
        """Return the date as text."""
        if isinstance(value, int) and not isinstance(value, bool) and value in _YEARS:
            return str(value)
        if isinstance(value, str):
            try:
                months(value)
            except ValueError:
                pass
            else:
                return value
        message = f"must be a date such as 2018, 2018-H1, 2018-Q2 or 2018-06, got {got(value)}"
        raise refuse(message)

    def published(self) -> Json:
        """Return the JSON Schema of a date."""
        pattern = r"^\d{4}(-(Q[1-4]|H[12]|0[1-9]|1[0-2]))?$"
        return {
            "anyOf": [
                {"type": "string", "pattern": pattern},
                {"type": "integer", "minimum": _YEARS.start, "maximum": _YEARS.stop - 1},
            ]
        }


@dataclass(frozen=True)
class Source(Leaf):
    """Where a block's facts come from: a key of the references, or several in a list."""

    doc: str = "Key of docs/references.bib or of `references`, or assumed; several in a list."

    def check(self, value: Any) -> tuple[str, ...]:
        """Return the keys."""
        keys = list(value) if isinstance(value, list | tuple) else [value]
        for key in keys:
            if not isinstance(key, str) or not key.strip():
                message = f"must be a key of the references, or assumed; got {got(key)}"
                raise refuse(message)
        if not keys:
            message = "names no source: write a key of the references, or assumed"
            raise refuse(message)
        if len(set(keys)) < len(keys):
            message = f"names {quoted(max(keys, key=keys.count))} twice"
            raise refuse(message)
        return tuple(keys)

    def published(self) -> Json:
        """Return the JSON Schema of a source."""
        text = {"type": "string", "minLength": 1}
        return {"anyOf": [text, {"type": "array", "items": text, "minItems": 1}]}
