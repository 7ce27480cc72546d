"""What is asked for in a period, and what those who decide on it need to know."""

from dataclasses import dataclass, fields

import numpy as np

from sim.kernel.arrays import NONE, Dyadic, Elementwise, Index, pick
from sim.kernel.inputs import ASKED, Inputs
from sim.kernel.layout.layout import Layout
from sim.kernel.rules import Rules
from sim.kernel.world import World
from sim.steps.market import Wish, affordable, bound, is_open
from sim.steps.permits import permits
from sim.steps.privileges import Privilege, terms_of
from sim.steps.restraints import Restraints


@dataclass(frozen=True, kw_only=True, eq=False)
class Requests:
    """What is asked for in a round: one row a buyer, and in the first one more an event slot."""

    recipient: Index  # (rows, 1); NONE for an empty slot
    offer: Index  # (rows, runs); NONE where nothing is asked for
    batches: Elementwise  # (rows, runs)
    forced: Index  # (rows, 1)
    value: Elementwise  # (rows, runs) of a transfer

    @property
    def buyer(self) -> Index:
        """Return the recipients with NONE read as state 0."""
        return np.maximum(self.recipient, 0)

    def part(self, rows: np.ndarray) -> "Requests":
        """Return some of the rows."""
        return Requests(**{each.name: getattr(self, each.name)[rows] for each in fields(self)})


@dataclass(frozen=True, kw_only=True, eq=False)
class Circumstances:
    """What consent and objection need to know of the world."""

    world: World
    rules: Rules
    precedent: Elementwise  # (blocs, runs)
    restraints: Restraints
    terms: Privilege
    familiarity: Dyadic  # share of i's remembered imports that came from s
    part: int  # number of the round in its period
    period: int  # the round, by date
    dt: float  # its length, years

    @property
    def layout(self) -> Layout:
        """Return the layout of the world."""
        return self.world.layout


def wished(world: World, wish: Wish) -> Requests:
    """Return the market's wishes alone."""
    buyers = world.layout.buyers[:, None]
    return Requests(
        recipient=buyers,
        offer=wish.offer,
        batches=wish.batches,
        forced=np.full(buyers.shape, ASKED),
        value=np.zeros(wish.offer.shape),
    )


def all_requests(
    *, world: World, rules: Rules, inputs: Inputs, wish: Wish, terms: Privilege
) -> Requests:
    """Return the market's wishes and the requests, orders and transfers of events."""
    layout = world.layout
    runs = wish.offer.shape[-1]
    offer = np.broadcast_to(inputs.offer, (layout.slots, runs))
    buyer = np.maximum(inputs.recipient, 0)
    index = np.maximum(offer, 0)
    permitted = pick(permits(world), buyer, index)
    closed = ~(permitted & pick(is_open(world, inputs.number), index))
    offer = np.where((inputs.forced == ASKED) & closed, NONE, offer)
    batch = pick(world.batch, index)
    asked = terms_of(world, terms, buyer, index)
    cash = (1 - asked.discount) * (1 - asked.credit)
    purse = bound(world, rules, buyer, pick(world.lag, index), 0)
    suggested = affordable(world, rules, index, purse, cash)
    batches = np.where(inputs.units > 0, inputs.units / batch, suggested)
    events = Requests(
        recipient=inputs.recipient,
        offer=offer,
        batches=batches,
        forced=inputs.forced,
        value=inputs.value,
    )
    return joined(wished(world, wish), events)


def queries(world: World, runs: int) -> Requests:
    """Return the standing queries as requests for one batch, never ordered."""
    layout = world.layout
    offer = np.array([layout.offers.index(o) for o, _ in layout.queries], dtype=np.int64)
    recipient = np.array([layout.states.index(i) for _, i in layout.queries], dtype=np.int64)
    return Requests(
        recipient=recipient[:, None],
        offer=np.broadcast_to(offer[:, None], (offer.size, runs)),
        batches=np.ones((offer.size, runs)),
        forced=np.full((offer.size, 1), ASKED),
        value=np.zeros((offer.size, runs)),
    )


def joined(first: Requests, second: Requests) -> Requests:
    """Return the rows of two lists of requests as one list."""
    names = [each.name for each in fields(Requests)]
    rows = {n: np.concatenate([getattr(first, n), getattr(second, n)]) for n in names}
    return Requests(**rows)
