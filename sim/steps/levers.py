"""Levers: what holders would withhold should a buyer get what they object to, foreseen and done."""

from dataclasses import dataclass

import numpy as np

from sim.kernel.arrays import NONE, Elementwise, Groups, pick, put, scatter
from sim.kernel.layout.layout import Layout
from sim.kernel.noise import Noise, uniform
from sim.kernel.rules import Rules
from sim.kernel.world import World
from sim.steps.privileges import own_budget
from sim.steps.under_way import under_way

LEAST = 1e-12  # gain below which money has no use


@dataclass(frozen=True, kw_only=True, eq=False)
class Withholding:
    """Which levers are carried out in a period, and what that costs their holders."""

    done: Elementwise  # (levers, runs) 0 or 1
    regard: Elementwise  # (levers, runs) what the buyer's regard for the holder falls by


def nothing_withheld(runs: int, layout: Layout) -> Withholding:
    """Return the withholding of a period in which no lever is carried out."""
    nothing = np.zeros((len(layout.levers), runs))
    return Withholding(done=nothing, regard=nothing)


def heeded(world: World, rules: Rules, gain: Elementwise, number: int) -> Elementwise:
    """Return what buyers have at stake, times the resolve: (buyers, offers, runs).

    `gain` is the use of money on each offer, zero where it is not on sale.
    """
    layout, lost = world.layout, []
    for t, row in enumerate(layout.lever_buyer_row.tolist()):
        mine = gain[row]
        other = np.where(layout.lever_holds[t][:, None], 0.0, mine)
        best = mine.max(axis=0)
        lost.append(1 - other.max(axis=0) / np.maximum(best, LEAST))
    stake = _at_stake(world, rules, np.clip(np.stack(lost), 0.0, 1.0))
    stands = (layout.lever_from <= number) & (number <= layout.lever_until)
    weight = stake * world.lever_resolve * stands * (1 - world.withheld)
    lever, offer = layout.lever_sales.T
    cells = layout.lever_buyer_row[lever][:, None], offer[:, None]
    (table,) = scatter((layout.buyers.size, len(layout.offers)), cells, weight[lever])
    return table


def _at_stake(world: World, rules: Rules, lost: Elementwise) -> Elementwise:
    """Return what the buyer of each lever has at stake: (levers, runs)."""
    layout, orders = world.layout, under_way(world)
    size = len(layout.levers)
    place = pick(layout.lever_place[..., None], orders.offer, orders.holder)
    value = pick(world.log.value, orders.row) * orders.part * orders.there
    (coming,) = scatter((size + 1,), (place,), value)
    holder, buyer = layout.lever_parties.T
    led = (layout.leader == holder[:, None])[..., None]
    rent = (world.rent[buyer] * led).sum(axis=1)
    return rules.leverage.at_stake(
        orders=coming[layout.lever_group] / own_budget(world, rules)[buyer], rent=rent, lost=lost
    )


def carried_out(
    world: World, rules: Rules, noise: Noise, number: int, runs: int
) -> tuple[World, Withholding]:
    """Return the world after holders withheld what they had said, where the deed is done."""
    layout = world.layout
    if not layout.levers:
        return world, nothing_withheld(runs, layout)
    log, came = world.log, []
    offer = np.maximum(log.offer, 0)
    there = (log.offer != NONE) & (log.first != NONE)
    for t, (_, buyer) in enumerate(layout.lever_parties.tolist()):
        about = pick(layout.lever_about[t][:, None], offer)
        came.append((there & about & (log.recipient == buyer)).any(axis=0) * 1.0)
    stands = (layout.lever_from <= number) & (number <= layout.lever_until)
    draw = noise.draw(uniform("leverage", layout.lever_keys[:, None], constant=True))
    does = np.stack(came) * stands * (draw < world.lever_resolve)
    done = np.maximum(does - world.withheld, 0.0)
    group = layout.lever_group  # what one withholds, all do
    does = Groups(group, len(layout.levers)).max(does)[group]
    stake = _at_stake(world, rules, 1.0 + 0.0 * done)
    affinity, rent, fallen = world.affinity, world.rent, []
    for t, (holder, buyer) in enumerate(layout.lever_parties.tolist()):
        regard = rules.leverage.resented(
            affinity=affinity[buyer, holder], at_stake=stake[t], done=done[t]
        )
        fallen.append(affinity[buyer, holder] - regard)
        affinity = put(affinity, (buyer, holder), regard)
        for bloc in np.flatnonzero(layout.leader == holder).tolist():
            left = rules.leverage.kept(rent=rent[buyer, bloc], done=done[t])
            rent = put(rent, (buyer, bloc), left)
    world = world.but(affinity=affinity, rent=rent, withheld=np.maximum(world.withheld, does))
    return world, Withholding(done=done, regard=np.stack(fallen))
