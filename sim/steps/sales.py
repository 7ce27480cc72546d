"""Laws 8 and 8b: consent of supplier and partners, objection, and the leader's response."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

import numpy as np

from sim.arrays import (
    DUST,
    Dyadic,
    Elementwise,
    Index,
    added,
    logistic,
    namespace,
    pick,
    pick2,
)
from sim.inputs import ASKED, Decide, Inputs
from sim.layout import NONE, Layout
from sim.noise import Ask, Noise, entities
from sim.rules import Rules
from sim.steps.market import affordable, bound, is_open
from sim.steps.restraints import Restraints
from sim.steps.terms import Privilege, own_budget, sold
from sim.world import World

PASSED, STALLED, STOPPED = 0, 1, 2
OPTIONS = entities(("pass", "stall", "block"))[:, None, None]


@dataclass(frozen=True, kw_only=True, eq=False)
class Requests:
    """What is asked for in a period: one row a buyer, then one an event slot."""

    recipient: Index  # (rows, 1); NONE for an empty slot
    offer: Index  # (rows, runs); NONE where nothing is asked for
    batches: Elementwise  # (rows, runs)
    forced: Index  # (rows, 1)

    @property
    def buyer(self) -> Index:
        """Return the recipients with NONE read as state 0."""
        return np.maximum(self.recipient, 0)

    def part(self, rows: np.ndarray) -> "Requests":
        """Return some of the rows."""
        return Requests(**{each.name: getattr(self, each.name)[rows] for each in fields(self)})


@dataclass(frozen=True, kw_only=True, eq=False)
class Setting:
    """What consent and objection need to know of the world."""

    world: World
    rules: Rules
    precedent: Elementwise  # (blocs, runs)
    restraints: Restraints
    terms: Privilege
    familiarity: Dyadic  # share of i's remembered imports that came from s
    period: int
    dt: float

    @property
    def layout(self) -> Layout:
        """Return the layout of the world."""
        return self.world.layout


def all_requests(
    *, world: World, rules: Rules, inputs: Inputs, wish: Any, terms: Privilege
) -> Requests:
    """Return the market's wishes and the requests, orders and transfers of events."""
    layout = world.layout
    xp = namespace(wish.offer)
    runs = wish.offer.shape[-1]
    offer = xp.broadcast_to(inputs.offer, (layout.slots, runs))
    buyer = xp.maximum(inputs.recipient, 0)
    index = xp.maximum(offer, 0)
    banned = pick2(world.embargo, layout.supplier[index], buyer) > 0
    closed = banned | ~pick(is_open(world, inputs.number), index)
    offer = xp.where((inputs.forced == ASKED) & closed, NONE, offer)
    batch = pick(world.batch, index)
    trade = buyer + 0 * index, layout.supplier[index]
    cash = (1 - pick2(terms.discount, *trade)) * (1 - pick2(terms.credit, *trade))
    purse = bound(world, rules, buyer[:, 0], pick(world.lag, index)) if layout.slots else cash
    suggested = affordable(world, rules, index, purse, cash)
    batches = xp.where(inputs.units > 0, inputs.units / batch, suggested)
    return Requests(
        recipient=xp.concatenate([layout.buyers[:, None], inputs.recipient]),
        offer=xp.concatenate([wish.offer, offer]),
        batches=xp.concatenate([wish.batches, batches]),
        forced=xp.concatenate([xp.full((layout.buyers.size, 1), ASKED), inputs.forced]),
    )


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
    )


def joined(first: Requests, second: Requests) -> Requests:
    """Return the rows of two lists of requests as one list."""
    xp = namespace(first.offer)
    names = [each.name for each in fields(Requests)]
    rows = {n: xp.concatenate([getattr(first, n), getattr(second, n)]) for n in names}
    return Requests(**rows)


