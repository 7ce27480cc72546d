"""Index tables of rival dyads. Rivalry is sparse: only states with a dispute have a dyad."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from sim.kernel.arrays import NONE, Groups
from sim.kernel.layout.entity_names import EntityNames, padded
from sim.kernel.noise import entities


@dataclass(frozen=True, kw_only=True, eq=False)
class DyadIndex(EntityNames):
    """Directed rival dyads, from i to j."""

    dyad_from: np.ndarray  # (dyads,) state
    dyad_to: np.ndarray  # (dyads,) state
    neighbours: np.ndarray  # (states, most); NONE fills

    @cached_property
    def dyad_number(self) -> np.ndarray:
        """Return (states, states): the number of each dyad; NONE where there is none."""
        table = np.full((len(self.states), len(self.states)), NONE, dtype=np.int64)
        table[self.dyad_from, self.dyad_to] = np.arange(self.dyad_from.size)
        return table

    @cached_property
    def reverse(self) -> np.ndarray:
        """Return for each dyad i to j the number of the dyad j to i."""
        return np.asarray(self.dyad_number[self.dyad_to, self.dyad_from])

    @cached_property
    def rival_dyads(self) -> np.ndarray:
        """Return one directed dyad of each unordered one: from the state whose name sorts first."""
        return np.nonzero(self.dyad_from < self.dyad_to)[0]

    @cached_property
    def rival_place(self) -> np.ndarray:
        """Return for each dyad the place of its unordered one in `rival_dyads`."""
        first = np.minimum(self.dyad_from, self.dyad_to)
        second = np.maximum(self.dyad_from, self.dyad_to)
        return np.asarray(np.searchsorted(self.rival_dyads, self.dyad_number[first, second]))

    @cached_property
    def rival_dyads_by_side(self) -> tuple[Groups, Groups]:
        """Return the unordered rival dyads grouped by their first and by their second state."""
        first, second = self.dyad_from[self.rival_dyads], self.dyad_to[self.rival_dyads]
        return Groups(first, len(self.states)), Groups(second, len(self.states))

    @cached_property
    def dyads_by_sender(self) -> Groups:
        """Return the dyads i to j grouped by i."""
        return Groups(self.dyad_from, len(self.states))

    @cached_property
    def dyads_by_target(self) -> Groups:
        """Return the dyads i to j grouped by j."""
        return Groups(self.dyad_to, len(self.states))

    @cached_property
    def sender_dyads(self) -> np.ndarray:
        """Return (states, most): the dyads i to j of each state i; NONE fills."""
        return padded([np.nonzero(self.dyad_from == i)[0] for i in range(len(self.states))])

    @cached_property
    def target_dyads(self) -> np.ndarray:
        """Return (states, most): the dyads i to j of each state j; NONE fills."""
        return padded([np.nonzero(self.dyad_to == j)[0] for j in range(len(self.states))])

    @cached_property
    def dyad_names(self) -> tuple[str, ...]:
        """Return the names of the unordered rival dyads, such as `ARM-AZE`."""
        first, second = self.dyad_from[self.rival_dyads], self.dyad_to[self.rival_dyads]
        pairs = zip(first, second, strict=True)
        return tuple(f"{self.states[i]}-{self.states[j]}" for i, j in pairs)

    @cached_property
    def dyad_keys(self) -> np.ndarray:
        """Return the hashed names of the unordered rival dyads."""
        return entities(self.dyad_names)
