"""Flips: the smallest change of one number that would have altered a choice, all else equal."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from sim.explain.balance import TWO_VALUED, Balance, Key

GRID = 64  # steps to either end in the search for a change
HALVINGS = 60


@dataclass(frozen=True, kw_only=True)
class Turn:
    """A number that alters a choice: its value, the new value, and the new choice."""

    key: Key
    value: float
    to: float
    share: float  # size of the change as a share of the number's range
    becomes: int


def turns(balance: Balance, keys: Iterable[Key] | None = None) -> list[Turn]:
    """Return the smallest change of each number that alters the choice, smallest first.

    A change is measured by the range of its number. Numbers that cannot alter the choice within
    their range are left out.
    """
    found = [turn_of(balance, key) for key in (balance.inputs if keys is None else keys)]
    return sorted((each for each in found if each is not None), key=lambda each: each.share)


def turn_of(balance: Balance, key: Key) -> Turn | None:
    """Return the smallest change of a number that alters the choice, or None."""
    value, (low, high) = balance.inputs[key], balance.ends[key]
    changed = [_changed(balance, key, end) for end in (low, high) if end != value]
    reached = [to for to in changed if to is not None]
    if not reached:
        return None
    to = min(reached, key=lambda each: abs(each - value))
    return Turn(
        key=key,
        value=value,
        to=to,
        share=abs(to - value) / (high - low),
        becomes=int(balance.verdict(key, np.array([to]))[0]),
    )


def _changed(balance: Balance, key: Key, end: float) -> float | None:
    """Return the value nearest to the present one, on the way to an end, that alters the choice."""
    value = balance.inputs[key]
    steps = np.ones(1) if key[0] in TWO_VALUED else np.linspace(0.0, 1.0, GRID + 1)[1:]
    way = value + (end - value) * steps
    turned = balance.verdict(key, way) != balance.choice
    if not turned.any():
        return None
    at = int(turned.argmax())
    before, after = (value if at == 0 else float(way[at - 1])), float(way[at])
    if key[0] in TWO_VALUED:
        return after
    for _ in range(HALVINGS):
        middle = (before + after) / 2
        if middle in (before, after):
            break
        if balance.verdict(key, np.array([middle]))[0] != balance.choice:
            after = middle
        else:
            before = middle
    return after