def odds_of_consent(at: Setting, asked: Requests) -> Mapping[str, Elementwise]:
    """Return the log odds of consent by reason: (1 + partners, rows, runs), supplier first."""
    world, layout = at.world, at.layout
    xp = namespace(at.precedent)
    offer = xp.maximum(asked.offer, 0)
    actor = xp.maximum(actors(world, asked), 0)
    buyer = asked.buyer[:, 0]
    value = (
        pick(world.price, offer)
        * asked.batches
        * (1 - _theirs(at.terms.discount[buyer], actor[:1])[0])
    )
    is_supplier = (np.arange(actor.shape[0]) == 0)[:, None, None] * 1.0
    offence = pick(world.offence, layout.system[offer])
    own = own_budget(world)[buyer]
    return at.rules.consent.terms(
        price=value * is_supplier,
        export_scale=pick(world.export_scale, actor),
        affinity=_theirs(world.affinity[:, buyer].swapaxes(0, 1), actor),
        debt=_theirs(world.debt[:, buyer].swapaxes(0, 1), actor),
        spending=pick(xp.maximum(world.burden * world.gdp, DUST), actor),
        rivalry=_theirs(at.restraints.rivalry[:, buyer].swapaxes(0, 1), actor),
        arrears=_theirs(world.arrears[buyer], actor) / own,
        friends=_theirs(at.restraints.friends[:, buyer].swapaxes(0, 1), actor),
        norm=_theirs(at.restraints.norm[:, buyer].swapaxes(0, 1), actor) * offence,
        harm=_theirs(at.restraints.harm[:, buyer].swapaxes(0, 1), actor) * offence,
        following=_theirs(at.restraints.following[:, buyer].swapaxes(0, 1), actor) * offence,
        example=_theirs(at.restraints.example[:, buyer].swapaxes(0, 1), actor),
    )


def _theirs(table: Elementwise, actor: Index) -> Elementwise:
    """Return `table[row, actor[..., row, r], r]` for a table (rows, states, runs)."""
    rows = np.arange(table.shape[0])[:, None]
    return pick2(table, rows, actor)


def actors(world: World, asked: Requests) -> Index:
    """Return who must consent: the supplier, then partners or NONE: (1 + partners, rows, runs)."""
    xp = namespace(asked.offer)
    offer = xp.maximum(asked.offer, 0)
    partners = xp.moveaxis(world.layout.partners[offer], -1, 0)
    return xp.concatenate([world.layout.supplier[offer][None], partners])


@dataclass(frozen=True, kw_only=True, eq=False)
class Draws:
    """The draws on which requests depend, numbers in (0, 1)."""

    consent: Elementwise  # (1 + partners, rows, runs)
    objection: Elementwise  # (rows, rivals, runs)
    response: Elementwise  # (3, rows, runs)
    wait: tuple[Elementwise, Elementwise]  # radius and angle, each (rows, runs)


def draws(at: Setting, asked: Requests, noise: Noise) -> Draws:
    """Return the draws of all requests, addressed by offer and recipient."""
    layout = at.layout
    xp = namespace(at.precedent)
    index = xp.maximum(asked.offer, 0)
    offer = layout.offer_keys[index]
    recipient = layout.state_keys[asked.buyer]
    asks = asked.offer != NONE
    _, k, dispute = _rivals(at, asked)
    keys = xp.moveaxis(layout.partner_keys[index], -1, 0)
    hold = xp.maximum(xp.asarray(at.rules.consent.hold), at.dt)
    offset = ((keys ^ recipient) / 2.0**32) * hold
    epoch = xp.floor((at.period * at.dt + offset) / hold).astype(np.uint32)
    rival = layout.state_keys[k][..., None]
    harmed = _fellow(at, asked, k) & (dispute > 0) & asks[:, None]
    objection, response, radius, angle, consent = noise.chosen(
        noise.ask("objection", offer[:, None], recipient[:, :, None], rival, wanted=harmed),
        noise.ask("response", OPTIONS, offer[None], recipient[None], wanted=harmed.any(axis=1)),
        noise.ask("wait.radius", recipient, offer, wanted=asks),
        noise.ask("wait.angle", recipient, offer, wanted=asks),
        Ask(
            "consent",
            (recipient[None], keys, epoch),
            0,
            wanted=asks & (actors(at.world, asked) != NONE),
        ),
    )
    return Draws(
        consent=consent,
        objection=objection,
        response=response,
        wait=(radius, angle),
    )


def _fellow(at: Setting, asked: Requests, k: Index) -> Any:
    """Return whether states k may share a bloc with the supplier: (rows, rivals, runs)."""
    supplier = at.layout.supplier[np.maximum(asked.offer, 0)]
    return at.layout.allied[k[..., None], supplier[:, None]]


@dataclass(frozen=True, kw_only=True, eq=False)
class Matter:
    """Requests that concern a bloc, one row a bloc and request."""

    bloc: Index  # (rows,)
    row: Index  # (rows,) of all requests
    asked: Requests
    supplier: Index  # (rows, runs)
    rival: Index  # (rows, rivals): states that are rivals of the recipient
    rivalry: Elementwise  # (rows, rivals, runs): r_ki
    offence: Elementwise  # (rows, runs)

    def about(self, **known: Any) -> Mapping[str, Any]:
        """Return what a decision on it may need to know."""
        names = ("offer", "recipient", "batches")
        asked = {name: getattr(self.asked, name) for name in names}
        return {"bloc": self.bloc, "row": self.row, **asked, **known}


