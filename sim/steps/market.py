"""Market: who goes to market, what offers are worth to it, and the one that it asks for.

Tables of the market have the axes buyers, offers and runs, or, where rivals count, dyads of
buyers in their place.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from sim.kernel.arrays import (
    NONE,
    TINY,
    Dyadic,
    Elementwise,
    Index,
    Monadic,
    added,
    chance,
    pick,
)
from sim.kernel.decision_points import Decide, RequestPoint
from sim.kernel.layout.layout import Layout
from sim.kernel.layout.market_index import OTHER, SHIELD, STRIKE
from sim.kernel.noise import Noise, gumbel, uniform
from sim.kernel.rules import Rules
from sim.kernel.world import World
from sim.steps.assessment import Assessment, yields
from sim.steps.permits import permits
from sim.steps.privileges import Privilege, own
from sim.steps.supplier_risk import stops, ties_to_rivals


@dataclass(frozen=True, kw_only=True, eq=False)
class Wish:
    """What each buyer asks for: an offer, or NONE."""

    offer: Index  # (buyers, runs)
    batches: Elementwise  # (buyers, runs)


def wishes(
    *,
    world: World,
    rules: Rules,
    noise: Noise,
    view: Assessment,
    terms: Privilege,
    familiarity: Dyadic,
    part: int,
    period: int,
    dt: float,
    decide: Decide,
) -> Wish:
    """Return the offer that each buyer asks for in this period."""
    layout = world.layout
    buyers = layout.buyers
    trade = buyers[:, None], layout.sellers
    discount = terms.discount[trade]
    cash = cash_of(world, terms)
    purse = bound(world, rules, buyers[:, None, None], world.lag, part)
    cost, on_sale = world.price * cash, on_sale_to(world, period)
    open_ = (cost <= purse) & on_sale
    reasons = reasons_to_ask(world, rules, view, discount, familiarity)
    names, keys = layout.state_keys[buyers], layout.offer_keys[:, None]
    unseen = noise.draw(gumbel("request", names[:, None, None], keys))
    choice = best(utility(layout, rules, reasons, unseen), open_)
    visit = noise.draw(uniform("market", names[:, None]))
    likely = chance(rules.procurement.review, dt)
    gain = np.where(open_, reasons.terms["gain"], 0.0)
    point = RequestPoint(
        **{**vars(reasons), "terms": {**reasons.terms, "gain": gain}},
        draw=unseen,
        scale=rules.procurement.noise,
        on_sale=on_sale,
        cost=cost,
        purse=purse,
        purse_inputs=partial(purse_inputs, world, terms, part),
        open=open_,
        visit=visit,
        visit_chance=likely,
        threat_drop=partial(threat_drop, world, rules, view),
    )
    choice = decide(np.where(visit < likely, choice, NONE), point)
    picked, place = np.maximum(choice, 0), np.arange(buyers.size)[:, None]
    batches = affordable(
        world, rules, picked, pick(purse, place, picked), pick(cash, place, picked)
    )
    return Wish(offer=choice, batches=batches)


def earned(world: World, part: int) -> Monadic:
    """Return the funds without the income of the rest of the period, million USD."""
    rest = 1 - (part + 0.5) / world.layout.rounds
    return np.maximum(world.fund - world.budget * (world.layout.calendar.dt * rest), 0.0)


def bound(world: World, rules: Rules, buyer: Index, lag: Elementwise, part: int) -> Elementwise:
    """Return what an order that comes after a lag may bind of the purses of buyers.

    The index of buyers ends with the runs.
    """
    return rules.procurement.purse(
        fund=pick(earned(world, part), buyer),
        budget=pick(world.budget, buyer),
        lag=lag,
        owed=pick(world.owed.sum(axis=1), buyer),
        deposit=rules.contract.deposit,
    )


def cash_of(world: World, terms: Privilege) -> Elementwise:
    """Return the share of the listed price that buyers pay themselves: (buyers, offers, runs)."""
    layout = world.layout
    trade, offer = (layout.buyers[:, None], layout.sellers), np.arange(len(layout.offers))
    discount, credit = (
        own(world, name, offer[:, None], table[trade][:, layout.seller_place])
        for name, table in (("discount", terms.discount), ("credit", terms.credit))
    )
    return (1 - discount) * (1 - credit)


def purse_inputs(world: World, terms: Privilege, part: int) -> Mapping[str, Elementwise]:
    """Return what buyers have, get and owe, (buyers, runs), and their credit, by seller."""
    buyers = world.layout.buyers
    return {
        "fund": earned(world, part)[buyers],
        "budget": world.budget[buyers],
        "owed": world.owed[buyers].sum(axis=1),
        "credit": terms.credit[buyers[:, None], world.layout.sellers],
    }


def on_sale_to(world: World, period: int) -> Any:
    """Return whether each offer is on sale to each buyer, rich or not: (buyers, offers, runs)."""
    buyers, supplier = world.layout.buyers[:, None], world.layout.supplier
    allowed = permits(world)[buyers[:, 0]] & (supplier != buyers)[..., None]
    return is_open(world, period) & allowed


def affordable(
    world: World, rules: Rules, offer: Index, purse: Elementwise, cash: Elementwise
) -> Elementwise:
    """Return how many batches a purse suggests, within what the offer still has.

    `cash` is the share of the listed price that the buyer pays itself.
    """
    stock = pick(world.stock, offer) / pick(world.batch, offer)
    price = np.maximum(cash, TINY) * pick(world.price, offer)
    return rules.procurement.batches(purse=purse, price=price, stock=stock)


def is_open(world: World, period: int) -> Any:
    """Return whether each offer is on sale in a period: (offers, runs)."""
    layout = world.layout
    dated = (layout.opens <= period) & (period <= layout.closes)
    return dated & (world.available > 0) & (world.stock >= world.batch)


@dataclass(frozen=True, kw_only=True, eq=False)
class ReasonsToAsk:
    """What the law of procurement makes of the offers, and of what: see `RequestPoint`."""

    terms: Mapping[str, Elementwise]
    inputs: Mapping[str, Elementwise]
    supplier_terms: Mapping[str, Elementwise]
    supplier_inputs: Mapping[str, Elementwise]


def reasons_to_ask(
    world: World, rules: Rules, view: Assessment, discount: Elementwise, familiarity: Dyadic
) -> ReasonsToAsk:
    """Return the utility of the offers, by reason: that of an offer, and that of its supplier."""
    law, sellers = rules.procurement, world.layout.sellers
    trade = world.layout.buyers[:, None], sellers
    drop = gains(world, rules, view)
    offered = {"price": _asked(world, discount), "lag": world.lag, "defect": world.defect}
    known = {
        "affinity": world.affinity[trade],
        "reputation": world.reputation[sellers],
        "familiarity": familiarity[trade],
        "refusal": world.refusal[trade],
        "ties": ties_to_rivals(world)[trade],
        "stops": stops(world)[trade],
        "discount": discount,
    }
    return ReasonsToAsk(
        terms={"gain": law.by_drop(gain=drop), **law.offer_terms(**offered)},
        inputs={"gain": drop, **offered},
        supplier_terms=law.supplier_terms(**known),
        supplier_inputs=known,
    )


def _asked(world: World, discount: Elementwise) -> Elementwise:
    """Return the price of offers before the discount of their supplier for the buyer.

    Where an offer has a discount of its own, it is that which the two together come to.
    """
    if "discount" not in world.layout.own_terms:
        return world.price
    usual, offer = discount[:, world.layout.seller_place], np.arange(len(world.layout.offers))
    return world.price * (1 - own(world, "discount", offer[:, None], usual)) / (1 - usual)


def utility(
    layout: Layout, rules: Rules, reasons: ReasonsToAsk, unseen: Elementwise
) -> Elementwise:
    """Return the utility of each offer to each buyer: (buyers, offers, runs)."""
    gain, *own = reasons.terms.values()
    of_supplier = added(reasons.supplier_terms)[:, layout.seller_place]
    return gain + sum(own[1:], own[0]) + of_supplier + rules.procurement.noise * unseen


def best(utility: Elementwise, open_: Any) -> Index:
    """Return the open offer of most utility, the first of equals, or NONE: (buyers, runs)."""
    choice = np.where(open_, utility, -np.inf).argmax(axis=1)
    return np.where(open_.any(axis=1), choice, NONE)


def bought(world: World) -> Elementwise:
    """Return the new-equivalent units in a batch of each offer: (offers, runs)."""
    return world.batch * world.condition


def gains(world: World, rules: Rules, view: Assessment) -> Elementwise:
    """Return the drop in each buyer's insecurity by one batch of each offer.

    Every offer adds strength, S + C ln(1 + bought / (C + K)); a strike system also adds to the
    second strike at each rival, and air defence takes from each rival's exposure. The threats of
    all rivals and the diffuse need are then as in an assessment.
    """
    buyers, market = world.layout.buyers, world.layout.market
    strength = _stronger(world, view)
    insecurity = rules.insecurity.insecurity(
        threat=market.by_buyer.sum(_threat(world, rules, view, strength)),
        neighbour=view.neighbour[buyers][:, None],
        strength=strength,
    )
    return view.insecurity[buyers][:, None] - insecurity


def threat_drop(world: World, rules: Rules, view: Assessment) -> Elementwise:
    """Return what each rival's threat would fall by with each offer: (dyads, offers, runs).

    The rows are those of the market's `dyads`. With the drop in diffuse need they are the gains.
    """
    now = view.threat[world.layout.market.dyads][:, None]
    return now - _threat(world, rules, view, _stronger(world, view))


def _stronger(world: World, view: Assessment) -> Elementwise:
    """Return the strength of each buyer with a batch of each offer, TIV."""
    layout = world.layout
    buyers, cls = layout.buyers, layout.class_of[layout.system]
    satiation = world.satiation[cls]
    full = view.stock.held[buyers][:, cls] + satiation
    more = np.log(world.worth[layout.system] * bought(world) / full + 1.0)
    return more * satiation + view.strength[buyers][:, None]


def _threat(world: World, rules: Rules, view: Assessment, strength: Elementwise) -> Elementwise:
    """Return the threat that buyers with an offer would perceive: (dyads, offers, runs)."""
    layout, market = world.layout, world.layout.market
    dyad, back = market.dyads, layout.reverse[market.dyads]
    win = rules.contest.win(
        strength=view.strength[layout.dyad_to[dyad]][:, None],
        opposed=strength[market.place] + view.support[dyad][:, None],
    )
    exposure, second_strike = view.exposure[back][:, None], view.second_strike[dyad][:, None]
    known = {
        OTHER: (exposure, second_strike),
        STRIKE: (exposure, _answered(world, rules, view)),
        SHIELD: (_shielded(world, rules, view), second_strike),
    }
    threats = [
        rules.threat.threat(
            rivalry=world.rivalry[back][:, None],
            win=win[:, market.offers(kind)],
            exposure=exposed,
            second_strike=answered,
            near=rules.threat.near(distance=world.distance)[dyad][:, None],
        )
        for kind, (exposed, answered) in known.items()
    ]
    return np.concatenate(threats, axis=1)


def _answered(world: World, rules: Rules, view: Assessment) -> Elementwise:
    """Return each buyer's second strike with a batch of each strike offer."""
    layout, market = world.layout, world.layout.market
    offers, (shot, by_dyad) = market.offers(STRIKE), market.answers
    asset, owner = layout.shot_asset[shot], layout.dyad_to[layout.shot_dyad[shot]]
    batch, value = bought(world)[offers], world.value[asset][:, None]
    each = yields(world, rules, shot[:, None], layout.system[offers][None])
    more = batch * each * value * view.stock.passing[owner][:, None] + view.hits[shot][:, None]
    dyad = market.dyads
    surviving = rules.counterforce.surviving(
        find=world.find[layout.dyad_to[dyad]][:, None],
        rounds_in_reach=view.stock.reach[layout.reverse[dyad]][:, None],
        launchers=view.stock.launchers[layout.dyad_from[dyad]][:, None] + batch,
    )
    lost = rules.strike.destroyed(
        hits=more * surviving[by_dyad.index], value=value, hardness=world.hardness[asset][:, None]
    )
    return by_dyad.sum(lost)


def _shielded(world: World, rules: Rules, view: Assessment) -> Elementwise:
    """Return each rival's exposure of the buyer with a batch of each air-defence offer."""
    layout, market = world.layout, world.layout.market
    offers, (shot, by_dyad) = market.offers(SHIELD), market.threats
    asset, defence = layout.shot_asset[shot], (world.worth[layout.system] * bought(world))[offers]
    lost = rules.strike.destroyed(
        hits=view.hits[shot][:, None] * rules.strike.passing(defence=defence),
        value=world.value[asset][:, None],
        hardness=world.hardness[asset][:, None],
    )
    return by_dyad.sum(lost)
