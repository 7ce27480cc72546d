"""Index tables of relations beside arms: trade, civil loans, levers, and contributions to blocs."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from sim.kernel.arrays import Groups
from sim.kernel.layout.bloc_index import distinct
from sim.kernel.layout.strike_index import StrikeIndex
from sim.kernel.noise import entities


@dataclass(frozen=True, kw_only=True, eq=False)
class DealingIndex(StrikeIndex):
    """Buyers, and the relations of states beside arms sales."""

    civil_index: np.ndarray  # (civils, 2) debtor and creditor of civil loans
    trade_index: np.ndarray  # (trades, 2) who may be hit by a sanction, and by whom; both ways
    levers: tuple[str, ...]  # names of the levers: supplies that their holders may withhold
    lever_parties: np.ndarray  # (levers, 2) who holds it, and the buyer
    lever_sales: np.ndarray  # (rows, 2) lever, and offer that it is held against
    lever_offers: np.ndarray  # (rows, 2) lever, and offer that would be withheld
    lever_from: np.ndarray  # (levers, 1) first period, by date
    lever_until: np.ndarray  # (levers, 1) last period, by date
    asks: tuple[str, ...]  # events by which blocs ask members for contributions
    ask_target: np.ndarray  # (asks,) state against which the burden is; NONE for no state
    ask_votes: np.ndarray  # (asks, 1) 1 where a vote is asked for, else 0
    duty_index: np.ndarray  # (duties, 3) ask, and state and bloc that it may be asked of
    buyers: np.ndarray  # states that import

    @property
    def civils(self) -> int:
        """Return the number of dyads with civil loans."""
        return len(self.civil_index)

    @property
    def trades(self) -> int:
        """Return the number of dyads that trade, both ways."""
        return len(self.trade_index)

    @cached_property
    def trade_back(self) -> np.ndarray:
        """Return for each row of `trade_index` the row of the opposite direction."""
        row = {(i, j): n for n, (i, j) in enumerate(self.trade_index.tolist())}
        return np.array([row[j, i] for i, j in self.trade_index.tolist()], dtype=np.int64)

    @cached_property
    def trade_by_state(self) -> Groups:
        """Return the rows of `trade_index` grouped by who is hit."""
        return Groups(self.trade_index[:, 0], len(self.states))

    @cached_property
    def traders(self) -> np.ndarray:
        """Return the states for which the scenario declares trade."""
        return np.unique(self.trade_index[:, 0])

    @cached_property
    def ask_keys(self) -> np.ndarray:
        """Return the hashed names of the events by which blocs ask."""
        return entities(self.asks)

    @cached_property
    def askers(self) -> np.ndarray:
        """Return the blocs that ask members for contributions."""
        return np.unique(self.duty_index[:, 2])

    @cached_property
    def _bearers(self) -> tuple[np.ndarray, Groups]:
        return distinct(self.duty_index[:, 1:])

    @property
    def bearer_index(self) -> np.ndarray:
        """Return (bearers, 2): each state and each bloc that may ask it for a contribution."""
        return self._bearers[0]

    @property
    def duties_by_bearer(self) -> Groups:
        """Return the rows of `duty_index` grouped by row of `bearer_index`."""
        return self._bearers[1]

    @cached_property
    def bearers_by_asker(self) -> Groups:
        """Return the rows of `bearer_index` grouped by bloc that asks."""
        bloc = self.bearer_index[:, 1]
        return Groups(np.searchsorted(self.askers, bloc), self.askers.size)

    @cached_property
    def lever_keys(self) -> np.ndarray:
        """Return the hashed names of the levers."""
        return entities(self.levers)

    @cached_property
    def lever_buyer_row(self) -> np.ndarray:
        """Return for each lever the row of its buyer among the buyers."""
        return np.asarray(np.searchsorted(self.buyers, self.lever_parties[:, 1]))

    @cached_property
    def lever_about(self) -> np.ndarray:
        """Return (levers, offers): whether a lever is held against purchases under an offer."""
        return self._of_levers(self.lever_sales)

    @cached_property
    def lever_holds(self) -> np.ndarray:
        """Return (levers, offers): whether an offer would be withheld."""
        return self._of_levers(self.lever_offers)

    @cached_property
    def lever_group(self) -> np.ndarray:
        """Return for each lever the one that represents all on the same offers in `lever_place`."""
        own = np.arange(len(self.levers))
        for lever, offer in self.lever_offers.tolist():
            own[lever] = self.lever_place[offer, self.lever_parties[lever, 1]]
        return own

    def _of_levers(self, rows: np.ndarray) -> np.ndarray:
        table = np.zeros((len(self.levers), len(self.offers)), dtype=bool)
        table[tuple(rows.T)] = True
        return table

    @cached_property
    def lever_place(self) -> np.ndarray:
        """Return (offers, states): the lever that may withhold an offer from a state.

        Where there is none, the entry is the number of levers.
        """
        table = np.full((len(self.offers), len(self.states)), len(self.levers), dtype=np.int64)
        lever, offer = self.lever_offers.T
        table[offer, self.lever_parties[lever, 1]] = lever
        return table
