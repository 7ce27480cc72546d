"""Habits: usual deliveries, which cause less offence or none."""

import numpy as np

from sim.kernel.arrays import Exportwise
from sim.kernel.rules import Rules
from sim.kernel.world import World
from sim.steps.deliveries import Flows
from sim.steps.privileges import familiarity


def accustomed(world: World, rules: Rules) -> World:
    """Return the world of the start, with a year of usual deliveries that cause no offence."""
    if not rules.harm.looks_back:
        return world
    return world.but(unused=_kept(world, rules, 0.0 * world.unused, 1.0))


def departures(world: World, rules: Rules, flows: Flows) -> tuple[Exportwise, Exportwise]:
    """Return unusual deliveries, million USD, and the share that offends rivals.

    Entry [k, j] has the deliveries to k from j, and [i, j] the share of j's that offends i.
    """
    fresh = rules.harm.fresh(flow=flows.listed, unused=world.unused)
    return fresh, rules.harm.minded(dependence=familiarity(world))


def used(world: World, rules: Rules, flows: Flows, dt: float) -> World:
    """Return the world after the deliveries of a period used up usual deliveries."""
    return world.but(unused=_kept(world, rules, flows.listed, dt))


def _kept(world: World, rules: Rules, flow: Exportwise, dt: float) -> Exportwise:
    usual = world.recent_value / rules.precedent.memory
    kept = rules.harm.kept(flow=flow, unused=world.unused, usual=usual, dt=dt)
    return np.maximum(kept, 0.0)
