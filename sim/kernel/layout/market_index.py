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
    from sim.kernel.layout.layout import Layout

OTHER, STRIKE, SHIELD = 0, 1, 2  # kinds of offers


@dataclass(frozen=True, eq=False)
class MarketIndex:
    """Rows of offers and buyers, of these and rivals, and of those and shots."""

    layout: Layout

    @cached_property
    def kinds(self) -> np.ndarray:
        """Return the kind of each offer, ascending: (offers,)."""
        layout = self.layout
        shield = np.isin(layout.class_of[layout.system], layout.shields)
        return np.where(np.isin(layout.system, layout.strikers), STRIKE, SHIELD * shield)

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
    def rivals(self) -> RivalRows:
        """Return the rows of offers, buyers and rivals."""
        layout, (pairs, place) = self.layout, self._arming
        offers = np.arange(len(layout.offers))
        offer, pair = np.repeat(offers, pairs.size), np.tile(pairs, offers.size)
        return RivalRows(
            parent=offer * layout.buyers.size + np.tile(place, offers.size),
            pairs=(pair, layout.back[pair]),
            buyer=layout.pair_i[pair],
            rival=layout.pair_j[pair],
            offer=offer,
        )

    @cached_property
    def ends(self) -> list[int]:
        """Return where the rows of `rivals` of each kind of offer begin, and the end: 4 numbers."""
        ends = np.searchsorted(self.kinds, np.arange(4)) * self._arming[0].size
        return [int(end) for end in ends]

    @cached_property
    def answers(self) -> ShotRows:
        """Return the shots of buyers to which a strike offer adds."""
        return self._shots(STRIKE, self._arming[0])

    @cached_property
    def shields(self) -> ShotRows:
        """Return the shots at buyers that air defence thins out."""
        return self._shots(SHIELD, self.layout.back[self._arming[0]])

    def _shots(self, kind: int, pairs: np.ndarray) -> ShotRows:
        """Return rows of `rivals` with the shots of the pairs given, for offers of one kind."""
        layout = self.layout
        own = [np.nonzero(layout.shot_pair == pair)[0] for pair in pairs]
        place = np.repeat(np.arange(pairs.size), [each.size for each in own])
        offers = np.nonzero(self.kinds == kind)[0]
        shot = np.tile(np.concatenate([np.zeros(0, dtype=np.int64), *own]), offers.size)
        return ShotRows(
            parent=(offers[:, None] * pairs.size + place).reshape(-1),
            shot=shot,
            offer=np.repeat(offers, place.size),
            asset=layout.shot_asset[shot],
            owner=layout.pair_j[layout.shot_pair[shot]],
        )


@dataclass(frozen=True, kw_only=True, eq=False)
class RivalRows:
    """Rows of an offer, a buyer and one of its rivals."""

    parent: np.ndarray  # the row of offer and buyer
    pairs: tuple[np.ndarray, np.ndarray]  # from the buyer to the rival, and back
    buyer: np.ndarray  # state
    rival: np.ndarray  # state
    offer: np.ndarray


@dataclass(frozen=True, kw_only=True, eq=False)
class ShotRows:
    """Rows of an offer, a buyer, a rival and an asset at which one of them shoots."""

    parent: np.ndarray  # the row of offer, buyer and rival
    shot: np.ndarray
    offer: np.ndarray
    asset: np.ndarray
    owner: np.ndarray  # state whose asset it is
