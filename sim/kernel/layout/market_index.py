"""Rows that the market weighs: which rivals and which shots an offer matters for, if bought.

Fixed lists, from which the market step repeats rows for the runs in which a buyer looks at an
offer. Offers come by kind: first those that neither strike nor shield, then strike systems, then
air defence.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from sim.kernel.layout.strike_index import StrikeIndex

OTHER, STRIKE, SHIELD = 0, 1, 2  # kinds of offers


@dataclass(frozen=True, kw_only=True, eq=False)
class RivalRows:
    """Rows of an offer, a buyer and one of its rivals."""

    parent: np.ndarray  # the row of offer and buyer
    dyads: tuple[np.ndarray, np.ndarray]  # from the buyer to the rival, and back
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


@dataclass(frozen=True, kw_only=True, eq=False)
class MarketIndex:
    """Rows of offers and buyers, of these and rivals, and of those and shots."""

    index: StrikeIndex
    buyers: np.ndarray  # states that import
    system: np.ndarray  # (offers,)

    @cached_property
    def kinds(self) -> np.ndarray:
        """Return the kind of each offer, ascending: (offers,)."""
        shield = np.isin(self.index.class_of[self.system], self.index.shields)
        return np.where(np.isin(self.system, self.index.strikers), STRIKE, SHIELD * shield)

    @cached_property
    def offer(self) -> np.ndarray:
        """Return the offer of each row of offers and buyers, offers first."""
        return np.repeat(np.arange(self.system.size), self.buyers.size)

    @cached_property
    def buyer(self) -> np.ndarray:
        """Return the place of the buyer, among the buyers, of each row of offers and buyers."""
        return np.tile(np.arange(self.buyers.size), self.system.size)

    @cached_property
    def _buyer_dyads(self) -> np.ndarray:
        """Return the dyads i to j whose i is a buyer."""
        return np.nonzero(np.isin(self.index.dyad_from, self.buyers))[0]

    @cached_property
    def rivals(self) -> RivalRows:
        """Return the rows of offers, buyers and rivals."""
        index, dyads = self.index, self._buyer_dyads
        place = np.searchsorted(self.buyers, index.dyad_from[dyads])
        offer = np.repeat(np.arange(self.system.size), dyads.size)
        dyad = np.tile(dyads, self.system.size)
        return RivalRows(
            parent=offer * self.buyers.size + np.tile(place, self.system.size),
            dyads=(dyad, index.reverse[dyad]),
            buyer=index.dyad_from[dyad],
            rival=index.dyad_to[dyad],
            offer=offer,
        )

    @cached_property
    def ends(self) -> list[int]:
        """Return where the rows of `rivals` of each kind of offer begin, and the end: 4 numbers."""
        ends = np.searchsorted(self.kinds, np.arange(4)) * self._buyer_dyads.size
        return [int(end) for end in ends]

    @cached_property
    def answers(self) -> ShotRows:
        """Return the shots of buyers to which a strike offer adds."""
        return self._shots(STRIKE, self._buyer_dyads)

    @cached_property
    def shields(self) -> ShotRows:
        """Return the shots at buyers that air defence thins out."""
        return self._shots(SHIELD, self.index.reverse[self._buyer_dyads])

    def _shots(self, kind: int, dyads: np.ndarray) -> ShotRows:
        """Return the shots of some dyads, one a buyer's, for each offer of one kind."""
        index = self.index
        shots = [np.nonzero(index.shot_dyad == dyad)[0] for dyad in dyads]
        place = np.repeat(np.arange(dyads.size), [each.size for each in shots])
        offers = np.nonzero(self.kinds == kind)[0]
        shot = np.tile(np.concatenate([np.zeros(0, dtype=np.int64), *shots]), offers.size)
        return ShotRows(
            parent=(offers[:, None] * dyads.size + place).reshape(-1),
            shot=shot,
            offer=np.repeat(offers, place.size),
            asset=index.shot_asset[shot],
            owner=index.dyad_to[index.shot_dyad[shot]],
        )
