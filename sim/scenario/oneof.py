"""A place of the schema where several forms may stand; the value itself tells which."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema, core_schema

from sim.scenario.leaves import Json

Told = Callable[[Any], str]
MARK = "<"  # begins the tags that pydantic puts into the path of an error


@dataclass(frozen=True, eq=False)
class OneOf:
    """One of several annotations by tag; the last answers for values that none of them fits."""

    told: Told
    options: tuple[tuple[str, Any], ...]
    hidden: int = 0  # options at the end that the published schema leaves out
    doc: str = ""  # what stands there

    def annotation(self, value: Any) -> Any:
        """Return what stands here if it is this value."""
        known = dict(self.options)
        return known.get(self.told(value), self.options[-1][1])

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        """Return pydantic's schema: a union whose tag the value gives."""
        known = dict(self.options)

        def tag(value: Any) -> str:
            told = self.told(value)
            return f"{MARK}{told if told in known else self.options[-1][0]}>"

        return core_schema.tagged_union_schema(
            choices={
                f"{MARK}{name}>": handler.generate_schema(each) for name, each in self.options
            },
            discriminator=tag,
        )

    def __get_pydantic_json_schema__(self, core: CoreSchema, handler: GetJsonSchemaHandler) -> Json:
        """Return the JSON Schema that is published: any of the forms."""
        choices = list(core["choices"].values())
        shown = choices[: len(choices) - self.hidden]
        return {"anyOf": [handler(each) for each in shown]}
