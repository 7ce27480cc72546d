"""A quantity: one number for each run, computed from a history; with a band, a check."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Annotated, Any

import numpy as np
from pydantic import BaseModel, ConfigDict, model_validator

from sim.documents.leaves import Choice, Flag, Json, Names, Range, Text, named, refuse
from sim.documents.nodes import Steps
from sim.documents.tree import Note, YamlBlock, fields_of
from sim.documents.window import Span, Window
from sim.patterns.history import History
from sim.patterns.measures import SIDES

USES = ("fit", "judge")

SpanOf = Annotated[Window, Span("Window of time, ends included.")]
Months = Annotated[int, Range(unit="months", low=-600, high=600, whole=True)]
SupplierNames = Annotated[Names, named("Suppliers; a bloc means its members.", *SIDES)]


class Band(YamlBlock):
    """The range in which the median of the ensemble has to lie; either bound may be left out."""

    low: Annotated[float, Range("Least value.", plain=True)] | None = None
    high: Annotated[float, Range("Greatest value.", plain=True)] | None = None

    @model_validator(mode="after")
    def _forward(self) -> Band:
        if self.low is None and self.high is None:
            refuse("needs low, high or both")
        if self.low is not None and self.high is not None and self.low > self.high:
            refuse("low must not be more than high")
        return self

    def holds(self, value: float) -> bool:
        """Return whether a value lies in the band; nan does not."""
        low = float("-inf") if self.low is None else self.low
        high = float("inf") if self.high is None else self.high
        return low <= value <= high


def _with_word(schema: Json, quantity: type[Quantity]) -> None:
    """Require the word of a quantity in its JSON Schema."""
    schema["properties"]["quantity"] = {"enum": [quantity.word()]}


class Quantity(YamlBlock):
    """A number that a check of a pattern computes from a history, and the band for it.

    A subclass is one quantity. Its name in snake case is the word for it in YAML, its fields are
    its schema, and `value` computes it.
    """

    model_config = ConfigDict(json_schema_extra=_with_word)

    quantity: Annotated[str, Text()]
    band: Band | None = None
    historical: Annotated[float, Range("Documented value of history.", plain=True)] | None = None
    use: Annotated[str, Choice("In place of the pattern's use.", USES)] | None = None
    scored: Annotated[bool, Flag("Whether the verdict is scored.")] = True
    note: Note | None = None

    def value(self, history: History) -> np.ndarray:
        """Return the quantity in every run: (runs,), nan where it is undefined.

        NotCovered says what the record lacks.
        """
        raise NotImplementedError

    def every_window(self, *, dates: bool = False) -> list[Window]:
        """Return every window in the order of the fields; with `dates`, given dates as well."""
        return [
            part
            for path, part in parts_of(self, ())
            if isinstance(part, Window) and (dates or "dates" not in path)
        ]

    @classmethod
    def word(cls) -> str:
        """Return the word for the quantity in YAML."""
        return re.sub("(?<=.)(?=[A-Z])", "_", cls.__name__).lower()


def parts_of(part: Any, steps: Steps) -> Iterator[tuple[Steps, Any]]:
    """Yield (path as written in YAML, part) for a part of a pattern and all parts below it."""
    yield steps, part
    if isinstance(part, Window):
        return
    if isinstance(part, BaseModel):
        for key, field in fields_of(type(part)).items():
            below = getattr(part, field.attribute)
            if below is not None:
                yield from parts_of(below, (*steps, key))
    elif isinstance(part, dict):
        for key, each in part.items():
            yield from parts_of(each, (*steps, key))
    elif isinstance(part, tuple):
        for at, each in enumerate(part):
            yield from parts_of(each, (*steps, at))
