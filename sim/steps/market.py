"""Market: who goes to market, what offers are worth to it, and the one that it asks for."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from sim.kernel.arrays import (
    NONE,
    TINY,
    Dyadic,
    Elementwise,
    Index,
    added,
    chance,
    in_runs,
    pick,
    put,
)
from sim.kernel.decision_points import Decide, RequestPoint, no_decision
from sim.kernel.layout.market_index import SHIELD, STRIKE
from sim.kernel.noise import Noise, gumbel, uniform
from sim.kernel.rules import Rules
from sim.kernel.sparse import Cells, RowPlaces, first_of, largest, listed, summed
from sim.kernel.world import World
from sim.steps.assessment import Assessment, yields
from sim.steps.privileges import Privilege


@dataclass(frozen=True, kw_only=True, eq=False)
class Wish:
    """What each buyer asks for: an offer, or NONE."""

    offer: Index  # (buyers, runs)
    batches: Elementwise  # (buyers, runs)


@dataclass(frozen=True, eq=False)
class Prospects:
    """The offers at which buyers look: one entry an offer, buyer and run."""

    world: World
    cells: Cells  # of a table of offers and buyers

    @cached_property
    def offer(self) -> RowPlaces:
        """Return the offer of each entry."""
        return RowPlaces(self.world.layout.market.offer, self.cells)

    @cached_property
    def buyer(self) -> RowPlaces:
        """Return the place of the buyer, among the buyers, of each entry."""
        return RowPlaces(self.world.layout.market.buyer, self.cells)

    @cached_property
    def state(self) -> RowPlaces:
        """Return the buyer, as a state, of each entry."""
        return RowPlaces(self.world.layout.buyers[self.buyer.index], self.cells)

    def table(self, values: Elementwise, shape: tuple[int, ...]) -> Elementwise:
        """Return values (entries,) as (buyers, offers, runs), 0 where nobody looks.

        `shape` is that of (offers, buyers, runs).
        """
        flat = np.zeros(shape).reshape(-1)
        cell = self.cells.row * shape[-1] + self.cells.column
        return np.moveaxis(put(flat, cell, values, inplace=True).reshape(shape), 0, 1)


def wishes(
    *,
    world: World,
    rules: Rules,
    noise: Noise,
    view: Assessment,
    terms: Privilege,
    familiarity: Dyadic,
    period: int,
    dt: float,
    decide: Decide,
) -> Wish:
    """Return the offer that each buyer asks for in this period.

    Offers are looked at by buyers that go to market; by all where somebody else decides.
    """
    layout = world.layout
    buyers = layout.buyers
    trade = buyers[:, None], layout.sellers
    discount = terms.discount[trade]
    cash = np.moveaxis((1 - discount) * (1 - terms.credit[trade]), 0, 1)[layout.seller_place]
    purse = bound(world, rules, buyers[None], world.lag[:, None])
    open_ = (world.price[:, None] * cash <= purse) & on_sale_to(world, period)
    entry = chance(rules.procurement.review, dt)
    goes = noise.draw(uniform("market", layout.state_keys[buyers][:, None])) < entry
    seen = open_ & goes if decide is no_decision else open_
    prospects = Prospects(world, listed(seen.reshape(-1, seen.shape[-1])))
    terms_of = reasons(prospects, rules, view, discount, familiarity)
    choice = best(prospects, utility(prospects, rules, noise, terms_of), runs=seen.shape[-1])
    if decide is not no_decision:
        table = {**terms_of, "gain": prospects.table(terms_of["gain"], seen.shape)}
        point = RequestPoint(terms=table, open=np.moveaxis(open_, 0, 1))
        choice = decide(np.where(goes, choice, NONE), point)
    picked = np.maximum(choice, 0)
    cell = picked, np.arange(buyers.size)[:, None], np.arange(choice.shape[-1])
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
    price = np.maximum(cash, TINY) * pick(world.price, offer)
    return rules.procurement.batches(purse=purse, price=price, stock=stock)


def is_open(world: World, period: int) -> Any:
    """Return whether each offer is on sale in a period: (offers, runs)."""
    layout = world.layout
    dated = (layout.opens <= period) & (period <= layout.closes)
    return dated & (world.available > 0) & (world.stock >= world.batch)


def reasons(
    prospects: Prospects, rules: Rules, view: Assessment, discount: Elementwise, familiarity: Dyadic
) -> Mapping[str, Elementwise]:
    """Return the utility of the offers looked at, by reason.

    The gain has the shape (entries,); what depends on the offer alone (offers, runs); and what
    depends on the supplier is added up under `supplier`, (buyers, sellers, runs).
    """
    world, sellers = prospects.world, prospects.world.layout.sellers
    trade = world.layout.buyers[:, None], sellers
    by_supplier = rules.procurement.supplier_terms(
        affinity=world.affinity[trade],
        reputation=world.reputation[sellers][None],
        familiarity=familiarity[trade],
        refusal=world.refusal[trade],
        discount=discount,
    )
    law = in_runs(rules.procurement, prospects.cells.column)
    return {
        "gain": law.by_drop(gain=gains(prospects, rules, view)),
        **rules.procurement.offer_terms(price=world.price, lag=world.lag, defect=world.defect),
        "supplier": added(by_supplier),
    }


def utility(
    prospects: Prospects, rules: Rules, noise: Noise, terms: Mapping[str, Elementwise]
) -> Elementwise:
    """Return the utility of the offers looked at: (entries,)."""
    layout, column = prospects.world.layout, prospects.cells.column
    seller = (
        prospects.buyer.index * layout.sellers.size + layout.seller_place[prospects.offer.index]
    )
    own = {name: terms[name] for name in terms if name not in ("gain", "supplier")}
    total = terms["gain"] + prospects.offer.of(added(own))
    total += RowPlaces(seller, prospects.cells).of(terms["supplier"])
    total += in_runs(rules.procurement, column).noise * _chance(prospects, noise)
    return total


def best(prospects: Prospects, utility: Elementwise, *, runs: int) -> Index:
    """Return the offer of the largest utility, the first of equals, or NONE: (buyers, runs)."""
    size = prospects.world.layout.buyers.size * runs
    cell = prospects.buyer.cell(runs)
    won = np.flatnonzero(utility == largest(cell, utility, size).take(cell))
    offer = prospects.offer.index.take(prospects.cells.row.take(won))
    return first_of(cell.take(won), offer, size, NONE).reshape(-1, runs)


def _chance(prospects: Prospects, noise: Noise) -> Elementwise:
    """Return what the model does not see in each offer, standard Gumbel: (entries,)."""
    layout = prospects.world.layout
    buyers, offers = layout.state_keys[layout.buyers], layout.offer_keys
    table = noise.draw(gumbel("request", buyers[:, None, None], offers[:, None]))
    cell = prospects.buyer.index * offers.size + prospects.offer.index
    return RowPlaces(cell, prospects.cells).of(table)


def bought(world: World) -> Elementwise:
    """Return the new-equivalent units in a batch of each offer: (offers, runs)."""
    return world.batch * world.condition


def gains(prospects: Prospects, rules: Rules, view: Assessment) -> Elementwise:
    """Return the drop in the buyer's insecurity by one batch of the offer: (entries,).

    Every offer adds strength, S + C ln(1 + bought / (C + K)); a strike system also adds to the
    second strike at each rival, and air defence takes from each rival's exposure. The threats of
    all rivals and the diffuse need are then as in an assessment.
    """
    strength = _stronger(prospects, view)
    rivals = prospects.cells.spread(prospects.world.layout.market.rivals.parent)
    threat = _threat(prospects, rivals, rules, view, strength.take(rivals.up))
    insecurity = in_runs(rules.insecurity, prospects.cells.column).insecurity(
        threat=summed(rivals.up, threat, strength.shape[0]),
        neighbour=prospects.state.of(view.neighbour),
        strength=strength,
    )
    return prospects.state.of(view.insecurity) - insecurity


def _stronger(prospects: Prospects, view: Assessment) -> Elementwise:
    """Return the strength of the buyer with a batch of the offer, TIV."""
    world, layout = prospects.world, prospects.world.layout
    cls = layout.class_of[layout.system]
    satiation = prospects.offer.of(world.satiation[cls])
    cell = prospects.state.index * len(layout.classes) + cls[prospects.offer.index]
    full = RowPlaces(cell, prospects.cells).of(view.stock.held)
    full += satiation
    more = prospects.offer.of(world.worth[layout.system] * bought(world))
    more /= full
    more += 1.0
    more = np.log(more)
    more *= satiation
    more += prospects.state.of(view.strength)
    return more


def _threat(
    prospects: Prospects, rivals: Cells, rules: Rules, view: Assessment, strength: Elementwise
) -> Elementwise:
    """Return the threat that the buyer would perceive from each rival: (entries of rivals,)."""
    world, column, index = prospects.world, rivals.column, prospects.world.layout.market
    pair, back = (RowPlaces(each, rivals) for each in index.rivals.dyads)
    rival = RowPlaces(index.rivals.rival, rivals)
    striking, shielding = (rivals.part(*index.ends[kind : kind + 2]) for kind in (STRIKE, SHIELD))
    answered = _answered(prospects, rivals, striking, rules, view)
    shielded = _shielded(prospects, rivals, shielding, rules, view)
    return in_runs(rules.threat, column).threat(
        rivalry=back.of(world.rivalry),
        win=in_runs(rules.contest, column).win(
            strength=rival.of(view.strength), opposed=strength + pair.of(view.support)
        ),
        exposure=put(back.of(view.exposure), shielding, shielded, inplace=True),
        second_strike=put(pair.of(view.second_strike), striking, answered, inplace=True),
        near=pair.of(rules.threat.near(distance=world.distance)),
    )


def _answered(
    prospects: Prospects, rivals: Cells, there: slice, rules: Rules, view: Assessment
) -> Elementwise:
    """Return the buyer's second strike with a batch of each strike offer: (entries `there`,)."""
    world, layout, at = (
        prospects.world,
        prospects.world.layout,
        prospects.world.layout.market.answers,
    )
    shots = rivals.spread(at.parent)
    shot, row, offer, asset, owner = (
        RowPlaces(each, shots)
        for each in (at.shot, np.arange(at.shot.size), at.offer, at.asset, at.owner)
    )
    each = yields(world, rules, at.shot, layout.system[at.offer])
    value = asset.of(world.value)
    more = offer.of(bought(world)) * row.of(each) * value
    more *= owner.of(view.stock.passing)
    more += shot.of(view.hits)
    up = shots.up - there.start
    more *= _surviving(prospects, rivals, rules, view).take(up)
    lost = rules.strike.destroyed(hits=more, value=value, hardness=asset.of(world.hardness))
    return summed(up, lost, there.stop - there.start)


