"""What every check of a pattern may carry: its band, its documented value, how it is used."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import model_validator

from sim.documents.leaves import Choice, Flag, Range, refuse
from sim.documents.list_leaves import Names, Span, Window
from sim.documents.tree import Note, YamlBlock
from sim.patterns.measures import SIDES

USES = ("fit", "judge")

SpanOf = Annotated[Window, Span(doc="Window of time, ends included.")]
Months = Annotated[int, Range(unit="months", low=-600, high=600, whole=True)]
Suppliers = Annotated[
    tuple[str, ...], Names(kinds=SIDES, doc="Suppliers; a bloc stands for its members.")
]


class Band(YamlBlock):
    """Where the median of the ensemble has to lie; a bound that is left out is none."""

    low: Annotated[float, Range(unit="", plain=True, doc="Least value.")] | None = None
    high: Annotated[float, Range(unit="", plain=True, doc="Greatest value.")] | None = None

    @model_validator(mode="after")
    def _forward(self) -> Band:
        """Refuse a band without a bound, and one whose ends are the wrong way round."""
        if self.low is None and self.high is None:
            message = "needs low, high or both"
            raise refuse(message)
        if self.low is not None and self.high is not None and self.low > self.high:
            message = "low must not be more than high"
            raise refuse(message)
        return self

    def holds(self, value: float) -> bool:
        """Return whether a value lies in the band; what is undefined does not."""
        low = float("-inf") if self.low is None else self.low
        high = float("inf") if self.high is None else self.high
        return low <= value <= high


class Quantity(YamlBlock):
    """What every quantity may carry: its band, its documented value, how it is used."""

    name: ClassVar[str]

    band: Band | None = None
    historical: (
        Annotated[float, Range(unit="", plain=True, doc="Documented value of history.")] | None
    ) = None
    use: Annotated[str, Choice(options=USES, doc="In place of the pattern's use.")] | None = None
    scored: Annotated[bool, Flag(doc="Whether the verdict counts.")] = True
    note: Note | None = None
