"""What never changes in a run: who exists, and who can meet whom.

All lists are sorted by name, systems by class first and offers by kind (see
`weighing`). Rivalry is sparse: `pairs`
lists the directed rival dyads.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from sim.kernel.arrays import Groups
from sim.kernel.dates import Calendar
from sim.kernel.layout.market_index import MarketIndex
from sim.kernel.noise import entities

NONE = -1


@dataclass(frozen=True, kw_only=True, eq=False)
class Layout:
    """Names of the entities and fixed lists of indices into them."""

    calendar: Calendar
    states: tuple[str, ...]
    classes: tuple[str, ...]
    systems: tuple[str, ...]
    offers: tuple[str, ...]
    conditions: tuple[str, ...]  # of the units of each offer: new, refurbished or second_hand
    blocs: tuple[str, ...]
    assets: tuple[str, ...]
    queries: tuple[tuple[str, str], ...]  # (offer, recipient) whose consent is recorded
    buyers: np.ndarray  # states that import
    leader: np.ndarray  # (blocs,) state
    eligible: np.ndarray  # (states, blocs): who is a member or may become one
    class_of: np.ndarray  # (systems,), ascending
    strikers: np.ndarray  # systems with a strike role
    shields: np.ndarray  # classes of air defence
    supplier: np.ndarray  # (offers,) state; the offers come by kind, see `Weighing.kinds`
    system: np.ndarray  # (offers,)
    instalments: np.ndarray  # (offers,)
    opens: np.ndarray  # (offers, 1) first period, by date
    closes: np.ndarray  # (offers, 1) last period, by date
    partners: np.ndarray  # (offers, most) licensors and states of components; NONE fills
    pair_i: np.ndarray  # (pairs,)
    pair_j: np.ndarray  # (pairs,)
    shot_pair: np.ndarray  # (shots,): attacker and owner of the asset, as a pair
    shot_asset: np.ndarray  # (shots,)
    line_shot: np.ndarray  # (lines,): a shot and a system of its attacker that has the range
    line_system: np.ndarray  # (lines,)
    neighbours: np.ndarray  # (states, most); NONE fills
    watched: tuple[tuple[int, int], ...]  # further dyads whose affinity is recorded
    slots: int  # events of one period that ask for, order or transfer arms

    @cached_property
    def back(self) -> np.ndarray:
        """Return for each directed pair i to j the number of the pair j to i."""
        size = len(self.states)
        number = {
            i * size + j: p for p, (i, j) in enumerate(zip(self.pair_i, self.pair_j, strict=True))
        }
        return np.array(
            [number[j * size + i] for i, j in zip(self.pair_i, self.pair_j, strict=True)],
            dtype=np.int64,
        )

    @cached_property
    def crises(self) -> np.ndarray:
        """Return one pair of every unordered rival dyad, the one whose first name is earlier."""
        return np.nonzero(self.pair_i < self.pair_j)[0]

    @cached_property
    def members(self) -> np.ndarray:
        """Return (members, 2): each state and each bloc that it is or may become a member of."""
        return np.argwhere(self.eligible)

    @cached_property
    def fellows(self) -> np.ndarray:
        """Return (fellows, 2): each row of `members` and each other state of that bloc."""
        found = [
            (row, k)
            for row, (i, b) in enumerate(self.members)
            for k in range(len(self.states))
            if self.eligible[k, b] and k != i
        ]
        return np.array(found, dtype=np.int64).reshape(-1, 2)

    @cached_property
    def allied(self) -> np.ndarray:
        """Return (states, states): whether two states may share a bloc."""
        table = np.zeros((len(self.states), len(self.states)), dtype=bool)
        table[self.members[self.fellows[:, 0], 0], self.fellows[:, 1]] = True
        return table

    @cached_property
    def concerned(self) -> tuple[np.ndarray, Groups]:
        """Return (concerned, 2): each bloc and each row of requests to which a member may object.

        Rows of buyers that are a rival of one member while another sells arms, and all of events;
        and their grouping by row.
        """
        events = list(range(self.buyers.size, self.rows))
        found = []
        for bloc in range(len(self.blocs)):
            inside = np.nonzero(self.eligible[:, bloc])[0]
            sellers = np.intersect1d(self.sellers, inside)
            harmed = [k for k in inside.tolist() if np.setdiff1d(sellers, [k]).size]
            rivals = self.pair_j[np.isin(self.pair_i, harmed)]
            rows = np.nonzero(np.isin(self.buyers, rivals))[0].tolist()
            found += [(bloc, row) for row in rows + events]
        table = np.array(found, dtype=np.int64).reshape(-1, 2)
        return table, Groups(table[:, 1], self.rows)

    @cached_property
    def fellowship(self) -> Groups:
        """Return the rows of `fellows` grouped by member."""
        return Groups(self.fellows[:, 0], len(self.members))

    @cached_property
    def fellow_cells(self) -> tuple[np.ndarray, Groups]:
        """Return (cells, 2): dyads that may share a bloc, and the rows of `fellows` by cell."""
        i, k = self.members[self.fellows[:, 0], 0], self.fellows[:, 1]
        return distinct(np.stack([i, k], axis=1))

    @cached_property
    def supply_groups(self) -> Groups:
        """Return the rows of `supplies` grouped by state."""
        return Groups(self.supplies[:, 0], len(self.states))

    @cached_property
    def membership(self) -> Groups:
        """Return the rows of `members` grouped by bloc."""
        return Groups(self.members[:, 1], len(self.blocs))

    @cached_property
    def ties(self) -> np.ndarray:
        """Return (ties, 2): the dyads whose affinity is recorded: rivals, fellows and `watched`."""
        pairs = {*zip(self.pair_i.tolist(), self.pair_j.tolist(), strict=True), *self.watched}
        pairs |= {(int(self.members[row, 0]), int(k)) for row, k in self.fellows}
        return np.array(sorted(pairs), dtype=np.int64).reshape(-1, 2)

    @cached_property
    def supplies(self) -> np.ndarray:
        """Return (supplies, 2): each buyer and each seller."""
        cells = [(i, s) for i in self.buyers for s in self.sellers if i != s]
        return np.array(cells, dtype=np.int64).reshape(-1, 2)

    @cached_property
    def subjects(self) -> dict[str, list[str]]:
        """Return the names of the subjects of each kind of metric, in the order of its rows."""
        names, blocs = self.states, self.blocs
        return {
            "bloc": list(blocs),
            "state": list(names),
            "member": [f"{names[i]}:{blocs[b]}" for i, b in self.members],
            "dyad": [
                f"{names[i]}>{names[j]}" for i, j in zip(self.pair_i, self.pair_j, strict=True)
            ],
            "tie": [f"{names[i]}>{names[j]}" for i, j in self.ties],
            "supply": [f"{names[s]}>{names[i]}" for i, s in self.supplies],
            "query": [
                f"{names[self.supplier[self.offers.index(o)]]}>{i} {o}" for o, i in self.queries
            ],
        }

    @cached_property
    def sides(self) -> tuple[Groups, Groups]:
        """Return the unordered rival dyads grouped by their first and by their second state."""
        size = len(self.states)
        return Groups(self.pair_i[self.crises], size), Groups(self.pair_j[self.crises], size)

    @cached_property
    def rivals(self) -> Groups:
        """Return the pairs i to j grouped by i."""
        return Groups(self.pair_i, len(self.states))

    @cached_property
    def pair_of(self) -> np.ndarray:
        """Return (states, states): the number of each directed pair; NONE where there is none."""
        table = np.full((len(self.states), len(self.states)), NONE, dtype=np.int64)
        table[self.pair_i, self.pair_j] = np.arange(self.pair_i.size)
        return table

    @cached_property
    def appeals(self) -> np.ndarray:
        """Return (appeals, 2): each bloc and each pair i to j in which i may count on it."""
        found = [
            (b, p)
            for b in range(len(self.blocs))
            for p, i in enumerate(self.pair_i)
            if self.eligible[i, b]
        ]
        return np.array(found, dtype=np.int64).reshape(-1, 2)

    @cached_property
    def aids(self) -> np.ndarray:
        """Return (aids, 2): each appeal and each helper that could answer it."""
        found = [
            (a, k)
            for a, (b, p) in enumerate(self.appeals)
            for k in range(len(self.states))
            if self.eligible[k, b] and k not in {self.pair_i[p], self.pair_j[p]}
        ]
        return np.array(found, dtype=np.int64).reshape(-1, 2)

    @cached_property
    def helped(self) -> Groups:
        """Return the aids grouped by appeal."""
        return Groups(self.aids[:, 0], len(self.appeals))

    @cached_property
    def pleaders(self) -> tuple[np.ndarray, Groups]:
        """Return (cells, 2): states and the blocs they may appeal to, and the appeals by cell."""
        bloc, pair = self.appeals.T
        return distinct(np.stack([self.pair_i[pair], bloc], axis=1))

    @cached_property
    def bystanders(self) -> tuple[np.ndarray, Groups]:
        """Return (cells, 2): victims and those that could help them, and the aids by cell."""
        appeal, k = self.aids.T
        return distinct(np.stack([self.pair_i[self.appeals[appeal, 1]], k], axis=1))

    @cached_property
    def backed(self) -> Groups:
        """Return the appeals grouped by pair."""
        return Groups(self.appeals[:, 1], self.pair_i.size)

    @cached_property
    def disputed(self) -> Groups:
        """Return the pairs i to j grouped by j."""
        return Groups(self.pair_j, len(self.states))

    @cached_property
    def harms(self) -> np.ndarray:
        """Return (harms, 3): each member and its bloc, and each pair of a fellow with a rival."""
        found = [
            (s, b, p)
            for b, p in self.appeals
            for s in np.nonzero(self.eligible[:, b])[0]
            if s != self.pair_i[p]
        ]
        return np.array(found, dtype=np.int64).reshape(-1, 3)

    @cached_property
    def harmed(self) -> tuple[np.ndarray, Groups]:
        """Return (cells, 3): member, bloc and recipient that harms fellows; `harms` by cell."""
        recipient = self.pair_j[self.harms[:, 2]]
        return distinct(np.column_stack([self.harms[:, :2], recipient]))

    @cached_property
    def norms(self) -> tuple[np.ndarray, Groups]:
        """Return (cells, 2): member and recipient in any bloc, and the cells of `harmed` by it."""
        return distinct(self.harmed[0][:, [0, 2]])

    @cached_property
    def actors(self) -> np.ndarray:
        """Return the states that may have a say in a sale: suppliers and partners."""
        return np.unique(np.concatenate([self.supplier, self.partners[self.partners != NONE]]))

    @cached_property
    def led(self) -> tuple[tuple[int, np.ndarray], ...]:
        """Return each leader among the actors, by its place there, and the blocs that it leads."""
        leaders = [n for n, state in enumerate(self.actors) if state in self.leader]
        return tuple((n, np.nonzero(self.leader == self.actors[n])[0]) for n in leaders)

    @cached_property
    def sellers(self) -> np.ndarray:
        """Return the states that have an offer."""
        return np.unique(self.supplier)

    @cached_property
    def arming_members(self) -> np.ndarray:
        """Return (rows, 2): the rows of `members` whose state sells arms."""
        return self.members[np.isin(self.members[:, 0], self.sellers)]

    @cached_property
    def disputing(self) -> Groups:
        """Return the appeals grouped by bloc and by the rival, blocs first."""
        size = len(self.states)
        cell = self.appeals[:, 0] * size + self.pair_j[self.appeals[:, 1]]
        return Groups(cell, len(self.blocs) * size)

    @cached_property
    def seller(self) -> np.ndarray:
        """Return for each offer the place of its supplier among the sellers."""
        return np.asarray(np.searchsorted(self.sellers, self.supplier))

    @cached_property
    def targets(self) -> Groups:
        """Return the shots grouped by pair."""
        return Groups(self.shot_pair, self.pair_i.size)

    @cached_property
    def lines(self) -> Groups:
        """Return the lines grouped by shot."""
        return Groups(self.line_shot, self.shot_pair.size)

    @cached_property
    def strikes(self) -> np.ndarray:
        """Return (systems,): whether a system has a strike role."""
        return np.isin(np.arange(len(self.systems)), self.strikers)

    @cached_property
    def class_ends(self) -> np.ndarray:
        """Return (classes + 1,): where the systems of each class begin and end."""
        return np.searchsorted(self.class_of, np.arange(len(self.classes) + 1))

    @cached_property
    def rival_of(self) -> np.ndarray:
        """Return (states, most): the pairs k to i by which state i is k's rival; NONE fills."""
        lists = [np.nonzero(self.pair_j == i)[0] for i in range(len(self.states))]
        return padded(lists)

    @cached_property
    def rivals_of(self) -> np.ndarray:
        """Return (states, most): the pairs i to j by which each state i has rivals; NONE fills."""
        return padded([np.nonzero(self.pair_i == i)[0] for i in range(len(self.states))])

    @cached_property
    def weighing(self) -> MarketIndex:
        """Return which rivals and shots an offer matters for."""
        return MarketIndex(self)

    @cached_property
    def rows(self) -> int:
        """Return the number of requests that a period can hold."""
        return self.buyers.size + self.slots

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

    @cached_property
    def dyad_keys(self) -> np.ndarray:
        """Return the hashed names of the unordered rival dyads, such as `ARM-AZE`."""
        first, second = self.pair_i[self.crises], self.pair_j[self.crises]
        return entities(
            f"{self.states[i]}-{self.states[j]}" for i, j in zip(first, second, strict=True)
        )

    @cached_property
    def partner_keys(self) -> np.ndarray:
        """Return (offers, 1 + most): hashed names of an offer and of each partner's say."""
        size, most = self.partners.shape
        names = [
            [name, *(f"{name}/{self.states[k]}" if k != NONE else name for k in self.partners[o])]
            for o, name in enumerate(self.offers)
        ]
        return np.array([entities(row) for row in names], dtype=np.uint32).reshape(size, most + 1)


def distinct(rows: np.ndarray) -> tuple[np.ndarray, Groups]:
    """Return the different rows of a table, and the rows grouped by them."""
    cells, place = np.unique(rows, axis=0, return_inverse=True)
    return cells, Groups(place.reshape(-1), len(cells))


def padded(lists: list[np.ndarray]) -> np.ndarray:
    """Return lists of unequal length as one table, filled up with NONE, one column at least."""
    most = max([1, *(len(each) for each in lists)])
    table = np.full((len(lists), most), NONE, dtype=np.int64)
    for row, each in enumerate(lists):
        table[row, : len(each)] = each
    return table
