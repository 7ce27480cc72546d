"""Law 7: who goes to market, and the offer that each buyer asks for."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.arrays import (
    TINY,
    Dyadic,
    Elementwise,
    Index,
    added,
    chance,
    in_runs,
    namespace,
    pick,
)
from sim.inputs import Decide, no_decision
from sim.layout import NONE
from sim.lists import Places, first_of, largest, listed
from sim.noise import Noise
from sim.rules import Rules
from sim.steps.assess import Assessment
from sim.steps.gains import Looks, gains
from sim.steps.terms import Privilege
from sim.world import World


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
    found: Assessment,
    terms: Privilege,
    known: Dyadic,
    period: int,
    dt: float,
    decide: Decide,
) -> Wish:
    """Return the offer that each buyer asks for in this period.

    Offers are looked at by buyers that go to market; by all where somebody else decides.
    """
    layout = world.layout
    buyers = layout.buyers
    xp = namespace(found.strength)
    trade = buyers[:, None], layout.sellers
    discount = terms.discount[trade]
    open_ = open_to(world, period, discount, terms.credit[trade])
    entry = chance(xp.asarray(rules.procurement.review), dt)
    goes = noise.uniform("market", layout.state_keys[buyers]) < entry
    seen = open_ & goes if decide is no_decision else open_
    looks = Looks(world, listed(seen.reshape(-1, seen.shape[-1])))
    law, lane = in_runs(rules.procurement, looks.cells.lane), looks.cells.lane
    gain = law.by_drop(gain=gains(looks, rules, found))
    by_offer, by_supplier = reasons(world, rules, discount, known)
    seller = looks.buyer.index * layout.sellers.size + layout.seller[looks.offer.index]
    utility = gain + looks.offer.of(added(by_offer))
    utility += Places(seller, lane).of(by_supplier)
    utility += law.noise * _chance(looks, noise)
    choice = best(looks, utility, runs=seen.shape[-1])
    if decide is not no_decision:
        table = {"gain": looks.table(gain, seen.shape), **by_offer, "supplier": by_supplier}
        about = {"terms": table, "open": xp.moveaxis(open_, 0, 1), "buyers": buyers}
        choice = decide("request", xp.where(goes, choice, NONE), about)
    picked = xp.maximum(choice, 0)
    rows, lane = np.arange(buyers.size)[:, None], xp.arange(choice.shape[-1])
    price = pick(world.price, picked) * (1 - discount[rows, layout.seller[picked], lane])
    fund = world.fund[buyers]
    return Wish(offer=choice, batches=affordable(world, rules, choice, fund, price))


def open_to(world: World, period: int, discount: Elementwise, credit: Elementwise) -> Any:
    """Return whether each offer is open to each buyer that can pay it: (offers, buyers, runs).

    Terms are given by buyer and seller: (buyers, sellers, runs).
    """
    layout = world.layout
    xp = namespace(discount)
    buyers, supplier = layout.buyers, layout.supplier
    cash = (1 - discount) * (1 - credit)  # share of the listed price that i pays s itself
    fund = world.fund[buyers][:, None]
    purse = xp.where(cash > 0, fund / xp.maximum(cash, TINY), np.inf)
    open_ = world.price[:, None] <= xp.moveaxis(purse, 0, 1)[layout.seller]
    open_ &= is_open(world, period)[:, None]
    open_ &= world.embargo[supplier[:, None], buyers] == 0
    open_ &= (supplier[:, None] != buyers)[..., None]
    return open_


def affordable(
    world: World, rules: Rules, offer: Index, fund: Elementwise, price: Elementwise
) -> Elementwise:
    """Return how many batches a fund suggests, within what the offer still has."""
    xp = namespace(fund)
    index = xp.maximum(offer, 0)
    stock = pick(world.stock, index) / pick(world.batch, index)
    return rules.procurement.batches(fund=fund, price=price, stock=stock)


def is_open(world: World, period: int) -> Any:
    """Return whether each offer is on sale in a period: (offers, runs)."""
    layout = world.layout
    dated = (layout.opens <= period) & (period <= layout.closes)
    return dated & (world.available > 0) & (world.stock >= world.batch)


def reasons(
    world: World, rules: Rules, discount: Elementwise, known: Dyadic
) -> tuple[Mapping[str, Elementwise], Elementwise]:
    """Return what speaks for offers but for their gain, and for suppliers.

    Shapes: (offers, runs) by reason, and the sum (buyers, sellers, runs).
    """
    sellers = world.layout.sellers
    trade = world.layout.buyers[:, None], sellers
    by_supplier = rules.procurement.supplier_terms(
        affinity=world.affinity[trade],
        reputation=world.reputation[sellers][None],
        familiarity=known[trade],
        refusal=world.refusal[trade],
        discount=discount,
    )
    by_offer = rules.procurement.offer_terms(price=world.price, lag=world.lag, defect=world.defect)
    return by_offer, added(by_supplier)


def best(looks: Looks, utility: Elementwise, *, runs: int) -> Index:
    """Return the offer of the largest utility, the first of equals, or NONE: (buyers, runs)."""
    size = looks.world.layout.buyers.size * runs
    cell = looks.buyer.index * runs + looks.cells.lane
    won = utility == largest(cell, utility, size)[cell]
    return first_of(cell[won], looks.offer.index[won], size, NONE).reshape(-1, runs)


def _chance(looks: Looks, noise: Noise) -> Elementwise:
    """Return what the model does not see in each offer, standard Gumbel: (entries,)."""
    layout = looks.world.layout
    cell = looks.buyer.index * len(layout.offers) + looks.offer.index
    at = cell * noise.runs.shape[-1] + looks.cells.lane
    return noise.gumbel("request", layout.state_keys[layout.buyers], layout.offer_keys, at=at)
