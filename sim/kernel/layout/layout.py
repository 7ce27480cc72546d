"""Layout: all that never changes in a run, with the index tables of the arms market."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from sim.kernel.arrays import NONE, Groups
from sim.kernel.dates import MONTHS
from sim.kernel.layout.dealing_index import DealingIndex
from sim.kernel.layout.entity_names import padded, table_of
from sim.kernel.layout.market_index import MarketIndex
from sim.kernel.noise import entities

FORESIGHT = 6  # years ahead for which payments are kept by date; later ones are one sum


@dataclass(frozen=True, kw_only=True, eq=False)
class Layout(DealingIndex):
    """Offers and the states that have a say in a sale, beside the tables of `DealingIndex`."""

    supplier: np.ndarray  # (offers,) state; the offers come by kind, see `MarketIndex.kinds`
    system: np.ndarray  # (offers,)
    instalments: np.ndarray  # (offers,)
    opens: np.ndarray  # (offers, 1) first period, by date
    closes: np.ndarray  # (offers, 1) last period, by date
    partners: np.ndarray  # (offers, most) licensors and makers that have a say; NONE fills
    makers: np.ndarray  # (offers, most) these and all other states of components; NONE fills
    named_blocs: np.ndarray  # blocs that embargoes, or the clientele of an offer, name
    backlog: tuple[str, ...]  # names of the orders under way at the start, in any variant
    remembered: np.ndarray  # states whose deliveries or refusals are remembered at the start
    under_way: np.ndarray  # (backlog,) period in which each was made, by date
    own_terms: tuple[str, ...]  # of discount, credit, rate, tenor: those that some offer sets
    own_offers: np.ndarray  # offers that set any of them
    slots: int  # events of one period that ask for, order or transfer arms
    gift_index: np.ndarray  # (gifts, 2) giver and system of transfers by events
    threats: tuple[str, ...]  # names of the threats against deliveries
    threat_parties: np.ndarray  # (threats, 3) who threatens, the buyer and the seller
    threat_sales: np.ndarray  # (rows, 3) threat, and offer and recipient of the sales it is about
    threat_from: np.ndarray  # (threats, 1) first period, by date
    threat_until: np.ndarray  # (threats, 1) last period, by date
    holding_index: np.ndarray  # (holdings, 2) state and system whose units an outcome reports
    end_index: np.ndarray  # (ends, 2) offer and recipient of sales that events cancel or divert
    hold_index: np.ndarray  # (holds, 2) the same of sales that events suspend
    embargo_holds: bool  # whether an embargo may hold up orders under way
    limited: np.ndarray  # blocs with a line of credit that has an amount, or gets one by an event
    excludes: bool  # whether an event may shut a member out of a bloc
    member_terms: tuple[str, ...]  # of preference, credit: those that are set for some member
    grants: tuple[str, ...]
    grant_donor: np.ndarray  # (grants,) state
    grant_recipient: np.ndarray  # (grants,) state
    grant_from: np.ndarray  # (grants, 1) first period, by date
    grant_until: np.ndarray  # (grants, 1) last period, by date
    grant_of_arms: np.ndarray  # (grants, 1) 1 where it is money for arms, else 0
    triggers: int = 0  # events on condition
    gauges: int = 0  # outcomes that their conditions read

    @cached_property
    def requested(self) -> np.ndarray:
        """Return for each row of the log the period of the request, counted from the first."""
        periods = np.repeat(np.arange(len(self.calendar)), self.rows)
        return np.concatenate([periods, self.under_way - self.calendar.first])

    @cached_property
    def backlog_keys(self) -> np.ndarray:
        """Return the hashed names of the orders under way at the start."""
        return entities(self.backlog)

    @property
    def parties(self) -> tuple[str, ...]:
        """Return the parties that embargoes and offers may name: states, then blocs."""
        return (*self.states, *self.blocs)

    @cached_property
    def sellers(self) -> np.ndarray:
        """Return the states that have an offer."""
        return np.unique(self.supplier)

    @cached_property
    def seller_place(self) -> np.ndarray:
        """Return for each offer the place of its supplier among the sellers."""
        return np.asarray(np.searchsorted(self.sellers, self.supplier))

    @cached_property
    def exporters(self) -> np.ndarray:
        """Return the states that have an offer or are remembered as suppliers, at least one."""
        states = np.union1d(self.supplier, self.remembered)
        return states if states.size else np.zeros(1, dtype=np.int64)

    @cached_property
    def export_column(self) -> np.ndarray:
        """Return the place of each state among the exporters, or NONE: (states,)."""
        column = np.full(len(self.states), NONE)
        column[self.exporters] = np.arange(self.exporters.size)
        return column

    @cached_property
    def seller_column(self) -> np.ndarray:
        """Return the place of each seller among the exporters."""
        return np.asarray(self.export_column[self.sellers])

    @cached_property
    def offer_column(self) -> np.ndarray:
        """Return the place of the supplier of each offer among the exporters."""
        return np.asarray(self.export_column[self.supplier])

    @cached_property
    def supply_index(self) -> np.ndarray:
        """Return (supplies, 2): each buyer and each seller."""
        return table_of([(i, s) for i in self.buyers for s in self.sellers if i != s])

    @cached_property
    def supplies_by_buyer(self) -> Groups:
        """Return the rows of `supply_index` grouped by state."""
        return Groups(self.supply_index[:, 0], len(self.states))

    @cached_property
    def seller_member_index(self) -> np.ndarray:
        """Return the rows of `member_index` whose state sells arms."""
        return self.member_index[np.isin(self.member_index[:, 0], self.sellers)]

    @cached_property
    def deciders(self) -> np.ndarray:
        """Return (offers, 1 + most): the supplier of each offer, then its partners; NONE fills."""
        return np.concatenate([self.supplier[:, None], self.partners], axis=1)

    @cached_property
    def consenters(self) -> np.ndarray:
        """Return the states that may have a say in a sale: suppliers and partners."""
        return np.unique(np.concatenate([self.supplier, self.partners[self.partners != NONE]]))

    @cached_property
    def led_blocs(self) -> tuple[tuple[int, np.ndarray], ...]:
        """Return each leader among the consenters, by its place there, and the blocs it leads."""
        leaders = [n for n, state in enumerate(self.consenters) if state in self.leader]
        return tuple((n, np.nonzero(self.leader == self.consenters[n])[0]) for n in leaders)

    @cached_property
    def clients(self) -> tuple[np.ndarray, ...]:
        """Return for each bloc the states of which it counts how far they could do without it.

        These are its present and possible members. If its leader has a say in sales, they are also
        all states with a dispute: it weighs harm to friends by how far they could do without it.
        """
        quarrel = np.zeros(len(self.states), dtype=bool)
        quarrel[self.dyad_from] = True
        asked = np.isin(self.leader, self.consenters)
        return tuple(
            np.flatnonzero(self.eligible[:, b] | (quarrel & asked[b]))
            for b in range(len(self.blocs))
        )

    @cached_property
    def rounds(self) -> int:
        """Return the number of market rounds in a period: one for each month."""
        return MONTHS[self.calendar.period]

    @cached_property
    def rows(self) -> int:
        """Return the number of requests that a period can hold.

        They are sorted by round, each with a row for every buyer; the rows of requests by events
        follow the first round.
        """
        return self.rounds * self.buyers.size + self.slots

    def first_row(self, part: int) -> int:
        """Return the row of the first request of a round among those of the period."""
        return part * self.buyers.size + (self.slots if part else 0)

    def event_slot(self, row: Any) -> Any:
        """Return for rows of the log the slot of an event, from 1; 0 for requests of the market."""
        place = row % self.rows - self.buyers.size + 1
        return np.where((place > 0) & (place <= self.slots), place, 0)

    @cached_property
    def lenders(self) -> np.ndarray:
        """Return the sellers that lead a bloc, which may grant its members credit."""
        return np.intersect1d(self.sellers, self.leader)

    @cached_property
    def terms_place(self) -> np.ndarray:
        """Return for each offer the row of its terms: 0 none, then the lenders', then its own."""
        place = np.searchsorted(self.lenders, self.supplier) + 1
        place = np.where(np.isin(self.supplier, self.lenders), place, 0)
        place[self.own_offers] = 1 + self.lenders.size + np.arange(self.own_offers.size)
        return place

    @cached_property
    def goods_index(self) -> np.ndarray:
        """Return (goods, 2): each seller, by its place, and each system of families it sells."""
        offered = np.zeros((self.sellers.size, len(self.systems)), dtype=bool)
        offered[self.seller_place, self.family[self.system]] = True
        return np.argwhere(offered[:, self.family])

    @cached_property
    def goods_by_seller(self) -> Groups:
        """Return the rows of `goods_index` grouped by seller."""
        return Groups(self.goods_index[:, 0], self.sellers.size)

    @cached_property
    def system_keys(self) -> np.ndarray:
        """Return the hashed names of the systems."""
        return entities(self.systems)

    @cached_property
    def most_instalments(self) -> int:
        """Return the largest number of deliveries of an offer."""
        return int(self.instalments.max(initial=1))

    @cached_property
    def payment_slots(self) -> int:
        """Return the number of periods ahead by which payments are kept, the last for all later."""
        return FORESIGHT * MONTHS["year"] // self.rounds + 1

    @cached_property
    def objections(self) -> tuple[tuple[np.ndarray, np.ndarray, Groups], ...]:
        """Return rows of sales and of purchases, and groups of both by request.

        The first tuple is for the first round of a period, the second for later rounds.
        """

        def within(size: int) -> tuple[np.ndarray, np.ndarray, Groups]:
            of_sales, of_purchases = (
                index[index[:, 1] < size] for index in (self.objection_index, self.purchase_index)
            )
            rows = np.concatenate([of_sales[:, 1], of_purchases[:, 1]])
            return of_sales, of_purchases, Groups(rows, size)

        return within(self.buyers.size + self.slots), within(self.buyers.size)

    @cached_property
    def objection_index(self) -> np.ndarray:
        """Return (rows, 2): each bloc and each row of requests to which a member may object.

        These are rows of buyers that are a rival of one member while another member sells arms,
        and all rows of events.
        """
        events = list(range(self.buyers.size, self.buyers.size + self.slots))
        pairs: list[tuple[int, ...]] = []
        for bloc in range(len(self.blocs)):
            inside = np.nonzero(self.eligible[:, bloc])[0]
            sellers = np.intersect1d(self.sellers, inside)
            harmed = [k for k in inside.tolist() if np.setdiff1d(sellers, [k]).size]
            rivals = self.dyad_to[np.isin(self.dyad_from, harmed)]
            rows = np.nonzero(np.isin(self.buyers, rivals))[0].tolist()
            pairs += [(bloc, row) for row in rows + events]
        return table_of(pairs)

    @cached_property
    def purchase_index(self) -> np.ndarray:
        """Return (rows, 2): each bloc with a custom, and each row of requests by a member.

        These are rows of buyers that are or may become members, and all rows of events.
        """
        events = range(self.buyers.size, self.buyers.size + self.slots)
        pairs: list[tuple[int, ...]] = []
        for bloc in self.customs.tolist():
            inside = np.nonzero(self.eligible[:, bloc])[0]
            rows = np.nonzero(np.isin(self.buyers, inside))[0].tolist()
            pairs += [(bloc, row) for row in (*rows, *events)]
        return table_of(pairs)

    @cached_property
    def gift_place(self) -> np.ndarray:
        """Return (states, systems): the row of `gift_index`, or the number of rows for no gift."""
        table = np.full((len(self.states), len(self.systems)), len(self.gift_index), dtype=np.int64)
        table[tuple(self.gift_index.T)] = np.arange(len(self.gift_index))
        return table

    @cached_property
    def threat_keys(self) -> np.ndarray:
        """Return the hashed names of the threats."""
        return entities(self.threats)

    @cached_property
    def threat_place(self) -> np.ndarray:
        """Return (offers, states): the threat against a sale, or the number of threats for none."""
        table = np.full((len(self.offers), len(self.states)), len(self.threats), dtype=np.int64)
        threat, offer, recipient = self.threat_sales.T
        table[offer, recipient] = threat
        return table

    @cached_property
    def heirs(self) -> tuple[tuple[int, ...], ...]:
        """Return for each threat the buyers that may take the order over: rivals of its maker."""
        return tuple(
            tuple(
                k
                for k in self.buyers.tolist()
                if k not in parties and self.dyad_number[k, parties[0]] != NONE
            )
            for parties in self.threat_parties.tolist()
        )

    @cached_property
    def heir_table(self) -> np.ndarray:
        """Return `heirs` as a table (threats, most); NONE fills."""
        return padded([np.array(each, dtype=np.int64) for each in self.heirs])

    @cached_property
    def threatened_systems(self) -> frozenset[int]:
        """Return the systems that threats are about."""
        return frozenset(self.system[self.threat_sales[:, 1]].tolist())

    @property
    def ends(self) -> int:
        """Return the number of sales that events cancel or divert."""
        return len(self.end_index)

    @property
    def passes_on(self) -> bool:
        """Return whether an order under way may be taken over by another state."""
        return bool(self.ends or self.threats)

    @property
    def holds(self) -> int:
        """Return the number of sales that events suspend."""
        return len(self.hold_index)

    @cached_property
    def end_place(self) -> np.ndarray:
        """Return (offers, states): the row of `end_index`, or the number of rows for none."""
        return self._places(self.end_index)

    @cached_property
    def hold_place(self) -> np.ndarray:
        """Return (offers, states): the row of `hold_index`, or the number of rows for none."""
        return self._places(self.hold_index)

    def _places(self, sales: np.ndarray) -> np.ndarray:
        table = np.full((len(self.offers), len(self.states)), len(sales), dtype=np.int64)
        table[tuple(sales.T)] = np.arange(len(sales))
        return table

    @cached_property
    def partner_keys(self) -> np.ndarray:
        """Return (offers, 1 + most): hashed names of an offer and of each partner's say."""
        size, most = self.partners.shape
        names = [
            [name, *(f"{name}/{self.states[k]}" if k != NONE else name for k in self.partners[o])]
            for o, name in enumerate(self.offers)
        ]
        return np.array([entities(row) for row in names], dtype=np.uint32).reshape(size, most + 1)

    @cached_property
    def market(self) -> MarketIndex:
        """Return the rows of offers, buyers, their rivals and shots."""
        return MarketIndex(index=self, buyers=self.buyers, system=self.system)

    @cached_property
    def subjects(self) -> dict[str, list[str]]:
        """Return the names of the subjects of each kind of metric, in the order of its rows."""
        names = self.states

        def joined(joint: str, rows: np.ndarray, right: tuple[str, ...] = names) -> list[str]:
            return [f"{names[i]}{joint}{right[j]}" for i, j in rows]

        return {
            "bloc": list(self.blocs),
            "state": list(names),
            "member": joined(":", self.member_index, self.blocs),
            "dyad": joined(">", np.stack([self.dyad_from, self.dyad_to], axis=1)),
            "tie": joined(">", self.tie_index),
            "supply": joined(">", self.supply_index[:, ::-1]),
            "trade": joined(">", self.trade_index),
            "asker": [self.blocs[b] for b in self.askers],
            "bearer": joined(":", self.bearer_index, self.blocs),
            "lever": list(self.levers),
            "civil": joined(">", self.civil_index),
            "trader": [names[i] for i in self.traders],
            "holding": [f"{names[i]} {self.systems[w]}" for i, w in self.holding_index],
            "query": [
                f"{names[self.supplier[self.offers.index(o)]]}>{i} {o}" for o, i in self.queries
            ],
        }