def objections(at: Setting, asked: Requests, drawn: Draws, decide: Decide) -> tuple[Any, Any]:
    """Return who objects, 0 or 1 (rows, runs), and the leaders' response (rows, runs).

    Where several blocs are concerned the hardest response counts.
    """
    layout = at.layout
    xp = namespace(at.precedent)
    matter = _matter(at, asked)
    protests, harm = _protests(at, matter, drawn.objection[matter.row], decide)
    terms = block_terms(at, matter, protests * harm)
    noises = -xp.log(-xp.log(drawn.response[:, matter.row]))
    choice = xp.stack(
        [
            noises[PASSED],
            noises[STALLED] + at.rules.objection.stall_constant,
            noises[STOPPED] + added(terms),
        ]
    ).argmax(axis=0)
    choice = decide("respond", choice, matter.about(protests=protests, terms=terms))
    objected = protests.any(axis=1)
    heeded = objected & (matter.supplier != layout.leader[matter.bloc][:, None])
    by_row = layout.concerned[1]
    return by_row.max(objected * 1), by_row.max(choice * heeded)


def _matter(at: Setting, asked: Requests) -> Matter:
    """Return the requests that concern each bloc."""
    layout = at.layout
    bloc, row = layout.concerned[0].T
    part = asked.part(row)
    offer = np.maximum(part.offer, 0)
    _, rival, rivalry = _rivals(at, part)
    return Matter(
        bloc=bloc,
        row=row,
        asked=part,
        supplier=layout.supplier[offer],
        rival=rival,
        rivalry=rivalry,
        offence=pick(at.world.offence, layout.system[offer]),
    )


def _rivals(at: Setting, asked: Requests) -> tuple[Index, Index, Elementwise]:
    """Return the pairs by which states are rivals of each recipient, those states, and r_ki."""
    layout = at.layout
    pair = layout.rival_of[asked.buyer[:, 0]]
    there = (pair != NONE) & (asked.recipient != NONE)
    pair = np.maximum(pair, 0)
    if layout.pair_i.size == 0:
        runs = asked.offer.shape[-1]
        return pair, pair, np.zeros((*pair.shape, runs))
    return pair, layout.pair_i[pair], at.world.rivalry[pair] * there[..., None]


def _protests(
    at: Setting, matter: Matter, draw: Elementwise, decide: Decide
) -> tuple[Any, Elementwise]:
    """Return which harmed members of a bloc object and the harm done: (rows, rivals, runs)."""
    world, law = at.world, at.rules.objection
    bloc, k, supplier = matter.bloc[:, None], matter.rival, matter.supplier
    member = world.member[k, bloc] * (pick2(world.member, supplier, bloc) > 0)[:, None]
    member = member * (k[..., None] != supplier[:, None])
    harm = member * law.harm(
        engagement=pick2(world.engagement, supplier, bloc)[:, None],
        rivalry=matter.rivalry,
        offence=matter.offence[:, None],
    )
    terms = law.protest(harm=harm, engagement=world.engagement[k, bloc])
    asks = matter.asked.offer != NONE
    objects = (draw < logistic(added(terms))) & (harm > 0) & asks[:, None]
    return decide("objection", objects, matter.about(states=k, terms=terms, harm=harm)), harm


def block_terms(at: Setting, matter: Matter, weight: Elementwise) -> Mapping[str, Elementwise]:
    """Return the leader's utility of blocking each sale, by reason; `weight` is the harm."""
    world, layout, law = at.world, at.layout, at.rules.objection
    xp = namespace(at.precedent)
    bloc, supplier, to = matter.bloc, matter.supplier, matter.asked.buyer[:, 0]
    leader = layout.leader[bloc]
    total = xp.maximum(weight.sum(axis=1), 1e-9)
    objectors = (weight * world.affinity[leader[:, None], matter.rival]).sum(axis=1) / total
    return law.block(
        norm=world.norm[bloc],
        precedent=at.precedent[bloc],
        regard=objectors - world.affinity[leader, to],
        dependence=pick2(at.familiarity, supplier, leader[:, None]),
        regard_supplier=pick2(world.affinity, leader[:, None], supplier),
        own_sales=sold(world, at.rules, seller=leader[:, None], buyer=to[:, None]),
    )