def _surviving(prospects: Prospects, rivals: Cells, rules: Rules, view: Assessment) -> Elementwise:
    """Return the share of the buyer's launchers, the batch's included, that a rival misses."""
    world, at = prospects.world, prospects.world.layout.market.rivals
    first, last = world.layout.market.ends[STRIKE : STRIKE + 2]
    cells = rivals.rows(first, last)
    buyer, rival, back, offer = (
        RowPlaces(each[first:last], cells) for each in (at.buyer, at.rival, at.dyads[1], at.offer)
    )
    return in_runs(rules.counterforce, cells.column).surviving(
        find=rival.of(world.find),
        rounds_in_reach=back.of(view.stock.reach),
        launchers=buyer.of(view.stock.launchers) + offer.of(bought(world)),
    )


def _shielded(
    prospects: Prospects, rivals: Cells, there: slice, rules: Rules, view: Assessment
) -> Elementwise:
    """Return each rival's exposure of the buyer with a batch of each air-defence offer."""
    world, layout, at = (
        prospects.world,
        prospects.world.layout,
        prospects.world.layout.market.shields,
    )
    shots = rivals.spread(at.parent)
    shot, offer, asset = (RowPlaces(each, shots) for each in (at.shot, at.offer, at.asset))
    passing = rules.strike.passing(defence=world.worth[layout.system] * bought(world))
    lost = rules.strike.destroyed(
        hits=shot.of(view.hits) * offer.of(passing),
        value=asset.of(world.value),
        hardness=asset.of(world.hardness),
    )
    return summed(shots.up - there.start, lost, there.stop - there.start)
