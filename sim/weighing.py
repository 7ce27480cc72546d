"""Weighing: which rivals and which shots an offer matters for, if a buyer takes it.

Fixed lists, from which the market step repeats rows for the runs in which a buyer looks at an
offer. Offers come by kind: first those that neither strike nor shield, then strike systems, then
air defence.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from sim.layout import Layout

OTHER, STRIKE, SHIELD = 0, 1, 2  # kinds of offers


@dataclass(frozen=True, eq=False)
class Weighing:
    """Rows of offers and buyers, of these and rivals, and of those and shots."""

    layout: Layout

    @cached_property
    def kinds(self) -> np.ndarray:
        """Return the kind of each offer, ascending: (offers,)."""
        layout = self.layout
        strike = np.isin(layout.system, layout.strikers)
        return np.where(strike, STRIKE, SHIELD * np.isin(layout.class_of[layout.system], layout.shields))

    @cached_property
    def offer(self) -> np.ndarray:
        """Return the offer of each row of offers and buyers, offers first."""
        return np.repeat(np.arange(len(self.layout.offers)), self.layout.buyers.size)

    @cached_property
    def buyer(self) -> np.ndarray:
        """Return the place of the buyer, among the buyers, of each row of offers and buyers."""
        return np.tile(np.arange(self.layout.buyers.size), len(self.layout.offers))

    @cached_property
    def _arming(self) -> tuple[np.ndarray, np.ndarray]:
        """Return the pairs i to j whose i is a buyer, and the place of i among the buyers."""
        layout = self.layout
        pairs = np.nonzero(np.isin(layout.pair_i, layout.buyers))[0]
        return pairs, np.searchsorted(layout.buyers, layout.pair_i[pairs])

    @cached_property
    def rivals(self) -> tuple[np.ndarray, np.ndarray]:
        """Return rows of offers, buyers and rivals: the row of offer and buyer, and the pair."""
        pairs, place = self._arming
        offers = np.repeat(np.arange(len(self.layout.offers)), pairs.size)
        parent = offers * self.layout.buyers.size + np.tile(place, len(self.layout.offers))
        return parent, np.tile(pairs, len(self.layout.offers))

    @cached_property
    def ends(self) -> np.ndarray:
        """Return (4,) where the rows of `rivals` of each kind of offer begin, and the end."""
        return np.searchsorted(self.kinds, np.arange(4)) * self._arming[0].size

    @cached_property
    def answers(self) -> tuple[np.ndarray, np.ndarray]:
        """Return the row of `rivals` and the shot for each shot that a strike offer adds to."""
        return self._shots(STRIKE, self._arming[0])

    @cached_property
    def shields(self) -> tuple[np.ndarray, np.ndarray]:
        """Return the row of `rivals` and the shot for each shot that air defence thins out."""
        return self._shots(SHIELD, self.layout.back[self._arming[0]])

    def _shots(self, kind: int, pairs: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return rows of `rivals` and the shots of the pairs given, for offers of one kind."""
        own = [np.nonzero(self.layout.shot_pair == pair)[0] for pair in pairs]
        place = np.repeat(np.arange(pairs.size), [each.size for each in own])
        shots = np.concatenate([np.zeros(0, dtype=np.int64), *own])
        offers = np.nonzero(self.kinds == kind)[0]
        rows = (offers[:, None] * pairs.size + place).reshape(-1)
        return rows, np.tile(shots, offers.size)
