"""Law 7: who goes to market, and the offer that each buyer asks for."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.arrays import TINY, Dyadic, Elementwise, Index, added, chance, namespace, pick
from sim.inputs import Decide
from sim.layout import NONE
from sim.noise import Noise
from sim.rules import Rules
from sim.steps.assess import Assessment, yields
from sim.steps.terms import Privilege
from sim.world import World


@dataclass(frozen=True, kw_only=True, eq=False)
class Wish:
    """What each buyer asks for: an offer, or NONE."""

    offer: Index  # (buyers, runs)
    batches: Elementwise  # (buyers, runs)


def gains(world: World, rules: Rules, found: Assessment) -> Elementwise:
    """Return the drop in each buyer's insecurity if one batch of each offer were there today.

    Shape (buyers, offers, runs). Every offer adds strength; strike systems also add to the
    second strike, air defence takes from the rivals' reach.
    """
    layout = world.layout
    xp = namespace(found.strength)
    buyers, system = layout.buyers, layout.system
    cls = layout.class_of[system]
    bought = world.worth[system] * world.batch * world.condition
    satiation = world.satiation[cls]
    better = found.stock.held[buyers[:, None], cls]
    better += satiation
    better = xp.log1p(bought / better)
    better *= satiation
    better += found.strength[buyers][:, None]
    answers = (
        (layout.other_offers, None, None),
        (layout.strike_offers, "second_strike", _answered(world, rules, found)),
        (layout.defence_offers, "exposure", _shielded(world, rules, found, bought)),
    )
    now = found.insecurity[buyers][:, None]
    drops = []
    for offers, name, changed in answers:
        strength = better[:, offers]
        insecurity = rules.insecurity.insecurity(
            threat=layout.armed.sum(_threat(world, rules, found, strength, name, changed)),
            neighbour=found.neighbour[buyers][:, None],
            strength=strength,
        )
        drops.append(now - insecurity)
    return xp.concatenate(drops, axis=1)


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
    """Return the offer that each buyer asks for in this period."""
    layout = world.layout
    buyers, supplier, seller = layout.buyers, layout.supplier, layout.seller
    xp = namespace(found.strength)
    trade = buyers[:, None], layout.sellers
    discount, credit = terms.discount[trade], terms.credit[trade]
    cash = (1 - discount) * (1 - credit)  # share of the listed price that i pays s itself
    purse = bound(world, rules, buyers[:, None], world.lag)
    open_ = world.price * cash[:, seller] <= purse
    open_ &= is_open(world, period)
    open_ &= world.embargo[supplier][:, buyers].swapaxes(0, 1) == 0
    open_ &= (supplier[None] != buyers[:, None])[..., None]
    about = utilities(world, rules, gains(world, rules, found), discount, known)
    chance_part = noise.gumbel("request", layout.state_keys[buyers], layout.offer_keys)
    chance_part *= rules.procurement.noise
    utility = about["gain"] + (about["price"] + about["wait"] + about["defect"])
    utility += about["supplier"][:, seller]
    utility += chance_part
    utility = xp.where(open_, utility, -np.inf)
    entry = chance(xp.asarray(rules.procurement.review), dt)
    goes = noise.uniform("market", layout.state_keys[buyers]) < entry
    choice = utility.argmax(axis=1)
    rows, lane = np.arange(buyers.size)[:, None], xp.arange(utility.shape[-1])
    choice = xp.where(goes & (utility[rows, choice, lane] > -np.inf), choice, NONE)
    choice = decide("request", choice, {"terms": about, "open": open_, "buyers": buyers})
    picked = xp.maximum(choice, 0)
    return Wish(
        offer=choice,
        batches=affordable(
            world, rules, picked, purse[rows, picked, lane], cash[rows, seller[picked], lane]
        ),
    )


def bound(world: World, rules: Rules, buyer: Index, lag: Elementwise) -> Elementwise:
    """Return what an order that comes after a lag may bind of the purses of buyers."""
    return rules.procurement.purse(
        fund=world.fund[buyer],
        budget=world.budget[buyer],
        lag=lag,
        owed=world.owed[buyer],
        deposit=np.asarray(rules.contract.deposit),
    )


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


def utilities(
    world: World, rules: Rules, gain: Elementwise, discount: Elementwise, known: Dyadic
) -> Mapping[str, Elementwise]:
    """Return the utility of every offer to every buyer, by reason.

    Reasons that depend on the offer have the shape (buyers or 1, offers, runs); those that
    depend on the supplier alone are added up under `supplier`, (buyers, sellers, runs).
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
    by_offer = rules.procurement.offer_terms(
        gain=gain, price=world.price, lag=world.lag, defect=world.defect
    )
    return {**by_offer, "supplier": added(by_supplier)}


def _threat(
    world: World,
    rules: Rules,
    found: Assessment,
    strength: Elementwise,
    name: str | None,
    changed: Elementwise | None,
) -> Elementwise:
    """Return the threat that each arming pair's buyer would perceive: (arming, offers, runs)."""
    layout = world.layout
    pair, back = layout.arming, layout.back[layout.arming]
    now = {
        "exposure": found.exposure[back][:, None],
        "second_strike": found.second_strike[pair][:, None],
    }
    if name is not None:
        now[name] = changed
    win = rules.contest.win(
        strength=found.strength[layout.pair_j[pair]][:, None],
        opposed=strength[layout.buyer_of] + found.support[pair][:, None],
    )
    return rules.threat.threat(
        rivalry=world.rivalry[back][:, None],
        win=win,
        distance=world.distance[pair][:, None],
        **now,
    )


def _answered(world: World, rules: Rules, found: Assessment) -> Elementwise:
    """Return each arming pair's second strike with a batch of each strike offer."""
    layout = world.layout
    shots, targets = layout.arming_shots
    offers = layout.strike_offers
    system = layout.system[offers]
    pair = layout.shot_pair[shots]
    bought = (world.batch * world.condition)[offers]
    owner, asset = layout.pair_j[pair], layout.shot_asset[shots]
    value = world.value[asset][:, None]
    each = yields(world, rules, shots[:, None] + 0 * system, system + 0 * shots[:, None])
    passing = rules.strike.passing(defence=found.defence)[owner][:, None]
    hits = found.hits[shots][:, None] + (bought * each * value) * passing
    arming = layout.arming
    held = found.stock.launchers[layout.pair_i[arming]][:, None]
    surviving = rules.counterforce.surviving(
        find=world.find[layout.pair_j[arming]][:, None],
        rounds_in_reach=found.stock.reach[layout.back[arming]][:, None],
        launchers=held + bought,
    )
    place = np.searchsorted(arming, pair)
    return targets.sum(
        rules.strike.destroyed(
            hits=hits * surviving[place], value=value, hardness=world.hardness[asset][:, None]
        )
    )


def _shielded(world: World, rules: Rules, found: Assessment, bought: Elementwise) -> Elementwise:
    """Return each rival's exposure of the buyer with a batch of each air-defence offer."""
    layout = world.layout
    shots, targets = layout.incoming_shots
    offers = layout.defence_offers
    asset = layout.shot_asset[shots]
    passing = rules.strike.passing(defence=bought[offers])
    return targets.sum(
        rules.strike.destroyed(
            hits=found.hits[shots][:, None] * passing,
            value=world.value[asset][:, None],
            hardness=world.hardness[asset][:, None],
        )
    )
