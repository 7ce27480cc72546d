"""The superadditive cover of a game, and games whose cost of stability follows from it.

The cover of a coalition is the largest total worth of the parts of any of its partitions. No
payment that gives each coalition its worth is below the cover of the whole bloc. In one of n orders
of arrival, or its reverse, each member can be paid what the coalitions that it completes still
lack: this gives each coalition its worth, too. Where an order pays no more than the cover, both are
the smallest payment, in whole numbers, and no solver is needed. Nearly all games of blocs are of
this kind.

Source: meir2011 (the superadditive cover bounds the subsidy).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from jaxtyping import Int

Worths = Int[np.ndarray, "coalitions games"]  # whole units; the empty coalition has none


def superadditive_cover(worth: Worths) -> Int[np.ndarray, "coalitions games"]:
    """Return the largest total worth of the parts of a partition of each coalition."""
    cover = worth.copy()
    for coalition in range(1, len(worth)):
        left = _without_first(coalition)  # to the other parts
        if left.size:
            whole = worth[coalition ^ left] + cover[left]
            np.maximum(cover[coalition], whole.max(axis=0), out=cover[coalition])
    return cover


def least_payment(worth: Worths) -> tuple[Int[np.ndarray, " games"], np.ndarray]:
    """Return the cover of the whole bloc, and whether it is the smallest payment, by game."""
    size = len(worth).bit_length() - 1
    cover = superadditive_cover(worth)[-1]
    met = np.zeros(cover.shape, dtype=bool)
    for order in _orders(size):
        met[~met] = _paid(worth[:, ~met], order) == cover[~met]
    return cover, met


def _without_first(coalition: int) -> np.ndarray:
    """Return the parts of a coalition, the empty one left out, that lack its first member."""
    rest = coalition & (coalition - 1)
    parts = np.zeros(1, dtype=np.int64)
    while rest:
        parts = np.concatenate((parts, parts | (rest & -rest)))
        rest &= rest - 1
    return parts[1:]


def _orders(size: int) -> Iterator[Sequence[int]]:
    """Yield the orders of arrival that are tried: rotations of the members and their reverses."""
    for first in range(size):
        order = [*range(first, size), *range(first)]
        yield order
        yield order[::-1]


def _paid(worth: Worths, order: Sequence[int]) -> Int[np.ndarray, " games"]:
    """Return the sum of payments if each member gets what the coalitions it completes lack."""
    there = np.zeros(1, dtype=np.int64)
    given = np.zeros((1, worth.shape[1]), dtype=np.int64)
    for member in order:
        joined = there | 1 << member
        share = (worth[joined] - given).max(axis=0)
        there = np.concatenate((there, joined))
        given = np.concatenate((given, given + share))
    return np.asarray(given[-1])
