"""Declared arrays: axes, range, meaning, what changes them, and the path by which they are set.

Compilation, cuts to some runs, displays, bounds and checks all read these declarations
(`arrays_of`).
"""

from dataclasses import dataclass, field, fields
from functools import cache
from math import inf, isfinite
from typing import Any

import numpy as np

Real = int | float
LEAST = 1e-9  # lower bound of numbers that must be positive


@dataclass(frozen=True, kw_only=True)
class Array:
    """The declaration of an array, without its name."""

    doc: str
    axes: tuple[str, ...]  # runs last
    low: Real  # both ends included
    high: Real
    moves: bool  # whether the laws move it; else only events and designs change it
    set_by: str  # path by which an event may set it, such as `offers.NAME.open`; empty: not at all
    endless: bool  # whether it may be infinite
    dtype: Any
    blank: Real  # value before the first event

    @property
    def bounded(self) -> bool:
        """Return whether the range has two ends."""
        return isfinite(self.low) and isfinite(self.high)


def array(
    doc: str,
    low: Real = -inf,
    high: Real = inf,
    *,
    moves: bool = False,
    set_by: str = "",
    endless: bool = False,
    dtype: Any = np.float64,
    blank: Real = 0.0,
) -> Any:
    """Return a dataclass field that carries the range and the meaning of its array.

    `set_by` may name the block alone if key and array have the same name.
    """
    known = {"low": low, "high": high, "moves": moves, "set_by": set_by, "endless": endless}
    return field(metadata={"array": {"doc": doc, "dtype": dtype, "blank": blank, **known}})


@cache
def arrays_of(record: type) -> dict[str, Array]:
    """Return the arrays that a record declares, by name, in the order of declaration."""
    arrays = {}
    for each in fields(record):
        if "array" in each.metadata:
            known = dict(each.metadata["array"])
            if known["set_by"] and "." not in known["set_by"]:
                known["set_by"] += f".NAME.{each.name}"
            arrays[each.name] = Array(axes=axes_of(each.type), **known)
    return arrays


def axes_of(kind: Any) -> tuple[str, ...]:
    """Return the names of the axes of a type of array, such as `Dyadic`."""
    return tuple(kind.dim_str.replace("#", "").split())
