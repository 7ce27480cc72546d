"""Index tables of the market: offers by kind, rivals of buyers, and the shots between them.

Offers are sorted by kind: first other systems, then strike systems, then air defence.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from sim.kernel.arrays import Groups
from sim.kernel.layout.strike_index import StrikeIndex

OTHER, STRIKE, SHIELD = 0, 1, 2  # kinds of offers


@dataclass(frozen=True, kw_only=True, eq=False)
class MarketIndex:
    """Rival dyads of buyers, and the shots that an offer to the buyer may change."""

    index: StrikeIndex
    buyers: np.ndarray  # states that import
    system: np.ndarray  # (offers,)

    @cached_property
    def kinds(self) -> np.ndarray:
        """Return the kind of each offer, ascending: (offers,)."""
        shield = np.isin(self.index.class_of[self.system], self.index.shields)
        return np.where(np.isin(self.system, self.index.strikers), STRIKE, SHIELD * shield)

    def offers(self, kind: int) -> slice:
        """Return the offers of a kind."""
        first, last = np.searchsorted(self.kinds, [kind, kind + 1]).tolist()
        return slice(first, last)

    @cached_property
    def dyads(self) -> np.ndarray:
        """Return the dyads from a buyer to a rival."""
        return np.nonzero(np.isin(self.index.dyad_from, self.buyers))[0]

    @cached_property
    def place(self) -> np.ndarray:
        """Return for each row of `dyads` the place of the buyer among the buyers."""
        return np.asarray(np.searchsorted(self.buyers, self.index.dyad_from[self.dyads]))

    @cached_property
    def by_buyer(self) -> Groups:
        """Return the rows of `dyads` grouped by buyer."""
        return Groups(self.place, self.buyers.size)

    @cached_property
    def answers(self) -> tuple[np.ndarray, Groups]:
        """Return the shots of buyers at rivals, and these grouped by row of `dyads`."""
        return self._shots(self.dyads)

    @cached_property
    def threats(self) -> tuple[np.ndarray, Groups]:
        """Return the shots of rivals at buyers, and these grouped by row of `dyads`."""
        return self._shots(self.index.reverse[self.dyads])

    def _shots(self, dyads: np.ndarray) -> tuple[np.ndarray, Groups]:
        """Return the shots of some dyads, and these grouped by their place in the list."""
        shots = [np.nonzero(self.index.shot_dyad == dyad)[0] for dyad in dyads]
        place = np.repeat(np.arange(dyads.size), [each.size for each in shots])
        return np.concatenate([np.zeros(0, dtype=np.int64), *shots]), Groups(place, dyads.size)
