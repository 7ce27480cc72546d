"""Sanctions: cut trade, its cost to both sides, and the reaction of the targets.

Rows are dyads, from the target to the sanctioning state; every dyad has a row each way.
"""

from sim.kernel.arrays import Dyadic, Elementwise, put
from sim.kernel.rules import Rules
from sim.kernel.world import World
from sim.steps.privileges import own_budget


def cut(world: World, rules: Rules, dt: float) -> World:
    """Return the world after sanctions, or their end, changed the output of both sides."""
    layout = world.layout
    if not layout.trades:
        return world
    sides = {"imposed": world.sanction, "own": world.sanction[layout.trade_back]}
    rerouted = rules.commerce.rerouted(rerouted=world.rerouted, dt=dt, **sides)
    lost = rules.commerce.lost(trade=world.trade, rerouted=rerouted, **sides)
    gdp = rules.commerce.gdp(
        gdp=world.gdp,
        loss=layout.trade_by_state.sum(lost),
        loss_before=layout.trade_by_state.sum(world.output_lost),
    )
    return world.but(gdp=gdp, rerouted=rerouted, output_lost=lost)


def harm(world: World, rules: Rules, dt: float) -> Elementwise:
    """Return the harm of sanctions to the targets in a period, years of budget: (dyads, runs)."""
    i = world.layout.trade_index[:, 0]
    return rules.commerce.harm(
        trade=world.trade,
        imposed=world.sanction,
        rerouted=world.rerouted,
        gdp=world.gdp[i],
        budget=own_budget(world, rules)[i],
        dt=dt,
    )


def resented(
    affinity: Dyadic, world: World, rules: Rules, harm: Elementwise, fellow: Dyadic
) -> Dyadic:
    """Return affinities after sanctions embittered the targets."""
    cells = tuple(world.layout.trade_index.T)
    moved = rules.affinity.moved(
        affinity=affinity[cells], supply=0.0 * harm, betrayal=harm, fellow=fellow[cells]
    )
    return put(affinity, cells, moved)


def with_sanctions(betrayal: Dyadic, world: World, harm: Elementwise) -> Dyadic:
    """Return the harm of each state to each other by arms for rivals and by sanctions."""
    cells = tuple(world.layout.trade_index.T)
    return put(betrayal, cells, betrayal[cells] + harm)
