"""Levers: supplies that holders would withhold because of a purchase, expected and carried out."""

from dataclasses import dataclass

import numpy as np

from sim.kernel.arrays import NONE, Elementwise, Groups, pick, put, scatter
from sim.kernel.layout.layout import Layout
from sim.kernel.noise import Noise, uniform
from sim.kernel.rules import Rules
from sim.kernel.world import World
from sim.steps.privileges import own_budget
from sim.steps.under_way import under_way

LEAST = 1e-12  # gain below which money is not useful


@dataclass(frozen=True, kw_only=True, eq=False)
class Withholding:
    """The levers carried out in a period, and their cost in regard."""

    done: Elementwise  # (levers, runs) 0 or 1
    regard: Elementwise  # (levers, runs) fall of the buyer's regard for the holder


def nothing_withheld(runs: int, layout: Layout) -> Withholding:
    """Return the record of a period without levers carried out."""
    nothing = np.zeros((len(layout.levers), runs))
    return Withholding(done=nothing, regard=nothing)


def heeded(world: World, rules: Rules, gain: Elementwise, number: int) -> Elementwise:
    """Return the stakes of buyers, times the resolve: (buyers, offers, runs).

    `gain` is the use of money on each offer, zero if it is not on sale.
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
    """Return the stakes of the buyer of each lever: (levers, runs)."""
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
    """Return the world after holders withheld supplies because of a purchase."""
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
    group = layout.lever_group  # successive levers count as one
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
