"""Slips: which number was probably meant by one out of bounds, or by a list."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

from sim.kernel.words import number

_HUNDRED, _FEW = 100, 3  # whole in per cent; number from which a pure share looks like per cent
_POLE, _PLACES = 90.0, 6  # degrees of latitude; decimals of a middle
_ENDS = 2  # of a range
PURE = ("", "1")  # units of a number that is a share of nothing


def in_percent(value: float, low: float, high: float, unit: str) -> str:
    """Return the remedy if a share may have been given in per cent; `unit` says of what."""
    pure = unit in PURE
    is_share = high <= 1 and (low >= 0 or not pure)
    few = _FEW if pure else math.nextafter(high, math.inf)
    if not is_share or not few <= value <= _HUNDRED * high:
        return ""
    return f": {number(value)} % is {number(value / _HUNDRED)}"


def turned(value: float, high: float, unit: str) -> str:
    """Return the remedy if a longitude may have been given as a latitude."""
    if (unit, high) != ("degrees", _POLE) or abs(value) > 2 * _POLE:
        return ""
    return ": is it the longitude? exchange latitude and longitude"


def ends(values: Sequence[Any], outside: Callable[[float], str]) -> str:
    """Return the remedy if the ends of an uncertain number may have been given as a list.

    `outside` returns the fault of a number out of bounds.
    """
    real = all(isinstance(each, int | float) and not isinstance(each, bool) for each in values)
    if len(values) != _ENDS or not real:
        return ""
    low, high = sorted(values)
    if not (math.isfinite(low) and low < high < math.inf) or outside(low) or outside(high):
        return ""
    middle = number(round((low + high) / 2, _PLACES))
    known = f"value: {middle}, dist: uniform, low: {number(low)}, high: {number(high)}"
    return f": for an uncertain number write {{{known}}}"
