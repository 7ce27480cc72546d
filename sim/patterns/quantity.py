"""A quantity: one number a run, read off a history; with its band, a check of a pattern."""

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
    """Where the median of the ensemble has to lie; a bound that is left out is none."""

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
        """Return whether a value lies in the band; what is undefined does not."""
        low = float("-inf") if self.low is None else self.low
        high = float("inf") if self.high is None else self.high
        return low <= value <= high


def _with_word(schema: Json, quantity: type[Quantity]) -> None:
    """Let the JSON Schema of a quantity ask for its word."""
    schema["properties"]["quantity"] = {"enum": [quantity.word()]}


class Quantity(YamlBlock):
    """What a check of a pattern asks of a record, and where the answer should lie.

    A subclass is one quantity: its name in small letters is the word for it in YAML, its fields are
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
        """Return the quantity in every run: (runs,), not a number where it is undefined.

        NotCovered says what a record lacks.
        """
        raise NotImplementedError

    def every_window(self, *, dates: bool = False) -> list[Window]:
        """Return every window in the order of the fields; on request with dates that are given."""
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
    """Yield a part of a pattern and all below it, each with its path as written."""
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
