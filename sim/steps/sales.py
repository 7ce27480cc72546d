"""Laws 8 and 8b: consent of supplier and partners, objection, and the leader's response."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.arrays import Dyadic, Elementwise, Index, Memberwise, logistic, namespace, pick, pick2
from sim.inputs import ASKED, Decide, Inputs
from sim.layout import NONE
from sim.noise import Noise, entities
from sim.rules import Rules
from sim.steps.market import familiarity
from sim.steps.terms import Privilege, own_budget
from sim.world import World

PASSED, STALLED, STOPPED = 0, 1, 2


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


@dataclass(frozen=True, kw_only=True, eq=False)
class Setting:
    """What consent and objection need to know of the world."""

    world: World
    rules: Rules
    precedent: Elementwise  # (blocs, runs)
    exits: Memberwise  # (states, blocs, runs)
    fellow: Dyadic
    terms: Privilege
    period: int
    dt: float


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
    batch = pick(world.batch, index)
    price = pick(world.price, index) * (1 - pick2(terms.discount, buyer + 0 * index, layout.supplier[index]))
    fund = world.fund[buyer[:, 0]] if layout.slots else price
    suggested = rules.procurement.batches(
        fund=fund, price=price, stock=pick(world.stock, index) / batch
    )
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


def odds_of_consent(at: Setting, asked: Requests) -> Mapping[str, Elementwise]:
    """Return the log odds of consent by reason: (1 + partners, rows, runs), supplier first."""
    world, layout = at.world, at.world.layout
    xp = namespace(at.precedent)
    offer = xp.maximum(asked.offer, 0)
    actor = actors(world, asked)
    buyer = asked.buyer + 0 * actor
    supplier = layout.supplier[offer]
    discount = pick2(at.terms.discount, buyer[0], supplier)
    value = pick(world.price, offer) * (1 - discount) * asked.batches
    is_supplier = (np.arange(actor.shape[0]) == 0)[:, None, None] * 1.0
    pair = layout.pair_of[actor, buyer]
    friends, norm = _restraints(at, asked, actor)
    spending = world.burden * world.gdp
    return at.rules.consent.terms(
        price=value * is_supplier,
        export_scale=pick(world.export_scale, actor),
        affinity=pick2(world.affinity, actor, buyer),
        debt=pick2(world.debt, actor, buyer),
        spending=pick(spending, actor),
        rivalry=xp.where(pair == NONE, 0.0, pick(world.rivalry, pair)),
        arrears=pick2(world.arrears, buyer, actor) / pick(own_budget(world), buyer),
        friends=friends,
        norm=norm,
    )


def actors(world: World, asked: Requests) -> Index:
    """Return who must consent: the supplier, then partners or NONE: (1 + partners, rows, runs)."""
    xp = namespace(asked.offer)
    offer = xp.maximum(asked.offer, 0)
    partners = xp.moveaxis(world.layout.partners[offer], -1, 0)
    return xp.concatenate([world.layout.supplier[offer][None], partners])


def consented(at: Setting, asked: Requests, noise: Noise, odds: Elementwise) -> Any:
    """Return whether all who must consent do; an answer stands for `hold` years."""
    layout = at.world.layout
    xp = namespace(odds)
    offer = xp.maximum(asked.offer, 0)
    recipient = layout.state_keys[asked.buyer]
    keys = xp.moveaxis(layout.partner_keys[offer], -1, 0)
    hold = xp.maximum(xp.asarray(at.rules.consent.hold), at.dt)
    offset = ((keys ^ recipient) / 2.0**32) * hold
    epoch = xp.floor((at.period * at.dt + offset) / hold).astype(np.uint32)
    draw = noise.held("consent", recipient + 0 * keys, keys, epoch)
    return (draw < logistic(odds)) | (actors(at.world, asked) == NONE)


def objections(
    at: Setting, asked: Requests, noise: Noise, decide: Decide
) -> tuple[Any, Any]:
    """Return who objects, 0 or 1 (rows, runs), and the leaders' response (rows, runs).

    Where several blocs are concerned the hardest response counts.
    """
    world, layout = at.world, at.world.layout
    xp = namespace(at.precedent)
    runs = asked.offer.shape[-1]
    objected = xp.zeros((asked.offer.shape[0], runs), dtype=np.int64)
    response = objected
    draw, noises = _draws(at, asked, noise)
    for bloc, leader in enumerate(layout.leader):
        protests, harm = _protests(at, asked, draw, bloc, decide)
        any_protest = protests.any(axis=1)
        supplier = layout.supplier[xp.maximum(asked.offer, 0)]
        choice = _response(at, asked, noises, bloc, protests * harm)
        about = {"bloc": layout.blocs[bloc], "offer": asked.offer, "protests": protests}
        choice = decide("respond", choice, about)
        choice = xp.where(any_protest & (supplier != leader), choice, PASSED)
        objected = xp.maximum(objected, any_protest * 1)
        response = xp.maximum(response, choice)
    return objected, response


def _rivals(at: Setting, asked: Requests) -> tuple[Index, Index, Elementwise]:
    """Return the pairs by which states are rivals of each recipient, those states, and r_ki."""
    layout = at.world.layout
    pair = layout.rival_of[asked.buyer[:, 0]]
    there = (pair != NONE) & (asked.recipient != NONE)
    pair = np.maximum(pair, 0)
    if layout.pair_i.size == 0:
        runs = asked.offer.shape[-1]
        return pair, pair, np.zeros((*pair.shape, runs))
    return pair, layout.pair_i[pair], at.world.rivalry[pair] * there[..., None]


def _restraints(at: Setting, asked: Requests, actor: Index) -> tuple[Elementwise, Elementwise]:
    """Return what friends and the norm take from the log odds: (1 + partners, rows, runs)."""
    world, layout, law = at.world, at.world.layout, at.rules.restraint
    xp = namespace(at.precedent)
    _, k, rivalry = _rivals(at, asked)
    harmed = k[None, :, :, None] + 0 * actor[:, :, None]
    seller = actor[:, :, None] + 0 * harmed
    offence = pick(world.offence, layout.system[xp.maximum(asked.offer, 0)])[None, :, None]
    other = harmed != seller
    exposed = xp.ones(harmed.shape)
    norm = xp.zeros(actor.shape)
    for bloc, leader in enumerate(layout.leader):
        walks = pick(at.exits[:, bloc], harmed)
        exposed = xp.where(seller == leader, walks, exposed)
    for bloc, leader in enumerate(layout.leader):
        member = pick(world.member[:, bloc], harmed) * pick(world.member[:, bloc], seller) * other
        lost = law.norm(
            norm=world.norm[bloc],
            precedent=at.precedent[bloc],
            engagement=pick(world.engagement[:, bloc], seller),
            rivalry=rivalry[None],
            offence=offence,
            exposed=xp.where(seller == leader, pick(at.exits[:, bloc], harmed), 1.0),
        )
        norm = norm + (lost * member).sum(axis=2)
    lost = law.friend(
        rivalry=rivalry[None],
        affinity=pick2(world.affinity, seller, harmed),
        exposed=exposed,
    )
    outside = (1 - pick2(at.fellow, seller, harmed)) * other
    return (lost * outside).sum(axis=2), norm


def _protests(
    at: Setting, asked: Requests, draw: Elementwise, bloc: int, decide: Decide
) -> tuple[Any, Elementwise]:
    """Return which harmed members of a bloc object and the harm done: (rows, rivals, runs)."""
    world, layout, law = at.world, at.world.layout, at.rules.objection
    xp = namespace(at.precedent)
    offer = xp.maximum(asked.offer, 0)
    supplier = layout.supplier[offer]
    _, k, rivalry = _rivals(at, asked)
    member = world.member[k, bloc] * (pick(world.member[:, bloc], supplier) > 0)[:, None]
    member = member * (k[..., None] != supplier[:, None])
    harm = member * law.harm(
        engagement=pick(world.engagement[:, bloc], supplier)[:, None],
        rivalry=rivalry,
        offence=pick(world.offence, layout.system[offer])[:, None],
    )
    terms = law.protest(harm=harm, engagement=world.engagement[k, bloc])
    objects = (draw < logistic(sum(terms.values()))) & (harm > 0) & (asked.offer != NONE)[:, None]
    about = {"bloc": layout.blocs[bloc], "states": k, "terms": terms, "offer": asked.offer}
    return decide("objection", objects, about), harm


def _draws(at: Setting, asked: Requests, noise: Noise) -> tuple[Elementwise, Elementwise]:
    """Return draws for each rival's protest, and Gumbel noise for pass, stall and block."""
    layout = at.world.layout
    xp = namespace(at.precedent)
    _, k, _ = _rivals(at, asked)
    offer = layout.offer_keys[xp.maximum(asked.offer, 0)]
    recipient = layout.state_keys[asked.buyer]
    draw = noise.chosen(
        "objection",
        offer[:, None],
        recipient[:, :, None],
        layout.state_keys[k][..., None],
    )
    options = entities(("pass", "stall", "block"))[:, None, None]
    draws = noise.chosen("response", options, offer[None], (recipient + 0 * offer)[None])
    return draw, -xp.log(-xp.log(draws))


