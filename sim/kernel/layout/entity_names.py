"""Names of all entities, and their hashes, which are addresses of draws."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from sim.kernel.arrays import NONE
from sim.kernel.dates import Calendar
from sim.kernel.noise import entities


@dataclass(frozen=True, kw_only=True, eq=False)
class EntityNames:
    """Names of states, blocs, systems and offers, and the calendar."""

    calendar: Calendar
    states: tuple[str, ...]
    classes: tuple[str, ...]
    systems: tuple[str, ...]
    offers: tuple[str, ...]
    conditions: tuple[str, ...]  # of the units of each offer: new, refurbished or second_hand
    blocs: tuple[str, ...]
    assets: tuple[str, ...]
    queries: tuple[tuple[str, str], ...]  # (offer, recipient) whose consent is recorded

    @cached_property
    def state_keys(self) -> np.ndarray:
        """Return the hashed names of the states."""
        return entities(self.states)

    @cached_property
    def offer_keys(self) -> np.ndarray:
        """Return the hashed names of the offers."""
        return entities(self.offers)

    @cached_property
    def bloc_keys(self) -> np.ndarray:
        """Return the hashed names of the blocs."""
        return entities(self.blocs)


def table_of(rows: Sequence[tuple[Any, ...]], width: int = 2) -> np.ndarray:
    """Return index tuples as a table (rows, width); it may be empty."""
    return np.array(rows, dtype=np.int64).reshape(-1, width)


def padded(lists: list[np.ndarray]) -> np.ndarray:
    """Return lists of unequal length as a table, padded with NONE, with at least one column."""
    most = max([1, *(len(each) for each in lists)])
    table = np.full((len(lists), most), NONE, dtype=np.int64)
    for row, each in enumerate(lists):
        table[row, : len(each)] = each
    return table
