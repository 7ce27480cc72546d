"""Market: the buyers of a round, their choice of an offer, and the quantity."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from sim.kernel.arrays import NONE, TINY, Elementwise, Index, Monadic, added, chance, highest, pick
from sim.kernel.decision_points import Decide, RequestPoint
from sim.kernel.noise import Noise, gumbel, uniform
from sim.kernel.rules import Rules
from sim.kernel.world import World
from sim.steps.privileges import Privilege, Terms
from sim.steps.prospects import Prospects, in_stock
from sim.steps.purses import NEAR, at_hand, income, lent, owed_by, purse


@dataclass(frozen=True, kw_only=True, eq=False)
class Wish:
    """The request of each buyer: an offer, or NONE."""

    offer: Index  # (buyers, runs)
    units: Elementwise  # (buyers, runs)
    room: Elementwise  # (buyers, runs): credit available for it, million USD


def wishes(
    *,
    world: World,
    rules: Rules,
    noise: Noise,
    known: Prospects,
    terms: Privilege,
    part: int,
    deposits: Monadic,
    dt: float,
    decide: Decide,
) -> Wish:
    """Return the offer that each buyer asks for in a round; `deposits` are due for others."""
    layout, law = world.layout, rules.procurement
    buyers = layout.buyers
    own = purse(world, rules, known.accounts, part, deposits)

    # possible requests: offers considered, in stock and affordable
    value = law.value(  # (buyers, long or short lag, terms, runs)
        purse=np.stack([own.served, own.soon], axis=1)[:, :, None],
        cash=own.cash[:, None, None],
        room=own.room[:, None, None],
        credit=known.credit[:, None],
        gift=known.gift[:, None],
        budget=own.budget[:, None, None],
        deposit=rules.contract.deposit,
    )
    row, place = np.arange(buyers.size)[:, None], layout.terms_place[:, None]
    near = (world.lag < NEAR) * 1
    within = pick(value, row[..., None], near, place)
    open_ = known.considered & in_stock(world) & (known.cost <= within)

    # the best offer, or no purchase now
    refusal = world.refusal[buyers[:, None], layout.seller_column]
    by_supplier = {**known.supplier_inputs, "refusal": refusal}
    supplier_terms = law.supplier_terms(**by_supplier)
    names = layout.state_keys[buyers]
    suppliers = layout.state_keys[layout.sellers]
    unseen, none, visit = noise.draws(
        gumbel("request", names[:, None, None], suppliers[:, None]),
        gumbel("request.none", names[:, None]),
        uniform("market", names[:, None]),
    )
    likely = chance(law.rate(purse=own.served, budget=own.budget), dt)
    goes = visit < likely
    liked = added(supplier_terms) + law.noise * unseen
    best, utility = highest(goes, open_, known.worth, liked, layout.seller_place)
    choice = np.where(utility > law.reserve + law.noise * none, best, NONE)
    point = RequestPoint(
        terms=known.terms,
        inputs=known.inputs,
        supplier_terms=supplier_terms,
        supplier_inputs=by_supplier,
        draw=unseen,
        scale=law.noise,
        own_draw=known.unseen,
        own_scale=law.within,
        none_draw=none,
        reserve=law.reserve,
        on_sale=known.on_sale,
        looked_at=known.looked_at,
        cost=known.cost,
        largest=within,
        purse_inputs=partial(purse_inputs, world, known, part, deposits),
        open=open_,
        visit=visit,
        visit_chance=likely,
        threat_drop=known.threat_drop,
    )
    choice = decide(choice, point)

    # quantity
    picked = np.maximum(choice, 0)
    most = pick(value, row, pick(near, picked), pick(place, picked))
    units = suggested(world, rules, terms, buyers[:, None], picked, most)
    return Wish(offer=choice, units=units, room=own.room)


def suggested(
    world: World, rules: Rules, terms: Privilege, buyer: Index, offer: Index, value: Elementwise
) -> Elementwise:
    """Return the units requested, for orders of at most this value."""
    price = pick(world.price, offer) / pick(world.batch, offer)
    price = price * (1 - Terms(world, terms, buyer, offer).discount)
    return rules.procurement.units(
        value=value,
        price=np.maximum(price, TINY),
        most=np.minimum(pick(world.most, offer), pick(world.stock, offer)),
    )


def purse_inputs(world: World, known: Prospects, part: int, deposits: Monadic) -> Mapping[str, Any]:
    """Return the components of buyers' funds.

    Payments due are by date, in years from now; shares of credits and gifts by terms.
    """
    who, own = known.accounts.who, known.accounts
    return {
        "fund": at_hand(world, own, part, deposits),
        "budget": own.budget,
        "income": income(world, own),
        "lent": lent(world, own),
        "owed": owed_by(world, who, part),
        "credit": known.credit[:, world.layout.terms_place],
        "gift": known.gift[:, world.layout.terms_place],
    }
