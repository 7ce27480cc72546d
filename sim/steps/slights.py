"""Slights: effects of refusals, delays, embargoes and debts on customers."""

import numpy as np

from sim.kernel.arrays import NONE, Dyadic, pick, scatter
from sim.kernel.exports import whole_table
from sim.kernel.rules import Rules
from sim.kernel.world import World
from sim.steps.permits import bans
from sim.steps.pipeline import suspended
from sim.steps.privileges import familiarity, own_budget
from sim.steps.under_way import under_way


def pressing(world: World, rules: Rules) -> Dyadic:
    """Return debt overdue or due within a year, in years of the debtor's import budget."""
    yearly = world.debt * (world.rate + 1 / world.tenor)
    return (world.arrears + yearly) / own_budget(world, rules)[:, None]


def embargoed(world: World) -> Dyadic:
    """Return how far each j withholds i's former imports or orders, 0 to 1."""
    banned = np.moveaxis(bans(world) * 1.0, 1, 0)
    return np.maximum(banned * whole_table(world.layout, familiarity(world)), _held_up(world))


def _held_up(world: World) -> Dyadic:
    """Return 1 if j, by an event or an embargo, halts an order of i, otherwise 0."""
    layout, held = world.layout, 0.0 * world.affinity
    if not (layout.hold_index.size or layout.embargo_holds):
        return held
    orders, size = under_way(world), (len(layout.states),) * 2
    if layout.hold_index.size:
        who = orders.holder, pick(layout.supplier[:, None], orders.offer)
        (more,) = scatter(size, who, suspended(world, orders.holder, orders.offer) * orders.there)
        held = held + more
    if layout.embargo_holds:
        ban = bans(world, 1)
        for deciders in layout.deciders.T:  # the supplier, then each partner
            decider = pick(deciders[:, None], orders.offer)
            who = orders.holder, np.maximum(decider, 0)
            stops = pick(ban, who[1], orders.holder) & (decider != NONE) & orders.there
            (more,) = scatter(size, who, stops * 1.0)
            held = held + more
    return np.minimum(held, 1.0)


def cooled(affinity: Dyadic, world: World, rules: Rules, dt: float) -> Dyadic:
    """Return the affinities after slights by suppliers and creditors."""
    return rules.slight.cooled(
        affinity=affinity,
        refusal=whole_table(world.layout, world.refusal),
        embargoed=embargoed(world),
        pressing=pressing(world, rules),
        dt=dt,
    )
