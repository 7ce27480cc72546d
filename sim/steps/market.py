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
from sim.lists import Rows, first_of, largest, listed
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
    cash = xp.moveaxis((1 - discount) * (1 - terms.credit[trade]), 0, 1)[layout.seller]
    purse = bound(world, rules, buyers[None], world.lag[:, None])
    open_ = (world.price[:, None] * cash <= purse) & on_sale_to(world, period)
    entry = chance(xp.asarray(rules.procurement.review), dt)
    goes = noise.uniform("market", layout.state_keys[buyers]) < entry
    seen = open_ & goes if decide is no_decision else open_
    looks = Looks(world, listed(seen.reshape(-1, seen.shape[-1])))
    terms_of = reasons(looks, rules, found, discount, known)
    choice = best(looks, utility(looks, rules, noise, terms_of), runs=seen.shape[-1])
    if decide is not no_decision:
        table = {**terms_of, "gain": looks.table(terms_of["gain"], seen.shape)}
        about = {"terms": table, "open": xp.moveaxis(open_, 0, 1), "buyers": buyers}
        choice = decide("request", xp.where(goes, choice, NONE), about)
    picked = xp.maximum(choice, 0)
    cell = picked, np.arange(buyers.size)[:, None], xp.arange(choice.shape[-1])
    batches = affordable(world, rules, picked, purse[cell], cash[cell])
    return Wish(offer=choice, batches=batches)


def bound(world: World, rules: Rules, buyer: Index, lag: Elementwise) -> Elementwise:
    """Return what an order that comes after a lag may bind of the purses of buyers."""
    return rules.procurement.purse(
        fund=world.fund[buyer],
        budget=world.budget[buyer],
        lag=lag,
        owed=world.owed[buyer],
        deposit=np.asarray(rules.contract.deposit),
    )


def on_sale_to(world: World, period: int) -> Any:
    """Return whether each offer is on sale to each buyer, rich or not: (offers, buyers, runs)."""
    buyers, supplier = world.layout.buyers, world.layout.supplier
    open_ = is_open(world, period)[:, None] & (world.embargo[supplier[:, None], buyers] == 0)
    open_ &= (supplier[:, None] != buyers)[..., None]
    return open_


def affordable(
    world: World, rules: Rules, offer: Index, purse: Elementwise, cash: Elementwise
) -> Elementwise:
    """Return how many batches a purse suggests, within what the offer still has.

    `cash` is the share of the listed price that the buyer pays itself.
    """
    stock = pick(world.stock, offer) / pick(world.batch, offer)
    price = namespace(cash).maximum(cash, TINY) * pick(world.price, offer)
    return rules.procurement.batches(purse=purse, price=price, stock=stock)


def is_open(world: World, period: int) -> Any:
    """Return whether each offer is on sale in a period: (offers, runs)."""
    layout = world.layout
    dated = (layout.opens <= period) & (period <= layout.closes)
    return dated & (world.available > 0) & (world.stock >= world.batch)


def reasons(
    looks: Looks, rules: Rules, found: Assessment, discount: Elementwise, known: Dyadic
) -> Mapping[str, Elementwise]:
    """Return the utility of the offers looked at, by reason.

    The gain has the shape (entries,); what depends on the offer alone (offers, runs); and what
    depends on the supplier is added up under `supplier`, (buyers, sellers, runs).
    """
    world, sellers = looks.world, looks.world.layout.sellers
    trade = world.layout.buyers[:, None], sellers
    by_supplier = rules.procurement.supplier_terms(
        affinity=world.affinity[trade],
        reputation=world.reputation[sellers][None],
        familiarity=known[trade],
        refusal=world.refusal[trade],
        discount=discount,
    )
    law = in_runs(rules.procurement, looks.cells.lane)
    return {
        "gain": law.by_drop(gain=gains(looks, rules, found)),
        **rules.procurement.offer_terms(price=world.price, lag=world.lag, defect=world.defect),
        "supplier": added(by_supplier),
    }


def utility(
    looks: Looks, rules: Rules, noise: Noise, terms: Mapping[str, Elementwise]
) -> Elementwise:
    """Return the utility of the offers looked at: (entries,)."""
    layout, lane = looks.world.layout, looks.cells.lane
    seller = looks.buyer.index * layout.sellers.size + layout.seller[looks.offer.index]
    own = {name: terms[name] for name in terms if name not in ("gain", "supplier")}
    total = terms["gain"] + looks.offer.of(added(own))
    total += Rows(seller, looks.cells).of(terms["supplier"])
    total += in_runs(rules.procurement, lane).noise * _chance(looks, noise)
    return total


def best(looks: Looks, utility: Elementwise, *, runs: int) -> Index:
    """Return the offer of the largest utility, the first of equals, or NONE: (buyers, runs)."""
    size = looks.world.layout.buyers.size * runs
    cell = looks.buyer.cell(runs)
    won = np.flatnonzero(utility == largest(cell, utility, size).take(cell))
    offer = looks.offer.index.take(looks.cells.row.take(won))
    return first_of(cell.take(won), offer, size, NONE).reshape(-1, runs)


def _chance(looks: Looks, noise: Noise) -> Elementwise:
    """Return what the model does not see in each offer, standard Gumbel: (entries,)."""
    layout = looks.world.layout
    address = looks.buyer.index * len(layout.offers) + looks.offer.index
    at = Rows(address, looks.cells).cell(noise.runs.shape[-1])
    return noise.gumbel("request", layout.state_keys[layout.buyers], layout.offer_keys, at=at)
