"""Index tables of blocs: members, fellow members, appeals, possible helpers, and harm by sales."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from sim.kernel.arrays import Groups
from sim.kernel.layout.dyad_index import DyadIndex
from sim.kernel.layout.entity_names import padded, table_of


@dataclass(frozen=True, kw_only=True, eq=False)
class BlocIndex(DyadIndex):
    """Blocs and the states that are or may become members."""

    leader: np.ndarray  # (blocs,) state
    eligible: np.ndarray  # (states, blocs): who is a member or may become one
    customs: np.ndarray  # blocs with a custom on what members buy
    has_pivotal: bool  # whether some bloc deters both sides
    has_inside: bool  # whether some bloc has a share of harm by sales to members
    founded: np.ndarray  # (states, blocs): who is a member at the start
    candidates: np.ndarray  # (states, blocs): who may join by itself
    has_scope: bool  # whether some treaty binds against some states, or for some members, alone
    scope: np.ndarray  # (blocs, states) 1 where the treaty binds against a state, else 0
    area: np.ndarray  # (blocs, states) 1 where it covers the territory of a state, else 0
    watched_dyads: tuple[tuple[int, int], ...]  # further dyads whose affinity is recorded

    @cached_property
    def leads(self) -> np.ndarray:
        """Return (states, blocs, 1): 1 where a state leads a bloc, else 0."""
        table = np.zeros((*self.eligible.shape, 1))
        table[self.leader, np.arange(len(self.blocs))] = 1.0
        return table

    @cached_property
    def covers(self) -> np.ndarray:
        """Return (blocs, states, states, 1): 1 where a treaty covers an attack on i by j."""
        return np.asarray(self.area[:, :, None] * self.scope[:, None])[..., None]

    @cached_property
    def member_index(self) -> np.ndarray:
        """Return (members, 2): each state and each bloc that it is or may become a member of."""
        return np.argwhere(self.eligible)

    @cached_property
    def bloc_members(self) -> np.ndarray:
        """Return (blocs, most): who is or may become a member of each bloc; NONE fills."""
        return padded([np.nonzero(each)[0] for each in self.eligible.T])

    @cached_property
    def candidate_rows(self) -> np.ndarray:
        """Return the rows of `member_index` of states that may join by themselves."""
        return np.nonzero(self.candidates[tuple(self.member_index.T)])[0]

    @cached_property
    def members_by_bloc(self) -> Groups:
        """Return the rows of `member_index` grouped by bloc."""
        return Groups(self.member_index[:, 1], len(self.blocs))

    @cached_property
    def founders(self) -> np.ndarray:
        """Return (members, 1): 1 for rows of `member_index` that are members at the start."""
        return np.asarray(1.0 * self.founded[tuple(self.member_index.T)])[:, None]

    @cached_property
    def camp_index(self) -> np.ndarray:
        """Return (pairs, 3): bloc, and unordered pairs of its members and of these with rivals.

        Rivals are states with which one that is or may become a member has a dispute.
        """
        pairs = []
        for b, inside in enumerate(self.eligible.T):
            rival = np.zeros(len(inside), dtype=bool)
            rival[self.dyad_to[inside[self.dyad_from]]] = True
            near = np.nonzero(inside | rival)[0].tolist()
            pairs += [(b, i, j) for i in near for j in near if i < j and (inside[i] or inside[j])]
        return np.array(pairs, dtype=np.int64).reshape(-1, 3)

    @cached_property
    def camps_by_bloc(self) -> Groups:
        """Return the rows of `camp_index` grouped by bloc."""
        return Groups(self.camp_index[:, 0], len(self.blocs))

    @cached_property
    def fellow_index(self) -> np.ndarray:
        """Return (fellows, 2): each row of `member_index` and each other state of that bloc."""
        return table_of(
            [
                (row, k)
                for row, (i, b) in enumerate(self.member_index)
                for k in np.nonzero(self.eligible[:, b])[0]
                if k != i
            ]
        )

    @cached_property
    def fellows_by_member(self) -> Groups:
        """Return the rows of `fellow_index` grouped by member."""
        return Groups(self.fellow_index[:, 0], len(self.member_index))

    @cached_property
    def _fellows(self) -> tuple[np.ndarray, Groups]:
        i, k = self.member_index[self.fellow_index[:, 0], 0], self.fellow_index[:, 1]
        return distinct(np.stack([i, k], axis=1))

    @property
    def fellow_dyads(self) -> np.ndarray:
        """Return (dyads, 2): the states i and k that may share a bloc."""
        return self._fellows[0]

    @property
    def fellows_by_dyad(self) -> Groups:
        """Return the rows of `fellow_index` grouped by row of `fellow_dyads`."""
        return self._fellows[1]

    @cached_property
    def may_share_bloc(self) -> np.ndarray:
        """Return (states, states): whether two states may share a bloc."""
        table = np.zeros((len(self.states), len(self.states)), dtype=bool)
        table[tuple(self.fellow_dyads.T)] = True
        return table

    @cached_property
    def inner_index(self) -> np.ndarray:
        """Return (rows, 2): each row of `member_index` and each dyad of it with a fellow member."""
        return table_of(
            [
                (row, p)
                for row, (i, b) in enumerate(self.member_index)
                for p in np.nonzero(self.dyad_from == i)[0]
                if self.eligible[self.dyad_to[p], b]
            ]
        )

    @cached_property
    def inner_by_member(self) -> Groups:
        """Return the rows of `inner_index` grouped by member."""
        return Groups(self.inner_index[:, 0], len(self.member_index))

    @cached_property
    def tie_index(self) -> np.ndarray:
        """Return (ties, 2): dyads whose affinity is recorded: rival, of fellows, or watched."""
        dyads = {*zip(self.dyad_from.tolist(), self.dyad_to.tolist(), strict=True)}
        dyads |= {*self.watched_dyads, *((i, k) for i, k in self.fellow_dyads.tolist())}
        return table_of(sorted(dyads))

    @cached_property
    def appeal_index(self) -> np.ndarray:
        """Return (appeals, 2): each bloc, and each dyad i to j in which i may appeal to it."""
        return table_of(
            [
                (b, p)
                for b in range(len(self.blocs))
                for p, i in enumerate(self.dyad_from)
                if self.eligible[i, b]
            ]
        )

    @cached_property
    def appeals_by_dyad(self) -> Groups:
        """Return the appeals grouped by dyad."""
        return Groups(self.appeal_index[:, 1], self.dyad_from.size)

    @cached_property
    def appeals_by_adversary(self) -> Groups:
        """Return the appeals grouped by bloc and by the rival, blocs first."""
        bloc, dyad = self.appeal_index.T
        size = len(self.states)
        return Groups(bloc * size + self.dyad_to[dyad], len(self.blocs) * size)

    @cached_property
    def _pleaders(self) -> tuple[np.ndarray, Groups]:
        bloc, dyad = self.appeal_index.T
        return distinct(np.stack([self.dyad_from[dyad], bloc], axis=1))

    @property
    def pleader_index(self) -> np.ndarray:
        """Return (pleaders, 2): states and the blocs that they may appeal to."""
        return self._pleaders[0]

    @property
    def appeals_by_pleader(self) -> Groups:
        """Return the appeals grouped by row of `pleader_index`."""
        return self._pleaders[1]

    @cached_property
    def aid_index(self) -> np.ndarray:
        """Return (aids, 2): each appeal and each helper that could answer it."""
        return table_of(
            [
                (a, k)
                for a, (b, p) in enumerate(self.appeal_index)
                for k in np.nonzero(self.eligible[:, b])[0]
                if k not in {self.dyad_from[p], self.dyad_to[p]}
            ]
        )

    @cached_property
    def aids_by_appeal(self) -> Groups:
        """Return the aids grouped by appeal."""
        return Groups(self.aid_index[:, 0], len(self.appeal_index))

    @cached_property
    def _bystanders(self) -> tuple[np.ndarray, Groups]:
        appeal, k = self.aid_index.T
        return distinct(np.stack([self.dyad_from[self.appeal_index[appeal, 1]], k], axis=1))

    @property
    def bystander_index(self) -> np.ndarray:
        """Return (bystanders, 2): victims and the states that could help them."""
        return self._bystanders[0]

    @property
    def aids_by_bystander(self) -> Groups:
        """Return the aids grouped by row of `bystander_index`."""
        return self._bystanders[1]

    @cached_property
    def harm_index(self) -> np.ndarray:
        """Return (harms, 3): each member and its bloc, and each dyad of a fellow with a rival."""
        return table_of(
            [
                (s, b, p)
                for b, p in self.appeal_index
                for s in np.nonzero(self.eligible[:, b])[0]
                if s != self.dyad_from[p]
            ],
            width=3,
        )

    @cached_property
    def _norms(self) -> tuple[np.ndarray, Groups]:
        recipient = self.dyad_to[self.harm_index[:, 2]]
        return distinct(np.column_stack([self.harm_index[:, :2], recipient]))

    @property
    def norm_index(self) -> np.ndarray:
        """Return (norms, 3): member, bloc, and recipient that is a rival of fellow members."""
        return self._norms[0]

    @property
    def harms_by_norm(self) -> Groups:
        """Return the harms grouped by row of `norm_index`."""
        return self._norms[1]

    @cached_property
    def _norm_dyads(self) -> tuple[np.ndarray, Groups]:
        return distinct(self.norm_index[:, [0, 2]])

    @property
    def norm_dyads(self) -> np.ndarray:
        """Return (dyads, 2): member, and recipient that is a rival of a fellow in any bloc."""
        return self._norm_dyads[0]

    @property
    def norms_by_dyad(self) -> Groups:
        """Return the norms grouped by row of `norm_dyads`."""
        return self._norm_dyads[1]


def distinct(rows: np.ndarray) -> tuple[np.ndarray, Groups]:
    """Return the different rows of a table, and the rows grouped by them."""
    cells, place = np.unique(rows, axis=0, return_inverse=True)
    return cells, Groups(place.reshape(-1), len(cells))
