"""Requests of a period, and the data for the decisions on them."""

from dataclasses import dataclass, fields

import numpy as np

from sim.kernel.arrays import NONE, Elementwise, Exportwise, Index, pick, stacked
from sim.kernel.inputs import ASKED, Inputs
from sim.kernel.layout.layout import Layout
from sim.kernel.rules import Rules
from sim.kernel.world import BANNED, SHUT, SOLD_OUT, World
from sim.steps.market import Wish, suggested
from sim.steps.permits import bans, offered, withholder
from sim.steps.privileges import Privilege, Terms
from sim.steps.prospects import in_stock, is_open
from sim.steps.purses import NEAR, accounts, purse
from sim.steps.restraints import Restraints


@dataclass(frozen=True, kw_only=True, eq=False)
class Requests:
    """The requests of a round: one row for each buyer and, in the first, for each event slot."""

    recipient: Index  # (rows, 1); NONE for an empty slot
    offer: Index  # (rows, runs); NONE without a request
    units: Elementwise  # (rows, runs)
    forced: Index  # (rows, 1)
    value: Elementwise  # (rows, runs) of a transfer
    room: Elementwise  # (rows, runs): remaining credit of the recipient, million USD

    @property
    def buyer(self) -> Index:
        """Return the recipients with NONE read as state 0."""
        return np.maximum(self.recipient, 0)

    def part(self, rows: np.ndarray) -> "Requests":
        """Return some of the rows."""
        return Requests(**{each.name: getattr(self, each.name)[rows] for each in fields(self)})


@dataclass(frozen=True, kw_only=True, eq=False)
class Stops:
    """Requests of events that cannot be made, one row for each event slot."""

    offer: Index  # (slots, runs); NONE if the request is not stopped
    why: Index  # SHUT, BANNED or SOLD_OUT
    by: Index  # the states that stop it, as bits: 1 the supplier, 2 and on the partners


@dataclass(frozen=True, kw_only=True, eq=False)
class Circumstances:
    """Data of the world for consent and objection."""

    world: World
    rules: Rules
    precedent: Elementwise  # (blocs, runs)
    restraints: Restraints
    terms: Privilege
    familiarity: Exportwise  # share of i's remembered imports that came from s
    part: int  # number of the round in its period
    period: int  # the round, by date
    dt: float  # its length, years

    @property
    def layout(self) -> Layout:
        """Return the layout of the world."""
        return self.world.layout


def wished(world: World, wish: Wish) -> Requests:
    """Return only the requests of the market."""
    buyers = world.layout.buyers[:, None]
    return Requests(
        recipient=buyers,
        offer=wish.offer,
        units=wish.units,
        forced=np.full(buyers.shape, ASKED),
        value=np.zeros(wish.offer.shape),
        room=wish.room,
    )


def all_requests(
    *, world: World, rules: Rules, inputs: Inputs, wish: Wish, terms: Privilege, shut: Stops
) -> Requests:
    """Return the requests of the market and the requests, orders and transfers of events.

    Requests that cannot be made are left out.
    """
    layout = world.layout
    runs = wish.offer.shape[-1]
    offer = np.broadcast_to(inputs.offer, (layout.slots, runs))
    buyer = np.maximum(inputs.recipient, 0)
    suggested, room = _sized(world, rules, terms, buyer, np.maximum(offer, 0))
    events = Requests(
        recipient=inputs.recipient,
        offer=np.where(shut.offer != NONE, NONE, offer),
        units=np.where(inputs.units > 0, inputs.units, suggested),
        forced=inputs.forced,
        value=inputs.value,
        room=room,
    )
    return stacked(wished(world, wish), events)


def stops(world: World, inputs: Inputs, runs: int) -> Stops:
    """Return the requests of events that cannot be made, with the cause.

    The offer is not open, or not to this state; the supplier or a partner has an embargo; a
    holder withholds it; or less than the smallest order is in stock.
    """
    layout = world.layout
    offer = np.broadcast_to(inputs.offer, (layout.slots, runs))
    buyer, index = np.maximum(inputs.recipient, 0), np.maximum(offer, 0)
    made = pick(offered(world), buyer, index) & pick(is_open(world, inputs.number), index)
    ban, banners, holders = bans(world), 0 * index, 0 * index
    holder = withholder(world, buyer, index) if layout.levers else NONE
    for part, deciders in enumerate(layout.deciders.T):  # the supplier, then each partner
        who = pick(deciders[:, None], index)
        against = pick(ban, np.maximum(who, 0), buyer) & (who != NONE)
        banners = banners + against * 2**part
        holders = holders + ((who == holder) & (who != NONE)) * 2**part
    made = made & (holder == NONE)
    left = pick(in_stock(world), index)
    why = np.where(banners > 0, BANNED, np.where(made, np.where(left, 0, SOLD_OUT), SHUT))
    there = (inputs.forced == ASKED) & (inputs.recipient != NONE) & (offer != NONE) & (why > 0)
    return Stops(
        offer=np.where(there, offer, NONE),
        why=why * there,
        by=np.where(banners > 0, banners, (why == SHUT) * np.maximum(holders, 1)) * there,
    )


def _sized(
    world: World, rules: Rules, terms: Privilege, buyer: Index, offer: Index
) -> tuple[Elementwise, Elementwise]:
    """Return the units requested by events, at least the smallest order, and the credit."""
    asked = Terms(world, terms, buyer, offer)
    nothing = 0.0 * world.gdp
    own = purse(world, rules, accounts(world, buyer), 0, nothing)
    gift = rules.contract.gift(
        rate=asked.rate, tenor=asked.tenor, market_rate=rules.finance.market_rate
    )
    value = rules.procurement.value(
        purse=np.where(pick(world.lag, offer) < NEAR, own.soon, own.served),
        cash=own.cash,
        room=own.room,
        credit=asked.credit,
        gift=np.maximum(gift, 0.0),
        budget=own.budget,
        deposit=rules.contract.deposit,
    )
    units = suggested(world, rules, terms, buyer, offer, value)
    return np.maximum(units, pick(world.least, offer)), own.room


def queries(world: World, runs: int) -> Requests:
    """Return the queries for consent as requests for one batch, never ordered."""
    layout = world.layout
    offer = np.array([layout.offers.index(o) for o, _ in layout.queries], dtype=np.int64)
    recipient = np.array([layout.states.index(i) for _, i in layout.queries], dtype=np.int64)
    return Requests(
        recipient=recipient[:, None],
        offer=np.broadcast_to(offer[:, None], (offer.size, runs)),
        units=world.batch[offer] + np.zeros((offer.size, runs)),
        forced=np.full((offer.size, 1), ASKED),
        value=np.zeros((offer.size, runs)),
        room=np.zeros((offer.size, runs)),
    )
