"""The vocabulary of quantities: what a check of a pattern can ask of a record."""

from __future__ import annotations

from typing import Annotated, Any

import numpy as np
from pydantic import model_validator

from sim.documents.leaves import Flag, Ref, refuse
from sim.documents.tree import OneOf, Unknown
from sim.patterns.allegiance import Answered, Stay
from sim.patterns.composition import (
    Change,
    Correlation,
    CrossoverYear,
    FirstYear,
    Hhi,
    Leaders,
    Level,
    Ratio,
    Share,
    Suppliers,
    Variation,
)
from sim.patterns.history import History
from sim.patterns.quantity import Quantity
from sim.patterns.sequence import (
    Delay,
    Followed,
    HazardRatio,
    Ladder,
    Order,
)

SIMPLE = (
    Share, Ratio, Hhi, Suppliers, Level, FirstYear, CrossoverYear, Leaders, HazardRatio,
    Followed, Delay, Ladder, Correlation, Variation, Order, Answered, Change, Stay,
)  # fmt: skip


def _quantity(value: Any) -> str:
    """Return the quantity that a mapping names."""
    if isinstance(value, Quantity):
        return value.quantity
    word = value.get("quantity") if isinstance(value, dict) else None
    return word if isinstance(word, str) else ""


def _union(kinds: tuple[type[Quantity], ...]) -> OneOf:
    """Return the choice between some quantities."""
    known = tuple((kind.word(), kind) for kind in kinds)
    unknown = Annotated[Any, Unknown(key="quantity", names=tuple(kind.word() for kind in kinds))]
    return OneOf(tag_of=_quantity, options=(*known, ("unknown quantity", unknown)), hidden=1)


Simple = Annotated[Any, _union(SIMPLE)]


class Difference(Quantity):
    """One quantity less another, or less itself in another variant; or the sign of that."""

    of: Simple
    less: Simple | None = None
    versus: Annotated[str, Ref(kind="variant", doc="Variant in which it is taken off.")] | None = (
        None
    )
    sign: Annotated[bool, Flag(doc="Whether only the sign counts: -1, 0 or 1.")] = True

    @model_validator(mode="after")
    def _one_of_two(self) -> Difference:
        """Refuse a difference to nothing, or to two things."""
        if (self.less is None) == (self.versus is None):
            message = "needs exactly one of less and versus"
            raise refuse(message)
        return self

    def value(self, history: History) -> np.ndarray:
        own = np.asarray(self.of.value(history))
        return own if self.less is None else self.between(own, self.less.value(history))

    def between(self, own: np.ndarray, other: np.ndarray) -> np.ndarray:
        """Return one value less another, or only the sign; equal infinities do not differ."""
        with np.errstate(invalid="ignore"):
            gap = np.where(own == other, 0.0, own - other)
        return np.asarray(np.sign(gap) if self.sign else gap)


QUANTITIES: dict[str, type[Quantity]] = {kind.word(): kind for kind in (*SIMPLE, Difference)}
AnyQuantity = Annotated[Any, _union((*SIMPLE, Difference))]
