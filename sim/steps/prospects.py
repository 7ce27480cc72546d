"""Prospects: the value of each offer to each buyer in a period, before chance and money.

Tables have the axes buyers, offers (or sellers) and runs. Quantities that change within a period,
such as stocks, refusals and funds, are left to the rounds of the market.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from sim.kernel.arrays import TINY, Elementwise, Exportwise, logistic
from sim.kernel.noise import Noise, gumbel, uniform
from sim.kernel.rules import Rules
from sim.kernel.world import World
from sim.steps.assessment import Assessment
from sim.steps.customs import displeasure
from sim.steps.gains import gains, threat_drop
from sim.steps.levers import heeded
from sim.steps.permits import permits
from sim.steps.privileges import Privilege, own
from sim.steps.purses import Accounts, accounts
from sim.steps.supplier_risk import stops, ties_to_rivals

LEAST_INSECURITY = 1e-9


@dataclass(frozen=True, kw_only=True, eq=False)
class Prospects:
    """The value of the offers to the buyers."""

    on_sale: Any  # (buyers, offers, runs): whether it may be requested, if in stock
    looked_at: Any  # (buyers, sellers, runs)
    considered: Any  # (buyers, offers, runs): both
    terms: Mapping[str, Elementwise]  # of the utility, by offer
    inputs: Mapping[str, Elementwise]
    supplier_inputs: Mapping[str, Elementwise]  # (buyers or 1, sellers, runs)
    unseen: Elementwise  # (buyers, offers, runs) standard Gumbel, of supplier and system
    worth: Elementwise  # (buyers, offers, runs): the terms and unobserved qualities
    cost: Elementwise  # (buyers, offers, runs) of the smallest order, million USD
    credit: Elementwise  # (buyers, terms, runs): share on credit, by the terms of the layout
    gift: Elementwise  # (buyers, terms, runs): share of that which is a gift
    accounts: Accounts  # of the buyers
    threat_drop: Callable[[], Elementwise]  # parts of the drop in insecurity


def prospects(
    world: World,
    rules: Rules,
    noise: Noise,
    *,
    view: Assessment,
    terms: Privilege,
    familiarity: Exportwise,
    number: int,
) -> Prospects:
    """Return the value of the offers to the buyers in a period; the noise is that of its year."""
    layout, law = world.layout, rules.procurement
    buyers, system = layout.buyers, layout.system
    trade = buyers[:, None], layout.sellers
    on_sale = on_sale_to(world, number)
    offers = np.arange(len(layout.offers))[:, None]

    # the price of a unit, and the units of each offer for the same sum
    credit, gift = lent_to(world, rules, terms)
    place = layout.terms_place
    discount = own(world, "discount", offers, terms.discount[buyers[:, None], layout.offer_column])
    price = world.price / world.batch * (1 - discount)
    net = rules.contract.net(
        price=price, credit=credit[:, place], gift=gift[:, place], offset=world.offset
    )
    units = law.trial / np.maximum(net, TINY) * world.condition
    drop = np.maximum(gains(world, rules, view, units), 0.0)
    drop = drop / np.maximum(view.insecurity[buyers], LEAST_INSECURITY)[:, None]
    gain = np.where(on_sale, drop, 0.0)
    inputs = {
        "gain": gain,
        "best": gain.max(axis=1)[:, None],
        "lag": world.lag,
        "defect": world.defect,
    }
    if layout.levers:
        inputs["at_stake"] = heeded(world, rules, gain, number)
    reasons = law.offer_terms(**inputs)
    keys = layout.state_keys
    unseen = noise.draw(
        gumbel(
            "request.system",
            keys[buyers][:, None, None],
            keys[layout.supplier][:, None],
            layout.system_keys[system][:, None],
        )
    )
    foreseen = {"displeasure": displeasure(world)[trade]} if layout.customs.size else {}
    behind, *others = reasons.values()
    worth = behind + sum(others[1:], others[0]) + law.within * unseen
    looks = looked_at(world, rules, noise, number)
    return Prospects(
        on_sale=on_sale,
        looked_at=looks,
        considered=on_sale & looks[:, layout.seller_place],
        terms=reasons,
        inputs=inputs,
        supplier_inputs={
            "affinity": world.affinity[trade],
            "reputation": world.reputation[layout.sellers],
            "familiarity": familiarity[buyers[:, None], layout.seller_column],
            "ties": ties_to_rivals(world)[buyers],
            "stops": stops(world)[buyers],
            **foreseen,
        },
        unseen=unseen,
        worth=np.where(on_sale, worth, 0.0),
        cost=price * world.least,
        credit=credit,
        gift=gift,
        accounts=accounts(world, buyers[:, None]),
        threat_drop=partial(_parts, world, rules, view, units),
    )


def _parts(world: World, rules: Rules, view: Assessment, units: Elementwise) -> Elementwise:
    """Return the fall of each rival's threat, as a share of the buyer's insecurity."""
    layout = world.layout
    whole = view.insecurity[layout.dyad_from[layout.market.dyads]][:, None]
    return threat_drop(world, rules, view, units) / np.maximum(whole, LEAST_INSECURITY)


def on_sale_to(world: World, period: int) -> Any:
    """Return whether each offer is on sale to each buyer: (buyers, offers, runs)."""
    buyers, supplier = world.layout.buyers[:, None], world.layout.supplier
    allowed = permits(world)[buyers[:, 0]] & (supplier != buyers)[..., None]
    return is_open(world, period) & allowed


def is_open(world: World, period: int) -> Any:
    """Return whether each offer is open in a period, in stock or not: (offers, runs)."""
    layout = world.layout
    dated = (layout.opens <= period) & (period <= layout.closes)
    return dated & (world.available > 0)


def in_stock(world: World) -> Any:
    """Return whether the smallest order is in stock: (offers, runs)."""
    return np.floor(world.stock) >= world.least


def lent_to(world: World, rules: Rules, terms: Privilege) -> tuple[Elementwise, Elementwise]:
    """Return the share on credit for each buyer and the share of it that is a gift.

    Both are (buyers, terms, runs): the first terms are those of sellers that grant none, then come
    the lenders', and those that offers have of their own.
    """
    layout = world.layout
    offers = layout.own_offers
    sellers = np.concatenate([layout.lenders, layout.supplier[offers]])
    trade = layout.buyers[:, None], sellers
    credit = terms.credit[layout.buyers[:, None], layout.export_column[sellers]]
    found = {"credit": credit, "rate": world.rate[trade], "tenor": world.tenor[trade]}
    if offers.size:
        plain = layout.lenders.size
        for name, table in found.items():
            of_offers = own(world, name, offers[:, None], table[:, plain:])
            found[name] = np.concatenate([table[:, :plain], of_offers], axis=1)
    gift = rules.contract.gift(
        rate=found["rate"], tenor=found["tenor"], market_rate=rules.finance.market_rate
    )
    nothing = 0.0 * world.gdp[layout.buyers][:, None]
    return (
        np.concatenate([nothing, found["credit"] + nothing], axis=1),
        np.concatenate([nothing, np.maximum(gift, 0.0) + nothing], axis=1),
    )


def looked_at(world: World, rules: Rules, noise: Noise, number: int) -> Any:
    """Return whether each buyer considers each seller: (buyers, sellers, runs).

    It does if it remembers deliveries, otherwise depending on a draw that holds for some years,
    from dates that differ by dyad and run.
    """
    layout, law = world.layout, rules.procurement
    buyers, sellers = layout.buyers, layout.sellers
    trade = buyers[:, None], sellers
    system = layout.goods_index[:, 1]
    held = world.arsenal[buyers, system[:, None]] * world.worth[system][:, None]
    made = np.moveaxis(layout.goods_by_seller.sum(held), 0, 1)
    total = (world.arsenal[buyers] * world.worth).sum(axis=1)
    supplied = world.recent_tiv[:, layout.seller_column] > law.known
    odds = law.approaching(
        mutual=(world.affinity[trade] + world.affinity[sellers, buyers[:, None]]) / 2,
        legacy=made / np.maximum(total, TINY)[:, None],
        users=supplied.sum(axis=0) * 1.0,
    )
    names = layout.state_keys[buyers][:, None, None], layout.state_keys[sellers][:, None]
    phase = noise.draw(uniform("approach.phase", *names, constant=True))
    epoch = np.floor(number * layout.calendar.dt / law.hold + phase).astype(np.uint32)
    draw = noise.draw(uniform("approach", *names, epoch, constant=True))
    return supplied[buyers] | (draw < logistic(odds))