def _response(
    at: Setting, asked: Requests, noises: Elementwise, bloc: int, weight: Elementwise
) -> Index:
    """Return what the leader does about objections: PASSED, STALLED or STOPPED (rows, runs)."""
    world, layout, law = at.world, at.world.layout, at.rules.objection
    xp = namespace(at.precedent)
    leader = layout.leader[bloc]
    offer = xp.maximum(asked.offer, 0)
    supplier = layout.supplier[offer]
    recipient = asked.buyer + 0 * supplier
    _, k, _ = _rivals(at, asked)
    total = xp.maximum(weight.sum(axis=1), 1e-9)
    objectors = (weight * world.affinity[leader][k]).sum(axis=1) / total
    known = familiarity(world)[:, leader]
    sales = world.recent_value[:, leader] / own_budget(world) / at.rules.precedent.memory
    block = law.block(
        norm=world.norm[bloc],
        precedent=at.precedent[bloc],
        regard=objectors - pick(world.affinity[leader], recipient),
        dependence=pick(known, supplier),
        regard_supplier=pick(world.affinity[leader], supplier),
        own_sales=pick(sales, recipient),
    )
    utility = xp.stack([
        noises[PASSED],
        noises[STALLED] + law.stall_constant,
        noises[STOPPED] + sum(block.values()),
    ])
    return utility.argmax(axis=0)
